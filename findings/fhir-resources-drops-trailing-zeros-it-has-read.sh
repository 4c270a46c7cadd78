#!/usr/bin/env bash
# fhir.resources: FHIR counts the digits of a decimal as part of its value (0.010 is not 0.01), and a Quantity of this
# package holds them, as Decimal('0.010'). Each way out makes a float of it first: model_dump(), also in Python mode,
# json() and model_dump_json() write 0.01, and long numbers lose their last digits. Where the JSON text goes in by
# model_validate_json() they are gone already inside. The change log of fhir-core lists a loss of precision in
# serialization as fixed.
#
# Limits and lab results are quoted to the digit ("≤ 1.50", "HbA1c 7.0"); a round trip changes the stated precision.
#
# Seen with fhir.resources 8.3.0, fhir-core 1.1.12 on Python 3.11:
#   0.010: held 0.010, model_dump 0.01, model_dump_json {"value":0.01}
#   1.50: held 1.50, model_dump 1.5, model_dump_json {"value":1.5}
#   1.00000000000000001: held 1.00000000000000001, model_dump 1.0, model_dump_json {"value":1.0}
#   model_validate_json('{"value": 0.010}'): held 0.01
# The script fails where that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check fhir.resources==8.3.0 fhir-core==1.1.12 >log 2>&1 ||
  { cat log >&2; exit 1; }
cat >decimals.py <<'PYTHON'
import sys
from decimal import Decimal

from fhir.resources.quantity import Quantity

SEEN = [
    '0.010: held 0.010, model_dump 0.01, model_dump_json {"value":0.01}',
    '1.50: held 1.50, model_dump 1.5, model_dump_json {"value":1.5}',
    '1.00000000000000001: held 1.00000000000000001, model_dump 1.0, model_dump_json {"value":1.0}',
    """model_validate_json('{"value": 0.010}'): held 0.01""",
]
found = []
for number in ("0.010", "1.50", "1.00000000000000001"):
    quantity = Quantity(value=Decimal(number))
    dumped, text = quantity.model_dump()["value"], quantity.model_dump_json()
    found.append(f"{number}: held {quantity.value}, model_dump {dumped}, model_dump_json {text}")
text = '{"value": 0.010}'
found.append(f"model_validate_json('{text}'): held {Quantity.model_validate_json(text).value}")
print(*found, sep="\n")
if found != SEEN:
    sys.exit("this has changed")
PYTHON
env/bin/python -I decimals.py
