//! Every exit code of the program, and which of several counts.
//!
//! Apart because scripts and cron rely on it (interface, "Exit codes").

use std::process::ExitCode as ProcessExitCode;

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
        const RANKED: [ExitCode; 7] = [
            ExitCode::Bug,
            ExitCode::Usage,
            ExitCode::Locked,
            ExitCode::Partial,
            ExitCode::NotDelivered,
            ExitCode::RuleAtLevel,
            ExitCode::Done,
        ];
        RANKED.into_iter().find(|code| *code == self || *code == other).unwrap_or(self)
    }
}

impl From<ExitCode> for ProcessExitCode {
    fn from(code: ExitCode) -> Self {
        ProcessExitCode::from(code.number())
    }
}
