//! A mail as hedui thinks of it, and the very bytes that it becomes.
//!
//! Apart because bytes are made once and stored: a retry is the same mail. It knows no server and no ledger, and the
//! same mail always becomes the same bytes.

use std::time::UNIX_EPOCH;

use chrono::{DateTime, Datelike, FixedOffset};
use lettre::address::Envelope;
use lettre::message::header::{self, HeaderName, HeaderValue};
use lettre::message::{Mailboxes, Message, MultiPart, SinglePart};

use super::identity::hex_hash;
use super::{address, attachment};
use crate::text::Text;

/// One mail to one recipient, rendered and not yet encoded.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The report that it carries.
    pub report: String,
    /// The department that it is about; empty where it is nobody's in particular.
    pub department: String,
    /// The period that it is about.
    pub period: String,
    /// 1, then 2 … for a correction.
    pub revision: u32,
    /// The person whose report it is; empty where it is not one person's.
    pub person: String,
    /// Whether it shows a report for approval.
    pub is_draft: bool,
    /// Which of how many mails that carry one report together.
    pub part: (u32, u32),
    /// The one address that it goes to.
    pub recipient: String,
    /// What the header shows: `a@b.cn` or `Name <a@b.cn>`.
    pub to: Vec<String>,
    /// What the header shows as copies.
    pub cc: Vec<String>,
    /// The sender; its bare address is the envelope's too.
    pub from: String,
    /// Who reads what people answer; nothing: the sender.
    pub reply_to: Option<String>,
    /// The subject.
    pub subject: String,
    /// The plain body.
    pub text: String,
    /// The HTML body.
    pub html: String,
    /// File names with their bytes.
    pub attachments: Vec<(String, Vec<u8>)>,
    /// As [`super::message_id`] makes it.
    pub message_id: String,
    /// When it was written.
    pub date: DateTime<FixedOffset>,
}

/// Why a mail cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// Not an address, or one that no header may carry.
    #[error("{}", self.text().en)]
    Address(String),
    /// A file name with a path, a line break or a quotation mark in it, an empty or an endless one.
    #[error("{}", self.text().en)]
    AttachmentName(String),
    /// A subject with line breaks or other control characters.
    #[error("{}", self.text().en)]
    Subject(String),
    /// A Message-ID that is not of the form `<a@b>`.
    #[error("{}", self.text().en)]
    MessageId(String),
    /// A date that mails cannot carry.
    #[error("{}", self.text().en)]
    Date(i32),
    /// The mail library said no.
    #[error("{}", self.text().en)]
    Library(String),
}

impl MessageError {
    /// The error for people.
    pub fn text(&self) -> Text {
        match self {
            Self::Address(address) => {
                crate::text!("邮件地址不正确:{address:?}", "not a usable mail address: {address:?}")
            }
            Self::AttachmentName(name) => {
                crate::text!("附件名不可用:{name:?}", "not a usable attachment name: {name:?}")
            }
            Self::Subject(subject) => {
                crate::text!("主题含换行或控制字符:{subject:?}", "the subject has control characters: {subject:?}")
            }
            Self::MessageId(id) => crate::text!("Message-ID 不正确:{id:?}", "not a Message-ID: {id:?}"),
            Self::Date(year) => crate::text!("邮件日期不正确:{year} 年", "no mail can be dated in the year {year}"),
            Self::Library(words) => crate::text!("邮件无法生成:{words}", "the mail cannot be built: {words}"),
        }
    }
}

/// The bytes of a mail.
pub fn render(mail: &Mail) -> Result<Vec<u8>, MessageError> {
    let from = address::mailbox(&mail.from)?;
    let recipient = address::bare(&mail.recipient)?;
    let subject = mail.subject.as_str();
    if subject.chars().any(char::is_control) {
        return Err(MessageError::Subject(subject.to_owned()));
    }
    if !is_message_id(&mail.message_id) {
        return Err(MessageError::MessageId(mail.message_id.clone()));
    }
    if !(1970..=9999).contains(&mail.date.naive_utc().year()) || !(1970..=9999).contains(&mail.date.year()) {
        return Err(MessageError::Date(mail.date.year()));
    }
    let envelope = Envelope::new(Some(from.email.clone()), vec![recipient])
        .map_err(|error| MessageError::Library(error.to_string()))?;
    let mut builder = Message::builder()
        .envelope(envelope)
        .from(from)
        .subject(subject)
        .message_id(Some(mail.message_id.clone()))
        .date(UNIX_EPOCH)
        // The two that mail programs keep to when they answer by themselves (RFC 3834, Exchange). No `Precedence`, which
        // RFC 3834 warns of and filters take for advertising; no `List-…`, for nobody can leave a list that is none.
        .raw_header(raw("Auto-Submitted", "auto-generated"))
        .raw_header(raw("X-Auto-Response-Suppress", "All"));
    if let Some(reply_to) = &mail.reply_to {
        builder = builder.reply_to(address::mailbox(reply_to)?);
    }
    if !mail.to.is_empty() {
        builder = builder.mailbox(header::To::from(mailboxes(&mail.to)?));
    }
    if !mail.cc.is_empty() {
        builder = builder.mailbox(header::Cc::from(mailboxes(&mail.cc)?));
    }
    let mut message = builder.multipart(parts(mail)?).map_err(|error| MessageError::Library(error.to_string()))?;
    // the builder reads only dates in UTC and puts the clock's in the place of any other: ours goes in afterwards
    message.headers_mut().insert_raw(raw("Date", &mail.date.to_rfc2822()));
    Ok(message.formatted())
}

