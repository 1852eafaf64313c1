//! Reads one `[[rule]]` of a rule file.
//!
//! Apart from the types because it changes with every key. Whatever it does not know is an error at its line.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Clauses, Message, Route, Rule, Threshold, Thresholds, example};
use crate::check::{self, CHECKS, Parameters, Scope};
use crate::dictionary::{Dictionary, Table};
use crate::model::{Dimension, Severity, StandardDimension};
use crate::params::{Params, Placed};
use crate::text;
use crate::text::Text;

const ROUTES: [&str; 4] = ["record", "customer", "manager", "service"];

/// What rules are read against.
pub struct Surroundings<'s> {
    /// The dictionary.
    pub dictionary: &'s Dictionary,
    /// What they may cite.
    pub clauses: &'s Clauses,
    /// The pack of the file; nothing: none.
    pub pack: Option<&'s str>,
    /// Numbers that stand in for those written, by rule.
    pub instead: &'s BTreeMap<String, BTreeMap<String, Decimal>>,
}

/// Reads a rule; a rule on every table (`table = "*"`) becomes one rule a table.
pub fn read(params: &Params, around: &Surroundings) -> Vec<Rule> {
    let Some(written) = params.string("table") else {
        params.string("id");
        params.tell_misspelt(&["check", "table"]);
        return Vec::new();
    };
    let dictionary = around.dictionary;
    if written.value == "*" {
        // Read for each table; the mistakes of the first reading are those of all.
        let mut rules = Vec::new();
        for table in &dictionary.tables {
            // Its examples are of the first table.
            let read =
                if rules.is_empty() { with_examples(params, table, around) } else { alone(params, table, around) };
            rules.extend(read.map(|rule| Rule { everywhere: true, ..rule }));
            if rules.is_empty() {
                break;
            }
        }
        finish(params);
        return rules;
    }
    let Some(table) = dictionary.table_called(&written.value) else {
        let word = &written.value;
        let message = text!("没有表“{word}”", "there is no table `{word}`");
        params.problems().unknown(written.span, message, word, &dictionary.words());
        return Vec::new();
    };
    let rule = with_examples(params, table, around);
    finish(params);
    rule.into_iter().collect()
}

/// Keys that nobody asked for are mistakes; of an unknown kind nobody knows which they are.
fn finish(params: &Params) {
    params.tell_misspelt(&["check", "table"]);
    if params.optional_string("check").is_some_and(|check| check::kind(&check.value).is_some()) {
        params.finish();
    }
}

/// A rule without its examples. One that cannot be made has left a mistake behind: no rule vanishes in silence.
fn alone(params: &Params, table: &Table, around: &Surroundings) -> Option<Rule> {
    let known = params.problems().count();
    let id = params.optional_string("id").map(|id| id.value).unwrap_or_default();
    let made = rule(params, table, around, &around.instead.get(&id).cloned().unwrap_or_default());
    if made.is_none() && params.problems().count() == known {
        params.problems().add(params.span_of("check"), text!("此规则无法读取", "this rule cannot be read"));
    }
    made
}

fn with_examples(params: &Params, table: &Table, around: &Surroundings) -> Option<Rule> {
    let read = alone(params, table, around);
    let again = |instead: &BTreeMap<String, Decimal>| rule(params, table, around, instead);
    let examples = example::read(params, table, around.dictionary, &again);
    read.map(|rule| Rule { examples, ..rule })
}

fn rule(params: &Params, table: &Table, around: &Surroundings, instead: &BTreeMap<String, Decimal>) -> Option<Rule> {
    let id = params.string("id");
    let parameter_table = params.optional_table("parameters");
    let parameters = Parameters::read(parameter_table.as_ref(), instead);
    let scope = Scope { dictionary: around.dictionary, table, parameters: &parameters };
    let where_ = scope.condition(params, "where", table);
    let check = check_of(params, &scope);
    match (&parameter_table, &check) {
        (Some(table), Some(_)) => parameters.finish(table),
        (Some(table), None) => parameters.tell_misspelt(table),
        _ => {}
    }
    let all = parameters.all();
    let title = required_text(params, "title");
    let why = params.optional_text("why");
    let severities = Severity::ALL.map(|severity| (severity.as_str(), severity));
    let dimensions = Dimension::ALL.map(|dimension| (dimension.as_str(), dimension));
    let severity = required_word(params, "severity", &severities);
    let dimension = required_word(params, "dimension", &dimensions);
    let standard_dimension = params.optional_word("standard_dimension", &StandardDimension::WORDS);
    let clauses = around.clauses.cited(params, params.strings_or_none("clauses").unwrap_or_default());
    let serves = around.clauses.cited(params, params.optional_strings("serves").unwrap_or_default());
    let replaces = params.optional_string("replaces");
    let route = route(params);
    let message = sentence(params, "message", &all);
    let advice = sentence(params, "advice", &all);
    if let (Some((_, check)), Some(message)) = (&check, &message)
        && message.has_detail()
        && !check.gives_detail()
    {
        let message = text!("此检查没有可填入 {{detail}} 的内容", "this check has nothing to fill into {{detail}}");
        params.problems().add(params.span_of("message"), message);
    }
    let thresholds = params.optional_table("thresholds").map(|table| thresholds(&table)).unwrap_or_default();
    let draft = params.optional_word("status", &[("published", false), ("draft", true)]).unwrap_or(false);
    let effective = (day(params, "effective_from"), day(params, "effective_to"));
    if let (Some(from), Some(to)) = effective
        && to < from
    {
        params.problems().add(params.span_of("effective_to"), text!("早于 effective_from", "before effective_from"));
    }
    if let (Some((_, check)), Some(Some(_))) = (&check, &where_)
        && check.measured().is_some()
    {
        let message = text!("此检查看整张表，不能有 where", "this check is about the whole table and takes no `where`");
        params.problems().add(params.span_of("where"), message);
    }
    let conflict = params.optional_string("conflict");
    if let Some(written) = &conflict {
        check_conflict(params, written, &clauses, around.clauses);
    }
    let span = params.span_of("id");
    Some(Rule {
        id: id?.value,
        title: title?,
        why: why.unwrap_or_default(),
        table: table.name.clone(),
        where_: where_?,
        kind: check.as_ref().map_or("", |(kind, _)| kind),
        check: check.map(|(_, check)| check)?,
        severity: severity?,
        dimension: dimension?,
        standard_dimension: standard_dimension
            .unwrap_or_else(|| StandardDimension::of(dimension.unwrap_or(Dimension::Validity))),
        clause: clauses.join(" "),
        serves,
        replaces,
        conflict,
        pack: around.pack.map(str::to_owned),
        everywhere: false,
        route: route?,
        message: message?,
        advice: advice?,
        thresholds,
        asked: parameters.asked(),
        parameters: all,
        unset: parameters.unset(),
        blocked: None,
        draft,
        effective,
        examples: Vec::new(),
        document: params.problems().document().clone(),
        span,
    })
}

