//! `[spark]`: the company's own Spark, where tables have outgrown this machine.
//!
//! Apart because several sources share it. It starts nothing.

use std::path::Path;
use std::time::Duration;

use super::duration::duration;
use crate::config::{Feature, SparkConfig};
use crate::params::Params;
use crate::text;

/// How long it may take where nothing else is said.
const USUAL_TIMEOUT: Duration = Duration::from_secs(3600);

pub(super) fn spark_table(table: &Params, folder: &Path) -> Option<SparkConfig> {
    if let Some(message) = Feature::Pushdown.left_out() {
        table.problems().add(table.span(), message);
    }
    let home = table.string("home");
    let master = table.string("master");
    let exchange = table.string("folder");
    let properties = table.optional_string("properties").map(|path| folder.join(path.value));
    let timeout = duration(table, "timeout", 1).unwrap_or(USUAL_TIMEOUT);
    table.finish();
    let master = master?;
    let is_known = ["spark://", "local", "yarn", "k8s://"].iter().any(|start| master.value.starts_with(start));
    if !is_known {
        table.problems().add(
            master.span.clone(),
            text!(
                "master 写作 spark://主机:7077、yarn、k8s://… 或 local[2]",
                "a master is spark://HOST:7077, yarn, k8s://… or local[2]"
            ),
        );
        return None;
    }
    Some(SparkConfig {
        home: folder.join(home?.value),
        master: master.value,
        folder: folder.join(exchange?.value),
        properties,
        timeout,
    })
}
