//! How the workbooks of this folder look: fonts, lines, fills, paper.
//!
//! Apart because list, letters and record of changes are printed and put beside one another. Locked is what the program
//! wrote, yellow is what people write.

use chrono::{NaiveDate, NaiveTime};
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet};

use super::WriteError;
use crate::text::Language;

const INK: Color = Color::RGB(0x1F2933);
const GREY: Color = Color::RGB(0x6B7780);
const LINE: Color = Color::RGB(0xBFC7CE);
const HEADER: Color = Color::RGB(0xDCE6F0);
const INPUT: Color = Color::RGB(0xFFF9C4);
const MISSING: Color = Color::RGB(0xFBE0DC);

/// The formats.
pub struct Look {
    /// What everything is based on.
    pub standard: Format,
    /// What the page is.
    pub title: Format,
    /// Sentences.
    pub paragraph: Format,
    /// Sentences that carry weight.
    pub strong: Format,
    /// Small sentences.
    pub note: Format,
    /// Headers of what the program wrote.
    pub header: Format,
    /// Headers of what people fill in.
    pub input_header: Format,
    /// A locked cell.
    pub locked: Format,
    /// A locked cell in the middle.
    pub centred: Format,
    /// A locked cell in small grey letters.
    pub mark: Format,
    /// A locked cell whose value is missing or damaged.
    pub missing: Format,
    /// A cell to be filled in.
    pub input: Format,
    /// A cell for a date.
    pub input_date: Format,
    /// A cell with a date.
    pub date: Format,
    /// A line to sign on.
    pub signature: Format,
}

impl Look {
    /// The formats with a font that Excel and WPS have in that language.
    pub fn new(language: Language) -> Self {
        let font = match language {
            Language::Zh => "微软雅黑",
            Language::En => "Microsoft YaHei",
        };
        let base = Format::new().set_font_name(font).set_font_size(10).set_font_color(INK);
        let standard = base.clone().set_align(FormatAlign::VerticalCenter);
        let boxed = standard.clone().set_border(FormatBorder::Thin).set_border_color(LINE).set_text_wrap();
        let header = boxed.clone().set_bold().set_align(FormatAlign::Center).set_background_color(HEADER);
        let input = boxed.clone().set_background_color(INPUT).set_unlocked().set_num_format("@");
        Self {
            title: standard.clone().set_font_size(16).set_bold(),
            paragraph: base.clone().set_text_wrap().set_align(FormatAlign::Top),
            strong: base.clone().set_text_wrap().set_align(FormatAlign::Top).set_bold(),
            note: base.clone().set_text_wrap().set_font_size(9).set_font_color(GREY),
            input_header: header.clone().set_background_color(Color::RGB(0xFFEB84)),
            header,
            centred: boxed.clone().set_align(FormatAlign::Center),
            mark: standard
                .clone()
                .set_border(FormatBorder::Thin)
                .set_border_color(LINE)
                .set_font_size(7)
                .set_font_color(GREY),
            missing: boxed.clone().set_bold().set_background_color(MISSING),
            input_date: input.clone().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center),
            input,
            date: boxed.clone().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center),
            signature: standard.clone().set_bold(),
            locked: boxed,
            standard,
        }
    }
}

/// A workbook whose properties say the company and a given day, so that the same content gives the same bytes.
pub fn workbook(look: &Look, title: &str, company: &str, day: NaiveDate) -> Result<Workbook, WriteError> {
    let mut workbook = Workbook::new();
    workbook.set_default_format(&look.standard, 20, 64)?;
    let created = ExcelDateTime::parse_from_str(&day.and_time(NaiveTime::MIN).format("%Y-%m-%dT%H:%M:%S").to_string())?;
    workbook.set_properties(
        &DocProperties::new().set_title(title).set_company(company).set_author(company).set_creation_datetime(&created),
    );
    Ok(workbook)
}

/// A4, lying or standing, as wide as the paper, with page numbers.
pub fn paper(sheet: &mut Worksheet, lying: bool, footer: &str) {
    sheet.set_paper_size(9);
    if lying {
        sheet.set_landscape();
    }
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    sheet.set_footer(footer);
}

/// What a footer says of pages: `&` begins a code of its own.
pub fn footer(left: &str, pages: &str) -> String {
    format!("&L{}&R{}", left.replace('&', "&&"), pages.replace("{page}", "&P").replace("{pages}", "&N"))
}

/// How wide a text is in digits of the standard font: a Chinese letter is two.
pub fn width(text: &str) -> f64 {
    text.chars().map(|letter| if letter.is_ascii() { 1.0 } else { 2.0 }).sum()
}

/// The height of a row in which every text, given with the width of its column, is read whole.
pub fn height(cells: &[(&str, f64)]) -> u32 {
    const LINE: f64 = 17.0;
    let lines = |(text, column): &(&str, f64)| (width(text) * 1.1 / column).ceil();
    let most = cells.iter().map(lines).fold(1.0, f64::max).min(12.0);
    (most * LINE + 5.0) as u32
}
