#!/usr/bin/env python3
"""Writes one company's CSV files in parts, each part as another program would.

    text_parts.py IN OUT

OUT/TABLE has six parts of the rows in their order: plain; with a byte-order mark and \\r\\n; every cell in quotes; blank lines and
short records between; with a cell of two lines, which no reader of lines understands; a header and nothing else.
"""
import csv
import io
import os
import sys

csv.field_size_limit(2**31 - 1)


def written(rows, **how):
    text = io.StringIO()
    csv.writer(text, **{"lineterminator": "\n"} | how).writerows(rows)
    return text.getvalue()


def short(rows):
    """Without empty cells at the end of records, and with a blank line before every tenth."""
    lines = []
    for number, row in enumerate(rows):
        if number % 10 == 9:
            lines.append("\n")
        while number and len(row) > 1 and row[-1] == "":
            row = row[:-1]
        lines.append(written([row]))
    return "".join(lines)


def main():
    source, target = sys.argv[1:]
    for name in sorted(os.listdir(source)):
        with open(os.path.join(source, name), encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        step = len(rows) // 5 + 1
        some = [[header, *rows[at : at + step]] for at in range(0, 5 * step, step)]
        broken = some[4][1]
        longest = max(range(len(broken)), key=lambda at: len(broken[at]))
        middle = len(broken[longest]) // 2
        broken[longest] = broken[longest][:middle] + "\n" + broken[longest][middle:]
        parts = [
            written(some[0]),
            "\ufeff" + written(some[1], lineterminator="\r\n"),
            written(some[2], quoting=csv.QUOTE_ALL),
            short(some[3]),
            written(some[4]),
            written([header]),
        ]
        folder = os.path.join(target, name[:-4])
        os.makedirs(folder)
        for number, part in enumerate(parts):
            with open(os.path.join(folder, f"part-{number}.csv"), "w", encoding="utf-8", newline="") as file:
                file.write(part)


if __name__ == "__main__":
    main()
