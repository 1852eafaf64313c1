//! The message on its way through an open connection: how far it came, and when to stop waiting.
//!
//! Apart because whether a mail is in doubt hangs on one thing only, whether its final dot may have gone out. It knows
//! no answers and no ledger.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::response::Response;
use tokio::time::timeout;

use super::trouble::Trouble;

/// How many times the usual limit the answer to the final dot may take: giving up early leaves a mail in doubt that
/// the server is still busy accepting.
pub const ANSWER_PATIENCE: u32 = 5;

const PIECE: usize = 64 * 1024;

/// How a handover ended.
pub struct Handover {
    /// Whether the final dot may have gone out.
    pub is_over: bool,
    /// The server's answer, or what came instead.
    pub answer: Result<Response, Trouble>,
}

/// Hands a message over. It may take as long as pieces of it go through; each piece has the limit for itself.
pub async fn hand_over(connection: &mut AsyncSmtpConnection, message: &[u8], limit: Duration) -> Handover {
    // the line break before the final dot is the message's own
    let message = message.strip_suffix(b"\r\n").unwrap_or(message);
    let progress = Progress::default();
    let mut sending = pin!(connection.message_iter(progress.pieces(message)));
    let answer = loop {
        let before = progress.count();
        let patience = if progress.is_over() { ANSWER_PATIENCE } else { 1 };
        match timeout(limit.saturating_mul(patience), sending.as_mut()).await {
            Ok(answer) => break answer.map_err(Trouble::from),
            Err(_) if progress.count() > before => {}
            Err(_) => break Err(Trouble::Silent),
        }
    };
    Handover { is_over: progress.is_over(), answer }
}

/// How much of a message was taken by the connection. The pieces are asked for one by one as they are written, and the
/// final dot is written after the last one was asked for in vain.
#[derive(Default)]
struct Progress {
    count: AtomicUsize,
    over: AtomicBool,
}

impl Progress {
    fn pieces<'a>(&'a self, message: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        let mut pieces = message.chunks(PIECE);
        std::iter::from_fn(move || {
            self.count.fetch_add(1, Ordering::Relaxed);
            let piece = pieces.next();
            self.over.store(piece.is_none(), Ordering::Relaxed);
            piece
        })
    }

    fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }
}
