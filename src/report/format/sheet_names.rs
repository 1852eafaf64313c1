//! Names of sheets that Excel and WPS take: legal, short, and different from one another.
//!
//! Apart because one bad name makes a whole workbook unreadable. It knows no sheet.

use std::collections::BTreeSet;

const LONGEST: usize = 31;

/// The names of a workbook's sheets, each as near to the wanted one as is legal.
pub fn legal<'n>(wanted: impl IntoIterator<Item = &'n str>) -> Vec<String> {
    let mut taken = BTreeSet::from(["history".to_owned()]);
    wanted.into_iter().map(|name| unused(&clean(name), &mut taken)).collect()
}

/// The name without what Excel refuses in it.
fn clean(name: &str) -> String {
    let replaced: String = name
        .chars()
        .map(|letter| if letter.is_control() || "[]:*?/\\".contains(letter) { '_' } else { letter })
        .collect();
    let trimmed = replaced.trim().trim_matches('\'').trim();
    if trimmed.is_empty() { "Sheet".to_owned() } else { shortened(trimmed, LONGEST) }
}

fn unused(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut candidate = name.to_owned();
    let mut number = 1;
    while !taken.insert(candidate.to_lowercase()) {
        number += 1;
        let suffix = format!("_{number}");
        candidate = format!("{}{suffix}", shortened(name, LONGEST - suffix.len()));
    }
    candidate
}

/// As much of a name as fits; Excel counts in UTF-16.
fn shortened(name: &str, units: usize) -> String {
    let mut left = units;
    name.chars()
        .take_while(|letter| {
            let fits = letter.len_utf16() <= left;
            left = left.saturating_sub(letter.len_utf16());
            fits
        })
        .collect::<String>()
        .trim_end_matches(['\'', ' '])
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_name_is_made_legal_and_different() {
        let long = "国内销售一部/华东大区[重点客户]:上海*苏州?无锡\\常州等地的全部客户资料";
        let names = legal(["待办清单", "待办清单", "'引号'", "", "History", long, long]);
        assert_eq!(names[..5], ["待办清单", "待办清单_2", "引号", "Sheet", "History_2"]);
        for name in &names {
            assert!(
                name.encode_utf16().count() <= 31 && !name.contains(['[', ']', ':', '*', '?', '/', '\\']),
                "{name}"
            );
        }
        assert_ne!(names[5], names[6]);
        assert_eq!(shortened("ab𠮷", 3), "ab");
    }
}
