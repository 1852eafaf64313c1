//! Evaluates the lists of reports: which records are in each, and what stands in their columns, as plain values.
//!
//! Apart from rules because a list judges nothing. A list that reads what the company lacks says so by name and is not
//! simply empty. It knows no reader: all departments' rows are in it, each with its level of confidentiality.

mod able;
mod cells;
mod found;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use polars::prelude::{DataFrame, Expr, PolarsResult};

use super::execute::{collected, true_records};
use super::ownership::Ownership;
use super::{Context, Evaluation};
use crate::check::Plan;
use crate::check::condition::Figures;
use crate::dataset::Dataset;
use crate::model::{Finding, ListShape, ListedCell, ListedFigure, ListedRelation, ListedRow, ListedValue, Listing};
use crate::rule::List;
use crate::rule::listing::RelationKind;
use crate::source::Reading;
use crate::text;
use crate::text::{Language, Text};
use able::Able;
use cells::{Cells, column};
use found::Found;

/// What lists are made from.
pub struct ListSource<'l> {
    /// The datasets.
    pub datasets: &'l BTreeMap<String, Dataset>,
    /// The rules, the dictionary and the language.
    pub context: &'l Context<'l>,
    /// What was read, and what was not.
    pub reading: &'l Reading,
    /// The outcomes and the failing rows.
    pub evaluation: &'l Evaluation,
    /// The findings that were made of them, in the same order; those that are gone may follow.
    pub findings: &'l [Finding<'l>],
}

/// Evaluates lists; those of a report stand together, in the order of its definition.
pub fn list(lists: &[&List], source: &ListSource) -> Vec<Listing> {
    if lists.is_empty() {
        return Vec::new();
    }
    let mut tables: Vec<&str> = source.datasets.keys().map(String::as_str).collect();
    tables.sort_unstable();
    let ownership = Ownership::new(source.datasets, source.context.dictionary, &tables);
    let found = Found::new(lists, source);
    let mut members: BTreeMap<(&str, &str), Members> = BTreeMap::new();
    let mut made = Vec::new();
    for list in lists {
        let maker = Maker { list, source, ownership: &ownership, found: &found };
        let (listing, own) = maker.make(&members);
        members.insert((&list.report, &list.name), own);
        made.push(listing);
    }
    made
}

/// Who is in a list: what later lists may refer to.
#[derive(Default)]
struct Members {
    owners: BTreeSet<String>,
    customers: BTreeSet<String>,
    /// The list's title.
    title: String,
    /// Why the list could not be made; those that refer to it may not be made either.
    unavailable: Option<String>,
    is_partial: bool,
}

struct Maker<'m> {
    list: &'m List,
    source: &'m ListSource<'m>,
    ownership: &'m Ownership<'m>,
    found: &'m Found,
}

impl<'m> Maker<'m> {
    fn make(&self, members: &BTreeMap<(&str, &str), Members>) -> (Listing, Members) {
        let (list, language) = (self.list, self.source.context.language);
        let mut able = Able::of(list, self.source);
        for relation in &list.relations {
            let others = relation.lists.iter().filter_map(|name| members.get(&(list.report.as_str(), name.as_str())));
            let unmade: Vec<(&str, &str, bool)> = others
                .filter_map(|other| Some((other.title.as_str(), other.unavailable.as_deref()?, other.is_partial)))
                .collect();
            able.refer(relation, &unmade, language);
        }
        let mut listing = self.empty(&able, language);
        let mut own = Members {
            title: listing.title.clone(),
            unavailable: able.unavailable.clone(),
            is_partial: able.is_partial,
            ..Members::default()
        };
        if listing.unavailable.is_some() {
            return (listing, own);
        }
        match &list.table {
            None => listing.rows = self.findings(),
            Some(table) => {
                let Some(dataset) = self.source.datasets.get(table) else { return (listing, own) };
                let made = catch_unwind(AssertUnwindSafe(|| self.records(dataset, &able, members)));
                match made.map_err(|_| "internal error".to_owned()).and_then(|made| made.map_err(|e| e.to_string())) {
                    Ok((rows, owners, customers)) => {
                        listing.rows = rows;
                        own = Members { owners, customers, ..own };
                    }
                    Err(error) => {
                        listing.unavailable = Some(error.clone());
                        (listing.is_partial, own.is_partial) = (true, true);
                        own.unavailable = Some(error);
                    }
                }
            }
        }
        (listing, own)
    }

