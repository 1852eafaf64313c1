//! hedui 核对: **read → type → check → diff → render → enqueue → deliver**.
#![allow(missing_docs)]
pub mod calendar;
pub mod check;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod dataset;
pub mod demo;
pub mod dictionary;
pub mod engine;
pub mod exit_code;
pub mod export;
pub mod folding;
pub mod history;
pub mod lock;
pub mod model;
pub mod params;
pub mod outbox;
pub mod pipeline;
pub mod problem;
pub mod report;
pub mod rule;
pub mod source;
pub mod telemetry;
pub mod text;
pub mod workplace;
