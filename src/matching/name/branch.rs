//! The part of a firm that a Chinese name speaks of: 北京分公司, 第二门市部, 人民路店.
//!
//! Apart from the rest of the reading because a branch is told by what stands before it, a place, a number or a street,
//! which would otherwise be read as the firm's own.

use super::marks::{Mark, Marks};
use super::numbers::is_numeral;
use crate::matching::hash::{mixed, of_characters};
use crate::matching::lexicon::lexicon;
use crate::matching::lexicon::place::Place;
use crate::matching::lexicon::regions::Found;

/// Words behind which a name speaks of a part of the firm.
const BRANCHES: [&str; 24] = [
    "分公司",
    "子公司",
    "支公司",
    "分店",
    "分厂",
    "分部",
    "办事处",
    "代表处",
    "联络处",
    "营业部",
    "营业厅",
    "营业所",
    "分理处",
    "分行",
    "支行",
    "分所",
    "分站",
    "分社",
    "分院",
    "分校",
    "分中心",
    "项目部",
    "直营店",
    "加盟店",
];
/// Whether a text ends as a branch does.
pub(super) fn ends_so(text: &[char]) -> bool {
    BRANCHES.iter().any(|word| ends(text, word))
}

/// A text that is a place from its first to its last character.
pub(super) fn whole_place(text: &[char], within: Place) -> Option<Place> {
    let mut place = within;
    let mut rest = text;
    while !rest.is_empty() {
        let found = lexicon().regions.at_front(rest, place).or_else(|| {
            let single = lexicon().regions.named(rest).filter(|single| !single.contradicts(place));
            single.map(|single| Found { length: rest.len(), place: single.or(place), marked: false })
        })?;
        place = found.place;
        rest = &rest[found.length..];
    }
    (!text.is_empty()).then_some(place)
}

/// Marks what makes the name a part of a firm: what follows 公司, or ends in a word such as 分公司.
pub(super) fn part(name: &mut Marks, branch: &mut Vec<char>) {
    let open = name.open();
    let text = name.at(&open);
    let company = (2..text.len().saturating_sub(3)).find(|at| {
        text[*at..at + 2] == ['公', '司']
            && !"分子支".contains(text[at - 1])
            && lexicon().legal_forms.at_end(&text[at + 2..]).is_none_or(|(length, _)| length < text.len() - at - 2)
    });
    if let Some(at) = company {
        let behind = &open[at + 2..];
        if whole_place(&text[at + 2..], Place::default()).is_some_and(|place| place.county == 0) {
            // 华联公司上海 says where, not which part; the ending finds the place.
            name.mark(&open[at..at + 2], Mark::Legal);
            return;
        }
        branch.extend(&text[at + 2..]);
        name.mark(behind, Mark::Branch);
    } else if let Some(length) = BRANCHES.iter().filter(|word| ends(&text, word)).map(|word| word.chars().count()).max()
    {
        let start = branch_start(&text, text.len() - length);
        branch.extend(&text[start..]);
        name.mark(&open[start..], Mark::Branch);
    } else if let Some(start) = street_shop(&text) {
        branch.extend(&text[start..]);
        name.mark(&open[start..], Mark::Branch);
    }
}

/// Where the number or place before 分公司 and the like begins.
fn branch_start(text: &[char], end: usize) -> usize {
    let numerals = text[..end].iter().rev().take_while(|character| is_numeral(**character)).count();
    let ordinal = usize::from(end > numerals && text[end - numerals - 1] == '第');
    let end = end - if numerals > 0 { numerals + ordinal } else { 0 };
    let places = (2..=8).rev().filter(|length| end >= length + 2);
    let place =
        places.map(|length| end - length).find(|start| whole_place(&text[*start..end], Place::default()).is_some());
    let street =
        || (2..=4).find(|length| end > length + 2 && trade_before(text, end - length)).map(|length| end - length);
    place.or_else(street).unwrap_or(end)
}

/// 华联超市人民路店: what stands between a trade and 店 names one shop of the firm.
fn street_shop(text: &[char]) -> Option<usize> {
    let (last, before) = text.split_last()?;
    let numbered = before.last().is_some_and(|character| is_numeral(*character));
    let traded = lexicon().trades.at_end(before).is_some()
        || lexicon().legal_forms.at_end(text).is_some_and(|(length, _)| length > 1);
    if *last != '店' || numbered || traded {
        return None;
    }
    (2..=6)
        .filter(|length| text.len() > length + 2)
        .map(|length| text.len() - 1 - length)
        .find(|start| trade_before(text, *start))
}

fn trade_before(text: &[char], end: usize) -> bool {
    lexicon().trades.at_end(&text[..end]).is_some_and(|(length, trade)| trade != 0 && end > length + 1)
}

/// A branch by its place and number rather than by how they are written.
pub(super) fn hash(branch: &[char]) -> u64 {
    let found = lexicon().regions.at_front(branch, Place::default());
    let (place, rest) = found.map_or((Place::default(), branch), |found| (found.place, &branch[found.length..]));
    let rest = rest.iter().copied().filter(|character| *character != '第');
    let place = u64::from(place.province) << 48 | u64::from(place.city) << 32 | u64::from(place.county);
    mixed(place, of_characters(rest))
}

fn ends(text: &[char], word: &str) -> bool {
    let mut rest = text.iter().rev();
    word.chars().rev().all(|character| rest.next() == Some(&character)) && rest.next().is_some()
}
