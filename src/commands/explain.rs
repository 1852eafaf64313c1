//! `hedui explain`: a rule in words with its clause, the values behind a finding, and what would be if.
//!
//! It is for the person at the terminal who may see the data: values are shown as typed.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::talk::{Talk, here, outcome_word};
use crate::check::CHECKS;
use crate::cli::{Common, ExplainArguments};
use crate::engine::evidence::{Evidence, evidence};
use crate::engine::{FindingSource, describe_plan, materialise};
use crate::exit_code::ExitCode;
use crate::model::{Finding, RuleOutcome};
use crate::pipeline::{self, Checked, Earlier};
use crate::problem::nearest;
use crate::rule::{Route, Rule};
use crate::text;
use crate::text::{Language, Text};
use crate::workplace::{Instead, Workplace};

/// Carries out the command.
pub fn run(common: &Common, arguments: &ExplainArguments, talk: &Talk) -> ExitCode {
    let workplace = match talk.workplace(common) {
        Ok(workplace) => workplace,
        Err(code) => return code,
    };
    let language = workplace.config.language;
    if arguments.kinds {
        print_kinds(talk, language);
        return ExitCode::Done;
    }
    let subject = Subject::read(arguments);
    let Some((rule, in_force)) = workplace.pack.rule(&subject.rule) else {
        let (word, known) = (&subject.rule, workplace.pack.all_rule_ids());
        let near = nearest(word, known).map(|near| text!("，是否想写“{near}”？", ", did you mean `{near}`?"));
        let Text { zh, en } = near.unwrap_or_default();
        talk.error(&text!("没有规则“{word}”{zh}", "there is no rule `{word}`{en}"), language);
        return ExitCode::Usage;
    };
    let instead = match numbers(arguments, rule) {
        Ok(instead) => instead,
        Err(text) => {
            talk.error(&text, language);
            return ExitCode::Usage;
        }
    };
    let lines = in_words(rule, in_force, &workplace, common);
    let mut answer = json!({
        "rule_id": rule.id, "table": rule.table, "place": rule.place(), "in_force": in_force,
        "lines": lines.iter().map(|(what, said)| json!({ "what": what.get(language), "said": said.get(language) })).collect::<Vec<_>>(),
    });
    if !talk.is_json() {
        for (what, said) in &lines {
            out!("{}  {}", what.get(language), said.get(language));
        }
    }
    let wants_data = subject.record.is_some() || arguments.plan || !instead.is_empty();
    let mut code = ExitCode::Done;
    if wants_data && in_force {
        let asked = Asked { workplace: &workplace, rule, subject: &subject, arguments, talk };
        code = asked.of_data(common, &instead, &mut answer);
    } else if wants_data {
        let pack = rule.pack.as_deref().unwrap_or_default();
        talk.error(
            &text!(
                "制度包 {pack} 没有启用，没有可看的数据",
                "the pack {pack} is not in force: there is no data to show"
            ),
            language,
        );
        code = ExitCode::Usage;
    }
    if talk.is_json() {
        out!("{answer:#}");
    }
    code
}

/// What is asked about: a rule, and perhaps a record and a field.
struct Subject {
    rule: String,
    record: Option<String>,
    field: Option<String>,
}

impl Subject {
    fn read(arguments: &ExplainArguments) -> Self {
        let written = arguments.subject.clone().unwrap_or_default();
        let mut parts = written.splitn(3, '/').map(str::to_owned);
        let rule = parts.next().unwrap_or_default();
        let record = arguments.record.clone().or_else(|| parts.next());
        Self { rule, record, field: parts.next() }
    }
}

/// The numbers of `--what-if`, which must be ones that the rule asks for.
fn numbers(arguments: &ExplainArguments, rule: &Rule) -> Result<BTreeMap<String, Decimal>, Text> {
    let mut numbers = BTreeMap::new();
    for written in &arguments.what_if {
        let read = written.split_once('=').and_then(|(name, value)| Some((name, Decimal::from_str_exact(value).ok()?)));
        let Some((name, value)) = read else {
            return Err(text!("“{written}”应写成 名称=数字", "`{written}`: write NAME=NUMBER"));
        };
        if !rule.asked.iter().any(|asked| asked == name) {
            let known = rule.asked.join(", ");
            return Err(text!(
                "此规则没有参数“{name}”（有：{known}）",
                "the rule has no parameter `{name}` (it has: {known})"
            ));
        }
        numbers.insert(name.to_owned(), value);
    }
    Ok(numbers)
}

fn print_kinds(talk: &Talk, language: Language) {
    if talk.is_json() {
        let list: Vec<Value> = CHECKS
            .iter()
            .map(|kind| json!({ "check": kind.name(), "asserts": kind.describe().get(language) }))
            .collect();
        out!("{:#}", Value::from(list));
        return;
    }
    for kind in CHECKS {
        out!("{:<16}{}", kind.name(), kind.describe().get(language));
    }
}

