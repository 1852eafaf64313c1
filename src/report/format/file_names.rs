//! Names of attachments that mail programs show and file systems take.
//!
//! Apart because two departments may differ only in a letter that no file name can hold. It knows no report.

use std::collections::BTreeSet;

/// Letters that a name may have before its ending; longer ones are shown badly by mail programs.
const LONGEST: usize = 60;

/// The names of a run's attachments with their ending, each as near to the wanted one as is legal.
pub fn legal<'n>(wanted: impl IntoIterator<Item = &'n str>, ending: &str) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let names = wanted.into_iter().map(|name| {
        let clean = clean(name);
        let mut candidate = clean.clone();
        let mut number = 1;
        while !taken.insert(candidate.to_lowercase()) {
            number += 1;
            candidate = format!("{clean}_{number}");
        }
        format!("{candidate}.{ending}")
    });
    names.collect()
}

/// The name with `_` for blanks, brackets, and what a file system refuses.
fn clean(name: &str) -> String {
    let mut clean = String::new();
    for letter in name.chars() {
        let refused = letter.is_whitespace()
            || letter.is_control()
            || "_\\/:*?\"<>|()[]{}（）【】《》〈〉「」“”：？&%#'`;,~$".contains(letter);
        match refused {
            true if clean.ends_with('_') => {}
            true => clean.push('_'),
            false => clean.push(letter),
        }
    }
    let short: String = clean.chars().take(LONGEST).collect();
    let trimmed = short.trim_matches(['_', '.', '-', ' ']);
    if trimmed.is_empty() { "report".to_owned() } else { trimmed.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attachment_name_is_made_legal_and_different() {
        let names =
            legal(["客户质量周报_国内/一部(东)_2026W47", "客户质量周报_国内_一部_东_2026W47", "..", "a b"], "xlsx");
        assert_eq!(
            names,
            [
                "客户质量周报_国内_一部_东_2026W47.xlsx",
                "客户质量周报_国内_一部_东_2026W47_2.xlsx",
                "report.xlsx",
                "a_b.xlsx"
            ]
        );
    }
}
