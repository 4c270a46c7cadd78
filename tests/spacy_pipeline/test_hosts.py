"""The component in the pipelines of others: the same facts, whatever tokenizes and whatever stands around it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc, Span

from tests.spacy_pipeline.builders import TEXT, TEXTS, blank, carried
from trialsift.extraction.extractor import Extractor
from trialsift.spacy_pipeline.component import annotation_of

SOME = [TEXT, *TEXTS[:4]]


@pytest.fixture(autouse=True)
def factories_of_medspacy() -> Iterator[None]:
    """medspaCy's factories, without its silence about warnings."""
    with warnings.catch_warnings():
        import medspacy.context
        import medspacy.section_detection
        import medspacy.target_matcher  # noqa: F401

        yield


@Language.component("entities_of_a_model")
def entities_of_a_model(doc: Doc) -> Doc:
    """Every third word, as a statistical `ner` might have it."""
    doc.ents = [Span(doc, token.i, token.i + 1, "MODEL") for token in list(doc)[::3] if not token.is_space]
    return doc


def check(doc: Doc, extractor: Extractor) -> None:
    """Facts and regimens are the extractor's, and each span covers the tokens that its fact touches."""
    assert annotation_of(doc) == extractor.annotate(doc.text)
    for span, fact in zip(doc.spans["trialsift"], doc._.trialsift, strict=True):
        touched = [t.i for t in doc if t.idx < fact["end"] and fact["start"] < t.idx + len(t)]
        assert (span.start, span.end, span.label_) == (touched[0], touched[-1] + 1, fact["label"])
        assert doc.text[fact["start"] : fact["end"]] == fact["text"]


# -- tokenizers --------------------------------------------------------------------------------------------------


def plain(lang: str) -> Callable[[], Language]:
    return lambda: spacy.blank(lang)


def white_space() -> Language:
    nlp = spacy.blank("de")
    nlp.tokenizer = Tokenizer(nlp.vocab)
    return nlp


def scispacy_tokenizer() -> Language:
    from scispacy.custom_tokenizer import combined_rule_tokenizer

    nlp = spacy.blank("en")
    nlp.tokenizer = combined_rule_tokenizer(nlp)
    return nlp


def medspacy_tokenizer() -> Language:
    from medspacy.custom_tokenizer import create_medspacy_tokenizer

    nlp = spacy.blank("en")
    nlp.tokenizer = create_medspacy_tokenizer(nlp)
    return nlp


def characters() -> Language:
    """A make_doc of one's own: each character a token."""
    nlp = spacy.blank("en")
    nlp.tokenizer = lambda text: Doc(nlp.vocab, words=list(text), spaces=[False] * len(text))
    return nlp


HOSTS = [plain("en"), plain("xx"), plain("de"), white_space, scispacy_tokenizer, medspacy_tokenizer, characters]
NAMES = ["en", "xx", "de", "white space", "scispacy", "medspacy", "characters"]


@pytest.mark.parametrize("host", HOSTS, ids=NAMES)
@pytest.mark.parametrize("sentences", [True, False], ids=["sentences", "no sentences"])
def test_tokenizers(host: Callable[[], Language], sentences: bool, extractor: Extractor) -> None:
    nlp = host()
    if sentences:
        nlp.add_pipe("sentencizer")
    nlp.add_pipe("trialsift")
    nlp.add_pipe("trialsift_context")
    for doc in nlp.pipe(SOME):
        check(doc, extractor)
        assert doc.has_annotation("SENT_START") is sentences


# -- neighbours --------------------------------------------------------------------------------------------------


def entity_ruler(nlp: Language, **place: Any) -> None:
    nlp.add_pipe("entity_ruler", **place).add_patterns([{"label": "NUMBER", "pattern": [{"IS_DIGIT": True}]}])


def target_matcher(nlp: Language, **place: Any) -> None:
    target_matcher_rules(nlp.add_pipe("medspacy_target_matcher", **place))


