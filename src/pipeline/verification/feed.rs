//! What came back, fed to the tables of a run: dates of verification move on, and who is never reached is told.
//!
//! Apart because it changes what was read, in memory and nowhere else. A date only ever moves on: the later of the
//! source's and the verification's counts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::terms::settings;
use crate::dataset::Dataset;
use crate::dataset::raw::{RawColumn, RawTable, RowNumbers, column_letters};
use crate::dataset::typing;
use crate::dictionary::Table;
use crate::folding::fold;
use crate::model::{Period, PeriodKind, SourceNote};
use crate::source::Reading;
use crate::text;
use crate::text::Text;
use crate::verify::Returns;
use crate::workplace::Workplace;

/// The table that says how often running a customer was not reached, and its fields.
pub const TABLE: &str = "verifications";
const MISSES: &str = "misses";
const TRIED: &str = "tried";

/// Feeds the returns to what was read; says how many customers' dates moved on.
pub fn apply(reading: &mut Reading, returns: &Returns, workplace: &Workplace) -> Option<Text> {
    let dictionary = &workplace.pack.dictionary;
    let customers = dictionary.table(&dictionary.customers.table)?;
    let mut moved = 0_u64;
    for piece in reading.tables.get_mut(&customers.name).into_iter().flatten() {
        moved += move_on(piece, customers, returns, workplace);
    }
    if let Some(table) = dictionary.table(TABLE).filter(|_| !returns.is_empty()) {
        if let Some(raw) = register(table, returns) {
            reading.tables.entry(TABLE.to_owned()).or_default().push(raw);
        }
        if !reading.configured.iter().any(|configured| configured == TABLE) {
            reading.configured.push(TABLE.to_owned());
        }
    }
    (moved > 0).then(|| {
        text!(
            "有 {moved} 家客户的核实日期按收回的核对表计算（数据源里的日期较早）",
            "{moved} customers count as verified on the day that their verification list says, which is later than the \
             source's"
        )
    })
}

/// Moves the dates of one sheet on; returns how many customers have moved.
fn move_on(piece: &mut RawTable, customers: &Table, returns: &Returns, workplace: &Workplace) -> u64 {
    if returns.verified.is_empty() {
        return 0;
    }
    let Some(key) = customers.key.as_ref() else { return 0 };
    let Some(keys) = piece.columns.iter().find(|column| column.field == *key) else { return 0 };
    let verified: Vec<(usize, i32, &str)> = keys
        .values
        .iter()
        .enumerate()
        .filter_map(|(record, cell)| {
            let (day, period) = returns.verified.get(&*fold(cell?))?;
            let days = day.signed_duration_since(NaiveDate::default()).num_days();
            Some((record, i32::try_from(days).ok()?, period.as_str()))
        })
        .collect();
    let periods: BTreeSet<&str> = verified.iter().map(|(_, _, period)| *period).collect();
    let counted: BTreeMap<&str, Vec<String>> =
        periods.into_iter().map(|period| (period, counted(workplace, period))).collect();
    let mut moved: BTreeSet<usize> = BTreeSet::new();
    for column in &mut piece.columns {
        let counts = |period: &str| counted.get(period).is_some_and(|fields| fields.contains(&column.field));
        let is_later = |record: usize, day: i32| {
            let before = column.values.get(record).and_then(|cell| typing::date(&fold(cell)));
            before.is_none_or(|before| before < day)
        };
        let later: BTreeMap<usize, i32> = verified
            .iter()
            .filter(|(record, day, period)| counts(period) && is_later(*record, *day))
            .map(|(record, day, _)| (*record, *day))
            .collect();
        if later.is_empty() {
            continue;
        }
        let cells = column.values.iter().enumerate().map(|(record, cell)| match later.get(&record) {
            Some(day) => Some((NaiveDate::default() + chrono::TimeDelta::days(i64::from(*day))).to_string()),
            None => cell.map(str::to_owned),
        });
        let cells = cells.collect();
        column.values = RawColumn::of_texts(&column.field, column.letters.clone(), cells).values;
        column.errors.retain(|record| !later.contains_key(&(*record as usize)));
        moved.extend(later.into_keys());
    }
    moved.len() as u64
}

/// The date fields that an answer of a period moves on.
fn counted(workplace: &Workplace, period: &str) -> Vec<String> {
    let mut fields: Vec<String> = workplace.pack.dictionary.customers.verified.iter().cloned().collect();
    if let (Some((_, settings)), Some(period)) = (settings(workplace), Period::parse(period)) {
        let moves = match period.kind() {
            PeriodKind::Month => &settings.moves.month,
            PeriodKind::Quarter => &settings.moves.quarter,
            PeriodKind::Year => &settings.moves.year,
            PeriodKind::Day | PeriodKind::Week => return fields,
        };
        fields.extend(moves.iter().map(|field| field.get_ref().clone()));
    }
    fields
}

/// All customers who were ever asked, and how often running nobody reached them, as a table that rules can read. It
/// never gets shorter, so that it is not taken for half a file.
fn register(table: &Table, returns: &Returns) -> Option<RawTable> {
    let customer = table.customer.as_deref()?;
    let column = |place: usize, field: &str, cells: Vec<String>| {
        RawColumn::of_texts(field, column_letters(place), cells.into_iter().map(Some).collect())
    };
    let all = &returns.asked;
    let misses = |customer: &String| returns.unreachable.get(customer).map_or(0, |(misses, _)| *misses);
    Some(RawTable {
        note: SourceNote { table: TABLE.to_owned(), ..SourceNote::default() },
        rows: RowNumbers::From(1),
        columns: vec![
            column(0, customer, all.keys().cloned().collect()),
            column(1, MISSES, all.keys().map(|customer| misses(customer).to_string()).collect()),
            column(2, TRIED, all.values().map(NaiveDate::to_string).collect()),
        ],
    })
}

/// Accepted corrections that the data do not have yet: (customer, field, value, day).
pub fn waiting<'r>(
    returns: &'r Returns,
    datasets: &BTreeMap<String, Dataset>,
    workplace: &Workplace,
) -> Vec<(&'r str, &'r str, &'r str, NaiveDate)> {
    let Some(dataset) = datasets.get(&workplace.pack.dictionary.customers.table) else { return Vec::new() };
    if returns.corrections.is_empty() {
        return Vec::new();
    }
    let records: BTreeMap<&str, usize> =
        (0..dataset.height).rev().map(|record| (dataset.key_at(record), record)).collect();
    returns
        .corrections
        .iter()
        .filter(|((customer, field), (value, _))| {
            let record = records.get(customer.as_str());
            dataset.columns.contains_key(field)
                && record.is_some_and(|record| dataset.folded_at(field, *record) != fold(value))
        })
        .map(|((customer, field), (value, day))| (customer.as_str(), field.as_str(), value.as_str(), *day))
        .collect()
}
