#!/usr/bin/env python3
"""Vectors of validity.md and working-days.md, and the boundaries of the default rules.

    python3 test_oracle.py        (HEDUI_CALENDAR: another place of the calendar CSV)
"""
import csv
import os
import subprocess
import sys
import tempfile
import unittest
from datetime import date, timedelta
from fractions import Fraction

import oracle

HERE = os.path.dirname(os.path.abspath(__file__))


def calendar_path():
    here = os.path.join(HERE, "..", "it", "data", "working-days-2005-2026.csv")
    tried = [os.environ.get("HEDUI_CALENDAR") or here]
    for path in tried:
        if os.path.exists(path):
            return path
    raise unittest.SkipTest("no calendar file; set HEDUI_CALENDAR")


def rec(**cells):
    return oracle.Record(2, cells)


def company(as_of="2026-11-22", **tables):
    built = {name: None for name in oracle.LABELS}
    for name, rows in tables.items():
        columns = {field for row in rows for field in row}
        built[name] = oracle.Table(name, columns, [oracle.Record(n, row) for n, row in enumerate(rows, 2)])
    return oracle.Company(built, date.fromisoformat(as_of), {})


class CreditCode(unittest.TestCase):
    def test_valid(self):
        for code in ("91350100M000100Y43", "91110000600037341L", "91110108551385082Q",
                     "91440300708461136T", "12440600MB2C07549J", "91110105MA00003490",
                     "362322198709086409"):      # a personal ID: nothing else fails a row
            self.assertEqual(oracle.grade_code(code), "", code)

    def test_invalid(self):
        for code, expected in (("91310115MA1H8R7C6D", "7"), ("111111111111111111", "5")):
            self.assertEqual(oracle.code_check_char(code[:17]), expected)
            self.assertEqual(oracle.grade_code(code), "wrong", code)
        self.assertEqual(oracle.organisation_check_char("MA1H8R7C"), "4")
        self.assertEqual(oracle.code_check_char("91350100M000100Y4"), "3")
        self.assertNotEqual(oracle.grade_code("91350100M000100Y4Z"), "")
        for code in ("---", "91350100M000100Y4", "91350100M000100Y433", "B1350100M000100Y43",
                     "9135010OM000100Y43", "91350100M000100Y4I"):
            self.assertEqual(oracle.grade_code(code), "wrong", code)

    def test_verify(self):
        self.assertEqual(oracle.code_check_char("91350203M0001QKT1"), "F")
        self.assertEqual(oracle.grade_code("91350203M0001QKT19"), "verify")
        # a check character outside the 31 is more than a wrong check character
        self.assertEqual(oracle.grade_code("91350203M0001QKT1O"), "wrong")

    def test_other_spellings(self):
        for typed in ("91350100m000100y43", "９１３５０１００Ｍ０００１００Ｙ４３", "9135 0100-M000\u2003100Y43",
                      "\u200b91350100M000\xa0100Y43\u3000"):
            self.assertEqual(oracle.grade_code(oracle.fold(typed)), "", typed)

    def test_organisation_code(self):
        for body, check in (("60003734", "1"), ("D2143569", "X"), ("67395965", "4"),
                            ("70846113", "6"), ("55138508", "2")):
            self.assertEqual(oracle.organisation_check_char(body), check)


