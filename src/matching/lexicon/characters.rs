//! Single characters: the simplified form of a traditional one, and which are taken for one another.
//!
//! Apart from the words because a character says nothing of what a word means.

use std::collections::HashMap;

use super::lines;
use crate::matching::hash::QuickBuild;

/// What is known of characters.
pub(in crate::matching) struct Characters {
    simplified: HashMap<char, char, QuickBuild>,
    /// Groups a character belongs to: those of sound and those of look.
    alike: HashMap<char, Vec<u16>, QuickBuild>,
    surnames: Vec<char>,
}

impl Characters {
    pub(super) fn read() -> Self {
        let pairs: Vec<char> = lines(include_str!("traditional.txt")).flat_map(str::chars).collect();
        let simplified = pairs.chunks_exact(2).map(|pair| (pair[0], pair[1])).filter(|(from, to)| from != to).collect();
        let mut alike: HashMap<char, Vec<u16>, QuickBuild> = HashMap::default();
        let groups = lines(include_str!("homophones.txt")).chain(lines(include_str!("shapes.txt")));
        for (number, group) in (0_u16..).zip(groups.flat_map(str::split_whitespace)) {
            for character in group.chars() {
                alike.entry(character).or_default().push(number);
            }
        }
        let mut surnames: Vec<char> = lines(include_str!("surnames.txt")).flat_map(str::chars).collect();
        surnames.sort_unstable();
        Self { simplified, alike, surnames }
    }

    /// The simplified form; the character itself where the table has none.
    pub(in crate::matching) fn simplified(&self, character: char) -> char {
        if character.is_ascii() { character } else { self.simplified.get(&character).copied().unwrap_or(character) }
    }

    /// Whether one is easily typed for the other.
    pub(in crate::matching) fn alike(&self, left: char, right: char) -> bool {
        let (Some(left), Some(right)) = (self.alike.get(&left), self.alike.get(&right)) else { return false };
        left.iter().any(|group| right.contains(group))
    }

    /// Whether family names begin with it.
    pub(in crate::matching) fn surname(&self, character: char) -> bool {
        self.surnames.binary_search(&character).is_ok()
    }
}
