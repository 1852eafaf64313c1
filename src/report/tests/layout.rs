//! What workbooks are besides their words: links, cards, owners' sheets, JSON beside them.

use calamine::Reader;
use chrono::NaiveDate;
use serde_json::Value as Json;

use super::fixture::{OWNER, Run, cells, day, open};
use crate::model::Status;
use crate::report::blocks::{Block, Card, Column, Kind, Rows, Table, Value};
use crate::report::customers::Customers;
use crate::report::document::{Draft, Sheet};
use crate::report::figures::is_to_do;
use crate::report::format::workbook;
use crate::report::look::Look;
use crate::report::order::FirstRows;
use crate::report::share::Sorting;
use crate::report::view::View;
use crate::report::{Templates, render, share};
use crate::text::Language;

#[test]
fn a_first_row_is_the_first_of_its_rule_owner_and_severity() {
    let (run, templates) = (Run::new(), Templates::built_in().expect("the built-in templates"));
    let input = run.input();
    let shares = share::split(&input, &Customers::of_all(&input), Sorting::Together);
    let definition = templates.definition("department-weekly").expect("a report");
    for share in &shares.departments {
        let view = View::new(&input, share, &shares, templates.strings(Language::Zh), definition);
        let first = FirstRows::of(&view);
        let list: Vec<_> = view.ordered().iter().map(|place| view.finding(*place)).collect();
        let standing: Vec<_> = list.into_iter().filter(|finding| finding.status.is_standing()).collect();
        for (row, finding) in standing.iter().enumerate() {
            let is_first = standing[..row].iter().all(|before| before.rule_id != finding.rule_id);
            let led_to = first.rule(finding.rule_id).and_then(|link| link.row);
            assert_eq!(led_to == Some(row), is_first, "{} in row {row}", finding.rule_id);
            assert!(first.severity(finding.severity).and_then(|link| link.row).is_some_and(|first| first <= row));
        }
        assert_eq!(first.owner("nobody"), None);
        // a rule's findings stand together, those that are waived behind all
        let rules: Vec<_> =
            standing.iter().map(|finding| (finding.status == Status::Waived, finding.rule_id)).collect();
        let runs = rules.windows(2).filter(|pair| pair[0] != pair[1]).count();
        let distinct: std::collections::BTreeSet<_> = rules.iter().collect();
        assert_eq!(runs, distinct.len().saturating_sub(1), "{rules:?}");
    }
}

#[test]
fn the_json_has_the_rows_of_the_workbook() {
    for report in ["department-weekly", "service-digest"] {
        for document in Run::new().render(report) {
            let json: Json = serde_json::from_slice(&document.json).expect("JSON");
            assert_eq!(json["department"].as_str(), document.department.as_deref());
            assert_eq!((&json["period"], &json["as_of"]), (&Json::from("2026-W47"), &Json::from("2026-11-22")));
            for (number, sheet) in json["sheets"].as_array().expect("sheets").iter().enumerate() {
                let shown = cells(&document, number).concat().join("\u{1}");
                let blocks = sheet["blocks"].as_array().expect("blocks").iter();
                let texts = blocks.filter_map(|block| block["rows"].as_array()).flatten().flat_map(Json::as_array);
                for text in texts.flatten().filter_map(Json::as_str).filter(|text| text.len() > 3) {
                    let is_day = NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok();
                    assert!(is_day || shown.contains(text), "{text} is not in {}", sheet["name"]);
                }
            }
        }
    }
}

/// The built-in templates with a workplace's own files over them.
fn templates_with(files: &[(&str, &[u8])]) -> Result<Templates, Vec<String>> {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }
    let told = |problem: &crate::report::TemplateProblem| {
        format!("{}:{}: {} {}", problem.file, problem.line, problem.message.en, hint(problem))
    };
    Templates::load(Some(folder.path())).map_err(|problems| problems.iter().map(told).collect())
}

fn hint(problem: &crate::report::TemplateProblem) -> String {
    problem.hint.as_ref().map(|hint| hint.en.clone()).unwrap_or_default()
}

