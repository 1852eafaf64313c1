//! read → type → profile: what a source holds, with or without a workplace.
//!
//! Apart from `check` because no rule is asked and nothing need be configured. It chooses table and header for each
//! sheet, hands typed columns to `profile`, and looks up in other tables what their fields refer to.

mod references;
mod subject;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use chrono_tz::Asia;

use self::subject::{Subject, subjects};
use crate::config::Config;
use crate::dataset::Dataset;
use crate::dataset::raw::column_letters;
use crate::dictionary::{Dictionary, Table};
use crate::profile::suggest::{Reference, Suggesting};
use crate::profile::{self, Origin, SheetProfile, Suggestion, matching};
use crate::source::header::{self, Header, HeaderWish};
use crate::source::look::{self, Looked};
use crate::text;
use crate::text::{Language, Text};

/// What was asked for.
pub struct ProfileRequest<'r> {
    /// A file, a pattern, a table of the configuration, or the address of a database.
    pub source: &'r str,
    /// Name or pattern of the sheets; nothing: all.
    pub sheet: Option<&'r str>,
    /// The table that it is taken for; nothing: found out.
    pub table: Option<&'r str>,
    /// The query for a database.
    pub query: Option<&'r str>,
    /// The folder that a file is relative to.
    pub here: &'r Path,
    /// The day that ages are reckoned from.
    pub as_of: NaiveDate,
}

/// What is known of the company.
pub struct Known<'k> {
    /// The dictionary.
    pub dictionary: &'k Dictionary,
    /// The configuration; nothing without a workplace.
    pub config: Option<&'k Config>,
    /// The language.
    pub language: Language,
}

/// A sheet with its typed columns, where there are any.
struct Typed {
    sheet: SheetProfile,
    dataset: Option<Dataset>,
    table: Option<Table>,
    origin: Origin,
    /// The folder that its file is relative to.
    folder: PathBuf,
}

/// What each sheet, file or query of a source holds.
///
/// # Errors
/// Where the source names nothing.
pub fn profile(request: &ProfileRequest, known: &Known) -> Result<Vec<SheetProfile>, Text> {
    let timezone = known.config.map_or(Asia::Shanghai, |config| config.timezone);
    let mut sheets: Vec<Typed> = Vec::new();
    for subject in subjects(request, known)? {
        for looked in look::open(&subject.source, &subject.folder, timezone)? {
            sheets.push(typed(&looked, &subject, known));
        }
    }
    let rules = rules(&sheets, request, known);
    let mappings = mappings(&sheets, known);
    let told = |(Typed { sheet, table, .. }, mapping): (Typed, String)| {
        let rules = table.and_then(|table| rules.get(&table.name).cloned()).unwrap_or_default();
        SheetProfile { mapping, rules, ..sheet }
    };
    Ok(sheets.into_iter().zip(mappings).map(told).collect())
}

/// The rules that the facts of each table speak for, its sheets taken together.
fn rules(sheets: &[Typed], request: &ProfileRequest, known: &Known) -> BTreeMap<String, Vec<Suggestion>> {
    let keys = references::keys(sheets, known);
    let mut rules = BTreeMap::new();
    for table in sheets.iter().filter_map(|typed| typed.table.as_ref()) {
        if rules.contains_key(&table.name) {
            continue;
        }
        let own: Vec<(&SheetProfile, &Dataset)> = sheets
            .iter()
            .filter(|typed| typed.table.as_ref().is_some_and(|other| other.name == table.name))
            .filter_map(|typed| Some((&typed.sheet, typed.dataset.as_ref()?)))
            .collect();
        let mut found: Vec<Reference> = Vec::new();
        for reference in own.iter().flat_map(|(_, dataset)| references::found(table, dataset, &keys, known.dictionary))
        {
            match found.iter_mut().find(|known| known.field == reference.field) {
                Some(known) => {
                    known.filled += reference.filled;
                    known.found += reference.found;
                }
                None => found.push(reference),
            }
        }
        let (sheet, sheets) = (&profile::merged(&own), own.len());
        let (as_of, language) = (request.as_of, known.language);
        let suggesting = Suggesting { sheet, sheets, table, references: &found, as_of, language };
        rules.insert(table.name.clone(), suggesting.rules());
    }
    rules
}

