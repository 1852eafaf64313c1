#!/usr/bin/env python3
"""An independent oracle for hedui: the default rule pack in plain loops.

    python3 oracle.py DATA_FOLDER --as-of YYYY-MM-DD --calendar CSV_PATH > findings.csv

Written from spec/data-dictionary.md, spec/default-rules.md and spec/interface.md
only; it shares no line and no idea of structure with the program it tests.
"""
import argparse
import csv
import os
import re
import sys
from datetime import date, datetime, timedelta
from fractions import Fraction

csv.field_size_limit(2**31 - 1)

HEADER = ["rule_id", "table", "record_key", "field", "value", "row",
          "severity", "dimension", "department", "message_grade"]

# ---------------------------------------------------------------- dictionary

# label -> canonical name, for each table (dictionary: the label is what people type)
LABELS = {
    "customers": {
        "档案编号": "archive_no", "客户名称": "name", "客户类型": "kind",
        "统一社会信用代码": "uscc", "法定代表人": "legal_rep", "联系人": "contact",
        "联系电话": "phone", "电子邮箱": "email", "地址": "address", "邮编": "postcode",
        "传真": "fax", "经营范围": "business_scope", "注册资本(万元)": "registered_capital",
        "开户行": "bank", "银行账号": "bank_account", "行业": "industry",
        "企业性质": "ownership", "区域": "region", "客户等级": "tier", "密级": "secrecy",
        "负责部门": "department", "负责人": "owner", "签约日期": "signed_on",
        "录入日期": "entered_on", "最近更新日期": "updated_on",
        "最近核实日期(销售)": "sales_verified_on", "最近反馈日期(市场)": "feedback_on",
        "最近对账日期(财务)": "reconciled_on", "备注": "remark",
        "国家/地区": "country", "第二责任人": "second_owner",
    },
    "contacts": {"档案编号": "archive_no", "姓名": "name", "职务": "title",
                 "电话": "phone", "邮箱": "email"},
    "contracts": {"合同编号": "contract_no", "档案编号": "archive_no",
                  "签订日期": "signed_on", "合同金额(万元)": "amount", "状态": "status"},
    "visits": {"记录编号": "record_no", "档案编号": "archive_no",
               "拜访日期": "visited_at", "提交时间": "submitted_at", "拜访人员": "visitor",
               "拜访主题": "topic", "沟通内容摘要": "summary", "客户意见和建议": "opinion",
               "审核人": "reviewer", "审核日期": "reviewed_on"},
    "changes": {"变更编号": "change_no", "档案编号": "archive_no", "字段": "field",
                "发现日期": "learned_on", "登记日期": "registered_on", "审核人": "reviewer"},
    "employees": {"姓名": "name", "部门": "department", "状态": "status",
                  "离职日期": "left_on", "工号": "employee_no", "邮箱": "email",
                  "上级": "manager", "授权级别": "clearance"},
}

KEYS = {"customers": "archive_no", "contracts": "contract_no",
        "visits": "record_no", "changes": "change_no"}

TYPES = {
    "customers": {"registered_capital": "decimal", "signed_on": "date",
                  "entered_on": "date", "updated_on": "date",
                  "sales_verified_on": "date", "feedback_on": "date",
                  "reconciled_on": "date"},
    "contacts": {},
    "contracts": {"signed_on": "date", "amount": "decimal"},
    "visits": {"visited_at": "datetime", "submitted_at": "datetime", "reviewed_on": "date"},
    "changes": {"learned_on": "date", "registered_on": "date"},
    "employees": {"left_on": "date"},
}

# fields in which losing digits is damage: codes, accounts and phone-like texts
CODE_FIELDS = {
    "customers": ["archive_no", "uscc", "phone", "postcode", "fax", "bank_account"],
    "contacts": ["archive_no", "phone"],
    "contracts": ["contract_no", "archive_no"],
    "visits": ["record_no", "archive_no"],
    "changes": ["change_no", "archive_no"],
    "employees": ["employee_no"],
}

# ------------------------------------------------------------------ cleaning

# Unicode's White_Space property (Python's str.strip would also take U+001C..1F)
WHITE = ("\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
         "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000")


