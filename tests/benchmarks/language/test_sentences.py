"""Sentences with marks become gold whose offsets fit the text."""

from __future__ import annotations

import pytest
from benchmarks.language.sentences import (
    Ends,
    Mark,
    Prescription,
    Sentence,
    between,
    bound,
    capitalise,
    compose,
    make_document,
    mark,
    read_ends,
)


@pytest.mark.parametrize(
    ("relation", "ends"),
    [
        ("ge", (9, True, None, None)),
        ("gt", (9, False, None, None)),
        ("le", (None, None, 9, True)),
        ("lt", (None, None, 9, False)),
        ("eq", (9, True, 9, True)),
    ],
)
def test_bound(relation: str, ends: tuple[float | None, bool | None, float | None, bool | None]) -> None:
    assert bound(relation, 9) == Ends(*ends)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("[18,75]", between(18, 75)),
        ("(18,75)", between(18, 75, False, False)),
        ("[9,)", bound("ge", 9)),
        ("(,2.5)", bound("lt", 2.5)),
    ],
)
def test_read_ends(text: str, ends: Ends) -> None:
    assert read_ends(text) == ends


def test_compose_fills_gaps_with_texts_marks_and_several_pieces() -> None:
    made = mark("≥ 18", "AGE", bound("ge", 18))
    assert compose("Age {}, {}.", made, ["not ", made]) == ("Age ", made, ", ", "not ", made, ".")


def test_compose_refuses_another_number_of_values() -> None:
    with pytest.raises(ValueError, match="has 2 gaps, but 1 values"):
        compose("{} or {}", "one")


def test_make_document_counts_offsets_behind_the_heading() -> None:
    sentence = Sentence(("Age ", mark("≥ 18 years", "AGE", "[18,)", unit="a"), " only"), "plain")
    document = make_document(sentence, "d", "age/plain")
    (span,) = document.spans
    assert document.text == "Inclusion Criteria:\n\n- Age ≥ 18 years only"
    assert document.text[span.start : span.end] == span.text == "≥ 18 years"
    assert (span.attributes["low"], span.attributes["unit"], span.attributes["polarity"]) == (18, "a", "inclusion")
    assert document.meta == {"construct": "age/plain", "form": "plain"}


def test_a_mark_with_two_facts_gives_two_spans_at_one_place() -> None:
    made = Mark("≤ 3 x ULN", (("LAB", {"analyte": "alt"}), ("LAB", {"analyte": "ast"})))
    document = make_document(Sentence(("ALT, AST ", made), ""), "d", "c")
    assert [(s.start, s.end, s.attributes["analyte"]) for s in document.spans] == [(32, 41, "alt"), (32, 41, "ast")]


def test_regimens_name_the_spans_of_their_marks() -> None:
    first, second = mark("50 Gy", "DOSE", bound("eq", 50)), mark("25 fractions", "FRACTIONS", low=25, high=25)
    regimen = Prescription((second, first), (25, 25), (2, 2), (50, 50))
    document = make_document(Sentence(("RT: ", first, " in ", second), "", "none", (regimen,)), "d", "c")
    assert document.text == "RT: 50 Gy in 25 fractions"
    assert [(r.facts, r.total_dose) for r in document.regimens] == [((0, 1), (50, 50))]


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (("serum creatinine",), "Serum creatinine"),
        (("pH > 7",), "pH > 7"),
        (("eGFR",), "eGFR"),
        (("≥ 9",), "≥ 9"),
    ],
)
def test_capitalise(pieces: tuple[str], expected: str) -> None:
    assert capitalise(Sentence(pieces, "")).pieces == (expected,)
