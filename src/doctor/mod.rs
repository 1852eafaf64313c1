//! DOCTOR: everything that a run needs, tried before one is due, and for each thing that is wrong what mends it.
//!
//! Apart because it looks at a workplace from outside, as an administrator would: folders, clock, cron, mail server. It
//! changes nothing, decides nothing for a run and prints nothing. A check is a file here and a line of [`CHECKS`].

mod addresses;
mod calendar;
mod clock;
mod configuration;
mod cron;
mod cron_line;
mod departments;
mod disk;
mod fonts;
mod history;
mod late;
mod mail;
mod outbox;
mod permissions;
mod secrets;
mod sources;
mod timer;

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, FixedOffset, NaiveDate};

use crate::config::{Config, MailTransport};
use crate::dataset::Dataset;
use crate::exit_code::ExitCode;
use crate::history::health::Health;
use crate::history::store::HistoryError;
use crate::pipeline::{self, Advance};
use crate::problem::Problem;
use crate::source::Reading;
use crate::text;
use crate::text::{Language, Text};
use crate::verify::Returns;
use crate::workplace::Workplace;

/// All checks, in the order in which they are told. Where one makes another one pointless, it comes first.
const CHECKS: &[Check] = &[
    Check { name: "configuration", look: configuration::look },
    Check { name: "permissions", look: permissions::look },
    Check { name: "disk", look: disk::look },
    Check { name: "clock", look: clock::look },
    Check { name: "secrets", look: secrets::look },
    Check { name: "sources", look: sources::look },
    Check { name: "departments", look: departments::look },
    Check { name: "addresses", look: addresses::look },
    Check { name: "mail", look: mail::look },
    Check { name: "outbox", look: outbox::look },
    Check { name: "calendar", look: calendar::look },
    Check { name: "history", look: history::look },
    Check { name: "late", look: late::look },
    Check { name: "cron", look: cron::look },
    Check { name: "fonts", look: fonts::look },
];

/// One thing that is looked at.
struct Check {
    /// Its word in JSON.
    name: &'static str,
    /// What was found; nothing where it cannot be looked at before something else is mended.
    look: fn(&Patient) -> Option<Vec<Remark>>,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Well,
    /// Not looked at, for something else is wrong first.
    Skipped,
    /// A run goes on, and somebody should look.
    Doubtful,
    /// A run would fail, or do something that nobody wants.
    Ill,
}

impl Verdict {
    /// The word of scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Well => "ok",
            Verdict::Skipped => "skipped",
            Verdict::Doubtful => "warning",
            Verdict::Ill => "error",
        }
    }

    /// The word for people, of even width.
    pub fn word(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Verdict::Well => ("正常", "ok     "),
            Verdict::Skipped => ("未查", "skipped"),
            Verdict::Doubtful => ("注意", "warning"),
            Verdict::Ill => ("错误", "error  "),
        };
        match language {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

/// What a check has to say.
pub struct Remark {
    verdict: Verdict,
    said: Text,
    mend: Text,
    code: ExitCode,
}

impl Remark {
    fn well(said: Text) -> Self {
        Self { verdict: Verdict::Well, said, mend: Text::default(), code: ExitCode::Done }
    }

    fn doubtful(said: Text, mend: Text) -> Self {
        Self { verdict: Verdict::Doubtful, said, mend, code: ExitCode::Done }
    }

    /// What a run would end with, what is wrong, and what mends it.
    fn ill(code: ExitCode, said: Text, mend: Text) -> Self {
        Self { verdict: Verdict::Ill, said, mend, code }
    }
}

/// A remark and the check that made it.
pub struct Diagnosis {
    /// The check's word in JSON.
    pub check: &'static str,
    /// How bad it is.
    pub verdict: Verdict,
    /// What was found.
    pub said: Text,
    /// What mends it; empty where nothing is wrong.
    pub mend: Text,
    /// What a run would end with for it.
    pub code: ExitCode,
}

/// What is known of the workplace that is looked at; mistakes in its files leave parts of it out.
pub struct Patient<'p> {
    /// The folder.
    pub folder: &'p Path,
    /// The configuration, where it can be read.
    pub config: Option<&'p Config>,
    /// Everything, where its files have no mistake.
    pub workplace: Option<&'p Workplace>,
    /// The mistakes.
    pub problems: &'p [Problem],
    /// The moment.
    pub now: DateTime<FixedOffset>,
    /// What the machine's own clock differs from universal time by.
    pub machine: FixedOffset,
    /// The day that ages are reckoned from.
    pub as_of: NaiveDate,
    /// The moment by which something is due.
    pub moment: DateTime<FixedOffset>,
    /// Hears of progress.
    pub advance: Advance<'p>,
    read: OnceCell<Read>,
    health: OnceCell<Result<Option<Health>, HistoryError>>,
}

