"""`annotate_ents`: facts as entities, beside those of others."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc, Span

from tests.spacy_pipeline.builders import TEXT, TEXTS, blank

Ent = tuple[str, str, str]


def ents(doc: Doc) -> list[Ent]:
    return [(ent.text, ent.label_, ent.id_) for ent in doc.ents]


def with_ruler(annotate_ents: bool, first: bool, *patterns: tuple[str, str]) -> spacy.Language:
    nlp = blank(annotate_ents=annotate_ents)
    ruler = nlp.add_pipe("entity_ruler", first=first or None)
    ruler.add_patterns([{"label": label, "pattern": pattern, "id": "theirs"} for label, pattern in patterns])
    return nlp


def test_off_by_default() -> None:
    assert blank()(TEXT).ents == ()
    assert not blank()(TEXT).has_annotation("ENT_IOB")


def test_facts_are_entities() -> None:
    doc = blank(annotate_ents=True)("ECOG 0-1. Platelets ≥ 100 x 10^9/L")
    assert ents(doc) == [
        ("0-1", "PERFORMANCE_STATUS", "trialsift:0"),
        ("≥ 100 x 10^9/L", "LAB", "trialsift:1"),
    ]
    assert [ent._.trialsift_fact for ent in doc.ents] == doc._.trialsift
    assert all(token.ent_iob_ in ("B", "I", "O") for token in doc)  # as an EntityRuler leaves it


def test_of_facts_that_share_tokens_there_is_one() -> None:
    doc = blank(annotate_ents=True)("ALT, AST ≤ 2.5×ULN")
    assert len(doc.spans["trialsift"]) == 2
    assert ents(doc) == [("≤ 2.5×ULN", "LAB", "trialsift:0")]


@pytest.mark.parametrize("first", [True, False], ids=["in front of it", "behind it"])
@pytest.mark.parametrize("annotate_ents", [True, False])
def test_entities_of_others_are_kept(first: bool, annotate_ents: bool) -> None:
    nlp = with_ruler(annotate_ents, first, ("BLOOD_TEST", "Platelets"))
    theirs = [("Platelets", "BLOOD_TEST", "theirs")]
    ours = [("≥ 100 x 10^9/L", "LAB", "trialsift:0")] if annotate_ents else []
    doc = nlp("Platelets ≥ 100 x 10^9/L")
    assert ents(doc) == theirs + ours
    assert len(doc._.trialsift) == 1


def test_one_that_overlaps_stays_out() -> None:
    doc = with_ruler(True, True, ("QUANTITY", "100"))("Platelets ≥ 100 x 10^9/L, ECOG 0")
    assert ents(doc) == [("100", "QUANTITY", "theirs"), ("0", "PERFORMANCE_STATUS", "trialsift:1")]


def test_blocked_and_missing_tokens_stay_so() -> None:
    nlp = blank(annotate_ents=True)
    doc = nlp.make_doc("Age ≥ 18 years, ECOG 0 and so on")
    doc.set_ents([], blocked=[doc[1:4]], missing=[doc[7:]])
    assert ents(nlp(doc)) == [("0", "PERFORMANCE_STATUS", "trialsift:1")]
    assert [(token.ent_iob_, token.ent_type_) for token in doc[1:4]] == [("B", "")] * 3
    assert [token.ent_iob_ for token in doc[7:]] == [""] * len(doc[7:])


def test_the_same_again() -> None:
    nlp = blank(annotate_ents=True)
    doc = nlp(TEXT)
    before = ents(doc)
    assert before
    assert ents(nlp(doc)) == before


@pytest.mark.parametrize("text", TEXTS[:8], ids=range(8))
def test_every_entity_is_a_fact(text: str) -> None:
    doc = blank(annotate_ents=True)(text)
    spans: dict[str, Span] = {span.id_: span for span in doc.spans["trialsift"]}
    for ent in doc.ents:
        assert (ent.start, ent.end, ent.label_) == (spans[ent.id_].start, spans[ent.id_].end, spans[ent.id_].label_)
    taken = {token.i for ent in doc.ents for token in ent}
    assert all(taken & {token.i for token in span} for span in spans.values())
