//! A column of texts with some cells put in place of others.
//!
//! Apart because nearly all cells stay as they are, and none of those is copied: the new column shows to the same bytes,
//! and to those of the few new texts. It knows no folding.

use std::borrow::Cow;

use polars::prelude::{PolarsResult, StringChunked};
use polars_arrow::array::builder::{ShareStrategy, StaticArrayBuilder};
use polars_arrow::array::{Array, Utf8ViewArrayBuilder};
use polars_arrow::bitmap::{Bitmap, MutableBitmap};
use polars_arrow::datatypes::ArrowDataType;

/// The column in one piece, with other texts, or none, in some records, which are in order.
///
/// # Errors
/// Where the new texts are too many to be kept.
pub(super) fn patched(column: &StringChunked, changes: &[(u32, Option<Cow<'_, str>>)]) -> PolarsResult<StringChunked> {
    if changes.is_empty() {
        return Ok(column.rechunk().into_owned());
    }
    let mut filled = MutableBitmap::with_capacity(column.len());
    let mut made = Utf8ViewArrayBuilder::new(ArrowDataType::Utf8View);
    made.reserve(column.len());
    let mut changes = changes.iter().map(|(record, text)| (*record as usize, text)).peekable();
    let mut first = 0;
    for chunk in column.downcast_iter() {
        match chunk.validity() {
            Some(validity) => filled.extend_from_bitmap(validity),
            None => filled.extend_constant(chunk.len(), true),
        }
        let texts = chunk.clone().with_validity(None); // whoever makes the column knows nothing of empty cells
        let mut next = 0;
        while let Some((record, text)) = changes.next_if(|(record, _)| *record < first + texts.len()) {
            let Some(place) = record.checked_sub(first).filter(|place| *place >= next) else { continue };
            made.subslice_extend(&texts, next, place - next, ShareStrategy::Always);
            made.push_value_ignore_validity(text.as_deref().unwrap_or_default());
            filled.set(record, text.is_some());
            next = place + 1;
        }
        made.subslice_extend(&texts, next, texts.len() - next, ShareStrategy::Always);
        first += texts.len();
    }
    let filled: Bitmap = filled.into();
    Ok(StringChunked::with_chunk(column.name().clone(), made.freeze().with_validity(Some(filled))))
}

#[cfg(test)]
mod tests {
    use polars::prelude::NewChunkedArray;

    use super::*;

    proptest::proptest! {
        #[test]
        fn only_the_records_named_change(
            cells in proptest::collection::vec(proptest::option::of("[a甲]{0,9}"), 0..30),
            new in proptest::collection::btree_map(0_u32..30, proptest::option::of("[b乙]{0,9}"), 0..9),
        ) {
            let mut column = StringChunked::from_iter_options("c".into(), cells.iter().take(7).cloned());
            column.append(&StringChunked::from_iter_options("c".into(), cells.iter().skip(7).cloned())).expect("two pieces");
            let new: Vec<(u32, Option<Cow<'_, str>>)> = new
                .into_iter()
                .filter(|(record, _)| (*record as usize) < cells.len() && cells[*record as usize].is_some())
                .map(|(record, text)| (record, text.map(Cow::Owned)))
                .collect();
            let mut expected: Vec<Option<&str>> = cells.iter().map(Option::as_deref).collect();
            new.iter().for_each(|(record, text)| expected[*record as usize] = text.as_deref());
            let made = patched(&column, &new).expect("patched");
            proptest::prop_assert_eq!(made.iter().collect::<Vec<_>>(), expected);
        }
    }
}
