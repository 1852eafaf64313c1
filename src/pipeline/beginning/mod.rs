//! read → profile → a workplace that does not exist yet: what its `hedui.toml` would say of a company's spreadsheets.
//!
//! Apart because no other part of the program writes what a person else would write. It asks nothing and writes no file:
//! paths go in, texts of TOML come out, with what nobody could be sure of as comments in them. What it was sure of is read
//! once as a run would read it; a source that cannot be read so is left out with its reason.

mod absent;
mod columns;
mod found;
mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::config::{self, Config};
use crate::dataset::Dataset;
use crate::dictionary::Dictionary;
use crate::model::SourceNote;
use crate::pipeline::guard::rows_by_department;
use crate::pipeline::profile::{Known, ProfileRequest, profile};
use crate::profile::SheetProfile;
use crate::source;
use crate::source::readings::Room;
use crate::text;
use crate::text::{Language, Text};

pub use self::absent::{Absent, dictionary_without, rules_without};
pub use self::found::spreadsheets;
pub use self::sources::Draft;

/// What a new workplace starts from.
pub struct Beginning<'b> {
    /// The folder of the workplace, which need not exist.
    pub folder: &'b Path,
    /// The spreadsheets.
    pub files: &'b [PathBuf],
    /// The built-in dictionary.
    pub dictionary: &'b Dictionary,
    /// The language of comments.
    pub language: Language,
    /// The day that ages are reckoned from.
    pub as_of: NaiveDate,
}

/// What became of the spreadsheets.
#[derive(Debug, Default)]
pub struct Survey {
    /// The sources, in the order of the dictionary's tables.
    pub drafts: Vec<Draft>,
    /// Sheets and files that feed nothing, and why.
    pub unused: Vec<(String, Text)>,
    /// Departments of the customers, with how many they have; the name is empty for customers without one.
    pub departments: Vec<(String, u64)>,
    /// Tables with the rows that rules would see.
    pub rows: Vec<(String, u64)>,
    /// Fields that the rules ask for and no spreadsheet has, by table.
    pub absent: Absent,
}

/// Looks at the spreadsheets.
pub fn survey(beginning: &Beginning, advance: &(dyn Fn(&str) + Sync)) -> Survey {
    let (sheets, mut unused) = profiles(beginning, advance);
    let drafts = sources::drafts(&sheets, beginning);
    unused.extend(nothing_in(&sheets));
    let mut survey = Survey { drafts, unused, ..Survey::default() };
    try_out(&mut survey, beginning, advance);
    survey
}

/// Sheets with the files that they are in.
type Sheets = Vec<(PathBuf, SheetProfile)>;
/// Files, as they are shown, and why nothing is read of them.
type Unused = Vec<(String, Text)>;

/// Every sheet of every file, and the files that could not be opened.
fn profiles(beginning: &Beginning, advance: &(dyn Fn(&str) + Sync)) -> (Sheets, Unused) {
    let Beginning { folder, dictionary, language, as_of, .. } = *beginning;
    let known = Known { dictionary, config: None, language };
    let (mut sheets, mut unused) = (Vec::new(), Vec::new());
    for file in beginning.files {
        let shown = sources::path_from(folder, file);
        advance(&shown);
        let source = file.display().to_string();
        let request = ProfileRequest { source: &source, sheet: None, table: None, query: None, here: folder, as_of };
        match profile(&request, &known) {
            Ok(profiles) => sheets.extend(profiles.into_iter().map(|sheet| (file.clone(), sheet))),
            Err(why) => unused.push((shown, why)),
        }
    }
    (sheets, unused)
}

/// The sheets that no table fits, and those that could not be read.
fn nothing_in(sheets: &[(PathBuf, SheetProfile)]) -> Vec<(String, Text)> {
    let mut nothing = Vec::new();
    for (file, sheet) in sheets.iter().filter(|(_, sheet)| sheet.table.is_none()) {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let place = format!("{name} {}", sheet.sheet).trim().to_owned();
        let why = match &sheet.error {
            Some(error) => Text::same(error.clone()),
            None => text!("列名与哪张表都不相符", "its header fits no table"),
        };
        nothing.push((place, why));
    }
    nothing
}

/// Reads the sources as a run would: what cannot be read so is left out, the rest tells departments and absent columns.
fn try_out(survey: &mut Survey, beginning: &Beginning, advance: &(dyn Fn(&str) + Sync)) {
    let Some(config) = trial(&survey.drafts, beginning) else { return };
    let mut reading =
        source::read_all(&config, beginning.dictionary, &source::Narrowings::new(), &Room::closed(), advance);
    for draft in &mut survey.drafts {
        let own = |note: &&SourceNote| note.table == draft.table && draft.whole == Path::new(&note.source);
        let sheet = draft.sheet.clone();
        let of_sheet =
            |note: &&SourceNote| sheet.as_ref().is_none_or(|sheet| note.sheet.is_empty() || note.sheet == *sheet);
        let error = reading.notes.iter().filter(own).filter(of_sheet).find_map(|note| note.error.clone());
        draft.left_out = error;
        for header in reading.notes.iter().filter(own).filter(of_sheet).flat_map(|note| &note.unknown_columns) {
            if !draft.unfed.contains(header) {
                draft.unfed.push(header.clone());
            }
        }
    }
    for note in reading.notes.iter().filter(|note| note.error.is_none()) {
        match survey.rows.iter_mut().find(|(table, _)| *table == note.table) {
            Some((_, rows)) => *rows += note.rows_checked,
            None => survey.rows.push((note.table.clone(), note.rows_checked)),
        }
    }
    survey.absent = absent_columns(&reading.notes);
    let roles = &beginning.dictionary.customers;
    let raw = reading.tables.remove(&roles.table).unwrap_or_default();
    let table = beginning.dictionary.table(&roles.table);
    if let Some(Ok(customers)) = table.map(|table| Dataset::build(table, beginning.dictionary, raw, true)) {
        let datasets = BTreeMap::from([(roles.table.clone(), customers)]);
        survey.departments = rows_by_department(&datasets, roles).into_iter().collect();
        survey.departments.sort_by(|(_, left), (_, right)| right.cmp(left));
    }
}

/// The configuration that the drafts would make, with nobody to mail to.
fn trial(drafts: &[Draft], beginning: &Beginning) -> Option<Config> {
    let sources: String = drafts.iter().map(|draft| draft.of_whole_paths().toml(beginning)).collect();
    let text = format!("[company]\nname = \"-\"\n{sources}");
    config::read_text(config::FILE_NAME, &text, beginning.folder).ok()
}

/// What every source of a table lacks: a column that one of them has is one that the others should have.
fn absent_columns(notes: &[SourceNote]) -> Absent {
    let mut absent: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for note in notes.iter().filter(|note| note.error.is_none()) {
        let missing: BTreeSet<String> = note.missing_columns.iter().cloned().collect();
        absent
            .entry(note.table.clone())
            .and_modify(|known| *known = known.intersection(&missing).cloned().collect())
            .or_insert(missing);
    }
    absent.retain(|_, fields| !fields.is_empty());
    absent
}
