//! What this program was built with: parts that a company may leave out, and what is said where its configuration asks for one.
//!
//! Apart because a part that is not there is told at the line that wants it, before anything is read. What the parts do,
//! it does not know.

use crate::text;
use crate::text::Text;

/// A part that may be left out: a feature of Cargo.toml.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// Reading of database servers; SQLite files are always read, as our own history is one.
    Databases,
    /// Narrowing by database servers and by Spark.
    Pushdown,
}

impl Feature {
    /// Whether the program has it.
    pub const fn is_built_in(self) -> bool {
        match self {
            Feature::Databases => cfg!(feature = "databases"),
            Feature::Pushdown => cfg!(feature = "pushdown"),
        }
    }

    /// Why what asks for it cannot be had; nothing where it can.
    pub fn left_out(self) -> Option<Text> {
        (!self.is_built_in()).then(|| self.words())
    }

    fn words(self) -> Text {
        match self {
            Feature::Databases => text!(
                "这个 hedui 编译时没有带 PostgreSQL 和 MySQL 的读取（cargo 特性 databases）；请换用完整的程序，或导出为文件",
                "this hedui was built without PostgreSQL and MySQL (the cargo feature `databases`); install the whole \
                 program, or read an export"
            ),
            Feature::Pushdown => text!(
                "这个 hedui 编译时没有带数据库和 Spark 的筛选（cargo 特性 pushdown）；请换用完整的程序，或写 evaluate = \"here\"",
                "this hedui was built without narrowing by databases and Spark (the cargo feature `pushdown`); install \
                 the whole program, or write evaluate = \"here\""
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_told_by_its_name() {
        for (feature, name) in [(Feature::Databases, "databases"), (Feature::Pushdown, "pushdown")] {
            assert_eq!(feature.left_out().is_none(), feature.is_built_in());
            let Text { zh, en } = feature.words();
            assert!(zh.contains(name) && en.contains(name));
        }
    }
}
