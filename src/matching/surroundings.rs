//! What the other records say about one: values that too many share, and short names that fit too many.
//!
//! Apart from the judgement because it looks at all records at once, before any pair is weighed.

use rayon::prelude::*;

use super::evidence::Evidence;
use super::judge::Record;
use super::keys::Keys;
use super::lexicon::lexicon;
use super::lexicon::place::Place;
use super::lexicon::words::Trade;
use super::name::Name;

/// How a value is looked at and put out.
struct Field {
    read: fn(&Evidence) -> u64,
    clear: fn(&mut Evidence),
}

const FIELDS: [Field; 6] = [
    Field { read: |evidence| evidence.account, clear: |evidence| evidence.account = 0 },
    Field { read: |evidence| evidence.phones[0], clear: |evidence| evidence.phones[0] = 0 },
    Field { read: |evidence| evidence.phones[1], clear: |evidence| evidence.phones[1] = 0 },
    Field { read: |evidence| evidence.address, clear: |evidence| evidence.address = 0 },
    Field { read: |evidence| evidence.email, clear: |evidence| evidence.email = 0 },
    Field { read: |evidence| evidence.domain, clear: |evidence| evidence.domain = 0 },
];

/// Puts out values that `crowd` or more records share under more than three names and places: an agent's telephone, an
/// office building, a placeholder. Says how many values that were.
pub(super) fn clear_crowds(records: &mut [Record], crowd: usize) -> usize {
    let mut crowds = 0;
    for field in FIELDS {
        let keys = Keys::of(records.len(), |index| (field.read)(&records[index].evidence));
        for range in keys.ranges(crowd.max(2)) {
            let members = keys.records(&range);
            if distinct_firms(records, &members) > 3 {
                crowds += 1;
                members.iter().for_each(|member| (field.clear)(&mut records[*member as usize].evidence));
            }
        }
    }
    crowds
}

/// How many cores of names, each in how many cities.
fn distinct_firms(records: &[Record], members: &[u32]) -> usize {
    let names = members.iter().filter_map(|member| records[*member as usize].name.as_ref());
    let mut firms: Vec<(u64, u16)> = names.map(|name| (name.core_hash, name.place.city)).collect();
    firms.sort_unstable();
    firms.dedup();
    firms.len()
}

/// Flags the records whose core is that of firms in many places or of many trades.
pub(super) fn flag_many(records: &mut [Record]) {
    let keys = Keys::of(records.len(), |index| records[index].name.as_ref().map_or(0, |name| name.core_hash));
    let ranges = keys.ranges(2);
    let flags: Vec<(u32, bool, bool)> = ranges
        .par_iter()
        .flat_map_iter(|range| {
            let members = keys.records(range);
            let surroundings = Surroundings::of(records, &members);
            let flag = |member: u32| {
                let name = records[member as usize].name.as_ref();
                name.map_or((member, false, false), |name| {
                    (member, surroundings.many_places(name), surroundings.many_trades(name))
                })
            };
            members.into_iter().map(flag).collect::<Vec<_>>()
        })
        .collect();
    for (member, places, trades) in flags {
        let record = &mut records[member as usize];
        record.many_places = places;
        record.many_trades = trades;
    }
}

/// The places and trades of firms that share a core, a few of each: enough to see a contradiction.
struct Surroundings {
    places: Vec<(Trade, Place)>,
    trades: Vec<(u16, Trade)>,
}

/// So many different places or trades are looked at.
const ENOUGH: usize = 64;

impl Surroundings {
    fn of(records: &[Record], members: &[u32]) -> Self {
        let mut surroundings = Self { places: Vec::new(), trades: Vec::new() };
        for name in members.iter().filter_map(|member| records[*member as usize].name.as_ref()) {
            let place = (name.trades[0], name.place);
            let trade = (name.place.province, name.trades[0]);
            if surroundings.places.len() < ENOUGH && !name.place.is_unsaid() && !surroundings.places.contains(&place) {
                surroundings.places.push(place);
            }
            if surroundings.trades.len() < ENOUGH && name.trades[0] != 0 && !surroundings.trades.contains(&trade) {
                surroundings.trades.push(trade);
            }
        }
        surroundings
    }

    /// Whether firms of this core and first trade are in places that contradict each other.
    fn many_places(&self, name: &Name) -> bool {
        let alike = || self.places.iter().filter(|(trade, _)| *trade == name.trades[0] || name.trades[0] == 0);
        let mut together = Place::default();
        alike().any(|(_, place)| {
            let contradicts = together.contradicts(*place);
            together = together.or(*place);
            contradicts
        })
    }

    /// Whether firms of this core, and of this province where the name says one, have trades that contradict.
    fn many_trades(&self, name: &Name) -> bool {
        let here = |province: u16| name.place.province == 0 || province == 0 || province == name.place.province;
        let mut alike = self.trades.iter().filter(|(province, _)| here(*province)).map(|(_, trade)| *trade);
        alike.next().is_some_and(|first| alike.any(|trade| !lexicon().trades.akin(first, trade)))
    }
}
