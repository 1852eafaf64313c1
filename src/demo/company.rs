//! Tells the whole company, customer after customer, to whatever writes it down.
//!
//! Apart from the writers because it is the same for all of them; one customer is in memory at a time. It does not
//! know what a file is.

use super::faults::Faults;
use super::firm::Identity;
use super::mess::{Dossier, Scene};
use super::people::Staff;
use super::tables::{Sink, Table};
use super::week::Plan;
use super::{Company, DemoError, Week, dealings, typing};

/// A company in one of its weeks.
pub(super) struct World<'a> {
    company: &'a Company,
    pub(super) staff: Staff,
    pub(super) plan: Plan,
}

impl<'a> World<'a> {
    pub(super) fn new(company: &'a Company, week: Week) -> Self {
        Self { company, staff: Staff::of(company), plan: Plan::of(company, week) }
    }

    /// Gives every row of every table to the sink, and closes it.
    pub(super) fn tell(&self, mut sink: impl Sink) -> Result<(), DemoError> {
        for row in self.staff.rows() {
            sink.row(Table::Employees, &row)?;
        }
        for index in self.plan.order() {
            let dossier = self.dossier(index);
            sink.row(Table::Customers, &dossier.card)?;
            for (table, rows) in dossier.dealings() {
                for row in rows {
                    sink.row(table, row)?;
                }
            }
        }
        if let Some(index) = self.plan.left_behind() {
            let dossier = self.dossier(index);
            for (table, rows) in dossier.dealings() {
                if matches!(table, Table::Contracts | Table::Visits) {
                    for row in rows {
                        sink.row(table, row)?;
                    }
                }
            }
        }
        sink.finish()
    }

    /// All that is on file about a customer this week.
    pub(super) fn dossier(&self, index: u64) -> Dossier {
        let Company { seed, as_of, .. } = *self.company;
        let who = Identity::of(self.company, index);
        let card = who.card(&self.staff, seed);
        let mut dossier = Dossier {
            contacts: dealings::contacts(&who, &card, seed),
            contracts: dealings::contracts(&who, as_of, seed),
            visits: dealings::visits(&who, &self.staff, &card[super::tables::at::OWNER], as_of, seed),
            changes: dealings::changes(&who, &self.staff, seed),
            card,
        };
        let scene = Scene { company: self.company, staff: &self.staff, who: &who };
        let fate = self.plan.fate(self.company, index, Faults::of(self.company, &who));
        scene.commit(fate.faults, &mut dossier);
        fate.fulfil(&scene, &mut dossier);
        typing::untidy(&mut dossier, seed, index);
        dossier
    }
}
