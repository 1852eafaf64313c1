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
    let mut corrections =
        corrections::corrections(row, issued, (answered, !moved.is_empty()), bench, notes).map_err(Fate::Conflict)?;
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::NaiveDate;

    use super::*;
    use crate::verify::returned::Cell;
    use crate::verify::round::{Field, Round};
    use crate::verify::token;
    use crate::verify::words::{Synonyms, Words};

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap_or_default()
    }

    fn cell(text: &str) -> Cell {
        Cell { text: text.to_owned(), lost_digits: false }
    }

    /// A row of 华联, whose phone is on file and whose address is not, as it was issued and with a result.
    fn row(result: &str) -> ReturnedRow {
        ReturnedRow {
            token: cell(&token::token("2026Q4-一部-v1", "A-001", "公司")),
            code: cell("A-001"),
            name: cell("华联"),
            fields: BTreeMap::from([("phone".to_owned(), cell("13800000001")), ("address".to_owned(), cell("(空)"))]),
            result: cell(result),
            checked_on: cell("2026-11-10"),
            ..ReturnedRow::default()
        }
    }

    fn judged(row: &ReturnedRow) -> Judged {
        let values = [("phone", "13800000001"), ("address", "")];
        let issued = Issued {
            customer: "A-001".to_owned(),
            name: "华联".to_owned(),
            values: values.map(|(field, value)| (field.to_owned(), value.to_owned())).into(),
            ..Issued::default()
        };
        let batch = Batch {
            name: "2026Q4-一部-v1".to_owned(),
            period: "2026Q4".to_owned(),
            department: "一部".to_owned(),
            owner: None,
            version: 1,
            issued_on: day(1),
            deadline: day(30),
            withheld: 0,
        };
        let round = Round { lists: vec![(batch, vec![issued])], ..Round::default() };
        let words = [("confirmed", "无误"), ("changed", "有变更"), ("empty", "(空)"), ("other", "其他")];
        let words = Words(words.map(|(key, word)| (key.to_owned(), word.to_owned())).into());
        let field = |name: &str, label: &str| {
            (Field { name: name.to_owned(), label: label.to_owned(), code: false }, vec![label.to_owned()])
        };
        let bench = Bench {
            company: "公司",
            period: ("2026Q4", day(1), day(30)),
            as_of: day(20),
            round: &round,
            words: &[words],
            synonyms: &Synonyms::default(),
            fields: &[field("name", "客户名称"), field("phone", "电话"), field("address", "地址")],
            name: "name",
        };
        judge(row, "回收.xlsx", &bench)
    }

    fn corrections(judged: &Judged) -> Vec<(&str, &str)> {
        let corrections = judged.answer.iter().flat_map(|answer| &answer.corrections);
        corrections.map(|(field, value)| (field.as_str(), value.as_str())).collect()
    }

    #[test]
    fn changed_without_a_word_on_what_is_in_conflict() {
        let judged = judged(&row("有变更"));
        assert!(
            matches!(judged.fate, Fate::Conflict(_)),
            "what the list shows of an empty cell is no change: {judged:?}"
        );
        assert_eq!(judged.answer, None);
    }

    #[test]
    fn a_name_that_was_written_over_is_a_correction_whatever_the_result() {
        for result in ["有变更", "无误"] {
            let judged = judged(&ReturnedRow { name: cell("华联集团"), ..row(result) });
            assert_eq!((&judged.fate, corrections(&judged)), (&Fate::Accepted, vec![("name", "华联集团")]), "{result}");
        }
    }

    #[test]
    fn several_corrections_stand_in_the_order_of_their_fields() {
        let both = |changed: &str, corrected: &str| {
            judged(&ReturnedRow { changed: cell(changed), corrected: cell(corrected), ..row("有变更") })
        };
        let judged = both("电话、地址", "电话：13900000002；天河路1号");
        assert_eq!(corrections(&judged), [("address", "天河路1号"), ("phone", "13900000002")]);
        assert!(matches!(both("电话、地址", "13900000002").fate, Fate::Conflict(_)));
    }

    #[test]
    fn a_label_without_a_value_corrects_nothing() {
        let judged = judged(&ReturnedRow { changed: cell("电话"), corrected: cell("电话："), ..row("有变更") });
        assert!(matches!(judged.fate, Fate::Conflict(_)), "{judged:?}");
    }
}
