//! What may be wrong with a step of a chain, and the cell where it shows.
//!
//! Apart because it travels as a word through a column, from where rows are judged to where the rule's units are made.

use crate::text;
use crate::text::Text;

/// What is wrong with a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is not done, and must be.
    Missing,
    /// It is done, and nobody says by whom.
    Nameless,
    /// It was done before the step that it follows.
    Early,
    /// It was done too late.
    Late,
    /// It is not done, and it is too late.
    Open,
    /// It was done by one who must not.
    Person,
}

impl Fault {
    /// All of them.
    pub(super) const ALL: [Fault; 6] =
        [Fault::Missing, Fault::Nameless, Fault::Early, Fault::Late, Fault::Open, Fault::Person];

    /// Its word.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Fault::Missing => "missing",
            Fault::Nameless => "nameless",
            Fault::Early => "early",
            Fault::Late => "late",
            Fault::Open => "open",
            Fault::Person => "person",
        }
    }

    /// Its word for people.
    pub(super) fn said(self) -> Text {
        match self {
            Fault::Missing => text!("未办理", "not done"),
            Fault::Nameless => text!("没有写明由谁办理", "it is not said by whom"),
            Fault::Early => text!("早于前一环节", "before the step that it follows"),
            Fault::Late => text!("超过期限", "too late"),
            Fault::Open => text!("超过期限仍未办理", "too late and still not done"),
            Fault::Person => text!("不应由此人办理", "by a person who must not"),
        }
    }

    /// Whether it shows in the person's cell.
    pub(super) fn is_about_the_person(self) -> bool {
        matches!(self, Fault::Nameless | Fault::Person)
    }
}

/// A fault with its step, as one word.
pub(super) fn coded(step: usize, fault: Fault) -> String {
    format!("{step} {}", fault.as_str())
}
