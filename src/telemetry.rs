//! The log: one line a stage to stderr, counts and seconds, never a customer's value; as text, or as JSON for programs
//! that gather logs.
//!
//! Apart because what is logged, and how much, is settled once. Under `-v` stages are told, under `-vv` their details;
//! without, only what an administrator must act on.

mod line;

use chrono::{DateTime, FixedOffset};
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

use crate::cli::Options;
use line::Line;

/// Starts the log of a process that began at a moment; a second start changes nothing.
pub fn start(options: &Options, now: DateTime<FixedOffset>) {
    let level = match (options.quiet, options.verbose) {
        // What must be acted on is not talk: whoever asks for silence, as cron does, hears it all the same.
        (true, _) | (false, 0) => Level::WARN,
        (false, 1) => Level::INFO,
        (false, _) => Level::DEBUG,
    };
    // Only our own lines: a library's might hold what a mail or a query holds.
    let filter = Targets::new().with_target("hedui", level);
    let line = Line::new(options.log_format, name(now));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false).event_format(line);
    let _ = tracing_subscriber::registry().with(lines.with_filter(filter)).try_init();
}

/// What tells the lines of one process from those of the others in the same file.
fn name(now: DateTime<FixedOffset>) -> String {
    format!("{}-{}", now.format("%Y%m%dT%H%M%S"), std::process::id())
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
        let seconds = (self.started.elapsed().as_secs_f64() * 100.0).round() / 100.0;
        tracing::info!(stage = self.name, count, seconds);
    }
}
