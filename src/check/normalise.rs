//! When two texts count as the same: as folded, as names of companies, as codes, or without white space.
//!
//! Apart because every kind that looks for the same value twice, and every code, is normalised alike. It knows no column.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem;

/// What counts as the same.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Normalise {
    /// The folded text.
    #[default]
    Folded,
    /// A company's name without white space, 有限责任公司 as 有限公司, letters in upper case.
    CompanyName,
    /// A code without white space and hyphens, letters in upper case.
    Code,
    /// The text without any white space.
    Text,
}

impl Normalise {
    /// The words of rule files.
    pub const WORDS: [(&'static str, Normalise); 4] = [
        ("none", Normalise::Folded),
        ("company_name", Normalise::CompanyName),
        ("code", Normalise::Code),
        ("text", Normalise::Text),
    ];

    /// The text that is compared.
    pub fn apply(self, text: &str) -> Cow<'_, str> {
        match self {
            Normalise::Folded => Cow::Borrowed(text),
            Normalise::CompanyName => company_name(text),
            Normalise::Code => code(text),
            Normalise::Text if !text.chars().any(char::is_whitespace) => Cow::Borrowed(text),
            Normalise::Text => Cow::Owned(text.chars().filter(|character| !character.is_whitespace()).collect()),
        }
    }
}

/// Without white space, 有限责任公司 read as 有限公司, ASCII letters in upper case.
fn company_name(name: &str) -> Cow<'_, str> {
    const LONG_FORM: &str = "有限责任公司";
    static LONG: LazyLock<memmem::Finder<'_>> = LazyLock::new(|| memmem::Finder::new(LONG_FORM));
    // The first bytes of all characters that are white space, and of small letters.
    let is_touched = |byte: &u8| matches!(byte, 0..=b' ' | b'a'..=b'z' | 0xC2 | 0xE1..=0xE3);
    if !name.as_bytes().iter().any(is_touched) && LONG.find(name.as_bytes()).is_none() {
        return Cow::Borrowed(name);
    }
    let without: String = name.chars().filter(|character| !character.is_whitespace()).collect();
    Cow::Owned(without.replace(LONG_FORM, "有限公司").to_ascii_uppercase())
}

/// Without white space and hyphens, ASCII letters in upper case.
pub fn code(code: &str) -> Cow<'_, str> {
    if code.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
        return Cow::Borrowed(code);
    }
    let kept = code.chars().filter(|character| !character.is_whitespace() && *character != '-');
    Cow::Owned(kept.map(|character| character.to_ascii_uppercase()).collect())
}
