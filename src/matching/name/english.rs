//! Reads names in Latin letters.
//!
//! Apart from the Chinese reader because words are between blanks here, and their order says little.

use super::tidy::plain;
use super::{Name, room};
use crate::matching::hash;
use crate::matching::lexicon::english::Word;
use crate::matching::lexicon::lexicon;
use crate::matching::lexicon::place::Place;

/// Words of two, written as one.
const JOINED: [(&str, &str, &str); 8] = [
    ("hong", "kong", "hongkong"),
    ("xi", "an", "xian"),
    ("real", "estate", "realestate"),
    ("supply", "chain", "supplychain"),
    ("i", "e", "ie"),
    ("s", "a", "sa"),
    ("p", "r", "prc"),
    ("l", "l", "llc"),
];

/// Takes a name in Latin letters apart.
pub(super) fn read(text: &str) -> Name {
    let words = words(text);
    let mut name = Name::default();
    let (mut core, mut weak, mut trades, mut branch) = (Vec::new(), 0, Vec::new(), Vec::new());
    for word in &words {
        match lexicon().english.word(word) {
            Some(Word::Legal) => name.legal |= 1,
            Some(Word::Weak) => weak = hash::mixed(weak, hash::of_text(word)),
            Some(Word::Branch) => branch.push(word.as_str()),
            Some(Word::Place(place)) => match within(name.place, place) {
                Some(finer) => name.place = finer,
                None => core.push(word.as_str()),
            },
            Some(Word::Trade(trade)) => {
                if !trades.contains(&trade) {
                    trades.push(trade);
                }
            }
            None => core.push(word.as_str()),
        }
    }
    if core.concat().len() < 2 {
        core =
            words.iter().map(String::as_str).filter(|word| lexicon().english.word(word) != Some(Word::Legal)).collect();
    }
    name.core = core.concat().chars().collect();
    name.stem = words.concat().chars().collect();
    name.trades = room(&trades);
    name.weak = weak;
    name.branch = if branch.is_empty() { 0 } else { hash::of_text(&branch.concat()) };
    name.person = name.is_bare() && (2..=3).contains(&words.len()) && branch.is_empty();
    name
}

/// The finer of two places, 中国 beside a city being the city; nothing where they contradict each other.
fn within(known: Place, place: Place) -> Option<Place> {
    let regions = &lexicon().regions;
    let (known, place) = (regions.bounds(known), if known.is_unsaid() { place } else { regions.bounds(place) });
    (!known.contradicts(place)).then(|| place.or(known))
}

/// Words in lower case; points and apostrophes inside a word do not divide it.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for character in text.chars() {
        if character.is_alphanumeric() {
            words.last_mut().into_iter().for_each(|word| word.extend(plain(character)));
        } else if !matches!(character, '.' | '\'' | '’' | '`') {
            words.push(String::new());
        }
    }
    words.retain(|word| !word.is_empty());
    joined(words)
}

fn joined(words: Vec<String>) -> Vec<String> {
    let mut joined: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        let pair =
            joined.last().and_then(|last| JOINED.iter().find(|(first, second, _)| last == first && word == *second));
        match pair {
            Some((_, _, whole)) => {
                joined.pop();
                joined.push((*whole).to_owned());
            }
            None => joined.push(word),
        }
    }
    joined
}
