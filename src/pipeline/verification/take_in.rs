//! Returns in: files read, corrections asked of the rules, answers remembered, and the record written.
//!
//! Apart because it is the one place where a return becomes something that counts. Nothing is written into a source.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use sqlx::{Connection, SqliteConnection};
use tokio::runtime::Runtime;

use super::taken_file::{TakenFile, read};
use super::{corrections, record};
use crate::dataset::Dataset;
use crate::model::Period;
use crate::pipeline::request::RunError;
use crate::text;
use crate::text::Text;
use crate::verify::{self, Round};
use crate::workplace::Workplace;

/// What is to be taken in.
pub struct TakeIn<'t> {
    /// The files.
    pub files: &'t [PathBuf],
    /// The rounds that a file may belong to, the likeliest first.
    pub periods: &'t [Period],
    /// Today.
    pub as_of: NaiveDate,
}

/// What came of it.
pub struct TakenIn {
    /// The files, in the order of the command line.
    pub files: Vec<TakenFile>,
    /// What was written.
    pub written: Vec<PathBuf>,
}

/// Takes returned files in. Rules run outside of the runtime: their engine has one of its own.
///
/// # Errors
/// Where no list was issued in these periods, or store and record cannot be written.
pub fn take_in(
    workplace: &Workplace,
    datasets: &BTreeMap<String, Dataset>,
    request: &TakeIn<'_>,
    connection: &mut SqliteConnection,
    runtime: &Runtime,
) -> Result<Result<TakenIn, Text>, RunError> {
    let mut rounds: Vec<(Period, Round)> = Vec::new();
    for period in request.periods {
        let round = runtime.block_on(verify::store::round(connection, &period.to_string()))?;
        if !round.lists.is_empty() {
            rounds.push((*period, round));
        }
    }
    if rounds.is_empty() {
        let asked: Vec<String> = request.periods.iter().map(Period::to_string).collect();
        let asked = asked.join(", ");
        return Ok(Err(text!(
            "{asked} 没有下发过核对表；以前各期的请用 --period 指定",
            "no list was issued for {asked}; name an earlier period with --period"
        )));
    }
    let mut taken: Vec<TakenFile> =
        request.files.iter().map(|path| read(path, workplace, &rounds, request.as_of)).collect();
    for file in &mut taken {
        file.before = runtime.block_on(verify::store::taken_in(connection, &file.hash))?;
    }
    let rows = taken.iter_mut().flat_map(|file| &mut file.rows);
    corrections::check(workplace, datasets, request.as_of, rows);
    runtime.block_on(commit(&mut taken, &mut rounds, request.as_of, connection))?;
    let mut written = Vec::new();
    for (period, round) in &rounds {
        let files: Vec<&TakenFile> = taken.iter().filter(|file| file.period == period.to_string()).collect();
        if !files.is_empty() {
            written.extend(record::write(workplace, datasets, *period, round, &files, request.as_of)?);
        }
    }
    Ok(Ok(TakenIn { files: taken, written }))
}

/// Remembers files and answers in one transaction, and says what each row is worth beside all others.
async fn commit(
    taken: &mut [TakenFile],
    rounds: &mut [(Period, Round)],
    as_of: NaiveDate,
    connection: &mut SqliteConnection,
) -> Result<(), RunError> {
    let mut transaction = connection.begin().await?;
    for (period, round) in rounds {
        let name = period.to_string();
        for file in taken.iter_mut().filter(|file| file.period == name && file.error.is_none()) {
            remember(file, *period, round, &mut transaction).await?;
        }
        for row in taken.iter_mut().filter(|file| file.period == name).flat_map(|file| &mut file.rows) {
            verify::weigh(row, round);
        }
    }
    for file in taken.iter().filter(|file| file.error.is_none()) {
        let id = (file.hash.as_str(), file.name.as_str(), file.period.as_str());
        verify::store::insert_file(&mut transaction, id, as_of, file.counts()).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Adds a file's answers to the store and to the round.
async fn remember(
    file: &mut TakenFile,
    period: Period,
    round: &mut Round,
    transaction: &mut SqliteConnection,
) -> Result<(), RunError> {
    for row in &mut file.rows {
        let Some(answer) = row.answer.clone() else { continue };
        if verify::store::insert_answer(transaction, period, &row.customer, &answer).await? {
            round.answers.entry(row.customer.clone()).or_default().push(answer);
        } else {
            row.notes.push(text!("以前已收到同样的结果，不重复计", "received before: it counts once"));
        }
    }
    Ok(())
}