    /// The list without a row: its words, columns and remarks.
    fn empty(&self, able: &Able, language: Language) -> Listing {
        let list = self.list;
        let dictionary = self.source.context.dictionary;
        let table = list.table.as_deref().and_then(|table| dictionary.table(table));
        let shape = match (&list.groups, &list.card) {
            (Some(groups), _) => ListShape::Groups {
                by: groups.by.len(),
                figures: self.figures(language),
                chart: groups.chart,
                by_size: list.sort.is_empty(),
            },
            (None, Some(related)) => ListShape::Cards(
                related
                    .iter()
                    .zip(&able.related)
                    .map(|(related, able)| {
                        let table = dictionary.table(&related.table);
                        ListedRelation {
                            title: table.map_or(related.table.as_str(), |table| table.label(language)).to_owned(),
                            columns: able
                                .shown
                                .iter()
                                .map(|at| column(&related.columns[*at], table, dictionary, language))
                                .collect(),
                            unavailable: able.unavailable.clone(),
                        }
                    })
                    .collect(),
            ),
            (None, None) => ListShape::Table,
        };
        let columns = self.columns(able).into_iter();
        let mut columns: Vec<_> = columns.map(|shown| column(shown, table, dictionary, language)).collect();
        if let Some(groups) = &list.groups {
            let items = groups.figures.iter().filter_map(|figure| figure.item.as_ref());
            columns.extend(items.map(|item| cells::plain(item, table, dictionary)));
        }
        let signatures = list.signatures.as_ref().map(|(zh, en)| match language {
            Language::Zh => zh.clone(),
            Language::En => en.clone(),
        });
        Listing {
            report: list.report.clone(),
            name: list.name.clone(),
            title: list.title.get(language).to_owned(),
            note: list.note.get(language).to_owned(),
            columns,
            shape,
            rows: Vec::new(),
            limit: list.limit,
            signatures: signatures.unwrap_or_default(),
            remarks: able.remarks.iter().map(|remark| remark.get(language).to_owned()).collect(),
            unavailable: able.unavailable.clone(),
            is_partial: able.is_partial,
        }
    }