def _fold_table():
    table = {}
    for code in range(0xFF01, 0xFF5F):          # full-width ASCII becomes ASCII
        table[code] = code - 0xFEE0
    for code in (0x3000, 0x00A0):               # these two become a blank
        table[code] = 0x20
    for first, last in ((0xAD, 0xAD), (0x200B, 0x200F), (0x202A, 0x202E),
                        (0x2060, 0x2060), (0xFEFF, 0xFEFF)):
        for code in range(first, last + 1):     # these vanish wherever they stand
            table[code] = None
    return table


FOLD = _fold_table()


def fold(typed):
    """Folding before any check; only the outer white space goes, the inner stays."""
    return typed.translate(FOLD).strip(WHITE)


MISSING = {"", "无", "暂无", "-", "--", "/", "N/A", "NA", "n/a", "na", "null", "NULL"}


def is_missing(folded):
    """The default list of words for nothing, letter for letter."""
    return folded in MISSING


def without_white(folded):
    """All white space out, inner too."""
    return "".join(ch for ch in folded if ch not in WHITE)


def ascii_upper(text):
    """Upper case is ASCII's: no other letter changes."""
    return "".join(chr(ord(ch) - 32) if "a" <= ch <= "z" else ch for ch in text)


TIME = r"(?:[ T]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?"
DATE_FORMS = [
    re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})" + TIME),
    re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})" + TIME),
    re.compile(r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})" + TIME),
    re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日" + TIME),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})" + TIME),
]


def parse_moment(folded):
    """(day, minute of the day or None) of a text date, None if it is not one.

    Year first, one of the four separators or eight digits, a time behind a blank
    or T; days and times that do not exist are no dates; seconds are dropped.
    """
    for form in DATE_FORMS:
        found = form.fullmatch(folded)
        if not found:
            continue
        year, month, day, hour, minute, second = found.groups()
        try:
            when = date(int(year), int(month), int(day))
        except ValueError:
            return None
        if hour is None:
            return when, None
        if int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59:
            return None
        return when, int(hour) * 60 + int(minute)
    return None


def parse_date(folded):
    """In a date field a time is dropped."""
    if is_missing(folded):
        return None
    moment = parse_moment(folded)
    return None if moment is None else moment[0]


NUMBER = re.compile(r"([+-]?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?")


def parse_amount(folded):
    """Exact number, thousands separators allowed; None for what does not convert."""
    found = NUMBER.fullmatch(folded)
    if is_missing(folded) or not found:
        return None
    sign, whole, part = found.groups()
    part = part or ""
    number = Fraction(int(whole.replace(",", "") + part), 10 ** len(part))
    return -number if sign == "-" else number


def converts(kind, folded):
    """Does a present cell turn into its field's type? A day alone does for a datetime."""
    if kind == "decimal":
        return parse_amount(folded) is not None
    return parse_moment(folded) is not None


# ------------------------------------------------------------------- reading

class Record:
    """One CSV record: `raw` as typed, `text` folded, by canonical name."""

    def __init__(self, row, raw):
        self.row = row
        self.raw = raw
        self.text = {field: fold(typed) for field, typed in raw.items()}

    def get(self, field):
        return self.text.get(field, "")

    def missing(self, field):
        return is_missing(self.get(field))


class Table:
    def __init__(self, name, columns, records):
        self.name, self.columns, self.records = name, columns, records


def read_table(folder, name):
    """Header is row 1; every record counts in the row, wholly blank ones are left out."""
    path = os.path.join(folder, name + ".csv")
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.reader(handle))
    header = [LABELS[name].get(fold(label)) for label in (rows[0] if rows else [])]
    records = []
    for number, cells in enumerate(rows[1:], start=2):
        if all(fold(cell) == "" for cell in cells):
            continue
        raw = {}
        for position, field in enumerate(header):
            if field is not None:
                raw[field] = cells[position] if position < len(cells) else ""
        records.append(Record(number, raw))
    return Table(name, {field for field in header if field}, records)