/// The rule in words, line by line.
fn in_words(rule: &Rule, in_force: bool, workplace: &Workplace, common: &Common) -> Vec<(Text, Text)> {
    let pack = &workplace.pack;
    let same = |text: &str| Text::same(text);
    let mut lines =
        vec![(text!("规则　", "rule       "), same(&rule.id)), (text!("标题　", "title      "), rule.title.clone())];
    if !rule.why.zh.is_empty() {
        lines.push((text!("原因　", "why        "), rule.why.clone()));
    }
    let Some(table) = pack.dictionary.table(&rule.table) else { return lines };
    let (zh, en) = (&table.label, &table.label_en);
    lines.push((text!("表　　", "table      "), text!("{zh}", "{en}")));
    lines.push((
        text!("适用于", "applies to "),
        rule.where_.as_ref().map_or_else(|| text!("所有行", "all rows"), |condition| condition.words(table)),
    ));
    if let Some(kind) = crate::check::kind(rule.kind) {
        let (Text { zh, en }, name) = (kind.describe(), kind.name());
        lines.push((text!("检查　", "check      "), text!("{zh}（{name}）", "{en} ({name})")));
    }
    for (of, condition) in rule.check.conditions() {
        let described = pack.dictionary.table(of).unwrap_or(table);
        let Text { zh, en } = condition.words(described);
        lines.push((text!("条件　", "condition  "), text!("{zh}", "{en}")));
    }
    for parameter in &rule.parameters {
        let name = &parameter.name;
        let value =
            parameter.value.map_or_else(|| text!("未填写", "blank"), |value| Text::same(value.normalize().to_string()));
        let note = match parameter.basis {
            crate::check::Basis::Company => {
                text!("（制度未填写，本公司设定）", " (left blank by the policy, set by the company)")
            }
            crate::check::Basis::Policy => Text::default(),
        };
        let Text { zh, en } = value;
        let (note_zh, note_en) = (note.zh, note.en);
        lines.push((text!("参数　", "number     "), text!("{name} = {zh}{note_zh}", "{name} = {en}{note_en}")));
    }
    for cited in rule.clauses() {
        if let Some(clause) = pack.clauses.clause(cited) {
            let document = pack.clauses.document_of(clause);
            let (title, version) =
                document.map_or(("", ""), |document| (document.title.as_str(), document.version.as_str()));
            let (article, quote) = (&clause.article, &clause.quote);
            lines.push((
                text!("依据　", "clause     "),
                text!(
                    "{cited}《{title}》{article}：“{quote}”（{version}）",
                    "{cited} {title} {article}: “{quote}” ({version})"
                ),
            ));
        }
    }
    let (severity, dimension) = (rule.severity.as_str(), rule.dimension.as_str());
    let standard = rule.standard_dimension.as_str();
    lines.push((
        text!("级别　", "severity   "),
        text!(
            "{severity}，{dimension}（GB/T 36344-2018 {standard}）",
            "{severity}, {dimension} (GB/T 36344-2018 {standard})"
        ),
    ));
    lines.push((text!("归属　", "goes to    "), route(&rule.route)));
    let advice = |language| rule.advice.fill(language, &crate::rule::message::Filling::default());
    lines.push((text!("怎么办", "what to do "), Text { zh: advice(Language::Zh), en: advice(Language::En) }));
    let as_of = common.as_of.unwrap_or_else(|| crate::clock::day(crate::clock::now(workplace.config.timezone)));
    let state = match (in_force, rule.not_enabled(as_of), &rule.pack) {
        (false, _, Some(pack)) => {
            text!("未启用：制度包 {pack} 没有启用", "not enabled: the pack {pack} is not in force")
        }
        (_, Some(reason), _) => reason,
        _ => text!("启用", "in force"),
    };
    lines.push((text!("状态　", "state      "), state));
    lines.push((text!("所在　", "written at "), same(&rule.place())));
    lines
}

fn route(route: &Route) -> Text {
    match route {
        Route::Record => text!("记录的负责部门", "the record's department"),
        Route::Customer => text!("该客户的负责部门", "the customer's department"),
        Route::Manager => text!("负责人上级所在的部门", "the department of the owner's manager"),
        Route::Service => text!("客户服务部", "customer service"),
        Route::Department(name) => Text::same(name.clone()),
    }
}

/// A question that needs the data.
struct Asked<'a> {
    workplace: &'a Workplace,
    rule: &'a Rule,
    subject: &'a Subject,
    arguments: &'a ExplainArguments,
    talk: &'a Talk,
}

