//! The six tables as rows of cells: which columns they have, in which order, and what a cell can hold.
//!
//! Apart from both sides of it: what makes rows up does not know into which kind of file they go, and what writes a
//! file does not know what a row means, but for the one column by which departments are told.

use std::borrow::Cow;
use std::fmt::Write;

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};

use super::DemoError;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Empty,
    Text(Cow<'static, str>),
    /// A date cell.
    Day(NaiveDate),
    /// A date cell with a time.
    Minute(NaiveDateTime),
    /// An amount, in hundredths, as a number cell.
    Amount(i64),
    /// A whole number, typed as such where text was meant.
    Number(u64),
    /// A long number that lost its last digits by being typed as a number.
    Damaged(u64),
}

impl Cell {
    /// The value in words, as a file without cell types has it; appended to `out`.
    pub(super) fn write_text(&self, out: &mut String) {
        // Writing into a String cannot fail.
        let _ = match self {
            Self::Empty => Ok(()),
            Self::Text(text) => out.write_str(text),
            Self::Day(day) => write!(out, "{:04}-{:02}-{:02}", day.year(), day.month(), day.day()),
            Self::Minute(at) => {
                write!(out, "{:04}-{:02}-{:02} {:02}:{:02}", at.year(), at.month(), at.day(), at.hour(), at.minute())
            }
            Self::Amount(hundredths) if hundredths % 100 == 0 => write!(out, "{}", hundredths / 100),
            Self::Amount(hundredths) => write!(out, "{}.{:02}", hundredths / 100, hundredths % 100),
            Self::Number(number) => write!(out, "{number}"),
            Self::Damaged(number) => {
                let digits = number.to_string();
                write!(out, "{}.{}E+{}", &digits[..1], &digits[1..6], digits.len() - 1)
            }
        };
    }

    /// The text of a text cell; empty for the others.
    pub(super) fn as_text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<&'static str> for Cell {
    fn from(text: &'static str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(Cow::Borrowed(text)) }
    }
}

/// A row: as many cells as its table has columns.
pub(super) type Row = Vec<Cell>;

/// Where rows go. Rows of one table come in order; those of several tables come mixed.
pub(super) trait Sink {
    /// Takes one row.
    fn row(&mut self, table: Table, row: &[Cell]) -> Result<(), DemoError>;
    /// Writes what is still held back and closes the files.
    fn finish(self) -> Result<(), DemoError>;
}

/// A table of the data dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Customers,
    Contacts,
    Contracts,
    Visits,
    Changes,
    Employees,
}

impl Table {
    pub(super) const ALL: [Self; 6] =
        [Self::Customers, Self::Contacts, Self::Contracts, Self::Visits, Self::Changes, Self::Employees];

    /// The name in rule files and databases.
    pub(super) fn name(self) -> &'static str {
        ["customers", "contacts", "contracts", "visits", "changes", "employees"][self as usize]
    }

    /// The name that people use.
    pub(super) fn label(self) -> &'static str {
        ["客户", "联系人", "合同", "拜访记录", "变更记录", "员工"][self as usize]
    }

    /// The columns, each with its name and its label.
    pub(super) fn columns(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Customers => &CUSTOMERS,
            Self::Contacts => {
                &[("archive_no", "档案编号"), ("name", "姓名"), ("title", "职务"), ("phone", "电话"), ("email", "邮箱")]
            }
            Self::Contracts => &CONTRACTS,
            Self::Visits => &VISITS,
            Self::Changes => &CHANGES,
            Self::Employees => &EMPLOYEES,
        }
    }
}

