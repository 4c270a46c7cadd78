"""Values as people type them, and what is proposed instead of what was read."""

from __future__ import annotations

from pathlib import Path

import pytest

from trialsift.model.fact import Scalar
from trialsift.model.interval import Interval
from trialsift.rules.files import patterns_dir
from trialsift.runs.read import read_run
from trialsift.runs.review.queue import Item, make_queue
from trialsift.runs.review.readings import Readings, Typed, fit_value, read_readings


@pytest.fixture(scope="module")
def readings() -> Readings:
    return read_readings(patterns_dir())


@pytest.mark.parametrize(
    ("text", "interval", "unit"),
    [
        (">= 1.5 x ULN", (1.5, True, None, None), "ULN"),
        ("≤ ULN", (None, None, 1, True), "ULN"),
        ("18-70 years", (18, True, 70, True), "a"),
        ("18–70 a", (18, True, 70, True), "a"),
        ("> 5 and < 10 mg", (5, False, 10, False), "mg"),
        ("100,000/mm3", (100000, True, 100000, True), "/uL"),
        ("≥ 60 mL/min/{1.73_m2}", (60, True, None, None), "mL/min/{1.73_m2}"),
        ("< 50 {copies}/mL", (None, None, 50, False), "{copies}/mL"),
        ("0-2", (0, True, 2, True), None),
        (" 25 ", (25, True, 25, True), None),
    ],
)
def test_typed(readings: Readings, text: str, interval: tuple[float | bool | None, ...], unit: str | None) -> None:
    assert readings.read_typed(text) == Typed(Interval(*interval), unit)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "normal", "5 blue", "5 mg or 7 mg", "about 5", "x"])
def test_what_is_no_value(readings: Readings, text: str) -> None:
    assert readings.read_typed(text) is None


@pytest.mark.parametrize(
    ("text", "label", "attributes", "expected"),
    [
        ("< 2", "PERFORMANCE_STATUS", {"scale": "ECOG"}, (0, True, 1, True, None)),
        ("> 60", "PERFORMANCE_STATUS", {"scale": "KPS"}, (70, True, 100, True, None)),
        ("5040 cGy", "DOSE", {"modality": "radiation"}, (50.4, True, 50.4, True, "Gy")),
        ("25 fractions", "FRACTIONS", {}, (25, True, 25, True, None)),
        (">= 8", "LAB", {"unit": "g/dL"}, (8, True, None, None, None)),
    ],
)
def test_a_value_fits_its_label(
    readings: Readings,
    text: str,
    label: str,
    attributes: dict[str, Scalar],
    expected: tuple[Scalar, ...],
) -> None:
    typed = readings.read_typed(text)
    assert typed is not None
    value = fit_value(typed, label, attributes)
    assert (*(value[name] for name in Interval._fields), value.get("unit")) == expected


def test_proposals_name_the_tests_nearby(run: Path, readings: Readings) -> None:
    queue = make_queue(read_run(run), patterns_dir())

    def propose(name: str) -> list[str]:
        item: Item = next(i for i in queue.items if i.doc_id == "labs" and i.name == name)
        return [one.words for one in readings.propose(item, queue.documents["labs"].document)]

    assert "alt ≤ 2.5 ULN" in propose("ast")
    assert propose("hemoglobin") == []  # what was read is no proposal
    assert queue.documents["labs"].document.spans
