//! One returned row, judged: accepted, left aside with its reason, or in conflict with its reason.
//!
//! Apart because here it is decided what a row may count for. A blank result is never 无误; a row whose mark and code
//! disagree is nobody's. It knows the round and no file.

mod bench;
mod corrections;
mod day;
mod locked;
mod whose;

use std::collections::BTreeMap;

pub use bench::Bench;

use super::answer::{Answer, Fate, Judged, Place};
use super::returned::ReturnedRow;
use super::round::{Batch, Issued};
use super::words::{Answered, plain};
use crate::folding::fold;
use crate::text;
use crate::text::Text;

/// Judges a returned row.
pub fn judge(row: &ReturnedRow, file: &str, bench: &Bench<'_>) -> Judged {
    let place = Place { file: file.to_owned(), sheet: row.sheet.clone(), row: row.row };
    let ended = |customer: &str, fate| Judged {
        customer: customer.to_owned(),
        place: place.clone(),
        fate,
        is_blank: false,
        answer: None,
        notes: Vec::new(),
    };
    let mut notes = Vec::new();
    let (batch, issued) = match whose::whose(row, bench, &mut notes) {
        Ok(found) => found,
        Err(fate) => return ended(&fold(&row.code.text), fate),
    };
    let customer = issued.customer.as_str();
    let moved = locked::moved(row, issued, bench, &mut notes);
    if plain(&row.result.text).is_empty() {
        let (is_blank, reason) = without_result(row, &moved);
        return Judged { is_blank, ..ended(customer, Fate::Ignored(reason)) };
    }
    match answer(row, &place, (batch, issued), moved, bench, &mut notes) {
        Ok(answer) => Judged { answer: Some(answer), notes, ..ended(customer, Fate::Accepted) },
        Err(fate) => ended(customer, fate),
    }
}

/// Why a row without a result does not count, and whether nothing at all was filled in.
fn without_result(row: &ReturnedRow, moved: &BTreeMap<String, String>) -> (bool, Text) {
    let is_filled = [&row.changed, &row.corrected, &row.checked_on].iter().any(|cell| !cell.text.trim().is_empty());
    let reason = match (is_filled, moved.is_empty()) {
        (true, _) => text!("核对结果空白，其余已填：请补结果", "no result, though other cells are filled: add it"),
        (false, false) => text!("核对结果空白，而锁定的内容被改动", "no result, and locked cells were changed"),
        (false, true) => text!("未核对：核对结果空白", "not verified: the result is blank"),
    };
    (!is_filled && moved.is_empty(), reason)
}

/// What a row with a result says, or why it does not count.
fn answer(
    row: &ReturnedRow,
    place: &Place,
    (batch, issued): (&Batch, &Issued),
    moved: BTreeMap<String, String>,
    bench: &Bench<'_>,
    notes: &mut Vec<Text>,
) -> Result<Answer, Fate> {
    let Some(mut answered) = bench.synonyms.read(&row.result.text, bench.words) else {
        return Err(Fate::Ignored(text!(
            "核对结果看不懂（“同上”之类不作数）：请从下拉列表选一项",
            "the result is none of the list's (`same as above` does not count): choose one"
        )));
    };
    let (checked_on, note) = day::day(&row.checked_on.text, bench).map_err(Fate::Ignored)?;
    notes.extend(note);
    let mut corrections = corrections::corrections(row, issued, answered, bench, notes).map_err(Fate::Conflict)?;
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
    Ok(Answer {
        answered,
        corrections,
        checked_on,
        method: fold(&row.method.text).into_owned(),
        checked_by,
        remark: fold(&row.remark.text).into_owned(),
        batch: batch.name.clone(),
        place: place.clone(),
        taken_in_on: bench.as_of,
    })
}
