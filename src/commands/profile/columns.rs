//! Columns of text on a terminal, where a Chinese letter is as wide as two others.
//!
//! Apart because it knows letters and widths, and nothing of what they say.

/// Blanks between columns.
const GAP: usize = 2;

/// The rows with their cells one below the other; the last cell of a row is not padded.
pub fn aligned(rows: &[Vec<String>], indent: usize) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widest =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns).map(widest).collect();
    let line = |row: &Vec<String>| {
        let mut line = " ".repeat(indent);
        for (cell, widest) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(widest - width(cell) + GAP));
        }
        line.trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

/// A text cut to a width, with a mark where something was cut.
pub fn cut(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut taken = 1;
    for letter in text.chars() {
        taken += wide(letter);
        if taken > most {
            break;
        }
        kept.push(letter);
    }
    kept + "…"
}

/// How many columns of a terminal a text takes.
fn width(text: &str) -> usize {
    text.chars().map(wide).sum()
}

fn wide(letter: char) -> usize {
    let is_wide = matches!(letter,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1f64f}'
        | '\u{20000}'..='\u{3fffd}');
    if is_wide { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_two_columns() {
        let rows = [vec!["列".to_owned(), "a".to_owned()], vec!["ABC".to_owned(), "b".to_owned()]];
        assert_eq!(aligned(&rows, 1), [" 列   a", " ABC  b"]);
        assert_eq!(cut("客户名称", 5), "客户…");
        assert_eq!(cut("客户", 4), "客户");
    }
}
