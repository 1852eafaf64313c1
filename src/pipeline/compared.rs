//! What changed in the data since the run compared with: read once, for the rules that look at changes and for reports.
//!
//! Apart from the comparison because it knows which tables are wanted and where the earlier reading is kept, and from
//! history because it has this run's data.

use std::collections::{BTreeMap, BTreeSet};

use super::Earlier;
use crate::compare::{self, Difference, Records, Settings};
use crate::dataset::Dataset;
use crate::dictionary::Table;
use crate::history::changes::{Owners, Reading, Side, changes};
use crate::history::snapshot::Snapshot;
use crate::model::ChangedRecords;
use crate::report::input::{Changes, RecordChange};
use crate::rule::Rule;
use crate::telemetry::Stage;
use crate::text;
use crate::text::{Language, Text};
use crate::workplace::Workplace;

/// So many lines of changes reports have at most: a sheet that nobody reads is no sheet.
const MOST_LINES: usize = 100_000;

/// The difference of each table that was compared.
#[derive(Debug, Default)]
pub struct Compared {
    /// The tables as the run compared with kept them.
    before: BTreeMap<String, Snapshot>,
    /// The differences.
    tables: BTreeMap<String, Difference>,
    /// Tables that were not compared, and why.
    untold: BTreeMap<String, Text>,
    /// Whether there is a run to compare with.
    has_before: bool,
}

/// Compares the tables that reports show changes of, and those whose changes a rule looks at.
pub fn compare(
    workplace: &Workplace,
    earlier: &Earlier,
    datasets: &BTreeMap<String, Dataset>,
    wanted: &dyn Fn(&Rule) -> bool,
) -> Compared {
    let dictionary = &workplace.pack.dictionary;
    let mut compared = Compared { has_before: !earlier.kept.is_empty(), ..Compared::default() };
    if !compared.has_before {
        return compared;
    }
    let stage = Stage::start("compare");
    let looked_at: BTreeSet<&str> = workplace
        .pack
        .rules
        .iter()
        .filter(|rule| wanted(rule) && rule.check.looks_at_changes())
        .map(|rule| rule.table.as_str())
        .collect();
    for kept in &earlier.kept {
        match kept.open(&workplace.config.folder) {
            Ok(snapshot) => {
                compared.before.insert(kept.table.clone(), snapshot);
            }
            Err(error) => {
                let Text { zh, en } = shown(dictionary.table(&kept.table), &kept.table);
                let why =
                    text!("“{zh}”的上期快照读不到：{error}", "the earlier snapshot of {en} cannot be read: {error}");
                compared.untold.insert(kept.table.clone(), why);
            }
        }
    }
    for table in &dictionary.tables {
        let Some(dataset) = datasets.get(&table.name) else { continue };
        if !(is_shown(workplace, table) || looked_at.contains(table.name.as_str())) {
            continue;
        }
        let Text { zh, en } = shown(Some(table), "");
        if !dataset.whole || dataset.not_concluded.is_some() {
            let why = text!("本期“{zh}”没有读全，不比较", "{en} was not read whole, so nothing is compared");
            compared.untold.insert(table.name.clone(), why);
            continue;
        }
        let Some(before) = compared.before.get(&table.name) else { continue };
        let settings = Settings { table, dictionary, most_cells: MOST_LINES, only: None };
        match compare::compare(&settings, before, dataset) {
            Ok(difference) => match &difference.unavailable {
                Some(why) => {
                    compared.untold.insert(table.name.clone(), why.clone());
                }
                None => {
                    compared.tables.insert(table.name.clone(), difference);
                }
            },
            Err(error) => {
                let why =
                    text!("“{zh}”的上期快照读不到：{error}", "the earlier snapshot of {en} cannot be read: {error}");
                compared.untold.insert(table.name.clone(), why);
            }
        }
    }
    stage.end(compared.tables.values().map(Difference::changed_cells).sum());
    compared
}

