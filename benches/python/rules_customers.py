"""The rules on customers.

Apart from those on other tables because a customer's row holds its own department and owner: no look-up follows.
"""

from datetime import date, timedelta

import polars as pl

import cleaning
from findings import columns
from tables import CUSTOMERS

PHONE = r"^(?:(?:\+86-?)?1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}(?:-[0-9]{1,6})?|400-?[0-9]{3}-?[0-9]{4})$"
EMAIL = r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$"
SCIENTIFIC = r"^[+-]?[0-9]+(?:\.[0-9]+[eE][+-]?|[eE][+-])[0-9]+$"
DAYS = ["signed_on", "entered_on", "updated_on", "sales_verified_on", "feedback_on", "reconciled_on"]
AMOUNTS = [
    "registered_capital", "credit_limit", "receivable", "overdue_amount", "overdue_days", "satisfaction", "potential",
]  # fmt: skip
CODES = ["archive_no", "uscc", "phone", "postcode", "fax", "bank_account"]


def typed(customers: pl.LazyFrame) -> pl.LazyFrame:
    """The customers with the values that rules compare."""
    name = pl.col("name").str.replace_all(r"\s", "").str.replace_all("有限责任公司", "有限公司", literal=True)
    return customers.with_columns(
        *(cleaning.day(pl.col(field)).alias(f"{field}_day") for field in DAYS),
        *(cleaning.decimal(pl.col(field)).alias(f"{field}_value") for field in AMOUNTS),
        same_name=name.str.to_uppercase(),
        same_code=pl.col("uscc").str.replace_all(r"[\s-]", "").str.to_uppercase(),
    )


def months_before(day: date, months: int) -> date:
    return pl.select(pl.lit(day).dt.offset_by(f"-{months}mo")).item()


def rules(tables: dict[str, pl.LazyFrame], as_of: date, counted: pl.Series) -> list[pl.LazyFrame]:
    """The findings on customers, a frame a rule and field."""
    customers = tables["customers"]
    found = []

    def tell(frame: pl.LazyFrame, rule: str, field: str) -> None:
        routes = {"market-feedback-quarterly": "市场部", "finance-reconciliation-yearly": "财务部"}
        department = pl.lit(routes[rule]) if rule in routes else pl.col("department").fill_null("")
        own = {"department": department, "owner": pl.col("owner").fill_null("")}
        found.append(frame.select(*columns(CUSTOMERS, rule, field, as_of), **own))

    def rule(name: str, field: str, failing: pl.Expr) -> None:
        tell(customers.filter(failing), name, field)

    kind, tier = pl.col("kind"), pl.col("tier")
    for fields, applies in [
        (["name", "kind", "address", "department", "owner", "entered_on"], pl.lit(True)),
        (["uscc", "legal_rep"], kind.is_in(["经销商", "终端", "供应商"])),
        (["contact", "phone"], kind.is_in(["经销商", "终端", "律师事务所", "银行"])),
        (["bank", "bank_account"], kind == "供应商"),
        (["email", "business_scope", "registered_capital", "industry"], tier.is_in(["重要", "稳定"])),
    ]:
        for field in fields:
            rule("required-fields", field, applies & pl.col(field).is_null())
    important = tier == "重要"
    rule("important-remark", "remark", important & pl.col("remark").is_null())
    for name, field, same in [
        ("archive-no-unique", "archive_no", "archive_no"),
        ("name-unique", "name", "same_name"),
        ("uscc-unique", "uscc", "same_code"),
    ]:
        rule(name, field, pl.col(same).is_duplicated() & pl.col(same).is_not_null() & (pl.col(same) != ""))
    for name, field, limit in [
        ("sales-verification-monthly", "sales_verified_on", months_before(as_of, 1)),
        ("market-feedback-quarterly", "feedback_on", months_before(as_of, 3)),
        ("finance-reconciliation-yearly", "reconciled_on", months_before(as_of, 12)),
        ("stale-record", "updated_on", as_of - timedelta(days=180)),
    ]:
        value = pl.col(f"{field}_day")
        rule(name, field, value.is_null() | (value < limit))
    taken = cleaning.working_days("signed_on_day", "entered_on_day", counted)
    rule("entered-within-5-working-days", "entered_on", taken > 5)
    wrong = pl.col("same_code").map_batches(cleaning.credit_code_is_wrong, return_dtype=pl.Boolean)
    rule("uscc-valid", "uscc", wrong)
    rule("phone-format", "phone", ~pl.col("phone").str.contains(PHONE))
    rule("email-format", "email", ~pl.col("email").str.contains(EMAIL))
    rule("postcode-format", "postcode", ~pl.col("postcode").str.contains("^[0-9]{6}$"))
    archive_no = pl.col("archive_no")
    number = archive_no.str.strip_prefix(kind).str.contains("^(?:19|20)[0-9]{2}-[0-9]{3,}$")
    rule("archive-no-format", "archive_no", ~(archive_no.str.starts_with(kind) & number).fill_null(False))
    for field, value in [*((field, f"{field}_day") for field in DAYS), *((field, f"{field}_value") for field in AMOUNTS)]:
        rule("unreadable-value", field, pl.col(field).is_not_null() & pl.col(value).is_null())
    for field in CODES:
        rule("damaged-number", field, pl.col(field).str.contains(SCIENTIFIC))
    contacts = tables["contacts"].filter(pl.col("name").is_not_null() & archive_no.is_not_null())
    two = contacts.group_by("archive_no").agg(pl.len()).filter(pl.col("len") >= 2)
    tell(customers.filter(important).join(two, on="archive_no", how="anti"), "important-two-contacts", "")
    left = pl.col("left_on_day")
    gone = tables["employees"].filter((pl.col("status") == "离职") & (left.is_null() | (left <= as_of))).select("name")
    tell(customers.join(gone, left_on="owner", right_on="name", how="semi"), "owner-has-left", "owner")
    ranked = customers.join(tiers(tables["contracts"], as_of), on="archive_no", how="left")
    computed = pl.col("computed").fill_null("潜在")
    tell(ranked.filter(tier.is_null() | (tier != computed)), "tier-declared", "tier")
    return found


def tiers(contracts: pl.LazyFrame, as_of: date) -> pl.LazyFrame:
    """The tier of each customer as its contracts have it."""
    year, signed, money = as_of.year, pl.col("signed_on_day"), pl.col("amount_value")

    def within(first: int, behind: int) -> pl.Expr:
        return money.filter((signed >= date(first, 1, 1)) & (signed < date(behind, 1, 1)))

    counts = pl.col("status").is_null() | (pl.col("status") != "作废")
    totals = (
        contracts.filter(counts & signed.is_not_null() & pl.col("archive_no").is_not_null())
        .group_by("archive_no")
        .agg(
            *(within(year - back, year - back + 1).sum().alias(f"total{back}") for back in (1, 2, 3)),
            *(within(year - back, year).max().alias(f"largest{back}") for back in (2, 3)),
            any=signed.is_between(date(year - 3, 1, 1), as_of).any(),
        )
    )
    important = pl.all_horizontal(pl.col(f"total{back}") >= 500 for back in (1, 2, 3)) & (pl.col("largest3") >= 200)
    stable = pl.all_horizontal(pl.col(f"total{back}") >= 100 for back in (1, 2)) & (pl.col("largest2") >= 50)
    tier = pl.when(important).then(pl.lit("重要")).when(stable).then(pl.lit("稳定"))
    tier = tier.when(pl.col("any")).then(pl.lit("一般")).otherwise(pl.lit("潜在"))
    return totals.select("archive_no", computed=tier)
