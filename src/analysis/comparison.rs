//! The figures that are compared with the quarter before and the same quarter of last year, and kept for later ones.
//!
//! Apart because what is stored is a contract with the future: a key means the same in every run.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::concentration::Concentration;
use super::credit::Credit;
use super::facts::Facts;
use super::important::Important;
use super::service::Service;
use super::share::{growth, rounded, share_of};
use super::structure::Structure;
use super::visits::Visits;

/// A figure that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FigureKey {
    /// Customers on file.
    Customers,
    /// Active customers.
    Active,
    /// Customers with their first contract in the period.
    New,
    /// Customers active at the start of the period and no longer.
    Lapsed,
    /// Amounts of the period.
    AmountOfPeriod,
    /// Amounts of the last months.
    Amount,
    /// The share of the first customers.
    TopShare,
    /// The share of the very first.
    FirstShare,
    /// Customers of the first tier.
    Important,
    /// Their share visited in the period.
    ImportantVisited,
    /// The mean satisfaction.
    Contentment,
    /// Complaints of the period.
    Complaints,
    /// Visits of the period.
    Visits,
    /// The share of visits handed in in time.
    InTime,
    /// What is owed.
    Owed,
    /// What is overdue.
    Overdue,
    /// The run's data quality score.
    Quality,
}

/// How a figure reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A count.
    Count,
    /// An amount.
    Amount,
    /// A share of one.
    Share,
    /// A mark.
    Mark,
}

impl FigureKey {
    /// All of them with the words that are stored, in the order of the report.
    pub const WORDS: [(&'static str, FigureKey, Unit); 17] = [
        ("customers", FigureKey::Customers, Unit::Count),
        ("active", FigureKey::Active, Unit::Count),
        ("new", FigureKey::New, Unit::Count),
        ("lapsed", FigureKey::Lapsed, Unit::Count),
        ("amount-of-period", FigureKey::AmountOfPeriod, Unit::Amount),
        ("amount", FigureKey::Amount, Unit::Amount),
        ("top-share", FigureKey::TopShare, Unit::Share),
        ("first-share", FigureKey::FirstShare, Unit::Share),
        ("important", FigureKey::Important, Unit::Count),
        ("important-visited", FigureKey::ImportantVisited, Unit::Share),
        ("contentment", FigureKey::Contentment, Unit::Mark),
        ("complaints", FigureKey::Complaints, Unit::Count),
        ("visits", FigureKey::Visits, Unit::Count),
        ("in-time", FigureKey::InTime, Unit::Share),
        ("owed", FigureKey::Owed, Unit::Amount),
        ("overdue", FigureKey::Overdue, Unit::Amount),
        ("quality", FigureKey::Quality, Unit::Share),
    ];

    /// The word that is stored.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, key, _)| *key == self).map_or("", |(word, ..)| word)
    }

    /// How it reads.
    pub fn unit(self) -> Unit {
        Self::WORDS.iter().find(|(_, key, _)| *key == self).map_or(Unit::Count, |(.., unit)| *unit)
    }
}

/// The stored figures of one earlier run, by word.
pub type Stored = BTreeMap<String, Decimal>;

/// What earlier runs left; nothing where there was none.
#[derive(Clone, Debug, Default)]
pub struct Earlier {
    /// The period before: its name and its figures.
    pub previous: Option<(String, Stored)>,
    /// The same period of the year before.
    pub year_ago: Option<(String, Stored)>,
}

/// A figure now and then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Which one.
    pub key: FigureKey,
    /// Now.
    pub now: Decimal,
    /// In the period before; nothing where that is not known.
    pub previous: Option<Decimal>,
    /// A year before.
    pub year_ago: Option<Decimal>,
}

impl Compared {
    /// The change against an earlier value: of shares and marks the difference, of others the growth as a share.
    pub fn change(&self, before: Option<Decimal>) -> Option<Decimal> {
        match self.key.unit() {
            Unit::Share | Unit::Mark => before.map(|before| self.now - before),
            Unit::Count | Unit::Amount => before.and_then(|before| growth(self.now, before)),
        }
    }
}

/// All figures that are compared.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// The figures that there are, in the order of the report.
    pub figures: Vec<Compared>,
    /// The period before that was found.
    pub previous: Option<String>,
    /// The period of the year before that was found.
    pub year_ago: Option<String>,
}

/// Where the figures come from.
pub struct Sources<'s> {
    /// The facts.
    pub facts: &'s Facts,
    /// The structure.
    pub structure: &'s Structure,
    /// The concentration.
    pub concentration: Option<&'s Concentration>,
    /// The customers of the first tier.
    pub important: &'s Important,
    /// Credit.
    pub credit: Option<&'s Credit>,
    /// Service.
    pub service: &'s Service,
    /// Visits.
    pub visits: Option<&'s Visits>,
}

