//! The ledger and its mails as `hedui outbox` shows them: lines for people, an array or an object for scripts.
//!
//! Apart because what is shown changes nothing. It asks no database.

use serde_json::Value;

use crate::commands::talk::Talk;
use crate::outbox::{self, Delivery, State};

/// The ledger, a line or an object a delivery.
pub fn list(all: &[Delivery], talk: &Talk) {
    if talk.is_json() {
        out!("{:#}", serde_json::to_value(all).unwrap_or(Value::Null));
        return;
    }
    for delivery in all {
        out!("{}", line(delivery));
    }
}

/// What a command did to deliveries: an array for scripts. People are told on stderr.
pub fn touched(deliveries: &[Delivery], talk: &Talk) {
    if talk.is_json() {
        list(deliveries, talk);
    }
}

fn line(delivery: &Delivery) -> String {
    let Delivery { id, state, period, report, recipient, attempts, last_reply, next_try_at, .. } = delivery;
    let next = if *state == State::Deferred { format!("  → {next_try_at}") } else { String::new() };
    format!("{id}  {state}  {period}  {report}  {recipient}  {attempts}{next}  {last_reply}")
}

/// One delivery with its mail.
pub fn show(delivery: &Delivery, message: Option<&[u8]>, talk: &Talk) {
    let message = message.map(String::from_utf8_lossy);
    let mut json = serde_json::to_value(delivery).unwrap_or(Value::Null);
    if talk.is_json() {
        json["message"] = message.map_or(Value::Null, |message| message.into_owned().into());
        out!("{json:#}");
        return;
    }
    if let Value::Object(fields) = &json {
        for (name, value) in fields {
            out!("{name}: {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        }
    }
    let Some(message) = message else { return };
    let read = outbox::reading::read(message.as_bytes());
    out!("");
    for (name, value) in &read.headers {
        out!("{name}: {value}");
    }
    for file in &read.files {
        out!("[{file}]");
    }
    out!("\n{}", read.text);
}
