//! The delivery ledger in the history database: one row a recipient, and the bytes that wait to be sent.
//!
//! Apart because every change of state goes through one statement that names the state it came from. It knows no
//! transport, and no clock but the moment that it is given.

use chrono::{DateTime, FixedOffset, SecondsFormat};
use sqlx::{Connection as _, SqliteConnection};

use super::again::Earlier;
use super::delivery::{Delivery, Filter, Key, NewDelivery, Settled};
use super::state::{Event, NotAllowed, Standing, State};
use crate::text;
use crate::text::Text;

/// What can go wrong with the ledger.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database.
    #[error("the delivery ledger: {0}")]
    Database(#[from] sqlx::Error),
    /// No delivery has this number.
    #[error("no delivery has the number {0}")]
    NotThere(i64),
    /// It is in a state that this cannot follow.
    #[error("delivery {id}: {cause}")]
    NotAllowed {
        /// The delivery.
        id: i64,
        /// The state, and what was to happen.
        cause: NotAllowed,
    },
    /// Somebody else changed it in the meantime.
    #[error("delivery {0} was changed by somebody else in the meantime")]
    Moved(i64),
    /// There is no mail of this job and period, or of this report.
    #[error("there are no mails of {job} {period}")]
    NoneOf {
        /// The job.
        job: String,
        /// The period.
        period: String,
    },
    /// The draft of a held mail has not reached the one who approves, as far as is known; or there is none.
    #[error("delivery {id}: the draft has not arrived")]
    NotSeen {
        /// The held mail.
        id: i64,
        /// Its draft, with its state.
        draft: Option<(i64, State)>,
    },
}

impl StoreError {
    /// The error for people.
    pub fn text(&self) -> Text {
        match self {
            StoreError::Database(error) => text!("发件箱数据库出错：{error}", "the delivery ledger: {error}"),
            StoreError::NotThere(id) => text!("没有编号为 {id} 的邮件", "no delivery has the number {id}"),
            StoreError::NotAllowed { id, cause: NotAllowed { state: State::Held, .. } } => text!(
                "第 {id} 封等待批准（held）：批准用 hedui outbox release 任务 周期，撤回用 hedui outbox drop {id}",
                "delivery {id} is held for approval: hedui outbox release JOB PERIOD approves, hedui outbox drop {id} \
                 withdraws"
            ),
            StoreError::NotAllowed { id, cause } => {
                let state = cause.state;
                text!(
                    "第 {id} 封处于 {state} 状态，不能这样处理",
                    "delivery {id} is {state}: this cannot be done to it"
                )
            }
            StoreError::NoneOf { job, period } => text!(
                "没有任务 {job} {period} 的邮件，见 hedui outbox list",
                "there are no mails of {job} {period}, see hedui outbox list"
            ),
            StoreError::NotSeen { id, draft: Some((draft, state)) } => text!(
                "第 {id} 封不能放行：送审稿（第 {draft} 封）还没有送达（{state}）；请先 hedui outbox send 或 retry {draft}，\
                 已用其他方式送审的可 hedui outbox drop {draft}",
                "delivery {id} cannot be released: its draft (delivery {draft}) has not arrived ({state}); send or retry \
                 that one, or drop it if it was shown in another way"
            ),
            StoreError::NotSeen { id, draft: None } => text!(
                "第 {id} 封不能放行：这一内容没有送审过；请不带 --only-to 重新运行该期",
                "delivery {id} cannot be released: this content was never sent for approval; run its period again, \
                 without --only-to"
            ),
            StoreError::Moved(id) => {
                text!("第 {id} 封刚被别的程序改动，请重试", "delivery {id} was changed in the meantime: try again")
            }
        }
    }
}

