//! Commits the faults: puts on the card and in the other tables what was decided in `faults`.
//!
//! Every fault has a generator of its own, so that one that is mended or added leaves the others as they were. It does
//! not know in which week it is, nor the harmless mess that any row can have (`typing`).

use chrono::{Datelike, NaiveDate};

use super::Company;
use super::dealings;
use super::dice::{Dice, Stream, later};
use super::faults::{Fault, Faults};
use super::firm::{IMPORTANT, Identity, KINDS, ORDINARY, POTENTIAL, TIERS};
use super::people::Staff;
use super::slips;
use super::tables::{Cell, Row, Table, at};

/// All that is on file about a customer.
pub(super) struct Dossier {
    pub(super) card: Row,
    pub(super) contacts: Vec<Row>,
    pub(super) contracts: Vec<Row>,
    pub(super) visits: Vec<Row>,
    pub(super) changes: Vec<Row>,
}

impl Dossier {
    /// The other tables' rows.
    pub(super) fn dealings(&self) -> [(Table, &Vec<Row>); 4] {
        [
            (Table::Contacts, &self.contacts),
            (Table::Contracts, &self.contracts),
            (Table::Visits, &self.visits),
            (Table::Changes, &self.changes),
        ]
    }

    fn clear_dealings(&mut self) {
        for rows in [&mut self.contacts, &mut self.contracts, &mut self.visits, &mut self.changes] {
            rows.clear();
        }
    }

    /// Writes another archive number on the card and on all that refers to it.
    fn renumber(&mut self, number: &str) {
        self.card[at::ARCHIVE_NO] = number.to_owned().into();
        for (column, rows) in
            [(0, &mut self.contacts), (1, &mut self.contracts), (1, &mut self.visits), (1, &mut self.changes)]
        {
            for row in rows {
                row[column] = number.to_owned().into();
            }
        }
    }
}

/// What the faults are committed on.
pub(super) struct Scene<'a> {
    pub(super) company: &'a Company,
    pub(super) staff: &'a Staff,
    pub(super) who: &'a Identity,
}

