//! From folded texts to days, minutes, decimals; working days; the credit code.
//!
//! Apart because these are the typed values that rules compare. The common form is parsed first, and the slow way runs
//! over what is left, as a skilled hand does it. Not as strict as the dictionary: a blank before a number is let pass.

use std::path::Path;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate, Weekday};
use polars::prelude::*;

const TIME: &str = "(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?";
const OTHER_DAY: &str = "[0-9]{4}(?:-[0-9]{1,2}-[0-9]{1,2}|/[0-9]{1,2}/[0-9]{1,2}|\\.[0-9]{1,2}\\.[0-9]{1,2}\
                         |年[0-9]{1,2}月[0-9]{1,2}日|[0-9]{4})";

fn form(format: &str) -> StrptimeOptions {
    StrptimeOptions { format: Some(format.into()), strict: false, exact: true, cache: true }
}

/// The text where a value is null, so that the slow way sees only the rest.
fn rest(text: Expr, value: &Expr) -> Expr {
    when(value.clone().is_null()).then(text).otherwise(lit(NULL))
}

/// A day, its time dropped; null where there is none.
pub fn day(text: Expr) -> Expr {
    let first_year = lit(NaiveDate::from_ymd_opt(1000, 1, 1).unwrap_or_default());
    let plain = text.clone().str().to_date(form("%Y-%m-%d"));
    let plain = when(plain.clone().gt_eq(first_year)).then(plain).otherwise(lit(NULL));
    let other = rest(text, &plain)
        .str()
        .extract(lit(format!("^({OTHER_DAY})(?:[ T]{TIME})?$")), 1)
        .str()
        .replace_all(lit("[/.年月]"), lit("-"), false)
        .str()
        .replace_all(lit("日"), lit(""), true);
    let compact = other.clone().str().to_date(form("%Y%m%d"));
    coalesce(&[plain, other.str().to_date(form("%Y-%m-%d")), compact])
}

/// Minutes since 1970-01-01 of a day with a time, seconds dropped; null where there is no time.
pub fn minutes(text: Expr) -> Expr {
    let time = |format: &str| {
        let parsed = text.clone().str().to_datetime(Some(TimeUnit::Milliseconds), None, form(format), lit("raise"));
        parsed.cast(DataType::Int64) / lit(60_000_i64)
    };
    let plain = time("%Y-%m-%d %H:%M");
    let other = rest(text.clone(), &plain);
    let part = |group: usize| {
        let found = other.clone().str().extract(lit("[ T]([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?$"), group);
        found.cast(DataType::Int64)
    };
    let slow = day(other.clone()).cast(DataType::Int32).cast(DataType::Int64) * lit(1440_i64)
        + part(1) * lit(60_i64)
        + part(2);
    coalesce(&[plain, slow])
}

/// An exact decimal; thousands separators stand between groups of three.
pub fn decimal(text: Expr) -> Expr {
    let exact = DataType::Decimal(38, 6);
    let plain = text.clone().cast(exact.clone());
    let grouped = rest(text, &plain).str().extract(lit(r"^([+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?)$"), 1);
    coalesce(&[plain, grouped.str().replace_all(lit(","), lit(""), true).cast(exact)])
}

/// The working days in (from, to], both as days.
pub fn working_days(from: Expr, to: Expr, calendar: &Arc<Calendar>) -> Expr {
    let calendar = calendar.clone();
    from.cast(DataType::Int32).map_many(
        move |columns| {
            let (from, to) = (columns[0].i32()?, columns[1].i32()?);
            let counted: Int32Chunked = from
                .iter()
                .zip(to.iter())
                .map(|(from, to)| Some(calendar.up_to(to?) - calendar.up_to(from?)))
                .collect();
            Ok(counted.with_name(from.name().clone()).into_column())
        },
        &[to.cast(DataType::Int32)],
        |_, fields| Ok(Field::new(fields[0].name().clone(), DataType::Int32)),
    )
}

/// Working days from 1900 up to and with each day until 2100.
pub struct Calendar(Vec<i32>);

impl Calendar {
    /// Reads the files of a folder, a file a year: `off` and `work` are lists of days.
    pub fn read(folder: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        let (mut off, mut work) = (Vec::new(), Vec::new());
        for entry in std::fs::read_dir(folder)? {
            let file: toml::Table = std::fs::read_to_string(entry?.path())?.parse()?;
            for (key, days) in [("off", &mut off), ("work", &mut work)] {
                let listed = file.get(key).and_then(toml::Value::as_array).into_iter().flatten();
                days.extend(listed.filter_map(|day| day.as_str()?.parse::<NaiveDate>().ok()));
            }
        }
        let first = NaiveDate::from_ymd_opt(1900, 1, 1).ok_or("1900")?;
        let mut total = 0;
        let counted = first.iter_days().take_while(|day| day.year() < 2100).map(|day| {
            let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
            total += i32::from(work.contains(&day) || (!weekend && !off.contains(&day)));
            total
        });
        Ok(Self(counted.collect()))
    }

    fn up_to(&self, day: i32) -> i32 {
        let index = usize::try_from(day + 25_567).unwrap_or(0).min(self.0.len() - 1);
        self.0[index]
    }
}

/// Whether a code, upper-cased and without white space and hyphens, is no valid one of GB 32100-2015.
pub fn credit_code_is_wrong(code: Expr) -> Expr {
    code.map(
        |column| {
            let wrong: BooleanChunked =
                column.str()?.iter().map(|code| code.map(|code| !is_credit_code(code.as_bytes()))).collect();
            Ok(wrong.with_name(column.name().clone()).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::Boolean)),
    )
}

fn is_credit_code(code: &[u8]) -> bool {
    const CHARACTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    const WEIGHTS: [usize; 18] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1];
    if code.len() != 18
        || !matches!(code[0], b'1'..=b'9' | b'A' | b'N' | b'Y')
        || !code[2..8].iter().all(u8::is_ascii_digit)
    {
        return false;
    }
    let mut sum = 0;
    for (byte, weight) in code.iter().zip(WEIGHTS) {
        let Some(value) = CHARACTERS.iter().position(|character| character == byte) else { return false };
        sum += value * weight;
    }
    sum % 31 == 0
}