def read_calendar(path):
    """date -> True (a weekend day worked) or False (a weekday off)."""
    exceptions = {}
    with open(path, encoding="utf-8-sig", newline="") as handle:
        for line in csv.DictReader(handle):
            exceptions[date.fromisoformat(line["date"])] = line["kind"] == "work"
    return exceptions


# ------------------------------------------------------------------ calendar

def is_working_day(calendar, day):
    """An exception decides; any other day is Monday to Friday, outside the file too."""
    if day in calendar:
        return calendar[day]
    return day.weekday() < 5


def more_working_days(calendar, start, end, limit):
    """Are there more than `limit` working days after `start`, up to and with `end`?"""
    count, day = 0, start
    while day < end:
        day += timedelta(days=1)
        if is_working_day(calendar, day):
            count += 1
            if count > limit:
                return True
    return False


def months_before(day, months):
    """The same day so many calendar months ago, clipped to that month's end."""
    index = day.year * 12 + (day.month - 1) - months
    year, month = index // 12, index % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


# --------------------------------------------------------------- credit code

CODE_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORG_CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def normal_code(folded):
    """Upper case, all white space and hyphens out."""
    return without_white(ascii_upper(folded)).replace("-", "")


def code_check_char(first17):
    """GB 32100: 31 minus the weighted sum mod 31; remainder 0 is written 0."""
    total, weight = 0, 1
    for ch in first17:
        total += CODE_CHARS.index(ch) * weight
        weight = weight * 3 % 31
    rest = total % 31
    return "0" if rest == 0 else CODE_CHARS[31 - rest]


def organisation_check_char(first8):
    """GB 11714: 11 minus the weighted sum mod 11; 10 is X, 11 is 0."""
    total = 0
    for ch, weight in zip(first8, (3, 7, 9, 10, 5, 8, 4, 2)):
        total += ORG_CHARS.index(ch) * weight
    value = 11 - total % 11
    return {10: "X", 11: "0"}.get(value) or str(value)


def grade_code(folded):
    """'' for a valid code, else 'wrong' or 'verify'.

    Valid: 18 allowed characters, first of 1-9 A N Y, digits on 3 to 8, right check
    character, and nothing else. Verify: the check character alone is at fault and
    the organisation part on 9 to 17 carries its own right check digit.
    """
    code = normal_code(folded)
    if len(code) != 18 or any(ch not in CODE_CHARS for ch in code):
        return "wrong"
    if code[0] not in "123456789ANY" or any(ch not in "0123456789" for ch in code[2:8]):
        return "wrong"
    if code_check_char(code[:17]) == code[17]:
        return ""
    if organisation_check_char(code[8:16]) == code[16]:
        return "verify"
    return "wrong"


# --------------------------------------------------------------- the company

class Company:
    """The tables, the as-of date, the calendar, and the look-ups between tables."""

    def __init__(self, tables, as_of, calendar):
        self.tables, self.as_of, self.calendar = tables, as_of, calendar
        self.has_country = self.has("customers", "country")
        self.first_customer = {}            # archive_no -> first row in file order
        self.same_archive_no, self.same_name, self.same_code = {}, {}, {}
        for rec in self.rows("customers"):
            if not rec.missing("archive_no"):
                self.first_customer.setdefault(rec.get("archive_no"), rec)
                count(self.same_archive_no, rec.get("archive_no"))
            if not rec.missing("name"):
                count(self.same_name, normal_name(rec.get("name")))
            if not rec.missing("uscc"):
                count(self.same_code, normal_code(rec.get("uscc")))
        self.contacts_of = {}
        for rec in self.rows("contacts"):
            if not rec.missing("archive_no") and not rec.missing("name"):
                count(self.contacts_of, rec.get("archive_no"))
        self.contracts_of = {}
        for rec in self.rows("contracts"):
            if not rec.missing("archive_no"):
                self.contracts_of.setdefault(rec.get("archive_no"), []).append(rec)
        self.employees_named = {}
        for rec in self.rows("employees"):
            if not rec.missing("name"):
                self.employees_named.setdefault(rec.get("name"), []).append(rec)

    def rows(self, table):
        return self.tables[table].records if self.tables.get(table) else []

    def has(self, table, *fields):
        found = self.tables.get(table)
        return found is not None and all(field in found.columns for field in fields)


