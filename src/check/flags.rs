//! Flags of all rows by their texts, eight to a byte.
//!
//! Apart because several kinds judge a column text by text, and a column of flags that is put together bit by bit takes
//! longer than the judging. What is judged, the kinds say.

use polars::prelude::{BooleanChunked, StringChunked};
use polars_arrow::array::{Array, BooleanArray};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::datatypes::ArrowDataType;

/// A flag a text, null where there is none.
pub fn by_text(texts: &StringChunked, is_so: impl Fn(&str) -> bool) -> BooleanChunked {
    let chunks = texts.downcast_iter().map(|texts| {
        let flags = packed(texts.iter().map(|text| text.is_some_and(&is_so)), texts.len());
        BooleanArray::new(ArrowDataType::Boolean, flags, texts.validity().cloned())
    });
    BooleanChunked::from_chunk_iter(texts.name().clone(), chunks)
}

/// Flags by the number of their row.
pub fn numbered(name: &str, height: usize, is_set: impl Fn(usize) -> bool) -> BooleanChunked {
    BooleanChunked::from_bitmap(name.into(), packed((0..height).map(is_set), height))
}

fn packed(mut flags: impl Iterator<Item = bool>, height: usize) -> Bitmap {
    let bytes = (0..height.div_ceil(8))
        .map(|_| (0..8).fold(0, |byte, place| byte | u8::from(flags.next() == Some(true)) << place));
    Bitmap::from_u8_vec(bytes.collect(), height)
}

#[cfg(test)]
mod tests {
    use polars::prelude::NewChunkedArray;

    use super::*;

    proptest::proptest! {
        #[test]
        fn flags_are_those_of_their_rows(cells in proptest::collection::vec(proptest::option::of("[ab]{0,2}"), 0..40), more in 0_usize..9) {
            let mut texts = StringChunked::from_iter_options("c".into(), cells.iter().cloned());
            let head = texts.head(Some(more));
            texts.append(&head).expect("appended");
            let all: Vec<Option<&str>> = texts.iter().collect();
            let expected: Vec<Option<bool>> = all.iter().map(|text| text.map(|text| text.contains('a'))).collect();
            proptest::prop_assert_eq!(by_text(&texts, |text| text.contains('a')).iter().collect::<Vec<_>>(), expected);
            let third = numbered("n", all.len(), |row| row % 3 == 0);
            proptest::prop_assert_eq!(third.iter().collect::<Vec<_>>(), (0..all.len()).map(|row| Some(row % 3 == 0)).collect::<Vec<_>>());
        }
    }
}
