//! The program under a clock of the test's choosing: libfaketime stands between it and the system's.
//!
//! Apart because the program itself has no such switch: it reads one clock, and a switch would be a second one.

use std::path::PathBuf;
use std::process::Command;

use chrono::{DateTime, Utc};

use crate::python::interpreter;
use crate::workplace::{Ran, Workplace};

/// Runs the program at a moment.
pub fn hedui_at(workplace: &Workplace, moment: DateTime<Utc>, arguments: &[&str]) -> Ran {
    let mut command = workplace.command();
    let what = format!("{} at {moment}", arguments.join(" "));
    Ran::of(at(command.args(arguments), moment), &what)
}

/// A command that will begin at a moment, and go on from there.
pub fn at(command: &mut Command, moment: DateTime<Utc>) -> &mut Command {
    command
        .env("LD_PRELOAD", library())
        .env("FAKETIME", format!("@{}", moment.format("%F %H:%M:%S")))
        // Files keep the times of the disk, and patience is measured by the machine's own steady clock.
        .env("NO_FAKE_STAT", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .env("TZ", "UTC")
}

/// A moment by the clock of China.
pub fn in_china(text: &str) -> DateTime<Utc> {
    let moment = DateTime::parse_from_str(&format!("{text}:00+0800"), "%Y-%m-%d %H:%M:%S%z");
    moment.unwrap_or_else(|error| panic!("{text}: {error}")).to_utc()
}

fn library() -> PathBuf {
    // The interpreter's installation brings the library along.
    let _ = interpreter();
    let places = glob("/usr/lib/*/faketime").into_iter().chain(glob("/usr/lib*/faketime"));
    let found = places.map(|folder| folder.join("libfaketimeMT.so.1")).find(|path| path.is_file());
    found.expect("libfaketime, which tests/services/install.sh installs")
}

/// The folders of a pattern with one star.
fn glob(pattern: &str) -> Vec<PathBuf> {
    let (before, after) = pattern.split_once('*').expect("a star");
    let (folder, start) = before.rsplit_once('/').expect("a folder");
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let named = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(start));
    named.map(|entry| entry.path().join(after.trim_start_matches('/'))).collect()
}
