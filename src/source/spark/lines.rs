//! Text files for Spark: their lines as rows, told by number, where every line is a record beyond doubt.
//!
//! Apart because Spark's own reader of CSV counts other rows than we do and takes other cells out of quotes. So it is given
//! lines and a grammar so narrow that all readers agree on it; a file with one line that is not of it is read here. It knows
//! bytes and SQL, and neither fields nor results.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::config::SourceConfig;
use crate::source::content::Content;
use crate::source::header::HEAD_ROWS;
use crate::source::narrow::dialect::SPARK;
use crate::source::narrow::statement::{FILE, ROW};
use crate::source::sheet::SheetBody;
use crate::source::text_file::{self, SEPARATORS, TextWish};
use crate::text;
use crate::text::Text;

/// So much of a file is looked at for its header.
const OPENING: u64 = 1 << 20;
/// A longer line is not taken for a record.
const LONGEST: usize = 32_767;
/// Where the part of a file begins that a line was read in.
pub const BLOCK: &str = "hedui_block";

/// What the first rows of a text file say.
#[derive(Debug, PartialEq, Eq)]
pub struct Opening {
    /// The first rows.
    pub head: Vec<Vec<String>>,
    /// The byte between cells.
    pub separator: u8,
}

/// A file as Spark is told of it.
#[derive(Clone, Copy)]
pub struct Part<'p> {
    /// The place of its source.
    pub source: usize,
    /// Its place among the files of the source.
    pub number: usize,
    /// Where it is.
    pub path: &'p Path,
    /// The byte between cells.
    pub separator: u8,
}

/// The first rows of a file that is text in UTF-8.
///
/// # Errors
/// Why Spark cannot be given it.
pub fn opening(path: &Path, source: &SourceConfig) -> Result<Opening, Text> {
    let shown = path.display();
    let unread = |error: std::io::Error| text!("{shown} 读不到：{error}", "{shown} cannot be read: {error}");
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unread)?;
    let length = file.metadata().map_err(unread)?.len();
    file.take(OPENING).read_to_end(&mut bytes).map_err(unread)?;
    let is_cut = (bytes.len() as u64) < length;
    if is_cut {
        // the last line may not be whole
        let end = memchr::memrchr(b'\n', &bytes).map_or(0, |end| end + 1);
        bytes.truncate(end);
    }
    if !matches!(Content::of(&bytes)?, Content::Text) {
        return Err(text!("{shown} 不是文本文件", "{shown} is no text file"));
    }
    let sheet = text_file::open(bytes, &TextWish::of(std::iter::once(source)))?;
    if sheet.encoding != "UTF-8" || !sheet.remarks.is_empty() {
        let encoding = &sheet.encoding;
        return Err(text!(
            "{shown} 不是 UTF-8 编码（{encoding}），请转换成 UTF-8",
            "{shown} is not in UTF-8 ({encoding}); convert it"
        ));
    }
    let SheetBody::Text(body) = &sheet.body else { return Err(Text::default()) };
    let separator = body.separator();
    let splits = sheet.head.first().is_some_and(|header| header.len() > 1);
    if !SEPARATORS.contains(&separator) || !splits || is_cut && sheet.head.len() < HEAD_ROWS {
        return Err(text!("{shown} 开头的行看不出各列", "the first rows of {shown} do not show its columns"));
    }
    Ok(Opening { head: sheet.head, separator })
}

impl Part<'_> {
    /// Makes its lines known by a name of this call.
    pub fn view(&self) -> String {
        let path = (SPARK.text)(&format!("file://{}", self.path.display()));
        format!("create temporary view {} using text options (path {path}, lineSep '\\n')", self.name())
    }

    fn name(&self) -> String {
        format!("hedui_text_{}_{}", self.source, self.number)
    }

    /// Its lines: where each stands, whether it is a record beyond doubt, and its cells if so.
    fn lines(&self, width: usize) -> String {
        let between = char::from(self.separator);
        let (text, name) = (SPARK.text, SPARK.name);
        let cell = format!("(?:\"(?:[^\"]|\"\")*+\"|[^\"{between}]*+)");
        let record = text(&format!("^{cell}(?:[{between}]{cell})*+\\z"));
        let each = text(&format!("[{between}]({cell})"));
        let (comma, split) = (text(&between.to_string()), text(&format!("[{between}]")));
        let (file, row, block, number) = (name(FILE), name(ROW), name(BLOCK), self.number);
        let line = "case when endswith(value, '\\r') then left(value, char_length(value) - 1) else value end";
        let cells = format!(
            "case when contains(line, '\"') then transform(regexp_extract_all(concat({comma}, line), {each}, 1), c -> case \
             when startswith(c, '\"') then replace(substring(c, 2, char_length(c) - 2), '\"\"', '\"') else c end) \
             else split(line, {split}, -1) end"
        );
        // what is no UTF-8 does not come out of decoding as it went in
        let bytes = "cast(value as binary)";
        // ="0571" keeps a spreadsheet from reading a number: the sign is taken off where the file is read here
        let wrapped = "contains(line, '=\"') and exists(cells, c -> startswith(c, '=\"'))";
        let unlike = format!("contains(line, '\"') and not line rlike {record}");
        let odd = format!(
            "(encode(decode({bytes}, 'UTF-8'), 'UTF-8') <> {bytes} or octet_length(value) > {LONGEST} \
             or contains(line, '\\r') or {wrapped} or {unlike} or size(cells) > {width})"
        );
        format!(
            "select {number} as {file}, {block}, {row}, cells, {odd} as odd from (select value, {block}, {row}, line, {cells} \
             as cells from (select value, input_file_block_start() as {block}, monotonically_increasing_id() as {row}, {line} \
             as line from {}))",
            self.name()
        )
    }
}

/// The records of all files with their places, each a number that grows from line to line of a file; without the header.
pub fn records(parts: &[Part], names: &[String]) -> String {
    let name = SPARK.name;
    let mut cells = String::new();
    for (at, column) in names.iter().enumerate() {
        // a string takes whatever is written
        let _ = write!(cells, "nullif(get(cells, {at}), '') as {}, ", name(column));
    }
    let (file, row, block) = (name(FILE), name(ROW), name(BLOCK));
    let of = |part: &Part| {
        let lines = part.lines(names.len());
        format!("select {cells}{file}, {row} from ({lines}) where not odd and not ({block} = 0 and {row} = 0)")
    };
    parts.iter().map(of).collect::<Vec<_>>().join("\nunion all\n")
}

/// Of every part of a file that is read by itself: where it begins, the number of its first line, how many lines there are,
/// and how many of them are no records beyond doubt.
pub fn blocks(parts: &[Part], width: usize) -> String {
    let name = SPARK.name;
    let lines: Vec<String> = parts.iter().map(|part| part.lines(width)).collect();
    let (file, row, block, lines) = (name(FILE), name(ROW), name(BLOCK), lines.join("\nunion all\n"));
    format!(
        "select {file}, {block}, min({row}) as first, count(*) as lines, count_if(odd) as odd from (\n{lines}\n) group by \
         {file}, {block}"
    )
}
