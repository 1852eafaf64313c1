//! The `hedui.toml` of a test: six sources, three departments, a weekly job, and mail as the test wants it.
//!
//! Apart from the company, because some tests change how it is read and mailed, and not what is in it.

use std::fmt::Write;

/// The departments of the company, all with a mailbox.
pub const DEPARTMENTS: [(&str, &str); 3] =
    [("华东销售部", "east@example.com"), ("华南销售部", "south@example.com"), ("客户服务部", "kefu@example.com")];

/// `[mail]` that writes files.
pub const MAIL_AS_FILES: &str = "transport = \"file\"";

/// The sources of a company's CSV files.
pub fn csv_sources() -> String {
    sources(|table| format!("path = \"data/{table}.csv\""))
}

/// The sources of a company, each with a line that says where it is.
pub fn sources(location: impl Fn(&str) -> String) -> String {
    let mut text = String::new();
    for table in ["customers", "contacts", "contracts", "visits", "changes", "employees"] {
        writeln!(text, "[[source]]\ntable = \"{table}\"\n{}\n", location(table)).expect("a string");
    }
    text
}

/// A whole `hedui.toml` with the weekly job, its mail as the given lines say.
pub fn configuration(mail: &str) -> String {
    configuration_of(&csv_sources(), mail)
}

/// The same with other sources.
pub fn configuration_of(sources: &str, mail: &str) -> String {
    let departments: String = DEPARTMENTS
        .iter()
        .map(|(name, address)| format!("[departments.\"{name}\"]\nto = [\"{address}\"]\n\n"))
        .collect();
    format!(
        "[company]\nname = \"华联进出口有限公司\"\nlanguage = \"zh\"\n\n{sources}{departments}\
         [mail]\nfrom = \"客户服务部 <kefu@example.com>\"\n{mail}\n\n\
         [[job]]\nname = \"weekly\"\nschedule = \"0 8 * * 1\"\nreports = [\"department-weekly\", \"service-digest\"]\n"
    )
}
