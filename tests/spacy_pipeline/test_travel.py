"""Docs and pipelines that travel: bytes, DocBin, JSON, processes, disk."""

from __future__ import annotations

import json
import pickle
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, DocBin
from thinc.api import Config

import trialsift
from tests.spacy_pipeline.builders import TEXT, TEXTS, blank, carried
from trialsift.rules.files import PatternError, patterns_dir

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


def test_json(nlp: spacy.Language) -> None:
    doc = nlp(TEXT)
    record = json.loads(json.dumps(doc.to_json(underscore=["trialsift", "trialsift_regimens"])))
    assert (record["_"]["trialsift"], record["_"]["trialsift_regimens"]) == (doc._.trialsift, doc._.trialsift_regimens)
    back = Doc(nlp.vocab).from_json(nlp(TEXT).to_json())  # spaCy's JSON has no user data
    assert [(span.label_, span.text) for span in back.spans["trialsift"]] == [
        (span.label_, span.text) for span in doc.spans["trialsift"]
    ]
    assert back._.trialsift == []
    assert carried(nlp(back)) == carried(doc)


def test_docs_put_together(nlp: spacy.Language) -> None:
    """spaCy keeps the spans and says that it leaves the facts out; the component finds them again."""
    docs = [nlp("Age 18 to 75 years."), nlp("ECOG 0-1")]
    with pytest.warns(UserWarning, match="W102"):
        both = Doc.from_docs(docs)
    assert both._.trialsift == both._.trialsift_regimens == []
    assert [span._.trialsift_fact for span in both.spans["trialsift"]] == [None, None]
    again = nlp(both)
    assert [span._.trialsift_fact for span in again.spans["trialsift"]] == again._.trialsift
    assert [(fact["start"], fact["text"]) for fact in again._.trialsift] == [(4, "18 to 75 years"), (25, "0-1")]


def test_a_part_as_a_doc(nlp: spacy.Language) -> None:
    doc = nlp("Age 18 to 75 years. ECOG 0-1")
    part = doc[6:].as_doc()
    assert (part._.trialsift, dict(part.spans)) == ([], {})
    copied = doc[6:].as_doc(copy_user_data=True)
    assert copied._.trialsift == doc._.trialsift  # as they were, with their offsets
    assert [fact["start"] for fact in nlp(copied)._.trialsift] == [5]


def test_a_copy_of_a_doc(nlp: spacy.Language) -> None:
    doc = nlp(TEXT)
    assert carried(doc.copy()) == carried(doc)


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


def test_a_saved_pipeline_in_a_fresh_process(nlp: spacy.Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "saved")
    code = (
        "import json, sys, spacy\n"
        "texts = json.load(sys.stdin)\n"
        "nlp = spacy.load('saved')\n"
        "print(json.dumps([[doc._.trialsift, doc._.trialsift_regimens] for doc in nlp.pipe(texts)]))"
    )
    texts = [TEXT, *TEXTS[:4]]
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(texts), capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert json.loads(done.stdout) == [[doc._.trialsift, doc._.trialsift_regimens] for doc in nlp.pipe(texts)]


@pytest.mark.parametrize("exclude", [[], ["tokenizer"], ["trialsift"], ["vocab", "trialsift_context"]], ids=str)
def test_parts_of_a_saved_pipeline_may_be_left_out(nlp: spacy.Language, exclude: list[str], tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "saved", exclude=exclude)
    left_out = {name for name in nlp.pipe_names if not (tmp_path / "saved" / name).exists()}
    assert left_out == set(exclude) & set(nlp.pipe_names)
    back = trialsift.load().from_bytes(nlp.to_bytes(exclude=exclude), exclude=exclude)
    assert carried(back(TEXT)) == carried(nlp(TEXT))


def test_a_component_may_leave_its_rules_out(tmp_path: Path) -> None:
    component = blank().get_pipe("trialsift")
    component.to_disk(tmp_path / "component", exclude=["patterns"])
    assert not (tmp_path / "component" / "patterns").exists()
    assert len(component.to_bytes(exclude=["patterns"])) < 100 < len(component.to_bytes())


def test_a_config_is_read_back() -> None:
    nlp = blank(labels=["AGE"], annotate_ents=True)
    nlp.add_pipe("trialsift", name="labs", config={"labels": ["LAB"], "spans_key": "labs", "scorer": None})
    again = spacy.util.load_model_from_config(Config().from_str(nlp.config.to_str(), interpolate=False))
    assert again.config == nlp.config
    doc = again(TEXT)
    assert {span.label_ for span in doc.spans["trialsift"]} == {"AGE"} == {ent.label_ for ent in doc.ents}
    assert {span.label_ for span in doc.spans["labs"]} == {"LAB"}


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
