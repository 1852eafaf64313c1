//! A session that is asked to narrow: whether it is worth it, what it is asked, and all rows where it does not take that.
//!
//! Apart from the session because most statements are read whole. What is asked is made by [`crate::source::narrow`].

use std::time::Duration;

use super::failure::Failure;
use super::session::{Session, rows_of};
use crate::config::database::Wanted;
use crate::config::{Evaluate, Location, statement as statements};
use crate::source::narrow::{Asked, Counted, Inner, Narrower, assemble};
use crate::source::sheet::{Sheet, SheetBody};
use crate::text;
use crate::text::Text;

/// With fewer rows, reading all of them takes no time.
const LARGE: u64 = 200_000;

/// The rows of a statement as far as they are wanted.
///
/// # Errors
/// Where they cannot be read.
pub async fn read<S: Session>(
    session: &mut S,
    statement: &str,
    limit: Duration,
    narrower: Narrower<'_>,
) -> Result<Sheet, Failure> {
    let is_wanted = match narrower.source.evaluate {
        Evaluate::Database => true,
        // a statement may be slow: whether it is asked three times is its author's word
        Evaluate::Auto => is_table(&narrower) && is_large(session, statement, limit).await?,
        Evaluate::Here | Evaluate::Spark => false,
    };
    if !is_wanted {
        return rows_of(session, statement, limit).await;
    }
    let asked = match (S::DIALECT, session.columns(statement).await?) {
        (Some(dialect), Some(columns)) => {
            let is_sorted = statements::is_sorted(statement, S::KIND);
            narrower.asked(dialect, Inner { text: statement, is_sorted, has_places: false }, columns)
        }
        _ => Asked::Whole(text!("此数据库不能筛选", "this database cannot narrow")),
    };
    let narrowed = match &asked {
        Asked::Whole(reason) => return whole(session, statement, limit, reason).await,
        Asked::Columns(columns) => rows_of(session, columns, limit).await.map(|mut sheet| {
            sheet.remarks.push(text!(
                "由数据库筛选：用不到的列没有取回",
                "narrowed by the database: columns that are not used stayed there"
            ));
            sheet
        }),
        Asked::Rows(suspects, counted) => match rows_of(session, suspects, limit).await {
            Ok(suspects) => {
                let counts = rows_of(session, counted.statement(), limit).await;
                let joined = |counts: Sheet| match counted {
                    Counted::Rest(_) => assemble::joined(suspects, &counts, false),
                    Counted::All(_) => assemble::joined(suspects, &counts, true),
                    Counted::Flags(_, key) => assemble::flagged(suspects, &counts, *key),
                };
                counts.and_then(|counts| joined(counts).map_err(Failure::of))
            }
            Err(failure) => Err(failure),
        },
    };
    match narrowed {
        Err(Failure::Said(said)) => {
            let reason = text!("数据库不接受筛选语句：{said}", "the database does not take the statement: {said}");
            whole(session, statement, limit, &reason).await
        }
        narrowed => narrowed,
    }
}

/// All rows, and why not fewer.
async fn whole<S: Session>(session: &mut S, statement: &str, limit: Duration, reason: &Text) -> Result<Sheet, Failure> {
    let mut sheet = rows_of(session, statement, limit).await?;
    let Text { zh, en } = reason;
    sheet
        .remarks
        .push(text!("没有由数据库筛选，整表读取：{zh}", "not narrowed by the database, all of it was read: {en}"));
    Ok(sheet)
}

/// Whether a statement gives many rows; no more are counted than it takes to know.
async fn is_large<S: Session>(session: &mut S, statement: &str, limit: Duration) -> Result<bool, Failure> {
    if S::DIALECT.is_none() {
        return Ok(false);
    }
    let counted = format!("select count(*) as n from (select 1 as one from (\n{statement}\n) q limit {LARGE}) c");
    match rows_of(session, &counted, limit).await {
        Ok(sheet) => Ok(single(&sheet).is_some_and(|count| count >= LARGE)),
        Err(Failure::Said(_)) => Ok(false),
        Err(failure) => Err(failure),
    }
}

fn is_table(narrower: &Narrower) -> bool {
    matches!(&narrower.source.location, Location::Database(database) if matches!(database.wanted, Wanted::Table(_)))
}

/// The number in the only cell of a result.
fn single(sheet: &Sheet) -> Option<u64> {
    let SheetBody::Grid(columns) = &sheet.body else { return None };
    columns.first()?.values.get(1)?.parse().ok()
}
