#!/usr/bin/env python3
"""Fills an issued verification list as people do, and says what has to become of every row.

    returns.py ISSUED.xlsx LAST_QUARTER.xlsx FOLDER

writes the returned files into FOLDER and prints {file: {customer: state}} in the order of import; a file that must be
refused whole has null. Beside it {file: number} of the lines below the header that are no rows: signatures, notes.
"""
import copy
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import date, datetime

import openpyxl

SHEET = "核对表"
DAY = datetime(2026, 11, 18)


class Issued:
    """The rows of an issued list, by header."""

    def __init__(self, path):
        self.path = path
        sheet = openpyxl.load_workbook(path)[SHEET]
        self.header_row = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "行标识")
        self.headers = [cell.value for cell in sheet[self.header_row]]
        self.rows = []
        self.foot = 0  # lines below the list, to sign on
        for row in range(self.header_row + 1, sheet.max_row + 1):
            values = {header: sheet.cell(row, at + 1).value for at, header in enumerate(self.headers)}
            if values["行标识"] and "|" in values["行标识"]:
                self.rows.append((row, values))
            elif any(str(value or "").strip() for value in values.values()):
                self.foot += 1

    def customer(self, number):
        return self.rows[number][1]["档案编号"]


def answer(result, day=DAY, by="王伟", **more):
    return {"核对结果": result, "核对日期": day, "核对人": by, "核对方式": "电话", **more}


def fill(issued, path, answers, spoil=None):
    """Answers by row number, written into a copy of the issued workbook."""
    book = openpyxl.load_workbook(issued.path)
    sheet = book[SHEET]
    for number, cells in answers.items():
        row = issued.rows[number][0]
        for header, value in cells.items():
            sheet.cell(row, issued.headers.index(header) + 1).value = value
    if spoil:
        spoil(book, sheet)
    book.save(path)


