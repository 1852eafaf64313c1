//! One returned row, judged: accepted, left aside with its reason, or in conflict with its reason.
//!
//! Apart because here it is decided what a row may count for. A blank result is never 无误; a row whose mark and code
//! disagree is nobody's, for somebody sorted half a sheet. It knows the round and no file.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::returned::{Cell, ReturnedRow};
use super::round::{Batch, Field, Issued, Round};
use super::token;
use super::words::{Answered, Synonyms, Words, plain};
use crate::dataset::typing;
use crate::folding::fold;
use crate::text;
use crate::text::Text;

/// The name of corrections that belong to no column of the list.
pub const OTHER: &str = "*";

/// What one row says about one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The result.
    pub answered: Answered,
    /// By field: the new value.
    pub corrections: BTreeMap<String, String>,
    /// The day of the verification.
    pub checked_on: NaiveDate,
    /// How it was verified.
    pub method: String,
    /// Who verified.
    pub checked_by: String,
    /// What else was written.
    pub remark: String,
    /// The list that the row belongs to.
    pub batch: String,
    /// Where it stood: file, sheet and row.
    pub place: (String, String, u32),
    /// When it was taken in.
    pub taken_in_on: NaiveDate,
}

impl Answer {
    /// What it says, without where it stood and when it was read: the same again is the same answer.
    pub fn content(&self) -> String {
        let corrections: Vec<String> =
            self.corrections.iter().map(|(field, value)| format!("{field}\u{1e}{value}")).collect();
        let parts = [
            self.answered.key(),
            &self.checked_on.to_string(),
            &corrections.join("\u{1d}"),
            &self.method,
            &self.checked_by,
            &self.remark,
        ];
        parts.join("\u{1f}")
    }
}

/// How a row ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It counts.
    Accepted,
    /// It does not, and why; nothing to worry about where it is only blank.
    Ignored(Text),
    /// It contradicts something, and what.
    Conflict(Text),
}

/// A row with its end.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The customer; empty where the row is nobody's.
    pub customer: String,
    /// File, sheet and row.
    pub place: (String, String, u32),
    /// How it ended.
    pub fate: Fate,
    /// Whether nothing was filled in.
    pub is_blank: bool,
    /// What it says; nothing where it says nothing that counts.
    pub answer: Option<Answer>,
    /// What the reader should know of an accepted row.
    pub notes: Vec<Text>,
}

/// What rows are judged by.
pub struct Bench<'a> {
    /// The company, which is part of every token.
    pub company: &'a str,
    /// The period of the round, its first and its last day.
    pub period: (&'a str, NaiveDate, NaiveDate),
    /// Today.
    pub as_of: NaiveDate,
    /// What was issued.
    pub round: &'a Round,
    /// The words in every language.
    pub words: &'a [Words],
    /// What people write instead.
    pub synonyms: &'a Synonyms,
    /// All fields of the customers, by name, with every header.
    pub fields: &'a [(Field, Vec<String>)],
    /// The field with the customer's name.
    pub name: &'a str,
}

/// Judges a returned row.
pub fn judge(row: &ReturnedRow, file: &str, bench: &Bench<'_>) -> Judged {
    let place = (file.to_owned(), row.sheet.clone(), row.row);
    let ended = |customer: &str, fate| Judged {
        customer: customer.to_owned(),
        place: place.clone(),
        fate,
        is_blank: false,
        answer: None,
        notes: Vec::new(),
    };
    let mut notes = Vec::new();
    let (batch, issued) = match whose(row, bench, &mut notes) {
        Ok(found) => found,
        Err(fate) => return ended(&fold(&row.code.text), fate),
    };
    let customer = issued.customer.as_str();
    let moved = moved_cells(row, issued, bench, &mut notes);
    if plain(&row.result.text).is_empty() {
        let filled = [&row.changed, &row.corrected, &row.checked_on].iter().any(|cell| !cell.text.trim().is_empty());
        let reason = match (filled, moved.is_empty()) {
            (true, _) => text!("核对结果空白，其余已填：请补结果", "no result, though other cells are filled: add it"),
            (false, false) => text!("核对结果空白，而锁定的内容被改动", "no result, and locked cells were changed"),
            (false, true) => text!("未核对：核对结果空白", "not verified: the result is blank"),
        };
        return Judged { is_blank: !filled && moved.is_empty(), ..ended(customer, Fate::Ignored(reason)) };
    }
    let Some(mut answered) = bench.synonyms.read(&row.result.text, bench.words) else {
        let reason = text!(
            "核对结果看不懂（“同上”之类不作数）：请从下拉列表选一项",
            "the result is none of the list's (`same as above` does not count): choose one"
        );
        return ended(customer, Fate::Ignored(reason));
    };
    let checked_on = match day(&row.checked_on.text, bench) {
        Ok((day, note)) => {
            notes.extend(note);
            day
        }
        Err(reason) => return ended(customer, Fate::Ignored(reason)),
    };
    let mut corrections = match corrections(row, issued, answered, bench, &mut notes) {
        Ok(corrections) => corrections,
        Err(reason) => return ended(customer, Fate::Conflict(reason)),
    };
    if !moved.is_empty() && answered.verifies() {
        answered = Answered::Changed;
        for (field, value) in moved {
            corrections.entry(field).or_insert(value);
        }
    }
    let checked_by = fold(&row.checked_by.text).into_owned();
    if checked_by.is_empty() {
        notes.push(text!("没有写核对人", "nobody is named as having verified"));
    }
    let answer = Answer {
        answered,
        corrections,
        checked_on,
        method: fold(&row.method.text).into_owned(),
        checked_by,
        remark: fold(&row.remark.text).into_owned(),
        batch: batch.name.clone(),
        place: place.clone(),
        taken_in_on: bench.as_of,
    };
    Judged { answer: Some(answer), notes, ..ended(customer, Fate::Accepted) }
}

