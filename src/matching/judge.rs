//! Weighs what is known of two customers: are they one?
//!
//! Apart from the comparison of names because this is the policy: how much the names say, how much support each
//! likeness needs, and what speaks against. It sees two records and no others, but for two flags that say whether the
//! records around make a short name ambiguous.

use super::evidence::{Codes, Evidence};
use super::name::Name;
use super::reason::{Reason, Reasons};
use super::relation::{Cores, Relation, TradeRelation, relate};
use super::support::{Support, support};

/// One customer, ready to be compared.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// The name; none where it is missing.
    pub(super) name: Option<Name>,
    /// All else.
    pub(super) evidence: Evidence,
    /// Whether firms of this core and trade are known in places that contradict each other.
    pub(super) many_places: bool,
    /// Whether firms of this core are known with trades that contradict each other.
    pub(super) many_trades: bool,
}

/// How likely two customers are one, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Verdict {
    /// 0 to 100.
    pub(super) score: u8,
    /// The evidence.
    pub(super) reasons: Reasons,
}

/// What the names say: a score, how many points of support it needs, and its reason.
struct Weight {
    score: u8,
    needs: u8,
    reason: Reason,
}

/// More points than there are.
const NEVER: u8 = u8::MAX;

/// Weighs two records; nothing where they are two customers.
pub(super) fn judge(left: &Record, right: &Record) -> Option<Verdict> {
    let mut reasons = Reasons::default();
    let names = left.name.as_ref().zip(right.name.as_ref());
    let relation = names.map(|(left, right)| relate(left, right));
    let support = support(left, right, &mut reasons);
    if support.codes == Codes::Same {
        let same = relation.is_some_and(|relation| relation.cores == Cores::Same && !relation.places_contradict);
        reasons.add_if(same, Reason::SameCore);
        return Some(Verdict { score: if left.evidence.code_valid { 100 } else { 98 }, reasons });
    }
    let weight = match (names, relation) {
        (Some((left_name, right_name)), Some(relation)) => {
            let flags = (left.many_places || right.many_places, left.many_trades || right.many_trades);
            weigh(left_name, right_name, relation, support, flags)?
        }
        // Without a name only the account tells, and only with another field.
        _ => Weight { score: 72, needs: if support.account { 5 } else { NEVER }, reason: Reason::SameAccount },
    };
    if support.points < weight.needs {
        return None;
    }
    reasons.add(weight.reason);
    let doubt = if matches!(support.codes, Codes::Doubtful) { 5 } else { 0 };
    let against = support.against.min(3) + doubt;
    let score = (weight.score + (support.points * 2).min(10)).saturating_sub(against).min(99);
    Some(Verdict { score, reasons })
}

/// What the names say.
fn weigh(left: &Name, right: &Name, names: Relation, support: Support, flags: (bool, bool)) -> Option<Weight> {
    if !names.same_part {
        return None;
    }
    let mut weight = match names.cores {
        Cores::Same if names.places_contradict => other_place(names, support),
        Cores::Same => same_core(left, right, names, support, flags),
        Cores::Slip { likely, long } => similar(names, support, (likely, long), untraded(left, right)),
        Cores::Short => short(names, support, left.core.len().max(right.core.len()) == 3),
        Cores::Part => Weight { score: 72, needs: part_needs(names, support), reason: Reason::Abbreviation },
        Cores::Different => {
            let needs = if support.account && support.codes != Codes::Different { 5 } else { NEVER };
            Weight { score: 68, needs, reason: Reason::SameAccount }
        }
    };
    if left.person && right.person {
        weight.needs = weight.needs.max(2);
    }
    if names.places_nest {
        weight.needs = weight.needs.max(1);
    }
    if names.weak_omitted {
        // Two whole names with and without 国际 are two firms more often than one; a short form leaves it out.
        let whole = left.legal != 0 && right.legal != 0;
        weight.needs = weight.needs.max(u8::from(whole));
        weight.score -= 4;
    }
    (weight.needs != NEVER).then_some(weight)
}

/// 上海华联贸易 and 北京华联贸易: two firms, unless more than the name says otherwise.
fn other_place(names: Relation, support: Support) -> Weight {
    let trades = matches!(names.trades, TradeRelation::Same | TradeRelation::Partial);
    let allowed = trades && support.codes != Codes::Different && support.hard >= 2;
    Weight { score: 72, needs: if allowed { 2 } else { NEVER }, reason: Reason::SameCore }
}

