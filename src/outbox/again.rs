//! Whether a report that was mailed before for the same period is mailed again.
//!
//! Apart because a second run of a period must not be a second mail by accident. It knows the ledger's states, not the
//! ledger.

use super::state::State;

/// An earlier mail of the same job, report, period, department and recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Its number in the ledger.
    pub id: i64,
    /// Its state.
    pub state: State,
    /// The hash of what its reader saw.
    pub content_hash: String,
}

/// What to do with the new mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Queue it, and give up these earlier ones, which nobody has got.
    Enqueue {
        /// The numbers of those that it replaces.
        instead_of: Vec<i64>,
    },
    /// The same content was accepted, or another and no re-sending was asked for.
    AlreadyAccepted,
    /// An earlier one may have arrived: a person decides about that one first.
    InDoubt,
    /// The same content waits already and goes out by itself.
    AlreadyWaiting,
}

/// Decides from all earlier mails, oldest first. `resend` allows a changed content to follow an accepted one.
pub fn decide(earlier: &[Earlier], content_hash: &str, resend: bool) -> Decision {
    let changed = |mail: &Earlier| mail.content_hash != content_hash;
    let latest = |states: &[State]| earlier.iter().rev().find(|mail| states.contains(&mail.state));
    if latest(&[State::Sending, State::Unknown]).is_some_and(|mail| !resend || !changed(mail)) {
        return Decision::InDoubt;
    }
    if latest(&[State::Accepted]).is_some_and(|mail| !resend || !changed(mail)) {
        return Decision::AlreadyAccepted;
    }
    let waiting = [State::Held, State::Planned, State::Deferred];
    if latest(&waiting).is_some_and(|mail| !changed(mail)) {
        return Decision::AlreadyWaiting;
    }
    let replaced = |mail: &&Earlier| waiting.contains(&mail.state) || mail.state == State::Refused;
    Decision::Enqueue { instead_of: earlier.iter().filter(replaced).map(|mail| mail.id).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mails(states: &[(State, &str)]) -> Vec<Earlier> {
        let number = |(index, (state, hash)): (usize, &(State, &str))| Earlier {
            id: i64::try_from(index).expect("small"),
            state: *state,
            content_hash: (*hash).to_owned(),
        };
        states.iter().enumerate().map(number).collect()
    }

    #[test]
    fn what_was_accepted_goes_out_again_only_changed_and_asked_for() {
        let accepted = mails(&[(State::Accepted, "a")]);
        assert_eq!(decide(&accepted, "a", false), Decision::AlreadyAccepted);
        assert_eq!(decide(&accepted, "a", true), Decision::AlreadyAccepted);
        assert_eq!(decide(&accepted, "b", false), Decision::AlreadyAccepted);
        assert_eq!(decide(&accepted, "b", true), Decision::Enqueue { instead_of: vec![] });
    }

    #[test]
    fn the_latest_accepted_counts() {
        let back_and_forth = mails(&[(State::Accepted, "a"), (State::Accepted, "b")]);
        assert_eq!(decide(&back_and_forth, "a", true), Decision::Enqueue { instead_of: vec![] });
    }

    #[test]
    fn doubt_comes_first() {
        for state in [State::Unknown, State::Sending] {
            assert_eq!(decide(&mails(&[(state, "a")]), "a", true), Decision::InDoubt);
            assert_eq!(decide(&mails(&[(state, "a")]), "b", false), Decision::InDoubt);
            assert_eq!(decide(&mails(&[(state, "a")]), "b", true), Decision::Enqueue { instead_of: vec![] });
        }
    }

    #[test]
    fn what_nobody_got_is_replaced_or_left_to_go() {
        assert_eq!(decide(&mails(&[(State::Deferred, "a")]), "a", false), Decision::AlreadyWaiting);
        let earlier = mails(&[(State::Dropped, "a"), (State::Refused, "a"), (State::Planned, "b")]);
        assert_eq!(decide(&earlier, "c", false), Decision::Enqueue { instead_of: vec![1, 2] });
        assert_eq!(decide(&mails(&[(State::Refused, "a")]), "a", false), Decision::Enqueue { instead_of: vec![0] });
        assert_eq!(decide(&[], "a", false), Decision::Enqueue { instead_of: vec![] });
    }
}
