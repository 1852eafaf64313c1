//! Verification lists: what owners are asked to confirm with their customers, and what comes back.
//!
//! Apart because a list that was issued lives longer than a run: it goes out, is worked on for weeks by people with
//! spreadsheets, and returns in every shape. Here are the sheet, its tokens, the reading of returns, and the settling of
//! what several of them say. It knows no configuration, no rule and no dataset: those who call it hand over plain data.

mod answer;
mod changes;
mod form;
mod instructions;
mod judge;
mod letter;
mod look;
mod outdone;
mod progress;
mod returned;
mod round;
mod settle;
pub mod store;
pub mod token;
mod words;

pub use answer::{Answer, Fate, Judged, OTHER, Place};
pub use changes::{Listed, write as write_changes};
pub use form::{Form, write as write_form};
pub use judge::{Bench, judge};
pub use letter::{Letters, Tone, number as letter_number, write as write_letters};
pub use outdone::weigh;
pub use progress::{Line, lines};
pub use returned::{Headers, ReturnedFile, ReturnedRow, read as read_returned};
pub use round::{Batch, Field, Issued, Returns, Round};
pub use settle::{Settled, settle};
pub use words::{Answered, Synonyms, Words};

/// Why a workbook could not be written.
pub type WriteError = rust_xlsxwriter::XlsxError;
