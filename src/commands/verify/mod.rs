//! `hedui verify`: verification lists out to owners, and back.

mod import;
mod issue;
mod status;

use chrono::NaiveDate;
use tokio::runtime::Runtime;

use super::talk::{Talk, lock_failed};
use crate::cli::{Options, VerifyAction};
use crate::clock;
use crate::exit_code::ExitCode;
use crate::history::store;
use crate::lock::Lock;
use crate::model::{Period, PeriodKind};
use crate::pipeline::request::RunError;
use crate::pipeline::verification;
use crate::text;
use crate::text::{Language, Text};
use crate::workplace::Workplace;

/// Carries out the command.
pub fn run(options: &Options, action: Option<&VerifyAction>, talk: &Talk) -> ExitCode {
    let workplace = match talk.workplace(options) {
        Ok(workplace) => workplace,
        Err(code) => return code,
    };
    let language = workplace.config.language;
    let as_of = options.as_of.unwrap_or_else(|| clock::day(clock::now(workplace.config.timezone)));
    // Asynchronous only at the edges: sources are read outside of any runtime.
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            talk.error(&text!("无法启动：{error}", "cannot start: {error}"), language);
            return ExitCode::Bug;
        }
    };
    let verb = Verb { workplace: &workplace, talk, as_of, runtime };
    let done = match action.unwrap_or(&VerifyAction::Status { period: None }) {
        VerifyAction::Issue(arguments) => verb.issue(arguments),
        VerifyAction::Import { files, period } => verb.import(files, period.as_deref()),
        VerifyAction::Status { period } => verb.status(period.as_deref()),
    };
    match done {
        Ok(code) | Err(Stop::Said(code)) => code,
        Err(Stop::Failed(error)) => {
            let (zh, en) = (error.text().zh, error.text().en);
            talk.error(&text!("核对没有完成：{zh}", "the verification was not carried out: {en}"), language);
            if error.is_bug() { ExitCode::Bug } else { ExitCode::Usage }
        }
    }
}

/// Why an action ends before its end.
enum Stop {
    /// Something that was said already.
    Said(ExitCode),
    /// Something that is still to be said.
    Failed(RunError),
}

impl<E: Into<RunError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// What every action needs.
struct Verb<'a> {
    workplace: &'a Workplace,
    talk: &'a Talk,
    as_of: NaiveDate,
    runtime: Runtime,
}

impl Verb<'_> {
    fn language(&self) -> Language {
        self.workplace.config.language
    }

    /// Says what is wrong with what was asked.
    fn wrong(&self, text: &Text) -> Stop {
        self.talk.error(text, self.language());
        Stop::Said(ExitCode::Usage)
    }

    /// The periods that are meant: the one that is named, or the current ones.
    fn periods(&self, written: Option<&str>) -> Result<Vec<Period>, Stop> {
        let Some(written) = written else { return Ok(verification::periods(self.as_of).to_vec()) };
        let known = [PeriodKind::Month, PeriodKind::Quarter, PeriodKind::Year];
        match Period::parse(written).filter(|period| known.contains(&period.kind())) {
            Some(period) => Ok(vec![period]),
            None => Err(self.wrong(&text!(
                "“{written}”不是核对的周期，如 2026Q4、2026-11、2026",
                "`{written}` is no period of verification: 2026Q4, 2026-11 or 2026"
            ))),
        }
    }

    fn lock(&self) -> Result<Lock, Stop> {
        Lock::take(&store::folder(&self.workplace.config.folder))
            .map_err(|error| Stop::Said(lock_failed(&error, self.talk, self.language())))
    }
}
