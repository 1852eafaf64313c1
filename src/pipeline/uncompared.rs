//! Why a table is not compared with what an earlier run kept of it, or with an older one, in words.
//!
//! Apart from the comparing because a reader who finds no change wants to know whether there was none. It decides nothing.

use std::fmt::Display;

use crate::dataset::Dataset;
use crate::text;
use crate::text::Text;

/// What is there this time is not to be compared: it was not read, not read whole, or is not believed.
pub fn not_now(Text { zh, en }: &Text, dataset: Option<&Dataset>) -> Text {
    match dataset {
        None => text!("本期没有读到“{zh}”，不比较", "{en} was not read this time, so nothing is compared"),
        Some(dataset) if dataset.not_concluded.is_some() || dataset.half.is_some() => text!(
            "本期“{zh}”的行数不可信，不比较",
            "the rows of {en} are not believed this time, so nothing is compared"
        ),
        Some(_) => text!("本期“{zh}”没有读全，不比较", "{en} was not read whole, so nothing is compared"),
    }
}

/// The run before kept nothing of it: it did not read it, or it is too long ago.
pub fn not_then(Text { zh, en }: &Text, was_read: bool) -> Text {
    match was_read {
        true => text!(
            "上次运行时“{zh}”的数据没有留存或已过保留期（[state] keep_snapshots），不比较",
            "the last run's data of {en} were not kept, or are no longer ([state] keep_snapshots), so nothing is compared"
        ),
        false => text!(
            "上次运行没有读“{zh}”，没有可比较的数据",
            "the last run did not read {en}, so there is nothing to compare with"
        ),
    }
}

/// What was kept of it is gone or damaged.
pub fn unreadable(Text { zh, en }: &Text, error: &dyn Display) -> Text {
    text!("“{zh}”的上期快照读不到：{error}", "the earlier snapshot of {en} cannot be read: {error}")
}

/// It is compared with an older period than the other tables.
pub fn older(Text { zh, en }: &Text, period: &str) -> Text {
    text!(
        "“{zh}”与 {period} 的数据比较，其后没有读全，或者行数不可信",
        "{en} is compared with the data of {period}: it was not read whole, or not believed, since"
    )
}
