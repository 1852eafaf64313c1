//! Web pages named .xls: every table of the page as a sheet.
//!
//! Apart because system exports are often a page with one table, which Excel opens without a word. Only the text of
//! cells is taken; cells that reach over several rows or columns are merged ranges, as in a workbook.

use encoding_rs::{Encoding, GB18030, UTF_8};
use scraper::{ElementRef, Html, Selector};

use super::cells::CellMark;
use super::grid::GridBuilder;
use super::sheet::{MergedRange, Sheet, SheetBody};
use crate::text;
use crate::text::Text;

/// A page larger than this is not held as a tree.
const LARGEST_PAGE: usize = 256 << 20;
/// A cell reaches over so many rows at most; a page may say anything.
const MOST_SPANNED: u32 = 10_000;
/// A table has at most so many columns, as a worksheet has.
const MOST_COLUMNS: u32 = 16_384;
/// The cells of a table reach over at most so many columns in all.
const MOST_REACHED: u64 = 64_000_000;

/// Reads the tables of a page.
///
/// # Errors
/// Where it has none, or is too large.
pub fn open(bytes: &[u8], wished: Option<&'static Encoding>) -> Result<Vec<Sheet>, Text> {
    if bytes.len() > LARGEST_PAGE {
        return Err(text!(
            "网页文件超过 256 MB，未读；请用 Excel 或 WPS 另存为 .xlsx",
            "the web page is larger than 256 MB and was not read; save it as .xlsx in Excel or WPS"
        ));
    }
    let encoding = encoding_of(bytes, wished);
    let (page, _, _) = encoding.decode(bytes);
    let page = Html::parse_document(&page);
    let (Ok(tables), Ok(rows)) = (Selector::parse("table"), Selector::parse("tr")) else { return Ok(Vec::new()) };
    let mut sheets: Vec<Sheet> = Vec::new();
    // A table that holds tables only arranges them.
    for table in page.select(&tables).filter(|table| table.select(&tables).next().is_none()) {
        let mut sheet = sheet(table.select(&rows))?;
        sheet.name = format!("表格{}", sheets.len() + 1);
        sheet.encoding = encoding.name().to_ascii_uppercase();
        sheet.remarks.push(text!("网页（HTML）中的表格", "a table of a web page (HTML)"));
        sheets.push(sheet);
    }
    if sheets.is_empty() {
        return Err(text!(
            "这是网页（HTML），里面没有表格；请用 Excel 或 WPS 打开后另存为 .xlsx",
            "this is a web page (HTML) without a table; open it in Excel or WPS and save it as .xlsx"
        ));
    }
    Ok(sheets)
}

/// A byte-order mark, then what was configured, then what the page says, then UTF-8 where it is that, else GB18030.
fn encoding_of(bytes: &[u8], wished: Option<&'static Encoding>) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    let opening = String::from_utf8_lossy(bytes.get(..4096.min(bytes.len())).unwrap_or_default()).to_lowercase();
    let said = opening.split_once("charset=").and_then(|(_, rest)| {
        let label: String = rest
            .trim_start_matches(['"', '\'', ' '])
            .chars()
            .take_while(|character| character.is_ascii_alphanumeric() || "-_".contains(*character))
            .collect();
        Encoding::for_label(label.as_bytes())
    });
    let said = said.map(|encoding| if encoding == encoding_rs::GBK { GB18030 } else { encoding });
    // What says that it is UTF-8 and is not was written by a Chinese system.
    let said = said.filter(|encoding| *encoding != UTF_8 || std::str::from_utf8(bytes).is_ok());
    wished.or(said).unwrap_or(if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { GB18030 })
}

fn sheet<'p>(rows: impl Iterator<Item = ElementRef<'p>>) -> Result<Sheet, Text> {
    let mut grid = GridBuilder::default();
    let mut merges: Vec<MergedRange> = Vec::new();
    // By column the first row that no cell from further up reaches.
    let mut free_from: Vec<u32> = Vec::new();
    let mut reached = 0_u64;
    let mut hidden_rows: Vec<u32> = Vec::new();
    for (row, element) in (0_u32..).zip(rows) {
        if is_hidden(element) {
            hidden_rows.push(row);
        }
        let mut column = 0_u32;
        for cell in element.child_elements().filter(|cell| matches!(cell.value().name(), "td" | "th")) {
            while free_from.get(column as usize).is_some_and(|free| *free > row) {
                column += 1;
            }
            let (down, right) = (span(cell, "rowspan"), span(cell, "colspan"));
            let right = right.min(MOST_COLUMNS.saturating_sub(column));
            reached += u64::from(right);
            if right == 0 || reached > MOST_REACHED {
                return Err(too_wide());
            }
            let text = text_of(cell);
            if !text.is_empty() {
                grid.add(row, column, &text, CellMark::Plain);
                grid.is_within_limits()?;
            }
            if down > 1 || right > 1 {
                let (last_row, last_column) = (row.saturating_add(down - 1), column + right - 1);
                merges.push(MergedRange { first_row: row, first_column: column, last_row, last_column });
            }
            if down > 1 {
                let (first, end) = (column as usize, (column + right) as usize);
                free_from.resize(free_from.len().max(end), 0);
                for free in free_from.iter_mut().take(end).skip(first) {
                    *free = row.saturating_add(down).max(*free);
                }
            }
            column += right;
        }
    }
    let notes = grid.take_notes();
    let (head, columns) = grid.finish();
    Ok(Sheet { head, merges, hidden_rows, notes, body: SheetBody::Grid(columns), ..Sheet::default() })
}

