//! One connection to a mail server, used for all mails of a round, each step under a time limit.
//!
//! Apart because a mail is offered and handed over in two calls, with the ledger's commit between them: everything up
//! to the server's "go ahead" can fail without doubt. It knows no ledger, no retries over time and no ways to log in.

use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;

use super::handover::{Handover, hand_over};
use super::login::log_in;
use super::trouble::{Trouble, failure, step};
use super::{Security, SmtpSettings};
use crate::outbox::reply::{Failure, Scope, Stage, quoted};
use crate::text;
use crate::text::Text;

const GOODBYE: Duration = Duration::from_secs(3);
const CERTIFICATE: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// The connection of a round: opened with the first mail, reopened when it breaks.
pub struct Session<'a> {
    settings: &'a SmtpSettings,
    open: Option<AsyncSmtpConnection>,
}

impl<'a> Session<'a> {
    /// A session that has not called the server yet.
    pub fn new(settings: &'a SmtpSettings) -> Self {
        Self { settings, open: None }
    }

    /// Connects and logs in, and takes its leave: whether mail could be sent.
    pub async fn greet(mut self) -> Result<(), Failure> {
        self.open = Some(self.connect().await?);
        self.close().await;
        Ok(())
    }

    /// Everything before the first byte of a message: connection, login, sender, recipient, and the server's word to
    /// go ahead. A connection that has carried mails and turns out dead is replaced once.
    pub async fn offer(&mut self, from: &Address, to: &Address) -> Result<(), Failure> {
        if self.open.is_some() {
            match self.announce(from, to, true).await {
                Err((_, Trouble::Broken(_) | Trouble::Silent | Trouble::Said(421, _))) => self.hang_up(),
                Err((stage, trouble)) => return Err(self.failed(stage, trouble)),
                Ok(()) => return Ok(()),
            }
        }
        self.open = Some(self.connect().await?);
        self.announce(from, to, false).await.map_err(|(stage, trouble)| {
            // a server that sends away who has only just come means everybody
            let is_closing = matches!(trouble, Trouble::Said(421, _));
            let failure = self.failed(stage, trouble);
            if is_closing { Failure { scope: Scope::Server, ..failure } } else { failure }
        })
    }

    /// The message itself, after [`Self::offer`]: the server's words of acceptance.
    pub async fn transfer(&mut self, message: &[u8]) -> Result<String, Failure> {
        let Some(mut connection) = self.open.take() else {
            return Err(Failure::mail(text!("没有打开的连接", "there is no open connection")));
        };
        let Handover { is_over, answer } = hand_over(&mut connection, message, self.settings.timeout).await;
        let stage = if is_over { Stage::Answer } else { Stage::Data };
        let trouble = match answer {
            Ok(response) => {
                let (code, said) = (u16::from(response.code()), words_of(&response));
                self.open = Some(connection);
                if code / 100 == 2 {
                    return Ok(quoted(&format!("{code} {said}")));
                }
                Trouble::Said(code, said)
            }
            Err(Trouble::Broken(words)) if stage == Stage::Data => {
                // whoever refuses a mail half-way closes the door, but may have said why
                match step(GOODBYE, connection.read_response()).await {
                    Err(Trouble::Said(code, said)) => Trouble::Said(code, said),
                    _ => Trouble::Broken(words),
                }
            }
            Err(trouble) => {
                self.open = Some(connection);
                trouble
            }
        };
        Err(self.failed(stage, trouble))
    }

    /// Ends the connection in good manners.
    pub async fn close(mut self) {
        if let Some(mut connection) = self.open.take() {
            // everything is settled by now: how the server takes its leave changes nothing
            let _ = step(GOODBYE.min(self.settings.timeout), connection.quit()).await;
        }
    }

    /// Ends the connection at once, in the middle of whatever it was doing.
    pub fn hang_up(&mut self) {
        self.open = None;
    }

