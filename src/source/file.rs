//! One file read: taken from what it gave before where nothing has changed, else parsed by what its first bytes say.
//!
//! Apart from the feeds because the room of readings and the formats meet here and nowhere else. What breaks is handed
//! on as an error of the file.

use std::path::Path;

use super::content::Content;
use super::feed::{Feed, Gave, Results};
use super::readings::{Fresh, Inputs, Key, Room, Use};
use super::sheets::{all, read_sheets, read_single, read_workbook};
use super::text_file::TextWish;
use super::{files, markup, parquet, spreadsheet, text_file};
use crate::config::Config;
use crate::dataset::raw::RawTable;
use crate::dictionary::Dictionary;
use crate::text::Text;

/// What a file gives; where it is a workbook that has not changed since it was last parsed, what it gave then.
pub(super) fn read_file(
    path: &Path,
    feed: &Feed,
    config: &Config,
    dictionary: &Dictionary,
    room: &Room,
) -> Result<Gave, Text> {
    let wish = text_wish(feed);
    if let Ok(Content::Text) = Content::of(&files::opening(path)?)
        && let Some(sheet) = text_file::open_in_blocks(path, &wish)
    {
        let results = read_single(&sheet, feed, config, dictionary);
        if !sheet.is_odd() {
            return Ok(Gave { results: results?, of_room: None });
        }
    }
    let bytes = files::read(path)?;
    let content = Content::of(&bytes)?;
    let key = (content.is_slow() && room.is_worth(&bytes)).then(|| {
        let sources = feed.sources.iter().map(|(_, source)| *source).collect();
        let (language, timezone) = (config.language, config.timezone);
        Key::of(&Inputs { bytes: &bytes, shown: &feed.shown, sources, dictionary, language, timezone })
    });
    if let Some(key) = key
        && let Some(tables) = room.look(key)
        && let Some(results) = placed(tables, feed)
    {
        return Ok(Gave { results, of_room: Some(Use::Taken { key, file: feed.shown.clone() }) });
    }
    // what its owner has locked is not to lie open
    let key = key.filter(|_| room.keeps() && !spreadsheet::is_locked(&bytes));
    let results = parse(bytes, &content, feed, config, dictionary)?;
    let of_room = key.and_then(|key| fresh(key, feed, &results));
    Ok(Gave { results, of_room })
}

/// What its sources say of a text file.
fn text_wish(feed: &Feed) -> TextWish {
    TextWish::of(feed.sources.iter().map(|(_, source)| *source))
}

/// The tables of a reading, those of each source at its place in the configuration.
fn placed(tables: Vec<(usize, RawTable)>, feed: &Feed) -> Option<Results> {
    let at = |(position, table): (usize, RawTable)| Some((feed.sources.get(position)?.0, Ok(table)));
    tables.into_iter().map(at).collect()
}

/// What a file gave, to be kept; nothing where part of it could not be read.
fn fresh(key: Key, feed: &Feed, results: &Results) -> Option<Use> {
    let position = |index: usize| feed.sources.iter().position(|(of_source, _)| *of_source == index);
    let tables: Option<Vec<(usize, RawTable)>> =
        results.iter().map(|(index, result)| Some((position(*index)?, result.as_ref().ok()?.clone()))).collect();
    let sources = feed.sources.iter().map(|(_, source)| source.label.clone()).collect();
    Some(Use::Fresh(Box::new(Fresh { key, file: feed.shown.clone(), sources, tables: tables? })))
}

fn parse(
    bytes: Vec<u8>,
    content: &Content,
    feed: &Feed,
    config: &Config,
    dictionary: &Dictionary,
) -> Result<Results, Text> {
    match content {
        Content::Workbook => read_workbook(bytes, feed, config, dictionary),
        Content::XmlWorkbook => Ok(read_sheets(all(spreadsheet::xml2003::open(&bytes)?), feed, config, dictionary)),
        Content::WebPage => {
            let wished = feed.sources.iter().find_map(|(_, source)| source.encoding);
            Ok(read_sheets(all(markup::open(&bytes, wished)?), feed, config, dictionary))
        }
        Content::Parquet => read_single(&parquet::open(bytes, config.timezone)?, feed, config, dictionary),
        Content::Text => read_single(&text_file::open(bytes, &text_wish(feed))?, feed, config, dictionary),
    }
}
