"""Which limits are alternatives of one another, `any_of`: the groups of each text, members by their own characters."""

from __future__ import annotations

from functools import cache

import pytest

from trialsift import Extractor

GROUPED = [
    # the same limit in another unit, or on another scale
    ("- Hemoglobin ≥ 9 g/dL (≥ 5.6 mmol/L)", [["≥ 9 g/dL", "≥ 5.6 mmol/L"]]),
    ("- Fasting glucose < 126 mg/dL or 7.0 mmol/L", [["< 126 mg/dL", "7.0 mmol/L"]]),
    ("- ECOG 0-1 or Karnofsky ≥ 70%", [["0-1", "≥ 70%"]]),
    ("- ECOG performance status ≤ 2 (KPS ≥ 60)", [["≤ 2", "≥ 60"]]),
    ("- Lansky ≥ 50 for those up to 16 years; Karnofsky ≥ 50 for those above 16 years", [["≥ 50", "≥ 50"]]),
    # a rule and its exception
    (
        "- ALT and AST ≤ 2.5 x ULN (≤ 5 x ULN with liver metastases)",
        [["≤ 2.5 x ULN", "≤ 5 x ULN"], ["≤ 2.5 x ULN", "≤ 5 x ULN"]],
    ),
    ("- Bilirubin ≤ 1.5 x ULN\n- ALP ≤ 2.5 x ULN, or ≤ 5 x ULN if bone metastases", [["≤ 2.5 x ULN", "≤ 5 x ULN"]]),
    ("- Creatinine ≤ 1.2 mg/dL for women, ≤ 1.4 mg/dL for men", [["≤ 1.2 mg/dL", "≤ 1.4 mg/dL"]]),
    # one or the other
    ("- Creatinine ≤ 1.5 x ULN or creatinine clearance ≥ 60 mL/min", [["≤ 1.5 x ULN", "≥ 60 mL/min"]]),
    ("- Creatinine ≤ 1.5 mg/dL (or calculated GFR ≥ 50 mL/min)", [["≤ 1.5 mg/dL", "≥ 50 mL/min"]]),
    ("- ALT or AST ≤ 3 x ULN", [["≤ 3 x ULN", "≤ 3 x ULN"]]),
    (
        "- CD4 count > 500 cells/mm3; OR\n- CD4 count > 200 cells/mm3 on stable therapy",
        [["> 500 cells/mm3", "> 200 cells/mm3"]],
    ),
    (
        "- Creatinine ≤ 1.5 mg/dL\n- If creatinine > 1.5 mg/dL, creatinine clearance must be ≥ 60 mL/min",
        [["≤ 1.5 mg/dL", "≥ 60 mL/min"]],
    ),
    ("- Men aged 40 years and older; women aged 50 years and older", [["40 years and older", "50 years and older"]]),
    (
        "- At least one of the following:\n  - Ferritin < 100 ng/mL\n  - Transferrin saturation < 20%",
        [["< 100 ng/mL", "< 20%"]],
    ),
    (
        "1. At least one of these:\na) Ferritin < 100 ng/mL\nb) Transferrin saturation < 20%\n2. Platelets ≥ 100/nL",
        [["< 100 ng/mL", "< 20%"]],
    ),
    # for different people
    (
        "- HbA1c 6.5%-9.0% (both inclusive) for subjects treated with metformin and 7.0%-10.5% (both inclusive) for "
        "subjects treated with diet alone",
        [["6.5%-9.0%", "7.0%-10.5%"]],
    ),
    ("- Aged > 16 years in the coastal region\n- Aged > 14 years in the islands", [["> 16 years", "> 14 years"]]),
    (
        "- Aspartate aminotransferase (AST) and serum ALT ≤ 2.5 x ULN, or AST and ALT ≤ 5 x ULN if metastatic",
        [["≤ 2.5 x ULN", "≤ 5 x ULN"], ["≤ 2.5 x ULN", "≤ 5 x ULN"]],
    ),
]

NOT_GROUPED = [
    "- Hemoglobin ≥ 9 g/dL and platelets ≥ 100 x 10^9/L",
    "- AST and ALT ≤ 2.5 x ULN",
    "- AST ≤ 5 x ULN if liver or bone metastases, bilirubin ≤ 1.5 x ULN",
    "- Age 18 to 75 years, ECOG 0-1",
    "- Signed consent if aged 18 years or over, or by a parent for patients under 18 years of age",
    "- ALT ≤ 4 x ULN for patients with liver metastases or patients with hemolysis bilirubin ≤ 2 x ULN",
    "- Fasting glucose < 7.0 mmol/L and two hours later from 7.8 mmol/L or glucose > 11.1 mmol/L",
    "- Aged > 16 years\n- Aged > 18 years in the islands only by consent",
    "- Hemoglobin ≥ 9 g/dL without growth factors or transfusion\n- Bilirubin ≤ 1.5 x ULN",
]


