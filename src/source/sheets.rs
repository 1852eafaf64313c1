//! Which sheets of a file feed which of its sources: by name, or by the header that fits a table best.
//!
//! Apart because one file may feed several sources, and because no sheet may be passed over unsaid nor read twice. It
//! knows no format: what is handed in are sheets, by name.

use std::collections::BTreeMap;

use super::feed::{Feed, Results, failed};
use super::header::{self, HeaderWish};
use super::sheet::Sheet;
use super::spreadsheet::Workbook;
use super::table::table_of;
use crate::config::{Config, Secret, SourceConfig};
use crate::dictionary::Dictionary;
use crate::model::SourceNote;
use crate::text;
use crate::text::Text;

/// The rows of a file without sheets, for each of its sources.
pub(super) fn read_single(
    sheet: &Sheet,
    feed: &Feed,
    config: &Config,
    dictionary: &Dictionary,
) -> Result<Results, Text> {
    let mut reads: Vec<&SourceConfig> = Vec::new();
    let mut table = |source| {
        not_twice(&mut reads, source, feed, sheet, config)?;
        table_of(source, &feed.shown, sheet, dictionary, config.language)
    };
    Ok(feed.sources.iter().map(|(index, source)| (*index, table(source))).collect())
}

/// Refuses a sheet to a source where one before it took the same rows of it for the same table: each record would count
/// twice. Sources that name other columns or another header take other rows.
fn not_twice<'c>(
    reads: &mut Vec<&'c SourceConfig>,
    source: &'c SourceConfig,
    feed: &Feed,
    sheet: &Sheet,
    config: &Config,
) -> Result<(), Box<SourceNote>> {
    let takes_the_same = |earlier: &&&SourceConfig| {
        earlier.table.value == source.table.value
            && earlier.header_row == source.header_row
            && wish(earlier).columns == wish(source).columns
    };
    if let Some(earlier) = reads.iter().find(takes_the_same) {
        let label = &earlier.label;
        let error = text!(
            "已由来源“{label}”读入同一张表，不再读第二遍；请让两个来源的文件互不重叠",
            "source `{label}` read it into the same table already, so it was not read again; let no file belong to two \
             sources"
        );
        return Err(failed(source, &feed.shown, &sheet.name, error.get(config.language)));
    }
    reads.push(source);
    Ok(())
}

/// The rows of a workbook, of the sheets that its sources want.
pub(super) fn read_workbook(
    bytes: Vec<u8>,
    feed: &Feed,
    config: &Config,
    dictionary: &Dictionary,
) -> Result<Results, Text> {
    let mut workbook = Workbook::open(bytes, &passwords(feed)?)?;
    let names = workbook.names();
    let is_wanted = |name: &str| {
        let mut patterns = feed.sources.iter().map(|(_, source)| source.sheet.as_deref());
        patterns.any(|pattern| pattern.is_none_or(|pattern| matches(pattern, name)))
    };
    let wanted: Vec<&str> = names.iter().map(String::as_str).filter(|name| is_wanted(name)).collect();
    let with_looks = feed.sources.iter().any(|(_, source)| source.workbook.marks.is_some());
    let mut read: BTreeMap<String, Result<Sheet, Text>> = workbook.read(&wanted, with_looks).into_iter().collect();
    let sheets = names.into_iter().map(|name| {
        let sheet = read.remove(&name);
        (name, sheet)
    });
    Ok(read_sheets(sheets.collect(), feed, config, dictionary))
}

/// All sheets of a file, by name.
pub(super) fn all(sheets: Vec<Sheet>) -> Vec<(String, Option<Result<Sheet, Text>>)> {
    sheets.into_iter().map(|sheet| (sheet.name.clone(), Some(Ok(sheet)))).collect()
}

/// The rows of the sheets that sources want; a sheet that none wants is only named.
pub(super) fn read_sheets(
    sheets: Vec<(String, Option<Result<Sheet, Text>>)>,
    feed: &Feed,
    config: &Config,
    dictionary: &Dictionary,
) -> Results {
    let mut results: Results = Vec::new();
    let mut ignored: Vec<Vec<String>> = vec![Vec::new(); feed.sources.len()];
    for (name, sheet) in &sheets {
        let wanted: Vec<bool> = feed
            .sources
            .iter()
            .map(|(_, source)| source.sheet.as_deref().is_none_or(|pattern| matches(pattern, name)))
            .collect();
        let Some(sheet) = sheet else {
            ignored.iter_mut().for_each(|ignored| ignored.push(name.clone()));
            continue;
        };
        let mut reads: Vec<&SourceConfig> = Vec::new();
        for (position, (index, source)) in feed.sources.iter().enumerate() {
            let by_name = source.sheet.is_some();
            let fits = wanted[position]
                && match (sheet, dictionary.table(&source.table.value)) {
                    (Ok(sheet), Some(table)) if !by_name => {
                        header::fits_best(&sheet.head, table, dictionary, &wish(source))
                    }
                    _ => true,
                };
            if !fits {
                ignored[position].push(name.clone());
                continue;
            }
            let result = match sheet {
                Ok(sheet) => not_twice(&mut reads, source, feed, sheet, config)
                    .and_then(|()| table_of(source, &feed.shown, sheet, dictionary, config.language)),
                Err(error) => Err(failed(source, &feed.shown, name, error.get(config.language))),
            };
            results.push((*index, result));
        }
    }
    for (position, (index, source)) in feed.sources.iter().enumerate() {
        let mut found = false;
        for (_, result) in results.iter_mut().filter(|(source, _)| source == index) {
            found = true;
            if let Ok(table) = result
                && !ignored[position].is_empty()
            {
                let names = ignored[position].join(", ");
                let remark = text!("未读的工作表：{names}", "sheets not read: {names}");
                table.note.remarks.push(remark.get(config.language).to_owned());
            }
        }
        if !found {
            let label = dictionary.table(&source.table.value).map_or("", |table| table.label(config.language));
            let error = match &source.sheet {
                Some(sheet) => text!("没有名为“{sheet}”的工作表", "there is no sheet `{sheet}`"),
                None => text!(
                    "没有一张工作表的表头像“{label}”表；请检查列名，或用 sheet 指定",
                    "no sheet has the header of `{label}`; check the column names or name the sheet"
                ),
            };
            results.push((*index, Err(failed(source, &feed.shown, "", error.get(config.language)))));
        }
    }
    results
}

/// The passwords that the sources of a file know.
fn passwords(feed: &Feed) -> Result<Vec<String>, Text> {
    feed.sources.iter().filter_map(|(_, source)| source.workbook.password.as_ref()).map(Secret::reveal).collect()
}

/// Whether a sheet is one of those that a pattern means.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    pattern == name || glob::Pattern::new(pattern).is_ok_and(|pattern| pattern.matches(name))
}

/// What a source says of its header.
pub(super) fn wish(source: &SourceConfig) -> HeaderWish {
    HeaderWish {
        row: source.header_row,
        columns: source.columns.iter().map(|(field, header)| (field.value.clone(), header.clone())).collect(),
    }
}
