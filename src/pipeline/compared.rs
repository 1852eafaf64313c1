//! What changed in the data since the run compared with: read once, for the rules that look at changes and for reports.
//!
//! Apart from the comparison because it knows which tables are wanted and where the earlier reading is kept, and from
//! history because it has this run's data.

use std::collections::{BTreeMap, BTreeSet};

use super::{Earlier, uncompared};
use crate::compare::{self, Difference, Records, Settings};
use crate::dataset::Dataset;
use crate::dictionary::{Dictionary, Table};
use crate::history::changes::{Owners, Reading, Side, changes};
use crate::history::snapshot::Snapshot;
use crate::model::{AskedMarks, ChangedRecords, ChangedTable};
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
    /// Tables of which nothing is kept to compare with, and why.
    without: BTreeMap<String, Text>,
    /// Tables that are compared with what an earlier run than the one before read, and the period of that run.
    carried: BTreeMap<String, String>,
}

/// Compares the tables that reports show changes of, and those whose changes a rule looks at.
pub fn compare(
    workplace: &Workplace,
    earlier: &Earlier,
    datasets: &BTreeMap<String, Dataset>,
    wanted: &dyn Fn(&Rule) -> bool,
) -> Compared {
    let dictionary = &workplace.pack.dictionary;
    let mut compared = Compared::default();
    let Some(run_before) = &earlier.run_id else { return compared };
    let stage = Stage::start("compare");
    let looked_at: BTreeSet<&str> = workplace
        .pack
        .rules
        .iter()
        .filter(|rule| wanted(rule) && rule.check.looks_at_changes())
        .map(|rule| rule.table.as_str())
        .collect();
    for kept in &earlier.kept {
        if let Some(period) = kept.carried_from(run_before) {
            compared.carried.insert(kept.table.clone(), period.to_owned());
        }
        match kept.open(&workplace.config.folder) {
            Ok(snapshot) => {
                compared.before.insert(kept.table.clone(), snapshot);
            }
            Err(error) => {
                let why = uncompared::unreadable(&named(dictionary, &kept.table), &error);
                compared.untold.insert(kept.table.clone(), why);
            }
        }
    }
    for table in &dictionary.tables {
        if is_shown(workplace, table) || looked_at.contains(table.name.as_str()) {
            compared.look_at(table, workplace, earlier, datasets);
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

/// The records whose mark an earlier run asked for, by field of the mark.
fn asked_of(dataset: &Dataset, asked: &AskedMarks) -> BTreeMap<String, Vec<u32>> {
    let of_table = asked.iter().filter(|((table, _), _)| *table == dataset.table.name);
    let records = |keys: &BTreeSet<String>| {
        let is_asked = |record: &u32| keys.contains(dataset.key_at(*record as usize));
        (0..u32::try_from(dataset.height).unwrap_or(u32::MAX)).filter(is_asked).collect()
    };
    of_table.map(|((_, field), keys)| (field.clone(), records(keys))).collect()
}

fn is_believed(dataset: &Dataset) -> bool {
    dataset.whole && dataset.not_concluded.is_none() && dataset.half.is_none()
}

/// What people call a table.
fn named(dictionary: &Dictionary, name: &str) -> Text {
    let called = |table: &Table| Text { zh: table.label.clone(), en: table.label_en.clone() };
    dictionary.table(name).map_or_else(|| Text::same(name.to_owned()), called)
}

impl Compared {
    /// Compares a table with what was kept of it, or takes down why not.
    fn look_at(
        &mut self,
        table: &Table,
        workplace: &Workplace,
        earlier: &Earlier,
        datasets: &BTreeMap<String, Dataset>,
    ) {
        let dictionary = &workplace.pack.dictionary;
        let called = named(dictionary, &table.name);
        let dataset = datasets.get(&table.name);
        if dataset.is_none() && workplace.config.sources.iter().all(|source| source.table.value != table.name) {
            return;
        }
        let dataset = match dataset {
            Some(dataset) if is_believed(dataset) => dataset,
            other => {
                self.untold.insert(table.name.clone(), uncompared::not_now(&called, other));
                return;
            }
        };
        let Some(before) = self.before.get(&table.name) else {
            if !self.untold.contains_key(&table.name) {
                let was_read = earlier.rows.contains_key(&table.name);
                self.without.insert(table.name.clone(), uncompared::not_then(&called, was_read));
            }
            return;
        };
        let settings = Settings { table, dictionary, most_cells: MOST_LINES, only: None };
        let untold = match compare::compare(&settings, before, dataset) {
            Ok(Difference { unavailable: Some(why), .. }) => why,
            Ok(difference) => {
                self.tables.insert(table.name.clone(), difference);
                return;
            }
            Err(error) => uncompared::unreadable(&called, &error),
        };
        self.untold.insert(table.name.clone(), untold);
    }

    /// What rules are given of it, with the marks that earlier runs asked for.
    pub fn for_rules(&self, asked: &AskedMarks, datasets: &BTreeMap<String, Dataset>) -> ChangedRecords {
        let mut changed = ChangedRecords::default();
        for (table, difference) in &self.tables {
            let asked = datasets.get(table).map(|dataset| asked_of(dataset, asked)).unwrap_or_default();
            changed.insert(table, Ok(ChangedTable { asked, ..difference.for_rules() }));
        }
        for (table, why) in &self.without {
            changed.insert_without(table, why.clone());
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
        shown.customers = self.tables.get(customers).map_or(0, Difference::changed_records);
        let others = self.untold.iter().filter(|(table, _)| *table != customers);
        shown.remarks = others.map(|(_, why)| why.get(language).to_owned()).collect();
        shown.remarks.extend(self.carried_remarks(dictionary).iter().map(|remark| remark.get(language).to_owned()));
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
        let why = match self.untold.get(customers).or_else(|| self.without.get(customers)) {
            Some(why) => why.clone(),
            None => text!("首次运行，尚无可比较的上期数据", "a first run: there is nothing to compare with"),
        };
        Some(why.get(language).to_owned())
    }

    /// That a table is compared with an older period than the others, for it was not read whole, or not believed, since.
    fn carried_remarks(&self, dictionary: &Dictionary) -> Vec<Text> {
        let compared = self.carried.iter().filter(|(table, _)| self.tables.contains_key(*table));
        compared.map(|(table, period)| uncompared::older(&named(dictionary, table), period)).collect()
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
            &|table| datasets.get(table).filter(|table| is_believed(table)).map(|table| -> &dyn Records { table });
        // Without the customers of this time, those of the last say whose a record is.
        let known_now: &Reading<'_> = &|table| now(table).or_else(|| then(table));
        let (owned_then, owned_now) = (Owners::of(dictionary, then)?, Owners::of(dictionary, known_now)?);
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