def count(counts, key):
    counts[key] = counts.get(key, 0) + 1


def normal_name(folded):
    """For name-unique: no white space, one word for limited company, upper case."""
    return ascii_upper(without_white(folded).replace("有限责任公司", "有限公司"))


CHINA = {"中国", "中华人民共和国", "China", "CN", "CHN"}


def is_chinese(company, rec):
    """Without a country column everybody is; with one only the listed words are."""
    return not company.has_country or rec.get("country") in CHINA


# ------------------------------------------------------------ whom it goes to

def known_or_empty(rec, field):
    return "" if rec.missing(field) else rec.get(field)


def customer_department(company, rec):
    """The department of the customer with this record's archive_no, else empty."""
    if rec.missing("archive_no"):
        return ""
    customer = company.first_customer.get(rec.get("archive_no"))
    return "" if customer is None else known_or_empty(customer, "department")


def visitor_department(company, rec):
    """The visitor's department in employees, else empty."""
    if rec.missing("visitor"):
        return ""
    for employee in company.employees_named.get(rec.get("visitor"), []):
        return known_or_empty(employee, "department")
    return ""


def record_department(company, table, rec):
    """Customers and employees name their own; a visit its visitor's, else the
    customer's; the other tables the customer's."""
    if table in ("customers", "employees"):
        return known_or_empty(rec, "department")
    if table == "visits":
        return visitor_department(company, rec) or customer_department(company, rec)
    return customer_department(company, rec)


# --------------------------------------------------------------------- rules
# A check gives the units it tested: pairs (field, failed). An untested row gives none.

def required_fields(company, rec):
    """One finding for each missing required field; kind and tier ask for more."""
    needed = ["name", "kind", "address", "department", "owner", "entered_on"]
    kind, tier = rec.get("kind"), rec.get("tier")
    if kind in ("经销商", "终端", "供应商"):
        if is_chinese(company, rec):
            needed.append("uscc")
        needed.append("legal_rep")
    if kind in ("经销商", "终端", "律师事务所", "银行"):
        needed += ["contact", "phone"]
    if kind == "供应商":
        needed += ["bank", "bank_account"]
    if tier in ("重要", "稳定"):
        needed += ["email", "business_scope", "registered_capital", "industry"]
    return [(field, rec.missing(field)) for field in needed]


def too_old(rec, field, oldest):
    """No date at all, or one before the oldest that still counts; that day passes."""
    found = parse_date(rec.get(field))
    return [(field, found is None or found < oldest)]


def sales_verification(company, rec):
    """Oldest allowed: one calendar month before D."""
    return too_old(rec, "sales_verified_on", months_before(company.as_of, 1))


def market_feedback(company, rec):
    """Oldest allowed: three months before D."""
    return too_old(rec, "feedback_on", months_before(company.as_of, 3))


def finance_reconciliation(company, rec):
    """Oldest allowed: twelve months before D."""
    return too_old(rec, "reconciled_on", months_before(company.as_of, 12))


def stale_record(company, rec):
    """Oldest allowed: 180 days before D."""
    return too_old(rec, "updated_on", company.as_of - timedelta(days=180))


def late_by_working_days(company, rec, start_field, end_field, limit):
    """Tested where both are dates: working days after the first up to the second."""
    start, end = parse_date(rec.get(start_field)), parse_date(rec.get(end_field))
    if start is None or end is None:
        return []
    return [(end_field, more_working_days(company.calendar, start, end, limit))]


def entered_in_time(company, rec):
    """More than 5 working days from signing to entry."""
    return late_by_working_days(company, rec, "signed_on", "entered_on", 5)


def change_registered(company, rec):
    """More than 3 working days from learning of it to registering it."""
    return late_by_working_days(company, rec, "learned_on", "registered_on", 3)


