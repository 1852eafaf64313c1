//! `reconcile`: a record of one source is in another, and says the same there.
//!
//! Apart from `reference`, which asks for a key alone: here values are held against those of the other record, days and
//! amounts by value, and what was reported may have some working days to get there. A key that several records of the
//! other table share is no one's counterpart: values are then not compared.

use polars::prelude::{
    DataType, Expr, Field as PolarsField, IntoColumn, IntoLazy, PolarsResult, StringChunked, col, len, lit, when,
};

use super::condition::{Columns, Comparison, Condition, Operand, Span, ValueType};
use super::moment::dated;
use super::normalise::Normalise;
use super::plan::JOIN_KEY;
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::dictionary::{FieldType, Table};
use crate::masking::Mask;
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `reconcile`.
pub struct Kind;

/// What a detail says where the other record has nothing; no cell is so.
const BLANK: &str = "\u{1f}blank";

#[derive(Clone, Copy, Debug, PartialEq)]
enum Report {
    /// The other table has no such record.
    Missing,
    /// Fields of the two records differ.
    Differs,
}

#[derive(Debug)]
struct Compared {
    field: String,
    mask: Option<Mask>,
}

#[derive(Debug)]
struct Reconcile {
    table: String,
    key: String,
    other: String,
    other_key: String,
    other_where: Option<Condition>,
    normalise: Normalise,
    report: Report,
    fields: Vec<Compared>,
    since: Option<String>,
    /// More working days than allowed have passed since.
    overdue: Option<Condition>,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "reconcile"
    }

    fn describe(&self) -> Text {
        text!(
            "记录须在另一来源的表中找得到；或：两边的值须一致",
            "a record is in the table of another source, or: it says the same there"
        )
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let other = scope.table(rule, "with");
        let key = match rule.optional_string("key") {
            Some(written) => scope.named(rule, scope.table, &written),
            None => scope.table.key.clone(),
        };
        let other_key = match (rule.optional_string("with_key"), other) {
            (Some(written), Some(other)) => scope.named(rule, other, &written),
            (None, Some(other)) => other.key.clone(),
            _ => None,
        };
        let other_where = scope.condition_on(rule, "with_where", other);
        let normalise = rule.optional_word("normalise", &Normalise::WORDS).unwrap_or_default();
        rule.must_have("report");
        let report = rule.optional_word("report", &[("missing", Report::Missing), ("differs", Report::Differs)]);
        let fields = fields(rule, scope, other, report);
        let since = rule.optional_string("since").map(|written| dated(rule, scope, scope.table, &written));
        let overdue = match &since {
            Some(Some(since)) => Some(overdue(since, scope)),
            _ => None,
        };
        for (part, name, table) in
            [(&key, "key", Some(scope.table)), (&other_key, "with_key", other)]
        {
            if part.is_none() && !rule.has(name) && table.is_some_and(|table| table.key.is_none()) {
                rule.missing(name);
            }
        }
        Some(Box::new(Reconcile {
            table: scope.table.name.clone(),
            key: key?,
            other: other?.name.clone(),
            other_key: other_key?,
            other_where: other_where?,
            normalise,
            report: report?,
            fields: fields?,
            since: match since {
                Some(since) => Some(since?),
                None => None,
            },
            overdue,
        }))
    }
}

/// The fields whose values are compared: both tables have them, of one type.
fn fields(rule: &Params, scope: &Scope, other: Option<&Table>, report: Option<Report>) -> Option<Vec<Compared>> {
    let Some(written) = rule.optional_strings("fields") else {
        if report == Some(Report::Differs) {
            rule.missing("fields");
            return None;
        }
        return Some(Vec::new());
    };
    if report == Some(Report::Missing) {
        let message = text!("report = \"missing\" 不比较字段，请删去 fields", "report = \"missing\" compares no fields: remove `fields`");
        rule.problems().add(rule.span_of("fields"), message);
    }
    rule.must_not_be_empty("fields", written.is_empty());
    let mut fields = Vec::new();
    for word in &written {
        let Some(name) = scope.named(rule, scope.table, word) else { continue };
        let own = scope.table.field(&name);
        let Some(other) = other else { continue };
        match (own, other.field(&name)) {
            (Some(own), Some(theirs)) if own.field_type == theirs.field_type => {
                fields.push(Compared { field: name, mask: own.mask.or(theirs.mask) });
            }
            (_, theirs) => {
                let table = &other.name;
                let message = match theirs {
                    Some(_) => text!("表 {table} 的字段 {name} 类型不同", "the field {name} of {table} is of another type"),
                    None => text!("表 {table} 没有字段 {name}", "table {table} has no field {name}"),
                };
                rule.problems().add(word.span.clone(), message);
            }
        }
    }
    (fields.len() == written.len()).then_some(fields)
}

fn overdue(since: &str, scope: &Scope) -> Condition {
    let limit = scope.parameters.whole("limit").unwrap_or(0);
    let is_time = scope.table.field(since).is_some_and(|field| field.field_type == FieldType::DateTime);
    let from = Operand::Field(since.to_owned(), if is_time { ValueType::Time } else { ValueType::Day });
    let passed = Operand::Between(Span::WorkingDays, Box::new(from), Box::new(Operand::AsOf));
    Condition::Compare(passed, Comparison::Greater, Operand::Number(limit.into()))
}

