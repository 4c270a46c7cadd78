"""How a regimen is given, its boost, α/β, stated effects, and what cannot well be meant."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tables.regimens.builders import read
from trialsift.model.document import RegistryFields
from trialsift.rules.alpha_beta import DEFAULT, read_alpha_betas
from trialsift.rules.files import patterns_dir


def totals(text: str) -> list[tuple[Any, ...]]:
    """Total, boost, and the course's total of each regimen."""
    return [(r["total_dose_high"], r["boost"], r["course_total_low"], r["course_total_high"]) for r in read(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The pelvis gets 46 Gy in 23 fractions followed by a boost of 10 Gy in 5 fractions.", 56),
        ("46 Gy in 23 fractions plus a boost of 10 Gy in 5 fractions to the bed.", 56),
        ("46 Gy in 23 fractions, then a boost of 10 Gy (total 56 Gy).", 56),
        ("The breast gets 50 Gy in 25 fractions with a boost to 60 Gy.", 60),
    ],
)
def test_a_boost_is_joined_to_its_course(text: str, expected: float) -> None:
    found = totals(text)
    assert [boost for _, boost, *_ in found] == [False, True]
    assert {(low, high) for *_, low, high in found} == {(expected, expected)}


@pytest.mark.parametrize(
    "text",
    [
        "46 Gy in 23 fractions with a simultaneous integrated boost to 55.2 Gy in 23 fractions.",
        "46 Gy in 23 fractions. In another protocol a boost of 10 Gy in 5 fractions is used.",
        "46 Gy in 23 fractions or a boost of 10 Gy in 5 fractions.",
    ],
)
def test_a_boost_that_is_not_added(text: str) -> None:
    assert {(low, high) for *_, low, high in totals(text)} == {(None, None)}


def test_an_integrated_boost_has_the_same_fractions() -> None:
    rows = read("60 Gy in 30 fractions to the tumour with a simultaneous integrated boost to 66 Gy.")
    assert [(r["fractions_low"], r["total_dose_low"], r["boost"]) for r in rows] == [(30, 60, False), (30, 66, True)]


@pytest.mark.parametrize(
    ("text", "per_day", "per_week", "days"),
    [
        ("45 Gy in 30 fractions of 1.5 Gy twice daily over 3 weeks.", 2, None, 21),
        ("50 Gy in 25 fractions, five fractions per week.", None, 5, None),
        ("25 x 2 Gy in five weeks, with surgery within 6 weeks after radiotherapy.", None, None, 35),
        ("5 x 5 Gy (5 consecutive days), then surgery.", None, None, 5),
        ("54 Gy in 36 fractions of 1.5 Gy three times a day.", 3, None, None),
        ("30 Gy in 10 fractions over 10-14 days.", None, None, None),
        ("2 Gy once daily to 60 Gy, and 8 Gy x 1 twice a day.", 1, None, None),
        ("40 Gy in 16 fractions; cisplatin is given twice daily for 3 weeks.", None, None, None),
        ("40 Gy in 16 fractions with capecitabine 825 mg/m2 twice daily.", None, None, None),
    ],
)
def test_schedules(text: str, per_day: float | None, per_week: float | None, days: float | None) -> None:
    row = read(text)[0]
    found = [row.get(name) for name in ("fractions_per_day", "fractions_per_week", "overall_days")]
    assert found == [per_day, per_week, days]


@pytest.mark.parametrize(
    ("conditions", "ratio", "source"),
    [
        ((), DEFAULT, "default"),
        (("Prostate Cancer",), 1.5, "condition prostate: Brenner"),
        (("Prostatic Neoplasms", "Erectile Dysfunction"), 1.5, "condition prostate"),
        (("Invasive Breast Carcinoma",), 4, "condition breast: Owen"),
        (("Metastatic Melanoma",), 0.6, "condition melanoma: Bentzen"),
        (("Uveal Melanoma",), DEFAULT, "default"),
        (("Benign Prostatic Hyperplasia",), DEFAULT, "default"),
        (("Prostate Cancer", "Breast Cancer"), DEFAULT, "default"),
        (("Prostate Cancer", "Lung Cancer"), DEFAULT, "default"),
        (("Glioblastoma",), DEFAULT, "default"),
    ],
)
def test_the_ratio_of_a_site(conditions: tuple[str, ...], ratio: float, source: str) -> None:
    found = read_alpha_betas(patterns_dir()).choose(conditions)
    assert found.value == ratio
    assert found.source.startswith(source)


def test_an_option_wins_over_the_site() -> None:
    registry = RegistryFields(conditions=("Prostate Cancer",))
    [chosen] = read("60 Gy in 20 fractions", registry=registry)
    [given] = read("60 Gy in 20 fractions", registry=registry, alpha_beta=3)
    assert (chosen["alpha_beta"], chosen["eqd2_low"]) == (1.5, pytest.approx(60 * 4.5 / 3.5))
    assert (given["alpha_beta"], given["alpha_beta_from"]) == (3, "--alpha-beta")


@pytest.mark.parametrize(
    ("text", "bed", "eqd2", "reason"),
    [
        ("Patients receive 50 Gy in 5 fractions (BED10 of 100 Gy).", 100, None, None),
        ("Patients receive 54 Gy in 3 fractions of SBRT, BED 151.2 Gy10.", 151.2, None, None),
        ("45 Gy in 15 fractions (EQD2 = 48.75 Gy).", None, 48.75, None),
        ("45 Gy in 15 fractions, a BED of 90 Gy with an α/β of 3 Gy.", 90, None, None),
        ("8 Gy x 5 (EQD2 of 66 Gy).", None, 66, "EQD2 of 66 Gy is stated, 60 Gy computed with α/β 10 Gy"),
        ("50 Gy in 5 fractions (BED3 of 100 Gy).", 100, None, "BED of 100 Gy is stated, 216.7 Gy computed"),
    ],
)
def test_stated_effects(text: str, bed: float | None, eqd2: float | None, reason: str | None) -> None:
    [row] = read(text)
    assert (row["stated_bed"], row["stated_eqd2"]) == (bed, eqd2)
    assert row["plausible"] is (reason is None)
    assert str(row["implausible"]).startswith(reason or "None")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Radiotherapy of 60 Gy in 30 fractions.", None),
        ("Radiotherapy of 6000 Gy in 30 fractions.", "6000 Gy in total: perhaps centigray written as gray"),
        ("A single dose of 30 Gy to the bone.", "30 Gy per fraction, above 25 Gy"),
        ("Gamma knife radiosurgery of 80 Gy in a single fraction.", None),
        ("Intraoperative radiotherapy with 30 Gy in a single fraction.", None),
        ("Radiotherapy of 10 Gy in 40 fractions.", "0.25 Gy per fraction, below 0.5 Gy"),
        ("Radiotherapy of 120 Gy in 60 fractions.", "120 Gy in total, above 100 Gy"),
        ("Radiotherapy of 100 Gy in 8 fractions.", "EQD2 of 187.5 Gy, above 150 Gy"),
        ("30 fractions of 2 Gy in 3 weeks.", "30 fractions in 21 days"),
        ("30 fractions of 1.5 Gy twice daily in 3 weeks.", None),
        ("Whole body irradiation with 6 fractions of 2 Gy over 3 days.", None),
        ("A boost by contact x-ray of 90 Gy in 3 fractions.", None),
    ],
)
def test_what_cannot_well_be_meant(text: str, reason: str | None) -> None:
    [row] = read(text)
    assert (row["plausible"], row["implausible"]) == (reason is None, reason)
