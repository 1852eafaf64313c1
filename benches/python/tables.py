"""The six tables as the company has them: file, fields with the labels of the header, key.

Apart because reading, cleaning and the place of a finding all need the header. Fields that no rule reads are left out of
`read`, so that they are neither read nor folded, as a skilled hand does it.
"""

from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True)
class Table:
    name: str
    sheet: str
    header: dict[str, str]
    key: str | None = None
    unread: frozenset[str] = field(default_factory=frozenset)

    @property
    def fields(self) -> list[str]:
        """The fields that some rule reads."""
        return [name for name in self.header if name not in self.unread]

    def letters(self, name: str) -> str:
        """The column letters of a field; nothing where there is none."""
        if name not in self.header:
            return ""
        index = list(self.header).index(name)
        return chr(65 + index) if index < 26 else "A" + chr(65 + index - 26)


CUSTOMERS = Table(
    "customers",
    "客户",
    {
        "archive_no": "档案编号",
        "name": "客户名称",
        "kind": "客户类型",
        "uscc": "统一社会信用代码",
        "legal_rep": "法定代表人",
        "contact": "联系人",
        "phone": "联系电话",
        "email": "电子邮箱",
        "address": "地址",
        "postcode": "邮编",
        "fax": "传真",
        "business_scope": "经营范围",
        "registered_capital": "注册资本(万元)",
        "bank": "开户行",
        "bank_account": "银行账号",
        "industry": "行业",
        "ownership": "企业性质",
        "region": "区域",
        "tier": "客户等级",
        "secrecy": "密级",
        "department": "负责部门",
        "owner": "负责人",
        "signed_on": "签约日期",
        "entered_on": "录入日期",
        "updated_on": "最近更新日期",
        "sales_verified_on": "最近核实日期(销售)",
        "feedback_on": "最近反馈日期(市场)",
        "reconciled_on": "最近对账日期(财务)",
        "remark": "备注",
        "credit_grade": "信用等级",
        "credit_limit": "授信额度(万元)",
        "receivable": "应收余额(万元)",
        "overdue_amount": "逾期金额(万元)",
        "overdue_days": "逾期天数",
        "satisfaction": "满意度",
        "potential": "潜在需求(万元)",
    },
    key="archive_no",
    unread=frozenset({"ownership", "region", "secrecy", "credit_grade"}),
)
CONTACTS = Table(
    "contacts",
    "联系人",
    {"archive_no": "档案编号", "name": "姓名", "title": "职务", "phone": "电话", "email": "邮箱"},
    unread=frozenset({"title", "email"}),
)
CONTRACTS = Table(
    "contracts",
    "合同",
    {
        "contract_no": "合同编号",
        "archive_no": "档案编号",
        "signed_on": "签订日期",
        "amount": "合同金额(万元)",
        "status": "状态",
    },
    key="contract_no",
)
VISITS = Table(
    "visits",
    "拜访",
    {
        "record_no": "记录编号",
        "archive_no": "档案编号",
        "visited_at": "拜访日期",
        "submitted_at": "提交时间",
        "visitor": "拜访人员",
        "topic": "拜访主题",
        "summary": "沟通内容摘要",
        "opinion": "客户意见和建议",
        "reviewer": "审核人",
        "reviewed_on": "审核日期",
    },
    key="record_no",
    unread=frozenset({"opinion"}),
)
CHANGES = Table(
    "changes",
    "变更",
    {
        "change_no": "变更编号",
        "archive_no": "档案编号",
        "field": "字段",
        "learned_on": "发现日期",
        "registered_on": "登记日期",
        "reviewer": "审核人",
    },
    key="change_no",
    unread=frozenset({"field", "reviewer"}),
)
EMPLOYEES = Table(
    "employees",
    "员工",
    {
        "employee_no": "工号",
        "name": "姓名",
        "department": "部门",
        "status": "状态",
        "left_on": "离职日期",
        "email": "邮箱",
        "manager": "上级",
        "clearance": "授权级别",
    },
    unread=frozenset({"email", "manager", "clearance"}),
)
ALL = [CUSTOMERS, CONTACTS, CONTRACTS, VISITS, CHANGES, EMPLOYEES]


def scan_csv(table: Table, data: str) -> pl.LazyFrame:
    """A file, the cells that rules read as text, with the row as a spreadsheet numbers it."""
    scan = pl.scan_csv(f"{data}/{table.name}.csv", infer_schema=False, row_index_name="row", row_index_offset=2)
    return scan.select("row", *(table.header[name] for name in table.fields))


def read_workbook(table: Table, path: str) -> pl.LazyFrame:
    """A sheet of one workbook, read by calamine, the cells that rules read as text."""
    columns = [table.header[name] for name in table.fields]
    frame = pl.read_excel(path, sheet_name=table.sheet, columns=columns, infer_schema_length=0)
    return frame.with_row_index("row", offset=2).lazy()
