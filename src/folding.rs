//! Folding: what is done to every cell before any check looks at it (data dictionary, "Cleaning, before any check").
//!
//! Apart because it is the hottest loop of the program and the one definition of "the same text". It works on single
//! texts and knows neither fields nor columns.

use std::borrow::Cow;

/// Folds a text: full-width ASCII to ASCII, U+3000 and U+00A0 to a blank, invisible characters away, outer white
/// space away, inner white space kept. Borrows where there was nothing to do.
pub fn fold(text: &str) -> Cow<'_, str> {
    if !needs_folding(text) {
        return Cow::Borrowed(text);
    }
    let folded: String = text.chars().filter_map(fold_character).collect();
    let trimmed = folded.trim();
    if trimmed.len() == folded.len() { Cow::Owned(folded) } else { Cow::Owned(trimmed.to_owned()) }
}

/// Whether folding would change a text; may say yes where it would not, never no where it would.
pub fn needs_folding(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    if *first <= b' ' || *last <= b' ' {
        return true;
    }
    if text.is_ascii() {
        return false;
    }
    // The lead bytes of every character that folding touches or that counts as white space:
    // C2 (U+0085, U+00A0, U+00AD), E1 9A 80 (U+1680), E2 80/81 (U+2000-206F), E3 80 80 (U+3000), EF BB/BC/BD.
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        let next = bytes.get(index + 1).copied().unwrap_or(0);
        let touched = match byte {
            0xC2 => next == 0xA0 || next == 0xAD || next == 0x85,
            0xE1 => next == 0x9A,
            0xE2 => next == 0x80 || next == 0x81,
            0xE3 => next == 0x80 && bytes.get(index + 2) == Some(&0x80),
            0xEF => matches!(next, 0xBB..=0xBD),
            _ => false,
        };
        if touched {
            return true;
        }
        index += match byte {
            0x00..=0x7F => 1,
            0xC0..=0xDF => 2,
            0xE0..=0xEF => 3,
            _ => 4,
        };
    }
    false
}

/// Whether a text is plain: folding would not change it, and it holds no character that is strange (U+FFFD, 锟, 锘, 烫, 屯
/// and private use). May say no where it is, never yes where it is not.
pub fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    if matches!(bytes, [..=b' ', ..] | [.., ..=b' ']) {
        return false;
    }
    if bytes.is_ascii() {
        return true;
    }
    // Most texts hold nothing that is even like such a character: that is told without a branch.
    !may_be_touched(bytes) || is_plain_by_characters(bytes)
}

/// So many bytes are looked at together.
const LANES: usize = 16;
/// The same with the two behind them that a character may reach to.
const WINDOW: usize = LANES + 2;

/// Whether a text holds a byte, or three, that stand for such a character, or for others that are rare.
fn may_be_touched(bytes: &[u8]) -> bool {
    let Some(last) = bytes.last_chunk::<WINDOW>() else {
        let mut window = [0; WINDOW];
        window.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        return any_touched(&window);
    };
    let two_bytes_at_the_end = bytes.iter().nth_back(1) == Some(&0xC2);
    let mut touched = any_touched(last) || two_bytes_at_the_end;
    let mut rest = bytes;
    while let Some(window) = rest.first_chunk::<WINDOW>() {
        touched |= any_touched(window);
        rest = &rest[LANES..];
    }
    touched
}

/// The same of a window: C2, E1, E2 and EE to F4 by the first byte alone, E3 80 80, and 屯 烫 锘 锟.
fn any_touched(window: &[u8; WINDOW]) -> bool {
    let mut touched = [0; LANES];
    for (lane, flag) in touched.iter_mut().enumerate() {
        let (first, second, third) = (window[lane], window[lane + 1], window[lane + 2]);
        let is = |byte: u8, wanted: u8| u8::from(byte == wanted);
        *flag = u8::from(first >= 0xEE)
            | is(first, 0xC2)
            | is(first, 0xE1)
            | is(first, 0xE2)
            | is(first, 0xE3) & is(third, 0x80)
            | is(first, 0xE5) & is(second, 0xB1) & is(third, 0xAF)
            | is(first, 0xE7) & is(second, 0x83) & is(third, 0xAB)
            | is(first, 0xE9) & is(second, 0x94) & (is(third, 0x98) | is(third, 0x9F));
    }
    u128::from_ne_bytes(touched) != 0
}

fn is_plain_by_characters(text: &[u8]) -> bool {
    let mut rest = text;
    loop {
        rest = match rest {
            [] => return true,
            [0xC2, 0x85 | 0xA0 | 0xAD, ..]
            | [0xE1, 0x9A, ..]
            | [0xE2, 0x80 | 0x81, ..]
            | [0xE3, 0x80, 0x80, ..]
            | [0xE5, 0xB1, 0xAF, ..]
            | [0xE7, 0x83, 0xAB, ..]
            | [0xE9, 0x94, 0x98 | 0x9F, ..]
            | [0xEE, ..]
            | [0xEF, ..=0xA3 | 0xBB..=0xBD | 0xBF, ..]
            | [0xF3 | 0xF4, ..] => return false,
            [..=0x7F, behind @ ..]
            | [0xC0..=0xDF, _, behind @ ..]
            | [0xE0..=0xEF, _, _, behind @ ..]
            | [_, _, _, _, behind @ ..] => behind,
            _ => return false,
        };
    }
}

fn fold_character(character: char) -> Option<char> {
    match character {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(character as u32 - 0xFEE0),
        '\u{3000}' | '\u{00A0}' => Some(' '),
        '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}' => None,
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_folded_as_the_long_way_round_does() {
        for code in (0..=0x3100).chain(0xFE00..=0xFFFF).chain(0x1F300..0x1F310) {
            let Some(character) = char::from_u32(code) else { continue };
            for text in [format!("甲{character}b"), format!("{character}甲"), format!("b{character}")] {
                let long: String = text.chars().filter_map(fold_character).collect();
                assert_eq!(fold(&text), long.trim(), "U+{code:04X}");
                assert!(!is_plain(&text) || text == long.trim(), "U+{code:04X}");
            }
        }
    }

    #[test]
    fn what_is_told_at_once_is_what_the_characters_tell() {
        for character in (0..=0x10_FFFF).filter_map(char::from_u32) {
            for text in [
                format!("甲{character}b"),
                format!("上海浦东新区世纪大道{character}"),
                format!("上海浦东新区世纪大{character}号"),
            ] {
                let is_bounded = matches!(text.as_bytes(), [..=b' ', ..] | [.., ..=b' ']);
                let expected = !is_bounded && is_plain_by_characters(text.as_bytes());
                assert_eq!(is_plain(&text), expected, "U+{:04X}", character as u32);
            }
        }
    }

    #[test]
    fn inner_white_space_stays() {
        assert_eq!(fold("\u{3000}上海　华联\u{200B} "), "上海 华联");
        assert_eq!(fold("１３８００１３８０００"), "13800138000");
        assert_eq!(fold(""), "");
        assert!(matches!(fold("上海（中国）"), Cow::Owned(_)));
        assert!(matches!(fold("上海(中国)"), Cow::Borrowed(_)));
    }
}
