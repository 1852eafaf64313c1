//! Faults that the program cannot know of: `tests/services/faults.c`, loaded before the system's own library.
//!
//! Apart because kills and full disks come from the same place. The program has no hooks for it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::python::root;

/// What happens.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// The program is killed right before its N-th step.
    Kill(u64),
    /// From its N-th write on the disk is full.
    Full(u64),
}

/// The library, compiled once a test run.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = LIBRARY.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("faults.so");
        let source = root().join("tests/services/faults.c");
        let mut compiler = Command::new("cc");
        compiler.args(["-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o"]).arg(&path).arg(source).arg("-ldl");
        assert!(compiler.status().expect("a C compiler").success(), "faults.c");
        (folder, path)
    });
    path
}

/// Gives a command a fault below a folder; each step is written to a log.
pub fn with(command: &mut Command, under: &Path, fault: Fault, log: &Path) {
    let (what, at) = match fault {
        Fault::Kill(at) => ("kill", at),
        Fault::Full(at) => ("full", at),
    };
    command
        .env("LD_PRELOAD", library())
        .env("HEDUI_FAULT_UNDER", std::fs::canonicalize(under).expect("a folder"))
        .env("HEDUI_FAULT_DO", what)
        .env("HEDUI_FAULT_AT", at.to_string())
        .env("HEDUI_FAULT_LOG", log);
}

/// What the steps of a log were, without their numbers.
pub fn steps(log: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    text.lines().filter_map(|line| line.split_once(' ')).map(|(_, step)| step.to_owned()).collect()
}
