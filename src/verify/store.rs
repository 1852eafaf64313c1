//! Where rounds are remembered: lists, rows, answers and files in the database of the runs.
//!
//! Apart because it alone speaks SQL about verification. Lists and answers are only added; what they come to is settled
//! anew each time.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;

use super::answer::{Answer, Place};
use super::round::{Batch, Issued, Round};
use super::words::Answered;
use crate::model::Period;

/// What a row of a list holds beside its names.
#[derive(Default, Serialize, Deserialize)]
struct Facts {
    values: BTreeMap<String, String>,
    shown: BTreeMap<String, String>,
    damaged: Vec<String>,
}

/// SHA-256 in hexadecimal digits.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The customers whom lists, answers or letters name.
///
/// # Errors
/// Where the database cannot be read.
pub async fn customers(connection: &mut SqliteConnection) -> Result<Vec<String>, sqlx::Error> {
    let query = "select customer from verification_row union select customer from verification_answer \
                 union select customer from verification_letter";
    sqlx::query_scalar(query).fetch_all(connection).await
}

/// Takes a customer out of lists, answers and letters.
///
/// # Errors
/// Where the database cannot be written.
pub async fn forget(connection: &mut SqliteConnection, customer: &str) -> Result<(), sqlx::Error> {
    for statement in [
        "delete from verification_row where customer = ?",
        "delete from verification_answer where customer = ?",
        "delete from verification_letter where customer = ?",
    ] {
        sqlx::query(statement).bind(customer).execute(&mut *connection).await?;
    }
    Ok(())
}

/// What tells whether a list is the same as one that was issued before: its rows, values and columns.
pub fn content_hash(rows: &[Issued], columns: &[&str]) -> String {
    let mut text = columns.join("\u{1f}");
    for row in rows {
        text.push_str(&format!("\u{1e}{}\u{1f}{}\u{1f}{}\u{1f}{}", row.customer, row.name, row.owner, facts(row)));
    }
    hash(text.as_bytes())
}

fn facts(row: &Issued) -> String {
    let facts = Facts { values: row.values.clone(), shown: row.shown.clone(), damaged: row.damaged.clone() };
    serde_json::to_string(&facts).unwrap_or_default()
}

fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap_or_default()
}

type BatchRow = (String, String, String, String, i64, String, String, i64, String);

/// The lists of a period with the hash of what is on them, the oldest first.
///
/// # Errors
/// Where the database cannot be read.
pub async fn batches(connection: &mut SqliteConnection, period: &str) -> Result<Vec<(Batch, String)>, sqlx::Error> {
    let rows: Vec<BatchRow> = sqlx::query_as(
        "select batch, period, department, owner, version, issued_on, deadline, withheld, content_hash \
         from verification_batch where period = ? order by rowid",
    )
    .bind(period)
    .fetch_all(connection)
    .await?;
    let batch = |(name, period, department, owner, version, issued_on, deadline, withheld, hash): BatchRow| {
        let batch = Batch {
            name,
            period,
            department,
            owner: Some(owner).filter(|owner| !owner.is_empty()),
            version: u32::try_from(version).unwrap_or(1),
            issued_on: day(&issued_on),
            deadline: day(&deadline),
            withheld: u64::try_from(withheld).unwrap_or(0),
        };
        (batch, hash)
    };
    Ok(rows.into_iter().map(batch).collect())
}

