//! Lists out: who is asked about whom in a round, until when, and under which names.
//!
//! Apart because a run and the command issue the same lists. Nothing is written: what is made is handed back.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sqlx::SqliteConnection;

use super::groups::{chosen, groups};
use super::list::List;
use super::made::{IssueError, IssueRequest, Made};
use super::terms::needed_settings;
use crate::dataset::Dataset;
use crate::model::Period;
use crate::pipeline::request::RunError;
use crate::text;
use crate::verify::{self, Batch};
use crate::workplace::Workplace;

/// Makes the lists of a round. `before` are those that were issued, with the hash of what is on them.
///
/// # Errors
/// Where the condition is wrong, there are no customers, or a workbook cannot be written.
pub fn make(
    workplace: &Workplace,
    datasets: &BTreeMap<String, Dataset>,
    before: &[(Batch, String)],
    request: &IssueRequest<'_>,
) -> Result<Vec<Made>, IssueError> {
    let (report, settings) = needed_settings(workplace)?;
    let roles = &workplace.pack.dictionary.customers;
    let table = &roles.table;
    let Some(dataset) = datasets.get(table).filter(|dataset| dataset.whole && dataset.not_concluded.is_none()) else {
        return Err(IssueError::Nothing(text!(
            "客户表没有读全，不下发核对表",
            "the customers were not read whole, so no list is issued"
        )));
    };
    let wanted = request.only.map(|only| chosen(workplace, datasets, only, request.as_of)).transpose()?;
    let groups = groups(workplace, dataset, wanted.as_ref(), request);
    let language = workplace.config.language;
    let names: Vec<String> = groups
        .keys()
        .map(|(department, owner)| match owner {
            Some(owner) => format!("{department}_{owner}"),
            None => department.clone(),
        })
        .collect();
    let files = workplace.templates.attachments(report, language, request.period, &names);
    let deadline = request.deadline.unwrap_or_else(|| deadline(workplace, request.period, settings.deadline));
    let mut made = Vec::new();
    for ((whose, group), name) in groups.into_iter().zip(files) {
        if group.records.is_empty() && group.withheld == 0 {
            continue;
        }
        let list = List { workplace, settings, dataset, request, deadline };
        made.push(list.make(whose, &group, before, name).map_err(IssueError::Write)?);
    }
    Ok(made)
}

/// The last day for the return: so many working days before the last one of the period.
fn deadline(workplace: &Workplace, period: Period, days: u16) -> NaiveDate {
    let mut left = i32::from(days);
    let mut day = period.end();
    while let Some(before) = day.pred_opt().filter(|before| *before >= period.start()) {
        if workplace.calendar.is_working_day(day) {
            if left == 0 {
                return day;
            }
            left -= 1;
        }
        day = before;
    }
    day
}

/// Remembers lists that were not issued before.
///
/// # Errors
/// Where the store cannot be written.
pub async fn remember(connection: &mut SqliteConnection, made: &[Made]) -> Result<(), RunError> {
    for list in made.iter().filter(|list| list.is_new) {
        verify::store::insert_batch(connection, &list.batch, &list.rows, &list.content_hash).await?;
    }
    Ok(())
}
