//! The page: opened in a real Chromium, read back, and held against what the commands print.
//!
//! Apart because it needs a browser. What is said of masks and levels here is said of the bytes of the file: nobody knows
//! who opens it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::company::{Company, key};
use crate::configuration::{MAIL_AS_FILES, configuration};
use crate::python::{python, root};
use crate::workplace::{AS_OF, Workplace, mode};

/// The customer's name of someone who wants to run a script in the browser of whoever reads of him.
const HOSTILE: &str = "</script><img src=x onerror=alert(1)><script>alert(2)</script>恶意商贸";
/// A department that wants the same.
const HOSTILE_DEPARTMENT: &str = "\"><svg onload=alert(3)>&amp;部";
/// A wrong number that is somebody's all the same.
const PHONE: &str = "138001380001";
/// The customer that only a reader cleared for it may hear of.
const SECRET: usize = 3;
const SECRET_NAME: &str = "宁波密不外传贸易有限公司";
/// Another customer, taken for the same.
const LIKE_SECRET: &str = "宁波密不外传贸易有限责任公司";

/// A small company after two weeks, made once: things mended, things new, a hostile name, a secret record.
fn company() -> &'static Workplace {
    static WORKPLACE: OnceLock<Workplace> = OnceLock::new();
    WORKPLACE.get_or_init(|| two_weeks(""))
}

fn two_weeks(page: &str) -> Workplace {
    let mut company = Company::clean(70);
    for row in 0..60 {
        company.customers.set(row, "邮编", if row % 2 == 0 { "31500" } else { "三一五零零零" });
    }
    company.customers.set(0, "客户名称", HOSTILE);
    company.customers.set(6, "负责部门", HOSTILE_DEPARTMENT);
    company.customers.set(1, "联系电话", PHONE);
    company.customers.set(SECRET, "客户名称", SECRET_NAME);
    company.customers.set(SECRET, "密级", "秘密");
    company.customers.set(4, "客户名称", LIKE_SECRET); // a finding on it speaks of the secret one
    company.customers.set(5, "最近更新日期", "2026-01-05");
    let workplace = company.workplace_with(&(configuration(MAIL_AS_FILES) + page));
    workplace.write("rules/dictionary.toml", masked_dictionary());
    workplace.as_of("2026-11-15", &["run", "weekly"]).exits(0);
    for row in (0..60).step_by(3) {
        company.customers.set(row, "邮编", "315000");
    }
    company.customers.set(61, "电子邮箱", "nobody@@client");
    company.write(&workplace);
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(0);
    workplace
}

/// The dictionary, telephone numbers of customers masked also where the shipped one did not say so.
fn masked_dictionary() -> String {
    let text = std::fs::read_to_string(root().join("rules/dictionary.toml")).expect("the dictionary");
    let start = text.find("name = \"phone\"\n").expect("the field");
    let block = text[start..].split("\n\n").next().unwrap_or_default();
    match block.contains("mask") {
        true => text,
        false => text.replacen("name = \"phone\"\n", "name = \"phone\"\nmask = \"phone\"\n", 1),
    }
}

fn page_file(workplace: &Workplace) -> PathBuf {
    workplace.path("out/index.html")
}

/// What a browser says of the page.
fn look(workplace: &Workplace, mut wanted: Value) -> Value {
    wanted["url"] = format!("file://{}", page_file(workplace).display()).into();
    serde_json::from_str(&python("services/browser.py", &[&wanted.to_string()])).expect("JSON")
}

/// An expression that puts a value into a field of the filter and gives what the list then says.
fn filtered(field: &str, value: &str) -> String {
    let (field, value) = (json!(field), json!(value));
    format!(
        "new Promise(done => {{ const form = document.getElementById('filter'); form.reset(); setTimeout(() => {{ \
         const box = document.getElementById({field}); \
         const named = [...(box.options || [])].find(option => option.text.startsWith({value} + ' (')); \
         box.value = named ? named.value : {value}; \
         box.dispatchEvent(new Event('input', {{bubbles: true}})); box.dispatchEvent(new Event('change', {{bubbles: true}})); \
         setTimeout(() => done([document.getElementById('shown').textContent, \
         document.querySelectorAll('#rows tr').length, document.getElementById('page').textContent]), 400); }}, 50); }})"
    )
}

/// The findings of the last run that the page may show.
fn findings(workplace: &Workplace) -> Vec<Value> {
    let list = workplace.hedui(&["history", "findings", "--format", "json"]).exits(0).json();
    let list = list.as_array().expect("an array").clone();
    assert!(list.len() > 60, "{}", list.len());
    list
}

fn word<'v>(finding: &'v Value, name: &str) -> &'v str {
    finding[name].as_str().unwrap_or_default()
}

