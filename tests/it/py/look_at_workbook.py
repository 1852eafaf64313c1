#!/usr/bin/env python3
"""What a workbook is besides its cells, as openpyxl and zipfile read it.

    look_at_workbook.py FILE.xlsx

{sheet: {links: [{row, column, text, sheet, target}], rules: [[range, kind, operator, formulas]],
         charts: [{title, caption, anchor, series: [{values, cached}]}], unruled: [cell], columns_styled, pictures}}
unruled: filled cells of the list without a line around them.
"""
import json
import re
import sys
import zipfile
from xml.etree import ElementTree

import openpyxl

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"


def links(book, sheet):
    found = []
    for row in sheet.iter_rows():
        for cell in row:
            if cell.hyperlink is None:
                continue
            name, _, at = cell.hyperlink.location.rpartition("!")
            name = name.strip("'").replace("''", "'")
            target = [other.value for other in book[name][int(re.sub(r"\D", "", at))]]
            found.append({"row": cell.row, "column": cell.column, "text": cell.value, "sheet": name, "at": at,
                          "target": [str(value) if value is not None else None for value in target]})
    return found


def words(element):
    return "".join(text.text or "" for text in element.iter(TEXT)) if element is not None else ""


def chart(root):
    series = []
    for one in root.iter(CHART + "ser"):
        values = one.find(CHART + "val").find(CHART + "numRef")
        cached = [point.find(CHART + "v").text for point in values.iter(CHART + "pt")]
        series.append({"values": values.find(CHART + "f").text, "cached": cached})
    captions = [words(axis.find(CHART + "title")) for kind in ("catAx", "valAx", "dateAx")
                for axis in root.iter(CHART + kind)]
    return {"title": words(next(root.iter(CHART + "title"), None)), "captions": captions, "series": series}


def unruled(sheet):
    if not sheet.auto_filter.ref:
        return []
    first, last = (int(re.sub(r"\D", "", part)) for part in sheet.auto_filter.ref.split(":"))
    return [cell.coordinate for row in sheet.iter_rows(min_row=first, max_row=last) for cell in row
            if cell.border.left.style is None]


def main(path):
    book = openpyxl.load_workbook(path)
    with zipfile.ZipFile(path) as packed:
        names = sorted((name for name in packed.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)),
                       key=lambda name: int(re.sub(r"\D", "", name)))
        drawn = [chart(ElementTree.fromstring(packed.read(name))) for name in names]
        pictures = [name for name in packed.namelist() if name.startswith("xl/media/")]
    sheets, number = {}, 0
    for sheet in book:
        anchors = [[one.anchor._from.row, one.anchor._from.col] for one in sheet._charts]
        rules = [[str(where.sqref), rule.type, rule.operator, rule.formula]
                 for where in sheet.conditional_formatting for rule in where.rules]
        sheets[sheet.title] = {
            "links": links(book, sheet),
            "rules": rules,
            "charts": [{**one, "anchor": anchor} for one, anchor in zip(drawn[number:number + len(anchors)], anchors)],
            "unruled": unruled(sheet),
            "columns_styled": [key for key, column in sheet.column_dimensions.items() if column.border.left.style],
            "breaks": [each.id for each in sheet.row_breaks.brk],
        }
        number += len(anchors)
    print(json.dumps({"sheets": sheets, "pictures": pictures, "charts": len(drawn)}, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
