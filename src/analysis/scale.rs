//! The tiers in their order, from the rule that computes them; other words come after them.
//!
//! Apart because several blocks speak of the first tier and of the last, and none of them may know a tier by name.

use super::facts::Facts;

/// The tiers, the highest first.
#[derive(Clone, Debug, Default)]
pub struct Scale {
    /// The names, the highest first, the one that is left for the others last; then words that the rule does not know.
    pub names: Vec<String>,
    /// How many of them the rule knows.
    pub known: usize,
    /// The recorded tier of each customer: a place in `names`; nothing where none is recorded.
    pub recorded: Vec<Option<usize>>,
    synonyms: Vec<(String, String)>,
}

impl Scale {
    /// The scale of the rule in force, and the recorded tiers in its words.
    pub fn of(facts: &Facts) -> Self {
        let mut scale = Self::default();
        if let Some(standards) = &facts.standards {
            scale.names = standards.steps.iter().map(|step| step.name.clone()).collect();
            scale.names.push(standards.otherwise.clone());
            scale.synonyms.clone_from(&standards.synonyms);
        }
        scale.known = scale.names.len();
        let customers = facts.of_customers();
        let words: Vec<String> =
            (0..facts.customers()).map(|place| scale.meant(customers.word("tier", place)).to_owned()).collect();
        let mut others: Vec<&String> =
            words.iter().filter(|word| !word.is_empty() && !scale.names.contains(word)).collect();
        others.sort();
        others.dedup();
        let others: Vec<String> = others.into_iter().cloned().collect();
        scale.names.extend(others);
        scale.recorded = words.iter().map(|word| scale.place(word)).collect();
        scale
    }

    /// The tier that a recorded word means.
    pub fn meant<'s>(&'s self, word: &'s str) -> &'s str {
        self.synonyms.iter().find(|(from, _)| from == word).map_or(word, |(_, to)| to)
    }

    /// The place of a tier by its word.
    pub fn place(&self, word: &str) -> Option<usize> {
        let meant = self.meant(word);
        self.names.iter().position(|name| name == meant)
    }

    /// The recorded tier of a customer.
    pub fn tier(&self, customer: usize) -> Option<usize> {
        self.recorded.get(customer).copied().flatten()
    }

    /// Whether a customer is recorded in the highest tier that a rule knows.
    pub fn is_first(&self, customer: usize) -> bool {
        self.known > 1 && self.tier(customer) == Some(0)
    }

    /// Whether a customer is recorded in the tier that is left for those without contracts.
    pub fn is_potential(&self, customer: usize) -> bool {
        self.known > 1 && self.tier(customer) == Some(self.known - 1)
    }

    /// The name of the highest tier, where a rule knows one.
    pub fn first(&self) -> Option<&str> {
        (self.known > 1).then(|| self.names.first().map(String::as_str)).flatten()
    }

    /// The name of the tier that is left for the others, where a rule knows one.
    pub fn potential(&self) -> Option<&str> {
        (self.known > 1).then(|| self.names.get(self.known - 1).map(String::as_str)).flatten()
    }
}
