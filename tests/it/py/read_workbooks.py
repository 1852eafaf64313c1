#!/usr/bin/env python3
"""Reads workbooks with openpyxl and prints them as JSON: {file: {sheet: {rows, formulas, frozen, filter, charts}}}.

    read_workbooks.py FILE.xlsx...
"""
import json
import os
import sys
from datetime import date, datetime

import openpyxl


def plain(value):
    if isinstance(value, (date, datetime)):
        return value.isoformat()[:10]
    return value


def read(path):
    sheets = {}
    for sheet in openpyxl.load_workbook(path, rich_text=False):
        rows, formulas = [], []
        for row in sheet.iter_rows():
            rows.append([plain(cell.value) for cell in row])
            formulas += [cell.coordinate for cell in row if cell.data_type == "f"]
        sheets[sheet.title] = {
            "rows": rows,
            "formulas": formulas,
            "frozen": sheet.freeze_panes,
            "filter": sheet.auto_filter.ref,
            "charts": len(sheet._charts),
            "landscape": sheet.page_setup.orientation == "landscape",
            "fonts": sorted({cell.font.name for row in sheet.iter_rows() for cell in row if cell.value is not None}),
        }
    return sheets


def main():
    print(json.dumps({os.path.basename(path): read(path) for path in sys.argv[1:]}, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
