//! The clock, read once a command; everything else takes the time as an argument.
//!
//! Apart because a run must be repeatable: nothing else in the program may ask what time it is.

use std::time::Duration;

use chrono::{DateTime, Days, FixedOffset, Local, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// Now, in the company's time zone.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn now(timezone: Tz) -> DateTime<FixedOffset> {
    Utc::now().with_timezone(&timezone).fixed_offset()
}

/// The moment that lies so long after another: what happens in a long run is told by the time that it took until then.
pub fn after(moment: DateTime<FixedOffset>, passed: Duration) -> DateTime<FixedOffset> {
    TimeDelta::from_std(passed).ok().and_then(|passed| moment.checked_add_signed(passed)).unwrap_or(moment)
}

/// The calendar day of a moment.
pub fn day(moment: DateTime<FixedOffset>) -> NaiveDate {
    moment.date_naive()
}

/// What the machine's own clock differs from universal time by.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn machine() -> FixedOffset {
    *Local::now().offset()
}

/// The last second of a day: what falls due on it has fallen due by then.
pub fn end_of(day: NaiveDate, timezone: Tz) -> DateTime<FixedOffset> {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day).and_time(chrono::NaiveTime::MIN);
    // Where the clock is put forward at midnight, the next day begins later.
    let begins = (0..=24).find_map(|hours| timezone.from_local_datetime(&(next + TimeDelta::hours(hours))).earliest());
    begins.unwrap_or_else(|| timezone.from_utc_datetime(&next)).fixed_offset() - TimeDelta::seconds(1)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_moment_goes_on_by_what_has_passed() {
        let moment = DateTime::parse_from_rfc3339("2026-11-22T23:59:30+08:00").expect("a moment");
        assert_eq!(after(moment, Duration::from_secs(90)).to_rfc3339(), "2026-11-23T00:01:00+08:00");
        assert_eq!(after(moment, Duration::MAX), moment, "no run takes so long");
    }
}
