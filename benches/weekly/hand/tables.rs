//! The six tables: file, header and key, as the made-up company writes them.
//!
//! Apart because scanning, folding and the place of a finding all need the header. It is the data dictionary by heart,
//! as a program for one company has it: no aliases, no optional columns, no title rows.

use std::path::Path;

use polars::prelude::*;

/// A table: its name, its fields with their labels in the order of the header, its key.
pub struct Table {
    pub name: &'static str,
    pub header: &'static [(&'static str, &'static str)],
    pub key: Option<&'static str>,
}

pub const CUSTOMERS: Table = Table {
    name: "customers",
    header: &[
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
    ],
    key: Some("archive_no"),
};

pub const CONTACTS: Table = Table {
    name: "contacts",
    header: &[("archive_no", "档案编号"), ("name", "姓名"), ("title", "职务"), ("phone", "电话"), ("email", "邮箱")],
    key: None,
};

pub const CONTRACTS: Table = Table {
    name: "contracts",
    header: &[
        ("contract_no", "合同编号"),
        ("archive_no", "档案编号"),
        ("signed_on", "签订日期"),
        ("amount", "合同金额(万元)"),
        ("status", "状态"),
    ],
    key: Some("contract_no"),
};

pub const VISITS: Table = Table {
    name: "visits",
    header: &[
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
    ],
    key: Some("record_no"),
};

pub const CHANGES: Table = Table {
    name: "changes",
    header: &[
        ("change_no", "变更编号"),
        ("archive_no", "档案编号"),
        ("field", "字段"),
        ("learned_on", "发现日期"),
        ("registered_on", "登记日期"),
        ("reviewer", "审核人"),
    ],
    key: Some("change_no"),
};

pub const EMPLOYEES: Table = Table {
    name: "employees",
    header: &[
        ("employee_no", "工号"),
        ("name", "姓名"),
        ("department", "部门"),
        ("status", "状态"),
        ("left_on", "离职日期"),
        ("email", "邮箱"),
        ("manager", "上级"),
        ("clearance", "授权级别"),
    ],
    key: None,
};

pub const ALL: [&Table; 6] = [&CUSTOMERS, &CONTACTS, &CONTRACTS, &VISITS, &CHANGES, &EMPLOYEES];

/// Fields that no rule reads: polars prunes them from the plan, so reading and folding by themselves leave them out.
const UNREAD: [(&str, &[&str]); 5] = [
    ("customers", &["ownership", "region", "secrecy"]),
    ("contacts", &["title", "email"]),
    ("visits", &["opinion"]),
    ("changes", &["field", "reviewer"]),
    ("employees", &["email", "manager", "clearance"]),
];

impl Table {
    /// The file, all cells as text, the row as a spreadsheet would number it.
    pub fn scan(&self, data: &Path) -> PolarsResult<LazyFrame> {
        let path = data.join(format!("{}.csv", self.name));
        LazyCsvReader::new(PlRefPath::new(path.to_string_lossy().as_ref()))
            .with_has_header(true)
            .with_infer_schema_length(Some(0))
            .with_row_index(Some(RowIndex { name: "row".into(), offset: 2 }))
            .finish()
    }

    /// The fields that some rule reads, with their labels.
    pub fn read_fields(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let unread = UNREAD.iter().find(|(table, _)| *table == self.name).map_or(&[][..], |(_, unread)| *unread);
        self.header.iter().copied().filter(|(field, _)| !unread.contains(field))
    }

    /// The label above a field.
    pub fn label(&self, field: &str) -> &'static str {
        self.header.iter().find(|(name, _)| *name == field).map_or("", |(_, label)| label)
    }

    /// The column letters of a field; nothing where there is none.
    pub fn letters(&self, field: &str) -> String {
        let Some(index) = self.header.iter().position(|(name, _)| *name == field) else { return String::new() };
        let letter = |index: usize| char::from(b'A' + u8::try_from(index % 26).unwrap_or(0));
        if index < 26 { letter(index).to_string() } else { format!("A{}", letter(index)) }
    }
}
