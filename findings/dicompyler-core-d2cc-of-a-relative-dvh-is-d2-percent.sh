#!/usr/bin/env bash
# dicompyler-core: D2cc of a DVH is the least dose to its hottest 2 cm3, and doesn't depend on whether the volume axis
# is shown in cm3 or in percent. After `dvh.relative_volume` the package takes the structure's volume for 100 cm3, so
# that D2cc is the dose to the hottest 2 percent, which is what D2 asks for. And where the whole structure is smaller
# than 2 cm3, as an optic chiasm is, D2cc of the absolute DVH is 0 Gy: whatever its dose, it meets every limit. Neither
# raises an error; the docstrings give D2cc as an example and name no such limit.
#
# D2cc and D0.1cc are the limits that protocols of pelvic and cranial radiotherapy are written in.
#
# Seen with dicompyler-core 0.5.6, numpy 2.4.6 on Python 3.11; each dose from 0 to 60 Gy in an equal part:
#   30 cm3: D2cc 56.00 Gy, relative 58.80 Gy; D15cc 30.00 Gy, relative 51.00 Gy
#   3 cm3: D2cc 20.00 Gy, relative 58.80 Gy; D0.1cc 58.00 Gy, relative 59.90 Gy
#   1.5 cm3: D2cc 0.00 Gy, relative 58.80 Gy; D0.1cc 56.00 Gy, relative 59.90 Gy
# The script fails where that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check dicompyler-core==0.5.6 numpy==2.4.6 >log 2>&1 ||
  { cat log >&2; exit 1; }
cat >dvhs.py <<'PYTHON'
import sys

import numpy as np
from dicompylercore.dvh import DVH

SEEN = [
    "30 cm3: D2cc 56.00 Gy, relative 58.80 Gy; D15cc 30.00 Gy, relative 51.00 Gy",
    "3 cm3: D2cc 20.00 Gy, relative 58.80 Gy; D0.1cc 58.00 Gy, relative 59.90 Gy",
    "1.5 cm3: D2cc 0.00 Gy, relative 58.80 Gy; D0.1cc 56.00 Gy, relative 59.90 Gy",
]


def build(volume):
    """A cumulative DVH in bins of 0.1 Gy: `volume` cm3, each dose from 0 to 60 Gy in an equal part of it."""
    counts = np.full(600, volume / 600)
    bins = np.linspace(0, 60, 601)
    return DVH(counts, bins, dvh_type="differential", dose_units="Gy", volume_units="cm3", rx_dose=60).cumulative


found = []
for volume, names in ((30, ("D2cc", "D15cc")), (3, ("D2cc", "D0.1cc")), (1.5, ("D2cc", "D0.1cc"))):
    dvh = build(volume)
    pairs = (f"{name} {dvh.statistic(name)}, relative {dvh.relative_volume.statistic(name)}" for name in names)
    found.append(f"{volume} cm3: " + "; ".join(pairs))
print(*found, sep="\n")
if found != SEEN:
    sys.exit("this has changed")
PYTHON
env/bin/python -I dvhs.py
