//! Rows of the customers by department, run by run.
//!
//! Apart from the rows of tables because departments come and go with the data. It compares nothing.

use std::collections::BTreeMap;

use sqlx::SqliteConnection;

use super::store::{HistoryError, Run};

/// Writes the rows of a run's departments into its transaction.
///
/// # Errors
/// Where the database cannot be written.
pub async fn insert(
    transaction: &mut SqliteConnection,
    run: &Run,
    departments: &[(String, u64)],
) -> Result<(), HistoryError> {
    for (department, rows) in departments {
        sqlx::query("insert into department_row_count values (?, ?, ?)")
            .bind(&run.run_id)
            .bind(department)
            .bind(i64::try_from(*rows).unwrap_or(i64::MAX))
            .execute(&mut *transaction)
            .await?;
    }
    Ok(())
}

/// The rows of a run's departments; none of a run before they were kept.
///
/// # Errors
/// Where the database cannot be read.
pub async fn read(connection: &mut SqliteConnection, run_id: &str) -> Result<BTreeMap<String, u64>, HistoryError> {
    let query =
        sqlx::query_as::<_, (String, i64)>("select department, rows from department_row_count where run_id = ?");
    let counts = query.bind(run_id).fetch_all(connection).await?;
    Ok(counts.into_iter().map(|(department, rows)| (department, u64::try_from(rows).unwrap_or(0))).collect())
}
