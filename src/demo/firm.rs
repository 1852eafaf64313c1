//! A customer as it ought to be: who it is, and its card with nothing wrong on it.
//!
//! Who it is follows from the seed and its number alone, so that another customer (a duplicate of it) and another week
//! can tell it anew without having kept it. It does not know of faults, nor of the other tables.

use chrono::{Datelike, NaiveDate, Weekday};

use super::Company;
use super::business;
use super::codes;
use super::dice::{Dice, Stream, later, scatter};
use super::people::{self, Staff};
use super::places::{PLACES, Place, ROADS};
use super::tables::{Cell, Row, at};
use super::words::{FIRST, REMARKS, SECOND, SECTORS, Sector};

pub(super) const KINDS: [&str; 6] = ["经销商", "供应商", "终端", "物流公司", "律师事务所", "银行"];
pub(super) const TIERS: [&str; 4] = ["重要", "稳定", "一般", "潜在"];
pub(super) const IMPORTANT: usize = 0;
pub(super) const STABLE: usize = 1;
pub(super) const ORDINARY: usize = 2;
pub(super) const POTENTIAL: usize = 3;

/// Who a customer is.
pub(super) struct Identity {
    pub(super) index: u64,
    pub(super) kind: &'static str,
    pub(super) name: String,
    /// The firm's own name in Latin letters, for its e-mail domain.
    pub(super) sound: String,
    pub(super) place: &'static Place,
    sector: &'static Sector,
    pub(super) code: String,
    /// Position in [`TIERS`]: what its contracts will make of it.
    pub(super) tier: usize,
    pub(super) department: usize,
    signed_on: NaiveDate,
    pub(super) entered_on: NaiveDate,
    /// The last day that this customer's dates may reach in the first week it is on file.
    pub(super) eve: NaiveDate,
}

impl Identity {
    /// Customer `index` of the company; from [`Company::customers`] on they are those who join in the second week.
    pub(super) fn of(company: &Company, index: u64) -> Self {
        let mut dice = Dice::new(company.seed, index, Stream::Identity);
        let bits = scatter(index, company.seed, 1);
        let place = &PLACES[bits & 63];
        let (sector, word) = (&SECTORS[bits >> 20 & 15], bits >> 18 & 3);
        let (first, second, third) = (FIRST[bits >> 6 & 63], SECOND[bits >> 12 & 63], SECOND[bits >> 18 & 63]);
        let kind = KINDS[dice.weighted(&[40, 22, 28, 5, 2, 3])];
        let joins = index >= company.customers as u64;
        let tier = match (joins, kind) {
            (true, _) => dice.weighted(&[0, 0, 40, 60]),
            (_, "经销商" | "供应商" | "终端") => dice.weighted(&[66, 156, 400, 378]),
            _ => dice.weighted(&[20, 80, 400, 500]),
        };
        let department = match kind {
            "银行" => people::FINANCE,
            "律师事务所" | "物流公司" => people::SERVICE,
            _ if tier == POTENTIAL && dice.permille(120) => people::MARKETING,
            _ if dice.permille(80) => people::OVERSEAS,
            _ => match place.region {
                "华东" | "华中" => people::EAST,
                "华南" | "西南" => people::SOUTH,
                _ => people::NORTH,
            },
        };
        let entered_on =
            if joins { later(company.as_of, dice.between(1, 5)) } else { entry_day(company, tier, &mut dice) };
        let signed_on = later(entered_on, -dice.between(0, 3));
        let core = if index % 5000 == 17 { "合计".to_owned() } else { format!("{}{}", first.0, second.0) };
        let name = match kind {
            "银行" => format!("{}股份有限公司{}{core}{}支行", codes::bank_name(&mut dice), place.name, third.0),
            "律师事务所" => format!("{}{core}{}律师事务所", place.name, third.0),
            "物流公司" => format!("{}{core}{}物流有限公司", place.name, third.0),
            _ => firm_name(place, &core, sector.words[word], department == people::OVERSEAS, &mut dice),
        };
        let authority = if kind == "律师事务所" { "31" } else { "91" };
        let modern = entered_on.year() > 2015 && dice.permille(700);
        let code = codes::credit_code(authority, place.division, scatter(index, company.seed, 2), modern);
        let eve = if joins { later(company.as_of, 6) } else { later(company.as_of, -1) };
        let sound = format!("{}{}", first.1, second.1);
        Self { index, kind, name, sound, place, sector, code, tier, department, signed_on, entered_on, eve }
    }

    /// The archive number: kind, year of entry, serial.
    pub(super) fn archive_no(&self) -> String {
        self.archive_no_of(self.entered_on.year())
    }

    /// The archive number with another year in it: one that no customer has.
    pub(super) fn archive_no_of(&self, year: i32) -> String {
        format!("{}{year}-{:03}", self.kind, self.index + 1)
    }

    /// An address at this firm's domain.
    pub(super) fn email(&self, local: &str, dice: &mut Dice) -> String {
        let ending = ["com", "com", "net", "org"][dice.below(4)];
        format!("{local}@{}.example.{ending}", self.sound)
    }

    /// A day between the customer's entry and its eve, at most so many days before the latter.
    pub(super) fn recent(&self, days: i64, dice: &mut Dice) -> NaiveDate {
        dice.day(self.entered_on.max(later(self.eve, -days)), self.eve)
    }

