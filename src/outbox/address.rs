//! Mail addresses as people write them: `a@b.cn` and `客户服务部(系统) <a@b.cn>`.
//!
//! Apart because an address is the one thing of a mail that comes from outside and ends up in headers and SMTP
//! commands: whatever could break out of either is refused here. It knows no mail.

use lettre::Address;
use lettre::message::Mailbox;

use super::message::MessageError;

/// One bare address, as SMTP commands take it.
pub fn bare(text: &str) -> Result<Address, MessageError> {
    let refused = || MessageError::Address(text.to_owned());
    let trimmed = text.trim_matches(' ');
    // quoted local parts are legal and of no use here: they only make room for tricks
    let plain = |letter: char| letter.is_ascii_graphic() && !"\"<>\\,;:()[]".contains(letter);
    if !trimmed.chars().all(plain) {
        return Err(refused());
    }
    trimmed.parse().map_err(|_| refused())
}

/// A header address: bare, or a name before `<…>`. Any name without control characters will do, quoted or not.
pub fn mailbox(text: &str) -> Result<Mailbox, MessageError> {
    let refused = || MessageError::Address(text.to_owned());
    if text.chars().any(char::is_control) {
        return Err(refused());
    }
    let Some(inner) = text.trim().strip_suffix('>') else {
        return bare(text).map(Mailbox::from);
    };
    let (name, address) = inner.rsplit_once('<').ok_or_else(refused)?;
    let name = unquoted(name.trim());
    let address = bare(address).map_err(|_| refused())?;
    Ok(Mailbox::new((!name.is_empty()).then_some(name), address))
}

/// The name within a quoted string, or the name itself.
fn unquoted(name: &str) -> String {
    let Some(inner) = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return name.to_owned();
    };
    let mut plain = String::with_capacity(inner.len());
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        plain.push(if letter == '\\' { letters.next().unwrap_or(letter) } else { letter });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_as_people_write_them() {
        for (text, name) in [
            ("客户服务部(系统) <kefu@example.com>", Some("客户服务部(系统)")),
            ("\"Sales, East \\\"A\\\"\" <east@example.com>", Some("Sales, East \"A\"")),
            ("销售:华东, 一部 <e1@example.com>", Some("销售:华东, 一部")),
            ("<a@example.com>", None),
            (" a.b+c@example.com ", None),
        ] {
            let mailbox = mailbox(text).expect(text);
            assert_eq!(mailbox.name.as_deref(), name, "{text}");
        }
    }

    #[test]
    fn nothing_breaks_out_of_a_header_or_a_command() {
        for text in [
            "a@example.com\r\nBcc: b@example.com",
            "甲\n <a@example.com>",
            "a@example.com\n",
            "a@example.com> SIZE=1",
            "a@example.com,b@example.com",
            "<a@example.com> <b@example.com",
            "\"a>\"@example.com",
            "客服@example.com",
            "kefu@例子.公司",
            "nobody",
            "@example.com",
            "a@",
            "a@b@example.com",
            "",
            "甲 <>",
            "甲 >",
        ] {
            assert_eq!(mailbox(text), Err(MessageError::Address(text.to_owned())));
        }
    }
}
