#!/usr/bin/env bash
# ucumvert: g% (gram percent, UCUM's unit for 1 g/dl, in use for hemoglobin; mg% for glucose) is read as gram times
# percent, a mass, though the UCUM essence that comes with the package defines it. Of its other units without a special
# function four more get another value than their definition there: nutrition calories [Cal] are a thousandth of 1 kcal,
# a cubic foot [cft_i] is a length (a centifoot), an imperial rod [rd_br] is a twelfth of 16.5 feet, and a low power
# field [LPF] is 1, not 100. No error is raised.
#
# Seen with ucumvert 0.3.2, pint 0.25.3 on Python 3.11 (value / definition, by dimension or by number):
#   g%       [mass] instead of [mass] / [length] ** 3
#   mg%      [mass] instead of [mass] / [length] ** 3
#   [cft_i]  [length] instead of [length] ** 3
#   [Cal]    0.001
#   [rd_br]  0.0833333
#   [LPF]    0.01
# The script fails where that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check ucumvert==0.3.2 pint==0.25.3 >log 2>&1 || { cat log >&2; exit 1; }
cat >units.py <<'PYTHON'
import sys

from ucumvert import PintUcumRegistry

# as ucum-essence.xml defines them
DEFINED = {"g%": "g/dl", "mg%": "mg/dl", "[cft_i]": "[ft_i]3", "[Cal]": "kcal_th", "[rd_br]": "[ft_br]", "[LPF]": "1"}
TIMES = {"[rd_br]": 16.5, "[LPF]": 100}
SEEN = {
    "g%": "[mass] instead of [mass] / [length] ** 3",
    "mg%": "[mass] instead of [mass] / [length] ** 3",
    "[cft_i]": "[length] instead of [length] ** 3",
    "[Cal]": "0.001",
    "[rd_br]": "0.0833333",
    "[LPF]": "0.01",
}
registry = PintUcumRegistry()


def compare(code):
    read, defined = registry.from_ucum(code), registry.from_ucum(DEFINED[code]) * TIMES.get(code, 1)
    if read.dimensionality != defined.dimensionality:
        return f"{read.dimensionality} instead of {defined.dimensionality}"
    return f"{(read / defined).to_base_units().magnitude:.6g}"


found = {code: compare(code) for code in DEFINED}
for code, told in found.items():
    print(f"{code:8} {told}")
if found != SEEN:
    sys.exit("this has changed")
PYTHON
env/bin/python -I units.py
