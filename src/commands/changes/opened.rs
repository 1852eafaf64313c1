//! The snapshots of one run that are needed: of the tables that are asked for, and of those that say whose a record is.
//!
//! Apart because one that is damaged must keep nobody from the others: what is wrong is told, and the rest goes on.

use std::collections::BTreeMap;

use crate::commands::talk::Talk;
use crate::history::snapshot::Snapshot;
use crate::history::snapshots::Kept;
use crate::history::store::HistoryError;
use crate::text;
use crate::workplace::Workplace;

/// The tables of one run that could be opened.
#[derive(Default)]
pub struct Opened {
    /// The tables.
    pub tables: BTreeMap<String, Snapshot>,
    /// What is wrong with the first that could not, of those that are asked for.
    pub damaged: Option<HistoryError>,
}

impl Opened {
    /// Opens what a run kept.
    pub fn of(kept: &[Kept], workplace: &Workplace, is_wanted: &dyn Fn(&str) -> bool, talk: &Talk) -> Self {
        let dictionary = &workplace.pack.dictionary;
        let mut opened = Self::default();
        for kept in kept {
            let tells_whose = [&dictionary.customers.table, &dictionary.people.table].contains(&&kept.table);
            if !is_wanted(&kept.table) && !tells_whose {
                continue;
            }
            match kept.open(&workplace.config.folder) {
                Ok(snapshot) => {
                    opened.tables.insert(kept.table.clone(), snapshot);
                }
                Err(error) if is_wanted(&kept.table) => opened.damaged = opened.damaged.or(Some(error)),
                Err(error) => talk.remark(
                    &text!("看不出记录归谁：{error}", "whose a record is cannot be told: {error}"),
                    workplace.config.language,
                ),
            }
        }
        opened
    }
}
