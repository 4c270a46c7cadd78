#!/usr/bin/env bash
# pandoc: Word stores a field (a cross-reference, a document property, a calculation) with its last result, in one of
# two equivalent forms: as one element, <w:fldSimple>, or in runs between <w:fldChar>. pandoc reads the result of the
# second form, and drops that of the first, though it is plain text of the paragraph. With --fail-if-warnings it exits
# with 0. mammoth drops it too, but says so among its messages.
#
# Protocol templates keep what occurs in many places, such as the minimum age or the dose, in document properties.
#
# Seen with pandoc 3.9 (pypandoc-binary 1.17) and python-docx 1.2.0, which writes the file, on Python 3.11:
#   fldSimple: Age at least years, dose Gy in fractions.
#   fldChar: Age at least 18 years, dose 60 Gy in 30 fractions.
# The script fails where that changes, or where pandoc warns.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pypandoc-binary==1.17 python-docx==1.2.0 >log 2>&1 ||
  { cat log >&2; exit 1; }
cat >fields.py <<'PYTHON'
import subprocess
import sys

import docx
import pypandoc
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

SEEN = {
    "fldSimple": "Age at least years, dose Gy in fractions.",
    "fldChar": "Age at least 18 years, dose 60 Gy in 30 fractions.",
}
PIECES = [
    ("Age at least ", "DOCPROPERTY MinimumAge", "18"),
    (" years, dose ", "REF dose", "60"),
    (" Gy in ", "= 60 / 2", "30"),
]


def run(content):
    return f"<w:r>{content}</w:r>"


def text(content):
    return run(f'<w:t xml:space="preserve">{content}</w:t>')


def write_simple(code, result):
    return f'<w:fldSimple w:instr=" {code} ">{text(result)}</w:fldSimple>'


def write_complex(code, result):
    begin, separate, end = (run(f'<w:fldChar w:fldCharType="{kind}"/>') for kind in ("begin", "separate", "end"))
    return begin + run(f'<w:instrText xml:space="preserve"> {code} </w:instrText>') + separate + text(result) + end


def convert(write):
    content = "".join(text(before) + write(code, result) for before, code, result in PIECES) + text(" fractions.")
    document = docx.Document()
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{content}</w:p>"))
    document.save("protocol.docx")
    command = [pypandoc.get_pandoc_path(), "--fail-if-warnings", "--to=plain", "protocol.docx"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


found = {"fldSimple": convert(write_simple), "fldChar": convert(write_complex)}
for name, content in found.items():
    print(f"{name}: {content}")
if found != SEEN:
    sys.exit("this has changed")
PYTHON
env/bin/python -I fields.py