impl Scene<'_> {
    /// Commits all of the faults, in their order.
    pub(super) fn commit(&self, faults: Faults, dossier: &mut Dossier) {
        for fault in faults.iter() {
            let mut dice = Dice::variant(self.company.seed, self.who.index, Stream::Mess, fault as u64);
            self.commit_one(fault, dossier, &mut dice);
        }
    }

    fn commit_one(&self, fault: Fault, dossier: &mut Dossier, dice: &mut Dice) {
        let (who, as_of) = (self.who, self.company.as_of);
        let card = &mut dossier.card;
        match fault {
            Fault::Twin => {
                let other = self.earlier(dice);
                card[at::NAME] = slips::same_name(&other.name, dice).into();
                card[at::USCC] = other.code.into();
            }
            Fault::SharedCode => card[at::USCC] = self.earlier(dice).code.into(),
            Fault::SharedNumber => {
                let other = self.earlier(dice);
                dossier.clear_dealings();
                dossier.card[at::ARCHIVE_NO] = other.archive_no().into();
                dossier.card[at::KIND] = other.kind.into();
                dossier.card[at::TIER] = TIERS[other.tier].into();
                dossier.card[at::REMARK] = "与原档案合并中".into();
            }
            Fault::Tier => self.tier(dossier, dice),
            Fault::Amount => {
                let year = as_of.year();
                let harmless =
                    |row: &&mut Row| who.tier >= ORDINARY || matches!(row[2], Cell::Day(day) if day.year() == year);
                if let Some(row) = dossier.contracts.iter_mut().find(harmless) {
                    let whole = if let Cell::Amount(hundredths) = row[3] { hundredths / 100 } else { 0 };
                    row[3] = slips::amount(whole, dice).into();
                }
            }
            Fault::FewContacts => dossier.contacts.truncate(dice.below(2)),
            Fault::NoRemark => card[at::REMARK] = slips::placeholder(dice).into(),
            Fault::Missing => self.forget(card, 1, dice),
            Fault::MissingMore => self.forget(card, 4, dice),
            Fault::VisitGap => {
                let gap = dice.pick(&[3, 4, 5, 6, 6, 8, 8]);
                self.first_visit(dossier, dice)[gap] = slips::placeholder(dice).into();
            }
            Fault::Code => card[at::USCC] = slips::code(&who.code, dice).into(),
            Fault::Phone => card[at::PHONE] = slips::phone(card[at::PHONE].as_text(), dice).into(),
            Fault::Email => card[at::EMAIL] = slips::email(card[at::EMAIL].as_text(), dice).into(),
            Fault::Postcode => card[at::POSTCODE] = slips::postcode(who.place.postcode, dice).into(),
            Fault::ArchiveNo => dossier.renumber(&slips::archive_no(&who.archive_no(), who.kind, dice)),
            Fault::Unreadable => match dice.below(6) {
                0 | 1 => card[at::SIGNED_ON] = slips::date(who.entered_on.year(), dice).into(),
                2 | 3 => card[at::ENTERED_ON] = slips::date(who.entered_on.year(), dice).into(),
                4 => card[at::UPDATED_ON] = slips::date(as_of.year(), dice).into(),
                _ => card[at::CAPITAL] = slips::amount(500, dice).into(),
            },
            Fault::DamagedAccount => {
                let digits = card[at::ACCOUNT].as_text().get(..15).and_then(|digits| digits.parse::<u64>().ok());
                card[at::ACCOUNT] = Cell::Damaged(digits.unwrap_or(320_501_600_000_000) * 1000);
            }
            Fault::OwnerLeft => card[at::OWNER] = self.staff.former(who.department, dice).into(),
            Fault::OwnerLeaving => card[at::OWNER] = self.staff.leaving().into(),
            Fault::Orphan => self.orphan(dossier, dice),
            Fault::StaleSales => card[at::SALES_VERIFIED_ON] = self.stale(33, 200, dice),
            Fault::StaleFeedback => card[at::FEEDBACK_ON] = self.stale(95, 400, dice),
            Fault::StaleReconciled => card[at::RECONCILED_ON] = self.stale(370, 900, dice),
            Fault::StaleUpdate => card[at::UPDATED_ON] = self.stale(185, 900, dice),
            Fault::Ageing => card[at::SALES_VERIFIED_ON] = self.stale(26, 27, dice),
            Fault::LateEntry => card[at::SIGNED_ON] = Cell::Day(later(who.entered_on, -dice.between(25, 90))),
            Fault::LateChange => {
                let learned_on = who.recent(120, dice);
                let mut row = dealings::change(who, self.staff, 9, "联系人", learned_on, dice);
                row[4] = Cell::Day(later(learned_on, dice.between(20, 45)));
                dossier.changes.push(row);
            }
            Fault::LateVisit => {
                let late = dice.between(25 * 60, 200 * 60);
                let visit = self.first_visit(dossier, dice);
                if let Cell::Minute(visited_at) = visit[2] {
                    visit[3] = Cell::Minute(dealings::after(visited_at, late));
                }
            }
            Fault::NoArchiveNo => {
                dossier.clear_dealings();
                dossier.card[at::ARCHIVE_NO] = slips::placeholder(dice).into();
                dossier.card[at::TIER] = TIERS[POTENTIAL].into();
            }
        }
    }

    /// A customer shortly before this one.
    fn earlier(&self, dice: &mut Dice) -> Identity {
        let back = 1 + dice.below(self.who.index.min(300) as usize) as u64;
        Identity::of(self.company, self.who.index.saturating_sub(back))
    }

    /// Another tier on the card than the contracts make; or contracts that just miss the tier on the card.
    fn tier(&self, dossier: &mut Dossier, dice: &mut Dice) {
        let last_year = self.company.as_of.year() - 1;
        if self.who.tier == IMPORTANT && dice.permille(300) {
            let mut rows =
                dossier.contracts.iter_mut().filter(|row| matches!(row[2], Cell::Day(day) if day.year() == last_year));
            if let Some(row) = rows.next() {
                row[3] = Cell::Amount(49_999);
            }
            rows.for_each(|row| row[4] = "作废".into());
            return;
        }
        dossier.card[at::TIER] = match dice.weighted(&[70, 8, 22]) {
            0 => TIERS[(self.who.tier + [1, 3, 1][dice.below(3)]) % 4].into(),
            1 => slips::placeholder(dice).into(),
            _ => dice.pick(&["VIP", "A类", "重点", "普通", "重要客户"]).into(),
        };
    }

    /// Leaves so many fields empty that this customer must have.
    fn forget(&self, card: &mut Row, count: usize, dice: &mut Dice) {
        let mut fields = vec![at::ADDRESS, at::OWNER, at::ENTERED_ON];
        if KINDS[..3].contains(&self.who.kind) {
            fields.extend([at::LEGAL_REP, at::USCC, at::LEGAL_REP, at::USCC]);
        }
        if matches!(self.who.kind, "供应商") {
            fields.extend([at::BANK, at::ACCOUNT, at::BANK]);
        } else {
            fields.extend([at::CONTACT, at::PHONE, at::CONTACT]);
        }
        if self.who.tier < ORDINARY {
            fields.extend([at::EMAIL, at::SCOPE, at::CAPITAL, at::INDUSTRY]);
        }
        if dice.permille(40) {
            fields = vec![at::NAME, at::KIND, at::DEPARTMENT];
        }
        for _ in 0..count {
            card[dice.pick(&fields)] = slips::placeholder(dice).into();
        }
    }

    /// A date too long ago; nothing where the customer was not yet there.
    fn stale(&self, least: i64, most: i64, dice: &mut Dice) -> Cell {
        let day: NaiveDate = later(self.company.as_of, -dice.between(least, most));
        if day < self.who.entered_on || most > 100 && dice.permille(120) {
            slips::placeholder(dice).into()
        } else {
            Cell::Day(day)
        }
    }

    /// The customer's first visit, made up where it has none.
    fn first_visit<'d>(&self, dossier: &'d mut Dossier, dice: &mut Dice) -> &'d mut Row {
        if dossier.visits.is_empty() {
            let day = self.who.recent(200, dice);
            let visit = dealings::visit(self.who, self.staff, &dossier.card[at::OWNER], 0, day, dice);
            dossier.visits.push(visit);
        }
        &mut dossier.visits[0]
    }

    /// A row that seems to belong to this customer, under a number that is nobody's, or under none.
    fn orphan(&self, dossier: &mut Dossier, dice: &mut Dice) {
        let who = self.who;
        let day = who.recent(300, dice);
        let number: Cell = match dice.below(4) {
            0 => slips::placeholder(dice).into(),
            _ => who.archive_no_of(who.entered_on.year() - 1).into(),
        };
        match dice.weighted(&[40, 30, 30]) {
            0 => {
                let amount = dice.between(5, 300) * 100;
                let mut row = dealings::contract(who, 90, day, amount, "履行中");
                row[1] = number;
                dossier.contracts.push(row);
            }
            1 => {
                let mut row = dealings::visit(who, self.staff, &dossier.card[at::OWNER], 90, day, dice);
                row[1] = number;
                dossier.visits.push(row);
            }
            _ => {
                let mut row = dealings::contact(who, dice);
                row[0] = number;
                dossier.contacts.push(row);
            }
        }
    }
}
