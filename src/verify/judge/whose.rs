//! Whose row it is: by its token, and without a good one by the customer's code together with his name.
//!
//! Apart because a row that is taken for another customer's does harm: where two signs disagree, it is nobody's, for
//! somebody sorted half a sheet.

use super::bench::Bench;
use crate::folding::fold;
use crate::text;
use crate::text::Text;
use crate::verify::answer::Fate;
use crate::verify::returned::ReturnedRow;
use crate::verify::round::{Batch, Issued};
use crate::verify::token;
use crate::verify::words::plain;

/// The list, and the customer's row on it.
type Found<'a> = (&'a Batch, &'a Issued);

/// The list and the row that a returned row answers.
pub(super) fn whose<'a>(row: &ReturnedRow, bench: &Bench<'a>, notes: &mut Vec<Text>) -> Result<Found<'a>, Fate> {
    let code = fold(&row.code.text);
    match token::read(&row.token.text, bench.company) {
        Some((batch, customer)) => by_token(&batch, &customer, &code, bench, notes),
        None => by_code(row, &code, bench, notes),
    }
}

fn by_token<'a>(
    batch: &str,
    customer: &str,
    code: &str,
    bench: &Bench<'a>,
    notes: &mut Vec<Text>,
) -> Result<Found<'a>, Fate> {
    let mut lists = bench.round.lists.iter();
    let found = lists
        .find(|(list, _)| list.name == batch)
        .and_then(|(list, rows)| rows.iter().find(|row| row.customer == customer).map(|row| (list, row)));
    let Some((list, issued)) = found else {
        let period = bench.period.0;
        return Err(Fate::Ignored(text!(
            "批次 {batch} 不属于 {period}：是以前的核对表；确要补录，请用 --period 指定",
            "list {batch} is not of {period}: an earlier one; name its period with --period to take it in"
        )));
    };
    if !code.is_empty() && code != customer {
        return Err(Fate::Conflict(text!(
            "行标识与编号不是同一客户：可能只排序了部分列",
            "mark and code are of different customers: a part of the columns was sorted alone"
        )));
    }
    newest(bench, list, issued, notes)
}

/// A row of an older version of a list counts as long as the values were not others.
fn newest<'a>(
    bench: &Bench<'a>,
    list: &'a Batch,
    issued: &'a Issued,
    notes: &mut Vec<Text>,
) -> Result<Found<'a>, Fate> {
    let Some((last, now)) = bench.round.row_of(&issued.customer) else { return Ok((list, issued)) };
    if last.name == list.name {
        return Ok((list, issued));
    }
    if now.values != issued.values {
        let batch = &last.name;
        return Err(Fate::Conflict(text!(
            "此表下发后资料已变，已另发 {batch}：请按新表核对",
            "the record has changed since and was issued again in {batch}: verify that one"
        )));
    }
    let batch = &list.name;
    notes.push(text!("用的是较早的 {batch}，内容未变", "an older list, {batch}, with the same values"));
    Ok((list, issued))
}

fn by_code<'a>(row: &ReturnedRow, code: &str, bench: &Bench<'a>, notes: &mut Vec<Text>) -> Result<Found<'a>, Fate> {
    if code.is_empty() {
        return Err(Fate::Ignored(match row.token.text.trim().is_empty() {
            true => text!("没有行标识和编号，认不出客户", "neither mark nor code: nobody can tell whose row it is"),
            false => text!("行标识有误，又没有编号", "the mark is damaged and there is no code"),
        }));
    }
    let Some((list, issued)) = bench.round.row_of(code) else {
        let period = bench.period.0;
        return Err(Fate::Ignored(text!(
            "{period} 的核对表里没有这个编号",
            "no list of {period} has this customer's code"
        )));
    };
    let written = plain(&row.name.text);
    if !written.is_empty() && written != plain(&issued.name) {
        return Err(Fate::Conflict(text!(
            "没有可用的行标识，编号相同而名称不同",
            "without a good mark: the code is known, the name is another one"
        )));
    }
    if written.is_empty() {
        return Err(Fate::Conflict(text!(
            "没有可用的行标识，只有编号，没有名称可核",
            "without a good mark: only a code, and no name to check it by"
        )));
    }
    notes.push(match token::is_meant(&row.token.text) {
        true => text!("行标识有误，按编号和名称认出", "the mark is damaged: told by code and name"),
        false => text!("没有行标识，按编号和名称认出", "without a mark: told by code and name"),
    });
    Ok((list, issued))
}
