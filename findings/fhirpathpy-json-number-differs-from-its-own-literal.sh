#!/usr/bin/env bash
# fhirpathpy reads a literal of an expression as a Decimal, and a number of a resource stays what `json.loads` makes of
# it, a float. `=` compares the two exactly, so that 5.4 of a resource differs from 5.4 of an expression, while both <=
# and >= hold. Where the fraction is a binary one, as in 1.5, they are equal. The README hands over plain dicts and
# doesn't mention decimals; with `json.loads(..., parse_float=Decimal)` all are equal.
#
# `where(value = 5.4)` on doses or thresholds silently finds some values and misses others.
#
# Seen with fhirpathpy 2.2.4 on Python 3.11 (=, !=, <=, >=, = with Decimal):
#   1.5: True False True True True
#   5.4: False True True True True
#   1.1: False True True True True
#   doses equal to 5.4 Gy of [5.4, 5.4]: 0, with Decimal: 2
# The script fails where that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check fhirpathpy==2.2.4 >log 2>&1 || { cat log >&2; exit 1; }
cat >values.py <<'PYTHON'
import json
import sys
from decimal import Decimal

from fhirpathpy import evaluate
from fhirpathpy.models import models

DOSES = '[{"valueQuantity": {"value": 5.4, "unit": "Gy"}}, {"valueQuantity": {"value": 5.4, "unit": "Gy"}}]'
SEEN = [
    "1.5: True False True True True",
    "5.4: False True True True True",
    "1.1: False True True True True",
    "doses equal to 5.4 Gy of [5.4, 5.4]: 0, with Decimal: 2",
]


def load(number, **how):
    return json.loads(f'{{"resourceType": "Observation", "valueQuantity": {{"value": {number}}}}}', **how)


def ask(resource, expression):
    (answer,) = evaluate(resource, expression, {}, models["r4"])
    return answer


def count(**how):
    resource = json.loads(f'{{"resourceType": "Observation", "component": {DOSES}}}', **how)
    return ask(resource, "Observation.component.where(value.value = 5.4).count()")


found = []
for number in ("1.5", "5.4", "1.1"):
    resource = load(number)
    answers = [ask(resource, f"Observation.value.value {operator} {number}") for operator in ("=", "!=", "<=", ">=")]
    answers.append(ask(load(number, parse_float=Decimal), f"Observation.value.value = {number}"))
    found.append(f"{number}: " + " ".join(map(str, answers)))
found.append(f"doses equal to 5.4 Gy of [5.4, 5.4]: {count()}, with Decimal: {count(parse_float=Decimal)}")
print(*found, sep="\n")
if found != SEEN:
    sys.exit("this has changed")
PYTHON
env/bin/python -I values.py
