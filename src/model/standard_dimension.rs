//! The six dimensions of GB/T 36344-2018, which are not the popular six: uniqueness is an item of accuracy there.
//!
//! Apart because reports show both, and a standard's names must not be mixed with others. It knows no rule.

use super::Dimension;

/// A dimension of GB/T 36344-2018.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StandardDimension {
    /// 规范性
    Conformity,
    /// 完整性
    Completeness,
    /// 准确性
    Accuracy,
    /// 一致性
    Consistency,
    /// 时效性
    Timeliness,
    /// 可访问性
    Accessibility,
}

impl StandardDimension {
    /// All of them with the standard's words, which rule files write.
    pub const WORDS: [(&'static str, StandardDimension); 6] = [
        ("规范性", StandardDimension::Conformity),
        ("完整性", StandardDimension::Completeness),
        ("准确性", StandardDimension::Accuracy),
        ("一致性", StandardDimension::Consistency),
        ("时效性", StandardDimension::Timeliness),
        ("可访问性", StandardDimension::Accessibility),
    ];

    /// The standard's word.
    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, dimension)| *dimension == self).map_or("", |(word, _)| word)
    }

    /// Where a popular dimension belongs in the standard, if a rule does not say otherwise.
    pub fn of(dimension: Dimension) -> Self {
        match dimension {
            Dimension::Completeness => StandardDimension::Completeness,
            Dimension::Accuracy | Dimension::Uniqueness => StandardDimension::Accuracy,
            Dimension::Consistency => StandardDimension::Consistency,
            Dimension::Timeliness => StandardDimension::Timeliness,
            Dimension::Validity => StandardDimension::Conformity,
        }
    }
}
