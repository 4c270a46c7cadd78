"""NOTE and NOTE_NLP: the columns of OMOP CDM 5.4 in their order, limits of length kept, nothing lost."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.doubles import fact_in
from tests.support.paths import ROOT
from tests.tables.files.builders import CRITERIA, DOCUMENTS, PRESCRIPTION, Document, write_run
from trialsift import __version__
from trialsift.model.fact import Annotation
from trialsift.tables.files.omop import (
    LIMITS,
    NOTE_COLUMNS,
    NOTE_NLP_COLUMNS,
    cut_snippet,
    format_term_modifiers,
    shorten,
)

#: The CDM's own order: https://ohdsi.github.io/CommonDataModel/cdm54.html#note_nlp
NOTE_NLP = (
    "note_nlp_id,note_id,section_concept_id,snippet,offset,lexical_variant,note_nlp_concept_id,"
    "note_nlp_source_concept_id,nlp_system,nlp_date,nlp_datetime,term_exists,term_temporal,term_modifiers"
)
OUTPUTS = (ROOT / "docs/outputs.md").read_text(encoding="utf-8")


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "omop" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def modifiers(row: dict[str, str]) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in row["term_modifiers"].split(","))
    return {key: unquote(value) for key, _, value in pairs}


def written(folder: Path, *documents: Document) -> list[dict[str, str]]:
    return read(write_run(folder, ["omop"], documents), "note_nlp")


def test_a_note_a_document(tmp_path: Path) -> None:
    notes = read(write_run(tmp_path, ["omop"]), "note")
    assert tuple(notes[0]) == NOTE_COLUMNS
    assert [(n["note_id"], n["note_source_value"], n["note_title"], n["note_text"], n["note_date"]) for n in notes] == [
        (str(number), doc_id, f"{doc_id}.txt", text, "2026-11-22")
        for number, (doc_id, text, _) in enumerate(DOCUMENTS, start=1)
    ]
    assert {n["person_id"] for n in notes} == {"0"}


def test_a_row_a_fact_in_the_order_of_the_text(tmp_path: Path) -> None:
    write_run(tmp_path, ["omop"])
    assert (tmp_path / "omop/note_nlp.csv").read_text(encoding="utf-8").splitlines()[0] == NOTE_NLP
    rows = read(tmp_path, "note_nlp")
    assert [(r["note_nlp_id"], r["note_id"], r["lexical_variant"]) for r in rows] == [
        ("1", "1", "≥ 18\tyears"),
        ("2", "1", "< 100"),
        ("3", "3", "50 Gy"),
        ("4", "3", "25 fractions"),
    ]
    texts = {"1": CRITERIA, "3": PRESCRIPTION}
    for row in rows:
        start, end = int(row["offset"]), int(modifiers(row)["end"])
        assert texts[row["note_id"]][start:end] == row["lexical_variant"]
    assert {r["nlp_system"] for r in rows} == {f"trialsift {__version__}"}
    assert {(r["nlp_date"], r["nlp_datetime"]) for r in rows} == {("2026-11-22", "")}
    assert {r[name] for r in rows for name in r if name.endswith("concept_id")} == {"0"}


def test_what_the_text_says_of_a_fact(tmp_path: Path) -> None:
    age, lab, dose, fractions = read(write_run(tmp_path, ["omop"]), "note_nlp")
    assert [(r["term_exists"], r["term_temporal"]) for r in (age, lab, dose, fractions)] == [
        ("Y", "Present"),
        ("N", "Present"),
        ("Y", "Past"),
        ("Y", "Present"),
    ]
    assert lab["snippet"] == 'Platelets < 100, "fresh"'
    said = modifiers(lab)
    assert said["table"] == "labs"
    assert {key: said.get(key) for key in ("analyte", "low", "high", "high_inclusive", "negated", "rule")} == {
        "analyte": "platelets",
        "low": None,
        "high": "100",
        "high_inclusive": "false",
        "negated": "true",
        "rule": "test",
    }


def test_columns_of_a_table_become_modifiers(tmp_path: Path) -> None:
    """Also those that are computed of a fact, such as codes."""
    text = "Hb ≥ 9"
    fact = fact_in(text, "≥ 9", "LAB", analyte="hemoglobin", low=9.5, condition="a, b=100 %")
    [row] = written(tmp_path, ("a", text, Annotation((fact,))))
    assert modifiers(row)["low"] == "9.5"
    assert modifiers(row)["condition"] == "a, b=100 %"


@pytest.mark.parametrize("name", [name for name in LIMITS if name.startswith("note")])
def test_names_of_notes_are_kept_within_their_limits(tmp_path: Path, name: str) -> None:
    [note] = read(write_run(tmp_path, ["omop"], [("d" * 999, "text", Annotation())]), "note")
    assert len(note[name]) == LIMITS[name]
    assert note[name].endswith("d…")


def test_long_texts_are_kept_within_their_limits(tmp_path: Path) -> None:
    words = "5" + " x" * 500
    text = f"{'before ' * 99}{words}{' after' * 99}"
    fact = fact_in(text, words, "LAB", analyte="ALT", condition="if " * 900)
    [row] = written(tmp_path, ("a", text, Annotation((fact,))))
    assert all(len(row[name]) <= limit for name, limit in LIMITS.items() if name in row)
    assert row["lexical_variant"] == words[:249] + "…"
    assert row["snippet"].startswith("…5 x x")
    said = modifiers(row)
    assert said["omitted"] == "condition"
    assert text[int(row["offset"]) : int(said["end"])] == words


@pytest.mark.parametrize(
    ("context", "words", "expected"),
    [
        ("abcdefghij", "e", "abcdefghij"),
        ("abcdefghijk", "a", "abcdefgh…"),
        ("abcdefghijk", "k", "…defghijk"),
        ("abcdefghijklm", "g", "…defghijk…"),
        ("abcdefghijklm", "absent", "abcdefgh…"),
        ("a  b c d e f g h", "g \n h", "… e f g h"),
    ],
)
def test_surroundings(context: str, words: str, expected: str) -> None:
    assert cut_snippet(context, words, 10) == expected


@given(st.text(), st.text(), st.integers(3, 30))
def test_surroundings_keep_to_their_limit(context: str, words: str, limit: int) -> None:
    part = cut_snippet(context, words, limit)
    assert len(part) <= limit
    assert part.strip("…") in context


@given(st.text(), st.integers(1, 30))
def test_a_text_is_never_cut_in_silence(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert short == text or (len(short) == limit and short.endswith("…"))


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (99, "a=1,b=2.5,c=true,d=x%2Cy%25"),
        (26, "a=1,b=2.5,c=true,omitted=d"),
        (20, "a=1,omitted=d c b"),
    ],
)
def test_modifiers_are_left_out_whole(limit: int, expected: str) -> None:
    pairs = [("a", 1.0), ("b", 2.5), ("none", None), ("c", True), ("d", "x,y%")]
    assert format_term_modifiers(pairs, limit) == expected


@pytest.mark.parametrize(("table", "columns"), [("note", NOTE_COLUMNS), ("note_nlp", NOTE_NLP_COLUMNS)])
def test_every_column_is_documented_in_its_order(table: str, columns: tuple[str, ...]) -> None:
    section = OUTPUTS.split(f"### `omop/{table}.csv`")[1].split("\n#")[0]
    cells = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    documented = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert documented == list(columns)
