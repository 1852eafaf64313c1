//! The company's own people: who works in which department, who has left, who may be a customer's owner.
//!
//! Apart from the customers because all of them refer to it: it is the one part of a demo that is held in memory (one
//! employee per 200 customers). It knows no customer.

use chrono::NaiveDate;

use super::Company;
use super::dice::{Dice, Stream, later, scatter};
use super::tables::{Cell, Row};
use super::words::{GIVEN, SURNAMES};

/// Position of a department in [`Company::departments`].
pub(super) const EAST: usize = 0;
pub(super) const SOUTH: usize = 1;
pub(super) const NORTH: usize = 2;
pub(super) const OVERSEAS: usize = 3;
pub(super) const MARKETING: usize = 4;
pub(super) const FINANCE: usize = 5;
pub(super) const SERVICE: usize = 6;

/// The departments of every twenty employees.
const SEATS: [usize; 20] = [
    EAST, SOUTH, NORTH, OVERSEAS, MARKETING, FINANCE, SERVICE, EAST, SOUTH, NORTH, EAST, SOUTH, NORTH, OVERSEAS,
    MARKETING, SERVICE, EAST, SOUTH, NORTH, EAST,
];

/// Of the first twenty: who has left, so that the smallest company has somebody who left in each big department.
const FIRST_LEFT: [usize; 3] = [16, 17, 18];
/// Of the first twenty: who leaves between the first week and the second.
const LEAVING: usize = 19;

enum Status {
    Here,
    Left(Option<NaiveDate>),
}

struct Employee {
    name: String,
    sound: &'static str,
    department: usize,
    status: Status,
}

/// The staff list.
pub(super) struct Staff {
    people: Vec<Employee>,
    here: [Vec<usize>; 7],
    left: [Vec<usize>; 7],
}

impl Staff {
    /// The staff of a company; its size follows the number of customers.
    pub(super) fn of(company: &Company) -> Self {
        let count = (company.customers / 200).max(20);
        let mut staff = Self { people: Vec::with_capacity(count), here: Default::default(), left: Default::default() };
        for position in 0..count {
            let mut dice = Dice::new(company.seed, position as u64, Stream::Staff);
            let bits = scatter(position as u64, company.seed, 3);
            let (surname, sound) = SURNAMES[bits & 63];
            let (first, second) = (GIVEN[bits >> 6 & 63], GIVEN[bits >> 12 & 63]);
            // Two characters for one in 64. Now and then two have the same name, as in life.
            let name =
                if second == GIVEN[0] { format!("{surname}{first}") } else { format!("{surname}{first}{second}") };
            let department = SEATS[position % 20];
            let gone = FIRST_LEFT.contains(&position) || position >= 20 && dice.permille(60);
            let status = if position == LEAVING {
                Status::Left(Some(later(company.as_of, 4)))
            } else if gone {
                let day = later(company.as_of, -dice.between(20, 900));
                Status::Left((position < 20 || !dice.permille(80)).then_some(day))
            } else {
                Status::Here
            };
            match status {
                Status::Here => staff.here[department].push(position),
                Status::Left(_) if position != LEAVING => staff.left[department].push(position),
                Status::Left(_) => {}
            }
            staff.people.push(Employee { name, sound, department, status });
        }
        staff
    }

    /// Somebody of the department who works there.
    pub(super) fn owner(&self, department: usize, dice: &mut Dice) -> String {
        let here = &self.here[department];
        // The head does not own customers where there is anybody else.
        let position = if here.len() > 1 { here[1 + dice.below(here.len() - 1)] } else { here[0] };
        self.people[position].name.clone()
    }

    /// Somebody who has left, of the department if anybody of it has.
    pub(super) fn former(&self, department: usize, dice: &mut Dice) -> String {
        let left = if self.left[department].is_empty() { &self.left[EAST] } else { &self.left[department] };
        self.people[dice.pick(left)].name.clone()
    }

    /// Who leaves between the first week and the second.
    pub(super) fn leaving(&self) -> String {
        self.people[LEAVING].name.clone()
    }

    /// The head of a department.
    pub(super) fn head(&self, department: usize) -> String {
        self.people[self.here[department][0]].name.clone()
    }

    /// The rows of the table of employees.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        self.people.iter().enumerate().map(|(position, employee)| {
            let (status, left_on) = match employee.status {
                Status::Here => ("在职", Cell::Empty),
                Status::Left(Some(day)) => ("离职", Cell::Day(day)),
                Status::Left(None) => ("离职", Cell::Empty),
            };
            let head = self.here[employee.department][0];
            let manager = if head == position { Cell::Empty } else { self.people[head].name.clone().into() };
            vec![
                format!("HL{:05}", position + 1).into(),
                employee.name.clone().into(),
                Company::departments()[employee.department].0.into(),
                status.into(),
                left_on,
                format!("{}{:05}@example.com", employee.sound, position + 1).into(),
                manager,
                (if head == position { "秘密" } else { "内部" }).into(),
            ]
        })
    }
}

/// The name of somebody outside the company, with the sound of the surname.
pub(super) fn stranger(dice: &mut Dice) -> (String, &'static str) {
    let (surname, sound) = dice.pick(&SURNAMES);
    let mut name = format!("{surname}{}", dice.pick(&GIVEN));
    if dice.permille(850) {
        name.push_str(dice.pick(&GIVEN));
    }
    (name, sound)
}
