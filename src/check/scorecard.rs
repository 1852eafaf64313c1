//! `scorecard`: a weighted score of several fields is high enough, or the declared grade is the one that it gives.
//!
//! A record of which something is missing or cannot be scored is not tested, unless the item says what missing counts.

use std::sync::Arc;

use polars::prelude::{DataType, Expr, NULL, PolarsResult, lit};
use rust_decimal::{Decimal, RoundingStrategy};

use super::condition::Condition;
use super::rows::{Rows, by_row};
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::dictionary::FieldType;
use crate::folding::fold;
use crate::params::{NumberOrName, Params};
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `scorecard`.
pub struct Kind;

/// The marks of a verdict.
const FAILS: &str = "-";
const PASSES: &str = "+";

#[derive(Debug)]
struct Scorecard {
    table: String,
    field: Option<String>,
    card: Arc<Card>,
}

#[derive(Debug)]
struct Card {
    items: Vec<Item>,
    demand: Demand,
}

#[derive(Debug)]
struct Item {
    field: String,
    weight: Decimal,
    points: Points,
    /// What a missing value counts; nothing: the record is not tested.
    missing: Option<Decimal>,
}

#[derive(Debug)]
enum Points {
    /// From a number up so many points, the highest first; none below the lowest.
    Bands(Vec<(Decimal, Decimal)>),
    /// A word so many points.
    Values(Vec<(String, Decimal)>),
}

#[derive(Debug)]
enum Demand {
    /// So high a score.
    Least(Decimal),
    /// The declared grade: from a score up this one, the highest first.
    Grades(Vec<(Decimal, String)>),
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "scorecard"
    }

    fn describe(&self) -> Text {
        text!(
            "加权得分不能太低，或申报的级别必须等于按得分算出的级别",
            "a weighted score is high enough, or the declared grade is the one that it gives"
        )
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = rule.optional_string("field").map(|written| scope.named(rule, scope.table, &written));
        let entries = rule.tables("item");
        rule.must_not_be_empty("item", entries.is_empty());
        let items: Vec<Item> = entries.iter().filter_map(|entry| item(entry, scope)).collect();
        let grades = rule.tables("grade");
        let demand = if grades.is_empty() {
            Demand::Least(scope.parameters.number("least").unwrap_or_default())
        } else {
            if field.is_none() {
                rule.missing("field");
            }
            let read = grades.iter().filter_map(|entry| grade(entry, scope)).collect::<Vec<_>>();
            Demand::Grades(highest_first((read.len() == grades.len()).then_some(read)?))
        };
        let is_whole = items.len() == entries.len() && !matches!(field, Some(None));
        let weights = items.iter().try_fold(Decimal::ZERO, |sum, item| sum.checked_add(item.weight));
        let wrong = match weights {
            None => Some(text!("权重之和太大", "the weights add up to too much")),
            Some(weights) if is_whole && !items.is_empty() && weights <= Decimal::ZERO => {
                Some(text!("权重之和必须大于 0", "the weights must add up to more than 0"))
            }
            Some(_) => None,
        };
        if let Some(message) = wrong {
            rule.problems().add(rule.span_of("item"), message);
        }
        let card = Arc::new(Card { items, demand });
        is_whole.then(|| -> Box<dyn Check> {
            Box::new(Scorecard { table: scope.table.name.clone(), field: field.flatten(), card })
        })
    }
}

fn highest_first<T>(mut bounds: Vec<(Decimal, T)>) -> Vec<(Decimal, T)> {
    bounds.sort_by(|(one, _), (other, _)| other.cmp(one));
    bounds
}

/// A number that must stand under a key.
fn number(entry: &Params, key: &'static str) -> Option<Decimal> {
    entry.must_have(key);
    entry.optional_decimal(key).map(|number| number.value)
}

fn item(entry: &Params, scope: &Scope) -> Option<Item> {
    let written = entry.string("field");
    let field = written.as_ref().and_then(|written| scope.named(entry, scope.table, written));
    let weight = number(entry, "weight");
    let missing = entry.optional_decimal("missing");
    let bands = entry.tables("band");
    let values = entry.optional_table("values");
    let points = match (bands.is_empty(), values) {
        (false, None) => {
            let is_number =
                |name: &String| scope.table.field(name).is_some_and(|field| field.field_type == FieldType::Decimal);
            if let (Some(written), false) = (&written, field.as_ref().is_none_or(is_number)) {
                let word = &written.value;
                let message = text!("字段“{word}”不是数字，请用“values”", "field `{word}` is no number: use `values`");
                entry.problems().add(written.span.clone(), message);
            }
            let read: Vec<(Decimal, Decimal)> = bands.iter().filter_map(band).collect();
            (read.len() == bands.len()).then(|| Points::Bands(highest_first(read)))
        }
        (true, Some(values)) => {
            let points = |word: String| -> Option<(String, Decimal)> {
                let points = values.decimal_under(&word)?.value;
                Some((fold(&word).into_owned(), points))
            };
            let read: Option<Vec<_>> = values.keys().into_iter().map(|key| points(key.value)).collect();
            read.map(Points::Values)
        }
        (true, None) if entry.has("values") => None,
        _ => {
            let message = text!("“band”和“values”必须有其一，且只有其一", "give either `band` or `values`");
            entry.problems().add(entry.span(), message);
            None
        }
    };
    entry.finish();
    if entry.has("missing") && missing.is_none() {
        return None;
    }
    Some(Item { field: field?, weight: weight?, points: points?, missing: missing.map(|missing| missing.value) })
}

