"""corpus/standoff/: gold without its texts, and the script that puts them back in."""

from __future__ import annotations

import gzip
import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.support.paths import ROOT, shared_folder
from trialsift.gold import read_gold

FOLDER = ROOT / "corpus" / "standoff"
FILES = sorted(FOLDER.glob("*.jsonl"))


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("standoff_texts", FOLDER / "texts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TEXTS = load_script()
TEXT = "Inclusion Criteria:\n- AST ≤ 2.5 x ULN (≤ 5 x ULN if liver\n  metastases)\n"


def document() -> dict[str, Any]:
    start, second = TEXT.index("≤ 2.5"), TEXT.index("≤ 5 x")
    value = {"analyte": "ast", "low": None, "low_inclusive": None, "high_inclusive": True, "unit": "ULN"}
    common = {**value, "polarity": "inclusion"}
    return {
        "doc_id": "a",
        "text": TEXT,
        "meta": {"source": "criteria", "labels": ["LAB"]},
        "spans": [
            {
                "id": 0,
                "start": start,
                "end": start + 11,
                "label": "LAB",
                "text": "≤ 2.5 x ULN",
                "attributes": {**common, "high": 2.5},
            },
            {
                "id": 1,
                "start": second,
                "end": second + 9,
                "label": "LAB",
                "text": "≤ 5 x ULN",
                "attributes": {**common, "high": 5, "condition": "if liver metastases"},
            },
        ],
        "regimens": [],
    }


def test_a_document_without_its_text_quotes_nothing() -> None:
    removed = json.dumps(TEXTS.remove_text(document()), ensure_ascii=False)
    assert "ULN (" not in removed
    assert "metastases" not in removed
    assert '"sha256"' in removed


def test_a_text_is_put_back_as_it_was() -> None:
    assert TEXTS.restore_text(TEXTS.remove_text(document()), TEXT) == document()


def test_another_text_is_refused() -> None:
    with pytest.raises(ValueError, match="a: the text is another one than was annotated"):
        TEXTS.restore_text(TEXTS.remove_text(document()), TEXT + "\n")


def test_files_there_and_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold, standoff, back = tmp_path / "gold.jsonl", tmp_path / "standoff.jsonl", tmp_path / "back.jsonl"
    gold.write_text(json.dumps(document()) + "\n", encoding="utf-8")
    assert TEXTS.main(["remove", str(gold), str(standoff)]) == 0
    texts = tmp_path / "texts"
    texts.mkdir()
    assert TEXTS.main(["restore", str(standoff), str(back), "--texts", str(texts)]) == 1
    assert "1 of 1 texts are not in" in capsys.readouterr().err
    with gzip.open(texts / "some.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps({"doc_id": "other", "text": TEXT}) + "\n")
    assert TEXTS.main(["restore", str(standoff), str(back), "--texts", str(texts)]) == 0
    assert json.loads(back.read_text(encoding="utf-8")) == document()
    assert [span.text for span in read_gold(back)[0].spans] == ["≤ 2.5 x ULN", "≤ 5 x ULN"]


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_no_file_holds_a_text(path: Path) -> None:
    for record in TEXTS.read_records(path):
        assert "text" not in record
        assert len(record["sha256"]) == 64
        for span in record["spans"]:
            assert "text" not in span
            assert "condition" not in span["attributes"]
            assert 0 <= span["start"] < span["end"] <= record["length"]


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_every_text_is_found_in_the_shared_corpora(path: Path, tmp_path: Path) -> None:
    if not shared_folder().is_dir():
        pytest.skip("the texts are in shared/corpora, which is not here")
    out = tmp_path / path.name
    assert TEXTS.main(["restore", str(path), str(out), "--texts", str(shared_folder())]) == 0
    assert len(read_gold(out)) == sum(1 for _ in TEXTS.read_records(path))
