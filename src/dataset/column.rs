//! One field of a dataset: as typed, as folded, and as a value of its type.
//!
//! Apart because it is where the three forms are kept in step. A column is kept once, folded; of the cells that folding
//! changed, few as a rule, the typed text is kept beside it.

use std::borrow::Cow;

use polars::prelude::{
    BooleanChunked, ChunkFullNull, ChunkZip, DataType, Int32Chunked, Int64Chunked, Int128Chunked, IntoSeries,
    NewChunkedArray, PolarsResult, Series, StringChunked, StringChunkedBuilder, TimeUnit,
};
use rust_decimal::Decimal;

use super::raw::RawColumn;
use super::typing;
use crate::dictionary::{Dictionary, Field, FieldType};
use crate::folding::{fold, needs_folding};

/// The three forms of a field's cells.
#[derive(Debug)]
pub struct Column {
    /// As folded; null where the value is missing.
    pub folded: StringChunked,
    /// As a date, date and time, or decimal; null where it is missing or unreadable. Nothing for text.
    pub value: Option<Series>,
    /// For a date and time: whether it has a time.
    pub timed: Option<BooleanChunked>,
    /// Records (from 0) whose number has lost digits, in order.
    pub damaged: Vec<u32>,
    /// Cells that folding changed: record, in order, and the text as typed. All others are typed as they are folded.
    refolded: (Vec<u32>, StringChunked),
}

/// The cells of a field in one sheet, file or query.
pub(super) struct Piece {
    /// How many records it has.
    pub height: usize,
    /// Its column; nothing where it has none.
    pub column: Option<RawColumn>,
}

impl Column {
    pub(super) fn build(field: &Field, dictionary: &Dictionary, pieces: Vec<Piece>) -> PolarsResult<Self> {
        let name = field.name.as_str();
        let mut typed = StringChunked::full_null(name.into(), 0);
        let (mut errors, mut lost_digits) = (Vec::new(), Vec::new());
        for Piece { height, column } in pieces {
            let first = u32::try_from(typed.len()).unwrap_or(u32::MAX);
            match column {
                Some(column) => {
                    errors.extend(column.errors.iter().map(|record| record + first));
                    lost_digits.extend(column.lost_digits.iter().map(|record| record + first));
                    typed.append_owned(column.values)?;
                }
                None => typed.append_owned(StringChunked::full_null(name.into(), height))?,
            }
        }
        let typed = typed.rechunk().into_owned();
        let (folded, refolded) = folded_column(typed, field, dictionary, &errors)?;
        let mut damaged = if field.code { damaged_records(&folded) } else { Vec::new() };
        if field.code {
            damaged.extend(lost_digits.into_iter().filter(|record| folded.get(*record as usize).is_some()));
            damaged.sort_unstable();
            damaged.dedup();
        }
        let (value, timed) = value_column(&folded, field.field_type)?;
        Ok(Self { folded, value, timed, damaged, refolded })
    }

    /// The cell of a record as typed; nothing where it is empty.
    pub fn typed_at(&self, record: usize) -> Option<&str> {
        let (records, texts) = &self.refolded;
        match u32::try_from(record).ok().and_then(|record| records.binary_search(&record).ok()) {
            Some(position) => texts.get(position),
            None => self.folded.get(record),
        }
    }

    /// The whole column as typed.
    pub fn typed(&self) -> StringChunked {
        self.typed_slice(0, self.folded.len())
    }

    /// Some consecutive cells as typed.
    pub fn typed_slice(&self, first: usize, height: usize) -> StringChunked {
        let (records, texts) = &self.refolded;
        let start = i64::try_from(first).unwrap_or(i64::MAX);
        let folded = self.folded.slice(start, height);
        let begin = records.partition_point(|record| (*record as usize) < first);
        let end = records.partition_point(|record| (*record as usize) < first + height);
        if begin == end {
            return folded;
        }
        let mut changes = (begin..end).map(|at| (records[at] as usize - first, texts.get(at))).peekable();
        let mut typed = StringChunkedBuilder::new(self.folded.name().clone(), folded.len());
        for (record, folded) in folded.iter().enumerate() {
            match changes.next_if(|(changed, _)| *changed == record) {
                Some((_, text)) => typed.append_option(text),
                None => typed.append_option(folded),
            }
        }
        typed.finish()
    }

    /// The records whose cell is filled and yet missing, with the text as typed.
    pub(super) fn placeholders(&self) -> impl Iterator<Item = (usize, &str)> {
        let (records, texts) = &self.refolded;
        let refolded = records.iter().zip(texts.iter()).map(|(record, text)| (*record as usize, text));
        refolded
            .filter(|(record, _)| self.folded.get(*record).is_none())
            .filter_map(|(record, text)| text.map(|text| (record, text)))
    }
}

/// Folds a column; cells that are missing become null. Returns it with the cells that folding changed, as typed.
fn folded_column(
    typed: StringChunked,
    field: &Field,
    dictionary: &Dictionary,
    errors: &[u32],
) -> PolarsResult<(StringChunked, (Vec<u32>, StringChunked))> {
    let missing: Vec<&str> = dictionary
        .missing
        .iter()
        .chain(&field.missing)
        .filter(|word| !field.filled.contains(word))
        .map(String::as_str)
        .collect();
    let longest = missing.iter().map(|word| word.len()).max().unwrap_or(0);
    let is_missing = |text: &str| text.len() <= longest && missing.contains(&text);
    let mut replacement = StringChunkedBuilder::new(typed.name().clone(), typed.len());
    let mut keep = vec![true; typed.len()];
    let mut records: Vec<u32> = Vec::new();
    let mut texts = StringChunkedBuilder::new(typed.name().clone(), 0);
    let mut errors = errors.iter().copied().peekable();
    for ((cell, record), keep) in typed.iter().zip(0_u32..).zip(&mut keep) {
        let is_error = errors.next_if_eq(&record).is_some();
        let changed: Option<Option<Cow<'_, str>>> = match cell {
            None => None,
            Some(_) if is_error => Some(None),
            Some(text) if needs_folding(text) => {
                let folded = fold(text);
                if is_missing(&folded) { Some(None) } else { (folded != text).then_some(Some(folded)) }
            }
            Some(text) => is_missing(text).then_some(None),
        };
        match changed {
            None => replacement.append_null(),
            Some(folded) => {
                replacement.append_option(folded.as_deref());
                *keep = false;
                records.push(record);
                texts.append_option(cell);
            }
        }
    }
    let refolded = (records, texts.finish());
    if refolded.0.is_empty() {
        return Ok((typed, refolded));
    }
    let keep = BooleanChunked::from_slice("keep".into(), &keep);
    Ok((typed.zip_with(&keep, &replacement.finish())?, refolded))
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
