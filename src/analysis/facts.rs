//! What the analysis is made of: rows of customers, contracts, visits …, column by column, as plain values.
//!
//! Apart because it is the seam to the typed data, which the pipeline fills. It decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::columns::Group;
use crate::model::{Period, Ratio, Secrecy, TierStandards};

/// A column's values, one a row.
#[derive(Clone, Debug)]
pub enum Cells {
    /// Folded texts; empty where missing.
    Words(Vec<String>),
    /// Exact numbers.
    Numbers(Vec<Option<Decimal>>),
    /// Days.
    Days(Vec<Option<NaiveDate>>),
    /// Minutes from 1970-01-01, and whether there was a time.
    Moments(Vec<Option<(i64, bool)>>),
}

/// The rows of one table, as far as they are used.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Whether the company has this table and something may be concluded from it.
    pub is_read: bool,
    /// How many rows there are.
    pub count: usize,
    /// The customer of each row, by its place; nothing where it is none that is known.
    pub customer: Vec<Option<usize>>,
    /// The columns that there are, by use.
    pub columns: BTreeMap<&'static str, Cells>,
}

impl Rows {
    /// Whether there is a column of that use.
    pub fn has(&self, usage: &str) -> bool {
        self.columns.contains_key(usage)
    }

    /// A text; empty where it is missing, or the column is.
    pub fn word(&self, usage: &str, row: usize) -> &str {
        match self.columns.get(usage) {
            Some(Cells::Words(words)) => words.get(row).map_or("", String::as_str),
            _ => "",
        }
    }

    /// A number.
    pub fn number(&self, usage: &str, row: usize) -> Option<Decimal> {
        match self.columns.get(usage) {
            Some(Cells::Numbers(numbers)) => numbers.get(row).copied().flatten(),
            _ => None,
        }
    }

    /// A day; of a moment the day it is on.
    pub fn day(&self, usage: &str, row: usize) -> Option<NaiveDate> {
        match self.columns.get(usage) {
            Some(Cells::Days(days)) => days.get(row).copied().flatten(),
            Some(Cells::Moments(_)) => self.moment(usage, row).and_then(|(minutes, _)| day_of(minutes)),
            _ => None,
        }
    }

    /// Minutes from 1970-01-01, and whether a time was given.
    pub fn moment(&self, usage: &str, row: usize) -> Option<(i64, bool)> {
        match self.columns.get(usage) {
            Some(Cells::Moments(moments)) => moments.get(row).copied().flatten(),
            _ => None,
        }
    }

    /// The rows of each customer, by its place.
    pub fn by_customer(&self, customers: usize) -> Vec<Vec<usize>> {
        let mut of = vec![Vec::new(); customers];
        for (row, customer) in self.customer.iter().enumerate() {
            if let Some(rows) = customer.and_then(|place| of.get_mut(place)) {
                rows.push(row);
            }
        }
        of
    }
}

fn day_of(minutes: i64) -> Option<NaiveDate> {
    let days = i32::try_from(minutes.div_euclid(1440)).ok()?;
    NaiveDate::from_epoch_days(days)
}

/// The recorded tiers of an earlier run: by customer key, as typed and folded.
#[derive(Clone, Debug, Default)]
pub struct EarlierTiers {
    /// The period of the run.
    pub period: String,
    /// The tier of every customer that had a key of its own.
    pub tiers: BTreeMap<String, String>,
}

/// Everything that is analysed.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The period of the report.
    pub period: Period,
    /// The day on which the data were read.
    pub as_of: NaiveDate,
    /// The last day that counts: the period's end, or the day of the data if that is earlier.
    pub cut_off: NaiveDate,
    /// The highest level of confidentiality that the readers may see.
    pub reader: Secrecy,
    /// The customers' keys.
    pub keys: Vec<String>,
    /// The customers' names.
    pub names: Vec<String>,
    /// The customers' departments.
    pub departments: Vec<String>,
    /// The customers' owners.
    pub owners: Vec<String>,
    /// How confidential each customer is.
    pub secrecy: Vec<Secrecy>,
    /// The tables.
    pub tables: BTreeMap<Group, Rows>,
    /// People who have left.
    pub left: BTreeSet<String>,
    /// What the tiers demand, and by which rule; nothing where no such rule is in force.
    pub standards: Option<TierStandards>,
    /// The tier that the rule computes for each customer, where it has one.
    pub computed: Vec<Option<String>>,
    /// Recorded tiers of the run of the period before.
    pub tiers_before: Option<EarlierTiers>,
    /// Recorded tiers of the run of a year before.
    pub tiers_year_ago: Option<EarlierTiers>,
    /// Units that passed the rules, of those tested: the run's own score.
    pub quality: Ratio,
    /// Customers left out by the report's filter.
    pub filtered_out: u64,
}

impl Facts {
    /// How many customers there are.
    pub fn customers(&self) -> usize {
        self.keys.len()
    }

    /// The rows of a table; none where it is not there.
    pub fn rows(&self, group: Group) -> &Rows {
        static NONE: std::sync::LazyLock<Rows> = std::sync::LazyLock::new(Rows::default);
        self.tables.get(&group).unwrap_or(&NONE)
    }

    /// The rows of the customers themselves.
    pub fn of_customers(&self) -> &Rows {
        self.rows(Group::Customers)
    }

    /// The first day of the period.
    pub fn first_day(&self) -> NaiveDate {
        self.period.start()
    }

    /// Whether a day lies in the period, as far as it counts.
    pub fn in_period(&self, day: NaiveDate) -> bool {
        (self.first_day()..=self.cut_off).contains(&day)
    }

    /// Whether the readers may see a customer.
    pub fn may_show(&self, customer: usize) -> bool {
        self.secrecy.get(customer).is_some_and(|level| *level <= self.reader)
    }
}
