//! What a list refers to: tables, rules, and lists that stand before it. Each must be there.
//!
//! Apart because names of things elsewhere are looked up, and what is not found is told with what is near.

use crate::dictionary::{Dictionary, Table};
use crate::params::{Params, Placed};
use crate::rule::Pack;
use crate::rule::listing::{Relation, RelationKind};
use crate::text;

const RELATIONS: [(&str, RelationKind); 3] = [
    ("same_owner_as", RelationKind::SameOwner),
    ("same_customer_as", RelationKind::SameCustomer),
    ("other_customer_than", RelationKind::OtherCustomer),
];

/// The table of a name.
pub(super) fn table<'d>(entry: &Params, written: &Placed<String>, dictionary: &'d Dictionary) -> Option<&'d Table> {
    let word = &written.value;
    let found = dictionary.table_called(word);
    if found.is_none() {
        let message = text!("没有表“{word}”", "there is no table `{word}`");
        entry.problems().unknown(written.span.clone(), message, word, &dictionary.words());
    }
    found
}

/// The rules under a key; each must be there and be about the table.
pub(super) fn rules(entry: &Params, key: &'static str, table: Option<&Table>, pack: &Pack) -> Vec<String> {
    let written = entry.optional_strings(key).unwrap_or_default();
    for rule in &written {
        let word = &rule.value;
        let tables = pack.tables_of(word);
        if tables.is_empty() {
            let message = text!("没有规则“{word}”", "there is no rule `{word}`");
            let problem = entry.problems().document().problem(rule.span.clone(), message);
            entry.problems().push(problem.with_suggestion(word, pack.all_rule_ids()));
        } else if let Some(table) = table
            && !tables.contains(&table.name.as_str())
        {
            let name = &table.name;
            let message = text!("规则 {word} 不检核表 {name}", "the rule {word} is not about the table {name}");
            entry.problems().add(rule.span.clone(), message);
        }
    }
    written.into_iter().map(|rule| rule.value).collect()
}

/// What the records have to do with other lists; `names` are those that stand before this one.
pub(super) fn relations(entry: &Params, table: Option<&Table>, names: &[String]) -> Vec<Relation> {
    let mut relations = Vec::new();
    for (key, how) in RELATIONS {
        let Some(lists) = entry.optional_strings(key) else { continue };
        entry.must_not_be_empty(key, lists.is_empty());
        for written in &lists {
            let word = &written.value;
            if !names.contains(word) {
                let known: Vec<&str> = names.iter().map(String::as_str).collect();
                let message = text!("前面没有清单“{word}”", "no list `{word}` stands before this one");
                entry.problems().unknown(written.span.clone(), message, word, &known);
            }
            if table.is_none() {
                let message = text!("没有 table 就不能写 {key}", "`{key}` needs a `table`");
                entry.problems().add(written.span.clone(), message);
            }
        }
        relations.push(Relation { lists: lists.into_iter().map(|list| list.value).collect(), how });
    }
    relations
}
