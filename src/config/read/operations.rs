//! `[operations]`: how others see that the job is alive.
//!
//! Apart because it is about the watchers of a server, who know nothing of customers. It writes nothing.

use std::path::{Path, PathBuf};

use crate::config::OperationsConfig;
use crate::params::Params;
use crate::text;

pub(super) fn operations_table(table: &Params, folder: &Path) -> OperationsConfig {
    let heartbeat = table.optional_string("heartbeat").map(|path| folder.join(PathBuf::from(path.value)));
    let metrics = table.optional_string("metrics");
    if let Some(path) = &metrics
        && !path.value.ends_with(".prom")
    {
        table.problems().add(
            path.span.clone(),
            text!(
                "指标文件名要以 .prom 结尾：node_exporter 只读这样的文件",
                "the file of metrics must end in .prom: node_exporter reads no other"
            ),
        );
    }
    table.finish();
    OperationsConfig { heartbeat, metrics: metrics.map(|path| folder.join(PathBuf::from(path.value))) }
}
