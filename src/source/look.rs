//! Looking at a source before anybody said which table it feeds: its sheets, their first rows, and all columns on request.
//!
//! Apart because a run knows what it wants of a file, and a profile wants to know what there is. Files are opened and
//! rows told from totals and notes by the same readers; which row is the header, the caller decides.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use chrono_tz::Tz;

use super::content::Content;
use super::feed::shown;
use super::header::Header;
use super::sheet::Sheet;
use super::sheets::matches;
use super::spreadsheet::{self, Workbook};
use super::table::rows_below;
use super::text_file::TextWish;
use super::{database, files, markup, parquet, text_file};
use crate::config::{Location, Secret, SourceConfig};
use crate::dataset::raw::RawTable;
use crate::dictionary::Table;
use crate::text;
use crate::text::{Language, Text};

/// What holds the cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A sheet of a workbook.
    Workbook,
    /// A Parquet file.
    Parquet,
    /// A text file.
    Text,
    /// The rows of a query.
    Query,
}

impl Holder {
    /// The word for scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Holder::Workbook => "workbook",
            Holder::Parquet => "parquet",
            Holder::Text => "text",
            Holder::Query => "query",
        }
    }
}

/// One sheet, file or query that was opened, or why it was not.
pub struct Looked {
    /// The file or query, as it is shown.
    pub file: String,
    /// The sheet; empty for what has none.
    pub sheet: String,
    /// What holds the cells.
    pub holder: Holder,
    opened: Result<Sheet, Text>,
}

impl Looked {
    /// Its first rows as text.
    ///
    /// # Errors
    /// Where it could not be opened.
    pub fn head(&self) -> Result<&[Vec<String>], &Text> {
        self.opened.as_ref().map(|sheet| sheet.head.as_slice())
    }

    /// The rows below a header, for a table whose fields the header names.
    ///
    /// # Errors
    /// Where it could not be opened or parsed.
    pub fn rows(
        &self,
        source: &SourceConfig,
        table: &Table,
        header: &Header,
        language: Language,
    ) -> Result<RawTable, Text> {
        let sheet = self.opened.as_ref().map_err(Clone::clone)?;
        rows_below(source, &self.file, sheet, table, header, language)
            .map_err(|note| Text::same(note.error.unwrap_or_default()))
    }
}

/// Opens everything that a source means: each sheet of each file, or its query.
///
/// # Errors
/// Where no file matches.
pub fn open(source: &SourceConfig, folder: &Path, timezone: Tz) -> Result<Vec<Looked>, Text> {
    match &source.location {
        Location::Database(wanted) => {
            let read = || {
                let address = database::Address::of(wanted, folder, timezone)?;
                let nothing = || text!("数据库没有回答", "the database did not answer");
                database::read(&address, &[database::Request::of(wanted, None)]).pop().unwrap_or_else(|| Err(nothing()))
            };
            let (file, sheet) = (source.label.clone(), String::new());
            Ok(vec![Looked { file, sheet, holder: Holder::Query, opened: read() }])
        }
        Location::Files(pattern) => {
            let found = files::matching(folder, pattern)?;
            let unreadable = found.unreadable.into_iter().map(|(path, error)| Looked {
                file: shown(folder, &path),
                sheet: String::new(),
                holder: Holder::Text,
                opened: Err(error),
            });
            let opened = found.paths.iter().flat_map(|path| open_file(path, &shown(folder, path), source, timezone));
            Ok(opened.chain(unreadable).collect())
        }
    }
}

fn open_file(path: &Path, file: &str, source: &SourceConfig, timezone: Tz) -> Vec<Looked> {
    let one = |holder, opened| vec![Looked { file: file.to_owned(), sheet: String::new(), holder, opened }];
    let work = || -> Result<Vec<Looked>, Text> {
        let bytes = files::read(path)?;
        Ok(match Content::of(&bytes)? {
            Content::Workbook => sheets(bytes, file, source)?,
            Content::XmlWorkbook => ready(spreadsheet::xml2003::open(&bytes)?, file),
            Content::WebPage => ready(markup::open(&bytes, source.encoding)?, file),
            Content::Parquet => one(Holder::Parquet, parquet::open(bytes, timezone)),
            Content::Text => one(Holder::Text, text_file::open(bytes, &TextWish::of(std::iter::once(source)))),
        })
    };
    // As in a run: a reader that breaks off over a damaged file is an error of this file.
    let damaged = text!("文件已损坏，读取程序中断", "the file is damaged, its reader broke off");
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(looked)) => looked,
        Ok(Err(error)) => one(Holder::Text, Err(error)),
        Err(_) => one(Holder::Text, Err(damaged)),
    }
}

/// The sheets of a file that is read whole.
fn ready(sheets: Vec<Sheet>, file: &str) -> Vec<Looked> {
    let looked = |sheet: Sheet| Looked {
        file: file.to_owned(),
        sheet: sheet.name.clone(),
        holder: Holder::Workbook,
        opened: Ok(sheet),
    };
    sheets.into_iter().map(looked).collect()
}

fn sheets(bytes: Vec<u8>, file: &str, source: &SourceConfig) -> Result<Vec<Looked>, Text> {
    let password: Vec<String> = source.workbook.password.iter().map(Secret::reveal).collect::<Result<_, _>>()?;
    let mut workbook = Workbook::open(bytes, &password)?;
    let names = workbook.names();
    let is_wanted = |name: &&String| source.sheet.as_deref().is_none_or(|pattern| matches(pattern, name));
    let wanted: Vec<&str> = names.iter().filter(is_wanted).map(String::as_str).collect();
    if wanted.is_empty() {
        let pattern = source.sheet.as_deref().unwrap_or_default();
        let names = names.join(", ");
        return Err(text!(
            "没有名为“{pattern}”的工作表（有：{names}）",
            "there is no sheet `{pattern}` (there are: {names})"
        ));
    }
    let opened = workbook.read(&wanted, false).into_iter();
    let looked = |(sheet, opened)| Looked { file: file.to_owned(), sheet, holder: Holder::Workbook, opened };
    Ok(opened.map(looked).collect())
}