def visit_submitted(company, rec):
    """More than 24 h in whole minutes; with a day alone on either side, the
    submission's day must not be later than the day after the visit."""
    if rec.missing("visited_at") or rec.missing("submitted_at"):
        return []
    visited, submitted = parse_moment(rec.get("visited_at")), parse_moment(rec.get("submitted_at"))
    if visited is None or submitted is None:
        return []
    days = (submitted[0] - visited[0]).days
    if visited[1] is None or submitted[1] is None:
        return [("submitted_at", days > 1)]
    return [("submitted_at", days * 1440 + submitted[1] - visited[1] > 1440)]


def visit_required(company, rec):
    """One finding for each of six fields that is missing."""
    return [(field, rec.missing(field)) for field in
            ("visited_at", "submitted_at", "visitor", "topic", "summary", "reviewer")]


def uscc_valid(company, rec):
    """Chinese customers whose code is present."""
    if rec.missing("uscc") or not is_chinese(company, rec):
        return []
    return [("uscc", grade_code(rec.get("uscc")) != "")]


PHONE = re.compile(r"(?:\+86-?)?1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}(?:-[0-9]{1,6})?"
                   r"|400-?[0-9]{3}-?[0-9]{4}")
EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
POSTCODE = re.compile(r"[0-9]{6}")


def matches(rec, field, pattern):
    """Tested where present; fails unless the whole of it matches."""
    if rec.missing(field):
        return []
    return [(field, pattern.fullmatch(rec.get(field)) is None)]


def phone_format(company, rec):
    """Mobile, fixed line or 400 number; Chinese customers only."""
    return matches(rec, "phone", PHONE) if is_chinese(company, rec) else []


def email_format(company, rec):
    """Everybody's address, wherever he lives."""
    return matches(rec, "email", EMAIL)


def postcode_format(company, rec):
    """Six digits; Chinese customers only."""
    return matches(rec, "postcode", POSTCODE) if is_chinese(company, rec) else []


ARCHIVE_TAIL = re.compile(r"(?:19|20)[0-9]{2}-[0-9]{3,}")


def archive_no_format(company, rec):
    """This row's kind, letter for letter, then year, hyphen and three digits or more."""
    number, kind = rec.get("archive_no"), rec.get("kind")
    if is_missing(number) or is_missing(kind) or not number.startswith(kind):
        return [("archive_no", True)]
    return [("archive_no", ARCHIVE_TAIL.fullmatch(number[len(kind):]) is None)]


def archive_no_unique(company, rec):
    """Present, and on another row too."""
    if rec.missing("archive_no"):
        return []
    return [("archive_no", company.same_archive_no[rec.get("archive_no")] > 1)]


def name_unique(company, rec):
    """Present, and alike on another row once normalised."""
    if rec.missing("name"):
        return []
    return [("name", company.same_name[normal_name(rec.get("name"))] > 1)]


def uscc_unique(company, rec):
    """Present, something left once normalised, and alike on another row."""
    if rec.missing("uscc") or normal_code(rec.get("uscc")) == "":
        return []
    return [("uscc", company.same_code[normal_code(rec.get("uscc"))] > 1)]


def known_customer(company, rec):
    """No archive_no, or one that no customer has."""
    return [("archive_no", rec.missing("archive_no")
             or rec.get("archive_no") not in company.first_customer)]


def owner_has_left(company, rec):
    """Any employee of that name who left, on no known day or on D or before."""
    if rec.missing("owner"):
        return []
    for employee in company.employees_named.get(rec.get("owner"), []):
        left_on = parse_date(employee.get("left_on"))
        if employee.get("status") == "离职" and (left_on is None or left_on <= company.as_of):
            return [("owner", True)]
    return [("owner", False)]


def important_two_contacts(company, rec):
    """Declared important: two contact rows with a name; no archive_no, no contacts."""
    if rec.get("tier") != "重要":
        return []
    number = 0
    if not rec.missing("archive_no"):
        number = company.contacts_of.get(rec.get("archive_no"), 0)
    return [("", number < 2)]


def important_remark(company, rec):
    """Declared important and nothing in the remark."""
    if rec.get("tier") != "重要":
        return []
    return [("remark", rec.missing("remark"))]