/// The sender's bare address, read back from rendered bytes: a retry uses the envelope of the mail as it was written.
pub fn sender(message: &[u8]) -> Option<lettre::Address> {
    let end = message.windows(4).position(|four| four == b"\r\n\r\n")?;
    let headers = std::str::from_utf8(&message[..end]).ok()?.replace("\r\n ", " ");
    let value = headers.split("\r\n").find_map(|line| line.strip_prefix("From: "))?;
    let address = value.rsplit_once('<').map_or(value, |(_, rest)| rest.trim_end().trim_end_matches('>'));
    address::bare(address).ok()
}

/// Text and HTML as alternatives, then the attachments. The boundaries are made of the Message-ID, not of chance, so
/// that the same mail is the same bytes.
fn parts(mail: &Mail) -> Result<MultiPart, MessageError> {
    let boundary = |kind: &str| format!("hedui-{}", &hex_hash([kind.as_bytes(), mail.message_id.as_bytes()])[..40]);
    let bodies = MultiPart::alternative()
        .boundary(boundary("alternative"))
        .singlepart(SinglePart::plain(mail.text.clone()))
        .singlepart(SinglePart::html(mail.html.clone()));
    let mut all = MultiPart::mixed().boundary(boundary("mixed")).multipart(bodies);
    for (name, bytes) in &mail.attachments {
        all = all.singlepart(attachment::part(name, bytes)?);
    }
    Ok(all)
}

fn mailboxes(addresses: &[String]) -> Result<Mailboxes, MessageError> {
    addresses.iter().map(|address| address::mailbox(address)).collect()
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn is_message_id(text: &str) -> bool {
    let inner = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    inner.is_some_and(|inner| address::bare(inner).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> Mail {
        Mail {
            report: "department-weekly".into(),
            department: "华东销售部".into(),
            period: "2026-W47".into(),
            revision: 1,
            person: String::new(),
            is_draft: false,
            part: (1, 1),
            recipient: "east@example.com".into(),
            to: vec!["华东销售部(一) <east@example.com>".into(), "b@example.com".into()],
            cc: vec!["\"张, 三\" <zhang@example.com>".into()],
            from: "客户服务部(系统) <kefu@example.com>".into(),
            reply_to: Some("张三 <zhang@example.com>".into()),
            subject: "【客户数据】华东销售部 2026-W47:新增 12 条,未结 340 条,请于周五前处理完毕并回复客户服务部".into(),
            text: "第一行\n.第二行以点开头\n".into(),
            html: "<p>第一行</p>".into(),
            attachments: vec![("客户质量周报_华东销售部_2026W47.xlsx".into(), vec![0, 1, 2, 13, 10, 255])],
            message_id: "<0123456789abcdef@example.com>".into(),
            date: DateTime::parse_from_rfc3339("2026-11-22T08:00:00+08:00").expect("a date"),
        }
    }

    #[test]
    fn the_same_mail_is_the_same_bytes() {
        let bytes = render(&mail()).expect("a mail");
        assert_eq!(bytes, render(&mail()).expect("a mail"));
        let text = String::from_utf8(bytes.clone()).expect("ASCII");
        assert!(text.is_ascii());
        for line in [
            "Date: Sun, 22 Nov 2026 08:00:00 +0800",
            "Message-ID: <0123456789abcdef@example.com>",
            "Auto-Submitted: auto-generated",
            "X-Auto-Response-Suppress: All",
            "Reply-To: =?utf-8?b?5byg5LiJ?= <zhang@example.com>",
        ] {
            assert!(text.split("\r\n").any(|found| found == line), "{line}\n{text}");
        }
        assert_eq!(sender(&bytes).map(|address| address.to_string()).as_deref(), Some("kefu@example.com"));
    }

    #[test]
    fn the_sender_is_read_back_from_any_form() {
        for (from, bare) in [
            ("kefu@example.com", "kefu@example.com"),
            ("<kefu@example.com>", "kefu@example.com"),
            (
                "a very long name of the department that has to be folded somewhere in here <k@example.com>",
                "k@example.com",
            ),
            ("\"a <b@example.com>\" <c@example.com>", "c@example.com"),
        ] {
            let bytes = render(&Mail { from: from.into(), ..mail() }).expect(from);
            assert_eq!(sender(&bytes).map(|address| address.to_string()).as_deref(), Some(bare), "{from}");
        }
        assert_eq!(sender(b"no mail"), None);
    }

    #[test]
    fn what_would_inject_a_header_is_an_error() {
        let evil = "a@example.com\r\nBcc: b@example.com".to_owned();
        let id = "<a@b>\r\nBcc: <b@example.com>".to_owned();
        for bad in [
            Mail { recipient: evil.clone(), ..mail() },
            Mail { to: vec![evil.clone()], ..mail() },
            Mail { cc: vec![evil.clone()], ..mail() },
            Mail { from: evil.clone(), ..mail() },
            Mail { subject: "甲\r\nBcc: b@example.com".into(), ..mail() },
            Mail { message_id: id, ..mail() },
            Mail { attachments: vec![("a\r\nb.xlsx".into(), vec![])], ..mail() },
        ] {
            assert!(render(&bad).is_err());
        }
    }

    #[test]
    fn dates_that_no_mail_can_carry_are_errors() {
        let far = DateTime::<chrono::Utc>::MAX_UTC.fixed_offset();
        assert!(matches!(render(&Mail { date: far, ..mail() }), Err(MessageError::Date(_))));
    }
}
