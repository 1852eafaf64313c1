//! What the files of a source are to Spark: Parquet files or text files, and the columns that they have alike.
//!
//! Apart because one statement reads all files of a source. Of text files the header must be the first row, for Spark counts
//! no rows above it. It knows no test.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::found;
use super::lines::{self, Part};
use crate::config::SourceConfig;
use crate::source::header;
use crate::source::narrow::dialect::SPARK;
use crate::source::narrow::statement::{FILE, ROW};
use crate::source::narrow::{Class, Column, Narrower};
use crate::source::wish;
use crate::text;
use crate::text::Text;

/// What all files of a source have alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Their columns.
    pub columns: Vec<Column>,
    /// The byte between cells of text files; nothing of Parquet files.
    separator: Option<u8>,
}

/// The shape of the files of a source.
///
/// # Errors
/// Why Spark cannot be given them.
pub fn of(files: &[PathBuf], narrower: Narrower) -> Result<Shape, Text> {
    // such a name is written by no program that means well
    let is_odd = |path: &PathBuf| path.to_str().is_none_or(|path| path.contains(['`', '*', '?', '[', '{', '\\', '%']));
    if files.iter().any(is_odd) {
        return Err(text!(
            "文件名里有 Spark 另有含义的符号",
            "a file's name has signs that mean something else to Spark"
        ));
    }
    let mut all: Option<Shape> = None;
    for path in files {
        let shape = match is_parquet(path) {
            true => Shape { columns: found::columns(path)?, separator: None },
            false => of_text(path, narrower)?,
        };
        match &all {
            None => all = Some(shape),
            Some(first) if *first == shape => {}
            Some(_) => return Err(text!("各文件的列不相同", "the files have different columns")),
        }
    }
    let shape = all.filter(|shape| shape.columns.iter().any(|column| column.class != Class::Other));
    shape.ok_or_else(|| text!("没有可判断的列", "there is no column that could be told"))
}

/// Whether a file begins as Parquet files do; one that cannot be opened says so where it is read.
fn is_parquet(path: &Path) -> bool {
    let mut mark = [0; 4];
    std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut mark)).is_ok() && mark == *b"PAR1"
}

fn of_text(path: &Path, narrower: Narrower) -> Result<Shape, Text> {
    let source: &SourceConfig = narrower.source;
    let opening = lines::opening(path, source)?;
    let table = narrower.dictionary.table(&source.table.value).ok_or_else(Text::default)?;
    let names = opening.head.first().cloned().unwrap_or_default();
    let of_first = header::find(std::slice::from_ref(&names), table, &wish(source));
    let of_all = header::find(&opening.head, table, &wish(source));
    let stands_first = match (&of_all, &of_first) {
        (Ok(all), Ok(first)) => all.row == 0 && all.columns == first.columns && all.names == first.names,
        _ => false,
    };
    let shown = path.display();
    if !stands_first || names.iter().any(|name| name.chars().any(char::is_control)) {
        return Err(text!("{shown} 的表头不在第一行", "the header of {shown} is not its first row"));
    }
    let columns = names.into_iter().map(|name| Column { name, class: Class::Text }).collect();
    Ok(Shape { columns, separator: Some(opening.separator) })
}

impl Shape {
    /// The files as text; none where they are Parquet.
    pub fn parts<'p>(&self, source: usize, files: &'p [PathBuf]) -> Vec<Part<'p>> {
        let Some(separator) = self.separator else { return Vec::new() };
        files.iter().enumerate().map(|(number, path)| Part { source, number, path, separator }).collect()
    }

    /// The rows of all files with their places.
    pub fn records(&self, parts: &[Part], files: &[PathBuf]) -> String {
        let names: Vec<String> = self.columns.iter().map(|column| column.name.clone()).collect();
        if self.separator.is_some() {
            return lines::records(parts, &names);
        }
        let name = SPARK.name;
        let columns: Vec<String> = names.iter().map(|column| name(column)).collect();
        let (columns, row, file) = (columns.join(", "), name(ROW), name(FILE));
        let scan = |(at, path): (usize, &PathBuf)| {
            let place = name(&format!("file://{}", path.display()));
            format!("select {columns}, {at} as {file}, _metadata.row_index + 1 as {row} from parquet.{place}")
        };
        files.iter().enumerate().map(scan).collect::<Vec<_>>().join("\nunion all\n")
    }
}
