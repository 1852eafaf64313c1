//! The end of a Chinese name: legal forms, trades, places and numbers, taken off one after another.
//!
//! Apart from the rest of the reading because only here the order matters: the longest word that fits goes first.

use super::marks::{Mark, Marks};
use super::numbers::{is_numeral, value};
use crate::matching::lexicon::lexicon;
use crate::matching::lexicon::place::Place;
use crate::matching::lexicon::words::Trade;
use crate::matching::slip::{Slip, slip};

/// The lines of two classes in the file of legal forms.
const STOCK: u8 = 1;
const SOLE: u8 = 3;

/// What the end of a name said.
#[derive(Default)]
pub(super) struct Ending {
    pub(super) legal: u8,
    /// In the order of the name.
    pub(super) trades: Vec<Trade>,
    pub(super) numbers: Vec<u32>,
    pub(super) place: Place,
}

/// Takes words off the end of what is unmarked until nothing fits or only `least` characters are left.
pub(super) fn read(name: &mut Marks, mut open: Vec<usize>, place: Place, least: usize) -> Ending {
    let mut ending = Ending { place, ..Ending::default() };
    loop {
        let before = open.len();
        let text = name.at(&open);
        let Some((length, mark)) = step(&text, least, &mut ending) else { break };
        let taken = open.split_off(before - length);
        name.mark(&taken, mark);
    }
    ending.trades.reverse();
    ending
}

fn step(text: &[char], least: usize, ending: &mut Ending) -> Option<(usize, Mark)> {
    let lexicon = lexicon();
    let room = |length: &usize| text.len() >= length + least;
    let legal = lexicon.legal_forms.at_end(text);
    let legal = mistyped(text, legal).or(legal).filter(|(length, _)| room(length));
    let trade = lexicon.trades.at_end(text).filter(|(length, _)| room(length));
    match (legal, trade) {
        (Some((long, class)), trade) if trade.is_none_or(|(short, _)| long >= short) => {
            ending.legal |= 1 << class;
            Some((long, Mark::Legal))
        }
        (_, Some((length, 0))) => Some((length, Mark::Weak)),
        (_, Some((length, trade))) => {
            ending.trades.push(trade);
            Some((length, Mark::Trade))
        }
        _ => number(text, least, ending).or_else(|| place(text, ending)),
    }
}

/// A legal form with one slip in it: 有限公词, 有限责壬公司, 股扮有限公司.
fn mistyped(text: &[char], legal: Option<(usize, u8)>) -> Option<(usize, u8)> {
    const LIMITED: &[char] = &['有', '限', '公', '司'];
    const LIABILITY: &[char] = &['有', '限', '责', '任', '公', '司'];
    let (length, class) = legal.unwrap_or_default();
    if length == LIMITED.len() && text.ends_with(LIMITED) {
        return match text[..text.len() - length] {
            [.., _, '份'] | [.., '股', _] => Some((length + 2, STOCK)),
            [.., '股'] => Some((length + 1, STOCK)),
            _ => None,
        };
    }
    if text.ends_with(&LIABILITY[2..]) && length == LIMITED.len() {
        return match text[..text.len() - length] {
            [.., '有', _] | [.., _, '限'] => Some((length + 2, class)),
            [.., '有'] => Some((length + 1, class)),
            _ => None,
        };
    }
    if let ([.., '经', _, '部'], true) = (text, length < 3) {
        return Some((3, SOLE));
    }
    if length > 3 {
        return None;
    }
    [LIABILITY, LIMITED].into_iter().find_map(|form| {
        let lengths = [form.len(), form.len() + 1, form.len() - 1].into_iter().filter(|length| text.len() > *length);
        let mut slips = lengths
            .filter(|length| slip(&text[text.len() - length..], form).is_some_and(|slip| slip != Slip::Added(0)));
        slips.next().map(|length| (length, class))
    })
}

/// A number before a legal form such as 厂 or 店: 二厂, 第二.
fn number(text: &[char], least: usize, ending: &mut Ending) -> Option<(usize, Mark)> {
    let numerals = text.iter().rev().take_while(|character| is_numeral(**character)).count();
    let start = text.len() - numerals;
    let ordinal = start > 0 && text[start - 1] == '第';
    let shop = ending.legal & !1 != 0;
    let length = numerals + usize::from(ordinal);
    if numerals == 0 || !(ordinal || shop) || text.len() < length + least {
        return None;
    }
    ending.numbers.push(value(&text[start..]));
    Some((length, Mark::Number))
}

/// A province or city behind the core: 华联上海.
fn place(text: &[char], ending: &mut Ending) -> Option<(usize, Mark)> {
    (2..=4).rev().filter(|length| text.len() >= length + 2).find_map(|length| {
        let word = &text[text.len() - length..];
        let found = lexicon().regions.at_front(word, ending.place).filter(|found| found.length == length)?;
        let large = found.place.county == 0 || found.place.county == ending.place.county;
        let country = lexicon().regions.bounds(found.place).is_unsaid();
        (large && (found.place.city != 0 || found.marked || country)).then(|| {
            ending.place = found.place;
            (length, Mark::Place)
        })
    })
}
