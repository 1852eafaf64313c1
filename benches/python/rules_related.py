"""The rules on contacts, contracts, visits, changes and employees.

Apart because their findings go to the customer's department, or the visitor's: one look-up for all of them.
"""

from datetime import date

import polars as pl

import cleaning
from findings import columns
from rules_customers import SCIENTIFIC
from tables import CHANGES, CONTACTS, CONTRACTS, EMPLOYEES, VISITS, Table

SERVICE = "客户服务部"
CUSTOMER = "customer"  # the customer's department, whoever made the record
RECORD = "record"  # the department of the person, else of the customer


def typed(tables: dict[str, pl.LazyFrame]) -> dict[str, pl.LazyFrame]:
    """The tables with the values that rules compare."""

    def days(*fields: str) -> list[pl.Expr]:
        return [cleaning.day(pl.col(field)).alias(f"{field}_day") for field in fields]

    times = ["visited_at", "submitted_at"]
    minutes = [cleaning.minute(pl.col(field)).alias(f"{field}_minutes") for field in times]

    def day_of(field: str) -> pl.Expr:
        minutes = pl.col(f"{field}_minutes")
        untimed = pl.when(minutes.is_null()).then(pl.col(field))
        return pl.coalesce(minutes.floordiv(1440).cast(pl.Int32), cleaning.day(untimed).cast(pl.Int32)).alias(f"{field}_day")

    visits = tables["visits"].with_columns(*minutes, *days("reviewed_on"))
    return {
        "contacts": tables["contacts"],
        "contracts": tables["contracts"].with_columns(
            *days("signed_on"), cleaning.decimal(pl.col("amount")).alias("amount_value")
        ),
        "visits": visits.with_columns(day_of(field) for field in times),
        "changes": tables["changes"].with_columns(days("learned_on", "registered_on")),
        "employees": tables["employees"].with_columns(days("left_on")),
    }


def rules(tables: dict[str, pl.LazyFrame], as_of: date, counted: pl.Series) -> pl.LazyFrame:
    """The findings on other tables, as one frame."""
    found = []

    def tell(frame: pl.LazyFrame, table: Table, rule: str, field: str, route: str) -> None:
        customer = person = own = pl.lit(None, pl.String)
        if table is EMPLOYEES:
            person, own = pl.col("name"), pl.col("department")
        else:
            customer = pl.col("archive_no")
        if table is VISITS:
            person = pl.col("visitor")
        looked_up = {"customer": customer, "person": person, "own": own, "route": pl.lit(route)}
        found.append(frame.select(*columns(table, rule, field, as_of), **looked_up))

    customers = tables["customers"].select("archive_no")
    for table in (CONTRACTS, VISITS, CONTACTS):
        unknown = tables[table.name].join(customers, on="archive_no", how="anti")
        tell(unknown, table, f"known-customer-{table.name}", "archive_no", SERVICE)
    visits = tables["visits"]
    for field in ["visited_at", "submitted_at", "visitor", "topic", "summary", "reviewer"]:
        tell(visits.filter(pl.col(field).is_null()), VISITS, "visit-required-fields", field, CUSTOMER)
    taken = cleaning.working_days("learned_on_day", "registered_on_day", counted)
    late = tables["changes"].filter(taken > 3)
    tell(late, CHANGES, "change-registered-within-3-working-days", "registered_on", RECORD)
    visited, submitted = pl.col("visited_at_minutes"), pl.col("submitted_at_minutes")
    later = pl.col("submitted_at_day") > pl.col("visited_at_day") + 1
    timed = visited.is_not_null() & submitted.is_not_null()
    late = visits.filter(pl.when(timed).then(submitted - visited > 24 * 60).otherwise(later))
    tell(late, VISITS, "visit-submitted-within-24h", "submitted_at", CUSTOMER)
    for table, field, value in [
        (CONTRACTS, "signed_on", "signed_on_day"),
        (CONTRACTS, "amount", "amount_value"),
        (VISITS, "visited_at", "visited_at_day"),
        (VISITS, "submitted_at", "submitted_at_day"),
        (VISITS, "reviewed_on", "reviewed_on_day"),
        (CHANGES, "learned_on", "learned_on_day"),
        (CHANGES, "registered_on", "registered_on_day"),
        (EMPLOYEES, "left_on", "left_on_day"),
    ]:
        unreadable = tables[table.name].filter(pl.col(field).is_not_null() & pl.col(value).is_null())
        tell(unreadable, table, "unreadable-value", field, RECORD)
    for table, fields in [
        (CONTACTS, ["archive_no", "phone"]),
        (CONTRACTS, ["contract_no", "archive_no"]),
        (VISITS, ["record_no", "archive_no"]),
        (CHANGES, ["change_no", "archive_no"]),
        (EMPLOYEES, ["employee_no"]),
    ]:
        for field in fields:
            damaged = tables[table.name].filter(pl.col(field).str.contains(SCIENTIFIC))
            tell(damaged, table, "damaged-number", field, RECORD)
    return owned(pl.concat(found), tables)


def owned(found: pl.LazyFrame, tables: dict[str, pl.LazyFrame]) -> pl.LazyFrame:
    """Adds department and owner."""

    def first(frame: pl.LazyFrame, key: str, **values: str) -> pl.LazyFrame:
        keyed = frame.filter(pl.col(key).is_not_null()).select(key=key, **{name: pl.col(field) for name, field in values.items()})
        return keyed.unique("key", keep="first")

    owners = first(tables["customers"], "archive_no", customer_department="department", customer_owner="owner")
    working = tables["employees"].filter(pl.col("department").is_not_null())
    people = first(working, "name", person_department="department")
    department = (
        pl.when(pl.col("route") == RECORD)
        .then(pl.coalesce("own", "person_department", "customer_department", pl.lit("")))
        .when(pl.col("route") == CUSTOMER)
        .then(pl.col("customer_department").fill_null(""))
        .otherwise(pl.col("route"))
    )
    joined = found.join(owners, left_on="customer", right_on="key", how="left")
    joined = joined.join(people, left_on="person", right_on="key", how="left")
    return joined.with_columns(department=department, owner=pl.coalesce("person", "customer_owner", pl.lit("")))
