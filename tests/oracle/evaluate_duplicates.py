#!/usr/bin/env python3
"""Scores hedui's near-duplicate findings against what duplicates.py knows.

    python3 evaluate_duplicates.py FOLDER FINDINGS.csv [--precision 0.95] [--recall 0.90]
                                   [--rule near-duplicate] [--json] [--show N]

FOLDER is what duplicates.py wrote. FINDINGS has the columns rule_id, record_key and
message; the first run of ASCII digits in the message is the number of the group, and
every two records of a group are a predicted pair.

precision = predicted pairs that are the same / predicted pairs that are not ambiguous
recall    = pairs found / pairs that are the same
A predicted pair in no file is wrong. Exit 0: both reach their thresholds; 1: one does
not; 2: a file or a column is missing, a message has no number, a record is unknown.

>>> group_number("第12组：3条"), group_number("7: alike"), group_number("无")
('12', '7', None)
>>> pairs, number = predicted({"a": {"1"}, "b": {"1"}, "c": {"1"}, "d": {"2"}})
>>> number, pairs("a", "c"), pairs("a", "d")
(3, True, False)
>>> predicted({"a": {"1", "2"}, "b": {"1", "2"}, "c": {"2"}})[1]
3
"""
import argparse
import csv
import json
import os
import re
import sys
from collections import Counter
from itertools import combinations

csv.field_size_limit(2**31 - 1)
NUMBER = re.compile(r"[^0-9]*([0-9]+)")


def stop(text):
    print(text, file=sys.stderr)
    sys.exit(2)


