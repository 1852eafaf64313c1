//! The parts inside a workbook that is a ZIP archive: found by name, read within limits.
//!
//! Apart because it is the one place that unpacks, so that an archive made to burst (a "zip bomb") is refused here and
//! nowhere else. It knows neither sheets nor cells.

use std::io::{BufRead, BufReader, Cursor, Read, Write};

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use zip::read::ZipFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::shared::SharedBytes;
use crate::source::cells::explain;
use crate::text;
use crate::text::Text;

/// A part that is read cell by cell, unpacked: a million rows of thirty columns take about half of it.
const LARGEST_SHEET: u64 = 4 << 30;
/// Any other part, unpacked: texts, styles, what is held in memory.
const LARGEST_PART: u64 = 1 << 30;
/// All parts, unpacked: a sheet may lie in a part of any name.
const LARGEST_WORKBOOK: u64 = 8 << 30;
/// A part of some size is at most so many times its packed size: rows without values reach about fifty.
const LARGEST_RATIO: u64 = 250;
/// Below this size a part may be packed as tightly as it likes.
const ALWAYS_FINE: u64 = 64 << 20;

/// An XML part that is read as it is unpacked.
pub type XmlPart<'a> = Reader<BufReader<ZipFile<'a, SharedBytes>>>;

/// An open archive.
pub struct Parts {
    archive: ZipArchive<SharedBytes>,
    /// Names in lower case with slashes, in the order of the archive.
    names: Vec<String>,
}

impl Parts {
    /// Opens an archive. What its directory says of the sizes is what is judged by: a part that unpacks to more than it
    /// says is an error of whoever reads it.
    ///
    /// # Errors
    /// Where it is damaged, or what it unpacks to is beyond all measure.
    pub fn open(bytes: &SharedBytes) -> Result<Self, Text> {
        let mut archive = ZipArchive::new(bytes.clone()).map_err(|error| explain(&error.to_string()))?;
        let mut names = Vec::new();
        let mut total = 0_u64;
        for index in 0..archive.len() {
            let part = archive.by_index_raw(index).map_err(|error| explain(&error.to_string()))?;
            let name = part.name().map_err(|error| explain(&error.to_string()))?.replace('\\', "/").to_lowercase();
            let (packed, unpacked) = (part.compressed_size(), part.size());
            total = total.saturating_add(unpacked);
            let bursts = unpacked > ALWAYS_FINE && unpacked / LARGEST_RATIO > packed;
            if unpacked > largest(&name) || total > LARGEST_WORKBOOK || bursts {
                return Err(too_large(&name));
            }
            names.push(name);
        }
        Ok(Self { archive, names })
    }

    /// Whether there is a part of this name, told without case and by slashes.
    pub fn has(&self, name: &str) -> bool {
        self.index(name).is_some()
    }

    /// Whether some part's name ends so.
    pub fn has_ending(&self, ending: &str) -> bool {
        self.names.iter().any(|name| name.ends_with(ending))
    }

    /// How large a part is, packed; nothing where there is none.
    pub fn packed_size(&mut self, name: &str) -> u64 {
        let Some(index) = self.index(name) else { return 0 };
        self.archive.by_index_raw(index).map_or(0, |part| part.compressed_size())
    }

    fn index(&self, name: &str) -> Option<usize> {
        let name = name.to_lowercase();
        self.names.iter().position(|other| *other == name)
    }

    /// The names of all parts, in lower case with slashes.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The archive with its parts changed; they are not packed, for it is read at once.
    ///
    /// # Errors
    /// Where a part cannot be unpacked, or all of them are too large to be held.
    pub fn rewritten(&mut self, change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Result<Vec<u8>, Text> {
        let told = |error: &dyn std::fmt::Display| explain(&error.to_string());
        let mut target = ZipWriter::new(Cursor::new(Vec::new()));
        let mut total = 0;
        for (index, name) in self.names.iter().enumerate() {
            let mut part = Vec::new();
            let source = self.archive.by_index(index).map_err(|error| told(&error))?;
            let written = source.name().map_err(|error| told(&error))?.replace('\\', "/");
            source.take(LARGEST_PART).read_to_end(&mut part).map_err(|error| told(&error))?;
            total += part.len() as u64;
            if total >= LARGEST_PART {
                return Err(too_large(name));
            }
            let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
            target.start_file(written, options).map_err(|error| told(&error))?;
            target.write_all(&change(name, part)).map_err(|error| told(&error))?;
        }
        Ok(target.finish().map_err(|error| told(&error))?.into_inner())
    }

    /// A part as it is unpacked.
    pub fn stream(&mut self, name: &str) -> Option<ZipFile<'_, SharedBytes>> {
        let index = self.index(name)?;
        self.archive.by_index(index).ok()
    }

    /// An XML part, event by event; elements without content come as a start and an end.
    pub fn xml(&mut self, name: &str) -> Option<XmlPart<'_>> {
        let mut reader = Reader::from_reader(BufReader::new(self.stream(name)?));
        let config = reader.config_mut();
        config.check_end_names = false;
        config.expand_empty_elements = true;
        Some(reader)
    }
}

/// Hands a part on block by block as it is unpacked. What is damaged ends it: the reader of the cells tells of that.
pub fn each_block(mut part: impl Read, mut block: impl FnMut(&[u8])) {
    let mut buffer = vec![0; 1 << 17];
    while let Ok(length) = part.read(&mut buffer) {
        if length == 0 {
            return;
        }
        block(buffer.get(..length).unwrap_or_default());
    }
}

fn largest(name: &str) -> u64 {
    if is_sheet(name) { LARGEST_SHEET } else { LARGEST_PART }
}

fn is_sheet(name: &str) -> bool {
    name.contains("worksheets/")
}

/// What is said of an archive that bursts.
fn too_large(part: &str) -> Text {
    text!(
        "工作簿解压后过大或压缩比异常（{part}；上限：单个工作表 4 GB，其他部分 1 GB，合计 8 GB，{LARGEST_RATIO} 倍），\
         疑似压缩炸弹，未读；若确是正常数据，请拆成几个文件或另存为 CSV",
        "the workbook unpacks to too much ({part}; at most 4 GB a sheet, 1 GB any other part, 8 GB in all, {LARGEST_RATIO} \
         times its size), as a zip bomb does, and was not read; if it is real data, split it or save it as CSV"
    )
}

/// An attribute of an element, by its name without prefix.
pub fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    element.attributes().with_checks(false).flatten().find_map(|attribute| {
        let key = attribute.key.as_ref();
        let local = key.rsplit(':').next().unwrap_or(key);
        (local == name).then(|| unescape(&attribute.value).map(|value| value.into_owned()).unwrap_or_default())
    })
}

/// Whether an attribute of an element is true.
pub fn is_set(element: &BytesStart<'_>, name: &str) -> bool {
    attribute(element, name).is_some_and(|value| value == "1" || value == "true")
}

/// The elements that start, with their local names; until there are no more, or what follows is no XML.
pub fn each_start<R: BufRead>(mut reader: Reader<R>, mut visit: impl FnMut(&str, &BytesStart<'_>)) {
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) => visit(element.local_name().as_ref(), &element),
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}
