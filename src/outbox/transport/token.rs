//! An access token for a mail server: as it is kept, or as a program of the company's prints it.
//!
//! Apart because a token lives for an hour and is asked for anew with every connection, which a password is not. Where
//! tokens come from is that program's business.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Secret;
use crate::text;
use crate::text::Text;

/// Nobody prints a longer one.
const LONGEST: u64 = 64 * 1024;
const GLANCE: Duration = Duration::from_millis(20);

/// Where a token comes from.
#[derive(Clone, Debug)]
pub enum Token {
    /// It was read from where it is kept.
    Kept(Secret),
    /// A program and its arguments, started without a shell: it prints the token, or JSON with `access_token`.
    Command(Vec<String>),
}

impl Token {
    /// The token, as it is now.
    pub(super) async fn fetch(&self, limit: Duration) -> Result<Secret, Text> {
        let printed = match self {
            Token::Kept(secret) => secret.reveal().to_owned(),
            Token::Command(command) => printed(command, limit).await?,
        };
        usable(&printed).map(Secret::new).ok_or_else(|| {
            text!(
                "取到的令牌不可用:应是一行,或含 access_token 的 JSON",
                "the token is of no use: one line is wanted, or JSON with access_token"
            )
        })
    }
}

/// The token in what was printed; nothing where there is none that a login could carry.
fn usable(printed: &str) -> Option<String> {
    let printed = printed.trim();
    let token = match serde_json::from_str::<serde_json::Value>(printed) {
        Ok(serde_json::Value::Object(fields)) => {
            let field = ["access_token", "accessToken"].into_iter().find_map(|name| fields.get(name))?;
            field.as_str()?.to_owned()
        }
        Ok(serde_json::Value::String(token)) => token,
        _ => printed.to_owned(),
    };
    (!token.is_empty() && token.chars().all(|letter| letter.is_ascii_graphic())).then_some(token)
}

/// What a program prints within a time limit. What it says beside that may hold anything and is not repeated.
async fn printed(command: &[String], limit: Duration) -> Result<String, Text> {
    let (name, arguments) = command.split_first().map_or(("", command), |(name, rest)| (name.as_str(), rest));
    let failed = |reason: &str| {
        text!("取令牌的命令 {name} 失败:{reason}", "the command for the token, {name}, failed: {reason}")
    };
    let mut started = Command::new(name);
    started.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = started.spawn().map_err(|error| failed(&error.to_string()))?;
    let output = output_of(&mut child);
    let end = Instant::now() + limit;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Ok(status),
            Err(error) => break Err(failed(&error.to_string())),
            Ok(None) if Instant::now() < end => sleep(GLANCE).await,
            Ok(None) => {
                let _ = child.kill(); // whether it was still there changes nothing
                let _ = child.wait();
                let seconds = limit.as_secs();
                break Err(text!(
                    "取令牌的命令 {name} 在 {seconds} 秒内没有结束",
                    "the command for the token, {name}, did not end within {seconds} seconds"
                ));
            }
        }
    }?;
    if !status.success() {
        return Err(failed(&status.to_string()));
    }
    // a grandchild may hold the pipe open for ever: what was printed by now is what there is
    let bytes = output.recv_timeout(Duration::from_secs(2)).map_err(|error| failed(&error.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads beside the waiting, so that a program that prints much is not stuck.
fn output_of(child: &mut Child) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    if let Some(stdout) = child.stdout.take() {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            // who does not read it to its end has no token
            let _ = stdout.take(LONGEST).read_to_end(&mut bytes);
            let _ = sender.send(bytes);
        });
    }
    receiver
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fetched(token: &Token, limit: Duration) -> Result<String, Text> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(token.fetch(limit)).map(|secret| secret.reveal().to_owned())
    }

    fn shell(script: &str) -> Token {
        Token::Command(["sh", "-c", script].map(str::to_owned).to_vec())
    }

    #[test]
    fn a_token_is_a_line_or_a_field_of_json() {
        for (printed, token) in [
            ("eyJ0.a-b_c\n", Some("eyJ0.a-b_c")),
            ("{\"token_type\": \"Bearer\", \"access_token\": \"abc\"}", Some("abc")),
            ("{\"accessToken\": \"abc\"}", Some("abc")),
            ("\"abc\"", Some("abc")),
            ("{\"token\": \"abc\"}", None),
            ("", None),
            ("two words", None),
            ("a\x01auth=Bearer b", None),
            ("a\r\nMAIL FROM:<x@example.com>", None),
        ] {
            assert_eq!(usable(printed).as_deref(), token, "{printed:?}");
        }
    }

    #[test]
    fn a_command_gives_a_token_or_says_why_not() {
        let limit = Duration::from_secs(20);
        assert_eq!(fetched(&shell("echo abc"), limit).as_deref(), Ok("abc"));
        assert_eq!(fetched(&Token::Kept(Secret::new("kept")), limit).as_deref(), Ok("kept"));
        let words = fetched(&shell("echo geheim; exit 3"), limit).expect_err("it failed").en;
        assert!(words.contains('3') && words.contains("sh") && !words.contains("geheim"), "{words}");
        assert!(fetched(&Token::Command(vec!["/nowhere/token".into()]), limit).is_err());
        let words = fetched(&shell("sleep 600"), Duration::from_millis(200)).expect_err("it does not end").en;
        assert!(words.contains("did not end"), "{words}");
    }
}
