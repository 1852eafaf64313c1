//! ENQUEUE and DELIVER: mails are committed to a ledger with the run that made them, then sent one by one.
//!
//! Apart because nothing may be lost or doubled here, whatever happens elsewhere. It knows no rules and no findings.
//!
//! The one moment of doubt is between the first byte of a message and the server's answer. A delivery is committed as
//! *sending* right before that moment and settled right after it; who is killed in between leaves an *unknown*, which
//! is never sent again by itself.

pub mod address;
mod again;
mod attachment;
mod deliver;
mod delivery;
mod door;
mod explanation;
pub mod hosts;
mod identity;
#[cfg(test)]
mod ledger_test;
mod message;
pub mod reading;
pub mod register;
pub mod release;
mod reply;
mod state;
pub mod store;
pub mod transport;

pub use again::{Decision, Earlier, decide};
pub use deliver::{DeliverError, DeliveryReport, Round, Tried, deliver};
pub use delivery::{Delivery, FileNote, Files, Filter, Key, NewDelivery, Settled};
pub use identity::{Identity, content_hash, message_id};
pub use message::{Mail, MessageError, render};
pub use state::{Event, NotAllowed, Standing, State, backoff};
pub use store::StoreError;
pub use transport::{Secret, Security, SmtpSettings, Token, Transport};
