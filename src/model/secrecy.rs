//! How confidential a record is, and how much a reader may see.
//!
//! Apart because data, dictionary, configuration and reports all speak of it. It knows no record and no reader.

use serde::Serialize;

/// A level of confidentiality (密级); as a reader's clearance, the highest level that he may see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Secrecy {
    /// 公开.
    Public,
    /// 内部: what nothing is said about.
    #[default]
    Internal,
    /// 秘密, and whatever word is not known.
    Secret,
}

impl Secrecy {
    /// All of them, the lowest first.
    pub const ALL: [Secrecy; 3] = [Secrecy::Public, Secrecy::Internal, Secrecy::Secret];

    /// The words that configuration and dictionary use.
    pub const WORDS: [(&'static str, Secrecy); 3] =
        [("公开", Secrecy::Public), ("内部", Secrecy::Internal), ("秘密", Secrecy::Secret)];

    /// The level of a record by the folded text of its cell: 内部 where nothing stands, the highest for any word that
    /// is not known (interface, "the parts that scripts may count on").
    pub fn of_cell(folded: &str) -> Self {
        if folded.is_empty() {
            return Secrecy::Internal;
        }
        Self::from_word(folded).unwrap_or(Secrecy::Secret)
    }

    /// The word of data and configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Secrecy::Public => "公开",
            Secrecy::Internal => "内部",
            Secrecy::Secret => "秘密",
        }
    }

    /// The level of a word, if it is one.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, level)| *level)
    }
}
