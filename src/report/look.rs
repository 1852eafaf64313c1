//! How reports look beyond their words: colours and a logo, from `look.toml` and the `[look]` of a report.
//!
//! Apart because a company has one look and a report may differ from it. It knows no format: a format decides what is
//! drawn in the main colour and what in the others, and never lets a colour alone say something.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::problem::TemplateProblem;
use crate::text;
use crate::text::Text;

/// The file of the look that all reports share.
pub const FILE: &str = "look.toml";
/// The most bytes of a logo: it travels in every workbook.
const LARGEST_LOGO: usize = 300_000;
/// The least contrast with white paper at which words can be read, by WCAG 2.
const READABLE: f64 = 4.5;
/// The least contrast with white paper at which a line can be seen.
const VISIBLE: f64 = 1.6;

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub u32);

impl Colour {
    /// The colour of `#1F4E79`.
    fn parse(word: &str) -> Option<Self> {
        let digits = word.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        u32::from_str_radix(digits, 16).ok().map(Self)
    }

    /// `#1f4e79`, as style sheets write it.
    pub fn css(self) -> String {
        format!("#{:06x}", self.0)
    }

    /// The colour with so many percent of white in it.
    #[must_use]
    pub fn paler(self, percent: u32) -> Self {
        let mixed = |part: u32| part + (255 - part) * percent / 100;
        let [red, green, blue] = self.parts().map(mixed);
        Self(red << 16 | green << 8 | blue)
    }

    fn parts(self) -> [u32; 3] {
        [self.0 >> 16 & 0xFF, self.0 >> 8 & 0xFF, self.0 & 0xFF]
    }

    /// How it stands out against white, from 1 to 21: what remains of a colour on black and white paper.
    fn contrast(self) -> f64 {
        let linear = self.parts().map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.03928 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
    }
}

/// The look of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// The colour of titles, headers and first lines.
    pub main: Colour,
    /// The colours of what stands beside it, in order.
    pub accents: Vec<Colour>,
    /// The company's mark on the first sheet: a PNG or JPEG picture.
    pub logo: Option<Vec<u8>>,
}

impl Default for Look {
    fn default() -> Self {
        let accents = [0xC5_5A11, 0x54_8235, 0x7F_6000, 0x70_30A0, 0x59_5959];
        Self { main: Colour(0x1F_4E79), accents: accents.map(Colour).into(), logo: None }
    }
}

impl Look {
    /// The colour of a series, by its number.
    pub fn series(&self, number: usize) -> Colour {
        match number % (self.accents.len() + 1) {
            0 => self.main,
            other => self.accents[other - 1],
        }
    }
}

/// A look as a file writes it: what it leaves out stays as it was.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    main: Option<Spanned<String>>,
    accents: Option<Spanned<Vec<Spanned<String>>>>,
    logo: Option<Spanned<String>>,
}

impl Written {
    /// Reads a `look.toml`.
    pub fn read(source: &str) -> Result<Self, Box<TemplateProblem>> {
        toml::from_str(source).map_err(|error| Box::new(TemplateProblem::of_toml(FILE, source, &error)))
    }

