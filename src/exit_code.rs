//! Every exit code of the program, and which of several counts.
//!
//! Apart because scripts and cron rely on it (interface, "Exit codes").

use std::process::ExitCode as ProcessExitCode;

use crate::text;
use crate::text::Text;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitCode {
    /// 0: done.
    Done,
    /// 1: done, and a rule is at or over the level given with `--fail-on`.
    RuleAtLevel,
    /// 2: usage, configuration or rule error: nothing was done.
    Usage,
    /// 3: done in part: a source could not be read or a rule could not be evaluated.
    Partial,
    /// 4: a mail is not delivered.
    NotDelivered,
    /// 5: another run holds the lock.
    Locked,
    /// 70: a bug.
    Bug,
}

impl ExitCode {
    /// Every code, by number.
    pub const ALL: [ExitCode; 7] = [
        ExitCode::Done,
        ExitCode::RuleAtLevel,
        ExitCode::Usage,
        ExitCode::Partial,
        ExitCode::NotDelivered,
        ExitCode::Locked,
        ExitCode::Bug,
    ];

    /// Where several hold, the first of these counts.
    pub const RANKED: [ExitCode; 7] = [
        ExitCode::Bug,
        ExitCode::Usage,
        ExitCode::Locked,
        ExitCode::Partial,
        ExitCode::NotDelivered,
        ExitCode::RuleAtLevel,
        ExitCode::Done,
    ];

    /// What it tells, for people.
    pub fn meaning(self) -> Text {
        match self {
            ExitCode::Done => text!("完成；发现问题不算错误", "done; findings are no error"),
            ExitCode::RuleAtLevel => text!(
                "完成，但有规则达到 `check --fail-on warning` 或 `error` 的级别",
                "done, and a rule is at or over the level of `check --fail-on warning` or `error`"
            ),
            ExitCode::Usage => text!(
                "命令、配置或规则有误，或历史、磁盘不能用：什么也没有做",
                "a mistake in the command line, configuration or rules, or a history or disk that cannot be used: nothing was done"
            ),
            ExitCode::Partial => text!(
                "完成了一部分：有数据源没有读到，或有规则没有执行；报告里写明",
                "done in part: a source could not be read or a rule not evaluated; the reports say which"
            ),
            ExitCode::NotDelivered => text!("有邮件没有送达", "a mail is not delivered"),
            ExitCode::Locked => text!("另一个 hedui 正在此工作区运行", "another run holds the workplace"),
            ExitCode::Bug => text!("程序错误", "a bug"),
        }
    }

    /// The number.
    pub fn number(self) -> u8 {
        match self {
            ExitCode::Done => 0,
            ExitCode::RuleAtLevel => 1,
            ExitCode::Usage => 2,
            ExitCode::Partial => 3,
            ExitCode::NotDelivered => 4,
            ExitCode::Locked => 5,
            ExitCode::Bug => 70,
        }
    }

    /// Of two that hold, the one that counts: 70, 2, 5, 3, 4, 1.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::RANKED.into_iter().find(|code| *code == self || *code == other).unwrap_or(self)
    }
}

impl From<ExitCode> for ProcessExitCode {
    fn from(code: ExitCode) -> Self {
        ProcessExitCode::from(code.number())
    }
}
