//! The shape of a text: 9999-99-99 for a day, 1[3-9]999999999 for a mobile number; and a pattern that has it.
//!
//! Apart because shapes are counted for people and turned into patterns for rules, and both have to mean the same. A run
//! of digits keeps its length up to a limit; runs of letters, of Chinese and of all other scripts lose theirs.

/// Longer runs of digits are one shape: as if they were of this length.
const LONGEST: usize = 21;
/// Texts of more letters are prose, whose shape tells nothing.
const PROSE: usize = 200;

/// What letters of one sort are written as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Digit,
    Capital,
    Small,
    Han,
    /// Letters of any other script, with what is written above and below them.
    Foreign,
    Other(char),
}

/// What a run of letters of other scripts is written as.
const FOREIGN: char = 'λ';

fn sort(letter: char) -> Sort {
    match letter {
        '0'..='9' => Sort::Digit,
        'A'..='Z' => Sort::Capital,
        'a'..='z' => Sort::Small,
        '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3134f}' => Sort::Han,
        '\u{300}'..='\u{1fff}' | '\u{a640}'..='\u{d7ff}' => Sort::Foreign,
        other if other.is_alphabetic() => Sort::Foreign,
        other => Sort::Other(other),
    }
}

/// The shape of a folded text.
pub fn of(text: &str) -> String {
    if is_mobile(text) {
        return MOBILE.to_owned();
    }
    if text.chars().nth(PROSE).is_some() {
        return "…".to_owned();
    }
    let mut shape = String::with_capacity(text.len());
    runs(text, |sort, count| match sort {
        Sort::Digit => (0..count.min(LONGEST)).for_each(|_| shape.push('9')),
        Sort::Capital => shape.push('A'),
        Sort::Small => shape.push('a'),
        Sort::Han => shape.push('中'),
        Sort::Foreign => shape.push(FOREIGN),
        Sort::Other(letter) => (0..count).for_each(|_| shape.push(letter)),
    });
    shape
}

const MOBILE: &str = "1[3-9]999999999";

/// The regular expression of all texts of a shape; not of prose.
pub fn pattern(shape: &str) -> String {
    if shape == MOBILE {
        return "1[3-9][0-9]{9}".to_owned();
    }
    let mut pattern = String::new();
    let mut letters = shape.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '9' => {
                let mut count = 1;
                while letters.next_if_eq(&'9').is_some() {
                    count += 1;
                }
                pattern.push_str(&match count {
                    1 => "[0-9]".to_owned(),
                    LONGEST => format!("[0-9]{{{LONGEST},}}"),
                    count => format!("[0-9]{{{count}}}"),
                });
            }
            'A' => pattern.push_str("[A-Z]+"),
            'a' => pattern.push_str("[a-z]+"),
            '中' => pattern.push_str(r"\p{Han}+"),
            FOREIGN => pattern.push_str(r"[\p{Alphabetic}\x{300}-\x{1fff}\x{a640}-\x{d7ff}]+"),
            other => pattern.push_str(&regex::escape(&other.to_string())),
        }
    }
    pattern
}

/// Whether a shape says anything: it has a digit or a sign, and is not prose.
pub fn tells(shape: &str) -> bool {
    shape.contains('9') && shape.chars().filter(|letter| ['中', FOREIGN].contains(letter)).count() <= 2
}

fn is_mobile(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 11 && bytes[0] == b'1' && bytes[1] >= b'3' && bytes.iter().all(u8::is_ascii_digit)
}

/// Calls for each run of letters of one sort.
fn runs(text: &str, mut each: impl FnMut(Sort, usize)) {
    let mut run: Option<(Sort, usize)> = None;
    for letter in text.chars() {
        let sort = sort(letter);
        match &mut run {
            Some((last, count)) if *last == sort => *count += 1,
            _ => {
                if let Some((sort, count)) = run {
                    each(sort, count);
                }
                run = Some((sort, 1));
            }
        }
    }
    if let Some((sort, count)) = run {
        each(sort, count);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shapes_are_what_people_would_write() {
        for (text, shape) in [
            ("2023-01-05", "9999-99-99"),
            ("13800138000", "1[3-9]999999999"),
            ("0571-87654321", "9999-99999999"),
            ("经销商2023-001", "中9999-999"),
            ("HT-0012", "A-9999"),
            ("宁波华联(中国)公司", "中(中)中"),
            ("Дмитрий Иванов 12", "λ λ 99"),
            ("山田たろう-9", "中λ-9"),
            ("นภา ก้อง", "λ λ"),
            ("", ""),
        ] {
            assert_eq!(of(text), shape, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_text_fits_the_pattern_of_its_shape(text in "[0-9A-Za-z甲乙丙жÉたก้한〇.()+*\\[\\]{}|^$#&~ -]{0,40}") {
            let pattern = regex::Regex::new(&format!(r"\A(?:{})\z", pattern(&of(&text)))).expect("a pattern");
            prop_assert!(pattern.is_match(&text), "{} {}", text, pattern);
        }
    }
}
