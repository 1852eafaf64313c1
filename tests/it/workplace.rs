//! A workplace in a temporary folder, and the program run in it.
//!
//! Apart because every test starts with one. The program runs as under cron: no terminal, no backtraces, nothing of
//! the developer's environment but the language that the test wants.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The as-of date of most tests: a Sunday, in week 47.
pub const AS_OF: &str = "2026-11-22";

/// A folder with a `hedui.toml`, gone when the test ends.
pub struct Workplace {
    folder: TempDir,
}

impl Workplace {
    /// A workplace with a configuration; an empty folder where that is empty.
    pub fn new(configuration: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("hedui-it-").tempdir().expect("a temporary folder");
        let workplace = Self { folder };
        if !configuration.is_empty() {
            workplace.write("hedui.toml", configuration);
        }
        workplace
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder above")).expect("a folder");
        std::fs::write(&path, bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    /// The text of a file.
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The program, to be run in this folder.
    pub fn command(&self) -> Command {
        program(self.folder())
    }

    /// Runs the program.
    pub fn hedui(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command().args(arguments), &arguments.join(" "))
    }

    /// Runs a command as of a day.
    pub fn as_of(&self, day: &str, arguments: &[&str]) -> Ran {
        self.hedui(&[arguments, &["--as-of", day]].concat())
    }

    /// Every file below a folder of the workplace, in order, with its mode; none where the folder is not there.
    pub fn files(&self, name: &str) -> Vec<PathBuf> {
        let mut files = Vec::new();
        walk(&self.path(name), &mut files);
        files.sort();
        files
    }

    /// Every file of the workplace with its bytes, to see whether anything has changed.
    pub fn snapshot(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        self.files("").into_iter().map(|path| (path.clone(), std::fs::read(path).expect("a file"))).collect()
    }

    /// The findings that a check exports.
    pub fn findings(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        records(&self.read(name))
    }
}

/// The records of a CSV text by header.
pub fn records(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|record| record.expect("a record")).collect()
}

/// The permission bits of a path.
pub fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).expect("a path").permissions().mode() & 0o777
}

/// The program; HEDUI_BINARY names another than the one that was built with the tests: a release, say.
pub fn binary() -> PathBuf {
    std::env::var_os("HEDUI_BINARY").map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_hedui")), PathBuf::from)
}

/// The program, to be run in a folder.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(binary());
    command.current_dir(folder).stdin(Stdio::null()).env("LANG", "zh_CN.UTF-8").env("NO_COLOR", "1");
    for name in ["RUST_BACKTRACE", "RUST_LOG", "LC_ALL", "LC_MESSAGES"] {
        command.env_remove(name);
    }
    command
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// What a run of the program gave.
pub struct Ran {
    /// What was asked.
    what: String,
    /// The exit code; -1 where a signal ended it.
    pub code: i32,
    /// Data.
    pub stdout: String,
    /// Talk.
    pub stderr: String,
}

impl Ran {
    /// Runs a command to its end.
    pub fn of(command: &mut Command, what: &str) -> Self {
        let Output { status, stdout, stderr } = command.output().expect("the program starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        let ran = Self {
            what: what.to_owned(),
            code: status.code().unwrap_or(-1),
            stdout: text(stdout),
            stderr: text(stderr),
        };
        assert!(ran.code != 70 && !ran.stderr.contains("internal error"), "a bug: {}", ran.all());
        ran
    }

    /// Demands an exit code.
    #[track_caller]
    pub fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{}", self.all());
        self
    }

    /// Demands words on stderr.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(self.stderr.contains(words), "no `{words}` in {}", self.all());
        self
    }

    /// Demands words on stdout.
    #[track_caller]
    pub fn prints(&self, words: &str) -> &Self {
        assert!(self.stdout.contains(words), "no `{words}` in {}", self.all());
        self
    }

    /// The JSON on stdout.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in {}", self.all()))
    }

    /// Everything, for the one who reads a failed test.
    pub fn all(&self) -> String {
        let short = |text: &str| text.chars().take(3000).collect::<String>();
        format!(
            "hedui {}: exit {}\n--stdout\n{}\n--stderr\n{}",
            self.what,
            self.code,
            short(&self.stdout),
            short(&self.stderr)
        )
    }
}
