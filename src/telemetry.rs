//! The log: one line a stage to stderr, counts and seconds, never a customer's value.
//!
//! Apart because what is logged, and how much, is settled once. Under `-v` stages are told, under `-vv` their details;
//! without, only what an administrator must act on.

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

use crate::cli::Common;

/// Starts the log; a second start changes nothing.
pub fn start(common: &Common) {
    let level = match (common.quiet, common.verbose) {
        (true, _) => Level::ERROR,
        (false, 0) => Level::WARN,
        (false, 1) => Level::INFO,
        (false, _) => Level::DEBUG,
    };
    // Only our own lines: a library's might hold what a mail or a query holds.
    let filter = Targets::new().with_target("hedui", level);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false).with_target(false);
    let _ = tracing_subscriber::registry().with(lines.with_filter(filter)).try_init();
}

/// One verb of the sentence while it is carried out; its end is a line of the log.
pub struct Stage {
    name: &'static str,
    started: std::time::Instant,
}

impl Stage {
    /// The verb begins.
    pub fn start(name: &'static str) -> Self {
        Self { name, started: std::time::Instant::now() }
    }

    /// The verb is done with so many rows, findings or mails.
    pub fn end(self, count: u64) {
        tracing::info!(stage = self.name, count, seconds = format!("{:.2}", self.started.elapsed().as_secs_f64()));
    }
}
