//! Who sees what: of texts, names, findings and changes.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use proptest::prelude::{prop_assert, proptest};

use super::seen::Seen;
use super::{Access, FieldAccess, Guard, Lens, Reader};
use crate::masking::Mask;
use crate::model::{Secrecy, Status};
use crate::report::tests::fixture::{Run, finding};
use crate::text::Language;

/// 宏图贸易 is withheld from whoever is below 秘密; 宏图贸易有限公司 is another company that all may see.
fn guard() -> Guard {
    let names: HashSet<String> = ["K9", "宏图贸易"].map(str::to_owned).into();
    let words = ["K9", "宏图贸易", "13800138000"].map(str::to_owned).into();
    Guard::new(names, words, vec!["宏图贸易有限公司".to_owned()])
}

fn access() -> Access {
    let field = |mask, secrecy| FieldAccess { mask, secrecy };
    let fields = [
        ("phone".to_owned(), field(Some(Mask::Phone), Secrecy::Public)),
        ("income".to_owned(), field(None, Secrecy::Secret)),
    ];
    Access {
        fields: [("customers".to_owned(), BTreeMap::from(fields))].into(),
        rules: ["phone-format", "visit-late", "unreadable-value"].map(|id| (id.to_owned(), Default::default())).into(),
        guards: [(Secrecy::Public, guard()), (Secrecy::Internal, guard())].into(),
        ..Access::default()
    }
}

fn lens(access: &Access, clearance: Secrecy, unmasked: bool) -> Lens<'_> {
    Lens::new(access, Reader { clearance, unmasked }, Language::Zh)
}

#[test]
fn words_of_withheld_records_are_replaced_and_longer_names_of_others_stay() {
    let guard = guard();
    for (text, left) in [
        ("疑似与 K9 宏图贸易 为同一客户", "疑似与 〔〕 〔〕 为同一客户"),
        ("宏图贸易有限公司与宏图贸易", "宏图贸易有限公司与〔〕"),
        ("k9，K90，AK9", "〔〕，K90，AK9"),
        ("电话+8613800138000", "电话+86〔〕"),
        ("没有", "没有"),
    ] {
        assert_eq!(guard.replaced(text, "〔〕"), left);
    }
    assert!(guard.names("K9") && !guard.names("宏图贸易有限公司"));
    assert_eq!(Guard::of_too_many(HashSet::new()).replaced("任何文字", "〔〕"), "〔〕");
    assert_eq!(Guard::of_too_many(HashSet::new()).replaced(" ", "〔〕"), " ");
}

#[test]
fn a_value_is_masked_withheld_or_whole() {
    let access = access();
    let inside = lens(&access, Secrecy::Internal, false);
    assert_eq!(inside.value("customers", "phone", "13912345678"), "139****5678");
    assert_eq!(inside.value("customers", "income", "12000"), "〔未列示〕");
    assert_eq!(inside.value("customers", "address", "张江路1号 13912345678"), "张江路1号 139****5678");
    let own = lens(&access, Secrecy::Internal, true);
    assert_eq!(own.value("customers", "phone", "13912345678"), "13912345678");
    assert_eq!(own.value("customers", "income", "12000"), "〔未列示〕", "a mask is no clearance");
    assert_eq!(lens(&access, Secrecy::Secret, false).value("customers", "income", "12000"), "12000");
}

#[test]
fn of_a_clearance_that_nobody_gathered_words_for_nothing_is_told() {
    let access = Access { guards: BTreeMap::new(), ..access() };
    assert_eq!(lens(&access, Secrecy::Internal, true).text("什么都可能是"), "〔未列示〕");
    assert_eq!(lens(&access, Secrecy::Secret, true).text("什么都可能是"), "什么都可能是");
}

#[test]
fn of_a_withheld_finding_only_what_is_counted_is_left() {
    let mut run = Run::new();
    run.access = access();
    run.findings = vec![
        finding(0, Status::New, "华东销售部"),
        crate::model::Finding { secrecy: Secrecy::Secret, ..finding(3, Status::New, "华东销售部") },
        // 内部 when it was stored, and its customer is 秘密 now
        crate::model::Finding { record_key: "K9", ..finding(6, Status::Resolved, "华东销售部") },
        crate::model::Finding { field: "income", ..finding(9, Status::Open, "华东销售部") },
    ];
    let input = run.input();
    let lens = lens(&run.access, Secrecy::Internal, false);
    let seen = Seen::of(&input, &lens);
    let [findings, _] = seen.findings(&input);
    let shown: Vec<bool> = findings.iter().map(|finding| lens.sees(finding.secrecy)).collect();
    assert_eq!(shown, [true, false, false, false]);
    for finding in &findings[1..] {
        let texts = [finding.record_key, finding.value, finding.customer, finding.file, finding.message.as_ref()];
        assert_eq!(texts, [""; 5]);
        assert_eq!((finding.row, finding.department), (0, "华东销售部"));
    }
    assert!(!findings[0].value.contains("13800138000"), "{}", findings[0].value);
}

#[test]
fn the_message_of_a_finding_that_is_gone_is_not_trusted_where_it_speaks_of_others() {
    let mut run = Run::new();
    run.access = access();
    run.access.rules.entry("phone-format".to_owned()).or_default().speaks_of_others = true;
    let message = Cow::Borrowed("疑似与 K77 无人知晓公司 为同一客户");
    run.findings = [Status::Resolved, Status::Open]
        .map(|status| crate::model::Finding { message: message.clone(), ..finding(0, status, "华东销售部") })
        .into();
    let input = run.input();
    let seen = Seen::of(&input, &lens(&run.access, Secrecy::Internal, false));
    let [findings, _] = seen.findings(&input);
    assert_eq!(findings[0].message, "联系电话格式不对");
    assert_eq!(findings[1].message, message);
}

#[test]
fn a_column_above_the_reader_is_no_change_to_him() {
    let mut run = Run::new();
    run.access = access();
    let cell = |field: &str| (field.to_owned(), "13912345678".to_owned(), "12000".to_owned());
    run.changes.records[0].cells = vec![cell("income"), cell("phone")];
    run.changes
        .records
        .push(crate::report::input::RecordChange { cells: vec![cell("income")], ..run.changes.records[0].clone() });
    let input = run.input();
    let lens = lens(&run.access, Secrecy::Internal, false);
    let seen = Seen::of(&input, &lens);
    let findings = seen.findings(&input);
    let records = &seen.input(&input, &findings).changes.records;
    assert_eq!(
        records[0].cells,
        [("phone".to_owned(), "139****5678".to_owned(), "*****（5位）".replacen("*****", "1****", 1))]
    );
    assert!(!lens.sees(records[1].secrecy) && records[1].record_key.is_empty() && records[1].cells.is_empty());
}

proptest! {
    #[test]
    fn no_withheld_word_survives(before in "[一-龥 ，。a-z0-9]{0,8}", after in "[ ，。一-龥]{0,8}") {
        for word in ["宏图贸易", "13800138000"] {
            let kept = guard().replaced(&format!("{before}{word}{after}"), "〔〕").into_owned();
            prop_assert!(!kept.replace("宏图贸易有限公司", "").contains(word), "{kept}");
        }
    }
}