/// Remembers a list that is issued.
///
/// # Errors
/// Where the database cannot be written.
pub async fn insert_batch(
    connection: &mut SqliteConnection,
    batch: &Batch,
    rows: &[Issued],
    content_hash: &str,
) -> Result<(), sqlx::Error> {
    let start = Period::parse(&batch.period).map(|period| period.start().to_string()).unwrap_or_default();
    sqlx::query("insert into verification_batch values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(&batch.name)
        .bind(&batch.period)
        .bind(start)
        .bind(&batch.department)
        .bind(batch.owner.as_deref().unwrap_or_default())
        .bind(i64::from(batch.version))
        .bind(batch.issued_on.to_string())
        .bind(batch.deadline.to_string())
        .bind(i64::try_from(batch.withheld).unwrap_or(i64::MAX))
        .bind(content_hash)
        .execute(&mut *connection)
        .await?;
    for (position, row) in (0_i64..).zip(rows) {
        let facts = facts(row);
        sqlx::query("insert into verification_row values (?, ?, ?, ?, ?, ?, ?)")
            .bind(&batch.name)
            .bind(position)
            .bind(&row.customer)
            .bind(&row.name)
            .bind(&row.owner)
            .bind(&facts)
            .bind(hash(facts.as_bytes()))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// What a period's lists asked and what was answered.
///
/// # Errors
/// Where the database cannot be read.
pub async fn round(connection: &mut SqliteConnection, period: &str) -> Result<Round, sqlx::Error> {
    let mut round = Round::default();
    for (batch, _) in batches(connection, period).await? {
        let rows: Vec<(String, String, String, String)> = sqlx::query_as(
            "select customer, name, owner, facts from verification_row where batch = ? order by position",
        )
        .bind(&batch.name)
        .fetch_all(&mut *connection)
        .await?;
        let issued = |(customer, name, owner, facts): (String, String, String, String)| {
            let Facts { values, shown, damaged } = serde_json::from_str(&facts).unwrap_or_default();
            Issued { customer, name, owner, values, shown, damaged }
        };
        round.lists.push((batch, rows.into_iter().map(issued).collect()));
    }
    let answers = answers(connection, Some(period)).await?;
    round.answers = answers.into_iter().next().map(|(_, answers)| answers).unwrap_or_default();
    Ok(round)
}

#[derive(sqlx::FromRow)]
struct AnswerRow {
    period: String,
    customer: String,
    batch: String,
    answered: String,
    corrections: String,
    checked_on: String,
    method: String,
    checked_by: String,
    remark: String,
    file: String,
    sheet: String,
    row: i64,
    taken_in_on: String,
}

/// Answers by period, the oldest first, and by customer.
pub type Answers = Vec<(String, BTreeMap<String, Vec<Answer>>)>;

/// All answers, or those of one period.
///
/// # Errors
/// Where the database cannot be read.
pub async fn answers(connection: &mut SqliteConnection, period: Option<&str>) -> Result<Answers, sqlx::Error> {
    let rows: Vec<AnswerRow> = sqlx::query_as(
        "select period, customer, batch, answered, corrections, checked_on, method, checked_by, remark, file, sheet, \
         row, taken_in_on from verification_answer where ? = '' or period = ? order by period_start, period, rowid",
    )
    .bind(period.unwrap_or_default())
    .bind(period.unwrap_or_default())
    .fetch_all(connection)
    .await?;
    let mut periods: Answers = Vec::new();
    for row in rows {
        let Some(answered) = Answered::of_key(&row.answered) else { continue };
        let answer = Answer {
            answered,
            corrections: serde_json::from_str(&row.corrections).unwrap_or_default(),
            checked_on: day(&row.checked_on),
            method: row.method,
            checked_by: row.checked_by,
            remark: row.remark,
            batch: row.batch,
            place: Place { file: row.file, sheet: row.sheet, row: u32::try_from(row.row).unwrap_or(0) },
            taken_in_on: day(&row.taken_in_on),
        };
        match periods.last_mut() {
            Some((period, customers)) if *period == row.period => {
                customers.entry(row.customer).or_default().push(answer);
            }
            _ => periods.push((row.period, BTreeMap::from([(row.customer, vec![answer])]))),
        }
    }
    Ok(periods)
}

/// Remembers an answer; says whether it is new.
///
/// # Errors
/// Where the database cannot be written.
pub async fn insert_answer(
    connection: &mut SqliteConnection,
    period: Period,
    customer: &str,
    answer: &Answer,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "insert into verification_answer values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
    )
    .bind(period.to_string())
    .bind(period.start().to_string())
    .bind(customer)
    .bind(&answer.batch)
    .bind(answer.answered.key())
    .bind(serde_json::to_string(&answer.corrections).unwrap_or_default())
    .bind(answer.checked_on.to_string())
    .bind(&answer.method)
    .bind(&answer.checked_by)
    .bind(&answer.remark)
    .bind(&answer.place.file)
    .bind(&answer.place.sheet)
    .bind(i64::from(answer.place.row))
    .bind(answer.taken_in_on.to_string())
    .bind(hash(answer.content().as_bytes()))
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The day on which a file was taken in before.
///
/// # Errors
/// Where the database cannot be read.
pub async fn taken_in(connection: &mut SqliteConnection, hash: &str) -> Result<Option<NaiveDate>, sqlx::Error> {
    let on: Option<String> = sqlx::query_scalar("select taken_in_on from verification_file where hash = ?")
        .bind(hash)
        .fetch_optional(connection)
        .await?;
    Ok(on.map(|on| day(&on)))
}

/// Remembers a file that was taken in: (accepted, ignored, conflicting) rows.
///
/// # Errors
/// Where the database cannot be written.
pub async fn insert_file(
    connection: &mut SqliteConnection,
    (hash, name, period): (&str, &str, &str),
    on: NaiveDate,
    counts: (u64, u64, u64),
) -> Result<(), sqlx::Error> {
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    sqlx::query("insert into verification_file values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing")
        .bind(hash)
        .bind(name)
        .bind(period)
        .bind(on.to_string())
        .bind(count(counts.0))
        .bind(count(counts.1))
        .bind(count(counts.2))
        .execute(connection)
        .await?;
    Ok(())
}

/// The numbers of letters that a period has given out, by customer.
///
/// # Errors
/// Where the database cannot be read.
pub async fn letters(connection: &mut SqliteConnection, period: &str) -> Result<BTreeMap<String, String>, sqlx::Error> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("select customer, number from verification_letter where period = ?")
            .bind(period)
            .fetch_all(connection)
            .await?;
    Ok(rows.into_iter().collect())
}

/// Remembers the number of a letter.
///
/// # Errors
/// Where the database cannot be written.
pub async fn insert_letter(
    connection: &mut SqliteConnection,
    (number, period, customer): (&str, &str, &str),
    on: NaiveDate,
) -> Result<(), sqlx::Error> {
    sqlx::query("insert into verification_letter values (?, ?, ?, ?)")
        .bind(number)
        .bind(period)
        .bind(customer)
        .bind(on.to_string())
        .execute(connection)
        .await?;
    Ok(())
}
