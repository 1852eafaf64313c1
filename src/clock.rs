//! The clock, read once a command; everything else takes the time as an argument.
//!
//! Apart because a run must be repeatable: nothing else in the program may ask what time it is.

use chrono::{DateTime, FixedOffset, Local, NaiveDate, Utc};
use chrono_tz::Tz;

/// Now, in the company's time zone.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn now(timezone: Tz) -> DateTime<FixedOffset> {
    Utc::now().with_timezone(&timezone).fixed_offset()
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
