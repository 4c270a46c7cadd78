"""Age limits of a registry's fields against those of the text."""

from __future__ import annotations

import pytest

from tests.support.doubles import fact_in
from trialsift.model.document import RegistryFields
from trialsift.model.fact import Annotation, Fact
from trialsift.tables.agreement import convert_registry_age, count_agreement, describe_agreement
from trialsift.tables.rows import make_document_rows

TEXT = "Inclusion: age 1 or 2"


def age(
    low: float | None = None, high: float | None = None, closed: bool = True, surface: str = "1", unit: str = "a"
) -> Fact:
    ends = {"low_inclusive": None if low is None else closed, "high_inclusive": None if high is None else closed}
    return fact_in(TEXT, surface, "AGE", low=low, high=high, **ends, unit=unit, scope="trial")


def compared(minimum: str | None, maximum: str | None, *facts: Fact) -> tuple[object, dict[str, object]]:
    """`age_agreement` of the trial, and the kind by field."""
    registry = RegistryFields("NCT00000001", minimum, maximum)
    rows = make_document_rows("doc", TEXT, Annotation(facts), registry=registry)
    return rows["trials"][0]["age_agreement"], {str(row["field"]): row["kind"] for row in rows["agreement"]}


@pytest.mark.parametrize(
    ("written", "years"),
    [
        ("18 Years", 18),
        ("1 Year", 1),
        ("6 Months", 0.5),
        ("26 Weeks", 26 * 7 / 365.25),
        ("1461 Days", 4),
        ("0 Years", 0),
        ("N/A", None),
        ("eighteen", None),
        (None, None),
    ],
)
def test_ages_of_a_registry(written: str | None, years: float | None) -> None:
    assert convert_registry_age(written) == (None if years is None else pytest.approx(years))


@pytest.mark.parametrize(
    ("minimum", "maximum", "facts", "agreement", "rows"),
    [
        ("18 Years", "75 Years", [age(18, 75)], "agrees", {}),
        ("18 Years", "N/A", [age(18)], "agrees", {}),
        ("N/A", "N/A", [], "agrees", {}),
        ("0 Years", "N/A", [], "agrees", {}),
        ("18 Years", None, [age(18, 75)], "agrees", {}),
        ("18 Years", "75 Years", [age(17, 76, closed=False)], "agrees", {}),
        ("18 Years", "75 Years", [age(18, 75, closed=False)], "agrees", {}),
        ("18 Years", "75 Years", [age(18), age(None, 76, closed=False)], "agrees", {}),
        ("18 Years", "75 Years", [age(18, 80)], "differs", {"age_high": "differs"}),
        ("18 Years", "75 Years", [age(18)], "only in registry", {"age_high": "only in registry"}),
        ("18 Years", "N/A", [age(18, 80)], "only in text", {"age_high": "only in text"}),
        (
            "18 Years",
            "N/A",
            [age(None, 80)],
            "differs",
            {"age_low": "only in registry", "age_high": "only in text"},
        ),
        ("18 Years", "N/A", [age(18), age(20, surface="2")], "differs", {"age_low": "several in text"}),
        ("20 Years", "N/A", [age(18), age(20, surface="2")], "agrees", {}),
        ("16 Years", "N/A", [age(18), age(20, surface="2")], "differs", {"age_low": "differs"}),
        (
            "18 Years",
            "N/A",
            [age(18, 40), age(50, 70, surface="2")],
            "only in text",
            {"age_high": "only in text"},
        ),
        ("2 Weeks", "4 Months", [age(14, unit="d"), age(None, 4, unit="mo")], "agrees", {}),
        (
            "2 Weeks",
            "4 Months",
            [age(15, unit="d"), age(None, 5, unit="mo")],
            "differs",
            {"age_low": "differs", "age_high": "differs"},
        ),
        ("eighteen", "N/A", [age(18)], "differs", {"age_low": "differs"}),
        ("18 Years", "N/A", [age(0)], "only in registry", {"age_low": "only in registry"}),
        (None, None, [age(18)], None, {}),
    ],
)
def test_ends(
    minimum: str | None, maximum: str | None, facts: list[Fact], agreement: str | None, rows: dict[str, str]
) -> None:
    assert compared(minimum, maximum, *facts) == (agreement, rows)


