//! The keys of `[mail]` about the mail server: where it is, how it is protected, who logs in.
//!
//! Apart because a mail server has more keys than all else of `[mail]` together. It connects to nothing.

use std::path::{Path, PathBuf};

use super::duration::duration;
use super::secret;
use crate::config::{Security, SmtpConfig, Token};
use crate::outbox;
use crate::params::{Params, Placed};
use crate::text;

/// The mail server; nothing where mails become files. Its keys are read all the same: a mistake in them is one whatever
/// `transport` says at the moment.
pub(super) fn server(table: &Params, folder: &Path, from: &str, smtp: bool) -> Option<SmtpConfig> {
    let host = if smtp { table.string("host") } else { table.optional_string("host") };
    let security = table.optional_word("security", &Security::WORDS).unwrap_or(Security::Tls);
    let port = port(table, security);
    let username = table.optional_string("username");
    let password = secret(table, "password", folder);
    let token = token(table, folder);
    one_way_to_log_in(table, username.is_some());
    let ca_file = table.optional_string("ca_file").map(|file| folder.join(PathBuf::from(file.value)));
    let timeout = duration(table, "timeout", 1).unwrap_or(SmtpConfig::USUAL_TIMEOUT);
    let host = host?.value;
    if let (true, Some(username)) = (smtp, &username) {
        login_as_sender(table, &host, username, from);
    }
    let username = username.map(|name| name.value);
    smtp.then_some(SmtpConfig { host, port, security, username, password, token, timeout, ca_file })
}

fn port(table: &Params, security: Security) -> u16 {
    let usual = match security {
        Security::Tls => 465,
        Security::StartTls => 587,
        Security::None => 25,
    };
    table.optional_count("port").map_or(usual, |port| {
        u16::try_from(port.value).ok().filter(|port| *port > 0).unwrap_or_else(|| {
            table.problems().add(port.span, text!("端口应在 1 到 65535 之间", "a port goes from 1 to 65535"));
            usual
        })
    })
}

/// `token`, where it is kept, or `token_command`, a program that prints it.
fn token(table: &Params, folder: &Path) -> Option<Token> {
    let kept = secret(table, "token", folder).map(Token::Kept);
    let command = table.optional_strings("token_command").map(|words| {
        let mut words: Vec<String> = words.into_iter().map(|word| word.value).collect();
        table.must_not_be_empty("token_command", words.first().is_none_or(|name| name.trim().is_empty()));
        // a program in the workplace is named like every other file of it
        if let Some(name) = words.first_mut().filter(|name| name.contains('/')) {
            *name = folder.join(&*name).display().to_string();
        }
        Token::Command(words)
    });
    kept.or(command)
}

/// A user name needs one of password, token and token_command, and each of them a user name.
fn one_way_to_log_in(table: &Params, has_username: bool) {
    let ways: Vec<&str> = ["password", "token", "token_command"].into_iter().filter(|way| table.has(way)).collect();
    match ways.as_slice() {
        [] if has_username => table.missing("password"),
        [way] if !has_username => {
            table.problems().add(
                table.span_of(way),
                text!(
                    "写了 {way} 就要写 username；不登录的中继两者都不写",
                    "{way} needs a username; a relay without a login has neither"
                ),
            );
        }
        [_, second, ..] => {
            let list = ways.join(", ");
            table.problems().add(
                table.span_of(second),
                text!("登录方式只能写一种，现有：{list}", "one way to log in is enough, here are {list}"),
            );
        }
        _ => {}
    }
}

/// Some hosts refuse every mail whose sender is not the login: better told here than by a refusal a recipient.
fn login_as_sender(table: &Params, host: &str, username: &Placed<String>, from: &str) {
    let Ok(sender) = outbox::address::mailbox(from) else { return };
    let login = username.value.trim();
    let is_sender = sender.email.to_string().eq_ignore_ascii_case(login)
        // a login without its domain is the mailbox's name
        || (!login.contains('@') && sender.email.user().eq_ignore_ascii_case(login));
    if outbox::hosts::wants_login_as_sender(host) && !is_sender {
        table.problems().add(
            table.span_of("from"),
            text!(
                "{host} 只接受与登录账号相同的发件人：from 的地址应为 {login}",
                "{host} takes mails from the login only: the address in from has to be {login}"
            ),
        );
    }
}
