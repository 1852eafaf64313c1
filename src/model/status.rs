//! Where a finding stands in its life across runs.
//!
//! Apart because history gives it and reports show it. It knows no run.

use serde::{Deserialize, Serialize};

/// The state of a finding in one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Seen for the first time by this job.
    New,
    /// Back after it had been resolved.
    Reopened,
    /// Seen before and still there.
    Open,
    /// There, but a person has accepted it for a time.
    Waived,
    /// Open last time; its rule or source could not be evaluated this time.
    NotChecked,
    /// Open last time, evaluated and gone.
    Resolved,
}

impl Status {
    /// All of them.
    pub const ALL: [Status; 6] =
        [Status::New, Status::Reopened, Status::Open, Status::Waived, Status::NotChecked, Status::Resolved];

    /// The word of exports.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::New => "new",
            Status::Reopened => "reopened",
            Status::Open => "open",
            Status::Waived => "waived",
            Status::NotChecked => "not_checked",
            Status::Resolved => "resolved",
        }
    }

    /// The status of a word, if it is one.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Whether the fault is believed to be there still: what the next run compares with.
    pub fn is_standing(self) -> bool {
        self != Status::Resolved
    }
}
