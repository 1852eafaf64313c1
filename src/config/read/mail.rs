//! `[mail]`: from whom and to whom mail may go, how large, how fast and how often.
//!
//! Apart because a wrong list of recipients is stopped here first. How the server is reached, `server` reads.

use std::num::NonZeroU32;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::duration::duration;
use super::server::server;
use super::{address, addresses};
use crate::config::{MailConfig, MailTransport, Pace, People};
use crate::outbox;
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
    let confirmed = confirmed(table, &domains);
    let pace = pace(table);
    let server = server(table, folder, &from, smtp);
    table.finish();
    let transport = server.map_or(MailTransport::File, MailTransport::Smtp);
    MailConfig { transport, from, domains, reply_to, largest, share, share_folder, confirmed, pace }
}

/// The addresses that a person has looked at: bare ones, as the ledger has them.
fn confirmed(table: &Params, domains: &[String]) -> Option<Vec<String>> {
    let bare = |address: String| outbox::address::mailbox(&address).map(|mailbox| mailbox.email.to_string()).ok();
    // asked for whether it is written or not: what is asked for is what a schema knows
    let listed = addresses(table, "confirmed", domains);
    table.has("confirmed").then(|| listed.into_iter().filter_map(bare).collect())
}

/// Who looks after hedui has to be told when something fails, so his address is confirmed wherever addresses are.
pub(super) fn confirm_caretakers(root: &Params, span: Range<usize>, mail: &MailConfig, people: &People) {
    let Some(confirmed) = &mail.confirmed else { return };
    for (key, addresses) in [("administrator", &people.administrator), ("service", &people.service)] {
        for address in addresses.iter().filter_map(|address| outbox::address::mailbox(address).ok()) {
            let address = address.email.to_string();
            if !confirmed.iter().any(|known| known.eq_ignore_ascii_case(&address)) {
                root.problems().add(
                    span.clone(),
                    text!(
                        "缺少 {address}（[people] {key}）：任务出错时要通知他，未确认的地址收不到",
                        "{address} is missing ([people] {key}): he is told when something fails, and an address that is not \
                         confirmed gets nothing"
                    ),
                );
            }
        }
    }
}

/// How fast, how often and to how many.
fn pace(table: &Params) -> Pace {
    let usual = Pace::default();
    let count = |key| {
        let written = table.optional_count(key)?;
        let number = usize::try_from(written.value).ok().filter(|number| *number > 0);
        if number.is_none() {
            table.problems().add(written.span, text!("“{key}”至少为 1", "`{key}` is 1 at least"));
        }
        number
    };
    let tries = count("tries").and_then(|tries| NonZeroU32::new(u32::try_from(tries).unwrap_or(u32::MAX)));
    Pace {
        pause: duration(table, "pause", 0),
        per_run: count("per_run"),
        per_hour: count("per_hour"),
        per_day: count("per_day"),
        tries: tries.unwrap_or(usual.tries),
        most_recipients: count("most_recipients").unwrap_or(usual.most_recipients),
    }
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
