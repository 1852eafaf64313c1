//! What the second week does to the company of the first: some faults mended, a few made, ordinary changes, customers
//! gone, customers come, rows that stand elsewhere.
//!
//! Apart from the customers because it is the only part that looks at the company as a whole; what it keeps is a few
//! indexes. Shares are drawn per customer; beside them one customer of each sort is chosen outright, so that the
//! smallest company has all of it. It does not know how the first week looked: it says again who each customer is.

use std::collections::{BTreeMap, BTreeSet};

use super::dealings;
use super::dice::{Dice, Stream, later};
use super::faults::{Fault, Faults};
use super::firm::Identity;
use super::mess::{Dossier, Scene};
use super::tables::{Cell, at};
use super::{Company, Week};

/// What happens in the week as a whole; nothing in the first.
#[derive(Default)]
pub(super) struct Plan {
    second: bool,
    customers: u64,
    /// Customers no longer on file.
    pub(super) removed: Vec<u64>,
    /// Customers that stand before another one now.
    pub(super) moved: BTreeMap<u64, u64>,
    /// Removed or moved: not at their old place.
    away: BTreeSet<u64>,
    pub(super) added: u64,
    pub(super) mended: Option<u64>,
    pub(super) spoiled: Option<u64>,
    pub(super) changed: Option<u64>,
}

/// What the week does to one customer.
pub(super) struct Fate {
    pub(super) faults: Faults,
    mended: Faults,
    spoiled: bool,
    changed: bool,
}

impl Plan {
    pub(super) fn of(company: &Company, week: Week) -> Self {
        let customers = company.customers as u64;
        let mut plan = Self { customers, second: matches!(week, Week::Second), ..Self::default() };
        if !plan.second {
            return plan;
        }
        let mut dice = Dice::new(company.seed, 0, Stream::Plan);
        let mut taken = BTreeSet::new();
        let mut draw = |dice: &mut Dice| {
            let index = (0..50).map(|_| dice.below(company.customers) as u64).find(|index| !taken.contains(index))?;
            (index < customers && taken.insert(index)).then_some(index)
        };
        plan.added = (2 + customers / 1000).min(200);
        for _ in 0..1 + usize::from(customers >= 200) {
            plan.removed.extend(draw(&mut dice));
        }
        for _ in 0..(2 + customers / 1000).min(100) {
            if let Some(index) = draw(&mut dice) {
                // Far enough from its old place to stand elsewhere whoever else goes.
                let half = dice.between(customers as i64 / 3, customers as i64 / 2) as u64;
                plan.moved.entry((index + half.max(3)) % customers).or_insert(index);
            }
        }
        plan.changed = draw(&mut dice);
        plan.away = plan.removed.iter().chain(plan.moved.values()).copied().collect();
        let start = dice.below(company.customers) as u64;
        for index in (start..customers).chain(0..start) {
            if plan.mended.is_some() && plan.spoiled.is_some() {
                break;
            }
            if plan.away.contains(&index) || plan.changed == Some(index) {
                continue;
            }
            let faults = Faults::of(company, &Identity::of(company, index));
            if faults.is_empty() {
                plan.spoiled.get_or_insert(index);
            } else if faults.iter().any(|fault| fault.mendable() && fault != Fault::Amount) {
                plan.mended.get_or_insert(index);
            }
        }
        plan
    }

    /// The customers in the order of this week's files.
    pub(super) fn order(&self) -> impl Iterator<Item = u64> + '_ {
        let old = (0..self.customers).flat_map(|index| {
            let stays = !self.away.contains(&index);
            self.moved.get(&index).copied().into_iter().chain(stays.then_some(index))
        });
        old.chain(self.customers..self.customers + self.added)
    }

    /// The removed customer whose contracts and visits were forgotten, if any.
    pub(super) fn left_behind(&self) -> Option<u64> {
        self.removed.get(1).copied()
    }

    /// What the week does to a customer with these faults.
    pub(super) fn fate(&self, company: &Company, index: u64, drawn: Faults) -> Fate {
        let mut fate = Fate { faults: drawn, mended: Faults::default(), spoiled: false, changed: false };
        if !self.second || index >= self.customers {
            return fate;
        }
        let mut dice = Dice::new(company.seed, index, Stream::Week);
        for fault in drawn.iter().filter(|fault| fault.mendable()) {
            if dice.permille(22) || self.mended == Some(index) {
                fate.faults.remove(fault);
                fate.mended.add(fault);
            }
        }
        fate.changed = dice.permille(15) || self.changed == Some(index);
        if drawn.is_empty() && !fate.changed && (dice.permille(6) || self.spoiled == Some(index)) {
            let fault = if self.spoiled == Some(index) { 0 } else { dice.weighted(&[40, 20, 30, 10]) };
            fate.faults.add([Fault::Phone, Fault::Email, Fault::Missing, Fault::OwnerLeft][fault]);
            fate.spoiled = true;
        }
        fate
    }
}

impl Fate {
    /// Does the week's work on the customer's rows, once its faults are committed.
    pub(super) fn fulfil(&self, scene: &Scene, dossier: &mut Dossier) {
        if self.mended.is_empty() && !self.spoiled && !self.changed {
            return;
        }
        let mut dice = Dice::new(scene.company.seed, scene.who.index, Stream::Update);
        let day = later(scene.company.as_of, dice.between(1, 6));
        dossier.card[at::UPDATED_ON] = Cell::Day(day);
        for (fault, field) in [
            (Fault::StaleSales, at::SALES_VERIFIED_ON),
            (Fault::StaleFeedback, at::FEEDBACK_ON),
            (Fault::StaleReconciled, at::RECONCILED_ON),
        ] {
            if self.mended.has(fault) {
                dossier.card[field] = Cell::Day(day);
            }
        }
        if self.changed {
            let field = scene.who.update(&mut dossier.card, &mut dice);
            if dossier.card[at::ARCHIVE_NO].as_text().contains(scene.who.kind) {
                let number = dossier.card[at::ARCHIVE_NO].clone();
                let mut change = dealings::change(scene.who, scene.staff, 80, field, day, &mut dice);
                change[1] = number.clone();
                dossier.changes.push(change);
                if dice.permille(500) {
                    let owner = dossier.card[at::OWNER].clone();
                    let mut visit = dealings::visit(scene.who, scene.staff, &owner, 80, later(day, -1), &mut dice);
                    visit[1] = number;
                    dossier.visits.push(visit);
                }
            }
        }
    }
}
