//! hedui 核对: checks a company's customer records against its policies and mails every department its work.
//!
//! The whole program is one sentence:
//!
//! > **read → type → check → diff → render → enqueue → deliver**
//!
//! [`pipeline`] is that sentence as code. Each verb is a stage that knows nothing of the ones after it; `pipeline`
//! hands values from one to the next.
//!
//! # The map
//!
//! | verb | module | what comes out |
//! | --- | --- | --- |
//! | read | [`source`] | the cells of every sheet, file and query as typed, with their places and load notes |
//! | type | [`dataset`] (by [`dictionary`] and [`folding`]) | one dataset a table: typed, folded, and as a value |
//! | check | [`check`], [`rule`], [`engine`] | an outcome a rule, the rows that fail, and findings made of them |
//! | diff | [`history`], [`compare`] | what became of each finding and each cell since the run compared with, and the store |
//! | render | [`report`], [`page`] | workbooks and mails as bytes; the page of all runs |
//! | enqueue, deliver | [`outbox`] | a ledger entry a recipient, committed with the run, and what the server said |
//!
//! Around them: [`commands`] carry out what [`cli`] allows and end in an [`exit_code`]; [`workplace`] loads what a
//! user wrote ([`config`], rules, [`calendar`], templates) through [`params`], over what is built in ([`overlay`]),
//! with every [`problem`] at its line; [`export`] writes findings for scripts; [`demo`] makes up a company. [`model`]
//! holds the nouns, [`text`] the sentences in both languages; [`schedule`] tells when jobs fall due; [`matching`] finds
//! customers entered twice; [`clock`], [`lock`], [`heartbeat`] and [`telemetry`] are what their names say; [`profile`]
//! tells what a source holds before there are rules; [`doctor`] whether a workplace is fit to run.
//!
//! # What always holds, and what keeps it
//!
//! 1. A dataset's rules run in one plan, collected in one place: `engine::execute`. A check describes and touches no
//!    data. *(the types: a check gives expressions)*
//! 2. The clock is read in [`clock`], the environment in [`config::secrets`], nowhere else. *(clippy.toml)*
//! 3. Only [`commands`] print; only `outbox::transport` opens a connection to a mail server; a format returns bytes.
//!    *(clippy's print lints)*
//! 4. Bad data is a finding, a mistake in a file is a problem with its line, a dead source is a load note with an
//!    error; none turns into another. *(three types)*
//! 5. Not evaluated is neither passed nor resolved. *(property tests of [`history::diff`])*
//! 6. The same inputs, as-of date and earlier state give the same findings, workbooks and decoded mails. *(ordered
//!    maps, which clippy insists on; a test that runs twice)*
//! 7. No customer's value is logged: counts, ids and places only. *([`telemetry`] lets no library speak; a test reads
//!    the log)*
//! 8. Nothing is sent that was not first committed to the outbox in the transaction that stores its run, and nothing
//!    is sent twice without a person's word. *(`outbox::State` as a pure function under property tests; a test that
//!    kills the program)*
//! 9. Nothing is dropped silently: rows read = rows checked + rows skipped, each skip with its reason. *(load notes)*
//! 10. Sources are only read. *(files opened for reading, databases read-only)*
//!
//! ARCHITECTURE.md tells who may import whom and follows one cell through all stages.

pub mod analysis;
pub mod calendar;
pub mod check;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod compare;
pub mod config;
pub mod dataset;
pub mod demo;
pub mod dictionary;
pub mod doctor;
pub mod engine;
pub mod exit_code;
pub mod export;
pub mod folding;
pub mod heartbeat;
pub mod history;
pub mod lock;
pub mod masking;
pub mod matching;
pub mod model;
pub mod outbox;
pub mod overlay;
pub mod page;
pub mod params;
pub mod pipeline;
pub mod problem;
pub mod profile;
pub mod report;
pub mod rule;
pub mod schedule;
pub mod source;
pub mod telemetry;
pub mod text;
pub mod verify;
pub mod workplace;
