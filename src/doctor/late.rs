//! Whether each job ran when it was due.
//!
//! Apart from cron's lines: they may be right on a machine that was off, or name another workplace. What is due, the
//! schedule says.

use chrono::TimeDelta;

use super::{Patient, Remark};
use crate::model::Period;
use crate::schedule::agenda::waiting;
use crate::schedule::{Run, Where};
use crate::text;

/// A run may wait so long for a lock, or for the next round of cron.
const GRACE: TimeDelta = TimeDelta::hours(2);

pub(super) fn look(patient: &Patient) -> Option<Vec<Remark>> {
    let workplace = patient.workplace?;
    let Ok(health) = patient.health() else { return Some(Vec::new()) };
    let place = Where { timezone: workplace.config.timezone, calendar: &workplace.calendar };
    let mut remarks = Vec::new();
    for job in &workplace.config.jobs {
        let name = &job.name;
        let committed = health.iter().flat_map(|health| &health.committed).filter(|run| run.job == *name);
        let runs: Vec<Run> = committed
            .filter_map(|run| Some(Run { period: Period::parse(&run.period)?, as_of: run.as_of_day() }))
            .collect();
        if runs.is_empty() {
            remarks.push(Remark::doubtful(
                text!("任务 {name} 还没有运行过", "the job {name} has never run"),
                text!("先试一次：hedui run {name} --dry-run", "try it: hedui run {name} --dry-run"),
            ));
            continue;
        }
        let waiting = waiting(&job.rhythm(), &place, &runs, patient.moment).entries;
        if let Some(missed) = waiting.iter().find(|entry| patient.moment - entry.due_at > GRACE) {
            let (period, due) = (missed.period, missed.due_at.format("%F %H:%M"));
            remarks.push(Remark::doubtful(
                text!(
                    "任务 {name} 的 {period} 应在 {due} 运行，还没有运行",
                    "the job {name} was to run for {period} on {due}, and did not"
                ),
                text!(
                    "看 cron 是否在运行、日志里有无错误；补发：hedui due",
                    "see whether cron runs and what the log says; to make up for it: hedui due"
                ),
            ));
        }
    }
    if remarks.is_empty() {
        remarks.push(Remark::well(text!("各任务都按时运行了", "every job ran when it was due")));
    }
    Some(remarks)
}
