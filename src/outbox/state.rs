//! The life of a delivery as a pure function: which event may follow which state, and when the next try is due.
//!
//! Apart because losing or doubling a mail is decided here, so that it can be tested without server or database. It
//! knows no SMTP and no clock.

use std::fmt;
use std::num::NonZeroU32;

use chrono::{DateTime, FixedOffset, TimeDelta};
use serde::Serialize;

/// Where a mail stands between being written and being in the other server's hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Waits for a person's approval.
    Held,
    /// To be sent as soon as possible.
    Planned,
    /// Its bytes may be on their way at this moment; after a crash nobody knows how far they came.
    Sending,
    /// Taken over by the server, in its own words.
    Accepted,
    /// Turned down for good: somebody has to change something.
    Refused,
    /// Not sent, surely; tried again later.
    Deferred,
    /// The bytes went out and no answer came: sent or not, only a person can find out.
    Unknown,
    /// Given up on purpose.
    Dropped,
}

impl State {
    /// All of them.
    pub const ALL: [State; 8] = [
        State::Held,
        State::Planned,
        State::Sending,
        State::Accepted,
        State::Refused,
        State::Deferred,
        State::Unknown,
        State::Dropped,
    ];

    /// The word of the ledger and of JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Held => "held",
            State::Planned => "planned",
            State::Sending => "sending",
            State::Accepted => "accepted",
            State::Refused => "refused",
            State::Deferred => "deferred",
            State::Unknown => "unknown",
            State::Dropped => "dropped",
        }
    }

    /// The state of a word, if it is one.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether the mail should have arrived and did not, as far as is known: exit code 4.
    pub fn is_undelivered(self) -> bool {
        matches!(self, State::Planned | State::Sending | State::Refused | State::Deferred | State::Unknown)
    }

    /// Whether the bytes are of no more use: nothing leads out of these states.
    pub fn is_final(self) -> bool {
        matches!(self, State::Accepted | State::Dropped)
    }
}

impl fmt::Display for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What happens to a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A person approves a held mail.
    Release,
    /// The next thing on the wire is the first byte of the message.
    Begin,
    /// Written where writing it again would do no harm (a file): there is no doubt to guard against.
    Written,
    /// The server took it over.
    Accept,
    /// The server turned it down for good.
    Refuse,
    /// It surely did not arrive, and may another time.
    Defer,
    /// The final dot went out and no answer came back.
    Lose,
    /// A person wants it tried now.
    Retry,
    /// A person, or a later revision, gives it up.
    Drop,
}

#[cfg(test)]
impl Event {
    /// All of them.
    const ALL: [Event; 9] = [
        Event::Release,
        Event::Begin,
        Event::Written,
        Event::Accept,
        Event::Refuse,
        Event::Defer,
        Event::Lose,
        Event::Retry,
        Event::Drop,
    ];
}

/// What the ledger says about the next step of one delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The state.
    pub state: State,
    /// How often a try was made, this one included.
    pub attempts: u32,
    /// Not before this; nothing where no try is planned or none has to wait.
    pub next_try_at: Option<DateTime<FixedOffset>>,
}

/// An event that cannot follow a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{event:?} cannot follow {state}")]
pub struct NotAllowed {
    /// The state that it was in.
    pub state: State,
    /// What was to happen.
    pub event: Event,
}

/// The waits after the first, second and third failed try; the last one goes on for ever.
const WAITS: [TimeDelta; 4] =
    [TimeDelta::minutes(2), TimeDelta::minutes(10), TimeDelta::minutes(30), TimeDelta::minutes(60)];

/// How long to wait after so many tries.
pub fn backoff(attempts: u32) -> TimeDelta {
    let index = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    WAITS.get(index).copied().unwrap_or(WAITS[WAITS.len() - 1])
}

impl Standing {
    /// A fresh entry of the ledger.
    pub fn new(held: bool) -> Self {
        let state = if held { State::Held } else { State::Planned };
        Self { state, attempts: 0, next_try_at: None }
    }

