//! A stored mail as a person reads it: its headers decoded, its plain body.
//!
//! Apart because it is the way back from bytes, for looking at only: what is sent is never made of what it gives. It
//! reads what `message` writes, and whatever else it meets it shows as it stands.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What a mail says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// (name, value), in order, encoded words decoded.
    pub headers: Vec<(String, String)>,
    /// The first plain body; empty where there is none.
    pub text: String,
    /// The names of the attachments.
    pub files: Vec<String>,
}

/// Reads a mail.
pub fn read(message: &[u8]) -> Read {
    let text = String::from_utf8_lossy(message).replace("\r\n", "\n");
    let (headers, _) = entity(&text);
    let mut read = Read { headers, ..Read::default() };
    for (headers, body) in leaves(&text) {
        let of = |name: &str| value(&headers, name).unwrap_or_default();
        let kind = of("Content-Type");
        if of("Content-Disposition").starts_with("attachment") {
            read.files.extend(parameter(kind, "name").map(decoded));
        } else if read.text.is_empty() && (kind.is_empty() || kind.starts_with("text/plain")) {
            read.text = plain(of("Content-Transfer-Encoding"), body);
        }
    }
    read
}

/// The bytes of everything that a mail carries: bodies and attachments.
pub fn contents(message: &[u8]) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(message).replace("\r\n", "\n");
    let decode = |(headers, body): (Headers, &str)| {
        bytes_of(value(&headers, "Content-Transfer-Encoding").unwrap_or_default(), body)
    };
    leaves(&text).into_iter().map(decode).collect()
}

type Headers = Vec<(String, String)>;

/// Headers, unfolded and decoded, and what follows them.
fn entity(text: &str) -> (Headers, &str) {
    let (head, body) = match text.strip_prefix('\n') {
        Some(body) => ("", body),
        None => text.split_once("\n\n").unwrap_or((text, "")),
    };
    let unfolded = head.replace("\n ", " ").replace("\n\t", " ");
    let pairs = unfolded.lines().filter_map(|line| line.split_once(':'));
    (pairs.map(|(name, value)| (name.to_owned(), decoded(value.trim()))).collect(), body)
}

/// The parts that are no containers, from the first to the last.
fn leaves(text: &str) -> Vec<(Headers, &str)> {
    let (headers, body) = entity(text);
    let kind = value(&headers, "Content-Type").unwrap_or_default();
    let boundary =
        Some(kind).filter(|kind| kind.starts_with("multipart/")).and_then(|kind| parameter(kind, "boundary"));
    let Some(boundary) = boundary.map(str::to_owned) else { return vec![(headers, body)] };
    let marker = format!("--{boundary}");
    let pieces = body.split(&marker).skip(1).take_while(|piece| !piece.starts_with("--"));
    pieces.flat_map(|piece| leaves(piece.strip_prefix('\n').unwrap_or(piece))).collect()
}

fn value<'h>(headers: &'h Headers, name: &str) -> Option<&'h str> {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// A quoted parameter of a header.
fn parameter<'v>(value: &'v str, name: &str) -> Option<&'v str> {
    let (_, after) = value.split_once(&format!("{name}=\""))?;
    after.split_once('"').map(|(inner, _)| inner)
}

/// A text with its encoded words decoded; blanks between two of them belong to neither.
fn decoded(text: impl AsRef<str>) -> String {
    let mut shown = String::new();
    let mut rest = text.as_ref();
    let mut after_word = false;
    while let Some((before, opened)) = rest.split_once("=?") {
        let word = word(opened);
        if !(after_word && before.trim().is_empty() && word.is_some()) {
            shown.push_str(before);
        }
        match word {
            Some((text, after)) => {
                shown.push_str(&text);
                rest = after;
                after_word = true;
            }
            None => {
                shown.push_str("=?");
                rest = opened;
                after_word = false;
            }
        }
    }
    shown + rest
}

/// The text of an encoded word whose opening was read, and what follows it.
fn word(opened: &str) -> Option<(String, &str)> {
    let mut parts = opened.splitn(3, '?');
    let (charset, encoding, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let (inner, after) = rest.split_once("?=")?;
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    let bytes = match encoding {
        "b" | "B" => STANDARD.decode(inner).ok()?,
        "q" | "Q" => unquoted(&inner.replace('_', " ")),
        _ => return None,
    };
    Some((String::from_utf8(bytes).ok()?, after))
}

fn plain(encoding: &str, body: &str) -> String {
    String::from_utf8_lossy(&bytes_of(encoding, body)).replace("\r\n", "\n").trim_end().to_owned()
}

fn bytes_of(encoding: &str, body: &str) -> Vec<u8> {
    match encoding.to_ascii_lowercase().as_str() {
        "base64" => {
            let joined: String = body.split_whitespace().collect();
            STANDARD.decode(joined).unwrap_or_else(|_| body.as_bytes().to_vec())
        }
        "quoted-printable" => unquoted(&body.replace("=\n", "")),
        _ => body.as_bytes().to_vec(),
    }
}

/// Quoted-printable text without its soft line breaks.
fn unquoted(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()).filter(|_| bytes[at] == b'=') {
            Some(byte) => {
                plain.push(byte);
                at += 3;
            }
            None => {
                plain.push(bytes[at]);
                at += 1;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::outbox::{Mail, render};

    #[test]
    fn what_was_written_is_read_back() {
        for text in ["第一行\n.第二行以点开头\n", "plain = and ? signs\n\nend", &"长长的一行，".repeat(60)]
        {
            let mail = Mail {
                report: String::new(),
                department: String::new(),
                period: String::new(),
                revision: 1,
                person: String::new(),
                is_draft: false,
                part: (1, 1),
                recipient: "a@example.com".into(),
                to: vec!["华东销售部(一) <a@example.com>".into()],
                cc: vec![],
                from: "客户服务部(系统) <kefu@example.com>".into(),
                reply_to: None,
                subject: "【客户数据】华东销售部 2026-W47:新增 12 条,未结 340 条,请于周五前处理完毕并回复".into(),
                text: text.to_owned(),
                html: "<p>HTML</p>".into(),
                attachments: vec![("客户质量周报_华东销售部_2026W47_附全部明细与上周对比.xlsx".into(), vec![7; 300])],
                message_id: "<a@example.com>".into(),
                date: DateTime::parse_from_rfc3339("2026-11-22T08:00:00+08:00").expect("a date"),
            };
            let written = render(&mail).expect("a mail");
            assert!(contents(&written).contains(&mail.attachments[0].1));
            let read = read(&written);
            assert_eq!(read.text, text.trim_end());
            assert_eq!(read.files, [mail.attachments[0].0.clone()]);
            assert_eq!(value(&read.headers, "Subject"), Some(mail.subject.as_str()));
            assert!(value(&read.headers, "To").expect("To").contains("华东销售部(一)"));
        }
    }

    #[test]
    fn what_is_no_mail_is_shown_as_it_stands() {
        assert_eq!(read(b"").headers, []);
        assert_eq!(decoded("a =?utf-8?x?y?= =?gbk?B?AA==?= b"), "a =?utf-8?x?y?= =?gbk?B?AA==?= b");
        assert_eq!(decoded("=?utf-8?b?55Sy?= =?utf-8?b?5LmZ?= c"), "甲乙 c");
    }
}
