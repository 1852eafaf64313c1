//! DIFF and the store: what runs saw, what became of each finding, and what of it is kept.
//!
//! Apart because it alone remembers. Bulk facts are Parquet files, decisions are rows of SQLite, and the transaction
//! that commits a run names its files.

pub mod bulk;
pub mod changes;
pub mod database;
pub mod delivered;
pub mod diff;
pub mod figures;
pub mod files;
pub mod health;
pub mod purged;
pub mod retention;
pub mod rows;
pub mod scores;
pub mod snapshot;
pub mod snapshots;
pub mod store;
pub mod trouble;