#[test]
fn it_opens_without_an_error_and_asks_for_nothing() {
    let workplace = company();
    let seen =
        look(workplace, json!({"evaluate": ["document.title", "document.querySelectorAll('svg.chart').length"]}));
    assert_eq!(seen["console"], json!([]), "{seen}");
    assert_eq!(seen["dialogs"], json!([]), "a name ran as a script");
    let address = format!("file://{}", page_file(workplace).display());
    assert_eq!(seen["requests"], json!([address]), "only itself");
    assert!(seen["values"][0].as_str().expect("a title").contains("华联进出口有限公司"));
    assert_eq!(seen["values"][1], 4);
    assert_eq!(mode(&page_file(workplace)), 0o600);
    let text = workplace.read("out/index.html");
    for outside in ["http://", "https://", "//cdn", "@import", "src=", "url("] {
        let allowed = text.matches(outside).count() == HOSTILE.matches(outside).count() * hostile_mentions(&text);
        assert!(!text.contains(outside) || allowed, "{outside}");
    }
    assert!(text.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "));
    assert!(!text.contains("<img"), "a customer's name is text");
}

fn hostile_mentions(text: &str) -> usize {
    text.matches("恶意商贸").count()
}

#[test]
fn its_numbers_are_those_of_the_commands() {
    let workplace = company();
    let all = findings(workplace);
    let run: Value = serde_json::from_str(&workplace.read("out/weekly/2026-W47/run.json")).expect("JSON");
    let seen = look(
        workplace,
        json!({"evaluate": [
            "Object.assign({}, document.getElementById('findings').dataset)",
            "[...document.querySelectorAll('.tile')].map(tile => [tile.querySelector('span').textContent, tile.querySelector('b').textContent])",
            "[...document.querySelectorAll('.history tbody tr')].map(row => [row.dataset.run, row.dataset.total])",
            "[...document.querySelectorAll('.matrix tbody tr')].map(row => [...row.children].map(cell => (cell.querySelector('b') || cell).textContent))",
        ]}),
    );
    let values = &seen["values"];
    let number = |name: &str| values[0][name].as_str().expect("a number").parse::<usize>().expect("a number");
    assert_eq!(number("total"), all.len());
    assert_eq!(number("listed") + number("withheld") + number("cut"), all.len());
    assert!(number("withheld") >= 2 && number("cut") == 0, "{values}");
    let tiles: BTreeMap<&str, &str> = values[1]
        .as_array()
        .expect("tiles")
        .iter()
        .map(|tile| (tile[0].as_str().expect("a word"), tile[1].as_str().expect("a number")))
        .collect();
    for (label, status) in [("新增", "new"), ("重新出现", "reopened"), ("仍未解决", "open"), ("已解决", "resolved")]
    {
        assert_eq!(tiles[label], run["findings"][status].to_string(), "{tiles:?}");
        let counted = all.iter().filter(|finding| word(finding, "status") == status).count();
        assert_eq!(tiles[label], counted.to_string());
    }
    let runs = workplace.hedui(&["history", "runs", "--format", "json"]).exits(0).json();
    let listed: Vec<&str> =
        values[2].as_array().expect("rows").iter().map(|row| row[0].as_str().expect("a run")).collect();
    let mut expected: Vec<&str> = runs.as_array().expect("runs").iter().map(|run| word(run, "run_id")).collect();
    expected.reverse();
    assert_eq!(listed, expected);
    assert_eq!(values[2][0][1], all.len().to_string());
    let scores =
        workplace.hedui(&["history", "scores", "--by", "dimension", "--period", "2026-W47", "--format", "json"]);
    let scores = scores.exits(0).json();
    let names: Vec<&Value> = values[3].as_array().expect("rows").iter().map(|row| &row[0]).collect();
    assert!(names.contains(&&json!(HOSTILE_DEPARTMENT)), "{names:?}");
    for row in values[3].as_array().expect("rows") {
        let name = row[0].as_str().expect("a name");
        let department = match name {
            "全公司" => json!(""),
            "（未填部门）" => Value::Null,
            name => json!(name),
        };
        let lines: Vec<&Value> =
            scores.as_array().expect("lines").iter().filter(|line| line["department"] == department).collect();
        let expected: Vec<String> = lines
            .iter()
            .map(|line| line["score"].as_str().map_or_else(|| "无数据".to_owned(), |score| format!("{score}%")))
            .collect();
        let shown: Vec<&str> =
            row.as_array().expect("cells")[1..].iter().map(|cell| cell.as_str().expect("a cell").trim()).collect();
        assert_eq!(shown, expected, "{name}");
    }
}

#[test]
fn words_and_filters_narrow_the_list() {
    let workplace = company();
    let shown: Vec<Value> = {
        let hidden = [key(SECRET + 1)];
        findings(workplace)
            .into_iter()
            .filter(|finding| !hidden.contains(&word(finding, "record_key").to_owned()))
            .collect()
    };
    let count = |fits: &dyn Fn(&Value) -> bool| shown.iter().filter(|finding| fits(finding)).count();
    let cases: Vec<(&str, String, usize)> = vec![
        ("words", key(9), count(&|finding| word(finding, "record_key") == key(9))),
        (
            "words",
            "恶意商贸 邮编".to_owned(),
            count(&|finding| word(finding, "record_key") == key(1) && word(finding, "field") == "postcode"),
        ),
        ("words", "没有这个词".to_owned(), 0),
        ("department", "华南销售部".to_owned(), count(&|finding| word(finding, "department") == "华南销售部")),
        ("severity", "错误".to_owned(), count(&|finding| word(finding, "severity") == "error")),
        ("status", "已解决".to_owned(), count(&|finding| word(finding, "status") == "resolved")),
        ("sort", "newest".to_owned(), shown.len()),
    ];
    let expressions: Vec<String> = cases.iter().map(|(field, value, _)| filtered(field, value)).collect();
    let seen = look(workplace, json!({"evaluate": expressions}));
    assert_eq!(seen["console"], json!([]));
    for ((field, value, expected), said) in cases.iter().zip(seen["values"].as_array().expect("values")) {
        let text = said[0].as_str().expect("a sentence");
        assert!(text.ends_with(&format!("符合条件 {expected} 条")), "{field} {value}: {text}, not {expected}");
        let rows = said[1].as_u64().expect("rows");
        assert_eq!(rows, (*expected as u64).clamp(1, 50), "{field} {value}: a page has at most fifty rows");
    }
    let turned = "new Promise(done => { document.getElementById('next').click(); setTimeout(() => done([document.getElementById('page').textContent, document.querySelectorAll('#rows tr').length]), 50); })";
    let seen = look(workplace, json!({"evaluate": [turned]}));
    assert_eq!(seen["values"][0][0].as_str().map(|said| said.starts_with("第 2 / ")), Some(true), "{seen}");
}

#[test]
fn a_telephone_shows_it_without_scrolling_sideways() {
    for dark in [false, true] {
        let seen = look(
            company(),
            json!({"width": 375, "height": 700, "dark": dark, "evaluate": [
                "[document.documentElement.scrollWidth, document.body.scrollWidth, window.innerWidth]",
                "[...document.querySelectorAll('main *')].filter(one => one.getBoundingClientRect().right > 376 && getComputedStyle(one).display !== 'none').map(one => one.outerHTML.slice(0, 90)).slice(0, 5)",
                "Math.min(...[...document.querySelectorAll('svg.chart text')].map(one => one.getBoundingClientRect().height))",
            ]}),
        );
        assert_eq!(seen["values"][0], json!([375, 375, 375]), "{seen}");
        assert_eq!(seen["values"][1], json!([]), "{seen}");
        assert!(seen["values"][2].as_f64().expect("a height") > 9.0, "letters of charts can be read: {seen}");
    }
}

#[test]
fn without_scripts_history_charts_and_the_first_findings_are_there() {
    let seen = look(
        company(),
        json!({"scripts": false, "evaluate": [
            "document.querySelectorAll('#rows tr').length",
            "getComputedStyle(document.getElementById('filter')).display",
            "document.querySelectorAll('.history tbody tr').length",
            "document.querySelectorAll('svg.chart').length",
            "document.getElementById('shown').textContent",
        ]}),
    );
    let values = seen["values"].as_array().expect("values");
    assert_eq!(values[..4], [json!(50), json!("none"), json!(2), json!(4)], "{seen}");
    assert!(values[4].as_str().expect("a sentence").contains("此处列前 50 条"), "{seen}");
}

#[test]
fn no_whole_number_and_no_secret_record_is_in_its_bytes() {
    let text = company().read("out/index.html");
    assert!(!text.contains(PHONE) && text.contains("138"), "a telephone number");
    assert!(!text.contains(SECRET_NAME) && !text.contains(&key(SECRET + 1)), "a secret record");
    assert!(text.contains("条因密级未列示"));
    let of_others = findings(company()).into_iter().filter(|finding| word(finding, "message").contains(SECRET_NAME));
    assert!(
        of_others.count() > 0 && text.contains(LIKE_SECRET),
        "another's finding speaks of it, and is shown without"
    );
    assert!(!text.contains("王伟") && !text.contains("李娜"), "owners are named in the workbooks");
    // who may see all gets all
    let open = two_weeks("\n[page]\nclearance = \"秘密\"\n").read("out/index.html");
    assert!(open.contains(SECRET_NAME) && open.contains(&key(SECRET + 1)) && !open.contains(PHONE));
    assert!(!open.contains("条因密级未列示"));
}

#[test]
fn every_link_leads_to_a_file_that_is_there() {
    let seen = look(
        company(),
        json!({"evaluate": [
            "[...document.querySelectorAll('.files a')].map(link => decodeURIComponent(link.getAttribute('href')))",
            "[...document.querySelectorAll('a[href^=\"#\"]')].map(link => link.getAttribute('href')).filter(to => !document.getElementById(decodeURIComponent(to.slice(1))))",
        ]}),
    );
    let links: BTreeSet<&str> =
        seen["values"][0].as_array().expect("links").iter().map(|link| link.as_str().expect("an address")).collect();
    for link in &links {
        assert!(company().path("out").join(link).is_file(), "{link}");
    }
    let written: Vec<PathBuf> = company().files("out/weekly");
    assert_eq!(links.len(), written.len(), "{links:?}");
    assert_eq!(seen["values"][1], json!([]), "links within the page");
}

#[test]
fn the_configuration_switches_it_off_or_leaves_the_findings_out() {
    let mut company = Company::clean(3);
    company.customers.set(0, "邮编", "1");
    let with = |page: &str| {
        let workplace = company.workplace_with(&(configuration(MAIL_AS_FILES) + page));
        workplace.as_of(AS_OF, &["run", "weekly"]).exits(0);
        workplace
    };
    assert!(!page_file(&with("\n[page]\nenabled = false\n")).exists());
    let text = with("\n[page]\nfindings = false\n").read("out/index.html");
    assert!(!text.contains("id=\"data\"") && !text.contains(&key(1)) && text.contains("<svg"), "no finding");
    let workplace = with("");
    let first = workplace.read("out/index.html");
    workplace.as_of(AS_OF, &["run", "weekly", "--dry-run"]).exits(0);
    assert_eq!(workplace.read("out/index.html"), first, "a dry run leaves it alone");
    workplace.write("hedui.toml", configuration(MAIL_AS_FILES) + "\n[page]\nfindngs = false\n");
    workplace.hedui(&["lint"]).exits(2).says("findings");
}

#[test]
fn mistakes_in_its_files_are_found_at_their_place() {
    let built_in =
        |name: &str| std::fs::read_to_string(root().join("report_templates/page").join(name)).expect("a file");
    let refused = |name: &str, text: String, place: &str, words: &str| {
        let workplace = Company::clean(2).workplace_with(&configuration(MAIL_AS_FILES));
        workplace.write(&format!("report_templates/page/{name}"), text);
        workplace.hedui(&["lint"]).exits(2).says(place).says(words);
    };
    let template = built_in("page.html.j2");
    let line = template.lines().position(|line| line.contains("{{ company }}</p>")).expect("a line") + 1;
    let misspelt = template.replacen("{{ company }}</p>", "{{ compny }}</p>", 1);
    refused("page.html.j2", misspelt, &format!("page/page.html.j2:{line}:"), "compny");
    refused("page.js", built_in("page.js") + "// </script>", "page/page.js:", "</script");
    refused(
        "page.css",
        "body { background: url(https://cdn.example/a.png) }".to_owned(),
        "page/page.css:1:",
        "https://",
    );
    refused("pages.html.j2", template, "page/pages.html.j2", "page.html.j2");
}

#[test]
fn a_page_of_a_company_is_its_own() {
    let workplace = Company::clean(2).workplace_with(&configuration(MAIL_AS_FILES).replace("\"zh\"", "\"en\""));
    let css = std::fs::read_to_string(root().join("report_templates/page/page.css")).expect("the style");
    workplace.write("report_templates/page/page.css", css + "\r\nh1 { letter-spacing: 7px; }\r\n");
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(0);
    let seen = look(
        &workplace,
        json!({"evaluate": [
            "getComputedStyle(document.querySelector('h1')).letterSpacing", "document.documentElement.lang", "document.body.innerText",
        ]}),
    );
    assert_eq!(seen["console"], json!([]), "the policy knows the style of its own");
    assert_eq!((&seen["values"][0], &seen["values"][1]), (&json!("7px"), &json!("en")));
    let text = seen["values"][2].as_str().expect("text").replace("华联进出口有限公司", "");
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| line.contains(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter)))
        .filter(|line| !["销售部", "客户服务部", "市场部", "财务部", "内部"].iter().any(|own| line.contains(own)))
        .collect();
    assert!(lines.is_empty(), "{lines:?}");
}
