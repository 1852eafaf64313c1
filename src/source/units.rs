//! The units that a sheet states for its amounts: above the header for all of them, in a header for its column.
//!
//! Apart because a unit that is written and not understood must be said: the amounts would be wrong by a factor. It knows
//! the words of the sheet and no amount.

use crate::dataset::raw::column_letters;
use crate::folding::fold;
use crate::model::Unit;
use crate::text;
use crate::text::Text;

/// What may stand before 单位 where it means that of the amounts; 填报单位 is a firm.
const KINDS: [&str; 5] = ["金额", "货币", "计量", "数据", "本表"];

/// What the lines above a header say of units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Above {
    /// Nothing.
    Nothing,
    /// The unit of all amounts.
    Stated(Unit),
    /// Something that is not understood.
    Unknown,
}

impl Above {
    /// What the cells above a header say.
    pub fn of(title: &[&str]) -> Self {
        let cells: Vec<_> = title.iter().map(|cell| fold(cell)).filter(|cell| !cell.is_empty()).collect();
        let mut found = Self::Nothing;
        for (index, cell) in cells.iter().enumerate() {
            for said in statements(cell) {
                // The unit may stand in a cell of its own, behind that which announces it.
                let said = if said.is_empty() { cells.get(index + 1).map_or("", |next| next) } else { said };
                match Unit::among(said) {
                    Some(unit) => return Self::Stated(unit),
                    None if Unit::is_mentioned(said) => found = Self::Unknown,
                    None => {}
                }
            }
        }
        if found == Self::Nothing
            && let Some(unit) = cells.iter().find_map(|cell| Unit::in_brackets(cell))
        {
            return Self::Stated(unit);
        }
        found
    }

    /// The unit, where one is stated.
    pub fn unit(self) -> Option<Unit> {
        match self {
            Self::Stated(unit) => Some(unit),
            Self::Nothing | Self::Unknown => None,
        }
    }

    /// What is said of a unit that is not understood.
    pub fn remark(self) -> Option<Text> {
        (self == Self::Unknown).then(|| {
            text!(
                "表头上方写了单位，但看不懂是哪一种，金额仍按字段的单位读取；请写成“单位：万元”这样",
                "the lines above the header state a unit that is not understood; amounts are read in the unit of their \
                 fields; write it like 单位：万元"
            )
        })
    }
}

/// What follows each 单位 of a folded text that means the unit of amounts.
fn statements(cell: &str) -> impl Iterator<Item = &str> {
    cell.match_indices("单位").filter_map(|(at, word)| {
        let (before, behind) = (cell.get(..at)?.trim_end(), cell.get(at + word.len()..)?);
        let is_alone = before.is_empty() || before.ends_with(|last: char| !last.is_alphanumeric());
        let means_amounts = is_alone || KINDS.iter().any(|kind| before.ends_with(kind)) || before.len() < at;
        let said = behind.trim_start_matches(|first: char| first.is_whitespace() || first == ':');
        means_amounts.then(|| said.split([')', ']', '】', '〕']).next().unwrap_or_default().trim())
    })
}

/// What is said of a header of an amount, whose column is counted from 0, that speaks of a unit and names none.
pub fn not_understood(column: usize, name: &str, field: Unit) -> Option<Text> {
    if Unit::in_brackets(name).is_some() || !Unit::is_mentioned_in_brackets(name) {
        return None;
    }
    let (letters, words) = (column_letters(column), field.words());
    Some(text!(
        "{letters} 列表头括号里的单位看不懂，没有照它换算；字段的单位是{words}，请写成“（万元）”这样",
        "the unit in the brackets of the header of column {letters} is not understood and nothing was converted by it; \
         the field is counted in {words}; write it like （万元）"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_above_the_header_is_told_however_it_is_written() {
        for (title, power) in [
            (&["（单位：元）"][..], 0),
            (&["单位： 元"], 0),
            (&["2026 年合同台账", "金额单位:人民币万元 制表日期：2026-01-05"], 4),
            (&["编制单位：甲公司  单位：千元"], 3),
            (&["单位：", "亿元"], 8),
            (&["合同台账（万元）"], 4),
            (&["单位：万元、含税"], 4),
        ] {
            assert_eq!(Above::of(title).unit().map(|unit| unit.power), Some(power), "{title:?}");
        }
        for title in [&["填报单位：万元达公司"][..], &["单位：北京某某公司"], &["合同台账"], &[], &["（二〇二六年）"]]
        {
            assert_eq!(Above::of(title), Above::Nothing, "{title:?}");
        }
        for title in ["单位：元和万元", "（单位：千）", "单位：元、万元"] {
            assert_eq!(Above::of(&[title]), Above::Unknown, "{title}");
            assert!(Above::of(&[title]).remark().is_some());
        }
    }
}
