//! One file read: taken from what it gave before where nothing has changed, else parsed by what its first bytes say.
//!
//! Apart from the units because the room of readings and the formats meet here and nowhere else. What breaks is handed
//! on as an error of the file.

use std::path::Path;

use super::content::Content;
use super::readings::{Fresh, Inputs, Key, Room, Use};
use super::sheets::{all, read_sheets, read_single, read_workbook};
use super::text_file::TextWish;
use super::unit::{Gave, Results, Unit};
use super::{files, markup, parquet, spreadsheet, text_file};
use crate::config::Config;
use crate::dataset::raw::RawTable;
use crate::dictionary::Dictionary;
use crate::text::Text;

/// What a file gives; where it is a workbook that has not changed since it was last parsed, what it gave then.
pub(super) fn read_file(
    path: &Path,
    unit: &Unit,
    config: &Config,
    dictionary: &Dictionary,
    room: &Room,
) -> Result<Gave, Text> {
    let wish = text_wish(unit);
    if let Ok(Content::Text) = Content::of(&files::opening(path)?)
        && let Some(sheet) = text_file::open_in_blocks(path, &wish)
    {
        let results = read_single(&sheet, unit, config, dictionary);
        if !sheet.is_odd() {
            return Ok(Gave { results: results?, of_room: None });
        }
    }
    let bytes = files::read(path)?;
    let content = Content::of(&bytes)?;
    let key = (content.is_slow() && room.is_worth(&bytes)).then(|| {
        let sources = unit.sources.iter().map(|(_, source)| *source).collect();
        let (language, timezone) = (config.language, config.timezone);
        Key::of(&Inputs { bytes: &bytes, shown: &unit.shown, sources, dictionary, language, timezone })
    });
    if let Some(key) = key
        && let Some(tables) = room.look(key)
        && let Some(results) = placed(tables, unit)
    {
        return Ok(Gave { results, of_room: Some(Use::Taken { key, file: unit.shown.clone() }) });
    }
    // what its owner has locked is not to lie open
    let key = key.filter(|_| room.keeps() && !spreadsheet::is_locked(&bytes));
    let results = parse(bytes, &content, unit, config, dictionary)?;
    let of_room = key.and_then(|key| fresh(key, unit, &results));
    Ok(Gave { results, of_room })
}

/// What its sources say of a text file.
fn text_wish(unit: &Unit) -> TextWish {
    TextWish::of(unit.sources.iter().map(|(_, source)| *source))
}

/// The tables of a reading, those of each source at its place in the configuration.
fn placed(tables: Vec<(usize, RawTable)>, unit: &Unit) -> Option<Results> {
    let at = |(position, table): (usize, RawTable)| Some((unit.sources.get(position)?.0, Ok(table)));
    tables.into_iter().map(at).collect()
}

/// What a file gave, to be kept; nothing where part of it could not be read.
fn fresh(key: Key, unit: &Unit, results: &Results) -> Option<Use> {
    let position = |index: usize| unit.sources.iter().position(|(of_source, _)| *of_source == index);
    let tables: Option<Vec<(usize, RawTable)>> =
        results.iter().map(|(index, result)| Some((position(*index)?, result.as_ref().ok()?.clone()))).collect();
    let sources = unit.sources.iter().map(|(_, source)| source.label.clone()).collect();
    Some(Use::Fresh(Box::new(Fresh { key, file: unit.shown.clone(), sources, tables: tables? })))
}

fn parse(
    bytes: Vec<u8>,
    content: &Content,
    unit: &Unit,
    config: &Config,
    dictionary: &Dictionary,
) -> Result<Results, Text> {
    match content {
        Content::Workbook => read_workbook(bytes, unit, config, dictionary),
        Content::XmlWorkbook => Ok(read_sheets(all(spreadsheet::xml2003::open(&bytes)?), unit, config, dictionary)),
        Content::WebPage => {
            let wished = unit.sources.iter().find_map(|(_, source)| source.encoding);
            Ok(read_sheets(all(markup::open(&bytes, wished)?), unit, config, dictionary))
        }
        Content::Parquet => read_single(&parquet::open(bytes, config.timezone)?, unit, config, dictionary),
        Content::Text => read_single(&text_file::open(bytes, &text_wish(unit))?, unit, config, dictionary),
    }
}
