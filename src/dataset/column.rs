//! One field of a dataset: as typed, as folded, and as a value of its type.
//!
//! Apart because it is where the three forms are kept in step. A column is kept once, folded; of the cells that folding
//! changed, few as a rule, the typed text is kept beside it.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use polars::prelude::{
    BooleanChunked, ChunkFullNull, IdxCa, PolarsResult, Series, StringChunked, StringChunkedBuilder,
};

use super::observation::{self, Notice, Observations};
use super::places::Places;
use super::raw::RawColumn;
use super::{patched, values};
use crate::dictionary::{Dictionary, Field, FieldType};
use crate::folding::{fold, is_plain};
use crate::model::Unit;

/// The three forms of a field's cells.
#[derive(Debug)]
pub struct Column {
    /// As folded; null where the value is missing.
    pub folded: StringChunked,
    /// As a date, date and time, or decimal; null where it is missing or unreadable. Nothing for text.
    pub value: Option<Series>,
    /// For a date and time: whether it has a time.
    pub timed: Option<BooleanChunked>,
    /// Records (from 0) whose number has lost digits, in order.
    pub damaged: Vec<u32>,
    /// What was noticed on the way, for the load notes.
    pub(super) observations: Observations,
    /// Cells that folding changed: record, in order, and the text as typed. All others are typed as they are folded.
    refolded: (Vec<u32>, StringChunked),
    /// Where each folded text stands first, once somebody has asked.
    places: OnceLock<Arc<Places>>,
    /// For each record its first match in another column, by the places of that, once somebody has asked.
    matches: Mutex<Vec<(Arc<Places>, IdxCa)>>,
}

/// How the cells of one sheet, file or query are read.
pub(super) struct Stretch {
    /// How many records it has.
    pub(super) height: usize,
    /// The unit that its header states.
    pub(super) unit: Option<Unit>,
    /// Where plain numbers are days, how many to add.
    pub(super) serials: Option<i32>,
}

/// The cells of a field in one sheet, file or query.
pub(super) struct Piece {
    /// How many records it has.
    pub height: usize,
    /// Its column; nothing where it has none.
    pub column: Option<RawColumn>,
}

impl Column {
    pub(super) fn build(field: &Field, dictionary: &Dictionary, pieces: Vec<Piece>) -> PolarsResult<Self> {
        let name = field.name.as_str();
        let mut typed = StringChunked::full_null(name.into(), 0);
        let (mut errors, mut lost_digits) = (Vec::new(), Vec::new());
        let mut observations = Observations::of(pieces.iter().map(|piece| piece.height));
        let mut stretches = Vec::new();
        for Piece { height, column } in pieces {
            let first = u32::try_from(typed.len()).unwrap_or(u32::MAX);
            match column {
                Some(column) => {
                    stretches.push(Stretch { height, unit: column.unit, serials: column.serials });
                    errors.extend(column.errors.iter().map(|record| record + first));
                    lost_digits.extend(column.lost_digits.iter().map(|record| record + first));
                    typed.append_owned(column.values)?;
                }
                None => {
                    stretches.push(Stretch { height, unit: None, serials: None });
                    typed.append_owned(StringChunked::full_null(name.into(), height))?;
                }
            }
        }
        let (folded, refolded) = folded_column(typed, field, dictionary, &errors, &mut observations)?;
        let mut damaged = if field.code { damaged_records(&folded) } else { Vec::new() };
        if field.code {
            damaged.extend(lost_digits.into_iter().filter(|record| folded.get(*record as usize).is_some()));
            damaged.sort_unstable();
            damaged.dedup();
        }
        let (value, timed) = values::value_column(&folded, field, &stretches, &mut observations)?;
        Ok(Self {
            folded,
            value,
            timed,
            damaged,
            observations,
            refolded,
            places: OnceLock::new(),
            matches: Mutex::default(),
        })
    }

    /// Where each folded text stands first; made when it is first asked for.
    pub fn places(&self) -> &Arc<Places> {
        self.places.get_or_init(|| Arc::new(Places::of(&self.folded)))
    }

    /// For each record the number of the first record of another column that holds the same folded text; null where none
    /// does. Several rules ask the same of the key of a large table: it is looked up once.
    pub fn first_in(&self, other: &Column) -> IdxCa {
        let places = other.places();
        let mut matches = self.matches.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = matches.iter().find(|(of, _)| Arc::ptr_eq(of, places)) {
            return known.clone();
        }
        let found: IdxCa = self.folded.iter().map(|text| places.first(text?)).collect();
        matches.push((places.clone(), found.clone()));
        found
    }

    /// The cell of a record as typed; nothing where it is empty.
    pub fn typed_at(&self, record: usize) -> Option<&str> {
        let (records, texts) = &self.refolded;
        match u32::try_from(record).ok().and_then(|record| records.binary_search(&record).ok()) {
            Some(position) => texts.get(position),
            None => self.folded.get(record),
        }
    }

