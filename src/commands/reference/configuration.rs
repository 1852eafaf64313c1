//! The page of the keys of `hedui.toml`.
//!
//! Apart because it is a page. The keys are those that the readers ask for.

use std::collections::BTreeSet;

use super::Sentences;
use crate::text::Language;

/// Names.
pub fn names() -> BTreeSet<String> {
    BTreeSet::new()
}
/// Writes the page.
pub fn write(_: Language, _: &Sentences) -> String {
    String::new()
}
