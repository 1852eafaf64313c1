//! Telephone numbers, e-mail addresses, identity and account numbers in running text, wherever they stand.
//!
//! Apart from the masks of fields because nobody said what a remark or a message holds. It looks for shapes that can be
//! little else, and leaves credit codes and dates alone.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{Mask, digit};

/// What people put between numbers.
const BLANKS: [char; 2] = [' ', '　'];

/// What personal numbers look like: an address for mail, or digits with what people put between them.
static SHAPES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?<mail>[\p{L}\p{N}._%+-]+[@＠][\p{L}\p{N}.-]+)|(?<number>[\p{Nd}](?:[ 　\-－]?[\p{Nd}]){9,29}[Xx]?)")
        .ok()
});

/// The text with everything masked that looks like a personal number.
pub fn scrubbed(text: &str) -> Cow<'_, str> {
    // Most texts have neither.
    let worth = text.contains(['@', '＠']) || text.chars().filter(|letter| digit(*letter).is_some()).count() > 9;
    let Some(shapes) = SHAPES.as_ref().filter(|_| worth) else { return Cow::Borrowed(text) };
    shapes.replace_all(text, |found: &Captures<'_>| {
        let whole = found.get(0).map_or("", |whole| whole.as_str());
        if found.name("mail").is_some() { Mask::Email.apply(whole) } else { number(text, found, whole) }
    })
}

/// A run of digits, masked as what it is; itself where it is nothing personal.
fn number(text: &str, found: &Captures<'_>, written: &str) -> String {
    let Some(place) = found.get(0) else { return written.to_owned() };
    let joined = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    // Part of a code: letters touch it.
    if joined(text[..place.start()].chars().next_back()) || joined(text[place.end()..].chars().next()) {
        return written.to_owned();
    }
    let digits: String = written.chars().filter_map(digit).collect();
    let mobile = |number: &str| number.len() == 11 && number.starts_with('1') && number.as_bytes()[1] >= b'3';
    match digits.len() {
        11 if mobile(&digits) => Mask::Phone.apply(written),
        13 if digits.starts_with("86") && mobile(&digits[2..]) => Mask::Phone.apply(written),
        15 if digits.starts_with("0086") && mobile(&digits[4..]) => Mask::Phone.apply(written),
        10..=12 if digits.starts_with('0') => Mask::Phone.apply(written),
        // Days side by side, or numbers with strokes: each is looked at by itself.
        16.. if written.contains(['-', '－']) && written.contains(BLANKS) => {
            written.split_inclusive(BLANKS).map(scrubbed).collect()
        }
        17 if written.ends_with(['x', 'X']) => Mask::Identity.apply(written),
        // A credit code of a company begins with 9.
        18 if !digits.starts_with('9') => Mask::Identity.apply(written),
        18 => written.to_owned(),
        22.. if several(written) => Mask::Phone.apply(&written.replace(BLANKS, "/")).replace('/', " "),
        16.. => Mask::Account.apply(written),
        _ => written.to_owned(),
    }
}

/// Whether blanks part a run into mobile numbers.
fn several(written: &str) -> bool {
    written.split(BLANKS).all(|part| part.chars().filter(|letter| digit(*letter).is_some()).count() == 11)
}
