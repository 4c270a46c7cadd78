#!/usr/bin/env bash
# XlsxWriter: a string that begins with <r> and ends with </r> is taken for formatted text that the library has made
# itself, and goes into the file as XML without being escaped, with and without `constant_memory`. `<r>a & b</r>` gives
# a file that Excel reports as damaged, `<r><t>x</t></r>` loses its tags. `write_rich_string` with the text in two
# pieces escapes it.
#
# Seen with XlsxWriter 3.3.1 on Python 3.11: sharedStrings.xml, or the sheet, is no well-formed XML.
# The script fails where that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check xlsxwriter==3.3.1 >log 2>&1 || { cat log >&2; exit 1; }
cat >sheet.py <<'PYTHON'
import zipfile
from xml.etree import ElementTree

import xlsxwriter

for mode in (False, True):
    with xlsxwriter.Workbook("t.xlsx", {"constant_memory": mode}) as book:
        book.add_worksheet().write_string(0, 0, "<r>a & b</r>")
    with zipfile.ZipFile("t.xlsx") as made:
        try:
            for name in made.namelist():
                ElementTree.fromstring(made.read(name))
            print("well-formed")
        except ElementTree.ParseError as error:
            print(f"not well-formed: {name}: {error}")
PYTHON
env/bin/python sheet.py | tee seen
[ "$(sed 's/:.*//' seen | tr '\n' ' ')" = "not well-formed not well-formed " ]
