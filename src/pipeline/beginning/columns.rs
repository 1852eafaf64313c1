//! Which columns a new source names: those that finding out by itself would miss, and that a run cannot do without.
//!
//! Apart because it decides how sure is sure enough. A wrong mapping makes wrong findings, so that only what tells
//! records apart, whose they are, and what cells show beyond doubt is written; the rest is written as comments.

use std::collections::BTreeSet;

use crate::dictionary::{Dictionary, Table};
use crate::profile::matching::Sureness;
use crate::profile::{ColumnProfile, Content, SheetProfile};
use crate::text;
use crate::text::{Language, Text};

/// A header that is so near to what a field is called is likely meant for it.
const NEAR: f64 = 0.7;
/// A key tells so many of the records apart.
const APART: f64 = 0.9;

/// A column that is named in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The field.
    pub field: String,
    /// The header.
    pub header: String,
    /// Why, and what is to be looked at.
    pub why: String,
    /// Whether it holds without anybody's word; else it is a comment.
    pub is_sure: bool,
}

/// The columns of a sheet that are worth naming.
pub(super) fn named(sheet: &SheetProfile, table: &Table, dictionary: &Dictionary, language: Language) -> Vec<Named> {
    let mut taken: BTreeSet<String> =
        sheet.columns.iter().filter(|column| is_found(column)).filter_map(|column| column.field.clone()).collect();
    let mut named = Vec::new();
    for field in needed(table, dictionary) {
        let Some(column) = nearest(sheet, &field, &taken, table) else { continue };
        taken.insert(field.clone());
        let why = text!("列名相近，请核对", "the header is near to it, please check");
        named.push(entry(column, table, &field, &why, true, language));
    }
    let needed: Vec<String> = named.iter().map(|named: &Named| named.header.clone()).collect();
    for column in sheet.columns.iter().filter(|column| !is_found(column) && !needed.contains(&column.header)) {
        let by_cells = column.field.clone().filter(|_| column.sureness == Some(Sureness::Content));
        let by_header = column.candidates.first().filter(|first| first.header >= NEAR).map(|first| first.field.clone());
        let (field, is_sure, why) = match (by_cells, by_header) {
            (Some(field), _) if is_telling(column) => {
                (field, true, text!("按内容判断，请核对", "by what its cells look like, please check"))
            }
            (Some(field), _) | (None, Some(field)) => {
                (field, false, text!("可能是；核对后去掉行首的 #", "perhaps; take away the # if it is so"))
            }
            (None, None) => continue,
        };
        if taken.insert(field.clone()) {
            named.push(entry(column, table, &field, &why, is_sure, language));
        }
    }
    named
}

/// Whether a run finds the field of a column by itself.
fn is_found(column: &ColumnProfile) -> bool {
    column.field.is_some() && column.sureness != Some(Sureness::Content)
}

/// Cells that hardly anything else looks like.
fn is_telling(column: &ColumnProfile) -> bool {
    let telling = [Content::Email, Content::Mobile, Content::Telephone, Content::CreditCode, Content::Identity];
    column.facts.likeness.is_some_and(|likeness| telling.contains(&likeness.content))
}

/// The fields that say which record it is, of whom, and whose work: the key first.
fn needed(table: &Table, dictionary: &Dictionary) -> Vec<String> {
    let mut fields: Vec<String> =
        [&table.key, &table.customer, &table.person, &table.department].into_iter().flatten().cloned().collect();
    let (customers, people) = (&dictionary.customers, &dictionary.people);
    if table.name == customers.table {
        fields.extend([customers.name.clone(), customers.department.clone(), customers.owner.clone()]);
    }
    if table.name == people.table {
        fields.extend([people.name.clone(), people.department.clone()]);
    }
    let mut once = BTreeSet::new();
    fields.retain(|field| once.insert(field.clone()));
    fields
}

/// The column nearest to a field that no column feeds; of two that are as near, neither.
fn nearest<'s>(
    sheet: &'s SheetProfile,
    field: &str,
    taken: &BTreeSet<String>,
    table: &Table,
) -> Option<&'s ColumnProfile> {
    if taken.contains(field) {
        return None;
    }
    let mut near: Vec<(f64, &ColumnProfile)> = sheet
        .columns
        .iter()
        .filter(|column| !is_found(column) && !column.header.is_empty() && column.facts.filled > 0)
        .filter_map(|column| {
            let candidate = column.candidates.iter().find(|candidate| candidate.field == field)?;
            (candidate.header >= NEAR).then_some((candidate.header, column))
        })
        .filter(|(_, column)| table.key.as_deref() != Some(field) || tells_apart(column))
        .collect();
    near.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    match near.as_slice() {
        [(one, _), (other, _), ..] if one == other => None,
        [(_, column), ..] => Some(column),
        [] => None,
    }
}

fn tells_apart(column: &ColumnProfile) -> bool {
    let facts = &column.facts;
    facts.filled > 0 && facts.distinct as f64 >= facts.filled as f64 * APART
}

fn entry(column: &ColumnProfile, table: &Table, field: &str, why: &Text, is_sure: bool, language: Language) -> Named {
    let label = table.field(field).map(|field| field.label(language)).unwrap_or_default();
    let (zh, en) = (&why.zh, &why.en);
    let why = text!("{label}：{zh}", "{label}: {en}").get(language).to_owned();
    Named { field: field.to_owned(), header: column.header.clone(), why, is_sure }
}
