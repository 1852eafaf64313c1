//! What each table is wanted for, and by that what of it may stay in its database.
//!
//! Apart because it takes all rules of a run to say so: one rule that looks at other rows, or one of another table that looks
//! something up, and all rows are wanted. It asks checks what makes a row suspect; it sends nothing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::Workplace;
use crate::check::condition::Condition;
use crate::check::suspicion::{About, Suspicion};
use crate::config::{Evaluate, Feature, Location};
use crate::dictionary::Table;
use crate::model::narrowing::{NarrowedRows, Narrowing, Test};
use crate::rule::Rule;
use crate::source::Narrowings;
use crate::text;
use crate::text::Text;
use crate::verify::Returns;

/// What every table that lies in a database is wanted for.
pub fn plan(workplace: &Workplace, as_of: NaiveDate, returns: &Returns, wanted: &dyn Fn(&Rule) -> bool) -> Narrowings {
    let rules = rules(workplace, as_of, wanted);
    let mut narrowings = Narrowings::new();
    if !Feature::Pushdown.is_built_in() {
        return narrowings;
    }
    for source in &workplace.config.sources {
        let is_asked = match source.location {
            Location::Database(_) => source.evaluate != Evaluate::Here,
            Location::Files(_) => source.evaluate == Evaluate::Spark,
        };
        let Some(table) = workplace.pack.dictionary.table(&source.table.value).filter(|_| is_asked) else { continue };
        narrowings.entry(table.name.clone()).or_insert_with(|| of_table(workplace, table, &rules, as_of, returns));
    }
    narrowings
}

/// The fields of each table that rules and findings may need; of a table that is not named, all are needed. Whether a rule
/// stands in for one that is wanted is asked of its columns: all rules in force count.
pub fn fields(workplace: &Workplace, as_of: NaiveDate, returns: &Returns) -> BTreeMap<String, BTreeSet<String>> {
    let rules = rules(workplace, as_of, &|_| true);
    let customers = &workplace.pack.dictionary.customers.table;
    let tables = workplace.pack.dictionary.tables.iter();
    tables
        .filter(|table| returns.is_empty() || table.name != *customers) // dates of the customers move on
        .map(|table| {
            let about = About { table, as_of };
            let own = rules.iter().filter(|rule| rule.table == table.name);
            let suspicions: Vec<(&Rule, Option<Suspicion>)> =
                own.map(|rule| (*rule, suspicion(rule, &about))).collect();
            (table.name.clone(), columns(table, &rules, &suspicions, workplace))
        })
        .collect()
}

/// The rules that will be evaluated: those wanted that are in force, and those whose findings they count.
fn rules<'w>(workplace: &'w Workplace, as_of: NaiveDate, wanted: &dyn Fn(&Rule) -> bool) -> Vec<&'w Rule> {
    let all = || workplace.pack.rules.iter();
    let counted: BTreeSet<&str> = all()
        .filter(|rule| wanted(rule))
        .filter_map(|rule| rule.check.combines())
        .flat_map(|combined| combined.rules.iter().map(|named| named.value.as_str()))
        .collect();
    let is_meant = |rule: &&Rule| wanted(rule) || counted.contains(rule.id.as_str());
    all().filter(is_meant).filter(|rule| rule.not_enabled(as_of).is_none()).collect()
}

fn of_table(workplace: &Workplace, table: &Table, rules: &[&Rule], as_of: NaiveDate, returns: &Returns) -> Narrowing {
    let dictionary = &workplace.pack.dictionary;
    if table.name == dictionary.customers.table && !returns.is_empty() {
        return Narrowing::Whole(text!(
            "有收回的核对表，客户的核实日期要逐户更新",
            "verification lists came back, which move dates of customers on"
        ));
    }
    let own: Vec<&&Rule> = rules.iter().filter(|rule| rule.table == table.name).collect();
    let about = About { table, as_of };
    let suspicions: Vec<(&Rule, Option<Suspicion>)> =
        own.iter().map(|rule| (**rule, suspicion(rule, &about))).collect();
    if let Some(reason) = all_rows_wanted(table, rules, &suspicions, workplace) {
        return Narrowing::Columns(columns(table, rules, &suspicions, workplace), reason);
    }
    let mut narrowed =
        NarrowedRows { suspect: Test::Constant(false), valued: BTreeSet::new(), filled: BTreeSet::new() };
    let mut tests = Vec::new();
    for (_, suspicion) in suspicions {
        let Some(suspicion) = suspicion else { continue };
        tests.extend(suspicion.tests);
        narrowed.valued.extend(suspicion.valued);
        narrowed.filled.extend(suspicion.filled);
    }
    narrowed.suspect = Test::any(tests);
    Narrowing::Rows(narrowed)
}

/// What makes a row suspect to a rule: that it may apply, and that the check may fail it.
fn suspicion(rule: &Rule, about: &About) -> Option<Suspicion> {
    if rule.check.looks_beyond_the_row() || rule.check.looks_at_changes() || rule.check.measured().is_some() {
        return None;
    }
    let mut suspicion = rule.check.suspects(about)?;
    if let Some(where_) = &rule.where_ {
        let applies = about.may_be(where_, true)?;
        suspicion.tests = suspicion.tests.into_iter().map(|test| Test::all([applies.clone(), test])).collect();
        suspicion.valued.extend(where_.fields().into_iter().map(str::to_owned));
    }
    Some(suspicion)
}

