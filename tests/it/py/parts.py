#!/usr/bin/env python3
"""Reads mails and the workbooks in them, and says what a mail program of Outlook's kind, or a phone, would stumble over.

    parts.py FILE.eml...    JSON: a list of {bytes, subject, reply_to, text, lang, faults, attachments: [{name, sheets}]}

A sheet is the number of its rows below the header of its list, or all its rows where it has none.
"""
import io
import json
import re
import sys
from email import message_from_bytes, policy
from html.parser import HTMLParser

from openpyxl import load_workbook

WIDEST = 5


class Page(HTMLParser):
    """Collects what should not be there: styles apart, scripts, pictures from outside, rows too wide for a phone."""

    def __init__(self):
        super().__init__()
        self.faults, self.lang, self.rows, self.open = [], None, [], []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "html":
            self.lang = attributes.get("lang")
        if tag in ("style", "script", "svg", "link", "iframe", "form", "div"):
            self.faults.append(f"<{tag}>")
        if "class" in attributes or "id" in attributes:
            self.faults.append(f"<{tag} class or id>")
        if tag == "img" and not attributes.get("src", "").startswith("cid:"):
            self.faults.append(f"picture {attributes.get('src')}")
        style = attributes.get("style", "")
        if re.search(r"flex|grid|position|float|(?<!max-)width:\s*\d{3,}px", style):
            self.faults.append(f"style {style}")
        if re.fullmatch(r"\d+", attributes.get("width") or "") and int(attributes["width"]) > 375:
            self.faults.append(f"width {attributes['width']}")
        if tag == "tr":
            self.rows.append(0)
            self.open.append(len(self.rows) - 1)
        if tag in ("td", "th") and self.open:
            self.rows[self.open[-1]] += int(attributes.get("colspan", 1))

    def handle_endtag(self, tag):
        if tag == "tr" and self.open:
            self.open.pop()


def sheets(content):
    book = load_workbook(io.BytesIO(content), read_only=False)
    found = {}
    for sheet in book.worksheets:
        found[sheet.title] = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return found


def read(path):
    with open(path, "rb") as file:
        content = file.read()
    mail = message_from_bytes(content, policy=policy.default)
    page = Page()
    html = mail.get_body(("html",)).get_content()
    page.feed(html)
    faults = page.faults + [f"a row of {cells}" for cells in page.rows if cells > WIDEST]
    text = mail.get_body(("plain",)).get_content()
    # the text twin says what the page says: every number of its first lines is on the page
    shown = re.sub(r"<[^>]+>", "", html)
    for number in re.findall(r"\d+", " ".join(text.splitlines()[:3])):
        if number not in shown:
            faults.append(f"{number} is in the text alone")
    return {
        "bytes": len(content),
        "subject": str(mail["Subject"]),
        "to": str(mail["To"]),
        "cc": str(mail["Cc"] or ""),
        "reply_to": str(mail["Reply-To"] or ""),
        "text": text,
        "lang": page.lang,
        "faults": faults,
        "attachments": [
            {"name": part.get_filename(), "sheets": sheets(part.get_content())} for part in mail.iter_attachments()
        ],
    }


def main():
    print(json.dumps([read(path) for path in sys.argv[1:]], ensure_ascii=False, default=str))


if __name__ == "__main__":
    sys.exit(main())
