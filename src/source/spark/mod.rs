//! Apache Spark over Parquet files in parts: suspect rows and counts of the rest, by the company's own installation.
//!
//! Apart because one call serves all sources that ask for it, while files are read one by one. What comes back is, file by
//! file, what reading the file would have given, without the rows that cannot fail. It knows no rule; what is wanted it is
//! told. Where all rows are wanted, it leaves the file to be read as any other.

mod found;
mod submission;

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::narrow::{Asked, Class, Column, Inner, Narrower, dialect, statement};
use super::table::table_of;
use super::{Narrowings, failed, files, shown};
use crate::config::{Config, Evaluate, Location, SourceConfig, SparkConfig};
use crate::dataset::raw::RawTable;
use crate::dictionary::Dictionary;
use crate::model::{Narrowing, SourceNote};
use crate::text;
use crate::text::Text;
use submission::Exchange;

/// What a file gave, by the source that asks for it.
pub type Given = Vec<(usize, Result<RawTable, Box<SourceNote>>)>;

/// What Spark gave.
#[derive(Default)]
pub struct Answer {
    /// The tables of the files of each source that it was asked for.
    pub given: BTreeMap<usize, Given>,
    /// Why a source that asks for it is read here all the same.
    pub here: BTreeMap<usize, Text>,
}

/// A source that Spark is asked for.
struct Question<'c> {
    index: usize,
    source: &'c SourceConfig,
    files: Vec<PathBuf>,
    names: Vec<String>,
    /// The statements for suspect rows and for the rest.
    statements: (String, String),
}

/// Asks Spark for the sources that want it, all in one call.
pub fn read(config: &Config, dictionary: &Dictionary, narrowings: &Narrowings) -> Answer {
    let mut answer = Answer::default();
    let Some(spark) = &config.spark else { return answer };
    let mut questions = Vec::new();
    for (index, source) in config.sources.iter().enumerate() {
        let (Evaluate::Spark, Location::Files(pattern)) = (source.evaluate, &source.location) else { continue };
        let Some(narrowing) = narrowings.get(&source.table.value) else { continue };
        // what is wrong with the pattern or a file is said where files are read
        let Ok(found) = files::matching(&config.folder, pattern) else { continue };
        if !found.unreadable.is_empty() {
            continue;
        }
        let narrower = Narrower { source, narrowing, dictionary };
        match question(index, narrower, found.paths) {
            Ok(question) => questions.push(question),
            Err(reason) => {
                answer.here.insert(index, reason);
            }
        }
    }
    if questions.is_empty() {
        return answer;
    }
    match ask(spark, config, dictionary, &questions) {
        Ok(given) => answer.given = given,
        Err(error) => {
            for question in questions {
                let label = &question.source.label;
                let note = failed(question.source, label, "", error.get(config.language));
                answer.given.insert(question.index, vec![(question.index, Err(note))]);
            }
        }
    }
    answer
}

/// What is asked for a source, or why nothing is.
fn question<'c>(index: usize, narrower: Narrower<'c>, files: Vec<PathBuf>) -> Result<Question<'c>, Text> {
    if let Narrowing::Columns(_, reason) | Narrowing::Whole(reason) = narrower.narrowing {
        return Err(reason.clone());
    }
    let columns = columns(&files)?;
    let names = columns.iter().map(|column| column.name.clone()).collect();
    let text = all_rows(&files, &columns);
    let inner = Inner { text: &text, is_sorted: false, has_places: true };
    match narrower.asked(&dialect::SPARK, inner, columns) {
        Asked::Rows(suspects, counted) => {
            let statements = (suspects, counted.statement().to_owned());
            Ok(Question { index, source: narrower.source, files, names, statements })
        }
        Asked::Whole(reason) => Err(reason),
        Asked::Columns(_) => Err(Text::default()),
    }
}

/// The rows of all files with their places.
fn all_rows(files: &[PathBuf], columns: &[Column]) -> String {
    let name = dialect::SPARK.name;
    let columns: Vec<String> = columns.iter().map(|column| name(&column.name)).collect();
    let columns = columns.join(", ");
    let (row, file) = (name(statement::ROW), name(statement::FILE));
    let scans: Vec<String> = files
        .iter()
        .enumerate()
        .map(|(at, path)| {
            let place = name(&format!("file://{}", path.display()));
            format!("select {columns}, {at} as {file}, _metadata.row_index + 1 as {row} from parquet.{place}")
        })
        .collect();
    scans.join("\nunion all\n")
}

/// The columns that all files have alike.
fn columns(files: &[PathBuf]) -> Result<Vec<Column>, Text> {
    let mut all: Option<Vec<Column>> = None;
    for path in files {
        let columns = found::columns(path)?;
        match &all {
            None => all = Some(columns),
            Some(first) if *first == columns => {}
            Some(_) => return Err(text!("各文件的列不相同", "the files have different columns")),
        }
    }
    let columns = all.unwrap_or_default();
    // such a name is written by no program that means well
    let is_odd = |path: &PathBuf| path.to_str().is_none_or(|path| path.contains(['`', '*', '?', '[', '{', '\\', '%']));
    if files.iter().any(is_odd) {
        return Err(text!(
            "文件名里有 Spark 另有含义的符号",
            "a file's name has signs that mean something else to Spark"
        ));
    }
    if columns.iter().all(|column| column.class == Class::Other) {
        return Err(text!("没有可判断的列", "there is no column that could be told"));
    }
    Ok(columns)
}

/// One call, and what it found as tables.
fn ask(
    spark: &SparkConfig,
    config: &Config,
    dictionary: &Dictionary,
    questions: &[Question],
) -> Result<BTreeMap<usize, Given>, Text> {
    let exchange = Exchange::new(spark)?;
    let mut statements = Vec::new();
    for question in questions {
        for (what, asked) in [("suspects", &question.statements.0), ("rest", &question.statements.1)] {
            let target = exchange.path(&format!("{what}-{}", question.index));
            let target = (dialect::SPARK.text)(&format!("file://{}", target.display()));
            statements.push(format!("insert overwrite directory {target} using parquet {asked}"));
        }
    }
    submission::run(spark, &exchange, &statements, config.timezone)?;
    let mut given = BTreeMap::new();
    for question in questions {
        let read = |what: &str| found::read(&exchange.path(&format!("{what}-{}", question.index)), config.timezone);
        let sheets = found::by_file(read("suspects")?, read("rest")?, &question.names, question.files.len())?;
        let tables = sheets.into_iter().zip(&question.files).map(|(sheet, path)| {
            let file = shown(&config.folder, path);
            (question.index, table_of(question.source, &file, &sheet, dictionary, config.language))
        });
        given.insert(question.index, tables.collect());
    }
    Ok(given)
}
