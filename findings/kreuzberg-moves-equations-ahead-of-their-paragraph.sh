#!/usr/bin/env bash
# kreuzberg: an equation within a paragraph of a Word file (<m:oMath>) is taken out of its sentence and put before the
# paragraph, as a display formula of its own; several of them one below the other. In the sentence nothing marks its
# place. The result is the same for plain text, Markdown and HTML, `processing_warnings` is empty, and the README says
# nothing of equations. pandoc keeps them in their places.
#
# Word makes an equation of what is typed after Alt+= and of much that is pasted, as are limits with a sign such as ≥:
# what is left reads "Neutrophils /uL and age years", and which limit is whose can't be told.
#
# Seen with kreuzberg 4.10.4, python-docx 1.2.0 (which writes the file) and pandoc 3.9 (pypandoc-binary 1.17) on Python
# 3.11:
#   kreuzberg: Criteria: $$\geq 1500$$ $$\geq 18$$ Neutrophils /uL and age years.
#   pandoc: Criteria: Neutrophils $\geq 1500$/uL and age $\geq 18$ years.
# The script fails where that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check kreuzberg==4.10.4 python-docx==1.2.0 pypandoc-binary==1.17 \
  >log 2>&1 || { cat log >&2; exit 1; }
cat >equations.py <<'PYTHON'
import sys

import docx
import pypandoc
from docx.oxml import parse_xml
from kreuzberg import ExtractionConfig, extract_file_sync

MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
SEEN = {
    "kreuzberg": r"Criteria: $$\geq 1500$$ $$\geq 18$$ Neutrophils /uL and age years.",
    "pandoc": r"Criteria: Neutrophils $\geq 1500$/uL and age $\geq 18$ years.",
}

document = docx.Document()
document.add_paragraph("Criteria:")
paragraph = document.add_paragraph("Neutrophils ")
for equation, behind in (("≥1500", "/uL and age "), ("≥18", " years.")):
    paragraph._p.append(parse_xml(f"<m:oMath {MATH}><m:r><m:t>{equation}</m:t></m:r></m:oMath>"))
    paragraph.add_run(behind)
document.save("criteria.docx")

result = extract_file_sync("criteria.docx", config=ExtractionConfig(output_format="markdown"))
found = {
    "kreuzberg": " ".join(result.content.split()),
    "pandoc": " ".join(pypandoc.convert_file("criteria.docx", "markdown", extra_args=["--wrap=none"]).split()),
}
for name, text in found.items():
    print(f"{name}: {text}")
if found != SEEN or result.processing_warnings:
    sys.exit("this has changed")
PYTHON
env/bin/python -I equations.py
