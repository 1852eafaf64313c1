#!/usr/bin/env python3
"""Tests of duplicates.py and evaluate_duplicates.py: python3 test_duplicates.py"""
import csv
import doctest
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata
import unittest
from itertools import combinations

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import duplicates            # noqa: E402
import evaluate_duplicates   # noqa: E402


def valid(code):
    """GB 32100 and GB 11714, written once more and otherwise."""
    if not re.fullmatch("[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", code):
        return False
    digits = [int(ch, 36) for ch in code[8:16]]
    eleven = (11 - sum(a * b for a, b in zip(digits, [3, 7, 9, 10, 5, 8, 4, 2]))) % 11
    if code[16] != ("X" if eleven == 10 else str(eleven)):
        return False
    # with the check character itself (weight 1) the sum is a multiple of 31
    places = ["0123456789ABCDEFGHJKLMNPQRTUWXY".index(ch) for ch in code]
    weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1]
    return sum(a * b for a, b in zip(places, weights)) % 31 == 0


def load(folder, name):
    with open(os.path.join(folder, name + ".csv"), encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def fold(text):
    return unicodedata.normalize("NFKC", text).strip().upper()


class Generated(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.hold = tempfile.TemporaryDirectory()
        cls.folder = cls.hold.name
        for name, seed in (("a", 7), ("b", 7), ("c", 8)):
            maker = duplicates.Maker(6000, seed)
            maker.make()
            maker.write(os.path.join(cls.folder, name))
        a = os.path.join(cls.folder, "a")
        cls.rows = {row["档案编号"]: row for row in load(a, "customers")}
        cls.truth, cls.alike, cls.unclear = (load(a, name) for name in ("truth", "lookalikes", "ambiguous"))

    @classmethod
    def tearDownClass(cls):
        cls.hold.cleanup()

    def code_of(self, row):
        return fold(row["统一社会信用代码"])

    def test_valid_itself(self):
        for code in ("91350100M000100Y43", "91110000600037341L", "91110108551385082Q", "91110105MA00003490"):
            self.assertTrue(valid(code))
        for code in ("91310115MA1H8R7C6D", "111111111111111111", "91350203M0001QKT19", "91350100M000100Y4Z"):
            self.assertFalse(valid(code))

    def test_rows(self):
        self.assertEqual(len(self.rows), 6000)
        for number, row in self.rows.items():
            self.assertRegex(number, "^" + row["客户类型"] + r"20\d\d-\d{3,}$")
            self.assertEqual(number[len(row["客户类型"]):][:4], row["录入日期"][:4])
            self.assertNotEqual(row["客户名称"].strip(), "")

    def test_firms_and_codes(self):
        group = {number: number for number in self.rows}

        def top(number):
            while group[number] != number:
                number = group[number]
            return number
        for row in self.truth:
            group[top(row["first"])] = top(row["second"])
        # truth is closed
        members = {}
        for number in self.rows:
            members.setdefault(top(number), []).append(number)
        pairs = {tuple(sorted(pair)) for inside in members.values() for pair in combinations(inside, 2)}
        self.assertEqual(pairs, {(row["first"], row["second"]) for row in self.truth})
        self.assertEqual(len(pairs), len(self.truth))
        # a valid code is one firm's, and a firm has one
        owner, wrong, given = {}, 0, 0
        for number, row in self.rows.items():
            code = self.code_of(row)
            if not code:
                continue
            given += 1
            if not valid(code):
                wrong += 1
                self.assertGreater(len(members[top(number)]), 1)
                continue
            self.assertEqual(owner.setdefault(code, top(number)), top(number))
        for inside in members.values():
            self.assertLessEqual(len({code for number in inside if valid(code := self.code_of(self.rows[number]))}), 1)
        self.assertLess(wrong, given * 0.02)
        # one name as written is one firm's, the labelled exceptions apart
        labelled = {(row["first"], row["second"]) for row in self.alike + self.unclear}
        names = {}
        for number, row in self.rows.items():
            names.setdefault(re.sub(r"[\W_]", "", fold(row["客户名称"])), []).append(number)
        for inside in names.values():
            for left, right in combinations(sorted(inside), 2):
                self.assertTrue(top(left) == top(right) or (left, right) in labelled,
                                (self.rows[left]["客户名称"], left, right))

    def test_labels(self):
        sets = [{(row["first"], row["second"]) for row in rows}
                for rows in (self.truth, self.alike, self.unclear)]
        for left, right in combinations(sets, 2):
            self.assertFalse(left & right)
        for pairs in sets:
            for first, second in pairs:
                self.assertLess(first, second)
                self.assertIn(first, self.rows)
                self.assertIn(second, self.rows)
        self.assertEqual({row["class"] for row in self.truth},
                         {item[0] for item in duplicates.DUPLICATES} | {"indirect"})
        self.assertEqual({row["class"] for row in self.alike}, {item[0] for item in duplicates.LOOKALIKES})
        for row in self.alike:
            first, second = (self.code_of(self.rows[row[side]]) for side in ("first", "second"))
            self.assertTrue(first != second or first == "")
            if row["class"] in ("same-shop-name", "one-character-core"):
                self.assertTrue(valid(first) and valid(second))

    def test_evidence(self):
        columns = {"account": "银行账号", "phone": "联系电话", "uscc": "统一社会信用代码"}
        for row in self.truth + self.alike:
            first, second = self.rows[row["first"]], self.rows[row["second"]]
            shared = row["evidence"].split("+")
            for fact, column in columns.items():
                left, right = (re.sub("[^0-9A-Z]", "", fold(cell[column])) for cell in (first, second))
                same = left == right != ""
                if fact == "phone":
                    left, right = (re.sub("^86(?=1)", "", text) for text in (left, right))
                    same = left and right and (left in right or right in left)
                self.assertEqual(bool(same), fact in shared, (fact, row, first, second))
            if row["class"] == "former-name":
                self.assertIn("uscc", shared)

    def test_seed(self):
        def content(name):
            return [pathlib.Path(self.folder, name, file + ".csv").read_bytes()
                    for file in ("customers", "truth", "lookalikes", "ambiguous")]
        self.assertEqual(content("a"), content("b"))
        self.assertNotEqual(content("a"), content("c"))

    def test_small(self):
        for number in (0, 1, 2, 10, 100, 333):
            maker = duplicates.Maker(number, 3)
            maker.make()
            self.assertEqual(len(maker.rows), number)

    # ------------------------------------------------------------ evaluation
    def evaluate(self, groups, *options):
        path = os.path.join(self.folder, "findings.csv")
        with open(path, "w", encoding="utf-8-sig", newline="") as handle:
            writer = csv.writer(handle)
            writer.writerow(["rule_id", "table", "record_key", "message"])
            writer.writerow(["other-rule", "customers", "x", "nothing"])
            for number, inside in enumerate(groups):
                for record in inside:
                    writer.writerow(["near-duplicate", "customers", record, f"第{number}组：疑似重复,与3家"])
        done = subprocess.run([sys.executable, os.path.join(HERE, "evaluate_duplicates.py"),
                               os.path.join(self.folder, "a"), path, *options], capture_output=True)
        return done.returncode, done.stdout.decode("utf-8")

    def test_perfect(self):
        # overlapping groups, each pair its own
        status, text = self.evaluate([(row["first"], row["second"]) for row in self.truth], "--json")
        result = json.loads(text)
        self.assertEqual((status, result["precision"], result["recall"]), (0, 1, 1))
        self.assertEqual(result["predicted_pairs"], len(self.truth))

    def test_ambiguous_is_not_scored(self):
        pairs = [(row["first"], row["second"]) for row in self.truth + self.unclear]
        status, text = self.evaluate(pairs, "--json")
        result = json.loads(text)
        self.assertEqual((status, result["precision"], result["ambiguous_predicted"]), (0, 1, len(self.unclear)))

    def test_wrong(self):
        status, text = self.evaluate([(row["first"], row["second"]) for row in self.truth + self.alike], "--json")
        result = json.loads(text)
        self.assertEqual(status, 1)
        self.assertEqual((result["false_lookalikes"], result["false_elsewhere"]), (len(self.alike), 0))
        self.assertEqual(self.evaluate([])[0], 1)
        status, text = self.evaluate([list(self.rows)], "--json", "--precision", "0")
        self.assertEqual((status, json.loads(text)["predicted_pairs"]), (0, 6000 * 5999 // 2))
        self.assertEqual(self.evaluate([["nobody", "else"]])[0], 2)
        status, text = self.evaluate([list(self.rows)[:50]], "--show", "1")
        self.assertEqual(status, 1)
        self.assertIn("joined: unrelated firms", text)


def load_tests(loader, tests, ignore):
    for module in (duplicates, evaluate_duplicates):
        tests.addTests(doctest.DocTestSuite(module))
    return tests


if __name__ == "__main__":
    unittest.main()
