//! A made-up run for tests, and the reading back of what was rendered.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};
use chrono::{Days, NaiveDate};

use crate::analysis::Analysis;
use crate::model::{
    Dimension, Finding, Fingerprint, Outcome, Period, PersonScore, Ratio, RuleOutcome, Score, Scores, Secrecy,
    Severity, SkippedRow, SourceNote, Status, Whose,
};
use crate::report::access::{Access, Reader};
use crate::report::input::{
    Addressee, ChangeKind, ChangePlace, Changes, Issue, Labels, Listings, Person, Persons, RecordChange, ReportInput,
    RuleFacts, TrendPoint,
};
use crate::report::{Document, Templates, render};
use crate::text::Language;

/// What a `ReportInput` borrows from, field by field.
pub struct Run {
    pub findings: Vec<Finding<'static>>,
    pub outcomes: Vec<RuleOutcome>,
    pub scores: Scores,
    pub scores_before: Scores,
    pub notes: Vec<SourceNote>,
    pub changes: Changes,
    pub trend: Vec<TrendPoint>,
    pub departments: Vec<String>,
    pub rows: Vec<(String, u64)>,
    pub rules: Vec<RuleFacts>,
    pub labels: Labels,
    pub listings: Listings,
    pub analyses: BTreeMap<String, Analysis>,
    pub notices: Vec<String>,
    pub persons: Vec<Person>,
    pub days_back: Vec<NaiveDate>,
    pub language: Language,
    pub revision: u32,
    pub late: bool,
    pub access: Access,
}

/// A value that a spreadsheet would run.
pub const VALUE: &str = "=HYPERLINK(\"http://x\",\"13800138000\")";
/// A person.
pub const OWNER: &str = "欧阳修远";
/// A customer whose name is no markup.
pub const CUSTOMER: &str = "宏图贸易<有限>公司";

/// The as-of date.
pub fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day")
}

