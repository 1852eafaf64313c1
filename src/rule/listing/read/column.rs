//! Columns of a list, and the lists of other tables on a record's card, which are columns too.
//!
//! Apart because both are read alike. What may stand in a column, `item` knows.

use super::reference;
use crate::dictionary::Table;
use crate::params::Params;
use crate::rule::listing::item::{Item, Names};
use crate::rule::listing::{Column, Related};
use crate::text;

/// The columns under `columns`; there must be some.
pub(super) fn columns(params: &Params, names: &Names) -> Vec<Column> {
    let columns = params.tables("columns");
    params.must_not_be_empty("columns", columns.is_empty());
    columns.iter().filter_map(|entry| column(entry, names)).collect()
}

fn column(params: &Params, names: &Names) -> Option<Column> {
    let (field, value, blank) = (params.optional_string("field"), params.optional_string("value"), params.has("blank"));
    let blank_title = if blank { params.optional_text("blank") } else { None };
    let title = params.optional_text("title");
    let width = width(params);
    params.finish();
    let item = match (&field, &value, blank) {
        (Some(field), None, false) => names.named(params, field)?,
        (None, Some(value), false) => names.reckoned(params, value)?,
        (None, None, true) => Item::Blank,
        _ => {
            let message = text!("一列写 field、value、blank 之一", "a column has one of `field`, `value` and `blank`");
            params.problems().add(params.span(), message);
            return None;
        }
    };
    let title = title.or(blank_title).unwrap_or_else(|| names.title(&item));
    Some(Column { title, width: width.unwrap_or_else(|| names.width(&item)), item })
}

/// The width that is written, in digits of the standard font.
pub(super) fn width(params: &Params) -> Option<u16> {
    let written = params.optional_count("width")?;
    let width = u16::try_from(written.value).ok().filter(|width| (1..=255).contains(width));
    if width.is_none() {
        params.problems().add(written.span, text!("列宽应为 1 到 255", "a width is 1 to 255"));
    }
    width
}

/// A list of another table on the card of a record of a table.
pub(super) fn related(params: &Params, own: Option<&Table>, names: &Names) -> Option<Related> {
    let written = params.string("table")?;
    let Some(table) = reference::table(params, &written, names.dictionary) else {
        params.leave_the_rest();
        return None;
    };
    let has_customer = |table: Option<&Table>| table.is_some_and(|table| table.customer.is_some());
    if !has_customer(Some(table)) || !has_customer(own) {
        let message = text!("两张表没有共同的客户", "the two tables have no customer in common");
        params.problems().add(written.span, message);
    }
    let names = Names { dictionary: names.dictionary, table: Some(table) };
    let columns = columns(params, &names);
    params.finish();
    Some(Related { table: table.name.clone(), columns })
}
