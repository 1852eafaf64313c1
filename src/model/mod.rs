//! The nouns of hedui as plain data: no columns, no files, no clock.
//!
//! Every stage speaks in these; they know no stage.

pub mod changed;
pub mod dimension;
pub mod finding;
pub mod listing;
pub mod load_note;
pub mod measure;
pub mod narrowing;
pub mod outcome;
pub mod period;
pub mod score;
pub mod secrecy;
pub mod severity;
pub mod source_file;
pub mod standard_dimension;
pub mod status;
pub mod tier_standards;
pub mod unit;

pub use changed::{AskedMarks, ChangedRecords, ChangedTable};
pub use dimension::Dimension;
pub use finding::{Finding, Fingerprint};
pub use listing::{
    FigureKind, ListShape, ListedCell, ListedColumn, ListedFigure, ListedKind, ListedRelation, ListedRow, ListedValue,
    Listing,
};
pub use load_note::{SkippedRow, SourceNote};
pub use measure::{Measure, Measures};
pub use narrowing::{NarrowedRows, Narrowing, Test};
pub use outcome::{Outcome, RuleOutcome};
pub use period::{Period, PeriodKind};
pub use score::{PersonScore, Ratio, Score, Scores, Whose};
pub use secrecy::Secrecy;
pub use severity::Severity;
pub use source_file::{FileState, SourceFile};
pub use standard_dimension::StandardDimension;
pub use status::Status;
pub use tier_standards::{TierStandards, TierStep};
pub use unit::Unit;
