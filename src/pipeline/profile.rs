//! read → type → profile: what a source holds, with or without a workplace.
//!
//! Apart from `check` because no rule is asked and nothing need be configured. It chooses table and header for each
//! sheet, hands typed columns to `profile`, and looks up in other tables what their fields refer to.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use chrono_tz::Asia;

use crate::config::database::{self, DatabaseKind, USUAL_TIMEOUT, Wanted};
use crate::config::{CellsConfig, Config, DatabaseConfig, Location, Secret, SourceConfig, WorkbookConfig, statement};
use crate::dataset::Dataset;
use crate::dataset::raw::column_letters;
use crate::dictionary::{Dictionary, Table};
use crate::params::Placed;
use crate::profile::suggest::{Reference, Suggesting};
use crate::profile::{self, Origin, SheetProfile, matching};
use crate::source::header::{self, Header, HeaderWish};
use crate::source::look::{self, Looked};
use crate::source::read_all;
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

/// A source to look at, and how the configuration would name it.
struct Subject {
    source: SourceConfig,
    folder: PathBuf,
    origin: Origin,
    /// The table that it is taken for, whatever its header says.
    table: Option<String>,
}

/// A sheet with its typed columns, where there are any.
struct Typed {
    sheet: SheetProfile,
    dataset: Option<Dataset>,
    table: Option<Table>,
    origin: Origin,
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
    let keys = keys(&sheets, known);
    let of_many = |sheet: &SheetProfile| sheets.iter().filter(|other| other.sheet.file == sheet.file).count() > 1;
    let many: Vec<bool> = sheets.iter().map(|typed| of_many(&typed.sheet)).collect();
    Ok(sheets.into_iter().zip(many).map(|(typed, many)| suggested(typed, many, &keys, request, known)).collect())
}

/// The sources that were meant.
fn subjects(request: &ProfileRequest, known: &Known) -> Result<Vec<Subject>, Text> {
    let word = request.source;
    let forced = match request.table {
        None => None,
        Some(name) => match known.dictionary.table_called(name) {
            Some(table) => Some(table.name.clone()),
            None => {
                let words = known.dictionary.words().join(", ");
                return Err(text!(
                    "数据字典没有表“{name}”（有：{words}）",
                    "the dictionary has no table `{name}` (there are: {words})"
                ));
            }
        },
    };
    let placed = |value: &str| Placed { value: value.to_owned(), span: 0..0 };
    let made = |location: Location, label: &str| SourceConfig {
        table: placed(forced.as_deref().unwrap_or_default()),
        location,
        sheet: request.sheet.map(str::to_owned),
        columns: Vec::new(),
        encoding: None,
        header_row: None,
        cells: CellsConfig::default(),
        label: label.to_owned(),
        workbook: WorkbookConfig::default(),
    };
    if is_database(word) {
        let Some(query) = request.query else {
            return Err(text!("数据库要用 --query 写明 SELECT 语句", "a database needs --query with a SELECT"));
        };
        let url = Secret::from_written(word, request.here);
        // What is kept elsewhere is judged once it is known.
        let (kind, label) = match &url {
            Secret::Written(written) => (Some(DatabaseKind::of(written)?), database::shown(written)),
            kept => (None, format!("{kept:?}")),
        };
        statement::select(query, kind).map_err(|refusal| refusal.message)?;
        let wanted = Wanted::Query(query.to_owned());
        let database = DatabaseConfig { url, wanted, ca_file: None, timeout: USUAL_TIMEOUT };
        let source = made(Location::Database(database), &label);
        let origin = Origin::Query(label, query.to_owned());
        return Ok(vec![Subject { source, folder: request.here.to_owned(), origin, table: forced }]);
    }
    if request.query.is_some() {
        return Err(text!("--query 只用于数据库", "--query is for databases"));
    }
    if let Some(config) = known.config
        && let Some(table) = known.dictionary.table_called(word)
    {
        let of_table = config.sources.iter().filter(|source| source.table.value == table.name);
        let subjects: Vec<Subject> = of_table.map(|source| configured(source, config, request, table)).collect();
        if subjects.is_empty() {
            return Err(text!("配置中表“{word}”没有数据源", "the configuration has no source for the table `{word}`"));
        }
        return Ok(subjects);
    }
    let source = made(Location::Files(word.to_owned()), word);
    let origin = Origin::Path(path_in_workplace(word, request.here, known.config));
    Ok(vec![Subject { source, folder: request.here.to_owned(), origin, table: forced }])
}

