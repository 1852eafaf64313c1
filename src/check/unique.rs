//! `unique`: a filled field must not hold what another row of the table holds, once both are normalised.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::BuildHasher;

use polars::prelude::{
    BooleanChunked, DataType, Field as PolarsField, IntoColumn, PlRandomState, PolarsResult, StringChunked,
};

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
    let normalised = |row: u32| normalise.apply(whole.get(row as usize).unwrap_or_default());
    let mut repeated = vec![false; whole.len()];
    let mut mark = |row: u32| repeated.iter_mut().skip(row as usize).take(1).for_each(|flag| *flag = true);
    for mut part in by_hash(&whole, normalise) {
        part.sort_unstable();
        for alike in part.chunk_by(|(left, _), (right, _)| left == right).filter(|alike| alike.len() > 1) {
            // The same hash is the same text but for chance.
            let mut first_of: BTreeMap<Cow<'_, str>, u32> = BTreeMap::new();
            for (_, row) in alike {
                let first = *first_of.entry(normalised(*row)).or_insert(*row);
                if first != *row {
                    mark(first);
                    mark(*row);
                }
            }
        }
    }
    flags::numbered("repeated", whole.len(), |row| repeated.get(row).copied().unwrap_or(false))
}

/// The filled rows with the hash of what they hold, normalised, in parts that are small enough to be sorted quickly: the
/// same text is always in the same part.
fn by_hash(texts: &StringChunked, normalise: Normalise) -> Vec<Vec<(u64, u32)>> {
    let hasher = PlRandomState::default();
    let power = (texts.len() / PART).next_power_of_two().ilog2();
    let room = (texts.len() >> power) * 9 / 8;
    let mut parts: Vec<Vec<(u64, u32)>> = (0..1_usize << power).map(|_| Vec::with_capacity(room)).collect();
    for (row, text) in (0_u32..).zip(texts.iter()) {
        let Some(text) = text.map(|text| normalise.apply(text)).filter(|text| normalise == Normalise::Folded || !text.is_empty()) else { continue };
        let hash = hasher.hash_one(&*text);
        let part = hash.checked_shr(u64::BITS - power).and_then(|part| usize::try_from(part).ok()).unwrap_or(0);
        parts.iter_mut().skip(part).take(1).for_each(|part| part.push((hash, row)));
    }
    parts
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
