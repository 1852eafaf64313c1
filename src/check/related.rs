//! `related`: a row fails when a condition over its own fields and figures of other tables is true.
//!
//! Figures are counted, summed or picked among the rows of another table that belong to the record. Apart from
//! `related_count`, which compares one count with a number, because here the analyst writes the comparison.

use std::collections::BTreeMap;

use polars::prelude::{DataType, Expr, IntoLazy, PolarsResult, col, len, lit};

use super::condition::{Columns, Condition, Figures, Operand};
use super::plan::JOIN_KEY;
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::dictionary::{Field, FieldType, Table};
use crate::params::{Params, Placed};
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `related`.
pub struct Kind;

#[derive(Debug)]
struct Related {
    table: String,
    field: Option<String>,
    joins: Vec<Join>,
    fails_when: Condition,
    detail: Option<Operand>,
}

/// The rows of another table that belong to a record, and what is made of them.
#[derive(Debug)]
struct Join {
    table: String,
    key: String,
    related_key: String,
    where_: Option<Condition>,
    optional: bool,
    figures: Vec<Figure>,
}

#[derive(Debug)]
struct Figure {
    name: String,
    how: How,
    field: Option<String>,
    field_type: FieldType,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum How {
    Count,
    Sum,
    Least,
    Most,
    First,
    Last,
    Distinct,
}

const HOWS: [(&str, How); 7] = [
    ("count", How::Count),
    ("sum", How::Sum),
    ("min", How::Least),
    ("max", How::Most),
    ("first", How::First),
    ("last", How::Last),
    ("distinct", How::Distinct),
];

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "related"
    }

    fn describe(&self) -> Text {
        text!(
            "条件成立的行不通过；条件可用另一些表中相关记录的合计、计数和日期",
            "a row fails where a condition over its fields and figures of other tables is true"
        )
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = match rule.optional_string("field") {
            Some(written) => scope.named(rule, scope.table, &written).map(Some),
            None => Some(None),
        };
        let entries = rule.tables("join");
        rule.must_not_be_empty("join", entries.is_empty());
        // The figures may be named like fields: the conditions are read against a table that has them too.
        let mut widened = scope.table.clone();
        let mut names: Vec<Placed<String>> = Vec::new();
        let joins: Vec<Option<Join>> =
            entries.iter().map(|entry| join(entry, scope, &mut widened, &mut names)).collect();
        rule.must_have("fails_when");
        let fails_when = scope.condition(rule, "fails_when", &widened);
        let detail = scope.operand(rule, "detail", &widened);
        if fails_when.is_none() || detail.is_none() {
            // A condition that cannot be read names nothing for certain: figures whose name it lacks are told beside it.
            let written = [rule.optional_string("fails_when"), rule.optional_string("detail")];
            let text: String = written.into_iter().flatten().map(|written| written.value + " ").collect();
            let words: Vec<&str> = text.split(|one: char| !one.is_alphanumeric() && one != '_').collect();
            not_used(rule, names.iter().filter(|name| !words.contains(&name.value.as_str())));
        }
        let (fails_when, detail) = (fails_when??, detail?);
        let joins = joins.into_iter().collect::<Option<Vec<Join>>>()?;
        let mut used: Vec<&str> = fails_when.fields();
        used.extend(detail.iter().flat_map(Operand::fields));
        not_used(rule, names.iter().filter(|name| !used.contains(&name.value.as_str())));
        Some(Box::new(Related { table: scope.table.name.clone(), field: field?, joins, fails_when, detail }))
    }
}

fn not_used<'n>(rule: &Params, names: impl Iterator<Item = &'n Placed<String>>) {
    for name in names {
        let word = &name.value;
        let message = text!("没有用到“{word}”", "`{word}` is not used");
        rule.problems().unknown(name.span.clone(), message, word, &[]);
    }
}

