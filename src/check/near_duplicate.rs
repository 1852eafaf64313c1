//! `near_duplicate`: a record must not seem to be the same customer as another one (clauses E-56, A-07).
//!
//! Apart from the matcher because a rule file says which fields are what; the matcher knows no tables. One finding a
//! record; its detail begins with the number of its group. Nothing is merged: people decide, and what they decided
//! (`decided-pairs.toml`) is kept to.

use std::collections::BTreeMap;
use std::sync::Arc;

use polars::prelude::{DataType, Expr, NULL, PolarsResult, lit};

use super::condition::Condition;
use super::rows::{Rows, by_table};
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::matching::{Candidate, Decisions, Group, Link, Reason, Settings, groups};
use crate::params::Params;
use crate::text;
use crate::text::{Language, Text};

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `near_duplicate`.
pub struct Kind;

/// How many other members of a group a finding names.
const NAMED: usize = 3;
/// Between the parts of a detail, and between what a part lists: no cell holds them once it is folded.
const PART: char = '\u{1f}';
const ITEM: char = '\u{1e}';
/// Stands for a record that nobody knows.
const UNKNOWN: char = '\u{1d}';

#[derive(Debug)]
struct NearDuplicate {
    table: String,
    key: String,
    name: String,
    evidence: Vec<(Role, String)>,
    settings: Settings,
}

/// What a field beside key and name is evidence of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Code,
    Phone,
    Account,
    Address,
    Email,
    Entered,
}

const ROLES: [(&str, Role); 6] = [
    ("code", Role::Code),
    ("phone", Role::Phone),
    ("account", Role::Account),
    ("address", Role::Address),
    ("email", Role::Email),
    ("entered", Role::Entered),
];

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "near_duplicate"
    }

    fn describe(&self) -> Text {
        text!(
            "不能与另一条记录疑似同一客户（按名称的地区、字号、行业、法律形式，以及代码、电话、账号、地址、邮箱）",
            "no other record seems to be the same customer, by the parts of its name and by code, telephone, account, \
             address and e-mail"
        )
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let key = scope.field(rule, "key");
        let name = scope.field(rule, "field");
        let mut evidence = Vec::new();
        for (word, role) in ROLES {
            if let Some(written) = rule.optional_string(word) {
                evidence.push((role, scope.named(rule, scope.table, &written)));
            }
        }
        let least_score =
            scope.parameters.whole("score").map_or(0, |score| u8::try_from(score.min(100)).unwrap_or(100));
        let crowd = scope.parameters.whole("crowd").and_then(|crowd| usize::try_from(crowd).ok()).unwrap_or(0);
        let table = scope.table.name.clone();
        let settings = Settings { least_score, crowd };
        let evidence = evidence.into_iter().map(|(role, field)| Some((role, field?))).collect::<Option<Vec<_>>>()?;
        Some(Box::new(NearDuplicate { table, key: key?, name: name?, evidence, settings }))
    }
}

impl NearDuplicate {
    /// Key, name and evidence of all rows, in the order of [`ROLES`]; null for what the company has not.
    fn inputs(&self, plan: &Plan) -> Vec<Expr> {
        let mut inputs = vec![plan.columns.folded(&self.key), plan.columns.folded(&self.name)];
        for (_, role) in ROLES {
            let field = self.evidence.iter().find(|(own, _)| *own == role).map(|(_, field)| field);
            inputs.push(match (field, role) {
                (Some(field), Role::Entered) => plan.columns.value(field).cast(DataType::Date).cast(DataType::Int32),
                (Some(field), _) => plan.columns.folded(field),
                (None, _) => lit(NULL).cast(DataType::String),
            });
        }
        inputs
    }
}

/// What is said of each row: nothing, or its group.
fn said(rows: &Rows, decisions: &Decisions, settings: &Settings) -> Vec<Option<String>> {
    let candidates: Vec<Candidate> = (0..rows.height)
        .map(|row| Candidate {
            key: rows.text(0, row).unwrap_or_default(),
            name: rows.text(1, row),
            uscc: rows.text(2, row),
            phone: rows.text(3, row),
            bank_account: rows.text(4, row),
            address: rows.text(5, row),
            email: rows.text(6, row),
            entered_on: rows.number(7, row).and_then(|day| i32::try_from(day).ok()),
        })
        .collect();
    let mut said = vec![None; rows.height];
    for (number, group) in groups(&candidates, decisions, settings).iter().enumerate() {
        let shown = Shown::new(number + 1, group, &candidates);
        for member in &group.members {
            // A record that belongs to two is told with the first, the larger one.
            if let Some(place) = said.get_mut(*member as usize).filter(|place| place.is_none()) {
                *place = Some(shown.detail(*member));
            }
        }
    }
    said
}