static CUSTOMERS: [(&str, &str); 40] = [
    ("archive_no", "档案编号"),
    ("name", "客户名称"),
    ("kind", "客户类型"),
    ("uscc", "统一社会信用代码"),
    ("legal_rep", "法定代表人"),
    ("contact", "联系人"),
    ("phone", "联系电话"),
    ("email", "电子邮箱"),
    ("address", "地址"),
    ("postcode", "邮编"),
    ("fax", "传真"),
    ("business_scope", "经营范围"),
    ("registered_capital", "注册资本(万元)"),
    ("bank", "开户行"),
    ("bank_account", "银行账号"),
    ("industry", "行业"),
    ("ownership", "企业性质"),
    ("region", "区域"),
    ("tier", "客户等级"),
    ("secrecy", "密级"),
    ("department", "负责部门"),
    ("owner", "负责人"),
    ("signed_on", "签约日期"),
    ("entered_on", "录入日期"),
    ("updated_on", "最近更新日期"),
    ("sales_verified_on", "最近核实日期(销售)"),
    ("feedback_on", "最近反馈日期(市场)"),
    ("reconciled_on", "最近对账日期(财务)"),
    ("remark", "备注"),
    ("credit_grade", "信用等级"),
    ("credit_limit", "授信额度(万元)"),
    ("receivable", "应收余额(万元)"),
    ("overdue_amount", "逾期金额(万元)"),
    ("overdue_days", "逾期天数"),
    ("satisfaction", "满意度"),
    ("potential_demand", "潜在需求(万元)"),
    ("opportunity", "机会分析"),
    ("key_factors", "关键因素"),
    ("support_needed", "所需支持"),
    ("cooperation_intent", "合作意向"),
];

/// Columns of the customers table that others than the card itself speak of.
pub(super) mod at {
    pub(in super::super) const ARCHIVE_NO: usize = 0;
    pub(in super::super) const NAME: usize = 1;
    pub(in super::super) const KIND: usize = 2;
    pub(in super::super) const USCC: usize = 3;
    pub(in super::super) const LEGAL_REP: usize = 4;
    pub(in super::super) const CONTACT: usize = 5;
    pub(in super::super) const PHONE: usize = 6;
    pub(in super::super) const EMAIL: usize = 7;
    pub(in super::super) const ADDRESS: usize = 8;
    pub(in super::super) const POSTCODE: usize = 9;
    pub(in super::super) const SCOPE: usize = 11;
    pub(in super::super) const CAPITAL: usize = 12;
    pub(in super::super) const BANK: usize = 13;
    pub(in super::super) const ACCOUNT: usize = 14;
    pub(in super::super) const INDUSTRY: usize = 15;
    pub(in super::super) const TIER: usize = 18;
    pub(in super::super) const DEPARTMENT: usize = 20;
    pub(in super::super) const OWNER: usize = 21;
    pub(in super::super) const SIGNED_ON: usize = 22;
    pub(in super::super) const ENTERED_ON: usize = 23;
    pub(in super::super) const UPDATED_ON: usize = 24;
    pub(in super::super) const SALES_VERIFIED_ON: usize = 25;
    pub(in super::super) const FEEDBACK_ON: usize = 26;
    pub(in super::super) const RECONCILED_ON: usize = 27;
    pub(in super::super) const REMARK: usize = 28;
}

static CONTRACTS: [(&str, &str); 5] = [
    ("contract_no", "合同编号"),
    ("archive_no", "档案编号"),
    ("signed_on", "签订日期"),
    ("amount", "合同金额(万元)"),
    ("status", "状态"),
];

static VISITS: [(&str, &str); 10] = [
    ("record_no", "记录编号"),
    ("archive_no", "档案编号"),
    ("visited_at", "拜访日期"),
    ("submitted_at", "提交时间"),
    ("visitor", "拜访人员"),
    ("topic", "拜访主题"),
    ("summary", "沟通内容摘要"),
    ("opinion", "客户意见和建议"),
    ("reviewer", "审核人"),
    ("reviewed_on", "审核日期"),
];

static CHANGES: [(&str, &str); 6] = [
    ("change_no", "变更编号"),
    ("archive_no", "档案编号"),
    ("field", "字段"),
    ("learned_on", "发现日期"),
    ("registered_on", "登记日期"),
    ("reviewer", "审核人"),
];

static EMPLOYEES: [(&str, &str); 8] = [
    ("employee_no", "工号"),
    ("name", "姓名"),
    ("department", "部门"),
    ("status", "状态"),
    ("left_on", "离职日期"),
    ("email", "邮箱"),
    ("manager", "上级"),
    ("clearance", "授权级别"),
];
