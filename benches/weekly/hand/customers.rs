//! The rules on customers.
//!
//! Apart from those on other tables because a customer's row holds its own department and owner: no look-up follows.

use std::sync::Arc;

use chrono::{Datelike, Days, Months, NaiveDate};
use polars::prelude::*;

use super::Tables;
use super::finding;
use super::tables::CUSTOMERS;
use super::values::{Calendar, credit_code_is_wrong, day, decimal, working_days};

const PHONE: &str = r"^(?:(?:\+86-?)?1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}(?:-[0-9]{1,6})?|400-?[0-9]{3}-?[0-9]{4})$";
const EMAIL: &str = r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$";
/// A number in scientific notation, with a sign or a point.
pub const SCIENTIFIC: &str = r"^[+-]?[0-9]+(?:\.[0-9]+[eE][+-]?|[eE][+-])[0-9]+$";

pub fn one_of(field: &str, words: &[&str]) -> Expr {
    col(field).is_in(lit(Series::new("words".into(), words)).implode(true), false)
}

pub fn matches(field: &str, pattern: &str) -> Expr {
    col(field).str().contains(lit(pattern), true)
}

/// The customers with the values that rules compare.
pub fn typed(customers: LazyFrame) -> LazyFrame {
    let days = ["signed_on", "entered_on", "updated_on", "sales_verified_on", "feedback_on", "reconciled_on"];
    let mut values: Vec<Expr> = days.iter().map(|field| day(col(*field)).alias(format!("{field}_day"))).collect();
    values.push(decimal(col("registered_capital")).alias("capital"));
    let name = col("name").str().replace_all(lit(r"\s"), lit(""), false);
    values.push(
        name.str().replace_all(lit("有限责任公司"), lit("有限公司"), true).str().to_uppercase().alias("same_name"),
    );
    values.push(col("uscc").str().replace_all(lit(r"[\s-]"), lit(""), false).str().to_uppercase().alias("same_code"));
    customers.with_columns(values)
}

/// The findings on customers, a frame a rule and field.
pub fn rules(tables: &Tables, as_of: NaiveDate, calendar: &Arc<Calendar>) -> Vec<LazyFrame> {
    let mut found: Vec<LazyFrame> = Vec::new();
    let written = as_of.to_string();
    let tell = |frame: LazyFrame, rule: &'static str, field: &'static str| {
        let department = match rule {
            "market-feedback-quarterly" => lit("市场部"),
            "finance-reconciliation-yearly" => lit("财务部"),
            _ => col("department").fill_null(lit("")),
        };
        let mut columns = finding::columns(&CUSTOMERS, rule, field, &written);
        columns.push(department.alias("department"));
        columns.push(col("owner").fill_null(lit("")).alias("owner"));
        frame.select(columns)
    };
    let mut rule = |id: &'static str, field: &'static str, failing: Expr| {
        found.push(tell(tables.customers.clone().filter(failing), id, field));
    };
    for (fields, applies) in required() {
        for field in fields {
            rule("required-fields", field, applies.clone().and(col(field).is_null()));
        }
    }
    let important = col("tier").eq(lit("重要"));
    rule("important-remark", "remark", important.clone().and(col("remark").is_null()));
    for (id, field, same) in [
        ("archive-no-unique", "archive_no", "archive_no"),
        ("name-unique", "name", "same_name"),
        ("uscc-unique", "uscc", "same_code"),
    ] {
        rule(id, field, col(same).is_duplicated().and(col(same).is_not_null()).and(col(same).neq(lit(""))));
    }
    let ago = |months: u32| as_of.checked_sub_months(Months::new(months)).unwrap_or_default();
    for (id, field, limit) in [
        ("sales-verification-monthly", "sales_verified_on", ago(1)),
        ("market-feedback-quarterly", "feedback_on", ago(3)),
        ("finance-reconciliation-yearly", "reconciled_on", ago(12)),
        ("stale-record", "updated_on", as_of.checked_sub_days(Days::new(180)).unwrap_or_default()),
    ] {
        let value = col(format!("{field}_day"));
        rule(id, field, value.clone().is_null().or(value.lt(lit(limit))));
    }
    let taken = working_days(col("signed_on_day"), col("entered_on_day"), calendar);
    rule("entered-within-5-working-days", "entered_on", taken.gt(lit(5)));
    rule("uscc-valid", "uscc", credit_code_is_wrong(col("same_code")));
    rule("phone-format", "phone", matches("phone", PHONE).not());
    rule("email-format", "email", matches("email", EMAIL).not());
    rule("postcode-format", "postcode", matches("postcode", "^[0-9]{6}$").not());
    let number = col("archive_no").str().strip_prefix(col("kind"));
    let right = col("archive_no").str().starts_with(col("kind"));
    let right = right.and(number.str().contains(lit("^(?:19|20)[0-9]{2}-[0-9]{3,}$"), true));
    rule("archive-no-format", "archive_no", right.fill_null(lit(false)).not());
    for field in ["signed_on", "entered_on", "updated_on", "sales_verified_on", "feedback_on", "reconciled_on"] {
        rule("unreadable-value", field, col(field).is_not_null().and(col(format!("{field}_day")).is_null()));
    }
    let capital = col("registered_capital").is_not_null().and(col("capital").is_null());
    rule("unreadable-value", "registered_capital", capital);
    for field in ["archive_no", "uscc", "phone", "postcode", "fax", "bank_account"] {
        rule("damaged-number", field, matches(field, SCIENTIFIC));
    }
    let customers = || tables.customers.clone();
    let lonely = customers().filter(important).anti_join(two_contacts(tables), col("archive_no"), col("archive_no"));
    found.push(tell(lonely, "important-two-contacts", ""));
    let abandoned = customers().semi_join(gone(tables, as_of), col("owner"), col("name"));
    found.push(tell(abandoned, "owner-has-left", "owner"));
    let (contracts, tier) = tiers(tables, as_of);
    let on = [col("archive_no")];
    let ranked = customers().join(contracts, on.clone(), on, JoinArgs::new(JoinType::Left));
    let declared = col("tier");
    let wrong = ranked.filter(declared.clone().is_null().or(declared.neq(tier)));
    found.push(tell(wrong, "tier-declared", "tier"));
    found
}

