//! Reads the `[[list]]`s of a `report.toml`, with every mistake at its line.
//!
//! Apart from the types because it changes with every key. Whatever it does not know is an error.

mod column;
mod figure;
mod reference;

use super::item::{Item, Names};
use super::{Column, Groups, List, Related};
use crate::check::Parameters;
use crate::check::condition::{self, Condition};
use crate::dictionary::Table;
use crate::params::{self, Params, Placed};
use crate::problem::{Document, Problem};
use crate::rule::Pack;
use crate::text;

/// The lists of a report's definition; the other keys of the file are read elsewhere.
///
/// # Errors
/// Every mistake in them.
pub fn read(report: &str, document: &Document, pack: &Pack) -> Result<Vec<List>, Vec<Problem>> {
    let (lists, problems) = params::read(document, |root| {
        let entries = root.tables("list");
        let sheets = root.optional_strings("sheets").unwrap_or_default();
        root.leave_the_rest();
        let mut lists: Vec<List> = Vec::new();
        // A list with a mistake still is one that others may name.
        let mut names: Vec<String> = Vec::new();
        for entry in &entries {
            let reader = Reader { report, entry, pack, names: &names };
            lists.extend(reader.list());
            names.extend(entry.optional_string("name").map(|name| name.value));
        }
        if lists.len() == entries.len() {
            must_be_used(root, &lists, &entries, &sheets);
        }
        lists
    });
    if problems.is_empty() { Ok(lists.unwrap_or_default()) } else { Err(problems) }
}

/// A list is on a sheet, or another list names it.
fn must_be_used(root: &Params, lists: &[List], entries: &[Params], sheets: &[Placed<String>]) {
    for (list, entry) in lists.iter().zip(entries) {
        let is_shown = sheets.iter().any(|sheet| sheet.value == list.name);
        let is_named = lists.iter().any(|other| other.relations.iter().any(|named| named.lists.contains(&list.name)));
        if !is_shown && !is_named {
            let name = &list.name;
            let message = text!(
                "清单“{name}”没有用到：sheets 里没有它，也没有别的清单提到它",
                "the list `{name}` is not used: neither in `sheets` nor by another list"
            );
            root.problems().add(entry.span_of("name"), message);
        }
    }
}

struct Reader<'r> {
    report: &'r str,
    entry: &'r Params<'r>,
    pack: &'r Pack,
    /// The lists before it.
    names: &'r [String],
}

impl Reader<'_> {
    fn list(&self) -> Option<List> {
        let entry = self.entry;
        let name = entry.string("name");
        entry.must_have("title");
        let title = entry.optional_text("title");
        let note = entry.optional_text("note");
        let table = entry.optional_string("table");
        let found = table.as_ref().map(|written| reference::table(entry, written, &self.pack.dictionary));
        let table = match found {
            Some(None) => {
                // Of an unknown table nobody knows which fields are mistakes.
                entry.leave_the_rest();
                return None;
            }
            Some(Some(table)) => Some(table),
            None => None,
        };
        let names = Names { dictionary: &self.pack.dictionary, table };
        let failing = reference::rules(entry, "failing", table, self.pack);
        let with = reference::rules(entry, "with", table, self.pack);
        if table.is_none() && failing.is_empty() {
            let message = text!("要么有 table，要么有 failing", "a list has a `table`, or else `failing` rules");
            entry.problems().add(entry.span(), message);
        }
        let where_ = self.condition(table);
        let relations = reference::relations(entry, table, self.names);
        let card = entry.optional_bool("card").unwrap_or(false);
        let related: Vec<Option<Related>> =
            entry.tables("related").iter().map(|related| column::related(related, table, &names)).collect();
        if !card && entry.has("related") {
            let message = text!("related 只用于 card = true", "`related` is for `card = true`");
            entry.problems().add(entry.span_of("related"), message);
        }
        let groups = figure::groups(entry, &names);
        let columns = self.columns(&names, groups.as_ref());
        let sort = self.sort(&names);
        let limit = entry.optional_count("limit").and_then(|limit| usize::try_from(limit.value).ok());
        let signatures = signatures(entry);
        entry.finish();
        Some(List {
            report: self.report.to_owned(),
            name: name?.value,
            title: title?,
            note: note.unwrap_or_default(),
            table: table.map(|table| table.name.clone()),
            where_: where_?,
            failing,
            with,
            relations,
            columns,
            sort,
            groups,
            card: card.then(|| related.into_iter().flatten().collect()),
            limit,
            signatures,
        })
    }

    /// The columns; a list of groups has none.
    fn columns(&self, names: &Names, groups: Option<&Groups>) -> Vec<Column> {
        if groups.is_none() {
            return column::columns(self.entry, names);
        }
        if self.entry.has("columns") {
            let message = text!("分组的清单不写 columns", "a list with `group_by` has no `columns`");
            self.entry.problems().add(self.entry.span_of("columns"), message);
        }
        Vec::new()
    }

    /// Outer nothing: it has a mistake.
    fn condition(&self, table: Option<&Table>) -> Option<Option<Condition>> {
        let Some(written) = self.entry.optional_string("where") else {
            return if self.entry.has("where") { None } else { Some(None) };
        };
        let Some(table) = table else {
            let message = text!("没有 table 就不能写 where", "`where` needs a `table`");
            self.entry.problems().add(written.span, message);
            return None;
        };
        condition::parse(&written, table, &Parameters::default(), self.entry.problems()).map(Some)
    }

    fn sort(&self, names: &Names) -> Vec<(Item, bool)> {
        let written = self.entry.optional_strings("sort").unwrap_or_default();
        let one = |written: Placed<String>| {
            let largest_first = written.value.starts_with('-');
            let word = written.value.trim_start_matches('-').to_owned();
            let item = names.named_or_reckoned(self.entry, &Placed { value: word, span: written.span })?;
            Some((item, largest_first))
        };
        written.into_iter().filter_map(one).collect()
    }
}

/// Who signs, in both languages.
fn signatures(entry: &Params) -> Option<(Vec<String>, Vec<String>)> {
    let table = entry.optional_table("signatures")?;
    let names = |written: Option<Vec<Placed<String>>>| -> Vec<String> {
        written.unwrap_or_default().into_iter().map(|name| name.value).collect()
    };
    let both = (names(table.strings("zh")), names(table.strings("en")));
    if both.0.len() != both.1.len() {
        let message = text!("中英文的签字人数不同", "the two languages name different numbers of people");
        table.problems().add(table.span(), message);
    }
    table.finish();
    Some(both)
}
