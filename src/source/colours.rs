//! What the look of a row means where a source says so: a fill colour or a line through a cell as a value of a field.
//!
//! Apart because colours are data only by agreement. A cell that somebody filled in is left as it is: the look gives a
//! value where there is none.

use polars::prelude::StringChunked;

use super::sheet::{RowLook, Sheet};
use crate::config::Marks;
use crate::dataset::raw::RawColumn;
use crate::text;
use crate::text::Text;

/// Gives a field, which people know by its label, its values from the look of the rows below a header, counted from 0;
/// and says how many; or that the looks are not known.
pub fn apply(
    columns: &mut Vec<RawColumn>,
    marks: &Marks,
    label: &str,
    sheet: &Sheet,
    header: usize,
    height: usize,
) -> Text {
    if !sheet.has_looks {
        return text!(
            "此格式读不到单元格颜色，“{label}”未按颜色填写；请另存为 .xlsx",
            "colours cannot be read from this kind of file, so `{label}` was not filled by them; save it as .xlsx"
        );
    }
    let field = &marks.field.value;
    let mut values: Vec<Option<&str>> = vec![None; height];
    for look in &sheet.looks {
        let below = (look.row as usize).checked_sub(header + 1);
        if let (Some(value), Some(meaning)) = (below.and_then(|row| values.get_mut(row)), meaning(look, marks)) {
            *value = Some(meaning);
        }
    }
    let existing = columns.iter_mut().find(|column| column.field == *field);
    let mut count = values.iter().flatten().count();
    match existing {
        Some(column) => {
            count = 0;
            let joined = column.values.iter().zip(&values).map(|(typed, marked)| {
                count += usize::from(typed.is_none() && marked.is_some());
                typed.or(*marked)
            });
            let joined: StringChunked = joined.collect();
            column.values = joined;
        }
        None => columns.push(RawColumn {
            field: field.clone(),
            letters: String::new(),
            values: values.into_iter().collect(),
            errors: Vec::new(),
            lost_digits: Vec::new(),
            unit: None,
            serials: None,
        }),
    }
    text!(
        "按单元格颜色或删除线得到“{label}” {count} 行",
        "`{label}` of {count} rows comes from colours or struck-through cells"
    )
}

/// The value that a look stands for: the first colour of the configuration that the row has, then the line.
fn meaning<'m>(look: &RowLook, marks: &'m Marks) -> Option<&'m str> {
    let by_colour =
        marks.fill.iter().find(|(colour, _)| look.colours.contains(colour)).map(|(_, value)| value.as_str());
    by_colour.or_else(|| marks.strike.as_deref().filter(|_| look.struck))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::Placed;

    #[test]
    fn a_look_gives_a_value_only_where_there_is_none() {
        let marks = Marks {
            field: Placed { value: "update_mark".to_owned(), span: 0..0 },
            fill: vec![(0xFF_FF00, "更新".to_owned())],
            strike: Some("作废".to_owned()),
        };
        let look = |row, colours: &[u32], struck| RowLook { row, colours: colours.to_vec(), struck };
        let looks =
            vec![look(0, &[0xFF_FF00], false), look(2, &[0xFF_FF00], true), look(3, &[7], true), look(9, &[], true)];
        let sheet = Sheet { looks, has_looks: true, ..Sheet::default() };
        let mut columns = Vec::new();
        let said = apply(&mut columns, &marks, "更新标注", &sheet, 0, 3);
        let values: Vec<Option<&str>> = columns[0].values.iter().collect();
        assert_eq!(values, [None, Some("更新"), Some("作废")]);
        assert!(said.zh.contains("2 行"), "{}", said.zh);
        let typed = vec![None, Some("否".to_owned()), None];
        let mut columns = vec![RawColumn::of_texts("update_mark", "C".to_owned(), typed)];
        let said = apply(&mut columns, &marks, "更新标注", &sheet, 0, 3);
        let values: Vec<Option<&str>> = columns[0].values.iter().collect();
        assert_eq!(values, [None, Some("否"), Some("作废")]);
        assert!(said.zh.contains("1 行"), "{}", said.zh);
    }

    #[test]
    fn where_no_look_is_known_nothing_is_added() {
        let field = Placed { value: "update_mark".to_owned(), span: 0..0 };
        let marks = Marks { field, fill: Vec::new(), strike: Some("作废".to_owned()) };
        let mut columns = Vec::new();
        let said = apply(&mut columns, &marks, "更新标注", &Sheet::default(), 0, 3);
        assert!(columns.is_empty() && said.zh.contains("读不到"), "{}", said.zh);
    }
}