/// Adds a mail, within the transaction that stores its run.
pub async fn enqueue(tx: &mut SqliteConnection, new: &NewDelivery) -> Result<i64, StoreError> {
    let created_at = written(new.created_at);
    let id = sqlx::query(
        "insert into delivery (run_id, job, report, period, revision, department, recipient, state, message_id, \
         content_hash, file, created_at, changed_at, person, draft, part, parts, secrecy, files, last_reply) \
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&new.run_id)
    .bind(&new.job)
    .bind(&new.report)
    .bind(&new.period)
    .bind(new.revision)
    .bind(&new.department)
    .bind(&new.recipient)
    .bind(Standing::new(new.held.is_some()).state.as_str())
    .bind(&new.message_id)
    .bind(&new.content_hash)
    .bind(&new.file)
    .bind(&created_at)
    .bind(&created_at)
    .bind(&new.person)
    .bind(new.is_draft)
    .bind(new.part.0)
    .bind(new.part.1)
    .bind(&new.secrecy)
    .bind(serde_json::to_string(&new.files).unwrap_or_else(|_| "[]".to_owned()))
    .bind(new.held.as_deref().unwrap_or_default())
    .execute(&mut *tx)
    .await?
    .last_insert_rowid();
    sqlx::query("insert into delivery_message (delivery_id, message) values (?, ?)")
        .bind(id)
        .bind(&new.message)
        .execute(tx)
        .await?;
    Ok(id)
}

/// The ledger, oldest first.
pub async fn list(connection: &mut SqliteConnection, filter: &Filter) -> Result<Vec<Delivery>, StoreError> {
    let mut all: Vec<Delivery> = sqlx::query_as(
        "select * from delivery where job = coalesce(?, job) and run_id = coalesce(?, run_id) \
         and period = coalesce(?, period) and report = coalesce(?, report) order by id",
    )
    .bind(&filter.job)
    .bind(&filter.run_id)
    .bind(&filter.period)
    .bind(&filter.report)
    .fetch_all(connection)
    .await?;
    all.retain(|delivery| filter.states.is_empty() || filter.states.contains(&delivery.state));
    Ok(all)
}

/// One delivery.
pub async fn show(connection: &mut SqliteConnection, id: i64) -> Result<Delivery, StoreError> {
    let found = sqlx::query_as("select * from delivery where id = ?").bind(id).fetch_optional(connection).await?;
    found.ok_or(StoreError::NotThere(id))
}

/// The bytes of a delivery, as long as they are kept.
pub async fn message(connection: &mut SqliteConnection, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let query = sqlx::query_scalar("select message from delivery_message where delivery_id = ?");
    Ok(query.bind(id).fetch_optional(connection).await?)
}

/// What waits to be sent, oldest first; `early` does not wait for the moment of the next try.
pub async fn due(
    connection: &mut SqliteConnection,
    now: DateTime<FixedOffset>,
    early: bool,
) -> Result<Vec<Delivery>, StoreError> {
    let filter = Filter { states: vec![State::Planned, State::Deferred], ..Filter::default() };
    let mut waiting = list(connection, &filter).await?;
    waiting.retain(|delivery| early || delivery.standing().is_due(now));
    Ok(waiting)
}

/// How many mails should have arrived and did not, as far as is known: exit code 4 where it is not 0.
pub async fn undelivered(connection: &mut SqliteConnection, run_id: Option<&str>) -> Result<usize, StoreError> {
    let filter = Filter { run_id: run_id.map(str::to_owned), ..Filter::default() };
    Ok(list(connection, &filter).await?.iter().filter(|delivery| delivery.state.is_undelivered()).count())
}

/// How many mails were handed to a server since a moment, as far as is known.
pub async fn handed_over_since(
    connection: &mut SqliteConnection,
    moment: DateTime<FixedOffset>,
) -> Result<usize, StoreError> {
    // the one comparison of moments that is left to the database: it may be a long ledger
    let count: i64 = sqlx::query_scalar(
        "select count(*) from delivery where state in ('accepted', 'unknown', 'sending') \
         and julianday(changed_at) > julianday(?)",
    )
    .bind(written(moment))
    .fetch_one(connection)
    .await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Notes why a mail still waits; its state stays what it is.
pub async fn remark(connection: &mut SqliteConnection, id: i64, words: &str) -> Result<(), StoreError> {
    let query = "update delivery set last_reply = ? where id = ? and state in ('planned', 'deferred')";
    sqlx::query(query).bind(words).bind(id).execute(connection).await?;
    Ok(())
}

/// What was queued before under the same key, oldest first.
pub async fn earlier(connection: &mut SqliteConnection, key: &Key<'_>) -> Result<Vec<Earlier>, StoreError> {
    let rows: Vec<Delivery> = sqlx::query_as(
        "select * from delivery where job = ? and report = ? and period = ? and department = ? and person = ? \
         and draft = ? and recipient = ? collate nocase order by id",
    )
    .bind(key.job)
    .bind(key.report)
    .bind(key.period)
    .bind(key.department)
    .bind(key.person)
    .bind(key.is_draft)
    .bind(key.recipient.trim())
    .fetch_all(connection)
    .await?;
    let short = |row: Delivery| Earlier { id: row.id, state: row.state, content_hash: row.content_hash };
    Ok(rows.into_iter().map(short).collect())
}

/// Makes every commit wait for the disk. It fails within a transaction, where a delivery could not be committed as
/// *sending* before its bytes go out.
pub async fn make_durable(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query("pragma synchronous = extra").execute(connection).await?;
    Ok(())
}

/// Commits that the bytes go out next. After a kill, [`recover`] finds it so.
pub async fn mark_sending(
    connection: &mut SqliteConnection,
    id: i64,
    before: Standing,
    now: DateTime<FixedOffset>,
) -> Result<Standing, StoreError> {
    change(connection, id, before, Event::Begin, None, now).await
}

/// Commits how a try ended.
pub async fn settle(
    connection: &mut SqliteConnection,
    id: i64,
    settled: &Settled<'_>,
    now: DateTime<FixedOffset>,
) -> Result<Standing, StoreError> {
    change(connection, id, settled.before, settled.event, Some(settled.words), now).await
}

/// Turns what a killed process left in *sending* into *unknown*: how many. Only for whoever holds the lock.
pub async fn recover(
    connection: &mut SqliteConnection,
    words: &str,
    now: DateTime<FixedOffset>,
) -> Result<usize, StoreError> {
    let left = list(connection, &Filter { states: vec![State::Sending], ..Filter::default() }).await?;
    for delivery in &left {
        change(connection, delivery.id, delivery.standing(), Event::Lose, Some(words), now).await?;
    }
    Ok(left.len())
}

/// Plans a refused, deferred or unknown mail for now: the word of a person, who has looked where it is unknown.
pub async fn retry(connection: &mut SqliteConnection, id: i64, now: DateTime<FixedOffset>) -> Result<(), StoreError> {
    let before = show(connection, id).await?.standing();
    change(connection, id, before, Event::Retry, None, now).await.map(|_| ())
}

/// Approves a held mail, as it was rendered; who did is kept with it.
pub async fn release(
    connection: &mut SqliteConnection,
    id: i64,
    by: &str,
    now: DateTime<FixedOffset>,
) -> Result<(), StoreError> {
    let before = show(connection, id).await?.standing();
    change(connection, id, before, Event::Release, Some(""), now).await?;
    sqlx::query("update delivery set released_by = ?, released_at = ? where id = ?")
        .bind(by)
        .bind(written(now))
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Gives a mail up, for a reason that the ledger keeps.
pub async fn drop(
    connection: &mut SqliteConnection,
    id: i64,
    why: &str,
    now: DateTime<FixedOffset>,
) -> Result<(), StoreError> {
    let before = show(connection, id).await?.standing();
    change(connection, id, before, Event::Drop, Some(why), now).await.map(|_| ())
}

/// The one statement that changes a state: only if the row still stands as the caller saw it.
async fn change(
    connection: &mut SqliteConnection,
    id: i64,
    before: Standing,
    event: Event,
    words: Option<&str>,
    now: DateTime<FixedOffset>,
) -> Result<Standing, StoreError> {
    let after = before.after(event, now).map_err(|cause| StoreError::NotAllowed { id, cause })?;
    let mut tx = connection.begin().await?;
    let changed = sqlx::query(
        "update delivery set state = ?, attempts = ?, next_try_at = ?, last_reply = coalesce(?, last_reply), \
         in_doubt_since = case when ? then changed_at else in_doubt_since end, changed_at = ? \
         where id = ? and state = ? and attempts = ?",
    )
    .bind(after.state.as_str())
    .bind(after.attempts)
    .bind(after.next_try_at.map(written).unwrap_or_default())
    .bind(words)
    .bind(before.state == State::Unknown && event == Event::Drop) // it may have arrived: the register keeps when
    .bind(written(now))
    .bind(id)
    .bind(before.state.as_str())
    .bind(before.attempts)
    .execute(&mut *tx)
    .await?
    .rows_affected();
    if changed != 1 {
        return Err(StoreError::Moved(id));
    }
    if after.state.is_final() {
        sqlx::query("delete from delivery_message where delivery_id = ?").bind(id).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(after)
}

fn written(moment: DateTime<FixedOffset>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, false)
}