def target_matcher_rules(matcher: Any) -> None:
    from medspacy.target_matcher import TargetRule

    literals = {"radiotherapy": "TREATMENT", "ECOG": "SCALE", "50": "NUMBER"}
    matcher.add([TargetRule(literal, label) for literal, label in literals.items()])


def span_ruler(nlp: Language, **place: Any) -> None:
    nlp.add_pipe("span_ruler", **place).add_patterns([{"label": "WORD", "pattern": [{"IS_ALPHA": True}]}])


def named(factory: str, **config: Any) -> Callable[..., None]:
    return lambda nlp, **place: nlp.add_pipe(factory, config=config, **place) and None


NEIGHBOURS = {
    "entity_ruler": entity_ruler,
    "span_ruler": span_ruler,
    "ner": named("entities_of_a_model"),
    "medspacy_context": named("medspacy_context"),
    "medspacy_target_matcher": target_matcher,
    "medspacy_sectionizer": named("medspacy_sectionizer"),
    "abbreviation_detector": named("abbreviation_detector", make_serializable=True),
    "merge_entities": named("merge_entities"),
}


def state(doc: Doc) -> dict[str, Any]:
    """What the others have written; scispaCy's abbreviations come in another order each time."""
    return {
        "ents": [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents],
        "groups": {key: [(s.start_char, s.end_char, s.label_) for s in group] for key, group in doc.spans.items()},
        "sections": [(s.category, s.body_start) for s in doc._.sections] if doc.has_extension("sections") else [],
        "abbreviations": sorted(map(str, doc._.abbreviations)) if doc.has_extension("abbreviations") else [],
    }


@pytest.mark.parametrize("neighbour", NEIGHBOURS)
@pytest.mark.parametrize("where", ["front", "behind"])
def test_neighbours(neighbour: str, where: str, extractor: Extractor) -> None:
    alone = spacy.blank("en")
    import_scispacy()
    alone.add_pipe("sentencizer")
    NEIGHBOURS[neighbour](alone)
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("trialsift")
    nlp.add_pipe("trialsift_context")
    place = {"before": "trialsift"} if where == "front" else {}
    NEIGHBOURS[neighbour](nlp, **place)
    for text in SOME:
        doc = nlp(text)
        check(doc, extractor)
        theirs = state(doc)
        assert theirs["groups"].pop("trialsift")
        assert theirs == state(alone(text))


def import_scispacy() -> None:
    import scispacy.abbreviation  # noqa: F401 (registers its factory)


def test_all_of_them_at_once(extractor: Extractor) -> None:
    import_scispacy()
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    target_matcher(nlp)
    nlp.add_pipe("medspacy_sectionizer")
    nlp.add_pipe("trialsift")
    nlp.add_pipe("trialsift_context")
    nlp.add_pipe("medspacy_context")
    nlp.add_pipe("abbreviation_detector", config={"make_serializable": True})
    for doc in nlp.pipe(SOME):
        check(doc, extractor)
        assert doc.ents
        assert doc._.sections


def test_the_pipeline_of_medspacy(extractor: Extractor) -> None:
    """As `medspacy.load()` makes it: its tokenizer, PyRuSH's sentences, target matcher and ConText."""
    import medspacy
    from loguru import logger

    logger.disable("PyRuSH")  # which writes the text itself to stderr
    nlp = medspacy.load()
    target_matcher_rules(nlp.get_pipe("medspacy_target_matcher"))
    nlp.add_pipe("trialsift", first=True, config={"annotate_ents": True})
    nlp.add_pipe("trialsift_context", after="trialsift")
    nlp.add_pipe("trialsift", name="last", config={"spans_key": "last"})
    for doc in nlp.pipe(SOME):
        check(doc, extractor)
        assert len(doc.spans["last"]) == len(doc.spans["trialsift"])
        assert {ent.label_ for ent in doc.ents} >= {"DOSE", "TREATMENT"}


