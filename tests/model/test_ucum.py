"""Which units convert to which, and by what number."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.record_units import units
from trialsift.model.ucum import RECORDED, find_factor, resolve_unit

CONVERTIBLE = [
    ("/uL", "10*9/L", 1e-3),
    ("10*3/uL", "10*9/L", 1),
    ("10^9/L", "10*9/L", 1),
    ("10*6/L", "/uL", 1),
    ("g/dL", "g/L", 10),
    ("mg/dL", "g/L", 0.01),
    ("umol/L", "mmol/L", 1e-3),
    ("mL/s/{1.73_m2}", "mL/min/{1.73_m2}", 60),
    ("mg/(24.h)", "mg/d", 1),
    ("g/(24.h)", "mg/d", 1000),
    ("mg/wk", "mg/d", 1 / 7),
    ("mg/kg/d", "ug/kg/d", 1000),
    ("g/m2", "mg/m2", 1000),
    ("U/L", "[IU]/L", 1),
    ("mU/L", "m[IU]/L", 1),
    ("[iU]/mL", "U/L", 1000),
    ("10*6.[IU]", "k[IU]", 1000),
    ("ukat/L", "U/L", 60),
    ("{copies}/mL", "{copies}/L", 1000),
    ("meq/dL", "meq/L", 10),
    ("cGy", "Gy", 0.01),
    ("MBq", "GBq", 1e-3),
    ("mCi", "MBq", 37),
    ("a", "mo", 12),
    ("a", "d", 365.25),
    ("wk", "d", 7),
    ("min", "s", 60),
    ("kPa", "mm[Hg]", 7.500616),
    ("mm/h", "mm/min", 1 / 60),
    ("L/L", "%", 100),
    ("g%", "g/L", 10),
    ("mg%", "mg/dL", 1),
    ("[Cal]", "cal_th", 1000),
]

DIFFERENT = [
    ("meq/L", "mmol/L"),
    ("mosm/kg", "mmol/kg"),
    ("g/dL", "mmol/L"),
    ("{copies}/mL", "/mL"),
    ("{copies}/mL", "[IU]/mL"),
    ("mL/min", "mL/min/{1.73_m2}"),
    ("ULN", "LLN"),
    ("ULN", "1"),
    ("1", "%"),
    ("[pH]", "1"),
    ("AUC", "mg"),
    ("mg/g", "%"),
    ("mg/kg/d", "/d"),
    ("mg/kg", "mg/m2"),
    ("mg", "mg/d"),
    ("MBq", "/s"),
    ("Cel", "[degF]"),
    ("Cel", "K"),
    ("nonsense", "mg"),
    ("nonsense", "gibberish"),
    ("", "1"),
    ("{fold}", "{times}"),
]


@pytest.mark.parametrize(("one", "other", "expected"), CONVERTIBLE)
def test_converts_both_ways(one: str, other: str, expected: float) -> None:
    assert find_factor(one, other) == pytest.approx(expected, rel=1e-6)
    assert find_factor(other, one) == pytest.approx(1 / expected, rel=1e-6)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_does_not_convert(one: str, other: str) -> None:
    assert find_factor(one, other) is None
    assert find_factor(other, one) is None


@pytest.mark.parametrize("unit", ["mg", "ULN", "{fold}", "nonsense", "", "10*9/L", "mg/"])
def test_every_unit_is_itself(unit: str) -> None:
    assert find_factor(unit, unit) == 1
    assert find_factor(unit, f"{unit} and more") is None


def test_units_of_the_corpora_are_ucum_or_arbitrary(shared_corpora: Path) -> None:
    units: set[str] = set()
    for path in sorted(shared_corpora.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line.strip():
                units |= {s["attributes"]["unit"] for s in json.loads(line)["spans"] if s["attributes"].get("unit")}
    assert len(units) > 20
    assert {u for u in units if resolve_unit(u).kind.startswith("only")} <= {"ULN", "LLN", "AUC", "[pH]", "1", "Cel"}


def test_what_is_recorded_is_what_the_registry_says() -> None:
    with RECORDED.open(encoding="utf-8", newline="") as file:
        rows = {row["unit"]: (row["kind"], float(row["scale"])) for row in csv.DictReader(file)}
    assert set(rows) == set(units()), "run python -m tests.support.record_units"
    for unit, (kind, scale) in rows.items():
        known = resolve_unit(unit)
        assert (known.kind, known.scale) == (kind, pytest.approx(scale, rel=1e-12)), unit


def test_registry_is_loaded_only_when_needed() -> None:
    code = (
        "import sys; from trialsift.model.ucum import find_factor\n"
        "assert find_factor('mg', 'mg') == 1 and find_factor('ULN', 'mg') is None\n"
        "assert find_factor('umol/L', 'mg/dL') is None and find_factor('10*3/uL', '10*9/L') is not None\n"
        "assert 'pint' not in sys.modules, 'pint was loaded for nothing'\n"
        "assert 'spacy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
