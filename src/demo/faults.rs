//! Which faults a customer has: about half of the customers are kept with care and have none; the others draw some of
//! each family.
//!
//! Apart from `mess`, which commits them, so that the second week can take faults away and add others without drawing
//! anything anew. It does not know how a fault looks.

use super::Company;
use super::dice::{Dice, Stream};
use super::firm::{IMPORTANT, Identity, ORDINARY};

/// One fault. The order is that in which they are committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    // uniqueness
    Twin,
    SharedCode,
    SharedNumber,
    // accuracy
    Tier,
    Amount,
    // completeness
    FewContacts,
    NoRemark,
    Missing,
    MissingMore,
    VisitGap,
    // validity
    Code,
    Phone,
    Email,
    Postcode,
    ArchiveNo,
    Unreadable,
    DamagedAccount,
    // consistency
    OwnerLeft,
    OwnerLeaving,
    Orphan,
    // timeliness
    StaleSales,
    StaleFeedback,
    StaleReconciled,
    StaleUpdate,
    /// Not stale in the first week, but in the second.
    Ageing,
    LateEntry,
    LateChange,
    LateVisit,
    // a card that was never given a number
    NoArchiveNo,
}

use Fault::*;

impl Fault {
    pub(super) const ALL: [Self; 29] = [
        Twin,
        SharedCode,
        SharedNumber,
        Tier,
        Amount,
        FewContacts,
        NoRemark,
        Missing,
        MissingMore,
        VisitGap,
        Code,
        Phone,
        Email,
        Postcode,
        ArchiveNo,
        Unreadable,
        DamagedAccount,
        OwnerLeft,
        OwnerLeaving,
        Orphan,
        StaleSales,
        StaleFeedback,
        StaleReconciled,
        StaleUpdate,
        Ageing,
        LateEntry,
        LateChange,
        LateVisit,
        NoArchiveNo,
    ];

    /// Whether somebody can put it right: what was late stays late, and a firm that is on file twice is no slip of the
    /// pen.
    pub(super) fn mendable(self) -> bool {
        !matches!(self, Twin | SharedNumber | NoArchiveNo | OwnerLeaving | Ageing | LateEntry | LateChange | LateVisit)
    }
}

/// The faults of a customer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Faults(u32);

impl Faults {
    pub(super) fn has(self, fault: Fault) -> bool {
        self.0 & 1 << fault as u32 != 0
    }

    pub(super) fn add(&mut self, fault: Fault) {
        self.0 |= 1 << fault as u32;
    }

    pub(super) fn remove(&mut self, fault: Fault) {
        self.0 &= !(1 << fault as u32);
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Fault> {
        Fault::ALL.into_iter().filter(move |fault| self.has(*fault))
    }

    /// The faults of a customer in the first week.
    pub(super) fn of(company: &Company, who: &Identity) -> Self {
        let mut faults = Self::default();
        let mut dice = Dice::new(company.seed, who.index, Stream::Faults);
        // Who joins in the second week is entered with care.
        if who.index >= company.customers as u64 {
            return faults;
        }
        if dice.permille(520) {
            if dice.permille(4) {
                faults.add(Ageing);
            }
            return faults;
        }
        // Customers kept without care: one family in four or five, apart from the rarer duplicates.
        if dice.permille(200) {
            let important = if who.tier == IMPORTANT { 60 } else { 0 };
            let family = [Missing, MissingMore, FewContacts, NoRemark, VisitGap];
            faults.add(family[dice.weighted(&[66, 14, important, important, 20])]);
        }
        for _ in 0..usize::from(dice.permille(240)) + usize::from(dice.permille(30)) {
            let family = [Code, Phone, Email, Postcode, ArchiveNo, Unreadable, DamagedAccount];
            faults.add(family[dice.weighted(&[24, 26, 17, 10, 11, 9, 3])]);
        }
        if who.index > 0 && dice.permille(85) {
            faults.add([Twin, SharedCode, SharedNumber][dice.weighted(&[50, 25, 25])]);
        }
        if dice.permille(190) {
            faults.add([OwnerLeft, OwnerLeaving, Orphan][dice.weighted(&[52, 2, 46])]);
        }
        for _ in 0..usize::from(dice.permille(250)) + usize::from(dice.permille(80)) {
            let family =
                [StaleSales, StaleFeedback, StaleReconciled, StaleUpdate, Ageing, LateEntry, LateChange, LateVisit];
            faults.add(family[dice.weighted(&[28, 14, 12, 14, 1, 12, 8, 11])]);
        }
        if dice.permille(180) {
            faults.add([Tier, Amount][dice.weighted(&[85, 15])]);
        }
        if who.tier >= ORDINARY && dice.permille(9) {
            faults.add(NoArchiveNo);
        }
        faults
    }
}
