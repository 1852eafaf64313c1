//! Verification in the sentence: lists issued from what was read, returns taken in, and what they say fed to the next run.
//!
//! Apart because lists live between runs. What a list looks like and how returns are settled, `verify` knows; here data,
//! configuration and store are handed to it.

mod corrections;
mod feed;
mod issue;
mod progress;
mod take_in;

use chrono::NaiveDate;
use sqlx::SqliteConnection;

pub use feed::{TABLE as FED, apply, waiting};
pub use issue::{By, IssueError, IssueRequest, Made, letters, make, remember};
pub use progress::{OfRun, Status, of_run, status};
pub use take_in::{TakeIn, TakenFile, TakenIn, folder, take_in};

use super::request::RunError;
use crate::dictionary::Dictionary;
use crate::history::store::{self, HistoryError};
use crate::model::{Period, PeriodKind};
use crate::report::verification::Settings;
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
