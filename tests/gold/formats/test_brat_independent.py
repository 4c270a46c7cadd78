"""The brat folders as somebody else's reader sees them: edsnlp's, which is no dependency. To repeat it:

python -m venv EDS && EDS/bin/pip install edsnlp pytest hypothesis && EDS/bin/pip install --no-deps -e .
EDS/bin/python -m pytest tests/gold/formats/test_brat_independent.py
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import ROOT
from trialsift.gold import GoldDocument, read_gold
from trialsift.gold.formats.brat import read_brat, write_brat

pytest.importorskip("edsnlp", reason="edsnlp, an independent reader of brat's standoff, is not installed")

OWN = ROOT / "corpus"
Entity = tuple[str, int, int, str, frozenset[tuple[str, str | None]]]


def expected(document: GoldDocument) -> tuple[list[Entity], list[dict[str, Any]]]:
    """Label, offsets, text and the attributes that stand in A lines; and what stands in the note."""
    entities, notes = [], []
    for span in document.spans:
        listed = {
            name: value
            for name, value in span.attributes.items()
            if name in ("polarity", "modality", "role", "scale", "scope") or (value is True and "inclusive" not in name)
        }
        attributes = frozenset((name, None if value is True else str(value)) for name, value in listed.items())
        entities.append((span.label, span.start, span.end, " ".join(span.text.split()), attributes))
        notes.append({name: value for name, value in span.attributes.items() if name not in listed})
    return entities, notes


def check(source: Path, folder: Path) -> Counter[str]:
    """Compares all that edsnlp reads with the gold; returns what was compared, counted."""
    import edsnlp
    from edsnlp.data.standoff import parse_standoff_file

    documents = read_gold(source)
    write_brat(folder, documents)
    side = [json.loads(line) for line in (folder / "documents.jsonl").read_text(encoding="utf-8").split("\n") if line]
    names = {record["doc_id"]: record["file"] for record in side}
    docs = edsnlp.data.read_standoff(folder, notes_as_span_attribute="trialsift_note", span_setter={"*": True})
    by_name = {doc._.note_id: doc for doc in docs}
    assert by_name.keys() == set(names.values())

    seen: Counter[str] = Counter()
    for document in documents:
        stem = str(folder / names[document.doc_id])
        raw = parse_standoff_file(f"{stem}.txt", [f"{stem}.ann"])
        entities, notes = expected(document)
        assert raw["text"] == document.text
        ours = [e for e in raw["entities"] if e["label"] != "REGIMEN"]
        assert [len(e["fragments"]) for e in ours] == [1] * len(entities), "fragments at line ends are merged"
        found = [
            (
                e["label"],
                e["fragments"][0]["begin"],
                e["fragments"][0]["end"],
                " ".join(e["text"].split()),
                frozenset(e["attributes"].items()),
            )
            for e in ours
        ]
        assert found == entities
        read_notes = [json.loads(e["notes"][0]["value"])["attributes"] if e["notes"] else {} for e in ours]
        assert read_notes == notes

        regimens = [[int(a["entity_id"][1:]) for a in e["arguments"]][1:] for e in raw["events"]]
        assert regimens == [list(r.facts) for r in document.regimens]
        triggers = {e["entity_id"]: e for e in raw["entities"] if e["label"] == "REGIMEN"}
        bounds = [json.loads(triggers[e["arguments"][0]["entity_id"]]["notes"][0]["value"]) for e in raw["events"]]
        assert bounds == [
            {key: value for key, value in r.to_record().items() if key != "spans"} for r in document.regimens
        ]

        doc = by_name[names[document.doc_id]]
        in_doc = {
            (span.label_, span.start_char, span.end_char, getattr(span._, "polarity", None))
            for group in doc.spans.values()
            for span in group
            if span.label_ != "REGIMEN"
        }
        in_gold = set()
        for span in document.spans:
            tokens = doc.char_span(span.start, span.end, alignment_mode="expand")
            in_gold.add((span.label, tokens.start_char, tokens.end_char, span.attributes.get("polarity")))
        assert in_doc == in_gold

        seen.update(documents=1, spans=len(entities), attributes=sum(len(e[-1]) for e in entities))
        seen.update(notes=sum(bool(n) for n in notes), values=sum(map(len, notes)), regimens=len(regimens))
        seen.update(broken_lines=sum("\n" in span.text for span in document.spans))
    return seen


@pytest.mark.parametrize("split", ["dev", "test"])
def test_own_corpus(tmp_path: Path, split: str) -> None:
    seen = check(OWN / f"{split}.jsonl", tmp_path / "brat")
    print(f"{split}: {dict(seen)}")
    assert seen["spans"] > 0
    assert seen["broken_lines"] > 0


def test_shared_corpora(tmp_path: Path, shared_corpora: Path) -> None:
    for source in sorted(shared_corpora.glob("*.jsonl")):
        seen = check(source, tmp_path / source.stem)
        print(f"{source.stem}: {dict(seen)}")
        assert seen["spans"] > 0


def test_what_edsnlp_writes_is_read(tmp_path: Path) -> None:
    import edsnlp

    write_brat(tmp_path / "ours", read_gold(OWN / "dev.jsonl"))
    reader = edsnlp.data.read_standoff(tmp_path / "ours", span_setter={"AGE": "AGE"}, span_attributes=["polarity"])
    edsnlp.data.write_standoff(reader, tmp_path / "theirs", span_getter={"AGE": True}, span_attributes=["polarity"])
    theirs = {document.doc_id: document for document in read_brat(tmp_path / "theirs")}
    for document in read_gold(OWN / "dev.jsonl"):
        ages = {span.attributes["polarity"] for span in document.spans if span.label == "AGE"}
        assert {span.attributes["polarity"] for span in theirs[document.doc_id].spans} == ages
