//! What `[mail]` says: how mail goes out, how fast, and to whom it may go.
//!
//! Apart because what a host puts up with is a subject of its own. It knows no mail and no server.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use super::secrets::Secret;
use crate::outbox::Security;

/// `[mail]`.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// How mail goes out.
    pub transport: MailTransport,
    /// The sender, `Name <a@b>`.
    pub from: String,
    /// Who reads what people answer; nothing: the sender.
    pub reply_to: Option<String>,
    /// The most bytes of a mail as it is sent, base64 included.
    pub largest: usize,
    /// Where people find files that are too large to be mailed, in words that they can follow: `\\server\share\hedui`;
    /// nothing: such a file is mailed in parts.
    pub share: Option<String>,
    /// The folder that is behind those words; nothing: somebody copies the files there from out/.
    pub share_folder: Option<PathBuf>,
    /// The domains that may be mailed to; none: any.
    pub domains: Vec<String>,
    /// The bare addresses that a person has confirmed: others are not mailed to; nothing: no confirmation is asked for.
    pub confirmed: Option<Vec<String>>,
    /// How fast, how often and to how many.
    pub pace: Pace,
}

impl MailConfig {
    /// What most servers take without a word.
    pub const USUAL_LARGEST: usize = 10_000_000;
}

/// What a mail host puts up with, and what the company does.
#[derive(Clone, Debug)]
pub struct Pace {
    /// How long the server is left in peace between two mails; nothing: as its host is known to want it.
    pub pause: Option<Duration>,
    /// The most mails that one command sends.
    pub per_run: Option<usize>,
    /// The most mails within an hour.
    pub per_hour: Option<usize>,
    /// The most mails within a day.
    pub per_day: Option<usize>,
    /// After so many tries a mail is not tried again by itself.
    pub tries: NonZeroU32,
    /// The most different addresses that the mails of one run may go to: beyond it, none of them goes out.
    pub most_recipients: usize,
}

impl Pace {
    /// Hourly tries for four days, as mail servers do among themselves.
    const USUAL_TRIES: NonZeroU32 = match NonZeroU32::new(100) {
        Some(tries) => tries,
        None => NonZeroU32::MIN,
    };
    /// More than any report here is for; a register of employees read wrongly has more.
    const USUAL_RECIPIENTS: usize = 500;
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            pause: None,
            per_run: None,
            per_hour: None,
            per_day: None,
            tries: Self::USUAL_TRIES,
            most_recipients: Self::USUAL_RECIPIENTS,
        }
    }
}

/// Whether an address, bare or `Name <a@b>`, lies in one of the domains or below it; without domains, any does.
pub fn is_inside(address: &str, domains: &[String]) -> bool {
    let bare = address.rsplit('<').next().unwrap_or(address).trim_end_matches('>').trim();
    let domain = bare.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    domains.is_empty()
        || domains.iter().any(|known| {
            domain == *known || domain.strip_suffix(known.as_str()).is_some_and(|rest| rest.ends_with('.'))
        })
}

/// How mail goes out.
#[derive(Clone, Debug)]
pub enum MailTransport {
    /// As .eml files beside the workbooks.
    File,
    /// To a mail server.
    Smtp(SmtpConfig),
}

/// How a mail server is reached.
#[derive(Clone, Debug)]
pub struct SmtpConfig {
    /// The host's name.
    pub host: String,
    /// The port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Whom to log in as; nothing: no login.
    pub username: Option<String>,
    /// The password or authorisation code.
    pub password: Option<Secret>,
    /// An access token instead of a password.
    pub token: Option<Token>,
    /// How long each step of the conversation may take.
    pub timeout: Duration,
    /// A certificate authority of the company's own, PEM.
    pub ca_file: Option<PathBuf>,
}

impl SmtpConfig {
    /// Two minutes a step: servers that look for spam take their time.
    pub const USUAL_TIMEOUT: Duration = Duration::from_secs(120);
}

/// Where an access token for a mail server comes from.
#[derive(Clone, Debug)]
pub enum Token {
    /// It is kept where secrets are, by whoever renews it.
    Kept(Secret),
    /// A program, and its arguments, that prints it.
    Command(Vec<String>),
}
