"""The default rules by a skilled hand in Python polars: files in, one CSV of findings out.

python weekly.py DATA FINDINGS AS_OF CALENDAR [--workbook FILE] [--part scan|fold|whole]

DATA has the six CSV files, CALENDAR the years' arrangements; with a workbook, that is read in place of the files, by
calamine (fastexcel). It prints the rows that it read. The parts run by themselves so that reading and folding can be told
apart; the whole is one lazy plan, collected once.
"""

import argparse
from datetime import date

import polars as pl

import cleaning
import rules_customers
import rules_related
import tables
from findings import COLUMNS


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("findings")
    parser.add_argument("as_of", type=date.fromisoformat)
    parser.add_argument("calendar")
    parser.add_argument("--workbook")
    parser.add_argument("--part", choices=["scan", "fold", "whole"], default="whole")
    arguments = parser.parse_args()
    if arguments.workbook:
        read = {table.name: tables.read_workbook(table, arguments.workbook) for table in tables.ALL}
    else:
        read = {table.name: tables.scan_csv(table, arguments.data) for table in tables.ALL}
    if arguments.part == "scan":
        return print(sum(frame.height for frame in pl.collect_all(read.values())))
    clean = {table.name: cleaning.folded(read[table.name], table) for table in tables.ALL}
    if arguments.part == "fold":
        return print(sum(frame.height for frame in pl.collect_all(clean.values())))
    company = {"customers": rules_customers.typed(clean["customers"])} | rules_related.typed(clean)
    # Without a cache every rule's filter is pushed down into a scan of its own.
    company = {name: frame.cache() for name, frame in company.items()}
    counted = cleaning.calendar(arguments.calendar)
    plans = rules_customers.rules(company, arguments.as_of, counted)
    plans.append(rules_related.rules(company, arguments.as_of, counted))
    found = pl.collect_all([plan.select(COLUMNS) for plan in plans])
    pl.concat(found).write_csv(arguments.findings)
    print(sum(frame.height for frame in found))


main()
