//! `unique`: a filled field must not hold what another row of the table holds, once both are normalised.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::BuildHasher;
use std::ops::Range;

use polars::prelude::{
    BooleanChunked, DataType, Field as PolarsField, IntoColumn, PlRandomState, PolarsResult, StringChunked,
};
use rayon::prelude::*;

use super::condition::Condition;
use super::normalise::Normalise;
use super::{Check, CheckKind, Plan, Scope, Unit, flags};
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `unique`.
pub struct Kind;

#[derive(Debug)]
struct Unique {
    table: String,
    field: String,
    normalise: Normalise,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "unique"
    }

    fn describe(&self) -> Text {
        text!("有值时不能与其他行重复", "a filled field holds what no other row holds")
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = scope.field(rule, "field");
        let normalise = rule.optional_word("normalise", &Normalise::WORDS).unwrap_or_default();
        Some(Box::new(Unique { table: scope.table.name.clone(), field: field?, normalise }))
    }
}

impl Check for Unique {
    fn gives_detail(&self) -> bool {
        false
    }

    fn reads(&self) -> Vec<(String, String)> {
        vec![(self.table.clone(), self.field.clone())]
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        Vec::new()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let normalise = self.normalise;
        let failing = plan.columns.folded(&self.field).apply(
            move |column| Ok(duplicated(column.str()?, normalise).with_name(column.name().clone()).into_column()),
            |_, field| Ok(PolarsField::new(field.name().clone(), DataType::Boolean)),
        );
        Ok(vec![Unit::on(&self.field, failing)])
    }

    fn looks_beyond_the_row(&self) -> bool {
        true
    }
}

/// Whether another row holds the same, normalised; what is empty then is held by none.
fn duplicated(texts: &StringChunked, normalise: Normalise) -> BooleanChunked {
    let whole = texts.rechunk();
    let height = whole.len();
    let step = height.div_ceil(rayon::current_num_threads() * 4).max(PART);
    let hashing = Hashing { texts: &whole, normalise, hasher: PlRandomState::default(), power: power_of(height) };
    let firsts: Vec<usize> = (0..height).step_by(step).collect();
    let by_stretch: Vec<Vec<Vec<(u64, u32)>>> =
        firsts.into_par_iter().map(|first| hashing.by_hash(first..height.min(first + step))).collect();
    // Rows with the same hash are in the same part of every stretch.
    let parts = (0..1_usize << hashing.power).into_par_iter();
    let repeated: Vec<Vec<u32>> = parts
        .map(|part| {
            let mut rows: Vec<(u64, u32)> =
                by_stretch.iter().filter_map(|stretch| stretch.get(part)).flatten().copied().collect();
            rows.sort_unstable();
            hashing.repeated(&rows)
        })
        .collect();
    let mut flags = vec![false; height];
    for row in repeated.concat() {
        flags.iter_mut().skip(row as usize).take(1).for_each(|flag| *flag = true);
    }
    flags::numbered("repeated", height, |row| flags.get(row).copied().unwrap_or(false))
}

/// How the texts of a column are told apart.
struct Hashing<'t> {
    texts: &'t StringChunked,
    normalise: Normalise,
    hasher: PlRandomState,
    /// By so many bits of their hash rows go into parts that are small enough to be sorted quickly.
    power: u32,
}

/// So many bits of a hash make parts of about [`PART`] rows.
fn power_of(height: usize) -> u32 {
    (height / PART).next_power_of_two().ilog2()
}

impl Hashing<'_> {
    fn normalised(&self, row: u32) -> Cow<'_, str> {
        self.normalise.apply(self.texts.get(row as usize).unwrap_or_default())
    }

    /// The filled rows of a stretch with the hash of what they hold, normalised, in parts: the same text is always in the
    /// same part.
    fn by_hash(&self, stretch: Range<usize>) -> Vec<Vec<(u64, u32)>> {
        let room = (stretch.len() >> self.power) * 5 / 4;
        let mut parts: Vec<Vec<(u64, u32)>> = (0..1_usize << self.power).map(|_| Vec::with_capacity(room)).collect();
        let first = i64::try_from(stretch.start).unwrap_or(i64::MAX);
        let rows = u32::try_from(stretch.start).unwrap_or(u32::MAX)..;
        for (row, text) in rows.zip(self.texts.slice(first, stretch.len()).iter()) {
            let Some(text) = text else { continue };
            let text = self.normalise.apply(text);
            if text.is_empty() && self.normalise != Normalise::Folded {
                continue;
            }
            let hash = self.hasher.hash_one(&*text);
            let part = hash.checked_shr(u64::BITS - self.power).and_then(|part| usize::try_from(part).ok()).unwrap_or(0);
            parts.iter_mut().skip(part).take(1).for_each(|part| part.push((hash, row)));
        }
        parts
    }

    /// The rows, sorted by hash, that hold what another one holds.
    fn repeated(&self, rows: &[(u64, u32)]) -> Vec<u32> {
        let mut repeated = Vec::new();
        for alike in rows.chunk_by(|(left, _), (right, _)| left == right).filter(|alike| alike.len() > 1) {
            // The same hash is the same text but for chance.
            let mut first_of: BTreeMap<Cow<'_, str>, u32> = BTreeMap::new();
            for (_, row) in alike {
                let first = *first_of.entry(self.normalised(*row)).or_insert(*row);
                if first != *row {
                    repeated.extend([first, *row]);
                }
            }
        }
        repeated
    }
}

/// About so many rows are sorted at a time.
const PART: usize = 4096;

#[cfg(test)]
mod tests {
    use polars::prelude::NewChunkedArray;

    use super::*;

    proptest::proptest! {
        #[test]
        fn a_row_is_repeated_where_another_one_holds_the_same(
            cells in proptest::collection::vec(proptest::option::of("[aA甲 -]{0,2}"), 0..40),
            times in proptest::sample::select(vec![1_usize, 300]),
        ) {
            let many: Vec<Option<String>> = cells.iter().cycle().take(cells.len() * times).cloned().collect();
            let texts = StringChunked::from_iter_options("c".into(), many.iter().cloned());
            for (_, normalise) in Normalise::WORDS {
                let alike = |text: &str| normalise.apply(text).into_owned();
                let counted = |text: &String| cells.iter().flatten().filter(|other| alike(other) == alike(text)).count() * times;
                let is_repeated = |text: &String| (normalise == Normalise::Folded || !alike(text).is_empty()) && counted(text) > 1;
                let expected = cells.iter().map(|text| Some(text.as_ref().is_some_and(is_repeated)));
                let expected: Vec<Option<bool>> = expected.collect::<Vec<_>>().into_iter().cycle().take(many.len()).collect();
                proptest::prop_assert_eq!(duplicated(&texts, normalise).iter().collect::<Vec<_>>(), expected);
            }
        }
    }
}
