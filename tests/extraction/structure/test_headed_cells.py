"""Tests that are named in the first row of a table: a limit below belongs to the heading of its column."""

from __future__ import annotations

import pytest

from tests.readers.pdf.papers import EXTRACTOR, facts
from trialsift.extraction.extractor import Extractor

UNFILTERED = Extractor(context=False, prefilter=False)
INCLUSION = "Inclusion criteria:\n\n"


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (
            "| Platelets | Neutrophils | Albumin |\n| ≥ 100 × 10^9/L | ≥ 1.5 × 10^9/L | > 28 g/L |\n",
            ["platelets ≥ 100 × 10^9/L", "neutrophils ≥ 1.5 × 10^9/L", "albumin > 28 g/L"],
        ),
        (
            "|  | Platelets | ANC | Bilirubin |\n| Group 1 | ≥ 100 × 10^9/L |  | ≤ 1.5 × ULN |\n"
            "| Group 2 | ≥ 75 × 10^9/L | - | ≤ 3 × ULN |\n",
            [
                "platelets ≥ 100 × 10^9/L",
                "bilirubin_total ≤ 1.5 × ULN",
                "platelets ≥ 75 × 10^9/L",
                "bilirubin_total ≤ 3 × ULN",
            ],
        ),
        # a test that is named in the row itself
        (
            "| Platelets | ANC |\n| Albumin | ≥ 28 g/L |\n",
            ["albumin ≥ 28 g/L"],
        ),
        # one heading only: what is done at a value of it
        ("| Hemoglobin | Action |\n| < 8 g/dL | Stop |\n", []),
        # rows of another length
        ("| Platelets | ANC |\n| ≥ 1.5 × 10^9/L |\n", []),
    ],
)
def test_limits_below_their_headings(rows: str, found: list[str]) -> None:
    assert [f"{of} {text}" for _, of, text in facts(INCLUSION + rows)] == found
    assert UNFILTERED.annotate(INCLUSION + rows) == EXTRACTOR.annotate(INCLUSION + rows)


def test_ages_that_head_columns_are_those_of_groups() -> None:
    table = "| Test | Age 3 to 12 years | Age 13 to 17 years |\n| Hemoglobin | ≥ 7 g/dL | ≥ 8 g/dL |\n"
    assert [of for label, of, _ in facts(INCLUSION + table) if label == "AGE"] == ["subgroup", "subgroup"]
    table = "| Criterion | Minimum | Maximum |\n| Age | 18 years | 75 years |\n"
    assert {of for label, of, _ in facts(INCLUSION + table) if label == "AGE"} <= {"trial"}