fn join(entry: &Params, scope: &Scope, widened: &mut Table, names: &mut Vec<Placed<String>>) -> Option<Join> {
    let related = scope.table(entry, "table");
    let own = |key: Option<&String>| key.cloned();
    let key = match entry.optional_string("key") {
        Some(written) => scope.named(entry, scope.table, &written),
        None => own(scope.table.customer.as_ref().or(scope.table.key.as_ref())),
    };
    let related_key = match (entry.optional_string("related_key"), related) {
        (Some(written), Some(related)) => scope.named(entry, related, &written),
        (None, Some(related)) => own(related.customer.as_ref().or(related.key.as_ref())),
        _ => None,
    };
    let where_ = scope.condition_on(entry, "where", related);
    let optional = entry.optional_bool("optional").unwrap_or(false);
    entry.must_have("figures");
    let mut figures = Vec::new();
    if let (Some(table), Some(related)) = (entry.optional_table("figures"), related) {
        entry.must_not_be_empty("figures", table.keys().is_empty());
        for name in table.keys() {
            let Some(figure) = figure(&table, &name, related, scope) else { continue };
            if widened.field_called(&name.value).is_some() {
                let word = &name.value;
                let message = text!("“{word}”已是字段或已用过", "`{word}` is a field or stands already");
                table.problems().add(name.span.clone(), message);
            }
            widened.fields.push(Field::reckoned(&name.value, figure.field_type));
            names.push(name);
            figures.push(figure);
        }
    }
    entry.finish();
    for (part, key) in [(&key, "key"), (&related_key, "related_key")] {
        if part.is_none() && !entry.has(key) {
            entry.missing(key);
        }
    }
    Some(Join {
        table: related?.name.clone(),
        key: key?,
        related_key: related_key?,
        where_: where_?,
        optional,
        figures,
    })
}

/// Reads `name = "max(signed_on)"`.
fn figure(table: &Params, name: &Placed<String>, related: &Table, scope: &Scope) -> Option<Figure> {
    let written = table.string_under(&name.value)?;
    let text = written.value.trim();
    let shape = text.strip_suffix(')').and_then(|text| text.split_once('('));
    let Some((word, argument)) = shape else {
        let message = text!("应写成 count()、max(字段) 这样", "write count(), max(field) or the like");
        table.problems().add(written.span.clone(), message);
        return None;
    };
    let Some((_, how)) = HOWS.iter().find(|(known, _)| *known == word.trim()) else {
        let word = word.trim();
        let message = text!("没有函数“{word}”", "there is no function `{word}`");
        table.problems().unknown(written.span.clone(), message, word, &HOWS.map(|(word, _)| word));
        return None;
    };
    let argument = argument.trim().trim_matches('"');
    if argument.is_empty() != (*how == How::Count) {
        let message = text!("count() 不带字段，其余要一个字段", "count() takes no field, the others take one");
        table.problems().add(written.span.clone(), message);
        return None;
    }
    let mut field = None;
    let mut field_type = FieldType::Decimal;
    if *how != How::Count {
        let placed = Placed { value: argument.to_owned(), span: written.span.clone() };
        let named = scope.named(table, related, &placed)?;
        let own_type = related.field(&named).map_or(FieldType::Text, |field| field.field_type);
        match how {
            How::Sum if own_type != FieldType::Decimal => {
                table.problems().add(written.span.clone(), text!("只有数字能求和", "only numbers can be summed"));
                return None;
            }
            How::Sum | How::Distinct => {}
            _ => field_type = own_type,
        }
        field = Some(named);
    }
    Some(Figure { name: name.value.clone(), how: *how, field, field_type })
}

impl Figure {
    fn aggregation(&self, columns: &Columns) -> Expr {
        let value = || self.field.as_deref().map_or(lit(0), |field| columns.value(field));
        match self.how {
            How::Count => len().cast(DataType::Decimal(38, 0)),
            How::Sum => value().sum(),
            How::Least => value().min(),
            How::Most => value().max(),
            How::First => value().drop_nulls().first(),
            How::Last => value().drop_nulls().last(),
            How::Distinct => value().drop_nulls().n_unique().cast(DataType::Decimal(38, 0)),
        }
    }

    /// What stands where no row matches: none is a number, nothing is not.
    fn filled(&self, column: Expr) -> Expr {
        match self.how {
            How::Count | How::Distinct | How::Sum => column.fill_null(super::condition::decimal(0.into())),
            _ => column,
        }
    }

