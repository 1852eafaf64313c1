//! Typing: a folded text to a day, a time to the minute, an exact decimal, or no value of that type.
//!
//! Apart because the accepted forms are a contract (data dictionary, "Text dates", "Amounts"). It works on single
//! texts; what does not parse is kept as text by its caller, never guessed at.

use chrono::NaiveDate;
use rust_decimal::Decimal;

/// Days from 1970-01-01 of a date, its time dropped.
pub fn date(text: &str) -> Option<i32> {
    let (day, rest) = leading_date(text)?;
    if !rest.is_empty() {
        following_time(rest)?;
    }
    Some(day)
}

/// Minutes from 1970-01-01 00:00 of a date with or without a time, seconds dropped, and whether it has a time.
pub fn datetime(text: &str) -> Option<(i64, bool)> {
    let (day, rest) = leading_date(text)?;
    let minutes = if rest.is_empty() { None } else { Some(following_time(rest)?) };
    Some((i64::from(day) * 1440 + i64::from(minutes.unwrap_or(0)), minutes.is_some()))
}

/// The digits of an exact decimal as nearly all write it, 1234.50, and how many stand behind the point; nothing for other
/// ways, which [`decimal`] may know.
pub fn usual_decimal(text: &str) -> Option<(i64, u32)> {
    let (is_negative, unsigned) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    if !(1..=18).contains(&unsigned.len()) {
        return None;
    }
    let (mut digits, mut scale, mut count) = (0_i64, None, 0);
    for byte in unsigned {
        match byte {
            b'0'..=b'9' => {
                digits = digits * 10 + i64::from(byte - b'0');
                count += 1;
                scale = scale.map(|scale| scale + 1);
            }
            b'.' if scale.is_none() => scale = Some(0),
            _ => return None,
        }
    }
    (count > 0).then_some((if is_negative { -digits } else { digits }, scale.unwrap_or(0)))
}

/// An exact decimal; thousands separators stand between groups of three.
pub fn decimal(text: &str) -> Option<Decimal> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() && fraction.is_none_or(str::is_empty) || !fraction.is_none_or(digits) {
        return None;
    }
    if whole.contains(',') {
        let mut groups = whole.split(',');
        let first = groups.next().unwrap_or_default();
        let first_fits = (1..=3).contains(&first.len()) && digits(first);
        if !first_fits || !groups.all(|group| group.len() == 3 && digits(group)) {
            return None;
        }
        return Decimal::from_str_exact(&text.replace([',', '+'], "")).ok();
    }
    if !digits(whole) {
        return None;
    }
    Decimal::from_str_exact(text.trim_start_matches('+')).ok()
}

/// Days from 1970-01-01 of a day as spreadsheets count them: 44931 is 2023-01-05, and so much later where they do not
/// count from 1900; a time of day behind a point is dropped. 60 was never a day, and what lies before it is nobody's date.
pub fn serial_day(text: &str, later: i32) -> Option<i32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || whole.len() > 7 {
        return None;
    }
    const FIRST: i32 = 61;
    const LAST: i32 = 2_958_465; // 9999-12-31
    const OF_1970: i32 = 25_569;
    let serial = whole.parse::<i32>().ok()? + later;
    (FIRST..=LAST).contains(&serial).then_some(serial - OF_1970)
}

/// A year-first date at the start of a text, and what follows it.
fn leading_date(text: &str) -> Option<(i32, &str)> {
    if let Some(day) = usual_date(text.as_bytes()) {
        return text.get(10..).map(|rest| (day, rest));
    }
    let (year, rest) = number(text, 4, 4)?;
    let (month, day, rest) = if rest.starts_with(|character: char| character.is_ascii_digit()) {
        let (month, rest) = number(rest, 2, 2)?;
        let (day, rest) = number(rest, 2, 2)?;
        (month, day, rest)
    } else {
        let separator = rest.chars().next().filter(|character| matches!(character, '-' | '/' | '.' | '年'))?;
        let (month, rest) = number(&rest[separator.len_utf8()..], 1, 2)?;
        let second = if separator == '年' { '月' } else { separator };
        let (day, rest) = number(rest.strip_prefix(second)?, 1, 2)?;
        (month, day, if separator == '年' { rest.strip_prefix('日')? } else { rest })
    };
    let day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    let days = day.signed_duration_since(NaiveDate::default()).num_days();
    Some((i32::try_from(days).ok()?, rest))
}

/// The day at the start of a text that writes it as nearly all do, 2023-01-05; nothing for other ways.
fn usual_date(text: &[u8]) -> Option<i32> {
    let &[thousands, hundreds, tens, ones, b'-', month_tens, month_ones, b'-', day_tens, day_ones, ..] = text else {
        return None;
    };
    let pair = |tens: u8, ones: u8| {
        let digits = tens.is_ascii_digit() && ones.is_ascii_digit();
        digits.then(|| i32::from(tens - b'0') * 10 + i32::from(ones - b'0'))
    };
    let year = pair(thousands, hundreds)? * 100 + pair(tens, ones)?;
    let (month, day) = (pair(month_tens, month_ones)?, pair(day_tens, day_ones)?);
    if year == 0 || !(1..=12).contains(&month) || !(1..=28).contains(&day) && !has_day(year, month, day) {
        return None;
    }
    // Years are counted from March, so that the odd day comes last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let of_years = year * 365 + year / 4 - year / 100 + year / 400;
    const OF_1970: i32 = 719_468;
    Some(of_years + (month * 153 + 2) / 5 + day - 1 - OF_1970)
}