impl Comparison {
    /// Compares what there is with what was.
    pub fn of(sources: &Sources<'_>, earlier: Earlier) -> Self {
        let then = |stored: &Option<(String, Stored)>, key: FigureKey| {
            stored.as_ref().and_then(|(_, stored)| stored.get(key.word()).copied())
        };
        let figures = FigureKey::WORDS.into_iter().filter_map(|(_, key, _)| {
            let now = now(sources, key)?;
            let (previous, year_ago) = (then(&earlier.previous, key), then(&earlier.year_ago, key));
            Some(Compared { key, now, previous, year_ago })
        });
        Self {
            figures: figures.collect(),
            previous: earlier.previous.as_ref().map(|(period, _)| period.clone()),
            year_ago: earlier.year_ago.as_ref().map(|(period, _)| period.clone()),
        }
    }

    /// A figure, if there is one.
    pub fn get(&self, key: FigureKey) -> Option<&Compared> {
        self.figures.iter().find(|compared| compared.key == key)
    }

    /// What is kept for later runs.
    pub fn stored(&self) -> Stored {
        self.figures.iter().map(|compared| (compared.key.word().to_owned(), compared.now)).collect()
    }
}

fn now(sources: &Sources<'_>, key: FigureKey) -> Option<Decimal> {
    let Sources { facts, structure, concentration, important, credit, service, visits } = sources;
    let count = |count: u64| Some(Decimal::from(count));
    let customers = facts.of_customers();
    match key {
        FigureKey::Customers => count(structure.total.customers),
        FigureKey::Active => count(structure.bridge?.end),
        FigureKey::New => count(structure.bridge?.new),
        FigureKey::Lapsed => count(structure.bridge?.lapsed + structure.bridge?.stopped),
        FigureKey::AmountOfPeriod => structure.bridge.map(|_| structure.amount_of_period),
        FigureKey::Amount => structure.bridge.map(|_| structure.total.amount),
        FigureKey::TopShare => concentration.and_then(|found| found.top.first()).map(|(.., share)| *share),
        FigureKey::FirstShare => concentration.map(|found| found.first),
        FigureKey::Important => important.tier.as_ref().and_then(|_| count(important.customers())),
        FigureKey::ImportantVisited => share_of(important.visited?, important.customers()),
        FigureKey::Contentment => service.overall()?.mean(),
        FigureKey::Complaints => count(service.complained()?),
        FigureKey::Visits => count((*visits)?.made),
        FigureKey::InTime => (*visits)?.in_time.and_then(|(in_time, told)| share_of(in_time, told)),
        FigureKey::Owed => credit.filter(|_| customers.has("owed")).map(|credit| credit.total.owed),
        FigureKey::Overdue => credit.filter(|_| customers.has("overdue")).map(|credit| credit.total.overdue),
        // Tenths of a percent as every other report shows them.
        FigureKey::Quality => facts.quality.tenths().map(|tenths| rounded(Decimal::new(tenths as i64, 3), 3)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::analyse;
    use super::super::fixture::Company;
    use super::*;

    #[test]
    fn what_was_stored_is_what_is_compared_with() {
        let mut company = Company::new(2);
        company.deal(0, "2026-08-01", "150").deal(1, "2026-01-01", "50");
        let first = analyse(company.facts(), company.settings.clone(), Earlier::default());
        assert!(first.comparison.figures.iter().all(|figure| figure.previous.is_none() && figure.year_ago.is_none()));
        assert!(first.comparison.get(FigureKey::Contentment).is_none(), "no column, no zero");
        let mut before = first.comparison.stored();
        before.insert("amount-of-period".to_owned(), Decimal::from(120));
        before.insert("first-share".to_owned(), Decimal::new(7, 1));
        before.insert("active".to_owned(), Decimal::ZERO);
        let earlier = Earlier { previous: Some(("2026Q2".to_owned(), before)), year_ago: None };
        let second = analyse(company.facts(), company.settings.clone(), earlier).comparison;
        let change = |key| second.get(key).and_then(|figure| figure.change(figure.previous)).map(|it| it.to_string());
        assert_eq!(change(FigureKey::AmountOfPeriod).as_deref(), Some("0.25"));
        assert_eq!(change(FigureKey::FirstShare).as_deref(), Some("0.05"), "five points more");
        assert_eq!(change(FigureKey::Active), None, "nothing grows from nothing");
        assert_eq!((second.previous.as_deref(), second.year_ago), (Some("2026Q2"), None));
    }
}
