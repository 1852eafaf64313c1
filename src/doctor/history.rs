//! Whether what earlier runs left is whole.
//!
//! Apart because without it nothing is compared, and no mail is known to have been sent.

use super::{Patient, Remark};
use crate::exit_code::ExitCode;
use crate::history::store::{self, HistoryError};
use crate::text;
use crate::text::Text;

pub(super) fn look(patient: &Patient) -> Option<Vec<Remark>> {
    let health = match patient.health() {
        Ok(Some(health)) => health,
        Ok(None) => return Some(vec![none(patient)]),
        Err(error) => {
            let Text { zh, en } = error.text();
            return Some(vec![Remark::ill(
                ExitCode::Usage,
                text!("state/history.db 打不开：{zh}", "state/history.db cannot be opened: {en}"),
                text!(
                    "从备份恢复整个 state 文件夹；没有备份的，把 state 和 out 移走后重新运行（历史和发送记录从头开始）",
                    "restore all of state/ from a backup; without one, move state/ and out/ away and run again: history \
                     and ledger begin anew"
                ),
            )]);
        }
    };
    let mut remarks = Vec::new();
    let (applied, known) = health.versions;
    if applied > known {
        remarks.push(Remark::ill(
            ExitCode::Usage,
            text!(
                "state/history.db 是更新版本的 hedui 写的（{applied} > {known}）",
                "state/history.db was written by a newer hedui ({applied} > {known})"
            ),
            text!("用那个版本，或更新的", "run that version, or a later one"),
        ));
    }
    if !health.faults.is_empty() {
        let faults = health.faults.join("; ");
        remarks.push(Remark::ill(
            ExitCode::Usage,
            text!("state/history.db 已损坏：{faults}", "state/history.db is damaged: {faults}"),
            text!(
                "从备份恢复整个 state 文件夹，并检查磁盘",
                "restore all of state/ from a backup, and have the disk looked at"
            ),
        ));
    }
    if let Some(first) = health.lost.first() {
        let count = health.lost.len();
        remarks.push(Remark::ill(
            ExitCode::Usage,
            text!(
                "state/ 里少了 {count} 个运行留下的文件，或读不出，如 {first}",
                "{count} files that runs left in state/ are gone or unreadable, such as {first}"
            ),
            text!(
                "从备份恢复；不要单独删改 state 里的文件",
                "restore them from a backup; nothing in state/ is to be deleted by hand"
            ),
        ));
    }
    if remarks.is_empty() {
        let runs = health.runs;
        remarks.push(Remark::well(text!("完好，{runs} 次运行", "whole, {runs} runs")));
    }
    Some(remarks)
}

/// No history: nothing was run yet, or it is gone.
fn none(patient: &Patient) -> Remark {
    match store::gone(patient.folder) {
        None => Remark::well(text!("还没有运行过", "nothing was run yet")),
        Some(path) => Remark::ill(
            ExitCode::Usage,
            HistoryError::Gone(path).text(),
            text!(
                "看 state 所在的磁盘或共享是否已挂载，或从备份恢复",
                "see that the disk or share of state/ is mounted, or restore it from a backup"
            ),
        ),
    }
}
