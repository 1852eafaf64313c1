//! The lists of reports: each has exactly its rows, says what it lacks, keeps what a reader may not see, and every
//! mistake in a `[[list]]` is told at its line.
//!
//! Apart from the reports of findings because a list judges nothing: what is in it follows from a small company's rows.

use serde_json::Value;

use crate::python::{root, workbooks};
use crate::reports::{paths, table};
use crate::workplace::{AS_OF, Workplace};

const CONFIGURATION: &str = r#"
[company]
name = "华联"
timezone = "Asia/Shanghai"
language = "zh"
fallback_department = "客户服务部"

[[source]]
table = "customers"
path = "data/客户.csv"
[[source]]
table = "contracts"
path = "data/合同.csv"
[[source]]
table = "employees"
path = "data/员工.csv"
[[source]]
table = "visit_plans"
path = "data/计划.csv"

[departments."华东销售部"]
to = ["east@example.com"]
CLEARANCE
[departments."华南销售部"]
to = ["south@example.com"]
[departments."客户服务部"]
to = ["kefu@example.com"]

[mail]
transport = "file"
from = "kefu@example.com"

[[job]]
name = "lists"
schedule = "0 8 * * 1"
period = "week"
reports = REPORTS
"#;

const CUSTOMERS: &str = "档案编号,客户名称,联系人,联系电话,客户等级,密级,负责部门,负责人,应收余额(万元),保存期限
A-001,甲公司,赵甲,13800000001,重要,内部,华东销售部,张三,5,2030-01-01
A-002,乙公司,钱乙,13800000002,一般,内部,华东销售部,李四,,2026-01-01
A-003,丙公司,孙丙,13800000003,一般,秘密,华东销售部,张三,,2026-01-01
A-004,丁公司,周丁,13800000004,重要,公开,华南销售部,王五,2.5,2026-12-01
A-005,戊公司,吴戊,13800000005,一般,,市场部,张三,,
";
const CONTRACTS: &str = "合同编号,档案编号,签订日期,合同金额(万元),状态
HT1,A-001,2026-03-01,100,履行中
HT2,A-003,2026-03-01,50,履行中
HT3,A-004,2026-03-01,10,已完成
";
const EMPLOYEES: &str = "姓名,部门,状态,离职日期
张三,华东销售部,离职,2026-11-01
李四,华东销售部,在职,
王五,华南销售部,在职,
";
// As of Sunday 22 November, next week is the one from the 23rd to the 29th.
const PLANS: &str = "计划号,档案编号,计划拜访时间,计划人,提交日期,审批日期,计划状态
P1,A-002,2026-11-24 09:00,李四,2026-11-18,2026-11-20,
P2,A-004,2026-11-24 10:00,王五,2026-11-18,,
P3,A-001,2026-12-01 09:00,李四,2026-11-18,2026-11-20,
P4,A-004,2026-11-26 09:00,王五,2026-11-18,2026-11-20,取消
P5,A-002,2026-11-29 16:00,李四,2026-11-18,2026-11-20,
P6,A-002,2026-11-22 16:00,李四,2026-11-18,2026-11-20,
";

fn company(reports: &str, clearance: &str) -> Workplace {
    let workplace = Workplace::new(&CONFIGURATION.replace("REPORTS", reports).replace("CLEARANCE", clearance));
    for (name, text) in [("客户", CUSTOMERS), ("合同", CONTRACTS), ("员工", EMPLOYEES), ("计划", PLANS)] {
        workplace.write(&format!("data/{name}.csv"), text);
    }
    workplace
}

/// Runs the job and reads its workbooks; columns are missing, so the run is partial.
fn run(workplace: &Workplace) -> Value {
    workplace.as_of(AS_OF, &["run", "lists"]).exits(3);
    workbooks(&paths(workplace, "out"))
}

/// The values of a column of a list.
#[track_caller]
fn column(book: &Value, sheet: &str, header: &str) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    table(book, sheet, &[header])
        .iter()
        // below a list people sign
        .take_while(|row| !row[header].is_null() && !row.values().any(|cell| text(cell).contains("（签字）")))
        .map(|row| text(&row[header]))
        .filter(|cell| cell != "没有符合条件的记录。")
        .collect()
}

