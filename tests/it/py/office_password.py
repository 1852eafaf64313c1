#!/usr/bin/env python3
"""Opens a workbook with LibreOffice and a password; its command line takes none, so a macro does it.

    office_password.py FILE PASSWORD TARGET

Writes what LibreOffice read to TARGET as flat XML and prints `opened`; prints `refused` where it made nothing of it.
"""
import os
import subprocess
import sys
import tempfile
from xml.sax.saxutils import escape

MACRO = """Sub Turn
 On Error Resume Next
 Dim given(1) As New com.sun.star.beans.PropertyValue
 given(0).Name = "Hidden"
 given(0).Value = True
 given(1).Name = "Password"
 given(1).Value = "{password}"
 Dim kept(0) As New com.sun.star.beans.PropertyValue
 kept(0).Name = "FilterName"
 kept(0).Value = "OpenDocument Spreadsheet Flat XML"
 book = StarDesktop.loadComponentFromURL(ConvertToURL("{file}"), "_blank", 0, given())
 If Not IsNull(book) Then
  book.storeToURL(ConvertToURL("{target}"), kept())
  book.close(True)
 End If
 StarDesktop.terminate()
End Sub"""
DOCTYPE = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE {kind} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{name}">\n'
MODULE = DOCTYPE.format(kind="script:module", name="module.dtd") + (
    '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">'
    "{code}</script:module>"
)
LIBRARY = DOCTYPE.format(kind="library:library", name="library.dtd") + (
    '<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"'
    ' library:passwordprotected="false">\n <library:element library:name="Module1"/>\n</library:library>'
)


def office(profile, *arguments):
    command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--norestore", *arguments]
    subprocess.run(command, capture_output=True, timeout=120, check=False)


def main():
    file, password, target = sys.argv[1:4]
    with tempfile.TemporaryDirectory(prefix="hedui-office-") as profile:
        office(profile, "--terminate_after_init")  # makes the profile
        library = os.path.join(profile, "user", "basic", "Standard")
        code = MACRO.format(password=password, file=os.path.abspath(file), target=os.path.abspath(target))
        for name, text in [("Module1.xba", MODULE.format(code=escape(code))), ("script.xlb", LIBRARY)]:
            with open(os.path.join(library, name), "w", encoding="utf-8") as out:
                out.write(text)
        office(profile, "macro:///Standard.Module1.Turn")
    print("opened" if os.path.exists(target) else "refused")


main()