    /// The look, changed as the file says; `picture` finds the bytes of a file beside it. Every mistake is found.
    pub fn over(
        &self,
        base: &Look,
        (file, source): (&str, &str),
        picture: impl Fn(&str) -> std::io::Result<Vec<u8>>,
        problems: &mut Vec<TemplateProblem>,
    ) -> Look {
        let mut look = base.clone();
        let mut add = |span: Range<usize>, message: Text, hint: Text| {
            problems.push(TemplateProblem::at(file, source, span, message).with_hint(hint));
        };
        let mut colour = |word: &Spanned<String>, least: f64| -> Option<Colour> {
            let written = word.get_ref();
            match Colour::parse(written) {
                Some(colour) if colour.contrast() >= least => Some(colour),
                Some(_) => {
                    let message = text!("颜色 {written} 太浅", "colour {written} is too light");
                    add(
                        word.span(),
                        message,
                        text!("白纸上要能看清，黑白打印也是", "it must show on white paper, also in black and white"),
                    );
                    None
                }
                None => {
                    let message = text!("{written} 不是颜色", "{written} is no colour");
                    add(word.span(), message, text!("写作 \"#1F4E79\"", "write \"#1F4E79\""));
                    None
                }
            }
        };
        if let Some(main) = self.main.as_ref().and_then(|word| colour(word, READABLE)) {
            look.main = main;
        }
        if let Some(accents) = &self.accents {
            look.accents = accents.get_ref().iter().filter_map(|word| colour(word, VISIBLE)).collect();
        }
        if let Some(logo) = &self.logo {
            let name = logo.get_ref();
            match usable(name, &picture) {
                Ok(bytes) => look.logo = bytes,
                Err((message, hint)) => add(logo.span(), message, hint),
            }
        }
        look
    }
}

/// The picture of a name, if it is one; an empty name is no logo.
fn usable(name: &str, picture: impl Fn(&str) -> std::io::Result<Vec<u8>>) -> Result<Option<Vec<u8>>, (Text, Text)> {
    if name.is_empty() {
        return Ok(None);
    }
    let beside = || text!("写同一文件夹里的文件名，如 \"logo.png\"", "name a file of the same folder, as \"logo.png\"");
    if name.contains(['/', '\\']) || name.starts_with('.') {
        return Err((text!("{name} 不是文件名", "{name} is no file name"), beside()));
    }
    let bytes =
        picture(name).map_err(|error| (text!("读不到 {name}：{error}", "{name} cannot be read: {error}"), beside()))?;
    if bytes.len() > LARGEST_LOGO {
        let (count, most) = (bytes.len() / 1000, LARGEST_LOGO / 1000);
        let smaller = text!("请缩小图片：它随每份工作簿寄出", "make it smaller: it travels in every workbook");
        return Err((
            text!("{name} 有 {count} KB，最多 {most} KB", "{name} has {count} KB; {most} KB is the most"),
            smaller,
        ));
    }
    let is_picture = bytes.starts_with(b"\x89PNG\r\n\x1a\n") || bytes.starts_with(b"\xff\xd8\xff");
    if !is_picture || rust_xlsxwriter::Image::new_from_buffer(&bytes).is_err() {
        return Err((text!("{name} 不是 PNG 或 JPEG 图片", "{name} is no PNG or JPEG picture"), beside()));
    }
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(source: &str) -> (Look, Vec<TemplateProblem>) {
        let mut problems = Vec::new();
        let none = |_: &str| Err(std::io::Error::from(std::io::ErrorKind::NotFound));
        let look = Written::read(source).expect("TOML").over(&Look::default(), (FILE, source), none, &mut problems);
        (look, problems)
    }

    #[test]
    fn a_look_changes_what_it_names() {
        let (look, problems) = over("main = \"#7A1F1F\"\n");
        assert_eq!((look.main, problems.len()), (Colour(0x7A_1F1F), 0));
        assert_eq!(look.accents, Look::default().accents);
    }

    #[test]
    fn what_paper_cannot_show_is_a_mistake_at_its_line() {
        let (_, problems) = over("main = \"#FFF000\"\naccents = [\"#FFFFFF\", \"red\"]\nlogo = \"none.png\"\n");
        let lines: Vec<usize> = problems.iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [1, 2, 2, 3]);
        assert!(Written::read("mian = \"#000000\"\n").is_err_and(|problem| {
            problem.line == 1 && problem.hint.is_some_and(|hint| hint.en.contains("did you mean `main`"))
        }));
    }

    #[test]
    fn a_paler_colour_is_nearer_to_white() {
        assert_eq!([Colour(0).paler(100), Colour(0x10_2030).paler(0)], [Colour(0xFF_FFFF), Colour(0x10_2030)]);
    }
}
