"""Parts that a source names: what they say of polarity, and that nothing reaches over their ends."""

from __future__ import annotations

import pytest

from tests.support.extractors import shared_extractor
from trialsift.model.document import Part

EXTRACTOR = shared_extractor()


def document(**parts: str) -> tuple[str, list[Part]]:
    """A text of these parts, each under a heading line, and their places."""
    text, places = "", []
    for name, content in parts.items():
        text += f"{name}:\n"
        places.append(Part(len(text), len(text) + len(content), name))
        text += content + "\n\n"
    return text, places


def polarities(**parts: str) -> dict[str, str]:
    text, places = document(**parts)
    facts = EXTRACTOR.annotate(text, places).facts
    assert all(text[f.start : f.end] == f.text for f in facts)
    return {f.text: str(f.attributes["polarity"]) for f in facts}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param(
            {"eligibility": "Inclusion Criteria:\n\n* Age ≥ 18 years\n\nExclusion:\n\n* Platelets < 100 x 10^9/L"},
            {"≥ 18 years": "inclusion", "< 100 x 10^9/L": "exclusion"},
            id="headings within criteria",
        ),
        pytest.param(
            {"eligibility": "* Hemoglobin ≥ 9 g/dL\n* An INR > 1.5 is excluded\n* No prior dose > 50 Gy"},
            {"≥ 9 g/dL": "inclusion", "> 1.5": "exclusion", "> 50 Gy": "inclusion"},
            id="criteria without a heading are inclusion unless said to exclude",
        ),
        pytest.param(
            {"outcomes": "ECOG ≤ 1 at 12 months; hemoglobin ≥ 10 g/dL", "eligibility": "ECOG ≤ 2"},
            {"≤ 1": "none", "≥ 10 g/dL": "none", "≤ 2": "inclusion"},
            id="an outcome limits nobody",
        ),
        pytest.param(
            {"arms": "Inclusion: 50 Gy in 25 fractions", "eligibility": "Age 18 to 70 years"},
            {"50 Gy": "none", "25 fractions": "none", "18 to 70 years": "inclusion"},
            id="no heading is looked for in arms",
        ),
        pytest.param(
            {"detailed_description": "INCLUSION CRITERIA:\n- Age ≥ 21 years", "arms": "8 Gy single fraction"},
            {"≥ 21 years": "inclusion", "8 Gy": "none", "single fraction": "none"},
            id="running text may hold criteria; they end with it",
        ),
    ],
)  # fmt: skip
def test_polarity_comes_from_the_part(parts: dict[str, str], expected: dict[str, str]) -> None:
    assert polarities(**parts) == expected


def test_criteria_do_not_reach_into_what_follows_them() -> None:
    told = polarities(
        eligibility="Exclusion Criteria:\n- Creatinine > 2 mg/dL", arms="Cisplatin 75 mg/m2 every 3 weeks"
    )
    assert told == {"> 2 mg/dL": "exclusion", "75 mg/m2": "none"}


def test_a_line_does_not_go_on_in_the_next_part() -> None:
    text, places = "Age of at least 18 to", []
    places = [Part(0, len(text), "eligibility"), Part(len(text) + 1, len(text) + 11, "outcomes")]
    facts = EXTRACTOR.annotate(text + "\n70 years.", places).facts
    assert not [f for f in facts if "70" in f.text]


def test_without_parts_nothing_changes() -> None:
    text, _ = document(eligibility="Inclusion Criteria:\n- Age ≥ 18 years")
    assert EXTRACTOR.annotate(text) == EXTRACTOR.annotate(text, ())
