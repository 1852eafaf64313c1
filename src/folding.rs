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
    let mut rest = text.as_bytes();
    if matches!(rest, [..=b' ', ..] | [.., ..=b' ']) {
        return false;
    }
    if rest.is_ascii() {
        return true;
    }
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
    fn inner_white_space_stays() {
        assert_eq!(fold("\u{3000}上海　华联\u{200B} "), "上海 华联");
        assert_eq!(fold("１３８００１３８０００"), "13800138000");
        assert_eq!(fold(""), "");
        assert!(matches!(fold("上海（中国）"), Cow::Owned(_)));
        assert!(matches!(fold("上海(中国)"), Cow::Borrowed(_)));
    }
}
