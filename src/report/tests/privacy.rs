//! What a mail may not hold: records' values, customers, owners; and what mail programs do not show.

use super::fixture::{CUSTOMER, OWNER, Run};
use crate::text::Language;

#[test]
fn a_mail_holds_counts_and_titles_only() {
    let mut run = Run::new();
    for language in [Language::Zh, Language::En] {
        run.language = language;
        for document in ["department-weekly", "service-digest"].iter().flat_map(|report| run.render(report)) {
            for secret in ["13800138000", OWNER, CUSTOMER, "宏图贸易", "经销商2023", "data/客户"] {
                assert!(!document.text.contains(secret), "{secret} in {}", document.text);
                assert!(!document.html.contains(secret), "{secret} in the HTML");
            }
        }
    }
}

#[test]
fn a_mail_is_html_that_every_program_shows() {
    for document in ["department-weekly", "service-digest"].iter().flat_map(|report| Run::new().render(report)) {
        let html = &document.html;
        for refused in ["<style", "class=", "flex", "<svg", "data:", "<img", "<script", "http"] {
            assert!(!html.contains(refused), "{refused}");
        }
        assert!(html.contains("华联 &amp; 进出口有限公司") && !html.contains("华联 & 进出口"));
        for table in html.split("<tr>").filter(|row| row.contains("<th")) {
            assert!(table.matches("<th").count() <= 5, "{table}");
        }
        assert!(document.text.contains(&document.attachments[0].name) && html.contains(&document.attachments[0].name));
    }
}

#[test]
fn a_department_with_nothing_to_do_is_told_so() {
    let mut run = Run::new();
    let idle = run.render("department-weekly").remove(1);
    assert_eq!(idle.department.as_deref(), Some("国际/业务部"));
    assert!(idle.text.starts_with("本期没有发现问题，但客户表中没有本部门的记录"), "{}", idle.text);
    run.rows.push(("国际/业务部".to_owned(), 9));
    run.outcomes.clear();
    let idle = run.render("department-weekly").remove(1);
    assert!(idle.text.starts_with("本期无问题。"), "{}", idle.text);
}
