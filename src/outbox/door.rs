//! What one failure of a round says about the mails after it: whether the server is worth another knock, and whether a mail
//! has had its tries.
//!
//! Apart because it decides over mails that nobody has tried, from what became of others. It knows no connection.

use std::num::NonZeroU32;

use super::reply::{Failure, Scope};
use super::state::{Event, Standing};
use crate::text;
use crate::text::Text;

/// What the failures of a round say about the mails after them.
#[derive(Default)]
pub struct Door {
    /// Whether a mail was tried.
    pub was_knocked_at: bool,
    /// Why the others need not be.
    closed: Option<Text>,
    /// Whether the last mail failed in a way that may be the server's.
    is_doubtful: bool,
}

impl Door {
    /// What becomes of a mail that is not even tried.
    pub fn closed(&self) -> Option<Failure> {
        self.closed.clone().map(Failure::server)
    }

    /// The event that a try comes to, and the words for it.
    pub fn judge(
        &mut self,
        ended: Result<(Event, Text), Failure>,
        before: Standing,
        tries: Option<NonZeroU32>,
    ) -> (Event, Text) {
        let Failure { event, scope, words } = match ended {
            Ok(well) => {
                self.is_doubtful = false;
                return well;
            }
            Err(failure) => failure,
        };
        let again = scope == Scope::Repeated;
        if scope == Scope::Server || (again && self.is_doubtful) {
            self.closed = Some(words.clone());
        }
        self.is_doubtful = again;
        match (event, before.put_off(tries)) {
            (Event::Defer, Event::Refuse) => (Event::Refuse, given_up(words, tries)),
            _ => (event, words),
        }
    }
}

fn given_up(Text { zh, en }: Text, tries: Option<NonZeroU32>) -> Text {
    let tries = tries.map_or(0, NonZeroU32::get);
    text!(
        "{zh};已试满 {tries} 次,不再自动重试,排除原因后请用 hedui outbox retry",
        "{en}; tried {tries} times, not tried again by itself: mend the cause, then hedui outbox retry"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(door: &mut Door, scope: Scope, event: Event) -> Event {
        let failure = Failure { event, scope, words: Text::same("no") };
        door.judge(Err(failure), Standing::new(false), None).0
    }

    #[test]
    fn the_server_is_left_alone_after_its_own_failures_only() {
        let mut door = Door::default();
        assert_eq!(tried(&mut door, Scope::Mail, Event::Refuse), Event::Refuse);
        assert_eq!(tried(&mut door, Scope::Repeated, Event::Defer), Event::Defer);
        assert_eq!(tried(&mut door, Scope::Mail, Event::Defer), Event::Defer);
        assert_eq!(tried(&mut door, Scope::Repeated, Event::Defer), Event::Defer);
        let well = door.judge(Ok((Event::Accept, Text::same("250"))), Standing::new(false), None);
        assert_eq!((well.0, tried(&mut door, Scope::Repeated, Event::Defer)), (Event::Accept, Event::Defer));
        assert_eq!(door.closed(), None);
        tried(&mut door, Scope::Repeated, Event::Defer);
        assert_eq!(door.closed().map(|failure| failure.event), Some(Event::Defer));
    }

    #[test]
    fn a_mail_that_is_not_tried_is_put_off_even_where_the_one_before_it_was_refused() {
        let mut door = Door::default();
        assert_eq!(tried(&mut door, Scope::Server, Event::Refuse), Event::Refuse);
        assert_eq!(door.closed().map(|failure| failure.event), Some(Event::Defer));
    }
}