/// Whether reports show the changes of a table: of the customers, and of what belongs to one.
fn is_shown(workplace: &Workplace, table: &Table) -> bool {
    let customers = &workplace.pack.dictionary.customers.table;
    table.name == *customers || (table.customer.is_some() && table.name != super::verification::FED)
}

fn shown(table: Option<&Table>, name: &str) -> Text {
    table.map_or_else(
        || Text::same(name.to_owned()),
        |table| Text { zh: table.label.clone(), en: table.label_en.clone() },
    )
}

impl Compared {
    /// What rules are given of it.
    pub fn for_rules(&self) -> ChangedRecords {
        let mut changed = ChangedRecords::default();
        for (table, difference) in &self.tables {
            changed.insert(table, Ok(difference.for_rules()));
        }
        for (table, why) in &self.untold {
            changed.insert(table, Err(why.clone()));
        }
        changed
    }

    /// What reports show of it.
    pub fn for_reports(&self, workplace: &Workplace, datasets: &BTreeMap<String, Dataset>) -> Changes {
        let (dictionary, language) = (&workplace.pack.dictionary, workplace.config.language);
        let customers = &dictionary.customers.table;
        let mut shown = Changes { unavailable: self.unavailable(customers, language), ..Changes::default() };
        if !self.has_before {
            return shown;
        }
        shown.customers = self.tables.get(customers).map_or(0, Difference::changed_records);
        let others = self.untold.iter().filter(|(table, _)| *table != customers);
        shown.remarks = others.map(|(_, why)| why.get(language).to_owned()).collect();
        match self.gathered(workplace, datasets, &mut shown) {
            Ok(records) => shown.records = records,
            Err(error) => {
                let why = text!("上期快照读不到：{error}", "the earlier snapshot cannot be read: {error}");
                shown.unavailable = Some(why.get(language).to_owned());
            }
        }
        shown
    }

    /// Why the changes of the customers cannot be told; nothing where they can.
    fn unavailable(&self, customers: &str, language: Language) -> Option<String> {
        if self.tables.contains_key(customers) {
            return None;
        }
        let why = match self.untold.get(customers) {
            Some(why) => why.clone(),
            None => text!("首次运行，尚无可比较的上期数据", "a first run: there is nothing to compare with"),
        };
        Some(why.get(language).to_owned())
    }

    fn gathered(
        &self,
        workplace: &Workplace,
        datasets: &BTreeMap<String, Dataset>,
        shown: &mut Changes,
    ) -> Result<Vec<RecordChange>, crate::history::store::HistoryError> {
        let (dictionary, language) = (&workplace.pack.dictionary, workplace.config.language);
        let customers = &dictionary.customers.table;
        let then: &Reading<'_> = &|table| self.before.get(table).map(|table| -> &dyn Records { table });
        let now: &Reading<'_> =
            &|table| datasets.get(table).filter(|table| table.whole).map(|table| -> &dyn Records { table });
        let (owned_then, owned_now) = (Owners::of(dictionary, then)?, Owners::of(dictionary, now)?);
        let mut tables: Vec<&Table> = dictionary.tables.iter().filter(|table| is_shown(workplace, table)).collect();
        tables.sort_by_key(|table| table.name != *customers);
        let mut records = Vec::new();
        let mut room = MOST_LINES;
        for table in tables {
            let Some(difference) = self.tables.get(&table.name) else { continue };
            let (Some(before), Some(after)) = (then(&table.name), now(&table.name)) else { continue };
            let before = Side { records: before, owners: &owned_then };
            let after = Side { records: after, owners: &owned_now };
            let (changed, left_out) = changes(table, difference, &before, &after, room)?;
            room -= changed.iter().map(|change| change.cells.len().max(1)).sum::<usize>().min(room);
            shown.left_out += left_out;
            shown.remarks.extend(difference.remarks(table).iter().map(|remark| remark.get(language).to_owned()));
            records.extend(changed);
        }
        Ok(records)
    }
}
