//! What is on file about a customer beside its card: contacts, contracts, visits, changes; all as it ought to be.
//!
//! The contracts are made so that they amount to the tier on the card. Apart from the card because these are other
//! tables with rules of their own; it does not know of faults.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::codes;
use super::dice::{Dice, Stream, later};
use super::firm::{IMPORTANT, Identity, ORDINARY, STABLE};
use super::people::{self, Staff};
use super::tables::{Cell, Row, at};
use super::words::{OPINIONS, SUMMARIES, TITLES, TOPICS};

/// The persons to speak to at a customer; the first is the one on the card.
pub(super) fn contacts(who: &Identity, card: &Row, seed: u64) -> Vec<Row> {
    let mut dice = Dice::new(seed, who.index, Stream::Contacts);
    let count = if who.tier == IMPORTANT { 2 + dice.weighted(&[50, 35, 15]) } else { dice.weighted(&[10, 65, 20, 5]) };
    (0..count)
        .map(|position| {
            let mut row = contact(who, &mut dice);
            if position == 0 {
                row[1] = card[at::CONTACT].clone();
                row[3] = card[at::PHONE].clone();
                row[4] = card[at::EMAIL].clone();
            }
            row
        })
        .collect()
}

/// One more person.
pub(super) fn contact(who: &Identity, dice: &mut Dice) -> Row {
    let (name, sound) = people::stranger(dice);
    let local = format!("{sound}{}", dice.between(1, 999));
    let email = if dice.permille(700) { who.email(&local, dice).into() } else { Cell::Empty };
    vec![who.archive_no().into(), name.into(), dice.pick(&TITLES).into(), codes::mobile(dice).into(), email]
}

/// The contracts of the year of `as_of` and the three before it.
pub(super) fn contracts(who: &Identity, as_of: NaiveDate, seed: u64) -> Vec<Row> {
    let mut dice = Dice::new(seed, who.index, Stream::Contracts);
    let this_year = as_of.year();
    // In the last week of a year the second week lies in the next one: the tier must hold in both.
    let open_year = later(as_of, 7).year();
    let running = open_year == this_year;
    let mut deals: Vec<(i32, i64)> = Vec::new();
    match who.tier {
        // 500 in each of the last three years, one of them 200 or more, sometimes exactly.
        IMPORTANT => {
            for year in this_year - 3..open_year {
                match dice.weighted(&[82, 3, 15]) {
                    0 => deals.push((year, dice.between(510, 2600))),
                    1 => deals.push((year, 500)),
                    _ => deals.extend([(year, dice.between(260, 900)), (year, dice.between(260, 700))]),
                }
            }
            if running && dice.permille(600) {
                deals.push((this_year, dice.between(100, 1500)));
            }
        }
        // 100 in each of the last two years, one of them 50 or more; the year before them is too small for more.
        STABLE => {
            if dice.permille(400) {
                deals.push((this_year - 3, dice.between(30, 400)));
            }
            for year in this_year - 2..open_year {
                match dice.weighted(&[77, 3, 20]) {
                    0 => deals.push((year, dice.between(101, 450))),
                    1 => deals.push((year, 100)),
                    _ => deals.extend([(year, dice.between(60, 200)), (year, dice.between(45, 150))]),
                }
            }
            if running && dice.permille(400) {
                deals.push((this_year, dice.between(50, 400)));
            }
        }
        // Small ones, or a single larger one.
        ORDINARY => {
            let oldest = who.entered_on.year().max(open_year - 3);
            if dice.permille(250) {
                deals.push((dice.between(oldest.into(), this_year.into()) as i32, dice.between(20, 300)));
            } else {
                for _ in 0..1 + dice.weighted(&[74, 20, 6]) {
                    deals.push((dice.between(oldest.into(), this_year.into()) as i32, dice.between(3, 45)));
                }
            }
        }
        _ => {}
    }
    let mut rows: Vec<Row> = Vec::with_capacity(deals.len() + 1);
    for (year, whole) in deals {
        let odd = whole % 50 != 0 && dice.permille(300);
        let amount = whole * 100 + if odd { dice.between(1, 99) } else { 0 };
        let day = deal_day(who, year, as_of, &mut dice);
        let status = if day.year() == as_of.year() || dice.permille(150) { "履行中" } else { "已完成" };
        rows.push(contract(who, rows.len(), day, amount, status));
    }
    if dice.permille(if who.tier < ORDINARY { 60 } else { 25 }) {
        let day = deal_day(who, this_year - 1, as_of, &mut dice);
        let amount = dice.between(10, 800) * 100;
        rows.push(contract(who, rows.len(), day, amount, "作废"));
    }
    rows
}

