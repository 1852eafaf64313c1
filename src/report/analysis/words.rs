//! How figures read: amounts, percentages, changes with their arrows, tiers, states, bands.
//!
//! Apart because a sentence, a table and a chart must say the same thing alike.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::super::blocks::{Cell, Value};
use super::super::strings::Strings;
use crate::analysis::Analysis;
use crate::analysis::comparison::{FigureKey, Unit};
use crate::analysis::distribution::Value as Spread;
use crate::analysis::rfm::Class;
use crate::analysis::share::rounded;
use crate::analysis::structure::State;

/// An amount with one decimal and commas: 1,234.5.
pub fn amount(value: Decimal) -> String {
    grouped(&format!("{:.1}", rounded(value, 1)))
}

/// A share with one decimal: 12.3%.
pub fn percent(share: Decimal) -> String {
    format!("{:.1}%", rounded(share * Decimal::from(100), 1))
}

/// A number without needless zeros.
pub fn number(value: Decimal) -> String {
    grouped(&value.normalize().to_string())
}

fn grouped(text: &str) -> String {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(whole, fraction)| (whole, Some(fraction)));
    let whole = super::super::sheets::thousands(whole.parse().unwrap_or_default());
    match fraction {
        Some(fraction) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{whole}"),
    }
}

/// A share as a cell; blank where there is none.
pub fn share<'a>(share: Option<Decimal>) -> Cell<'a> {
    // Tenths of a percent are whole here, so that what the cell shows is what was computed.
    share.and_then(|share| share.to_f64()).map_or(Value::Empty, Value::Share).into()
}

/// A count as a cell; blank where there is none.
pub fn count<'a>(count: Option<u64>) -> Cell<'a> {
    count.map_or(Value::Empty, Value::Count).into()
}

/// An amount as a cell; blank where there is none.
pub fn money<'a>(amount: Option<Decimal>) -> Cell<'a> {
    amount.map_or(Value::Empty, Value::Amount).into()
}

/// A figure in its unit.
pub fn figure(key: FigureKey, value: Decimal) -> String {
    match key.unit() {
        Unit::Count => number(value),
        Unit::Amount | Unit::Mark => amount(value),
        Unit::Share => percent(value),
    }
}

/// A change with its arrow; what cannot be told is a dash.
pub fn change(strings: &Strings, key: FigureKey, change: Option<Decimal>) -> String {
    let Some(change) = change else { return strings.get("analysis.unknown").to_owned() };
    let arrow = match change.cmp(&Decimal::ZERO) {
        std::cmp::Ordering::Greater => "↑",
        std::cmp::Ordering::Less => "↓",
        std::cmp::Ordering::Equal => return strings.get("analysis.unchanged").to_owned(),
    };
    let size = change.abs();
    let size = match key.unit() {
        Unit::Share => {
            strings.fill("analysis.points", &[("number", &format!("{:.1}", rounded(size * Decimal::from(100), 1)))])
        }
        Unit::Mark => amount(size),
        Unit::Count | Unit::Amount => percent(size),
    };
    format!("{arrow} {size}")
}

/// A tier by its place.
pub fn tier(strings: &Strings, analysis: &Analysis, place: Option<usize>) -> String {
    match place.and_then(|place| analysis.scale.names.get(place)) {
        Some(name) => name.clone(),
        None => strings.get("analysis.blank").to_owned(),
    }
}

/// A word of the data, or that nothing is filled in.
pub fn or_blank(strings: &Strings, word: &str) -> String {
    if word.is_empty() { strings.get("analysis.blank").to_owned() } else { word.to_owned() }
}

/// What became of a customer.
pub fn state(strings: &Strings, state: State) -> &str {
    strings.get(match state {
        State::Active => "analysis.active",
        State::Silent => "analysis.silent",
        State::Lost => "analysis.lost",
        State::Never => "analysis.never",
        State::Stopped => "analysis.stopped",
    })
}

/// A class of RFM.
pub fn class(strings: &Strings, class: Class) -> &str {
    strings.get(match class {
        Class::Value => "analysis.rfm_value",
        Class::Develop => "analysis.rfm_develop",
        Class::Keep => "analysis.rfm_keep",
        Class::WinBack => "analysis.rfm_win_back",
        Class::SmallValue => "analysis.rfm_small_value",
        Class::SmallDevelop => "analysis.rfm_small_develop",
        Class::SmallKeep => "analysis.rfm_small_keep",
        Class::SmallWinBack => "analysis.rfm_small_win_back",
    })
}

/// A line of a distribution.
pub fn spread(strings: &Strings, value: &Spread) -> String {
    match value {
        Spread::Word(word) => word.clone(),
        Spread::Band(from, to) => band(strings, *from, *to),
        Spread::Other => strings.get("analysis.other").to_owned(),
        Spread::Blank => strings.get("analysis.blank").to_owned(),
    }
}

/// From a number up to below another.
pub fn band(strings: &Strings, from: Option<u32>, to: Option<u32>) -> String {
    match (from, to) {
        (Some(from), Some(to)) => strings.fill("analysis.band", &[("from", &from), ("to", &to)]),
        (None, Some(to)) => strings.fill("analysis.band_below", &[("to", &to)]),
        (Some(from), None) => strings.fill("analysis.band_above", &[("from", &from)]),
        (None, None) => strings.get("analysis.all").to_owned(),
    }
}

/// A quarter by its first day: 2026Q3.
pub fn quarter(first_day: NaiveDate) -> String {
    format!("{}Q{}", first_day.year(), first_day.month0() / 3 + 1)
}

/// A month by its first day: 2026-09.
pub fn month(first_day: NaiveDate) -> String {
    first_day.format("%Y-%m").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_percentages_have_one_decimal() {
        let number_of = |text: &str| Decimal::from_str_exact(text).expect("a number");
        assert_eq!(amount(number_of("1234567.25")), "1,234,567.3");
        assert_eq!(amount(number_of("-0.05")), "-0.1");
        assert_eq!(amount(number_of("12")), "12.0");
        assert_eq!(percent(number_of("0.125")), "12.5%");
        assert_eq!(percent(Decimal::ONE), "100.0%");
        assert_eq!(number(number_of("1000")), "1,000");
    }
}
