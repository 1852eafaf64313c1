//! Times such as `30s`, `5m` or `1h`.
//!
//! Apart because databases and mail servers are waited for alike.

use std::time::Duration;

use crate::params::Params;
use crate::text;

/// A day: who would wait longer has forgotten about it.
const LONGEST: u64 = 86_400;

/// The time under a key, from so many seconds up to a day; nothing where the key is not there.
pub(super) fn duration(table: &Params, key: &'static str, least: u64) -> Option<Duration> {
    let written = table.optional_string(key)?;
    let word = written.value.trim();
    let digits = word.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let unit = match word[digits.len()..].trim() {
        "s" => Some(1),
        "m" => Some(60),
        "h" => Some(3600),
        _ => None,
    };
    let seconds = digits.parse::<u64>().ok().zip(unit).and_then(|(count, unit)| count.checked_mul(unit));
    let limit = seconds.filter(|seconds| (least..=LONGEST).contains(seconds)).map(Duration::from_secs);
    if limit.is_none() {
        table.problems().add(
            written.span.clone(),
            text!(
                "“{word}”不是时限，写成 \"30s\"、\"5m\" 或 \"1h\"，最长一天",
                "`{word}` is no time limit: \"30s\", \"5m\" or \"1h\", a day at most"
            ),
        );
    }
    limit
}
