//! The functions of conditions: what each takes and gives, and what is said where it is used otherwise.
//!
//! Apart from the parser of conditions because this list grows. It knows no columns.

use sqlparser::ast::{Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments};

use super::parse::{Made, Reader, day, type_words};
use super::{Condition, Operand, Part, Span, ValueType};
use crate::problem::Problem;
use crate::text;

const FUNCTIONS: [&str; 16] = [
    "missing",
    "has_column",
    "length",
    "contains",
    "starts_with",
    "ends_with",
    "days",
    "working_days",
    "hours",
    "add_months",
    "year",
    "month",
    "week_start",
    "later",
    "earlier",
    "as_of",
];

impl Reader<'_> {
    /// Only plain values between the brackets: what SQL allows beside them would be silently ignored.
    fn plain(&self, whole: &Expr, function: &Function) -> Made<()> {
        let beside = function.over.is_some()
            || function.filter.is_some()
            || function.null_treatment.is_some()
            || !function.within_group.is_empty();
        let plain = match &function.args {
            FunctionArguments::List(list) => {
                let is_value =
                    |argument: &FunctionArg| matches!(argument, FunctionArg::Unnamed(FunctionArgExpr::Expr(_)));
                list.duplicate_treatment.is_none() && list.clauses.is_empty() && list.args.iter().all(is_value)
            }
            _ => false,
        };
        if plain && !beside {
            return Ok(());
        }
        Err(self.problem(whole, text!("函数的括号里只能是值", "only values stand between a function's brackets")))
    }

    /// The value that a function gives.
    pub(super) fn value_of(&self, whole: &Expr, function: &Function) -> Made<Operand> {
        self.plain(whole, function)?;
        let name = named(function);
        let arguments = arguments(function);
        let days = |reader: &Self| -> Made<(Box<Operand>, Box<Operand>)> {
            let [from, to] = arguments[..] else { return Err(reader.wants(whole, &name, 2)) };
            Ok((Box::new(reader.day_like(from, false)?), Box::new(reader.day_like(to, false)?)))
        };
        match name.as_str() {
            "length" => Ok(Operand::Length(self.argument(whole, function)?)),
            "days" => days(self).map(|(from, to)| Operand::Between(Span::Days, from, to)),
            "working_days" => days(self).map(|(from, to)| Operand::Between(Span::WorkingDays, from, to)),
            "later" => days(self).map(|(left, right)| Operand::Later(left, right)),
            "earlier" => days(self).map(|(left, right)| Operand::Earlier(left, right)),
            "hours" => {
                let [from, to] = arguments[..] else { return Err(self.wants(whole, &name, 2)) };
                let (from, to) = (self.day_like(from, true)?, self.day_like(to, true)?);
                Ok(Operand::Between(Span::Hours, Box::new(from), Box::new(to)))
            }
            "add_months" => {
                let [day, months] = arguments[..] else { return Err(self.wants(whole, &name, 2)) };
                let number = self.operand(months)?;
                Ok(Operand::MonthsLater(Box::new(self.day_like(day, false)?), self.whole(months, number, false)?))
            }
            "year" | "month" => {
                let [day] = arguments[..] else { return Err(self.wants(whole, &name, 1)) };
                let day = Box::new(self.day_like(day, false)?);
                Ok(if name == "year" { Operand::Year(day) } else { Operand::Month(day) })
            }
            "week_start" => {
                let [day] = arguments[..] else { return Err(self.wants(whole, &name, 1)) };
                Ok(Operand::WeekStart(Box::new(self.day_like(day, false)?)))
            }
            _ => Err(self.no_function(whole, &name)),
        }
    }

    fn wants(&self, whole: &Expr, name: &str, count: usize) -> Box<Problem> {
        self.problem(whole, text!("函数 {name} 要 {count} 个参数", "the function {name} takes {count} values"))
    }

    /// A day, or a time where one is wanted; a quoted day becomes one.
    fn day_like(&self, expression: &Expr, time: bool) -> Made<Operand> {
        let operand = self.operand(expression)?;
        if let Operand::Text(written) = &operand
            && let (Some(day), false) = (day(written), time)
        {
            return Ok(Operand::Day(day));
        }
        let fits = match operand.value_type() {
            ValueType::Time => true,
            ValueType::Day => !time || operand == Operand::AsOf,
            _ => false,
        };
        if fits {
            return Ok(operand);
        }
        let (found_zh, found_en) = type_words(operand.value_type());
        let (wanted_zh, wanted_en) = type_words(if time { ValueType::Time } else { ValueType::Day });
        Err(self.problem(
            expression,
            text!("此处要{wanted_zh}，不是{found_zh}", "{wanted_en} is wanted here, not {found_en}"),
        ))
    }

    pub(super) fn predicate(&self, whole: &Expr, function: &Function) -> Made<Condition> {
        self.plain(whole, function)?;
        match named(function).as_str() {
            "missing" => Ok(Condition::Missing(self.argument(whole, function)?)),
            "has_column" => Ok(Condition::HasColumn(self.argument(whole, function)?)),
            "contains" => self.holds(whole, function, Part::Anywhere),
            "starts_with" => self.holds(whole, function, Part::Start),
            "ends_with" => self.holds(whole, function, Part::End),
            name => Err(self.no_function(whole, name)),
        }
    }

    fn holds(&self, whole: &Expr, function: &Function, part: Part) -> Made<Condition> {
        let [of, written] = arguments(function)[..] else { return Err(self.wants(whole, &named(function), 2)) };
        let (field, value_type) = self.field(of)?;
        match (value_type, self.operand(written)?) {
            // Nothing is part of every text: a blank is no part to look for once it is folded.
            (_, Operand::Text(text)) if text.is_empty() => {
                Err(self.problem(written, text!("要找的文字是空的", "the text to look for is empty")))
            }
            (ValueType::Text, Operand::Text(text)) => Ok(Condition::Holds(field, part, text)),
            _ => Err(self
                .problem(whole, text!("要写成（文字字段, '文字'）", "a field with text and a quoted text are wanted"))),
        }
    }

    /// The one field that a function is asked about.
    fn argument(&self, whole: &Expr, function: &Function) -> Made<String> {
        if let FunctionArguments::List(list) = &function.args
            && let [FunctionArg::Unnamed(FunctionArgExpr::Expr(argument))] = &list.args[..]
        {
            return self.field(argument).map(|(name, _)| name);
        }
        Err(self.problem(whole, text!("函数要一个字段", "the function takes one field")))
    }
    /// No such function; a label with brackets looks like one.
    fn no_function(&self, whole: &Expr, name: &str) -> Box<Problem> {
        let written = whole.to_string();
        let message = text!("没有函数“{name}”", "there is no function `{name}`");
        let problem = *self.problem(whole, message);
        let label = self.table.fields.iter().find(|field| field.label == written || field.label_en == written);
        Box::new(match label {
            Some(_) => problem.with_hint(text!(
                "带括号的标签要加双引号：\"{written}\"（TOML 里用单引号写条件）",
                "a label with brackets stands in double quotes: \"{written}\" (write the condition in single quotes)"
            )),
            None => problem.with_suggestion(name, FUNCTIONS),
        })
    }
}

/// The values that a function is given.
pub(super) fn arguments(function: &Function) -> Vec<&Expr> {
    let FunctionArguments::List(list) = &function.args else { return Vec::new() };
    list.args
        .iter()
        .filter_map(|argument| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => Some(expression),
            _ => None,
        })
        .collect()
}

fn named(function: &Function) -> String {
    function.name.to_string().to_ascii_lowercase()
}