/// One contract, the `position`-th of this customer.
pub(super) fn contract(who: &Identity, position: usize, day: NaiveDate, amount: i64, status: &'static str) -> Row {
    vec![
        format!("HT{}-{:05}{position:02}", day.year(), who.index + 1).into(),
        who.archive_no().into(),
        Cell::Day(day),
        Cell::Amount(amount),
        status.into(),
    ]
}

/// A day of that year, but not before the customer was entered nor after its eve.
fn deal_day(who: &Identity, year: i32, as_of: NaiveDate, dice: &mut Dice) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(year, 1, 4).unwrap_or(as_of).max(who.entered_on);
    let last = NaiveDate::from_ymd_opt(year, 12, 28).unwrap_or(as_of).min(who.eve);
    dice.day(first.min(who.eve), last)
}

/// The visits of the last year.
pub(super) fn visits(who: &Identity, staff: &Staff, owner: &Cell, as_of: NaiveDate, seed: u64) -> Vec<Row> {
    let mut dice = Dice::new(seed, who.index, Stream::Visits);
    let count = match who.tier {
        IMPORTANT => 3 + dice.below(3),
        STABLE => 1 + dice.below(3),
        ORDINARY => dice.weighted(&[42, 40, 18]),
        _ => dice.weighted(&[66, 28, 6]),
    };
    let first = later(as_of, -360).max(who.entered_on);
    (0..count)
        .map(|position| {
            let day = dice.day(first, later(as_of, -5).max(first));
            visit(who, staff, owner, position, day, &mut dice)
        })
        .collect()
}

/// One visit, the `position`-th of this customer, reported in time.
pub(super) fn visit(
    who: &Identity,
    staff: &Staff,
    owner: &Cell,
    position: usize,
    day: NaiveDate,
    dice: &mut Dice,
) -> Row {
    let visited_at = moment(day, dice.between(9, 17), dice.between(0, 11) * 5);
    let submitted_at = after(visited_at, if dice.permille(15) { 24 * 60 } else { dice.between(40, 20 * 60) });
    let visitor = if dice.permille(850) { owner.clone() } else { staff.owner(who.department, dice).into() };
    vec![
        format!("BF{}-{:05}{position:02}", day.format("%y%m%d"), who.index + 1).into(),
        who.archive_no().into(),
        Cell::Minute(visited_at),
        Cell::Minute(submitted_at),
        visitor,
        dice.pick(&TOPICS).into(),
        dice.pick(&SUMMARIES).into(),
        if dice.permille(450) { dice.pick(&OPINIONS).into() } else { "".into() },
        staff.head(who.department).into(),
        Cell::Day(later(day, dice.between(1, 3))),
    ]
}

/// So many minutes later; a minute more at midnight, which in a date cell looks like a date without a time.
pub(super) fn after(start: NaiveDateTime, minutes: i64) -> NaiveDateTime {
    let end = start + TimeDelta::minutes(minutes);
    if end.time() == NaiveTime::MIN { end + TimeDelta::minutes(1) } else { end }
}

fn moment(day: NaiveDate, hour: i64, minute: i64) -> NaiveDateTime {
    day.and_time(NaiveTime::MIN) + TimeDelta::minutes(hour * 60 + minute)
}

const CHANGED: [&str; 6] = ["联系电话", "地址", "联系人", "法定代表人", "开户行", "注册资本(万元)"];

/// The changes of the last months.
pub(super) fn changes(who: &Identity, staff: &Staff, seed: u64) -> Vec<Row> {
    let mut dice = Dice::new(seed, who.index, Stream::Changes);
    (0..dice.weighted(&[830, 140, 30]))
        .map(|position| {
            let field = dice.pick(&CHANGED);
            let learned_on = who.recent(240, &mut dice);
            change(who, staff, position, field, learned_on, &mut dice)
        })
        .collect()
}

/// One change, the `position`-th of this customer, registered in time.
pub(super) fn change(
    who: &Identity,
    staff: &Staff,
    position: usize,
    field: &'static str,
    learned_on: NaiveDate,
    dice: &mut Dice,
) -> Row {
    vec![
        format!("BG{}-{:05}{position:02}", learned_on.format("%y%m%d"), who.index + 1).into(),
        who.archive_no().into(),
        field.into(),
        Cell::Day(learned_on),
        Cell::Day(later(learned_on, dice.between(0, 2))),
        staff.head(who.department).into(),
    ]
}