    /// The whole column as typed.
    pub fn typed(&self) -> StringChunked {
        self.typed_slice(0, self.folded.len())
    }

    /// Some consecutive cells as typed.
    pub fn typed_slice(&self, first: usize, height: usize) -> StringChunked {
        let (records, texts) = &self.refolded;
        let start = i64::try_from(first).unwrap_or(i64::MAX);
        let folded = self.folded.slice(start, height);
        let begin = records.partition_point(|record| (*record as usize) < first);
        let end = records.partition_point(|record| (*record as usize) < first + height);
        if begin == end {
            return folded;
        }
        let mut changes = (begin..end).map(|at| (records[at] as usize - first, texts.get(at))).peekable();
        let mut typed = StringChunkedBuilder::new(self.folded.name().clone(), folded.len());
        for (record, folded) in folded.iter().enumerate() {
            match changes.next_if(|(changed, _)| *changed == record) {
                Some((_, text)) => typed.append_option(text),
                None => typed.append_option(folded),
            }
        }
        typed.finish()
    }

    /// The records whose cell is filled and yet missing, with the text as typed.
    pub fn placeholders(&self) -> impl Iterator<Item = (usize, &str)> {
        let (records, texts) = &self.refolded;
        let refolded = records.iter().zip(texts.iter()).map(|(record, text)| (*record as usize, text));
        refolded
            .filter(|(record, _)| self.folded.get(*record).is_none())
            .filter_map(|(record, text)| text.map(|text| (record, text)))
    }
}

/// Folds a column; cells that are missing become null. Returns it with the cells that folding changed, as typed.
fn folded_column(
    typed: StringChunked,
    field: &Field,
    dictionary: &Dictionary,
    errors: &[u32],
    seen: &mut Observations,
) -> PolarsResult<(StringChunked, (Vec<u32>, StringChunked))> {
    let formal = field.code || field.field_type != FieldType::Text;
    let missing: Vec<&str> = dictionary
        .missing
        .iter()
        .chain(&field.missing)
        .filter(|word| !field.filled.contains(word))
        .map(String::as_str)
        .collect();
    let longest = missing.iter().map(|word| word.len()).max().unwrap_or(0);
    let is_missing = |text: &str| text.len() <= longest && missing.contains(&text);
    let mut changes: Vec<(u32, Option<Cow<'_, str>>)> = Vec::new();
    let mut texts = StringChunkedBuilder::new(typed.name().clone(), 0);
    let mut errors = errors.iter().copied().peekable();
    for (cell, record) in typed.iter().zip(0_u32..) {
        let Some(text) = cell else { continue };
        while errors.next_if(|error| *error < record).is_some() {}
        let changed = if errors.next_if_eq(&record).is_some() {
            Some(None)
        } else if is_plain(text) {
            if text.len() <= observation::LONGEST_DITTO && observation::is_ditto(text) {
                seen.note(record, Notice::Ditto);
            }
            is_missing(text).then_some(None)
        } else {
            let folded = fold(text);
            if folded != text {
                observation::folded_away(text, formal, |notice| seen.note(record, notice));
            }
            notice(&folded, record, seen);
            if is_missing(&folded) { Some(None) } else { (folded != text).then_some(Some(folded)) }
        };
        if let Some(folded) = changed {
            changes.push((record, folded));
            texts.append_value(text);
        }
    }
    let records = changes.iter().map(|(record, _)| *record).collect();
    let folded = patched::patched(&typed, &changes)?;
    Ok((folded, (records, texts.finish())))
}

/// Takes down what is strange in a folded text.
fn notice(folded: &str, record: u32, seen: &mut Observations) {
    if folded.is_ascii() {
        return;
    }
    if let Some(strange) = observation::strange(folded) {
        seen.note(record, strange);
    }
    if observation::is_ditto(folded) {
        seen.note(record, Notice::Ditto);
    }
}

/// Records of a code field whose text is in scientific notation: the digits are gone. Without sign or point it may be
/// a code that holds an E.
fn damaged_records(folded: &StringChunked) -> Vec<u32> {
    folded
        .iter()
        .zip(0_u32..)
        .filter(|(text, _)| text.is_some_and(|text| text.len() < 32 && is_scientific(text)))
        .map(|(_, record)| record)
        .collect()
}

fn is_scientific(text: &str) -> bool {
    if memchr::memchr2(b'E', b'e', text.as_bytes()).is_none() {
        return false;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let Some((mantissa, exponent)) = unsigned.split_once(['E', 'e']) else { return false };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let power = exponent.strip_prefix(['+', '-']);
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(whole, rest)| (whole, Some(rest)));
    digits(whole)
        && fraction.is_none_or(digits)
        && digits(power.unwrap_or(exponent))
        && (power.is_some() || fraction.is_some())
}
