//! Whether the machine's clock and time zone are the company's.
//!
//! Apart because a run on the wrong day looks right. It compares with what lies there: it asks no server for the time.

use std::time::UNIX_EPOCH;

use chrono::{DateTime, FixedOffset, TimeDelta};

use super::{Patient, Remark};
use crate::text;

/// Clocks differ by so much without anybody's fault.
const SLACK: TimeDelta = TimeDelta::minutes(5);

pub(super) fn look(patient: &Patient) -> Option<Vec<Remark>> {
    let config = patient.config?;
    let mut remarks = Vec::new();
    let (ours, theirs) = (patient.now.offset(), patient.machine);
    let zone = config.timezone.name();
    if *ours != theirs {
        remarks.push(Remark::doubtful(
            text!(
                "本机时区是 {theirs}，公司时区 {zone} 是 {ours}：cron 按本机时区启动",
                "this machine is at {theirs}, the company ({zone}) at {ours}: cron goes by the machine's"
            ),
            text!(
                "timedatectl set-timezone {zone}，然后重启 cron；cronie 也可在 crontab 写 CRON_TZ={zone}",
                "timedatectl set-timezone {zone} and start cron anew; with cronie, CRON_TZ={zone} in the crontab does"
            ),
        ));
    }
    if let Some((what, later)) = latest(patient).filter(|(_, moment)| *moment > patient.now + SLACK) {
        let (later, now) = (later.format("%F %H:%M"), patient.now.format("%F %H:%M"));
        remarks.push(Remark::doubtful(
            text!(
                "现在是 {now}，而 {what} 是 {later} 的：时钟倒退过，或现在不准",
                "it is {now}, and {what} is of {later}: the clock went back, or is wrong now"
            ),
            text!(
                "timedatectl 看时间，打开对时（timedatectl set-ntp true）",
                "see timedatectl, and let the clock be set (timedatectl set-ntp true)"
            ),
        ));
    }
    if let Some(workplace) = patient.workplace
        && let Some(first) =
            workplace.calendar.years().first().filter(|first| chrono::Datelike::year(&patient.now) < **first)
    {
        let now = patient.now.format("%F");
        remarks.push(Remark::doubtful(
            text!(
                "现在是 {now}，早于所载入的第一年放假安排（{first}）：时钟不准",
                "it is {now}, before the first year of working days that is known ({first}): the clock is wrong"
            ),
            text!(
                "timedatectl 看时间，打开对时（timedatectl set-ntp true）",
                "see timedatectl, and let the clock be set (timedatectl set-ntp true)"
            ),
        ));
    }
    if remarks.is_empty() {
        let now = patient.now.format("%F %H:%M %:z");
        remarks.push(Remark::well(text!("{now}，{zone}", "{now}, {zone}")));
    }
    Some(remarks)
}

/// The latest moment that earlier runs, or files of sources, are of.
fn latest(patient: &Patient) -> Option<(String, DateTime<FixedOffset>)> {
    let runs = patient.health().as_ref().ok().and_then(Option::as_ref);
    let runs = runs.into_iter().flat_map(|health| &health.last_runs);
    let runs = runs.map(|(job, started)| (format!("{job} (state/history.db)"), *started));
    let state = std::fs::read_dir(patient.folder.join("state")).into_iter().flatten().filter_map(Result::ok);
    let files = state.filter_map(|entry| {
        let written = entry.metadata().ok()?.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        let moment = DateTime::from_timestamp(i64::try_from(written.as_secs()).ok()?, 0)?;
        Some((format!("state/{}", entry.file_name().to_string_lossy()), moment.with_timezone(patient.now.offset())))
    });
    runs.chain(files).max_by_key(|(_, moment)| *moment)
}