def test_a_row_has_both_sides() -> None:
    registry = RegistryFields("NCT00000001", "18 Years", "N/A", "FEMALE", False)
    rows = make_document_rows("doc", TEXT, Annotation((age(18), age(21, surface="2"))), registry=registry)
    [row] = rows["agreement"]
    assert row == {
        "doc_id": "doc",
        "nct_id": "NCT00000001",
        "field": "age_low",
        "in_registry": "18 Years",
        "in_text": "≥ 21 years",
        "registry_value": 18,
        "text_value": 21,
        "kind": "several in text",
        "spans": "1; 2",
        "context": TEXT,
    }
    trial = rows["trials"][0]
    assert [trial[name] for name in ("nct_id", "registry_age_low", "registry_sex", "registry_healthy_volunteers")] == [
        "NCT00000001",
        18,
        "FEMALE",
        False,
    ]
    assert trial["registry_age_high"] is None


@pytest.mark.parametrize(
    ("minimum", "maximum", "facts", "low", "high", "source"),
    [
        ("18 Years", "75 Years", [], 18, 75, "registry"),
        ("18 Years", "75 Years", [age(18, 75)], 18, 75, "text"),
        ("18 Years", "75 Years", [age(18)], 18, 75, "text and registry"),
        ("18 Years", "75 Years", [age(17, 76, closed=False)], 18, 75, "text"),
        ("18 Years", "75 Years", [age(20, 75)], 20, 75, "text"),  # contradicted
        ("18 Years", "75 Years", [age(18, 75), age(20, 70, surface="2")], 18, 75, "registry"),  # one of several
        ("18 Years", "N/A", [age(18, 75)], 18, 75, "text"),
        ("9 Years", "55 Years", [age(9, 12), age(20, 55, surface="2")], 9, 55, "text"),
        ("2 Weeks", "N/A", [], 0.03833, None, "registry"),
        ("70 Years", "N/A", [age(None, 60)], None, 60, "text"),  # nobody would be left
        (None, None, [age(18)], 18, None, "text"),
    ],
)
def test_the_registry_comes_first_where_the_text_does_not_contradict_it(
    minimum: str | None, maximum: str | None, facts: list[Fact], low: float | None, high: float | None, source: str
) -> None:
    registry = RegistryFields("NCT00000001", minimum, maximum)
    [trial] = make_document_rows("doc", TEXT, Annotation(tuple(facts)), registry=registry)["trials"]
    assert (trial["age_low"], trial["age_high"], trial["age_from"]) == (low, high, source)
    assert (trial["age_low_inclusive"], trial["age_high_inclusive"]) == (
        None if low is None else True,
        None if high is None else True,
    )


def test_without_a_registry_nothing_is_compared() -> None:
    rows = make_document_rows("doc", TEXT, Annotation((age(18),)))
    assert rows["agreement"] == []
    assert rows["trials"][0].get("age_agreement") is None


@pytest.mark.parametrize(
    ("minimum", "maximum", "fact", "counts"),
    [
        ("18 Years", "75 Years", age(18, 80), (2, 1)),
        ("18 Years", "75 Years", age(18, 75), (2, 2)),
        ("18 Years", "N/A", age(18, 75), (1, 1)),
        ("N/A", "N/A", age(18, 75), (0, 0)),
        ("0 Years", "80 Years", age(18), (0, 0)),
        (None, None, age(18), (0, 0)),
    ],
)
def test_what_both_state_is_counted(minimum: str, maximum: str, fact: Fact, counts: tuple[int, int]) -> None:
    registry = RegistryFields(None, minimum, maximum)
    assert count_agreement(make_document_rows("doc", TEXT, Annotation((fact,)), registry=registry)) == counts


@pytest.mark.parametrize(
    ("both", "agreeing", "words"),
    [
        (0, 0, None),
        (812, 772, "registry and text agree on 95 % of 812 age limits that both state"),
        (1000, 999, "registry and text agree on 99 % of 1,000 age limits that both state"),
        (2, 2, "registry and text agree on 100 % of 2 age limits that both state"),
        (1, 0, "registry and text agree on 0 % of the 1 age limit that both state"),
    ],
)
def test_the_share_in_words(both: int, agreeing: int, words: str | None) -> None:
    assert describe_agreement(both, agreeing) == words
