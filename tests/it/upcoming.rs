//! What falls due: told before it is a finding, with the day on which it becomes one.
//!
//! Apart because it needs two answers about the same data: what the workbook promises, and what that day says.

use crate::company::Company;
use crate::python::workbooks;
use crate::reports::{paths, table, word};
use crate::weeks::TWO;

const RULE: &str = "sales-verification-monthly";

#[test]
fn a_record_is_listed_until_the_day_on_which_it_fails() {
    let mut company = Company::clean(12);
    company.customers.set(3, "最近核实日期(销售)", "2026-10-27"); // a month old until the 27th
    company.customers.set(4, "最近核实日期(销售)", "2026-10-01"); // fails already
    company.customers.set(5, "最近核实日期(销售)", "2026-11-20"); // far off
    let keys: Vec<String> = (3..=5).map(|row| company.customers.get(row, "档案编号").to_owned()).collect();
    let workplace = company.workplace();
    workplace.as_of(TWO, &["run", "weekly"]).exits(0);
    let books = workbooks(&paths(&workplace, "out/weekly/2026-W47"));
    let (sheet, due) = (word("sheet", "upcoming"), word("column", "due_on"));
    let headers = [due.as_str(), &word("column", "record_key")];
    let listed: Vec<(String, String)> = books
        .as_object()
        .expect("workbooks")
        .values()
        .filter(|book| book.get(&sheet).is_some() && book[&sheet].to_string().contains(&due))
        .flat_map(|book| table(book, &sheet, &headers))
        .filter(|row| keys.iter().any(|key| row[headers[1]] == key.as_str()))
        .map(|row| (row[headers[1]].as_str().unwrap_or_default().to_owned(), row[headers[0]].to_string()))
        .collect();
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert!(listed[0].0 == keys[0] && listed[0].1.contains("2026-11-28"), "{listed:?}");

    for (day, fails) in [("2026-11-27", false), ("2026-11-28", true)] {
        workplace.as_of(day, &["check", "--rule", RULE, "--findings", "f.csv"]).exits(0);
        let found = workplace.findings("f.csv").iter().any(|finding| finding["record_key"] == keys[0]);
        assert_eq!(found, fails, "{day}");
    }
}
