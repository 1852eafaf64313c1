//! A figure of the rows that belong to a record: counted, summed or picked, as `max(signed_on)` says.
//!
//! Apart because it is written in a small language of its own. It knows no condition and no join.

use polars::prelude::{DataType, Expr, NULL, len, lit};

use crate::check::Scope;
use crate::check::condition::{Columns, decimal};
use crate::dictionary::{FieldType, Table};
use crate::params::{Params, Placed};
use crate::text;

/// A figure.
#[derive(Debug)]
pub(super) struct Figure {
    /// Its name in the condition.
    pub(super) name: String,
    /// How it is made.
    how: How,
    /// The field that it is made of; nothing for a count.
    pub(super) field: Option<String>,
    /// What its value is.
    pub(super) field_type: FieldType,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum How {
    Count,
    Sum,
    Least,
    Most,
    First,
    Last,
    Distinct,
}

const HOWS: [(&str, How); 7] = [
    ("count", How::Count),
    ("sum", How::Sum),
    ("min", How::Least),
    ("max", How::Most),
    ("first", How::First),
    ("last", How::Last),
    ("distinct", How::Distinct),
];

/// Reads `name = "max(signed_on)"`.
pub(super) fn figure(table: &Params, name: &Placed<String>, related: &Table, scope: &Scope) -> Option<Figure> {
    let written = table.string_under(&name.value)?;
    let text = written.value.trim();
    let shape = text.strip_suffix(')').and_then(|text| text.split_once('('));
    let Some((word, argument)) = shape else {
        let message = text!("应写成 count()、max(字段) 这样", "write count(), max(field) or the like");
        table.problems().add(written.span.clone(), message);
        return None;
    };
    let Some((_, how)) = HOWS.iter().find(|(known, _)| *known == word.trim()) else {
        let word = word.trim();
        let message = text!("没有函数“{word}”", "there is no function `{word}`");
        table.problems().unknown(written.span.clone(), message, word, &HOWS.map(|(word, _)| word));
        return None;
    };
    let argument = argument.trim().trim_matches('"');
    if argument.is_empty() != (*how == How::Count) {
        let message = text!("count() 不带字段，其余要一个字段", "count() takes no field, the others take one");
        table.problems().add(written.span.clone(), message);
        return None;
    }
    let mut field = None;
    let mut field_type = FieldType::Decimal;
    if *how != How::Count {
        let placed = Placed { value: argument.to_owned(), span: written.span.clone() };
        let named = scope.named(table, related, &placed)?;
        let own_type = related.field(&named).map_or(FieldType::Text, |field| field.field_type);
        match how {
            How::Sum if own_type != FieldType::Decimal => {
                table.problems().add(written.span.clone(), text!("只有数字能求和", "only numbers can be summed"));
                return None;
            }
            How::Sum | How::Distinct => {}
            _ => field_type = own_type,
        }
        field = Some(named);
    }
    Some(Figure { name: name.value.clone(), how: *how, field, field_type })
}

impl Figure {
    /// The figure over the rows that match.
    pub(super) fn aggregation(&self, columns: &Columns) -> Expr {
        let value = || self.field.as_deref().map_or(lit(0), |field| columns.value(field));
        match self.how {
            How::Count => len().cast(DataType::Decimal(38, 0)),
            How::Sum => value().sum(),
            How::Least => value().min(),
            How::Most => value().max(),
            How::First => value().drop_nulls().first(),
            How::Last => value().drop_nulls().last(),
            How::Distinct => value().drop_nulls().n_unique().cast(DataType::Decimal(38, 0)),
        }
    }

    /// What stands where no row matches: none is a number, nothing is not.
    pub(super) fn filled(&self, column: Expr) -> Expr {
        match self.how {
            How::Count | How::Distinct | How::Sum => column.fill_null(decimal(0.into())),
            _ => column,
        }
    }

    /// The figure of a table that the company has not.
    pub(super) fn of_nothing(&self) -> Expr {
        let data_type = match self.field_type {
            FieldType::Text => DataType::String,
            FieldType::Date | FieldType::DateTime => DataType::Date,
            FieldType::Decimal => DataType::Decimal(38, 0),
        };
        self.filled(lit(NULL).cast(data_type))
    }
}
