"""Writes documents and facts as the tables NOTE and NOTE_NLP of the OMOP common data model, version 5.4.

The columns and their meaning: https://ohdsi.github.io/CommonDataModel/cdm54.html#note and #note_nlp. docs/outputs.md
says where each value comes from. The files are for loading into a database, so texts are written unchanged.

A text longer than the model's limit is cut and ends with `…`; the full text is in `note_text`, from `offset` to the
`end` of `term_modifiers`. Modifiers are never cut: those that don't fit are named as `omitted`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import TextIO

from trialsift.model.fact import Scalar
from trialsift.model.version import __version__
from trialsift.rules.columns import Column
from trialsift.tables.files.csv_files import quote_cell
from trialsift.tables.files.formats import NOTE, NOTE_NLP
from trialsift.tables.rows import Row

NOTE_COLUMNS = (
    "note_id",
    "person_id",
    "note_date",
    "note_datetime",
    "note_type_concept_id",
    "note_class_concept_id",
    "note_title",
    "note_text",
    "encoding_concept_id",
    "language_concept_id",
    "provider_id",
    "visit_occurrence_id",
    "visit_detail_id",
    "note_source_value",
    "note_event_id",
    "note_event_field_concept_id",
)
NOTE_NLP_COLUMNS = (
    "note_nlp_id",
    "note_id",
    "section_concept_id",
    "snippet",
    "offset",
    "lexical_variant",
    "note_nlp_concept_id",
    "note_nlp_source_concept_id",
    "nlp_system",
    "nlp_date",
    "nlp_datetime",
    "term_exists",
    "term_temporal",
    "term_modifiers",
)
#: Maximum lengths of texts in the model.
LIMITS: Mapping[str, int] = {
    "note_title": 250,
    "note_source_value": 50,
    "snippet": 250,
    "lexical_variant": 250,
    "nlp_system": 250,
    "term_modifiers": 2000,
}
_CUT = "…"
_NO_CONCEPT = 0  # "No matching concept": the vocabularies can't be redistributed
#: Columns of a fact that NOTE_NLP has too.
_PLACED = frozenset({"doc_id", "start", "text", "context"})


class OmopNotes:
    """Writes documents and their rows to the two files."""

    def __init__(
        self, note: TextIO, note_nlp: TextIO, schema: Mapping[str, tuple[Column, ...]], run_date: date
    ) -> None:
        self._note, self._note_nlp, self._date = note, note_nlp, run_date.isoformat()
        self._facts = {  # only tables of facts have a rule
            table: names
            for table, columns in schema.items()
            if "rule" in (names := [column.name for column in columns])
        }
        self._notes = self._found = 0
        note.write(",".join(NOTE_COLUMNS) + "\n")
        note_nlp.write(",".join(NOTE_NLP_COLUMNS) + "\n")

    def add(self, doc_id: str, source: str, text: str, rows: Mapping[str, Iterable[Row]]) -> None:
        """Adds a document and its rows by table; its facts are written in the order of the text."""
        self._notes += 1
        note: Mapping[str, Scalar] = {
            "note_id": self._notes,
            "person_id": _NO_CONCEPT,
            "note_date": self._date,
            "note_type_concept_id": _NO_CONCEPT,
            "note_class_concept_id": _NO_CONCEPT,
            "note_title": shorten(source, LIMITS["note_title"]),
            "note_text": text,
            "encoding_concept_id": _NO_CONCEPT,
            "language_concept_id": _NO_CONCEPT,
            "note_source_value": shorten(doc_id, LIMITS["note_source_value"]),
        }
        self._note.write(_format_line(note, NOTE_COLUMNS))
        facts = [(table, row) for table in self._facts for row in rows.get(table, ())]
        facts.sort(key=lambda fact: (fact[1]["start"], fact[1]["end"]))
        self._note_nlp.writelines(
            _format_line(self._make_nlp_row(table, row), NOTE_NLP_COLUMNS) for table, row in facts
        )

    def _make_nlp_row(self, table: str, row: Row) -> Mapping[str, Scalar]:
        self._found += 1
        words = str(row["text"])
        modifiers = [("table", table), *((name, row.get(name)) for name in self._facts[table] if name not in _PLACED)]
        return {
            "note_nlp_id": self._found,
            "note_id": self._notes,
            "section_concept_id": _NO_CONCEPT,
            "snippet": cut_snippet(str(row.get("context") or ""), words, LIMITS["snippet"]),
            "offset": row["start"],
            "lexical_variant": shorten(words, LIMITS["lexical_variant"]),
            "note_nlp_concept_id": _NO_CONCEPT,
            "note_nlp_source_concept_id": _NO_CONCEPT,
            "nlp_system": f"trialsift {__version__}",
            "nlp_date": self._date,
            "term_exists": "N" if row.get("negated") else "Y",
            "term_temporal": "Past" if row.get("historical") else "Present",
            "term_modifiers": format_term_modifiers(modifiers, LIMITS["term_modifiers"]),
        }


@contextmanager
def open_omop_notes(folder: Path, schema: Mapping[str, tuple[Column, ...]], run_date: date) -> Iterator[OmopNotes]:
    """Opens the files of `omop/` in `folder`, which are complete when the `with` ends.

    `run_date` is the date of every note and fact.
    """
    with ExitStack() as stack:
        paths = [folder / name for name in (NOTE, NOTE_NLP)]
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
        note, note_nlp = (stack.enter_context(path.open("w", encoding="utf-8", newline="")) for path in paths)
        yield OmopNotes(note, note_nlp, schema, run_date)


def format_term_modifiers(pairs: Iterable[tuple[str, Scalar]], limit: int) -> str:
    """Formats modifiers as the model does: `key=value` joined by commas, without missing values.

    Commas and percent signs in a value are percent-encoded. Pairs that exceed `limit` are left out and named in the
    last one: `omitted=condition rule`.
    """
    written = [(key, f"{key}={_format_modifier(value)}") for key, value in pairs if value is not None]
    omitted: list[str] = []
    while len(joined := ",".join([pair for _, pair in written] + _name_omitted(omitted))) > limit:
        longest = max(range(len(written)), key=lambda i: len(written[i][1]))
        omitted.append(written.pop(longest)[0])
    return joined


def cut_snippet(context: str, words: str, limit: int) -> str:
    """Returns the part of `context` around `words` with at most `limit` characters; `…` marks a cut."""
    if len(context) <= limit:
        return context
    words = " ".join(words.split())
    at = max(context.find(words), 0)
    room = limit - 2 * len(_CUT)
    start = max(0, min(at - max(room - len(words), 0) // 2, len(context) - room))
    part = context[start : start + room]
    return f"{_CUT if start else ''}{part}{_CUT if start + room < len(context) else ''}"


def shorten(text: str, limit: int) -> str:
    """Returns a text of at most `limit` characters, ending with `…` if it was cut."""
    return text if len(text) <= limit else text[: limit - len(_CUT)] + _CUT


def _name_omitted(keys: list[str]) -> list[str]:
    return [f"omitted={' '.join(keys)}"] if keys else []


def _format_modifier(value: Scalar) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return str(value).replace("%", "%25").replace(",", "%2C")


def _format_line(row: Mapping[str, Scalar], columns: Iterable[str]) -> str:
    values = (row.get(name) for name in columns)
    return ",".join("" if value is None else quote_cell(str(value)) for value in values) + "\n"
