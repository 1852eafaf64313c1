//! What lists are made from.
//!
//! Apart because every part of a list looks something up in it.

use std::collections::BTreeMap;

use crate::dataset::Dataset;
use crate::engine::{Context, Evaluation};
use crate::model::Finding;
use crate::source::Reading;

/// What lists are made from.
pub struct ListSource<'l> {
    /// The datasets.
    pub datasets: &'l BTreeMap<String, Dataset>,
    /// The rules, the dictionary and the language.
    pub context: &'l Context<'l>,
    /// What was read, and what was not.
    pub reading: &'l Reading,
    /// The outcomes and the failing rows.
    pub evaluation: &'l Evaluation,
    /// The findings that were made of them, in the same order; those that are gone may follow.
    pub findings: &'l [Finding<'l>],
}
