//! ENQUEUE and DELIVER of a run: documents become one mail a recipient, queued with the run and tried once each.
//!
//! Apart because what is committed with a run and what is sent of it is decided here: `compose` makes mails, `copies`
//! leaves them in out/, `enqueue` commits them, `waiting` tells which may go out, `deliver` tries those; `caretakers` are
//! told in plain sentences.

mod caretakers;
mod compose;
mod copies;
mod deliver;
mod enqueue;
mod waiting;

pub use caretakers::{Told, tell_caretakers};
pub use compose::{Composing, Outgoing, unaddressed};
pub use copies::{file_name, write_copies, write_copy};
pub use deliver::{Which, deliver_in_time, deliver_some, deliver_which, greet, waiting};
pub use enqueue::enqueue;
