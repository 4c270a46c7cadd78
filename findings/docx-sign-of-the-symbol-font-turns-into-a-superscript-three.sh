#!/usr/bin/env bash
# Word's "Insert symbol" stores a sign of the Symbol font as its place in that font, <w:sym w:font="Symbol"
# w:char="F0B3"/> for ≥, and not as text. docx2python, asked for plain text, gives a span of HTML with &#x00B3;, which
# is a superscript three; kreuzberg, docx2txt and Paragraph.text of betteroffice-docx have nothing in its place, and the
# latter's Markdown export has the private character U+F0B3, without its font and a diagnostic. mammoth and pandoc give
# ≥. None of the first four documents it.
#
# Criteria that were written in Word have many a ≥ and ≤ of that kind: a limit becomes a plain "Age 18 years", or, with
# the entity resolved, "Age ³ 18 years", and "≤ 10" with its &#x00A3; "£ 10".
#
# Seen with docx2python 3.7.1, kreuzberg 4.10.4, docx2txt 0.9, betteroffice-docx 0.2.1, python-docx 1.2.0 (which writes
# the file), mammoth 1.13.0 and pandoc 3.9 (pypandoc-binary 1.17) on Python 3.11:
#   docx2python: 'Age <span style=font-family:Symbol>&#x00B3;</span> 18 years'
#   kreuzberg: 'Age  18 years'
#   docx2txt: 'Age  18 years'
#   betteroffice-docx: 'Age  18 years'
#   its export: 'Age \uf0b3 18 years', diagnostics []
#   mammoth: 'Age ≥ 18 years'
#   pandoc: 'Age ≥ 18 years'
# The script fails where that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check docx2python==3.7.1 kreuzberg==4.10.4 docx2txt==0.9 \
  betteroffice-docx==0.2.1 python-docx==1.2.0 mammoth==1.13.0 pypandoc-binary==1.17 >log 2>&1 ||
  { cat log >&2; exit 1; }
cat >symbols.py <<'PYTHON'
import sys

import betteroffice_docx
import docx
import docx2txt
import kreuzberg
import mammoth
import pypandoc
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx2python import docx2python

SEEN = [
    "docx2python: 'Age <span style=font-family:Symbol>&#x00B3;</span> 18 years'",
    "kreuzberg: 'Age  18 years'",
    "docx2txt: 'Age  18 years'",
    "betteroffice-docx: 'Age  18 years'",
    r"its export: 'Age \uf0b3 18 years', diagnostics []",
    "mammoth: 'Age ≥ 18 years'",
    "pandoc: 'Age ≥ 18 years'",
]

document = docx.Document()
paragraph = document.add_paragraph("Age ")
paragraph.add_run()._r.append(parse_xml(f'<w:sym {nsdecls("w")} w:font="Symbol" w:char="F0B3"/>'))
paragraph.add_run(" 18 years")
document.save("criteria.docx")

read = betteroffice_docx.Document.open_path("criteria.docx")
exported = read.export_markdown(revision_view="accepted")
(line,) = (line for line in exported["markdown"].splitlines() if line and not line.startswith("<!--"))
with open("criteria.docx", "rb") as file:
    raw = mammoth.extract_raw_text(file).value
found = [
    f"docx2python: {docx2python('criteria.docx').text.strip()!r}",
    f"kreuzberg: {kreuzberg.extract_file_sync('criteria.docx').content.strip()!r}",
    f"docx2txt: {docx2txt.process('criteria.docx').strip()!r}",
    f"betteroffice-docx: {read.paragraph(0).text!r}",
    f"its export: {line!r}, diagnostics {exported['diagnostics']}",
    f"mammoth: {raw.strip()!r}",
    f"pandoc: {pypandoc.convert_file('criteria.docx', 'plain').strip()!r}",
]
print(*found, sep="\n")
if found != SEEN:
    sys.exit("this has changed")
PYTHON
env/bin/python -I symbols.py
