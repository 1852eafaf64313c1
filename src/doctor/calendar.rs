//! Whether the working days of this year, and by its end of the next, are loaded.
//!
//! Apart because the arrangement comes once a year, when nobody thinks of this program.

use chrono::Datelike;

use super::{Patient, Remark};
use crate::text;

/// The notice of the next year comes out in October or November: from December on it can be asked for.
const NEXT_YEAR_FROM: u32 = 12;

pub(super) fn look(patient: &Patient) -> Option<Vec<Remark>> {
    let calendar = &patient.workplace?.calendar;
    let this = patient.as_of.year();
    let mut years = vec![this];
    if patient.as_of.month() >= NEXT_YEAR_FROM {
        years.push(this + 1);
    }
    let missing: Vec<i32> = years.into_iter().filter(|year| !calendar.has_year(*year)).collect();
    if missing.is_empty() {
        return Some(vec![Remark::well(text!("{this} 年放假安排已载入", "the working days of {this} are loaded"))]);
    }
    let remark = |year: &i32| {
        Remark::doubtful(
            text!(
                "{year} 年放假安排没有载入，按周一至周五算工作日",
                "the working days of {year} are not loaded and count Monday to Friday"
            ),
            text!(
                "按国务院办公厅通知写好 calendar/cn-{year}.toml，或升级 hedui",
                "write calendar/cn-{year}.toml after the State Council's notice, or bring hedui up to date"
            ),
        )
    };
    Some(missing.iter().map(remark).collect())
}
