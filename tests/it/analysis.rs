//! The analysis for managers: the same numbers on every sheet and in the mail, compared with the quarter before, and
//! nothing shown to who may not see it.
//!
//! Apart because it drives a job of its own, whose periods are quarters. What single figures come to is reckoned by hand
//! in the unit tests of `analysis`.

use std::path::PathBuf;

use serde_json::Value;

use crate::company::Company;
use crate::configuration::{MAIL_AS_FILES, configuration};
use crate::python::{read_mail, workbooks};
use crate::workplace::Workplace;

const FIRST: &str = "2026-07-10";
const SECOND: &str = "2026-10-12";
const BOOK: &str = "客户数据分析报告_2026Q3.xlsx";

/// A company of twelve: one important and secret, one stable, the others ordinary.
fn company() -> Company {
    let mut company = Company::clean(12);
    company.customers.set(0, "客户等级", "重要");
    company.customers.set(0, "密级", "秘密");
    company.customers.set(1, "客户等级", "稳定");
    for (row, (day, amount)) in
        [("2026-05-06", "400"), ("2026-05-20", "90"), ("2026-08-03", "12.5")].into_iter().enumerate()
    {
        company.contracts.set(row, "签订日期", day);
        company.contracts.set(row, "合同金额(万元)", amount);
    }
    company
}

fn workplace_of(company: &Company) -> Workplace {
    let text = configuration(MAIL_AS_FILES)
        + "\n[people]\nleader = [\"boss@example.com\"]\nmanagement = [\"gm@example.com\"]\n\n\
           [[job]]\nname = \"quarterly\"\nschedule = \"0 8 8 1,4,7,10 *\"\nperiod = \"quarter\"\ncovers = \"previous\"\n\
           reports = [\"analysis\", \"analysis-cards\"]\n";
    company.workplace_with(&text)
}

fn run(workplace: &Workplace, day: &str) {
    workplace.as_of(day, &["run", "quarterly"]).exits(0);
}

/// The sheets of a workbook of a quarter: name and all texts and numbers, row by row.
fn book(workplace: &Workplace, period: &str, name: &str) -> Value {
    let path: PathBuf = workplace
        .files(&format!("out/quarterly/{period}"))
        .into_iter()
        .find(|path| path.file_name().is_some_and(|found| found.to_string_lossy() == name))
        .unwrap_or_else(|| panic!("no {name}"));
    workbooks(&[path])[name].clone()
}

fn rows(book: &Value, sheet: &str) -> Vec<Vec<Value>> {
    let rows = book[sheet]["rows"].as_array().unwrap_or_else(|| panic!("no sheet {sheet}"));
    rows.iter().map(|row| row.as_array().expect("a row").clone()).collect()
}

fn text(book: &Value, sheet: &str) -> String {
    let cells = rows(book, sheet).into_iter().flatten().filter(|cell| !cell.is_null());
    cells.map(|cell| cell.as_str().map_or_else(|| cell.to_string(), str::to_owned)).collect::<Vec<_>>().join("\n")
}

/// The row that begins with a word.
fn line(book: &Value, sheet: &str, first: &str) -> Vec<Value> {
    let found = rows(book, sheet).into_iter().find(|row| row[0].as_str() == Some(first));
    found.unwrap_or_else(|| panic!("no line {first} on {sheet}: {}", text(book, sheet)))
}

#[test]
fn a_second_quarter_is_compared_with_the_first() {
    let mut company = company();
    let workplace = workplace_of(&company);
    run(&workplace, FIRST);
    let first = book(&workplace, "2026Q2", "客户数据分析报告_2026Q2.xlsx");
    let figures = line(&first, "摘要", "本期合同金额(万元)");
    assert_eq!((figures[1].as_str(), figures[3].as_str()), (Some("490.0"), Some("—")), "no earlier run, no zero");
    assert!(text(&first, "摘要").contains("没有上期的分析运行"));
    assert!(text(&first, "等级变动").contains("没有上期的分析运行"));

    company.customers.set(1, "客户等级", "重要");
    company.write(&workplace);
    run(&workplace, SECOND);
    let second = book(&workplace, "2026Q3", BOOK);
    let figures = line(&second, "摘要", "本期合同金额(万元)");
    let cells: Vec<&str> = figures[1..4].iter().filter_map(Value::as_str).collect();
    assert_eq!(cells, ["12.5", "490.0", "↓ 97.4%"]);
    assert!(text(&second, "摘要").contains("没有去年同期的分析运行"));
    assert!(text(&second, "等级变动").contains("升级 1 家，降级 0 家，不变 11 家；新增 0 家，已不在册 0 家"));
}

