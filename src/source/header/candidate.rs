//! A row that may be a header, or two rows of which the second says what the first leaves open.
//!
//! Apart because joining is about the shape of rows alone. Which names mean a field, the vocabulary knows.

use super::vocabulary::Vocabulary;

/// What one column is called, the surest name first.
pub(super) type Names = Vec<String>;

/// A row, or two of them joined, that may be a header.
pub(super) struct Candidate {
    /// Its first row, counted from 0.
    pub(super) first: usize,
    /// Its last row: the same, or the next.
    pub(super) last: usize,
    /// The names of each column; none where nothing stands.
    pub(super) names: Vec<Names>,
}

impl Candidate {
    /// One row.
    pub(super) fn single(head: &[Vec<String>], row: usize) -> Self {
        let cells = head.get(row).map(Vec::as_slice).unwrap_or_default();
        let names = cells.iter().map(|cell| if cell.trim().is_empty() { Vec::new() } else { vec![cell.clone()] });
        Self { first: row, last: row, names: names.collect() }
    }

    /// A row and the one below it, where the first has gaps that the second fills: 联系人 over 姓名, 电话, 职务.
    pub(super) fn joined(head: &[Vec<String>], row: usize) -> Option<Self> {
        let (above, below) = (head.get(row)?, head.get(row + 1)?);
        let filled = |cells: &[String], column: usize| {
            cells.get(column).map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).map(str::to_owned)
        };
        let mut names: Vec<Names> = Vec::new();
        // A group's title goes on over gaps as long as something stands below them.
        let mut group: Option<String> = None;
        let mut has_gap = false;
        for column in 0..above.len().max(below.len()) {
            let (top, bottom) = (filled(above, column), filled(below, column));
            has_gap |= top.is_none() && bottom.is_some();
            if top.is_some() || bottom.is_none() {
                group = top.clone().filter(|_| bottom.is_some());
            }
            names.push(match (top.as_ref().or(group.as_ref()), bottom) {
                (Some(title), Some(name)) => vec![format!("{title}-{name}"), name],
                (None, Some(name)) => vec![name],
                (Some(title), None) if top.is_some() => vec![title.clone()],
                (_, None) => Vec::new(),
            });
        }
        has_gap.then_some(Self { first: row, last: row + 1, names })
    }

    /// How many fields it names.
    pub(super) fn matched(&self, vocabulary: &Vocabulary) -> usize {
        let mut fields: Vec<&str> =
            self.names.iter().filter_map(|names| vocabulary.claims(names).first().map(|(_, field)| *field)).collect();
        fields.sort_unstable();
        fields.dedup();
        fields.len()
    }
}
