//! How each kind of database writes a test: what differs between them, in one table.
//!
//! Apart because statements are made once, of these pieces. It knows no test and no table.

/// How one kind of database writes things.
#[derive(Debug)]
pub struct Dialect {
    /// A name.
    pub name: fn(&str) -> String,
    /// A text.
    pub text: fn(&str) -> String,
    /// A cell as text, compared byte by byte whatever the database's rules are.
    pub cell: fn(&str) -> String,
    /// Whether a cell's text matches a pattern, both written.
    pub matches: fn(&str, &str) -> String,
    /// What stands at the end of a pattern where nothing may follow, not even the end of a line.
    pub end: &'static str,
    /// The days from the date that one text begins with to that of another.
    pub days_between: fn(&str, &str) -> String,
    /// Whether rows of a statement within a statement keep their order where they are sorted.
    pub keeps_order: bool,
    /// Whether it numbers rows in the order in which it reads them.
    pub numbers_rows: bool,
    /// What keeps a statement within a statement from being made one with it.
    pub fence: &'static str,
    /// No text.
    pub nothing: &'static str,
    /// A day that is one for certain, a moment and a number, as values of their types.
    pub day: &'static str,
    /// A moment.
    pub moment: &'static str,
}

/// PostgreSQL, and what speaks its protocol and its dialect.
pub const POSTGRES: Dialect = Dialect {
    name: |name| format!("\"{}\"", name.replace('"', "\"\"")),
    text: |text| format!("'{}'", text.replace('\'', "''")),
    cell: |cell| format!("(({cell})::text collate \"C\")"),
    matches: |cell, pattern| format!("{cell} ~ {pattern}"),
    end: "$",
    days_between: |from, to| format!("(left({to}, 10)::date - left({from}, 10)::date)"),
    keeps_order: true,
    numbers_rows: true,
    fence: " offset 0",
    nothing: "null",
    day: "date '2000-01-01'",
    moment: "timestamp '2000-01-01 00:00:00'",
};

/// MySQL, MariaDB, and what speaks their protocol and dialect.
pub const MYSQL: Dialect = Dialect {
    name: |name| format!("`{}`", name.replace('`', "``")),
    text: mysql_text,
    cell: |cell| format!("(convert(cast({cell} as char) using utf8mb4) collate utf8mb4_bin)"),
    matches: |cell, pattern| format!("{cell} regexp {pattern}"),
    end: "(?![^一]|一)",
    days_between: |from, to| format!("datediff(left({to}, 10), left({from}, 10))"),
    keeps_order: false,
    numbers_rows: false,
    fence: "",
    nothing: "null",
    day: "date '2000-01-01'",
    moment: "timestamp '2000-01-01 00:00:00'",
};

/// Apache Spark.
pub const SPARK: Dialect = Dialect {
    name: |name| format!("`{}`", name.replace('`', "``")),
    text: |text| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
    cell: |cell| format!("cast({cell} as string)"),
    matches: |cell, pattern| format!("{cell} rlike {pattern}"),
    end: "(?![^一]|一)",
    days_between: |from, to| format!("datediff(cast(left({to}, 10) as date), cast(left({from}, 10) as date))"),
    keeps_order: true,
    numbers_rows: true,
    fence: "",
    nothing: "cast(null as string)",
    day: "date '2000-01-01'",
    moment: "timestamp_ntz '2000-01-01 00:00:00'",
};

/// Whether a backslash is itself depends on a setting: with one in it, a text is written as its bytes.
fn mysql_text(text: &str) -> String {
    if text.contains('\\') {
        use std::fmt::Write;
        let mut bytes = String::with_capacity(text.len() * 2);
        for byte in text.bytes() {
            // a string takes whatever is written
            let _ = write!(bytes, "{byte:02x}");
        }
        return format!("convert(0x{bytes} using utf8mb4)");
    }
    format!("'{}'", text.replace('\'', "''"))
}
