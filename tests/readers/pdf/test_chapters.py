"""The chapters of a protocol: what their headings say they are."""

from __future__ import annotations

import pytest

from trialsift.readers.pdf.chapters import OTHER, find_kind, find_parts
from trialsift.readers.pdf.layout import write_paragraphs
from trialsift.readers.pdf.line import Paragraph


def _parts(*texts: str) -> list[tuple[str, str]]:
    """The name and the first line of each part, of a document of these paragraphs; those with a # are large."""
    paragraphs = [
        Paragraph(text.removeprefix("# "), 14.0 if text.startswith("# ") else 10.0, bool(number))
        for number, text in enumerate(texts)
    ]
    text = write_paragraphs(paragraphs)
    return [(part.name, text[part.start : part.end].split("\n")[0]) for part in find_parts(paragraphs)]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Inclusion criteria", "eligibility"),
        ("KEY EXCLUSION CRITERIA", "eligibility"),
        ("Selection and withdrawal of subjects", OTHER),
        ("Selection of patients", "eligibility"),
        ("Study population", "eligibility"),
        ("Analysis populations", OTHER),
        ("Withdrawal criteria", OTHER),
        ("Screen failures", OTHER),
        ("Inclusion of women and minorities", OTHER),
        ("Dose modifications", "interventions"),
        ("Randomisation", "interventions"),
        ("Randomisation criteria", "eligibility"),
        ("Objectives and endpoints", "outcomes"),
        ("Protocol synopsis", "brief_summary"),
        ("Study design", "detailed_description"),
        ("Schedule of assessments", OTHER),
        ("Appendix 2: eligibility checklist", OTHER),
        ("Lifestyle considerations", None),
    ],
)
def test_kinds(title: str, kind: str | None) -> None:
    assert find_kind(title) == kind


def test_items_with_numbers_of_chapters_stay_among_the_criteria() -> None:
    assert _parts(
        "# 3 Patient selection",
        "3.1 Inclusion criteria",
        "3.1.1 Adequate renal function",
        "Creatinine clearance above 50 mL/min.",
        "3.2 Exclusion criteria",
        "3.2.1 Prior radiotherapy",
        "More than 30 Gy.",
        "3.2.2 Treatment with steroids",
        "3.3 Withdrawal of patients",
        "# 4 Radiotherapy",
    ) == [
        ("eligibility", "3 Patient selection"),
        (OTHER, "3.3 Withdrawal of patients"),
        ("interventions", "4 Radiotherapy"),
    ]


def test_items_of_a_list_are_no_chapters() -> None:
    assert _parts(
        "# 5 Eligibility",
        "5.1 Inclusion criteria",
        "1. Written consent",
        "2. Prior chemotherapy",
        "3. Adequate follow-up",
        "# 6 Statistics",
    ) == [("eligibility", "5 Eligibility"), (OTHER, "6 Statistics")]


def test_the_table_of_contents_tells_headings_and_is_none() -> None:
    assert _parts(
        "Inclusion criteria ..... 4",
        "Diary ..... 5",
        "Inclusion criteria",
        "Age 18 or older.",
        "Diary",
        "Entries below 10 mg are ignored.",
    ) == [("eligibility", "Inclusion criteria"), (OTHER, "Diary")]


@pytest.mark.parametrize(
    "texts",
    [
        ("# Background", "Nothing.", "# Treatment", "60 Gy in 30 fractions."),
        ("Dear Sir or Madam,", "the inclusion criteria were met."),
        (),
    ],
)
def test_documents_without_criteria_have_no_parts(texts: tuple[str, ...]) -> None:
    assert _parts(*texts) == []
