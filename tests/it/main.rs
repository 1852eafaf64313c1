//! The one test binary: it drives the built program as a user or cron would, and never names its crate.
//!
//! Every file that links polars costs hundreds of megabytes; this one links none. What the tests need beside Rust
//! is installed by `tests/services/install.sh`; a test that cannot run fails.
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "tests ask for seeds, and print them")]

mod access;
mod accounts;
mod again;
mod analysis;
mod architecture;
mod cases;
mod cells;
mod changes;
mod check;
mod company;
mod configuration;
mod corpus;
mod crash;
mod database_failures;
mod databases;
mod documents;
mod duplicates;
mod guards;
mod lint;
mod lists;
mod looked_at;
mod looks;
mod mail;
mod mutation;
mod outbox;
mod own_rules;
mod packs;
mod page;
mod pages;
mod persons;
mod privacy;
mod profile;
mod python;
mod recipe;
mod reconcile;
mod release;
mod repeat;
mod reports;
mod rules;
mod same_company;
mod scores;
mod server;
mod server_database;
mod sources;
mod upcoming;
mod verify;
mod weeks;
mod workplace;