    async fn announce(&mut self, from: &Address, to: &Address, used: bool) -> Result<(), (Stage, Trouble)> {
        if used {
            self.say(Rset, 250).await.map_err(|trouble| (Stage::Sender, trouble))?;
        }
        let mail = Mail::new(Some(from.clone()), Vec::new());
        self.say(mail, 250).await.map_err(|trouble| (Stage::Sender, trouble))?;
        let recipient = Rcpt::new(to.clone(), Vec::new());
        self.say(recipient, 250).await.map_err(|trouble| (Stage::Recipient, trouble))?;
        self.say(Data, 354).await.map_err(|trouble| (Stage::Data, trouble))
    }

    /// A command and exactly the answer that it should get; 251 is a recipient that the server forwards to.
    async fn say(&mut self, command: impl std::fmt::Display, expected: u16) -> Result<(), Trouble> {
        let connection = self.open.as_mut().ok_or_else(|| Trouble::Broken("no connection".to_owned()))?;
        let response = step(self.settings.timeout, connection.command(command)).await?;
        let code = u16::from(response.code());
        if code == expected || (expected, code) == (250, 251) {
            return Ok(());
        }
        Err(Trouble::Said(code, words_of(&response)))
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Failure> {
        let SmtpSettings { host, port, security, timeout: limit, .. } = self.settings;
        let hello = hello();
        let tls = if *security == Security::None { None } else { Some(self.tls()?) };
        let wrapped = if *security == Security::Tls { tls.clone() } else { None };
        // half the limit an address, so that one that swallows packets leaves time for the next
        let opening =
            AsyncSmtpConnection::connect_tokio1((host.as_str(), *port), Some(*limit / 2), &hello, wrapped, None);
        let mut connection = step(limit.saturating_mul(2), opening)
            .await
            .map_err(|trouble| failure(self.settings, Stage::Connect, trouble))?;
        if let (Security::StartTls, Some(tls)) = (security, tls) {
            if !connection.can_starttls() {
                return Err(Failure::server(text!(
                    "{host}:{port} 不提供 STARTTLS,未登录也未发送",
                    "{host}:{port} offers no STARTTLS: nothing was sent, no login either"
                )));
            }
            // after a failure in here the connection must only be let go: the library has no stream in it any more
            step(*limit, connection.starttls(tls, &hello))
                .await
                .map_err(|trouble| failure(self.settings, Stage::Connect, trouble))?;
        }
        log_in(&mut connection, self.settings).await?;
        Ok(connection)
    }

    fn tls(&self) -> Result<TlsParameters, Failure> {
        let SmtpSettings { host, ca_file, .. } = self.settings;
        let mut builder = TlsParameters::builder(host.clone());
        if let Some(path) = ca_file {
            let file = path.display();
            let unusable = |reason: Text| {
                let Text { zh, en } = reason;
                Failure::server(text!("ca_file {file} 不可用:{zh}", "ca_file {file} is of no use: {en}"))
            };
            let pem = std::fs::read(path).map_err(|error| unusable(Text::same(error.to_string())))?;
            if !pem.windows(CERTIFICATE.len()).any(|window| window == CERTIFICATE) {
                return Err(unusable(text!("其中没有 PEM 证书", "there is no PEM certificate in it")));
            }
            let certificate = Certificate::from_pem(&pem).map_err(|error| unusable(Text::same(error.to_string())))?;
            builder = builder.add_root_certificate(certificate);
        }
        builder.build().map_err(|error| Failure::server(Text::same(error.to_string())))
    }

    /// The failure of a step on the open connection, which is let go where it is of no more use.
    fn failed(&mut self, stage: Stage, trouble: Trouble) -> Failure {
        if !matches!(trouble, Trouble::Said(code, _) if code != 421 && code >= 400) {
            self.hang_up();
        }
        failure(self.settings, stage, trouble)
    }
}

fn words_of(response: &Response) -> String {
    response.message().collect::<Vec<_>>().join(" ")
}

/// The name to greet with: the machine's, where servers can take it.
fn hello() -> ClientId {
    match ClientId::default() {
        ClientId::Domain(name) if name.is_empty() || !name.chars().all(|letter| letter.is_ascii_graphic()) => {
            ClientId::Ipv4(std::net::Ipv4Addr::LOCALHOST)
        }
        name => name,
    }
}