/// A source of the configuration as it stands there.
fn configured(source: &SourceConfig, config: &Config, request: &ProfileRequest, table: &Table) -> Subject {
    let mut source = source.clone();
    if let Some(sheet) = request.sheet {
        source.sheet = Some(sheet.to_owned());
    }
    let origin = match &source.location {
        Location::Files(pattern) => Origin::Path(pattern.clone()),
        Location::Database(DatabaseConfig { wanted: Wanted::Query(query), .. }) => {
            Origin::Query(source.label.clone(), query.clone())
        }
        Location::Database(DatabaseConfig { wanted: Wanted::Table(parts), .. }) => {
            Origin::Table(source.label.clone(), parts.join("."))
        }
    };
    Subject { source, folder: config.folder.clone(), origin, table: Some(table.name.clone()) }
}

fn is_database(word: &str) -> bool {
    let schemes = ["sqlite:", "env:", "file:", "postgres:", "postgresql:", "mysql:", "mariadb:"];
    schemes.iter().any(|scheme| word.starts_with(scheme))
}

/// A path as the configuration would name it: relative to the workplace where it lies there.
fn path_in_workplace(word: &str, here: &Path, config: Option<&Config>) -> String {
    let full = here.join(word);
    let folder = config.and_then(|config| config.folder.canonicalize().ok());
    let below = folder.as_ref().and_then(|folder| full.strip_prefix(folder).ok());
    below.map_or_else(|| word.to_owned(), |path| path.display().to_string())
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
    Ok(Typed { sheet, dataset: Some(dataset), table: table.cloned(), origin: subject.origin.clone() })
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

/// The keys of tables that others refer to: (table, field) to the hashes of its values.
type Keys = BTreeMap<(String, String), HashSet<u64>>;

/// The keys of the tables that fields of these sheets refer to: out of the sheets, or out of the workplace.
fn keys(sheets: &[Typed], known: &Known) -> Keys {
    let mut keys = Keys::new();
    let wanted =
        sheets.iter().filter_map(|typed| typed.table.as_ref()).flat_map(|table| references(table, known.dictionary));
    for (_, to, to_field) in wanted {
        if keys.contains_key(&(to.clone(), to_field.clone())) {
            continue;
        }
        let own: Vec<&Dataset> = sheets
            .iter()
            .filter(|typed| typed.table.as_ref().is_some_and(|table| table.name == to))
            .filter_map(|typed| typed.dataset.as_ref())
            .collect();
        let configured = if own.is_empty() { configured_table(&to, known) } else { None };
        let values: HashSet<u64> = own
            .into_iter()
            .chain(configured.as_ref())
            .flat_map(|dataset| profile::hashes(dataset, &to_field))
            .collect();
        if !values.is_empty() {
            keys.insert((to, to_field), values);
        }
    }
    keys
}

/// What a field of a table refers to: (field, table, field there).
fn references(table: &Table, dictionary: &Dictionary) -> Vec<(String, String, String)> {
    let mut references = Vec::new();
    let (customers, people) = (&dictionary.customers.table, &dictionary.people);
    if let (Some(field), Some(key)) =
        (&table.customer, dictionary.table(customers).and_then(|table| table.key.as_ref()))
        && table.name != *customers
    {
        references.push((field.clone(), customers.clone(), key.clone()));
    }
    if let Some(field) = table.person.as_ref().filter(|_| table.name != people.table) {
        references.push((field.clone(), people.table.clone(), people.name.clone()));
    }
    references
}

/// A table as the configuration has it; nothing where it cannot be read whole.
fn configured_table(name: &str, known: &Known) -> Option<Dataset> {
    let config = known.config?;
    let sources: Vec<SourceConfig> =
        config.sources.iter().filter(|source| source.table.value == name).cloned().collect();
    let mut reading = read_all(&Config { sources, ..config.clone() }, known.dictionary, &|_| {});
    let raw = reading.tables.remove(name).filter(|_| reading.unread.is_empty())?;
    Dataset::build(known.dictionary.table(name)?, known.dictionary, raw, true).ok()
}

/// The sheet with its mapping and the rules that its facts speak for.
fn suggested(typed: Typed, of_many: bool, keys: &Keys, request: &ProfileRequest, known: &Known) -> SheetProfile {
    let Typed { mut sheet, dataset, table, origin } = typed;
    let (Some(dataset), Some(table)) = (dataset, table) else { return sheet };
    let mut found = Vec::new();
    for (field, to, to_field) in references(&table, known.dictionary) {
        let Some(values) = keys.get(&(to.clone(), to_field.clone())) else { continue };
        let hashes = profile::hashes(&dataset, &field);
        let (filled, named) = (hashes.len() as u64, hashes.iter().filter(|hash| values.contains(hash)).count() as u64);
        found.push(Reference { field, to, to_field, filled, found: named });
    }
    sheet.mapping = profile::mapping(&sheet, &origin, of_many, known.language);
    let suggesting =
        Suggesting { sheet: &sheet, table: &table, references: &found, as_of: request.as_of, language: known.language };
    let rules = suggesting.rules();
    sheet.rules = rules;
    sheet
}
