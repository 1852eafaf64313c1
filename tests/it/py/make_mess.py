#!/usr/bin/env python3
"""Makes the workbooks of the cases about what lies inside a workbook file; run by hand, its outputs are kept.

    make_mess.py CASES              writes into CASES/<name>/in/data/

The files are written by openpyxl, xlwt and SQLite, and edited as ZIP archives where no writer makes such a mess. Each function
is one case, named by the folder with _ for -.
"""
import datetime
import hashlib
import io
import os
import sqlite3
import struct
import sys
import tempfile
import zipfile

import msoffcrypto
import olefile
import openpyxl
import xlwt
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.rc4 import DocumentRC4
from msoffcrypto.method.rc4_cryptoapi import DocumentRC4CryptoAPI
from openpyxl.styles import Font, PatternFill

HEADER = ["档案编号", "客户名称", "客户类型", "所属区域", "联系电话", "负责部门", "负责人"]


def rows(count, bad=()):
    """Customers; those counted in bad have a phone number that is none."""
    for number in range(1, count + 1):
        phone = "123" if number in bad else f"1380013800{number % 10}"
        yield [f"经销商2023-{number:03}", f"某某{number}有限公司", "经销商", "华东", phone, "东", "王"]


def book(lines, title="客户"):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = title
    for line in lines:
        sheet.append(line)
    return workbook, sheet


