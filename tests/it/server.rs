//! A real mail server beside the test: `tests/services/smtp_server.py`, started for one test and stopped with it.
//!
//! Apart because mails and crashes are both tried against it. A mail counts as taken over when its .json is there.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

use crate::python::{interpreter, root};

/// The login of the server.
pub const USER: &str = "kefu@example.com";
/// Its password.
pub const PASSWORD: &str = "geheim-4711";

/// Certificates, made once a test run: ca.pem, server.pem, other-ca.pem …
pub fn certificates() -> &'static Path {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    FOLDER
        .get_or_init(|| {
            interpreter(); // sees to it that openssl is there
            let folder = tempfile::tempdir().expect("a folder");
            let script = root().join("tests/services/make_certificates.sh");
            let output = Command::new("bash").arg(script).arg(folder.path()).output().expect("bash");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            folder
        })
        .path()
}

/// A server that runs as long as this lives; the mailbox outlives a restart.
pub struct Server {
    child: Child,
    mailbox: PathBuf,
    /// Its port.
    pub port: u16,
}

impl Server {
    /// Starts a server with TLS from the first byte and a login, with faults on request.
    pub fn start(mailbox: &Path, port: u16, faults: &[&str]) -> Self {
        Self::start_with(mailbox, port, Some("--tls"), faults)
    }

    /// The same with another encryption (--starttls), or none.
    pub fn start_with(mailbox: &Path, port: u16, encryption: Option<&str>, faults: &[&str]) -> Self {
        Self::start_as("server", mailbox, port, encryption, faults)
    }

    /// The same under another certificate of `make_certificates.sh`.
    pub fn start_as(certificate: &str, mailbox: &Path, port: u16, encryption: Option<&str>, faults: &[&str]) -> Self {
        let file = |ending: &str| certificates().join(format!("{certificate}.{ending}"));
        let mut child = Command::new(interpreter())
            .arg(root().join("tests/services/smtp_server.py"))
            .arg(port.to_string())
            .arg("--mailbox")
            .arg(mailbox)
            .args(encryption.iter().flat_map(|option| [(*option).into(), file("pem"), file("key")]))
            .args(["--user", USER, "--password", PASSWORD])
            .args(faults)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdout(Stdio::piped())
            .stdin(Stdio::null())
            .stderr(Stdio::null()) // its library's remarks on deprecations
            .spawn()
            .expect("the server");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its stdout")).read_line(&mut line).expect("a line");
        let port = line.trim().strip_prefix("PORT ").and_then(|port| port.parse().ok());
        Self { child, mailbox: mailbox.to_owned(), port: port.unwrap_or_else(|| panic!("no port in {line}")) }
    }

    /// The mails that it took over: the path of each, and its envelope.
    pub fn mails(&self) -> Vec<(PathBuf, Value)> {
        mails(&self.mailbox)
    }

    /// `[mail]` for this server.
    pub fn settings(&self) -> String {
        settings(self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `[mail]` for a server at a port, its password in the environment, its CA in a file.
pub fn settings(port: u16) -> String {
    let ca = certificates().join("ca.pem").display().to_string();
    format!(
        "transport = \"smtp\"\nhost = \"localhost\"\nport = {port}\nsecurity = \"tls\"\nusername = \"{USER}\"\n\
         password = \"env:HEDUI_IT_PASSWORD\"\nca_file = \"{ca}\""
    )
}

/// The mails of a mailbox in the order of their arrival.
pub fn mails(mailbox: &Path) -> Vec<(PathBuf, Value)> {
    let mut envelopes: Vec<PathBuf> = std::fs::read_dir(mailbox)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    envelopes.sort();
    envelopes
        .into_iter()
        .map(|path| {
            let envelope = std::fs::read_to_string(&path).expect("an envelope");
            (path.with_extension("eml"), serde_json::from_str(&envelope).expect("JSON"))
        })
        .collect()
}
