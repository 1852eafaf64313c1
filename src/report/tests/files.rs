//! Names, bytes and cells of what is rendered.

use calamine::{Data, Reader};

use super::fixture::{Run, VALUE, open};
use crate::model::Secrecy;
use crate::report::access;
use crate::text::Language;

#[test]
fn the_same_run_gives_the_same_bytes() {
    for report in ["department-weekly", "service-digest"] {
        assert_eq!(Run::new().render(report), Run::new().render(report));
    }
}

#[test]
fn text_that_looks_like_a_formula_stays_text() {
    let mut run = Run::new();
    let whole = access::Reader { clearance: Secrecy::Internal, unmasked: true };
    run.access.departments.insert("华东销售部".to_owned(), whole);
    let document = run.render("department-weekly").remove(0);
    let mut workbook = open(&document.attachments[0].bytes);
    for name in workbook.sheet_names() {
        assert!(workbook.worksheet_formula(&name).expect("a sheet").is_empty(), "{name} has a formula");
    }
    for sheet in [1, 3] {
        let range = workbook.worksheet_range_at(sheet).expect("a sheet").expect("a readable sheet");
        // The number in it is masked; what makes a formula is not.
        let start = VALUE.split("138").next().unwrap_or_default();
        let is_it = |data: &Data| matches!(data, Data::String(text) if text.starts_with(start));
        assert!(range.used_cells().any(|(.., data)| is_it(data)), "sheet {sheet}");
    }
}

#[test]
fn names_are_legal_and_say_what_they_hold() {
    let mut run = Run::new();
    let names = |run: &Run, report: &str| -> Vec<String> {
        run.render(report).into_iter().map(|document| document.attachments[0].name.clone()).collect()
    };
    assert_eq!(
        names(&run, "department-weekly")[..2],
        ["客户质量周报_华东销售部_2026W47.xlsx", "客户质量周报_国际_业务部_2026W47.xlsx"]
    );
    assert_eq!(names(&run, "service-digest"), ["客户质量汇总_2026W47.xlsx"]);
    run.revision = 2;
    assert_eq!(names(&run, "service-digest"), ["客户质量汇总_2026W47_更正版2.xlsx"]);
    run.language = Language::En;
    assert_eq!(names(&run, "service-digest"), ["customer-quality-digest_2026W47_rev2.xlsx"]);
    let document = run.render("department-weekly").remove(0);
    let sheets = open(&document.attachments[0].bytes).sheet_names();
    assert_eq!(
        sheets,
        ["The week", "To do", "Due soon", "Resolved", "Customer changes", "Scores", "Load notes", "Rules"]
    );
}

#[test]
fn a_subject_fits_and_keeps_department_and_period() {
    let mut run = Run::new();
    run.departments[1] = "国际业务与海外渠道拓展事业部(含港澳台及东南亚各办事处)".to_owned();
    for language in [Language::Zh, Language::En] {
        for revision in [1, 2] {
            (run.language, run.revision) = (language, revision);
            for document in run.render("department-weekly") {
                let subject = &document.subject;
                assert!(subject.chars().count() <= 40, "{subject}");
                assert!(subject.contains("47") && !subject.contains('\n'), "{subject}");
                assert_eq!(revision > 1, subject.contains("更正版 2") || subject.contains("rev 2"), "{subject}");
            }
        }
    }
    (run.language, run.revision) = (Language::Zh, 1);
    assert_eq!(run.render("department-weekly")[0].subject, "【客户数据】华东销售部周报 2026年第47周(11-16至11-22)");
}

#[test]
fn a_late_or_corrected_run_says_so() {
    let mut run = Run::new();
    (run.late, run.revision) = (true, 3);
    for report in ["department-weekly", "service-digest"] {
        let document = run.render(report).remove(0);
        assert!(document.text.starts_with("【更正版 3】") && document.text.contains("补发"), "{}", document.text);
    }
}
