//! Places: provinces, cities and counties, as they begin names and addresses.
//!
//! Apart from the other words because places lie within one another: 昆山 is in 苏州 and contradicts 无锡. It knows no
//! streets.

use std::collections::HashMap;

use super::place::{Place, county};
use super::{Words, characters_of, lines};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Province,
    City,
    County,
}

#[derive(Clone, Copy)]
struct Entry {
    place: Place,
    level: Level,
    /// Known without a word such as 县 behind it.
    bare: bool,
}

/// A place found at the front of a text.
#[derive(Clone, Copy)]
pub(in crate::matching) struct Found {
    /// How many characters it takes.
    pub(in crate::matching) length: usize,
    /// The place.
    pub(in crate::matching) place: Place,
    /// Whether a word such as 市 says that it is a place.
    pub(in crate::matching) marked: bool,
}

/// All places.
pub(in crate::matching) struct Regions {
    entries: Words<Vec<Entry>>,
    divisions: HashMap<u8, u16>,
    country: u16,
}

const PROVINCE_MARKS: [&str; 6] = ["维吾尔自治区", "特别行政区", "壮族自治区", "回族自治区", "自治区", "省"];
const CITY_MARKS: [&str; 4] = ["市", "地区", "州", "盟"];
const COUNTY_MARKS: [&str; 5] = ["市", "县", "区", "旗", "镇"];
const ZONES: [&str; 16] = [
    "高新技术产业开发区",
    "经济技术开发区",
    "高新技术开发区",
    "经济开发区",
    "自由贸易试验区",
    "自由贸易区",
    "综合保税区",
    "工业园区",
    "高新区",
    "开发区",
    "经开区",
    "工业园",
    "工业区",
    "保税区",
    "自贸区",
    "产业园",
];
/// Words that end like a place and are none.
const NO_PLACES: [&str; 14] =
    ["超市", "城市", "都市", "夜市", "菜市", "门市", "社区", "小区", "园区", "景区", "校区", "特区", "山区", "厂区"];

/// Words that begin with what else is the mark of a place: 鑫邦市政工程 is of no city 鑫邦.
const BEGUN: [&str; 9] = ["市政", "市场", "市民", "市井", "区块", "区域", "旗舰", "乡村", "县域"];

/// Whether a mark is the beginning of another word.
fn begins_a_word(behind: &[char]) -> bool {
    BEGUN.iter().any(|word| prefix(behind, word) > 0)
}

impl Regions {
    pub(super) fn read(file: &'static str) -> Self {
        let mut regions = Self { entries: Words::default(), divisions: HashMap::new(), country: 0 };
        let (mut provinces, mut cities) = (0_u16, 0_u16);
        let mut capital = "";
        for line in lines(file) {
            if let Some(rest) = line.strip_prefix('@') {
                provinces += 1;
                capital = regions.add_province(rest, provinces);
            } else if let Some((city, counties)) = line.split_once(':') {
                cities += 1;
                let place = Place { province: provinces, city: cities, county: 0 };
                if city == capital && counties.contains('|') && city != "吉林" {
                    regions.entries.remove(&*characters_of(city));
                }
                regions.add(city, Entry { place, level: Level::City, bare: true });
                regions.add_counties(counties, place);
            }
        }
        regions.country = regions.named(&['中', '国']).map_or(0, |place| place.province);
        regions
    }

