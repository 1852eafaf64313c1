//! What a workbook is besides its cells: links, what stands out by a rule, charts, the JSON beside it, its look.
//!
//! Apart from the tests of numbers, because here the question is whether a person finds his way and scripts find the
//! same.

use std::path::PathBuf;

use base64::Engine;
use serde_json::Value;

use crate::python::python;
use crate::reports::{OUT, books, demo, word};
use crate::workplace::{AS_OF, Workplace, mode};

/// A workbook as `look_at_workbook.py` sees it.
fn look(path: &std::path::Path) -> Value {
    serde_json::from_str(&python("it/py/look_at_workbook.py", &[path.to_str().expect("UTF-8")])).expect("JSON")
}

fn of_department(folder: &str) -> PathBuf {
    let files = demo().files(folder);
    let is_east = |path: &&PathBuf| {
        path.to_string_lossy().contains("华东销售部") && path.extension().is_some_and(|ending| ending == "xlsx")
    };
    files.iter().find(is_east).expect("a workbook").clone()
}

fn list<'v>(value: &'v Value, key: &str) -> &'v Vec<Value> {
    value[key].as_array().unwrap_or_else(|| panic!("{key}"))
}

#[test]
fn every_link_leads_to_what_it_names() {
    let seen = look(&of_department(OUT));
    let (first, to_do) = (word("sheet", "overview_week"), word("sheet", "work_list"));
    let links = list(&seen["sheets"][&first], "links");
    let text = |link: &Value| link["text"].as_str().expect("words").to_owned();
    let to_rows: Vec<&Value> =
        links.iter().filter(|link| link["sheet"] == to_do.as_str() && link["at"] != "A1").collect();
    assert!(to_rows.len() > 8, "{links:?}");
    for link in &to_rows {
        // a rule is written with its severity before it
        let words = text(link);
        let name = words.rsplit('】').next().expect("a name");
        let name = if name.starts_with('（') { None } else { Some(name) };
        assert!(list(link, "target").iter().any(|cell| cell.as_str() == name), "{link}");
    }
    for sheet in ["work_list", "resolved", "changes", "scores", "load_notes", "rules"].map(|key| word("sheet", key)) {
        assert!(links.iter().any(|link| link["sheet"] == sheet.as_str() && link["at"] == "A1"), "{sheet}");
    }
}

#[test]
fn what_stands_out_follows_the_words_and_every_cell_is_ruled() {
    let seen = look(&of_department(OUT));
    let list_sheet = &seen["sheets"][&word("sheet", "work_list")];
    let rules = list(list_sheet, "rules");
    let said =
        |kind: &str, needle: &str| rules.iter().any(|rule| rule[1] == kind && rule[3].to_string().contains(needle));
    assert!(said("cellIs", &word("severity", "error")) && said("cellIs", &word("severity", "warning")), "{rules:?}");
    assert!(said("cellIs", &word("status", "new")), "{rules:?}");
    assert!(rules.iter().any(|rule| rule[1] == "dataBar"), "{rules:?}");
    // formats are lent to columns while a long list is written; nothing of that may remain
    for (name, sheet) in seen["sheets"].as_object().expect("sheets") {
        assert_eq!(list(sheet, "unruled").len(), 0, "{name}: {}", sheet["unruled"]);
        assert_eq!(list(sheet, "columns_styled").len(), 0, "{name}");
    }
}

#[test]
fn charts_say_title_unit_and_day_and_carry_their_values() {
    let digest = demo().files(OUT).into_iter().find(|path| path.to_string_lossy().contains("汇总")).expect("a digest");
    for path in [digest, of_department(OUT)] {
        let seen = look(&path);
        let mut charts = 0;
        for chart in seen["sheets"].as_object().expect("sheets").values().flat_map(|sheet| list(sheet, "charts")) {
            charts += 1;
            assert!(!chart["title"].as_str().unwrap_or_default().is_empty(), "{chart}");
            let captions = chart["captions"].to_string();
            assert!(captions.contains(AS_OF) && captions.contains("单位"), "{chart}");
            for series in list(chart, "series") {
                assert!(!list(series, "cached").is_empty(), "{series}");
            }
        }
        assert_eq!(charts, seen["charts"].as_u64().expect("a count"));
        assert!(charts >= 3, "{charts}");
    }
}

