//! Folded cells as days, times and exact decimals, with what was noticed of those that are none.
//!
//! Apart from the column because here sheets differ: one counts in 元 and another in 万元, one has days as numbers. What
//! is refused stays text; it is never guessed at.

use polars::prelude::{
    BooleanChunked, DataType, Int32Chunked, Int64Chunked, Int128Chunked, IntoSeries, PolarsResult, Series,
    StringChunked, TimeUnit,
};
use polars_arrow::array::BooleanArray;
use polars_arrow::bitmap::{Bitmap, MutableBitmap};
use polars_arrow::datatypes::ArrowDataType;
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
            let mut days = Values::with_room(folded.len());
            for (text, record) in folded.iter().zip(0..) {
                days.push(text.and_then(|text| {
                    typing::date(text).or_else(|| {
                        let day = serial(text, record);
                        seen.note(record, day.map_or_else(|| Notice::Day(day_trouble(text)), |_| Notice::SerialDay));
                        day
                    })
                }));
            }
            let (days, there) = days.finish();
            (Some(Int32Chunked::from_vec_validity(name, days, there).into_series().cast(&DataType::Date)?), None)
        }
        FieldType::DateTime => {
            let (mut moments, mut timed) = (Values::with_room(folded.len()), Vec::with_capacity(folded.len()));
            for (text, record) in folded.iter().zip(0..) {
                let moment = text.and_then(|text| {
                    typing::datetime(text).or_else(|| {
                        let day = serial(text, record).map(|day| (i64::from(day) * 1440, false));
                        seen.note(record, day.map_or_else(|| Notice::Day(day_trouble(text)), |_| Notice::SerialDay));
                        day
                    })
                });
                moments.push(moment.map(|(minutes, _)| minutes * 60_000));
                timed.push(moment.is_some_and(|(_, timed)| timed));
            }
            let (moments, there) = moments.finish();
            let timed = BooleanArray::new(ArrowDataType::Boolean, Bitmap::from_iter(timed), there.clone());
            let time = DataType::Datetime(TimeUnit::Milliseconds, None);
            let moments = Int64Chunked::from_vec_validity(name.clone(), moments, there).into_series().cast(&time)?;
            (Some(moments), Some(BooleanChunked::with_chunk(name, timed)))
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
    let mut read = |text: &str, record: u32| -> Option<(i128, u32)> {
        let column = units.get(record as usize).copied().flatten();
        if column.is_none()
            && let Some((digits, scale)) = typing::usual_decimal(text)
        {
            return Some((i128::from(digits), scale));
        }
        let plain = typing::decimal(text);
        let of = |number: Decimal| (number.mantissa(), number.scale());
        if column.is_none()
            && let Some(number) = plain
        {
            return Some(of(number));
        }
        match with_units(text, plain, column, field) {
            Ok((number, converted)) => {
                if converted {
                    seen.note(record, Notice::Converted);
                }
                Some(of(number))
            }
            Err(trouble) => {
                seen.note(record, Notice::Amount(trouble));
                None
            }
        }
    };
    let mut numbers = Values::with_room(folded.len());
    let mut scales: Vec<u8> = Vec::with_capacity(folded.len());
    for (text, record) in folded.iter().zip(0..) {
        let number = text.and_then(|text| read(text, record));
        numbers.push(number.map(|(digits, _)| digits));
        scales.push(number.and_then(|(_, scale)| u8::try_from(scale).ok()).unwrap_or(0));
    }
    let scale = scales.iter().copied().max().unwrap_or(0);
    // All at the largest scale; what gets too long by that is no number.
    numbers.change(|record, digits| {
        let missing = scale - scales.get(record).copied().unwrap_or(scale);
        if missing == 0 { Some(digits) } else { 10_i128.checked_pow(missing.into())?.checked_mul(digits) }
    });
    let (numbers, there) = numbers.finish();
    let values = Int128Chunked::from_vec_validity(folded.name().clone(), numbers, there);
    Ok(values.into_decimal(38, scale.into())?.into_series())
}

/// Values of all records while they are read; those that are not there stand for nothing.
struct Values<T> {
    values: Vec<T>,
    there: MutableBitmap,
}

impl<T: Copy + Default> Values<T> {
    fn with_room(records: usize) -> Self {
        Self { values: Vec::with_capacity(records), there: MutableBitmap::with_capacity(records) }
    }

    fn push(&mut self, value: Option<T>) {
        self.values.push(value.unwrap_or_default());
        self.there.push(value.is_some());
    }

    /// Changes every value that is there; it may be gone then.
    fn change(&mut self, changed: impl Fn(usize, T) -> Option<T>) {
        for (record, value) in self.values.iter_mut().enumerate() {
            if self.there.get(record) {
                match changed(record, *value) {
                    Some(changed) => *value = changed,
                    None => self.there.set(record, false),
                }
            }
        }
    }

    fn finish(self) -> (Vec<T>, Option<Bitmap>) {
        let there: Bitmap = self.there.into();
        (self.values, (there.unset_bits() > 0).then_some(there))
    }
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
