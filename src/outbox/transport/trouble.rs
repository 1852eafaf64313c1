//! How a step of the conversation with a mail server fails, and what the ledger says about it.
//!
//! Apart because words for people, and keeping the password out of them, are no part of the conversation. It knows no
//! connection.

use std::future::Future;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lettre::transport::smtp::Error;
use tokio::time::timeout;

use super::SmtpSettings;
use crate::outbox::hosts;
use crate::outbox::reply::{Failure, Scope, Stage, judge};
use crate::text;
use crate::text::Text;

/// How a step failed.
pub enum Trouble {
    /// The server answered, and not as hoped.
    Said(u16, String),
    /// The connection broke, or never came about.
    Broken(String),
    /// Nothing came in time.
    Silent,
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        // the innermost cause says it; the layers around it only repeat it
        let mut cause: &dyn std::error::Error = &error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        match error.status() {
            Some(code) => Trouble::Said(u16::from(code), cause.to_string()),
            // some libraries end with the address of their manual
            None => Trouble::Broken(cause.to_string().split(": https://").next().unwrap_or_default().to_owned()),
        }
    }
}

/// A step under its time limit.
pub async fn step<T>(limit: Duration, future: impl Future<Output = Result<T, Error>>) -> Result<T, Trouble> {
    timeout(limit, future).await.map_err(|_| Trouble::Silent)?.map_err(Trouble::from)
}

/// What a failed step means for the mail, and the words for it.
pub fn failure(settings: &SmtpSettings, stage: Stage, trouble: Trouble) -> Failure {
    let SmtpSettings { host, port, .. } = settings;
    let words = match &trouble {
        Trouble::Said(code, said) => return said_about(settings, stage, *code, &scrubbed(settings, said)),
        Trouble::Broken(reason) if stage == Stage::Connect && reason.contains("certificate") => text!(
            "{host}:{port} 的证书不可信:{reason};公司自签的 CA 请写入 [mail] ca_file,公共机构签的要本机装有 ca-certificates,主机名须与证书一致",
            "the certificate of {host}:{port} is not trusted: {reason}; name the company's own CA in [mail] ca_file; a public one takes the package ca-certificates on this machine; the host is named as the certificate does"
        ),
        Trouble::Broken(reason) if stage == Stage::Connect && reason.contains("InvalidContentType") => text!(
            "{host}:{port} 不以加密连接开始,请检查端口和 security:{reason}",
            "{host}:{port} does not start encrypted, see port and security: {reason}"
        ),
        Trouble::Broken(reason) if stage == Stage::Connect => {
            text!("连不上 {host}:{port}:{reason}", "cannot reach {host}:{port}: {reason}")
        }
        Trouble::Broken(reason) => {
            text!("与 {host} 的连接中断:{reason}", "the connection to {host} broke: {reason}")
        }
        Trouble::Silent if stage == Stage::Connect => text!(
            "{host}:{port} 没有在限时内应答,请检查端口和 security",
            "{host}:{port} did not answer in time, see port and security"
        ),
        Trouble::Silent => text!("{host}:{port} 没有在限时内应答", "{host}:{port} did not answer in time"),
    };
    match (stage, trouble) {
        (Stage::Answer, _) => {
            let Text { zh, en } = words;
            Failure::lost(text!(
                "正文已全部发出而没有收到答复,是否送达不明({zh})",
                "the whole message went out and no answer came: nobody knows whether it arrived ({en})"
            ))
        }
        (Stage::Connect | Stage::Login | Stage::Token, _) | (Stage::Sender, Trouble::Silent) => Failure::server(words),
        // it may be this recipient's mailbox that keeps the server busy; twice in a row it is the server
        (_, Trouble::Silent) => Failure { scope: Scope::Repeated, ..Failure::mail(words) },
        _ => Failure::mail(words),
    }
}

/// What an answer means; after a refused login with what is known of the host's ways.
fn said_about(settings: &SmtpSettings, stage: Stage, code: u16, said: &str) -> Failure {
    let failure = judge(stage, code, said);
    let is_refusal = matches!(stage, Stage::Login | Stage::Token) && (500..=599).contains(&code);
    let Some(about) = is_refusal.then(|| hosts::about_login(&settings.host)).flatten() else { return failure };
    let Text { zh, en } = failure.words;
    Failure { words: Text { zh: format!("{zh};{}", about.zh), en: format!("{en}; {}", about.en) }, ..failure }
}

/// A server's words without the password, should it have repeated it in any form.
fn scrubbed(settings: &SmtpSettings, said: &str) -> String {
    let username = settings.username.as_deref().unwrap_or_default();
    let Some(password) = settings.password.as_ref().map(|password| password.reveal()) else {
        return said.to_owned();
    };
    let plain = STANDARD.encode(format!("\0{username}\0{password}"));
    let forms = [plain, STANDARD.encode(password), password.to_owned()];
    // what is shorter would cut up every code and word of the answer
    forms.iter().filter(|form| form.len() >= 4).fold(said.to_owned(), |words, form| words.replace(form, "***"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::state::Event;
    use crate::outbox::transport::{Secret, Security};

    fn settings() -> SmtpSettings {
        SmtpSettings {
            host: "smtp.example.com".into(),
            port: 465,
            security: Security::Tls,
            username: Some("kefu@example.com".into()),
            password: Some(Secret::new("geheim-密码")),
            token: None,
            ca_file: None,
            timeout: Duration::from_secs(1),
        }
    }

    #[test]
    fn no_form_of_the_password_is_repeated() {
        let plain = STANDARD.encode("\0kefu@example.com\0geheim-密码");
        let said = format!("bad: geheim-密码 {} {plain}", STANDARD.encode("geheim-密码"));
        let words = failure(&settings(), Stage::Login, Trouble::Said(535, said)).words;
        assert!(words.zh.starts_with("535 bad: *** *** *** "), "{}", words.zh);
        assert!(!format!("{:?}", settings()).contains("geheim"));
    }

    #[test]
    fn a_refused_login_says_what_is_known_of_the_host() {
        let at = |host: &str| SmtpSettings { host: host.into(), ..settings() };
        let words = |host, stage| failure(&at(host), stage, Trouble::Said(535, "5.7.8 no".into())).words;
        assert!(words("smtp.exmail.qq.com", Stage::Login).zh.contains("客户端访问限制"));
        assert!(words("smtp.office365.com", Stage::Token).en.contains("SMTP.Send"));
        assert!(!words("smtp.example.com", Stage::Login).zh.contains("腾讯"));
    }

    #[test]
    fn only_the_missing_answer_is_in_doubt() {
        for stage in [Stage::Connect, Stage::Login, Stage::Token, Stage::Sender, Stage::Recipient, Stage::Data] {
            for trouble in [Trouble::Silent, Trouble::Broken("reset".into())] {
                assert_eq!(failure(&settings(), stage, trouble).event, Event::Defer, "{stage:?}");
            }
        }
        for trouble in [Trouble::Silent, Trouble::Broken("reset".into())] {
            assert_eq!(failure(&settings(), Stage::Answer, trouble).event, Event::Lose);
        }
    }
}
