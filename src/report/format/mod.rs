//! Formats: blocks in, bytes or markup out.
//!
//! Apart because a report says what is shown and a format how. A format knows no report and no run.

pub mod encrypted;
pub mod file_names;
pub mod html;
pub mod json;
pub mod sheet;
pub mod style;
pub mod text;
pub mod workbook;

mod card;
mod chart;
mod flow;
mod front;
mod measure;
mod paper;
mod sheet_names;
mod table;