/// Why all rows of a table are wanted; nothing where suspect ones and counts do.
fn all_rows_wanted(
    table: &Table,
    rules: &[&Rule],
    suspicions: &[(&Rule, Option<Suspicion>)],
    workplace: &Workplace,
) -> Option<Text> {
    let dictionary = &workplace.pack.dictionary;
    if let Some((rule, _)) = suspicions.iter().find(|(_, suspicion)| suspicion.is_none()) {
        let (id, kind) = (&rule.id, rule.kind);
        return Some(text!(
            "规则 {id}（{kind}）要看其他行，或不能由数据库按原文判断",
            "the rule {id} ({kind}) looks at other rows, or cannot be told from the raw text by a database"
        ));
    }
    let looks_up = |rule: &&&Rule| rule.table != table.name && reads(rule).iter().any(|(of, _)| *of == table.name);
    if let Some(rule) = rules.iter().find(looks_up) {
        let id = &rule.id;
        return Some(text!("规则 {id} 要在此表中查找", "the rule {id} looks something up in it"));
    }
    let of_others = rules.iter().any(|rule| rule.table != table.name);
    if table.name == dictionary.people.table || table.name == dictionary.customers.table && of_others {
        return Some(text!("由它查出记录归谁", "it says whose a record is"));
    }
    None
}

/// All that a rule may read, (table, field).
fn reads(rule: &Rule) -> Vec<(String, String)> {
    let mut reads = rule.reads();
    reads.extend(rule.check.reads_where_there_is_a_source());
    reads.extend(rule.check.reads_where_there_is_a_column());
    reads.extend(rule.check.also_looks_at().into_iter().map(|field| (rule.table.clone(), field.to_owned())));
    let named = |(table, condition): (&str, &Condition)| -> Vec<(String, String)> {
        let asked_after = condition.guarded();
        condition.fields().into_iter().chain(asked_after).map(|field| (table.to_owned(), field.to_owned())).collect()
    };
    reads.extend(rule.check.conditions().into_iter().flat_map(named));
    reads.extend(rule.where_.iter().flat_map(|condition| named((rule.table.as_str(), condition))));
    reads
}

/// The fields that rules and findings need of a table.
fn columns(
    table: &Table,
    rules: &[&Rule],
    suspicions: &[(&Rule, Option<Suspicion>)],
    workplace: &Workplace,
) -> BTreeSet<String> {
    let dictionary = &workplace.pack.dictionary;
    let read = rules.iter().flat_map(|rule| reads(rule)).filter(|(of, _)| *of == table.name).map(|(_, field)| field);
    let looked_at = suspicions.iter().filter_map(|(_, suspicion)| suspicion.as_ref());
    let looked_at = looked_at.flat_map(|suspicion| suspicion.filled.iter().chain(&suspicion.valued).cloned());
    let mut fields: BTreeSet<String> = read.chain(looked_at).collect();
    // what stands first tells records from totals where there is no key
    fields.extend(table.fields.first().filter(|_| table.key.is_none()).map(|field| field.name.clone()));
    fields.extend([&table.key, &table.customer, &table.person, &table.department].into_iter().flatten().cloned());
    let (customers, people) = (&dictionary.customers, &dictionary.people);
    if table.name == customers.table {
        fields.extend([&customers.name, &customers.department, &customers.owner].into_iter().cloned());
        fields.extend([&customers.secrecy, &customers.verified].into_iter().flatten().cloned());
    }
    if table.name == people.table {
        fields.extend([&people.name, &people.department].into_iter().cloned());
        fields.extend([&people.manager, &people.left].into_iter().flatten().cloned());
    }
    fields
}

/// How the tables that a rule reads travel, where it is checked alone and where all rules are: for whoever asks.
pub fn described(workplace: &Workplace, rule: &Rule, as_of: NaiveDate) -> Vec<Text> {
    if let Some(message) = Feature::Pushdown.left_out() {
        return vec![message];
    }
    let returns = Returns::default();
    let alone = plan(workplace, as_of, &returns, &|other| other.id == rule.id);
    let among_all = plan(workplace, as_of, &returns, &|_| true);
    let mut tables: Vec<String> = vec![rule.table.clone()];
    tables.extend(reads(rule).into_iter().map(|(table, _)| table));
    let mut seen = BTreeSet::new();
    tables.retain(|table| seen.insert(table.clone()));
    let mut said = Vec::new();
    for table in tables.iter().filter_map(|name| workplace.pack.dictionary.table(name)) {
        let (label, label_en) = (&table.label, &table.label_en);
        let Some((alone, all)) = alone.get(&table.name).zip(among_all.get(&table.name)) else {
            said.push(text!(
                "“{label}”：整表读取（不在数据库里，或 evaluate = \"here\"）",
                "{label_en}: read whole (in no database, or evaluate = \"here\")"
            ));
            continue;
        };
        let (Text { zh: alone_zh, en: alone_en }, Text { zh: all_zh, en: all_en }) = (in_words(alone), in_words(all));
        said.push(text!(
            "“{label}”：单查这条规则，{alone_zh}；全部规则一起查，{all_zh}；hedui run 整表读取",
            "{label_en}: for this rule alone, {alone_en}; for all rules, {all_en}; hedui run reads it whole"
        ));
    }
    said
}

fn in_words(narrowing: &Narrowing) -> Text {
    match narrowing {
        Narrowing::Whole(Text { zh, en }) => text!("整表读取（{zh}）", "read whole ({en})"),
        Narrowing::Columns(fields, Text { zh, en }) => {
            let count = fields.len();
            text!("取回所有行的 {count} 个字段（{zh}）", "all rows, {count} fields of them ({en})")
        }
        Narrowing::Rows(_) => {
            text!("由数据库筛选可疑的行，其余只取条数", "suspect rows by the database, of the others their number")
        }
    }
}