class WorkingDays(unittest.TestCase):
    VECTORS = [("2026-09-18", 3, "2026-09-22"), ("2026-09-30", 3, "2026-10-10"),
               ("2026-02-13", 3, "2026-02-25"), ("2026-01-01", 3, "2026-01-06"),
               ("2026-05-08", 1, "2026-05-09"), ("2025-09-26", 3, "2025-09-30"),
               ("2025-01-24", 5, "2025-02-07"), ("2024-04-30", 3, "2024-05-08"),
               ("2024-09-13", 3, "2024-09-19"), ("2024-02-09", 3, "2024-02-20")]

    @classmethod
    def setUpClass(cls):
        cls.calendar = oracle.read_calendar(calendar_path())

    def test_deadlines(self):
        for start, number, end in self.VECTORS:
            start, end = date.fromisoformat(start), date.fromisoformat(end)
            more = oracle.more_working_days
            self.assertFalse(more(self.calendar, start, end, number), start)
            self.assertTrue(more(self.calendar, start, end, number - 1), start)
            self.assertFalse(more(self.calendar, start, end - timedelta(days=1), number - 1), start)
        self.assertFalse(oracle.more_working_days(self.calendar, date(2026, 9, 9), date(2026, 9, 1), 0))

    def test_quarters(self):
        for year, quarters in ((2024, (61, 62, 66, 62)), (2025, (59, 61, 67, 61)), (2026, (59, 61, 66, 62))):
            found = [0, 0, 0, 0]
            day = date(year, 1, 1)
            while day.year == year:
                found[(day.month - 1) // 3] += oracle.is_working_day(self.calendar, day)
                day += timedelta(days=1)
            self.assertEqual(tuple(found), quarters)

    def test_first_and_last_of_quarters(self):
        for year, ends in ((2026, ("01-04 03-31", "04-01 06-30", "07-01 09-30", "10-08 12-31")),
                           (2025, ("01-02 03-31", "04-01 06-30", "07-01 09-30", "10-09 12-31"))):
            for quarter, text in enumerate(ends):
                day, days = date(year, quarter * 3 + 1, 1), []
                while day.year == year and (day.month - 1) // 3 == quarter:
                    if oracle.is_working_day(self.calendar, day):
                        days.append(f"{day:%m-%d}")
                    day += timedelta(days=1)
                self.assertEqual(text, days[0] + " " + days[-1])

    def test_outside_the_file(self):
        self.assertTrue(oracle.is_working_day(self.calendar, date(2027, 1, 1)))
        self.assertFalse(oracle.is_working_day(self.calendar, date(2027, 1, 2)))
        self.assertTrue(oracle.is_working_day(self.calendar, date(2004, 10, 1)))


class Cleaning(unittest.TestCase):
    def test_fold(self):
        self.assertEqual(oracle.fold("\ufeff \u3000Ａ\u200b b\u2029\x85"), "A b")
        self.assertEqual(oracle.fold("\x1fa\u180e"), "\x1fa\u180e")
        for text in ("", "－－", "／", "Ｎ／Ａ", " 无\u2060", "null"):
            self.assertTrue(oracle.is_missing(oracle.fold(text)), text)
        for text in ("无无", "Null", "N/a", "---", "—", "暂 无"):
            self.assertFalse(oracle.is_missing(oracle.fold(text)), text)

    def test_dates(self):
        for text in ("2025-01-05", "2025/1/5", "2025.1.05", "2025年1月5日", "20250105",
                     "2025-01-05 9:05", "2025-1-5T09:05:59", "２０２５－０１－０５"):
            self.assertEqual(oracle.parse_date(oracle.fold(text)), date(2025, 1, 5), text)
        for text in ("2025-02-29", "2025-1", "5/1/2025", "23.1.5", "45000", "2025-01-05 9:5",
                     "2025-01-05  24:00", "2025-01-05x", ""):
            self.assertIsNone(oracle.parse_date(oracle.fold(text)), text)
        self.assertEqual(oracle.parse_moment("2025-01-05 9:05:59"), (date(2025, 1, 5), 545))
        self.assertEqual(oracle.parse_moment("2025-01-05"), (date(2025, 1, 5), None))

    def test_months_before(self):
        for day, months, expected in (("2026-03-31", 1, "2026-02-28"), ("2024-03-31", 1, "2024-02-29"),
                                      ("2026-05-31", 3, "2026-02-28"), ("2024-02-29", 12, "2023-02-28"),
                                      ("2026-01-31", 1, "2025-12-31"), ("2026-12-31", 12, "2025-12-31"),
                                      ("2026-11-22", 3, "2026-08-22")):
            self.assertEqual(oracle.months_before(date.fromisoformat(day), months),
                             date.fromisoformat(expected))

    def test_amounts(self):
        self.assertEqual(oracle.parse_amount(oracle.fold("１，２３４．５６")), Fraction(123456, 100))
        self.assertEqual(oracle.parse_amount("-0.1"), Fraction(-1, 10))
        self.assertLess(oracle.parse_amount("499.99999999999999999999999"), 500)
        for text in ("500万", "约500", "1,23", "", "12.3.4", "五百"):
            self.assertIsNone(oracle.parse_amount(text), text)


class Patterns(unittest.TestCase):
    def test_formats(self):
        for pattern, good, bad in (
                (oracle.PHONE, ("13800138000", "+86-13912345678", "+8613912345678", "010-62265678",
                                "0571-8765432-123456", "4008208820", "400-820-8820"),
                 ("12800138000", "86-13800138000", "0571-876543", "0571-87654321-1234567", "138001380000",
                  "1380013800٠", "800-820-8820")),
                (oracle.EMAIL, ("a@b.co", "a.b_c%d+e-f@x-y.com.cn", "a@-.cn"),
                 ("a@b", "a@b.c", "a@b..cn", "a@b.cn.", "a b@c.cn", "张@b.cn", "a@b.\u212an")),
                (oracle.POSTCODE, ("010010",), ("10010", "0100100", "٢٠٠١٢٠"))):
            for text in good:
                self.assertTrue(pattern.fullmatch(text), text)
            for text in bad:
                self.assertFalse(pattern.fullmatch(text), text)

    def test_archive_number(self):
        for number, kind, failed in (("经销商2023-001", "经销商", False), ("A.B1999-1234", "A.B", False),
                                     ("AxB1999-1234", "A.B", True), ("a.b1999-1234", "A.B", True),
                                     ("经销商2123-001", "经销商", True), ("经销商2023-01", "经销商", True),
                                     ("2023-001", "", True), ("无", "无", True),
                                     ("经销商２０２３－００１", " 经销商", False)):
            found = oracle.archive_no_format(None, rec(archive_no=number, kind=kind))
            self.assertEqual(found, [("archive_no", failed)], number)

    def test_normal_name(self):
        same = oracle.normal_name("ABC(华)有限公司")
        self.assertEqual(oracle.normal_name(oracle.fold("aｂc（华） 有限 责任\u2003公司")), same)
        self.assertNotEqual(oracle.normal_name("straße"), oracle.normal_name("STRASSE"))


class Rules(unittest.TestCase):
    def test_visit_hours(self):
        for visited, submitted, expected in (
                ("2025-01-05 10:00", "2025-01-06 10:00:59", [False]), ("2025-01-05 10:00:59", "2025-01-06 10:01", [True]),
                ("2025-01-05", "2025-01-06 23:59", [False]), ("2025-01-05 0:00", "2025-01-07", [True]),
                ("2025-01-05 10:00", "2025-01-01 10:00", [False]), ("2025-02-29", "2025-09-01", []), ("", "2025-01-01", [])):
            found = oracle.visit_submitted(None, rec(visited_at=visited, submitted_at=submitted))
            self.assertEqual([failed for _, failed in found], expected, visited)

    def test_staleness_boundaries(self):
        now = company("2026-03-31")
        for check, field, day in ((oracle.sales_verification, "sales_verified_on", "2026-02-28"),
                                  (oracle.market_feedback, "feedback_on", "2025-12-31"),
                                  (oracle.finance_reconciliation, "reconciled_on", "2025-03-31"),
                                  (oracle.stale_record, "updated_on", "2025-10-02")):
            before = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
            for text, failed in ((day, False), (before, True), ("", True), ("2026-02-30", True), ("2099-01-01", False)):
                self.assertEqual(check(now, rec(**{field: text})), [(field, failed)], (field, text))

    def tier(self, *contracts, as_of="2026-11-22"):
        rows = [{"archive_no": "A", "signed_on": d, "amount": a, "status": s} for d, a, s in contracts]
        built = company(as_of, contracts=rows or [{"archive_no": "B"}])
        return oracle.computed_tier(built, rec(archive_no="A"))

    def test_tiers(self):
        three = [("2023-01-01", "500", ""), ("2024-05-05", "500.00", "无"), ("2025-12-31", "200", "履行中")]
        self.assertEqual(self.tier(*three, ("2025-01-01", "300", "")), "重要")
        self.assertEqual(self.tier(*three, ("2025-01-01", "299.99", "")), "稳定")
        self.assertEqual(self.tier(*three, ("2025-01-01", "300", " 作废")), "稳定")
        self.assertEqual(self.tier(*[(f"{y}-06-01", "125", "") for y in (2023, 2024, 2025) for _ in range(4)]), "稳定")
        two = [(f"{y}-06-01", a, "") for y in (2024, 2025) for a in ("49.99", "50.01")]
        self.assertEqual(self.tier(*two), "稳定")
        self.assertEqual(self.tier(*[(d, "25", s) for d, _, s in two for _ in range(2)]), "一般")
        self.assertEqual(self.tier(("2023-01-01", "约5", "")), "一般")
        self.assertEqual(self.tier(("2022-12-31", "9999", "")), "潜在")
        self.assertEqual(self.tier(("2026-11-22", "0", "")), "一般")
        self.assertEqual(self.tier(("2026-11-23", "1", "")), "潜在")
        self.assertEqual(self.tier(("2025-02-29", "1", "")), "潜在")
        self.assertEqual(self.tier(), "潜在")


class Program(unittest.TestCase):
    def test_rows_and_missing_tables(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "customers.csv"), "w", encoding="utf-8", newline="") as handle:
                handle.write('邮编,档案编号,负责部门\n\n"20\n0120",A, 东部 \n,,\n1.2E+05,A,无\n')
            result = subprocess.run(
                [sys.executable, os.path.join(HERE, "oracle.py"), folder, "--as-of", "2026-11-22",
                 "--calendar", calendar_path()], capture_output=True, check=True)
        rows = list(csv.reader(result.stdout.decode("utf-8").splitlines(keepends=True)))
        self.assertEqual(rows[0], oracle.HEADER)
        self.assertEqual([(r[0], r[2], r[4], r[5], r[8]) for r in rows[1:]], [
            ("archive-no-unique", "A", "A", "3", "东部"), ("archive-no-unique", "A", "A", "5", ""),
            ("damaged-number", "A", "1.2E+05", "5", ""),
            ("postcode-format", "A", "20\n0120", "3", "东部"), ("postcode-format", "A", "1.2E+05", "5", "")])


if __name__ == "__main__":
    unittest.main()