/// Whether a row is not shown: by its own style or attribute, as exports write filtered rows.
fn is_hidden(row: ElementRef<'_>) -> bool {
    let style: String = row.value().attr("style").unwrap_or_default().split_whitespace().collect();
    row.value().attr("hidden").is_some() || style.to_lowercase().contains("display:none")
}

fn too_wide() -> Text {
    text!(
        "网页中的表格超过 {MOST_COLUMNS} 列，或合并的格太多，未读；请用 Excel 或 WPS 另存为 .xlsx",
        "the table of the web page has more than {MOST_COLUMNS} columns, or its cells reach over too many, so it was not \
         read; save it as .xlsx in Excel or WPS"
    )
}

fn span(cell: ElementRef<'_>, name: &str) -> u32 {
    let written = cell.value().attr(name).and_then(|span| span.trim().parse::<u32>().ok());
    written.unwrap_or(1).clamp(1, MOST_SPANNED)
}

/// The text of a cell: white space of the page's layout is none of it, a line break in the cell is.
fn text_of(cell: ElementRef<'_>) -> String {
    let mut text = String::new();
    for node in cell.descendants() {
        match node.value() {
            scraper::Node::Text(piece) => {
                let mut words = piece.split(|character: char| character.is_ascii_whitespace()).peekable();
                while let Some(word) = words.next() {
                    text.push_str(word);
                    if words.peek().is_some() && !text.ends_with(['\n', ' ']) && !text.is_empty() {
                        text.push(' ');
                    }
                }
            }
            scraper::Node::Element(element) if matches!(element.name(), "br" | "p" | "div") && !text.is_empty() => {
                text.truncate(text.trim_end_matches(' ').len());
                text.push('\n');
            }
            _ => {}
        }
    }
    text.trim_matches([' ', '\n', '\u{A0}']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads(page: &[u8]) -> Vec<Vec<Vec<String>>> {
        open(page, None).expect("tables").into_iter().map(|sheet| sheet.head).collect()
    }

    #[test]
    fn cells_that_reach_over_others_push_them_aside() {
        let page = "<html><table><tr><th rowspan=2>编号<th colspan=2>联系人</tr><tr><td>姓名<td>电话</tr>\
                    <tr><td>A1<td> 张\n  三 <td>138<br>139</tr></table></html>";
        let [head] = heads(page.as_bytes()).try_into().expect("one table");
        assert_eq!(head[0], ["编号", "联系人"]);
        assert_eq!(head[1], ["", "姓名", "电话"]);
        assert_eq!(head[2], ["A1", "张 三", "138\n139"]);
        let sheet = open(page.as_bytes(), None).expect("a table").remove(0);
        assert_eq!(sheet.merges.len(), 2);
    }

    #[test]
    fn cells_that_claim_to_reach_anywhere_take_no_room() {
        let cell = "<td rowspan=10000 colspan=10000>K1";
        let page = format!("<table><tr><td>编号<td>名称</tr><tr>{cell}</tr><tr><td>x</tr></table>");
        let sheet = open(page.as_bytes(), None).expect("a table").remove(0);
        assert_eq!((sheet.head[1][0].as_str(), sheet.head[2][10_000].as_str()), ("K1", "x"));
        let page = format!("<table><tr>{}</tr></table>", cell.repeat(3));
        assert!(open(page.as_bytes(), None).is_err());
    }

    #[test]
    fn rows_that_are_not_shown_are_hidden() {
        let page = "<table><tr><td>编号</tr><tr style='height:0; Display: none'><td>1</tr><tr hidden><td>2</tr>\
                    <tr style='display:table-row'><td>3</tr></table>";
        assert_eq!(open(page.as_bytes(), None).expect("a table").remove(0).hidden_rows, [1, 2]);
    }

    #[test]
    fn tables_that_only_arrange_tables_are_none() {
        let page = "<table><tr><td><table><tr><td>a</table><td><table><tr><td>b</table></table>";
        assert_eq!(heads(page.as_bytes()), [[["a"]], [["b"]]]);
    }

    #[test]
    fn the_encoding_is_the_pages_or_found_out() {
        let page = "<html><meta charset=gb2312><table><tr><td>䶮𠮷</table>";
        let (gbk, _, _) = GB18030.encode(page);
        assert_eq!(heads(&gbk)[0][0], ["䶮𠮷"]);
        let lying = page.replace("gb2312", "utf-8");
        let (gbk, _, _) = GB18030.encode(&lying);
        assert_eq!(heads(&gbk)[0][0], ["䶮𠮷"]);
        assert_eq!(heads("<table><tr><td>客户</table>".as_bytes())[0][0], ["客户"]);
    }
}