def counting_contracts(company, rec):
    """(signing date, amount) of contracts that are not void and have a date;
    an amount that cannot be read is 0 and still a contract."""
    if rec.missing("archive_no"):
        return []
    found = []
    for contract in company.contracts_of.get(rec.get("archive_no"), []):
        signed = parse_date(contract.get("signed_on"))
        if contract.get("status") != "作废" and signed is not None:
            found.append((signed, parse_amount(contract.get("amount")) or Fraction(0)))
    return found


def reaches(contracts, years, yearly, single):
    """Each of the years totals at least `yearly`, one contract of them at least `single`."""
    for year in years:
        if sum(amount for signed, amount in contracts if signed.year == year) < yearly:
            return False
    return any(signed.year in years and amount >= single for signed, amount in contracts)


def computed_tier(company, rec):
    """Important, stable, ordinary or potential by the contracts of the last years."""
    contracts, year = counting_contracts(company, rec), company.as_of.year
    if reaches(contracts, (year - 3, year - 2, year - 1), 500, 200):
        return "重要"
    if reaches(contracts, (year - 2, year - 1), 100, 50):
        return "稳定"
    if any(date(year - 3, 1, 1) <= signed <= company.as_of for signed, _ in contracts):
        return "一般"
    return "潜在"


def tier_declared(company, rec):
    """What is declared must be what is computed; nothing or an odd word never is."""
    return [("tier", rec.get("tier") != computed_tier(company, rec))]


def country_missing(company, rec):
    """Only where there is such a column."""
    return [("country", rec.missing("country"))]


def unreadable_value(table):
    """Every typed field: present and not convertible."""
    def check(company, rec):
        return [(field, not converts(kind, rec.get(field)))
                for field, kind in TYPES[table].items()
                if field in rec.raw and not rec.missing(field)]
    return check


# a credit code such as 53785006E593124224 is none: the exponent has a sign, or the number a fraction
SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:[eE][+-]|\.[0-9]+[eE][+-]?)[0-9]+")


def damaged_number(table):
    """A text in scientific notation where a code, account or phone belongs."""
    def check(company, rec):
        return [(field, SCIENTIFIC.fullmatch(rec.get(field)) is not None)
                for field in CODE_FIELDS[table]
                if field in rec.raw and not rec.missing(field)]
    return check


RECORD, CUSTOMER = object(), object()     # department: the record's; the customer's

C, V = "customers", "visits"
REQUIRED_COLUMNS = ("name kind address department owner entered_on uscc legal_rep contact phone "
                    "bank bank_account tier email business_scope registered_capital industry")

