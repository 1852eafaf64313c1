//! The rules on contacts, contracts, visits, changes and employees.
//!
//! Apart because their findings go to the customer's department, or the visitor's: one look-up for all of them.

use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::*;

use super::Tables;
use super::customers::{SCIENTIFIC, matches};
use super::finding;
use super::tables::{CHANGES, CONTACTS, CONTRACTS, EMPLOYEES, Table, VISITS};
use super::values::{Calendar, day, decimal, minutes, working_days};

const SERVICE: &str = "客户服务部";
/// The customer's department, whoever made the record.
const CUSTOMER: &str = "customer";
/// The department of the person, else of the customer.
const RECORD: &str = "record";

pub fn typed_contracts(contracts: LazyFrame) -> LazyFrame {
    contracts.with_columns([day(col("signed_on")).alias("signed_on_day"), decimal(col("amount")).alias("money")])
}

pub fn typed_visits(visits: LazyFrame) -> LazyFrame {
    let times = ["visited_at", "submitted_at"];
    let mut values: Vec<Expr> =
        times.iter().map(|field| minutes(col(*field)).alias(format!("{field}_minutes"))).collect();
    values.push(day(col("reviewed_on")).alias("reviewed_on_day"));
    let days = times.map(|field| {
        let of_time = (col(format!("{field}_minutes")) / lit(1440_i64)).cast(DataType::Int32);
        let untimed = when(col(format!("{field}_minutes")).is_null()).then(col(field)).otherwise(lit(NULL));
        coalesce(&[of_time, day(untimed).cast(DataType::Int32)]).alias(format!("{field}_day"))
    });
    visits.with_columns(values).with_columns(days)
}

pub fn typed_changes(changes: LazyFrame) -> LazyFrame {
    changes.with_columns(["learned_on", "registered_on"].map(|field| day(col(field)).alias(format!("{field}_day"))))
}

pub fn typed_employees(employees: LazyFrame) -> LazyFrame {
    employees.with_columns([day(col("left_on")).alias("left_on_day")])
}

/// The findings on other tables, as one frame.
pub fn rules(tables: &Tables, as_of: NaiveDate, calendar: &Arc<Calendar>) -> PolarsResult<LazyFrame> {
    let written = as_of.to_string();
    let mut found: Vec<LazyFrame> = Vec::new();
    let mut tell = |frame: LazyFrame, table: &Table, rule: &'static str, field: &'static str, route: &'static str| {
        let (key, person, own) = match table.name {
            "visits" => (col("archive_no"), col("visitor"), lit(NULL)),
            "employees" => (lit(NULL), col("name"), col("department")),
            _ => (col("archive_no"), lit(NULL), lit(NULL)),
        };
        let mut columns = finding::columns(table, rule, field, &written);
        let texts = [(key, "customer"), (person, "person"), (own, "own_department"), (lit(route), "route")];
        columns.extend(texts.map(|(text, name)| text.cast(DataType::String).alias(name)));
        found.push(frame.select(columns));
    };
    let customers = || tables.customers.clone().select([col("archive_no")]);
    for (table, frame, rule) in [
        (&CONTRACTS, &tables.contracts, "known-customer-contracts"),
        (&VISITS, &tables.visits, "known-customer-visits"),
        (&CONTACTS, &tables.contacts, "known-customer-contacts"),
    ] {
        let unknown = frame.clone().anti_join(customers(), col("archive_no"), col("archive_no"));
        tell(unknown, table, rule, "archive_no", SERVICE);
    }
    for field in ["visited_at", "submitted_at", "visitor", "topic", "summary", "reviewer"] {
        tell(tables.visits.clone().filter(col(field).is_null()), &VISITS, "visit-required-fields", field, CUSTOMER);
    }
    let taken = working_days(col("learned_on_day"), col("registered_on_day"), calendar);
    let late = tables.changes.clone().filter(taken.gt(lit(3)));
    tell(late, &CHANGES, "change-registered-within-3-working-days", "registered_on", RECORD);
    let (visited, submitted) = (col("visited_at_minutes"), col("submitted_at_minutes"));
    let timed = visited.clone().is_not_null().and(submitted.clone().is_not_null());
    let late =
        when(timed)
            .then((submitted - visited).gt(lit(24 * 60)))
            .otherwise(col("submitted_at_day").gt(col("visited_at_day") + lit(1)));
    tell(tables.visits.clone().filter(late), &VISITS, "visit-submitted-within-24h", "submitted_at", CUSTOMER);
    for (table, frame, field, value) in [
        (&CONTRACTS, &tables.contracts, "signed_on", "signed_on_day"),
        (&CONTRACTS, &tables.contracts, "amount", "money"),
        (&VISITS, &tables.visits, "visited_at", "visited_at_day"),
        (&VISITS, &tables.visits, "submitted_at", "submitted_at_day"),
        (&VISITS, &tables.visits, "reviewed_on", "reviewed_on_day"),
        (&CHANGES, &tables.changes, "learned_on", "learned_on_day"),
        (&CHANGES, &tables.changes, "registered_on", "registered_on_day"),
        (&EMPLOYEES, &tables.employees, "left_on", "left_on_day"),
    ] {
        let unreadable = frame.clone().filter(col(field).is_not_null().and(col(value).is_null()));
        tell(unreadable, table, "unreadable-value", field, RECORD);
    }
    for (table, frame, field) in [
        (&CONTACTS, &tables.contacts, "archive_no"),
        (&CONTACTS, &tables.contacts, "phone"),
        (&CONTRACTS, &tables.contracts, "contract_no"),
        (&CONTRACTS, &tables.contracts, "archive_no"),
        (&VISITS, &tables.visits, "record_no"),
        (&VISITS, &tables.visits, "archive_no"),
        (&CHANGES, &tables.changes, "change_no"),
        (&CHANGES, &tables.changes, "archive_no"),
        (&EMPLOYEES, &tables.employees, "employee_no"),
    ] {
        tell(frame.clone().filter(matches(field, SCIENTIFIC)), table, "damaged-number", field, RECORD);
    }
    Ok(owned(concat(found, UnionArgs::default())?, tables))
}

/// Adds department and owner.
fn owned(found: LazyFrame, tables: &Tables) -> LazyFrame {
    let first = |frame: &LazyFrame, key: &str, values: [(&str, &str); 2]| {
        let [one, two] = values.map(|(field, name)| col(field).alias(name));
        let keyed = frame.clone().filter(col(key).is_not_null()).select([col(key).alias("key"), one, two]);
        keyed.unique_generic(Some(vec![col("key")]), UniqueKeepStrategy::First)
    };
    let owners = [("department", "customer_department"), ("owner", "customer_owner")];
    let owners = first(&tables.customers, "archive_no", owners);
    let working = tables.employees.clone().filter(col("department").is_not_null());
    let people = first(&working, "name", [("department", "person_department"), ("status", "person_status")]);
    let left = || JoinArgs::new(JoinType::Left);
    let department = when(col("route").eq(lit(RECORD)))
        .then(coalesce(&[col("own_department"), col("person_department"), col("customer_department"), lit("")]))
        .when(col("route").eq(lit(CUSTOMER)))
        .then(col("customer_department").fill_null(lit("")))
        .otherwise(col("route"));
    found
        .join(owners, [col("customer")], [col("key")], left())
        .join(people, [col("person")], [col("key")], left())
        .with_columns([
            department.alias("department"),
            coalesce(&[col("person"), col("customer_owner"), lit("")]).alias("owner"),
        ])
}
