#!/usr/bin/env bash
# numerizer: where a number of one word, "and" and a number of two words follow each other, the second number is torn
# apart: "between eighteen and sixty five" has three numbers, 18, 60 and 5, with a hyphen in the last one too. Alone,
# behind "to", behind a comma or behind a number of two words it is 65. The article "a" becomes 1 before any word. The
# README shows "and" within numbers only ("four hundred and sixty two"), and says nothing of either.
#
# "Between ... and ..." is how age ranges are written in words.
#
# Seen with numerizer 0.2.4 on Python 3.11:
#   between eighteen and sixty five years: between 18 and 60 5 years
#   between twenty and thirty-six Gy: between 20 and 30 6 Gy
#   between forty-five and sixty-six Gy: between 45 and 66 Gy
#   eighteen to sixty five years: 18 to 65 years
#   eighteen, sixty five years: 18, 65 years
#   a dose of sixty six Gy: 1 dose of 66 Gy
# The script fails where that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check numerizer==0.2.4 >log 2>&1 || { cat log >&2; exit 1; }
cat >words.py <<'PYTHON'
import sys

from numerizer import numerize

SEEN = {
    "between eighteen and sixty five years": "between 18 and 60 5 years",
    "between twenty and thirty-six Gy": "between 20 and 30 6 Gy",
    "between forty-five and sixty-six Gy": "between 45 and 66 Gy",
    "eighteen to sixty five years": "18 to 65 years",
    "eighteen, sixty five years": "18, 65 years",
    "a dose of sixty six Gy": "1 dose of 66 Gy",
}
found = {text: numerize(text) for text in SEEN}
for text, told in found.items():
    print(f"{text}: {told}")
if found != SEEN:
    sys.exit("this has changed")
PYTHON
env/bin/python -I words.py
