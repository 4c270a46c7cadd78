"""How sure readings are: signs that a reader would look at too, and what they add."""

from __future__ import annotations

from math import exp

import pytest

from tests.support.extractors import shared_extractor
from trialsift.extraction.confidence import Rater, SureAnnotator, check_confidence, drop_doubtful, read_rater
from trialsift.model.fact import Annotation
from trialsift.rules.files import find_patterns
from trialsift.rules.labels import read_labels

CRITERIA = "Inclusion Criteria:\n- Age ≥ 18 years\n- Platelets ≥ 100 x 10^9/L\n- ECOG 0-1\n"
PAPER = "The median age was 64 years, and patients over 70 years received 50 Gy in 25 fractions in the earlier trial."
RATER = read_rater(find_patterns())


def rate(text: str) -> tuple[Annotation, list[float]]:
    annotation = shared_extractor().annotate(text)
    return annotation, list(RATER.rate(text, annotation).facts)


def test_each_reading_has_a_probability() -> None:
    for text in (CRITERIA, PAPER, "nothing"):
        annotation = shared_extractor().annotate(text)
        ratings = RATER.rate(text, annotation)
        assert (len(ratings.facts), len(ratings.regimens)) == (len(annotation.facts), len(annotation.regimens))
        assert all(0 < rating < 1 and round(rating, 3) == rating for rating in (*ratings.facts, *ratings.regimens))


def test_items_under_a_heading_are_surer_than_prose() -> None:
    _, listed = rate(CRITERIA)
    annotation, told = rate(PAPER)
    assert annotation.facts
    assert min(listed) > max(told)


@pytest.mark.parametrize(
    ("surer", "less"),
    [
        ("Inclusion Criteria:\n- ANC ≥ 1.5 x 10^9/L\n", "Inclusion Criteria:\n- ANC ≥ 1500 x 10^9/L\n"),  # implausible
        ("Inclusion Criteria:\n- Age ≥ 18 years\n", "Age ≥ 18 years were included\n"),
        (
            "Exclusion Criteria:\n- ALT > 3 x ULN\n",
            "Inclusion Criteria:\n- patients with ALT > 3 x ULN were excluded\n",
        ),
    ],
)
def test_what_makes_a_reading_less_sure(surer: str, less: str) -> None:
    one, other = (RATER.explain(text, shared_extractor().annotate(text))[0] for text in (surer, less))
    assert len(one) == len(other) == 1
    assert sum(one[0].shares.values()) > sum(other[0].shares.values())


def test_the_shares_add_up() -> None:
    annotation = shared_extractor().annotate(PAPER)
    ratings = RATER.rate(PAPER, annotation)
    facts, regimens = RATER.explain(PAPER, annotation)
    begin = {"facts": RATER.weights.facts.begin, "regimens": RATER.weights.regimens.begin}
    for explained, rated, kind in ((facts, ratings.facts, "facts"), (regimens, ratings.regimens, "regimens")):
        assert [one.confidence for one in explained] == list(rated)
        for one in explained:
            assert one.confidence == pytest.approx(1 / (1 + exp(-begin[kind] - sum(one.shares.values()))), abs=6e-4)


def test_an_annotation_without_contexts_is_rated_by_its_lines() -> None:
    annotation = shared_extractor().annotate(CRITERIA)
    bare = Annotation(annotation.facts, annotation.regimens)
    assert len(RATER.rate(CRITERIA, bare).facts) == len(annotation.facts)


def test_every_weight_is_of_a_sign_that_is_found() -> None:
    """A weight whose sign was renamed would be dead."""
    templates = (
        *("{label}", "rule {rule}", "{label} of polarity {polarity}", "{label} without an interval"),
        *("{label} without a comparator", "{label} beside words of other work"),
    )
    labels = {label.label for label in read_labels(find_patterns())}
    known = {t.format(label=label, rule="", polarity=p) for t in templates for label in labels for p in POLARITIES}
    known |= {f"{words}, polarity {p}" for words in OF_POLARITY for p in POLARITIES}
    known |= {f"{label} without a heading of criteria, polarity {p}" for label in labels for p in POLARITIES}
    for name in RATER.weights.facts.signs:
        assert name.startswith("rule ") or name in known or name in PLAIN, name


POLARITIES = ("inclusion", "exclusion", "none")
OF_POLARITY = (
    "past tense",
    "words of groups",
    "words of exclusion",
    "words of inclusion",
    "behind the heading of results",
    "no heading of criteria before it",
    "differs from the heading",
)
PLAIN = {
    *("historical", "denied", "hypothetical", "lost sign inferred", "unusual direction", "implausible"),
    *("of a subgroup", "has a condition", "one of alternatives", "LAB without a unit"),
    *("numbers within that it doesn't use", "words within", "a line break within", "words of results"),
    *("words of results in a criterion", "several polarities in the sentence", "an average in the sentence"),
    *("facts in the sentence", "length of the sentence", "an item of a list", "facts of this polarity"),
    *("facts of this kind", "facts in the document", "length of the document", "the only fact", "stated again"),
    *("stated otherwise elsewhere", "agrees with the heading", "distance from the heading"),
}


def test_what_is_not_sure_enough_is_left_out() -> None:
    text = f"{CRITERIA}\n{PAPER}"
    annotation = shared_extractor().annotate(text)
    ratings = RATER.rate(text, annotation).facts
    least = sorted(ratings)[len(ratings) // 2]
    kept = drop_doubtful(RATER, text, annotation, least)
    expected = [fact for fact, rating in zip(annotation.facts, ratings, strict=True) if rating >= least]
    assert list(kept.facts) == expected
    assert 0 < len(expected) < len(ratings)
    assert len(kept.contexts) == len(kept.facts)
    assert drop_doubtful(RATER, text, annotation, 0) == annotation
    assert drop_doubtful(RATER, text, annotation, 1) == Annotation()


def test_regimens_keep_their_facts() -> None:
    text = "Patients were older than 75 years in the earlier trial.\n\nPatients receive 50 Gy in 25 fractions.\n"
    annotation = shared_extractor().annotate(text)
    ratings = RATER.rate(text, annotation)
    least = min(*ratings.facts[1:], *ratings.regimens)
    assert ratings.facts[0] < least
    kept = drop_doubtful(RATER, text, annotation, least)
    assert [[kept.facts[i].text for i in one.facts] for one in kept.regimens] == [["50 Gy", "25 fractions"]]


def test_an_annotator_that_leaves_out() -> None:
    annotate = SureAnnotator(shared_extractor(), RATER, 0.99).annotate
    assert len(annotate(PAPER).facts) < len(shared_extractor().annotate(PAPER).facts)


@pytest.mark.parametrize("least", [-0.1, 1.01, float("nan")])
def test_an_impossible_confidence(least: float) -> None:
    with pytest.raises(ValueError, match="expected a number from 0 to 1"):
        check_confidence(least)


def test_a_rater_is_read_once() -> None:
    assert read_rater(find_patterns()) is read_rater(find_patterns())
    assert Rater(find_patterns()).rate(CRITERIA, rate(CRITERIA)[0]).facts == rate(CRITERIA)[1]