/// The list and the row that a returned row answers: by its token, then by the customer's code with his name.
fn whose<'a>(row: &ReturnedRow, bench: &Bench<'a>, notes: &mut Vec<Text>) -> Result<(&'a Batch, &'a Issued), Fate> {
    let code = fold(&row.code.text);
    let period = bench.period.0;
    if let Some((batch, customer)) = token::read(&row.token.text, bench.company) {
        let found = bench
            .round
            .lists
            .iter()
            .find(|(list, _)| list.name == batch)
            .and_then(|(list, rows)| rows.iter().find(|row| row.customer == customer).map(|row| (list, row)));
        let Some((list, issued)) = found else {
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
        return newest(bench, list, issued, notes);
    }
    if code.is_empty() {
        return Err(Fate::Ignored(match row.token.text.trim().is_empty() {
            true => text!("没有行标识和编号，认不出客户", "neither mark nor code: nobody can tell whose row it is"),
            false => text!("行标识有误，又没有编号", "the mark is damaged and there is no code"),
        }));
    }
    let Some((list, issued)) = bench.round.row_of(&code) else {
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

/// A row of an older version of a list counts as long as the values were not others.
fn newest<'a>(
    bench: &Bench<'a>,
    list: &'a Batch,
    issued: &'a Issued,
    notes: &mut Vec<Text>,
) -> Result<(&'a Batch, &'a Issued), Fate> {
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

/// Locked cells that say something else now: proposals, by field.
fn moved_cells(
    row: &ReturnedRow,
    issued: &Issued,
    bench: &Bench<'_>,
    notes: &mut Vec<Text>,
) -> BTreeMap<String, String> {
    let mut moved = BTreeMap::new();
    let mut cells: Vec<(&str, &Cell, &str, bool)> = row
        .fields
        .iter()
        .filter_map(|(field, cell)| {
            let value = issued.values.get(field)?;
            Some((field.as_str(), cell, value.as_str(), issued.damaged.contains(field)))
        })
        .collect();
    if !row.name.text.trim().is_empty() {
        cells.push((bench.name, &row.name, &issued.name, false));
    }
    for (field, cell, value, damaged) in cells {
        let now = fold(&cell.text);
        let is_shown = damaged || bench.words.iter().any(|words| plain(words.get("empty")) == plain(&now));
        if now.is_empty() || is_shown || same(&now, value) {
            continue;
        }
        let label = label(field, bench);
        if cell.lost_digits {
            notes.push(text!(
                "“{label}”被表格软件变成数字，不作为更正",
                "`{label}` was turned into a number by the program: no correction"
            ));
            continue;
        }
        notes.push(text!(
            "直接改动了锁定的“{label}”，按更正处理",
            "the locked `{label}` was changed: taken as a correction"
        ));
        moved.insert(field.to_owned(), now.into_owned());
    }
    moved
}

/// Whether two cells say the same: as text, as a day or as a number.
fn same(left: &str, right: &str) -> bool {
    let day = |text: &str| typing::date(text);
    plain(left) == plain(right)
        || (day(left).is_some() && day(left) == day(right))
        || typing::decimal(left).is_some_and(|number| typing::decimal(right) == Some(number))
}

fn label(field: &str, bench: &Bench<'_>) -> String {
    bench
        .fields
        .iter()
        .find(|(known, _)| known.name == field)
        .map_or_else(|| field.to_owned(), |(known, _)| known.label.clone())
}

/// The day of the verification, with a note where it is worth one.
fn day(written: &str, bench: &Bench<'_>) -> Result<(NaiveDate, Option<Text>), Text> {
    let folded = fold(written);
    if folded.is_empty() {
        return Err(text!("没有核对日期：请补日期", "no day of verification: add it"));
    }
    let (_, first, last) = bench.period;
    let serial = || {
        let days: i64 = folded.parse().ok().filter(|days| (36_526..73_050).contains(days))?;
        NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_signed(chrono::TimeDelta::days(days))
    };
    let full = typing::date(&folded)
        .and_then(|days| NaiveDate::default().checked_add_signed(chrono::TimeDelta::days(i64::from(days))))
        .or_else(serial);
    let (day, note) = match full {
        Some(day) => (day, None),
        None => {
            let day = without_year(&folded, first).ok_or_else(|| {
                text!("核对日期读不出：请写成 2026-11-22", "the day of verification cannot be read: write 2026-11-22")
            })?;
            (day, Some(text!("核对日期没有年份，按 {day}", "the day has no year: taken for {day}")))
        }
    };
    if day > bench.as_of {
        return Err(text!("核对日期 {day} 还没有到", "the day of verification, {day}, is still to come"));
    }
    let outside =
        (day < first || day > last).then(|| text!("核对日期 {day} 不在本期内", "{day} is outside of the period"));
    Ok((day, outside.or(note)))
}

/// 11月22日, 11/22, 11-22: in the year of the period.
fn without_year(text: &str, first: NaiveDate) -> Option<NaiveDate> {
    let text = text.strip_suffix('日').or_else(|| text.strip_suffix('号')).unwrap_or(text);
    let (month, day) = ['月', '/', '-'].into_iter().find_map(|mark| text.split_once(mark))?;
    NaiveDate::from_ymd_opt(first.year(), month.trim().parse().ok()?, day.trim().parse().ok()?)
}

/// The corrections that a row names, by field.
fn corrections(
    row: &ReturnedRow,
    issued: &Issued,
    answered: Answered,
    bench: &Bench<'_>,
    notes: &mut Vec<Text>,
) -> Result<BTreeMap<String, String>, Text> {
    let (names, values) = (fold(&row.changed.text), fold(&row.corrected.text));
    let mut corrections = BTreeMap::new();
    if names.is_empty() && values.is_empty() {
        let moved = row.fields.iter().any(|(field, cell)| {
            issued.values.get(field).is_some_and(|value| !cell.text.is_empty() && !same(&fold(&cell.text), value))
        });
        return match answered {
            Answered::Changed if !moved => {
                Err(text!("写有变更，没有写变更项目和更正后内容", "changed, but neither what nor how is written"))
            }
            _ => Ok(corrections),
        };
    }
    if !answered.verifies() {
        notes.push(text!(
            "结果不是有变更，更正内容只作备注",
            "the result is not `changed`: the correction is only a remark"
        ));
        return Ok(corrections);
    }
    if answered == Answered::Confirmed {
        return Err(text!("写无误，又填了更正内容", "everything right, and yet a correction is written"));
    }
    if names.is_empty() || values.is_empty() {
        return Err(text!(
            "变更项目和更正后内容只填了一个",
            "what has changed and the new value: only one is filled in"
        ));
    }
    if row.corrected.lost_digits {
        return Err(text!(
            "更正后内容被表格软件变成数字，末几位已不可靠：请按文本重填",
            "the new value was turned into a number and has lost digits: fill it in as text"
        ));
    }
    let fields: Vec<&str> = names.split(['、', ',', ';', '/', '\n', ' ']).filter(|part| !part.is_empty()).collect();
    let whole = field_called(&names, bench);
    let parts: Vec<&str> = match fields.len() {
        _ if whole.is_some() => vec![&values],
        1 => vec![&values],
        _ => values.split([';', '\n', '、']).map(str::trim).filter(|part| !part.is_empty()).collect(),
    };
    let fields = if whole.is_some() { vec![&*names] } else { fields };
    if parts.len() != fields.len() {
        return Err(text!(
            "变更项目与更正后内容个数不同：多项请用分号隔开",
            "as many fields as values are wanted: put semicolons between several"
        ));
    }
    for (name, value) in fields.into_iter().zip(parts) {
        let Some(field) = field_called(name, bench) else {
            return Err(text!("变更项目看不懂：请从下拉列表选一项", "no such field: choose one of the list"));
        };
        let after_label = value.split_once(':').filter(|(label, _)| field_called(label, bench) == Some(field.clone()));
        let value = after_label.map_or(value, |(_, value)| value).trim();
        if issued.values.get(&field).is_some_and(|old| same(value, old)) {
            notes.push(text!("更正后内容与现有值相同", "the new value is the one on file"));
            continue;
        }
        corrections.insert(field, value.to_owned());
    }
    Ok(corrections)
}

/// The field of a header, label or the word for everything else.
fn field_called(name: &str, bench: &Bench<'_>) -> Option<String> {
    let said = plain(name);
    let field = bench
        .fields
        .iter()
        .find(|(field, headers)| plain(&field.label) == said || headers.iter().any(|header| plain(header) == said));
    if let Some((field, _)) = field {
        return Some(field.name.clone());
    }
    bench.words.iter().any(|words| plain(words.get("other")) == said).then(|| OTHER.to_owned())
}
