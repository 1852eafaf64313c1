//! Finding the header: which row names the columns, and which field each column feeds.
//!
//! Apart because every kind of source meets it, and because a wrong guess here would be wrong everywhere. It sees the
//! first rows as text and the dictionary, nothing else.

use crate::dataset::raw::column_letters;
use crate::dictionary::{Dictionary, Table};
use crate::folding::fold;
use crate::text;
use crate::text::Text;

/// Header rows are looked for in so many rows from the top.
pub const HEAD_ROWS: usize = 30;

/// What a user said about the header of a source.
#[derive(Clone, Debug, Default)]
pub struct HeaderWish {
    /// The spreadsheet row; nothing: found out.
    pub row: Option<u32>,
    /// (field, header) where label and aliases do not do.
    pub columns: Vec<(String, String)>,
}

/// The header that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its row, counted from 0.
    pub row: usize,
    /// (column counted from 0, field), in the order of columns.
    pub columns: Vec<(usize, String)>,
    /// Headers that feed no field.
    pub unknown: Vec<String>,
}

/// Finds the header of a table in the first rows of a sheet.
///
/// # Errors
/// Where no row fits, or two columns claim one field; with both letters.
pub fn find(head: &[Vec<String>], table: &Table, wish: &HeaderWish) -> Result<Header, Text> {
    let row = match wish.row {
        Some(row) => usize::try_from(row).ok().and_then(|row| row.checked_sub(1)).filter(|row| *row < head.len()),
        None => best_row(head, table, wish).map(|(row, _)| row),
    };
    let label = &table.label;
    let name = &table.name;
    let Some(row) = row else {
        return Err(text!(
            "前 {HEAD_ROWS} 行中找不到“{label}”表的表头；请检查列名，或用 header_row 指定",
            "no header of table `{name}` in the first {HEAD_ROWS} rows; check the column names or set header_row"
        ));
    };
    let cells = head.get(row).map(Vec::as_slice).unwrap_or_default();
    let columns = assign(cells, table, wish)?;
    if columns.is_empty() {
        let shown = row + 1;
        return Err(text!("第 {shown} 行没有“{label}”表的任何列名", "row {shown} names no column of table `{name}`"));
    }
    let unknown = cells
        .iter()
        .enumerate()
        .filter(|(index, cell)| !cell.trim().is_empty() && !columns.iter().any(|(column, _)| column == index))
        .map(|(_, cell)| fold(cell).into_owned())
        .collect();
    Ok(Header { row, columns, unknown })
}

/// Whether the header of a sheet fits a table better than any other table of the dictionary.
pub fn fits_best(head: &[Vec<String>], table: &Table, dictionary: &Dictionary, wish: &HeaderWish) -> bool {
    let share = |table: &Table, matched: usize| matched as f64 / table.fields.len().max(1) as f64;
    let own = best_row(head, table, wish).map_or(0, |(_, matched)| matched);
    own >= 2
        && dictionary.tables.iter().filter(|other| other.name != table.name && !are_alike(other, table)).all(|other| {
            let theirs = best_row(head, other, &HeaderWish::default()).map_or(0, |(_, matched)| matched);
            theirs < own || (theirs == own && share(other, theirs) < share(table, own))
        })
}

/// Whether one table has the fields of the other: then the configuration alone says which of them a sheet is.
fn are_alike(left: &Table, right: &Table) -> bool {
    left.is_like(&right.name) || right.is_like(&left.name)
}

/// The row that names the most fields, the first of equals, and how many it names.
fn best_row(head: &[Vec<String>], table: &Table, wish: &HeaderWish) -> Option<(usize, usize)> {
    let mut best = None;
    for (row, cells) in head.iter().take(HEAD_ROWS).enumerate() {
        let mut fields: Vec<&str> = cells
            .iter()
            .filter(|cell| !cell.trim().is_empty())
            .filter_map(|cell| claims(cell, table, wish).first().map(|(_, field)| *field))
            .collect();
        fields.sort_unstable();
        fields.dedup();
        let filled = cells.iter().filter(|cell| !cell.trim().is_empty()).count();
        let enough = fields.len() >= 2 || (fields.len() == 1 && filled == 1 && table.fields.len() == 1);
        if enough && best.is_none_or(|(_, matched)| fields.len() > matched) {
            best = Some((row, fields.len()));
        }
    }
    best
}

/// Gives every column at most one field and every field at most one column, the surest claims first.
fn assign(cells: &[String], table: &Table, wish: &HeaderWish) -> Result<Vec<(usize, String)>, Text> {
    let mut columns: Vec<(usize, String)> = Vec::new();
    for rank in 0..=3 {
        let mut claimed: Vec<(usize, &str)> = Vec::new();
        for (index, cell) in cells.iter().enumerate() {
            if columns.iter().any(|(column, _)| *column == index) {
                continue;
            }
            let field = claims(cell, table, wish)
                .into_iter()
                .find(|(claim, field)| *claim == rank && !columns.iter().any(|(_, taken)| taken == field));
            if let Some((_, field)) = field {
                claimed.push((index, field));
            }
        }
        for (position, (index, field)) in claimed.iter().enumerate() {
            if let Some((earlier, _)) = claimed[..position].iter().find(|(_, taken)| taken == field) {
                if rank >= 2 {
                    continue; // an alias or a bracketed variant of a column that is there already: unknown
                }
                let (left, right) = (column_letters(*earlier), column_letters(*index));
                let label = table.field(field).map_or(*field, |field| field.label.as_str());
                return Err(text!(
                    "{left} 列和 {right} 列都是“{label}”；请改名其中一列，或在 columns 中指定",
                    "columns {left} and {right} are both `{label}`; rename one, or name it under columns"
                ));
            }
            columns.push((*index, (*field).to_owned()));
        }
    }
    columns.sort_unstable();
    Ok(columns)
}

/// The fields that a header may stand for with the rank of the claim: 0 mapped by the user, 1 name or label,
/// 2 alias, 3 label or alias once a bracketed remark is left out.
fn claims<'t>(cell: &str, table: &'t Table, wish: &'t HeaderWish) -> Vec<(u8, &'t str)> {
    let header = normalise(cell);
    if header.is_empty() {
        return Vec::new();
    }
    let bare = header.split('(').next().unwrap_or_default();
    let mut claims: Vec<(u8, &str)> = wish
        .columns
        .iter()
        .filter(|(_, mapped)| normalise(mapped) == header)
        .map(|(field, _)| (0, field.as_str()))
        .collect();
    for field in &table.fields {
        let is = |name: &str, header: &str| normalise(name) == header;
        let named = is(&field.name, &header) || is(&field.label, &header) || is(&field.label_en, &header);
        let aliased = |header: &str| field.aliases.iter().any(|alias| is(alias, header));
        let rank = if named {
            1
        } else if aliased(&header) {
            2
        } else if !bare.is_empty() && bare.len() < header.len() && (is(&field.label, bare) || aliased(bare)) {
            3
        } else {
            continue;
        };
        if !wish.columns.iter().any(|(mapped, _)| *mapped == field.name) {
            claims.push((rank, &field.name));
        }
    }
    claims.sort_by_key(|(rank, _)| *rank);
    claims
}

/// A header for comparison: folded, without white space, line breaks, `*` and colons, in lower case.
fn normalise(header: &str) -> String {
    fold(header)
        .chars()
        .filter(|character| !character.is_whitespace() && !matches!(character, '*' | ':' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}
