"""Every format of inputs, and every fault of one, through the command; and all of it without a network."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from tests.readers.word.files import make_docx, paragraph
from tests.support.doubles import FakeExtractor, write_texts
from tests.support.faults import FAULTS, Fault
from tests.support.paths import ROOT
from trialsift.cli import app
from trialsift.readers import CODES
from trialsift.runs.extract.run import extract_run
from trialsift.tables.files import read_table

FIXTURES = ROOT / "tests" / "readers" / "fixtures"
REGISTRIES = FIXTURES / "registries"
STUDY = FIXTURES / "NCT99000901.json"
ADULTS = "Inclusion Criteria:\n- Age ≥ 18 years\n- Hemoglobin ≥ 9 g/dL\n"
RECORDS = [{"doc_id": "one", "text": ADULTS}, {"doc_id": "two", "text": "Radiotherapy: 25 x 2 Gy\n"}]
FRAME = pd.DataFrame(RECORDS)
REGISTRY = ("NCT99000901", "NCT99000902", "NCT99000903")


def read_two_countries() -> bytes:
    records = (REGISTRIES / "euctr.txt").read_bytes().split(b"\nSummary\n")
    return b"\nSummary\n".join(records[:3])


def json_lines(records: list[Any]) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def as_csv(**options: Any) -> bytes:
    table: str = FRAME.to_csv(index=False, **options)
    return table.encode()


def as_parquet() -> bytes:
    packed = io.BytesIO()
    FRAME.to_parquet(packed)
    return packed.getvalue()


def as_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("in/one.txt", ADULTS)
        archive.writestr("two.json", STUDY.read_bytes())
    return packed.getvalue()


#: Files: a name, what stands in it, the documents that come of it.
FILES: dict[str, tuple[str, Callable[[], bytes], tuple[str, ...]]] = {
    "text": ("one.txt", lambda: ADULTS.encode(), ("one",)),
    "text in windows-1252": ("one.txt", lambda: ("Café – " * 9 + ADULTS.replace("≥", ">")).encode("cp1252"), ("one",)),
    "a study": ("study.json", STUDY.read_bytes, REGISTRY[:1]),
    "a page of studies": ("page.json", (FIXTURES / "page.json").read_bytes, REGISTRY),
    "studies as JSON Lines": (
        "studies.jsonl",
        lambda: json_lines(json.loads((FIXTURES / "page.json").read_bytes())["studies"]),
        REGISTRY,
    ),
    "legacy XML": ("study.xml", (FIXTURES / "ctgov-xml" / "NCT99000902.xml").read_bytes, REGISTRY[1:2]),
    "ICTRP's portal": (
        "a.xml",
        (REGISTRIES / "ictrp-portal.xml").read_bytes,
        ("ChiCTR2099000901", "EUCTR2098-000901-24-BE"),
    ),
    "an upload to ICTRP": ("a.xml", (REGISTRIES / "ictrp-upload.xml").read_bytes, ("RBR-9zzz01",)),
    "EUCTR": ("a.txt", read_two_countries, ("2098-000901-24-BE", "2098-000901-24-ES")),
    "CSV": ("table.csv", as_csv, ("one", "two")),
    "CSV with semicolons": ("table.csv", lambda: as_csv(sep=";"), ("one", "two")),
    "TSV": ("table.tsv", lambda: as_csv(sep="\t"), ("one", "two")),
    "JSON Lines": ("records.jsonl", lambda: json_lines(RECORDS), ("one", "two")),
    "records as JSON": ("records.json", lambda: json.dumps(RECORDS).encode(), ("one", "two")),
    "Parquet": ("table.parquet", as_parquet, ("one", "two")),
    "HTML": ("registry.html", (FIXTURES / "html" / "registry.html").read_bytes, ("registry",)),
    "PDF": ("protocol.pdf", (FIXTURES / "pdf" / "protocol.pdf").read_bytes, ("protocol",)),
    "Word": ("protocol.docx", lambda: make_docx(paragraph("Inclusion criteria: ECOG 0-1")), ("protocol",)),
    "a zip": ("archive.zip", as_zip, ("one", "NCT99000901")),
}


def extracted(source: Path, out: Path, *options: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The annotations and the run.json of a run of the command that has to succeed."""
    done = CliRunner().invoke(app, ["extract", str(source), "--out", str(out), *options])
    assert done.exit_code == 0, done.output
    with (out / "annotations.jsonl").open(encoding="utf-8", newline="\n") as file:
        records = [json.loads(line) for line in file]
    return records, json.loads((out / "run.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("packed", [False, True], ids=["as it is", "gzip"])
@pytest.mark.parametrize("kind", FILES)
def test_a_file(kind: str, packed: bool, tmp_path: Path) -> None:
    name, content, expected = FILES[kind]
    data = content()
    source = tmp_path / (f"{name}.gz" if packed else name)
    source.write_bytes(gzip.compress(data) if packed else data)
    records, _ = extracted(source, tmp_path / "out")
    assert tuple(record["doc_id"] for record in records) == expected
    assert all(record["spans"] for record in records)
    for record in records:
        assert record["meta"]["source"].startswith(source.name)
        for span in record["spans"]:
            assert record["text"][span["start"] : span["end"]] == span["text"]


def test_tables_of_aact(tmp_path: Path) -> None:
    records, _ = extracted(FIXTURES / "aact", tmp_path / "out")
    assert tuple(record["doc_id"] for record in records) == REGISTRY
    assert all(record["meta"]["parts"] for record in records)


def test_an_encoding_is_said(tmp_path: Path) -> None:
    name, content, _ = FILES["text in windows-1252"]
    (tmp_path / name).write_bytes(content())
    [record], report = extracted(tmp_path / name, tmp_path / "out")
    assert record["text"].startswith("Café – ")
    assert record["meta"]["encoding"] == "cp1252"
    assert report["counts"]["encodings"] == {"cp1252": 1}


def test_columns_of_other_names(tmp_path: Path) -> None:
    FRAME.rename(columns={"doc_id": "nct", "text": "criteria"}).to_csv(tmp_path / "table.csv", index=False)
    records, _ = extracted(tmp_path / "table.csv", tmp_path / "out", "--text-column", "criteria", "--id-column", "nct")
    assert [record["doc_id"] for record in records] == ["one", "two"]


def test_a_format_that_is_stated(tmp_path: Path) -> None:
    (tmp_path / "records.dat").write_bytes(json_lines(RECORDS))
    records, _ = extracted(tmp_path / "records.dat", tmp_path / "out", "--input-format", "jsonl")
    assert [record["doc_id"] for record in records] == ["one", "two"]


@pytest.mark.parametrize("limit", ["--max-document-mb", "--max-expanded-mb"])
def test_a_limit(limit: str, tmp_path: Path) -> None:
    (tmp_path / "big.txt.gz").write_bytes(gzip.compress(ADULTS.encode() * 100))
    done = CliRunner().invoke(
        app, ["extract", str(tmp_path / "big.txt.gz"), "-o", str(tmp_path / "out"), limit, "0.001"]
    )
    assert done.exit_code == 1
    [code] = read_table(tmp_path / "out" / "errors.csv")["code"]
    assert code == {"--max-document-mb": "too_large", "--max-expanded-mb": "expands_too_far"}[limit]


def test_what_the_registry_states_is_compared_with_the_text(tmp_path: Path) -> None:
    study = json.loads(STUDY.read_bytes())
    fields = study["protocolSection"]["eligibilityModule"]
    fields.update(
        minimumAge="21 Years", maximumAge="75 Years", eligibilityCriteria="Inclusion Criteria:\n\n* Age 18-75"
    )
    (tmp_path / "study.json").write_text(json.dumps(study), encoding="utf-8")
    _, report = extracted(tmp_path / "study.json", tmp_path / "out")
    assert report["counts"]["age_limits_in_registry_and_text"] == 2
    assert report["counts"]["age_limits_that_agree"] == 1
    [trial] = read_table(tmp_path / "out/tables/trials.csv").to_dict("records")
    assert (trial["age_low"], trial["registry_age_low"], trial["age_agreement"]) == (18, 21, "differs")
    [row] = read_table(tmp_path / "out/tables/agreement.csv").to_dict("records")
    assert (row["field"], row["kind"], row["in_registry"], row["text_value"]) == ("age_low", "differs", "21 Years", 18)


def test_files_of_other_kinds_are_counted(tmp_path: Path) -> None:
    folder = write_texts(tmp_path / "in", one=ADULTS)
    for name in ("notes.odt", "figure.png", "more.odt"):
        (folder / name).write_bytes(b"x")
    _, report = extracted(folder, tmp_path / "out")
    assert report["left_out"] == {".odt": 2, ".png": 1}


class TestFaults:
    """A bad input is one row of errors.csv, and all others give the same bytes as without it."""

    @pytest.fixture
    def without(self, tmp_path: Path) -> dict[str, bytes]:
        self.run(write_texts(tmp_path / "in", **{"a first": ADULTS, "z last": ADULTS}), tmp_path / "without")
        return self.results(tmp_path / "without")

    @staticmethod
    def run(folder: Path, out: Path) -> Any:
        return extract_run([folder], out, extractor=FakeExtractor())

    @staticmethod
    def results(out: Path) -> dict[str, bytes]:
        files = (out / "annotations.jsonl", *(out / "tables").iterdir())
        return {path.name: path.read_bytes() for path in files}

    @pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
    def test_one_row_and_nothing_else(self, fault: Fault, tmp_path: Path, without: dict[str, bytes]) -> None:
        reason = fault.cannot()
        if reason:
            pytest.skip(reason)
        fault.build(tmp_path / "in")
        summary = self.run(tmp_path / "in", tmp_path / "out")
        assert summary.exit_status == 1
        [row] = read_table(tmp_path / "out/errors.csv").to_dict("records")
        assert row["code"] == fault.code
        assert fault.code in CODES
        assert fault.says in row["message"]
        assert row["what_to_do"]
        assert "\n" not in row["file"] + row["message"]
        if not fault.documents:
            assert self.results(tmp_path / "out") == without
        else:
            ids = read_table(tmp_path / "out/tables/trials.csv")["doc_id"].tolist()
            assert ids == ["a first", *fault.documents, "z last"]

    def test_all_at_once(self, tmp_path: Path) -> None:
        faults = [fault for fault in FAULTS if not fault.cannot() and "long" not in fault.name]
        for number, fault in enumerate(faults):
            (tmp_path / "in" / f"{number:02}").mkdir(parents=True)
            fault.build(tmp_path / "in" / f"{number:02}")
        self.run(tmp_path / "in", tmp_path / "out")
        codes = read_table(tmp_path / "out/errors.csv")["code"].tolist()
        assert sorted(code for code in codes if code != "duplicate_id") == sorted(fault.code for fault in faults)


OFFLINE = """
import os, socket, sys

def refuse(*_, **__):
    os.write(2, b"somebody asked for the network")
    os._exit(99)

# not bind: urllib3 binds ::1 when it is imported, to see if it can
refused = {name: refuse for name in ("connect", "connect_ex", "sendto")}
socket.socket = type("socket", (socket.socket,), refused)
for name in ("getaddrinfo", "gethostbyname", "create_connection"):
    setattr(socket, name, refuse)
sys.argv[0] = "trialsift"
from trialsift.cli import main
main()
"""


def test_nothing_is_fetched(tmp_path: Path) -> None:
    """The whole job, all formats in and out, in a process in which sockets are forbidden."""
    folder = tmp_path / "in"
    shutil.copytree(
        FIXTURES, folder, ignore=shutil.ignore_patterns("page.json", "ctgov-xml", "scan.*", "NCT*", "*.html")
    )
    shutil.copytree(FIXTURES / "html", folder / "html", dirs_exist_ok=True)
    page = (folder / "html" / "fragment.html").read_text(encoding="utf-8")
    linked = '<link rel="stylesheet" href="http://example.org/a.css"><img src="http://example.org/a.png">' + page
    (folder / "html" / "linked.html").write_text(linked, encoding="utf-8")
    (folder / "table.parquet").write_bytes(as_parquet())
    (folder / "external.xml").write_text(
        '<?xml version="1.0"?><!DOCTYPE s SYSTEM "http://example.org/s.dtd"><clinical_study/>', encoding="utf-8"
    )
    source = str(ROOT / "pipeline")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH")]))}
    formats = [f"--format={name}" for name in ("csv", "parquet", "jsonl", "duckdb", "omop")]
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE, "extract", str(folder), "-o", str(tmp_path / "out"), "--view", *formats],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert read_table(tmp_path / "out/errors.csv")[["file", "code"]].to_numpy().tolist() == [
        [str(folder / "external.xml"), "forbidden"]
    ]
    assert (tmp_path / "out" / "view.html").is_file()