fn same_core(left: &Name, right: &Name, names: Relation, support: Support, flags: (bool, bool)) -> Weight {
    let different = support.codes == Codes::Different;
    let (many_places, many_trades) = flags;
    let unclear_place = names.place_omitted && many_places && !support.near;
    let (score, needs, reason) = match names.trades {
        TradeRelation::Same if !names.place_omitted => return same_name(left, right, names, support, many_places),
        TradeRelation::Same => {
            let unclear = unclear_place || (untraded(left, right) && many_trades);
            (88, u8::from(unclear), Reason::SameNameButPlace)
        }
        TradeRelation::Partial => {
            let abbreviated = left.legal == 0 || right.legal == 0;
            let unclear = many_trades || unclear_place || !(abbreviated || names.agreement > 0);
            (if abbreviated { 82 } else { 76 }, u8::from(unclear), Reason::Abbreviation)
        }
        TradeRelation::Missing => {
            let abbreviated = left.legal == 0 || right.legal == 0;
            let told = abbreviated && (names.agreement > 0 || left.core.len() > 2) && !unclear_place;
            (76, u8::from(many_trades || !told), Reason::Abbreviation)
        }
        TradeRelation::Akin => (74, 1, Reason::SameCore),
        TradeRelation::Different => {
            let allowed = (support.account || support.codes == Codes::Slip) && !different;
            (70, if allowed { 3 } else { NEVER }, Reason::SameCore)
        }
    };
    let contradicted = u8::from(different || (support.apart && names.agreement == 0)) * 2;
    let needs = needs.max(contradicted).max(u8::from(names.weak_differs));
    let needs = needs.max(if support.codes == Codes::Doubtful { 1 } else { 0 });
    Weight { score, needs, reason }
}

fn untraded(left: &Name, right: &Name) -> bool {
    left.trades().is_empty() && right.trades().is_empty()
}

/// The same core, trade and place.
fn same_name(left: &Name, right: &Name, names: Relation, support: Support, many_places: bool) -> Weight {
    let different = support.codes == Codes::Different;
    let unsaid = left.place.is_unsaid();
    let score = match (different, names.same_legal) {
        (true, _) => 76,
        (false, true) => 95,
        (false, false) => 92,
    };
    let needs = if different && (unsaid || !names.same_legal || support.apart) {
        2
    } else {
        let short = left.legal == 0 || right.legal == 0 || !names.same_legal;
        let unclear = unsaid && (support.apart || (short && many_places && !support.near));
        u8::from(unclear || names.weak_differs)
    };
    Weight { score, needs, reason: Reason::SameName }
}

/// Cores that are one slip apart.
fn similar(names: Relation, support: Support, (likely, long): (bool, bool), untraded: bool) -> Weight {
    let needs = match names.trades {
        _ if names.places_contradict => NEVER,
        TradeRelation::Same if long => u8::from(!likely && (untraded || support.against > 2)),
        TradeRelation::Same if untraded => 1,
        TradeRelation::Same => u8::from(!likely && (names.agreement == 0 || support.against > 1)),
        TradeRelation::Partial | TradeRelation::Missing => 1,
        TradeRelation::Akin => 2,
        TradeRelation::Different => NEVER,
    };
    let contradicted = u8::from(support.codes == Codes::Different || (support.apart && names.agreement == 0)) * 2;
    let doubtful = u8::from(support.codes == Codes::Doubtful);
    let score = if long { 84 } else { 80 } - if likely { 0 } else { 4 };
    Weight { score, needs: needs.max(contradicted).max(doubtful), reason: Reason::SimilarName }
}

/// 华联贸易 and 华盟贸易.
fn short(names: Relation, support: Support, left_out: bool) -> Weight {
    let trades = matches!(names.trades, TradeRelation::Same | TradeRelation::Partial);
    let needs = match support.codes {
        _ if names.places_contradict || !trades => NEVER,
        Codes::Different if support.account => 5,
        Codes::Different => NEVER,
        Codes::Doubtful => 3,
        // A character left out of three, in the same city and trade: little more is needed.
        Codes::Unknown if left_out && names.agreement > 1 && names.trades == TradeRelation::Same => 1,
        _ => 2,
    };
    Weight { score: 72, needs, reason: Reason::SimilarName }
}

fn part_needs(names: Relation, support: Support) -> u8 {
    let possible =
        !names.places_contradict && names.trades != TradeRelation::Different && support.codes != Codes::Different;
    if possible { 2 } else { NEVER }
}
