//! What a file is, told by its first bytes.
//!
//! Apart because names lie: system exports call a web page or a tab-separated text .xls. It opens nothing further.

use super::spreadsheet;
use crate::text;
use crate::text::Text;

/// What a file is, by its first bytes and never by its name.
pub enum Content {
    /// A workbook.
    Workbook,
    /// A Parquet file.
    Parquet,
    /// A web page, whatever it is called.
    WebPage,
    /// A workbook as one XML file.
    XmlWorkbook,
    /// Text, in whatever encoding.
    Text,
}

impl Content {
    /// What these bytes are.
    ///
    /// # Errors
    /// Where they are nothing that holds a table, with what to do about it.
    pub fn of(bytes: &[u8]) -> Result<Self, Text> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(text!("文件是空的；是否没有复制完？", "the file is empty; was it only half copied?"));
        }
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            return Ok(Content::Workbook);
        }
        if bytes.starts_with(b"PAR1") {
            return Ok(Content::Parquet);
        }
        let opening = String::from_utf8_lossy(bytes.get(..2048.min(bytes.len())).unwrap_or_default()).to_lowercase();
        let opening = opening.trim_start_matches('\u{feff}').trim_start();
        if spreadsheet::xml2003::is_workbook(opening) {
            return Ok(Content::XmlWorkbook);
        }
        if opening.starts_with("<?xml") && !opening.contains("<html") && !opening.contains("<!doctype html") {
            return Err(text!(
                "这是 XML 文件，不是工作簿；请用 Excel 或 WPS 打开后另存为 .xlsx",
                "this is an XML file, not a workbook; open it in Excel or WPS and save it as .xlsx"
            ));
        }
        let tags = ["<html", "<!doctype html", "<table", "<head", "<meta", "<style", "<body", "<div", "<?xml", "<!--"];
        if tags.iter().any(|tag| opening.starts_with(tag)) {
            return Ok(Content::WebPage);
        }
        Ok(Content::Text)
    }

    /// Whether it takes longer to parse than what was kept of it takes to read.
    pub fn is_slow(&self) -> bool {
        matches!(self, Content::Workbook | Content::XmlWorkbook | Content::WebPage)
    }
}
