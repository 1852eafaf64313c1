//! What a mail server's answer means for a mail: gone for good, another time, or nothing to do with this mail at all.
//!
//! Apart because the codes are a matter of reading standards and of what hosts in China really answer, not of
//! connections. It knows no network.

use super::explanation::{explain, is_about_pace};
use super::state::Event;
use crate::text::Text;

/// What was being said to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Connecting, encryption, greeting.
    Connect,
    /// User name and password.
    Login,
    /// User name and access token.
    Token,
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
    /// This mail; where the next one fails likewise, every mail of this round.
    Repeated,
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
    if matches!(stage, Stage::Connect | Stage::Login | Stage::Token) || is_about_login(code, &said) {
        return Failure::server(words);
    }
    // whoever is too fast is not helped by the next mail either
    let scope = if is_about_pace(&said) { Scope::Server } else { Scope::Mail };
    match code {
        500..=599 if !is_passing(&said) => Failure { event: Event::Refuse, scope, words },
        400..=599 => Failure { event: Event::Defer, scope, words },
        // an answer out of turn: the two sides no longer speak of the same thing
        _ if stage == Stage::Answer => Failure::lost(words),
        _ => Failure::mail(words),
    }
}

/// Whether the enhanced status code that an answer begins with tells of a trouble that passes, whatever the plain code says.
fn is_passing(said: &str) -> bool {
    let first = said.split(|letter: char| letter.is_whitespace() || letter == '-').next().unwrap_or_default();
    let mut numbers = first.split('.');
    let is_number = |part: Option<&str>| part.is_some_and(|part| part.len() <= 3 && part.parse::<u16>().is_ok());
    numbers.next() == Some("4") && is_number(numbers.next()) && is_number(numbers.next()) && numbers.next().is_none()
}

/// A server's words as the ledger keeps them: one line of bounded length.
pub fn quoted(said: &str) -> String {
    let plain: String = said.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(400).collect();
    plain.trim().to_owned()
}

/// Whether the enhanced status code stands in the words.
pub(super) fn says(said: &str, enhanced: &str) -> bool {
    said.split(|letter: char| !letter.is_ascii_digit() && letter != '.').any(|word| word == enhanced)
}

fn is_about_login(code: u16, said: &str) -> bool {
    matches!(code, 530 | 534 | 535 | 538) || ["5.7.30", "5.7.57"].into_iter().any(|known| says(said, known))
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
            (Recipient, 550, "4.7.1 greylisted, come again", Event::Defer, Scope::Mail),
            (Recipient, 450, "5.1.1 unknown", Event::Defer, Scope::Mail),
            (Recipient, 550, "4.x no code", Event::Refuse, Scope::Mail),
            (Answer, 451, "MI:SFQ 163 smtp1", Event::Defer, Scope::Server),
            (Answer, 554, "Reject by behaviour spam: too frequently sending", Event::Refuse, Scope::Server),
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