fn band(entry: &Params) -> Option<(Decimal, Decimal)> {
    let (at_least, points) = (number(entry, "at_least"), number(entry, "points"));
    entry.finish();
    at_least.zip(points)
}

/// A grade and the score from which it is given: a number, or the name of one.
fn grade(entry: &Params, scope: &Scope) -> Option<(Decimal, String)> {
    let name = entry.string("name");
    let written = entry.optional_number_or_name("at_least");
    entry.must_have("at_least");
    entry.finish();
    let at_least = match written? {
        NumberOrName::Number(number) => number,
        // A number in quotes is one all the same.
        NumberOrName::Name(written) => {
            Decimal::from_str_exact(&written.value).unwrap_or_else(|_| scope.number_named(&written))
        }
    };
    Some((at_least, fold(&name?.value).into_owned()))
}

impl Item {
    /// The points of a value; nothing where it cannot be scored. A number comes as text with it.
    fn points(&self, text: Option<&str>, value: Option<&str>) -> Option<Decimal> {
        let Some(text) = text else { return self.missing };
        match &self.points {
            Points::Values(values) => values.iter().find(|(word, _)| word == text).map(|(_, points)| *points),
            Points::Bands(bands) => {
                let value = Decimal::from_str_exact(value?).ok()?;
                Some(bands.iter().find(|(from, _)| *from <= value).map_or(Decimal::ZERO, |(_, points)| *points))
            }
        }
    }
}

impl Card {
    /// The score of a row; nothing where something cannot be scored.
    fn score(&self, rows: &Rows, row: usize) -> Option<Decimal> {
        let (mut sum, mut weights) = (Decimal::ZERO, Decimal::ZERO);
        for (index, item) in self.items.iter().enumerate() {
            let points = item.points(rows.text(index * 2, row), rows.text(index * 2 + 1, row))?;
            sum = item.weight.checked_mul(points).and_then(|weighted| sum.checked_add(weighted))?;
            weights += item.weight;
        }
        sum.checked_div(weights)
    }

    /// What a row is judged by, whether it fails, and the words for it; nothing where it is not tested.
    fn verdict(&self, rows: &Rows, row: usize) -> Option<(bool, String)> {
        let score = self.score(rows, row)?;
        // Cut, not rounded: what is shown never reaches a bound that the score does not.
        let shown = score.round_dp_with_strategy(1, RoundingStrategy::ToNegativeInfinity);
        match &self.demand {
            Demand::Least(least) => Some((score < *least, format!("{shown:.1}"))),
            Demand::Grades(grades) => {
                let declared = rows.text(self.items.len() * 2, row)?;
                let computed = grades.iter().find(|(from, _)| *from <= score).map(|(_, name)| name.as_str());
                let said = computed.map_or_else(|| format!("{shown:.1}"), |name| format!("{shown:.1}, {name}"));
                Some((computed != Some(declared), said))
            }
        }
    }
}

impl Check for Scorecard {
    fn reads(&self) -> Vec<(String, String)> {
        let declared = self.field.iter().filter(|_| matches!(self.card.demand, Demand::Grades(_)));
        let fields = self.card.items.iter().map(|item| &item.field).chain(declared);
        fields.map(|field| (self.table.clone(), field.clone())).collect()
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        Vec::new()
    }

    fn also_looks_at(&self) -> Vec<&str> {
        self.field.iter().map(String::as_str).collect()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let item =
            |item: &Item| [plan.columns.folded(&item.field), plan.columns.value(&item.field).cast(DataType::String)];
        let mut inputs: Vec<Expr> = self.card.items.iter().flat_map(item).collect();
        inputs.extend(self.field.iter().map(|field| plan.columns.folded(field)));
        // Every row is judged once: one mark before the words says whether it fails.
        let card = self.card.clone();
        let verdict = by_row(inputs, move |rows, row| {
            card.verdict(rows, row).map(|(fails, said)| format!("{}{said}", if fails { FAILS } else { PASSES }))
        });
        let failing = verdict.clone().str().starts_with(lit(FAILS));
        let said = verdict.clone().str().slice(lit(1), lit(NULL));
        let tested = Some(verdict.is_not_null());
        Ok(vec![Unit { field: self.field.clone(), tested, failing, detail: Some(said) }])
    }
}
