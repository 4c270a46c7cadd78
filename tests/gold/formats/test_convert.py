"""`trialsift convert` and the function behind it: which format, what is verified, what is never destroyed."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
import typer
from click.testing import Result
from spacy.tokens import DocBin, Span, SpanGroup
from typer.testing import CliRunner

from tests.gold.formats.builders import content_of, trial
from tests.support.doubles import FakeExtractor, write_texts
from tests.support.paths import ROOT
from trialsift.cli.convert import convert as command
from trialsift.gold import GoldDocument, GoldError, read_gold, write_gold
from trialsift.gold.formats import convert as module
from trialsift.gold.formats.convert import Conversion, FormatName, convert
from trialsift.model.errors import UserError
from trialsift.runs.extract.run import extract_run

OWN = ROOT / "corpus"

app = typer.Typer()
app.command()(command)


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """A file with two documents."""
    write_gold(tmp_path / "gold.jsonl", [trial("one"), trial("two")])
    return tmp_path / "gold.jsonl"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


# -- the function -----------------------------------------------------------------------------------------------


def test_the_summary(tmp_path: Path, gold: Path) -> None:
    done = convert(gold, tmp_path / "brat", to_format="brat")
    assert done == Conversion(
        gold,
        tmp_path / "brat",
        "jsonl",
        "brat",
        2,
        8,
        2,
        ("annotation.conf", "documents.jsonl", "one.ann", "one.txt", "two.ann", "two.txt", "visual.conf"),
    )
    assert {path.name for path in (tmp_path / "brat").iterdir()} == set(done.files)
    assert convert(tmp_path / "brat", tmp_path / "deep" / "er" / "a.spacy").files == ("a.spacy",)


def test_the_predictions_of_a_run(tmp_path: Path) -> None:
    write_texts(tmp_path / "in", a="Age 18", b="nothing")
    extract_run([tmp_path / "in"], tmp_path / "run", extractor=FakeExtractor())
    done = convert(tmp_path / "run" / "annotations.jsonl", tmp_path / "tables", to_format="csv")
    assert (done.documents, done.spans) == (2, 1)
    with pytest.raises(GoldError, match=r"holds a run of trialsift; name .*annotations\.jsonl"):
        convert(tmp_path / "run", tmp_path / "x.spacy")


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("none.jsonl", "x.jsonl", "no such file or folder"),
        ("gold.txt", "x.jsonl", "the ending '.txt' tells no format; say which format is meant with --from"),
        (
            "gold.jsonl",
            "x",
            "a folder may be brat, CSV or Label Studio; say which format is meant with --to: jsonl, brat, docbin, csv",
        ),
        ("gold.jsonl", "empty", "a folder may be brat, CSV or Label Studio"),
        ("empty", "x.jsonl", "a folder of neither brat, Label Studio nor CSV"),
        ("both", "x.jsonl", r"holds brat's files and spans\.csv"),
        ("gold.jsonl", "gold.jsonl", "is the source too"),
        ("gold.jsonl", "folder.jsonl", "a folder may be brat, CSV or Label Studio"),
    ],
)
def test_a_format_that_is_not_clear(tmp_path: Path, gold: Path, source: str, target: str, message: str) -> None:
    (tmp_path / "gold.txt").write_bytes(gold.read_bytes())
    (tmp_path / "empty").mkdir()
    (tmp_path / "folder.jsonl").mkdir()
    convert(gold, tmp_path / "both", to_format="brat")
    (tmp_path / "both" / "spans.csv").write_text("", encoding="utf-8")
    with pytest.raises(GoldError, match=message):
        convert(tmp_path / source, tmp_path / target)


def test_a_stated_format_counts_more_than_the_ending(tmp_path: Path, gold: Path) -> None:
    gold.rename(tmp_path / "gold.txt")
    convert(tmp_path / "gold.txt", tmp_path / "x.jsonl", from_format="jsonl", to_format="docbin")
    assert convert(tmp_path / "x.jsonl", tmp_path / "y.jsonl", from_format="docbin").documents == 2


@pytest.mark.parametrize(
    ("to_format", "name"), [("jsonl", "x.jsonl"), ("docbin", "x.spacy"), ("csv", "x"), ("brat", "x")]
)
def test_output_that_exists_needs_force(tmp_path: Path, gold: Path, to_format: FormatName, name: str) -> None:
    target = tmp_path / "out" / name
    convert(gold, target, to_format=to_format)
    before = content_of(tmp_path / "out")
    write_gold(tmp_path / "other.jsonl", [trial("three")])
    with pytest.raises(GoldError, match="--force"):
        convert(tmp_path / "other.jsonl", target, to_format=to_format)
    assert content_of(tmp_path / "out") == before
    convert(tmp_path / "other.jsonl", target, to_format=to_format, force=True)
    convert(target, tmp_path / "back.jsonl", from_format=to_format)
    assert [d.doc_id for d in read_gold(tmp_path / "back.jsonl")] == ["three"]


def test_a_file_in_place_of_a_folder_and_the_reverse(tmp_path: Path, gold: Path) -> None:
    (tmp_path / "x.spacy").mkdir()
    with pytest.raises(GoldError, match="is a folder; expected the name of a file"):
        convert(gold, tmp_path / "x.spacy", to_format="docbin", force=True)
    (tmp_path / "y").write_text("", encoding="utf-8")
    with pytest.raises(GoldError, match="is a file; expected the name of a folder"):
        convert(gold, tmp_path / "y", to_format="brat", force=True)


def test_hidden_files_are_no_content(tmp_path: Path, gold: Path) -> None:
    (tmp_path / "brat").mkdir()
    (tmp_path / "brat" / ".gitkeep").touch()
    assert convert(gold, tmp_path / "brat", to_format="brat").documents == 2
    assert (tmp_path / "brat" / ".gitkeep").exists()


@pytest.mark.parametrize(("to_format", "name"), [("jsonl", "x.jsonl"), ("csv", "x")])
def test_what_reads_back_otherwise_is_not_written(
    tmp_path: Path, gold: Path, monkeypatch: pytest.MonkeyPatch, to_format: FormatName, name: str
) -> None:
    """A writer that loses something: the earlier output stays as it is."""
    convert(gold, tmp_path / "out" / name, to_format=to_format)
    before = content_of(tmp_path / "out")
    good = module._FORMATS[to_format]

    def lossy(path: Path, documents: list[GoldDocument]) -> None:
        spoilt = dataclasses.replace(
            documents[1].spans[0], attributes={**documents[1].spans[0].attributes, "low": 18.0}
        )
        good.write(path, [documents[0], dataclasses.replace(documents[1], spans=(spoilt, *documents[1].spans[1:]))])

    monkeypatch.setitem(module._FORMATS, to_format, dataclasses.replace(good, write=lossy))
    with pytest.raises(
        GoldError, match=r"document 'two': spans\[0\]\.attributes\.low is 18\.0, not 18; nothing was written"
    ):
        convert(gold, tmp_path / "out" / name, to_format=to_format, force=True)
    with pytest.raises(GoldError, match="reads back otherwise"):
        convert(gold, tmp_path / "new" / name, to_format=to_format)
    assert content_of(tmp_path / "out") == before
    assert not (tmp_path / "new").exists()
    assert not list(tmp_path.glob("**/.trialsift-*"))


def test_a_document_that_the_format_cannot_hold_is_named_with_its_file(tmp_path: Path) -> None:
    write_gold(tmp_path / "gold.jsonl", [dataclasses.replace(trial("d"), regimens=(), spans=())])
    content = (tmp_path / "gold.jsonl").read_text(encoding="utf-8")
    (tmp_path / "gold.jsonl").write_text(content.replace('"invented"', "1e400"), encoding="utf-8")
    with pytest.raises(GoldError, match=r"gold\.jsonl: document 'd': holds a value that can't be written"):
        convert(tmp_path / "gold.jsonl", tmp_path / "x.spacy")


# -- the command ------------------------------------------------------------------------------------------------


def test_the_command(tmp_path: Path, gold: Path) -> None:
    result = run(gold, tmp_path / "brat", "--to", "brat")
    assert result.exit_code == 0
    assert result.stdout == (
        "Converted 2 documents, 8 spans, 2 regimens from jsonl to brat.\n"
        f"Written to {tmp_path / 'brat'} (7 files)\n"
        "verified: reads back the same\n"
    )
    again = run(gold, tmp_path / "brat", "--to", "brat")
    assert isinstance(again.exception, UserError)
    assert run(gold, tmp_path / "brat", "--to", "brat", "--force").exit_code == 0
    back = run(tmp_path / "brat", tmp_path / "back.txt", "--from", "brat", "--to", "jsonl")
    assert back.exit_code == 0
    assert read_gold(tmp_path / "back.txt") == read_gold(gold)


def test_the_spans_key(tmp_path: Path, gold: Path) -> None:
    doc = spacy.blank("en")("Age 18 years")
    doc.spans["a"] = SpanGroup(doc, name="a", spans=[Span(doc, 1, 3, "AGE")])
    doc.spans["b"] = SpanGroup(doc, name="b", spans=[Span(doc, 1, 2, "AGE")])
    DocBin(docs=[doc]).to_disk(tmp_path / "x.spacy")
    assert run(tmp_path / "x.spacy", tmp_path / "x.jsonl", "--spans-key", "b").exit_code == 0
    assert read_gold(tmp_path / "x.jsonl")[0].spans[0].text == "18"
    refused = run(gold, tmp_path / "y.spacy", "--spans-key", "b")
    assert "--spans-key is for DocBin, and this is jsonl" in str(refused.exception)


def test_as_a_process(tmp_path: Path, gold: Path) -> None:
    def process(*arguments: Path) -> subprocess.CompletedProcess[str]:
        parts = [sys.executable, "-m", "trialsift", "convert", *map(str, arguments)]
        return subprocess.run(parts, capture_output=True, encoding="utf-8", check=False)

    done = process(gold, tmp_path / "x.spacy")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("verified: reads back the same\n")
    again = process(gold, tmp_path / "x.spacy")
    assert again.returncode == 2
    assert (
        again.stderr
        == f"Error: {tmp_path / 'x.spacy'}: exists already; name another file, or replace it with --force\n"
    )


def test_jsonl_brat_and_csv_need_no_spacy(tmp_path: Path, gold: Path) -> None:
    code = (
        "import sys; from trialsift.gold.formats.convert import convert\n"
        "convert(sys.argv[1], sys.argv[2], to_format='brat'); convert(sys.argv[2], sys.argv[3], to_format='csv')\n"
        "assert not {'spacy', 'medspacy', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, gold, tmp_path / "brat", tmp_path / "csv"], check=True)


def test_a_folder_that_is_in_the_way_leaves_all_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "brat"
    convert(OWN / "dev.jsonl", target, to_format="brat")
    (target / "visual.conf").unlink()
    (target / "visual.conf").mkdir()
    before = sorted(path.name for path in target.iterdir())
    with pytest.raises(GoldError, match=r"visual\.conf: is a folder, where a file is to be written"):
        convert(OWN / "test.jsonl", target, to_format="brat", force=True)
    assert sorted(path.name for path in target.iterdir()) == before


def test_a_move_that_fails_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "brat"
    convert(OWN / "dev.jsonl", target, to_format="brat")
    before = {path.name: path.read_bytes() for path in target.iterdir()}
    replace = Path.replace

    def stop(path: Path, to: Path) -> Path:
        if path.parent.name == "made" and path.name.startswith("rectal"):
            raise OSError(28, "No space left on device")
        return replace(path, to)

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(GoldError, match="No space left"):
        convert(OWN / "test.jsonl", target, to_format="brat", force=True)
    assert {path.name: path.read_bytes() for path in target.iterdir()} == before
