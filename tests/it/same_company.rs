//! READ: the same company gives the same findings, whatever its data lie in: workbooks, text files, database servers.
//!
//! Apart from `sources`, because every form is made by a program other than hedui and held against the first; file, sheet,
//! row and column differ and are left out.

use std::process::Command;

use crate::configuration::{MAIL_AS_FILES, configuration_of, csv_sources, sources};
use crate::python::{interpreter, office, python, root};
use crate::server_database::{MariaDb, Postgres};
use crate::workplace::{AS_OF, Workplace, binary, records};

/// The findings of an export without the place, in order.
fn placeless(text: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = records(text)
        .into_iter()
        .map(|mut finding| {
            let _ = ["file", "sheet", "row", "column"].map(|place| finding.remove(place));
            finding.into_values().collect()
        })
        .collect();
    rows.sort();
    rows
}

/// A workplace with a messy company's data as CSV in data/, and its findings.
fn company(seed: &str) -> (Workplace, Vec<Vec<String>>) {
    let workplace = Workplace::new("");
    let path = |name: &str| workplace.path(name).display().to_string();
    python("oracle/generate.py", &[&path("raw"), "--customers", "250", "--seed", seed, "--as-of", AS_OF]);
    python("it/py/tables.py", &["clean", &path("raw"), &path("data")]);
    let wanted = check(&workplace, &csv_sources());
    assert!(wanted.len() > 1000, "{}", wanted.len());
    (workplace, wanted)
}

/// Writes the data in another form.
fn write(workplace: &Workplace, form: &str, target: &str) {
    let path = |name: &str| workplace.path(name).display().to_string();
    python("it/py/tables.py", &[form, &path("data"), &path(target)]);
}

fn check(workplace: &Workplace, sources: &str) -> Vec<Vec<String>> {
    workplace.write("hedui.toml", configuration_of(sources, MAIL_AS_FILES));
    workplace.as_of(AS_OF, &["check", "--findings", "f.csv"]).exits(0);
    placeless(&workplace.read("f.csv"))
}

#[track_caller]
fn gives_the_same(workplace: &Workplace, wanted: &[Vec<String>], form: &str, sources: &str) {
    let found = check(workplace, sources);
    let lost: Vec<_> = wanted.iter().filter(|row| !found.contains(row)).take(2).collect();
    let added: Vec<_> = found.iter().filter(|row| !wanted.contains(row)).take(2).collect();
    assert!(lost.is_empty() && added.is_empty(), "{form}: lost {lost:#?} added {added:#?}");
    assert_eq!(found.len(), wanted.len(), "{form}");
}

fn queries(url: &str) -> String {
    sources(|table| format!("url = \"{url}\"\nquery = \"select * from {table}\""))
}

#[test]
fn files_of_every_form() {
    let (workplace, wanted) = company("5");
    for (form, target) in [("xlsx", "book.xlsx"), ("xls", "old.xls"), ("tsv", "tsv"), ("gb18030", "gb")] {
        write(&workplace, form, target);
    }
    office("ods", &[workplace.path("book.xlsx")], workplace.folder());
    let sheets = |file: &'static str| sources(move |table| format!("path = \"{file}\"\nsheet = \"{table}\""));
    for (form, sources) in [
        ("GB18030", sources(|table| format!("path = \"gb/{table}.csv\""))),
        ("tabs", sources(|table| format!("path = \"tsv/{table}.txt\""))),
        (".xlsx", sheets("book.xlsx")),
        (".xlsx, sheets found by their headers", sources(|_| "path = \"book.xlsx\"".to_owned())),
        (".xls", sheets("old.xls")),
        (".ods", sheets("book.ods")),
    ] {
        gives_the_same(&workplace, &wanted, form, &sources);
    }
}

#[test]
fn databases_of_every_kind() {
    let (workplace, wanted) = company("6");
    write(&workplace, "sqlite", "crm.db");
    gives_the_same(&workplace, &wanted, "SQLite", &queries("sqlite:crm.db"));
    let files = workplace.files("data");
    let tables: Vec<(&str, String)> = files
        .iter()
        .map(|path| (path.file_stem().and_then(|name| name.to_str()).expect("a name"), path))
        .map(|(name, path)| (name, std::fs::read_to_string(path).expect("a table")))
        .collect();
    let postgres = Postgres::start();
    tables.iter().for_each(|(name, csv)| postgres.load_csv(name, csv));
    // an address with a password stands in a file, not in the configuration
    workplace.write("crm.url", postgres.url());
    gives_the_same(&workplace, &wanted, "PostgreSQL", &queries("file:crm.url"));
    let mariadb = MariaDb::start();
    tables.iter().for_each(|(name, csv)| mariadb.load_csv(name, csv));
    workplace.write("crm.url", mariadb.url());
    gives_the_same(&workplace, &wanted, "MariaDB", &queries("file:crm.url"));
}

/// The comparison of the benchmarks, smaller and without Spark.
#[test]
fn engines_of_every_kind_on_some_thousand_customers() {
    let python = interpreter(); // sees to it that the servers are there
    let mut comparison = Command::new(python);
    comparison.arg("-B").arg(root().join("benches/engines/compare.py"));
    comparison.args(["--customers", "3000", "--without", "spark", "--hedui"]).arg(binary());
    let output = comparison.output().expect("python");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    for place in ["PostgreSQL, database", "MariaDB, database"] {
        let held: Vec<&str> = said.lines().filter(|line| line.starts_with(place)).collect();
        assert_eq!(held.len(), 2, "{said}");
        assert!(held.iter().all(|line| line.contains("as the whole read") && line.contains("as CSV")), "{said}");
    }
}