/// A finding; its number decides severity, record and age.
pub fn finding(number: u32, status: Status, department: &'static str) -> Finding<'static> {
    let severity = Severity::ALL[number as usize % 3];
    let (rule_id, table) = match severity {
        Severity::Error => ("phone-format", "customers"),
        Severity::Warning => ("visit-late", "visits"),
        Severity::Info => ("unreadable-value", "customers"),
    };
    Finding {
        rule_id,
        table,
        record_key: ["经销商2023-001", "经销商2023-002", ""][number as usize / 3 % 3],
        field: "phone",
        value: VALUE,
        file: "data/客户.xlsx",
        sheet: "客户",
        row: number + 2,
        column: "G",
        severity,
        dimension: Dimension::Validity,
        department,
        owner: OWNER,
        message: Cow::Borrowed("格式不对"),
        status,
        first_seen: day() - Days::new(u64::from(number % 4) * 7),
        clause: "A-22",
        fingerprint: Fingerprint(u128::from(number)),
        source: "data/*.xlsx",
        customer: CUSTOMER,
        secrecy: Secrecy::default(),
    }
}

/// Scores of the company and of two departments, so many units failing in one of them.
fn scores(failing: u64) -> Scores {
    let line = |whose, dimension, tested, failing| Score {
        whose,
        dimension,
        severity: Severity::Error,
        rule_id: "phone-format".to_owned(),
        table: "customers".to_owned(),
        tested,
        failing,
        outcome: if failing > 0 { Outcome::Failed } else { Outcome::Passed },
    };
    let east = || Whose::Department("华东销售部".to_owned());
    let nobody = || Whose::Department(String::new());
    Scores {
        lines: vec![
            line(Whose::Company, Dimension::Validity, 1000 + 12, failing),
            line(east(), Dimension::Validity, 1000, failing),
            line(nobody(), Dimension::Validity, 12, 0),
            Score { rule_id: "visit-late".to_owned(), ..line(Whose::Company, Dimension::Timeliness, 5, 2) },
            Score { rule_id: "visit-late".to_owned(), ..line(east(), Dimension::Timeliness, 5, 2) },
        ],
        people: vec![PersonScore {
            department: "华东销售部".to_owned(),
            person: OWNER.to_owned(),
            dimension: Dimension::Timeliness,
            severity: Severity::Error,
            rule_id: "visit-late".to_owned(),
            table: "visits".to_owned(),
            tested: 5,
            failing: 2,
        }],
    }
}

impl Run {
    /// A run with every status in every department, one of them without an entry.
    pub fn new() -> Self {
        let mut findings = Vec::new();
        for department in ["华东销售部", "国内三部", "", "客户服务部", "市场部"] {
            for status in Status::ALL {
                for _ in 0..=findings.len() % 3 {
                    findings.push(finding(findings.len() as u32, status, department));
                }
            }
        }
        let outcome = |rule_id: &str, table: &str, severity, outcome| RuleOutcome {
            rule_id: rule_id.to_owned(),
            title: format!("规则 {rule_id}"),
            table: table.to_owned(),
            severity,
            dimension: Dimension::Validity,
            clause: "A-22".to_owned(),
            outcome,
            tested: 100,
            failing: 7,
            reason: "原因".to_owned(),
            note: "按本公司设定".to_owned(),
        };
        Self {
            findings,
            outcomes: vec![
                outcome("phone-format", "customers", Severity::Error, Outcome::Failed),
                outcome("visit-late", "visits", Severity::Warning, Outcome::NotEvaluated),
                outcome("unreadable-value", "customers", Severity::Info, Outcome::Warned),
                outcome("credit-limit", "customers", Severity::Info, Outcome::NotEnabled),
            ],
            scores: scores(7),
            scores_before: scores(9),
            notes: vec![SourceNote {
                table: "customers".to_owned(),
                file: "data/客户.xlsx".to_owned(),
                rows_read: 12,
                rows_checked: 10,
                rows_skipped: 2,
                skipped: [7, 8].map(|row| SkippedRow { row, reason: "blank".to_owned() }).into(),
                ..SourceNote::default()
            }],
            changes: Changes {
                records: vec![RecordChange {
                    kind: ChangeKind::Changed,
                    table: "customers".to_owned(),
                    record_key: "经销商2023-001".to_owned(),
                    customer_key: "经销商2023-001".to_owned(),
                    customer: CUSTOMER.to_owned(),
                    department: "华东销售部".to_owned(),
                    department_before: String::new(),
                    owner: OWNER.to_owned(),
                    secrecy: Secrecy::default(),
                    place: ChangePlace { file: "data/客户.xlsx".to_owned(), sheet: "客户".to_owned(), row: 7 },
                    cells: vec![("phone".to_owned(), "-1+1".to_owned(), VALUE.to_owned())],
                }],
                customers: 1,
                ..Changes::default()
            },
            trend: vec![TrendPoint {
                period: "2026-W46".to_owned(),
                counts: vec![("国内三部".to_owned(), Status::Open, 3), ("华东销售部".to_owned(), Status::New, 5)],
                scores: vec![(Whose::Company, Ratio::of(90, 9))],
            }],
            departments: ["华东销售部", "国际/业务部", "客户服务部", "市场部"].map(str::to_owned).into(),
            rows: vec![("华东销售部".to_owned(), 10)],
            rules: vec![RuleFacts {
                id: "phone-format".to_owned(),
                kind: "format",
                addressee: Addressee::Owner,
                title: "联系电话格式不对".to_owned(),
                advice: "改成 11 位手机号".to_owned(),
            }],
            analyses: BTreeMap::new(),
            labels: Labels {
                tables: vec![("customers".to_owned(), "客户".to_owned())],
                fields: vec![("customers".to_owned(), "phone".to_owned(), "联系电话".to_owned())],
            },
            listings: Listings::default(),
            notices: vec!["2027年放假安排未载入".to_owned()],
            persons: Vec::new(),
            days_back: Vec::new(),
            language: Language::Zh,
            revision: 1,
            late: false,
            access: Access::of_nothing_confidential(),
        }
    }

    /// The run as reports read it.
    pub fn input(&self) -> ReportInput<'_> {
        ReportInput {
            company: "华联 & 进出口有限公司",
            language: self.language,
            job: "weekly",
            period: Period::parse("2026-W47").expect("a period"),
            revision: self.revision,
            as_of: day(),
            late: self.late,
            previous: Some((day() - Days::new(7), "2026-W46".to_owned())),
            findings: &self.findings,
            upcoming: &[],
            upcoming_days: 14,
            outcomes: &self.outcomes,
            scores: &self.scores,
            scores_before: Some(&self.scores_before),
            notes: &self.notes,
            customers: "customers",
            rows: &self.rows,
            changes: &self.changes,
            trend: &self.trend,
            departments: &self.departments,
            fallback: "客户服务部",
            rules: &self.rules,
            labels: &self.labels,
            listings: &self.listings,
            analyses: &self.analyses,
            notices: &self.notices,
            verification: None,
            persons: Persons { all: &self.persons, days_back: &self.days_back, clearances: &[] },
            deliveries: &[],
            issue: Issue::default(),
            access: &self.access,
            reader: Reader::WHOLE,
        }
    }

    /// The documents of a built-in report.
    pub fn render(&self, report: &str) -> Vec<Document> {
        let templates = Templates::built_in().expect("the built-in templates");
        render(report, &self.input(), &templates).expect("a report")
    }
}

/// A sheet's cells as text, row by row.
pub fn cells(document: &Document, sheet: usize) -> Vec<Vec<String>> {
    let mut workbook = open(&document.attachments[0].bytes);
    let range = workbook.worksheet_range_at(sheet).expect("a sheet").expect("a readable sheet");
    let text = |data: &Data| match data {
        Data::Empty => String::new(),
        data => data.to_string(),
    };
    range.rows().map(|row| row.iter().map(text).collect()).collect()
}

/// A workbook that was rendered.
pub fn open(bytes: &[u8]) -> Xlsx<Cursor<&[u8]>> {
    open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook")
}

/// The numbers in a text, in order.
pub fn numbers(text: &str) -> Vec<u64> {
    text.split(|letter: char| !letter.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

/// The part of a document's list that has a word in its first column.
pub fn with_word<'c>(cells: &'c [Vec<String>], word: &str) -> Vec<&'c Vec<String>> {
    cells.iter().filter(|row| row.first().is_some_and(|cell| cell == word)).collect()
}
