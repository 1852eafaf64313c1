//! What of a finding the page may show: nothing of a record above the clearance, and personal values masked.
//!
//! Apart because nobody knows who opens a file: it fails closed, and is the only way from a finding to the page. It
//! knows no layout.

use std::borrow::Cow;
use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, MatchKind};

use super::input::PageInput;
use crate::masking::Mask;
use crate::model::{Finding, Secrecy};

/// Shorter keys are mere numbers, which stand in any sentence; two Chinese characters are a name.
const SHORTEST_KEY: usize = 4;
const SHORTEST_NAME: usize = 2;

/// A finding as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen<'f> {
    /// The customer's name.
    pub customer: Cow<'f, str>,
    /// The record's key.
    pub record_key: &'f str,
    /// The value.
    pub value: Cow<'f, str>,
    /// What is wrong.
    pub message: Cow<'f, str>,
}

/// What is hidden from whoever opens the page.
pub struct Veil<'p> {
    input: &'p PageInput<'p>,
    hidden: Option<AhoCorasick>,
}

impl<'p> Veil<'p> {
    /// The veil of a page: what it hides follows from the clearance and from what records are above it.
    pub fn new(input: &'p PageInput<'p>) -> Self {
        let mut words: BTreeSet<&str> = input.hidden_words.iter().map(String::as_str).collect();
        // A record that is gone has left its name in the findings that it had.
        for finding in input.jobs.iter().filter_map(|job| job.findings.as_ref()).flatten() {
            if finding.secrecy > input.clearance {
                words.extend([finding.customer, finding.record_key]);
            }
        }
        words.retain(|word| word.chars().count() >= if word.is_ascii() { SHORTEST_KEY } else { SHORTEST_NAME });
        let hidden = (!words.is_empty())
            .then(|| AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words).ok())
            .flatten();
        Self { input, hidden }
    }

    /// What may be shown of a finding; nothing where it is above the clearance or names what is.
    pub fn see<'f>(&self, finding: &'f Finding<'f>) -> Option<Seen<'f>> {
        let clearance = self.input.clearance;
        let rule = match finding.field {
            "" => Some(Default::default()),
            field => self.input.fields.get(&(finding.table, field)).copied(),
        };
        if finding.secrecy > clearance || rule.is_some_and(|rule| rule.secrecy > clearance) {
            return None;
        }
        let texts = [finding.record_key, finding.customer, finding.value, &finding.message];
        if texts.iter().any(|text| self.names_hidden(text)) {
            return None;
        }
        // A field that the dictionary does not know any more may hold anything.
        let mask = rule.map_or(Some(Mask::Hidden), |rule| rule.mask);
        let (value, message) = match mask.filter(|_| !finding.value.is_empty()) {
            None => (Cow::Borrowed(finding.value), Cow::Borrowed(finding.message.as_ref())),
            Some(mask) => {
                let masked = mask.apply(finding.value);
                let message = finding.message.replace(finding.value, &masked);
                (Cow::Owned(masked), Cow::Owned(message))
            }
        };
        let customer = match self.input.customer_name {
            None => Cow::Borrowed(finding.customer),
            Some(mask) => Cow::Owned(mask.apply(finding.customer)),
        };
        Some(Seen { customer, record_key: finding.record_key, value, message: scrubbed(message) })
    }

    /// Whether a text names a record above the clearance.
    pub fn names_hidden(&self, text: &str) -> bool {
        self.input.clearance < Secrecy::Secret && self.hidden.as_ref().is_some_and(|hidden| hidden.is_match(text))
    }
}

/// A sentence without the telephone numbers, accounts and mail addresses of others that a check may have put into it.
fn scrubbed(text: Cow<'_, str>) -> Cow<'_, str> {
    const LONGEST_NUMBER: usize = 10;
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "@._+-".contains(letter);
    let mut scrubbed = String::new();
    let mut rest = text.as_ref();
    while let Some(start) = rest.find(is_part) {
        let word = &rest[start..];
        let word = &word[..word.find(|letter| !is_part(letter)).unwrap_or(word.len())];
        let longest = word.split(|letter: char| !letter.is_ascii_digit()).map(str::len).max().unwrap_or(0);
        scrubbed.push_str(&rest[..start]);
        if word.contains('@') {
            scrubbed.push_str(&Mask::Email.apply(word));
        } else if longest > LONGEST_NUMBER && !word.contains(|letter: char| letter.is_ascii_alphabetic()) {
            scrubbed.push_str(&Mask::Phone.apply(word));
        } else {
            scrubbed.push_str(word);
        }
        rest = &rest[start + word.len()..];
    }
    if scrubbed.is_empty() && rest.len() == text.len() {
        return text;
    }
    scrubbed.push_str(rest);
    if scrubbed == text { text } else { Cow::Owned(scrubbed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_loses_numbers_and_addresses_of_people() {
        let scrub = |text| scrubbed(Cow::Borrowed(text)).into_owned();
        assert_eq!(scrub("与 终端2023-072 的电话 13800000000 相同"), "与 终端2023-072 的电话 138****0000 相同");
        assert_eq!(scrub("寄到 peng@client.example 被退回"), "寄到 p***@client.example 被退回");
        assert_eq!(scrub("91130200MANFF9DT9Q 与 20261122"), "91130200MANFF9DT9Q 与 20261122");
        assert_eq!(scrub("超过 180 天未更新"), "超过 180 天未更新");
    }
}
