//! Folding and missing words, for every column of a table.
//!
//! Apart because it is most of the work, and because there are two honest ways to write it: `expressions` is what the
//! polars manual leads to (a regex replacement, a translation, `strip_chars`), `closure` is one pass of plain Rust over
//! each value. `str().replace_many` is not in the feature set, so full-width letters are a `map` in both.

use std::borrow::Cow;

use polars::prelude::*;

use super::tables::Table;

/// How folding is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Folding {
    /// Polars expressions.
    Expressions,
    /// One closure of plain Rust.
    Closure,
}

const MISSING: [&str; 12] = ["", "无", "暂无", "-", "--", "/", "N/A", "NA", "n/a", "na", "null", "NULL"];
const INVISIBLE: &str = r"[\x{AD}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}\x{FEFF}]+";

/// The column that holds the folded key also where it is a placeholder.
pub const KEY_TEXT: &str = "key_text";

/// The table with a folded column a field beside each column as typed; missing words are null.
pub fn folded(frame: LazyFrame, table: &Table, folding: Folding) -> LazyFrame {
    let texts: Vec<Expr> = table.header.iter().map(|(field, label)| text(col(*label), folding).alias(*field)).collect();
    let missing = lit(Series::new("missing".into(), MISSING)).implode(true);
    let mut values: Vec<Expr> = table
        .header
        .iter()
        .map(|(field, _)| {
            let is_missing = col(*field).is_in(missing.clone(), false);
            when(is_missing).then(lit(NULL)).otherwise(col(*field)).alias(*field)
        })
        .collect();
    values.push(table.key.map_or(lit(""), |key| col(key).fill_null(lit(""))).alias(KEY_TEXT));
    frame.with_columns(texts).with_columns(values)
}

fn text(typed: Expr, folding: Folding) -> Expr {
    match folding {
        Folding::Expressions => {
            mapped(typed.str().replace_all(lit(INVISIBLE), lit(""), false), half_width).str().strip_chars(lit(NULL))
        }
        Folding::Closure => mapped(typed, fold),
    }
}

fn mapped(texts: Expr, change: fn(&str) -> Cow<'_, str>) -> Expr {
    texts.map(
        move |column| {
            let texts = column.str()?;
            Ok(texts.apply_values(change).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::String)),
    )
}

/// Full-width ASCII to ASCII, wide and hard blanks to a blank.
fn half_width(text: &str) -> Cow<'_, str> {
    let is_wide = |letter: char| matches!(letter, '\u{FF01}'..='\u{FF5E}' | '\u{3000}' | '\u{A0}');
    if text.is_ascii() || !text.chars().any(is_wide) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(narrow).collect())
}

fn narrow(letter: char) -> char {
    match letter {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(letter as u32 - 0xFEE0).unwrap_or(letter),
        '\u{3000}' | '\u{A0}' => ' ',
        other => other,
    }
}

/// All of folding in one pass; nothing is copied where nothing changes.
fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text.trim());
    }
    let changes =
        |letter: char| is_invisible(letter) || matches!(letter, '\u{FF01}'..='\u{FF5E}' | '\u{3000}' | '\u{A0}');
    if !text.chars().any(changes) {
        return Cow::Borrowed(text.trim());
    }
    let folded: String = text.chars().filter(|letter| !is_invisible(*letter)).map(narrow).collect();
    Cow::Owned(folded.trim().to_owned())
}

fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}')
}
