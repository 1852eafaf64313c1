//! What was observed on the cells of a sheet, for the load notes: hidden rows, errors, formulas without a value, pictures,
//! dates where texts belong, each with a count and the first places.
//!
//! Apart because these are no findings: a rule may fail because of them or not, the reader of a load note wants to know
//! in either case. It changes no cell.

use super::sheet::{Below, Sheet};
use crate::dataset::raw::column_letters;
use crate::text;
use crate::text::Text;

/// So many places are named.
const NAMED: usize = 5;

/// What is to be said of the rows below a header, counted from 0; fields that hold no dates by their column and label.
pub fn remarks(
    sheet: &Sheet,
    below: &Below,
    header: usize,
    not_dates: &[(usize, &str)],
    skips_hidden: bool,
) -> Vec<Text> {
    let first = u32::try_from(header + 1).unwrap_or(u32::MAX);
    let mut remarks = Vec::new();
    remarks.extend(hidden_rows(sheet, below, first, skips_hidden));
    remarks.extend(hidden_columns(sheet));
    remarks.extend(errors(below, first));
    let notes = &sheet.notes;
    if let Some((count, places)) = counted(&notes.without_value, first) {
        remarks.push(text!(
            "公式无缓存值 {count} 处（{places}），按缺失处理；请在 Excel 或 WPS 中打开保存后再提供",
            "{count} formulas without a value ({places}), taken as missing; open the file in Excel or WPS and save it"
        ));
    }
    if let Some((count, places)) = counted(&notes.pictures, first) {
        remarks.push(text!(
            "单元格内图片 {count} 处（{places}），读作“图片”",
            "{count} pictures in cells ({places}), read as 图片"
        ));
    }
    if let Some((count, places)) = counted(&[notes.cut.as_slice(), &below.cut].concat(), first) {
        let most = super::grid::MOST_CHARACTERS;
        remarks.push(text!(
            "{count} 个单元格超过 {most} 字（{places}），只保留开头",
            "{count} cells have more than {most} characters ({places}); only the beginning was kept"
        ));
    }
    remarks.extend(not_dates.iter().filter_map(|(column, label)| dates(sheet, first, *column, label)));
    remarks
}

/// Hidden rows that hold anything.
fn hidden_rows(sheet: &Sheet, below: &Below, first: u32, skipped: bool) -> Option<Text> {
    let is_filled = |row: u32| {
        let index = (row - first) as usize;
        below.columns.iter().any(|cells| cells.values.get(index).is_some())
    };
    let height = below.columns.first().map_or(0, |cells| cells.values.len());
    let rows: Vec<u32> = sheet
        .hidden_rows
        .iter()
        .copied()
        .filter(|row| *row >= first && ((*row - first) as usize) < height && is_filled(*row))
        .collect();
    if rows.is_empty() {
        return None;
    }
    let count = rows.len();
    let places = spans(&rows);
    Some(if skipped {
        text!(
            "含隐藏行 {count} 行（第 {places} 行），按配置跳过",
            "{count} hidden rows ({places}), skipped as configured"
        )
    } else {
        text!("含隐藏行 {count} 行（第 {places} 行），已按数据读取", "{count} hidden rows ({places}), read as data")
    })
}

fn hidden_columns(sheet: &Sheet) -> Option<Text> {
    let width = sheet.notes.dates.len(); // all columns that hold anything
    let letters: Vec<String> = sheet
        .notes
        .hidden_columns
        .iter()
        .map(|column| *column as usize)
        .filter(|column| *column < width)
        .map(column_letters)
        .collect();
    let count = letters.len();
    let shown = letters.get(..count.min(NAMED * 2)).unwrap_or_default().join(", ");
    (count > 0).then(|| text!("含隐藏列 {count} 列（{shown}），已读取", "{count} hidden columns ({shown}), read"))
}

fn errors(below: &Below, first: u32) -> Option<Text> {
    let mut places: Vec<(u32, u32)> = Vec::new();
    for (column, cells) in (0_u32..).zip(&below.columns) {
        places.extend(cells.errors.iter().map(|row| (row.saturating_add(first), column)));
    }
    places.sort_unstable();
    let (count, shown) = counted(&places, first)?;
    Some(text!(
        "公式错误（#N/A 等）{count} 处（{shown}），按缺失处理",
        "{count} cells with errors such as #N/A ({shown}), taken as missing"
    ))
}

/// A spreadsheet makes a date of 3-5 or 1/2.
fn dates(sheet: &Sheet, first: u32, column: usize, label: &str) -> Option<Text> {
    let at = u32::try_from(column).ok()?;
    let rows = sheet.notes.dates.get(column)?;
    let places: Vec<(u32, u32)> = rows.iter().map(|row| (*row, at)).collect();
    let (count, shown) = counted(&places, first)?;
    Some(text!(
        "“{label}”列有 {count} 个日期单元格（{shown}）；若原为 3-5、1/2 之类，已被表格软件改成日期",
        "column `{label}` has {count} cells that are dates ({shown}); 3-5 or 1/2 may have been turned into one"
    ))
}

/// How many places lie below the header, and the first of them; nothing where none does.
fn counted(places: &[(u32, u32)], first: u32) -> Option<(usize, String)> {
    let below: Vec<&(u32, u32)> = places.iter().filter(|(row, _)| *row >= first).collect();
    let names: Vec<String> = below
        .iter()
        .take(NAMED)
        .map(|(row, column)| format!("{}{}", column_letters(*column as usize), row.saturating_add(1)))
        .collect();
    let more = if below.len() > NAMED { " …" } else { "" };
    (!below.is_empty()).then(|| (below.len(), format!("{}{more}", names.join(", "))))
}

/// Rows as they are numbered, those after one another as a span; the first few.
fn spans(rows: &[u32]) -> String {
    let mut spans: Vec<(u32, u32)> = Vec::new();
    for row in rows {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == *row => *last = *row,
            _ => spans.push((*row, *row)),
        }
    }
    let shown: Vec<String> = spans
        .iter()
        .take(NAMED)
        .map(
            |(first, last)| {
                if first == last { format!("{}", first + 1) } else { format!("{}-{}", first + 1, last + 1) }
            },
        )
        .collect();
    let more = if spans.len() > NAMED { " …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_and_the_first_named() {
        let places: Vec<(u32, u32)> = (0..9).map(|row| (row, 1)).collect();
        assert_eq!(counted(&places, 2), Some((7, "B3, B4, B5, B6, B7 …".to_owned())));
        assert_eq!(counted(&places, 9), None);
        assert_eq!(spans(&[3, 4, 5, 8]), "4-6, 9");
    }
}
