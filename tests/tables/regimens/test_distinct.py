"""Which statements are one regimen, and what the two tables of regimens say about them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.paths import shared_folder
from tests.tables.regimens.builders import annotate, read, state
from trialsift.model.display import describe_regimen
from trialsift.tables.regimens import find_distinct, find_mentions

FULL = state(30, None, 60)


def describe(*statements: tuple[Any, ...]) -> list[tuple[str | None, str, int]]:
    """Arm, numbers, and number of statements of each distinct regimen."""
    distinct = find_distinct(find_mentions(annotate(*statements)))
    return [(one.arm, describe_regimen(one.regimen), len(one.mentions)) for one in distinct]


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param([], [], id="none"),
        pytest.param([FULL, FULL], [(None, "30 × 2 Gy = 60 Gy", 2)], id="said twice"),
        pytest.param([FULL, state(30, 2)], [(None, "30 × 2 Gy = 60 Gy", 2)], id="by other numbers"),
        pytest.param([state(28, 1.8), state(28, None, 50)], [(None, "28 × 1.8 Gy = 50.4 Gy", 2)], id="rounded"),
        pytest.param(
            [state(33, None, 59.4), state(33, None, 60)],
            [(None, "33 × 1.8 Gy = 59.4 Gy", 1), (None, "33 × 1.82 Gy = 60 Gy", 1)],
            id="both totals stated",
        ),
        pytest.param([state(total=60), FULL], [(None, "30 × 2 Gy = 60 Gy", 2)], id="the total alone"),
        pytest.param([FULL, state(30)], [(None, "30 × 2 Gy = 60 Gy", 2)], id="the fractions alone"),
        pytest.param([FULL, state(d=2)], [(None, "30 × 2 Gy = 60 Gy", 2)], id="the dose per fraction alone"),
        pytest.param(
            [state(total=60), FULL, state(20, None, 60)],
            [(None, "60 Gy", 1), (None, "30 × 2 Gy = 60 Gy", 1), (None, "20 × 3 Gy = 60 Gy", 1)],
            id="fits two",
        ),
        pytest.param(
            [state(total=60), state(total=60), FULL, state(20, None, 60)],
            [(None, "60 Gy", 2), (None, "30 × 2 Gy = 60 Gy", 1), (None, "20 × 3 Gy = 60 Gy", 1)],
            id="fits two, said twice",
        ),
        pytest.param(
            [state(total=(60, 66)), state(33, None, 66)],
            [(None, "60–66 Gy", 1), (None, "33 × 2 Gy = 66 Gy", 1)],
            id="a range",
        ),
        pytest.param(
            [state((5, 7), 5), state(total=35)], [(None, "5–7 × 5 Gy = 25–35 Gy", 2)], id="an end of the only range"
        ),
        pytest.param(
            [state((5, 7), 5), state(total=35), state(10, 3)],
            [(None, "5–7 × 5 Gy = 25–35 Gy", 1), (None, "35 Gy", 1), (None, "10 × 3 Gy = 30 Gy", 1)],
            id="not the only range",
        ),
        pytest.param(
            [state(total=(None, 66)), state(33, None, 66)],
            [(None, "up to 66 Gy", 1), (None, "33 × 2 Gy = 66 Gy", 1)],
            id="a limit",
        ),
    ],
)
def test_statements_that_say_the_same_are_one(statements: list[Any], expected: list[Any]) -> None:
    assert describe(*statements) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({}, {"historical": True}, id="own and other"),
        pytest.param({}, {"negated": True}, id="denied"),
        pytest.param({}, {"boost": True}, id="boost"),
        pytest.param({"arm": "Arm A"}, {"arm": "Arm B"}, id="arms"),
    ],
)
def test_what_is_never_one(one: dict[str, Any], other: dict[str, Any]) -> None:
    found = describe(state(5, 5, **one), state(5, 5, **other), state(5, 5, **one))
    assert [n for _, _, n in found] == [2, 1]


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param([state(30, 2), state(30, 2, arm="Arm A")], [("Arm A", "30 × 2 Gy = 60 Gy", 2)], id="named later"),
        pytest.param(
            [state(30, 2, arm="Arm A"), state(30, 2, arm="Arm B"), state(30, 2)],
            [("Arm A", "30 × 2 Gy = 60 Gy", 2), ("Arm B", "30 × 2 Gy = 60 Gy", 1)],
            id="of both",
        ),
        pytest.param(
            [state(30, 2), state(total=60, arm="Arm A"), state(total=60, arm="Arm B")],
            [("Arm A", "30 × 2 Gy = 60 Gy", 2), ("Arm B", "30 × 2 Gy = 60 Gy", 1)],
            id="both by what is said for all",
        ),
        pytest.param(
            [state(30, 2, arm="Arm A"), state(total=60, arm="Arm B")],
            [("Arm A", "30 × 2 Gy = 60 Gy", 1), ("Arm B", "60 Gy", 1)],
            id="not by what another arm gives",
        ),
    ],
)
def test_arms(statements: list[Any], expected: list[Any]) -> None:
    assert describe(*statements) == expected


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param([state(total=50), state(25)], [(None, "25 × 2 Gy = 50 Gy", 2)], id="total and fractions"),
        pytest.param([state(25), state(d=2)], [(None, "25 × 2 Gy = 50 Gy", 2)], id="fractions and dose"),
        pytest.param([state(total=50), state(60)], [(None, "50 Gy", 1), (None, "60 fractions", 1)], id="unlikely"),
        pytest.param([state(total=50), *[state(5, 5)] * 2, state(25)], None, id="another regimen"),
        pytest.param([state(total=50), state(total=60), state(25)], None, id="two totals"),
        pytest.param(
            [state(total=50, historical=True), state(25)], [(None, "50 Gy", 1), (None, "25 fractions", 1)], id="other"
        ),
        pytest.param(
            [
                *(state(total=50, arm="Arm A"), state(25, arm="Arm A")),
                *(state(total=60, arm="Arm B"), state(30, arm="Arm B")),
            ],
            [("Arm A", "25 × 2 Gy = 50 Gy", 2), ("Arm B", "30 × 2 Gy = 60 Gy", 2)],
            id="each in its arm",
        ),
        pytest.param(
            [state(total=50, arm="Arm A"), state(25, arm="Arm B")],
            [("Arm A", "50 Gy", 1), ("Arm B", "25 fractions", 1)],
            id="two arms",
        ),
        pytest.param(
            [state(total=50), *[state(25, boost=True)] * 20, state(25)],
            [(None, "50 Gy", 1), (None, "25 fractions", 20), (None, "25 fractions", 1)],
            id="too far apart",
        ),
    ],
)
def test_a_dose_and_fractions_that_stand_apart(statements: list[Any], expected: list[Any] | None) -> None:
    found = describe(*statements)
    assert found == expected if expected is not None else "25 × 2 Gy = 50 Gy" not in [words for _, words, _ in found]


def test_a_statement_names_its_regimen() -> None:
    text = (
        "Radiotherapy: 60 Gy in 30 fractions. Earlier trials gave 70 Gy in 35 fractions. "
        "Patients receive 60 Gy; chemotherapy follows."
    )
    mentions = [(row["mention"], row["regimen"], row["use"]) for row in read(text, "regimen_mentions")]
    assert mentions == [(1, 1, "own"), (2, 2, "other"), (3, 1, "own")]
    [first, second] = read(text)
    assert (first["n_mentions"], second["n_mentions"]) == (2, 1)
    places = [tuple(map(int, place.split("-"))) for place in str(first["mentions"]).split("; ")]
    assert [text[start:end] for start, end in places] == ["60 Gy in 30 fractions", "60 Gy"]
    assert read(text, "trials")[0]["regimens"] == "30 × 2 Gy = 60 Gy"
    assert read(text, "trials")[0]["n_regimens"] == 2


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("NCT03651375", ["5 × 5 Gy = 25 Gy"]),
        ("NCT06980259", ["15–20 × 3 Gy = 45–60 Gy", "3–4 × 8–15 Gy = 24–60 Gy"]),
        ("preoperative-chemoradiotherapy-abstract", ["5–7 × 5 Gy = 25–35 Gy"]),
    ],
)
def test_what_trials_that_repeat_themselves_give(name: str, own: list[str]) -> None:
    path = shared_folder() / "seeds" / f"{name}.txt"
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    rows = read(path.read_text(encoding="utf-8"))
    assert [row["description"] for row in rows if row["use"] == "own"] == own