#[test]
fn the_layout_stays_from_week_to_week() {
    let weeks = ["d/out/weekly/2026-W46", OUT].map(|folder| look(&of_department(folder)));
    let shape = |seen: &Value| -> Vec<(String, Vec<Value>)> {
        let sheets = seen["sheets"].as_object().expect("sheets");
        sheets
            .iter()
            .map(|(name, sheet)| {
                (name.clone(), list(sheet, "charts").iter().map(|chart| chart["anchor"].clone()).collect())
            })
            .collect()
    };
    let first = word("sheet", "overview_week");
    let of_first = |seen: &Value| shape(seen).into_iter().find(|(name, _)| *name == first).expect("the first sheet");
    assert_eq!(of_first(&weeks[0]), of_first(&weeks[1]));
    let names = |seen: &Value| shape(seen).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(names(&weeks[0]), names(&weeks[1]));
}

#[test]
fn json_beside_the_workbooks_says_the_same_and_is_not_mailed() {
    let workplace = demo();
    let files = workplace.files(OUT);
    let run: Value = serde_json::from_str(&workplace.read(&format!("{OUT}/run.json"))).expect("JSON");
    let path = files.iter().find(|path| path.ends_with("department-weekly_华东销售部.json")).expect("a file");
    assert_eq!(mode(path), 0o600);
    assert!(list(&run, "files").contains(&Value::from("department-weekly_华东销售部.json")));
    assert!(list(&run, "files").contains(&Value::from("service-digest.json")));
    let json: Value = serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON");
    let book = &books(workplace, OUT)[of_department(OUT).file_name().expect("a name").to_str().expect("UTF-8")];
    for sheet in list(&json, "sheets") {
        let name = sheet["name"].as_str().expect("a name");
        let rows = list(&book[name], "rows");
        for row in list(sheet, "blocks").iter().filter_map(|block| block["rows"].as_array()).flatten() {
            let wanted: Vec<&Value> = row.as_array().expect("a row").iter().collect();
            let same = |cells: &Vec<Value>| {
                wanted.iter().zip(cells).all(|(json, cell)| match (json, cell) {
                    (Value::Number(json), Value::Number(cell)) => json.as_f64() == cell.as_f64(),
                    (Value::String(json), Value::Null) => json.is_empty(),
                    (json, cell) => *json == cell,
                })
            };
            assert!(rows.iter().any(|cells| same(cells.as_array().expect("cells"))), "{name}: {row}");
        }
    }
    for mail in files.iter().filter(|path| path.extension().is_some_and(|ending| ending == "eml")) {
        assert!(!String::from_utf8_lossy(&std::fs::read(mail).expect("a mail")).contains(".json"));
    }
}

#[test]
fn a_company_gives_reports_its_colours_and_its_logo() {
    let workplace = Workplace::new("");
    workplace.as_of(AS_OF, &["demo", "d", "--customers", "40", "--seed", "3"]).exits(0);
    let logo = base64::engine::general_purpose::STANDARD
        .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
        .expect("a picture");
    workplace.write("d/report_templates/look.toml", "main = \"#7A1F1F\"\nlogo = \"logo.png\"\n");
    let ran = workplace.hedui(&["lint", "--config", "d/hedui.toml"]);
    ran.exits(2).says("report_templates/look.toml:2:8");
    workplace.write("d/report_templates/logo.png", logo);
    workplace.hedui(&["lint", "--config", "d/hedui.toml"]).exits(0);
    workplace.as_of("2026-11-29", &["run", "weekly", "--config", "d/hedui.toml"]).exits(0);
    let files = workplace.files("d/out/weekly/2026-W48");
    let book = files.iter().find(|path| path.extension().is_some_and(|ending| ending == "xlsx")).expect("a workbook");
    assert_eq!(list(&look(book), "pictures").len(), 1);
    let mail = files.iter().find(|path| path.extension().is_some_and(|ending| ending == "eml")).expect("a mail");
    let mail = crate::python::read_mail(mail);
    assert!(mail["html"].as_str().expect("a body").contains("#7a1f1f"), "{}", mail["html"]);
}