    /// The card, with nothing wrong on it.
    pub(super) fn card(&self, staff: &Staff, seed: u64) -> Row {
        let mut dice = Dice::new(seed, self.index, Stream::Card);
        let (contact, sound) = people::stranger(&mut dice);
        let local = format!("{sound}{}", dice.between(1, 999));
        let (bank, account) = codes::account(&mut dice, self.place);
        let larger = self.tier < ORDINARY;
        let mut card: Row = vec![
            self.archive_no().into(),
            self.name.clone().into(),
            self.kind.into(),
            self.code.clone().into(),
            people::stranger(&mut dice).0.into(),
            contact.into(),
            codes::telephone(&mut dice, self.place).into(),
            if larger || dice.permille(800) { self.email(&local, &mut dice).into() } else { "".into() },
            address(self.place, &mut dice).into(),
            self.place.postcode.into(),
            match dice.weighted(&[60, 15, 10, 15]) {
                0 => "".into(),
                1 => "无".into(),
                2 => "-".into(),
                _ => codes::landline(&mut dice, self.place).into(),
            },
            if larger || dice.permille(800) { self.sector.scope.into() } else { "".into() },
            if larger || dice.permille(850) { capital(larger, &mut dice) } else { "".into() },
            bank.into(),
            account.into(),
            if larger || dice.permille(900) { self.sector.industry.into() } else { "".into() },
            (match self.department {
                people::OVERSEAS => ["外资", "外资", "合资"][dice.below(3)],
                _ => ["民营", "国有", "合资", "外资", "个体"][dice.weighted(&[74, 12, 6, 4, 4])],
            })
            .into(),
            (if self.department == people::OVERSEAS { "海外" } else { self.place.region }).into(),
            TIERS[self.tier].into(),
            ["公开", "内部", "秘密", ""][dice.weighted(if larger { &[5, 60, 34, 1] } else { &[12, 80, 6, 2] })].into(),
            Company::departments()[self.department].0.into(),
            staff.owner(self.department, &mut dice).into(),
            Cell::Day(self.signed_on),
            Cell::Day(self.entered_on),
            Cell::Day(self.recent(150, &mut dice)),
            Cell::Day(self.recent(18, &mut dice)),
            Cell::Day(self.recent(75, &mut dice)),
            Cell::Day(self.recent(330, &mut dice)),
            if self.tier == IMPORTANT {
                dice.pick(&REMARKS).into()
            } else {
                match dice.weighted(&[60, 14, 8, 18]) {
                    0 => "".into(),
                    1 => "无".into(),
                    2 => "/".into(),
                    _ => dice.pick(&REMARKS).into(),
                }
            },
        ];
        card.extend(business::cells(self, seed));
        card
    }

    /// Puts another legal person, contact, telephone or address on the card, as happens in a week; names the field.
    pub(super) fn update(&self, card: &mut Row, dice: &mut Dice) -> &'static str {
        match dice.below(3) {
            0 => {
                card[at::PHONE] = codes::mobile(dice).into();
                "联系电话"
            }
            1 => {
                card[at::ADDRESS] = address(self.place, dice).into();
                "地址"
            }
            _ => {
                card[at::CONTACT] = people::stranger(dice).0.into();
                "联系人"
            }
        }
    }
}

fn firm_name(place: &Place, core: &str, word: &str, overseas: bool, dice: &mut Dice) -> String {
    let city = place.name;
    match if overseas { 2 } else { dice.weighted(&[52, 9, 14, 7, 5, 4, 9]) } {
        0 => format!("{city}{core}{word}有限公司"),
        1 => format!("{city}{core}{word}有限责任公司"),
        2 => format!("{core}（{city}）{word}有限公司"),
        3 => format!("{city}{core}{word}股份有限公司"),
        4 => format!("{city}{core}{word}（集团）有限公司"),
        5 => format!("{city}{core}{word}厂"),
        _ => format!("{city}{core}{word}有限公司{}分公司", PLACES[dice.below(64)].name),
    }
}

fn address(place: &Place, dice: &mut Dice) -> String {
    let mut text = format!("{}{}{}号", place.address, dice.pick(&ROADS), dice.between(1, 999));
    match dice.below(3) {
        0 => text.push_str(&format!("{}幢{}室", dice.between(1, 30), dice.between(1, 28) * 100 + dice.between(1, 12))),
        1 => text.push_str(&format!(
            "{}大厦{}层",
            ["国贸", "财富", "金融", "环球", "时代"][dice.below(5)],
            dice.between(2, 38)
        )),
        _ => {}
    }
    text
}

fn capital(larger: bool, dice: &mut Dice) -> Cell {
    let round = if larger { [500, 1000, 2000, 3000, 5000, 10000, 20000] } else { [10, 50, 100, 200, 300, 500, 1000] };
    let hundredths = dice.pick(&round) * 100;
    Cell::Amount(if dice.permille(60) {
        hundredths + dice.between(1, 99) * 100 + dice.between(0, 9) * 10
    } else {
        hundredths
    })
}

/// A working day on which a customer of that tier can have been entered: early enough for its contracts.
fn entry_day(company: &Company, tier: usize, dice: &mut Dice) -> NaiveDate {
    let year = company.as_of.year();
    let (oldest, newest) = [(13, 4), (12, 3), (9, 0), (6, 0)][tier];
    let first = NaiveDate::from_ymd_opt(year - oldest, 1, 3).unwrap_or(company.as_of);
    let last = NaiveDate::from_ymd_opt(year - newest, 12, 31).unwrap_or(company.as_of).min(later(company.as_of, -1));
    let day = dice.day(first, last);
    match day.weekday() {
        Weekday::Sat => later(day, -1),
        Weekday::Sun => later(day, -2),
        _ => day,
    }
}
