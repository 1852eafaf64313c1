//! One connection from its opening to its end: a snapshot, the statements in it one after another, and another try
//! where it broke before there was a row.
//!
//! Apart because all kinds of databases are read by the same steps. A try begins afresh, with a snapshot of its own;
//! once rows have come, there is no other, for they would be of another moment.

use std::future::Future;
use std::time::Duration;

use super::failure::Failure;
use super::narrowed;
use super::{Address, Request};
use crate::config::database::{DatabaseKind, Wanted};
use crate::config::{Feature, statement};
use crate::source::narrow::Column;
use crate::source::narrow::dialect::Dialect;
use crate::source::sheet::Sheet;

/// A connection takes no longer to be made, however long a statement may take.
const CONNECTING: Duration = Duration::from_secs(15);
/// How long to wait before each further try.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(3)];
/// A server that does not keep its own limit is given up this much later.
const GRACE: Duration = Duration::from_secs(5);

/// A read-only transaction on a connection of its own; all its statements see the same moment.
pub trait Session: Sized {
    /// The dialect of its statements.
    const KIND: DatabaseKind;

    /// How narrowing statements are written; nothing where the database is not asked to narrow.
    const DIALECT: Option<&'static Dialect> = None;

    /// A name as a statement has it.
    fn quoted(name: &str) -> String;

    /// Connects and begins the transaction.
    async fn open(address: &Address) -> Result<Self, Failure>;

    /// The rows of a statement, which may take so long. After a failure that does not end the connection, the
    /// transaction goes on.
    async fn rows(&mut self, statement: &str, limit: Duration) -> Result<Sheet, Failure>;

    /// The columns of a statement, once the session is set so that a narrowed one gives its rows in the same order;
    /// nothing where the database cannot narrow.
    async fn columns(&mut self, statement: &str) -> Result<Option<Vec<Column>>, Failure> {
        let _ = statement;
        Ok(None)
    }

    /// Ends transaction and connection.
    async fn close(self);
}

/// Reads all requests by a kind of session: a sheet or a failure for each.
///
/// # Errors
/// Where there is no connection.
pub fn read_by<S: Session>(address: &Address, requests: &[Request]) -> Result<Vec<Result<Sheet, Failure>>, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::of)?;
    runtime.block_on(async {
        for pause in PAUSES {
            match attempt::<S>(address, requests).await {
                Err(failure) if failure.may_pass() => tokio::time::sleep(pause).await,
                result => return result,
            }
        }
        attempt::<S>(address, requests).await
    })
}

/// One try. It fails as a whole where there is no connection, or where it breaks before there is any row.
async fn attempt<S: Session>(
    address: &Address,
    requests: &[Request<'_>],
) -> Result<Vec<Result<Sheet, Failure>>, Failure> {
    let patience = requests.iter().map(|request| request.limit).max().unwrap_or(CONNECTING).min(CONNECTING);
    let mut session = within(patience, S::open(address)).await?;
    let mut sheets: Vec<Result<Sheet, Failure>> = Vec::with_capacity(requests.len());
    for request in requests {
        let read = match statement_of::<S>(request.wanted) {
            Ok(statement) => match request.narrower.filter(|_| Feature::Pushdown.is_built_in()) {
                None => rows_of(&mut session, &statement, request.limit).await,
                Some(narrower) => narrowed::read(&mut session, &statement, request.limit, narrower).await,
            },
            Err(failure) => Err(failure),
        };
        match read {
            Ok(mut sheet) => {
                sheet.name = request.table();
                sheets.push(Ok(sheet));
            }
            Err(failure) if failure.ends_connection() => {
                if failure.may_pass() && !failure.had_rows() && !sheets.iter().any(Result::is_ok) {
                    return Err(failure);
                }
                // on another connection, what is left would be of another moment
                let left = requests.len() - sheets.len() - 1;
                let after = failure.after();
                sheets.push(Err(failure));
                sheets.extend(std::iter::repeat_n(after, left).map(Err));
                return Ok(sheets);
            }
            Err(failure) => sheets.push(Err(failure)),
        }
    }
    session.close().await;
    Ok(sheets)
}

fn statement_of<S: Session>(wanted: &Wanted) -> Result<String, Failure> {
    match wanted {
        Wanted::Query(query) => statement::select(query, Some(S::KIND))
            .map(str::to_owned)
            .map_err(|refusal| Failure::Refused(refusal.message)),
        Wanted::Table(parts) => {
            let quoted: Vec<String> = parts.iter().map(|part| S::quoted(part)).collect();
            Ok(format!("select * from {}", quoted.join(".")))
        }
    }
}

/// The rows of a statement; a server that does not keep its own limit is given up a little later.
pub async fn rows_of<S: Session>(session: &mut S, statement: &str, limit: Duration) -> Result<Sheet, Failure> {
    within(limit + GRACE, session.rows(statement, limit)).await
}

async fn within<T>(limit: Duration, step: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::time::timeout(limit, step).await.unwrap_or(Err(Failure::Silent(limit)))
}
