"""Several components in one pipeline, each with a spans key of its own."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, DocBin

from tests.spacy_pipeline.builders import TEXT, TEXTS, blank
from trialsift.extraction.extractor import Extractor
from trialsift.gold.formats.docbin import read_docbin
from trialsift.model.fact import Annotation
from trialsift.rules.files import patterns_dir
from trialsift.spacy_pipeline.component import ComponentError, annotation_of


@pytest.fixture
def two() -> spacy.Language:
    nlp = blank()
    nlp.add_pipe("trialsift", name="labs", config={"labels": ["LAB"], "spans_key": "labs"})
    return nlp


def test_each_writes_under_its_own_key(two: spacy.Language) -> None:
    doc = two(TEXT)
    assert len(doc.spans["trialsift"]) == len(doc._.trialsift) == 9
    assert [(span.label_, span.id_) for span in doc.spans["labs"]] == [("LAB", "labs:0"), ("LAB", "labs:1")]
    facts = [fact.to_flat() for fact in annotation_of(doc, "labs").facts]
    for span, fact in zip(doc.spans["labs"], facts, strict=True):
        assert span._.trialsift_fact.items() >= fact.items()
    assert [fact["analyte"] for fact in facts] == ["alt", "ast"]
    assert annotation_of(doc, "labs").regimens == ()
    assert annotation_of(doc, "other") == Annotation()


def test_what_lies_in_user_data(two: spacy.Language) -> None:
    data = two(TEXT).user_data
    assert list(data) == ["trialsift", "trialsift_regimens", "trialsift:labs", "trialsift_regimens:labs"]
    flats = [flat for flats in data.values() for flat in flats]
    assert all(isinstance(value, str | int | float | bool | None) for flat in flats for value in flat.values())
    assert not {"section", "modifier", "modifiers", "context_graph"} & {key for flat in flats for key in flat}


@pytest.mark.parametrize("spans_key", ["a:b", "labs:1", "0", "trialsift:labs", "section"])
def test_any_name_will_do(spans_key: str) -> None:
    nlp = blank()
    nlp.add_pipe("trialsift", name="another", config={"spans_key": spans_key})
    doc = nlp(TEXT)
    found = [span._.trialsift_fact for span in doc.spans[spans_key]]
    assert found == [span._.trialsift_fact for span in doc.spans["trialsift"]] == doc._.trialsift
    assert carried_through_bytes(nlp, doc) == found


def carried_through_bytes(nlp: spacy.Language, doc: Doc) -> list[object]:
    back = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    return [span._.trialsift_fact for span in back.spans[nlp.get_pipe("another").spans_key]]


def test_rules_of_its_own(tmp_path: Path) -> None:
    shutil.copytree(patterns_dir(), tmp_path / "patterns")
    analytes = tmp_path / "patterns" / "analytes.csv"
    analytes.write_text(analytes.read_text(encoding="utf-8").replace("|sgpt|", "|zzpt|"), encoding="utf-8")
    nlp = blank()
    nlp.add_pipe("trialsift", name="own", config={"spans_key": "own", "patterns": str(tmp_path / "patterns")})
    doc = nlp("ZZPT < 40 U/L")
    assert (len(doc.spans["trialsift"]), len(doc.spans["own"])) == (0, 1)


def test_each_has_its_context(two: spacy.Language, extractor: Extractor) -> None:
    two.add_pipe("trialsift_context")
    two.add_pipe("trialsift_context", name="labs_context", config={"spans_key": "labs"})
    labs = Extractor(labels=frozenset({"LAB"}))
    for text in TEXTS[:6]:
        doc = two(text)
        assert annotation_of(doc) == extractor.annotate(text)
        assert annotation_of(doc, "labs") == labs.annotate(text)


def test_context_of_another_key_needs_its_facts(two: spacy.Language) -> None:
    two.add_pipe("trialsift_context", config={"spans_key": "lab"})
    with pytest.raises(ComponentError, match="'lab'"):
        two(TEXT)


@pytest.mark.parametrize(
    ("first", "second"), [("trialsift", "trialsift"), ("labs", "labs")], ids=["default key", "a key of one's own"]
)
def test_two_with_the_same_key_are_refused(first: str, second: str) -> None:
    nlp = blank(spans_key=first)
    with pytest.raises(ComponentError, match=rf"'another' would write what 'trialsift' writes .* spans key '{second}'"):
        nlp.add_pipe("trialsift", name="another", config={"spans_key": second})
    assert nlp.pipe_names == ["trialsift"]


def test_they_travel(two: spacy.Language, tmp_path: Path) -> None:
    doc = two(TEXT)
    two.to_disk(tmp_path / "saved")
    wanted = annotation_of(doc), annotation_of(doc, "labs")
    others = [spacy.load(tmp_path / "saved"), pickle.loads(pickle.dumps(two))]
    docs = [nlp(TEXT) for nlp in others] + list(two.pipe([TEXT], n_process=2))
    docs += DocBin().from_bytes(DocBin(docs=[doc], store_user_data=True).to_bytes()).get_docs(two.vocab)
    assert len(docs) == 4
    assert [(annotation_of(doc), annotation_of(doc, "labs")) for doc in docs] == [wanted] * 4


def test_the_facts_of_a_key_are_read_from_a_docbin(two: spacy.Language, tmp_path: Path) -> None:
    DocBin(docs=[two(TEXT)], store_user_data=True).to_disk(tmp_path / "two.spacy")
    [all_of_them], [labs] = read_docbin(tmp_path / "two.spacy"), read_docbin(tmp_path / "two.spacy", "labs")
    assert [len(document.spans) for document in (all_of_them, labs)] == [9, 2]
    assert [span.attributes["analyte"] for span in labs.spans] == ["alt", "ast"]
    assert labs.scores_values
