//! Verification in the sentence: lists issued from what was read, returns taken in, and what they say fed to the next run.
//!
//! Apart because lists live between runs. What a list looks like and how returns are settled, `verify` knows; here data,
//! configuration and store are handed to it.

mod corrections;
mod feed;
mod groups;
mod issue;
mod letters;
mod list;
mod made;
mod output;
mod progress;
mod record;
mod sealed;
mod take_in;
mod taken_file;

use chrono::NaiveDate;
use sqlx::SqliteConnection;

pub use feed::{TABLE as FED, apply, waiting};
pub use issue::{make, remember};
pub use letters::{letters, remember_numbers};
pub use made::{By, IssueError, IssueRequest, Made};
pub use output::{folder, write};
pub use progress::{OfRun, Status, of_run, status};
pub use sealed::{seal, seal_lists};
pub use take_in::{TakeIn, TakenIn, take_in};
pub use taken_file::TakenFile;

use super::request::RunError;
use crate::dictionary::Dictionary;
use crate::history::store::{self, HistoryError};
use crate::model::{Period, PeriodKind};
use crate::report::verification::Settings;
use crate::text;
use crate::text::Language;
use crate::verify::{self, Field, Returns, Synonyms, Words};
use crate::workplace::Workplace;

/// The languages in which a list may come back.
const LANGUAGES: [Language; 2] = [Language::Zh, Language::En];

/// The report that attaches the lists, and its settings.
pub fn settings(workplace: &Workplace) -> Option<(&str, &Settings)> {
    let templates = &workplace.templates;
    templates.names().into_iter().find_map(|name| Some((name, templates.verification(name)?)))
}

/// The same for whoever makes lists: without the settings nobody can.
fn needed_settings(workplace: &Workplace) -> Result<(&str, &Settings), IssueError> {
    settings(workplace).ok_or_else(|| {
        IssueError::Nothing(text!(
            "没有一份报告带 [verification]，不知道核对表要列什么",
            "no report has a [verification] section, so that nobody knows what a list shows"
        ))
    })
}

/// The words of the lists in one language.
pub fn words(workplace: &Workplace, language: Language) -> Words {
    Words(workplace.templates.words(language, "verification"))
}

/// The words in every language.
fn all_words(workplace: &Workplace) -> Vec<Words> {
    LANGUAGES.iter().map(|language| words(workplace, *language)).collect()
}

/// What people write instead of the words.
fn synonyms(settings: &Settings) -> Synonyms {
    let written = settings.synonyms.iter();
    Synonyms(written.flat_map(|(key, all)| all.iter().map(|one| (key.get_ref().clone(), one.clone()))).collect())
}

/// The fields of the customers by name, with their headers in every language.
fn fields(dictionary: &Dictionary, language: Language) -> Vec<(Field, Vec<String>)> {
    let table = dictionary.table(&dictionary.customers.table);
    table
        .into_iter()
        .flat_map(|table| &table.fields)
        .map(|field| {
            let label = field.label(language).to_owned();
            let headers = [&field.label, &field.label_en].into_iter().chain(&field.aliases).cloned().collect();
            (Field { name: field.name.clone(), label, code: field.code }, headers)
        })
        .collect()
}

/// The rounds that a day may belong to: the quarter's first.
pub fn periods(day: NaiveDate) -> [Period; 3] {
    [PeriodKind::Quarter, PeriodKind::Month, PeriodKind::Year].map(|kind| Period::containing(kind, day))
}

/// Who gets what is about a department: itself, or the one that stands in.
fn recipient<'w>(workplace: &'w Workplace, department: &str) -> &'w str {
    let config = &workplace.config;
    config.department(department).map_or(&config.fallback_department, |department| &department.name)
}

/// What all rounds say by a day.
///
/// # Errors
/// Where the store cannot be read.
pub async fn returns(connection: &mut SqliteConnection, as_of: NaiveDate) -> Result<Returns, RunError> {
    let answers = verify::store::answers(connection, None).await?;
    Ok(Returns::gather(&answers, as_of))
}

/// The same for a command that only looks.
///
/// # Errors
/// Where the store cannot be read.
pub fn look(workplace: &Workplace, as_of: NaiveDate) -> Result<Returns, RunError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(HistoryError::File)?;
    runtime.block_on(async {
        let mut connection = store::look(&workplace.config.folder).await?;
        returns(&mut connection, as_of).await
    })
}