fn has_day(year: i32, month: i32, day: i32) -> bool {
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    };
    (1..=last).contains(&day)
}

/// Minutes since midnight of a time that follows a date after a blank or T.
fn following_time(text: &str) -> Option<u32> {
    let (hour, rest) = number(text.strip_prefix([' ', 'T'])?, 1, 2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2, 2)?;
    if !rest.is_empty() {
        let (second, end) = number(rest.strip_prefix(':')?, 2, 2)?;
        if second > 59 || !end.is_empty() {
            return None;
        }
    }
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// A number of so many ASCII digits at the start of a text, and what follows it.
fn number(text: &str, least: usize, most: usize) -> Option<(u32, &str)> {
    let length = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if length < least {
        return None;
    }
    let (digits, rest) = text.split_at_checked(length)?;
    digits.parse().ok().map(|value| (value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iso(text: &str) -> Option<String> {
        date(text).map(|days| (NaiveDate::default() + chrono::Days::new(days as u64)).to_string())
    }

    #[test]
    fn the_listed_forms_are_dates() {
        for text in [
            "2023-01-05",
            "2023-1-5",
            "2023/1/5",
            "2023.1.5",
            "2023年1月5日",
            "2023年01月05日",
            "20230105",
            "2023-1-5 14:30",
            "2023-01-05T14:30:59",
            "2023.1.5 8:05",
            "2023年1月5日 14:30:00",
        ] {
            assert_eq!(iso(text).as_deref(), Some("2023-01-05"), "{text}");
        }
    }

    #[test]
    fn the_usual_way_is_read_as_the_calendar_has_it() {
        for year in [1, 4, 100, 400, 1582, 1899, 1900, 1970, 2000, 2023, 2024, 2100, 9999] {
            for (month, day) in (0..=13).flat_map(|month| (0..=32).map(move |day| (month, day))) {
                let expected = NaiveDate::from_ymd_opt(year, month, day)
                    .map(|day| day.signed_duration_since(NaiveDate::default()).num_days());
                let text = format!("{year:04}-{month:02}-{day:02}");
                assert_eq!(date(&text).map(i64::from), expected, "{text}");
                assert_eq!(usual_date(text.as_bytes()).map(i64::from), expected, "{text}");
            }
        }
    }

    #[test]
    fn nothing_else_is_a_date() {
        for text in [
            "",
            "23.1.5",
            "2023",
            "2023年1月",
            "1月5日",
            "2025-02-29",
            "2025-02-30",
            "1/5/2023",
            "05-Jan-2023",
            "2023-1-5-",
            "2023-1/5",
            "202315",
            "2023年1月5",
            "2023-01-05  14:30",
            "2023-01-05 24:00",
            "2023-01-05 14:3",
            "2023-01-05 14:30:60",
            "2023-01-05x",
            "2023-001-05",
            "20230105 14",
            "44931",
            "2023 -1-5",
        ] {
            assert_eq!(iso(text), None, "{text}");
        }
    }

    #[test]
    fn serials_are_the_days_of_spreadsheets() {
        let day = |text| {
            serial_day(text, 0).map(|days| (NaiveDate::default() + chrono::TimeDelta::days(days.into())).to_string())
        };
        assert_eq!(day("44931").as_deref(), Some("2023-01-05"));
        assert_eq!(day("44931.75").as_deref(), Some("2023-01-05"));
        assert_eq!(serial_day("43469", 1462), serial_day("44931", 0));
        assert_eq!(day("61").as_deref(), Some("1900-03-01"));
        assert_eq!(day("2958465").as_deref(), Some("9999-12-31"));
        for text in ["", "60", "2958466", "-44931", "44931.", "4493a", "1e5"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_is_kept_to_the_minute() {
        let (minutes, timed) = datetime("1970-01-02 01:02:59").expect("a time");
        assert_eq!((minutes, timed), (1440 + 62, true));
        assert_eq!(datetime("1970-01-02"), Some((1440, false)));
    }

    proptest::proptest! {
        #[test]
        fn the_usual_way_is_read_as_every_other(text in "[-+]{0,1}[0-9]{0,12}[.,]{0,1}[0-9]{0,7}") {
            if let Some((digits, scale)) = usual_decimal(&text) {
                let number = decimal(&text).expect("a number");
                proptest::prop_assert_eq!((number.mantissa(), number.scale()), (i128::from(digits), scale));
            }
        }
    }

    #[test]
    fn amounts_are_exact() {
        for (text, value) in [
            ("1,234.50", "1234.50"),
            ("-0.10", "-0.10"),
            ("+5", "5"),
            ("1234567", "1234567"),
            (".5", "0.5"),
            ("5.", "5"),
        ] {
            assert_eq!(decimal(text), Decimal::from_str_exact(value).ok(), "{text}");
        }
        for text in ["", ".", "-", "12,34", "1,2345", ",123", "约50万", "1e3", "1.2.3", "5 ", "--5", "1,234.5,6", "￥5"]
        {
            assert_eq!(decimal(text), None, "{text}");
        }
    }
}
