"""Inputs of many kinds for a run, and how two runs are compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.support.doubles import write_texts
from trialsift.runs.extract.run import extract_run
from trialsift.runs.extract.summary import Summary

FORMATS = ("csv", "parquet", "jsonl", "xlsx", "omop", "fhir")


def criteria(number: int) -> str:
    """An invented text with facts."""
    return (
        f"Inclusion Criteria:\n- Age ≥ {18 + number % 60} years\n- ECOG performance status 0-{1 + number % 2}\n"
        f"- Hemoglobin ≥ {8 + number % 4} g/dL\n- Radiotherapy of {20 + number % 15} x 2 Gy\n"
    )


def jsonl(path: Path, records: list[Any]) -> Path:
    """A file of JSON Lines; texts are lines as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="")
    return path


def records(prefix: str, count: int) -> list[Any]:
    return [{"doc_id": f"{prefix}{n}", "text": criteria(n)} for n in range(count)]


def parquet(path: Path, of: list[Any], rows: int) -> Path:
    """A Parquet file with so many rows a group."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = {name: [record[name] for record in of] for name in ("doc_id", "text")}
    pq.write_table(pa.table(columns), path, row_group_size=rows)
    return path


def mixed(folder: Path) -> Path:
    """A folder with texts, a large file of JSON Lines, Parquet in row groups, documents of one name in several of them,
    what can't be read, and what is left out."""
    write_texts(folder / "texts", **{f"t{n:02}": criteria(n) for n in range(12)}, empty=" ", j3=criteria(3))
    bad = ["{", '{"doc_id": "x"}', "", '{"doc_id": "b1", "text": ""}']
    jsonl(folder / "lines.jsonl", [*records("j", 20), *bad, *records("k", 40), {"doc_id": "t05", "text": criteria(5)}])
    parquet(folder / "rows.parquet", [*records("p", 30), {"doc_id": "j3", "text": criteria(1)}, *records("q", 20)], 10)
    (folder / "torn.pdf").write_bytes(b"%PDF-1.4 and no more")
    (folder / "notes.odt").write_bytes(b"left out")
    return folder


def files(out: Path) -> dict[str, bytes]:
    """All files of a run but run.json, which has times."""
    return {
        p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file() and p.name != "run.json"
    }


def report(out: Path) -> dict[str, Any]:
    """What run.json says of the results."""
    found: dict[str, Any] = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return {key: found[key] for key in ("setup", "counts", "files", "left_out", "exit_status")}


def run(folder: Path, out: Path, **options: Any) -> Summary:
    return extract_run([folder], out, **{"formats": FORMATS, **options})


def assert_equal(one: Path, other: Path) -> None:
    """That two runs have the same files of the same bytes, and the same counts."""
    assert report(one) == report(other)
    here, there = files(one), files(other)
    assert list(here) == list(there) or sorted(here) == sorted(there)
    assert [name for name in here if here[name] != there[name]] == []
