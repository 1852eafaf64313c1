//! Values that stand in a rule, as expressions: a day, an exact decimal.
//!
//! Apart because checks compare with such values too. It knows no column.

use chrono::NaiveDate;
use polars::prelude::{AnyValue, DataType, Expr, LiteralValue, Scalar, lit};
use rust_decimal::Decimal;

/// A day as a value.
pub(crate) fn day(date: NaiveDate) -> Expr {
    let days = date.signed_duration_since(NaiveDate::default()).num_days();
    lit(i32::try_from(days).unwrap_or(0)).cast(DataType::Date)
}

/// An exact decimal as a value.
pub(crate) fn decimal(number: Decimal) -> Expr {
    let scale = number.scale() as usize;
    let value = AnyValue::Decimal(number.mantissa(), 38, scale);
    Expr::Literal(LiteralValue::Scalar(Scalar::new(DataType::Decimal(38, scale), value.into_static())))
}