impl Asked<'_> {
    fn of_data(&self, common: &Common, instead: &BTreeMap<String, Decimal>, answer: &mut Value) -> ExitCode {
        let language = self.workplace.config.language;
        let as_of =
            common.as_of.unwrap_or_else(|| crate::clock::day(crate::clock::now(self.workplace.config.timezone)));
        let bar = self.talk.progress();
        let advance = |what: &str| bar.set_message(what.to_owned());
        let wanted = |other: &Rule| other.id == self.rule.id;
        let checked = pipeline::check(self.workplace, as_of, &Earlier::default(), &wanted, &advance);
        bar.finish_and_clear();
        self.talk.unread(&checked.reading.notes, language);
        let mut code = if checked.is_partial() { ExitCode::Partial } else { ExitCode::Done };
        if self.arguments.plan {
            let plan = describe_plan(self.rule, &checked.datasets, &pipeline::context(self.workplace, as_of));
            answer["plan"] = plan.clone().into();
            if !self.talk.is_json() {
                out!("{plan}");
            }
        }
        if let Some(record) = &self.subject.record {
            code = code.and(self.finding(record, as_of, &checked, answer));
        }
        if !instead.is_empty() {
            code = code.and(self.what_if(common, instead, &checked, as_of, answer));
        }
        code
    }

    /// What the rule says of a record, and the values behind it.
    fn finding(&self, record: &str, as_of: chrono::NaiveDate, checked: &Checked, answer: &mut Value) -> ExitCode {
        let language = self.workplace.config.language;
        let context = pipeline::context(self.workplace, as_of);
        let Some(dataset) = checked.datasets.get(&self.rule.table) else { return ExitCode::Partial };
        let Some(position) = (0..dataset.height).find(|position| dataset.key_at(*position) == record) else {
            let table = &self.rule.table;
            self.talk.error(&text!("表 {table} 中没有记录“{record}”", "{table} has no record `{record}`"), language);
            return ExitCode::Usage;
        };
        let source = FindingSource {
            datasets: &checked.datasets,
            context: &context,
            waivers: &self.workplace.waivers,
            fingerprints: false,
        };
        let mut said: Vec<Value> = Vec::new();
        let asked = |finding: &Finding| {
            finding.record_key == record && self.subject.field.as_deref().is_none_or(|field| field == finding.field)
        };
        let gathered: Result<(), std::convert::Infallible> = materialise(&source, &checked.evaluation, |finding| {
            if asked(&finding) {
                if !self.talk.is_json() {
                    let place = place(&finding);
                    let shown = text!("问题　  {place}", "finding    {place}");
                    out!("{}：{}", shown.get(language), finding.message);
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
        common: &Common,
        instead: &BTreeMap<String, Decimal>,
        now: &Checked,
        as_of: chrono::NaiveDate,
        answer: &mut Value,
    ) -> ExitCode {
        let language = self.workplace.config.language;
        let numbers: Instead = std::iter::once((self.rule.id.clone(), instead.clone())).collect();
        let Ok(changed) = Workplace::load_with(common.config.as_deref(), &here(), &numbers) else {
            return ExitCode::Usage;
        };
        let context = pipeline::context(&changed, as_of);
        let wanted = |other: &Rule| other.id == self.rule.id;
        let then = crate::engine::evaluate(&now.datasets, &now.reading, &context, &wanted, &|_| ());
        let classes_now =
            crate::engine::evidence::classes(self.rule, &now.datasets, &pipeline::context(self.workplace, as_of));
        let changed_rule = changed.pack.rule(&self.rule.id).map(|(rule, _)| rule);
        let classes_then = changed_rule
            .map(|rule| crate::engine::evidence::classes(rule, &now.datasets, &context))
            .unwrap_or_default();
        let one = |outcome: Option<&RuleOutcome>| {
            outcome.map_or(Value::Null, |outcome| json!({ "outcome": outcome.outcome.as_str(), "tested": outcome.tested, "failing": outcome.failing }))
        };
        let (before, after) = (now.evaluation.outcomes.first(), then.outcomes.first());
        answer["what_if"] = json!({
            "now": one(before), "then": one(after), "classes_now": classes_now, "classes_then": classes_then,
        });
        if !self.talk.is_json() {
            for (what, outcome, classes) in [
                (text!("现在　", "now        "), before, &classes_now),
                (text!("假如　", "what if    "), after, &classes_then),
            ] {
                let Some(outcome) = outcome else { continue };
                let word = outcome_word(outcome.outcome, language).trim();
                let classes: Vec<String> = classes.iter().map(|(name, count)| format!("{name} {count}")).collect();
                out!("{}  {word} {}/{}  {}", what.get(language), outcome.failing, outcome.tested, classes.join("  "));
            }
        }
        ExitCode::Done
    }
}

fn place(finding: &Finding) -> String {
    let cell = format!("{}{}", finding.column, finding.row);
    [finding.file, finding.sheet, &cell].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
