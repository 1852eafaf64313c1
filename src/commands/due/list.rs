//! `hedui due --list`: what was last run, what waits, and the next times of all jobs.
//!
//! Apart from carrying it out because it changes nothing and takes no lock.

use serde_json::{Value, json};

use super::told::{at, tell_clock};
use super::{Moments, flat};
use crate::cli::Options;
use crate::commands::run::failed;
use crate::commands::talk::Talk;
use crate::exit_code::ExitCode;
use crate::history::store;
use crate::pipeline::due::{Item, agenda};
use crate::schedule::Standing;
use crate::text::Language;

/// So many of the next times are shown.
const TIMES: usize = 10;

/// Shows what waits and the next times.
pub fn list(options: &Options, talk: &Talk) -> ExitCode {
    let workplace = match talk.workplace(options) {
        Ok(workplace) => workplace,
        Err(code) => return code,
    };
    let language = workplace.config.language;
    let moments = Moments::of(options, &workplace);
    let found = crate::commands::block_on(async {
        let mut connection = store::look(&workplace.config.folder).await?;
        agenda(&mut connection, &workplace, moments.by, TIMES).await
    });
    let agenda = match flat(found) {
        Ok(agenda) => agenda,
        Err(error) => return failed(&error, talk, language),
    };
    tell_clock(&agenda, &moments, talk, language);
    let items: Vec<&Item> = agenda.last.iter().chain(&agenda.waiting).chain(&agenda.coming).collect();
    if talk.is_json() {
        out!("{:#}", Value::from(items.into_iter().map(line).collect::<Vec<_>>()));
        return ExitCode::Done;
    }
    for item in items {
        let (job, period, at) = (&item.job.name, item.entry.period, at(item));
        out!("{at}  {}  {job}  {period}", word(item.entry.standing, language));
    }
    ExitCode::Done
}

fn line(item: &Item) -> Value {
    json!({
        "job": item.job.name,
        "period": item.entry.period.to_string(),
        "due_at": item.entry.due_at.to_rfc3339(),
        "status": item.entry.standing.as_str(),
    })
}

/// The word of a standing for people, of even width.
fn word(standing: Standing, language: Language) -> &'static str {
    match (standing, language) {
        (Standing::Done, Language::Zh) => "已完成",
        (Standing::Late, Language::Zh) => "已逾期",
        (Standing::Due, Language::Zh) => "已到期",
        (Standing::Planned, Language::Zh) => "计划　",
        (Standing::Done, Language::En) => "done   ",
        (Standing::Late, Language::En) => "late   ",
        (Standing::Due, Language::En) => "due    ",
        (Standing::Planned, Language::En) => "planned",
    }
}