#[test]
fn sentences_tables_and_mail_say_the_same() {
    let workplace = workplace_of(&company());
    run(&workplace, SECOND);
    let book = book(&workplace, "2026Q3", BOOK);
    let summary = text(&book, "摘要");
    let total = line(&book, "客户结构", "合计");
    let (customers, active) = (total[1].as_u64().expect("a count"), total[3].as_u64().expect("a count"));
    assert_eq!(customers, 12);
    assert!(summary.contains(&format!("在册客户 {customers} 家")), "{summary}");
    assert!(summary.contains(&format!("活跃客户 {active} 家")), "{summary}");
    // What stands in one sum stands in the others: by tier, by state, by region, by department.
    let of = |sheet: &str, first: &str, column: usize| line(&book, sheet, first)[column].as_u64().expect("a count");
    let tiers: u64 = ["重要", "稳定", "一般", "潜在"].iter().map(|tier| of("客户结构", tier, 1)).sum();
    let departments = of("客户分配", "华东销售部", 1) + of("客户分配", "华南销售部", 1);
    assert_eq!((tiers, departments, of("区域分布", "华东", 1)), (12, 12, 12));
    let states: u64 = total[3..8].iter().filter_map(Value::as_u64).sum();
    assert_eq!(states, 12);
    assert_eq!(of("净变化与季度金额", "期末活跃", 2), active);
    let amount = total[8].as_f64().expect("an amount");
    assert_eq!(line(&book, "客户集中度", "合计")[3].as_f64(), Some(amount));
    assert!(summary.contains(&format!("近 12 个月合计 {amount:.1} 万元")), "{amount} in {summary}");
    for name in ["封面与目录", "RFM 分析", "流失与留存", "数据质量", "口径与附录"] {
        assert!(book[name].is_object(), "no sheet {name}");
    }
    let charts: u64 = book.as_object().expect("sheets").values().filter_map(|sheet| sheet["charts"].as_u64()).sum();
    assert!(charts >= 10, "{charts} charts");

    let mail = workplace.files("out/quarterly/2026Q3");
    let mail = mail
        .iter()
        .find(|path| path.to_string_lossy().contains("analysis_") && path.extension().is_some_and(|it| it == "eml"));
    let mail = read_mail(mail.expect("a mail")).to_string();
    assert!(mail.contains(&format!("在册客户 {customers} 家")) && mail.contains(&format!("活跃客户 {active} 家")));
    assert!(!mail.contains("宁波华联"), "no customer is named in a mail");
    let json = workplace.read("out/quarterly/2026Q3/analysis.json");
    assert!(json.contains(&format!("在册客户 {customers} 家")) && json.contains(&format!("活跃客户 {active} 家")));
}

#[test]
fn what_the_company_lacks_is_named_and_what_is_secret_is_counted() {
    let workplace = workplace_of(&company());
    run(&workplace, SECOND);
    let book = book(&workplace, "2026Q3", BOOK);
    let appendix = text(&book, "口径与附录");
    assert!(appendix.contains("满意度") && appendix.contains("客户投诉"), "{appendix}");
    assert!(text(&book, "服务与满意度").contains("本期因缺少“满意度”列(客户)，相应内容未分析"));
    // The only customer that is in doubt and secret is counted, and on no sheet by name.
    assert!(text(&book, "等级存疑").contains("另有 1 家因密级未列示"));
    let all: String = book.as_object().expect("sheets").keys().map(|sheet| text(&book, sheet)).collect();
    assert!(!all.contains("宁波华联1号贸易有限公司"));
    assert!(text(&book, "客户集中度").contains("第 1 名"));
}

#[test]
fn a_filter_chooses_the_customers_of_an_analysis_on_demand() {
    let workplace = workplace_of(&company());
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/report_templates/analysis");
    let built_in = std::fs::read_to_string(format!("{folder}/report.toml")).expect("the definition");
    let own = built_in
        .replace("# [analysis.filter]\n# region = [\"华东\"]", "[analysis.filter]\ndepartment = [\"华南销售部\"]");
    assert_ne!(own, built_in);
    workplace.write("report_templates/analysis/report.toml", &own);
    run(&workplace, SECOND);
    let book = book(&workplace, "2026Q3", BOOK);
    assert_eq!(line(&book, "客户结构", "合计")[1].as_u64(), Some(6));
    assert!(text(&book, "封面与目录").contains("分析 6 家客户，未纳入 6 家"));
}

#[test]
fn a_wrong_definition_is_told_at_its_line() {
    let workplace = workplace_of(&company());
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/report_templates/analysis");
    let built_in = std::fs::read_to_string(format!("{folder}/report.toml")).expect("the definition");
    for (from, to, what) in [
        ("lost_months = 24", "lost_months = 12", "active_months"),
        ("abc = [80, 95]", "abc = [95, 80]", "由小到大"),
        ("industry = \"industry\"", "industry = \"industri\"", "industri"),
        ("rhythm_percent = 200", "rhythm_percent = 50", "100"),
        ("sort = \"kind\"\nindustry", "sorts = \"kind\"\nindustry", "sorts"),
    ] {
        let own = built_in.replacen(from, to, 1);
        assert_ne!(own, built_in, "{from}");
        let mut changed = own.lines().zip(built_in.lines()).enumerate();
        let line = changed.find(|(_, (own, built_in))| own != built_in).map(|(place, _)| place + 1).expect("a line");
        workplace.write("report_templates/analysis/report.toml", &own);
        let told = workplace.hedui(&["lint"]);
        let all = format!("{}{}", told.stdout, told.stderr);
        assert!(all.contains(&format!("report.toml:{line}:")) && all.contains(what), "{to}: {all}");
    }
}
