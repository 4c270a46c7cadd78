"""Abbreviations that a document defines itself."""

from __future__ import annotations

import pytest

from tests.support.extractors import shared_extractor
from trialsift.extraction.mentions.abbreviations import AbbreviationWords, find_defined_names
from trialsift.rules.wording import read_wordings

EXTRACTOR = shared_extractor(context=False)
NAMES = EXTRACTOR.lexicon.names
WORDS = read_wordings(EXTRACTOR.patterns).fill(AbbreviationWords, "abbreviations")


@pytest.mark.parametrize(
    ("text", "defined"),
    [
        ("absolute neutrophil count (ANCt) of 1.5", {"ANCt": "neutrophils"}),
        ("Platelet count (PLTc) ≥ 100,000/mm3", {"PLTc": "platelets"}),
        ("total\n   bilirubin (TBil-X)", {}),
        ("creatinine (Crx) < 1.5", {}),  # x is no letter of the name
        ("hemoglobin (1.5)", {}),  # a number
        ("creatinine (mg/dL)", {}),  # a unit
        ("bilirubin (ULN)", {}),  # a limit
        ("aspartate aminotransferase (AST)", {}),  # a known name
        ("performance status (PS) 0-2", {}),
        ("platelets (pl) > 5", {}),  # no capital
        ("the study treatment (ANCt)", {}),  # no known name before it
        ("absolute neutrophil count of patients (ANCt)", {}),  # not directly behind it
        ("platelet count (PLTc), then sodium count (PLTc)", {"PLTc": "platelets"}),
    ],
)
def test_definition(text: str, defined: dict[str, str]) -> None:
    found = {short: concept[1] for short, concept in find_defined_names(text, NAMES, WORDS).items()}
    assert found == defined


def test_the_extractor_reads_by_it() -> None:
    text = "Inclusion Criteria:\n- absolute neutrophil count (ANCt) recovered\n- ANCt ≥ 1.5 x 10^9/L"
    [fact] = EXTRACTOR.annotate(text).facts
    assert (fact.label, fact.attributes["analyte"], fact.attributes["low"]) == ("LAB", "neutrophils", 1.5)
