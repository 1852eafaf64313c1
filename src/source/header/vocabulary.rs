//! What the columns of a table may be called: mapped headers, names, labels and aliases, made ready for comparison.
//!
//! Apart because it is made once for a table and asked for every cell of the first rows of a sheet. It sees no sheet.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::HeaderWish;
use super::candidate::Names;
use crate::dictionary::Table;
use crate::folding::fold;

/// How many ranks a claim of one name has: 0 mapped by the user, 1 name or label, 2 alias, 3 label or alias once
/// bracketed remarks are left out.
pub(super) const RANKS: u8 = 4;

/// The words for the fields of a table.
pub(super) struct Vocabulary<'t> {
    /// A header to the fields that it may stand for, the surest first.
    whole: BTreeMap<String, Vec<(u8, &'t str)>>,
    /// A label without its brackets to its fields.
    bare: BTreeMap<String, Vec<&'t str>>,
}

impl<'t> Vocabulary<'t> {
    /// The words for a table's fields; a field that the user mapped has no other name.
    pub(super) fn of(table: &'t Table, wish: &'t HeaderWish) -> Self {
        let mut made = Self { whole: BTreeMap::new(), bare: BTreeMap::new() };
        for (field, header) in &wish.columns {
            made.add(header, 0, field);
        }
        let unmapped =
            table.fields.iter().filter(|field| !wish.columns.iter().any(|(mapped, _)| *mapped == field.name));
        for field in unmapped {
            for name in [&field.name, &field.label, &field.label_en] {
                made.add(name, 1, &field.name);
            }
            for alias in &field.aliases {
                made.add(alias, 2, &field.name);
            }
            let label = normalise(&field.label);
            made.bare.entry(without_brackets(&label).to_owned()).or_default().push(&field.name);
        }
        made.whole.values_mut().for_each(|claims| claims.sort_by_key(|(rank, _)| *rank));
        made
    }

    fn add(&mut self, name: &str, rank: u8, field: &'t str) {
        let claims = self.whole.entry(normalise(name)).or_default();
        if !claims.iter().any(|(_, claimed)| *claimed == field) {
            claims.push((rank, field));
        }
    }

    /// The fields that a column may stand for by its names, with the rank of each claim: first those of its first name.
    pub(super) fn claims(&self, names: &Names) -> Vec<(u8, &'t str)> {
        let mut claims = Vec::new();
        for (below, name) in (0..).zip(names) {
            claims.extend(self.claims_of(name).into_iter().map(|(rank, field)| (rank + below * RANKS, field)));
        }
        claims
    }

    fn claims_of(&self, cell: &str) -> Vec<(u8, &'t str)> {
        let header = normalise(cell);
        if header.is_empty() {
            return Vec::new();
        }
        let mut claims = self.whole.get(&header).cloned().unwrap_or_default();
        let bare = without_brackets(&header);
        let mut add = |field: &'t str| {
            if !claims.iter().any(|(_, claimed)| *claimed == field) {
                claims.push((3, field));
            }
        };
        if !bare.is_empty() {
            let whole = self.whole.get(bare).into_iter().flatten().filter(|(rank, _)| *rank > 0 && bare != header);
            whole.for_each(|(_, field)| add(field));
            self.bare.get(bare).into_iter().flatten().for_each(|field| add(field));
        }
        claims
    }
}

/// A header before its first bracket: what stands in it says more of the column, not which it is.
fn without_brackets(header: &str) -> &str {
    header.split(['(', '[', '【', '〔']).next().unwrap_or_default()
}

/// A header for comparison: folded, in compatible forms (NFKC), without white space, line breaks and marks, in lower
/// case.
pub fn normalise(header: &str) -> String {
    fold(header)
        .nfkc()
        .filter(|character| !character.is_whitespace() && !matches!(character, '*' | ':' | '_' | '-' | '★' | '※'))
        .flat_map(char::to_lowercase)
        .collect()
}
