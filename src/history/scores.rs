//! Scores and measures in the store: written with their run, read back for comparison, trend and `history scores`.
//!
//! Apart from the runs because these are tens of thousands of rows of one kind. It adds nothing up: what a score is,
//! `model::score` says.

use sqlx::sqlite::{Sqlite, SqliteConnection};
use sqlx::{FromRow, QueryBuilder};

use super::store::HistoryError;
use crate::model::{Dimension, Measure, Measures, Outcome, PersonScore, Score, Scores, Severity, Whose};

/// Rows of one statement: SQLite takes 32766 values.
const ROWS: usize = 1000;

/// Writes the scores of a run into its transaction.
///
/// # Errors
/// Where the database cannot be written.
pub async fn insert(transaction: &mut SqliteConnection, run_id: &str, scores: &Scores) -> Result<(), HistoryError> {
    for lines in scores.lines.chunks(ROWS) {
        let mut query: QueryBuilder<Sqlite> = QueryBuilder::new("insert into score ");
        query.push_values(lines, |mut row, line| {
            let (whose, department) = match &line.whose {
                Whose::Company => ("company", ""),
                Whose::Department(name) => ("department", name.as_str()),
            };
            row.push_bind(run_id)
                .push_bind(whose)
                .push_bind(department)
                .push_bind(line.dimension.as_str())
                .push_bind(line.severity.as_str())
                .push_bind(&line.rule_id)
                .push_bind(&line.table)
                .push_bind(whole(line.tested))
                .push_bind(whole(line.failing))
                .push_bind(line.outcome.as_str());
        });
        query.build().execute(&mut *transaction).await?;
    }
    for lines in scores.people.chunks(ROWS) {
        let mut query: QueryBuilder<Sqlite> = QueryBuilder::new("insert into person_score ");
        query.push_values(lines, |mut row, line| {
            row.push_bind(run_id)
                .push_bind(&line.department)
                .push_bind(&line.person)
                .push_bind(&line.rule_id)
                .push_bind(&line.table)
                .push_bind(whole(line.tested))
                .push_bind(whole(line.failing));
        });
        query.build().execute(&mut *transaction).await?;
    }
    Ok(())
}

/// Writes the measures of a run into its transaction.
///
/// # Errors
/// Where the database cannot be written.
pub async fn insert_measures(
    transaction: &mut SqliteConnection,
    run_id: &str,
    measures: &[Measure],
) -> Result<(), HistoryError> {
    for measures in measures.chunks(ROWS) {
        let mut query: QueryBuilder<Sqlite> = QueryBuilder::new("insert into measure ");
        query.push_values(measures, |mut row, measure| {
            row.push_bind(run_id)
                .push_bind(&measure.table)
                .push_bind(&measure.source)
                .push_bind(&measure.field)
                .push_bind(whole(measure.rows))
                .push_bind(whole(measure.filled));
        });
        query.build().execute(&mut *transaction).await?;
    }
    Ok(())
}

#[derive(FromRow)]
struct Line {
    whose: String,
    department: String,
    dimension: String,
    severity: String,
    rule_id: String,
    table_name: String,
    tested: i64,
    failing: i64,
    outcome: String,
}

#[derive(FromRow)]
struct Person {
    department: String,
    person: String,
    dimension: String,
    severity: String,
    rule_id: String,
    table_name: String,
    tested: i64,
    failing: i64,
}

/// The scores of a run without those of people; empty for a run of an earlier version.
///
/// # Errors
/// Where the database cannot be read.
pub async fn read(connection: &mut SqliteConnection, run_id: &str) -> Result<Scores, HistoryError> {
    // The order of the rules is that of the outcomes, which were written in the order of the rule files.
    let lines: Vec<Line> = sqlx::query_as(
        "select whose, department, score.dimension, severity, score.rule_id, score.table_name, score.tested, \
         score.failing, score.outcome from score left join outcome using (run_id, rule_id, table_name) \
         where run_id = ? order by whose, department, outcome.rowid",
    )
    .bind(run_id)
    .fetch_all(connection)
    .await?;
    let line = |line: Line| {
        Some(Score {
            whose: if line.whose == "company" { Whose::Company } else { Whose::Department(line.department) },
            dimension: Dimension::from_word(&line.dimension)?,
            severity: Severity::from_word(&line.severity)?,
            rule_id: line.rule_id,
            table: line.table_name,
            tested: count(line.tested),
            failing: count(line.failing),
            outcome: Outcome::from_word(&line.outcome)?,
        })
    };
    Ok(Scores { lines: lines.into_iter().filter_map(line).collect(), people: Vec::new() })
}

/// The scores of the people of a run.
///
/// # Errors
/// Where the database cannot be read.
pub async fn read_people(connection: &mut SqliteConnection, run_id: &str) -> Result<Vec<PersonScore>, HistoryError> {
    let people: Vec<Person> = sqlx::query_as(
        "select person_score.department, person, dimension, severity, rule_id, table_name, person_score.tested, \
         person_score.failing from person_score join score using (run_id, rule_id, table_name) \
         where run_id = ? and whose = 'company' order by person_score.department, person, rule_id, table_name",
    )
    .bind(run_id)
    .fetch_all(connection)
    .await?;
    let person = |line: Person| {
        Some(PersonScore {
            department: line.department,
            person: line.person,
            dimension: Dimension::from_word(&line.dimension)?,
            severity: Severity::from_word(&line.severity)?,
            rule_id: line.rule_id,
            table: line.table_name,
            tested: count(line.tested),
            failing: count(line.failing),
        })
    };
    Ok(people.into_iter().filter_map(person).collect())
}

/// What some runs measured, which are given the oldest first.
///
/// # Errors
/// Where the database cannot be read.
pub async fn read_measures(connection: &mut SqliteConnection, run_ids: &[String]) -> Result<Measures, HistoryError> {
    let mut runs = Vec::new();
    for run_id in run_ids {
        let measures: Vec<(String, String, String, i64, i64)> =
            sqlx::query_as("select table_name, source, field, rows, filled from measure where run_id = ?")
                .bind(run_id)
                .fetch_all(&mut *connection)
                .await?;
        let measure = |(table, source, field, rows, filled)| Measure {
            table,
            source,
            field,
            rows: count(rows),
            filled: count(filled),
        };
        runs.push(measures.into_iter().map(measure).collect::<Vec<Measure>>());
    }
    Ok(Measures::new(runs.iter().map(Vec::as_slice)))
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn count(whole: i64) -> u64 {
    u64::try_from(whole).unwrap_or(0)
}
