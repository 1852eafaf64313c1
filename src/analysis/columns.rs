//! The columns that the analysis can use, by what it uses them for; which field of the company holds them is set in the
//! report's folder.
//!
//! Apart because the analysis must say by name what it did without. It knows uses, not fields.

use std::collections::BTreeMap;

use super::facts::Facts;
use super::settings::Settings;

/// What a table is to the analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The customers.
    Customers,
    /// The contracts.
    Deals,
    /// The records of visits.
    Visits,
    /// The plans of visits.
    Plans,
    /// The complaints.
    Complaints,
    /// What customers said when asked.
    Feedback,
    /// The people of the company.
    People,
}

/// What the cells of a column are read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Word,
    /// An exact number.
    Number,
    /// A day.
    Day,
    /// A day with or without a time.
    Moment,
}

use Kind::{Day, Moment, Number, Word};

/// What a column is used for, and what its cells must be.
pub type Use = (&'static str, Kind);

impl Group {
    /// All of them, each with the key of its table in `report.toml` and with the uses of its columns.
    pub const ALL: [(Group, &'static str, &'static [Use]); 7] = [
        (Group::Customers, "customers", &CUSTOMERS),
        (
            Group::Deals,
            "deals",
            &[("day", Day), ("amount", Number), ("state", Word), ("currency", Word), ("profit", Number)],
        ),
        (
            Group::Visits,
            "visits",
            &[
                ("visited", Moment),
                ("handed-in", Moment),
                ("reviewed", Day),
                ("opinion", Word),
                ("problem", Word),
                ("remedy", Word),
                ("news", Word),
                ("rivals", Word),
                ("needs", Word),
                ("filed", Word),
                ("follow-up", Day),
                ("followed-up", Day),
            ],
        ),
        (Group::Plans, "plans", &[("planned", Moment), ("state", Word)]),
        (
            Group::Complaints,
            "complaints",
            &[("received", Day), ("sort", Word), ("cause", Word), ("remedy", Word), ("closed", Day)],
        ),
        (Group::Feedback, "feedback", &[("received", Day), ("contentment", Number), ("content", Word)]),
        (Group::People, "people", &[("name", Word), ("left", Day), ("state", Word)]),
    ];

    /// The uses of its columns.
    pub fn uses(self) -> &'static [(&'static str, Kind)] {
        Self::ALL.iter().find(|(group, ..)| *group == self).map_or(&[], |(.., uses)| uses)
    }
}

const CUSTOMERS: [(&str, Kind); 36] = [
    ("tier", Word),
    ("sort", Word),
    ("industry", Word),
    ("ownership", Word),
    ("region", Word),
    ("province", Word),
    ("country", Word),
    ("scale", Word),
    ("origin", Word),
    ("state", Word),
    ("ended", Day),
    ("entered", Day),
    ("signed", Day),
    ("first-contact", Day),
    ("age", Number),
    ("gender", Word),
    ("education", Word),
    ("income", Number),
    ("grade", Word),
    ("limit", Number),
    ("owed", Number),
    ("overdue", Number),
    ("days-overdue", Number),
    ("contentment", Number),
    ("demand", Number),
    ("rank", Number),
    ("profit", Number),
    ("chance", Word),
    ("factors", Word),
    ("support", Word),
    ("intent", Word),
    ("habits", Word),
    ("wishes", Word),
    ("value", Word),
    ("second-owner", Word),
    ("remark", Word),
];

/// A column that the company does not have, and what it would have been used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What the table is.
    pub group: Group,
    /// What the column would be used for.
    pub usage: &'static str,
    /// The dictionary's table.
    pub table: String,
    /// The dictionary's field.
    pub field: String,
    /// Whether the whole table is not there.
    pub whole_table: bool,
}

/// The columns that are set up and that the company does not have, in the order of their groups.
pub fn missing(facts: &Facts, settings: &Settings) -> Vec<Missing> {
    let mut missing = Vec::new();
    for (group, _, uses) in Group::ALL {
        let Some(table) = settings.tables.get(&group) else { continue };
        let rows = facts.rows(group);
        for (usage, _) in uses {
            let Some(field) = settings.columns.get(&(group, *usage)) else { continue };
            if !rows.has(usage) {
                let (table, field) = (table.clone(), field.clone());
                missing.push(Missing { group, usage, table, field, whole_table: !rows.is_read });
            }
        }
    }
    missing
}

/// Which field a use reads, by group and use.
pub type Columns = BTreeMap<(Group, &'static str), String>;
