"""`unread`: numbers that no rule took, as a span group."""

from __future__ import annotations

from spacy.tokens import Doc

from tests.spacy_pipeline.builders import blank, carried

CRITERIA = "Inclusion Criteria:\n- Age ≥ 18 years\n- Liver function values ≤ 3 x ULN"


def find_unread(doc: Doc, key: str = "trialsift_unread") -> list[tuple[str, str, str]]:
    return [(span.text, span.label_, span.kb_id_) for span in doc.spans[key]]


def test_the_group_is_there_if_asked_for() -> None:
    doc = blank(unread=True)(CRITERIA)
    assert find_unread(doc) == [("≤ 3 x ULN", "LAB", "no_name")]
    assert carried(doc) == carried(blank()(CRITERIA))
    assert "trialsift_unread" not in blank()(CRITERIA).spans


def test_its_key_follows_the_spans_key() -> None:
    doc = blank(unread=True, spans_key="criteria")(CRITERIA)
    assert find_unread(doc, "criteria_unread") == [("≤ 3 x ULN", "LAB", "no_name")]


def test_it_travels_with_a_doc() -> None:
    nlp = blank(unread=True)
    doc = nlp(CRITERIA)
    assert find_unread(Doc(nlp.vocab).from_bytes(doc.to_bytes())) == find_unread(doc)
