//! Reads names with Chinese characters.
//!
//! Apart from the English reader because these names have no blanks: words are found from both ends, by the lexicon.
//! The order is brackets, branch, places in front, then the end; what is left is the core.

use super::branch::{self, whole_place};
use super::ending::{self, Ending};
use super::marks::{Mark, Marks};
use super::numbers::{is_numeral, value};
use super::{Name, room, tidy};
use crate::matching::hash;
use crate::matching::lexicon::lexicon;
use crate::matching::lexicon::place::Place;
use crate::matching::lexicon::regions::{Found, is_han};

/// Words that begin an aside which is no part of the name.
const NOTES: [&str; 14] =
    ["原", "曾用名", "停用", "作废", "重复", "勿用", "旧", "新", "老客户", "已", "待", "暂", "测试", "备注"];

/// What may stand before the name of a person in trade.
const SOLE: [&str; 3] = ["个体工商户", "个体户", "个体"];

/// Takes a name with Chinese characters apart.
pub(super) fn read(text: &str) -> Name {
    let mut name = Marks::new(tidy(text));
    let mut place = Place::default();
    let mut branch = Vec::new();
    brackets(&mut name, &mut place, &mut branch);
    translation(&mut name);
    sole(&mut name);
    branch::part(&mut name, &mut branch);
    let mut numbers = ordinals(&mut name);
    let fronts = front(&mut name, &mut place);
    let ending = finish(&mut name, place, &fronts);
    numbers.extend(&ending.numbers);
    assemble(&name, &ending, &numbers, &branch)
}

/// Marks brackets and what stands in them.
fn brackets(name: &mut Marks, place: &mut Place, branch: &mut Vec<char>) {
    let mut start = None;
    for index in 0..name.characters.len() {
        match name.characters[index] {
            '(' => {
                name.marks[index] = Mark::Aside;
                start = Some(index + 1);
            }
            ')' => {
                name.marks[index] = Mark::Aside;
                if let Some(start) = start.take() {
                    let inside: Vec<usize> = (start..index).collect();
                    let mark = inside_brackets(&name.at(&inside), place, branch);
                    name.mark(&inside, mark);
                }
            }
            _ => {}
        }
    }
}

/// What the text in brackets is.
fn inside_brackets(text: &[char], place: &mut Place, branch: &mut Vec<char>) -> Mark {
    let lexicon = lexicon();
    if let Some(found) = whole_place(text, *place) {
        *place = found;
        return Mark::Place;
    }
    let text_of = |words: &[&str]| words.iter().any(|word| begins(text, word));
    if !text.iter().any(|character| is_han(*character)) || text_of(&NOTES) {
        return Mark::Aside;
    }
    let shop = text.len() > 2 && text.last().is_some_and(|last| "店部厂站仓".contains(*last));
    let legal = lexicon.legal_forms.at_end(text).is_some_and(|(length, _)| length == text.len());
    if !legal && (shop || branch::ends_so(text)) {
        branch.extend(text);
        return Mark::Branch;
    }
    if legal { Mark::Legal } else { Mark::Core }
}

/// Marks the English name behind a Chinese one.
fn translation(name: &mut Marks) {
    let open = name.open();
    let latin = open.iter().rev().take_while(|index| name.characters[**index].is_ascii_alphabetic()).count();
    let behind = open.len() - latin;
    let complete = lexicon().legal_forms.at_end(&name.at(&open[..behind])).is_some();
    if latin > 3 && behind > 3 && complete {
        name.mark(&open[behind..], Mark::Aside);
    }
}

/// Marks 个体户 before a person's name.
fn sole(name: &mut Marks) {
    let open = name.open();
    let text = name.at(&open);
    let length = SOLE.iter().find(|word| begins(&text, word)).map_or(0, |word| word.chars().count());
    if text.len() > length + 1 {
        name.mark(&open[..length], Mark::Legal);
    }
}

/// Marks numbers that begin with 第.
fn ordinals(name: &mut Marks) -> Vec<u32> {
    let open = name.open();
    let text = name.at(&open);
    let mut numbers = Vec::new();
    for start in 0..text.len() {
        let count = text[start + 1..].iter().take_while(|character| is_numeral(**character)).count();
        if text[start] == '第' && count > 0 && start + 1 + count < text.len() {
            numbers.push(value(&text[start + 1..=start + count]));
            name.mark(&open[start..=start + count], Mark::Number);
        }
    }
    numbers
}

/// Marks the places in front; each with the indexes it takes and what was known before it.
fn front(name: &mut Marks, place: &mut Place) -> Vec<(Vec<usize>, Found, Place)> {
    let mut fronts = Vec::new();
    loop {
        let open = name.open();
        let text = name.at(&open);
        let Some(found) = lexicon().regions.at_front(&text, *place).filter(|found| found.length < text.len()) else {
            return fronts;
        };
        let taken = open[..found.length].to_vec();
        name.mark(&taken, Mark::Place);
        fronts.push((taken, found, *place));
        *place = found.place;
    }
}

/// Reads the end. A place in front that leaves no core was the core: 黄山旅游, 江山贸易, 白云山制药.
fn finish(name: &mut Marks, place: Place, fronts: &[(Vec<usize>, Found, Place)]) -> Ending {
    let numbered = name.marks.contains(&Mark::Number);
    let open = name.open();
    let back = fronts.last().filter(|(_, found, _)| !found.marked);
    let before = name.marks.clone();
    let least = if back.is_some() || numbered { 0 } else { 2 };
    let ending = ending::read(name, open.clone(), place, least);
    let left = name.open().len();
    if left >= 2 || (numbered && left == 0) {
        return ending;
    }
    name.marks = before;
    let Some((taken, _, outer)) = back else { return ending::read(name, open, place, 2) };
    name.mark(taken, Mark::Core);
    ending::read(name, name.open(), *outer, taken.len())
}

fn assemble(name: &Marks, ending: &Ending, numbers: &[u32], branch: &[char]) -> Name {
    let mut core = name.with(|mark| mark == Mark::Core);
    if core.is_empty() {
        core = name.with(|mark| mark == Mark::Number);
    }
    let weak = name.with(|mark| mark == Mark::Weak);
    let (stem, known) = name.stem();
    let bare = ending.legal == 0 && ending.trades.is_empty() && branch.is_empty();
    let surname = core.first().is_some_and(|first| lexicon().characters.surname(*first));
    Name {
        person: bare && ending.place.is_unsaid() && surname && core.len() <= 3,
        core: core.into(),
        core_hash: 0,
        place: ending.place,
        trades: room(&ending.trades),
        weak: if weak.is_empty() { 0 } else { hash::of_characters(weak) },
        legal: ending.legal,
        branch: if branch.is_empty() { 0 } else { branch::hash(branch) },
        numbers: numbers.iter().fold(0, |hash, number| hash::mixed(hash, u64::from(*number) + 1)),
        stem: stem.into(),
        known,
    }
}

fn begins(text: &[char], word: &str) -> bool {
    let mut rest = text.iter();
    word.chars().all(|character| rest.next() == Some(&character))
}
