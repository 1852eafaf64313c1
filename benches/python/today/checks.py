"""The default rules in pandas, a line a rule and field.

Apart from reading and writing. The words of the rules are those of the program in polars beside this one.
"""

from datetime import date

import pandas as pd

import cleaning
import facts
from findings import COLUMNS, RULES
from tables import CHANGES, CONTACTS, CONTRACTS, CUSTOMERS, EMPLOYEES, VISITS, Table

TABLES = [CUSTOMERS, CONTACTS, CONTRACTS, VISITS, CHANGES, EMPLOYEES]
SERVICE = "客户服务部"
PHONE = r"(?:(?:\+86-?)?1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}(?:-[0-9]{1,6})?|400-?[0-9]{3}-?[0-9]{4})"
EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
SCIENTIFIC = r"[+-]?[0-9]+(?:\.[0-9]+[eE][+-]?|[eE][+-])[0-9]+"
DAYS = {
    "customers": ["signed_on", "entered_on", "updated_on", "sales_verified_on", "feedback_on", "reconciled_on"],
    "contracts": ["signed_on"],
    "visits": ["visited_at", "submitted_at", "reviewed_on"],
    "changes": ["learned_on", "registered_on"],
    "employees": ["left_on"],
}
AMOUNTS = {"customers": ["registered_capital", "credit_limit", "receivable", "overdue_amount", "overdue_days"]}
AMOUNTS["customers"] += ["satisfaction", "potential"]
AMOUNTS["contracts"] = ["amount"]
CODES = {
    "customers": ["archive_no", "uscc", "phone", "postcode", "fax", "bank_account"],
    "contacts": ["archive_no", "phone"],
    "contracts": ["contract_no", "archive_no"],
    "visits": ["record_no", "archive_no"],
    "changes": ["change_no", "archive_no"],
    "employees": ["employee_no"],
}


