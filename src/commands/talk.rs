//! Talking to the person or log at the other end of stderr: problems, progress, remarks.
//!
//! Apart because every command talks alike: data to stdout, talk to stderr, a progress line only on a terminal and
//! only on work that takes longer than a second, colour only where it is wanted.

use std::fmt::Arguments;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;

use crate::cli::{Format, Options};
use crate::config::secrets::environment;
use crate::exit_code::ExitCode;
use crate::lock::LockError;
use crate::model::{Outcome, SourceNote};
use crate::outbox::{DeliveryReport, State};
use crate::problem::{Problem, nearest};
use crate::text;
use crate::text::{Language, Text};
use crate::workplace::{Workplace, WorkplaceError};

/// So many known words are told beside one that is not.
const FEW: usize = 10;

/// How to talk.
pub struct Talk {
    quiet: bool,
    colour: bool,
    format: Format,
}

impl Talk {
    /// As the options and the terminal ask.
    pub fn new(options: &Options) -> Self {
        let colour = std::io::stderr().is_terminal() && environment("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { quiet: options.quiet, colour, format: options.format }
    }

    /// Whether stdout is for scripts.
    pub fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Loads the workplace, or says why not.
    pub fn workplace(&self, options: &Options) -> Result<Workplace, ExitCode> {
        self.loaded(Workplace::load(options.config.as_deref(), &here()))
    }

    /// The workplace for those who look after runs and mails, which go on where rules or templates have mistakes.
    pub fn configured(&self, options: &Options) -> Result<Workplace, ExitCode> {
        self.loaded(Workplace::of_configuration(options.config.as_deref(), &here()))
    }

    /// The workplace that was loaded, or says why there is none.
    pub fn loaded(&self, loaded: Result<Workplace, WorkplaceError>) -> Result<Workplace, ExitCode> {
        loaded.map_err(|error| {
            match error {
                WorkplaceError::NotFound(text, language) => self.error(&text, language),
                WorkplaceError::Problems(problems, language) => self.problems(&problems, language),
            }
            ExitCode::Usage
        })
    }

    /// Shows mistakes in files: pictures for people, an array for scripts.
    pub fn problems(&self, problems: &[Problem], language: Language) {
        for problem in problems {
            say!("{}", problem.picture(language, self.colour).trim_end());
        }
        if self.is_json() {
            let list: Vec<Value> = problems.iter().map(|problem| problem.json(language)).collect();
            out!("{}", Value::from(list));
        }
    }

    /// An error.
    pub fn error(&self, text: &Text, language: Language) {
        let word = match language {
            Language::Zh => "错误",
            Language::En => "error",
        };
        say!("{word}: {}", text.get(language));
    }

    /// A word on the command line that names none of what there is, and the nearest one that does; of few, all.
    pub fn unknown(&self, what: &Text, word: &str, known: &[&str], language: Language) {
        let near = nearest(word, known.iter().copied());
        let near = near.map(|near| text!("，是否想写“{near}”？", ", did you mean `{near}`?")).unwrap_or_default();
        let list = if known.len() <= FEW { known.join(", ") } else { String::new() };
        let all = if list.is_empty() { Text::default() } else { text!("（有：{list}）", " (there are: {list})") };
        let (of_zh, of_en) = (&what.zh, &what.en);
        let (zh, en) = (near.zh + &all.zh, near.en + &all.en);
        self.error(&text!("没有{of_zh}“{word}”{zh}", "there is no {of_en} `{word}`{en}"), language);
    }

    /// The files and queries that could not be read, and why.
    pub fn unread(&self, notes: &[SourceNote], language: Language) {
        for note in notes {
            if let Some(error) = &note.error {
                let place = [note.file.as_str(), note.sheet.as_str()].join(" ");
                let place = place.trim();
                self.error(&text!("{place}：{error}", "{place}: {error}"), language);
            }
        }
    }

    /// Something that people may want to know.
    pub fn remark(&self, text: &Text, language: Language) {
        if !self.quiet {
            say!("{}", text.get(language));
        }
    }

    /// A line of progress that shows itself after a second, on a terminal.
    pub fn progress(&self) -> ProgressBar {
        let shown = !self.quiet && std::io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr_with_hz(1) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_secs(1));
        bar
    }
}

/// Writes a line; a pipe that nobody reads any more is no error.
pub fn line(mut to: impl Write, line: Arguments) {
    let _ = writeln!(to, "{line}");
}

/// The current folder.
pub fn here() -> PathBuf {
    std::env::current_dir().unwrap_or_default()
}

/// The word of an outcome for people, of even width.
pub fn outcome_word(outcome: Outcome, language: Language) -> &'static str {
    match (outcome, language) {
        (Outcome::Passed, Language::Zh) => "通过　",
        (Outcome::Warned, Language::Zh) => "警告　",
        (Outcome::Failed, Language::Zh) => "不通过",
        (Outcome::NotApplicable, Language::Zh) => "不适用",
        (Outcome::NotEvaluated, Language::Zh) => "未检核",
        (Outcome::NotEnabled, Language::Zh) => "未启用",
        (Outcome::Passed, Language::En) => "passed        ",
        (Outcome::Warned, Language::En) => "warned        ",
        (Outcome::Failed, Language::En) => "failed        ",
        (Outcome::NotApplicable, Language::En) => "not applicable",
        (Outcome::NotEvaluated, Language::En) => "not evaluated ",
        (Outcome::NotEnabled, Language::En) => "not enabled   ",
    }
}

/// Says why there is no lock.
pub fn lock_failed(error: &LockError, talk: &Talk, language: Language) -> ExitCode {
    match error {
        LockError::Held => {
            talk.error(
                &text!(
                    "另一个 hedui 正在运行；等它结束后再试",
                    "another hedui is running in this workplace; try again when it has ended"
                ),
                language,
            );
            ExitCode::Locked
        }
        LockError::File(error) => {
            talk.error(&text!(
                "state 文件夹不能写：{error}；请检查属主和权限，或磁盘是否已满",
                "the state folder cannot be written: {error}; look at its owner and rights, and whether the disk is full"
            ), language);
            ExitCode::Usage
        }
    }
}

/// Says what came of a round of delivery.
pub fn say_delivery(report: &DeliveryReport, talk: &Talk, language: Language) {
    let count = |state: State| report.counts.get(&state).copied().unwrap_or(0);
    let (tried, accepted) = (report.tried.len(), count(State::Accepted));
    talk.remark(
        &text!("邮件：尝试 {tried} 封，受理 {accepted} 封", "mails: {tried} tried, {accepted} accepted"),
        language,
    );
    let not_accepted = report.tried.iter().filter(|mail| mail.state != State::Accepted);
    for mail in not_accepted.chain(&report.stopped) {
        let (recipient, state, words) = (&mail.recipient, mail.state.as_str(), &mail.words);
        talk.error(&text!("{recipient}：{state}，{words}", "{recipient}: {state}, {words}"), language);
    }
    for notice in &report.notices {
        talk.error(notice, language);
    }
    let left = report.undelivered;
    if left > 0 {
        talk.error(
            &text!(
                "还有 {left} 封没有送达，见 hedui outbox list",
                "{left} mails are not delivered, see hedui outbox list"
            ),
            language,
        );
    }
}
