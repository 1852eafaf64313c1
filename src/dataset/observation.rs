//! What typing noticed in the cells of a column: how many, of which kind, and the first places; for the load notes.
//!
//! Apart because it is no finding: the values are folded and typed whatever is noticed here, and rules say what is wrong.
//! It is bounded: a count and a few records a kind and a part of the table, however many cells there are.

use std::collections::BTreeMap;

use super::amount::AmountTrouble;
use super::day_trouble::DayTrouble;
use super::{Dataset, Part, epochs};
use crate::text;
use crate::text::{Language, Text};

/// So many places are named.
const PLACES: usize = 3;

/// A kind of thing that is noticed of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Notice {
    /// Full-width letters or digits in a code, a date or an amount: folded.
    Wide,
    /// Characters that nobody sees: removed.
    Invisible,
    /// White space before or behind: removed.
    Blanks,
    /// Characters that come of a wrong decoding: kept.
    Garbled,
    /// Characters of nobody's but a font's: kept.
    PrivateUse,
    /// 同上: not filled in.
    Ditto,
    /// A text that is no certain day.
    Day(DayTrouble),
    /// A text that is no certain amount.
    Amount(AmountTrouble),
    /// An amount that was converted from another unit.
    Converted,
    /// A number that was read as a day, as the source asks.
    SerialDay,
}

/// How many cells of a part, and the first of them.
#[derive(Clone, Debug, Default)]
struct Tally {
    count: u64,
    first: Vec<u32>,
}

/// What was noticed of one column, by part of the table.
#[derive(Clone, Debug, Default)]
pub struct Observations {
    /// The first record behind each part.
    ends: Vec<usize>,
    tallies: BTreeMap<(usize, Notice), Tally>,
}

impl Observations {
    /// Of a column whose parts have so many records each.
    pub(super) fn of(heights: impl Iterator<Item = usize>) -> Self {
        let ends = heights.scan(0, |end, height| {
            *end += height;
            Some(*end)
        });
        Self { ends: ends.collect(), tallies: BTreeMap::new() }
    }

    /// Takes down what was noticed of a record's cell.
    pub(super) fn note(&mut self, record: u32, notice: Notice) {
        let part = self.ends.partition_point(|end| *end <= record as usize);
        let tally = self.tallies.entry((part, notice)).or_default();
        tally.count += 1;
        if tally.first.len() < PLACES {
            tally.first.push(record);
        }
    }
}

impl Dataset {
    /// What is to be said of each part, in the order of [`Dataset::parts`]: at most a line a column or two columns of days.
    pub fn remarks(&self, language: Language) -> Vec<Vec<String>> {
        let mut remarks = epochs::remarks(self, language);
        for field in &self.table.fields {
            let Some(column) = self.columns.get(&field.name) else { continue };
            let mut said: BTreeMap<usize, Vec<String>> = BTreeMap::new();
            for ((part, notice), tally) in &column.observations.tallies {
                let Some(place) = self.parts.get(*part) else { continue };
                let letters = place.letters.get(&field.name).map_or("", String::as_str);
                said.entry(*part).or_default().push(phrase(*notice, tally, place, letters).get(language).to_owned());
            }
            let label = field.label(language);
            for (part, phrases) in said {
                let (zh, en) = (phrases.join("；"), phrases.join("; "));
                if let Some(lines) = remarks.get_mut(part) {
                    lines.push(text!("“{label}”：{zh}", "{label}: {en}").get(language).to_owned());
                }
            }
        }
        remarks
    }
}

fn phrase(notice: Notice, tally: &Tally, part: &Part, letters: &str) -> Text {
    let Text { zh, en } = notice.words();
    let count = tally.count;
    let cells = tally.first.iter().filter_map(|record| {
        let row = part.rows.get((*record as usize).checked_sub(part.first)?);
        Some(format!("{letters}{row}"))
    });
    let cells: Vec<String> = cells.collect();
    let (list_zh, list_en) = (cells.join("、"), cells.join(", "));
    if count > cells.len() as u64 {
        return text!("{zh} {count} 格（{list_zh} 等）", "{en}: {count} cells ({list_en} …)");
    }
    text!("{zh} {count} 格（{list_zh}）", "{en}: {count} cells ({list_en})")
}

