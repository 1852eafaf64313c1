//! One field of a dataset: as typed, as folded, and as a value of its type.
//!
//! Apart because it is where the three forms are kept in step. It reads a column once and copies only the cells that
//! folding changes.

use std::borrow::Cow;

use polars::prelude::{
    BooleanChunked, ChunkFullNull, ChunkZip, DataType, Int32Chunked, Int64Chunked, Int128Chunked, IntoSeries,
    NewChunkedArray, PolarsResult, Series, StringChunked, StringChunkedBuilder, TimeUnit,
};
use rust_decimal::Decimal;

use super::raw::RawTable;
use super::typing;
use crate::dictionary::{Dictionary, Field, FieldType};
use crate::folding::{fold, needs_folding};

/// The three forms of a field's cells.
#[derive(Debug)]
pub struct Column {
    /// As typed; null where the cell is empty.
    pub typed: StringChunked,
    /// As folded; null where the value is missing.
    pub folded: StringChunked,
    /// As a date, date and time, or decimal; null where it is missing or unreadable. Nothing for text.
    pub value: Option<Series>,
    /// For a date and time: whether it has a time.
    pub timed: Option<BooleanChunked>,
    /// Records (from 0) whose number has lost digits, in order.
    pub damaged: Vec<u32>,
}

impl Column {
    pub(super) fn build(field: &Field, dictionary: &Dictionary, raw: &[RawTable]) -> PolarsResult<Self> {
        let mut typed: Option<StringChunked> = None;
        let (mut errors, mut lost_digits) = (Vec::new(), Vec::new());
        let mut first = 0;
        for piece in raw {
            let height = piece.height();
            let found = piece.columns.iter().find(|column| column.field == field.name);
            let values = match found {
                Some(column) => {
                    errors.extend(column.errors.iter().map(|record| record + first));
                    lost_digits.extend(column.lost_digits.iter().map(|record| record + first));
                    column.values.clone()
                }
                None => StringChunked::full_null(field.name.as_str().into(), height),
            };
            match &mut typed {
                Some(typed) => {
                    typed.append(&values)?;
                }
                None => typed = Some(values),
            }
            first += u32::try_from(height).unwrap_or(u32::MAX);
        }
        let mut typed = typed.unwrap_or_default().rechunk().into_owned();
        typed.rename(field.name.as_str().into());
        let folded = folded_column(&typed, field, dictionary, &errors)?;
        let mut damaged = if field.code { damaged_records(&folded) } else { Vec::new() };
        if field.code {
            damaged.extend(lost_digits.into_iter().filter(|record| folded.get(*record as usize).is_some()));
            damaged.sort_unstable();
            damaged.dedup();
        }
        let (value, timed) = value_column(&folded, field.field_type)?;
        Ok(Self { typed, folded, value, timed, damaged })
    }
}

/// Folds a column; cells that are missing become null, cells that folding leaves alone are not copied.
fn folded_column(
    typed: &StringChunked,
    field: &Field,
    dictionary: &Dictionary,
    errors: &[u32],
) -> PolarsResult<StringChunked> {
    let missing: Vec<&str> = dictionary.missing.iter().chain(&field.missing).map(String::as_str).collect();
    let longest = missing.iter().map(|word| word.len()).max().unwrap_or(0);
    let is_missing = |text: &str| text.len() <= longest && missing.contains(&text);
    let mut changes: Vec<(usize, Option<Cow<'_, str>>)> = Vec::new();
    for (record, cell) in typed.iter().enumerate() {
        let Some(text) = cell else { continue };
        if needs_folding(text) {
            let folded = fold(text);
            let kept = !is_missing(&folded);
            changes.push((record, kept.then_some(folded)));
        } else if is_missing(text) {
            changes.push((record, None));
        }
    }
    changes.extend(errors.iter().map(|record| (*record as usize, None)));
    if changes.is_empty() {
        return Ok(typed.clone());
    }
    changes.sort_by_key(|(record, change)| (*record, change.is_some()));
    let mut replacement = StringChunkedBuilder::new(typed.name().clone(), typed.len());
    let mut keep = vec![true; typed.len()];
    let mut next = 0;
    for (record, change) in changes {
        if record < next {
            continue; // an error cell whose text was folded too: null comes first and stands
        }
        (next..record).for_each(|_| replacement.append_null());
        replacement.append_option(change.as_deref());
        if let Some(keep) = keep.get_mut(record) {
            *keep = false;
        }
        next = record + 1;
    }
    (next..typed.len()).for_each(|_| replacement.append_null());
    let keep = BooleanChunked::from_slice("keep".into(), &keep);
    typed.zip_with(&keep, &replacement.finish())
}

/// Records of a code field whose text is in scientific notation: the digits are gone. Without sign or point it may be
/// a code that holds an E.
fn damaged_records(folded: &StringChunked) -> Vec<u32> {
    folded
        .iter()
        .zip(0_u32..)
        .filter(|(text, _)| text.is_some_and(|text| text.len() < 32 && is_scientific(text)))
        .map(|(_, record)| record)
        .collect()
}

fn is_scientific(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let Some((mantissa, exponent)) = unsigned.split_once(['E', 'e']) else { return false };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let power = exponent.strip_prefix(['+', '-']);
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(whole, rest)| (whole, Some(rest)));
    digits(whole)
        && fraction.is_none_or(digits)
        && digits(power.unwrap_or(exponent))
        && (power.is_some() || fraction.is_some())
}

fn value_column(
    folded: &StringChunked,
    field_type: FieldType,
) -> PolarsResult<(Option<Series>, Option<BooleanChunked>)> {
    let name = folded.name().clone();
    Ok(match field_type {
        FieldType::Text => (None, None),
        FieldType::Date => {
            let days: Int32Chunked = folded.iter().map(|text| text.and_then(typing::date)).collect();
            (Some(days.with_name(name).into_series().cast(&DataType::Date)?), None)
        }
        FieldType::DateTime => {
            let read: Vec<Option<(i64, bool)>> = folded.iter().map(|text| text.and_then(typing::datetime)).collect();
            let minutes: Int64Chunked = read.iter().map(|value| value.map(|(minutes, _)| minutes * 60_000)).collect();
            let timed: BooleanChunked = read.iter().map(|value| value.map(|(_, timed)| timed)).collect();
            let time = DataType::Datetime(TimeUnit::Milliseconds, None);
            (Some(minutes.with_name(name).into_series().cast(&time)?), Some(timed))
        }
        FieldType::Decimal => (Some(decimal_series(folded)?), None),
    })
}

/// Exact decimals at the largest scale that the column needs.
fn decimal_series(folded: &StringChunked) -> PolarsResult<Series> {
    let read: Vec<Option<Decimal>> = folded.iter().map(|text| text.and_then(typing::decimal)).collect();
    let scale = read.iter().flatten().map(Decimal::scale).max().unwrap_or(0);
    let shifted: Vec<Option<i128>> = read
        .iter()
        .map(|value| {
            let value = value.as_ref()?;
            10_i128.checked_pow(scale - value.scale()).and_then(|factor| value.mantissa().checked_mul(factor))
        })
        .collect();
    let values = Int128Chunked::from_slice_options(folded.name().clone(), &shifted);
    Ok(values.into_decimal(38, scale as usize)?.into_series())
}