def saved(workbook):
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def edited(data, changes, rename=lambda name: name):
    """The archive with parts changed: name to a function of its text; every part has one time, so that runs are alike."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name in changes:
                part = changes[name](part.decode()).encode()
            info = zipfile.ZipInfo(rename(name), (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, part)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def merged_body_cells():
    lines = list(rows(7, bad=(2, 3, 7)))
    for line in lines[1:3] + lines[4:6]:
        line[5] = None  # merged: the department stands in the first row only
    lines[6][5] = None  # a plain blank stays one
    workbook, sheet = book([["客户信息表"], HEADER] + lines)
    sheet.merge_cells("A1:G1")
    sheet.merge_cells("F3:F5")
    sheet.merge_cells("F6:F8")
    sheet["F6"] = "南"
    sheet.append(["备注：本表由各部门填报"])
    sheet.merge_cells("A10:G11")
    old = xlwt.Workbook()
    page = old.add_sheet("客户")
    for row, line in enumerate([HEADER] + lines):
        for column, value in enumerate(line):
            if value is not None and not (column == 5 and row in (1, 4)):
                page.write(row, column, value)
    page.write_merge(1, 3, 5, 5, "东")
    page.write_merge(4, 6, 5, 5, "南")
    out = io.BytesIO()
    old.save(out)
    return {"客户.xlsx": saved(workbook), "旧客户.xls": out.getvalue()}


def hidden_rows_and_columns():
    workbook, sheet = book([HEADER] + list(rows(8, bad=(3, 8))))
    for row in (4, 6, 7):
        sheet.row_dimensions[row].hidden = True
    sheet.row_dimensions[300].hidden = True  # nothing is there
    sheet.column_dimensions["D"].hidden = True
    other = workbook.create_sheet("停用客户")
    for line in [HEADER] + list(rows(2, bad=(1,))):
        other.append(line)
    other.sheet_state = "hidden"
    return {"客户.xlsx": saved(workbook)}


def hidden_rows_skipped():
    return hidden_rows_and_columns()


def hidden_in_every_format():
    old = xlwt.Workbook()
    page = old.add_sheet("客户")
    for row, line in enumerate([HEADER] + list(rows(8, bad=(3, 8)))):
        for column, value in enumerate(line):
            page.write(row, column, value)
    for row in (3, 5, 6):
        page.row(row).hidden = True
    page.col(3).hidden = True
    out = io.BytesIO()
    old.save(out)
    return {"老客户.xls": out.getvalue()}


def numbers_where_codes_belong():
    workbook, sheet = book([HEADER + ["银行账号"]] + [line + ["1202021009900123456"] for line in rows(4)])
    sheet["E2"] = 13800138000  # whole: every digit is there
    sheet["E3"] = 1.3800138e10
    sheet["H4"] = 6222021001116245270  # a double has lost the last ones
    sheet["H5"] = 120202100990012  # fifteen digits are safe
    return {"客户.xlsx": saved(workbook)}


def formatted_rows_to_the_end():
    workbook, sheet = book([HEADER] + list(rows(3, bad=(3,))))
    yellow = PatternFill("solid", fgColor="FFFF00")
    for row in list(range(5, 200)) + [1_048_576]:
        sheet.cell(row, 1).fill = yellow
        sheet.cell(row, 40).fill = yellow
    return {"客户.xlsx": saved(workbook)}


def dates_of_1904():
    workbook, sheet = book([HEADER + ["签约日期"]])
    workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for line in rows(2, bad=(1, 2)):
        sheet.append(line + [datetime.date(2023, 1, 5)])
    # one column was pasted from such a workbook, all but the last row
    pasted, sheet = book([HEADER + ["签约日期", "录入日期"]])
    for number, line in enumerate(rows(5)):
        day = datetime.date(2023, 2, 1 + number)
        sheet.append(line + [day - datetime.timedelta(1462 if number < 4 else 0), day])
    return {"客户.xlsx": saved(workbook), "粘贴.xlsx": saved(pasted)}


def texts_that_look_like_numbers():
    workbook, sheet = book([HEADER] + list(rows(2)))
    sheet["E2"] = "0571-88880000"
    sheet["E2"].quotePrefix = True
    sheet["E3"] = "01012345678"
    sheet["E3"].number_format = "@"
    return {"客户.xlsx": saved(workbook)}


def numbers_turned_into_dates():
    workbook, sheet = book([HEADER + ["备注"]] + [line + ["3-4人"] for line in rows(3)])
    sheet["H3"] = datetime.date(2026, 3, 5)
    sheet["H3"].number_format = 'm"月"d"日"'
    return {"客户.xlsx": saved(workbook)}


def formulas():
    workbook, sheet = book([HEADER] + list(rows(6)))
    for row in range(2, 8):
        sheet.cell(row, 5).value = f"=VLOOKUP(A{row},'[电话.xlsx]Sheet1'!A:B,2,0)"

    def cache(xml):
        values = {2: ("str", "13800138000"), 3: ("e", "#N/A"), 4: ("e", "#REF!"), 6: ("str", ""), 7: ("str", "123")}
        for row, (kind, value) in values.items():
            start = xml.index(f'<c r="E{row}"')
            end = xml.index("</c>", start)
            formula = xml[xml.index("<f>", start):xml.index("</f>", start) + 4]
            xml = xml[:start] + f'<c r="E{row}" t="{kind}">{formula}<v>{value}</v>' + xml[end:]
        return xml

    return {"客户.xlsx": edited(saved(workbook), {SHEET: cache})}


def pictures_in_cells():
    workbook, sheet = book([HEADER] + list(rows(4)))
    for row in (2, 3, 4):
        sheet.cell(row, 7).value = f'=_xlfn.DISPIMG("ID_{row}",1)'

    def cache(xml):
        # as WPS writes it, and as Excel leaves it behind; the third has no value at all
        xml = xml.replace('<f>_xlfn.DISPIMG("ID_2",1)</f><v></v>', '<f>_xlfn.DISPIMG("ID_2",1)</f><v>=DISPIMG("ID_2",1)</v>')
        xml = xml.replace('<f>_xlfn.DISPIMG("ID_2",1)</f><v />', '<f>_xlfn.DISPIMG("ID_2",1)</f><v>=DISPIMG("ID_2",1)</v>')
        start = xml.index('<c r="G2"')
        xml = xml[:start] + xml[start:].replace('<c r="G2"', '<c r="G2" t="str"', 1)
        start = xml.index('<c r="G3"')
        end = xml.index("</c>", start)
        return xml[:start] + '<c r="G3" t="e"><f>_xlfn.DISPIMG("ID_3",1)</f><v>#NAME?</v>' + xml[end:]

    return {"客户.xlsx": edited(saved(workbook), {SHEET: cache})}


def wrong_dimension():
    workbook, _ = book([HEADER] + list(rows(5, bad=(5,))))
    wrong = {SHEET: lambda xml: xml.replace('<dimension ref="A1:G6"', '<dimension ref="A1:A1"')}
    return {"客户.xlsx": edited(saved(workbook), wrong)}


def table(lines):
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>\r\n" for line in lines)
    return f"<table border=1>{cells}</table>"


def kinds_by_content():
    lines = [HEADER] + list(rows(2, bad=(2,)))
    workbook, sheet = book(lines)
    plain = saved(workbook)
    old = xlwt.Workbook()
    page = old.add_sheet("客户")
    for row, line in enumerate(lines):
        for column, value in enumerate(line):
            page.write(row, column, value)
    wps = io.BytesIO()
    old.save(wps)
    html = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head><body>{table(lines)}'
    spanning = (
        '<table><tr><th colspan="7">客户信息表</th></tr><tr>' + "".join(f"<th>{name}</th>" for name in HEADER) + "</tr>"
        '<tr><td>K1</td><td>甲<br>公司</td><td>经销商</td><td rowspan="2">华东</td><td>123</td><td rowspan="2">东</td>'
        "<td>王</td></tr><tr><td>K2</td><td>乙公司</td><td>经销商</td><td>456</td><td>李</td></tr></table>"
    )
    cells = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in line) + "</Row>"
        for line in lines
    )
    xml = (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        f'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="客户"><Table>{cells}</Table>'
        "</Worksheet></Workbook>"
    )
    return {
        "1工作簿.xlsx": plain,
        "2工作簿叫.xls": plain,
        "3表格.et": wps.getvalue(),
        "4网页.xls": html.encode("gb18030"),
        "5网页合并.xls": spanning.encode(),
        "6文本.xls": "\r\n".join("\t".join(line) for line in lines).encode("gb18030"),
        "7二〇〇三.xls": xml.encode(),
        "8反斜杠.xlsx": edited(plain, {}, lambda name: name.replace("/", "\\")),
    }


def locked(data, password):
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, out)
    return out.getvalue()


def passwords():
    workbook, _ = book([HEADER] + list(rows(2, bad=(2,))))
    plain = saved(workbook)
    return {"有密码.xlsx": locked(plain, "geheim"), "只读推荐.xlsx": locked(plain, "VelvetSweatshop")}


def password_missing():
    data = passwords()["有密码.xlsx"]
    return {"客户.xlsx": data, "联系人.xlsx": data}


def old_book(lines):
    """The records of an .xls."""
    workbook = xlwt.Workbook()
    page = workbook.add_sheet("客户")
    for row, line in enumerate(lines):
        for column, value in enumerate(line):
            page.write(row, column, value)
    out = io.BytesIO()
    workbook.save(out)
    return olefile.OleFileIO(io.BytesIO(out.getvalue())).openstream("Workbook").read()


def enciphered(stream, said, cipher):
    """An .xls of these records, with one that says how it is enciphered, put through a cipher where that is usual."""
    said = struct.pack("<HH", 0x2F, len(said)) + said
    plain, hides, at = b"", [], 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        record, at = stream[at:at + 4 + size], at + 4 + size
        if kind == 0x85:  # sheets begin further down by the length of the new record
            begin = struct.unpack_from("<I", record, 4)[0] + len(said)
            record = record[:4] + struct.pack("<I", begin) + record[8:]
        seen = {0x809: len(record), 0xE1: len(record), 0x85: 8}.get(kind, 4)
        hides += [False] * seen + [True] * (len(record) - seen)
        plain += record
        if kind == 0x809 and len(plain) == len(record):
            hides += [False] * len(said)
            plain += said
    # the file is filled up with zeros, which are records of no length where their number is right
    filling = -len(plain) % 4
    plain, hides = plain + bytes(filling and [0, 0, filling, 0] + [0] * filling), hides + [False] * (filling and 4 + filling)
    through = cipher(io.BytesIO(plain)).read()
    out = io.BytesIO()
    xlwt.CompoundDoc.XlsDoc().save(out, bytes(new if hidden else old for old, new, hidden in zip(plain, through, hides)))
    return out.getvalue()


SALT, PROOF = bytes(range(16)), bytes(range(100, 116))


def enciphered_97(stream, password):
    cipher = lambda plain: DocumentRC4.decrypt(password, SALT, plain, blocksize=1024)
    proof = cipher(io.BytesIO(PROOF + hashlib.md5(PROOF).digest())).read()
    return enciphered(stream, struct.pack("<HHH", 1, 1, 1) + SALT + proof, cipher)


def enciphered_2003(stream, password, bits=128):
    cipher = lambda plain: DocumentRC4CryptoAPI.decrypt(password, SALT, bits, plain, blocksize=1024)
    proof = cipher(io.BytesIO(PROOF + hashlib.sha1(PROOF).digest())).read()
    name = "Microsoft Enhanced Cryptographic Provider v1.0\0".encode("utf-16-le")
    header = struct.pack("<IIIIIIII", 4, 0, 0x6801, 0x8004, bits, 1, 0, 0) + name
    said = struct.pack("<HHHII", 1, 2, 2, 4, len(header)) + header + struct.pack("<I", 16) + SALT
    return enciphered(stream, said + proof[:16] + struct.pack("<I", 20) + proof[16:], cipher)


def passwords_of_old_workbooks():
    stream = old_book([HEADER] + list(rows(40, bad=(40,))))  # more than one block of the cipher
    made = {
        "九七.xls": enciphered_97(stream, "geheim"),
        "二〇〇三.xls": enciphered_2003(stream, "geheim"),
        "四十位.xls": enciphered_2003(stream, "geheim", 40),
        "只读推荐.xls": enciphered_2003(stream, "VelvetSweatshop"),
        "别的密码.xls": enciphered_97(stream, "anders"),
    }
    for name, data in made.items():
        file = msoffcrypto.OfficeFile(io.BytesIO(data))
        file.load_key({"只读推荐.xls": "VelvetSweatshop", "别的密码.xls": "anders"}.get(name, "geheim"))
        opened = io.BytesIO()
        file.decrypt(opened)
        print(name, "opens with another reader:", len(opened.getvalue()))
    # the encryption of Excel 95 is told by its record, and its cells are not looked at
    made["九五.xls"] = enciphered(stream, struct.pack("<HHH", 0, 0x1234, 0x5678), lambda plain: plain)
    return made


def copies_of_one_file():
    one, _ = book([HEADER] + list(rows(2, bad=(2,))))
    return {"华东客户.xlsx": saved(one), "华东客户 - 副本.xlsx": saved(one), "华南客户.xlsx": saved(one),
            "~$华东客户.xlsx": b"\x05Owner", ".~华东客户.xlsx": b"lock"}


def half_copied():
    workbook, _ = book([HEADER] + list(rows(200, bad=(2,))))
    whole = saved(workbook)
    return {"一半.xlsx": whole[: len(whole) // 2], "空.xlsx": b""}


def colours_as_data():
    workbook, sheet = book([HEADER] + list(rows(5, bad=(1, 2, 3, 4, 5))))
    for cell in sheet[3]:
        cell.fill = PatternFill("solid", fgColor="FFFFFF00")
    sheet["B4"].font = Font(strike=True)
    sheet["C5"].fill = PatternFill("solid", fgColor="FFFF0000")
    sheet["C6"].fill = PatternFill("solid", fgColor="FF00FF00")  # means nothing
    return {"客户.xlsx": saved(workbook)}


def zip_bomb():
    workbook, _ = book([HEADER] + list(rows(1)))

    def grow(xml):
        end = xml.index("</sheetData>")
        return xml[:end] + " " * (80 << 20) + xml[end:]

    bomb = edited(saved(workbook), {SHEET: grow})
    return {"炸弹.xlsx": bomb, "谎报.xlsx": lying(bomb)}


def lying(data):
    """The archive, saying everywhere that its sheet is small."""
    data = bytearray(data)
    name = SHEET.encode()
    for signature, size, start in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = data.index(signature)
        while data[at + start:at + start + len(name)] != name:
            at = data.index(signature, at + 4)
        data[at + size:at + size + 4] = (5000).to_bytes(4, "little")
    return bytes(data)


def long_cells():
    workbook, sheet = book([HEADER + ["备注"]] + [line + ["短"] for line in rows(2, bad=(1,))])
    sheet["H2"] = "LONG"
    return {"客户.xlsx": edited(saved(workbook), {SHEET: lambda xml: xml.replace("LONG", "长" * 1_000_000)})}


def what_databases_keep():
    rows = [
        ("K1".ljust(12), "甲公司".ljust(12), "13800138000".ljust(20), "2023-01-05"),
        ("K2".ljust(12), "乙公司".ljust(12), "", "0000-00-00"),
        ("K3", "丙公司", None, "0000-00-00 00:00:00"),
        ("K1", "丁公司", "010-62265678", None),
        ("", "", "", ""),
        (None, None, None, None),
        ("K5", "甲公司", " ".ljust(20), "2023-02-30"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "crm.db")
        with sqlite3.connect(path) as connection:
            connection.execute(
                "create table customer (number integer primary key, archive_no char(12), name char(12), phone char(20), "
                "signed_on text)"
            )
            insert = "insert into customer (archive_no, name, phone, signed_on) values (?, ?, ?, ?)"
            connection.executemany(insert, rows)
        connection.close()
        with open(path, "rb") as file:
            return {"crm.db": file.read()}


CASES = [
    merged_body_cells, hidden_rows_and_columns, hidden_rows_skipped, hidden_in_every_format,
    formatted_rows_to_the_end, dates_of_1904,
    texts_that_look_like_numbers, numbers_turned_into_dates, formulas, pictures_in_cells, wrong_dimension,
    kinds_by_content, passwords, password_missing, copies_of_one_file, half_copied, colours_as_data, zip_bomb, long_cells,
    passwords_of_old_workbooks, what_databases_keep, numbers_where_codes_belong,
]


def main():
    wanted = sys.argv[2:]
    for case in CASES:
        name = case.__name__.replace("_", "-")
        if wanted and name not in wanted:
            continue
        folder = os.path.join(sys.argv[1], name, "in", "data")
        os.makedirs(folder, exist_ok=True)
        for file, data in case().items():
            with open(os.path.join(folder, file), "wb") as target:
                target.write(data)


main()
