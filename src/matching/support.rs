//! What speaks for two records being one, and against it, besides their names.
//!
//! Apart from the judgement because it counts and does not decide.

use super::evidence::Codes;
use super::judge::Record;
use super::lexicon::place::Place;
use super::reason::{Reason, Reasons};

/// What speaks for two records besides their names.
#[derive(Clone, Copy)]
pub(super) struct Support {
    /// Account, telephone or a code one slip apart: points that hold against other places.
    pub(super) hard: u8,
    /// All points.
    pub(super) points: u8,
    /// Whether the account is the same.
    pub(super) account: bool,
    /// How many fields are filled on both sides and differ.
    pub(super) against: u8,
    /// How the credit codes compare.
    pub(super) codes: Codes,
    /// Whether address, code or telephone put them into the same city.
    pub(super) near: bool,
    /// Whether they put them into different places.
    pub(super) apart: bool,
}

/// Finds what speaks for two records, and adds the reasons.
pub(super) fn support(left: &Record, right: &Record, reasons: &mut Reasons) -> Support {
    let (one, other) = (&left.evidence, &right.evidence);
    let same = |left: u64, right: u64| left != 0 && left == right;
    let codes = one.codes(other);
    let account = same(one.account, other.account);
    let phone = one.same_phone(other);
    let (whole_left, whole_right) = (whereabouts(left), whereabouts(right));
    let address = same(one.address, other.address) && !one.place.contradicts(other.place);
    let email = same(one.email, other.email);
    let domain = same(one.domain, other.domain);
    let facts = [
        (codes == Codes::Same, Reason::SameCode),
        (codes == Codes::Slip, Reason::SimilarCode),
        (account, Reason::SameAccount),
        (phone, Reason::SamePhone),
        (address, Reason::SameAddress),
        (email, Reason::SameEmail),
        (domain && !email, Reason::SameDomain),
    ];
    for (holds, reason) in facts {
        reasons.add_if(holds, reason);
    }
    let points = |holds: bool, points: u8| if holds { points } else { 0 };
    let hard = points(account, 3) + points(codes == Codes::Slip, 3) + points(phone, 2);
    let soft = points(address, 2) + points(email, 2) + points(domain && !email, 1);
    let differs = |left: u64, right: u64| left != 0 && right != 0 && left != right;
    let against = u8::from(differs(one.account, other.account))
        + u8::from(differs(one.phones[0], other.phones[0]) && !phone)
        + u8::from(differs(one.address, other.address) || one.place.contradicts(other.place))
        + u8::from(differs(one.domain, other.domain));
    let near = whole_left.agreement(whole_right) > 1;
    let apart = county_apart(whole_left, whole_right);
    Support { hard, points: hard + soft, account, against, codes, near, apart }
}

/// Where a customer is, the name first.
fn whereabouts(record: &Record) -> Place {
    let said = record.name.as_ref().map(|name| name.place).unwrap_or_default();
    if said.contradicts(record.evidence.place) { said } else { said.or(record.evidence.place) }
}

/// Whether two places are in different cities; another district is no contradiction, firms move.
fn county_apart(left: Place, right: Place) -> bool {
    Place { county: 0, ..left }.contradicts(Place { county: 0, ..right })
}