class Checks:
    """The findings of a company as they are found."""

    def __init__(self, typed: dict[str, pd.DataFrame], as_of: date):
        self.typed, self.as_of, self.found = typed, as_of, []
        self.clean = {name: cleaning.folded(frame) for name, frame in typed.items()}
        # a key that says "none" is a key all the same
        keyed = [table for table in TABLES if table.key]
        self.keys = {table.name: cleaning.narrow(typed[table.name][table.key]) for table in keyed}
        customers, employees = self.clean["customers"], self.clean["employees"]
        self.owners = customers.dropna(subset="archive_no").drop_duplicates("archive_no").set_index("archive_no")
        working = employees.dropna(subset=["name", "department"]).drop_duplicates("name")
        self.people = working.set_index("name")["department"]

    def tell(self, table: Table, rule: str, field: str, failing: pd.Series, department: str | None = None) -> None:
        """Notes the rows that fail; whose they are is the record's person, or its customer, where no department is given."""
        failing = failing.astype("boolean").fillna(False).astype(bool)
        rows = self.clean[table.name][failing]
        severity, dimension, clause, message = RULES[rule]
        value = self.typed[table.name].loc[failing, field] if field else ""
        if table is CUSTOMERS:
            whose, owner = rows["department"], rows["owner"]
        elif table is EMPLOYEES:
            whose, owner = rows["department"], rows["name"]
        else:
            whose, owner = [rows["archive_no"].map(self.owners[column]) for column in ("department", "owner")]
        if table is VISITS:
            owner = rows["visitor"].fillna(owner)
            whose = rows["visitor"].map(self.people).fillna(whose) if department == "record" else whose
        known = {"rule_id": rule, "table": table.name, "field": field, "value": value, "file": "company.xlsx"}
        known |= {"sheet": table.sheet, "row": rows.index + 2, "column": table.letters(field), "severity": severity}
        known |= {"dimension": dimension, "message": message, "status": "new", "first_seen": str(self.as_of)}
        known["department"] = whose.fillna("") if department in (None, "record") else department
        key = self.keys[table.name][failing] if table.key else ""
        found = pd.DataFrame({**known, "record_key": key, "owner": owner.fillna(""), "clause": clause}, index=rows.index)
        self.found.append(found[COLUMNS])

    def all(self, calendar: str) -> pd.DataFrame:
        """All findings."""
        counted = facts.working_days(calendar)
        days = {(table, field): cleaning.day(self.clean[table][field]) for table in DAYS for field in DAYS[table]}
        amounts = {(table, field): cleaning.amount(self.clean[table][field]) for table in AMOUNTS for field in AMOUNTS[table]}
        self.customers(days, amounts, counted)
        self.related(days, counted)
        for table in TABLES:
            clean, name = self.clean[table.name], table.name
            for field, values in [(field, values) for (of, field), values in (days | amounts).items() if of == name]:
                self.tell(table, "unreadable-value", field, clean[field].notna() & values.isna(), "record")
            for field in CODES[name]:
                self.tell(table, "damaged-number", field, clean[field].str.fullmatch(SCIENTIFIC), "record")
        return pd.concat(self.found, ignore_index=True)

    def customers(self, days: dict, amounts: dict, counted) -> None:
        clean, as_of = self.clean["customers"], pd.Timestamp(self.as_of)
        kind, tier, archive_no = clean["kind"], clean["tier"], clean["archive_no"]

        def rule(name: str, field: str, failing: pd.Series, department: str | None = None) -> None:
            self.tell(CUSTOMERS, name, field, failing, department)

        for fields, applies in [
            (["name", "kind", "address", "department", "owner", "entered_on"], True),
            (["uscc", "legal_rep"], kind.isin(["经销商", "终端", "供应商"])),
            (["contact", "phone"], kind.isin(["经销商", "终端", "律师事务所", "银行"])),
            (["bank", "bank_account"], kind == "供应商"),
            (["email", "business_scope", "registered_capital", "industry"], tier.isin(["重要", "稳定"])),
        ]:
            for field in fields:
                rule("required-fields", field, clean[field].isna() & applies)
        rule("important-remark", "remark", (tier == "重要") & clean["remark"].isna())
        name = clean["name"].str.replace(r"\s", "", regex=True).str.replace("有限责任公司", "有限公司").str.upper()
        code = clean["uscc"].str.replace(r"[\s-]", "", regex=True).str.upper()
        for which, field, same in [
            ("archive-no-unique", "archive_no", archive_no), ("name-unique", "name", name), ("uscc-unique", "uscc", code),
        ]:  # fmt: skip
            rule(which, field, same.duplicated(keep=False) & same.notna() & (same != ""))
        for which, field, limit, department in [
            ("sales-verification-monthly", "sales_verified_on", as_of - pd.DateOffset(months=1), None),
            ("market-feedback-quarterly", "feedback_on", as_of - pd.DateOffset(months=3), "市场部"),
            ("finance-reconciliation-yearly", "reconciled_on", as_of - pd.DateOffset(months=12), "财务部"),
            ("stale-record", "updated_on", as_of - pd.Timedelta(days=180), None),
        ]:
            value = days["customers", field]
            rule(which, field, value.isna() | (value < limit), department)
        taken = cleaning.between(days["customers", "signed_on"], days["customers", "entered_on"], counted)
        rule("entered-within-5-working-days", "entered_on", taken > 5)
        rule("uscc-valid", "uscc", code.map(cleaning.credit_code_is_wrong, na_action="ignore"))
        for which, field, pattern in [
            ("phone-format", "phone", PHONE), ("email-format", "email", EMAIL), ("postcode-format", "postcode", "[0-9]{6}"),
        ]:  # fmt: skip
            rule(which, field, clean[field].notna() & ~clean[field].str.fullmatch(pattern, na=False))
        rest = pd.Series([no[len(of) :] if isinstance(no, str) and isinstance(of, str) and no.startswith(of) else None
                          for no, of in zip(archive_no, kind)], clean.index, dtype=object)  # fmt: skip
        rule("archive-no-format", "archive_no", ~rest.str.fullmatch("(?:19|20)[0-9]{2}-[0-9]{3,}", na=False))
        contacts = self.clean["contacts"].dropna(subset=["name", "archive_no"]).groupby("archive_no").size()
        rule("important-two-contacts", "", (tier == "重要") & ~(archive_no.map(contacts) >= 2))
        employees, left = self.clean["employees"], days["employees", "left_on"]
        gone = employees["name"][(employees["status"] == "离职") & (left.isna() | (left <= as_of))].dropna()
        rule("owner-has-left", "owner", clean["owner"].isin(gone))
        rule("tier-declared", "tier", tier.isna() | (tier != archive_no.map(self.tiers(days, amounts)).fillna("潜在")))

    def tiers(self, days: dict, amounts: dict) -> pd.Series:
        """The tier of each customer as its contracts have it."""
        contracts, year, signed = self.clean["contracts"], self.as_of.year, days["contracts", "signed_on"]
        counts = (contracts["status"] != "作废") & signed.notna() & contracts["archive_no"].notna()
        rows = pd.DataFrame({"no": contracts["archive_no"], "year": signed.dt.year, "amount": amounts["contracts", "amount"]})
        rows = rows[counts]
        totals, largest = [rows.pivot_table(index="no", columns="year", values="amount", aggfunc=how) for how in ("sum", "max")]
        totals, largest = [frame.reindex(columns=range(year - 3, year), fill_value=0).fillna(0) for frame in (totals, largest)]
        # the largest of the last three, and of the last two years
        important = (totals >= 500).all(axis=1) & (largest.max(axis=1) >= 200)
        stable = (totals[[year - 1, year - 2]] >= 100).all(axis=1) & (largest[[year - 1, year - 2]].max(axis=1) >= 50)
        recent = (signed >= f"{year - 3}-01-01") & (signed <= str(self.as_of)) & counts
        tier = pd.Series("一般", contracts["archive_no"][recent].unique())
        for name, which in [("稳定", stable), ("重要", important)]:
            tier = tier.reindex(tier.index.union(which.index[which]))
            tier[which.index[which]] = name
        return tier

    def related(self, days: dict, counted) -> None:
        customers = self.clean["customers"]["archive_no"].dropna()
        for table in (CONTRACTS, VISITS, CONTACTS):
            unknown = ~self.clean[table.name]["archive_no"].isin(customers)
            self.tell(table, f"known-customer-{table.name}", "archive_no", unknown, SERVICE)
        visits = self.clean["visits"]
        for field in ["visited_at", "submitted_at", "visitor", "topic", "summary", "reviewer"]:
            self.tell(VISITS, "visit-required-fields", field, visits[field].isna())
        visited, submitted = days["visits", "visited_at"], days["visits", "submitted_at"]
        from_, to = cleaning.moment(visits["visited_at"], visited), cleaning.moment(visits["submitted_at"], submitted)
        late = (to - from_ > pd.Timedelta(hours=24)).where(from_.notna() & to.notna(), submitted > visited + pd.Timedelta(days=1))
        self.tell(VISITS, "visit-submitted-within-24h", "submitted_at", late)
        taken = cleaning.between(days["changes", "learned_on"], days["changes", "registered_on"], counted)
        self.tell(CHANGES, "change-registered-within-3-working-days", "registered_on", taken > 3, "record")
