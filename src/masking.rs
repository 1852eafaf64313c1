//! Personal data as it is customarily shown to readers who need not see it: 138****8000.
//!
//! Apart because workbooks, mails and pages mask alike. It knows no reader: who sees a value whole is decided elsewhere.
//!
//! A mask keeps the shape and hides at least as much of a malformed value as of a sound one: separators stay, letters
//! that do not belong there are hidden, and [`Mask::remarked`] says what is wrong with the shape (its length, that it is
//! in scientific notation) because the letters that would show it are gone.

mod number;
mod person;
mod place;
mod scrub;

pub use scrub::scrubbed;

use crate::text;
use crate::text::{Language, Text};

/// How the values of a field are masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    /// The name of a person: the surname stays.
    Name,
    /// A telephone number, mobile or fixed.
    Phone,
    /// An e-mail address: first letter and domain stay.
    Email,
    /// An identity number: nothing of it stays.
    Identity,
    /// A bank account: the last four stay.
    Account,
    /// The address of a person: down to the district.
    Address,
    /// A 微信 or QQ number: the first two stay.
    Handle,
    /// Anything else that is nobody's business: nothing of it stays.
    Hidden,
}

/// What stands for letters whose number is nobody's business.
const STARS: &str = "***";

impl Mask {
    /// The words of the dictionary.
    pub const WORDS: [(&'static str, Mask); 8] = [
        ("name", Mask::Name),
        ("phone", Mask::Phone),
        ("email", Mask::Email),
        ("identity", Mask::Identity),
        ("account", Mask::Account),
        ("address", Mask::Address),
        ("handle", Mask::Handle),
        ("hidden", Mask::Hidden),
    ];

    /// The value with its private part replaced by asterisks; a blank stays what it is.
    pub fn apply(self, value: &str) -> String {
        self.masked(value).0
    }

    /// The masked value, and behind it what is wrong with its shape: `138****000（10位）`.
    pub fn remarked(self, value: &str, language: Language) -> String {
        let (masked, remarks) = self.masked(value);
        if remarks.is_empty() {
            return masked;
        }
        let remarks: Vec<&str> = remarks.iter().map(|remark| remark.get(language)).collect();
        match language {
            Language::Zh => format!("{masked}（{}）", remarks.join("，")),
            Language::En => format!("{masked} ({})", remarks.join(", ")),
        }
    }

    fn masked(self, value: &str) -> (String, Vec<Text>) {
        if value.trim().is_empty() {
            return (value.to_owned(), Vec::new());
        }
        match self {
            Mask::Name => each(value, person::SEPARATORS, person::name),
            Mask::Phone => each(value, number::SEPARATORS, number::phone),
            Mask::Email => each(value, person::SEPARATORS, person::email),
            Mask::Account => number::account(value),
            Mask::Identity => number::identity(value),
            Mask::Address => (place::to_district(value), Vec::new()),
            Mask::Handle => (person::handle(value), Vec::new()),
            Mask::Hidden => (STARS.to_owned(), Vec::new()),
        }
    }
}

/// Masks each of several values in one cell; the separators stay, the remarks of all are told once.
fn each(value: &str, separators: &[char], one: fn(&str) -> (String, Vec<Text>)) -> (String, Vec<Text>) {
    let (mut masked, mut remarks) = (String::new(), Vec::new());
    for piece in value.split_inclusive(separators) {
        let (body, separator) = match piece.char_indices().next_back() {
            Some((at, last)) if separators.contains(&last) => piece.split_at(at),
            _ => (piece, ""),
        };
        if body.trim().is_empty() {
            masked.push_str(body);
        } else {
            let (body, said) = one(body);
            masked.push_str(&body);
            remarks.extend(said);
        }
        masked.push_str(separator);
    }
    remarks.dedup();
    (masked, remarks)
}

/// The digit that a letter stands for, in ASCII or full width.
fn digit(letter: char) -> Option<char> {
    match letter {
        '0'..='9' => Some(letter),
        '０'..='９' => char::from_u32(u32::from(letter) - 0xFEE0),
        _ => None,
    }
}

/// The remark on a number of digits that does not fit.
fn digits(count: usize) -> Text {
    text!("{count}位", "{count} digits")
}

/// The remark on letters among digits.
fn letters_among() -> Text {
    text!("含其他字符", "other characters in it")
}

#[cfg(test)]
mod tests;
