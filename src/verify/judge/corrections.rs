//! The corrections that a row names: what has changed, and the new values, one beside the other.
//!
//! Apart because a wrong new value is worse than an old one: what is not plainly meant is in conflict and not guessed.

use std::collections::BTreeMap;

use super::bench::Bench;
use super::locked::same;
use crate::folding::fold;
use crate::text;
use crate::text::Text;
use crate::verify::returned::ReturnedRow;
use crate::verify::round::Issued;
use crate::verify::words::Answered;

/// The corrections that a row names, by field; `has_moved` where locked cells say some already.
pub(super) fn corrections(
    row: &ReturnedRow,
    issued: &Issued,
    (answered, has_moved): (Answered, bool),
    bench: &Bench<'_>,
    notes: &mut Vec<Text>,
) -> Result<BTreeMap<String, String>, Text> {
    let (names, values) = (fold(&row.changed.text), fold(&row.corrected.text));
    let mut corrections = BTreeMap::new();
    if names.is_empty() && values.is_empty() {
        return match answered {
            Answered::Changed if !has_moved => {
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
    for (name, value) in paired(&names, &values, bench)? {
        let Some(field) = bench.field_called(name) else {
            return Err(text!("变更项目看不懂：请从下拉列表选一项", "no such field: choose one of the list"));
        };
        let after_label = value.split_once(':').filter(|(label, _)| bench.field_called(label).as_ref() == Some(&field));
        let value = after_label.map_or(value, |(_, value)| value).trim();
        if value.is_empty() {
            return Err(text!("{name}：没有写更正后内容", "{name}: the new value is not written"));
        }
        if issued.values.get(&field).is_some_and(|old| same(value, old)) {
            notes.push(text!("更正后内容与现有值相同", "the new value is the one on file"));
            continue;
        }
        corrections.insert(field, value.to_owned());
    }
    Ok(corrections)
}

/// Each name with its value; several stand in the same order.
fn paired<'c>(names: &'c str, values: &'c str, bench: &Bench<'_>) -> Result<Vec<(&'c str, &'c str)>, Text> {
    // A field whose name holds a mark of separation is one field all the same.
    if bench.field_called(names).is_some() {
        return Ok(vec![(names, values)]);
    }
    let names: Vec<&str> = names.split(['、', ',', ';', '/', '\n', ' ']).filter(|part| !part.is_empty()).collect();
    let values: Vec<&str> = match names.len() {
        1 => vec![values],
        _ => values.split([';', '\n', '、']).map(str::trim).filter(|part| !part.is_empty()).collect(),
    };
    if names.len() != values.len() {
        return Err(text!(
            "变更项目与更正后内容个数不同：多项请用分号隔开",
            "as many fields as values are wanted: put semicolons between several"
        ));
    }
    Ok(names.into_iter().zip(values).collect())
}
