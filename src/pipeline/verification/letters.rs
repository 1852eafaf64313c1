//! Letters to the customers of a list, with numbers of their own.
//!
//! Apart because a letter leaves the company on paper: a customer who has a number keeps it, and important ones are
//! asked for an answer in any case.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::SqliteConnection;

use super::groups::chosen;
use super::list::contact;
use super::made::{IssueError, IssueRequest, Made};
use super::terms::{fields, needed_settings, words};
use crate::dataset::Dataset;
use crate::pipeline::request::RunError;
use crate::report::Attachment;
use crate::verify::{self, Field, Letters, Tone};
use crate::workplace::Workplace;

/// The letters to the customers of a list, with their numbers: those that have one keep it.
///
/// # Errors
/// Where the condition for the positive form has a mistake or the workbook cannot be written.
pub fn letters(
    workplace: &Workplace,
    datasets: &BTreeMap<String, Dataset>,
    list: &Made,
    numbers: &mut BTreeMap<String, String>,
    request: &IssueRequest<'_>,
) -> Result<Attachment, IssueError> {
    let (_, settings) = needed_settings(workplace)?;
    let table = &workplace.pack.dictionary.customers.table;
    let important = chosen(workplace, datasets, settings.positive.get_ref(), request.as_of)?;
    let dataset = datasets.get(table);
    let important: BTreeSet<&str> =
        dataset.into_iter().flat_map(|dataset| important.iter().map(move |record| dataset.key_at(*record))).collect();
    let language = workplace.config.language;
    let words = words(workplace, language);
    let period = request.period.to_string();
    let mut letters = Vec::new();
    for row in &list.rows {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX) + 1;
        let number =
            numbers.entry(row.customer.clone()).or_insert_with(|| verify::letter_number(&words, &period, next)).clone();
        let tone = if important.contains(row.customer.as_str()) { Tone::Positive } else { Tone::Negative };
        letters.push((number, tone, row));
    }
    let all = fields(&workplace.pack.dictionary, language);
    let asked: Vec<Field> = settings
        .fields
        .iter()
        .filter_map(|name| all.iter().find(|(field, _)| field.name == *name.get_ref()))
        .map(|(field, _)| field.clone())
        .filter(|field| list.rows.first().is_some_and(|row| row.values.contains_key(&field.name)))
        .collect();
    let bytes = verify::write_letters(&Letters {
        company: &workplace.config.company,
        language,
        words: &words,
        day: request.as_of,
        reply_by: list.batch.deadline,
        contact: &contact(workplace),
        asked: &asked,
        letters: &letters,
    })
    .map_err(IssueError::Write)?;
    let name = format!("{}_{}", words.get("letter"), list.attachment.name);
    Ok(Attachment::new(name, bytes))
}

/// Remembers the numbers that were given out just now.
///
/// # Errors
/// Where the store cannot be written.
pub async fn remember_numbers(
    connection: &mut SqliteConnection,
    before: &BTreeMap<String, String>,
    numbers: &BTreeMap<String, String>,
    request: &IssueRequest<'_>,
) -> Result<(), RunError> {
    let period = request.period.to_string();
    for (customer, number) in numbers.iter().filter(|(customer, _)| !before.contains_key(*customer)) {
        let letter = (number.as_str(), period.as_str(), customer.as_str());
        verify::store::insert_letter(connection, letter, request.as_of).await?;
    }
    Ok(())
}
