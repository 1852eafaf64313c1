//! The rows of a list: the records for which it holds, or the findings of its rules, in the order that it asks for.
//!
//! Apart because here alone of a list the data are gone through.

use std::collections::BTreeSet;

use polars::prelude::{DataFrame, Expr, PolarsResult};

use super::able::Able;
use super::cells::{self, Cells};
use super::found::Found;
use super::members::Before;
use super::outline::items;
use super::related::Related;
use super::source::ListSource;
use crate::check::Plan;
use crate::check::condition::Figures;
use crate::dataset::Dataset;
use crate::engine::execute::{collected, true_records};
use crate::engine::ownership::Ownership;
use crate::model::{ListedRow, ListedValue};
use crate::rule::List;

/// What the rows of a list are made from.
pub(super) struct Rows<'m> {
    /// The list.
    pub(super) list: &'m List,
    /// What can be made of it.
    pub(super) able: &'m Able,
    /// The data, and what was found in them.
    pub(super) source: &'m ListSource<'m>,
    /// Whose each record is.
    pub(super) ownership: &'m Ownership<'m>,
    /// What the lists' rules found.
    pub(super) found: &'m Found,
}

/// The rows of a list of records, with their owners and customers.
#[derive(Default)]
pub(super) struct Records {
    /// The rows, sorted.
    pub(super) rows: Vec<ListedRow>,
    /// Whose they are.
    pub(super) owners: BTreeSet<String>,
    /// Whom they are about.
    pub(super) customers: BTreeSet<String>,
}

impl<'m> Rows<'m> {
    /// The findings of the list's rules, one a row.
    pub(super) fn findings(&self) -> Vec<ListedRow> {
        let cells = Cells { source: self.source, dataset: None, ownership: self.ownership, reckoned: Vec::new() };
        let items = items(self.list, self.able);
        let mut rows: Vec<(Vec<ListedValue>, ListedRow)> = Vec::new();
        for place in self.found.of_rules(&self.list.failing) {
            let finding = &self.source.findings[place];
            let cell = |item: &_| cells.of_finding(item, &[finding]);
            let row = ListedRow {
                record_key: finding.record_key.to_owned(),
                customer: finding.customer.to_owned(),
                department: finding.department.to_owned(),
                owner: finding.owner.to_owned(),
                secrecy: finding.secrecy,
                cells: items.iter().map(|item| cell(item)).collect(),
                related: Vec::new(),
            };
            rows.push((self.list.sort.iter().map(|(item, _)| cell(item).value).collect(), row));
        }
        self.sorted(rows)
    }

    /// The records for which the list holds, one a row.
    pub(super) fn records(&self, dataset: &'m Dataset, before: &Before<'_>) -> PolarsResult<Records> {
        let (list, source, ownership) = (self.list, self.source, self.ownership);
        let flags = self.flags(dataset)?;
        let reckoned = cells::reckoned(list, &flags)?;
        let cells = Cells { source, dataset: Some(dataset), ownership, reckoned };
        let items = items(list, self.able);
        let related = Related::new(list, self.able, source);
        let mut made = Records::default();
        let mut rows: Vec<(Vec<ListedValue>, ListedRow)> = Vec::new();
        for record in self.chosen(dataset, &flags, before)? {
            let at = record as usize;
            let owned = ownership.of(dataset, at);
            if !owned.owner.is_empty() {
                made.owners.insert(owned.owner.to_owned());
            }
            let customer_key = cells.customer_key(at);
            if !customer_key.is_empty() {
                made.customers.insert(customer_key.to_owned());
            }
            let findings = self.found.of_record(list, &dataset.table.name, record, source.findings);
            let cell = |item: &_| cells.cell(item, at, &owned, &findings);
            let row = ListedRow {
                record_key: dataset.key_at(at).to_owned(),
                customer: owned.customer.to_owned(),
                department: owned.department.to_owned(),
                owner: owned.owner.to_owned(),
                secrecy: owned.secrecy,
                cells: items.iter().map(|item| cell(item)).collect(),
                related: related.of_customer(customer_key, ownership),
            };
            rows.push((list.sort.iter().map(|(item, _)| cell(item).value).collect(), row));
        }
        made.rows = self.sorted(rows);
        Ok(made)
    }

    /// The records for which the list holds, in the order of the data.
    fn chosen(&self, dataset: &Dataset, flags: &DataFrame, before: &Before<'_>) -> PolarsResult<Vec<u32>> {
        let list = self.list;
        let mut records: Vec<u32> = match &list.where_ {
            Some(_) => true_records(flags.column("where")?.bool()?),
            None => (0..u32::try_from(dataset.height).unwrap_or(u32::MAX)).collect(),
        };
        if !list.failing.is_empty() {
            let failing = self.found.records(&list.failing, &dataset.table.name);
            records.retain(|record| failing.contains(record));
        }
        records.retain(|record| before.is_related(list, dataset, *record as usize, self.ownership));
        Ok(records)
    }

    /// The condition and the reckoned values of all records.
    fn flags(&self, dataset: &Dataset) -> PolarsResult<DataFrame> {
        let plan = Plan::new(dataset, self.source.datasets, self.source.context.given());
        let mut outputs: Vec<Expr> = Vec::new();
        outputs.extend(self.list.where_.iter().map(|condition| plan.columns.condition(condition).alias("where")));
        for (number, operand) in self.list.operands().into_iter().enumerate() {
            outputs.push(plan.columns.shown(operand, &Figures::new()).alias(cells::name(number)));
        }
        collected(&plan, outputs)
    }

    /// Rows by their keys; what is not told apart stays in the order of the data. Nothing comes last either way.
    fn sorted(&self, mut rows: Vec<(Vec<ListedValue>, ListedRow)>) -> Vec<ListedRow> {
        rows.sort_by(|(left, _), (right, _)| {
            let pairs = left.iter().zip(right).zip(&self.list.sort);
            let orders = pairs.map(|((left, right), (_, largest_first))| match left.is_empty() || right.is_empty() {
                false if *largest_first => right.order(left),
                _ => left.order(right),
            });
            orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
        rows.into_iter().map(|(_, row)| row).collect()
    }
}