    fn add_province(&mut self, line: &'static str, province: u16) -> &'static str {
        let mut words = line.split_whitespace();
        let division = words.next().and_then(|code| code.parse().ok()).unwrap_or(0);
        if division != 0 {
            self.divisions.insert(division, province);
        }
        let mut first = "";
        for word in words {
            first = if first.is_empty() { word } else { first };
            let place = Place { province, ..Place::default() };
            self.add(word, Entry { place, level: Level::Province, bare: true });
        }
        first
    }

    fn add_counties(&mut self, counties: &str, city: Place) {
        let (bare, marked) = counties.split_once('|').unwrap_or((counties, ""));
        for (words, bare) in [(bare, true), (marked, false)] {
            for word in words.split_whitespace() {
                let place = Place { county: county(&characters_of(word), bare), ..city };
                self.add(word, Entry { place, level: Level::County, bare });
            }
        }
    }

    fn add(&mut self, word: &str, entry: Entry) {
        self.entries.entry(characters_of(word)).or_default().push(entry);
    }

    /// The province of the first two digits of a division code.
    pub(in crate::matching) fn division(&self, division: u8) -> Place {
        Place { province: self.divisions.get(&division).copied().unwrap_or(0), ..Place::default() }
    }

    /// The one province or city of a name.
    pub(in crate::matching) fn named(&self, word: &[char]) -> Option<Place> {
        self.entries.get(word)?.first().filter(|entry| entry.bare).map(|entry| entry.place)
    }

    /// What a place says that a finer one may not contradict: 中国 says nothing.
    pub(in crate::matching) fn bounds(&self, place: Place) -> Place {
        if place.province == self.country { Place::default() } else { place }
    }

    /// The place at the front, within what is known already.
    pub(in crate::matching) fn at_front(&self, text: &[char], within: Place) -> Option<Found> {
        let within = self.bounds(within);
        self.known(text, within).or_else(|| zone(text, within)).or_else(|| unknown(text, within))
    }

    fn known(&self, text: &[char], within: Place) -> Option<Found> {
        (1..=text.len().min(6)).rev().find_map(|length| {
            let entries = self.entries.get(&text[..length])?;
            let fits = entries.iter().filter(|entry| !entry.place.contradicts(within));
            let found: Vec<Found> = fits.filter_map(|entry| found(*entry, text, length, within)).collect();
            let longest = found.iter().map(|found| found.length).max()?;
            let mut longest = found.into_iter().filter(|found| found.length == longest);
            let first = longest.next()?;
            // 鼓楼区 is in many cities: without a city before it only its name is known.
            let many = first.place.county != 0 && longest.any(|other| other.place.city != first.place.city);
            let place = if many { Place { county: first.place.county, ..within } } else { first.place };
            Some(Found { place, ..first })
        })
    }
}

/// The place of an entry that begins a text, with the mark behind it.
fn found(entry: Entry, text: &[char], length: usize, within: Place) -> Option<Found> {
    let marks: &[&str] = match entry.level {
        Level::Province => &PROVINCE_MARKS,
        Level::City => &CITY_MARKS,
        // 中山市 is the city, 中山区 is in 大连.
        Level::County => &COUNTY_MARKS[usize::from(!entry.bare)..],
    };
    let behind = &text[length..];
    let mark = marks.iter().map(|mark| prefix(behind, mark)).max().unwrap_or(0).max(autonomous(behind, entry.level));
    let mark = if mark == 1 && begins_a_word(behind) { 0 } else { mark };
    let inside = within.city != 0 && within.city == entry.place.city || within.province == entry.place.province;
    let said = entry.bare && length > 1 || inside && !within.is_unsaid() && entry.level == Level::County;
    let place = entry.place.or(within);
    (mark > 0 && length > 1 || said).then_some(Found { length: length + mark, place, marked: mark > 0 })
}

/// The length of 朝鲜族自治州 and the like.
fn autonomous(behind: &[char], level: Level) -> usize {
    if level == Level::Province {
        return 0;
    }
    let at = behind.windows(2).take(9).position(|pair| pair == ['自', '治']);
    at.filter(|at| behind.get(at + 2).is_some_and(|mark| "州县旗".contains(*mark))).map_or(0, |at| at + 3)
}

/// A zone without a name of its own.
fn zone(text: &[char], within: Place) -> Option<Found> {
    if within.is_unsaid() {
        return None;
    }
    let length = ZONES.iter().map(|zone| prefix(text, zone)).max().filter(|length| *length > 0)?;
    Some(Found { length, place: within, marked: true })
}

/// A county that the lexicon does not have, told by the mark behind it.
fn unknown(text: &[char], within: Place) -> Option<Found> {
    let marks = if within.is_unsaid() { "市县" } else { "市县区旗镇乡" };
    let is_mark = |at: &usize| text.get(*at).is_some_and(|mark| marks.contains(*mark)) && !begins_a_word(&text[*at..]);
    let at = (2..=4).find(is_mark)?;
    let ends_otherwise = NO_PLACES.iter().any(|word| word.chars().eq(text[at - 1..=at].iter().copied()));
    let zone = ZONES
        .iter()
        .any(|zone| text[..=at].windows(zone.chars().count()).any(|part| zone.chars().eq(part.iter().copied())));
    if ends_otherwise || zone || !text[..at].iter().all(|character| is_han(*character)) {
        return None;
    }
    let county = if within.county == 0 { county(&text[..at], "市县".contains(text[at])) } else { within.county };
    Some(Found { length: at + 1, place: Place { county, ..within }, marked: true })
}

/// The length of a word if the text begins with it.
fn prefix(text: &[char], word: &str) -> usize {
    let mut length = 0;
    for character in word.chars() {
        if text.get(length) != Some(&character) {
            return 0;
        }
        length += 1;
    }
    length
}

/// Whether a character is Chinese.
pub(in crate::matching) fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '〇')
}
