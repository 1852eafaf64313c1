#!/usr/bin/env python3
"""Compares the oracle's findings with hedui's export, as multisets.

    python3 compare.py ORACLE.csv HEDUI.csv [--rule ID]… [--skip-department] [--grades] [--show N]

Exit 0: alike; 1: a difference; 2: a file lacks a column.
"""
import argparse
import csv
import sys
from collections import Counter

csv.field_size_limit(2**31 - 1)

COLUMNS = ["rule_id", "table", "record_key", "field", "value", "row",
           "severity", "dimension", "department"]
GRADE_WORDS = {"wrong": "错误", "verify": "请与营业执照核对"}


def read(path, columns):
    with open(path, encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle)
        lacking = [name for name in columns if name not in (reader.fieldnames or [])]
        if lacking:
            print(f"{path}: no column {', '.join(lacking)}", file=sys.stderr)
            sys.exit(2)
        return list(reader)


def keys(rows, columns, rules):
    return Counter(tuple(row[name] for name in columns) for row in rows
                   if not rules or row["rule_id"] in rules)


def by_rule(counter):
    counts = Counter()
    for key, number in counter.items():
        counts[key[0]] += number
    return counts


def row_number(key):
    return int(key[5]) if key[5].isdigit() else 0


def show(title, extra, columns, limit):
    ordered = sorted(extra.elements(), key=lambda key: (key[0], key[1], row_number(key), key))
    print(f"\n{title}: {len(ordered)}")
    for key in ordered[:limit]:
        print("  " + " ".join(f"{name}={text!r}" for name, text in zip(columns, key)))
    if len(ordered) > limit:
        print(f"  … and {len(ordered) - limit} more")


def grade_differences(oracle, hedui):
    """uscc-valid rows whose message does not hold the oracle's grade (Chinese messages)."""
    messages = {(row["record_key"], row["row"]): row["message"] for row in hedui
                if row["rule_id"] == "uscc-valid"}
    wrong = []
    for row in oracle:
        if row["rule_id"] != "uscc-valid" or (row["record_key"], row["row"]) not in messages:
            continue
        message = messages[row["record_key"], row["row"]]
        verify = GRADE_WORDS["verify"] in message
        if verify != (row["message_grade"] == "verify") or (
                not verify and GRADE_WORDS["wrong"] not in message):
            wrong.append((row["row"], row["value"], row["message_grade"], message))
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("oracle")
    parser.add_argument("hedui")
    parser.add_argument("--rule", action="append", default=[], help="only this rule; may be repeated")
    parser.add_argument("--beside", action="append", default=[], help="leave this rule out; may be repeated")
    parser.add_argument("--skip-department", action="store_true", help="leave the department out")
    parser.add_argument("--grades", action="store_true", help="also the grade in uscc-valid's message")
    parser.add_argument("--show", type=int, default=20)
    options = parser.parse_args()
    columns = COLUMNS[:-1] if options.skip_department else COLUMNS
    more = ["message_grade"] if options.grades else []
    oracle_rows = read(options.oracle, columns + more)
    hedui_rows = read(options.hedui, columns + (["message"] if options.grades else []))
    # Rules beside the contract's are nobody's to judge here.
    hedui_rows = [row for row in hedui_rows if row["rule_id"] not in options.beside]
    oracle = keys(oracle_rows, columns, options.rule)
    hedui = keys(hedui_rows, columns, options.rule)

    only_oracle, only_hedui = oracle - hedui, hedui - oracle
    left, right = by_rule(oracle), by_rule(hedui)
    lost, added = by_rule(only_oracle), by_rule(only_hedui)
    print(f"{'rule':42} {'oracle':>8} {'hedui':>8} {'-oracle':>8} {'+hedui':>8}")
    for rule in sorted(set(left) | set(right)):
        mark = "  <" if lost[rule] or added[rule] else ""
        print(f"{rule:42} {left[rule]:8} {right[rule]:8} {lost[rule]:8} {added[rule]:8}{mark}")
    print(f"{'all':42} {sum(left.values()):8} {sum(right.values()):8} "
          f"{sum(lost.values()):8} {sum(added.values()):8}")

    if only_oracle:
        show("only the oracle has", only_oracle, columns, options.show)
    if only_hedui:
        show("only hedui has", only_hedui, columns, options.show)
    different = bool(only_oracle or only_hedui)
    if options.grades:
        wrong = grade_differences(oracle_rows, hedui_rows)
        print(f"\ngrades that differ: {len(wrong)}")
        for item in wrong[:options.show]:
            print("  row={} value={!r} oracle={} message={!r}".format(*item))
        different = different or bool(wrong)
    if not different:
        print("\nno difference")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
