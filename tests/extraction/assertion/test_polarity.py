"""Polarity outside named sections, told by the words of a sentence and by the part of the document it stands in."""

from __future__ import annotations

import pytest

from tests.support.extractors import shared_extractor

EXTRACTOR = shared_extractor()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A platelet count ≥ 100,000/mm3 was required.", ["inclusion"]),
        ("Required features included platelets ≥ 100,000/mm3.", ["inclusion"]),
        ("Adequate renal function (creatinine ≤ 1.5 mg/dL) was mandatory.", ["inclusion"]),
        ("All patients with an eGFR ≤ 60 mL/min were invited to participate.", ["inclusion"]),
        ("Patients were excluded if creatinine was > 2 mg/dL.", ["exclusion"]),
        ("Reasons for exclusion were a creatinine > 2 mg/dL.", ["exclusion"]),
        (
            "Adults with HbA1c ≥ 7 % were eligible; those with creatinine > 2 mg/dL were excluded.",
            ["inclusion", "exclusion"],
        ),
        ("We recruited adults with HbA1c < 10 % so as to exclude poor control.", ["inclusion"]),
        ("Transfusion was required if hemoglobin fell to < 8 g/dL.", ["none"]),
        ("The next cycle was given when platelets of ≥ 100,000/mm3 were reached, as required.", ["none"]),
        ("BODY.METHODS.PARTICIPANTS:\nAdults with HbA1c ≥ 7 % took part.", ["inclusion"]),
        ("BODY.METHODS.DOSING:\nInsulin was raised at HbA1c ≥ 7 %.", ["none"]),
        ("BODY.RESULTS:\nMen aged ≥ 65 years were ill more often.", ["none"]),
        ("Inclusion Criteria:\n- Adults ≥ 18 years\nThey are stratified by ECOG (0 or 1).", ["inclusion", "none"]),
        ("Patients were required to be receiving metformin ≥ 1000 mg/day.", ["inclusion"]),
        ("Patients were given metformin 1000 mg/day.", ["none"]),
    ],
)
def test_polarity_in_prose(text: str, expected: list[str]) -> None:
    assert [fact.attributes["polarity"] for fact in EXTRACTOR.annotate(text).facts] == expected
