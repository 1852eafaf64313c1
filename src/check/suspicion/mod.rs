//! Which rows may fail: from a check's conditions to tests that a database can make of the raw cells.
//!
//! Apart because a test must never miss a row that fails, while a condition says exactly which do. Whatever cannot be
//! told from the raw text for certain, for it may be folded or read in another way, makes a row suspect; what a suspect
//! row comes to is decided by the check itself, once it is here.

pub mod pattern;

use chrono::{Days, Months, NaiveDate};
use rust_decimal::prelude::ToPrimitive;

use super::condition::{Comparison, Condition, Operand, Part, ValueType};
use crate::dictionary::{FieldType, Table};
use crate::model::narrowing::{Order, Place, Test};

/// What makes a row suspect, and what must be known of the others to count them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Suspicion {
    /// Each is true of every row that may fail for one of the check's reasons.
    pub tests: Vec<Test>,
    /// Fields whose values say what the check applies to.
    pub valued: Vec<String>,
    /// Fields that the check applies to where they are filled.
    pub filled: Vec<String>,
}

/// What a suspicion is made with.
#[derive(Clone, Copy)]
pub struct About<'t> {
    /// The table of the rule.
    pub table: &'t Table,
    /// The as-of date.
    pub as_of: NaiveDate,
}

impl Suspicion {
    /// Of a check that applies to all rows.
    pub fn of(test: Test) -> Self {
        Self { tests: vec![test], ..Self::default() }
    }
}

impl About<'_> {
    fn field_type(&self, field: &str) -> Option<FieldType> {
        self.table.field(field).map(|field| field.field_type)
    }

    /// True of every row in which a condition may hold, or may be false; nothing where that cannot be tested.
    pub fn may_be(&self, condition: &Condition, truth: bool) -> Option<Test> {
        let parts =
            |parts: &[Condition]| -> Option<Vec<Test>> { parts.iter().map(|part| self.may_be(part, truth)).collect() };
        Some(match condition {
            Condition::All(all) if truth => Test::all(parts(all)?),
            Condition::Any(any) if !truth => Test::all(parts(any)?),
            Condition::All(some) | Condition::Any(some) => Test::any(parts(some)?),
            Condition::Not(inner) => self.may_be(inner, !truth)?,
            Condition::Constant(value) => Test::Constant(*value == truth),
            Condition::HasColumn(field) if truth => Test::HasColumn(field.clone()),
            Condition::HasColumn(field) => Test::opposite(Test::HasColumn(field.clone())),
            Condition::Missing(field) if truth => Test::opposite(Test::Filled(field.clone())),
            Condition::NoValue(field) if truth => Test::opposite(match self.field_type(field)? {
                FieldType::Text => Test::Filled(field.clone()),
                _ => Test::Reads(field.clone()),
            }),
            Condition::Missing(field) | Condition::NoValue(field) => Test::opposite(Test::Empty(field.clone())),
            Condition::Holds(field, part, text) => {
                let place = match part {
                    Part::Anywhere => Place::Anywhere,
                    Part::Start => Place::Start,
                    Part::End => Place::End,
                };
                self.of_text(field, Test::Holds(field.clone(), place, text.clone()), truth)?
            }
            Condition::OneOf(Operand::Field(field, ValueType::Text), values) => {
                let texts: Option<Vec<String>> = values.iter().map(text_of).collect();
                self.of_text(field, Test::OneOf(field.clone(), texts?), truth)?
            }
            Condition::OneOf(..) => return None,
            Condition::Compare(left, comparison, right) => self.compared(left, order(*comparison), right, truth)?,
        })
    }

    /// A test of a text cell that holds only of what will not be folded.
    fn of_text(&self, field: &str, test: Test, truth: bool) -> Option<Test> {
        (self.field_type(field)? == FieldType::Text).then(|| {
            let known = if truth { test } else { Test::opposite(test) };
            filled_and(field, Test::any([Test::opposite(Test::Plain(field.to_owned())), known]))
        })
    }

    fn compared(&self, left: &Operand, order: Order, right: &Operand, truth: bool) -> Option<Test> {
        let asked = if truth { order } else { order.opposite() };
        match (left, right) {
            (Operand::Field(field, ValueType::Text), Operand::Text(text)) => match order {
                Order::Equal | Order::NotEqual => {
                    let same = Test::OneOf(field.clone(), vec![text.clone()]);
                    self.of_text(field, same, asked == Order::Equal)
                }
                _ => None,
            },
            (Operand::Length(field), Operand::Number(number)) if number.fract().is_zero() => {
                self.of_text(field, Test::Length(field.clone(), asked, number.to_i64()?), true)
            }
            (Operand::Field(field, ValueType::Day), other) if self.field_type(field)? == FieldType::Date => {
                let known = match other {
                    Operand::Field(to, ValueType::Day) if self.field_type(to)? == FieldType::Date => {
                        let both = Test::any([
                            Test::opposite(Test::Reads(field.clone())),
                            Test::opposite(Test::Reads(to.clone())),
                            Test::DaysAre(field.clone(), asked, to.clone()),
                        ]);
                        return Some(filled_and(field, filled_and(to, both)));
                    }
                    other => Test::DayIs(field.clone(), asked, self.fixed_day(other)?),
                };
                Some(filled_and(field, Test::any([Test::opposite(Test::Reads(field.clone())), known])))
            }
            _ => None,
        }
    }

    /// The day that an operand without a field stands for.
    fn fixed_day(&self, operand: &Operand) -> Option<NaiveDate> {
        let shifted = |day: NaiveDate, days: i32| {
            let by = Days::new(u64::from(days.unsigned_abs()));
            if days < 0 { day.checked_sub_days(by) } else { day.checked_add_days(by) }
        };
        match operand {
            Operand::AsOf => Some(self.as_of),
            Operand::Day(day) => Some(*day),
            Operand::Shifted(of, whole) if whole.blank.is_none() => shifted(self.fixed_day(of)?, whole.number),
            Operand::MonthsLater(of, whole) if whole.blank.is_none() => {
                let (day, by) = (self.fixed_day(of)?, Months::new(whole.number.unsigned_abs()));
                if whole.number < 0 { day.checked_sub_months(by) } else { day.checked_add_months(by) }
            }
            _ => None,
        }
    }
}

/// A test of a cell that is not empty: of an empty one, no comparison is true or false.
pub fn filled_and(field: &str, test: Test) -> Test {
    Test::all([Test::opposite(Test::Empty(field.to_owned())), test])
}

fn text_of(operand: &Operand) -> Option<String> {
    match operand {
        Operand::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn order(comparison: Comparison) -> Order {
    match comparison {
        Comparison::Equal => Order::Equal,
        Comparison::NotEqual => Order::NotEqual,
        Comparison::Less => Order::Less,
        Comparison::LessOrEqual => Order::LessOrEqual,
        Comparison::Greater => Order::Greater,
        Comparison::GreaterOrEqual => Order::GreaterOrEqual,
    }
}
