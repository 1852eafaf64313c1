//! The key figures of analyses in the store: written with their run, read back to be compared with.
//!
//! Apart because a figure is an exact decimal under a word, and nothing here knows what the word means.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use sqlx::sqlite::SqliteConnection;

use super::store::{HistoryError, Run};
use crate::model::Period;

/// The figures of one report: word and value.
pub type Figures = BTreeMap<String, Decimal>;

/// Writes the figures of a run's reports into its transaction.
///
/// # Errors
/// Where the database cannot be written.
pub async fn insert(
    transaction: &mut SqliteConnection,
    run: &Run,
    reports: &[(String, Figures)],
) -> Result<(), HistoryError> {
    for (report, figures) in reports {
        for (figure, value) in figures {
            sqlx::query("insert into analysis_figure values (?, ?, ?, ?, ?, ?)")
                .bind(&run.run_id)
                .bind(&run.job)
                .bind(&run.period)
                .bind(report)
                .bind(figure)
                .bind(value.to_string())
                .execute(&mut *transaction)
                .await?;
        }
    }
    Ok(())
}

/// The last committed run of exactly this period of a job.
///
/// # Errors
/// Where the database cannot be read.
pub async fn run_of(connection: &mut SqliteConnection, job: &str, period: Period) -> Result<Option<Run>, HistoryError> {
    let query = sqlx::query_as(
        "select * from run where job = ? and period = ? and status in ('done', 'partial') \
         order by revision desc limit 1",
    );
    Ok(query.bind(job).bind(period.to_string()).fetch_optional(connection).await?)
}

/// The figures of a run's report; nothing where it has none.
///
/// # Errors
/// Where the database cannot be read.
pub async fn read(
    connection: &mut SqliteConnection,
    run_id: &str,
    report: &str,
) -> Result<Option<Figures>, HistoryError> {
    let query = sqlx::query_as::<_, (String, String)>(
        "select figure, value from analysis_figure where run_id = ? and report = ?",
    );
    let found = query.bind(run_id).bind(report).fetch_all(connection).await?;
    let exact = |(figure, value): (String, String)| Some((figure, Decimal::from_str_exact(&value).ok()?));
    let figures: Figures = found.into_iter().filter_map(exact).collect();
    Ok((!figures.is_empty()).then_some(figures))
}
