//! Examples that a rule carries: rows as they would be typed, and what the rule must say of the first of them.
//!
//! Apart because they are read with the rule and judged by `hedui test` alone.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Rule;
use crate::dictionary::{Dictionary, Table};
use crate::params::{Params, Placed};
use crate::text;

/// What a rule must say of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// The row is fine.
    Pass,
    /// The row fails.
    Fail,
    /// The rule does not apply to the row.
    NotApplicable,
}

const EXPECTATIONS: [(&str, Expectation); 3] =
    [("pass", Expectation::Pass), ("fail", Expectation::Fail), ("not_applicable", Expectation::NotApplicable)];

/// One record: (field, cell as typed).
pub type Record = Vec<(String, String)>;

/// One example.
#[derive(Debug)]
pub struct Example {
    /// What the rule must say of the first record.
    pub expectation: Expectation,
    /// The day that ages are reckoned from; nothing: that of all examples.
    pub as_of: Option<NaiveDate>,
    /// Records of the rule's table; the first is judged.
    pub records: Vec<Record>,
    /// Records of other tables.
    pub tables: Vec<(String, Vec<Record>)>,
    /// Rows of the table in earlier runs, and how many had the measured field filled; the oldest first.
    pub history: Vec<(u64, u64)>,
    /// Records of the rule's table as the run compared with had them; nothing where there is none.
    pub before: Option<Vec<Record>>,
    /// The rule with the numbers of this example; nothing where it has none of its own.
    pub rule: Option<Box<Rule>>,
    /// Where it stands, from 1.
    pub line: usize,
}

impl Expectation {
    /// The word of rule files.
    pub fn as_str(self) -> &'static str {
        EXPECTATIONS.iter().find(|(_, expectation)| *expectation == self).map_or("", |(word, _)| word)
    }
}

/// Reads the examples of a rule; `again` reads the rule with other numbers.
pub fn read(
    params: &Params,
    table: &Table,
    dictionary: &Dictionary,
    again: &dyn Fn(&BTreeMap<String, Decimal>) -> Option<Rule>,
) -> Vec<Example> {
    params.tables("example").iter().filter_map(|entry| example(entry, table, dictionary, again)).collect()
}

fn example(
    entry: &Params,
    table: &Table,
    dictionary: &Dictionary,
    again: &dyn Fn(&BTreeMap<String, Decimal>) -> Option<Rule>,
) -> Option<Example> {
    entry.must_have("expect");
    let expectation = entry.optional_word("expect", &EXPECTATIONS);
    let as_of = super::read::day(entry, "as_of");
    let rows = entry.tables("rows");
    entry.must_not_be_empty("rows", rows.is_empty());
    let records = rows.iter().map(|row| record(row, table)).collect();
    let mut tables = Vec::new();
    if let Some(others) = entry.optional_table("tables") {
        for name in others.keys() {
            let Some(other) = known(&others, &name, dictionary) else {
                others.tables_under(&name.value);
                continue;
            };
            if other.name == table.name {
                others
                    .problems()
                    .add(name.span.clone(), text!("规则自己的表写在 rows 里", "the rule's own table is `rows`"));
            }
            let records = others.tables_under(&name.value).iter().map(|row| record(row, other)).collect();
            tables.push((other.name.clone(), records));
        }
    }
    let history = entry.tables("history").iter().filter_map(earlier).collect();
    let earlier_rows = entry.tables("before");
    let before = entry.has("before").then(|| earlier_rows.iter().map(|row| record(row, table)).collect());
    let mut instead = BTreeMap::new();
    if let Some(parameters) = entry.optional_table("parameters") {
        for name in parameters.keys() {
            instead.extend(parameters.decimal_under(&name.value).map(|number| (name.value.clone(), number.value)));
        }
    }
    let rule = if instead.is_empty() { None } else { again(&instead).map(Box::new) };
    if let (Some(rule), Some(parameters)) = (&rule, entry.optional_table("parameters")) {
        let names: Vec<&str> = rule.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        for name in parameters.keys().iter().filter(|name| !rule.asked.contains(&name.value)) {
            let word = &name.value;
            let message = text!("此规则不用参数“{word}”", "this rule takes no parameter `{word}`");
            let others: Vec<&str> = names.iter().copied().filter(|name| name != word).collect();
            parameters.problems().unknown(name.span.clone(), message, word, &others);
        }
    }
    entry.finish();
    let (line, _) = entry.problems().document().place(entry.span().start);
    Some(Example { expectation: expectation?, as_of, records, tables, history, before, rule, line })
}

fn earlier(run: &Params) -> Option<(u64, u64)> {
    run.must_have("rows");
    let (rows, filled) = (run.optional_count("rows"), run.optional_count("filled"));
    run.finish();
    let rows = rows?.value;
    Some((rows, filled.map_or(rows, |filled| filled.value)))
}

fn known<'d>(others: &Params, name: &Placed<String>, dictionary: &'d Dictionary) -> Option<&'d Table> {
    let found = dictionary.table_called(&name.value);
    if found.is_none() {
        let word = &name.value;
        let message = text!("没有表“{word}”", "there is no table `{word}`");
        others.problems().unknown(name.span.clone(), message, word, &dictionary.words());
    }
    found
}

fn record(row: &Params, table: &Table) -> Record {
    let mut record = Record::new();
    for key in row.keys() {
        let Some(written) = row.written_under(&key.value) else { continue };
        match table.field_called(&key.value) {
            Some(field) => record.push((field.name.clone(), written.value)),
            None => {
                let (word, name) = (&key.value, &table.name);
                let message = text!("表 {name} 没有字段“{word}”", "table {name} has no field `{word}`");
                let problem = row.problems().document().problem(key.span.clone(), message);
                row.problems().push(problem.with_suggestion(word, table.words()));
            }
        }
    }
    record
}
