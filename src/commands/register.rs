//! `hedui register`: what was sent to whom, and what of our own copies was given up.

use chrono::NaiveDate;
use serde_json::Value;

use super::talk::Talk;
use crate::cli::{Options, RegisterArguments};
use crate::exit_code::ExitCode;
use crate::history::purged::{self, Purged};
use crate::history::store;
use crate::outbox::register::{self, Entry};
use crate::pipeline::request::RunError;
use crate::text;
use crate::text::{Language, Text};

/// The columns of the CSV.
const COLUMNS: [&str; 19] = [
    "sent_at",
    "state",
    "job",
    "report",
    "period",
    "revision",
    "department",
    "person",
    "recipient",
    "clearance",
    "secrecy",
    "rows",
    "purpose",
    "files",
    "released_by",
    "message_id",
    "draft",
    "released_at",
    "content_hash",
];

/// The columns of the CSV of what was given up.
const COLUMNS_PURGED: [&str; 7] = ["at", "by", "kind", "what", "count", "bytes", "reason"];

/// Carries out the command.
pub fn run(options: &Options, arguments: &RegisterArguments, talk: &Talk) -> ExitCode {
    let workplace = match talk.configured(options) {
        Ok(workplace) => workplace,
        Err(code) => return code,
    };
    let language = workplace.config.language;
    if arguments.csv && talk.is_json() {
        talk.error(&text!("--csv 和 --format json 只能用一个", "either --csv or --format json, not both"), language);
        return ExitCode::Usage;
    }
    let read = super::block_on(async {
        let mut connection = store::look(&workplace.config.folder).await?;
        let (sent, given_up) = (register::read(&mut connection).await?, purged::read(&mut connection).await?);
        Ok::<_, RunError>((sent, given_up))
    });
    let (mut sent, mut given_up) = match read {
        Ok(Ok(read)) => read,
        Ok(Err(error)) => {
            let Text { zh, en } = error.text();
            talk.error(&text!("登记读不到：{zh}", "the register cannot be read: {en}"), language);
            return if error.is_bug() { ExitCode::Bug } else { ExitCode::Usage };
        }
        Err(error) => {
            talk.error(&text!("无法启动：{error}", "cannot start: {error}"), language);
            return ExitCode::Bug;
        }
    };
    if arguments.purged {
        given_up.retain(|line| is_between(line.day(), arguments));
        show_purged(&given_up, arguments, talk);
        return ExitCode::Done;
    }
    sent.retain(|entry| is_wanted(entry, arguments));
    if talk.is_json() {
        out!("{:#}", serde_json::to_value(&sent).unwrap_or(Value::Null));
    } else if arguments.csv {
        print_csv(&COLUMNS, sent.iter().map(cells));
    } else {
        for entry in &sent {
            out!("{}", line(entry, language));
        }
    }
    let count = sent.len();
    talk.remark(&text!("{count} 封", "{count} mails"), language);
    ExitCode::Done
}

fn is_wanted(entry: &Entry, arguments: &RegisterArguments) -> bool {
    is_between(entry.day(), arguments)
        && arguments.recipient.as_ref().is_none_or(|wanted| entry.recipient.eq_ignore_ascii_case(wanted.trim()))
}

fn is_between(day: Option<NaiveDate>, arguments: &RegisterArguments) -> bool {
    arguments.from.is_none_or(|from| day.is_none_or(|day| day >= from))
        && arguments.to.is_none_or(|to| day.is_none_or(|day| day <= to))
}

/// Each file with the hash that tells it.
fn names(entry: &Entry) -> Vec<String> {
    entry.files.0.iter().map(|file| format!("{} {}", file.name, file.sha256)).collect()
}

/// A mail for people: what is not as usual of it is said at the end.
fn line(entry: &Entry, language: Language) -> String {
    let rows = entry.rows.map_or_else(|| "-".to_owned(), |rows| rows.to_string());
    let Entry { sent_at, recipient, report, period, department, clearance, secrecy, .. } = entry;
    let files = names(entry).join(", ");
    let draft = entry.draft.then(|| text!("送审稿", "draft"));
    let doubt = match entry.state.as_str() {
        "unknown" => Some(text!("是否送达不明", "nobody knows whether it arrived")),
        "dropped" => Some(text!("曾不明，已由人处理", "was in doubt, settled by a person")),
        _ => None,
    };
    let marks = draft.into_iter().chain(doubt).map(|mark| format!("  [{}]", mark.get(language)));
    let marks: String = marks.collect();
    format!("{sent_at}  {recipient}  {report}  {period}  {department}  {rows}  {clearance}  {secrecy}  {files}{marks}")
}

fn cells(entry: &Entry) -> Vec<String> {
    vec![
        entry.sent_at.clone(),
        entry.state.clone(),
        entry.job.clone(),
        entry.report.clone(),
        entry.period.clone(),
        entry.revision.to_string(),
        entry.department.clone(),
        entry.person.clone(),
        entry.recipient.clone(),
        entry.clearance.clone(),
        entry.secrecy.clone(),
        entry.rows.map(|rows| rows.to_string()).unwrap_or_default(),
        entry.purpose.clone(),
        names(entry).join("; "),
        entry.released_by.clone(),
        entry.message_id.clone(),
        entry.draft.to_string(),
        entry.released_at.clone(),
        entry.content_hash.clone(),
    ]
}

fn print_csv(columns: &[&str], lines: impl Iterator<Item = Vec<String>>) {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let _ = writer.write_record(columns); // into memory
    for line in lines {
        let _ = writer.write_record(line);
    }
    let text = writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    out!("{}", text.trim_end());
}

fn show_purged(given_up: &[Purged], arguments: &RegisterArguments, talk: &Talk) {
    if talk.is_json() {
        out!("{:#}", serde_json::to_value(given_up).unwrap_or(Value::Null));
        return;
    }
    let cells = |line: &Purged| {
        let Purged { at, by, kind, what, count, bytes, reason } = line.clone();
        vec![at, by, kind, what, count.to_string(), bytes.to_string(), reason]
    };
    if arguments.csv {
        print_csv(&COLUMNS_PURGED, given_up.iter().map(cells));
        return;
    }
    for line in given_up {
        out!("{}", cells(line).join("  "));
    }
}
