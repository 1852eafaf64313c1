//! Questions about a rule that need the data: what it says of a record and on what grounds, and what would be if.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::talk::{Talk, here, outcome_word};
use super::Subject;
use crate::cli::{ExplainArguments, Options};
use crate::engine::evidence::{Evidence, classes, evidence};
use crate::engine::{Evaluation, FindingSource, describe_plan, materialise};
use crate::exit_code::ExitCode;
use crate::model::{Finding, RuleOutcome};
use crate::pipeline::{self, Checked, Earlier};
use crate::rule::Rule;
use crate::text;
use crate::text::Text;
use crate::workplace::{Instead, Workplace};

/// A question that needs the data.
pub struct Question<'a> {
    /// The workplace.
    pub workplace: &'a Workplace,
    /// The rule.
    pub rule: &'a Rule,
    /// What is asked about.
    pub subject: &'a Subject,
    /// How.
    pub arguments: &'a ExplainArguments,
    /// Who is told.
    pub talk: &'a Talk,
}

impl Question<'_> {
    /// Answers it, in words or into an object for scripts.
    pub fn of_data(&self, options: &Options, instead: &BTreeMap<String, Decimal>, answer: &mut Value) -> ExitCode {
        let language = self.workplace.config.language;
        let as_of =
            options.as_of.unwrap_or_else(|| crate::clock::day(crate::clock::now(self.workplace.config.timezone)));
        // Without a store there is nothing that came back.
        let returns = pipeline::verification::look(self.workplace, as_of).unwrap_or_default();
        let earlier = Earlier { returns, ..Earlier::default() };
        let bar = self.talk.progress();
        let advance = |what: &str| bar.set_message(what.to_owned());
        let wanted = |other: &Rule| other.id == self.rule.id;
        let checked = pipeline::check(self.workplace, as_of, &earlier, &wanted, &advance);
        bar.finish_and_clear();
        self.talk.unread(&checked.reading.notes, language);
        let mut code = if checked.is_partial() { ExitCode::Partial } else { ExitCode::Done };
        if self.arguments.plan {
            let plan = describe_plan(self.rule, &checked.datasets, &pipeline::context(self.workplace, as_of));
            answer["plan"] = plan.clone().into();
            let narrowed = pipeline::narrowing::described(self.workplace, self.rule, as_of);
            answer["narrowed"] = narrowed.iter().map(|said| said.get(language)).collect::<Vec<_>>().into();
            if !self.talk.is_json() {
                let heading = text!("读取　  ", "reading    ");
                narrowed.iter().for_each(|said| out!("{}{}", heading.get(language), said.get(language)));
                out!("{plan}");
            }
        }
        if let Some(record) = &self.subject.record {
            code = code.and(self.finding(record, as_of, &checked, answer));
        }
        if !instead.is_empty() {
            code = code.and(self.what_if(options, instead, &checked, as_of, answer));
        }
        code
    }

    /// What the rule says of a record, and the values behind it.
    fn finding(&self, record: &str, as_of: NaiveDate, checked: &Checked, answer: &mut Value) -> ExitCode {
        let language = self.workplace.config.language;
        let context = pipeline::context(self.workplace, as_of);
        let Some(dataset) = checked.datasets.get(&self.rule.table) else { return ExitCode::Partial };
        // A key may have a stroke in it: what was taken for a field then belongs to the key.
        let whole = self.subject.field.as_ref().map(|field| format!("{record}/{field}"));
        let at = |key: &str| (0..dataset.height).find(|position| dataset.key_at(*position) == key);
        let asked = whole.as_deref().and_then(|key| Some((key, None, at(key)?)));
        let field = self.subject.field.as_deref();
        let Some((record, field, position)) = asked.or_else(|| Some((record, field, at(record)?))) else {
            let table = &self.rule.table;
            self.talk.error(
                &text!(
                    "表 {table} 中没有记录“{record}”；记录编号见报告，或 hedui history findings",
                    "{table} has no record `{record}`; reports and hedui history findings have the keys of records"
                ),
                language,
            );
            return ExitCode::Usage;
        };
        let source = FindingSource {
            datasets: &checked.datasets,
            context: &context,
            waivers: &self.workplace.waivers,
            fingerprints: false,
        };
        let mut said: Vec<Value> = Vec::new();
        let asked =
            |finding: &Finding| finding.record_key == record && field.is_none_or(|field| field == finding.field);
        let gathered: Result<(), std::convert::Infallible> = materialise(&source, &checked.evaluation, |finding| {
            if asked(&finding) {
                if !self.talk.is_json() {
                    let place = place(&finding);
                    let shown = text!("问题　  {place}", "finding    {place}");
                    let between = text!("：", ": ");
                    out!("{}{}{}", shown.get(language), between.get(language), finding.message);
                }
                said.push(json!({
                    "field": finding.field, "value": finding.value, "message": finding.message, "file": finding.file,
                    "sheet": finding.sheet, "row": finding.row, "column": finding.column, "status": finding.status.as_str(),
                }));
            }
            Ok(())
        });
        let Ok(()) = gathered;
        if said.is_empty() && !self.talk.is_json() {
            out!(
                "{}",
                text!("此记录没有这条规则的问题", "the rule finds nothing wrong with this record").get(language)
            );
        }
        answer["findings"] = said.into();
        let values = match evidence(self.rule, position, &checked.datasets, &context) {
            Ok(values) => values,
            Err(error) => {
                self.talk.error(&Text::same(error), language);
                return ExitCode::Partial;
            }
        };
        answer["values"] = values
            .iter()
            .map(|Evidence { what, value }| json!({ "what": what.get(language), "value": value }))
            .collect::<Vec<_>>()
            .into();
        if !self.talk.is_json() {
            for Evidence { what, value } in &values {
                let value = if value.is_empty() {
                    text!("（空）", "(empty)").get(language).to_owned()
                } else {
                    value.clone()
                };
                out!("  {} = {value}", what.get(language));
            }
        }
        ExitCode::Done
    }

    /// The outcome now, and what it would be with other numbers.
    fn what_if(
        &self,
        options: &Options,
        instead: &BTreeMap<String, Decimal>,
        now: &Checked,
        as_of: NaiveDate,
        answer: &mut Value,
    ) -> ExitCode {
        let language = self.workplace.config.language;
        let numbers: Instead = std::iter::once((self.rule.id.clone(), instead.clone())).collect();
        let changed = match self.talk.loaded(Workplace::load_with(options.config.as_deref(), &here(), &numbers)) {
            Ok(changed) => changed,
            Err(code) => return code,
        };
        let context = pipeline::context(&changed, as_of);
        let wanted = |other: &Rule| other.id == self.rule.id;
        let then = pipeline::evaluate(&now.datasets, &now.reading, &context, &changed.waivers, &wanted, &|_| ());
        let classes_now = classes(self.rule, &now.datasets, &pipeline::context(self.workplace, as_of));
        let changed_rule = changed.pack.rule(&self.rule.id).map(|(rule, _)| rule);
        let classes_then = changed_rule.map(|rule| classes(rule, &now.datasets, &context)).unwrap_or_default();
        let one = |outcome: Option<&RuleOutcome>| {
            outcome.map_or(Value::Null, |outcome| json!({ "outcome": outcome.outcome.as_str(), "tested": outcome.tested, "failing": outcome.failing }))
        };
        // A rule on every table has an outcome for each.
        let outcomes = |evaluation: &Evaluation| -> BTreeMap<String, RuleOutcome> {
            evaluation.outcomes.iter().map(|outcome| (outcome.table.clone(), outcome.clone())).collect()
        };
        let (before, after) = (outcomes(&now.evaluation), outcomes(&then));
        answer["what_if"] = json!({
            "now": one(before.get(&self.rule.table)), "then": one(after.get(&self.rule.table)),
            "classes_now": classes_now, "classes_then": classes_then,
            "tables": before.keys().map(|table| json!({
                "table": table, "now": one(before.get(table)), "then": one(after.get(table)),
            })).collect::<Vec<_>>(),
        });
        if !self.talk.is_json() {
            let several = before.len() > 1;
            for (what, outcome, classes) in before.keys().flat_map(|table| {
                [
                    (text!("现在　", "now        "), before.get(table), &classes_now),
                    (text!("假如　", "what if    "), after.get(table), &classes_then),
                ]
            }) {
                let Some(outcome) = outcome else { continue };
                let word = outcome_word(outcome.outcome, language).trim();
                let classes: Vec<String> = classes.iter().map(|(name, count)| format!("{name} {count}")).collect();
                let table = if several { format!("{}  ", outcome.table) } else { String::new() };
                let figures = format!("{}/{}", outcome.failing, outcome.tested);
                let line = format!("{}  {table}{word} {figures}  {}", what.get(language), classes.join("  "));
                out!("{}", line.trim_end());
            }
        }
        ExitCode::Done
    }
}

fn place(finding: &Finding) -> String {
    let cell = format!("{}{}", finding.column, finding.row);
    [finding.file, finding.sheet, &cell].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
