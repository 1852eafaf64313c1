//! Tables that nothing may be concluded from: empty, or far smaller than last time.
//!
//! Apart because an unplugged share must not look like a company without customers, nor half a file like a hundred
//! mended faults.

use std::collections::BTreeMap;

use crate::config::Config;
use crate::dataset::Dataset;
use crate::source::Reading;
use crate::text;
use crate::text::Text;

/// Marks the tables that nothing may be concluded from, and says why.
pub fn apply(
    datasets: &mut BTreeMap<String, Dataset>,
    reading: &Reading,
    earlier: &BTreeMap<String, u64>,
    config: &Config,
) -> Vec<Text> {
    let mut notices = Vec::new();
    for (name, dataset) in datasets.iter_mut() {
        if reading.unread_of(name).next().is_some() {
            continue; // said already, and nothing of it is concluded from its size
        }
        let label = dataset.table.label(config.language).to_owned();
        let rows = dataset.height as u64;
        let before = earlier.get(name).copied().unwrap_or(0);
        let may_be_empty = config.guard.allow_empty.iter().any(|table| table.value == *name);
        // A register may have no entry yet; one that had some has not lost them all.
        let is_new = dataset.table.may_be_empty && before == 0;
        let reason = if rows == 0 && !may_be_empty && !is_new {
            text!("“{label}”没有任何数据行，本次不据此下结论", "{label} has no rows, so nothing is concluded from it")
        } else if (rows as f64) < before as f64 * config.guard.smallest_share && !(rows == 0 && may_be_empty) {
            text!(
                "“{label}”只有 {rows} 行，上次 {before} 行，本次不据此下结论",
                "{label} has {rows} rows after {before} last time, so nothing is concluded from it"
            )
        } else {
            continue;
        };
        dataset.not_concluded = Some(reason.get(config.language).to_owned());
        notices.push(reason);
    }
    notices
}
