#!/usr/bin/env bash
# pint on Python 3.11: a string is read with Python's own tokenizer, and up to Python 3.11 that one hands on a character
# it doesn't know as an error token, which pint skips. Two numbers without an operator are multiplied. So a range with
# an en dash, a minus sign or a no-break hyphen is a product, and ± multiplies the value by its error, while ≤ is lost.
# With the same pint on Python 3.12 the string raises an UndefinedUnitError, and with an ASCII hyphen on both. The
# docstring of parse_expression() doesn't mention characters that are left out. pint 0.26 needs Python 3.12.
#
# Papers print ranges of doses with an en dash: 45–50 Gy becomes 2250 Gy, and an upper limit a plain value.
#
# Seen with pint 0.25.3 on Python 3.11:
#   45–50 Gy: 2250 gray
#   18‑75 year: 1350 year
#   10 ± 2 mg: 20 milligram
#   ≤ 1.5 mg/dL: 1.5 milligram / deciliter
#   45-50 Gy: DimensionalityError
# and on Python 3.12:
#   45–50 Gy, 18‑75 year, 10 ± 2 mg, ≤ 1.5 mg/dL: UndefinedUnitError
#   45-50 Gy: DimensionalityError
# The script tests the Python that python3 is, and fails where that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pint==0.25.3 >log 2>&1 || { cat log >&2; exit 1; }
cat >ranges.py <<'PYTHON'
import sys

import pint

SEEN = {
    "45–50 Gy": "2250 gray",
    "18‑75 year": "1350 year",
    "10 ± 2 mg": "20 milligram",
    "≤ 1.5 mg/dL": "1.5 milligram / deciliter",
    "45-50 Gy": "DimensionalityError",
}
if sys.version_info >= (3, 12):
    SEEN = {text: "UndefinedUnitError" if "-" not in text else told for text, told in SEEN.items()}
registry = pint.UnitRegistry()


def read(text):
    try:
        return str(registry.Quantity(text))
    except (pint.UndefinedUnitError, pint.DimensionalityError) as error:
        return type(error).__name__


found = {text: read(text) for text in SEEN}
for text, told in found.items():
    print(f"{text}: {told}")
if found != SEEN:
    sys.exit("this has changed")
PYTHON
env/bin/python -I ranges.py
