//! The nouns of hedui as plain data: no columns, no files, no clock.
//!
//! Every stage speaks in these; they know no stage.

pub mod dimension;
pub mod finding;
pub mod load_note;
pub mod outcome;
pub mod period;
pub mod severity;
pub mod standard_dimension;
pub mod status;

pub use dimension::Dimension;
pub use finding::{Finding, Fingerprint};
pub use load_note::{SkippedRow, SourceNote};
pub use outcome::{Outcome, RuleOutcome};
pub use period::{Period, PeriodKind};
pub use severity::Severity;
pub use standard_dimension::StandardDimension;
pub use status::Status;
