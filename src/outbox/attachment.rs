//! One attachment as a MIME part, named twice: by RFC 2231 for those who keep to it, by RFC 2047 for QQ Mail and Outlook.
//!
//! Apart because the mail library writes only the first of the two, and splits it. It knows no mail.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lettre::message::header::{ContentTransferEncoding, Header, HeaderName, HeaderValue};
use lettre::message::{Body, SinglePart};

use super::message::MessageError;

/// What one encoded word may hold so that the line that opens with ` name="` keeps within 76 columns.
const BYTES_A_WORD: usize = 42;

/// What file systems take; it also keeps the unsplit RFC 2231 name far below SMTP's 998 columns.
const LONGEST_NAME: usize = 255;

/// The media types of what hedui attaches.
const TYPES: [(&str, &str); 8] = [
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("csv", "text/csv; charset=utf-8"),
    ("txt", "text/plain; charset=utf-8"),
    ("html", "text/html; charset=utf-8"),
    ("json", "application/json"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("zip", "application/zip"),
];

/// The part of a file.
pub fn part(name: &str, bytes: &[u8]) -> Result<SinglePart, MessageError> {
    let refused = || MessageError::AttachmentName(name.to_owned());
    let odd = |letter: char| letter.is_control() || "/\\\"".contains(letter);
    if name.trim().is_empty() || name.len() > LONGEST_NAME || name.chars().any(odd) {
        return Err(refused());
    }
    let body = Body::new_with_encoding(bytes.to_vec(), ContentTransferEncoding::Base64).map_err(|_| refused())?;
    let media = media_type(name);
    let (by_2047, by_2231) = if name.is_ascii() {
        (format!("name=\"{name}\""), format!("filename=\"{name}\""))
    } else {
        (format!("name=\"{}\"", encoded_words(name)), format!("filename*=utf-8''{}", percent_encoded(name)))
    };
    Ok(SinglePart::builder()
        .header(Typed(header("Content-Type", format!("{media};\r\n {by_2047}"))))
        .header(Disposed(header("Content-Disposition", format!("attachment;\r\n {by_2231}"))))
        .body(body))
}

fn media_type(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_ascii_lowercase());
    TYPES.iter().find(|(known, _)| *known == ending).map_or("application/octet-stream", |(_, media)| media)
}

/// Encoded words of whole characters, each on a line of its own.
fn encoded_words(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut piece = String::new();
    for letter in text.chars() {
        if piece.len() + letter.len_utf8() > BYTES_A_WORD {
            words.push(std::mem::take(&mut piece));
        }
        piece.push(letter);
    }
    words.push(piece);
    let encoded: Vec<String> = words.iter().map(|word| format!("=?utf-8?B?{}?=", STANDARD.encode(word))).collect();
    encoded.join("\r\n ")
}

/// An RFC 2231 value: unsplit, because clients fail on the split form first.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The value is ASCII, folded, and free of control characters: all of it was made above.
fn header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.clone(), value)
}

/// A ready header under a name that the library knows by a type of its own.
macro_rules! ready_header {
    ($type:ident, $name:literal) => {
        #[derive(Clone)]
        struct $type(HeaderValue);

        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }

            fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Err("only written, never read".into())
            }

            fn display(&self) -> HeaderValue {
                self.0.clone()
            }
        }
    };
}

ready_header!(Typed, "Content-Type");
ready_header!(Disposed, "Content-Disposition");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_hold_whole_characters_and_keep_within_their_length() {
        let name = "客户质量周报_国内一部_2026W47_附全部明细与上周对比和负责人清单𠮷.xlsx";
        let words = encoded_words(name);
        let mut read = String::new();
        for word in words.split("\r\n ") {
            assert!(word.len() <= 75, "{word}");
            let inner = word.strip_prefix("=?utf-8?B?").and_then(|rest| rest.strip_suffix("?=")).expect("a word");
            read.push_str(std::str::from_utf8(&STANDARD.decode(inner).expect("base64")).expect("whole characters"));
        }
        assert_eq!(read, name);
    }

    #[test]
    fn lines_with_words_keep_within_76_columns() {
        let part = part(&"质".repeat(80), b"x").expect("a name");
        let text = String::from_utf8(part.formatted()).expect("ASCII");
        assert!(text.lines().filter(|line| line.contains("=?")).all(|line| line.len() <= 76), "{text}");
        assert!(text.lines().all(|line| line.len() < 998));
        assert!(text.is_ascii());
    }

    #[test]
    fn names_with_paths_or_line_breaks_are_refused() {
        for name in ["", " ", "a/b.xlsx", "..\\b.xlsx", "a\r\nb.xlsx", "a\".xlsx", &"长".repeat(90)] {
            assert!(matches!(part(name, b"x"), Err(MessageError::AttachmentName(_))), "{name}");
        }
    }
}
