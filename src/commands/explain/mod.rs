//! `hedui explain`: a rule in words with its clause, the values behind a finding, and what would be if.
//!
//! It is for the person at the terminal who may see the data: values are shown as typed.

pub(super) mod kinds;
mod question;

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::json;

use super::talk::Talk;
use crate::cli::{ExplainArguments, Options};
use crate::exit_code::ExitCode;
use crate::rule::{Route, Rule};
use crate::text;
use crate::text::{Language, Text};
use crate::workplace::Workplace;
use question::Question;

/// Carries out the command.
pub fn run(options: &Options, arguments: &ExplainArguments, talk: &Talk) -> ExitCode {
    if arguments.kinds {
        kinds::print(talk, crate::workplace::default_language());
        return ExitCode::Done;
    }
    let workplace = match talk.workplace(options) {
        Ok(workplace) => workplace,
        Err(code) => return code,
    };
    let language = workplace.config.language;
    let subject = Subject::read(arguments);
    let Some((rule, in_force)) = workplace.pack.rule(&subject.rule) else {
        talk.unknown(&text!("规则", "rule"), &subject.rule, &workplace.pack.all_rule_ids(), language);
        return ExitCode::Usage;
    };
    let instead = match numbers(arguments, rule) {
        Ok(instead) => instead,
        Err(text) => {
            talk.error(&text, language);
            return ExitCode::Usage;
        }
    };
    let lines = in_words(rule, in_force, &workplace, options);
    let mut answer = json!({
        "rule_id": rule.id, "table": rule.table, "place": rule.place(), "in_force": in_force,
        "lines": lines.iter().map(|(what, said)| json!({ "what": what.get(language).trim_end_matches([' ', '\u{3000}']), "said": said.get(language) })).collect::<Vec<_>>(),
    });
    if !talk.is_json() {
        for (what, said) in &lines {
            out!("{}  {}", what.get(language), said.get(language));
        }
    }
    let wants_data = subject.record.is_some() || arguments.plan || !instead.is_empty();
    let mut code = ExitCode::Done;
    if wants_data && in_force {
        let asked = Question { workplace: &workplace, rule, subject: &subject, arguments, talk };
        code = asked.of_data(options, &instead, &mut answer);
    } else if wants_data {
        let pack = rule.pack.as_deref().unwrap_or_default();
        talk.error(
            &text!(
                "制度包 {pack} 没有启用，没有可看的数据；要启用，写入 [company] packs",
                "the pack {pack} is not in force: there is no data to show; [company] packs switches it on"
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
        let (rule, rest) = written.split_once('/').map_or((written.as_str(), None), |(rule, rest)| (rule, Some(rest)));
        let (record, field) = match (&arguments.record, rest) {
            (Some(record), field) => (Some(record.clone()), field.map(str::to_owned)),
            (None, None) => (None, None),
            (None, Some(rest)) => match rest.rsplit_once('/') {
                Some((record, field)) => (Some(record.to_owned()), Some(field.to_owned())),
                None => (Some(rest.to_owned()), None),
            },
        };
        Self { rule: rule.to_owned(), record, field }
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

/// The rule in words, line by line.
fn in_words(rule: &Rule, in_force: bool, workplace: &Workplace, options: &Options) -> Vec<(Text, Text)> {
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
            crate::check::Basis::Company if parameter.value.is_none() => {
                text!("（由本公司填写）", " (the company sets it)")
            }
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
    let as_of = options.as_of.unwrap_or_else(|| crate::clock::day(crate::clock::now(workplace.config.timezone)));
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