/// What the configuration would say of each sheet. Files of one pattern are one source where their columns are found
/// alike, else a source each: every file is read once.
fn mappings(sheets: &[Typed], known: &Known) -> Vec<String> {
    let of_many = |typed: &Typed| sheets.iter().filter(|other| other.sheet.file == typed.sheet.file).count() > 1;
    let shared: Vec<String> = sheets
        .iter()
        .map(|typed| profile::mapping(&typed.sheet, &typed.origin, of_many(typed), known.language))
        .collect();
    let is_told_otherwise = |mapping: &String| {
        shared
            .iter()
            .any(|other| other != mapping && profile::without_columns(other) == profile::without_columns(mapping))
    };
    let own = |typed: &Typed| match &typed.origin {
        Origin::Path(_) => {
            let path = subject::path_in_workplace(&typed.sheet.file, &typed.folder, known.config);
            profile::mapping(&typed.sheet, &Origin::Path(path), of_many(typed), known.language)
        }
        other => profile::mapping(&typed.sheet, other, of_many(typed), known.language),
    };
    sheets
        .iter()
        .zip(&shared)
        .map(|(typed, mapping)| if is_told_otherwise(mapping) { own(typed) } else { mapping.clone() })
        .collect()
}

/// A sheet read and typed, or why not.
fn typed(looked: &Looked, subject: &Subject, known: &Known) -> Typed {
    let sheet = SheetProfile {
        file: looked.file.clone(),
        sheet: looked.sheet.clone(),
        holder: looked.holder.as_str().to_owned(),
        ..SheetProfile::default()
    };
    match read(looked, subject, sheet.clone(), known) {
        Ok(typed) => typed,
        Err(error) => Typed {
            sheet: SheetProfile { error: Some(error.get(known.language).to_owned()), ..sheet },
            dataset: None,
            table: None,
            origin: subject.origin.clone(),
            folder: subject.folder.clone(),
        },
    }
}

fn read(looked: &Looked, subject: &Subject, mut sheet: SheetProfile, known: &Known) -> Result<Typed, Text> {
    let language = known.language;
    let head = looked.head().map_err(Clone::clone)?;
    let empty = || text!("没有内容", "there is nothing in it");
    let asked = subject.table.as_deref().and_then(|name| known.dictionary.table(name));
    let table = asked.or_else(|| matching::table(head, known.dictionary));
    let wish = HeaderWish {
        row: subject.source.header_row,
        columns: subject.source.columns.iter().map(|(field, header)| (field.value.clone(), header.clone())).collect(),
    };
    // What cannot be taken for the table is shown with what its columns might feed.
    let found = table.map(|table| header::find(head, table, &wish));
    let (header, reason) = match found {
        Some(Ok(header)) => {
            let reason = reason(head, table, &header);
            (header, reason)
        }
        other => {
            let row = matching::guessed_row(head).ok_or_else(empty)?;
            let why = match other {
                Some(Err(error)) => error,
                _ => text!(
                    "没有一张表的列名与之相符；这一行文字最多",
                    "no table's columns are named so; this row has most texts"
                ),
            };
            (Header::unnamed(head, row), why)
        }
    };
    let near = table.or_else(|| matching::nearest_table(head, known.dictionary)).or(known.dictionary.tables.first());
    let near = near.ok_or_else(empty)?;
    let cells = header.names.clone();
    let width = head.iter().map(Vec::len).max().unwrap_or_default();
    let (all, header) = matching::with_all_columns(near, &header, &cells, width);
    let raw = looked.rows(&subject.source, &all, &header, language)?;
    let note = raw.note.clone();
    let dataset =
        Dataset::build(&all, known.dictionary, vec![raw], true).map_err(|error| Text::same(error.to_string()))?;
    let named: BTreeMap<String, String> =
        cells.iter().enumerate().map(|(column, cell)| (column_letters(column), cell.trim().to_owned())).collect();
    sheet.columns = profile::columns(&dataset, near, &named);
    sheet.encoding = note.encoding.clone();
    sheet.header_row = note.header_row;
    sheet.header_reason = reason.get(language).to_owned();
    sheet.rows_read = note.rows_read;
    sheet.rows_checked = note.rows_checked;
    sheet.skipped = profile::skipped(&note);
    sheet.remarks = note.remarks;
    if let Some(table) = table {
        sheet.table = Some(table.name.clone());
        sheet.missing_fields = note.missing_columns;
    }
    sheet.table_label = near.label(language).to_owned();
    Ok(Typed {
        sheet,
        dataset: Some(dataset),
        table: table.cloned(),
        origin: subject.origin.clone(),
        folder: subject.folder.clone(),
    })
}

/// Why a row is the header: it names more fields than any other.
fn reason(head: &[Vec<String>], table: Option<&Table>, header: &Header) -> Text {
    let Some(table) = table else { return Text::default() };
    let own = header.columns.len();
    let others =
        head.iter().take(header::HEAD_ROWS).enumerate().filter(|(row, _)| !(header.first..=header.row).contains(row));
    let next = others.map(|(_, cells)| matching::named(cells, table)).max().unwrap_or_default();
    text!("写出了 {own} 个字段，其他行最多 {next} 个", "it names {own} fields, any other row {next} at most")
}
