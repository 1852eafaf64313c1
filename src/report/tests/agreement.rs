//! One number everywhere: mail, first sheet, lists and digest.

use super::fixture::{Run, cells, numbers, with_word};
use crate::model::Status;
use crate::report::figures::is_to_do;

/// to do, new, reopened, open, not checked, waived, resolved, customers: as the first sheet shows them.
fn key_figures(cells: &[Vec<String>]) -> Vec<u64> {
    let row = cells.iter().find(|row| row[0] == "问题条数").expect("the key figures");
    row[1..].iter().map(|cell| cell.parse().expect("a count")).collect()
}

#[test]
fn mail_sheets_and_digest_say_the_same() {
    let run = Run::new();
    let departments = run.render("department-weekly");
    let digest = run.render("service-digest").remove(0);
    let summary = cells(&digest, 0);
    assert_eq!(departments.len(), 4);
    for document in &departments {
        let name = document.department.as_deref().expect("a department");
        let overview = cells(document, 0);
        let key = key_figures(&overview);
        let (list, resolved) = (cells(document, 1), cells(document, 3));
        for (word, place) in [("新增", 1), ("重新出现", 2), ("仍未解决", 3), ("本期未检核", 4), ("已豁免", 5)]
        {
            assert_eq!(with_word(&list, word).len() as u64, key[place], "{name} {word}");
        }
        assert_eq!(with_word(&resolved, "已解决").len() as u64, key[6], "{name}");
        let said = numbers(document.text.lines().next().expect("a line"));
        let expected = if key[0] > 0 { vec![key[1], key[2], key[3], key[6]] } else { vec![] };
        assert_eq!(said, expected, "{name}: {}", document.text);
        if key[0] > 0 {
            let second = numbers(document.text.lines().nth(1).expect("a second line"));
            assert_eq!((second[0], second[1] + second[2] + second[3], second[4]), (key[0], key[0], key[7]), "{name}");
        }
        for line in document.text.lines().take(2) {
            assert!(document.html.contains(line), "{line}");
        }
        let total = with_word(&overview, "合计");
        let row = with_word(&summary, name);
        let row: Vec<u64> = row[0][1..].iter().map(|cell| cell.parse().expect("a count")).collect();
        assert_eq!(row, key, "{name} in the digest");
        if let Some(total) = total.first() {
            let total: Vec<u64> = total[1..].iter().map(|cell| cell.parse().expect("a count")).collect();
            assert_eq!(total, key, "{name} by rule");
        }
        let last = with_word(&overview, "2026-W47");
        assert_eq!(
            [&last[0][1], &last[0][2], &last[0][3]],
            [0, 1, 6].map(|place: usize| key[place].to_string()).each_ref()
        );
    }
    let key = key_figures(&summary);
    let to_do = run.findings.iter().filter(|finding| is_to_do(finding.status)).count() as u64;
    assert_eq!(key[0], to_do);
    assert_eq!(numbers(digest.text.lines().next().expect("a line")), [key[1], key[2], key[3], key[6]]);
}

#[test]
fn what_has_no_recipient_is_in_the_fallback_and_said() {
    let run = Run::new();
    let documents = run.render("department-weekly");
    let listed: usize =
        documents.iter().map(|document| cells(document, 1).len() - 2 + cells(document, 3).len() - 2).sum();
    // A department without findings has one line in each list that says so.
    assert_eq!(listed, run.findings.len() + 2);
    let fallback = documents.iter().find(|document| document.department.as_deref() == Some("客户服务部")).expect("it");
    let to_do = |name: &str| {
        run.findings.iter().filter(|finding| finding.department == name && is_to_do(finding.status)).count()
    };
    assert!(fallback.text.contains(&format!("国内三部 {} 条", to_do("国内三部"))), "{}", fallback.text);
    assert!(fallback.text.contains(&format!("（未填部门） {} 条", to_do(""))), "{}", fallback.text);
    let list = cells(fallback, 1);
    let column = list[1].iter().position(|title| title == "部门").expect("a column of departments");
    assert!(list.iter().any(|row| row[column] == "国内三部"));
    assert!(!cells(&documents[0], 1)[1].contains(&"部门".to_owned()));
}

