//! Columns and cells of a list as blocks have them, masked where the reader does not see values whole.
//!
//! Apart because every layout of a list shows its values through `cell`, and nothing else may.

use rust_decimal::prelude::ToPrimitive;

use crate::model::{ListedCell, ListedColumn, ListedKind, ListedValue};
use crate::report::blocks::{Cell, Column, Kind, Value};
use crate::report::view::View;

/// A column with its header and its width.
pub(super) fn head(column: &ListedColumn) -> Column {
    Column::new(&column.title, kind(column.kind), column.width)
}

/// What a column of such values holds.
pub(super) fn kind(kind: ListedKind) -> Kind {
    match kind {
        ListedKind::Text => Kind::Text,
        ListedKind::Day => Kind::Date,
        ListedKind::Amount => Kind::Amount,
        ListedKind::Number => Kind::Number,
    }
}

/// A cell as the view's reader sees it: masked, and free text without personal numbers, unless he sees them whole.
pub(super) fn cell<'a>(view: &View<'a>, column: &ListedColumn, cell: &'a ListedCell) -> Cell<'a> {
    match (&cell.masked, &cell.value) {
        (Some(masked), _) if !view.input.reader.unmasked => masked.as_str().into(),
        (None, ListedValue::Text(text)) => Value::Text(view.lens.text(text)).into(),
        _ => value(&cell.value, column.kind),
    }
}

fn value<'a>(value: &'a ListedValue, kind: ListedKind) -> Cell<'a> {
    match value {
        ListedValue::Empty => Value::Empty.into(),
        ListedValue::Text(text) => text.as_str().into(),
        ListedValue::Day(day) => (*day).into(),
        ListedValue::Number(number) => match number.to_u64() {
            Some(count) if kind == ListedKind::Number && number.fract().is_zero() => count.into(),
            _ => (*number).into(),
        },
    }
}
