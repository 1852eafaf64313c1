#!/usr/bin/env python3
"""Looks for values in everything that files hold once they are unpacked.

    unpack.py WORDS.json FILE...

WORDS.json is a list of strings. Every file is unpacked as far as it goes: the parts of a mail, decoded; every member of a
workbook (sheets, shared strings, properties, chart caches, hidden ones too). The unpacked bytes are read as text, with
XML and HTML entities, JSON escapes and line breaks of XML resolved. Prints a JSON object: file → the words found in it,
and the number of pieces looked at.
"""
import html
import io
import json
import re
import sys
import zipfile
from email import message_from_bytes, policy


def pieces(name, content):
    """Every piece of a file, as (name, bytes)."""
    yield name, content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from pieces(f"{name}!{member}", archive.read(member))
    elif name.endswith(".eml"):
        for number, part in enumerate(message_from_bytes(content, policy=policy.default).walk()):
            for header, value in part.items():
                yield f"{name}#{number}:{header}", str(value).encode()
            payload = part.get_payload(decode=True)
            if payload:
                yield from pieces(f"{name}#{number}", payload)


def readings(content):
    """The ways in which bytes may be read as text."""
    text = content.decode("utf-8", "replace")
    yield text
    yield html.unescape(text)
    yield html.unescape(re.sub(r"<[^>]*>", "", text))
    if "\\u" in text:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found.group(1), 16)), text)
    yield content.decode("utf-16-le", "replace")


def main():
    words = json.load(open(sys.argv[1], encoding="utf-8"))
    found, count = {}, 0
    for path in sys.argv[2:]:
        with open(path, "rb") as file:
            content = file.read()
        for name, piece in pieces(path, content):
            count += 1
            for text in readings(piece):
                hits = [word for word in words if word in text]
                if hits:
                    found.setdefault(name, [])
                    found[name] = sorted(set(found[name]) | set(hits))
    print(json.dumps({"found": found, "pieces": count}, ensure_ascii=False))


main()
