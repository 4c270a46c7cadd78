"""Whose arm a dose or a number of fractions is."""

from __future__ import annotations

import pytest

from tests.support.extractors import shared_extractor
from trialsift.extraction.extractor import Extractor
from trialsift.model.document import Part


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return shared_extractor()


def read_arms(extractor: Extractor, text: str, parts: tuple[Part, ...] = ()) -> list[tuple[str, object]]:
    facts = extractor.annotate(text, parts).facts
    return [(f.text, f.attributes.get("arm")) for f in facts if f.label in ("DOSE", "FRACTIONS")]


@pytest.mark.parametrize(
    ("text", "arms"),
    [
        ("Arm A: 60 Gy. Arm B: 50 Gy.", ["Arm A", "Arm B"]),
        ("ARM I (chemoradiation): 60 Gy\nARM II (radiotherapy alone): 66 Gy", ["ARM I", "ARM II"]),
        ("Arm 1 - 42 Gy\nArm 2 - 50 Gy", ["Arm 1", "Arm 2"]),
        ("- Group B: 42 Gy\n\n- Group C: 50 Gy", ["Group B", "Group C"]),
        ("Cohort 2: cisplatin 40 mg/m2 weekly", ["Cohort 2"]),
        ("Experimental: Hypofractionated radiotherapy\nto 40 Gy", ["Hypofractionated radiotherapy"]),
        ("ACTIVE_COMPARATOR: Arm B: usual care\n50 Gy is given", ["Arm B: usual care"]),
        ("Arm A (n = 60) received 42 Gy. Arm B (n = 61) received 50 Gy.", ["Arm A", "Arm B"]),
        ("Patients in arm A received 60 Gy, those in arm B 50 Gy.", ["arm A", "arm B"]),
        ("Women were randomised to (A) 26 Gy or (B) 40 Gy.", ["A", "B"]),
        ("The control group received 50 Gy and the SBRT arm 36 Gy.", ["control group", "SBRT arm"]),
        ("A boost of 10 Gy in arm A and of 16 Gy in arm B is given.", ["arm A", "arm B"]),
        ("They receive 24 Gy (study arm) or 30 Gy (control arm).", ["study arm", "control arm"]),
        ("Survival was worse in the 74 Gy arm than in the 60 Gy arm.", ["74 Gy arm", "60 Gy arm"]),
        ("Group I (control group): 50 Gy", ["Group I"]),
        ("arm   A received 50 Gy. In ARM A, a boost of 10 Gy was given.", ["arm A", "arm A"]),
        ("Arm A: 50 Gy.\n\nArm B: as in arm A, then 10 Gy.\n", ["Arm A", "Arm B"]),
        ("All patients in group A received 50 Gy, and all patients in group C 40 Gy.", ["group A", "group C"]),
        ("They had saline (Group D) or a boost of 8 Gy (Group E) or of 10 Gy (Group F).", ["Group E", "Group F"]),
        ("It rose in the SBRT arm and was 50 Gy in the control arm.", ["control arm"]),
        ("Patients in the FL arm had 50 Gy, and those in neither had 40 Gy.", ["FL arm", None]),
        ("Controls: 60 Gy in the standard of care arm", ["standard of care arm"]),
    ],
)
def test_arms_are_told(extractor: Extractor, text: str, arms: list[str | None]) -> None:
    assert [arm for _, arm in read_arms(extractor, text)] == arms


@pytest.mark.parametrize(
    "text",
    [
        "Both arms received 50 Gy.",
        "In each arm, 50 Gy was given.",
        "Patients of all groups received 50 Gy.",
        "Doses of 60 Gy and 50 Gy were given in the study arm and the control arm, respectively.",
        "A melanoma of the upper arm was treated with 50 Gy.",
        "An age group was treated with 50 Gy.",
        "The Radiation Therapy Oncology Group gave 50 Gy.",
        "Mid-arm circumference was taken before 50 Gy.",
        "Arms A and B: 50 Gy in all.",
        "No word of whom: 50 Gy.",
        "In the control group 12 patients were seen; toxicity was lower than in arm A. All patients had 50 Gy.",
        "We used the one from the Stanford group with 50 Gy.",
        "Group B streptococci were treated with amoxicillin 500 mg.",
    ],
)
def test_no_arm_is_told(extractor: Extractor, text: str) -> None:
    assert {arm for _, arm in read_arms(extractor, text)} <= {None}


@pytest.mark.parametrize(
    "behind",
    [
        "All patients receive cisplatin 40 mg/m2.",
        "\n\nPrimary endpoint: survival after cisplatin 40 mg/m2",
        "\n\nWe chose this after cisplatin 40 mg/m2 was tolerated.",
        "\n\nInclusion Criteria:\n- no more than cisplatin 40 mg/m2",
    ],
)
def test_a_heading_ends(extractor: Extractor, behind: str) -> None:
    found = dict(read_arms(extractor, f"Arm A: 50 Gy.\nArm B: 40 Gy. {behind}"))
    assert found == {"50 Gy": "Arm A", "40 Gy": "Arm B", "40 mg/m2": None}


def test_what_the_source_names_comes_first(extractor: Extractor) -> None:
    text = "In arm 1, 60 Gy is given.\n\nArms:\nArm 1: long\n60 Gy\n\nShort\nunlike in arm 1: 40 Gy\n\n8 Gy in arm 2"
    title, first, second, third = (text.index(words) for words in ("In arm", "Arm 1: l", "Short", "8 Gy"))
    arms = ((first, second - 2, "Arm 1: long"), (second, third - 2, "Short"), (third, len(text), None))
    parts = (Part(title, first - 7, "brief_summary"), Part(first, len(text), "arms", arms))
    assert read_arms(extractor, text, parts) == [
        ("60 Gy", "Arm 1: long"),
        ("60 Gy", "Arm 1: long"),
        ("40 Gy", "Short"),
        ("8 Gy", "arm 2"),
    ]


def test_the_ranges_of_the_source_follow_repairs(extractor: Extractor) -> None:
    text = "WBC \\> 3 x 10^9/L\\; dose \\<= 8 Gy\n\nOne\n36 Gy\n\nTwo\n50 Gy"
    arms = tuple((text.index(name), text.index(dose) + 5, name) for name, dose in (("One", "36 Gy"), ("Two", "50 Gy")))
    found = read_arms(extractor, text, (Part(arms[0][0], len(text), "arms", arms),))
    assert found[-2:] == [("36 Gy", "One"), ("50 Gy", "Two")]


def test_only_doses_and_fractions_have_an_arm(extractor: Extractor) -> None:
    facts = extractor.annotate("Arm A: ECOG 0-1, hemoglobin > 9 g/dL, age 18-70 years, 50 Gy in 25 fractions").facts
    assert {f.label for f in facts if "arm" in f.attributes} == {"DOSE", "FRACTIONS"}