    /// The figure of a table that the company has not.
    fn of_nothing(&self) -> Expr {
        let data_type = match self.field_type {
            FieldType::Text => DataType::String,
            FieldType::Date | FieldType::DateTime => DataType::Date,
            FieldType::Decimal => DataType::Decimal(38, 0),
        };
        self.filled(lit(polars::prelude::NULL).cast(data_type))
    }
}

impl Join {
    fn attach(&self, plan: &mut Plan, figures: &mut Figures) -> PolarsResult<()> {
        if self.optional && !plan.has(&self.table) {
            figures.extend(self.figures.iter().map(|figure| (figure.name.clone(), figure.of_nothing())));
            return Ok(());
        }
        let related = plan.related(&self.table)?;
        let holds = match &self.where_ {
            Some(condition) => related.condition(condition).fill_null(lit(false)),
            None => lit(true),
        };
        let key = related.folded(&self.related_key);
        let names: BTreeMap<&str, String> =
            self.figures.iter().map(|figure| (figure.name.as_str(), plan.name())).collect();
        let aggregations: Vec<Expr> = self
            .figures
            .iter()
            .map(|figure| figure.aggregation(&related).alias(names[figure.name.as_str()].as_str()))
            .collect();
        let keyed = key.clone().is_not_null();
        let frame =
            related.frame()?.lazy().filter(holds.and(keyed)).group_by_stable([key.alias(JOIN_KEY)]).agg(aggregations);
        plan.attach(frame, plan.columns.folded(&self.key));
        for figure in &self.figures {
            let column = figure.filled(col(names[figure.name.as_str()].as_str()));
            figures.insert(figure.name.clone(), column);
        }
        Ok(())
    }

    fn reads(&self) -> Vec<(String, String)> {
        let mut fields: Vec<&str> = vec![&self.related_key];
        fields.extend(self.where_.iter().flat_map(Condition::needed));
        fields.extend(self.figures.iter().filter_map(|figure| figure.field.as_deref()));
        fields.into_iter().map(|field| (self.table.clone(), field.to_owned())).collect()
    }
}

impl Related {
    fn own_reads(&self) -> Vec<(String, String)> {
        let figures: Vec<&str> =
            self.joins.iter().flat_map(|join| &join.figures).map(|figure| figure.name.as_str()).collect();
        let mut fields = self.fails_when.needed();
        fields.extend(self.detail.iter().flat_map(Operand::fields));
        fields.retain(|field| !figures.contains(field));
        fields.extend(self.joins.iter().map(|join| join.key.as_str()));
        fields.into_iter().map(|field| (self.table.clone(), field.to_owned())).collect()
    }

    fn figures(&self, plan: &mut Plan) -> PolarsResult<Figures> {
        let mut figures = Figures::new();
        for join in &self.joins {
            join.attach(plan, &mut figures)?;
        }
        Ok(figures)
    }
}

impl Check for Related {
    fn gives_detail(&self) -> bool {
        self.detail.is_some()
    }

    fn reads(&self) -> Vec<(String, String)> {
        let needed = self.joins.iter().filter(|join| !join.optional).flat_map(Join::reads);
        self.own_reads().into_iter().chain(needed).collect()
    }

    fn reads_where_there_is_a_source(&self) -> Vec<(String, String)> {
        self.joins.iter().filter(|join| join.optional).flat_map(Join::reads).collect()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let figures = self.figures(plan)?;
        let failing = plan.columns.condition_with(&self.fails_when, &figures);
        let detail = self.detail.as_ref().map(|detail| plan.columns.shown(detail, &figures));
        Ok(vec![Unit { field: self.field.clone(), tested: None, failing, detail }])
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        let joined = self.joins.iter().filter_map(|join| Some((join.table.as_str(), join.where_.as_ref()?)));
        std::iter::once((self.table.as_str(), &self.fails_when)).chain(joined).collect()
    }

    fn evidence(&self, plan: &mut Plan) -> PolarsResult<Vec<(Text, Expr)>> {
        let figures = self.figures(plan)?;
        Ok(figures.iter().map(|(name, figure)| (Text::same(name.clone()), figure.clone())).collect())
    }
}