def read(path, columns):
    try:
        with open(path, encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            lacking = [name for name in columns if name not in (reader.fieldnames or [])]
            if lacking:
                stop(f"{path}: no column {', '.join(lacking)}")
            for row in reader:
                yield row
    except OSError as error:
        stop(f"{path}: {error.strerror}")


def group_number(message):
    found = NUMBER.match(message)
    return found.group(1).lstrip("0") or "0" if found else None


def members(groups):
    """The records of each group."""
    inside = {}
    for record, numbers in groups.items():
        for number in numbers:
            inside.setdefault(number, []).append(record)
    return inside


def predicted(groups):
    """A test whether two records share a group, and the number of such pairs."""
    inside = members(groups)
    number = sum(len(records) * (len(records) - 1) // 2 for records in inside.values())
    # a pair in several groups counts once
    several = {}
    for record, numbers in groups.items():
        if len(numbers) > 1:
            for left, right in combinations(sorted(numbers), 2):
                several.setdefault((left, right), []).append(record)
    if several:
        seen = Counter()
        for records in inside.values():
            double = sorted(record for record in records if len(groups[record]) > 1)
            for pair in combinations(double, 2):
                seen[pair] += 1
        number -= sum(times - 1 for times in seen.values())
    return lambda left, right: not groups.get(left, set()).isdisjoint(groups.get(right, set())), number


def ratio(part, whole):
    return part / whole if whole else 1.0


def score(folder, groups):
    """Everything measured, as a dict."""
    joined, number = predicted(groups)

    def table(name, column):
        rows = {}
        for row in read(os.path.join(folder, name), ["first", "second", column]):
            counts = rows.setdefault(row[column], [0, 0])
            counts[0] += 1
            counts[1] += joined(row["first"], row["second"])
        return {key: rows[key] for key in sorted(rows)}

    same = table("truth.csv", "class")
    shared = {}
    for row in read(os.path.join(folder, "truth.csv"), ["class", "evidence"]):
        if row["class"] != "indirect":
            kind = ("nothing" if row["evidence"] == "none" else
                    "uscc" if "uscc" in row["evidence"].split("+") else "another fact")
            counts = shared.setdefault(kind, [0, 0])
            counts[0] += 1
            counts[1] += joined(row["first"], row["second"])
    alike = table("lookalikes.csv", "class")
    unclear = table("ambiguous.csv", "reason")
    found = sum(counts[1] for counts in same.values())
    skipped = sum(counts[1] for counts in unclear.values())
    wrong_alike = sum(counts[1] for counts in alike.values())
    total = sum(counts[0] for counts in same.values())
    scored = number - skipped
    return {
        "duplicates": {key: {"pairs": pairs, "found": hits, "recall": ratio(hits, pairs)}
                       for key, (pairs, hits) in same.items()},
        "by_shared_fact": {key: {"pairs": pairs, "found": hits, "recall": ratio(hits, pairs)}
                           for key, (pairs, hits) in sorted(shared.items())},
        "lookalikes": {key: {"pairs": pairs, "wrongly_joined": hits} for key, (pairs, hits) in alike.items()},
        "ambiguous": {key: {"pairs": pairs, "joined": hits} for key, (pairs, hits) in unclear.items()},
        "groups": len(members(groups)), "largest_group": max(map(len, members(groups).values()), default=0),
        "predicted_pairs": number, "ambiguous_predicted": skipped, "scored_pairs": scored,
        "true_pairs": total, "found": found, "false_pairs": scored - found,
        "false_lookalikes": wrong_alike, "false_elsewhere": scored - found - wrong_alike,
        "precision": ratio(found, scored), "recall": ratio(found, total)}


def print_tables(result):
    print(f"{'the same, by class':26} {'pairs':>8} {'found':>8} {'recall':>8}")
    for part in ("duplicates", "by_shared_fact"):
        for key, row in result[part].items():
            name = key if part == "duplicates" else f"  sharing {key}"
            print(f"{name:26} {row['pairs']:8} {row['found']:8} {row['recall']:8.3f}")
    print(f"\n{'alike but different':26} {'pairs':>8} {'joined':>8} {'share':>8}")
    for key, row in result["lookalikes"].items():
        print(f"{key:26} {row['pairs']:8} {row['wrongly_joined']:8} "
              f"{ratio(row['wrongly_joined'], row['pairs']):8.3f}")
    print(f"{'unrelated firms':26} {'':8} {result['false_elsewhere']:8}")
    print(f"\n{'ambiguous (not scored)':26} {'pairs':>8} {'joined':>8}")
    for key, row in result["ambiguous"].items():
        print(f"{key:26} {row['pairs']:8} {row['joined']:8}")
    print(f"\n{result['groups']} groups, the largest of {result['largest_group']}; "
          f"{result['predicted_pairs']} pairs, {result['scored_pairs']} scored, "
          f"{result['found']} right, {result['false_pairs']} wrong, "
          f"{result['true_pairs'] - result['found']} missed")


def print_pairs(folder, groups, limit):
    """Up to limit missed pairs a class, joined look-alikes and other wrong pairs, with the names."""
    columns = ["档案编号", "客户名称", "统一社会信用代码", "联系电话", "电子邮箱", "地址", "银行账号"]
    rows = {row[columns[0]]: [row[name] for name in columns]
            for row in read(os.path.join(folder, "customers.csv"), columns)}
    joined, _ = predicted(groups)
    known, shown = set(), Counter()

    def show(title, left, right):
        shown[title] += 1
        if shown[title] <= limit:
            print(f"\n{title}")
            for record in (left, right):
                print("  " + " | ".join(rows.get(record, [record])))

    for name, column in (("truth", "class"), ("lookalikes", "class"), ("ambiguous", "reason")):
        for row in read(os.path.join(folder, name + ".csv"), ["first", "second", column]):
            left, right = row["first"], row["second"]
            known.add(frozenset((left, right)))
            if joined(left, right) == (name == "lookalikes") and name != "ambiguous":
                show(f"{'missed' if name == 'truth' else 'joined'}: {row[column]}", left, right)
    for records in members(groups).values():
        for left, right in combinations(records[:100], 2):
            if frozenset((left, right)) not in known:
                show("joined: unrelated firms", left, right)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("findings")
    parser.add_argument("--rule", default="near-duplicate")
    parser.add_argument("--precision", type=float, default=0.95)
    parser.add_argument("--recall", type=float, default=0.90)
    parser.add_argument("--json", action="store_true", help="the numbers as JSON instead of tables")
    parser.add_argument("--show", type=int, default=0, help="so many examples of each kind of error")
    options = parser.parse_args()
    groups = {}
    for row in read(options.findings, ["rule_id", "record_key", "message"]):
        if row["rule_id"] == options.rule:
            number = group_number(row["message"])
            if number is None:
                stop(f"{options.findings}: no group number: {row['message']!r}")
            groups.setdefault(row["record_key"], set()).add(number)
    known = {row["档案编号"] for row in read(os.path.join(options.folder, "customers.csv"), ["档案编号"])}
    strange = sorted(set(groups) - known)
    if strange:
        stop(f"{options.findings}: {len(strange)} records are not in customers.csv, as {strange[0]!r}")
    result = score(options.folder, groups)
    passed = result["precision"] >= options.precision and result["recall"] >= options.recall
    result["passed"] = passed
    if options.json:
        print(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        print_tables(result)
        print(f"precision {result['precision']:.4f} (at least {options.precision})  "
              f"recall {result['recall']:.4f} (at least {options.recall})  {'passed' if passed else 'FAILED'}")
        if options.show:
            print_pairs(options.folder, groups, options.show)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
