#!/usr/bin/env python3
"""Reads a received mail with Python's own email package and prints what a mail program would show, as JSON.

    read_mail.py FILE.eml...        one JSON object a line, in the order of the files
"""
import hashlib
import json
import re
import sys
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import collapse_rfc2231_value, getaddresses

WORD = re.compile(r"=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=")


def by_2047(part):
    """The name in Content-Type, by RFC 2047; None where there is none."""
    raw = part.get_param("name", header="content-type")
    if raw is None or isinstance(raw, tuple):
        return None
    return str(make_header(decode_header(re.sub(r"\r?\n", "", raw))))


def by_2231(part):
    """The name in Content-Disposition, by RFC 2231 or plain; None where there is none."""
    raw = part.get_param("filename", header="content-disposition")
    return None if raw is None else collapse_rfc2231_value(raw)


def faults_of_words(raw):
    """Encoded words that are too long, or that hold half a character."""
    faults = []
    for word in WORD.findall(raw):
        try:
            str(make_header(decode_header(word)))
        except (UnicodeDecodeError, LookupError) as error:
            faults.append(f"{word}: {error}")
        if len(word) > 75:
            faults.append(f"{word}: {len(word)} long")
    return faults


def read(content):
    mail = message_from_bytes(content, policy=policy.default)
    plain = message_from_bytes(content)  # compat32: parameters as they stand
    head = content.split(b"\r\n\r\n", 1)[0]
    attachments = []
    for part in plain.walk():
        if part.get_content_disposition() == "attachment":
            body = part.get_payload(decode=True)
            attachments.append({
                "name_2231": by_2231(part),
                "name_2047": by_2047(part),
                "type": part.get_content_type(),
                "length": len(body),
                "sha256": hashlib.sha256(body).hexdigest(),
            })
    faults = [fault for part in plain.walk() for _, value in part.items() for fault in faults_of_words(str(value))]
    faults += [f"{type(defect).__name__}" for part in mail.walk() for defect in part.defects]
    faults += ["bytes beyond ASCII"] if any(byte > 127 for byte in content) else []
    faults += ["a bare CR or LF"] if re.search(rb"(?<!\r)\n|\r(?!\n)", content) else []
    faults += [f"a line of {len(line)}" for line in content.split(b"\r\n") if len(line) > 998]
    bodies = {kind: mail.get_body((kind,)) for kind in ("plain", "html")}

    def people(header):
        # by hand: the newer parser leaves a space between the encoded words of a long name
        lines = [re.sub(r"\r?\n", "", str(value)) for value in plain.get_all(header, [])]
        return [{"name": str(make_header(decode_header(name))), "address": address}
                for name, address in getaddresses(lines)]

    return {
        "subject": str(mail["Subject"]),
        "from": people("From"),
        "to": people("To"),
        "cc": people("Cc"),
        "date": str(mail["Date"]),
        "message_id": str(mail["Message-ID"]),
        "headers": {name: str(value) for name, value in mail.items()},
        "header_bytes": len(head),
        "structure": [part.get_content_type() for part in mail.walk()],
        "text": bodies["plain"].get_content() if bodies["plain"] else None,
        "html": bodies["html"].get_content() if bodies["html"] else None,
        "attachments": attachments,
        "faults": faults,
    }


def main():
    for path in sys.argv[1:]:
        with open(path, "rb") as file:
            print(json.dumps(read(file.read()), ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