    /// What becomes of a delivery; an error where the event cannot happen to it.
    pub fn after(self, event: Event, now: DateTime<FixedOffset>) -> Result<Self, NotAllowed> {
        use State::{Accepted, Deferred, Dropped, Held, Planned, Refused, Sending, Unknown};
        let state = match (self.state, event) {
            (Held, Event::Release) => Planned,
            (Planned | Deferred, Event::Begin) => Sending,
            (Planned | Deferred, Event::Written) | (Sending, Event::Accept) => Accepted,
            (Planned | Deferred | Sending, Event::Refuse) => Refused,
            (Planned | Deferred | Sending, Event::Defer) => Deferred,
            (Sending, Event::Lose) => Unknown,
            (Refused | Deferred | Unknown, Event::Retry) => Planned,
            (Held | Planned | Refused | Deferred | Unknown, Event::Drop) => Dropped,
            (state, event) => return Err(NotAllowed { state, event }),
        };
        let is_try = matches!(event, Event::Begin | Event::Written | Event::Refuse | Event::Defer);
        // a try that got as far as the bytes was counted when they went out
        let attempts = self.attempts.saturating_add(u32::from(is_try && self.state != Sending));
        let next_try_at = (state == Deferred).then(|| now.checked_add_signed(backoff(attempts)).unwrap_or(now));
        Ok(Self { state, attempts, next_try_at })
    }

    /// What a trouble that may pass comes to: another try, or, where that was the last of a course of so many, none until
    /// a person asks for the next course.
    pub fn put_off(&self, tries: Option<NonZeroU32>) -> Event {
        let made = self.attempts.saturating_add(u32::from(self.state != State::Sending));
        if tries.is_some_and(|tries| made % tries == 0) { Event::Refuse } else { Event::Defer }
    }