impl Notice {
    fn words(self) -> Text {
        match self {
            Notice::Wide => text!("全角字符已转半角", "full-width characters, folded"),
            Notice::Invisible => text!("不可见字符已去掉", "invisible characters, removed"),
            Notice::Blanks => text!("首尾空白已去掉", "outer blanks, removed"),
            Notice::Garbled => text!("疑似乱码", "garbled, as of a wrong encoding"),
            Notice::PrivateUse => {
                text!("自造字或旧编码字（他处可能显示不出）", "private-use characters, which others may not see")
            }
            Notice::Ditto => text!("写作“同上”，没有代填", "ditto, not filled in"),
            Notice::Converted => text!("按所写单位换算", "converted by the unit stated"),
            Notice::SerialDay => text!("按天数序号读作日期", "serial numbers read as days"),
            Notice::Day(trouble) => match trouble {
                DayTrouble::ShortYear => text!("日期无法确定，年份只有两位", "no certain date, a year of two digits"),
                DayTrouble::YearLast => {
                    text!("日期无法确定，年份不在最前，日月次序不明", "no certain date, the year is not first")
                }
                DayTrouble::NoYear => text!("日期无法确定，没有年份", "no certain date, no year"),
                DayTrouble::NoDay => text!("日期无法确定，没有日", "no certain date, no day"),
                DayTrouble::Zone => text!("带有时区，没有换算", "with a zone of its own, not converted"),
                DayTrouble::Impossible => text!("没有这样的日期或时间", "no such day or time"),
                DayTrouble::Serial => {
                    text!(
                        "日期只是天数序号（可在数据源写 serials）",
                        "serial numbers for dates (see serials of a source)"
                    )
                }
                DayTrouble::Other => text!("不是日期", "no dates"),
            },
            Notice::Amount(trouble) => match trouble {
                AmountTrouble::Approximate => text!("非确定金额（约数）", "no certain amount (about)"),
                AmountTrouble::Range => text!("非确定金额（区间）", "no certain amount (a range)"),
                AmountTrouble::Currency => text!("币种与本列不同，没有换算", "another currency, not converted"),
                AmountTrouble::Unit => text!(
                    "金额带单位、币种或括号（可在数据字典给字段写 unit）",
                    "amounts with a unit, sign or brackets (see unit of a field in the dictionary)"
                ),
                AmountTrouble::None => text!("不是数字", "no numbers"),
            },
        }
    }
}

/// What is strange in a folded text: characters that come of a wrong decoding, or that belong to no script.
pub(super) fn strange(text: &str) -> Option<Notice> {
    let bytes = text.as_bytes();
    let mut index = 0;
    let mut own = false;
    let starts = |index: usize, word: &str| text.get(index..).is_some_and(|rest| rest.starts_with(word));
    while let Some(byte) = bytes.get(index) {
        let next = |by: usize| bytes.get(index + by).copied().unwrap_or(0);
        let length = match byte {
            0x00..=0x7F => 1,
            0xC0..=0xDF => 2,
            0xE0..=0xEF => 3,
            _ => 4,
        };
        match byte {
            // U+FFFD, and what it and its like become when they are decoded once more: 锟斤拷, 烫烫, 屯屯, 锘.
            0xEF if next(1) == 0xBF && next(2) == 0xBD => return Some(Notice::Garbled),
            0xE9 if next(1) == 0x94 && next(2) == 0x9F && starts(index, "锟斤") => {
                return Some(Notice::Garbled);
            }
            0xE7 if next(1) == 0x83 && starts(index, "烫烫烫") => return Some(Notice::Garbled),
            0xE5 if next(1) == 0xB1 && starts(index, "屯屯屯") => return Some(Notice::Garbled),
            0xE9 if next(1) == 0x94 && next(2) == 0x98 => return Some(Notice::Garbled),
            0xEE => own = true,
            0xEF if next(1) <= 0xA3 => own = true,
            0xF3 if next(1) >= 0xB0 => own = true,
            0xF4 => own = true,
            _ => {}
        }
        index += length;
    }
    own.then_some(Notice::PrivateUse)
}

/// What folding did to a text as typed; `formal`: to a code, a date or an amount, where forms matter.
pub(super) fn folded_away(typed: &str, formal: bool, mut note: impl FnMut(Notice)) {
    let invisible = |character: char| {
        matches!(character, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}')
            || character == '\u{00A0}'
    };
    if typed.contains(invisible) {
        note(Notice::Invisible);
    }
    if formal && typed.contains(|character| matches!(character, '\u{FF01}'..='\u{FF5E}')) {
        note(Notice::Wide);
    }
    let outer = |character: Option<char>| character.is_some_and(|character| character.is_whitespace());
    if outer(typed.chars().next()) || outer(typed.chars().next_back()) {
        note(Notice::Blanks);
    }
}

/// No text that stands for the cell above has more bytes.
pub(super) const LONGEST_DITTO: usize = 6;

/// Whether a folded text stands for the cell above.
pub(super) fn is_ditto(folded: &str) -> bool {
    matches!(folded, "同上" | "同前" | "同左" | "〃" | "″" | "〞")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_garbled_or_of_private_use_is_told_from_rare_characters() {
        for text in ["杭州\u{FFFD}华", "锟斤拷锟斤拷", "锘编号", "烫烫烫"] {
            assert_eq!(strange(text), Some(Notice::Garbled), "{text}");
            assert!(!crate::folding::is_plain(text), "{text}");
        }
        for text in ["王\u{E5E5}", "\u{E000}", "\u{F8FF}x", "甲\u{F0001}", "\u{100000}"] {
            assert_eq!(strange(text), Some(Notice::PrivateUse), "{text}");
            assert!(!crate::folding::is_plain(text), "{text}");
        }
        for text in ["", "杭州", "𠮷田㛃", "烫伤", "铁锟", "ﬁ", "Ａ", "😀", "\u{F900}"] {
            assert_eq!(strange(text), None, "{text}");
        }
    }

    #[test]
    fn counts_go_to_the_part_of_the_record() {
        let mut seen = Observations::of([2, 0, 3].into_iter());
        for record in 0..5 {
            seen.note(record, Notice::Ditto);
        }
        let counts: Vec<(usize, u64)> = seen.tallies.iter().map(|((part, _), tally)| (*part, tally.count)).collect();
        assert_eq!(counts, [(0, 2), (2, 3)]);
    }
}
