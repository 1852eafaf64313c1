#!/usr/bin/env python3
"""One company, every engine: CSV files, PostgreSQL, MariaDB and Spark give the same findings, or this says where not.

    cargo build
    python3 benches/engines/compare.py --customers 100000

Makes a company (`hedui demo`), loads it into servers that are started for it, runs `hedui check --findings` on each with all
rules and again with those rules that look at single rows, for which suspect rows travel; sorts the findings and compares.
What is read whole and narrowed from the same place must be the same file, every column. Between places `file` differs, and a
table of a database has its name for a `sheet`; every other column must be the same, the row too, which of parts is counted
on from one to the next. One of Spark's two workers is
killed in the middle of each of its runs. Ends with 1 where anything differs. benches/README.md has more.
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import Run, run
from servers import Database, Spark

ROOT = Path(__file__).resolve().parents[2]
TABLES = ["customers", "contacts", "contracts", "visits", "changes", "employees"]
AS_OF = "2026-11-15"
ROWS = ["phone-format", "email-format", "postcode-format", "required-fields", "stale-record", "damaged-number"]
ROWS += ["entered-within-5-working-days", "visit-required-fields", "visit-submitted-within-24h"]
ROWS += ["change-registered-within-3-working-days"]


class Comparison:
    """The findings of each engine, held against those of the first from the same place, and of the files."""

    def __init__(self, hedui: Path, workplace: Path):
        self.hedui, self.workplace, self.differ = hedui, workplace, 0
        self.settings = (workplace / "hedui.toml").read_text(encoding="utf-8")
        self.whole: dict[tuple[str, str], list[list[str]]] = {}

    def configure(self, location, above: str = ""):
        """Has the sources read what `location` says of each table."""
        text = self.settings
        for table in TABLES:
            text = text.replace(f'path = "data/{table}.csv"', location(table))
        (self.workplace / "hedui.toml").write_text(f"{above}{text}", encoding="utf-8")

    def check(self, name: str, place: str, rules: list[str], unlike: tuple[str, ...], meanwhile=None):
        which = "single rows" if rules else "all rules"
        file = self.workplace / "findings.csv"
        command = [str(self.hedui), "--as-of", AS_OF, "check", "--findings", file.name, "--load-notes", "notes.json"]
        command += [word for rule in rules for word in ("--rule", rule)]
        taken = run(command, self.workplace, meanwhile)
        with file.open(encoding="utf-8", newline="") as opened:
            header, *found = csv.reader(opened)
        found.sort()
        verdicts = []
        first = self.whole.setdefault((place, which), found)
        if first is not found:
            verdicts.append(self.held(first, found, "the whole read of the same place, every column"))
        if place != "csv":
            above = self.rows_above(place)
            file, row = header.index("file"), header.index("row")
            kept = [index for index, column in enumerate(header) if column not in unlike]
            counted = [[*cells[:row], str(int(cells[row]) + above.get(cells[file], 0)), *cells[row + 1 :]] for cells in found]
            wanted, had = [
                sorted([cells[index] for index in kept] for cells in rows) for rows in (self.whole["csv", which], counted)
            ]
            verdicts.append(self.held(wanted, had, f"CSV, every column but {' and '.join(unlike)}"))
        self.say(name, which, taken, len(found), verdicts)

    def rows_above(self, place: str) -> dict[str, int]:
        """How many rows there are in the parts of a table before each; of what has no parts, nothing."""
        if place not in ("parts", "text"):
            return {}
        above: dict[str, int] = {}
        rows: dict[str, int] = {}
        for note in json.loads((self.workplace / "notes.json").read_text())["sources"]:
            above[note["file"]] = rows.get(note["table"], 0)
            rows[note["table"]] = above[note["file"]] + note["rows_read"]
        return above

    def held(self, wanted: list, found: list, what: str) -> str:
        if wanted == found:
            return f"as {what}"
        self.differ += 1
        known, had = set(map(tuple, wanted)), set(map(tuple, found))
        for word, rows in [("lost", known - had), ("added", had - known)]:
            for row in sorted(rows)[:2]:
                print(f"    {word}: {row}", file=sys.stderr)
        return f"NOT as {what}: {len(known - had)} lost, {len(had - known)} added"

    def say(self, name: str, which: str, taken: Run, count: int, verdicts: list[str]):
        figures = f"{taken.seconds:>8.2f}{taken.cpu:>8.2f}{taken.peak_mib:>10}{count:>10}"
        print(f"{name:<24}{which:<12}{figures}  {'; '.join(verdicts)}", flush=True)


def spark_home() -> Path:
    """SPARK_HOME, or the pyspark package in an environment that is made once."""
    if home := os.environ.get("SPARK_HOME"):
        return Path(home)
    venv = ROOT / "target/spark"
    if not (venv / "bin/pip").exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    subprocess.run([venv / "bin/pip", "install", "--quiet", "pyspark==3.5.*"], check=True)
    return next(venv.glob("lib/python3*/site-packages/pyspark"))


def databases(comparison: Comparison, scratch: Path, tables: dict[str, Path]):
    for kind, title in [("postgres", "PostgreSQL"), ("mariadb", "MariaDB")]:
        server = Database(kind, scratch / kind, tables)
        (comparison.workplace / "crm.url").write_text(server.url)
        (comparison.workplace / "crm.url").chmod(0o600)
        for rules in ([], ROWS):
            for evaluate in ("here", "auto", "database"):
                comparison.configure(lambda table: f'url = "file:crm.url"\nfrom = "{table}"\nevaluate = "{evaluate}"')
                comparison.check(f"{title}, {evaluate}", kind, rules, ("file", "sheet"))
        server.stop()


def split(tables: dict[str, Path], parts: Path):
    """The tables as ten CSV files each, all with a header."""
    for table, file in tables.items():
        with file.open(encoding="utf-8-sig", newline="") as opened:
            header, *rows = csv.reader(opened)
        step = len(rows) // 10 + 1
        (parts / table).mkdir(parents=True)
        for number in range(10):
            with (parts / table / f"part-{number}.csv").open("w", encoding="utf-8", newline="") as part:
                csv.writer(part).writerows([header, *rows[number * step : (number + 1) * step]])


def spark(comparison: Comparison, scratch: Path, tables: dict[str, Path]):
    home = spark_home()
    os.environ["SPARK_HOME"] = str(home)
    exchange = scratch / "exchange"
    exchange.mkdir()
    split(tables, scratch / "text")
    for title, parts, ending in [("Parquet", "parts", "parquet"), ("CSV", "text", "csv")]:
        for rules in ([], ROWS):
            # a new one each time: a worker of it is lost
            cluster = Spark(scratch / f"spark-{parts}-{len(rules)}")
            if not (scratch / parts).exists():
                cluster.write(tables, scratch / parts)
            above = f'[spark]\nhome = "{home}"\nmaster = "{cluster.master}"\nfolder = "{exchange}"\n\n'
            for evaluate in ("here", "spark"):
                place = f'path = "{scratch}/{parts}/{{}}/*.{ending}"\nevaluate = "{evaluate}"'
                comparison.configure(place.format, above)
                before, killed = cluster.executors(), []
                kill = (lambda running: killed.append(cluster.kill_a_worker(before, running))) if evaluate == "spark" else None
                comparison.check(f"{title} parts, {evaluate}", parts, rules, ("file",), kill)
                if evaluate == "spark":
                    print(f"    {'a worker was killed at work' if killed == [True] else 'Spark had nothing to do'}", flush=True)
            cluster.stop()


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--customers", type=int, default=100000)
    arguments.add_argument("--hedui", type=Path, default=ROOT / "target/debug/hedui")
    arguments.add_argument("--without", action="append", default=[], choices=["databases", "spark"])
    asked = arguments.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="hedui-engines-"))
    scratch.chmod(0o755)  # servers run as users of their own
    try:
        workplace = scratch / "company"
        demo = [asked.hedui, "demo", workplace, "--customers", str(asked.customers), "--data", "csv", "--no-run"]
        subprocess.run([*demo, "--as-of", "2026-11-22"], check=True, stdout=subprocess.DEVNULL)
        tables = {table: workplace / f"data/{table}.csv" for table in TABLES}
        comparison = Comparison(asked.hedui.resolve(), workplace)
        print(f"{asked.customers} customers\n\n{'':<36}{'seconds':>8}{'CPU s':>8}{'peak MiB':>10}{'findings':>10}")
        for rules in ([], ROWS):
            comparison.check("CSV, here", "csv", rules, ())
        if "databases" not in asked.without:
            databases(comparison, scratch, tables)
        if "spark" not in asked.without:
            spark(comparison, scratch, tables)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print("\nall the same" if comparison.differ == 0 else f"\n{comparison.differ} comparisons differ")
    return int(comparison.differ > 0)


if __name__ == "__main__":
    sys.exit(main())
