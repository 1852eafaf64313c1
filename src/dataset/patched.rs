//! A column of texts with some cells put in place of others.
//!
//! Apart because nearly all cells stay as they are, and none of those is copied: the new column shows to the same bytes,
//! and to those of the few new texts. It knows no folding.

use std::borrow::Cow;

use polars::prelude::{PolarsError, PolarsResult, StringChunked};
use polars_arrow::array::{Array, Utf8ViewArray, View};
use polars_arrow::bitmap::{Bitmap, MutableBitmap};
use polars_arrow::datatypes::ArrowDataType;
use polars_buffer::Buffer;

/// The column with other texts, or none, in some records, which are in order.
///
/// # Errors
/// Where the new texts are too many to be kept.
pub(super) fn patched(column: &StringChunked, changes: &[(u32, Option<Cow<'_, str>>)]) -> PolarsResult<StringChunked> {
    if changes.is_empty() {
        return Ok(column.clone());
    }
    let whole = column.rechunk();
    let Some(array) = whole.downcast_iter().next() else { return Ok(column.clone()) };
    let mut views: Vec<View> = array.views().as_slice().to_vec();
    let mut filled = match array.validity() {
        Some(validity) => validity.clone().make_mut(),
        None => MutableBitmap::from_len_set(views.len()),
    };
    let mut texts: Vec<u8> = Vec::new();
    let number = u32::try_from(array.data_buffers().len()).map_err(|_| too_much())?;
    for (record, text) in changes {
        let record = *record as usize;
        let Some(view) = views.get_mut(record) else { continue };
        match text {
            Some(text) => {
                let offset = u32::try_from(texts.len()).map_err(|_| too_much())?;
                texts.extend_from_slice(text.as_bytes());
                *view = View::new_from_bytes(text.as_bytes(), number, offset);
            }
            None => {
                *view = View::default();
                filled.set(record, false);
            }
        }
    }
    let buffers: Buffer<Buffer<u8>> =
        array.data_buffers().iter().cloned().chain(std::iter::once(Buffer::from(texts))).collect();
    let filled: Bitmap = filled.into();
    let array = Utf8ViewArray::try_new(ArrowDataType::Utf8View, views.into(), buffers, Some(filled))?;
    Ok(StringChunked::with_chunk(column.name().clone(), array))
}

fn too_much() -> PolarsError {
    PolarsError::ComputeError("more than 4 GB of folded text in a column".into())
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
            let column = StringChunked::from_iter_options("c".into(), cells.iter().cloned());
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
