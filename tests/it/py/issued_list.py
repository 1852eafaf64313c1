#!/usr/bin/env python3
"""What an issued verification list is made of: validations, locks, protection, print setup, lists.

    issued_list.py ISSUED.xlsx
"""
import json
import sys

import openpyxl


def main(path):
    book = openpyxl.load_workbook(path)
    sheet = book["核对表"]
    header = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "行标识")
    headers = [cell.value for cell in sheet[header]]
    first = sheet[header + 1]
    validations = {}
    for validation in sheet.data_validations.dataValidation:
        column = headers[next(iter(validation.sqref.ranges)).min_col - 1]
        validations[column] = [validation.type, validation.formula1]
    names = {name: defined.attr_text for name, defined in book.defined_names.items()}
    choices = [[cell.value for cell in column if cell.value] for column in book.worksheets[2].iter_cols()]
    print(json.dumps({
        "sheets": book.sheetnames,
        "states": [sheet.sheet_state for sheet in book.worksheets],
        "title": sheet.cell(1, 1).value,
        "headers": headers,
        "unlocked": [name for name, cell in zip(headers, first) if not cell.protection.locked],
        "yellow": [name for name, cell in zip(headers, first) if cell.fill.fgColor.rgb == "FFFFF9C4"],
        "protected": sheet.protection.sheet,
        "password": sheet.protection.password,
        "validations": validations,
        "names": names,
        "choices": choices,
        "frozen": sheet.freeze_panes,
        "filter": sheet.auto_filter.ref,
        "landscape": sheet.page_setup.orientation == "landscape",
        "paper": sheet.page_setup.paperSize,
        "repeat": sheet.print_title_rows,
        "footer": [sheet.oddFooter.left.text, sheet.oddFooter.right.text],
        "rows": [[cell.value for cell in row] for row in sheet.iter_rows(min_row=header + 1)],
        "formulas": sum(cell.data_type == "f" for one in book for row in one.iter_rows() for cell in row),
    }, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
