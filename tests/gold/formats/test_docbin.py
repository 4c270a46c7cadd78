"""DocBin: what a user of spaCy finds in it, and what is read of the files of others."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, DocBin, Span, SpanGroup
from spacy.vocab import Vocab

from tests.gold.formats.builders import TEXT, trial
from trialsift.gold import GoldDocument, GoldError, GoldSpan
from trialsift.gold.formats.docbin import RECORD, read_docbin, write_docbin
from trialsift.model.fact import Regimen
from trialsift.spacy_pipeline.doc_annotation import FACTS, REGIMENS, annotation_of, register_extensions


def docs_of(path: Path) -> list[Doc]:
    return list(DocBin().from_disk(path).get_docs(Vocab()))


def store(path: Path, *docs: Doc) -> Path:
    DocBin(docs=docs, store_user_data=True).to_disk(path)
    return path


def test_a_user_of_spacy_finds_the_facts_where_the_component_puts_them(tmp_path: Path) -> None:
    write_docbin(tmp_path / "a.spacy", [trial()])
    (doc,) = docs_of(tmp_path / "a.spacy")
    register_extensions()
    assert doc.text == TEXT
    first = doc.spans["trialsift"][0]
    assert (first.text, first.label_, first.id_) == ("≥ 18 years", "AGE", "trialsift:0")
    assert [fact["text"] for fact in doc._.trialsift] == ["≥ 18 years", "0-2", "prior\n50 Gy", "25 fractions"]
    assert doc.spans["trialsift"][1]._.trialsift_fact["rule"] == "ps.range"
    assert doc._.trialsift_regimens[0]["spans"] == [2, 3], "indices of facts, not ids of spans"
    assert doc.user_data["doc_id"] == "NCT99000001"
    contexts = [TEXT[start:end] for start, end in annotation_of(doc).contexts]
    assert contexts[:2] == ["Age ≥ 18 years", "ECOG 0-2, no prior"]


def test_two_facts_on_the_same_characters(tmp_path: Path) -> None:
    text = "ALT, AST ≤ 2.5 x ULN"
    spans = tuple(GoldSpan(i, 9, 20, "LAB", text[9:], {"analyte": name}) for i, name in enumerate(("alt", "ast")))
    write_docbin(tmp_path / "a.spacy", [GoldDocument("d", text, spans)])
    register_extensions()
    (doc,) = docs_of(tmp_path / "a.spacy")
    assert [span._.trialsift_fact["analyte"] for span in doc.spans["trialsift"]] == ["alt", "ast"]


def test_with_medspacy_imported(tmp_path: Path) -> None:
    """Its decoders of msgpack take some maps for its own objects."""
    write_docbin(tmp_path / "a.spacy", [trial()])
    code = (
        "import sys, medspacy\n"
        "from trialsift.gold.formats.docbin import read_docbin, write_docbin\n"
        "documents = read_docbin(sys.argv[1]); write_docbin(sys.argv[2], documents)\n"
        "assert read_docbin(sys.argv[2]) == documents and documents[0].regimens\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.spacy"), str(tmp_path / "b.spacy")]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def test_what_a_pipeline_with_the_component_found(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("trialsift", config={"spans_key": "found"})
    text = "Inclusion Criteria:\nAge ≥ 18 years\nArm A: 50 Gy in 25 fractions"
    path = store(tmp_path / "run.spacy", nlp("Nothing."), nlp(text))
    first, second = read_docbin(path, "found")
    assert (first.doc_id, first.spans, second.doc_id) == ("run-1", (), "run-2")
    assert [s.text for s in second.spans] == ["≥ 18 years", "50 Gy", "25 fractions"]
    assert all(s.rule for s in second.spans)
    assert second.spans[0].attributes["low"] == 18
    assert [r.fractions for r in second.regimens] == [(25, 25)]
    assert (first.meta, second.meta) == ({}, {})
    assert read_docbin(path) == [first, second]  # it's the only group there is


def foreign(**groups: tuple[int, int, str]) -> Doc:
    """A Doc of another pipeline with a span in each group; `ents` for an entity."""
    doc = spacy.blank("en")("Age 18 years, ECOG 0")
    for key, (start, end, label) in groups.items():
        found = [Span(doc, start, end, label, kb_id="Q1")]
        if key == "ents":
            doc.ents = found
        else:
            doc.spans[key] = SpanGroup(doc, name=key, spans=found)
    return doc


@pytest.mark.parametrize(
    ("groups", "spans_key", "text"),
    [
        ({"sc": (1, 3, "AGE")}, None, "18 years"),
        ({"sc": (1, 3, "AGE")}, "sc", "18 years"),
        ({"ents": (1, 3, "AGE")}, None, "18 years"),
        ({"sc": (1, 3, "AGE"), "ents": (5, 6, "PS")}, "ents", "0"),
        ({"sc": (1, 3, "AGE"), "other": (5, 6, "PS")}, "other", "0"),
        ({"ents": (1, 3, "AGE"), "trialsift": (5, 6, "PS")}, "trialsift", "0"),
    ],
)
def test_spans_of_others(
    tmp_path: Path, groups: dict[str, tuple[int, int, str]], spans_key: str | None, text: str
) -> None:
    (document,) = read_docbin(store(tmp_path / "x.spacy", foreign(**groups)), spans_key)
    assert [s.text for s in document.spans] == [text]
    assert document.spans[0].extra == {"kb_id": "Q1"}
    assert document.meta == {"complete_attributes": False}
    assert not document.scores_values


def test_facts_and_spans_of_others_in_one_file(tmp_path: Path) -> None:
    write_docbin(tmp_path / "a.spacy", [trial()])
    documents = read_docbin(store(tmp_path / "b.spacy", *docs_of(tmp_path / "a.spacy"), foreign(sc=(1, 3, "AGE"))))
    assert [len(d.spans) for d in documents] == [4, 1]
    assert [d.scores_values for d in documents] == [True, False]


def test_a_group_beside_the_facts_that_is_asked_for(tmp_path: Path) -> None:
    write_docbin(tmp_path / "a.spacy", [trial()])
    (doc,) = docs_of(tmp_path / "a.spacy")
    doc.spans["corrected"] = SpanGroup(doc, name="corrected", spans=[Span(doc, 0, 2, "AGE")])
    (document,) = read_docbin(store(tmp_path / "b.spacy", doc), "corrected")
    assert [s.text for s in document.spans] == ["Age ≥"]
    assert not document.scores_values


def test_a_choice_of_groups_that_is_not_clear(tmp_path: Path) -> None:
    path = store(tmp_path / "x.spacy", foreign(sc=(1, 3, "AGE")), foreign(ents=(5, 6, "PS")))
    with pytest.raises(GoldError, match=r"spans stand in 'sc' or 'ents'; choose one with --spans-key"):
        read_docbin(path)
    with pytest.raises(GoldError, match=r"no Doc has the span group 'cs'; expected 'sc' or 'ents'"):
        read_docbin(path, "cs")


def _relabel(doc: Doc) -> None:
    doc.spans["trialsift"] = [Span(doc, s.start, s.end, "LAB", span_id=s.id_) for s in doc.spans["trialsift"]]


def _move(doc: Doc) -> None:
    first, *rest = doc.spans["trialsift"]
    moved = Span(doc, first.start + 1, first.end, first.label_, span_id=first.id_)
    doc.spans["trialsift"] = [moved, *rest]


def _drop(doc: Doc) -> None:
    doc.spans["trialsift"] = list(doc.spans["trialsift"])[1:]


def _set_value(doc: Doc) -> None:
    doc.user_data[FACTS][0]["low"] = 21


def _set_type(doc: Doc) -> None:
    doc.user_data[FACTS][0]["low"] = 18.0


def _drop_regimen(doc: Doc) -> None:
    doc.user_data[REGIMENS] = []


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (_relabel, r"doc\.spans\['trialsift'\]\[0\]\[0\] is \"LAB\", not \"AGE\""),
        (_move, r"doc\.spans\['trialsift'\]\[0\]\[1\] is 6, not 4"),
        (_drop, r"doc\.spans\['trialsift'\]"),
        (_set_value, r"facts\[0\]\.low is 21, not 18"),
        (_set_type, r"facts\[0\]\.low is 18\.0, not 18"),
        (_drop_regimen, "regimens has 0 entries, not 1"),
    ],
)
def test_what_was_edited_in_spacy_is_refused(tmp_path: Path, edit: Callable[[Doc], None], message: str) -> None:
    write_docbin(tmp_path / "a.spacy", [trial("one"), trial("two")])
    docs = docs_of(tmp_path / "a.spacy")
    edit(docs[1])
    path = store(tmp_path / "b.spacy", *docs)
    with pytest.raises(GoldError, match=rf"b\.spacy: Doc 2 \(two\): was edited since it was written: {message}"):
        read_docbin(path)


def test_facts_edited_on_purpose_are_read_without_the_record(tmp_path: Path) -> None:
    write_docbin(tmp_path / "a.spacy", [trial()])
    (doc,) = docs_of(tmp_path / "a.spacy")
    _set_value(doc)
    del doc.user_data[RECORD]
    (document,) = read_docbin(store(tmp_path / "b.spacy", doc))
    assert document.doc_id == "NCT99000001"
    assert document.spans[0].attributes["low"] == 21
    assert document.spans[0].rule is None
    assert [s.id for s in document.spans] == [0, 1, 2, 3]


@pytest.mark.parametrize("name", ["label", "text", "context_start", "section", "modifiers"])
def test_an_attribute_with_a_name_of_another_meaning_is_refused(tmp_path: Path, name: str) -> None:
    document = GoldDocument("d", "18", (GoldSpan(0, 0, 2, "AGE", "18", {name: 1}),))
    with pytest.raises(GoldError, match=f"document 'd': span 0: the attribute '{name}' can't stand in a DocBin"):
        write_docbin(tmp_path / "a.spacy", [document])
    assert not (tmp_path / "a.spacy").exists()


def test_integers_beyond_64_bits_are_refused(tmp_path: Path) -> None:
    span = GoldSpan(0, 0, 2, "AGE", "18", {"low": 10**30})
    with pytest.raises(GoldError, match=r"the attribute 'low' is 10+; a DocBin holds integers of 64 bits"):
        write_docbin(tmp_path / "a.spacy", [GoldDocument("d", "18", (span,))])
    regimen = Regimen((0,), (1, 10**30))
    with pytest.raises(GoldError, match=r"a bound of a regimen is 10+; a DocBin holds"):
        write_docbin(tmp_path / "a.spacy", [GoldDocument("d", "18", (GoldSpan(0, 0, 2, "AGE", "18"),), (regimen,))])


def test_files_that_are_no_docbin(tmp_path: Path) -> None:
    path = tmp_path / "a.spacy"
    path.write_bytes(b"no")
    with pytest.raises(GoldError, match=r"a\.spacy: can't be read as a DocBin of spaCy"):
        read_docbin(path)
    with pytest.raises(GoldError, match="can't be read"):
        read_docbin(tmp_path / "none.spacy")


def test_a_document_may_come_once_only(tmp_path: Path) -> None:
    write_docbin(tmp_path / "a.spacy", [trial()])
    (doc,) = docs_of(tmp_path / "a.spacy")
    with pytest.raises(GoldError, match=r"Doc 2: doc_id 'NCT99000001' is that of Doc 1 already"):
        read_docbin(store(tmp_path / "b.spacy", doc, doc))


def test_facts_that_cannot_be_read(tmp_path: Path) -> None:
    doc = spacy.blank("en")("18")
    doc.user_data[FACTS] = [{"label": "AGE"}]
    with pytest.raises(GoldError, match=r"Doc 1: its facts can't be read \(KeyError"):
        read_docbin(store(tmp_path / "a.spacy", doc))
