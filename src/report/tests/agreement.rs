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
        let (list, resolved) = (cells(document, 1), cells(document, 2));
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
        documents.iter().map(|document| cells(document, 1).len() - 2 + cells(document, 2).len() - 2).sum();
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
