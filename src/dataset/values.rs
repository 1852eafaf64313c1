//! Folded cells as days, times and exact decimals, with what was noticed of those that are none.
//!
//! Apart from the column because here sheets differ: one counts in 元 and another in 万元, one has days as numbers. What
//! is refused stays text; it is never guessed at.

use polars::prelude::{
    BooleanChunked, DataType, Int32Chunked, Int64Chunked, Int128Chunked, IntoSeries, NewChunkedArray, PolarsResult,
    Series, StringChunked, TimeUnit,
};
use rust_decimal::Decimal;

use super::amount::{self, AmountTrouble};
use super::column::Stretch;
use super::day_trouble::day_trouble;
use super::observation::{Notice, Observations};
use super::typing;
use crate::dictionary::{Field, FieldType};
use crate::model::Unit;

/// The values of a field, and for a date and time whether each has a time; nothing for text.
pub(super) fn value_column(
    folded: &StringChunked,
    field: &Field,
    stretches: &[Stretch],
    seen: &mut Observations,
) -> PolarsResult<(Option<Series>, Option<BooleanChunked>)> {
    let name = folded.name().clone();
    let serials = in_stretches(stretches, |stretch| stretch.serials);
    let serial = |text: &str, record: u32| {
        serials.get(record as usize).copied().flatten().and_then(|later| typing::serial_day(text, later))
    };
    Ok(match field.field_type {
        FieldType::Text => (None, None),
        FieldType::Date => {
            let mut read = |(text, record): (Option<&str>, u32)| {
                let text = text?;
                typing::date(text).or_else(|| {
                    let day = serial(text, record);
                    seen.note(record, day.map_or_else(|| Notice::Day(day_trouble(text)), |_| Notice::SerialDay));
                    day
                })
            };
            let days: Int32Chunked = folded.iter().zip(0..).map(&mut read).collect();
            (Some(days.with_name(name).into_series().cast(&DataType::Date)?), None)
        }
        FieldType::DateTime => {
            let mut read = |(text, record): (Option<&str>, u32)| {
                let text = text?;
                typing::datetime(text).or_else(|| {
                    let day = serial(text, record).map(|day| (i64::from(day) * 1440, false));
                    seen.note(record, day.map_or_else(|| Notice::Day(day_trouble(text)), |_| Notice::SerialDay));
                    day
                })
            };
            let read: Vec<Option<(i64, bool)>> = folded.iter().zip(0..).map(&mut read).collect();
            let minutes: Int64Chunked = read.iter().map(|value| value.map(|(minutes, _)| minutes * 60_000)).collect();
            let timed: BooleanChunked = read.iter().map(|value| value.map(|(_, timed)| timed)).collect();
            let time = DataType::Datetime(TimeUnit::Milliseconds, None);
            (Some(minutes.with_name(name).into_series().cast(&time)?), Some(timed))
        }
        FieldType::Decimal => (Some(decimal_series(folded, field, stretches, seen)?), None),
    })
}

/// What each record's sheet says; empty where none says anything.
fn in_stretches<T: Clone + Default + PartialEq>(stretches: &[Stretch], says: impl Fn(&Stretch) -> T) -> Vec<T> {
    if stretches.iter().all(|stretch| says(stretch) == T::default()) {
        return Vec::new();
    }
    stretches.iter().flat_map(|stretch| std::iter::repeat_n(says(stretch), stretch.height)).collect()
}

/// Exact decimals at the largest scale that the column needs.
fn decimal_series(
    folded: &StringChunked,
    field: &Field,
    stretches: &[Stretch],
    seen: &mut Observations,
) -> PolarsResult<Series> {
    // Only a header with another unit than the field's matters.
    let units = in_stretches(stretches, |stretch| stretch.unit.filter(|unit| field.unit != Some(*unit)));
    let mut read = |(text, record): (Option<&str>, u32)| -> Option<Decimal> {
        let text = text?;
        let plain = typing::decimal(text);
        let column = units.get(record as usize).copied().flatten();
        if column.is_none()
            && let Some(number) = plain
        {
            return Some(number);
        }
        match with_units(text, plain, column, field) {
            Ok((number, converted)) => {
                if converted {
                    seen.note(record, Notice::Converted);
                }
                Some(number)
            }
            Err(trouble) => {
                seen.note(record, Notice::Amount(trouble));
                None
            }
        }
    };
    let read: Vec<Option<Decimal>> = folded.iter().zip(0..).map(&mut read).collect();
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

/// A cell in the unit of its field, and whether it was converted from another.
fn with_units(
    text: &str,
    plain: Option<Decimal>,
    column: Option<Unit>,
    field: &Field,
) -> Result<(Decimal, bool), AmountTrouble> {
    let Some(unit) = field.unit else {
        return plain.map(|number| (number, false)).ok_or_else(|| amount::trouble(text));
    };
    let column = column.unwrap_or(unit);
    match plain {
        Some(number) => amount::converted(number, column, unit).map(|number| (number.normalize(), true)),
        None if field.units_in_cells => amount::amount(text, column, unit).map(|number| (number.normalize(), true)),
        None => Err(amount::trouble(text)),
    }
}
