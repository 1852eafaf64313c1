//! Numbers of telephones, accounts and identity cards: which of their digits stay.
//!
//! Apart because they are masked by position. At least four digits are always hidden, and of a number that is not of
//! the shape no more stays than of one that is.

use super::{STARS, digit, digits, letters_among};
use crate::text;
use crate::text::Text;

/// What stands between several numbers in one cell.
pub const SEPARATORS: &[char] = &['/', ';', '；', '、', ',', '，', '|', '\n', '／'];
/// What may stand in a telephone number beside digits.
const BESIDE: &str = "+-()（） .—－＋转";
/// Digits that are hidden at least.
const HIDDEN: usize = 4;
/// Digits that stay at most: three in front, four at the end.
const FIRST: usize = 3;
const LAST: usize = 4;

/// One telephone number: 138****8000, 010-****5678.
pub fn phone(one: &str) -> (String, Vec<Text>) {
    let number: String = one.chars().filter_map(digit).collect();
    let scientific = is_scientific(one);
    let shape = if scientific { None } else { sound(one, &number) };
    let (first, last) = match shape {
        Some((first, last)) => (first, last),
        None => {
            let stay = number.len().saturating_sub(HIDDEN).min(FIRST + LAST);
            (stay.min(FIRST), stay - stay.min(FIRST))
        }
    };
    let (masked, others) = with_digits(one, number.len(), first, last, BESIDE);
    let mut remarks = Vec::new();
    if scientific {
        remarks.push(text!("科学计数法", "scientific notation"));
    } else if shape.is_none() {
        remarks.push(digits(number.len()));
    }
    if others && !scientific {
        remarks.push(letters_among());
    }
    (masked, remarks)
}

/// How many digits stay in front and at the end of a number that looks like one; nothing for any other.
fn sound(written: &str, number: &str) -> Option<(usize, usize)> {
    let has = |prefix: &str| number.starts_with(prefix);
    match number.len() {
        11 if has("1") => Some((FIRST, LAST)),
        13 if has("861") => Some((2 + FIRST, LAST)),
        15 if has("00861") => Some((4 + FIRST, LAST)),
        10..=12 if has("0") => {
            let area = if has("01") || has("02") { 3 } else { 4 };
            Some((area, (number.len() - area).saturating_sub(HIDDEN).min(LAST)))
        }
        // An extension behind a fixed number is hidden.
        13..=17 if has("0") && written.contains(['-', '－', '转', '—']) => {
            Some((if has("01") || has("02") { 3 } else { 4 }, 0))
        }
        7 | 8 if !has("0") => Some((0, number.len() - HIDDEN)),
        _ => None,
    }
}

/// An account: its last four digits, and how many there are.
pub fn account(value: &str) -> (String, Vec<Text>) {
    let number: String = value.chars().filter_map(digit).collect();
    if is_scientific(value) {
        return (STARS.to_owned(), vec![text!("科学计数法", "scientific notation")]);
    }
    let kept: String = number.chars().skip(number.len().saturating_sub(LAST).max(HIDDEN.min(number.len()))).collect();
    let others = value.chars().any(|letter| digit(letter).is_none() && !letter.is_whitespace() && letter != '-');
    let mut remarks = vec![digits(number.len())];
    if others {
        remarks.push(letters_among());
    }
    (format!("****{kept}"), remarks)
}

/// An identity number: that there is one, and how long it is where that is wrong.
pub fn identity(value: &str) -> (String, Vec<Text>) {
    let length = value.chars().filter(|letter| !letter.is_whitespace()).count();
    let remarks = if matches!(length, 15 | 18) { Vec::new() } else { vec![digits(length)] };
    ("********".to_owned(), remarks)
}

/// Whether a spreadsheet wrote the number in its own way: 1.38E+10.
fn is_scientific(value: &str) -> bool {
    let value = value.trim();
    value.to_ascii_lowercase().split_once('e').is_some_and(|(mantissa, exponent)| {
        let exponent = exponent.trim_start_matches(['+', '-']);
        let number = |part: &str| part.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
        !mantissa.is_empty() && !exponent.is_empty() && number(mantissa) && number(exponent)
    })
}

/// The text with all digits but the first and last ones replaced, and every letter that does not belong there;
/// whether there was such a letter.
fn with_digits(text: &str, count: usize, first: usize, last: usize, beside: &str) -> (String, bool) {
    let (mut number, mut others) = (0, false);
    let masked = text
        .chars()
        .map(|letter| {
            if digit(letter).is_some() {
                number += 1;
                if number <= first || number > count - last { letter } else { '*' }
            } else if beside.contains(letter) || letter.is_whitespace() {
                letter
            } else {
                others = true;
                '*'
            }
        })
        .collect();
    (masked, others)
}
