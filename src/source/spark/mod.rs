//! Apache Spark over Parquet and text files in parts: suspect rows and counts of the rest, by the company's own installation.
//!
//! Apart because one call serves all sources that ask for it, while files are read one by one. What comes back is, file by
//! file, what reading the file would have given, without the rows that cannot fail. It knows no rule; what is wanted it is
//! told. Where all rows are wanted, or a text file is none that all readers agree on, it leaves the file to be read as any other.

mod found;
mod lines;
mod places;
mod shape;
mod submission;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::feed::{Feed, failed, read_feed, shown};
use super::narrow::{Asked, Inner, Narrower, dialect};
use super::readings::Room;
use super::table::table_of;
use super::{Narrowings, files};
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
    /// What is to be said of how they were chosen.
    remarks: Vec<Text>,
    names: Vec<String>,
    /// What makes the files known.
    views: Vec<String>,
    /// What is asked, each with a word for it.
    statements: Vec<(&'static str, String)>,
}

/// The words for suspect rows, for counts of the rest, and for where the lines of text files stand.
const SUSPECTS: &str = "suspects";
const REST: &str = "rest";
const BLOCKS: &str = "blocks";

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
        let (paths, remarks) = files::chosen(found.paths, source.workbook.newest);
        match question(index, narrower, paths) {
            Ok(question) => questions.push(Question { remarks, ..question }),
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
    let shape = shape::of(&files, narrower)?;
    let names = shape.columns.iter().map(|column| column.name.clone()).collect();
    let parts = shape.parts(index, &files);
    let text = shape.records(&parts, &files);
    let inner = Inner { text: &text, is_sorted: false, has_places: true };
    let blocks = (!parts.is_empty()).then(|| (BLOCKS, lines::blocks(&parts, shape.columns.len())));
    let views = parts.iter().map(lines::Part::view).collect();
    match narrower.asked(&dialect::SPARK, inner, shape.columns) {
        Asked::Rows(suspects, counted) => {
            let mut statements = vec![(SUSPECTS, suspects), (REST, counted.statement().to_owned())];
            statements.extend(blocks);
            let source = narrower.source;
            Ok(Question { index, source, files, remarks: Vec::new(), names, views, statements })
        }
        Asked::Whole(reason) => Err(reason),
        Asked::Columns(_) => Err(Text::default()),
    }
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
        statements.extend(question.views.iter().cloned());
        for (what, asked) in &question.statements {
            let target = exchange.path(&format!("{what}-{}", question.index));
            let target = (dialect::SPARK.text)(&format!("file://{}", target.display()));
            statements.push(format!("insert overwrite directory {target} using parquet {asked}"));
        }
    }
    submission::run(spark, &exchange, &statements, config.timezone)?;
    let mut given = BTreeMap::new();
    for question in questions {
        given.insert(question.index, tables(question, &exchange, config, dictionary)?);
    }
    Ok(given)
}

/// What was found for a source, as tables; a file that Spark could not be given is read here.
fn tables(question: &Question, exchange: &Exchange, config: &Config, dictionary: &Dictionary) -> Result<Given, Text> {
    let read = |what: &str| found::read(&exchange.path(&format!("{what}-{}", question.index)), config.timezone);
    let files = question.files.len();
    let is_text = !question.views.is_empty();
    let lines = match is_text {
        true => Some(places::of_files(&read(BLOCKS)?, files).ok_or_else(found::not_asked_for)?),
        false => None,
    };
    let sheets = found::by_file(read(SUSPECTS)?, read(REST)?, &question.names, files, lines.as_deref())?;
    let mut given = Given::with_capacity(files);
    for (sheet, path) in sheets.into_iter().zip(&question.files) {
        let result = match sheet {
            Some(mut sheet) => {
                sheet.encoding = if is_text { "UTF-8".to_owned() } else { String::new() };
                let file = shown(&config.folder, path);
                table_of(question.source, &file, &sheet, dictionary, config.language)
            }
            None => match read_here(question, path, config, dictionary) {
                Some(result) => result,
                None => return Err(found::not_asked_for()),
            },
        };
        given.push((question.index, result));
    }
    if let Some((_, first)) = given.first_mut() {
        let note = match first {
            Ok(table) => &mut table.note,
            Err(note) => note.as_mut(),
        };
        note.remarks.extend(question.remarks.iter().map(|remark| remark.get(config.language).to_owned()));
    }
    Ok(given)
}

/// A file as it is read where nobody narrows it.
fn read_here(
    question: &Question,
    path: &Path,
    config: &Config,
    dictionary: &Dictionary,
) -> Option<Result<RawTable, Box<SourceNote>>> {
    let remark = text!(
        "没有由 Spark 筛选，在本机读取：有跨行的单元格、单元格中间的引号、超出表头的单元格，或不是 UTF-8 的字符",
        "not narrowed by Spark, read here: a cell goes on in the next line, has a quotation mark within it, stands beyond the \
         header or is not in UTF-8"
    );
    let feed = Feed {
        path: Some(path.to_owned()),
        database: None,
        shown: shown(&config.folder, path),
        sources: vec![(question.index, question.source)],
        remarks: vec![(question.index, remark)],
    };
    read_feed(&feed, config, dictionary, &Narrowings::new(), &Room::closed()).results.pop().map(|(_, result)| result)
}
