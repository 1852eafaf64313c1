//! From the text of a condition to its tree, with every mistake at its place in the rule file.
//!
//! Apart because with `written`, `functions` and `chain` it alone knows the SQL parser. What SQL can say and rules cannot is refused.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator, Value};

use super::chain;
use super::{Comparison, Condition, Operand, ValueType, Whole};
use crate::check::scope::Parameters;
use crate::dictionary::{FieldType, Table};
use crate::folding::fold;
use crate::params::{Placed, Problems};
use crate::problem::Problem;
use crate::text;

/// So many days or months from another day is as far as days can be told.
const FARTHEST: i32 = 1_000_000;

/// Parses a condition on rows of a table; mistakes go to `problems`.
pub fn parse(
    written: &Placed<String>,
    table: &Table,
    parameters: &Parameters,
    problems: &Problems,
) -> Option<Condition> {
    let reader = Reader { written, table, parameters, problems };
    reader.told(|expression| reader.condition(expression))
}

/// Parses a single value: a field, a number, what a function gives.
pub fn parse_operand(
    written: &Placed<String>,
    table: &Table,
    parameters: &Parameters,
    problems: &Problems,
) -> Option<Operand> {
    let reader = Reader { written, table, parameters, problems };
    reader.told(|expression| reader.operand(expression))
}

pub(super) struct Reader<'r> {
    pub(super) written: &'r Placed<String>,
    pub(super) table: &'r Table,
    parameters: &'r Parameters,
    pub(super) problems: &'r Problems,
}

pub(super) type Made<T> = Result<T, Box<Problem>>;

