//! What is done to single texts: folding, dates, times, amounts; and finding a header among them.
#![no_main]

use chrono::{Datelike, NaiveDate, TimeDelta};
use hedui::dataset::typing;
use hedui::folding::{fold, needs_folding};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    for line in text.lines().take(64) {
        one(line);
    }
    // The same texts as cells below a header, typed column by column.
    let cells: String = text.lines().take(64).map(|line| line.replace(['"', '\t'], "")).fold(
        String::from("合同编号\t档案编号\t签订日期\t合同金额(万元)\t状态\n"),
        |table, cell| table + &format!("{cell}\t{cell}\t{cell}\t{cell}\t{cell}\n"),
    );
    hedui_fuzz::read(cells.as_bytes());
});

fn one(typed: &str) {
    let folded = fold(typed);
    assert!(folded == typed || needs_folding(typed), "folding changed what it said it would not");
    assert_eq!(fold(&folded), folded, "folding twice folds more");
    if let Some(days) = typing::date(&folded) {
        let day = NaiveDate::default().checked_add_signed(TimeDelta::days(days.into())).expect("a day");
        assert_eq!(typing::date(&day.to_string()), Some(days), "a day does not read back");
        assert!((0..=9999).contains(&day.year()));
        let (minutes, _) = typing::datetime(&folded).expect("a date is a date and time too");
        assert_eq!(minutes.div_euclid(1440), i64::from(days), "date and time disagree about the day");
    }
    if let Some(amount) = typing::decimal(&folded) {
        assert_eq!(typing::decimal(&amount.to_string()), Some(amount), "an amount does not read back");
    }
}
