#!/usr/bin/env python3
"""Writes one company's CSV files in other forms, by other programs than hedui.

    tables.py clean IN OUT          CSVs without the control characters that workbooks cannot hold
    tables.py xlsx|xls IN FILE      one sheet a CSV, by openpyxl or xlwt; dates, times and numbers as real cells
    tables.py sqlite IN FILE        one table a CSV, empty cells null
    tables.py tsv|gb18030 IN OUT    text files
    tables.py lock FILE PASSWORD    protects an .xlsx by a password
"""
import csv
import os
import re
import sqlite3
import sys
from datetime import date, datetime

import openpyxl
import xlwt
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl.cell import WriteOnlyCell

csv.field_size_limit(2**31 - 1)
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d)")
NUMBER = re.compile(r"0|[1-9]\d{0,9}")
NUMBERS = ("注册资本(万元)", "合同金额(万元)")
# what no workbook, or no separated line, holds: control characters and Unicode's line ends; \r\n becomes \n in XML
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]+")


def tables(folder):
    for name in sorted(os.listdir(folder)):
        if name.endswith(".csv"):
            with open(os.path.join(folder, name), encoding="utf-8-sig", newline="") as file:
                yield name[:-4], list(csv.reader(file))


def real(header, text):
    """The cell as a person would have typed it into a spreadsheet: a date, a number, or text."""
    try:
        if ("日期" in header or "时间" in header) and DAY.fullmatch(text) and text > "1900-03-01":
            return date.fromisoformat(text)
        if ("日期" in header or "时间" in header) and MOMENT.fullmatch(text) and text[11:] != "00:00":
            return datetime.fromisoformat(text)
    except ValueError:
        return text
    return int(text) if header in NUMBERS and NUMBER.fullmatch(text) else text


def write_text(folder, rows_of, ending, encoding, **how):
    os.makedirs(folder, exist_ok=True)
    for name, rows in rows_of:
        with open(os.path.join(folder, name + ending), "w", encoding=encoding, newline="") as file:
            csv.writer(file, **how).writerows(rows)


def clean(source, target):
    """Every record as wide as the header; a cell of nothing but white space keeps what openpyxl keeps of it."""
    def tidy(cell):
        # calamine takes a mark at the beginning of a string in an .xls for its byte order
        cell = CONTROL.sub(" ", cell).replace("\ufeff", "\u2060")
        return cell if cell.strip() else cell.strip(" ")

    def rows_of():
        for name, rows in tables(source):
            width = len(rows[0])
            yield name, [([tidy(cell) for cell in row] + [""] * width)[:width] for row in rows]
    write_text(target, rows_of(), ".csv", "utf-8")


def xlsx(source, target):
    book = openpyxl.Workbook(write_only=True)
    for name, rows in tables(source):
        sheet = book.create_sheet(name)
        for row in rows:
            cells = []
            for header, text in zip(rows[0], row):
                value = real(header, text) if row is not rows[0] else text
                cell = WriteOnlyCell(sheet, value=None if value == "" else value)
                if isinstance(value, str) and value != "":
                    cell.data_type = "s"        # text that looks like a formula or an error stays text
                cells.append(cell)
            sheet.append(cells)
    book.save(target)


def xls(source, target):
    book = xlwt.Workbook(encoding="utf-8")
    day, moment = xlwt.easyxf(num_format_str="yyyy-mm-dd"), xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm")
    for name, rows in tables(source):
        sheet = book.add_sheet(name)
        for number, row in enumerate(rows):
            for place, (header, text) in enumerate(zip(rows[0], row)):
                value = real(header, text) if number else text
                if isinstance(value, datetime):
                    sheet.write(number, place, value, moment)
                elif isinstance(value, date):
                    sheet.write(number, place, value, day)
                elif value != "":
                    sheet.write(number, place, value)
    book.save(target)


def sqlite(source, target):
    connection = sqlite3.connect(target)
    for name, rows in tables(source):
        columns = ", ".join(f'"{header}" text' for header in rows[0])
        connection.execute(f'create table "{name}" ({columns})')
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f'insert into "{name}" values ({marks})',
                               [[cell or None for cell in row] for row in rows[1:]])
    connection.commit()


def lock(path, password):
    with open(path, "rb") as file:
        plain = file.read()
    with open(path, "rb+") as file, open(path + ".plain", "wb+") as copy:
        copy.write(plain)
        copy.seek(0)
        file.truncate()
        OOXMLFile(copy).encrypt(password, file)
    os.remove(path + ".plain")


def main():
    form, source, target = sys.argv[1:]
    {
        "clean": clean, "xlsx": xlsx, "xls": xls, "sqlite": sqlite, "lock": lock,
        "tsv": lambda source, target: write_text(target, tables(source), ".txt", "utf-8", delimiter="\t"),
        "gb18030": lambda source, target: write_text(target, tables(source), ".csv", "gb18030"),
    }[form](source, target)


if __name__ == "__main__":
    sys.exit(main())
