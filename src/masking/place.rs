//! Addresses of persons: down to the district, and no further.
//!
//! Apart because it reads place names. It knows no list of places, only how their names end.

use super::STARS;

/// How the names of provinces, cities and districts end, each level once.
const LEVELS: [&[&str]; 3] =
    [&["特别行政区", "自治区", "省"], &["自治州", "地区", "市", "盟"], &["区", "县", "旗", "市"]];
/// Ends that look like a district's and are a housing estate's.
const ESTATES: [&str; 7] = ["小区", "社区", "园区", "校区", "院区", "厂区", "街区"];
/// The longest name of a place, its end included.
const LONGEST: usize = 9;

/// 浙江省杭州市西湖区***; of an address that names no place, nothing.
pub fn to_district(address: &str) -> String {
    let address = address.trim();
    let mut rest = address;
    for ends in LEVELS {
        if let Some(length) = place(rest, ends) {
            rest = &rest[length..];
        }
    }
    let kept = &address[..address.len() - rest.len()];
    format!("{kept}{STARS}")
}

/// The bytes of the place name that a text begins with, if it begins with one of that level.
fn place(text: &str, ends: &[&str]) -> Option<usize> {
    let found = ends.iter().filter_map(|end| text.find(end).map(|at| at + end.len())).min()?;
    let name = &text[..found];
    let is_name = (2..=LONGEST).contains(&name.chars().count())
        && name.chars().all(|letter| matches!(letter, '\u{3400}'..='\u{9fff}'))
        && !ESTATES.iter().any(|estate| name.ends_with(estate))
        && !name.contains(['路', '街', '镇', '村', '号', '弄', '巷', '道', '苑', '楼']);
    is_name.then_some(found)
}