/// A department by name, or a word; a word that is none of them would be a department that nobody has.
fn route(params: &Params) -> Option<Route> {
    let Some(written) = params.optional_string("route") else {
        return (!params.has("route")).then_some(Route::Record);
    };
    match written.value.as_str() {
        "record" => Some(Route::Record),
        "customer" => Some(Route::Customer),
        "manager" => Some(Route::Manager),
        "service" => Some(Route::Service),
        word if is_meant_as_a_word(word) => {
            let message = text!("没有“{word}”这个去向", "there is no route `{word}`");
            params.problems().unknown(written.span, message, word, &ROUTES);
            None
        }
        _ => Some(Route::Department(written.value)),
    }
}

/// A word, or one that is written otherwise: no department is called so.
fn is_meant_as_a_word(written: &str) -> bool {
    let plain = written.trim().to_lowercase();
    ROUTES.contains(&plain.as_str())
        || written.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte == b'-')
}

fn check_conflict(params: &Params, written: &Placed<String>, cited: &[String], clauses: &Clauses) {
    let word = &written.value;
    let Some(conflict) = clauses.conflict(word) else {
        let known: Vec<&str> = clauses.conflicts.iter().map(|conflict| conflict.id.as_str()).collect();
        let message = text!("clauses.toml 里没有“{word}”这处不一致", "clauses.toml has no conflict `{word}`");
        params.problems().unknown(written.span.clone(), message, word, &known);
        return;
    };
    if !conflict.clauses.iter().any(|clause| cited.contains(clause)) {
        let sides = conflict.clauses.join(", ");
        let message = text!("clauses 里应有其中一条：{sides}", "clauses must name a side of it: {sides}");
        params.problems().add(written.span.clone(), message);
    }
}

fn sentence(params: &Params, key: &'static str, parameters: &[check::Parameter]) -> Option<Message> {
    params.must_have(key);
    Message::read(params, key, parameters)
}

fn required_text(params: &Params, key: &'static str) -> Option<Text> {
    params.must_have(key);
    params.optional_text(key)
}

fn check_of(params: &Params, scope: &Scope) -> Option<(&'static str, Box<dyn check::Check>)> {
    let written = params.string("check")?;
    let Some(kind) = check::kind(&written.value) else {
        let word = &written.value;
        let known: Vec<&str> = CHECKS.iter().map(|kind| kind.name()).collect();
        let message = text!("没有检查“{word}”", "there is no check `{word}`");
        params.problems().unknown(written.span, message, word, &known);
        return None;
    };
    params.of_kind(kind.name());
    let check = kind.read(params, scope);
    params.of_no_kind();
    check.map(|check| (kind.name(), check))
}

fn required_word<T: Copy>(params: &Params, key: &'static str, words: &[(&str, T)]) -> Option<T> {
    params.must_have(key);
    params.optional_word(key, words)
}

fn thresholds(table: &Params) -> Thresholds {
    let threshold = |key: &'static str| {
        table.optional_table(key).map(|bound| {
            let threshold = Threshold {
                count: bound.optional_count("count").map(|count| count.value),
                percent: bound.optional_decimal("percent").map(|percent| percent.value),
            };
            if let Some(percent) =
                threshold.percent.filter(|percent| percent.is_sign_negative() || *percent > Decimal::ONE_HUNDRED)
            {
                let message = text!("{percent} 不在 0 到 100 之间", "{percent} is not between 0 and 100");
                bound.problems().add(bound.span_of("percent"), message);
            }
            if !bound.has("count") && !bound.has("percent") {
                bound.problems().add(bound.span(), text!("要有 count 或 percent", "count or percent is wanted"));
            }
            bound.finish();
            threshold
        })
    };
    let thresholds = Thresholds { warning: threshold("warning"), failure: threshold("failure") };
    if !table.has("warning") && !table.has("failure") {
        table.problems().add(table.span(), text!("要有 warning 或 failure", "warning or failure is wanted"));
    }
    table.finish();
    thresholds
}

/// A day that may be absent.
pub fn day(params: &Params, key: &'static str) -> Option<NaiveDate> {
    let written = params.optional_written(key)?;
    let day = NaiveDate::parse_from_str(&written.value, "%Y-%m-%d").ok();
    if day.is_none() {
        let word = &written.value;
        params.problems().add(written.span, text!("“{word}”不是日期", "`{word}` is no date"));
    }
    day
}
