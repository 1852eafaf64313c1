//! A made-up run of one department: findings as long as real ones, every value different.
//!
//! Apart because both sides of the benchmark write the same.

use std::borrow::Cow;

use chrono::{Days, NaiveDate};
use std::collections::BTreeMap;

use hedui::analysis::Analysis;
use hedui::model::{
    Dimension, Finding, Fingerprint, Outcome, Period, RuleOutcome, Scores, Secrecy, Severity, SourceNote, Status,
};
use hedui::report::ReportInput;
use hedui::report::access::{Access, Reader};
use hedui::report::input::{Addressee, Changes, Issue, Labels, Listings, Persons, RuleFacts};
use hedui::text::Language;

/// The day of the run.
pub const AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
const RULES: [(&str, &str, &str); 5] = [
    ("phone-format", "联系电话格式不对", "改成 11 位手机号或区号加座机号"),
    ("credit-code", "统一社会信用代码校验不通过", "对照营业执照改正"),
    ("visit-late", "拜访记录超期未填", "补填本季拜访记录"),
    ("address-short", "地址过短，可能不完整", "补全到门牌号"),
    ("contact-missing", "没有联系人", "填上主要联系人的姓名和职务"),
];

/// The title and the advice of a rule.
pub fn rule(id: &str) -> (&'static str, &'static str) {
    RULES.iter().find(|rule| rule.0 == id).map_or(("", ""), |rule| (rule.1, rule.2))
}

/// What a finding borrows.
struct Record {
    key: String,
    customer: String,
    value: String,
    message: String,
    owner: String,
}

impl Record {
    fn finding(&self, number: usize) -> Finding<'_> {
        Finding {
            rule_id: RULES[number % RULES.len()].0,
            table: "customers",
            record_key: &self.key,
            field: ["field_3", "field_17", "field_29"][number % 3],
            value: &self.value,
            file: "data/客户资料.xlsx",
            sheet: "客户",
            row: number as u32 + 2,
            column: ["G", "AB", "C"][number % 3],
            severity: Severity::ALL[number % RULES.len() % 3],
            dimension: Dimension::Validity,
            department: DEPARTMENT,
            owner: &self.owner,
            message: Cow::Borrowed(&self.message),
            status: if number.is_multiple_of(4) { Status::New } else { Status::Open },
            first_seen: AS_OF - Days::new((number % 300) as u64),
            clause: "A-22",
            fingerprint: Fingerprint(number as u128),
            source: "data/*.xlsx",
            customer: &self.customer,
            secrecy: Secrecy::default(),
        }
    }
}

/// What a report's input borrows.
pub struct Run {
    records: Vec<Record>,
    outcomes: Vec<RuleOutcome>,
    scores: Scores,
    notes: Vec<SourceNote>,
    changes: Changes,
    departments: Vec<String>,
    rows: Vec<(String, u64)>,
    rules: Vec<RuleFacts>,
    labels: Labels,
    analyses: BTreeMap<String, Analysis>,
    listings: Listings,
    access: Access,
}

const DEPARTMENT: &str = "华东销售部";

impl Run {
    /// A run of so many findings.
    pub fn new(findings: usize) -> Self {
        let record = |number: usize| Record {
            key: format!("经销商2023-{number:06}"),
            customer: format!("宁波宏图{}进出口贸易有限公司", number / 3),
            value: format!("138{:08}转{}", number * 7919 % 100_000_000, number % 100),
            message: format!("“联系电话”应为 11 位手机号，现为 {} 位", number % 17 + 3),
            owner: format!("欧阳{}", number % 20),
        };
        let outcome = |(id, title, _): (&str, &str, &str)| RuleOutcome {
            rule_id: id.to_owned(),
            title: title.to_owned(),
            table: "customers".to_owned(),
            severity: Severity::Error,
            dimension: Dimension::Validity,
            clause: "A-22".to_owned(),
            outcome: Outcome::Failed,
            tested: findings as u64,
            failing: findings as u64 / 5,
            reason: String::new(),
            note: String::new(),
        };
        let facts = |(id, title, advice): (&str, &str, &str)| RuleFacts {
            id: id.to_owned(),
            kind: "required",
            addressee: Addressee::default(),
            title: title.to_owned(),
            advice: advice.to_owned(),
        };
        let fields = ["customers", "contacts", "contracts", "visits", "payments", "credits"].into_iter();
        let fields = fields.flat_map(|table| {
            let label = move |number| (table.to_owned(), format!("field_{number}"), format!("字段{number}"));
            (0..30).map(label)
        });
        Self {
            records: (0..findings).map(record).collect(),
            outcomes: RULES.map(outcome).into(),
            scores: Scores::default(),
            notes: Vec::new(),
            changes: Changes::default(),
            departments: vec![DEPARTMENT.to_owned()],
            rows: vec![(DEPARTMENT.to_owned(), findings as u64)],
            rules: RULES.map(facts).into(),
            analyses: BTreeMap::new(),
            listings: Listings::default(),
            labels: Labels { tables: Vec::new(), fields: fields.collect() },
            access: Access::of_nothing_confidential(),
        }
    }

    /// The findings.
    pub fn findings(&self) -> Vec<Finding<'_>> {
        self.records.iter().enumerate().map(|(number, record)| record.finding(number)).collect()
    }

    /// What the report is made of.
    pub fn input<'r>(&'r self, findings: &'r [Finding<'r>]) -> ReportInput<'r> {
        ReportInput {
            company: "华联进出口有限公司",
            language: Language::Zh,
            job: "weekly",
            period: Period::containing(hedui::model::PeriodKind::Week, AS_OF),
            revision: 1,
            as_of: AS_OF,
            late: false,
            previous: None,
            findings,
            upcoming: &[],
            upcoming_days: 14,
            deliveries: &[],
            issue: Issue::default(),
            persons: Persons::default(),
            outcomes: &self.outcomes,
            scores: &self.scores,
            scores_before: None,
            notes: &self.notes,
            customers: "customers",
            rows: &self.rows,
            changes: &self.changes,
            trend: &[],
            departments: &self.departments,
            fallback: DEPARTMENT,
            rules: &self.rules,
            labels: &self.labels,
            analyses: &self.analyses,
            listings: &self.listings,
            verification: None,
            notices: &[],
            access: &self.access,
            reader: Reader::WHOLE,
        }
    }
}
