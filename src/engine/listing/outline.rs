//! A list without a row: its words, its columns, its layout, and what it does not cover.
//!
//! Apart because it hangs on the definition and on which columns there are, not on what stands in them.

use super::able::{Able, AbleRelated};
use super::cells::{column, plain};
use crate::dictionary::Dictionary;
use crate::model::{ListShape, ListedFigure, ListedRelation, Listing};
use crate::rule::List;
use crate::rule::listing::{Column, Groups, Item, Related};
use crate::text::Language;

/// The list without a row.
pub(super) fn outline(list: &List, able: &Able, dictionary: &Dictionary, language: Language) -> Listing {
    let table = list.table.as_deref().and_then(|table| dictionary.table(table));
    let shape = match (&list.groups, &list.card) {
        (Some(groups), _) => ListShape::Groups {
            by: groups.by.len(),
            figures: figures(groups, language),
            chart: groups.chart,
            by_size: list.sort.is_empty(),
        },
        (None, Some(related)) => ListShape::Cards(relations(related, able, dictionary, language)),
        (None, None) => ListShape::Table,
    };
    let mut columns: Vec<_> =
        columns(list, able).into_iter().map(|shown| column(shown, table, dictionary, language)).collect();
    if let Some(groups) = &list.groups {
        let items = groups.figures.iter().filter_map(|figure| figure.item.as_ref());
        columns.extend(items.map(|item| plain(item, table, dictionary)));
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
fn columns<'l>(list: &'l List, able: &Able) -> Vec<&'l Column> {
    match &list.groups {
        Some(groups) => groups.by.iter().collect(),
        None => able.shown.iter().map(|at| &list.columns[*at]).collect(),
    }
}

/// What stands in the cells of each row: the columns that can be shown, or what groups are told by and reckoned from.
pub(super) fn items<'l>(list: &'l List, able: &Able) -> Vec<&'l Item> {
    let figures = list.groups.iter().flat_map(|groups| &groups.figures).filter_map(|figure| figure.item.as_ref());
    columns(list, able).into_iter().map(|column| &column.item).chain(figures).collect()
}

fn figures(groups: &Groups, language: Language) -> Vec<ListedFigure> {
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

/// The lists of other tables on a card.
fn relations(related: &[Related], able: &Able, dictionary: &Dictionary, language: Language) -> Vec<ListedRelation> {
    let relation = |(related, able): (&Related, &AbleRelated)| {
        let table = dictionary.table(&related.table);
        let columns = able.shown.iter().map(|at| &related.columns[*at]);
        ListedRelation {
            title: table.map_or(related.table.as_str(), |table| table.label(language)).to_owned(),
            columns: columns.map(|shown| column(shown, table, dictionary, language)).collect(),
            unavailable: able.unavailable.clone(),
        }
    };
    related.iter().zip(&able.related).map(relation).collect()
}
