//! Names of attachments that mail programs show and file systems take.
//!
//! Apart because two departments may differ only in a letter that no file name can hold. It knows no report.

use std::collections::BTreeSet;

/// Letters that a name may have before its ending; longer ones are shown badly by mail programs.
const LONGEST: usize = 60;
/// A last word of more letters is no period.
const LONGEST_PERIOD: usize = 12;

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
            || turns(letter)
            || "_\\/:*?\"<>|()[]{}（）【】《》〈〉「」“”：？&%#'`;,~$".contains(letter);
        match refused {
            true if clean.ends_with('_') => {}
            true => clean.push('_'),
            false => clean.push(letter),
        }
    }
    let short = shortened(&clean);
    let trimmed = short.trim_matches(['_', '.', '-', ' ']);
    if trimmed.is_empty() { "report".to_owned() } else { trimmed.to_owned() }
}

/// As much of a name as fits. Its last word stays, for that is the period: two weeks must not look alike.
fn shortened(name: &str) -> String {
    let cut = |letters: usize| name.chars().take(letters).collect::<String>();
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    match name.rsplit_once('_').map(|(_, last)| (last, last.chars().count())) {
        Some((last, letters)) if letters <= LONGEST_PERIOD => {
            format!("{}_{last}", cut(LONGEST - letters - 1).trim_end_matches('_'))
        }
        _ => cut(LONGEST),
    }
}

/// Whether a letter shows what follows in another direction: `gpj.exe` would look like `exe.jpg`.
fn turns(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attachment_name_is_made_legal_and_different() {
        let names =
            legal(["客户质量周报_国内/一部(东)_2026W47", "客户质量周报_国内_一部_东_2026W47", "..", "a b"], "xlsx");
        assert_eq!(legal(["周报\u{202e}xslx"], "xlsx"), ["周报_xslx.xlsx"]);
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
    #[test]
    fn a_name_that_is_too_long_keeps_the_period() {
        let long = "客户服务".repeat(20);
        let names = legal([format!("周报_{long}_2026W46").as_str(), &format!("周报_{long}_2026W47"), &long], "xlsx");
        assert!(names[0].ends_with("_2026W46.xlsx"), "{names:?}");
        assert!(names[1].ends_with("_2026W47.xlsx") && names[0] != names[1], "{names:?}");
        let letters: Vec<usize> = names.iter().map(|name| name.trim_end_matches(".xlsx").chars().count()).collect();
        assert_eq!(letters, [LONGEST, LONGEST, LONGEST]);
    }
}
