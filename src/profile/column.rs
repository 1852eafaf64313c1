//! The facts of one column: what is filled, how often what stands there, what it looks like, how far it reaches.
//!
//! Apart because it is one pass over the cells, whatever is made of it. It suggests nothing, and no value leaves it that
//! is not masked.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{NaiveDate, TimeDelta};
use rust_decimal::Decimal;
use serde::Serialize;

use super::content::Content;
use super::matching::is_other;
use super::shape;
use crate::dataset::{Column, typing};
use crate::dictionary::{Field, FieldType};
use crate::masking::{Mask, scrubbed};

/// Shapes and looks are taken of at most so many cells, evenly spread.
const SAMPLE: usize = 100_000;
/// At most so many different values are counted one by one.
const FEW: usize = 50;
/// At most so many different shapes are counted one by one.
const SHAPES: usize = 2_000;
/// At most so many shapes are told.
const SHOWN_SHAPES: usize = 5;
/// At most so many examples are shown, each of at most so many letters.
const EXAMPLES: usize = 3;
const LONGEST_EXAMPLE: usize = 24;
/// From this share on a column is taken for what its cells look like.
const MOSTLY: f64 = 0.6;
/// From this share on a column of a known field holds names, although the dictionary does not say so.
const NEARLY_ALL: f64 = 0.9;
/// From this share on single cells of an unknown column are masked as what they look like.
const SOME: f64 = 0.2;

/// A number of cells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// What they have in common.
    pub value: String,
    /// How many they are.
    pub count: u64,
}

/// What a share of the cells looks like.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Likeness {
    /// What they look like.
    pub content: Content,
    /// The share of the filled cells that were looked at, 0 to 1.
    pub share: f64,
}

/// What one pass over a column finds.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Facts {
    /// Rows that were checked.
    pub rows: u64,
    /// Cells with a value.
    pub filled: u64,
    /// Different values, once folded.
    pub distinct: u64,
    /// Filled cells whose value another cell has too.
    pub repeated: u64,
    /// Cells with a text that counts as no value.
    pub placeholders: Vec<Count>,
    /// Cells whose text is no value of the field's type.
    pub unreadable: u64,
    /// Their shapes.
    pub unreadable_shapes: Vec<Count>,
    /// Numbers that have lost digits.
    pub damaged: u64,
    /// What most cells look like.
    pub likeness: Option<Likeness>,
    /// The commonest shapes.
    pub shapes: Vec<Count>,
    /// How many cells were looked at for shapes and looks.
    pub sampled: u64,
    /// The earliest day or smallest number.
    pub least: Option<String>,
    /// The latest day or largest number.
    pub most: Option<String>,
    /// The day than which nineteen of twenty are later.
    pub old: Option<String>,
    /// The fewest and most letters of a value.
    pub lengths: Option<(usize, usize)>,
    /// All values with their counts where there are few and none is personal.
    pub values: Vec<Count>,
    /// Some values, masked.
    pub examples: Vec<String>,
    /// Whether values are masked.
    pub is_personal: bool,
}

/// Looks at a column once.
pub fn facts(column: &Column, field: &Field) -> Facts {
    let rows = column.folded.len();
    let mut facts = Facts { rows: rows as u64, damaged: column.damaged.len() as u64, ..Facts::default() };
    facts.placeholders = placeholders(column);
    let filled = rows - column.folded.null_count();
    facts.filled = filled as u64;
    if let Some(value) = &column.value {
        facts.unreadable = (value.null_count() - column.folded.null_count()) as u64;
    }
    let texts = || column.folded.iter().flatten();
    (facts.distinct, facts.repeated) = distinct(texts().map(hashed).collect());
    let lengths = texts().map(|text| text.chars().count());
    facts.lengths = lengths.fold(None, |range, length| match range {
        None => Some((length, length)),
        Some((least, most)) => Some((length.min(least), length.max(most))),
    });
    let step = filled.div_ceil(SAMPLE).max(1);
    let sample: Vec<&str> = texts().step_by(step).collect();
    facts.sampled = sample.len() as u64;
    let looks = looks(&sample, field);
    facts.likeness = looks.first().copied().filter(|likeness| likeness.share >= MOSTLY);
    let shapes_of =
        |texts: &[&str]| commonest(counted(texts.iter().map(|text| Cow::Owned(shape::of(text))), SHAPES), SHOWN_SHAPES);
    facts.shapes = shapes_of(&sample);
    range(&mut facts, field, &texts().collect::<Vec<_>>());
    if facts.unreadable > 0 {
        let wrong: Vec<&str> = sample.iter().copied().filter(|text| !reads(field.field_type, text)).collect();
        facts.unreadable_shapes = shapes_of(&wrong);
    }
    let shown = Shown { mask: mask(field, &looks), looks: &looks };
    facts.is_personal = shown.mask.is_some();
    if !facts.is_personal && facts.distinct <= FEW as u64 {
        let values = counted(texts().map(Cow::Borrowed), FEW);
        facts.values =
            commonest(values, FEW).into_iter().map(|count| Count { value: shown.one(&count.value), ..count }).collect();
    }
    facts.examples = examples(&sample, &shown);
    facts
}

/// The number of different values, and how many cells share theirs with another.
pub(super) fn distinct(mut hashes: Vec<u64>) -> (u64, u64) {
    hashes.sort_unstable();
    hashes.chunk_by(|left, right| left == right).fold((0, 0), |(distinct, repeated), same| {
        (distinct + 1, repeated + if same.len() > 1 { same.len() as u64 } else { 0 })
    })
}

