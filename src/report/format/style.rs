//! How cells of a workbook look.
//!
//! Apart because a look is decided once for all sheets. Every mark is weight or a light fill, so that a black and white
//! print loses nothing that the words do not say.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};

use super::super::blocks::{Kind, Mark};
use super::super::look::{Colour, Look};
use crate::text::Language;

const INK: Color = Color::RGB(0x1F2933);
const GREY: Color = Color::RGB(0x6B7780);
const LINE: Color = Color::RGB(0xBFC7CE);
const ALERT: Color = Color::RGB(0xFBE0DC);
const CAUTION: Color = Color::RGB(0xFFF3CD);
const CHANGED: Color = Color::RGB(0xFFF2A8);

const KINDS: [Kind; 7] = [Kind::Text, Kind::Word, Kind::Count, Kind::Number, Kind::Share, Kind::Date, Kind::Amount];

/// All formats of a workbook.
pub struct Styles {
    /// What everything is based on.
    pub standard: Format,
    /// What the page is.
    pub title: Format,
    /// What follows.
    pub heading: Format,
    /// Sentences.
    pub paragraph: Format,
    /// Sentences that carry weight.
    pub strong_paragraph: Format,
    /// Small sentences.
    pub note: Format,
    /// Headers of tables.
    pub header: Format,
    /// The name of key figures.
    pub figure_label: Format,
    /// Key figures.
    pub figure: Format,
    /// What they are made of.
    pub figure_part: Format,
    /// What a card calls its fields.
    pub label: Format,
    /// The title of a card.
    pub card_title: Format,
    /// A line to sign on, with who signs before it.
    pub signature: Format,
    /// Words that lead elsewhere, outside of tables.
    pub link: Format,
    /// How the words of a column stand out by themselves.
    pub words: [Format; Mark::ALL.len()],
    cells: Vec<Format>,
    links: Vec<Format>,
}

impl Styles {
    /// The formats with a font that Excel and WPS have in that language; LibreOffice finds the nearest.
    pub fn new(language: Language, look: &Look) -> Self {
        let font = font(language);
        let main = colour(look.main);
        let base = Format::new().set_font_name(font).set_font_size(10).set_font_color(INK);
        let standard = base.clone().set_align(FormatAlign::VerticalCenter);
        let wrapped = base.clone().set_text_wrap().set_align(FormatAlign::Top);
        let boxed = base.clone().set_align(FormatAlign::Top).set_border(FormatBorder::Thin).set_border_color(LINE);
        let centred =
            boxed.clone().set_text_wrap().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
        let (header, pale) = (colour(look.main.paler(85)), colour(look.main.paler(95)));
        let cells: Vec<Format> =
            KINDS.iter().flat_map(|kind| Mark::ALL.map(|mark| cell(&boxed, *kind, mark))).collect();
        let leading = |format: &Format| format.clone().set_font_color(main).set_underline(FormatUnderline::Single);
        Self {
            title: standard.clone().set_font_size(16).set_bold().set_font_color(main),
            heading: standard.clone().set_font_size(12).set_bold().set_font_color(main).set_align(FormatAlign::Bottom),
            paragraph: wrapped.clone(),
            strong_paragraph: wrapped.clone().set_bold(),
            note: wrapped.set_font_size(9).set_font_color(GREY),
            header: centred.clone().set_bold().set_background_color(header),
            figure_label: centred.clone().set_bold().set_background_color(pale),
            figure_part: centred.clone().set_num_format("#,##0"),
            label: centred.clone().set_bold().set_background_color(pale),
            card_title: standard
                .clone()
                .set_font_size(16)
                .set_bold()
                .set_font_color(main)
                .set_align(FormatAlign::Center)
                .set_border_bottom(FormatBorder::Medium)
                .set_border_bottom_color(main),
            signature: standard.clone().set_align(FormatAlign::Bottom).set_border_bottom(FormatBorder::Thin),
            link: leading(&standard).set_shrink(),
            figure: centred.set_bold().set_font_size(18).set_num_format("#,##0"),
            words: Mark::ALL.map(|mark| marked(Format::new(), mark)),
            links: cells.iter().map(leading).collect(),
            standard,
            cells,
        }
    }

    /// The format of a cell.
    pub fn cell(&self, kind: Kind, mark: Mark) -> &Format {
        &self.cells[kind as usize * Mark::ALL.len() + mark as usize]
    }

    /// The format of a cell that leads elsewhere.
    pub fn cell_link(&self, kind: Kind, mark: Mark) -> &Format {
        &self.links[kind as usize * Mark::ALL.len() + mark as usize]
    }
}

/// The name of the standard font.
pub fn font(language: Language) -> &'static str {
    match language {
        Language::Zh => "微软雅黑",
        Language::En => "Microsoft YaHei",
    }
}

/// A colour as workbooks take it.
pub fn colour(colour: Colour) -> Color {
    Color::RGB(colour.0)
}

fn cell(boxed: &Format, kind: Kind, mark: Mark) -> Format {
    // The `_ ` of a number's format keeps it a blank away from the line.
    let (format, number) = (boxed.clone().set_text_wrap(), boxed.clone().set_align(FormatAlign::Right));
    let format = match kind {
        Kind::Text => format,
        Kind::Word => format.set_align(FormatAlign::Center),
        Kind::Count => number.set_num_format("#,##0_ "),
        Kind::Number => number.set_num_format("0_ "),
        Kind::Share => number.set_num_format("0.0%_ "),
        Kind::Amount => number.set_num_format("#,##0.0_ "),
        Kind::Date => number.set_align(FormatAlign::Center).set_num_format("yyyy-mm-dd"),
    };
    marked(format, mark)
}

fn marked(format: Format, mark: Mark) -> Format {
    match mark {
        Mark::Plain => format,
        Mark::Strong => format.set_bold(),
        Mark::Alert => format.set_bold().set_background_color(ALERT),
        Mark::Caution => format.set_background_color(CAUTION),
        Mark::Muted => format.set_font_color(GREY),
        Mark::Changed => format.set_bold().set_background_color(CHANGED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_marks_stand_where_they_are_looked_up() {
        assert!(KINDS.iter().enumerate().all(|(place, kind)| *kind as usize == place));
        assert!(Mark::ALL.iter().enumerate().all(|(place, mark)| *mark as usize == place));
    }
}
