//! `hedui register`: what was sent to whom, and what of our own copies was given up.

use serde_json::Value;

use super::talk::Talk;
use crate::cli::{Common, RegisterArguments};
use crate::exit_code::ExitCode;
use crate::history::purged::{self, Purged};
use crate::history::store;
use crate::outbox::register::{self, Entry};
use crate::pipeline::request::RunError;
use crate::text;

/// The columns of the CSV.
const COLUMNS: [&str; 16] = [
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
];

/// Carries out the command.
pub fn run(common: &Common, arguments: &RegisterArguments, talk: &Talk) -> ExitCode {
    let workplace = match talk.configured(common) {
        Ok(workplace) => workplace,
        Err(code) => return code,
    };
    let language = workplace.config.language;
    let read = super::block_on(async {
        let mut connection = store::look(&workplace.config.folder).await?;
        let (sent, given_up) = (register::read(&mut connection).await?, purged::read(&mut connection).await?);
        Ok::<_, RunError>((sent, given_up))
    });
    let (mut sent, given_up) = match read {
        Ok(Ok(read)) => read,
        Ok(Err(error)) => {
            talk.error(&text!("登记读不到：{error}", "the register cannot be read: {error}"), language);
            return ExitCode::Bug;
        }
        Err(error) => {
            talk.error(&text!("无法启动：{error}", "cannot start: {error}"), language);
            return ExitCode::Bug;
        }
    };
    if arguments.purged {
        show_purged(&given_up, talk);
        return ExitCode::Done;
    }
    sent.retain(|entry| is_wanted(entry, arguments));
    if talk.is_json() {
        out!("{:#}", serde_json::to_value(&sent).unwrap_or(Value::Null));
    } else if arguments.csv {
        print_csv(&sent);
    } else {
        for entry in &sent {
            let rows = entry.rows.map_or_else(|| "-".to_owned(), |rows| rows.to_string());
            let files = names(entry).join(", ");
            out!(
                "{}  {}  {}  {}  {}  {rows}  {}  {}  {files}",
                entry.sent_at,
                entry.recipient,
                entry.report,
                entry.period,
                entry.department,
                entry.clearance,
                entry.secrecy
            );
        }
    }
    let count = sent.len();
    talk.remark(&text!("{count} 封", "{count} mails"), language);
    ExitCode::Done
}

fn is_wanted(entry: &Entry, arguments: &RegisterArguments) -> bool {
    let day = entry.day();
    arguments.from.is_none_or(|from| day.is_none_or(|day| day >= from))
        && arguments.to.is_none_or(|to| day.is_none_or(|day| day <= to))
        && arguments.recipient.as_ref().is_none_or(|wanted| entry.recipient.eq_ignore_ascii_case(wanted.trim()))
}

/// Each file with the hash that tells it.
fn names(entry: &Entry) -> Vec<String> {
    entry.files.0.iter().map(|file| format!("{} {}", file.name, file.sha256)).collect()
}

fn print_csv(sent: &[Entry]) {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write = |cells: &[String]| {
        let _ = writer.write_record(cells); // into memory
    };
    write(&COLUMNS.map(str::to_owned));
    for entry in sent {
        write(&[
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
        ]);
    }
    let text = writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    out!("{}", text.trim_end());
}

fn show_purged(given_up: &[Purged], talk: &Talk) {
    if talk.is_json() {
        out!("{:#}", serde_json::to_value(given_up).unwrap_or(Value::Null));
        return;
    }
    for line in given_up {
        out!("{}  {}  {}  {}  {}  {}  {}", line.at, line.by, line.kind, line.what, line.count, line.bytes, line.reason);
    }
}
