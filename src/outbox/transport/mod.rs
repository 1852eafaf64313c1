//! Ways out: a file below the workplace, or a mail server.
//!
//! Apart because only what is in here opens a connection or writes a mail. It knows no ledger: `deliver` tells it when.

pub(super) mod file;
mod handover;
mod login;
pub(super) mod smtp;
mod token;
mod trouble;

pub use handover::ANSWER_PATIENCE;
pub use token::Token;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::text::Text;

/// How mails leave (`[mail] transport`).
#[derive(Clone, Debug)]
pub enum Transport {
    /// As .eml files below the workplace.
    File,
    /// Through a mail server.
    Smtp(SmtpSettings),
}

/// Encryption of the connection (`[mail] security`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Encrypted from the first byte, usually port 465.
    Tls,
    /// Encrypted before anything is said that matters, usually port 587; never without.
    StartTls,
    /// Not at all, on request: for a relay within the house.
    None,
}

impl Security {
    /// All of them with the word of the configuration.
    pub const WORDS: [(&'static str, Security); 3] =
        [("tls", Security::Tls), ("starttls", Security::StartTls), ("none", Security::None)];
}

/// A mail server and how to speak to it.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Its name, which its certificate must carry.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Encryption.
    pub security: Security,
    /// The login; nobody logs in without.
    pub username: Option<String>,
    /// The password of the login.
    pub password: Option<Secret>,
    /// An access token instead of a password (XOAUTH2).
    pub token: Option<Token>,
    /// Certificates (PEM) to trust besides those of the system.
    pub ca_file: Option<PathBuf>,
    /// How long to wait for each step; for the answer to the final dot [`ANSWER_PATIENCE`] times as long.
    pub timeout: Duration,
}

/// What no log, error or debug output may show.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a secret.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The secret itself, for the one who sends it.
    fn reveal(&self) -> &str {
        &self.0
    }
}

/// Whether mail could go out this way: connects and logs in where there is a server, and sends nothing.
///
/// # Errors
/// In words, what stands in the way.
pub async fn greet(transport: &Transport) -> Result<(), Text> {
    match transport {
        Transport::File => Ok(()),
        Transport::Smtp(settings) => smtp::Session::new(settings).greet().await.map_err(|failure| failure.words),
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}
