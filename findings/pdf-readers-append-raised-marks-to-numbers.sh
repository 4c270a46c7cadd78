#!/usr/bin/env bash
# The mark of a footnote that stands raised behind a number becomes its last digit in the text that pypdf, pdfminer.six,
# pdfplumber and pypdfium2 give: `at least 10² g/dL` is read as 102 g/dL, and `100 x 10⁹/L` as 109/L. The size and the
# height of the letters, which tell them apart on the page, are known to all four, and none gives a warning. pypdf's
# layout mode, which is to look like the page, puts what follows the mark on a line above.
#
# Protocols have such marks in their tables of laboratory limits, so a limit grows tenfold and still looks like one.
#
# Seen with pypdf 7.1.1, pdfminer.six 20260107, pdfplumber 0.11.10 and pypdfium2 5.15.2 on Python 3.11:
#   pypdf: Haemoglobin of at least 102 g/dL, platelets of at least 100 x 109/L
#   pdfminer.six: Haemoglobin of at least 102 g/dL, platelets of at least 100 x 109/L
#   pdfplumber: Haemoglobin of at least 102 g/dL, platelets of at least 100 x 109/L
#   pypdfium2: Haemoglobin of at least 102 g/dL, platelets of at least 100 x 109 /L
# The script fails where that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pypdf==7.1.1 pdfminer.six==20260107 pdfplumber==0.11.10 \
  pypdfium2==5.15.2 reportlab==5.1.0 >log 2>&1 || { cat log >&2; exit 1; }
cat >marks.py <<'PYTHON'
import sys

import pdfplumber
import pypdf
import pypdfium2
from pdfminer.high_level import extract_text
from reportlab.pdfgen.canvas import Canvas

PLAIN = "Haemoglobin of at least 102 g/dL, platelets of at least 100 x 109/L"
SEEN = {"pypdf": PLAIN, "pdfminer.six": PLAIN, "pdfplumber": PLAIN, "pypdfium2": PLAIN.replace("109/L", "109 /L")}

canvas = Canvas("criteria.pdf", invariant=1)
text = canvas.beginText(72, 720)
for piece, raised in (
    ("Haemoglobin of at least 10", "2"),
    (" g/dL, platelets of at least 100 x 10", "9"),
    ("/L", ""),
):
    text.setFont("Helvetica", 11)
    text.textOut(piece)
    text.setRise(4)
    text.setFont("Helvetica", 7)
    text.textOut(raised)
    text.setRise(0)
canvas.drawText(text)
canvas.save()

page = pypdfium2.PdfDocument("criteria.pdf")[0]
found = {
    "pypdf": pypdf.PdfReader("criteria.pdf").pages[0].extract_text(),
    "pdfminer.six": extract_text("criteria.pdf"),
    "pdfplumber": pdfplumber.open("criteria.pdf").pages[0].extract_text(),
    "pypdfium2": page.get_textpage().get_text_range(),
}
found = {name: " ".join(text.split()) for name, text in found.items()}
for name, text in found.items():
    print(f"{name}: {text}")
if found != SEEN:
    sys.exit("this has changed")
PYTHON
env/bin/python -I marks.py
