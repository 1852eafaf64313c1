//! Where quoted cells begin and end in a text.
//!
//! Apart because a quote that nobody closed makes one cell of all that follows it, and neither parser says so. It knows
//! what stands between cells and splits none.

use memchr::{memchr, memchr_iter};

/// A quoted cell, by the places of its quotes in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quoted {
    /// The place of its first quote.
    pub(super) start: usize,
    /// The place of the quote that closes it; nothing: none does.
    pub(super) end: Option<usize>,
    /// Whether a cell ends behind it; else other text follows.
    pub(super) is_whole: bool,
}

/// Goes through the quoted cells of a text in order.
pub(super) struct QuotedCells<'t> {
    text: &'t [u8],
    /// What stands between cells.
    separator: &'t [u8],
    next: usize,
}

impl<'t> QuotedCells<'t> {
    pub(super) fn new(text: &'t str, separator: &'t str) -> Self {
        Self::of(text.as_bytes(), separator.as_bytes())
    }

    /// The same of the bytes of a text.
    pub(super) fn of(text: &'t [u8], separator: &'t [u8]) -> Self {
        Self { text, separator, next: 0 }
    }

    fn begins_cell(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or_default();
        before.is_empty() || before.ends_with(b"\n") || before.ends_with(b"\r") || before.ends_with(self.separator)
    }

    fn ends_cell(&self, at: usize) -> bool {
        let mut behind = self.text.get(at + 1..).unwrap_or_default();
        while let [b' ', rest @ ..] = behind {
            behind = rest;
        }
        behind.is_empty()
            || behind.starts_with(b"\n")
            || behind.starts_with(b"\r")
            || behind.starts_with(self.separator)
    }

    /// The quote that closes the cell which begins before a place: two of them are one of its value.
    fn closing(&self, mut from: usize) -> Option<usize> {
        loop {
            let at = from + memchr(b'"', self.text.get(from..)?)?;
            if self.text.get(at + 1) != Some(&b'"') {
                return Some(at);
            }
            from = at + 2;
        }
    }
}

impl Iterator for QuotedCells<'_> {
    type Item = Quoted;

    fn next(&mut self) -> Option<Quoted> {
        // A quote within a cell, such as that of 12" 管, is a letter like others.
        let mut quotes = memchr_iter(b'"', self.text.get(self.next..)?).map(|at| at + self.next);
        let start = quotes.find(|at| self.begins_cell(*at))?;
        let end = self.closing(start + 1);
        self.next = end.map_or(self.text.len(), |end| end + 1);
        Some(Quoted { start, end, is_whole: end.is_some_and(|end| self.ends_cell(end)) })
    }
}

/// The place of the first quote that swallows records: one that nobody closes, or that the first quote of a later record
/// closes, which its cell gives away by going on behind it.
pub(super) fn swallowing(text: &str, separator: &str) -> Option<usize> {
    let spans_lines = |start: usize, end: usize| text.get(start..end).is_some_and(|cell| cell.contains(['\n', '\r']));
    QuotedCells::new(text, separator)
        .find(|cell| cell.end.is_none_or(|end| !cell.is_whole && spans_lines(cell.start, end)))
        .map(|cell| cell.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_that_swallows_records_is_found() {
        for (text, at) in [
            ("a,b\n1,\"x\n2,y\n", Some(6)),
            ("a,b\n1,\"x\n2,\"y\"\n", Some(6)),
            ("a,b\n1,\"x\ny\"\n2,\"z\"\"\"\n", None),
            ("a,b\n1,12\" pipe\n2,y\n", None),
            ("a,b\n=\"1\",\"x\" y\n2,y\n", None),
            ("\"", Some(0)),
            ("\"\"", None),
            ("\"\"\"", Some(0)),
            ("", None),
        ] {
            assert_eq!(swallowing(text, ","), at, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_well_is_never_blamed(cells in proptest::collection::vec("[a\"\n,，\r]{0,6}", 0..20)) {
            let written: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            for separator in [",", "，"] {
                let text = written.join(separator);
                proptest::prop_assert_eq!(swallowing(&text, separator), None);
                let found: Vec<String> = QuotedCells::new(&text, separator)
                    .map(|cell| text[cell.start + 1..cell.end.expect("closed")].replace("\"\"", "\""))
                    .collect();
                proptest::prop_assert_eq!(&found, &cells);
            }
        }
    }
}
