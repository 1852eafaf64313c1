//! What `[guard]`, `[state]` and `[operations]` say: which numbers of rows are believed, what is kept and for how long,
//! and how others see that the job is alive.
//!
//! Apart because these are the administrator's, who looks after the program and not after its data.

use std::path::PathBuf;

use crate::params::Placed;

/// `[guard]`: when a table is not concluded from.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    /// The bounds of tables without their own.
    pub usual: Bounds,
    /// The bounds of single tables.
    pub tables: Vec<(Placed<String>, Bounds)>,
    /// Tables that may be empty.
    pub allow_empty: Vec<Placed<String>>,
}

impl Guard {
    /// The bounds of a table.
    pub fn bounds(&self, table: &str) -> Bounds {
        self.tables.iter().find(|(name, _)| name.value == table).map_or(self.usual, |(_, bounds)| *bounds)
    }
}

/// The shares of the last run's rows between which this run's are believed.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The smallest.
    pub smallest: f64,
    /// The largest.
    pub largest: f64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { smallest: 0.5, largest: 2.0 }
    }
}

/// `[state]`: what is kept for later runs.
#[derive(Clone, Copy, Debug)]
pub struct StateConfig {
    /// Of so many last periods of each job the data that the last run read.
    pub keep_snapshots: u64,
    /// Whether what a workbook gave is kept, so that one that has not changed is not parsed again.
    pub keep_readings: bool,
    /// How long copies of customers' records are kept.
    pub keep: KeepDays,
    /// Where fewer bytes are free, `doctor` says so.
    pub least_free: u64,
}

impl StateConfig {
    /// The period that is reported and the one that it is compared with.
    pub const FEWEST_SNAPSHOTS: u64 = 2;
}

impl Default for StateConfig {
    fn default() -> Self {
        // A quarter of weeks, or a year of months and the month a year ago.
        Self { keep_snapshots: 13, keep_readings: true, keep: KeepDays::default(), least_free: 500_000_000 }
    }
}

/// `[operations]`: how others see that the job is alive.
#[derive(Clone, Debug, Default)]
pub struct OperationsConfig {
    /// A file that says when the program ran last, and how that ended.
    pub heartbeat: Option<PathBuf>,
    /// The same and more for Prometheus, in the folder that node_exporter reads text files from.
    pub metrics: Option<PathBuf>,
}

/// For how many days `purge` leaves what runs wrote; nothing: it gives none of it up for its age.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeepDays {
    /// What runs read of each table.
    pub snapshots: Option<u64>,
    /// What they found.
    pub findings: Option<u64>,
    /// Workbooks and their JSON in out/.
    pub reports: Option<u64>,
    /// Copies of mails in out/.
    pub mails: Option<u64>,
}