impl Reader<'_> {
    fn condition(&self, expression: &Expr) -> Made<Condition> {
        match expression {
            Expr::Nested(inner) => self.condition(inner),
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => Ok(Condition::Not(Box::new(self.condition(expr)?))),
            Expr::BinaryOp { op: BinaryOperator::And, .. } => {
                self.conditions(chain::parts(expression, &BinaryOperator::And)).map(Condition::All)
            }
            Expr::BinaryOp { op: BinaryOperator::Or, .. } => {
                self.conditions(chain::parts(expression, &BinaryOperator::Or)).map(Condition::Any)
            }
            Expr::BinaryOp { left, op, right } => self.comparison(expression, left, op, right),
            Expr::IsNull(inner) => Ok(Condition::NoValue(self.field(inner)?.0)),
            Expr::IsNotNull(inner) => Ok(Condition::Not(Box::new(Condition::NoValue(self.field(inner)?.0)))),
            Expr::InList { expr, list, negated } => {
                let operand = self.operand(expr)?;
                let values = list.iter().map(|value| self.fitting(value, &operand)).collect::<Made<Vec<_>>>()?;
                let one_of = Condition::OneOf(operand, values);
                Ok(if *negated { Condition::Not(Box::new(one_of)) } else { one_of })
            }
            Expr::Between { expr, negated, low, high } => {
                let operand = self.operand(expr)?;
                let (low, high) = (self.fitting(low, &operand)?, self.fitting(high, &operand)?);
                let between = Condition::All(vec![
                    Condition::Compare(operand.clone(), Comparison::GreaterOrEqual, low),
                    Condition::Compare(operand, Comparison::LessOrEqual, high),
                ]);
                Ok(if *negated { Condition::Not(Box::new(between)) } else { between })
            }
            Expr::Function(function) => self.predicate(expression, function),
            Expr::Value(value) => match &value.value {
                Value::Boolean(value) => Ok(Condition::Constant(*value)),
                _ => Err(self.no_condition(expression)),
            },
            _ => Err(self.no_condition(expression)),
        }
    }

    fn conditions(&self, parts: Vec<&Expr>) -> Made<Vec<Condition>> {
        parts.into_iter().map(|part| self.condition(part)).collect()
    }

    fn no_condition(&self, expression: &Expr) -> Box<Problem> {
        self.problem(
            expression,
            text!("“{expression}”不是条件（是或否）", "`{expression}` is not a condition (true or false)"),
        )
    }

    fn comparison(&self, whole: &Expr, left: &Expr, op: &BinaryOperator, right: &Expr) -> Made<Condition> {
        let comparison = match op {
            BinaryOperator::Eq => Comparison::Equal,
            BinaryOperator::NotEq => Comparison::NotEqual,
            BinaryOperator::Lt => Comparison::Less,
            BinaryOperator::LtEq => Comparison::LessOrEqual,
            BinaryOperator::Gt => Comparison::Greater,
            BinaryOperator::GtEq => Comparison::GreaterOrEqual,
            _ => {
                return Err(
                    self.problem(whole, text!("规则中不支持运算符 {op}", "rules do not know the operator {op}"))
                );
            }
        };
        let left_operand = self.operand(left)?;
        if matches!(left_operand, Operand::Text(_)) {
            let right_operand = self.operand(right)?;
            let left_operand = self.fitting(left, &right_operand)?;
            return Ok(Condition::Compare(left_operand, comparison, right_operand));
        }
        let right_operand = self.fitting(right, &left_operand)?;
        Ok(Condition::Compare(left_operand, comparison, right_operand))
    }

    /// An operand that may be compared with another one; a quoted day becomes a day where one is wanted.
    fn fitting(&self, expression: &Expr, other: &Operand) -> Made<Operand> {
        let operand = self.operand(expression)?;
        let wanted = other.value_type();
        let is_day = |value_type| matches!(value_type, ValueType::Day | ValueType::Time);
        if let (Operand::Text(written), true) = (&operand, is_day(wanted)) {
            return day(written).map(Operand::Day).ok_or_else(|| {
                self.problem(
                    expression,
                    text!("“{written}”不是日期（应写作 '2026-11-22'）", "'{written}' is no date (write '2026-11-22')"),
                )
            });
        }
        let found = operand.value_type();
        if found == wanted || (is_day(found) && is_day(wanted)) {
            return Ok(operand);
        }
        let (found_zh, found_en) = type_words(found);
        let (wanted_zh, wanted_en) = type_words(wanted);
        Err(self.problem(
            expression,
            text!("{wanted_zh}不能与{found_zh}比较", "{wanted_en} cannot be compared with {found_en}"),
        ))
    }

    pub(super) fn operand(&self, expression: &Expr) -> Made<Operand> {
        match expression {
            Expr::Nested(inner) => self.operand(inner),
            Expr::Identifier(name) if name.quote_style.is_none() && name.value.eq_ignore_ascii_case("as_of") => {
                Ok(Operand::AsOf)
            }
            Expr::Identifier(_) => self.field(expression).map(|(name, value_type)| Operand::Field(name, value_type)),
            Expr::Value(value) => match &value.value {
                // Cells are folded before they are compared: so is what they are compared with.
                Value::SingleQuotedString(text) => Ok(Operand::Text(fold(text).into_owned())),
                Value::Number(number, _) => self.number(expression, number).map(Operand::Number),
                Value::Placeholder(name) => self.parameter(expression, name),
                _ => Err(self.no_value(expression)),
            },
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => match self.operand(expr)? {
                Operand::Number(number) => Ok(Operand::Number(-number)),
                Operand::Blank(name, taken_off) => Ok(Operand::Blank(name, !taken_off)),
                _ => Err(self.no_value(expression)),
            },
            Expr::BinaryOp { left, op: op @ (BinaryOperator::Plus | BinaryOperator::Minus), right } => {
                let (left_operand, right_operand) = (self.operand(left)?, self.operand(right)?);
                if !matches!(left_operand.value_type(), ValueType::Day | ValueType::Time) {
                    return Err(self.no_value(expression));
                }
                let days = self.whole(right, right_operand, *op == BinaryOperator::Minus)?;
                Ok(Operand::Shifted(Box::new(left_operand), days))
            }
            Expr::Function(function) => self.value_of(expression, function),
            _ => Err(self.no_value(expression)),
        }
    }

    fn no_value(&self, expression: &Expr) -> Box<Problem> {
        self.problem(
            expression,
            text!(
                "“{expression}”不是规则能用的值（字段、'文字'、数字、as_of、as_of - 天数）",
                "`{expression}` is no value that rules know (a field, 'text', a number, as_of, as_of - days)"
            ),
        )
    }

    /// The number of a name; one that is blank switches the rule off.
    fn parameter(&self, expression: &Expr, written: &str) -> Made<Operand> {
        let Some(name) = written.strip_prefix(':').filter(|name| !name.is_empty()) else {
            return Err(self.no_value(expression));
        };
        let number = self.parameters.number_at(name, self.span(expression));
        if !self.parameters.is_written(name) {
            let message = text!("[rule.parameters] 里没有“{name}”", "[rule.parameters] has no `{name}`");
            let known = self.parameters.names();
            let problem = *self.problem(expression, message);
            return Err(Box::new(match crate::problem::nearest(name, known.iter().map(String::as_str)) {
                Some(near) => problem.with_suggestion(name, [near.as_str()]),
                None => problem.with_hint(text!(
                    "空着的写 {name} = {{ basis = \"company\" }}",
                    "a blank one is written {name} = {{ basis = \"company\" }}"
                )),
            }));
        }
        Ok(number.map_or_else(|| Operand::Blank(name.to_owned(), false), Operand::Number))
    }

    /// A whole number of days or months, perhaps taken off.
    pub(super) fn whole(&self, expression: &Expr, operand: Operand, taken_off: bool) -> Made<Whole> {
        let number = match operand {
            Operand::Number(number) if number.fract().is_zero() => i32::try_from(number).ok(),
            Operand::Blank(name, negative) => {
                return Ok(Whole { number: 0, blank: Some((name, negative != taken_off)) });
            }
            _ => None,
        };
        let Some(number) = number.filter(|number| (-FARTHEST..=FARTHEST).contains(number)) else {
            let message = text!(
                "此处要整数，正负不超过 {FARTHEST}",
                "a whole number is wanted here, of no more than {FARTHEST} either way"
            );
            return Err(self.problem(expression, message));
        };
        Ok(Whole { number: if taken_off { -number } else { number }, blank: None })
    }

    fn number(&self, expression: &Expr, written: &str) -> Made<Decimal> {
        Decimal::from_str_exact(written)
            .map_err(|_| self.problem(expression, text!("“{written}”不是数字", "`{written}` is no number")))
    }

    pub(super) fn field(&self, expression: &Expr) -> Made<(String, ValueType)> {
        let Expr::Identifier(name) = expression else {
            return Err(self.problem(expression, text!("此处应写字段名", "the name of a field is wanted here")));
        };
        let word = &name.value;
        match self.table.field_called(word) {
            Some(field) => {
                let value_type = match field.field_type {
                    FieldType::Text => ValueType::Text,
                    FieldType::Date => ValueType::Day,
                    FieldType::DateTime => ValueType::Time,
                    FieldType::Decimal => ValueType::Number,
                };
                Ok((field.name.clone(), value_type))
            }
            None => {
                let table = &self.table.name;
                let message = text!("表 {table} 没有字段“{word}”", "table {table} has no field `{word}`");
                Err(Box::new((*self.problem(expression, message)).with_suggestion(word, self.table.words())))
            }
        }
    }
}

pub(super) fn day(written: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(written, "%Y-%m-%d").ok()
}

pub(super) fn type_words(value_type: ValueType) -> (&'static str, &'static str) {
    match value_type {
        ValueType::Text => ("文字", "a text"),
        ValueType::Number => ("数字", "a number"),
        ValueType::Day => ("日期", "a date"),
        ValueType::Time => ("日期时间", "a date and time"),
    }
}
