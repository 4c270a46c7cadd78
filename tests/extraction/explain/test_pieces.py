"""Which characters of a text a fact was read from, and what they were taken for."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.extractors import shared_extractor
from trialsift.extraction.explain import Explanation, explain
from trialsift.extraction.extractor import Extractor
from trialsift.rules.files import patterns_dir

INCLUSION = "Inclusion Criteria:\n- "
VALUE = ("name", "comparator", "number", "range", "unit")


@cache
def extractor() -> Extractor:
    return shared_extractor(context=False)


def explained(text: str, label: str) -> list[Explanation]:
    return [e for e in explain(extractor(), text) if e.fact.label == label]


def pieces(explanation: Explanation) -> str:
    """The pieces of the value, in the order of the text: `number 18 = 18, unit years = a`."""
    told = [piece for piece in explanation.pieces if piece.kind in VALUE]
    return ", ".join(f"{p.kind} {' '.join(p.text.split())} = {p.meaning}" for p in told)


AGES = [
    ("Age ≥ 18 years", "comparator ≥ = low, inclusive, number 18 = 18, unit years = a"),
    (
        "Aged eighteen (18) years or older",
        "number eighteen (18) = 18, unit years = a, comparator or older = low, inclusive",
    ),
    ("Age 18+", "number 18 = 18, comparator + = low, inclusive"),
    ("Age: 18-70 years", "number 18 = 18, range - = low and high, number 70 = 70, unit years = a"),
    (
        "Between 18 and 70 years of age, inclusive",
        "comparator Between = low and high, number 18 = 18, range and = low and high, number 70 = 70, unit years = a",
    ),
    ("18 ≤ age < 75", "number 18 = 18, comparator ≤ = low, inclusive, comparator < = high, exclusive, number 75 = 75"),
    (
        "Patients must not be older than 70 years",
        "comparator not be older than = high, inclusive, number 70 = 70, unit years = a",
    ),
    (
        "Age > 6 weeks and < 17 years",
        "comparator > = low, exclusive, number 6 = 6, unit weeks = wk, "
        "comparator < = high, exclusive, number 17 = 17, unit years = a",
    ),
    ("Age 18 years", "number 18 = 18, unit years = a"),
    (
        "Children aged birth to < 12 years",
        "number birth to = 0, comparator < = high, exclusive, number 12 = 12, unit years = a",
    ),
]
SCORES = [
    (
        "ECOG performance status 0, 1 or 2",
        "name ECOG = ECOG, number 0 = 0, number 1 = 1, number 2 = 2",
    ),
    ("WHO PS < 2", "name WHO PS = ECOG, comparator < = high, exclusive, number 2 = 2"),
    ("Karnofsky 70 or greater", "name Karnofsky = KPS, number 70 = 70, comparator or greater = low, inclusive"),
    ("ECOG no worse than 1", "name ECOG = ECOG, comparator no worse than = high, inclusive, number 1 = 1"),
    ("Karnofsky no worse than 60", "name Karnofsky = KPS, comparator no worse than = low, inclusive, number 60 = 60"),
    ("a score of 0 or 1 on the ECOG scale", "number 0 = 0, number 1 = 1, name ECOG = ECOG"),
]
LABS = [
    (
        "ANC no less than 1,500/mm3",
        "name ANC = neutrophils, comparator no less than = low, inclusive, number 1,500 = 1500, unit /mm3 = /uL",
    ),
    (
        "Platelets ≥ 100 x 109/L",
        "name Platelets = platelets, comparator ≥ = low, inclusive, number 100 = 100, unit x 109/L = 10*9/L",
    ),
    ("ALT 3x < ULN", "name ALT = alt, number 3 = 3, unit x < ULN = ULN, comparator < = high, exclusive"),
    ("Bilirubin ≤ ULN", "name Bilirubin = bilirubin_total, comparator ≤ = high, inclusive, unit ULN = ULN"),
    (
        "At least 9 g/dL hemoglobin",
        "comparator At least = low, inclusive, number 9 = 9, unit g/dL = g/dL, name hemoglobin = hemoglobin",
    ),
    (
        "Creatinine clearance ≥ 60 mL/min",
        "name Creatinine clearance = creatinine_clearance, comparator ≥ = low, inclusive, number 60 = 60, "
        "unit mL/min = mL/min",
    ),
    (
        "Albumin not < 25 g/L",
        "name Albumin = albumin, comparator not < = low, inclusive, number 25 = 25, unit g/L = g/L",
    ),
]
DOSES = [
    ("The dose is 50 Gy.", "number 50 = 50, unit Gy = Gy"),
    ("TBI at 15 cGy/min", "number 15 = 15, unit cGy = cGy"),
    (
        "Prednisone up to 10 mg/day",
        "name Prednisone = prednisone, comparator up to = high, inclusive, number 10 = 10, unit mg/day = mg/d",
    ),
    ("Docetaxel 75 mg/m2", "name Docetaxel = docetaxel, number 75 = 75, unit mg/m2 = mg/m2"),
    ("325 mg of aspirin", "number 325 = 325, unit mg = mg, name aspirin = aspirin"),
    ("Carboplatin AUC 5-6", "name Carboplatin = carboplatin, unit AUC = AUC, number 5 = 5, number 6 = 6"),
    (
        "in excess of prednisone 30 mg/day",
        "comparator in excess of = low, exclusive, name prednisone = prednisone, number 30 = 30, unit mg/day = mg/d",
    ),
]
FRACTIONS = [
    ("50 Gy in 25 fractions", "number 25 = 25, unit fractions = fractions"),
    ("25 x 2 Gy", "number 25 = 25, unit x = times a dose"),
    ("4 Gy x5 to the pelvis", "unit x = times a dose, number 5 = 5"),
    ("8 Gy in a single fraction", "number single = 1, unit fraction = fractions"),
    ("15 to 20 fractions of 3 Gy", "number 15 = 15, number 20 = 20, unit fractions = fractions"),
]
CASES: list[Any] = [
    pytest.param(label, text, told, id=f"{label}: {text}")
    for label, cases in (
        ("AGE", AGES),
        ("PERFORMANCE_STATUS", SCORES),
        ("LAB", LABS),
        ("DOSE", DOSES),
        ("FRACTIONS", FRACTIONS),
    )
    for text, told in cases
]


@pytest.mark.parametrize(("label", "text", "told"), CASES)
def test_pieces_of_a_value(label: str, text: str, told: str) -> None:
    whole = text if label in ("DOSE", "FRACTIONS") else INCLUSION + text
    [explanation, *_] = explained(whole, label)
    assert pieces(explanation) == told


def test_tests_that_share_a_threshold_have_names_of_their_own() -> None:
    told = explained("ALT, AST and bilirubin ≤ 2.5 x ULN", "LAB")
    assert [(e.fact.attributes["analyte"], e.pieces[0].text) for e in told] == [
        ("alt", "ALT"),
        ("ast", "AST"),
        ("bilirubin_total", "bilirubin"),
    ]


def test_a_unit_that_stands_once_is_a_piece_of_both() -> None:
    first, second = explained("WBC < 4 or > 30 x 109/L", "LAB")
    assert [p for p in first.pieces if p.kind == "unit"] == [p for p in second.pieces if p.kind == "unit"] != []


def test_an_elided_dose_has_the_unit_behind() -> None:
    told = explained("TBI of 1000 or 1200 cGy", "DOSE")[0]
    assert pieces(told) == "number 1000 = 1000, unit cGy = cGy"


def test_a_name_in_the_line_above() -> None:
    told = explained(INCLUSION + "Platelets:\n  - ≥ 100,000/mm3", "LAB")[0]
    assert told.fact.rule == "lab.name_above"
    assert pieces(told).startswith("name Platelets = platelets, ")


def test_an_abbreviation_that_the_document_defines() -> None:
    text = "Absolute neutrophil count (ANc) is measured.\nANc ≥ 1.5 x 109/L"
    assert pieces(explained(text, "LAB")[-1]).startswith("name ANc = neutrophils, ")


def test_full_width_signs_are_shown_as_they_stand() -> None:
    told = explained(INCLUSION + "Age ≥ １８ years", "AGE")[0]
    assert "number １８ = 18" in pieces(told)


FURTHER = """
label = "MEASUREMENT"
table = "measurements"
engine = "generic"
colour = "#aaaaaa"
default = true
columns = [["measure", "string", "what is measured"], "interval", ["unit", "string", "UCUM"]]
kinds = ["percent"]
attribute = "measure"
[names]
lvef = ["LVEF", "ejection fraction"]
[[rule]]
id = "measurement.named"
description = "The measurement, then the threshold."
examples = [{ text = "LVEF ≥ 50%", low = 50, unit = "%" }]
not_examples = ["50% of patients"]
"""


def test_a_label_that_only_its_file_knows(tmp_path: Path) -> None:
    folder = tmp_path / "patterns"
    shutil.copytree(patterns_dir(), folder)
    (folder / "entities" / "measurement.toml").write_text(FURTHER, encoding="utf-8")
    told = explain(Extractor(folder, context=False), "Ejection fraction ≥ 50%")[0]
    assert told.rule == "The measurement, then the threshold."
    assert pieces(told) == "name Ejection fraction = lvef, comparator ≥ = low, inclusive, number 50 = 50, unit % = %"