/// The text that keys are matched by.
fn normalised(text: Expr, normalise: Normalise) -> Expr {
    if normalise == Normalise::Folded {
        return text;
    }
    rewritten(text, move |text| normalise.apply(text).into_owned())
}

fn rewritten(text: Expr, rewrite: impl Fn(&str) -> String + Send + Sync + 'static) -> Expr {
    text.map(
        move |column| {
            let texts: StringChunked = column.str()?.iter().map(|text| text.map(&rewrite)).collect();
            Ok(texts.with_name(column.name().clone()).into_column())
        },
        |_, field| Ok(PolarsField::new(field.name().clone(), DataType::String)),
    )
}

/// The counterpart of a record in the plan.
struct Counterpart {
    /// How many records of the other table have its key; null where none has.
    found: Expr,
    /// (field, folded, value) of the one that has it.
    values: Vec<(usize, Expr, Expr)>,
}

impl Reconcile {
    fn counterpart(&self, plan: &mut Plan) -> PolarsResult<Counterpart> {
        let other = plan.related(&self.other)?;
        let holds = match &self.other_where {
            Some(condition) => other.condition(condition).fill_null(lit(false)),
            None => lit(true),
        };
        let key = normalised(other.folded(&self.other_key), self.normalise);
        let found = plan.name();
        let mut aggregations = vec![len().alias(found.as_str())];
        let mut values = Vec::new();
        for (at, compared) in self.fields.iter().enumerate() {
            if !self.is_there(compared, plan, &other) {
                continue;
            }
            let (folded, value) = (plan.name(), plan.name());
            aggregations.push(other.folded(&compared.field).first().alias(folded.as_str()));
            aggregations.push(other.value(&compared.field).first().alias(value.as_str()));
            values.push((at, col(folded.as_str()), col(value.as_str())));
        }
        let keyed = key.clone().is_not_null();
        let frame = other.frame()?.lazy().filter(holds.and(keyed)).group_by_stable([key.alias(JOIN_KEY)]).agg(aggregations);
        plan.attach(frame, normalised(plan.columns.folded(&self.key), self.normalise));
        Ok(Counterpart { found: col(found.as_str()), values })
    }

    /// Whether both tables have a column for a field.
    fn is_there(&self, compared: &Compared, plan: &Plan, other: &Columns) -> bool {
        let has = |columns: &Columns| columns.dataset().columns.contains_key(&compared.field);
        has(&plan.columns) && has(other)
    }

    /// Whether it has had its time; one that says nothing of when it was reported has.
    fn due(&self, plan: &Plan, failing: Expr) -> Expr {
        match &self.overdue {
            Some(overdue) => failing.and(plan.columns.condition(overdue).fill_null(lit(true))),
            None => failing,
        }
    }

    fn missing(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let counterpart = self.counterpart(plan)?;
        let tested = Some(plan.columns.folded(&self.key).is_not_null());
        let failing = self.due(plan, counterpart.found.is_null());
        Ok(vec![Unit { tested, ..Unit::on(&self.key, failing) }])
    }

    fn differs(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let Counterpart { found, values } = self.counterpart(plan)?;
        let unit = |(at, folded, value): (usize, Expr, Expr)| {
            let compared = &self.fields[at];
            let (own, own_value) = (plan.columns.folded(&compared.field), plan.columns.value(&compared.field));
            let both = own_value.clone().is_not_null().and(value.clone().is_not_null());
            let other_text = own.clone().neq(folded.clone()).fill_null(lit(true));
            let failing = when(both).then(own_value.neq(value)).otherwise(other_text);
            let tested = own.is_not_null().and(found.clone().eq(lit(1)).fill_null(lit(false)));
            let shown = match compared.mask {
                Some(mask) => rewritten(folded, move |text| mask.apply(text)),
                None => folded,
            };
            let failing = self.due(plan, failing);
            Unit { tested: Some(tested), ..Unit::on(&compared.field, failing).with_detail(shown.fill_null(lit(BLANK))) }
        };
        Ok(values.into_iter().map(unit).collect())
    }
}

impl Check for Reconcile {
    fn reads(&self) -> Vec<(String, String)> {
        let own = std::iter::once(&self.key).chain(&self.since).map(|field| (self.table.clone(), field.clone()));
        let needed = self.other_where.iter().flat_map(Condition::needed);
        let other = std::iter::once(self.other_key.as_str()).chain(needed);
        own.chain(other.map(|field| (self.other.clone(), field.to_owned()))).collect()
    }

    fn reads_where_there_is_a_column(&self) -> Vec<(String, String)> {
        let both = |compared: &Compared| {
            [(self.table.clone(), compared.field.clone()), (self.other.clone(), compared.field.clone())]
        };
        self.fields.iter().flat_map(both).collect()
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        let other = self.other_where.iter().map(|condition| (self.other.as_str(), condition));
        other.chain(self.overdue.iter().map(|condition| (self.table.as_str(), condition))).collect()
    }

    fn gives_detail(&self) -> bool {
        self.report == Report::Differs
    }

    fn words(&self) -> Vec<(&'static str, Text)> {
        vec![(BLANK, text!("空白", "blank"))]
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        match self.report {
            Report::Missing => self.missing(plan),
            Report::Differs => self.differs(plan),
        }
    }
}
