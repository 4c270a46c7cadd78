"""Tables with criteria for inclusion and for exclusion side by side."""

from __future__ import annotations

import pytest

from tests.support.extractors import shared_extractor

EXTRACTOR = shared_extractor()
ROWS = [("Age ≥ 18 years", "Creatinine > 2 mg/dL"), ("Hemoglobin ≥ 9 g/dL", "ALT > 3 x ULN")]


def read_polarities(text: str) -> str:
    return "".join(str(fact.attributes["polarity"])[0] for fact in EXTRACTOR.annotate(text).facts)


def write_table(row: str, left: str = "Inclusion criteria", right: str = "Exclusion criteria", under: str = "") -> str:
    lines = [row.format(*cells) for cells in ((left, right), *ROWS)]
    return "\n".join([lines[0], *([under] if under else []), *lines[1:]])


@pytest.mark.parametrize("row", ["{}\t{}", "{} | {}", "| {} | {} |", "{:<40}{}", "1. {:<36}2. {}"])
@pytest.mark.parametrize("kind", ["{} criteria", "Key {} criteria", "{}", "Main {} Criteria:"])
def test_side_by_side(row: str, kind: str) -> None:
    left, right = kind.format("Inclusion"), kind.format("Exclusion")
    assert read_polarities(write_table(row, left, right)) == "ieie"
    swapped = write_table(row, right, left)
    assert read_polarities(swapped) == "eiei"


def test_markdown_and_what_follows() -> None:
    text = write_table("| {} | {} |", under="|---|---|")
    assert read_polarities(f"{text}\n\nThe drug is held at platelets < 50 x 10^9/L.") == "ieien"


def test_cells_that_stand_alone_in_columns_of_blanks() -> None:
    left, right = "- Platelets ≥ 100 x 10^9/L", " " * 40 + "- INR > 1.5"
    text = write_table("{:<40}{}")
    assert read_polarities(f"{text}\n{left}\n{right}\n\nThe drug is held at platelets < 50 x 10^9/L.") == "ieieien"


def test_a_column_of_names_goes_with_the_first() -> None:
    text = "Test\tInclusion criteria\tExclusion criteria\nHemoglobin\t≥ 9 g/dL\t< 8 g/dL"
    assert read_polarities(text) == "i"


@pytest.mark.parametrize(
    "text",
    [
        "Inclusion criteria: hemoglobin ≥ 9 g/dL\tExclusion criteria: ALT > 3 x ULN",
        "Inclusion criteria\n- Hemoglobin ≥ 9 g/dL\nExclusion criteria\n- ALT > 3 x ULN",
    ],
)
def test_other_layouts_are_no_tables(text: str) -> None:
    assert read_polarities(text) == "ie"
