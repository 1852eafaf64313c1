//! What a rule tells: the seventeen columns of the export, with a constant message.
//!
//! Apart because every rule ends here. The wording is shorter than hedui's and names no value, which is the one
//! difference between the two lists of findings.

use polars::prelude::*;

use super::fold::KEY_TEXT;
use super::tables::Table;

/// Id, severity, dimension, clauses, message.
const RULES: [(&str, &str, &str, &str, &str); 26] = [
    ("required-fields", "error", "completeness", "A-03 D-14 E-16", "必填项未填写"),
    ("important-remark", "warning", "completeness", "E-23", "重要客户未填写备注"),
    ("important-two-contacts", "warning", "completeness", "", "重要客户联系人不足两位"),
    ("visit-required-fields", "warning", "completeness", "B-14", "拜访记录必填项未填写"),
    ("archive-no-unique", "error", "uniqueness", "E-20", "档案编号重复"),
    ("name-unique", "error", "uniqueness", "E-56", "客户名称重复"),
    ("uscc-unique", "error", "uniqueness", "E-56", "统一社会信用代码重复"),
    ("known-customer-contracts", "error", "consistency", "D-16 E-02", "没有此客户"),
    ("known-customer-visits", "error", "consistency", "D-16 E-02", "没有此客户"),
    ("known-customer-contacts", "error", "consistency", "D-16 E-02", "没有此客户"),
    ("owner-has-left", "error", "consistency", "D-19 E-53", "负责人已离职"),
    ("tier-declared", "warning", "accuracy", "E-03 E-04 E-06 E-07 E-08", "等级与合同不符"),
    ("sales-verification-monthly", "warning", "timeliness", "C-21 A-24", "销售核实超过一个月"),
    ("market-feedback-quarterly", "warning", "timeliness", "C-23", "市场反馈超过一个季度"),
    ("finance-reconciliation-yearly", "warning", "timeliness", "C-24", "财务对账超过一年"),
    ("stale-record", "warning", "timeliness", "C-21 A-25", "超过180天未更新"),
    ("entered-within-5-working-days", "warning", "timeliness", "A-16", "录入超期"),
    ("change-registered-within-3-working-days", "warning", "timeliness", "A-22 C-25", "变更登记超期"),
    ("visit-submitted-within-24h", "warning", "timeliness", "B-16", "提交超过24小时"),
    ("uscc-valid", "error", "validity", "A-02 C-08", "统一社会信用代码无效"),
    ("phone-format", "error", "validity", "A-02 C-08", "电话格式不对"),
    ("email-format", "error", "validity", "A-02 C-08", "电子邮箱格式不对"),
    ("postcode-format", "error", "validity", "A-02 C-08", "邮编应为六位数字"),
    ("archive-no-format", "error", "validity", "C-13", "档案编号不合规则"),
    ("unreadable-value", "info", "validity", "A-02", "值无法识别"),
    ("damaged-number", "warning", "validity", "A-02", "号码已损坏"),
];

/// The columns, in order.
pub const COLUMNS: [&str; 17] = [
    "rule_id",
    "table",
    "record_key",
    "field",
    "value",
    "file",
    "sheet",
    "row",
    "column",
    "severity",
    "dimension",
    "department",
    "owner",
    "message",
    "status",
    "first_seen",
    "clause",
];

/// The columns of a finding on a field of a table, but for department and owner.
pub fn columns(table: &Table, rule_id: &'static str, field: &'static str, as_of: &str) -> Vec<Expr> {
    let (_, severity, dimension, clause, message) =
        RULES.iter().find(|rule| rule.0 == rule_id).copied().unwrap_or((rule_id, "", "", "", ""));
    let value = if field.is_empty() { lit("") } else { col(table.label(field)).fill_null(lit("")) };
    vec![
        lit(rule_id).alias("rule_id"),
        lit(table.name).alias("table"),
        col(KEY_TEXT).alias("record_key"),
        lit(field).alias("field"),
        value.alias("value"),
        lit(format!("data/{}.csv", table.name)).alias("file"),
        lit("").alias("sheet"),
        col("row"),
        lit(table.letters(field)).alias("column"),
        lit(severity).alias("severity"),
        lit(dimension).alias("dimension"),
        lit(message).alias("message"),
        lit("new").alias("status"),
        lit(as_of.to_owned()).alias("first_seen"),
        lit(clause).alias("clause"),
    ]
}
