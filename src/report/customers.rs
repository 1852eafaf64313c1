//! Which findings concern the same customer.
//!
//! Apart because "customers concerned" is a count of customers, not of findings or records, and its rule must stand in
//! one place. It knows the table of customers by the name that the run gives, nothing else of the data.

use std::collections::HashMap;

use super::input::ReportInput;

/// Which customer each finding concerns, as a number.
pub struct Customers(Vec<Option<u32>>);

impl Customers {
    /// Numbers the customers of all findings. A record of the customers table is told by its key, one without key by
    /// its place; a record of another table by the customer's name, which is the customer of that name if there is one.
    pub fn of_all(input: &ReportInput<'_>) -> Self {
        let mut numbers: HashMap<Identity<'_>, u32> = HashMap::new();
        let mut names: HashMap<&str, u32> = HashMap::new();
        let mut found = vec![None; input.findings.len()];
        for (finding, place) in input.findings.iter().zip(&mut found) {
            if finding.table == input.customers {
                let identity = match finding.record_key {
                    "" => Identity::Place(finding.file, finding.sheet, finding.row),
                    key => Identity::Key(key),
                };
                let next = numbers.len() as u32;
                let number = *numbers.entry(identity).or_insert(next);
                names.entry(finding.customer).or_insert(number);
                *place = Some(number);
            }
        }
        let mut next = numbers.len() as u32;
        for (finding, place) in input.findings.iter().zip(&mut found) {
            if finding.table != input.customers && !finding.customer.is_empty() {
                let number = *names.entry(finding.customer).or_insert_with(|| {
                    next += 1;
                    next - 1
                });
                *place = Some(number);
            }
        }
        Self(found)
    }

    /// The number of the customer that the finding at a place concerns, if it concerns one.
    pub fn of(&self, place: u32) -> Option<u32> {
        self.0[place as usize]
    }
}

#[derive(PartialEq, Eq, Hash)]
enum Identity<'a> {
    Key(&'a str),
    Place(&'a str, &'a str, u32),
}