    /// Whether it is to be tried by itself now. A moment further off than the longest wait was written under a clock
    /// that ran ahead: it is not waited for.
    pub fn is_due(&self, now: DateTime<FixedOffset>) -> bool {
        let waits = self.next_try_at.is_some_and(|at| at > now && at - now <= WAITS[WAITS.len() - 1]);
        matches!(self.state, State::Planned | State::Deferred) && !waits
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn moment(seconds: i64) -> DateTime<FixedOffset> {
        DateTime::from_timestamp(seconds, 0).expect("a moment").fixed_offset()
    }

    #[test]
    fn waits_grow_to_an_hour() {
        let minutes: Vec<i64> = (0..7).map(|attempts| backoff(attempts).num_minutes()).collect();
        assert_eq!(minutes, [2, 2, 10, 30, 60, 60, 60]);
        assert_eq!(backoff(u32::MAX).num_minutes(), 60);
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for state in State::ALL {
            assert_eq!(State::from_word(state.as_str()), Some(state));
        }
        assert_eq!(State::from_word("sent"), None);
    }

    proptest! {
        #[test]
        fn no_history_sends_twice_without_a_person(
            held: bool,
            steps in prop::collection::vec((0usize..Event::ALL.len(), 0i64..10_000), 0..60),
        ) {
            let mut standing = Standing::new(held);
            let mut now = 1_790_000_000;
            // what may be in the recipient's mailbox without the ledger's being sure of it
            let mut in_doubt = false;
            let (mut delivered, mut tries) = (0, 0);
            for (index, later) in steps {
                now += later;
                let (event, before) = (Event::ALL[index], standing);
                let Ok(after) = standing.after(event, moment(now)) else { continue };
                standing = after;
                prop_assert!(!before.state.is_final());
                match event {
                    Event::Begin => {
                        prop_assert!(!in_doubt && delivered == 0, "bytes go out of a mail that may be there already");
                        in_doubt = true;
                    }
                    // the server said no, or a person has looked
                    Event::Refuse | Event::Defer | Event::Retry => in_doubt = false,
                    Event::Accept | Event::Written => (in_doubt, delivered) = (false, delivered + 1),
                    Event::Release | Event::Lose | Event::Drop => {}
                }
                tries += u32::from(event == Event::Begin
                    || before.state != State::Sending && matches!(event, Event::Written | Event::Refuse | Event::Defer));
                prop_assert!(delivered <= 1);
                prop_assert_eq!(after.attempts, tries);
                prop_assert!(!in_doubt || matches!(after.state, State::Sending | State::Unknown | State::Dropped));
                prop_assert_eq!(delivered == 1, after.state == State::Accepted);
                prop_assert_eq!(after.next_try_at.is_some(), after.state == State::Deferred);
            }
        }

        #[test]
        fn a_held_mail_goes_out_only_after_a_release(steps in prop::collection::vec(0usize..Event::ALL.len(), 0..60)) {
            let (mut standing, mut released) = (Standing::new(true), 0);
            for index in steps {
                let event = Event::ALL[index];
                let Ok(after) = standing.after(event, moment(0)) else { continue };
                if standing.state == State::Held {
                    prop_assert!(matches!((event, after.state), (Event::Release, State::Planned) | (Event::Drop, State::Dropped)));
                }
                released += u32::from(event == Event::Release);
                standing = after;
                prop_assert!(released <= 1, "approved once");
                let left = !matches!(standing.state, State::Held | State::Dropped);
                prop_assert!(!left || released == 1, "{} without a release", standing.state);
                prop_assert!(!(released == 1 && standing.state == State::Held));
                prop_assert!(released == 1 || standing.attempts == 0);
                prop_assert!(released == 1 || !standing.is_due(moment(0)) && !standing.state.is_undelivered());
            }
        }

        #[test]
        fn nothing_is_held_again(index in 0usize..8, event in 0usize..Event::ALL.len()) {
            let standing = Standing { state: State::ALL[index], attempts: 1, next_try_at: None };
            let after = standing.after(Event::ALL[event], moment(0));
            prop_assert!(after.is_err() || after.is_ok_and(|after| after.state != State::Held));
        }

        #[test]
        fn a_deferred_mail_is_tried_within_the_hour_whatever_the_clock_did(
            attempts in 0u32..9, seconds in 0i64..4_000_000_000, jump in -2_000_000_000i64..2_000_000_000,
        ) {
            let planned = Standing { state: State::Planned, attempts, next_try_at: None };
            let deferred = planned.after(Event::Defer, moment(seconds)).expect("allowed");
            let after_jump = seconds + jump;
            let due = [0, 3600].map(|wait| deferred.is_due(moment(after_jump + wait)));
            prop_assert!(due[0] || due[1]);
            prop_assert!(!deferred.is_due(moment(seconds + 119)));
            prop_assert!(deferred.is_due(moment(seconds + 3600)));
        }

        #[test]
        fn tries_end_at_the_limit_and_go_on_when_a_person_asks(tries in 1u32..200, begins: bool) {
            let limit = NonZeroU32::new(tries);
            let mut standing = Standing::new(false);
            for course in 1..=3u32 {
                for made in 1..=tries {
                    if begins {
                        standing = standing.after(Event::Begin, moment(0)).expect("allowed");
                    }
                    let event = standing.put_off(limit);
                    prop_assert_eq!(event == Event::Refuse, made == tries);
                    prop_assert_eq!(standing.put_off(None), Event::Defer);
                    standing = standing.after(event, moment(0)).expect("allowed");
                }
                prop_assert_eq!((standing.state, standing.attempts), (State::Refused, course * tries));
                standing = standing.after(Event::Retry, moment(0)).expect("allowed");
            }
        }

        #[test]
        fn only_waiting_mails_are_due(index in 0usize..8, attempts in 0u32..9) {
            let standing = Standing { state: State::ALL[index], attempts, next_try_at: None };
            prop_assert_eq!(standing.is_due(moment(0)), matches!(standing.state, State::Planned | State::Deferred));
        }
    }
}
