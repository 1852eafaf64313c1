//! A row that may be a header, or two or three rows of which each says what the one above leaves open.
//!
//! Apart because joining is about the shape of rows alone. Which names mean a field, the vocabulary knows.

use super::vocabulary::Vocabulary;

/// What one column is called, the surest name first.
pub(super) type Names = Vec<String>;

/// A header has at most so many rows.
pub(super) const MOST_ROWS: u8 = 3;

/// A row, or some of them joined, that may be a header.
pub(super) struct Candidate {
    /// Its first row, counted from 0.
    pub(super) first: usize,
    /// Its last row: the same, or one of the next.
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

    /// So many rows from one on, where each has gaps that the next fills: 联系人 over 姓名, 电话, 职务.
    pub(super) fn joined(head: &[Vec<String>], first: usize, count: usize) -> Option<Self> {
        let rows = head.get(first..first + count)?;
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        let filled = |row: &Vec<String>, column: usize| {
            row.get(column).map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).map(str::to_owned)
        };
        // The title of a group goes on over gaps as long as something stands below them and none stands above.
        let mut groups: Vec<Option<String>> = vec![None; count];
        let mut has_gap = vec![false; count];
        let mut names: Vec<Names> = Vec::new();
        for column in 0..width {
            let cells: Vec<Option<String>> = rows.iter().map(|row| filled(row, column)).collect();
            let Some(lowest) = cells.iter().rposition(Option::is_some) else {
                groups.fill(None);
                names.push(Vec::new());
                continue;
            };
            for level in 0..count {
                has_gap[level] |= level > 0 && cells[level].is_some() && cells[level - 1].is_none();
                if cells[level].is_some() || level >= lowest {
                    groups[level..].fill(None);
                    groups[level] = cells[level].clone().filter(|_| level < lowest);
                }
            }
            let own = |level: usize| cells[level].as_ref().or(groups[level].as_ref()).map(String::as_str);
            let titles: Vec<&str> = (0..=lowest).filter_map(own).collect();
            names.push((0..titles.len()).map(|above| titles[above..].join("-")).collect());
        }
        has_gap[1..].iter().all(|gap| *gap).then_some(Self { first, last: first + count - 1, names })
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
