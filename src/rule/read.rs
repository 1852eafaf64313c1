//! Reads one `[[rule]]` of a rule file.
//!
//! Apart from the types because it changes with every key. Whatever it does not know is an error at its line.

use chrono::NaiveDate;

use super::{Message, Route, Rule, Threshold, Thresholds};
use crate::check::{self, CHECKS, Parameters, Scope};
use crate::dictionary::{Dictionary, Table};
use crate::model::{Dimension, Severity};
use crate::params::{Params, Placed};
use crate::text;
use crate::text::Text;

/// Reads a rule; a rule on every table (`table = "*"`) becomes one rule a table.
pub fn read(params: &Params, dictionary: &Dictionary) -> Vec<Rule> {
    let Some(written) = params.string("table") else {
        params.string("id");
        return Vec::new();
    };
    if written.value == "*" {
        // Read for each table; the mistakes of the first reading are those of all.
        let mut rules = Vec::new();
        for table in &dictionary.tables {
            rules.extend(rule(params, table, dictionary));
            if rules.is_empty() {
                break;
            }
        }
        params.finish();
        return rules;
    }
    let Some(table) = dictionary.table_called(&written.value) else {
        let word = &written.value;
        let message = text!("没有表“{word}”", "there is no table `{word}`");
        params.problems().unknown(written.span, message, word, &dictionary.words());
        return Vec::new();
    };
    let rule = rule(params, table, dictionary);
    params.finish();
    rule.into_iter().collect()
}

fn rule(params: &Params, table: &Table, dictionary: &Dictionary) -> Option<Rule> {
    let id = params.string("id");
    let parameter_table = params.optional_table("parameters");
    let parameters = Parameters::read(parameter_table.as_ref());
    let scope = Scope { dictionary, table, parameters: &parameters };
    let where_ = scope.condition(params, "where", table);
    let check = check_of(params, &scope);
    if let (Some(table), Some(_)) = (&parameter_table, &check) {
        parameters.finish(table);
    }
    let all = parameters.all();
    let title = title(params);
    let severities = Severity::ALL.map(|severity| (severity.as_str(), severity));
    let dimensions = Dimension::ALL.map(|dimension| (dimension.as_str(), dimension));
    let severity = required_word(params, "severity", &severities);
    let dimension = required_word(params, "dimension", &dimensions);
    let clauses = clauses(params);
    let route = params.optional_string("route").map_or(Route::Record, |route| match route.value.as_str() {
        "record" => Route::Record,
        "customer" => Route::Customer,
        _ => Route::Department(route.value),
    });
    let message = Message::read(params, "message", &all);
    if !params.has("message") {
        params.missing("message");
    }
    let advice = Message::read(params, "advice", &all).unwrap_or_default();
    params.optional_string("why");
    let thresholds = params.optional_table("thresholds").map(|table| thresholds(&table)).unwrap_or_default();
    let draft = params.optional_word("status", &[("published", false), ("draft", true)]).unwrap_or(false);
    let effective = (day(params, "effective_from"), day(params, "effective_to"));
    Some(Rule {
        id: id?.value,
        title: title?,
        table: table.name.clone(),
        where_: where_?,
        check: check?,
        severity: severity?,
        dimension: dimension?,
        clause: clauses,
        route,
        message: message?,
        advice,
        thresholds,
        parameters: all,
        unset: parameters.unset(),
        draft,
        effective,
    })
}

fn check_of(params: &Params, scope: &Scope) -> Option<Box<dyn check::Check>> {
    let written = params.string("check")?;
    let Some(kind) = check::kind(&written.value) else {
        let word = &written.value;
        let known: Vec<&str> = CHECKS.iter().map(|kind| kind.name()).collect();
        let message = text!("没有检查“{word}”", "there is no check `{word}`");
        params.problems().unknown(written.span, message, word, &known);
        return None;
    };
    kind.read(params, scope)
}

fn title(params: &Params) -> Option<Text> {
    if !params.has("title") {
        params.missing("title");
        return None;
    }
    if params.is_table("title") {
        let table = params.optional_table("title")?;
        let both = (table.string("zh"), table.string("en"));
        table.finish();
        return Some(Text { zh: both.0?.value, en: both.1?.value });
    }
    params.optional_string("title").map(|title| Text::same(title.value))
}

fn required_word<T: Copy>(params: &Params, key: &'static str, words: &[(&str, T)]) -> Option<T> {
    if !params.has(key) {
        params.missing(key);
    }
    params.optional_word(key, words)
}

/// Clause ids as `policy` lists them: a letter, a hyphen, two digits.
fn clauses(params: &Params) -> String {
    let is_clause = |clause: &Placed<String>| {
        let mut parts = clause.value.splitn(2, '-');
        let letter =
            parts.next().is_some_and(|part| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_uppercase()));
        letter && parts.next().is_some_and(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let written = params.strings("clauses").unwrap_or_default();
    for clause in written.iter().filter(|clause| !is_clause(clause)) {
        let word = &clause.value;
        params.problems().add(
            clause.span.clone(),
            text!("“{word}”不是条款号（如 A-16）", "`{word}` is no clause id (such as A-16)"),
        );
    }
    written.into_iter().map(|clause| clause.value).collect::<Vec<_>>().join(" ")
}

fn thresholds(table: &Params) -> Thresholds {
    let threshold = |key: &'static str| {
        table.optional_table(key).map(|bound| {
            let threshold = Threshold {
                count: bound.optional_count("count").map(|count| count.value),
                percent: bound.optional_decimal("percent").map(|percent| percent.value),
            };
            bound.finish();
            threshold
        })
    };
    let thresholds = Thresholds { warning: threshold("warning"), failure: threshold("failure") };
    table.finish();
    thresholds
}

fn day(params: &Params, key: &'static str) -> Option<NaiveDate> {
    let written = params.optional_written(key)?;
    let day = NaiveDate::parse_from_str(&written.value, "%Y-%m-%d").ok();
    if day.is_none() {
        let word = &written.value;
        params.problems().add(written.span, text!("“{word}”不是日期", "`{word}` is no date"));
    }
    day
}