/// What the sources gave.
struct Read {
    reading: Reading,
    datasets: BTreeMap<String, Dataset>,
}

/// What to look at, and when.
pub struct Visit<'p> {
    /// The folder.
    pub folder: &'p Path,
    /// The moment.
    pub now: DateTime<FixedOffset>,
    /// What the machine's own clock differs from universal time by.
    pub machine: FixedOffset,
    /// The day that ages are reckoned from.
    pub as_of: NaiveDate,
    /// The moment by which something is due.
    pub moment: DateTime<FixedOffset>,
    /// Hears of progress.
    pub advance: Advance<'p>,
}

impl<'p> Patient<'p> {
    /// A workplace without mistakes in its files, or what of it there is, with its mistakes.
    pub fn new(
        visit: &Visit<'p>,
        config: Option<&'p Config>,
        workplace: Option<&'p Workplace>,
        problems: &'p [Problem],
    ) -> Self {
        let Visit { folder, now, machine, as_of, moment, advance } = *visit;
        let (read, health) = (OnceCell::new(), OnceCell::new());
        Self { folder, config, workplace, problems, now, machine, as_of, moment, advance, read, health }
    }

    /// What the sources give, read once for all checks.
    fn read(&self) -> Option<&Read> {
        let workplace = self.workplace?;
        Some(self.read.get_or_init(|| {
            let (reading, datasets, _) = pipeline::load(workplace, &Returns::default(), self.advance);
            Read { reading, datasets }
        }))
    }

    /// The history as it lies there, looked into once for all checks.
    fn health(&self) -> &Result<Option<Health>, HistoryError> {
        self.health.get_or_init(|| block_on(crate::history::health::look_into(self.folder))?)
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> std::io::Result<T> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(future))
}

/// Makes all checks.
pub fn examine(patient: &Patient) -> Vec<Diagnosis> {
    let mut all = Vec::new();
    for Check { name, look } in CHECKS {
        (patient.advance)(name);
        let skipped = || {
            vec![Remark {
                verdict: Verdict::Skipped,
                said: text!("配置或规则有误，未查", "not looked at: the files have mistakes"),
                mend: text!("先改好配置，再运行 hedui doctor", "mend the files first, then run hedui doctor again"),
                code: ExitCode::Done,
            }]
        };
        let remarks = look(patient).unwrap_or_else(skipped);
        all.extend(remarks.into_iter().map(|Remark { verdict, said, mend, code }| Diagnosis {
            check: name,
            verdict,
            said,
            mend,
            code,
        }));
    }
    all
}

/// What is left to do before the first real mail, in the order in which it is done: a check looks at what those above it
/// leave right. Nothing where nothing is left.
pub fn steps(found: &[Diagnosis], config: Option<&Config>) -> Vec<Text> {
    let left = found.iter().filter(|diagnosis| matches!(diagnosis.verdict, Verdict::Doubtful | Verdict::Ill));
    let mut steps: Vec<Text> = Vec::new();
    for mend in left.map(|diagnosis| &diagnosis.mend) {
        if !steps.contains(mend) {
            steps.push(mend.clone());
        }
    }
    if let Some(config) = config.filter(|config| matches!(config.mail.transport, MailTransport::File))
        && let Some(name) = config.jobs.first().map(|job| &job.name)
    {
        steps.push(text!(
            "hedui run {name} --only-to 自己的地址：先只发给自己一封，看过再让它按时运行",
            "hedui run {name} --only-to YOUR-ADDRESS: one mail to yourself first; then let it run by itself"
        ));
    }
    steps
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::CHECKS;

    #[test]
    fn every_check_has_a_word_of_its_own() {
        let names: BTreeSet<&str> = CHECKS.iter().map(|check| check.name).collect();
        assert_eq!(names.len(), CHECKS.len());
    }
}
