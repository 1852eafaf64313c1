#!/usr/bin/env python3
"""Seeds for the fuzz targets: small files of tests/cases, of the kept corpus and of a demo, sorted by target.

    seeds.py OUT [FOLDER …]     OUT/csv, OUT/spreadsheet, OUT/typing; further folders are searched too
    seeds.py parts FILE.xlsx    a workbook taken apart, as the spreadsheet target puts it together again
"""
import hashlib
import os
import sys
import zipfile

LARGEST = 64_000
TEXTS = (".csv", ".tsv", ".txt", ".html", ".htm")
BOOKS = (".xlsx", ".xls", ".ods", ".et", ".xlsm", ".xlsb")
HERE = os.path.dirname(os.path.abspath(__file__))


def parts(path):
    """=== NAME, its text, of each part that says something of cells."""
    text = []
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            if name.endswith((".xml", ".rels")) and not name.startswith(("docProps", "xl/theme")):
                text.append(f"=== {name}\n" + book.read(name).decode("utf-8", "replace"))
    return "\n".join(text)


def keep(target, data):
    if 0 < len(data) <= LARGEST:
        os.makedirs(target, exist_ok=True)
        with open(os.path.join(target, hashlib.sha1(data).hexdigest()), "wb") as file:
            file.write(data)


def gather(out, folders):
    for folder in folders:
        for root, _, files in os.walk(folder):
            for name in sorted(files):
                path = os.path.join(root, name)
                with open(path, "rb") as file:
                    data = file.read(4_000_000)
                if name.endswith(TEXTS):
                    keep(os.path.join(out, "csv"), data[:LARGEST])
                    keep(os.path.join(out, "typing"), data.decode("utf-8", "ignore").replace(",", "\n").encode()[:4000])
                if name.endswith(BOOKS) and len(data) <= LARGEST:
                    keep(os.path.join(out, "spreadsheet"), data)
                if name.endswith((".xlsx", ".xlsm")):
                    try:
                        keep(os.path.join(out, "spreadsheet"), parts(path).encode())
                    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
                        pass        # broken on purpose
    for target in ("csv", "spreadsheet", "typing"):
        corpus = os.path.join(HERE, "..", "tests", "corpus", target)
        for name in os.listdir(corpus) if os.path.isdir(corpus) else ():
            with open(os.path.join(corpus, name), "rb") as file:
                keep(os.path.join(out, target), file.read())


def main():
    if sys.argv[1] == "parts":
        print(parts(sys.argv[2]))
    else:
        gather(sys.argv[1], [os.path.join(HERE, "..", "tests", "cases"), *sys.argv[2:]])


if __name__ == "__main__":
    sys.exit(main())