/// Fields, and where they are required.
fn required() -> Vec<(Vec<&'static str>, Expr)> {
    vec![
        (vec!["name", "kind", "address", "department", "owner", "entered_on"], lit(true)),
        (vec!["uscc", "legal_rep"], one_of("kind", &["经销商", "终端", "供应商"])),
        (vec!["contact", "phone"], one_of("kind", &["经销商", "终端", "律师事务所", "银行"])),
        (vec!["bank", "bank_account"], col("kind").eq(lit("供应商"))),
        (vec!["email", "business_scope", "registered_capital", "industry"], one_of("tier", &["重要", "稳定"])),
    ]
}

/// Customers with two contacts.
fn two_contacts(tables: &Tables) -> LazyFrame {
    let named = tables.contacts.clone().filter(col("name").is_not_null().and(col("archive_no").is_not_null()));
    named.group_by([col("archive_no")]).agg([len().alias("contacts")]).filter(col("contacts").gt_eq(lit(2)))
}

/// Employees who have left.
fn gone(tables: &Tables, as_of: NaiveDate) -> LazyFrame {
    let left = col("left_on_day");
    let left = left.clone().is_null().or(left.lt_eq(lit(as_of)));
    tables.employees.clone().filter(col("status").eq(lit("离职")).and(left)).select([col("name")])
}

/// What the contracts of each customer come to, and the tier that follows from it.
fn tiers(tables: &Tables, as_of: NaiveDate) -> (LazyFrame, Expr) {
    let money = |amount: i64| lit(amount).cast(DataType::Decimal(38, 6));
    let year = as_of.year();
    let first_day = |year: i32| lit(NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default());
    let within =
        |from: i32, to: i32| col("signed_on_day").gt_eq(first_day(from)).and(col("signed_on_day").lt(first_day(to)));
    let total = |back: i32| col("money").filter(within(year - back, year - back + 1)).sum();
    let largest = |years: i32| col("money").filter(within(year - years, year)).max();
    let counts = col("status").is_null().or(col("status").neq(lit("作废")));
    let contracts = tables
        .contracts
        .clone()
        .filter(counts.and(col("signed_on_day").is_not_null()).and(col("archive_no").is_not_null()))
        .group_by([col("archive_no")])
        .agg([
            total(1).alias("last"),
            total(2).alias("before"),
            total(3).alias("third"),
            largest(2).alias("largest2"),
            largest(3).alias("largest3"),
            col("signed_on_day")
                .is_between(first_day(year - 3), lit(as_of), ClosedInterval::Both)
                .any(true)
                .alias("any"),
        ]);
    let at_least = |column: &str, amount: i64| col(column).gt_eq(money(amount));
    let important = at_least("last", 500).and(at_least("before", 500)).and(at_least("third", 500));
    let stable = at_least("last", 100).and(at_least("before", 100));
    let tier = when(important.and(at_least("largest3", 200)))
        .then(lit("重要"))
        .when(stable.and(at_least("largest2", 50)))
        .then(lit("稳定"))
        .when(col("any"))
        .then(lit("一般"))
        .otherwise(lit("潜在"));
    (contracts, tier)
}