fn definition() -> String {
    let files = Templates::built_in_files();
    let (_, bytes) = files.iter().find(|(name, _)| name == "department-weekly/report.toml").expect("a report");
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn an_owner_gets_a_sheet_where_the_report_asks_for_it() {
    let own = definition().replace("\"work_list\", ", "\"work_list\", \"owners\", ");
    let templates = templates_with(&[("department-weekly/report.toml", own.as_bytes())]).expect("no mistake");
    let run = Run::new();
    let document = render("department-weekly", &run.input(), &templates).expect("a report").remove(0);
    let sheets = open(&document.attachments[0].bytes).sheet_names();
    assert_eq!(sheets[2], OWNER);
    let list = cells(&document, 2);
    let standing =
        run.findings.iter().filter(|finding| finding.department == "华东销售部" && finding.status.is_standing());
    // the opening, the header and the two lines to sign on are no findings
    assert_eq!(list.len() - 4, standing.count());
    assert!(run.findings.iter().any(|finding| is_to_do(finding.status) && finding.owner == OWNER));
}

#[test]
fn a_mistake_in_a_look_or_definition_is_told_at_its_line() {
    let no_logo = templates_with(&[("look.toml", b"main = \"#7A1F1F\"\nlogo = \"logo.png\"\n")]).expect_err("no file");
    assert!(no_logo.len() == 1 && no_logo[0].starts_with("look.toml:2: logo.png cannot be read"), "{no_logo:?}");
    let no_picture = [("look.toml", b"logo = \"logo.png\"\n".as_slice()), ("logo.png", b"no picture")];
    assert!(templates_with(&no_picture).expect_err("no picture")[0].contains("is no PNG or JPEG picture"));
    let own = definition().replace("\"resolved\", ", "\"resolvd\", ");
    let misspelt = templates_with(&[("department-weekly/report.toml", own.as_bytes())]).expect_err("misspelt");
    assert!(misspelt.len() == 1 && misspelt[0].contains("did you mean `resolved`"), "{misspelt:?}");
    let own = definition().replace("[limits]\n", "[limits]\nmail_row = 3\n");
    let misspelt = templates_with(&[("department-weekly/report.toml", own.as_bytes())]).expect_err("misspelt");
    assert!(misspelt[0].contains("did you mean `mail_rows`"), "{misspelt:?}");
    let own = templates_with(&[("strings.zh.toml", "[status]\nneu = \"新\"\n".as_bytes())]).expect_err("misspelt");
    assert!(own[0].contains("did you mean `status.new`"), "{own:?}");
}

#[test]
fn cards_stand_one_below_the_other_and_people_sign_below() {
    let columns = || vec![Column::new("姓名", Kind::Text, 20), Column::new("电话", Kind::Text, 30)];
    let card = |number: u64| {
        let list = Table {
            columns: columns(),
            rows: Rows::of(vec![vec!["张三".into(), "13800138000".into()]]),
            is_list: false,
            empty: "无".to_owned(),
            shaded: Vec::new(),
        };
        Block::Card(Card {
            title: format!("客户档案卡 {number}"),
            fields: vec![
                ("档案编号".to_owned(), format!("经销商2023-{number:03}").into()),
                ("建档日期".to_owned(), day().into()),
                ("经营范围".to_owned(), "货物进出口；技术进出口；".repeat(8).into()),
                ("注册资本（万元）".to_owned(), Value::Count(500).into()),
            ],
            lists: vec![("联系人".to_owned(), list)],
        })
    };
    let mut blocks: Vec<Block<'_>> = (0..3).map(card).collect();
    blocks.push(Block::Signatures(["制表人", "审核人"].map(str::to_owned).into()));
    let sheets = vec![Sheet { name: "档案卡".to_owned(), blocks, one_page: false }];
    let draft = Draft { title: "档案卡".to_owned(), sheets, mail: Default::default() };
    let templates = Templates::built_in().expect("the built-in templates");
    let strings = templates.strings(Language::Zh);
    let bytes = workbook::write(&draft, "公司", "内部", day(), strings, &Look::default()).expect("a workbook");
    let mut book = open(&bytes);
    let range = book.worksheet_range_at(0).expect("a sheet").expect("a readable sheet");
    let at = |words: &str| -> Vec<(usize, usize)> {
        range
            .used_cells()
            .filter(|(.., cell)| cell.to_string().starts_with(words))
            .map(|(row, column, _)| (row, column))
            .collect()
    };
    assert_eq!((at("客户档案卡").len(), at("张三").len()), (3, 3));
    // label, value, label, value in one row; what is long has a row of its own
    assert_eq!(at("档案编号")[0].0, at("建档日期")[0].0);
    assert!(at("档案编号")[0].1 < at("经销商2023-000")[0].1 && at("经销商2023-000")[0].1 < at("建档日期")[0].1);
    assert!(at("建档日期")[0].0 < at("经营范围")[0].0 && at("经营范围")[0].0 < at("注册资本")[0].0);
    let signed = at("制表人");
    assert!(signed[0].0 > at("张三")[2].0 && at("审核人")[0].0 == signed[0].0 && at("日期：").len() == 2);
}
