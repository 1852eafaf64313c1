//! `[mail]`: how mail goes out.
//!
//! Apart because a mail server has more keys than all else together. It connects to nothing.

use std::path::{Path, PathBuf};

use super::{address, secret};
use crate::config::{MailConfig, MailTransport, Security, SmtpConfig};
use crate::params::{Params, Placed};
use crate::text;

/// Below this a body alone might not fit.
const SMALLEST_MAIL: usize = 100_000;

pub(super) fn mail_table(table: &Params, folder: &Path, domains: Vec<String>) -> MailConfig {
    let smtp = table.optional_word("transport", &[("file", false), ("smtp", true)]).unwrap_or(false);
    let from = table.string("from").and_then(|from| address(table, from)).unwrap_or_default();
    let reply_to = table.optional_string("reply_to").and_then(|reply_to| address(table, reply_to));
    let largest = table.optional_string("largest").map_or(MailConfig::USUAL_LARGEST, |written| size(table, &written));
    let share = table.optional_string("share").map(|share| share.value);
    let share_folder = table.optional_string("share_folder");
    if let (Some(folder), None) = (&share_folder, &share) {
        table.problems().add(
            folder.span.clone(),
            text!(
                "写了 share_folder 就要写 share：邮件里告诉收件人到哪里取文件",
                "share_folder needs share: where the mail tells people to look"
            ),
        );
    }
    let share_folder = share_folder.map(|path| folder.join(PathBuf::from(path.value)));
    let host = if smtp { table.string("host") } else { table.optional_string("host") };
    let security = table.optional_word("security", &Security::WORDS).unwrap_or(Security::Tls);
    let default_port = match security {
        Security::Tls => 465,
        Security::StartTls => 587,
        Security::None => 25,
    };
    let port = table.optional_count("port").map_or(default_port, |port| {
        u16::try_from(port.value).unwrap_or_else(|_| {
            table.problems().add(port.span, text!("端口应在 1 到 65535 之间", "a port goes from 1 to 65535"));
            default_port
        })
    });
    let username = table.optional_string("username").map(|name| name.value);
    let password = secret(table, "password", folder);
    if let (Some(_), None) = (&username, &password) {
        table.missing("password");
    }
    let ca_file = table.optional_string("ca_file").map(|file| folder.join(PathBuf::from(file.value)));
    table.finish();
    let transport = match host {
        Some(host) if smtp => {
            MailTransport::Smtp(SmtpConfig { host: host.value, port, security, username, password, ca_file })
        }
        _ => MailTransport::File,
    };
    MailConfig { transport, from, domains, reply_to, largest, share, share_folder }
}

/// A size such as `10MB` or `512 KB`, in bytes.
fn size(table: &Params, written: &Placed<String>) -> usize {
    let word = written.value.trim();
    let bytes = bytes(word).and_then(|bytes| usize::try_from(bytes).ok());
    bytes.filter(|bytes| *bytes >= SMALLEST_MAIL).unwrap_or_else(|| {
        table.problems().add(
            written.span.clone(),
            text!(
                "“{word}”不是邮件大小，写成 \"10MB\" 或 \"500KB\"，至少 100KB",
                "`{word}` is no size of a mail: \"10MB\" or \"500KB\", 100KB at least"
            ),
        );
        MailConfig::USUAL_LARGEST
    })
}

/// The bytes of a size such as `10MB`, `512 KB` or `2GB`.
pub(super) fn bytes(word: &str) -> Option<u64> {
    let word = word.trim();
    let digits = word.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let unit: u64 = match word[digits.len()..].trim().to_ascii_uppercase().as_str() {
        "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}
