"""Nothing is lost there and back: types, absent keys, ids, order, odd characters."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import pytest
import spacy
from hypothesis import given, settings

from tests.gold.formats.strategies import corpora
from tests.support.paths import ROOT
from trialsift.gold import GoldDocument, read_gold, write_gold
from trialsift.gold.formats.brat import read_brat, write_brat
from trialsift.gold.formats.comparison import find_first_difference
from trialsift.gold.formats.convert import FormatName, convert
from trialsift.gold.formats.docbin import read_docbin, write_docbin
from trialsift.gold.formats.label_studio import write_label_studio
from trialsift.gold.formats.label_studio_reader import read_label_studio
from trialsift.gold.formats.prodigy import read_prodigy, write_prodigy
from trialsift.gold.formats.span_tables import read_span_tables, write_span_tables

OWN = ROOT / "corpus"
FORMATS: list[tuple[FormatName, str]] = [("brat", "brat"), ("csv", "tables"), ("docbin", "docs.spacy")]
FORMATS += [("label-studio", "tasks"), ("prodigy", "tasks.jsonl")]
#: So many documents of a shared corpus go there and back.
SAMPLE = 40
#: A blank pipeline takes a tenth of a second to make.
make_blank = cache(spacy.blank)


def there_and_back(source: Path, folder: Path, to_format: FormatName, name: str) -> list[GoldDocument]:
    convert(source, folder / name, to_format=to_format)
    convert(folder / name, folder / "back.jsonl", from_format=to_format)
    return read_gold(folder / "back.jsonl")


@pytest.mark.parametrize(("to_format", "name"), FORMATS)
@pytest.mark.parametrize("split", ["dev", "test"])
def test_own_corpus(tmp_path: Path, split: str, to_format: FormatName, name: str) -> None:
    source = OWN / f"{split}.jsonl"
    assert find_first_difference(read_gold(source), there_and_back(source, tmp_path, to_format, name)) is None


@pytest.mark.parametrize(("to_format", "name"), FORMATS)
def test_shared_corpora(tmp_path: Path, shared_corpora: Path, to_format: FormatName, name: str) -> None:
    """Some documents of each, from its beginning to its end."""
    for path in sorted(shared_corpora.glob("*.jsonl")):
        documents = read_gold(path)
        documents = documents[:: max(1, len(documents) // SAMPLE)]
        folder = tmp_path / path.stem
        folder.mkdir()
        source = folder / path.name
        write_gold(source, documents)
        assert find_first_difference(documents, there_and_back(source, folder, to_format, name)) is None, path


def test_through_all_formats_in_a_row(tmp_path: Path) -> None:
    steps: list[tuple[FormatName, str]] = [*FORMATS, ("jsonl", "end.jsonl")]
    last, before = OWN / "dev.jsonl", steps[-1][0]
    for to_format, name in steps:
        convert(last, tmp_path / name, from_format=before, to_format=to_format)
        last, before = tmp_path / name, to_format
    assert find_first_difference(read_gold(OWN / "dev.jsonl"), read_gold(last)) is None


@pytest.mark.parametrize(
    ("write", "read"),
    [
        (write_brat, read_brat),
        (write_span_tables, read_span_tables),
        (write_docbin, read_docbin),
        (write_gold, read_gold),
        (write_label_studio, lambda path: read_label_studio(path)[0]),
        (write_prodigy, lambda path: read_prodigy(path)[0]),
    ],
    ids=["brat", "csv", "docbin", "jsonl", "label-studio", "prodigy"],
)
@settings(max_examples=40, deadline=None)
@given(generated=corpora())
def test_generated_documents(write: Any, read: Any, generated: list[GoldDocument]) -> None:
    with TemporaryDirectory() as folder, mock.patch("spacy.blank", make_blank):
        write(Path(folder) / "out", generated)
        assert find_first_difference(generated, read(Path(folder) / "out")) is None
