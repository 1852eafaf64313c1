//! Whether each job ran when it was due.
//!
//! Apart from cron's lines: they may be right on a machine that was off, or name another workplace.

use chrono::TimeDelta;

use super::{Patient, Remark};
use crate::text;

/// A run may wait so long for a lock, or for the next round of cron.
const GRACE: TimeDelta = TimeDelta::hours(2);

pub(super) fn look(patient: &Patient) -> Option<Vec<Remark>> {
    let config = patient.config?;
    let Ok(health) = patient.health() else { return Some(Vec::new()) };
    let now = patient.now.with_timezone(&config.timezone);
    let mut remarks = Vec::new();
    for job in &config.jobs {
        let name = &job.name;
        let last = health.iter().flat_map(|health| &health.last_runs).find(|(job, _)| job == name);
        let Some((_, last)) = last else {
            remarks.push(Remark::doubtful(
                text!("任务 {name} 还没有运行过", "the job {name} has never run"),
                text!("先试一次：hedui run {name} --dry-run", "try it: hedui run {name} --dry-run"),
            ));
            continue;
        };
        let due = job.schedule.last_due(now).map(|due| due.fixed_offset());
        if let Some(due) = due.filter(|due| *last < *due && patient.now - *due > GRACE) {
            let (due, last) = (due.format("%F %H:%M"), last.format("%F %H:%M"));
            remarks.push(Remark::doubtful(
                text!(
                    "任务 {name} 应在 {due} 运行，上次运行是 {last}",
                    "the job {name} was due on {due}, its last run is of {last}"
                ),
                text!(
                    "看 cron 是否在运行、日志里有无错误；补发：hedui run {name}",
                    "see whether cron runs and what the log says; to make up for it: hedui run {name}"
                ),
            ));
        }
    }
    if remarks.is_empty() {
        remarks.push(Remark::well(text!("各任务都按时运行了", "every job ran when it was due")));
    }
    Some(remarks)
}