/// All text of a sheet.
#[track_caller]
fn text(book: &Value, sheet: &str) -> String {
    let rows = book[sheet]["rows"].as_array().unwrap_or_else(|| panic!("no sheet {sheet}"));
    rows.iter().flat_map(|row| row.as_array().expect("a row")).filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_leavers_handover_has_his_customers_and_their_contracts_by_department() {
    let workplace = company(r#"["handover"]"#, "");
    let books = run(&workplace);
    let names: Vec<&String> = books.as_object().expect("books").keys().collect();
    assert_eq!(
        names,
        ["移交清单_华东销售部_2026W47.xlsx", "移交清单_客户服务部_2026W47.xlsx"],
        "nothing to hand over in the south"
    );
    let east = &books["移交清单_华东销售部_2026W47.xlsx"];
    assert_eq!(column(east, "移交客户", "档案编号"), ["A-001"]);
    assert!(text(east, "移交客户").contains("另有 1 条因密级未列示"));
    assert_eq!(column(east, "未结合同", "合同编号"), ["HT1"]);
    assert_eq!(column(east, "移交人", "姓名"), ["张三"]);
    for signer in ["移交人", "接收人", "监交人"] {
        assert!(text(east, "移交客户").contains(signer), "no line for {signer}");
    }
    // What the company has no register of is named, and not simply empty.
    assert!(text(east, "未办投诉").contains("没有“客户投诉”的数据源"));
    assert!(text(east, "移交客户").contains("纸质档案位置"), "a column that is not there is named");
    // A department without an entry goes to the one that stands in.
    assert_eq!(column(&books["移交清单_客户服务部_2026W47.xlsx"], "移交客户", "档案编号"), ["A-005"]);
}

#[test]
fn only_a_cleared_reader_sees_a_secret_record() {
    let workplace = company(r#"["handover", "customer-overview"]"#, "clearance = \"秘密\"");
    let east = &run(&workplace)["移交清单_华东销售部_2026W47.xlsx"];
    assert_eq!(column(east, "移交客户", "档案编号"), ["A-003", "A-001"], "by tier");
    assert!(!text(east, "移交客户").contains("因密级"));
    let workplace = company(
        r#"["handover", "customer-overview", "retention", "destruction", "archive-cards", "analysis-on-demand"]"#,
        "",
    );
    run(&workplace);
    for path in workplace.files("out") {
        let bytes = std::fs::read(&path).expect("a file");
        let is_book = path.extension().is_some_and(|ending| ending == "xlsx");
        let unpacked = if is_book { workbooks(std::slice::from_ref(&path)).to_string() } else { String::new() };
        for secret in ["丙公司", "A-003", "孙丙", "13800000003"] {
            assert!(!unpacked.contains(secret), "{secret} in {}", path.display());
            assert!(!String::from_utf8_lossy(&bytes).contains(secret), "{secret} in {}", path.display());
        }
    }
}

#[test]
fn what_may_be_destroyed_is_expired_and_has_nothing_open() {
    let books = run(&company(r#"["destruction", "retention"]"#, ""));
    let register = &books["客户资料销毁清册_2026W47.xlsx"];
    assert_eq!(column(register, "到期可销毁", "档案编号"), ["A-002"]);
    assert!(text(register, "到期可销毁").contains("未能对照：未办投诉"), "{}", text(register, "到期可销毁"));
    for signer in ["批准人", "监销人（一）", "监销人（二）"] {
        assert!(text(register, "到期可销毁").contains(signer), "no line for {signer}");
    }
    // 丙公司 has an open contract, and is above the reader's level.
    assert!(column(register, "到期但有未了事项", "档案编号").is_empty());
    assert!(text(register, "到期但有未了事项").contains("另有 1 条因密级未列示"));
    assert!(text(register, "制度建议销毁").contains("e-destroy-proposal"), "rules that are not in force are named");
    let retention = &books["保存期限一览_2026W47.xlsx"];
    assert_eq!(column(retention, "三个月内到期", "档案编号"), ["A-004"]);
    assert_eq!(column(retention, "三个月内到期", "剩余天数"), ["9"]);
    assert_eq!(column(retention, "没有保存期限", "档案编号"), ["A-005"]);
}

#[test]
fn next_weeks_plans_are_those_of_monday_to_sunday() {
    let books = run(&company(r#"["visit-plans"]"#, ""));
    let plans = &books["下周拜访计划_2026W47.xlsx"];
    assert_eq!(column(plans, "已批准", "计划拜访时间"), ["2026-11-24 09:00", "2026-11-29 16:00"]);
    assert_eq!(column(plans, "已批准", "客户名称"), ["乙公司", "乙公司"]);
    assert_eq!(column(plans, "尚未批准", "客户名称"), ["丁公司"]);
}

#[test]
fn a_list_that_lacks_a_column_or_a_source_says_so() {
    let workplace = company(r#"["retention"]"#, "");
    workplace.write("data/客户.csv", CUSTOMERS.replace("保存期限", "别的"));
    let books = run(&workplace);
    let retention = &books["保存期限一览_2026W47.xlsx"];
    for sheet in ["三个月内到期", "已到期", "没有保存期限"] {
        assert!(text(retention, sheet).contains("“客户”没有“保存期限”列"), "{sheet}");
    }
    // What was not read this time might be anything: the handover is made and says so.
    let workplace = company(r#"["handover"]"#, "");
    std::fs::remove_file(workplace.path("data/员工.csv")).expect("removed");
    let books = run(&workplace);
    let south = &books["移交清单_华南销售部_2026W47.xlsx"];
    assert!(text(south, "移交客户").contains("员工.csv"), "{}", text(south, "移交客户"));
}

const REPORT: &str = r#"audience = "departments"
sheets = ["mine", "totals"]
[title]
zh = "我的"
en = "Mine"
[attachment]
zh = "我的_{department}"
en = "mine_{department}"
[limits]
mail_rows = 5
overview_rows = 5
skipped_rows = 5
[[list]]
name = "mine"
title = { zh = "清单", en = "List" }
table = "customers"
where = "receivable > 1 or receivable is null"
columns = [
  { field = "archive_no" },
  { field = "phone", title = "脱敏" },
  { field = "name" },
  { value = "days(as_of, keep_until)", title = "剩余" },
]
sort = ["-receivable"]
limit = 2
[[list]]
name = "totals"
title = "合计表"
table = "customers"
group_by = ["tier"]
figures = [ { of = "count" }, { of = "sum", field = "receivable" }, { of = "average", field = "receivable" }, { of = "max", field = "phone" },
  { of = "min", field = "keep_until", title = "最早到期" } ]
sort = ["tier"]
"#;

#[test]
fn a_list_of_ones_own_is_sorted_cut_masked_and_added_up() {
    let workplace = company(r#"["mine"]"#, "clearance = \"秘密\"");
    workplace.write("report_templates/mine/report.toml", REPORT);
    let books = run(&workplace);
    let east = &books["我的_华东销售部.xlsx"];
    assert_eq!(column(east, "清单", "档案编号"), ["A-001", "A-002"], "the largest first, what has none last");
    assert!(text(east, "清单").contains("共 3 条，此处列前 2 条"));
    assert_eq!(column(east, "清单", "脱敏")[0], "138****0001");
    assert_eq!(column(east, "清单", "剩余"), ["1136", "-325"]);
    // Two of the three have no receivable: they are counted and not added up.
    let totals = table(east, "合计表", &["客户等级"]);
    let cells = |row: usize| ["客户等级", "条数", "应收余额(万元)合计"].map(|header| totals[row][header].to_string());
    assert_eq!(cells(0), ["\"一般\"", "2", "null"], "nothing to add up is not zero");
    assert_eq!(cells(1), ["\"重要\"", "1", "5"]);
    assert!(text(east, "合计表").contains("2 条没有数字，未计入“应收余额(万元)合计”"));
    assert_eq!(
        column(east, "合计表", "联系电话最大")[1],
        "138****0001",
        "what is picked of a group is masked as it is"
    );
    assert_eq!(column(east, "合计表", "最早到期"), ["2026-01-01", "2030-01-01", "2026-01-01"], "a day stays a day");
    // The department that stands in has the records of those without an entry.
    let service = &books["我的_客户服务部.xlsx"];
    assert_eq!(column(service, "清单", "档案编号"), ["A-005"]);
    // Who is cleared for personal values sees them.
    let workplace = company(r#"["mine"]"#, "unmasked = true");
    workplace.write("report_templates/mine/report.toml", REPORT);
    let east = &run(&workplace)["我的_华东销售部.xlsx"];
    assert_eq!(column(east, "清单", "脱敏")[0], "13800000001");
    assert_eq!(column(east, "合计表", "联系电话最大")[1], "13800000001");
}

#[test]
fn a_masked_number_alone_is_not_told_by_its_sum() {
    let shipped = std::fs::read_to_string(root().join("rules/dictionary.toml")).expect("the file");
    let masked = shipped.replacen("name = \"receivable\"\n", "name = \"receivable\"\nmask = \"hidden\"\n", 1);
    for (reader, told) in [("clearance = \"秘密\"", "***"), ("unmasked = true", "5")] {
        let workplace = company(r#"["mine"]"#, reader);
        workplace.write("report_templates/mine/report.toml", REPORT);
        workplace.write("rules/dictionary.toml", &masked);
        let east = &run(&workplace)["我的_华东销售部.xlsx"];
        let totals = table(east, "合计表", &["客户等级"]);
        for header in ["应收余额(万元)合计", "应收余额(万元)平均"] {
            let cell = &totals[1][header];
            assert_eq!(cell.as_str().map_or_else(|| cell.to_string(), str::to_owned), told, "{header}");
        }
    }
}

#[test]
fn every_mistake_in_a_list_is_told_at_its_line() {
    let workplace = company(r#"["mine"]"#, "");
    let mistakes = [
        ("table = \"customers\"\nwhere", "table = \"custmers\"\nwhere", 16, "custmers", "customers"),
        ("receivable > 1", "receivble > 1", 17, "receivble", "receivable"),
        ("receivable > 1", "receivable > 'x'", 17, "数字", ""),
        ("receivable > 1", "lenght(name) > 1", 17, "lenght", "length"),
        ("{ field = \"archive_no\" }", "{ field = \"archiv_no\" }", 19, "archiv_no", "archive_no"),
        ("{ field = \"archive_no\" }", "{ feild = \"archive_no\" }", 19, "feild", "field"),
        ("limit = 2", "limt = 2", 25, "limt", "limit"),
        ("limit = 2", "failing = [\"owner-has-let\"]", 25, "owner-has-let", "owner-has-left"),
        ("limit = 2", "failing = [\"known-customer-visits\"]", 25, "不检核表 customers", ""),
        ("limit = 2", "same_owner_as = [\"totals\"]", 25, "totals", ""),
        ("group_by = [\"tier\"]", "group_by = [\"teir\"]", 30, "teir", "tier"),
        ("of = \"average\"", "of = \"avarage\"", 31, "avarage", "average"),
        ("{ of = \"sum\", field = \"receivable\" }", "{ of = \"sum\", field = \"name\" }", 31, "数字", ""),
        ("sheets = [\"mine\", \"totals\"]", "sheets = [\"mine\", \"total\"]", 2, "total", "totals"),
        ("sheets = [\"mine\", \"totals\"]", "sheets = [\"mine\"]", 27, "totals", ""),
        ("name = \"totals\"", "name = \"rules\"", 27, "rules", ""),
        ("audience = \"departments\"", "audience = \"departments\"\nonly_if = \"row\"", 2, "row", "rows"),
    ];
    for (right, wrong, line, word, meant) in mistakes {
        assert!(REPORT.contains(right), "{right}");
        workplace.write("report_templates/mine/report.toml", REPORT.replacen(right, wrong, 1));
        let ran = workplace.hedui(&["lint"]);
        assert_ne!(ran.code, 0, "{wrong}: {}", ran.all());
        ran.says(&format!("report_templates/mine/report.toml:{line}:")).says(word).says(meant);
    }
    workplace.write("report_templates/mine/report.toml", REPORT);
    workplace.hedui(&["lint"]).exits(0);
}

/// Every folder that ships.
fn shipped() -> Vec<String> {
    let folders = std::fs::read_dir(root().join("report_templates")).expect("the folder").flatten();
    let mut names: Vec<String> = folders
        .filter(|entry| entry.path().join("report.toml").exists())
        .map(|entry| entry.file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

#[test]
fn every_shipped_list_is_made_of_the_demo_in_both_languages() {
    for language in ["zh", "en"] {
        let workplace = Workplace::new("");
        workplace.as_of(AS_OF, &["demo", "d", "--customers", "60", "--seed", "3", "--no-run"]).exits(0);
        let lists: Vec<String> = shipped().into_iter().filter(|name| has_lists(name)).collect();
        assert!(lists.len() >= 16, "{lists:?}");
        let configuration = workplace.read("d/hedui.toml");
        let spoken = configuration.lines().map(|line| match line.starts_with("language = ") {
            true => format!("language = \"{language}\"\n"),
            false => format!("{line}\n"),
        });
        let job =
            format!("\n[[job]]\nname = \"lists\"\nschedule = \"0 8 1 * *\"\nperiod = \"month\"\nreports = {lists:?}\n");
        workplace.write("d/hedui.toml", spoken.collect::<String>() + &job);
        workplace.as_of(AS_OF, &["run", "lists", "--config", "d/hedui.toml"]).exits(0);
        let books = workbooks(&paths(&workplace, "d/out/lists"));
        let books = books.as_object().expect("books");
        assert!(books.len() >= lists.len(), "{:?}", books.keys().collect::<Vec<_>>());
        for (name, book) in books {
            for (sheet, read) in book.as_object().expect("sheets") {
                assert!(!read["rows"].as_array().expect("rows").is_empty(), "{name} {sheet}");
                assert_eq!(read["formulas"].as_array().map(Vec::len), Some(0), "{name} {sheet}");
            }
        }
        let mails =
            workplace.files("d/out/lists").into_iter().filter(|path| path.extension().is_some_and(|e| e == "eml"));
        assert!(mails.count() >= lists.len());
    }
}

fn has_lists(report: &str) -> bool {
    let path = root().join(format!("report_templates/{report}/report.toml"));
    std::fs::read_to_string(path).expect("a definition").contains("[[list]]")
}
