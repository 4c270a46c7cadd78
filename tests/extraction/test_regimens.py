"""Which doses and fractions state one prescription together, and what follows from n × d = D."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.extractors import shared_extractor
from trialsift.extraction.regimens import RegimenWords, find_boosts, group_regimens
from trialsift.model.fact import Annotation, Bounds, Fact, Regimen
from trialsift.rules.files import patterns_dir
from trialsift.rules.wording import read_wordings

EXTRACTOR = shared_extractor(context=False)
WORDS = read_wordings(patterns_dir()).fill(RegimenWords, "regimens")
Stated = tuple[list[str], Bounds | None, Bounds | None, Bounds | None]


def annotate(text: str) -> Annotation:
    return EXTRACTOR.annotate(text)


def read(text: str) -> list[Stated]:
    """The regimens of a text: texts of the spans, fractions, dose per fraction, total."""
    annotation = annotate(text)
    return [
        ([annotation.facts[i].text for i in r.facts], r.fractions, r.dose_per_fraction, r.total_dose)
        for r in annotation.regimens
    ]


def one(value: float) -> Bounds:
    return value, value


def regimen(spans: list[str], n: float | None, d: float | None, total: float | None) -> Stated:
    pairs = [None if value is None else one(value) for value in (n, d, total)]
    return spans, pairs[0], pairs[1], pairs[2]


SINGLE: list[tuple[str, Stated]] = [
    # two of three are stated
    ("60 Gy in 30 fractions", regimen(["60 Gy", "30 fractions"], 30, 2, 60)),
    ("5x5 Gy", regimen(["5x", "5 Gy"], 5, 5, 25)),
    ("5 x 5 Gy", regimen(["5 x", "5 Gy"], 5, 5, 25)),
    ("25 x 2 Gy", regimen(["25 x", "2 Gy"], 25, 2, 50)),
    ("2 Gy x 25", regimen(["2 Gy", "x 25"], 25, 2, 50)),
    ("8 Gy x 1", regimen(["8 Gy", "x 1"], 1, 8, 8)),
    ("8 Gy single fraction", regimen(["8 Gy", "single fraction"], 1, 8, 8)),
    ("50 Gy/25 fr", regimen(["50 Gy", "25 fr"], 25, 2, 50)),
    ("50/2 Gy", regimen(["50", "2 Gy"], 25, 2, 50)),
    ("60 Gy with 2 Gy per fraction", regimen(["60 Gy", "2 Gy"], 30, 2, 60)),
    ("2 Gy per fraction to a total dose of 60 Gy", regimen(["2 Gy", "60 Gy"], 30, 2, 60)),
    (
        "1.8 Gy per fraction, given on each of five days of a week by a linear accelerator with at least 6 MV and "
        "blocks that are made for each patient, to a total dose of 45 Gy",
        regimen(["1.8 Gy", "45 Gy"], 25, 1.8, 45),
    ),
    ("hfRT (24 Gy; 2x1.5 Gy/d)", regimen(["24 Gy", "1.5 Gy"], 16, 1.5, 24)),
    ("short-course RT (total 25 Gy; 5 fractions in 5 days)", regimen(["25 Gy", "5 fractions"], 5, 5, 25)),
    ("three daily doses of 8 Gy", regimen(["three daily doses", "8 Gy"], 3, 8, 24)),
    ("180 cGy x 28", regimen(["180 cGy", "x 28"], 28, 1.8, 50.4)),
    # all three
    ("66 Gy in 33 fractions of 2 Gy", regimen(["66 Gy", "33 fractions", "2 Gy"], 33, 2, 66)),
    ("50.4 Gy in 28 fractions of 1.8 Gy", regimen(["50.4 Gy", "28 fractions", "1.8 Gy"], 28, 1.8, 50.4)),
    ("25 fractions of 2 Gy to a total dose of 50 Gy", regimen(["25 fractions", "2 Gy", "50 Gy"], 25, 2, 50)),
    ("3.5 Gy for 14 fractions (49 Gy total)", regimen(["3.5 Gy", "14 fractions", "49 Gy"], 14, 3.5, 49)),
    ("7 Gy daily, for 5 days", regimen(["7 Gy"], 5, 7, 35)),
    # one alone
    ("a total dose of 74 Gy was given", regimen(["74 Gy"], None, None, 74)),
    ("stereotactic radiotherapy in 5 fractions", regimen(["5 fractions"], 5, None, None)),
    # ranges
    ("45-50.4 Gy in 25-28 fractions", (["45-50.4 Gy", "25-28 fractions"], (25, 28), (1.8, 1.8), (45, 50.4))),
    ("30-50 Gy in 5 fractions", (["30-50 Gy", "5 fractions"], one(5), (6, 10), (30, 50))),
    ("60 Gy in 15-30 fractions", (["60 Gy", "15-30 fractions"], (15, 30), (2, 4), one(60))),
    ("up to 66 Gy in 33 fractions", (["up to 66 Gy", "33 fractions"], one(33), (None, 2), (None, 66))),
]


@pytest.mark.parametrize(("text", "expected"), [pytest.param(t, e, id=t) for t, e in SINGLE])
def test_one_regimen(text: str, expected: Stated) -> None:
    assert read(text) == [expected]


SEVERAL: list[tuple[str, list[Stated]]] = [
    # arms
    (
        "Arm A: 50 Gy in 25 fractions. Arm B: 40 Gy in 15 fractions.",
        [regimen(["50 Gy", "25 fractions"], 25, 2, 50), regimen(["40 Gy", "15 fractions"], 15, 2.666667, 40)],
    ),
    (
        "30 Gy in 10 fractions or 20 Gy in 5 fractions",
        [regimen(["30 Gy", "10 fractions"], 10, 3, 30), regimen(["20 Gy", "5 fractions"], 5, 4, 20)],
    ),
    (
        "8 Gy in 1 fraction versus 20 Gy in 5 fractions",
        [regimen(["8 Gy", "1 fraction"], 1, 8, 8), regimen(["20 Gy", "5 fractions"], 5, 4, 20)],
    ),
    (
        "30 Gy in 10 fractions, 20 Gy in 5 fractions",
        [regimen(["30 Gy", "10 fractions"], 10, 3, 30), regimen(["20 Gy", "5 fractions"], 5, 4, 20)],
    ),
    # boosts
    (
        "50 Gy in 25 fractions followed by a boost of 10 Gy in 5 fractions",
        [regimen(["50 Gy", "25 fractions"], 25, 2, 50), regimen(["10 Gy", "5 fractions"], 5, 2, 10)],
    ),
    (
        "46 Gy in 23 fractions with a boost of 14 Gy in 7 fractions",
        [regimen(["46 Gy", "23 fractions"], 23, 2, 46), regimen(["14 Gy", "7 fractions"], 7, 2, 14)],
    ),
    (
        "fractions of 2 Gy for a total of 56 Gy (46 Gy and a boost of 10 Gy)",
        [
            regimen(["2 Gy", "56 Gy"], 28, 2, 56),
            regimen(["2 Gy", "46 Gy"], 23, 2, 46),
            regimen(["2 Gy", "10 Gy"], 5, 2, 10),
        ],
    ),
    # one treatment that is given every day; a point in the course; no prescriptions
    ("One treatment of 3.0 Gy will be given daily for a total of 45.0 Gy", [regimen(["3.0 Gy", "45.0 Gy"], 15, 3, 45)]),
    ("the gland had shrunk after four fractions (EQD2 = 21 Gy)", []),
    # shared fractions
    (
        "62.5 Gy to the bed and 45 Gy to the nodes in 25 fractions",
        [regimen(["62.5 Gy", "25 fractions"], 25, 2.5, 62.5), regimen(["45 Gy", "25 fractions"], 25, 1.8, 45)],
    ),
    (
        "50 Gy in 25 fractions with a simultaneous integrated boost to 60 Gy",
        [regimen(["50 Gy", "25 fractions"], 25, 2, 50), regimen(["25 fractions", "60 Gy"], 25, 2.4, 60)],
    ),
    # alternatives that leave out the unit
    (
        "40 Gy or 50 Gy in 16 or 25 fractions",
        [regimen(["40 Gy", "16"], 16, 2.5, 40), regimen(["50 Gy", "25 fractions"], 25, 2, 50)],
    ),
    (
        "20 Gy in 5 or 10 fractions",
        [regimen(["20 Gy", "5"], 5, 4, 20), regimen(["20 Gy", "10 fractions"], 10, 2, 20)],
    ),
    (
        "2 Gy daily fractions to a total dose of 50 or 60 Gy",
        [regimen(["2 Gy", "50"], 25, 2, 50), regimen(["2 Gy", "60 Gy"], 30, 2, 60)],
    ),
    (
        "2 or 2.5 Gy x 16 or 20 fractions (40 Gy)",
        [regimen(["2.5 Gy", "x 16"], 16, 2.5, 40), regimen(["2", "20 fractions", "40 Gy"], 20, 2, 40)],
    ),
    # a sum, and a dose prescribed elsewhere
    (
        "20 fractions: 30 Gy to the pelvis and 10 Gy to the boost field, for a total of 40 Gy",
        [
            regimen(["30 Gy"], None, None, 30),
            regimen(["10 Gy"], None, None, 10),
            regimen(["20 fractions", "40 Gy"], 20, 2, 40),
        ],
    ),
    (
        "48 Gy in four fractions to the margin to a total dose of 60 Gy at the isocentre",
        [regimen(["48 Gy", "four fractions"], 4, 12, 48), regimen(["four fractions", "60 Gy"], 4, 15, 60)],
    ),
    (
        "in a single fraction, 20 Gy for small lesions and 16 Gy for large ones",
        [regimen(["single fraction", "20 Gy"], 1, 20, 20), regimen(["single fraction", "16 Gy"], 1, 16, 16)],
    ),
    (
        "70 Gy for arm 1 and 60 Gy for arm 2, using fraction sizes of 2 Gy",
        [regimen(["70 Gy", "2 Gy"], 35, 2, 70), regimen(["60 Gy", "2 Gy"], 30, 2, 60)],
    ),
    (
        "50 versus 60 Gy in 30 fractions",
        [regimen(["50", "30 fractions"], 30, 1.666667, 50), regimen(["60 Gy", "30 fractions"], 30, 2, 60)],
    ),
]


@pytest.mark.parametrize(("text", "expected"), [pytest.param(t, e, id=t) for t, e in SEVERAL])
def test_several_regimens(text: str, expected: list[Stated]) -> None:
    assert read(text) == expected


def test_as_many_totals_as_totals_are_no_pairs() -> None:
    text = "randomised to 40 Gy versus 20 Gy external radiation plus an implant (90 Gy versus 110 Gy, respectively)"
    assert [total for *_, total in read(text)] == [one(n) for n in (40, 20, 90, 110)]


def test_nothing_is_put_together_over_two_sentences() -> None:
    assert read("The tumour gets 60 Gy in total. Treatment in 30 fractions is usual.") == [
        regimen(["60 Gy"], None, None, 60),
        regimen(["30 fractions"], 30, None, None),
    ]


def test_a_fractionation_said_at_the_end_holds_for_the_totals_before() -> None:
    text = "The pelvis gets 45 Gy and the tumour gets 59.4 Gy in total. The fraction size is 1.8 Gy."
    assert read(text) == [regimen(["45 Gy", "1.8 Gy"], 25, 1.8, 45), regimen(["59.4 Gy", "1.8 Gy"], 33, 1.8, 59.4)]


@pytest.mark.parametrize(
    "text",
    [
        "RT was given at 1.8 Gy per fraction. The pelvis got 45 Gy and the tumour 54 Gy.",
        "The pelvis got 45 Gy and the tumour 54 Gy. RT was given at 1.8 Gy per fraction.",
    ],
)
def test_a_dose_per_fraction_stated_apart_holds_for_all_totals(text: str) -> None:
    found = [stated[1:] for stated in read(text)]
    assert found == [(one(25), one(1.8), one(45)), (one(30), one(1.8), one(54))]


def test_as_many_doses_per_fraction_as_totals_are_in_order() -> None:
    text = "A daily dose of 2 Gy was given to the tumour and of 1.6 Gy to the nodes. The totals were 50 and 40 Gy."
    assert read(text) == [regimen(["2 Gy", "50"], 25, 2, 50), regimen(["1.6 Gy", "40 Gy"], 25, 1.6, 40)]


def test_fractions_of_a_bounded_total_are_bounded() -> None:
    assert read("2 Gy daily, at least 60 Gy") == [(["2 Gy", "at least 60 Gy"], (30, None), one(2), (60, None))]


def test_fractions_of_different_doses_leave_the_number_open() -> None:
    assert read("1.2 Gy + 2 Gy/day, total 64 Gy") == [regimen(["1.2 Gy", "2 Gy", "64 Gy"], None, None, 64)]


@pytest.mark.parametrize(
    "text",
    [
        "The median total dose was 60 Gy (range, 50-70 Gy)",
        "equivalent to 46 Gy in 23 fractions",
        "equivalent to 31 x 2 Gy",
        "the control arm (0 Gy)",
        "apoptosis of lymphocytes after 8 Gy",
        "The mean lung dose is 20 Gy",
        "Dmax of the spinal cord 45 Gy",
        "a BED of 100 Gy",
        "at 10 cGy/min",
        "cisplatin 75 mg/m2",
        "no dose at all",
        "",
        "Exclusion Criteria:\n- prior radiotherapy of more than 30 Gy",
    ],
)
def test_no_regimen(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "60 Gy in 30 fractions, with a mean lung dose of 20 Gy",
        "60 Gy in 30 fractions (BED of 72 Gy)",
        "60 Gy in 30 fractions with cisplatin 75 mg/m2",
    ],
)
def test_other_doses_are_in_no_regimen(text: str) -> None:
    assert read(text) == [regimen(["60 Gy", "30 fractions"], 30, 2, 60)]


def test_a_regimen_that_is_repeated_is_listed_again() -> None:
    assert (
        read("60 Gy in 30 fractions\n\nArm: 60 Gy in 30 fractions")
        == [regimen(["60 Gy", "30 fractions"], 30, 2, 60)] * 2
    )


def test_every_dose_of_a_boost_is_marked() -> None:
    annotation = annotate("50 Gy in 25 fractions followed by a boost of 10 Gy in 5 fractions of 2 Gy")
    assert [(f.text, f.attributes.get("boost")) for f in annotation.facts if f.label == "DOSE"] == [
        ("50 Gy", None),
        ("10 Gy", True),
        ("2 Gy", True),
    ]


# By hand, without a text that reads so: facts and their sentences.
def fact(label: str, start: int, low: float | None, role: str | None = None, **more: Any) -> Fact:
    attributes = {"low": low, "high": low, **more} | ({"modality": "radiation", "role": role} if role else {})
    return Fact(label, start, start + 4, "….", "test", attributes)


def test_numbers_that_contradict_each_other_are_two_regimens() -> None:
    facts = [fact("DOSE", 0, 60, "total"), fact("FRACTIONS", 6, 30), fact("DOSE", 12, 3, "per_fraction")]
    found = group_regimens("…. in …. of ….", facts, [(0, 16)] * 3, WORDS)
    assert [r.facts for r in found] == [(0, 1), (2,)]


def test_a_fraction_is_no_larger_than_the_whole() -> None:
    facts = [fact("DOSE", 0, 5, "total"), fact("DOSE", 8, 10, "per_fraction")]
    assert [r.facts for r in group_regimens("….    ….", facts, [(0, 12)] * 2, WORDS)] == [(0,), (1,)]


def test_far_apart_is_not_together() -> None:
    facts = [fact("DOSE", 0, 60, "total"), fact("FRACTIONS", 304, 30)]
    assert [r.facts for r in group_regimens("…." + " " * 300 + "….", facts, [(0, 308)] * 2, WORDS)] == [(0,), (1,)]


def test_a_quotient_that_is_no_whole_number_is_left_open() -> None:
    facts = [fact("DOSE", 0, 20, "total"), fact("DOSE", 8, 3, "per_fraction")]
    assert group_regimens("….    ….", facts, [(0, 12)] * 2, WORDS) == (Regimen((0, 1), None, one(3), one(20)),)


def test_a_shared_dose_of_a_boost_is_not_marked() -> None:
    facts = (
        fact("DOSE", 0, 50, "total"),
        fact("DOSE", 6, 2, "per_fraction"),
        fact("DOSE", 12, 10, "total", boost=True),
    )
    prescribed = [Regimen((0, 1)), Regimen((1, 2))]
    assert find_boosts(facts, prescribed) == {2}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Where 24 Gy at once is deemed unfeasible, hypofractionated SBRT (9 Gy x3) is offered",
            [regimen(["24 Gy"], None, None, 24), regimen(["9 Gy", "x3"], 3, 9, 27)],
        ),
        (
            "Total dose of 79.2 Gy, delivered as 25 fractions of 1.8 Gy (45 Gy), then 34.2 Gy in 19 fractions",
            [
                regimen(["79.2 Gy"], None, None, 79.2),
                regimen(["25 fractions", "1.8 Gy", "45 Gy"], 25, 1.8, 45),
                regimen(["34.2 Gy", "19 fractions"], 19, 1.8, 34.2),
            ],
        ),
    ],
)
def test_numbers_that_do_not_agree_are_of_two_prescriptions(text: str, expected: list[Stated]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(t, e, id=t)
        for t, e in [
            # ranges: fractions between the closest whole quotients of the ends that belong together
            ("1.8-2 Gy/fx to 50-50.4 Gy", [(["1.8-2 Gy", "50-50.4 Gy"], (25, 28), (1.8, 2), (50, 50.4))]),
            # a bound that is half open stays so
            (
                "SBRT in 3-5 fractions to a minimum dose of 42 Gy",
                [(["3-5 fractions", "minimum dose of 42 Gy"], (3, 5), (8.4, None), (42, None))],
            ),
            # a number of fractions above dose levels is that of each
            (
                "Dose escalation of SBRT in 3 fractions:\n- Dose level 1: 12 Gy per fraction\n"
                "- Dose level 2: 14 Gy per fraction",
                [regimen(["3 fractions", "12 Gy"], 3, 12, 36), regimen(["3 fractions", "14 Gy"], 3, 14, 42)],
            ),
            # the same numbers in two arms
            (
                "IMRT: 10 x 3 Gy. 3D-RT: 10 x 3 Gy.",
                [regimen(["10 x", "3 Gy"], 10, 3, 30), regimen(["10 x", "3 Gy"], 10, 3, 30)],
            ),
            # said twice, in words and as a product
            (
                "Patients receive a single fraction of radiotherapy (1 x 24 Gy)",
                [regimen(["single fraction", "1 x", "24 Gy"], 1, 24, 24)],
            ),
        ]
    ],
)
def test_ranges_levels_and_repeats(text: str, expected: list[Stated]) -> None:
    assert read(text) == expected
