"""The check after a conversion sees every difference, of types too, and says where it is."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from tests.gold.formats.builders import trial
from trialsift.gold import GoldDocument, GoldSpan
from trialsift.gold.formats.comparison import find_first_difference, find_value_difference
from trialsift.model.fact import Regimen


def with_first_span(**changes: Any) -> GoldDocument:
    document = trial()
    return dataclasses.replace(document, spans=(dataclasses.replace(document.spans[0], **changes), *document.spans[1:]))


def with_attributes(**changes: Any) -> GoldDocument:
    return with_first_span(attributes={**trial().spans[0].attributes, **changes})


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (with_attributes(low=18.0), "spans[0].attributes.low is 18.0, not 18"),
        (with_attributes(low_inclusive=1), "spans[0].attributes.low_inclusive is 1, not true"),
        (with_attributes(high=False), "spans[0].attributes.high is false, not null"),
        (with_attributes(historical=False), "spans[0].attributes.historical is false, not absent"),
        (with_first_span(attributes={}), "spans[0].attributes.low is absent, not 18"),
        (with_first_span(id=9), "spans[0].id is 9, not 0"),
        (with_first_span(rule=""), 'spans[0].rule is "", not absent'),
        (with_first_span(extra={"note": "x"}), 'spans[0].note is "x", not absent'),
        (dataclasses.replace(trial(), spans=trial().spans[:3]), "spans has 3 entries, not 4"),
        (dataclasses.replace(trial(), spans=trial().spans[::-1]), "spans[0].id is 5, not 0"),
        (dataclasses.replace(trial(), meta={}), 'meta.source is absent, not "invented"'),
        (dataclasses.replace(trial(), extra={"links": [[0, 4]]}), "links[0][1] is 4, not 3"),
        (
            dataclasses.replace(trial(), regimens=(Regimen((4, 5), (25, 25), (2, 2), None),)),
            "regimens[0].dose_per_fraction[1] is 2, not null",
        ),
    ],
)
def test_a_difference_names_document_and_field(other: GoldDocument, message: str) -> None:
    assert find_first_difference([trial("a"), trial()], [trial("a"), other]) == f"document 'NCT99000001': {message}"


def test_documents_that_are_missing_or_in_another_order() -> None:
    one, two = trial("one"), trial("two")
    assert find_first_difference([one, two], [two, one]) == "document 1 is 'two', not 'one'"
    assert find_first_difference([one, two], [one]) == "1 documents, not 2"
    assert find_first_difference([one], [one, two]) == "2 documents, not 1"


def test_what_is_equal() -> None:
    attributes = trial().spans[0].attributes
    turned = with_first_span(attributes=dict(reversed(attributes.items())))
    assert list(turned.spans[0].attributes) != list(attributes)
    assert find_first_difference([trial()], [turned]) is None
    assert find_first_difference([], []) is None


def test_long_values_are_cut_and_negative_zero_is_not_zero() -> None:
    assert find_value_difference("a" * 100, "b", "text") == f'text is "b", not "{"a" * 58}…'
    assert find_value_difference(0.0, -0.0, "low") == "low is -0.0, not 0.0"


def test_spans_are_compared_as_they_are_written() -> None:
    span = GoldSpan(0, 0, 1, "AGE", "1", {"low": 1})
    assert find_first_difference([GoldDocument("d", "1", (span,))], [GoldDocument("d", "1", (span,))]) is None
