//! The six dimensions of data quality that managers know, and that every rule names one of.
//!
//! Apart because scores and reports group by it. The mapping to GB/T 36344-2018 is a matter of reports.

use serde::{Deserialize, Serialize};

/// A quality dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dimension {
    /// 完整性: nothing that is needed is missing.
    Completeness,
    /// 准确性: true to the world.
    Accuracy,
    /// 一致性: the same wherever it stands.
    Consistency,
    /// 及时性: kept up in time.
    Timeliness,
    /// 唯一性: once only.
    Uniqueness,
    /// 有效性: of the right form.
    Validity,
}

impl Dimension {
    /// All of them in the order of reports.
    pub const ALL: [Dimension; 6] = [
        Dimension::Completeness,
        Dimension::Accuracy,
        Dimension::Consistency,
        Dimension::Timeliness,
        Dimension::Uniqueness,
        Dimension::Validity,
    ];

    /// The word of exports and rule files.
    pub fn as_str(self) -> &'static str {
        match self {
            Dimension::Completeness => "completeness",
            Dimension::Accuracy => "accuracy",
            Dimension::Consistency => "consistency",
            Dimension::Timeliness => "timeliness",
            Dimension::Uniqueness => "uniqueness",
            Dimension::Validity => "validity",
        }
    }

    /// The dimension of a word, if it is one.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dimension| dimension.as_str() == word)
    }
}
