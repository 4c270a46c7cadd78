"""MEASUREMENT and LIFE_EXPECTANCY: the wording of trials, beyond the examples beside the rules."""

from __future__ import annotations

from typing import Any

import pytest

from trialsift.extraction.extractor import Extractor
from trialsift.rules.files import PatternError, patterns_dir
from trialsift.rules.labels import read_labels
from trialsift.rules.layers import PatternFile

EXTRACTOR = Extractor(labels=frozenset({"MEASUREMENT", "LIFE_EXPECTANCY"}), context=False)


def measured(text: str) -> list[tuple[Any, ...]]:
    return [
        (f.attributes.get("measure"), f.text, f.attributes["low"], f.attributes["high"], f.attributes["unit"])
        for f in EXTRACTOR.annotate(text).facts
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("left ventricular ejection fraction (LVEF) ≥ 50%", [("lvef", "≥ 50%", 50, None, "%")]),
        ("LVEF at rest must be > 45%", [("lvef", "> 45%", 45, None, "%")]),
        ("DLCO, corrected for haemoglobin, ≥ 40%", [("dlco", "≥ 40%", 40, None, "%")]),
        ("FEV1 and FVC both < 35%", [("fev1", "< 35%", None, 35, "%"), ("fvc", "< 35%", None, 35, "%")]),
        ("FEV1/FVC ratio < 0.7", [("fev1_fvc", "< 0.7", None, 0.7, None)]),
        ("QTc interval by Fridericia's formula > 450 ms", [("qtc", "> 450 ms", 450, None, "ms")]),
        (
            "QTcF > 450 ms (men) or > 470 ms (women)",
            [("qtc", "> 450 ms", 450, None, "ms"), ("qtc", "> 470 ms", 470, None, "ms")],
        ),
        ("diastolic blood pressure (BP) > 90 mm Hg", [("diastolic_bp", "> 90 mm Hg", 90, None, "mm[Hg]")]),
        ("oxygen saturation (by pulse oximetry) ≥ 92%", [("spo2", "≥ 92%", 92, None, "%")]),
        ("Pulmonary: DLCO > 30% of predicted; no oxygen", [("dlco", "> 30%", 30, None, "%")]),
        ("a minimum weight of 45 kg", [("weight", "45 kg", 45, None, "kg")]),
        ("a maximum BMI of 40", [("bmi", "40", None, 40, "kg/m2")]),
        (
            "heart rate < 50 or > 100 beats per minute",
            [("heart_rate", "< 50", None, 50, "/min"), ("heart_rate", "> 100 beats per minute", 100, None, "/min")],
        ),
        (
            "systolic BP < 90 mmHg or > 160 mmHg",
            [("systolic_bp", "< 90 mmHg", None, 90, "mm[Hg]"), ("systolic_bp", "> 160 mmHg", 160, None, "mm[Hg]")],
        ),
        (
            "pressure > 150 mmHg systolic and > 95 mmHg diastolic",
            [("systolic_bp", "> 150 mmHg", 150, None, "mm[Hg]"), ("diastolic_bp", "> 95 mmHg", 95, None, "mm[Hg]")],
        ),
        (
            "Blood pressure 100-140/60-90 mmHg",
            [("systolic_bp", "100-140", 100, 140, "mm[Hg]"), ("diastolic_bp", "60-90 mmHg", 60, 90, "mm[Hg]")],
        ),
        (
            "Blood pressure:\n- ≤ 150/90 mmHg",
            [("systolic_bp", "≤ 150", None, 150, "mm[Hg]"), ("diastolic_bp", "90 mmHg", None, 90, "mm[Hg]")],
        ),
        (
            "BMI ≥ 18 kg/m2 and weight ≥ 45 kg",
            [("bmi", "≥ 18 kg/m2", 18, None, "kg/m2"), ("weight", "≥ 45 kg", 45, None, "kg")],
        ),
        (
            "life expectancy > 3 months and weight > 40 kg",
            [(None, "> 3 months", 3, None, "mo"), ("weight", "> 40 kg", 40, None, "kg")],
        ),
        (
            "Weight of at least 45 kg (99 lbs)",
            [("weight", "at least 45 kg", 45, None, "kg"), ("weight", "99 lbs", 99, None, "[lb_av]")],
        ),
        ("birth weight of 1.5 kg or more", [("birth_weight", "1.5 kg or more", 1.5, None, "kg")]),
        ("Temp ≥ 38.5 °C", [("temperature", "≥ 38.5 °C", 38.5, None, "Cel")]),
        ("SVC (which is slow VC) and FEV1 < 75%", [("fev1", "< 75%", None, 75, "%")]),
        ("Inclusion criteria\n- QTc = 340 ms and = 440 ms", [("qtc", "= 340 ms and = 440 ms", 340, 440, "ms")]),
        ("Exclusion criteria\n- BMI = 38", [("bmi", "= 38", 38, None, "kg/m2")]),
        ("Exclusion criteria\n- heart rate = 45 bpm", [("heart_rate", "= 45 bpm", None, 45, "/min")]),
        ("Inclusion criteria\n- Impaired function (LVEF = 42%)", [("lvef", "= 42%", None, 42, "%")]),
        ("Not likely to survive more than 72 hours", [(None, "more than 72 hours", 72, None, "h")]),
        ("at least 3 months life expectancy", [(None, "at least 3 months", 3, None, "mo")]),
    ],
)
def test_limits(text: str, expected: list[tuple[Any, ...]]) -> None:
    assert measured(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a decline in FVC of more than 10%",
        "weight gain of more than 5 kg",
        "a fall in LVEF > 15%",
        "LVEF within 28 days, ECG within < 14 days",
        "BMI of 27.4 kg/m2 on admission",
        "blood pressure was 142/88 mmHg",
        "HR 0.7 (hazard ratio < 0.8)",
        "weight-based dosing > 2 mg/kg",
        "life expectancy assessed, and surgery > 3 months ago",
        "median survival was > 12 months",
        "FEV1 reversibility, then a washout of at least 24 hours",
    ],
)
def test_no_limits(text: str) -> None:
    assert measured(text) == []


@pytest.mark.parametrize(("polarity", "low", "high"), [("Inclusion", 50, None), ("Exclusion", None, 50)])
def test_a_lost_operator(polarity: str, low: int | None, high: int | None) -> None:
    (fact,) = EXTRACTOR.annotate(f"{polarity} criteria\n- Ejection fraction 50%").facts
    assert (fact.attributes["low"], fact.attributes["high"]) == (low, high)
    assert fact.attributes["operator_inferred"] is True
    assert fact.rule == "measurement.inferred"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[measures.lvef]", "[measures.lvfe]", "unknown measure 'lvfe' (not in measures.csv)"),
        ("enough = true\n\n[measures.short", "enuf = true\n\n[measures.short", "unknown key 'enuf'"),
        ('label = "MEASUREMENT"', 'label = "MEASUREMENT"\nnames = []', "unknown key 'names'"),
    ],
)
def test_a_mistake_in_its_file(tmp_path: Any, old: str, new: str, message: str) -> None:
    import shutil

    folder = tmp_path / "patterns"
    shutil.copytree(patterns_dir(), folder)
    path = folder / "entities" / "measurement.toml"
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")
    with pytest.raises(PatternError, match=r"measurement\.toml:\d+: ") as error:
        Extractor(folder, frozenset({"MEASUREMENT"}))
    assert message in str(error.value)


def test_labels_know_their_file() -> None:
    assert all(isinstance(label.path, PatternFile) for label in read_labels(patterns_dir()))
