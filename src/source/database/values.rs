//! Values of databases as the text that typing reads back: moments without fractions and zones, floats in full.
//!
//! Apart because more than one kind of database writes them in nearly the same way. It knows no database.

use std::borrow::Cow;
use std::fmt::Write;

/// From here on a double cannot hold every integer's digits.
const DOUBLE_DIGITS: f64 = 1e15;
/// From here on a single cannot.
const SINGLE_DIGITS: f64 = 16_777_216.0;
/// A double of fewer characters, none of them an exponent, is written as short as it can be.
const SHORT: usize = 15;

/// How wide a float is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Float {
    /// Four bytes.
    Single,
    /// Eight bytes.
    Double,
}

/// `2026-11-22 10:00:00.5+08` to the second, without `:00` seconds; whatever has no time as it is.
pub fn moment(text: &str) -> &str {
    let Some((day, time)) = text.split_once([' ', 'T']) else { return text };
    if text.ends_with("BC") {
        return text;
    }
    let length = time.find(['.', '+', '-', 'Z', ' ']).unwrap_or(time.len());
    let end = day.len() + 1 + length;
    let whole = text.get(..end).unwrap_or(text);
    if length == "00:00:00".len() { whole.strip_suffix(":00").unwrap_or(whole) } else { whole }
}

/// Whether a text is the day that MySQL writes where there is none, with or without a time.
pub fn is_no_day(text: &str) -> bool {
    text.strip_prefix("0000-00-00").is_some_and(|time| time.chars().all(|character| " T0:.".contains(character)))
}

/// A float without exponent, as short as it can be, and whether it is a whole number that has lost digits.
pub fn float(text: &str, width: Float) -> (Cow<'_, str>, bool) {
    let limit = match width {
        Float::Single => SINGLE_DIGITS,
        Float::Double => DOUBLE_DIGITS,
    };
    if width == Float::Double && text.len() < SHORT && !text.contains(['e', 'E']) {
        return (Cow::Borrowed(text), false);
    }
    let Ok(number) = text.parse::<f64>() else { return (Cow::Borrowed(text), false) };
    if !number.is_finite() {
        return (Cow::Borrowed(text), false);
    }
    let lost = number.fract() == 0.0 && number.abs() >= limit;
    (Cow::Owned(number.to_string()), lost)
}

/// Bytes as text where they are text, else in hexadecimal.
pub fn bytes(bytes: &[u8]) -> Cow<'_, str> {
    let is_text =
        |text: &&str| !text.chars().any(|character| character.is_control() && !matches!(character, '\t' | '\r' | '\n'));
    if let Some(text) = std::str::from_utf8(bytes).ok().filter(is_text) {
        return Cow::Borrowed(text);
    }
    let mut hexadecimal = String::with_capacity(2 + bytes.len() * 2);
    hexadecimal.push_str("0x");
    for byte in bytes {
        // a string takes whatever is written
        let _ = write!(hexadecimal, "{byte:02x}");
    }
    Cow::Owned(hexadecimal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_lose_what_typing_does_not_read() {
        for (written, wanted) in [
            ("2026-11-22 10:00:00", "2026-11-22 10:00"),
            ("2026-11-22 10:00:05.123456+08", "2026-11-22 10:00:05"),
            ("2026-11-22 00:00:00-03:30", "2026-11-22 00:00"),
            ("2026-11-22T10:00:00Z", "2026-11-22T10:00"),
            ("2026-11-22", "2026-11-22"),
            ("infinity", "infinity"),
            ("0044-03-15 00:00:00 BC", "0044-03-15 00:00:00 BC"),
        ] {
            assert_eq!(moment(written), wanted);
        }
    }

    #[test]
    fn a_day_of_zeros_is_none() {
        for text in ["0000-00-00", "0000-00-00 00:00:00", "0000-00-00T00:00:00.000"] {
            assert!(is_no_day(text), "{text}");
        }
        for text in ["", "0000-00-01", "2000-00-00", "0000-00-00 00:00:01", "0000-00-00号"] {
            assert!(!is_no_day(text), "{text}");
        }
    }

    #[test]
    fn floats_are_written_in_full() {
        for (written, width, wanted, lost) in [
            ("1200.1", Float::Double, "1200.1", false),
            ("0.10000000000000001", Float::Double, "0.1", false),
            ("1e-07", Float::Double, "0.0000001", false),
            ("999999999999999", Float::Double, "999999999999999", false),
            ("6.22202100111624e+18", Float::Double, "6222021001116240000", true),
            ("1e+15", Float::Double, "1000000000000000", true),
            ("1.6777216e+07", Float::Single, "16777216", true),
            ("0.5", Float::Single, "0.5", false),
            ("NaN", Float::Double, "NaN", false),
            ("-Infinity", Float::Single, "-Infinity", false),
        ] {
            assert_eq!(float(written, width), (Cow::Borrowed(wanted), lost), "{written}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_in_hexadecimal() {
        assert_eq!(bytes("甲\n乙".as_bytes()), "甲\n乙");
        assert_eq!(bytes(&[0xff, 0x00]), "0xff00");
        assert_eq!(bytes(&[0]), "0x00");
    }
}
