//! What `hedui due` says beside what it does: of the clock, and of periods that are not made up for.
//!
//! Apart because looking and carrying out say the same. It decides nothing.

use chrono::TimeDelta;

use super::Moments;
use crate::commands::talk::Talk;
use crate::pipeline::due::{Agenda, GivenUp, Item};
use crate::text;
use crate::text::Language;

/// A clock that is set by the network goes back by less.
const JITTER: TimeDelta = TimeDelta::minutes(10);

/// Says that the clock is behind what it was: what was run by then stays run.
pub(super) fn tell_clock(agenda: &Agenda, moments: &Moments, talk: &Talk, language: Language) {
    if let Some(latest) = agenda.latest_start.filter(|latest| *latest > moments.now + JITTER) {
        let (now, latest) = (moments.now.format("%F %H:%M"), latest.format("%F %H:%M"));
        talk.error(
            &text!(
                "现在是 {now}，而最近一次运行始于 {latest}：时钟被拨回，或当时走快了。请核对系统时间；已运行的周期不会再运行",
                "it is {now}, and the latest run began at {latest}: the clock was set back, or was ahead then. See to the \
                 system's time; no period is run again"
            ),
            language,
        );
    }
}

/// Says of which jobs missed periods are not made up for.
pub(super) fn tell_given_up(agenda: &Agenda, talk: &Talk, language: Language) {
    for GivenUp { job, count, .. } in &agenda.given_up {
        let (job, most) = (&job.name, job.catch_up);
        talk.error(
            &text!(
                "{job}：更早的 {count} 个周期不补发（catch_up = {most}）；需要时请用 hedui run {job} --period 周期",
                "{job}: {count} earlier periods are not made up for (catch_up = {most}); where one is wanted: hedui run \
                 {job} --period PERIOD"
            ),
            language,
        );
    }
}

/// When something falls due, for people.
pub(super) fn at(item: &Item) -> String {
    item.entry.due_at.format("%F %H:%M").to_string()
}
