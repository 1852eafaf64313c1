//! What a mail server's answer means for a mail: gone for good, another time, or nothing to do with this mail at all.
//!
//! Apart because the codes are a matter of reading standards and of what hosts in China really answer, not of
//! connections. It knows no network.

use super::state::Event;
use crate::text;
use crate::text::Text;

/// What was being said to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Connecting, encryption, greeting.
    Connect,
    /// User name and password.
    Login,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA, and the message up to its final dot.
    Data,
    /// The answer to the final dot.
    Answer,
}

/// Whom a failure concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// This mail; the next one may fare better.
    Mail,
    /// Every mail of this round: trying the others would only knock at the same door.
    Server,
}

/// A try that did not end in acceptance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Refused, deferred or lost.
    pub event: Event,
    /// Whom it concerns.
    pub scope: Scope,
    /// The server's words, and ours where they need explaining.
    pub words: Text,
}

impl Failure {
    /// Surely not sent, and no fault of this mail.
    pub fn server(words: Text) -> Self {
        Self { event: Event::Defer, scope: Scope::Server, words }
    }

    /// Surely not sent; the next mail may fare better.
    pub fn mail(words: Text) -> Self {
        Self { event: Event::Defer, scope: Scope::Mail, words }
    }

    /// The final dot went out and nothing came back.
    pub fn lost(words: Text) -> Self {
        Self { event: Event::Lose, scope: Scope::Mail, words }
    }
}

/// Judges an answer that was not the expected one.
pub fn judge(stage: Stage, code: u16, said: &str) -> Failure {
    let said = quoted(said);
    let server = format!("{code} {said}");
    let words = match explain(stage, code, &said) {
        Some(Text { zh, en }) => Text { zh: format!("{server} —— {zh}"), en: format!("{server} -- {en}") },
        None => Text::same(server),
    };
    if matches!(stage, Stage::Connect | Stage::Login) || is_about_login(code, &said) {
        return Failure::server(words);
    }
    match code {
        500..=599 => Failure { event: Event::Refuse, scope: Scope::Mail, words },
        400..=499 => Failure::mail(words),
        // an answer out of turn: the two sides no longer speak of the same thing
        _ if stage == Stage::Answer => Failure::lost(words),
        _ => Failure::mail(words),
    }
}

/// A server's words as the ledger keeps them: one line of bounded length.
pub fn quoted(said: &str) -> String {
    let plain: String = said.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(400).collect();
    plain.trim().to_owned()
}

/// Whether the enhanced status code stands in the words.
fn says(said: &str, enhanced: &str) -> bool {
    said.split(|letter: char| !letter.is_ascii_digit() && letter != '.').any(|word| word == enhanced)
}

fn is_about_login(code: u16, said: &str) -> bool {
    matches!(code, 530 | 534 | 535 | 538) || says(said, "5.7.30")
}