def fresh(issued, path, headers, answers, notes, title="Sheet1", top=0):
    """A new workbook with some columns of some rows, in the order of `headers`; below them notes, after a blank line."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for _ in range(top):
        sheet.append(["以下由王伟整理"])
    sheet.append(headers)
    for number, cells in answers.items():
        row = {**issued.rows[number][1], **cells}
        sheet.append([row.get(header) for header in headers])
    for note in [None, *notes]:
        sheet.append([note if header == "客户名称" else None for header in headers])
    book.save(path)


def convert(path, form, folder):
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", form, "--outdir", folder, path],
            check=True, capture_output=True,
        )
    return os.path.join(folder, os.path.splitext(os.path.basename(path))[0] + "." + form)


def main(issued_path, last_path, folder):
    issued = Issued(issued_path)
    os.makedirs(folder, exist_ok=True)
    at = lambda name: os.path.join(folder, name)
    expected = {}

    def expect(name, **states):
        expected[name] = {issued.customer(int(number[1:])): state for number, state in states.items()}

    # sorted upside down, filtered and hidden, a line put in, sheet and file renamed, the drop-down pasted over
    def upset(book, sheet):
        first, last = issued.rows[0][0], issued.rows[-1][0]
        cells = [[cell.value for cell in sheet[row]] for row in range(first, last + 1)]
        for row, values in zip(range(first, last + 1), reversed(cells)):
            for column, value in enumerate(values, 1):
                sheet.cell(row, column).value = value
        sheet.row_dimensions[first + 1].hidden = True
        sheet.row_dimensions[last].hidden = True
        sheet.insert_rows(first + 2)
        sheet.title = "王伟的"

    fill(issued, at("核对完了.xlsx"), {
        0: answer("√"), 1: answer("没变"), 2: answer(" OK "), 3: answer("无误"),
        4: answer("同上"), 5: {"核对人": "王伟"},
    }, upset)
    expect("核对完了.xlsx", r0="accepted", r1="accepted", r2="accepted", r3="accepted", r4="ignored", r5="ignored")

    # copied into a new book without the marks, columns in another order
    headers = ["核对结果", "核对日期", "客户名称", "档案编号", "核对人"]
    strange = {6: answer("对"), 7: {**answer("对"), "客户名称": "另一家公司"}, 8: {**answer("对"), "档案编号": "不认识-001"}}
    fresh(issued, at("新表.xlsx"), headers, strange, ["以上由王伟核对", "电话打到下班"], top=3)
    expected["新表.xlsx"] = {issued.customer(6): "accepted", issued.customer(7): "conflict", "不认识-001": "ignored"}

    # corrections: a phone as a number, one that is no phone, an account that has lost digits, two fields at once
    corrections = {
        9: answer("有变更", 变更项目="联系电话", 更正后内容=13812345678),
        10: answer("有变更", 变更项目="联系电话", 更正后内容="12345"),
        11: answer("有变更", 变更项目="银行账号", 更正后内容=6222021001116245702),
        12: answer("有变更", 变更项目="联系人；地址", 更正后内容="张三；宁波市海曙区新路8号"),
        13: answer("有变更"),
    }
    fill(issued, at("更正.xlsx"), corrections)
    convert(at("更正.xlsx"), "xls", folder)
    os.remove(at("更正.xlsx"))
    shutil.copy(at("更正.xls"), at("金山.et"))
    expect("更正.xls", r9="accepted", r10="conflict", r11="conflict", r12="accepted", r13="conflict")
    expected["金山.et"] = expected["更正.xls"]

    # dates as text, as a number, without a year; LibreOffice
    fill(issued, at("日期.xlsx"), {
        14: answer("联系不上", "2026/11/20"), 15: answer("已停业", 46346), 16: answer("不再合作", "11月19日"),
        17: answer("无误", "2026-09-30"), 18: answer("无误", datetime(2027, 1, 5)), 19: answer("无误", None),
    })
    convert(at("日期.xlsx"), "ods", folder)
    os.remove(at("日期.xlsx"))
    expect("日期.ods", r14="accepted", r15="accepted", r16="accepted", r17="accepted", r18="ignored", r19="ignored")

    # a text file in the encoding of Chinese offices
    with open(at("导出.csv"), "w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(issued.headers)
        for number, cells in {20: answer("正确", "2026-11-18"), 21: answer("差不多吧", "2026-11-18")}.items():
            row = {**issued.rows[number][1], **cells}
            writer.writerow(["" if row.get(header) is None else row.get(header) for header in issued.headers])
        writer.writerow(["以上" if header == "客户名称" else "" for header in issued.headers])
    expect("导出.csv", r20="accepted", r21="ignored")

    # two versions of one list: the same day contradicts, a later day stands
    fill(issued, at("甲.xlsx"), {22: answer("无误"), 23: answer("无误", datetime(2026, 11, 17))})
    fill(issued, at("乙.xlsx"), {
        22: answer("有变更", 变更项目="联系人", 更正后内容="李四"),
        23: answer("有变更", datetime(2026, 11, 19), 变更项目="联系人", 更正后内容="李四"),
    })
    expect("甲.xlsx", r22="conflict", r23="ignored")
    expect("乙.xlsx", r22="conflict", r23="accepted")

    # a locked cell written over; a slip in a mark; marks that were sorted alone
    def slips(book, sheet):
        phone = issued.headers.index("联系电话") + 1
        sheet.cell(issued.rows[24][0], phone).value = "13987654321"
        token = sheet.cell(issued.rows[25][0], 1)
        token.value = token.value[:-1] + ("0" if token.value[-1] != "0" else "1")
        left, right = (sheet.cell(issued.rows[number][0], 1) for number in (26, 27))
        left.value, right.value = right.value, left.value

    fill(issued, at("手误.xlsx"), {24: answer("无误"), 25: answer("无误"), 26: answer("无误"), 27: answer("无误")}, slips)
    swapped = {issued.customer(26): "conflict", issued.customer(27): "conflict"}
    expect("手误.xlsx", r24="accepted", r25="accepted")
    expected["手误.xlsx"].update(swapped)

    # last quarter's list, a photo, a PDF, and something else altogether
    last = Issued(last_path)
    fill(last, at("上季度.xlsx"), {number: answer("无误") for number in range(len(last.rows))})
    expected["上季度.xlsx"] = {last.customer(number): "ignored" for number in range(len(last.rows))}
    with open(at("盖章.pdf"), "wb") as file:
        file.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    with open(at("照片.jpg"), "wb") as file:
        file.write(b"\xff\xd8\xff\xe0\x00\x10JFIF")
    other = openpyxl.Workbook()
    other.active.append(["姓名", "电话"])
    other.save(at("通讯录.xlsx"))
    for name in ("盖章.pdf", "照片.jpg", "通讯录.xlsx"):
        expected[name] = None

    others = {name: issued.foot for name, states in expected.items() if states}
    others |= {"新表.xlsx": 2, "导出.csv": 1, "上季度.xlsx": last.foot}
    assert issued.foot > 0, "a list has lines to sign on"
    facts = {
        "expected": expected,
        "others": others,
        "verified": sorted(issued.customer(number) for number in (0, 1, 2, 3, 6, 9, 12, 20, 23, 24, 25)),
    }
    print(json.dumps(facts, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
