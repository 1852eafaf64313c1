//! Logging in: by password (PLAIN, LOGIN), by access token (XOAUTH2), or not at all.
//!
//! Apart because a secret goes over the wire here and nowhere else, and because each way is refused in its own manner. It
//! knows no mail.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;

use super::trouble::{Trouble, failure, step};
use super::{Secret, Security, SmtpSettings, Token};
use crate::outbox::reply::{Failure, Stage};
use crate::text;

const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];

/// Logs in as the settings say; without a user name nobody does.
pub async fn log_in(connection: &mut AsyncSmtpConnection, settings: &SmtpSettings) -> Result<(), Failure> {
    let Some(username) = &settings.username else { return Ok(()) };
    if settings.password.is_none() && settings.token.is_none() {
        return Err(Failure::server(text!(
            "[mail] 有 username 而没有可用的 password 或 token",
            "[mail] has a username and neither password nor token that is set"
        )));
    }
    if !connection.is_encrypted() {
        if settings.security != Security::None {
            return Err(Failure::server(text!("连接未加密,不登录", "the connection is not encrypted: no login")));
        }
        tracing::warn!("the mail login goes over an unencrypted connection, as security = \"none\" asks for");
    }
    match (&settings.token, &settings.password) {
        (Some(token), _) => by_token(connection, settings, username, token).await,
        (None, Some(password)) => by_password(connection, settings, username, password).await,
        (None, None) => Ok(()),
    }
}

async fn by_password(
    connection: &mut AsyncSmtpConnection,
    settings: &SmtpSettings,
    username: &str,
    password: &Secret,
) -> Result<(), Failure> {
    if connection.server_info().get_auth_mechanism(&MECHANISMS).is_none() {
        let host = &settings.host;
        return Err(Failure::server(text!(
            "{host} 在此连接上不提供密码登录(AUTH PLAIN 或 LOGIN);请检查端口、security,或去掉 username",
            "{host} offers no login by password here (AUTH PLAIN or LOGIN): see port and security, or leave username out"
        )));
    }
    let credentials = Credentials::new(username.to_owned(), password.reveal().to_owned());
    step(settings.timeout, connection.auth(&MECHANISMS, &credentials))
        .await
        .map(drop)
        .map_err(|trouble| failure(settings, Stage::Login, trouble))
}

/// The library gives up where the server asks back, which XOAUTH2 does to say why it refuses: so the two lines are said
/// here.
async fn by_token(
    connection: &mut AsyncSmtpConnection,
    settings: &SmtpSettings,
    username: &str,
    token: &Token,
) -> Result<(), Failure> {
    if !connection.server_info().supports_auth_mechanism(Mechanism::Xoauth2) {
        let host = &settings.host;
        return Err(Failure::server(text!(
            "{host} 在此连接上不提供令牌登录(AUTH XOAUTH2);请检查端口和 security,或改用 password",
            "{host} offers no login by token here (AUTH XOAUTH2): see port and security, or use password"
        )));
    }
    let token = token.fetch(settings.timeout).await.map_err(Failure::server)?;
    let answer = STANDARD.encode(format!("user={username}\x01auth=Bearer {}\x01\x01", token.reveal()));
    let refused = |trouble: Trouble| failure(settings, Stage::Token, without(&[&answer, token.reveal()], trouble));
    let command = format!("AUTH XOAUTH2 {answer}\r\n");
    let reply = step(settings.timeout, connection.command(command)).await.map_err(refused)?;
    if !reply.has_code(334) {
        return Ok(());
    }
    let reason = reply.message().collect::<Vec<_>>().join(" ");
    let reason = STANDARD.decode(reason.trim()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let second = step(settings.timeout, connection.command("\r\n")).await;
    match second.map_err(|trouble| with_reason(trouble, &reason.unwrap_or_default())) {
        // no server takes an empty answer for a token
        Ok(_) => Err(refused(Trouble::Broken("XOAUTH2".to_owned()))),
        Err(trouble) => Err(refused(trouble)),
    }
}

/// A refusal with what the server said before it.
fn with_reason(trouble: Trouble, reason: &str) -> Trouble {
    match trouble {
        Trouble::Said(code, said) => Trouble::Said(code, format!("{said} {reason}")),
        trouble => trouble,
    }
}

/// A server's words without the secrets, should it have repeated them.
fn without(secrets: &[&str], trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::Said(code, said) => {
            Trouble::Said(code, secrets.iter().fold(said, |said, secret| said.replace(secret, "***")))
        }
        trouble => trouble,
    }
}