/// What an administrator has to know besides the server's words.
fn explain(stage: Stage, code: u16, said: &str) -> Option<Text> {
    if says(said, "5.7.30") {
        return Some(text!(
            "该服务器已停用密码登录(Exchange Online 的基本身份验证);须由其管理员重新开启,或改用公司内部的邮件中继",
            "this server no longer takes passwords (basic authentication of Exchange Online): its administrator has to switch it on again, or use the company's internal relay"
        ));
    }
    match (stage, code) {
        (_, 535 | 534) | (Stage::Login, 500..=599) => Some(text!(
            "登录被拒:请核对用户名(一般是完整邮箱地址)和密码;国内邮箱多数要填授权码或客户端专用密码,并先在邮箱设置中允许 SMTP",
            "login refused: check the user name (usually the whole address) and the password; most hosts want an authorisation code or app password here, and SMTP to be allowed in the mailbox settings first"
        )),
        (_, 530) => Some(text!(
            "服务器要求先登录或先加密:请检查 [mail] 中的 username、password 和 security",
            "the server wants a login or encryption first: see username, password and security in [mail]"
        )),
        (_, 538) => Some(text!(
            "服务器只在加密连接上接受登录:请把 security 设为 tls 或 starttls",
            "the server takes logins over encryption only: set security to tls or starttls"
        )),
        (Stage::Connect, 500..=599) => {
            Some(text!("服务器不接受这台机器的连接", "the server does not take connections from this machine"))
        }
        (_, 552) if says(said, "5.2.2") => Some(text!("收件人邮箱已满", "the recipient's mailbox is full")),
        (_, 552) => {
            Some(text!("邮件超出服务器允许的大小或空间", "the mail is larger than the server, or the mailbox, takes"))
        }
        (Stage::Sender, 500..=599) => Some(text!(
            "发件人被拒:[mail] from 的地址多须与登录账号一致",
            "sender refused: most hosts want the address in [mail] from to be the login"
        )),
        (Stage::Recipient, 550 | 551 | 553) => {
            Some(text!("收件地址被拒:请核对该地址", "recipient refused: check the address"))
        }
        (_, 554) => Some(text!(
            "被服务器的策略或反垃圾规则拒收:请联系邮箱管理员",
            "refused by the server's policy or spam rules: ask its administrator"
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fate(stage: Stage, code: u16, said: &str) -> (Event, Scope) {
        let failure = judge(stage, code, said);
        (failure.event, failure.scope)
    }

    #[test]
    fn codes_mean_what_their_stage_makes_of_them() {
        use Stage::{Answer, Connect, Data, Login, Recipient, Sender};
        for (stage, code, said, event, scope) in [
            (Recipient, 550, "5.1.1 no such user", Event::Refuse, Scope::Mail),
            (Answer, 552, "5.3.4 too big", Event::Refuse, Scope::Mail),
            (Answer, 554, "DT:SPM", Event::Refuse, Scope::Mail),
            (Sender, 550, "From header is missing or invalid", Event::Refuse, Scope::Mail),
            (Recipient, 450, "4.2.0 greylisted", Event::Defer, Scope::Mail),
            (Answer, 451, "later", Event::Defer, Scope::Mail),
            (Sender, 421, "closing", Event::Defer, Scope::Mail),
            (Connect, 554, "no", Event::Defer, Scope::Server),
            (Connect, 421, "busy", Event::Defer, Scope::Server),
            (Login, 535, "5.7.8 bad", Event::Defer, Scope::Server),
            (Login, 454, "later", Event::Defer, Scope::Server),
            (Sender, 530, "5.7.0 must authenticate", Event::Defer, Scope::Server),
            (Sender, 550, "5.7.30 Basic authentication", Event::Defer, Scope::Server),
            (Data, 250, "out of turn", Event::Defer, Scope::Mail),
            (Answer, 354, "out of turn", Event::Lose, Scope::Mail),
        ] {
            assert_eq!(fate(stage, code, said), (event, scope), "{stage:?} {code} {said}");
        }
    }

    #[test]
    fn a_refused_login_is_explained_in_both_languages() {
        let words = judge(Stage::Login, 535, "Error: authentication failed").words;
        assert!(words.zh.starts_with("535 Error: authentication failed —— ") && words.zh.contains("授权码"));
        assert!(words.en.contains("app password"));
        let words = judge(Stage::Login, 550, "5.7.30 Basic authentication is not supported").words;
        assert!(words.zh.contains("Exchange Online") && words.en.contains("relay"));
    }

    #[test]
    fn the_servers_words_become_one_line() {
        assert_eq!(quoted("a\r\nb\u{1b}[31m"), "a  b [31m");
        assert_eq!(quoted(&"长".repeat(900)).chars().count(), 400);
        assert!(!says("5.7.300 15.7.30", "5.7.30"));
        assert!(says("(5.7.30)", "5.7.30"));
    }
}
