//! A small company whose records pass every rule on any day of November 2026, to be spoilt by a test as it likes.
//!
//! Apart because a test should say only what is wrong, and what comes of it. The credit codes are made here anew, so
//! that no mistake of the program's hides in its test.

use crate::configuration::{MAIL_AS_FILES, configuration};
use crate::workplace::Workplace;

const CODE: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const LETTERS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A table as it is written into a CSV.
#[derive(Clone, Debug)]
pub struct Table {
    header: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    fn new(header: &[&'static str]) -> Self {
        Self { header: header.to_vec(), rows: Vec::new() }
    }

    fn add(&mut self, cells: &[&str]) {
        assert_eq!(cells.len(), self.header.len());
        self.rows.push(cells.iter().map(|cell| (*cell).to_owned()).collect());
    }

    fn place(&self, label: &str) -> usize {
        self.header.iter().position(|header| *header == label).unwrap_or_else(|| panic!("no column {label}"))
    }

    /// Writes one cell.
    pub fn set(&mut self, row: usize, label: &str, value: &str) {
        let place = self.place(label);
        self.rows[row][place] = value.to_owned();
    }

    /// One cell.
    pub fn get(&self, row: usize, label: &str) -> &str {
        &self.rows[row][self.place(label)]
    }

    /// Takes a column away.
    pub fn drop_column(&mut self, label: &str) {
        let place = self.place(label);
        self.header.remove(place);
        self.rows.iter_mut().for_each(|row| drop(row.remove(place)));
    }

    /// The table as CSV.
    pub fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.header).expect("a header");
        self.rows.iter().for_each(|row| writer.write_record(row).expect("a row"));
        String::from_utf8(writer.into_inner().expect("bytes")).expect("UTF-8")
    }
}

/// The six tables.
#[derive(Clone, Debug)]
pub struct Company {
    /// 客户.
    pub customers: Table,
    /// 联系人.
    pub contacts: Table,
    /// 合同.
    pub contracts: Table,
    /// 拜访记录.
    pub visits: Table,
    /// 变更记录.
    pub changes: Table,
    /// 员工.
    pub employees: Table,
}

impl Company {
    /// A company of so many customers, each with a contract, a contact, a visit and a change.
    pub fn clean(customers: usize) -> Self {
        let mut company = Self {
            customers: Table::new(&[
                "档案编号",
                "客户名称",
                "客户类型",
                "统一社会信用代码",
                "法定代表人",
                "联系人",
                "联系电话",
                "电子邮箱",
                "地址",
                "邮编",
                "传真",
                "经营范围",
                "注册资本(万元)",
                "开户行",
                "银行账号",
                "行业",
                "企业性质",
                "区域",
                "客户等级",
                "密级",
                "负责部门",
                "负责人",
                "签约日期",
                "录入日期",
                "最近更新日期",
                "最近核实日期(销售)",
                "最近反馈日期(市场)",
                "最近对账日期(财务)",
                "备注",
            ]),
            contacts: Table::new(&["档案编号", "姓名", "职务", "电话", "邮箱"]),
            contracts: Table::new(&["合同编号", "档案编号", "签订日期", "合同金额(万元)", "状态"]),
            visits: Table::new(&[
                "记录编号",
                "档案编号",
                "拜访日期",
                "提交时间",
                "拜访人员",
                "拜访主题",
                "沟通内容摘要",
                "客户意见和建议",
                "审核人",
                "审核日期",
            ]),
            changes: Table::new(&["变更编号", "档案编号", "字段", "发现日期", "登记日期", "审核人"]),
            employees: Table::new(&["姓名", "部门", "状态", "离职日期"]),
        };
        for (owner, department) in [("王伟", "华东销售部"), ("李娜", "华南销售部"), ("陈静", "客户服务部")]
        {
            company.employees.add(&[owner, department, "在职", ""]);
        }
        company.employees.add(&["离人", "华东销售部", "离职", "2026-01-31"]);
        (1..=customers).for_each(|number| company.add_customer(number));
        company
    }

    fn add_customer(&mut self, number: usize) {
        let key = key(number);
        let (department, owner) =
            if number % 2 == 1 { ("华东销售部", "王伟") } else { ("华南销售部", "李娜") };
        self.customers.add(&[
            &key,
            &format!("宁波华联{number}号贸易有限公司"),
            "经销商",
            &credit_code(number),
            &format!("法人姓{number}"),
            &format!("联系姓{number}"),
            &format!("138{number:08}"),
            &format!("c{number}@client.example"),
            &format!("宁波市中山路{number}号"),
            "315000",
            "",
            "进出口贸易",
            "1200",
            "工商银行宁波分行",
            &format!("62220210011162{number:05}"),
            "批发",
            "民营",
            "华东",
            "一般",
            "内部",
            department,
            owner,
            "2026-10-26",
            "2026-10-28",
            "2026-11-05",
            "2026-11-05",
            "2026-11-01",
            "2026-06-01",
            "",
        ]);
        self.contacts.add(&[&key, &format!("联系姓{number}"), "经理", &format!("139{number:08}"), ""]);
        self.contracts.add(&[&format!("HT-{number:04}"), &key, "2025-03-04", "30", "履行中"]);
        let visit = ["2026-10-12 09:00", "2026-10-12 17:30", owner, "回访", "谈续约", "", "陈静", "2026-10-13"];
        self.visits.add(&[&[format!("BF-{number:04}").as_str(), key.as_str()], visit.as_slice()].concat());
        self.changes.add(&[&format!("BG-{number:04}"), &key, "联系电话", "2026-10-12", "2026-10-13", "陈静"]);
    }

    /// The tables with the names of their files.
    pub fn tables(&self) -> [(&'static str, &Table); 6] {
        [
            ("customers", &self.customers),
            ("contacts", &self.contacts),
            ("contracts", &self.contracts),
            ("visits", &self.visits),
            ("changes", &self.changes),
            ("employees", &self.employees),
        ]
    }

    /// Writes data/TABLE.csv.
    pub fn write(&self, workplace: &Workplace) {
        for (name, table) in self.tables() {
            workplace.write(&format!("data/{name}.csv"), table.csv());
        }
    }

    /// A workplace with this company, its mails going to files.
    pub fn workplace(&self) -> Workplace {
        self.workplace_with(&configuration(MAIL_AS_FILES))
    }

    /// A workplace with this company and a configuration.
    pub fn workplace_with(&self, configuration: &str) -> Workplace {
        let workplace = Workplace::new(configuration);
        self.write(&workplace);
        workplace
    }
}

/// The archive number of a customer counted from 1.
pub fn key(number: usize) -> String {
    format!("经销商2023-{number:03}")
}

/// A valid credit code (GB 32100-2015), a different one for every number.
pub fn credit_code(number: usize) -> String {
    let organisation = format!("{:08}", 30_000_000 + number);
    let sum: usize = organisation
        .bytes()
        .zip([3, 7, 9, 10, 5, 8, 4, 2])
        .map(|(digit, weight)| usize::from(digit - b'0') * weight)
        .sum();
    let check = LETTERS.as_bytes()[if sum % 11 == 1 { 33 } else { (11 - sum % 11) % 11 }] as char;
    let mut code = format!("91330200{organisation}{check}");
    let mut weight = 1;
    let mut total = 0;
    for character in code.chars() {
        total += CODE.find(character).expect("an allowed character") * weight;
        weight = weight * 3 % 31;
    }
    code.push(CODE.as_bytes()[(31 - total % 31) % 31] as char);
    code
}
