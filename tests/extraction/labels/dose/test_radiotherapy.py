"""What is read of radiation DOSE and FRACTIONS in harder texts than the rules' examples."""

from __future__ import annotations

import pytest

from tests.extraction.labels.cases import EXCLUSION, Case, check, facts, ids
from trialsift.model.fact import Scalar


def gray(low: float | None, high: float | None, role: str, **more: Scalar) -> dict[str, Scalar]:
    return {"modality": "radiation", "unit": "Gy", "low": low, "high": high, "role": role, **more}


RADIATION: list[Case] = [
    # laboratories irradiate too
    ("Genes of irradiated B-lymphocytes (4 Gy) were counted. At 0 Gy, 20 were active.", []),
    ("10 Gy versus 0 Gy to the nodes", [("10 Gy", gray(10, 10, "total")), ("0 Gy", gray(0, 0, "total"))]),
    ("each oral site receiving a dose of at least 45 Gy", [("at least 45 Gy", gray(45, None, "other"))]),
    ("60 Gy up to a maximum of 66 Gy", [("60 Gy up to a maximum of 66 Gy", gray(60, 66, "total"))]),
    (
        "between 40 and 45 Gy (arm A) and 50 and 54 Gy (arm B)",
        [("between 40 and 45 Gy", gray(40, 45, "total")), ("50 and 54 Gy", gray(50, 54, "total"))],
    ),
    ("adaptive re-planning after 15 Gy or 30 Gy", [(f"{n} Gy", gray(n, n, "other")) for n in (15, 30)]),
    ("TBI, 150 cGy given twice a day for 4 days", [("150 cGy", gray(1.5, 1.5, "per_fraction"))]),
    ("an additional 3 Gy at each escalation", [("3 Gy", gray(3, 3, "other"))]),
    ("PSA (prostate-specific antigen) 9 AND 36 Gy in 6 fractions", [("36 Gy", gray(36, 36, "total"))]),
    ("Patients receive 60 Gy in 30 fractions.", [("60 Gy", gray(60, 60, "total", boost=None))]),
    ("66 Gy in 33 fractions of 2 Gy", [("66 Gy", gray(66, 66, "total")), ("2 Gy", gray(2, 2, "per_fraction"))]),
    ("5 x 5 Gy", [("5 Gy", gray(5, 5, "per_fraction"))]),
    ("2 Gy x 25", [("2 Gy", gray(2, 2, "per_fraction"))]),
    ("8 Gy x 1", [("8 Gy", gray(8, 8, "per_fraction"))]),
    ("8 Gy single fraction", [("8 Gy", gray(8, 8, "total"))]),
    ("50/2 Gy", [("50", gray(50, 50, "total")), ("2 Gy", gray(2, 2, "per_fraction"))]),
    ("50 Gy/25 fr", [("50 Gy", gray(50, 50, "total"))]),
    (
        "5040 cGy in 28 fractions of 180 cGy",
        [("5040 cGy", gray(50.4, 50.4, "total", unit_as_written="cGy")), ("180 cGy", gray(1.8, 1.8, "per_fraction"))],
    ),
    ("70 Gy(RBE) in 35 fractions", [("70 Gy(RBE)", gray(70, 70, "total", unit_as_written="Gy(RBE)"))]),
    ("a total dose of 74 CGE", [("74 CGE", gray(74, 74, "total", unit_as_written="CGE"))]),
    ("45-50.4 Gy in 25-28 fractions", [("45-50.4 Gy", gray(45, 50.4, "total"))]),
    ("up to 66 Gy in 33 fractions", [("up to 66 Gy", gray(None, 66, "total"))]),
    ("Maximum dose will be 12 Gy", [("Maximum dose will be 12 Gy", gray(None, 12, "total"))]),
    (
        "10, 15 and 20 Gy in a single fraction",
        [("10", gray(10, 10, "total")), ("15", gray(15, 15, "total")), ("20 Gy", gray(20, 20, "total"))],
    ),
    ("50 versus 60 Gy", [("50", gray(50, 50, "total")), ("60 Gy", gray(60, 60, "total"))]),
    (
        "50 Gy in 25 fractions followed by a boost of 10 Gy in 5 fractions",
        [("50 Gy", gray(50, 50, "total", boost=None)), ("10 Gy", gray(10, 10, "total", boost=True))],
    ),
    (
        "46 Gy, then a 14 Gy boost",
        [("46 Gy", gray(46, 46, "total", boost=None)), ("14 Gy", gray(14, 14, "total", boost=True))],
    ),
    ("66 Gy without a boost", [("66 Gy", gray(66, 66, "total", boost=None))]),
    ("Dmax of the spinal cord 45 Gy", [("45 Gy", gray(45, 45, "other"))]),
    ("The mean lung dose must be ≤ 20 Gy", [("≤ 20 Gy", gray(None, 20, "other"))]),
    ("V20 Gy < 30 %, a BED of 100 Gy", [("100 Gy", gray(100, 100, "other"))]),
    ("at a dose rate of 10 cGy/min", [("10 cGy", gray(0.1, 0.1, "other"))]),
    ("in increments of 2 Gy", [("2 Gy", gray(2, 2, "other"))]),
    (
        EXCLUSION + "Prior radiotherapy of more than 30 Gy",
        [("more than 30 Gy", gray(30, None, "other", low_inclusive=False, polarity="exclusion"))],
    ),
    ("total of 60&nbsp;Gy", [("60&nbsp;Gy", gray(60, 60, "total"))]),
    ("total dose of 60\nGy", [("60\nGy", gray(60, 60, "total"))]),
    (
        "1.8 Gy per fraction, five days a week, to 45 Gy",
        [("1.8 Gy", gray(1.8, 1.8, "per_fraction")), ("45 Gy", gray(45, 45, "total"))],
    ),
    ("twenty-five fractions of 2 Gy", [("2 Gy", gray(2, 2, "per_fraction"))]),
    # fractions of a large dose, in all their names
    ("5 fx of 7 Gy", [("7 Gy", gray(7, 7, "per_fraction"))]),
    ("3 sessions of 11 Gy", [("11 Gy", gray(11, 11, "per_fraction"))]),
    ("six fractions x 6 Gy", [("6 Gy", gray(6, 6, "per_fraction"))]),
    ("ten fractions of a single dose of 3 Gy", [("3 Gy", gray(3, 3, "per_fraction"))]),
    ("a single fraction of 20 Gy", [("20 Gy", gray(20, 20, "total"))]),
    # a boost is no fraction
    ("40 Gy in 20 fractions with 6 Gy boost", [("40 Gy", gray(40, 40, "total")), ("6 Gy", gray(6, 6, "total"))]),
    # doses of volumes, structures and earlier courses
    ("kidney receiving 18 Gy", [("18 Gy", gray(18, 18, "other"))]),
    ("98 % of the PTV should receive 47.5 Gy", [("47.5 Gy", gray(47.5, 47.5, "other"))]),
    ("The planning target volume receives 60 Gy", [("60 Gy", gray(60, 60, "total"))]),
    ("the share of patients who received 60 Gy", [("60 Gy", gray(60, 60, "total"))]),
    ("maximum brainstem dose 54 Gy", [("maximum brainstem dose 54 Gy", gray(None, 54, "other"))]),
    ("mean SMG dose (median: 31 Gy)", [("31 Gy", gray(31, 31, "other"))]),
    # limits on organs, with the bound that a word, the list or the limit before implies
    ("Spinal cord PRV maximum: 20 Gy", [("20 Gy", gray(None, 20, "other"))]),
    ("lung mean < 18 Gy, each kidney spared", [("< 18 Gy", gray(None, 18, "other"))]),
    (
        "Dose limits: oral cavity 30 Gy; larynx + 5 mm 40 Gy",
        [("30 Gy", gray(None, 30, "other")), ("40 Gy", gray(None, 40, "other"))],
    ),
    (
        "the heart must not get more than 24 Gy (arm 1), 30 Gy (arm 2)",
        [("not get more than 24 Gy", gray(None, 24, "other")), ("30 Gy", gray(None, 30, "other"))],
    ),
    ("at most 0.5 cc above 21 Gy", [("above 21 Gy", gray(21, None, "other"))]),
    ("less than 35 Gy to uninvolved liver", [("less than 35 Gy", gray(None, 35, "other"))]),
    ("The BED10 of 45 Gy is 70 Gy", [("45 Gy", gray(45, 45, "total")), ("70 Gy", gray(70, 70, "other"))]),
    ("the breast 42 Gy and the tumour bed 48 Gy", [("42 Gy", gray(42, 42, "total")), ("48 Gy", gray(48, 48, "total"))]),
    ("40 Gy in single doses of 2.5 Gy", [("40 Gy", gray(40, 40, "total")), ("2.5 Gy", gray(2.5, 2.5, "per_fraction"))]),
    ("given as one 5 Gy fraction a week", [("5 Gy", gray(5, 5, "per_fraction"))]),
    ("mean total dose 61 Gy", [("61 Gy", gray(61, 61, "total"))]),
    ("added to the first course, 90 Gy", [("90 Gy", gray(90, 90, "other"))]),
    (
        "equivalent to 70 Gy in 2 Gy fractions",
        [("70 Gy", gray(70, 70, "other")), ("2 Gy", gray(2, 2, "per_fraction"))],
    ),
    ("Exclusion: a risk of 5 % at 54 Gy", [("54 Gy", gray(54, 54, "other"))]),
    (
        EXCLUSION + "radiotherapy except a dose of up to 8 Gy",
        [("up to 8 Gy", gray(None, 8, "other"))],
    ),
    # numbers that belong to a dose, share its unit or are two
    ("a dose of 48 ± 3 Gy", [("48 ± 3 Gy", gray(45, 51, "total"))]),
    ("The mean dose was 48 ± 3 Gy", [("48 ± 3 Gy", gray(48, 48, "total"))]),
    ("66.00 (RBE) to 70.00 Gy (RBE)", [("66.00 (RBE) to 70.00 Gy (RBE)", gray(66, 70, "total"))]),
    ("up to a total dose of 56-60 Gy", [("56-60 Gy", gray(56, 60, "total"))]),
    (
        "4 Gy x 5-20 Gy",
        [("4 Gy", gray(4, 4, "per_fraction")), ("20 Gy", gray(20, 20, "total"))],
    ),
    (
        "patients receiving 50, 55, 60 Gy",
        [("50", gray(50, 50, "total")), ("55", gray(55, 55, "total")), ("60 Gy", gray(60, 60, "total"))],
    ),
    (
        "cohorts of 50, 55, or 60 Gy",
        [("50", gray(50, 50, "total")), ("55", gray(55, 55, "total")), ("60 Gy", gray(60, 60, "total"))],
    ),
    ("Level 1 - 25 Gy in 5 fractions", [("25 Gy", gray(25, 25, "total"))]),
    ("EQD210 = 55 Gy", [("= 55 Gy", gray(55, 55, "other"))]),
    ("an eqd2 of 55 gy", [("55 gy", gray(55, 55, "other"))]),
    ("3 Gy a day to 30 Gy", [("3 Gy", gray(3, 3, "per_fraction")), ("30 Gy", gray(30, 30, "total"))]),
    ("2 Gy in each of 20 fractions", [("2 Gy", gray(2, 2, "per_fraction"))]),
    ("Maximum dose to the brainstem 50 Gy", [("50 Gy", gray(None, 50, "other"))]),
    ("randomised between 0.5 and 1 Gy", [("0.5", gray(0.5, 0.5, "total")), ("1 Gy", gray(1, 1, "total"))]),
    (
        "a daily dose of 2 Gy to the tumour and of 1.6 Gy to the nodes",
        [("2 Gy", gray(2, 2, "per_fraction")), ("1.6 Gy", gray(1.6, 1.6, "per_fraction"))],
    ),
    (
        "1.1 Gy + 1.9 Gy/day",
        [("1.1 Gy", gray(1.1, 1.1, "per_fraction")), ("1.9 Gy", gray(1.9, 1.9, "per_fraction"))],
    ),
    # numbers without a unit: the other factor of a product, and a dose that goes on
    ("30 Gy (12 × 2.5)", [("30 Gy", gray(30, 30, "total")), ("2.5", gray(2.5, 2.5, "per_fraction"))]),
    ("5400 cGy in 30 x 180.", [("5400 cGy", gray(54, 54, "total")), ("180", gray(1.8, 1.8, "per_fraction"))]),
    ("61.2 Gy at 1.8 in 34", [("61.2 Gy", gray(61.2, 61.2, "total")), ("1.8", gray(1.8, 1.8, "per_fraction"))]),
    ("50 Gy (2 x daily)", [("50 Gy", gray(50, 50, "total"))]),
    ("30 Gy (5 x 7)", [("30 Gy", gray(30, 30, "total"))]),
    ("lowered from 66 Gy to 60.", [("66 Gy", gray(66, 66, "total")), ("60", gray(60, 60, "total"))]),
    ("6600 cGy/33, or 5500 cGy/20", [("6600 cGy", gray(66, 66, "total")), ("5500 cGy", gray(55, 55, "total"))]),
]
FRACTIONS: list[Case] = [
    ("30 Gy (12 × 2.5)", [("12 ×", {"low": 12, "high": 12})]),
    ("48 Gy (2 x 24), 54 Gy (1.8 x 30)", [("2 x", {"low": 2}), ("x 30", {"low": 30})]),
    ("a single 15-Gy session", [("single", {"low": 1})]),
    ("10 Gy single or 25 Gy/5", [("single", {"low": 1}), ("5", {"low": 5})]),
    ("30 Gy in five instead", [("five", {"low": 5})]),
    ("40 Gy in 2.5-Gy fractions (16 in all)", [("16", {"low": 16})]),
    ("60 Gy/6 w", []),
    ("50 Gy in 25 daily fractions of 2 Gy per day", [("25 daily fractions", {"low": 25, "high": 25})]),
    ("60 Gy, two fractions of 1.5 Gy per day", []),
    ("pain after single versus multiple fractions", [("single versus multiple fractions", {"low": 1, "high": 1})]),
    ("an hour before single fraction treatment", [("single fraction", {"low": 1, "high": 1})]),
    ("They will receive 30 radiations.", [("30 radiations", {"low": 30})]),
    ("one dose of total lymphoid irradiation (300 cGy)", [("one dose", {"low": 1})]),
    ("pelvic RT of 1.8 Gy/d for 25 doses", [("25 doses", {"low": 25})]),
    ("radiation is delivered in up to eight treatments", [("up to eight treatments", {"low": None, "high": 8})]),
    ("60 Gy in 30 fractions", [("30 fractions", {"low": 30, "high": 30})]),
    ("15-20 fractions", [("15-20 fractions", {"low": 15, "high": 20})]),
    ("5x5 Gy", [("5x", {"low": 5, "high": 5})]),
    ("25 x 2 Gy", [("25 x", {"low": 25, "high": 25})]),
    ("2 Gy x 25", [("x 25", {"low": 25, "high": 25})]),
    ("2 Gy × 25 fractions", [("25 fractions", {"low": 25, "high": 25})]),
    ("8 Gy single fraction", [("single fraction", {"low": 1, "high": 1})]),
    ("50 Gy/25 fr", [("25 fr", {"low": 25})]),
    ("60 Gy/30", [("30", {"low": 30})]),
    ("in five fractions", [("five fractions", {"low": 5})]),
    ("SBRT in 3 to 5 fractions", [("3 to 5 fractions", {"low": 3, "high": 5})]),
    ("30 Gy in 10 daily fractions, 5 fractions per week", [("10 daily fractions", {"low": 10})]),
    ("45 Gy given in 25 fractions over 5 weeks", [("25 fractions", {"low": 25})]),
    ("30 Gy in 10 fractions or 20 Gy in 5 fractions", [("10 fractions", {"low": 10}), ("5 fractions", {"low": 5})]),
    ("46 Gy in twenty-three fractions", [("twenty-three fractions", {"low": 23, "high": 23})]),
    ("in thirty (30) fractions", [("thirty (30) fractions", {"low": 30, "high": 30})]),
    ("30 Gy in twelve small fractions", [("twelve small fractions", {"low": 12})]),
    ("9 Gy per fx x 3", [("x 3", {"low": 3})]),
    ("three x 9 Gy", [("three x", {"low": 3})]),
    ("50 cGy in 1F", [("1F", {"low": 1})]),
    ("Dose: 40 Gy; number of fractions: 16", [("16", {"low": 16})]),
    ("36 Gy in three 12 Gy fractions", [("three", {"low": 3})]),
    ("Radiotherapy takes about 30 treatments over 6 weeks", [("30 treatments", {"low": 30})]),
    ("in between 2 and 4 fractions", [("2 and 4 fractions", {"low": 2, "high": 4})]),
    # alternatives are two, a range is one
    ("in 16 or 20 fractions", [("16", {"low": 16, "high": 16}), ("20 fractions", {"low": 20, "high": 20})]),
    ("in 5, 15 or 25 fractions", [("5", {"low": 5}), ("15", {"low": 15}), ("25 fractions", {"low": 25})]),
    ("2.5 Gy x 16 or 20 fractions", [("x 16", {"low": 16}), ("20 fractions", {"low": 20})]),
    # open on one side
    ("more than 2 fractions", [("more than 2 fractions", {"low": 2, "low_inclusive": False, "high": None})]),
    ("at least 10 fractions", [("at least 10 fractions", {"low": 10, "low_inclusive": True, "high": None})]),
    ("up to 8 fractions", [("up to 8 fractions", {"low": None, "high": 8, "high_inclusive": True})]),
    ("6 or more fractions", [("6 or more fractions", {"low": 6, "high": None})]),
    ("60 Gy over 30 fractions", [("30 fractions", {"low": 30, "high": 30})]),
    # days of treatment given more than once a day
    ("1.4 Gy twice daily x 16 days to 44.8 Gy", []),
    ("1.4 Gy bid x 3 weeks", []),
    ("1.4 Gy x 32 fractions, twice a day x 16 days", [("32 fractions", {"low": 32})]),
]
NO_RADIATION = [
    "5 fractions per week",
    "one fraction a day",
    "one of three radiation treatment groups",
    "four irradiations with a low-level laser",
    "once daily",
    "an α/β ratio of 10 Gy",
    "alpha/beta of 3 Gy",
    "with α/β = 10 Gy",
    "The dose-area product was 20 Gy cm2.",
    "The kerma-area product exceeded 100 Gy.",
    "a cumulative air kerma of 2.1 Gy at the reference point",
    "6 MV photons",
    "a margin of 5 mm around the CTV",
    "an ejection fraction of 55 %",
    "6 cycles of chemotherapy",
    "10 x 10 cm field",
    "NCT01234567 started on 12/05/2018",
    "at the first fraction",
    "RTOG 0915",
    "grade 2 or worse (p = 0.03)",
    "on days 1, 8 and 15",
    "slices of 3 mm",
    "a bound fraction of 5 %",
    "2 x daily",
    "an α/β of 3 and 10 Gy",
    "the dose per day is given in two fractions",
    "single-fraction doses can be raised",
    "follow-up at 6 and 12 months",
]


class TestRadiotherapy:
    @pytest.mark.parametrize(("text", "expected"), ids(RADIATION))
    def test_dose(self, text: str, expected: list[tuple[str, dict[str, Scalar]]]) -> None:
        check("DOSE", text, expected)

    @pytest.mark.parametrize(("text", "expected"), ids(FRACTIONS))
    def test_fractions(self, text: str, expected: list[tuple[str, dict[str, Scalar]]]) -> None:
        check("FRACTIONS", text, expected)

    @pytest.mark.parametrize("text", NO_RADIATION)
    def test_neither(self, text: str) -> None:
        assert [(f.label, f.text) for f in facts(text) if f.label in ("DOSE", "FRACTIONS")] == []
