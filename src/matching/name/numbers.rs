//! Numbers in names: 第一, 第2, 十二分厂.
//!
//! Apart because a number is compared by its value, not by how it is written.

/// Whether a character, digits already Chinese, is part of a number. 百 is none: 第一百货 is the first 百货.
pub(in crate::matching) fn is_numeral(character: char) -> bool {
    matches!(character, '零' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十')
}

/// The value of a number of Chinese digits: 十二, 一二 and 一十二 are 12.
pub(super) fn value(numerals: &[char]) -> u32 {
    let digit = |character: char| "零一二三四五六七八九".chars().position(|digit| digit == character);
    if !numerals.contains(&'十') {
        return numerals
            .iter()
            .filter_map(|numeral| digit(*numeral))
            .fold(0, |value: u32, digit| value.wrapping_mul(10).wrapping_add(u32::try_from(digit).unwrap_or(0)));
    }
    let (mut value, mut pending) = (0, None);
    for numeral in numerals {
        match numeral {
            '十' => value += pending.take().unwrap_or(1) * 10,
            other => pending = digit(*other).and_then(|digit| u32::try_from(digit).ok()),
        }
    }
    value + pending.unwrap_or(0)
}