# id, table, check, severity, dimension, whom it goes to, columns read (table: names)
RULES = [
    ("required-fields", C, required_fields, "error", "completeness", RECORD, {C: REQUIRED_COLUMNS}),
    ("sales-verification-monthly", C, sales_verification, "warning", "timeliness", RECORD,
     {C: "sales_verified_on"}),
    ("stale-record", C, stale_record, "warning", "timeliness", RECORD, {C: "updated_on"}),
    ("market-feedback-quarterly", C, market_feedback, "warning", "timeliness", "市场部",
     {C: "feedback_on"}),
    ("finance-reconciliation-yearly", C, finance_reconciliation, "warning", "timeliness", "财务部",
     {C: "reconciled_on"}),
    ("entered-within-5-working-days", C, entered_in_time, "warning", "timeliness", RECORD,
     {C: "signed_on entered_on"}),
    ("change-registered-within-3-working-days", "changes", change_registered, "warning",
     "timeliness", RECORD, {"changes": "learned_on registered_on"}),
    ("visit-submitted-within-24h", V, visit_submitted, "warning", "timeliness", CUSTOMER,
     {V: "visited_at submitted_at"}),
    ("visit-required-fields", V, visit_required, "warning", "completeness", CUSTOMER,
     {V: "visited_at submitted_at visitor topic summary reviewer"}),
    ("uscc-valid", C, uscc_valid, "error", "validity", RECORD, {C: "uscc"}),
    ("phone-format", C, phone_format, "error", "validity", RECORD, {C: "phone"}),
    ("email-format", C, email_format, "error", "validity", RECORD, {C: "email"}),
    ("postcode-format", C, postcode_format, "error", "validity", RECORD, {C: "postcode"}),
    ("archive-no-format", C, archive_no_format, "error", "validity", RECORD, {C: "archive_no kind"}),
    ("archive-no-unique", C, archive_no_unique, "error", "uniqueness", RECORD, {C: "archive_no"}),
    ("name-unique", C, name_unique, "error", "uniqueness", RECORD, {C: "name"}),
    ("uscc-unique", C, uscc_unique, "error", "uniqueness", RECORD, {C: "uscc"}),
    ("known-customer-contracts", "contracts", known_customer, "error", "consistency", "客户服务部",
     {"contracts": "archive_no", C: "archive_no"}),
    ("known-customer-visits", V, known_customer, "error", "consistency", "客户服务部",
     {V: "archive_no", C: "archive_no"}),
    ("known-customer-contacts", "contacts", known_customer, "error", "consistency", "客户服务部",
     {"contacts": "archive_no", C: "archive_no"}),
    ("owner-has-left", C, owner_has_left, "error", "consistency", RECORD,
     {C: "owner", "employees": "name status left_on"}),
    ("important-two-contacts", C, important_two_contacts, "warning", "completeness", RECORD,
     {C: "tier archive_no", "contacts": "archive_no name"}),
    ("important-remark", C, important_remark, "warning", "completeness", RECORD, {C: "tier remark"}),
    ("tier-declared", C, tier_declared, "warning", "accuracy", RECORD,
     {C: "tier archive_no", "contracts": "archive_no signed_on amount status"}),
    ("country-missing", C, country_missing, "warning", "completeness", RECORD, {C: "country"}),
]
for _table in LABELS:
    RULES.append(("unreadable-value", _table, unreadable_value(_table), "info", "validity",
                  RECORD, {_table: ""}))
    RULES.append(("damaged-number", _table, damaged_number(_table), "warning", "validity",
                  RECORD, {_table: ""}))


def department_for(company, goes_to, table, rec):
    """A fixed department, the customer's, or whatever the record's table says."""
    if goes_to is RECORD:
        return record_department(company, table, rec)
    if goes_to is CUSTOMER:
        return customer_department(company, rec)
    return goes_to


def record_key(table, rec):
    """The folded key; empty for a table without one."""
    return rec.get(KEYS[table]) if table in KEYS else ""


def evaluate(company):
    """All findings, and {rule id: [units tested, units failing]}.

    A rule whose table has no source, or one of whose columns is not there, is left out.
    """
    findings, tally = [], {}
    for rule_id, table, check, severity, dimension, goes_to, reads in RULES:
        if not all(company.has(name, *fields.split()) for name, fields in reads.items()):
            continue
        counts = tally.setdefault(rule_id, [0, 0])
        for rec in company.rows(table):
            for field, failed in check(company, rec):
                counts[0] += 1
                if not failed:
                    continue
                counts[1] += 1
                grade = grade_code(rec.get("uscc")) if rule_id == "uscc-valid" else ""
                findings.append([rule_id, table, record_key(table, rec), field,
                                 rec.raw.get(field, ""), rec.row, severity, dimension,
                                 department_for(company, goes_to, table, rec), grade])
    findings.sort(key=lambda f: (f[0], f[1], f[5], f[3]))
    return findings, tally


def load(folder, as_of, calendar_path):
    tables = {name: read_table(folder, name) for name in LABELS}
    return Company(tables, as_of, read_calendar(calendar_path))


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--as-of", required=True, type=date.fromisoformat)
    parser.add_argument("--calendar", required=True)
    parser.add_argument("--tally", action="store_true",
                        help="units tested, passing and failing of each rule, to stderr")
    options = parser.parse_args(arguments)
    findings, tally = evaluate(load(options.folder, options.as_of, options.calendar))
    sys.stdout.reconfigure(encoding="utf-8", newline="")
    writer = csv.writer(sys.stdout)
    writer.writerow(HEADER)
    writer.writerows(findings)
    if options.tally:
        for rule_id, (tested, failing) in sorted(tally.items()):
            print(f"{rule_id:42} tested {tested:7} passing {tested - failing:7} "
                  f"failing {failing:7}", file=sys.stderr)


if __name__ == "__main__":
    main()
