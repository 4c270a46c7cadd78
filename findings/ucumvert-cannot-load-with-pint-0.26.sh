#!/usr/bin/env bash
# ucumvert makes a Pint registry of all UCUM units. Its definitions call the international unit also "i.U.", and from
# version 0.26 on Pint refuses an alias with a full stop. ucumvert asks for any Pint from 0.24 on, so a fresh
# installation (on Python 3.12 and above, which Pint 0.26 needs) gets the pair that can't be loaded: the first call of
# PintUcumRegistry() raises DefinitionSyntaxError, before any unit was named. With Pint 0.25.3 the same code converts.
# Who converts laboratory units by UCUM has to hold Pint below 0.26.
#
# Seen on Python 3.12 and 3.13:
#   ucumvert 0.3.2, Pint 0.25.3: 9 g/dL = 90.0 g/L
#   ucumvert 0.3.2, Pint 0.26.2: DefinitionSyntaxError, names i.U.: True
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python=$(command -v python3.13 || command -v python3.12) || { echo 'needs Python 3.12 or 3.13' >&2; exit 1; }
for version in 0.25.3 0.26.2; do
  "$python" -m venv "env-$version"
  "env-$version/bin/pip" install --quiet --disable-pip-version-check ucumvert==0.3.2 "pint==$version" >log 2>&1 ||
    { cat log >&2; exit 1; }
  "env-$version/bin/python" -I - "$version" <<'PYTHON'
import sys

import pint
from ucumvert import PintUcumRegistry

asked = sys.argv[1]
try:
    registry = PintUcumRegistry()
    told = f"9 g/dL = {(9 * registry.from_ucum('g/dL')).to(registry.from_ucum('g/L')).magnitude} g/L"
except pint.DefinitionSyntaxError as error:
    told = f"DefinitionSyntaxError, names i.U.: {'i.U.' in str(error)}"
print(f"ucumvert 0.3.2, Pint {pint.__version__}: {told}")
expected = {"0.25.3": "9 g/dL = 90.0 g/L", "0.26.2": "DefinitionSyntaxError, names i.U.: True"}[asked]
if told != expected:
    sys.exit(f"expected: {expected}")
PYTHON
done