    /// The columns that can be shown: those of the list, or what its groups are told by.
    fn columns(&self, able: &Able) -> Vec<&'m crate::rule::listing::Column> {
        match &self.list.groups {
            Some(groups) => groups.by.iter().collect(),
            None => able.shown.iter().map(|at| &self.list.columns[*at]).collect(),
        }
    }

    fn figures(&self, language: Language) -> Vec<ListedFigure> {
        let Some(groups) = &self.list.groups else { return Vec::new() };
        let mut next = groups.by.len();
        let mut figures = Vec::new();
        for figure in &groups.figures {
            let column = figure.item.as_ref().map(|_| next);
            next += usize::from(column.is_some());
            let title = figure.title.get(language).to_owned();
            figures.push(ListedFigure { title, how: figure.how, column, width: figure.width });
        }
        figures
    }

    /// The findings of the list's rules, one a row.
    fn findings(&self) -> Vec<ListedRow> {
        let cells = Cells { source: self.source, dataset: None, ownership: self.ownership, reckoned: Vec::new() };
        let standing = self.found.of_rules(&self.list.failing);
        let mut rows: Vec<(Vec<ListedValue>, ListedRow)> = standing
            .into_iter()
            .map(|place| {
                let finding = &self.source.findings[place];
                let cell = |item: &_| cells.of_finding(item, &[finding]);
                let row = ListedRow {
                    record_key: finding.record_key.to_owned(),
                    customer: finding.customer.to_owned(),
                    department: finding.department.to_owned(),
                    owner: finding.owner.to_owned(),
                    secrecy: finding.secrecy,
                    cells: match &self.list.groups {
                        Some(_) => self.group_items().into_iter().map(cell).collect(),
                        None => self.list.columns.iter().map(|column| cell(&column.item)).collect(),
                    },
                    related: Vec::new(),
                };
                (self.list.sort.iter().map(|(item, _)| cell(item).value).collect(), row)
            })
            .collect();
        self.sorted(&mut rows);
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// What a list of groups needs of each record.
    fn group_items(&self) -> Vec<&'m crate::rule::listing::Item> {
        let Some(groups) = &self.list.groups else { return Vec::new() };
        let figures = groups.figures.iter().filter_map(|figure| figure.item.as_ref());
        groups.by.iter().map(|column| &column.item).chain(figures).collect()
    }

    fn records(
        &self,
        dataset: &'m Dataset,
        able: &Able,
        members: &BTreeMap<(&str, &str), Members>,
    ) -> PolarsResult<(Vec<ListedRow>, BTreeSet<String>, BTreeSet<String>)> {
        let (list, source) = (self.list, self.source);
        let flags = self.flags(dataset)?;
        let mut records: Vec<u32> = match &list.where_ {
            Some(_) => true_records(flags.column("where")?.bool()?),
            None => (0..u32::try_from(dataset.height).unwrap_or(u32::MAX)).collect(),
        };
        if !list.failing.is_empty() {
            let failing = self.found.records(&list.failing, &dataset.table.name);
            records.retain(|record| failing.contains(record));
        }
        records.retain(|record| self.is_related(dataset, *record as usize, members));
        let reckoned = cells::reckoned(list, &flags)?;
        let cells = Cells { source, dataset: Some(dataset), ownership: self.ownership, reckoned };
        let related = cells::Related::new(list, able, source);
        let (mut owners, mut customers) = (BTreeSet::new(), BTreeSet::new());
        let mut rows: Vec<(Vec<ListedValue>, ListedRow)> = Vec::with_capacity(records.len());
        for record in records {
            let at = record as usize;
            let owned = self.ownership.of(dataset, at);
            if !owned.owner.is_empty() {
                owners.insert(owned.owner.to_owned());
            }
            let customer_key = cells.customer_key(at);
            if !customer_key.is_empty() {
                customers.insert(customer_key.to_owned());
            }
            let findings = self.found.of_record(list, &dataset.table.name, record, source.findings);
            let cell = |item: &_| cells.cell(item, at, &owned, &findings);
            let made: Vec<ListedCell> = match &list.groups {
                Some(_) => self.group_items().into_iter().map(cell).collect(),
                None => self.columns(able).into_iter().map(|column| cell(&column.item)).collect(),
            };
            let row = ListedRow {
                record_key: dataset.key_at(at).to_owned(),
                customer: owned.customer.to_owned(),
                department: owned.department.to_owned(),
                owner: owned.owner.to_owned(),
                secrecy: owned.secrecy,
                cells: made,
                related: related.of_customer(customer_key, self.ownership),
            };
            rows.push((list.sort.iter().map(|(item, _)| cell(item).value).collect(), row));
        }
        self.sorted(&mut rows);
        Ok((rows.into_iter().map(|(_, row)| row).collect(), owners, customers))
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

    /// Whether a record has to do with the other lists as the list demands.
    fn is_related(&self, dataset: &Dataset, record: usize, members: &BTreeMap<(&str, &str), Members>) -> bool {
        self.list.relations.iter().all(|relation| {
            let report = self.list.report.as_str();
            let mut others = relation.lists.iter().filter_map(|name| members.get(&(report, name.as_str())));
            let customer = dataset.table.customer.as_deref().map(|field| dataset.folded_at(field, record));
            match relation.how {
                RelationKind::SameOwner => {
                    let owner = self.ownership.of(dataset, record).owner;
                    others.any(|other| other.owners.contains(owner))
                }
                RelationKind::SameCustomer => {
                    customer.is_some_and(|key| others.any(|other| other.customers.contains(key)))
                }
                RelationKind::OtherCustomer => {
                    customer.is_none_or(|key| !others.any(|other| other.customers.contains(key)))
                }
            }
        })
    }

    /// Sorts rows by their keys; what is not told apart stays in the order of the data. Nothing comes last either way.
    fn sorted(&self, rows: &mut [(Vec<ListedValue>, ListedRow)]) {
        rows.sort_by(|(left, _), (right, _)| {
            let pairs = left.iter().zip(right).zip(&self.list.sort);
            let orders = pairs.map(|((left, right), (_, largest_first))| match left.is_empty() || right.is_empty() {
                false if *largest_first => right.order(left),
                _ => left.order(right),
            });
            orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
    }
}

/// Why a list cannot be made: a table or column that is not there.
fn lacking(table: &str, column: &str) -> Text {
    text!("“{table}”没有“{column}”列", "{table} has no column {column}")
}
