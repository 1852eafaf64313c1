//! Shares of one, exact to a tenth of a percent, and the changes between two amounts.
//!
//! Apart because a sentence and a table must round alike.

use rust_decimal::{Decimal, RoundingStrategy};

/// A part of a whole, rounded to a tenth of a percent; nothing where the whole is not positive.
pub fn share(part: Decimal, whole: Decimal) -> Option<Decimal> {
    (whole > Decimal::ZERO).then(|| rounded(part / whole, 3))
}

/// The same of counts.
pub fn share_of(part: u64, whole: u64) -> Option<Decimal> {
    share(Decimal::from(part), Decimal::from(whole))
}

/// By how much something has grown, as a share of what it was; nothing where it was not positive.
pub fn growth(now: Decimal, before: Decimal) -> Option<Decimal> {
    share(now - before, before)
}

/// Rounded half away from zero, as spreadsheets do.
pub fn rounded(value: Decimal, places: u32) -> Decimal {
    value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_exact_to_a_tenth_of_a_percent() {
        let share = |part, whole| share_of(part, whole).map(|share| share.to_string());
        assert_eq!(share(1, 3).as_deref(), Some("0.333"));
        assert_eq!(share(1, 8).as_deref(), Some("0.125"));
        assert_eq!(share(1, 2000).as_deref(), Some("0.001"), "half a tenth goes up");
        assert_eq!(share(0, 0), None, "nothing of nothing is no share");
        let fallen = growth(Decimal::from(75), Decimal::from(100)).map(|growth| growth.to_string());
        assert_eq!(fallen.as_deref(), Some("-0.25"));
        assert_eq!(growth(Decimal::from(75), Decimal::ZERO), None);
    }
}
