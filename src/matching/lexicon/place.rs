//! Where something is, as far as it was said, and how two such sayings compare.
//!
//! Apart from the lists of places because names and addresses are compared by it. It knows numbers of places, not their
//! words.

use crate::matching::hash;

/// Where something is, as far as it was said; 0 is unsaid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::matching) struct Place {
    /// The province, or what stands in its place.
    pub(in crate::matching) province: u16,
    /// The city.
    pub(in crate::matching) city: u16,
    /// The county or district, by its name.
    pub(in crate::matching) county: u32,
}

impl Place {
    /// Whether nothing was said.
    pub(in crate::matching) fn is_unsaid(self) -> bool {
        self == Self::default()
    }

    /// Whether both cannot be true.
    pub(in crate::matching) fn contradicts(self, other: Self) -> bool {
        let differ = |left: u32, right: u32| left != 0 && right != 0 && left != right;
        differ(self.province.into(), other.province.into())
            || differ(self.city.into(), other.city.into())
            || (differ(self.county, other.county) && (self.city == other.city))
    }

    /// How far both say the same: 0 nothing, 1 the province, 2 the city, 3 the county.
    pub(in crate::matching) fn agreement(self, other: Self) -> u8 {
        if self.is_unsaid() || other.is_unsaid() || self.contradicts(other) {
            return 0;
        }
        let same = |left: u32, right: u32| left != 0 && left == right;
        if same(self.county, other.county) {
            3
        } else if same(self.city.into(), other.city.into()) {
            2
        } else {
            u8::from(same(self.province.into(), other.province.into()))
        }
    }

    /// Whether one is inside the other, and firms of the inner one go by its own name: 江苏, 苏州 and 昆山, but not 上海 and
    /// 浦东.
    pub(in crate::matching) fn nests(self, other: Self) -> bool {
        let county = |place: Self| if place.county & 1 == 1 { place.county } else { 0 };
        let rank = |place: Self| (place.province != 0, place.city != 0, county(place) != 0);
        !self.is_unsaid() && !other.is_unsaid() && rank(self) != rank(other)
    }

    /// What either says, the first where both do.
    pub(in crate::matching) fn or(self, other: Self) -> Self {
        let chosen = |left, right| if left == 0 { right } else { left };
        Self {
            province: chosen(self.province, other.province),
            city: chosen(self.city, other.city),
            county: if self.county == 0 { other.county } else { self.county },
        }
    }
}

/// A county by its name: 浦东新(区) is 浦东. The last bit says that it registers firms in its own name, as 昆山 does.
pub(super) fn county(name: &[char], own: bool) -> u32 {
    let name = if name.len() > 2 { name.strip_suffix(&['新']).unwrap_or(name) } else { name };
    #[expect(clippy::cast_possible_truncation, reason = "a shorter hash will do")]
    let short = hash::of_characters(name.iter().copied()) as u32;
    (short & !1 | 2) | u32::from(own)
}
