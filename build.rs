//! Tells cargo which folders are built into the program, so that an edited rule, template, calendar or migration is
//! built in anew, and the program which commit and which sources it is made of.

#![expect(
    clippy::disallowed_methods,
    reason = "cargo talks to build scripts by the environment, and nothing of the program reads it here"
)]

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    for built_in in ["rules", "report_templates", "calendar", "src", "Cargo.toml", "Cargo.lock"] {
        println!("cargo:rerun-if-changed={built_in}");
    }
    let version = env!("CARGO_PKG_VERSION");
    let version = commit().map_or_else(|| version.to_owned(), |commit| format!("{version} ({commit})"));
    println!("cargo:rustc-env=HEDUI_VERSION={version}");
    println!("cargo:rustc-env=HEDUI_SOURCES={:016x}", sources());
}

/// A number of the sources: what one build has parsed is not taken for what another one would, be they of one commit.
fn sources() -> u64 {
    let mut files = vec![PathBuf::from("Cargo.toml"), PathBuf::from("Cargo.lock")];
    let mut folders = vec![PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                _ => files.push(entry.path()),
            }
        }
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for path in files {
        let bytes = std::fs::read(&path).unwrap_or_default();
        for part in [path.to_string_lossy().as_bytes(), &bytes] {
            hasher.write_usize(part.len());
            hasher.write(part);
        }
    }
    hasher.finish()
}

/// The commit: as `HEDUI_COMMIT` has it, for whoever builds from an archive, else git's; nothing outside of both. A build
/// of the dev profile is not made anew for a commit alone: its `+` says that it may be of a later one.
fn commit() -> Option<String> {
    println!("cargo:rerun-if-env-changed=HEDUI_COMMIT");
    if let Some(given) = std::env::var("HEDUI_COMMIT").ok().filter(|given| !given.is_empty()) {
        return Some(given);
    }
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = git(&["rev-parse", "--short=12", "HEAD"])?;
    if !is_release {
        return Some(format!("{commit}+"));
    }
    // the log of HEAD grows with every commit; the rest of a checkout is told by git itself
    for name in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", name]).filter(|path| Path::new(path).exists()) {
            println!("cargo:rerun-if-changed={path}");
        }
    }
    let is_edited = git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|edited| !edited.is_empty());
    Some(if is_edited { format!("{commit}+") } else { commit })
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
