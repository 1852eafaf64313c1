//! The words of a verification list: its headers, its results, and what people write instead of them.
//!
//! Apart because a list is written in one language and may come back in the other. The words stand in the files of
//! the reports; here they are only looked up.

use std::collections::BTreeMap;

use crate::folding::fold;

/// The words of one language, by key.
#[derive(Clone, Debug, Default)]
pub struct Words(pub BTreeMap<String, String>);

impl Words {
    /// The wording of a key; the key where there is none, which a test of the issued list would show.
    pub fn get<'w>(&'w self, key: &'w str) -> &'w str {
        self.0.get(key).map_or(key, String::as_str)
    }

    /// The wording of a key with its places filled, each once through.
    pub fn fill(&self, key: &str, places: &[(&str, &str)]) -> String {
        let mut filled = String::new();
        let mut rest = self.get(key);
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let place = after.split_once('}').and_then(|(name, after)| {
                places.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value, after))
            });
            match place {
                Some((value, after)) => {
                    filled.push_str(value);
                    rest = after;
                }
                None => {
                    filled.push('{');
                    rest = after;
                }
            }
        }
        filled.push_str(rest);
        filled
    }
}

/// What an owner found out about a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answered {
    /// 无误: everything on the list is right.
    Confirmed,
    /// 有变更: something is not.
    Changed,
    /// 联系不上: nobody could be reached.
    Unreachable,
    /// 已停业: the customer is out of business.
    Closed,
    /// 不再合作: there are no dealings any more.
    Ended,
}

impl Answered {
    /// All of them with the key of their word, in the order of the list.
    pub const ALL: [(Answered, &'static str); 5] = [
        (Answered::Confirmed, "confirmed"),
        (Answered::Changed, "changed"),
        (Answered::Unreachable, "unreachable"),
        (Answered::Closed, "closed"),
        (Answered::Ended, "ended"),
    ];

    /// The key: also the word of the store and of scripts.
    pub fn key(self) -> &'static str {
        Self::ALL.iter().find(|(known, _)| *known == self).map_or("", |(_, key)| key)
    }

    /// The answer of a key.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == key).map(|(answered, _)| *answered)
    }

    /// Whether the customer was spoken to and the record stands verified from that day on.
    pub fn verifies(self) -> bool {
        matches!(self, Answered::Confirmed | Answered::Changed)
    }
}

/// What people write instead of the words of the list: (key of the result, what is written).
#[derive(Clone, Debug, Default)]
pub struct Synonyms(pub Vec<(String, String)>);

impl Synonyms {
    /// The result that a cell means; nothing where it says something else.
    pub fn read(&self, cell: &str, languages: &[Words]) -> Option<Answered> {
        let said = plain(cell);
        let word = |key: &str| languages.iter().any(|words| plain(words.get(key)) == said);
        let own = Answered::ALL.into_iter().find(|(_, key)| word(key)).map(|(answered, _)| answered);
        own.or_else(|| {
            let (key, _) = self.0.iter().find(|(_, written)| plain(written) == said)?;
            Answered::of_key(key)
        })
    }
}

/// A text without white space and marks of a sentence, in small letters: how answers and headers are compared.
pub fn plain(text: &str) -> String {
    fold(text)
        .chars()
        .filter(|letter| {
            !letter.is_whitespace() && !matches!(letter, '*' | ':' | '_' | '。' | '.' | '!' | ',' | '，' | '▼' | '"')
        })
        .flat_map(char::to_lowercase)
        .collect()
}
