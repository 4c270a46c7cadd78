#!/usr/bin/env bash
# Word stores the hyphen that it is told not to break at (Ctrl+Shift+_) as an element, <w:noBreakHyphen/>, and not as a
# character. kreuzberg, docx2python and docx2txt leave it out, without a space or a warning, and a range becomes one
# number: 45-50 Gy is read as 4550 Gy. python-docx and mammoth give a hyphen. The documentation in the packages doesn't
# mention it.
#
# Authors use that hyphen just there, so that 45-50 and 18-75 don't end a line.
#
# Seen with kreuzberg 4.10.4, docx2python 3.7.1, docx2txt 0.9, python-docx 1.2.0 and mammoth 1.13.0 on Python 3.11:
#   kreuzberg: Patients aged 1875 years receive 4550 Gy.
#   docx2python: Patients aged 1875 years receive 4550 Gy.
#   docx2txt: Patients aged 1875 years receive 4550 Gy.
#   python-docx: Patients aged 18-75 years receive 45-50 Gy.
#   mammoth: Patients aged 18‑75 years receive 45‑50 Gy.
# The script fails where that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check kreuzberg==4.10.4 docx2python==3.7.1 docx2txt==0.9 \
  python-docx==1.2.0 mammoth==1.13.0 >log 2>&1 || { cat log >&2; exit 1; }
cat >hyphens.py <<'PYTHON'
import sys

import docx
import docx2txt
import kreuzberg
import mammoth
from docx.oxml import OxmlElement
from docx2python import docx2python

SEEN = {
    "kreuzberg": "Patients aged 1875 years receive 4550 Gy.",
    "docx2python": "Patients aged 1875 years receive 4550 Gy.",
    "docx2txt": "Patients aged 1875 years receive 4550 Gy.",
    "python-docx": "Patients aged 18-75 years receive 45-50 Gy.",
    "mammoth": "Patients aged 18\N{NON-BREAKING HYPHEN}75 years receive 45\N{NON-BREAKING HYPHEN}50 Gy.",
}

document = docx.Document()
paragraph = document.add_paragraph()
first, *others = "Patients aged 18|75 years receive 45|50 Gy.".split("|")
paragraph.add_run(first)
for text in others:
    paragraph.add_run()._r.append(OxmlElement("w:noBreakHyphen"))
    paragraph.add_run(text)
document.save("criteria.docx")

with open("criteria.docx", "rb") as file:
    raw = mammoth.extract_raw_text(file).value
found = {
    "kreuzberg": kreuzberg.extract_file_sync("criteria.docx").content.strip(),
    "docx2python": docx2python("criteria.docx").text.strip(),
    "docx2txt": docx2txt.process("criteria.docx").strip(),
    "python-docx": docx.Document("criteria.docx").paragraphs[0].text,
    "mammoth": raw.strip(),
}
for name, text in found.items():
    print(f"{name}: {text}")
if found != SEEN:
    sys.exit("this has changed")
PYTHON
env/bin/python -I hyphens.py
