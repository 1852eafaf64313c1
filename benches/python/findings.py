"""What a rule tells: the seventeen columns of the export, with a constant message.

Apart because every rule ends here. The wording is shorter than hedui's and names no value, which is the one difference
between the two lists of findings.
"""

from datetime import date

import polars as pl

from tables import Table

# id: severity, dimension, clauses, message
RULES = {
    "required-fields": ("error", "completeness", "A-03 D-14 E-16", "必填项未填写"),
    "important-remark": ("warning", "completeness", "E-23", "重要客户未填写备注"),
    "important-two-contacts": ("warning", "completeness", "", "重要客户联系人不足两位"),
    "visit-required-fields": ("warning", "completeness", "B-14", "拜访记录必填项未填写"),
    "archive-no-unique": ("error", "uniqueness", "E-20", "档案编号重复"),
    "name-unique": ("error", "uniqueness", "E-56", "客户名称重复"),
    "uscc-unique": ("error", "uniqueness", "E-56", "统一社会信用代码重复"),
    "known-customer-contracts": ("error", "consistency", "D-16 E-02", "没有此客户"),
    "known-customer-visits": ("error", "consistency", "D-16 E-02", "没有此客户"),
    "known-customer-contacts": ("error", "consistency", "D-16 E-02", "没有此客户"),
    "owner-has-left": ("error", "consistency", "D-19 E-53", "负责人已离职"),
    "tier-declared": ("warning", "accuracy", "E-03 E-04 E-06 E-07 E-08", "等级与合同不符"),
    "sales-verification-monthly": ("warning", "timeliness", "C-21 A-24", "销售核实超过一个月"),
    "market-feedback-quarterly": ("warning", "timeliness", "C-23", "市场反馈超过一个季度"),
    "finance-reconciliation-yearly": ("warning", "timeliness", "C-24", "财务对账超过一年"),
    "stale-record": ("warning", "timeliness", "C-21 A-25", "超过180天未更新"),
    "entered-within-5-working-days": ("warning", "timeliness", "A-16", "录入超期"),
    "change-registered-within-3-working-days": ("warning", "timeliness", "A-22 C-25", "变更登记超期"),
    "visit-submitted-within-24h": ("warning", "timeliness", "B-16", "提交超过24小时"),
    "uscc-valid": ("error", "validity", "A-02 C-08", "统一社会信用代码无效"),
    "phone-format": ("error", "validity", "A-02 C-08", "电话格式不对"),
    "email-format": ("error", "validity", "A-02 C-08", "电子邮箱格式不对"),
    "postcode-format": ("error", "validity", "A-02 C-08", "邮编应为六位数字"),
    "archive-no-format": ("error", "validity", "C-13", "档案编号不合规则"),
    "unreadable-value": ("info", "validity", "A-02", "值无法识别"),
    "damaged-number": ("warning", "validity", "A-02", "号码已损坏"),
}

COLUMNS = [
    "rule_id", "table", "record_key", "field", "value", "file", "sheet", "row", "column", "severity", "dimension",
    "department", "owner", "message", "status", "first_seen", "clause",
]  # fmt: skip


def columns(table: Table, rule: str, field: str, as_of: date) -> list[pl.Expr]:
    """The columns of a finding on a field of a table, but for department and owner."""
    severity, dimension, clause, message = RULES[rule]
    constant = {
        "rule_id": rule,
        "table": table.name,
        "field": field,
        "file": f"data/{table.name}.csv",
        "sheet": "",
        "column": table.letters(field),
        "severity": severity,
        "dimension": dimension,
        "message": message,
        "status": "new",
        "first_seen": str(as_of),
        "clause": clause,
    }
    value = pl.col(table.header[field]).fill_null("") if field else pl.lit("")
    return [
        *(pl.lit(text).alias(name) for name, text in constant.items()),
        pl.col("key_text").alias("record_key"),
        value.alias("value"),
        pl.col("row"),
    ]