/// A number that stands for a text; two texts with one are rarer than broken memory.
pub fn hashed(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn placeholders(column: &Column) -> Vec<Count> {
    let words = column.placeholders().map(|(_, text)| Cow::Owned(crate::folding::fold(text).into_owned()));
    commonest(counted(words.filter(|word: &Cow<'_, str>| !word.is_empty()), FEW), SHOWN_SHAPES)
}

/// How often each text occurs, of the first so many different ones.
fn counted<'t>(texts: impl Iterator<Item = Cow<'t, str>>, most: usize) -> BTreeMap<Cow<'t, str>, u64> {
    let mut counts: BTreeMap<Cow<'t, str>, u64> = BTreeMap::new();
    for text in texts {
        if let Some(count) = counts.get_mut(&text) {
            *count += 1;
        } else if counts.len() < most {
            counts.insert(text, 1);
        }
    }
    counts
}

fn commonest(counts: BTreeMap<Cow<'_, str>, u64>, most: usize) -> Vec<Count> {
    let mut counts: Vec<Count> =
        counts.into_iter().map(|(value, count)| Count { value: value.into_owned(), count }).collect();
    counts.sort_by(|left, right| right.count.cmp(&left.count).then_with(|| left.value.cmp(&right.value)));
    counts.truncate(most);
    counts
}

/// What shares of the texts look like, the largest first. Names of persons and places are guessed at with care where the
/// dictionary says what stands there: some words look like them.
fn looks(sample: &[&str], field: &Field) -> Vec<Likeness> {
    let mut counts: BTreeMap<Content, u64> = BTreeMap::new();
    for content in sample.iter().filter_map(|text| Content::of(text)) {
        *counts.entry(content).or_insert(0) += 1;
    }
    let all = sample.len().max(1) as f64;
    let mut looks: Vec<Likeness> =
        counts.into_iter().map(|(content, count)| Likeness { content, share: count as f64 / all }).collect();
    let is_vague = |content: Content| matches!(content, Content::Person | Content::Place) && !content.suits(field);
    looks.retain(|likeness| is_other(&field.name) || !is_vague(likeness.content) || likeness.share >= NEARLY_ALL);
    looks.sort_by(|left, right| right.share.total_cmp(&left.share));
    looks
}

fn reads(field_type: FieldType, text: &str) -> bool {
    match field_type {
        FieldType::Text => true,
        FieldType::Date | FieldType::DateTime => typing::datetime(text).is_some(),
        FieldType::Decimal => typing::decimal(text).is_some(),
    }
}

/// How far days and numbers reach, of a column that has them by its type or by its looks.
fn range(facts: &mut Facts, field: &Field, texts: &[&str]) {
    let looks = facts.likeness.map(|likeness| likeness.content);
    match (field.field_type, looks) {
        (FieldType::Date | FieldType::DateTime, _) | (FieldType::Text, Some(Content::Date)) => {
            let mut days: Vec<i32> = texts.iter().filter_map(|text| typing::date(text)).collect();
            days.sort_unstable();
            let shown = |day: Option<&i32>| {
                let day = NaiveDate::default().checked_add_signed(TimeDelta::days(i64::from(*day?)));
                day.map(|day| day.to_string())
            };
            (facts.least, facts.most) = (shown(days.first()), shown(days.last()));
            facts.old = shown(days.get(days.len() / 20));
        }
        (FieldType::Decimal, _) | (FieldType::Text, Some(Content::Number)) if !field.code => {
            let numbers = || texts.iter().filter_map(|text| typing::decimal(text));
            let shown = |number: Option<Decimal>| number.map(|number| number.normalize().to_string());
            (facts.least, facts.most) = (shown(numbers().min()), shown(numbers().max()));
        }
        _ => {}
    }
}

/// The mask of a column: its field's, else that of what some of its cells look like.
fn mask(field: &Field, looks: &[Likeness]) -> Option<Mask> {
    let seen = looks.iter().filter(|likeness| likeness.share >= SOME).find_map(|likeness| likeness.content.mask());
    field.mask.or(seen)
}

/// How values are shown.
struct Shown<'l> {
    mask: Option<Mask>,
    looks: &'l [Likeness],
}

impl Shown<'_> {
    fn one(&self, text: &str) -> String {
        let masked = match self.mask {
            // Of a column that holds several sorts each value is masked as what it is.
            Some(mask) => {
                let own = Content::of(text).filter(|_| self.looks.len() > 1).and_then(Content::mask);
                own.unwrap_or(mask).apply(text)
            }
            None => match Content::of(text).filter(|content| *content != Content::Person).and_then(Content::mask) {
                Some(mask) => mask.apply(text),
                None => scrubbed(text).into_owned(),
            },
        };
        let line: String = masked.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        match line.char_indices().nth(LONGEST_EXAMPLE) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None => line,
        }
    }
}

/// The first, the middle and the last of the sample, masked, each once.
fn examples(sample: &[&str], shown: &Shown) -> Vec<String> {
    let places = [0, sample.len() / 2, sample.len().saturating_sub(1)];
    let mut examples: Vec<String> = Vec::new();
    for text in places.into_iter().filter_map(|place| sample.get(place)) {
        let masked = shown.one(text);
        if !examples.contains(&masked) && examples.len() < EXAMPLES {
            examples.push(masked);
        }
    }
    examples
}