/// A group as its members tell it. What is the same for all of them, or looked up by each, is made once: a name that
/// everybody types makes a group of thousands.
struct Shown<'g> {
    number: usize,
    group: &'g Group,
    candidates: &'g [Candidate<'g>],
    /// The links of each member.
    links: BTreeMap<u32, Vec<&'g Link>>,
    /// Whether anybody knows who was first: without days nobody does.
    is_dated: bool,
}

impl<'g> Shown<'g> {
    fn new(number: usize, group: &'g Group, candidates: &'g [Candidate<'g>]) -> Self {
        let mut links: BTreeMap<u32, Vec<&Link>> = BTreeMap::new();
        for link in &group.links {
            links.entry(link.left).or_default().push(link);
            links.entry(link.right).or_default().push(link);
        }
        let is_dated = group.members.iter().any(|member| candidates[*member as usize].entered_on.is_some());
        Self { number, group, candidates, links, is_dated }
    }

    fn called(&self, index: u32) -> String {
        let candidate = &self.candidates[index as usize];
        let name = candidate.name.unwrap_or_default();
        if candidate.key.is_empty() { name.to_owned() } else { format!("{} {name}", candidate.key) }
    }

    /// The few others that are named: those that a member is linked with itself come first.
    fn named(&self, member: u32, own: &[&Link]) -> Vec<u32> {
        let mut named: Vec<u32> =
            own.iter().map(|link| if link.left == member { link.right } else { link.left }).collect();
        named.sort_unstable();
        named.dedup();
        named.truncate(NAMED);
        let wanted = NAMED - named.len();
        let others = self.group.members.iter().filter(|other| **other != member && !named.contains(other));
        let more: Vec<u32> = others.take(wanted).copied().collect();
        named.extend(more);
        named
    }

    /// Number, others, how many more, reasons, score, who was first: put into words where the language is known.
    fn detail(&self, member: u32) -> String {
        let group = self.group;
        let own = self.links.get(&member).map(Vec::as_slice).unwrap_or_default();
        let named: Vec<String> = self.named(member, own).into_iter().map(|other| self.called(other)).collect();
        let mut reasons: Vec<Reason> = own.iter().flat_map(|link| link.reasons.iter().copied()).collect();
        reasons.sort_unstable();
        reasons.dedup();
        let reasons: Vec<String> = reasons.iter().map(|reason| reason.code().to_string()).collect();
        let first = match self.is_dated {
            false => UNKNOWN.to_string(),
            true if group.first == member => String::new(),
            true => self.called(group.first),
        };
        [
            self.number.to_string(),
            named.join(&ITEM.to_string()),
            group.members.len().saturating_sub(1 + NAMED).to_string(),
            reasons.join(&ITEM.to_string()),
            group.score.to_string(),
            first,
        ]
        .join(&PART.to_string())
    }
}

impl Check for NearDuplicate {
    fn reads(&self) -> Vec<(String, String)> {
        [&self.key, &self.name].map(|field| (self.table.clone(), field.clone())).to_vec()
    }

    fn also_looks_at(&self) -> Vec<&str> {
        self.evidence.iter().map(|(_, field)| field.as_str()).collect()
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        Vec::new()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let (decisions, settings): (Arc<Decisions>, Settings) = (plan.given.decisions.clone(), self.settings);
        let said = by_table(self.inputs(plan), move |rows| said(rows, &decisions, &settings));
        Ok(vec![Unit::on(&self.name, said.clone().is_not_null()).with_detail(said)])
    }

    fn looks_beyond_the_row(&self) -> bool {
        true
    }

    fn say(&self, detail: &str, language: Language) -> Option<String> {
        let parts: Vec<&str> = detail.split(PART).collect();
        let [number, others, more, reasons, score, first] = parts[..] else { return None };
        let others: Vec<&str> = others.split(ITEM).collect();
        let reasons: Vec<String> = reasons
            .split(ITEM)
            .filter_map(|code| Reason::of(code.parse().ok()?))
            .map(|reason| reason.describe().get(language).to_owned())
            .collect();
        let (zh, en) = match more {
            "0" => (String::new(), String::new()),
            more => (format!("等另 {more} 条"), format!(" and {more} more")),
        };
        let (listed_zh, listed_en) = (others.join("、"), others.join("; "));
        let (why_zh, why_en) = (reasons.join("、"), reasons.join(", "));
        let (first_zh, first_en) = match first {
            "" => ("；本条录入最早".to_owned(), "; this one was first".to_owned()),
            first if first.starts_with(UNKNOWN) => (String::new(), String::new()),
            first => (format!("；最早的是 {first}"), format!("; {first} was first")),
        };
        let text = text!(
            "{number}：疑似与 {listed_zh}{zh} 为同一客户（{why_zh}；相似度 {score}{first_zh}）",
            "{number}: seems to be the same customer as {listed_en}{en} ({why_en}; score {score}{first_en})"
        );
        Some(text.get(language).to_owned())
    }
}
