//! Why two customers are taken for one: the kinds of evidence, and a small set of them.
//!
//! Apart because people read these. It knows no scores.

use crate::text;
use crate::text::Text;

/// A kind of evidence, the strongest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Reason {
    /// People decided that they are one.
    Decided,
    /// The same credit code.
    SameCode,
    /// The same bank account.
    SameAccount,
    /// The whole name is the same, the legal form and the way of writing apart.
    SameName,
    /// The same core, trade and place, the place said in another way or by one only.
    SameNameButPlace,
    /// One is a short form of the other.
    Abbreviation,
    /// The same core, the trade said in another way.
    SameCore,
    /// A character of the name is wrong, missing, added or swapped.
    SimilarName,
    /// Credit codes one slip apart.
    SimilarCode,
    /// The same telephone number.
    SamePhone,
    /// The same e-mail address.
    SameEmail,
    /// The same address.
    SameAddress,
    /// E-mail addresses of the same domain.
    SameDomain,
}

/// All kinds, in their order.
const ALL: [Reason; 13] = [
    Reason::Decided,
    Reason::SameCode,
    Reason::SameAccount,
    Reason::SameName,
    Reason::SameNameButPlace,
    Reason::Abbreviation,
    Reason::SameCore,
    Reason::SimilarName,
    Reason::SimilarCode,
    Reason::SamePhone,
    Reason::SameEmail,
    Reason::SameAddress,
    Reason::SameDomain,
];

impl Reason {
    /// Its number, for a text that a machine reads.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The kind of a number.
    pub fn of(code: u8) -> Option<Self> {
        ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// What people read.
    pub fn describe(self) -> Text {
        match self {
            Self::Decided => text!("已裁定为同一客户", "decided to be one customer"),
            Self::SameCode => text!("统一社会信用代码相同", "same credit code"),
            Self::SameAccount => text!("银行账号相同", "same bank account"),
            Self::SameName => text!("名称相同(不计法律形式与写法)", "same name (legal form and spelling aside)"),
            Self::SameNameButPlace => text!("名称相同(不计地区)", "same name (place aside)"),
            Self::Abbreviation => text!("一方为另一方的简称", "one is a short form of the other"),
            Self::SameCore => text!("字号相同", "same core of the name"),
            Self::SimilarName => text!("名称相近(疑有错别字)", "similar name (perhaps mistyped)"),
            Self::SimilarCode => text!("统一社会信用代码相近(疑有误)", "similar credit code (perhaps mistyped)"),
            Self::SamePhone => text!("电话相同", "same telephone number"),
            Self::SameEmail => text!("邮箱相同", "same e-mail address"),
            Self::SameAddress => text!("地址相同", "same address"),
            Self::SameDomain => text!("邮箱域名相同", "same e-mail domain"),
        }
    }
}

/// A set of reasons.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Reasons(u16);

impl Reasons {
    /// Adds one.
    pub(super) fn add(&mut self, reason: Reason) {
        self.0 |= 1 << reason as u8;
    }

    /// Adds one where it holds.
    pub(super) fn add_if(&mut self, holds: bool, reason: Reason) {
        if holds {
            self.add(reason);
        }
    }

    /// Both sets.
    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// As a list, the strongest first.
    pub(super) fn list(self) -> Vec<Reason> {
        ALL.into_iter().filter(|reason| self.0 & (1 << *reason as u8) != 0).collect()
    }
}
