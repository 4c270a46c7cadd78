"""The spaCy components: the same facts as the extractor, in Docs that travel."""

from __future__ import annotations

import json
import pickle
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc, DocBin, Span

import trialsift
from trialsift.component import ComponentError, annotation_of, register_extensions
from trialsift.extraction import Extractor
from trialsift.facts import Annotation
from trialsift.resources import PatternError, patterns_dir

TEXT = (
    "Inclusion Criteria:\n- Age ≥18years, ECOG 0\n- ALT, AST ≤ 2.5×ULN\n- No prior radiotherapy > 50 Gy\n\n"
    "Treatment: 60 Gy/30 fx, then a boost of 10 Gy in 5 fractions"
)
CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "dev.jsonl"
TEXTS = [json.loads(line)["text"] for line in CORPUS.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def nlp() -> spacy.Language:
    return trialsift.load()


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def blank() -> spacy.Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("trialsift")
    return nlp


def carried(doc: Doc) -> tuple[Any, ...]:
    return (
        [(span.label_, span.id_, span.start, span.end) for span in doc.spans["trialsift"]],
        doc._.trialsift,
        doc._.trialsift_regimens,
    )


def test_public_surface(nlp: spacy.Language) -> None:
    assert nlp.pipe_names == ["abbreviation_detector", "trialsift", "trialsift_context"]
    assert nlp.get_pipe_config("trialsift") == {
        "factory": "trialsift",
        "labels": None,
        "spans_key": "trialsift",
        "patterns": None,
        "extra_patterns": None,
    }
    assert nlp.get_pipe_config("trialsift_context") == {
        "factory": "trialsift_context",
        "patterns": None,
        "extra_patterns": None,
    }
    assert Doc.has_extension("trialsift")
    assert Doc.has_extension("trialsift_regimens")
    assert Span.has_extension("trialsift_fact")
    assert not any(found for found in nlp.analyze_pipes()["problems"].values())
    assert nlp.get_pipe_meta("trialsift").assigns == [
        "doc.spans",
        "doc._.trialsift",
        "doc._.trialsift_regimens",
        "span._.trialsift_fact",
    ]


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


def test_another_tokenizer_gives_the_same(extractor: Extractor) -> None:
    nlp = spacy.blank("de")
    nlp.tokenizer = Tokenizer(nlp.vocab)  # white space only
    nlp.add_pipe("trialsift")
    nlp.add_pipe("trialsift_context")
    for text in TEXTS[:5]:
        assert annotation_of(nlp(text)) == extractor.annotate(text)


def test_labels_and_spans_key() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("trialsift", config={"labels": ["AGE"], "spans_key": "mine"})
    doc = nlp(TEXT)
    assert [span.label_ for span in doc.spans["mine"]] == ["AGE"]
    assert "trialsift" not in doc.spans
    with pytest.raises(PatternError, match="unknown label 'AGES'"):
        spacy.blank("en").add_pipe("trialsift", config={"labels": ["AGES"]})


# -- Docs that travel, with medspaCy's hooks in place ------------------------------------------------------------


def test_bytes_and_docbin(nlp: spacy.Language) -> None:
    import medspacy.context  # noqa: F401 (its srsly hooks decode maps with certain keys)

    doc = nlp(TEXT)
    assert carried(Doc(nlp.vocab).from_bytes(doc.to_bytes())) == carried(doc)
    packed = DocBin(docs=[doc], store_user_data=True).to_bytes()
    [back] = DocBin().from_bytes(packed).get_docs(nlp.vocab)
    assert carried(back) == carried(doc)
    assert carried(pickle.loads(pickle.dumps(doc))) == carried(doc)


def test_processes(nlp: spacy.Language) -> None:
    texts = [TEXT, *TEXTS[:3]]
    docs = nlp.pipe(texts, n_process=2, batch_size=2)
    assert [carried(doc) for doc in docs] == [carried(nlp(text)) for text in texts]


# -- pipelines that travel ---------------------------------------------------------------------------------------


@pytest.fixture
def own_patterns(tmp_path: Path) -> Iterator[Path]:
    """Rules of a user's own, that are gone when the pipeline is loaded again."""
    folder = tmp_path / "patterns"
    shutil.copytree(patterns_dir(), folder)
    rules = (folder / "context.json").read_text(encoding="utf-8").replace('"literal": "prior"', '"literal": "formerly"')
    (folder / "context.json").write_text(rules, encoding="utf-8")
    analytes = (folder / "analytes.csv").read_text(encoding="utf-8").replace("|sgpt|", "|zzpt|")
    (folder / "analytes.csv").write_text(analytes, encoding="utf-8")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_a_saved_pipeline_keeps_its_rules(own_patterns: Path, tmp_path: Path) -> None:
    text = "Inclusion Criteria:\n- ZZPT < 40 U/L\n- formerly irradiated to > 50 Gy\n- prior cisplatin > 300 mg/m2"
    nlp = trialsift.load(patterns=own_patterns)
    before = carried(nlp(text))
    assert [bool(fact.get("historical")) for fact in before[1]] == [False, True, False]
    nlp.to_disk(tmp_path / "saved")
    data = nlp.to_bytes()
    shutil.rmtree(own_patterns)
    assert carried(spacy.load(tmp_path / "saved")(text)) == before
    assert carried(trialsift.load().from_bytes(data)(text)) == before


def test_a_pipeline_can_be_pickled(nlp: spacy.Language) -> None:
    """As processes that are spawned need it."""
    assert carried(pickle.loads(pickle.dumps(nlp))(TEXT)) == carried(nlp(TEXT))


def test_rules_that_are_nowhere(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("trialsift", config={"patterns": str(tmp_path / "gone")})
    with pytest.raises(PatternError, match="no such folder of patterns"):
        nlp(TEXT)


def test_saved_rules_stay_in_their_folder() -> None:
    component = blank().get_pipe("trialsift")
    with pytest.raises(PatternError, match="outside the folder"):
        component._set_files({"../evil.toml": ""})


# -- mistakes ----------------------------------------------------------------------------------------------------


def test_context_comes_after_the_facts() -> None:
    nlp = blank()
    nlp.add_pipe("trialsift_context", first=True)
    with pytest.raises(ComponentError, match="add trialsift to the pipeline, in front of it"):
        nlp(TEXT)


def test_a_second_one_is_refused() -> None:
    nlp = blank()
    with pytest.raises(ComponentError, match="the pipeline has 'trialsift' already"):
        nlp.add_pipe("trialsift", name="another")


def test_an_extension_that_is_taken() -> None:
    register_extensions()
    ours = Doc.get_extension("trialsift")
    Doc.set_extension("trialsift", default=None, force=True)
    try:
        with pytest.raises(ComponentError, match=r"Doc\._\.trialsift belongs to another package"):
            blank()
    finally:
        Doc.set_extension("trialsift", getter=ours[2], force=True)


# -- imports -----------------------------------------------------------------------------------------------------


def test_nothing_is_registered_before_use(tmp_path: Path) -> None:
    script = "import trialsift.component\nfrom spacy.tokens import Doc\nassert not Doc.has_extension('trialsift')"
    subprocess.run([sys.executable, "-c", script], check=True, cwd=tmp_path)


def test_colours() -> None:
    from spacy import displacy

    from trialsift.component import DISPLACY_COLORS

    assert {"AGE", "DOSE", "FRACTIONS", "LAB", "PERFORMANCE_STATUS"} <= set(DISPLACY_COLORS)
    html = displacy.render(blank()("ECOG 0"), style="span", options={"spans_key": "trialsift"}, jupyter=False)
    assert DISPLACY_COLORS["PERFORMANCE_STATUS"] in html


def test_empty_annotation() -> None:
    assert annotation_of(spacy.blank("en")("Age 18")) == Annotation()
