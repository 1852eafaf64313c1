//! The one test binary: it drives the built program as a user or cron would, and never names its crate.
//!
//! Every file that links polars costs hundreds of megabytes; this one links none. What the tests need beside Rust
//! is installed by `tests/services/install.sh`; a test that cannot run fails.

mod architecture;
mod cases;
mod check;
mod company;
mod crash;
mod documents;
mod lint;
mod mail;
mod privacy;
mod python;
mod repeat;
mod reports;
mod rules;
mod server;
mod sources;
mod weeks;
mod workplace;
