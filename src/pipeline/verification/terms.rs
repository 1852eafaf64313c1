//! What lists are written in: the settings of their report, the words in every language, and the fields with their headers.
//!
//! Apart because lists that go out and files that come back must speak the same. It knows no customer.

use super::made::IssueError;
use crate::dictionary::Dictionary;
use crate::report::verification::Settings;
use crate::text;
use crate::text::Language;
use crate::verify::{Field, Synonyms, Words};
use crate::workplace::Workplace;

/// The languages in which a list may come back.
const LANGUAGES: [Language; 2] = [Language::Zh, Language::En];

/// The report that attaches the lists, and its settings.
pub(super) fn settings(workplace: &Workplace) -> Option<(&str, &Settings)> {
    let templates = &workplace.templates;
    templates.names().into_iter().find_map(|name| Some((name, templates.verification(name)?)))
}

/// The same for whoever makes lists: without the settings nobody can.
pub(super) fn needed_settings(workplace: &Workplace) -> Result<(&str, &Settings), IssueError> {
    settings(workplace).ok_or_else(|| {
        IssueError::Nothing(text!(
            "没有一份报告带 [verification]，不知道核对表要列什么",
            "no report has a [verification] section, so that nobody knows what a list shows"
        ))
    })
}

/// The words of the lists in one language.
pub(super) fn words(workplace: &Workplace, language: Language) -> Words {
    Words(workplace.templates.words(language, "verification"))
}

/// The words in every language.
pub(super) fn all_words(workplace: &Workplace) -> Vec<Words> {
    LANGUAGES.iter().map(|language| words(workplace, *language)).collect()
}

/// What people write instead of the words.
pub(super) fn synonyms(settings: &Settings) -> Synonyms {
    let written = settings.synonyms.iter();
    Synonyms(written.flat_map(|(key, all)| all.iter().map(|one| (key.get_ref().clone(), one.clone()))).collect())
}

/// The fields of the customers by name, with their headers in every language.
pub(super) fn fields(dictionary: &Dictionary, language: Language) -> Vec<(Field, Vec<String>)> {
    let table = dictionary.table(&dictionary.customers.table);
    table
        .into_iter()
        .flat_map(|table| &table.fields)
        .map(|field| {
            let label = field.label(language).to_owned();
            let headers = [&field.label, &field.label_en].into_iter().chain(&field.aliases).cloned().collect();
            (Field { name: field.name.clone(), label, code: field.code }, headers)
        })
        .collect()
}
