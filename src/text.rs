//! A sentence in every language that hedui speaks, made where it is known and chosen where it is shown.
//!
//! It stands apart because errors are made in the depths, where nobody knows who will read them. It knows no
//! configuration: the command that prints picks the language.

use serde::{Deserialize, Serialize};

/// The language of reports, mails and messages (`[company] language`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Simplified Chinese, the default.
    #[default]
    Zh,
    /// English.
    En,
}

/// One sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Text {
    /// The Chinese wording.
    pub zh: String,
    /// The English wording.
    pub en: String,
}

impl Text {
    /// The wording of one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }

    /// Why a file could not be read or written, as far as the system's word has one of ours.
    pub fn of_system(error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let (zh, en) = match error.kind() {
            ErrorKind::NotFound => ("没有这个文件或文件夹", "there is no such file or folder"),
            ErrorKind::PermissionDenied => ("没有权限", "permission denied"),
            ErrorKind::StorageFull => ("磁盘已满", "the disk is full"),
            ErrorKind::ReadOnlyFilesystem => ("磁盘只读", "the disk is read-only"),
            ErrorKind::IsADirectory => ("这是文件夹", "it is a folder"),
            ErrorKind::NotADirectory => ("路径中有一段不是文件夹", "a part of the path is no folder"),
            ErrorKind::InvalidData => ("不是 UTF-8 文本", "it is no UTF-8 text"),
            _ => return Self::same(error.to_string()),
        };
        Self { zh: zh.to_owned(), en: en.to_owned() }
    }

    /// A wording that is the same everywhere: what another program answered, a file name.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { zh: text.clone(), en: text }
    }
}

/// A [`Text`] from two format strings that capture the same variables: Chinese first, English second.
#[macro_export]
macro_rules! text {
    ($zh:literal, $en:literal $(,)?) => {
        $crate::text::Text { zh: format!($zh), en: format!($en) }
    };
}
