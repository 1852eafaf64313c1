//! Other programs: Python with its own readers and writers, LibreOffice.
//!
//! Apart because what hedui reads and writes is held against programs that share nothing with it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

/// The folder of the package.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The interpreter with the packages that the tests need; installs them where that has not been done.
pub fn interpreter() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let script = root().join("tests/services/install.sh");
        let output = Command::new("bash").arg(&script).output().expect("bash");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let stdout = String::from_utf8(output.stdout).expect("UTF-8");
        PathBuf::from(stdout.lines().last().expect("a path"))
    })
}

/// Runs a script below tests/ with the interpreter; its stdout.
#[track_caller]
pub fn python(script: &str, arguments: &[&str]) -> String {
    let (text, well) = try_python(script, arguments);
    assert!(well, "{script} {arguments:?}\n{text}");
    text
}

/// The same where failure is an answer: stdout (and stderr, where it failed), and whether all was well.
pub fn try_python(script: &str, arguments: &[&str]) -> (String, bool) {
    let output = Command::new(interpreter())
        .arg(root().join("tests").join(script))
        .args(arguments)
        .env("PYTHONUTF8", "1")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("Python");
    let mut text = String::from_utf8(output.stdout).expect("UTF-8");
    if !output.status.success() {
        text += &String::from_utf8_lossy(&output.stderr);
    }
    (text, output.status.success())
}

/// Workbooks as openpyxl reads them: file → sheet → rows and what else there is.
pub fn workbooks(paths: &[PathBuf]) -> Value {
    let paths: Vec<&str> = paths.iter().map(|path| path.to_str().expect("UTF-8")).collect();
    serde_json::from_str(&python("it/py/read_workbooks.py", &paths)).expect("JSON")
}

/// A mail as Python's own reader shows it.
pub fn read_mail(path: &Path) -> Value {
    serde_json::from_str(&python("services/read_mail.py", &[path.to_str().expect("UTF-8")])).expect("JSON")
}

/// Turns files into another form with LibreOffice, all at once, into a folder.
pub fn office(form: &str, files: &[PathBuf], target: &Path) {
    interpreter(); // sees to it that LibreOffice is there
    let profile = tempfile::tempdir().expect("a folder");
    let output = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", profile.path().display()))
        .args(["--headless", "--norestore", "--convert-to", form, "--outdir"])
        .arg(target)
        .args(files)
        .output()
        .expect("LibreOffice");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.to_lowercase().contains("error"), "{said}");
}