#[test]
fn a_department_without_an_entry_that_stands_in_still_gets_a_report() {
    let mut run = Run::new();
    run.departments.retain(|name| name != "客户服务部");
    let documents = run.render("department-weekly");
    assert_eq!(documents.last().and_then(|document| document.department.as_deref()), Some("客户服务部"));
}

#[test]
fn the_work_list_is_sorted_by_severity_then_age() {
    let documents = Run::new().render("department-weekly");
    for document in &documents {
        let list = cells(document, 1);
        let (status, severity) = (0, 1);
        let first_seen = list[1].iter().position(|title| title == "首次发现").expect("a column");
        let keys: Vec<_> = list[2..]
            .iter()
            .filter(|row| row.len() > first_seen && !row[severity].is_empty())
            .map(|row| {
                let grave = ["错误", "警告", "提示"].iter().position(|word| *word == row[severity]);
                (row[status] == "已豁免", grave, row[first_seen].clone())
            })
            .collect();
        assert!(keys.is_sorted(), "{keys:?}");
    }
}

#[test]
fn every_status_is_on_one_of_the_lists() {
    assert!(Status::ALL.into_iter().all(|status| status.is_standing() != (status == Status::Resolved)));
}

#[test]
fn scores_are_the_same_in_sheet_mail_and_digest() {
    let run = Run::new();
    let documents = run.render("department-weekly");
    let sheet = cells(&documents[0], 5);
    let row = |name: &str| with_word(&sheet, name)[0][1..].to_vec();
    // 993 of 1000 and 3 of 5; 991 of 1000 and 3 of 5 before
    assert_eq!(row("总评分")[..6], ["0.991", "996", "1005", "0.989", "994/1,005", "+0.2"]);
    assert_eq!(row("有效性")[..3], ["0.993", "993", "1000"]);
    assert_eq!(row("及时性")[..7], ["0.6", "3", "5", "0.6", "3/5 *", "0.0", "样本少"]);
    assert_eq!(row("完整性")[..3], ["无数据", "", ""]);
    let last = with_word(&cells(&documents[0], 0), "2026-W47")[0].clone();
    assert_eq!(last[4], "0.991");
    let said = "评分 99.1%（996/1,005），上期 98.9%；最弱的维度：有效性 99.3%（993/1,000）。";
    assert!(documents[0].text.contains(said) && documents[0].html.contains(said), "{}", documents[0].text);
    // it stands in for the departments without an entry, and does not answer for them
    assert!(documents[2].text.contains("评分：无数据。"), "{}", documents[2].text);
    let digest = run.render("service-digest").remove(0);
    let matrix = cells(&digest, 1);
    assert_eq!(with_word(&matrix, "华东销售部")[0][1..3], ["0.991", "996/1,005"]);
    assert_eq!(with_word(&matrix, "（未填部门）")[0][1..3], ["1", "12/12 *"]);
    assert_eq!(with_word(&matrix, "市场部")[0][1..3], ["无数据", ""]);
    let company = with_word(&matrix, "全公司")[0].clone();
    assert_eq!(company[1..3], ["0.991", "1,008/1,017"]);
    assert!(with_word(&matrix, "准确性（数据唯一性）")[0][1] == "唯一性");
    assert_eq!(with_word(&cells(&digest, 2), "华东销售部")[0][5..8], ["5", "2", "0.6"]);
}

#[test]
fn a_score_of_other_rules_says_so() {
    let mut run = Run::new();
    run.scores_before.lines.retain(|line| line.rule_id != "visit-late");
    let sheet = cells(&run.render("department-weekly")[0], 5);
    let note = |name: &str| with_word(&sheet, name)[0][7].clone();
    assert_eq!([note("总评分"), note("有效性"), note("及时性")], ["规则变更", "", "样本少"].map(str::to_owned));
}
