//! Why a text in a field of dates is no date.
//!
//! Apart from typing, which only says that it is none: the load notes tell what people have to change. Nothing is
//! guessed, and only texts that were refused are looked at.

use super::typing;

/// Why a text is no certain day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DayTrouble {
    /// 23.1.5: which century, or which of the three is the year?
    ShortYear,
    /// 1/5/2023, 05-Jan-2023: the year does not come first, day and month may be either.
    YearLast,
    /// 1月5日: no year.
    NoYear,
    /// 2023年1月, 2023: no day.
    NoDay,
    /// 2025-02-30: there is no such day.
    Impossible,
    /// 44931: a day as spreadsheets count them.
    Serial,
    /// 2026-11-21T16:30:00Z: a moment with a zone of its own, elsewhere perhaps another day.
    Zone,
    /// Something else.
    Other,
}

/// Why a folded text is no day.
pub fn day_trouble(text: &str) -> DayTrouble {
    if has_zone(text) {
        return DayTrouble::Zone;
    }
    let (lengths, between) = shape(text);
    if between.iter().any(|part| part.chars().any(|character| character.is_ascii_alphabetic())) {
        let words = between.iter().filter(|part| part.chars().all(|character| !character.is_ascii_alphabetic()));
        return if lengths.contains(&4) && words.count() < between.len() && month_word(text) {
            DayTrouble::YearLast
        } else {
            DayTrouble::Other
        };
    }
    let apart =
        |from: usize, to: usize| between.get(from..to).is_some_and(|parts| parts.iter().all(|part| is_date_mark(part)));
    match lengths.as_slice() {
        [8] if between.iter().all(String::is_empty) => DayTrouble::Impossible,
        [5] if between.iter().all(String::is_empty) => DayTrouble::Serial,
        [5, _] if between.get(1).is_some_and(|part| part == ".") => DayTrouble::Serial,
        [4] if between.last().is_some_and(|part| part.is_empty() || part == "年") => DayTrouble::NoDay,
        [4, 1 | 2] if apart(1, 2) && is_end(&between, "月") => DayTrouble::NoDay,
        [6] if between.iter().all(String::is_empty) => DayTrouble::NoDay,
        [1 | 2, 1 | 2] if apart(1, 2) && is_end(&between, "日") => DayTrouble::NoYear,
        [4, 1 | 2, 1 | 2, ..] if apart(1, 3) => DayTrouble::Impossible,
        [1 | 2, 1 | 2, 4, ..] if apart(1, 3) => DayTrouble::YearLast,
        [2, 1 | 2, 1 | 2, ..] | [1, 1 | 2, 2, ..] if apart(1, 3) => DayTrouble::ShortYear,
        _ => DayTrouble::Other,
    }
}

/// Whether behind a day and a time there is a zone: Z, +08:00, -0500.
fn has_zone(text: &str) -> bool {
    let Some(colon) = text.find(':') else { return false };
    let (before, time) = text.split_at(colon);
    let Some(at) = time.find(['Z', '+', '-']) else { return false };
    let (clock, zone) = time.split_at(at);
    let digits = zone.chars().filter(char::is_ascii_digit).count();
    let is_zone =
        zone == "Z" || matches!(digits, 2 | 4) && zone.chars().skip(1).all(|mark| mark == ':' || mark.is_ascii_digit());
    // fractions of a second stand between the two
    let clock = clock.split_once('.').map_or(clock, |(whole, _)| whole);
    is_zone && typing::datetime(&format!("{before}{clock}")).is_some_and(|(_, has_time)| has_time)
}

/// How long each run of digits is, and what stands before, between and behind them.
fn shape(text: &str) -> (Vec<usize>, Vec<String>) {
    let (mut lengths, mut between) = (Vec::new(), vec![String::new()]);
    let mut in_digits = false;
    for character in text.chars() {
        if character.is_ascii_digit() {
            if !in_digits {
                lengths.push(0);
                between.push(String::new());
            }
            if let Some(length) = lengths.last_mut() {
                *length += 1;
            }
        } else if let Some(part) = between.last_mut() {
            part.push(character);
        }
        in_digits = character.is_ascii_digit();
    }
    (lengths, between)
}

fn is_date_mark(part: &str) -> bool {
    matches!(part.trim(), "-" | "/" | "." | "\\" | "年" | "月" | "、" | "—")
}

/// Whether nothing stands behind the last digits, or one word that ends a date.
fn is_end(between: &[String], word: &str) -> bool {
    between.last().is_some_and(|part| part.is_empty() || part == word || part == "号")
}

/// Whether an English month is named.
fn month_word(text: &str) -> bool {
    let small = text.to_ascii_lowercase();
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        .iter()
        .any(|month| small.contains(month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_refused_date_is_told_apart() {
        for (text, why) in [
            ("23.1.5", DayTrouble::ShortYear),
            ("23年1月5日", DayTrouble::ShortYear),
            ("1/5/23", DayTrouble::ShortYear),
            ("1/5/2023", DayTrouble::YearLast),
            ("05-Jan-2023", DayTrouble::YearLast),
            ("Jan 5, 2025", DayTrouble::YearLast),
            ("1月5日", DayTrouble::NoYear),
            ("3-5", DayTrouble::NoYear),
            ("2023年1月", DayTrouble::NoDay),
            ("2023.1", DayTrouble::NoDay),
            ("202301", DayTrouble::NoDay),
            ("2023", DayTrouble::NoDay),
            ("2025-02-30", DayTrouble::Impossible),
            ("20250229", DayTrouble::Impossible),
            ("1900-01-00", DayTrouble::Impossible),
            ("2025-01-05 25:00", DayTrouble::Impossible),
            ("2026-11-21T16:30:00Z", DayTrouble::Zone),
            ("2026-11-22 00:30:00.000+08:00", DayTrouble::Zone),
            ("2026/11/22 00:30-0500", DayTrouble::Zone),
            ("2026-11-22 00:30:00+x", DayTrouble::Other),
            ("2026-02-30T16:30:00Z", DayTrouble::Other),
            ("44931", DayTrouble::Serial),
            ("44931.5", DayTrouble::Serial),
            ("五月五日", DayTrouble::Other),
            ("待定", DayTrouble::Other),
            ("x2023", DayTrouble::Other),
            ("", DayTrouble::Other),
        ] {
            assert_eq!(day_trouble(text), why, "{text}");
        }
    }
}
