#!/usr/bin/env bash
# srsly, spaCy's reader and writer of JSON and JSONL: json_dumps() and write_jsonl() write a float with ten decimals at
# most, counted from the point and not from the first digit. What is below 0.00000000005 becomes 0.0, 1.5e-10 becomes
# 0.0000000002. And json_loads() doesn't return the nearest float: 1.4847 of a file is not 1.4847 of Python. With
# sort_keys=True the same function uses Python's json, and all digits are kept. Neither the README nor the docstrings
# mention a precision.
#
# Amounts in SI units (mol/L, kat) and p-values of a trial's results fall below ten decimals: a p-value of 4.2e-11 is
# read back as 0, and a value that went through JSONL is no longer equal to itself.
#
# Seen with srsly 2.5.6 on Python 3.11:
#   json_dumps(1.5e-10): 0.0000000002, sort_keys: 1.5e-10
#   json_dumps(4.2e-11): 0.0, sort_keys: 4.2e-11
#   write_jsonl, read_jsonl of 4.2e-11: 0.0
#   json_loads('1.4847') == 1.4847: False
#   json_loads('22.8986') == 22.8986: False
# The script fails where that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check srsly==2.5.6 >log 2>&1 || { cat log >&2; exit 1; }
cat >decimals.py <<'PYTHON'
import sys

import srsly

SEEN = [
    "json_dumps(1.5e-10): 0.0000000002, sort_keys: 1.5e-10",
    "json_dumps(4.2e-11): 0.0, sort_keys: 4.2e-11",
    "write_jsonl, read_jsonl of 4.2e-11: 0.0",
    "json_loads('1.4847') == 1.4847: False",
    "json_loads('22.8986') == 22.8986: False",
]

found = [
    f"json_dumps({number}): {srsly.json_dumps(number)}, sort_keys: {srsly.json_dumps(number, sort_keys=True)}"
    for number in (1.5e-10, 4.2e-11)
]
srsly.write_jsonl("results.jsonl", [{"p": 4.2e-11}])
found.append(f"write_jsonl, read_jsonl of 4.2e-11: {next(iter(srsly.read_jsonl('results.jsonl')))['p']}")
found += [f"json_loads('{text}') == {text}: {srsly.json_loads(text) == float(text)}" for text in ("1.4847", "22.8986")]
print(*found, sep="\n")
if found != SEEN:
    sys.exit("this has changed")
PYTHON
env/bin/python -I decimals.py
