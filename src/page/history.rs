//! The runs: which there were, how they went, what they found, and the files that they left.
//!
//! Apart because it is the part of the page that needs neither rule nor finding.

use minijinja::Value;

use super::input::{FileLink, PageInput, RunLine};
use crate::model::Status;
use crate::report::Strings;

/// Runs that the page lists; the rest is in the store.
pub const MOST_RUNS: usize = 120;

/// The runs, the latest first.
pub fn view(input: &PageInput<'_>, strings: &Strings) -> Value {
    let count = input.runs.len();
    let cut = if count > MOST_RUNS {
        strings.fill("page.runs_cut", &[("count", &count), ("shown", &MOST_RUNS)])
    } else {
        String::new()
    };
    let rows: Vec<Value> = input.runs.iter().take(MOST_RUNS).map(|run| run_view(run, strings)).collect();
    object! { count: count, rows: rows, cut: cut }
}

/// One run.
pub fn run_view(run: &RunLine, strings: &Strings) -> Value {
    let of = |status| run.counts.of(status);
    let (mails, books) = run.files.iter().partition::<Vec<_>, _>(|file| file.name.ends_with(".eml"));
    let views = |files: Vec<&FileLink>| -> Vec<Value> {
        let view = |file: &FileLink| {
            object! { name: file.name.as_str(), address: address(&file.path), encrypted: file.encrypted }
        };
        files.into_iter().map(view).collect()
    };
    let (status, word) = match run.status.as_str() {
        "done" => ("done", "page.run_done"),
        "partial" => ("partial", "page.run_partial"),
        "interrupted" => ("interrupted", "page.run_interrupted"),
        _ => ("failed", "page.run_failed"),
    };
    let counts = object! {
        to_do: run.counts.to_do(),
        new: of(Status::New),
        reopened: of(Status::Reopened),
        open: of(Status::Open),
        resolved: of(Status::Resolved),
        not_checked: of(Status::NotChecked),
        waived: of(Status::Waived),
        total: run.counts.total(),
    };
    object! {
        job: run.job.as_str(),
        period: run.period.as_str(),
        written_period: strings.written_period(&run.period),
        revision: run.revision,
        as_of: run.as_of.as_str(),
        started: run.started_at.get(..16).unwrap_or(&run.started_at).replace('T', " "),
        seconds: format!("{:.1}", run.seconds),
        status: status,
        status_word: strings.get(word),
        counts: counts,
        books: views(books),
        mails: views(mails),
    }
}

/// A relative address of a path: what has a meaning in addresses is written as bytes, so that `#1%.xlsx` opens too.
fn address(path: &str) -> String {
    // A first part with a colon would be taken for a scheme.
    let mut address = String::from("./");
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                address.push(char::from(byte))
            }
            other => address.push_str(&format!("%{other:02X}")),
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_its_file_whatever_it_is_called() {
        assert_eq!(address("weekly/2026-W47/a b#1%.xlsx"), "./weekly/2026-W47/a%20b%231%25.xlsx");
        assert_eq!(address("javascript:x/汇总.xlsx"), "./javascript%3Ax/%E6%B1%87%E6%80%BB.xlsx");
    }
}
