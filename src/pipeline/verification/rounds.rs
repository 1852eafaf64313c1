//! Rounds of verification: those that a day may belong to, and what all of them say by a day.
//!
//! Apart because a run starts from them and the command names them. What answers come to, `verify` knows.

use chrono::NaiveDate;
use sqlx::SqliteConnection;

use crate::history::store::{self, HistoryError};
use crate::model::{Period, PeriodKind};
use crate::pipeline::request::RunError;
use crate::verify::{self, Returns};
use crate::workplace::Workplace;

/// The rounds that a day may belong to: the quarter's first.
pub fn periods(day: NaiveDate) -> [Period; 3] {
    [PeriodKind::Quarter, PeriodKind::Month, PeriodKind::Year].map(|kind| Period::containing(kind, day))
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
