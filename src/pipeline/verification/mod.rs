//! Verification in the sentence: lists issued from what was read, returns taken in, and what they say fed to the next run.
//!
//! Apart because lists live between runs. What a list looks like and how returns are settled, `verify` knows; here data,
//! configuration and store are handed to it.

mod corrections;
mod feed;
mod groups;
mod issue;
mod letters;
mod list;
mod made;
mod output;
mod progress;
mod record;
mod rounds;
mod sealed;
mod take_in;
mod taken_file;
mod terms;

pub use feed::{TABLE as FED, apply, waiting};
pub use issue::{make, remember};
pub use letters::{letters, remember_numbers};
pub use made::{By, IssueError, IssueRequest, Made};
pub use output::write;
pub use progress::{OfRun, Status, of_run, status};
pub use rounds::{look, periods, returns};
pub use sealed::{seal, seal_lists};
pub use take_in::{TakeIn, TakenIn, take_in};
pub use taken_file::TakenFile;
