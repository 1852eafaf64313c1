#!/usr/bin/env python3
"""Opens an encrypted workbook with msoffcrypto-tool, which shares nothing with what wrote it.

    decrypt.py FILE PASSWORD TARGET

Prints `encrypted` or `open`; with a password, verifies it and the integrity of the content, and writes the workbook to
TARGET. A wrong password is an error.
"""
import io
import sys

import msoffcrypto

path, password, target = sys.argv[1:4]
with open(path, "rb") as file:
    book = msoffcrypto.OfficeFile(file)
    print("encrypted" if book.is_encrypted() else "open")
    book.load_key(password=password, verify_password=True)
    clear = io.BytesIO()
    book.decrypt(clear, verify_integrity=True)
with open(target, "wb") as file:
    file.write(clear.getvalue())