def test_medspacy_context_reads_facts_as_entities() -> None:
    nlp = blank(annotate_ents=True)
    nlp.add_pipe("sentencizer", first=True)
    nlp.add_pipe("medspacy_context")
    doc = nlp("There is no evidence of platelets below 50000 . ECOG 0")
    assert [(ent.label_, ent._.is_negated) for ent in doc.ents] == [("LAB", True), ("PERFORMANCE_STATUS", False)]
    assert [ent._.trialsift_fact["label"] for ent in doc.ents] == ["LAB", "PERFORMANCE_STATUS"]


def test_beside_an_entity_recognizer_in_training() -> None:
    """A model of the user's is trained and scored as if trialsift weren't there."""
    from spacy.training import Example

    nlp = blank()
    nlp.add_pipe("ner").add_label("DRUG")
    gold = {"entities": [(0, 9, "DRUG")]}
    examples = [Example.from_dict(nlp.make_doc("Cisplatin 75 mg/m2, platelets > 100000/µL"), gold)]
    optimizer = nlp.initialize(lambda: examples)
    losses = nlp.update(examples, sgd=optimizer, annotates=["trialsift"])
    assert losses["ner"] > 0
    scores = nlp.evaluate(examples)
    assert scores["trialsift_value_f"] is scores["trialsift_regimens_f"] is None
    assert scores["ents_f"] is not None


# -- Docs and pipelines as users handle them ---------------------------------------------------------------------


def test_a_doc_built_by_hand(nlp: Language, extractor: Extractor) -> None:
    words, spaces = ["Age", "≥18", "years", ",", "ECOG", "0", "-", "1"], [True, True, False, True, True, *[False] * 3]
    doc = nlp(Doc(nlp.vocab, words=words, spaces=spaces))
    check(doc, extractor)
    assert [fact["text"] for fact in doc._.trialsift] == ["≥18 years", "0-1"]


def test_streams(nlp: Language) -> None:
    wanted = [carried(nlp(text)) for text in SOME]
    assert [carried(doc) for doc in nlp.pipe(SOME, batch_size=2)] == wanted
    assert [carried(doc) for doc in nlp.pipe([nlp.make_doc(text) for text in SOME])] == wanted
    pairs = list(nlp.pipe([(text, {"n": n}) for n, text in enumerate(SOME)], as_tuples=True))
    assert [carried(doc) for doc, _ in pairs] == wanted
    assert [context["n"] for _, context in pairs] == list(range(len(SOME)))


def test_switched_off(nlp: Language, extractor: Extractor) -> None:
    with nlp.select_pipes(disable=["trialsift", "trialsift_context"]):
        doc = nlp(TEXT)
        assert doc._.trialsift == doc._.trialsift_regimens == []
        assert "trialsift" not in doc.spans
    with nlp.select_pipes(disable="trialsift_context"):
        assert not any(fact.get("historical") for fact in nlp(TEXT)._.trialsift)
    check(nlp(TEXT), extractor)


def test_renamed_removed_and_added_again() -> None:
    nlp = blank()
    wanted = carried(nlp(TEXT))
    nlp.rename_pipe("trialsift", "facts")
    assert carried(nlp(TEXT)) == wanted
    nlp.remove_pipe("facts")
    assert nlp(TEXT)._.trialsift == []
    nlp.add_pipe("trialsift", name="again")
    assert carried(nlp(TEXT)) == wanted
    nlp.replace_pipe("again", "trialsift", config={"labels": ["AGE"]})
    assert {fact["label"] for fact in nlp(TEXT)._.trialsift} == {"AGE"}


@pytest.mark.filterwarnings("ignore:\\[W113\\]")
def test_taken_from_another_pipeline(nlp: Language, extractor: Extractor) -> None:
    other = spacy.blank("en")
    for name in ("trialsift", "trialsift_context"):
        other.add_pipe(name, source=nlp)
    check(other(TEXT), extractor)
    assert other.get_pipe_config("trialsift") == nlp.get_pipe_config("trialsift")