EXCLUDED_TOGETHER = [
    ("- ALT > 3 x ULN and bilirubin > 2 x ULN", [["> 3 x ULN", "> 2 x ULN"]]),
    ("- ALT > 5 x ULN, or ALT > 3 x ULN and bilirubin > 2 x ULN", [["> 3 x ULN", "> 2 x ULN"]]),
    ("- Hemoglobin < 8 g/dL (< 5 mmol/L)", [["< 8 g/dL", "< 5 mmol/L"]]),
    ("- ALT > 3 x ULN\n- For patients with liver metastases, ALT > 5 x ULN", [["> 3 x ULN", "> 5 x ULN"]]),
]

EACH_EXCLUDES = [
    "- Platelets < 100 x 10^9/L or neutrophils < 1.5 x 10^9/L",
    "- Leukocytes < 3 x 10^9/L, neutrophils < 1.5 x 10^9/L and platelets < 100 x 10^9/L",
    "- ALT or AST > 3 x ULN",
    "- ALT > 3 x ULN\n- For patients without liver disease, ALT > 2 x ULN",
]


def find_groups(text: str) -> list[list[str]]:
    """Returns the texts of each group's members, in the order of their numbers."""
    groups: dict[int, list[str]] = {}
    for fact in find_extractor().annotate(text).facts:
        if number := fact.attributes.get("any_of"):
            groups.setdefault(int(number), []).append(fact.text)
    assert sorted(groups) == list(range(1, len(groups) + 1))
    return [groups[number] for number in sorted(groups)]


@cache
def find_extractor() -> Extractor:
    return Extractor()


@pytest.mark.parametrize(("criterion", "groups"), GROUPED)
def test_included_by_one_of_them(criterion: str, groups: list[list[str]]) -> None:
    assert find_groups(f"Inclusion Criteria:\n{criterion}\n") == groups


@pytest.mark.parametrize("criterion", NOT_GROUPED)
def test_all_are_asked(criterion: str) -> None:
    assert find_groups(f"Inclusion Criteria:\n{criterion}\n") == []


@pytest.mark.parametrize(("criterion", "groups"), EXCLUDED_TOGETHER)
def test_excluded_by_all_of_them(criterion: str, groups: list[list[str]]) -> None:
    assert find_groups(f"Exclusion Criteria:\n{criterion}\n") == groups


@pytest.mark.parametrize("criterion", EACH_EXCLUDES)
def test_each_excludes(criterion: str) -> None:
    assert find_groups(f"Exclusion Criteria:\n{criterion}\n") == []


def test_at_least_two_are_of_another_kind() -> None:
    for words in ("At least two of the following", "Any two of", "2 or more of"):
        text = f"Inclusion Criteria:\n- {words}:\n  - Ferritin < 100 ng/mL\n  - Hemoglobin < 11 g/dL\n"
        assert [fact.attributes.get("any_of") for fact in find_extractor().annotate(text).facts] == [0, 0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Patients had active arthritis with at least two of the following: (1) CRP ≥ 1.5 mg/dL; (2) morning "
            "stiffness; (3) erosions. Hemoglobin had to be ≥ 9 g/dL.",
            [0, None],
        ),
        (
            f"{'Sixty patients of several hospitals were treated in this study. ' * 5}Inclusion criteria were age < 80 "
            "years, and one of the following: 1) T3a, 2) Gleason 8 or 3) PSA > 10 ug/L. PSA had to be < 30 ug/L.",
            [None, 0, None],
        ),
        (
            "Inclusion Criteria: At least two of the following: CRP > 12 mg/L, ESR > 25 mm/h\n"
            "Laboratory values: Hemoglobin ≥ 8 g/dL\n",
            [0, 0, None],
        ),
        (
            "Inclusion Criteria:\n1. Three or more of following characteristics:\n"
            "- Fasting glucose > 100 mg/dL\n- Triglycerides > 150 mg/dL\n2. Hemoglobin > 9 g/dL\n",
            [0, 0, None],
        ),
    ],
)
def test_a_list_ends_with_its_sentence_and_its_items(text: str, expected: list[int | None]) -> None:
    assert [fact.attributes.get("any_of") for fact in find_extractor().annotate(text).facts] == expected


@pytest.mark.parametrize(
    "criterion",
    [
        "- At least one of the following:\n  - Stage T3a\n  - PSA > 10 ng/mL",
        "- Unfit for fludarabine by either of these: creatinine clearance < 70 mL/min or deafness",
    ],
)
def test_a_limit_whose_alternatives_have_no_number_is_not_asked_of_everybody(criterion: str) -> None:
    [fact] = find_extractor().annotate(f"Inclusion Criteria:\n{criterion}\n").facts
    assert fact.attributes["any_of"] == 0


def test_outside_of_criteria_nothing_is_grouped() -> None:
    text = "Stratified by ECOG 0-1 or Karnofsky ≥ 70."
    assert all("any_of" not in fact.attributes for fact in find_extractor().annotate(text).facts)
