"""The spaCy components: the same facts as the extractor, where a user looks for them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.tokens import Doc, Span

from tests.spacy_pipeline.builders import TEXT, TEXTS, blank
from trialsift.extraction.extractor import Extractor
from trialsift.model.fact import Annotation
from trialsift.rules.files import PatternError
from trialsift.spacy_pipeline.component import ComponentError, annotation_of, register_extensions


def test_public_surface(nlp: spacy.Language) -> None:
    assert nlp.pipe_names == ["trialsift", "trialsift_context"]
    assert nlp.get_pipe_config("trialsift") == {
        "factory": "trialsift",
        "labels": None,
        "spans_key": "trialsift",
        "patterns": None,
        "extra_patterns": None,
        "annotate_ents": False,
        "unread": False,
        "scorer": {"@scorers": "trialsift.scorer.v1"},
    }
    assert nlp.get_pipe_config("trialsift_context") == {
        "factory": "trialsift_context",
        "spans_key": "trialsift",
        "patterns": None,
        "extra_patterns": None,
    }
    assert Doc.has_extension("trialsift")
    assert Doc.has_extension("trialsift_regimens")
    assert Doc.has_extension("trialsift_confidence")
    assert Span.has_extension("trialsift_fact")


def test_what_spacy_knows_of_it(nlp: spacy.Language) -> None:
    analysis = nlp.analyze_pipes(pretty=False)
    assert not any(analysis["problems"].values())
    assert analysis["summary"]["trialsift"]["assigns"] == [
        "doc.spans",
        "doc._.trialsift",
        "doc._.trialsift_regimens",
        "span._.trialsift_fact",
    ]
    assert analysis["summary"]["trialsift_context"]["requires"] == ["doc._.trialsift"]
    scores = {f"trialsift_{level}_{rate}" for level in ("value", "detection", "exact") for rate in ("p", "r", "f")}
    scores |= {f"trialsift_{level}_per_type" for level in ("value", "detection", "exact")}
    scores |= {
        f"trialsift_{kind}_{rate}" for kind in ("regimens", "own_regimens", "alternatives") for rate in ("p", "r", "f")
    }
    assert set(analysis["summary"]["trialsift"]["scores"]) == scores
    weights = nlp.config["training"]["score_weights"]
    assert {name for name, weight in weights.items() if weight is not None} == {"trialsift_value_f"}


def test_it_knows_of_a_context_without_facts() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("trialsift_context")
    assert nlp.analyze_pipes()["problems"] == {"trialsift_context": ["doc._.trialsift"]}


def test_spans_and_facts(nlp: spacy.Language) -> None:
    doc = nlp(TEXT)
    facts = doc._.trialsift
    assert [(fact["label"], fact["text"]) for fact in facts] == [
        ("AGE", "≥18years"),
        ("PERFORMANCE_STATUS", "0"),
        ("LAB", "≤ 2.5×ULN"),
        ("LAB", "≤ 2.5×ULN"),
        ("DOSE", "> 50 Gy"),
        ("DOSE", "60 Gy"),
        ("FRACTIONS", "30 fx"),
        ("DOSE", "10 Gy"),
        ("FRACTIONS", "5 fractions"),
    ]
    assert (facts[1]["low"], facts[1]["high"]) == (0, 0)  # 0 is a value
    assert [fact["analyte"] for fact in facts[2:4]] == ["alt", "ast"]
    assert facts[4]["negated"] is facts[4]["historical"] is True
    assert [regimen["spans"] for regimen in doc._.trialsift_regimens] == [[5, 6], [7, 8]]
    assert [span._.trialsift_fact for span in doc.spans["trialsift"]] == facts
    assert [span.id_ for span in doc.spans["trialsift"]] == [f"trialsift:{i}" for i in range(9)]
    assert doc[0:2]._.trialsift_fact is None
    assert all(isinstance(value, str | int | float | bool | None) for fact in facts for value in fact.values())
    assert not {"section", "modifier", "modifiers", "context_graph"} & {key for fact in facts for key in fact}


@pytest.mark.parametrize("text", ["", " \n ", "no numbers here"])
def test_nothing_to_find(nlp: spacy.Language, text: str) -> None:
    doc = nlp(text)
    assert (len(doc.spans["trialsift"]), doc._.trialsift, doc._.trialsift_regimens) == (0, [], [])


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_same_as_the_extractor(nlp: spacy.Language, extractor: Extractor, text: str) -> None:
    doc = nlp(text)
    assert annotation_of(doc) == extractor.annotate(text)
    assert all(
        span.start_char <= fact["start"] and fact["end"] <= span.end_char
        for span, fact in zip(doc.spans["trialsift"], doc._.trialsift, strict=True)
    )


def test_labels_and_spans_key() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("trialsift", config={"labels": ["AGE"], "spans_key": "mine"})
    doc = nlp(TEXT)
    assert [span.label_ for span in doc.spans["mine"]] == ["AGE"]
    assert "trialsift" not in doc.spans
    with pytest.raises(PatternError, match="unknown label 'AGES'"):
        spacy.blank("en").add_pipe("trialsift", config={"labels": ["AGES"]})


# -- mistakes ----------------------------------------------------------------------------------------------------


def test_context_comes_after_the_facts() -> None:
    nlp = blank()
    nlp.add_pipe("trialsift_context", first=True)
    with pytest.raises(ComponentError, match="add trialsift to the pipeline, in front of it"):
        nlp(TEXT)


def theirs(owner: Any) -> str:
    return "theirs"


@pytest.mark.parametrize(
    ("owner", "name"),
    [(Doc, "trialsift"), (Doc, "trialsift_regimens"), (Doc, "trialsift_confidence"), (Span, "trialsift_fact")],
)
@pytest.mark.parametrize(
    ("kind", "named"),
    [
        pytest.param({"default": None}, "another package", id="default"),
        pytest.param({"getter": theirs}, __name__, id="getter"),
        pytest.param({"method": theirs}, __name__, id="method"),
    ],
)
def test_an_extension_that_is_taken(owner: Any, name: str, kind: dict[str, Any], named: str) -> None:
    register_extensions()
    ours = owner.remove_extension(name)
    owner.set_extension(name, **kind)
    message = rf"^{owner.__name__}\._\.{name} belongs to {named}.* already, and trialsift needs it"
    try:
        with pytest.raises(ComponentError, match=message):
            blank()
        assert owner.get_extension(name)[1:3] == (kind.get("method"), kind.get("getter"))  # it is theirs still
    finally:
        owner.remove_extension(name)
        owner.set_extension(name, getter=ours[2])


# -- imports -----------------------------------------------------------------------------------------------------


def test_nothing_is_registered_before_use(tmp_path: Path) -> None:
    check = "from spacy.tokens import Doc\nassert not Doc.has_extension('trialsift')"
    script = f"import trialsift.spacy_pipeline.component\n{check}"
    subprocess.run([sys.executable, "-c", script], check=True, cwd=tmp_path)


def test_colours() -> None:
    from spacy import displacy

    from trialsift.spacy_pipeline.component import DISPLACY_COLORS

    assert {"AGE", "DOSE", "FRACTIONS", "LAB", "PERFORMANCE_STATUS"} <= set(DISPLACY_COLORS)
    html = displacy.render(blank()("ECOG 0"), style="span", options={"spans_key": "trialsift"}, jupyter=False)
    assert DISPLACY_COLORS["PERFORMANCE_STATUS"] in html


def test_empty_annotation() -> None:
    assert annotation_of(spacy.blank("en")("Age 18")) == Annotation()


def test_tokens_are_those_of_blank_english(nlp: spacy.Language) -> None:
    attributes = ["ORTH", "NORM", "SHAPE", "LENGTH", "SPACY", "IS_SPACE", "IS_PUNCT", "LIKE_NUM"]
    english = spacy.blank("en")
    for text in [*TEXTS, "Age\t18\n\n- ECOG 0\n \n  can't \xa0 x \xa0\n", " \n", "\t", "a\xa0b\r\n\nc"]:
        ours, theirs = nlp.make_doc(text), english.make_doc(text)
        assert (ours.to_array(attributes) == theirs.to_array(attributes)).all()
        assert [token.idx for token in ours] == [token.idx for token in theirs]
