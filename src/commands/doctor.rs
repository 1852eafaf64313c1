//! `hedui doctor`: what stands in the way of a run, and what mends it.

use std::path::Path;

use serde_json::{Value, json};

use super::talk::{Talk, here};
use crate::cli::Options;
use crate::clock;
use crate::config::{self, ConfigError};
use crate::doctor::{self, Diagnosis, Patient, Verdict, Visit};
use crate::exit_code::ExitCode;
use crate::text;
use crate::text::{Language, Text};
use crate::workplace::{Workplace, WorkplaceError, default_language};

/// Carries out the command: it ends with what a run would end with for what is wrong.
pub fn run(options: &Options, talk: &Talk) -> ExitCode {
    let path = match config::find(options.config.as_deref(), &here()) {
        Ok(path) => path,
        Err(ConfigError::NotFound(text)) => {
            talk.error(&text, default_language());
            return ExitCode::Usage;
        }
        Err(ConfigError::Problems(problems)) => {
            talk.problems(&problems, default_language());
            return ExitCode::Usage;
        }
    };
    let config = config::read(&path).ok();
    let (workplace, problems) = match Workplace::load(Some(&path), &here()) {
        Ok(workplace) => (Some(workplace), Vec::new()),
        Err(WorkplaceError::NotFound(text, language)) => {
            talk.error(&text, language);
            return ExitCode::Usage;
        }
        Err(WorkplaceError::Problems(problems, _)) => (None, problems),
    };
    let language = config.as_ref().map(|config| config.language).or_else(|| config::peek_language(&path));
    let language = language.unwrap_or_else(default_language);
    let timezone = config.as_ref().map_or(chrono_tz::Asia::Shanghai, |config| config.timezone);
    let now = clock::now(timezone);
    let bar = talk.progress();
    let advance = |what: &str| bar.set_message(what.to_owned());
    let visit = Visit {
        folder: path.parent().unwrap_or(Path::new(".")),
        now,
        machine: clock::machine(),
        as_of: options.as_of.unwrap_or_else(|| clock::day(now)),
        moment: options.as_of.map_or(now, |day| clock::end_of(day, timezone)),
        advance: &advance,
    };
    let found = doctor::examine(&Patient::new(&visit, config.as_ref(), workplace.as_ref(), &problems));
    bar.finish_and_clear();
    show(&found, talk, language);
    if !talk.is_json() {
        show_steps(&doctor::steps(&found, config.as_ref()), language);
    }
    let count = |verdict: Verdict| found.iter().filter(|diagnosis| diagnosis.verdict == verdict).count();
    let (ill, doubtful) = (count(Verdict::Ill), count(Verdict::Doubtful));
    talk.remark(&text!("{ill} 处错误，{doubtful} 处要注意", "{ill} errors, {doubtful} warnings"), language);
    found.iter().fold(ExitCode::Done, |code, diagnosis| code.and(diagnosis.code))
}

fn show_steps(steps: &[Text], language: Language) {
    if steps.is_empty() {
        return;
    }
    out!("");
    out!("{}", text!("发第一封邮件之前，依次：", "Before the first real mail, in this order:").get(language));
    for (number, step) in (1..).zip(steps) {
        out!("{number:3}. {}", step.get(language));
    }
}

fn show(found: &[Diagnosis], talk: &Talk, language: Language) {
    if talk.is_json() {
        let list: Vec<Value> = found
            .iter()
            .map(|Diagnosis { check, verdict, said, mend, .. }| {
                json!({
                    "check": check, "status": verdict.as_str(), "message": said.get(language), "mend": mend.get(language),
                })
            })
            .collect();
        out!("{:#}", Value::from(list));
    } else {
        let width = found.iter().map(|diagnosis| diagnosis.check.len()).max().unwrap_or(0);
        // as wide as the word before it: a Chinese letter is two columns
        let arrow = match language {
            Language::Zh => format!("      {:width$}  改法：", ""),
            Language::En => format!("         {:width$}  mend: ", ""),
        };
        for Diagnosis { check, verdict, said, mend, .. } in found {
            out!("{}  {check:width$}  {}", verdict.word(language), said.get(language));
            if *verdict != Verdict::Well {
                out!("{arrow}{}", mend.get(language));
            }
        }
    }
}
