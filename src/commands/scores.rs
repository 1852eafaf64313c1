//! `hedui history scores`: tested and failing units of the last run of each period, by rule, dimension or person.
//!
//! Apart from the other subjects of `history` because it has shapes of its own. What a score is, `model::score` says.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::talk::Talk;
use crate::cli::{ScoreArguments, ScoresBy};
use crate::history::store::Run;
use crate::model::{Dimension, PersonScore, Ratio, Score, Scores, Whose};
use crate::text::Language;

/// The runs whose scores are asked for: of each period of each job the last revision.
pub fn wanted<'r>(runs: &'r [Run], arguments: &ScoreArguments) -> Vec<&'r Run> {
    let asked = |run: &&Run| {
        arguments.job.as_ref().is_none_or(|job| run.job == *job)
            && arguments.period.as_ref().is_none_or(|period| run.period == *period)
    };
    let is_last = |run: &&Run| {
        !runs
            .iter()
            .any(|other| (&other.job, &other.period) == (&run.job, &run.period) && other.revision > run.revision)
    };
    runs.iter().filter(asked).filter(is_last).collect()
}

/// Prints the scores of some runs.
pub fn print(scored: &[(&Run, Scores)], by: ScoresBy, language: Language, talk: &Talk) {
    let lines: Vec<Value> = scored
        .iter()
        .flat_map(|(run, scores)| match by {
            ScoresBy::Rule => scores.lines.iter().map(|line| by_rule(run, line)).collect(),
            ScoresBy::Dimension => by_dimension(run, &scores.lines),
            ScoresBy::Person => by_person(run, &scores.people),
        })
        .collect();
    if talk.is_json() {
        out!("{:#}", Value::from(lines));
    } else {
        lines.iter().for_each(|line| out!("{}", shown(line, language)));
    }
}

/// The company's lines carry an empty department, those of records without one null.
fn department(whose: &Whose) -> Value {
    match whose {
        Whose::Company => "".into(),
        Whose::Department(name) if name.is_empty() => Value::Null,
        Whose::Department(name) => name.as_str().into(),
    }
}

fn by_rule(run: &Run, line: &Score) -> Value {
    json!({
        "job": run.job, "period": run.period, "revision": run.revision, "department": department(&line.whose),
        "dimension": line.dimension.as_str(), "severity": line.severity.as_str(), "rule_id": line.rule_id,
        "table": line.table, "tested": line.tested, "failing": line.failing, "outcome": line.outcome.as_str(),
        "score": line.ratio().percent(),
    })
}

fn by_person(run: &Run, people: &[PersonScore]) -> Vec<Value> {
    let mut sums: BTreeMap<(&str, &str, Dimension), Ratio> = BTreeMap::new();
    for line in people.iter().filter(|line| line.ratio().tested > 0) {
        let sum = sums.entry((&line.department, &line.person, line.dimension)).or_default();
        *sum = [*sum, line.ratio()].into_iter().sum();
    }
    let line = |((department, person, dimension), ratio): ((&str, &str, Dimension), Ratio)| {
        let mut line = summed(run, &Whose::Department(department.to_owned()), dimension.as_str(), ratio);
        line["person"] = person.into();
        line
    };
    sums.into_iter().map(line).collect()
}

/// All dimensions of everybody, the empty dimension for all of them together.
fn by_dimension(run: &Run, lines: &[Score]) -> Vec<Value> {
    let mut sums: BTreeMap<&Whose, BTreeMap<Dimension, Ratio>> = BTreeMap::new();
    for line in lines {
        let sum = sums.entry(&line.whose).or_default().entry(line.dimension).or_default();
        *sum = [*sum, line.ratio()].into_iter().sum();
    }
    let mut values = Vec::new();
    for (whose, sums) in sums {
        values.push(summed(run, whose, "", sums.values().copied().sum()));
        values.extend(Dimension::ALL.into_iter().map(|dimension| {
            let ratio = sums.get(&dimension).copied().unwrap_or_default();
            summed(run, whose, dimension.as_str(), ratio)
        }));
    }
    values
}

fn summed(run: &Run, whose: &Whose, dimension: &str, ratio: Ratio) -> Value {
    json!({
        "job": run.job, "period": run.period, "revision": run.revision, "department": department(whose),
        "dimension": dimension, "passed": ratio.passed, "tested": ratio.tested, "failing": ratio.failing(),
        "score": ratio.percent(), "small": ratio.is_small(),
    })
}

/// A line for people: period, department, what is scored, and the score with what it rests on.
fn shown(line: &Value, language: Language) -> String {
    let word = |key: &str| line[key].as_str().unwrap_or_default();
    let (all, none, nobody, no_data) = match language {
        Language::Zh => ("全公司", "（未填部门）", "（未填负责人）", "无数据"),
        Language::En => ("(company)", "(no department)", "(no owner)", "no data"),
    };
    let (overall, counts_nowhere) = match language {
        Language::Zh => ("总评分", "不计分"),
        Language::En => ("(overall)", "not scored"),
    };
    let mut parts = vec![word("period").to_owned()];
    parts.push(match line["department"].as_str() {
        None => none.to_owned(),
        Some("") => all.to_owned(),
        Some(name) => name.to_owned(),
    });
    if let Some(person) = line["person"].as_str() {
        parts.push(if person.is_empty() { nobody } else { person }.to_owned());
    }
    parts.push(if word("dimension").is_empty() { overall } else { word("dimension") }.to_owned());
    if line["rule_id"].is_string() {
        parts.extend([word("rule_id"), word("table"), word("outcome")].map(str::to_owned));
    }
    let (tested, failing) = (line["tested"].as_u64().unwrap_or(0), line["failing"].as_u64().unwrap_or(0));
    if tested > 0 {
        parts.push(format!("{}/{tested}", tested.saturating_sub(failing)));
    }
    parts.push(match line["score"].as_str() {
        Some(score) => format!("{score}%"),
        None if tested > 0 => counts_nowhere.to_owned(),
        None if line["rule_id"].is_string() => return parts.join("  "),
        None => no_data.to_owned(),
    });
    parts.join("  ")
}
