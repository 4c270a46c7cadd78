#!/usr/bin/env bash
# quantulum3: a prefix counts only where the unit's entry lists it; for the gray there is no centi, for the mole none at
# all. What is left over is not refused, but read as a unit of its own, times the rest: the c of cGy is the speed of
# light, the u, µ, m and n of a mole are the atomic mass unit, the microsecond, the metre and the newton, and mSv is a
# millisecond times a volt, a magnetic flux. The README says that prefixes of an entry are optional, not what happens to
# others. mGy and kGy are read rightly.
#
# Doses are given in cGy in most American protocols, bilirubin and creatinine in µmol/L elsewhere.
#
# Seen with quantulum3 0.10.0, without its optional classifier, on Python 3.11:
#   180 cGy: 180.0 speed of light gray
#   20 mGy: 20.0 milligray
#   34 µmol/L: 34.0 microsecond mole per litre
#   34 umol/L: 34.0 atomic mass unit mole per litre
#   60 mmol/L: 60.0 metre mole per litre
#   100 nmol/L: 100.0 newton mole per litre
#   10 mSv: 10.0 millisecond volt
# The script fails where that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check quantulum3==0.10.0 >log 2>&1 || { cat log >&2; exit 1; }
cat >units.py <<'PYTHON'
import sys
import warnings

warnings.simplefilter("ignore")  # one that the classifier is not installed
from quantulum3 import parser  # noqa: E402

SEEN = {
    "180 cGy": "180.0 speed of light gray",
    "20 mGy": "20.0 milligray",
    "34 µmol/L": "34.0 microsecond mole per litre",
    "34 umol/L": "34.0 atomic mass unit mole per litre",
    "60 mmol/L": "60.0 metre mole per litre",
    "100 nmol/L": "100.0 newton mole per litre",
    "10 mSv": "10.0 millisecond volt",
}
found = {text: "; ".join(f"{one.value} {one.unit.name}" for one in parser.parse(text)) for text in SEEN}
for text, told in found.items():
    print(f"{text}: {told}")
if found != SEEN:
    sys.exit("this has changed")
PYTHON
env/bin/python -I units.py
