"""Runs as `RunWriter` writes them, of documents made for a test."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tests.support.doubles import fact_in
from trialsift.model.fact import Annotation, Regimen, annotation_record
from trialsift.rules.columns import Column
from trialsift.runs.folder import ANNOTATIONS, ERRORS_CSV, RUN_JSON
from trialsift.tables.files import RunWriter, write_csv
from trialsift.tables.rows import make_document_rows, make_frame
from trialsift.tables.schema import ERRORS, table_columns

Schema = Mapping[str, tuple[Column, ...]]
Document = tuple[str, str, Annotation]
DAY = date(2026, 11, 22)

CRITERIA = 'Inclusion:\n- Age ≥ 18\tyears\r\n- Platelets < 100, "fresh"'
PRESCRIPTION = "RT of 50 Gy in 25 fractions, then a boost"
DOCUMENTS: tuple[Document, ...] = (
    (
        "NCT00000001",
        CRITERIA,
        Annotation(
            (
                fact_in(CRITERIA, "≥ 18\tyears", "AGE", low=18, low_inclusive=True, unit="a", scope="trial"),
                fact_in(CRITERIA, "< 100", "LAB", analyte="platelets", high=100, high_inclusive=False, negated=True),
            )
        ),
    ),
    ("-nothing", "nothing", Annotation()),
    (
        "c",
        PRESCRIPTION,
        Annotation(
            (
                fact_in(PRESCRIPTION, "50 Gy", "DOSE", low=50, high=50, role="total", historical=True),
                fact_in(PRESCRIPTION, "25 fractions", "FRACTIONS", low=25, high=25),
            ),
            (Regimen((0, 1), (25, 25), (2, 2), (50, 50)),),
        ),
    ),
)

_INTERVAL = (("low", "Float64"), ("low_inclusive", "boolean"), ("high", "Float64"), ("high_inclusive", "boolean"))
_ELIGIBLE = {
    **{f"eligible_{name}": dtype for name, dtype in _INTERVAL},
    **{"eligible_form": "string", "usual_low": "Float64", "usual_high": "Float64"},
    **{
        "usual_unit": "string",
        "usual_factor": "Float64",
        "usual_eligible_low": "Float64",
        "usual_eligible_high": "Float64",
        "criterion": "Int64",
    },
}
#: Columns that the views of a DuckDB file need, by table.
NEEDED = {
    "labs": {"loinc": "string", **_ELIGIBLE},
    "ages": _ELIGIBLE,
    "regimens": {
        **{f"{name}_{end}": "Float64" for name in ("bed", "eqd2") for end in ("low", "high")},
        **{"alpha_beta": "Float64", "computed": "string"},
    },
}


def with_needed() -> Schema:
    """The schema that ships, with all that views need."""
    schema = dict(table_columns())
    for table, needed in NEEDED.items():
        there = {column.name for column in schema[table]}
        more = (Column(name, dtype, f"the {name}") for name, dtype in needed.items() if name not in there)
        schema[table] = (*schema[table], *more)
    return schema


def write_run(
    folder: Path, formats: Sequence[str], documents: Iterable[Document] = DOCUMENTS, schema: Schema | None = None
) -> Path:
    """A whole run: tables, annotations, errors, run.json."""
    lines = []
    with RunWriter(folder, schema or table_columns(), formats, DAY) as writer:
        for doc_id, text, annotation in documents:
            writer.write(doc_id, f"{doc_id}.txt", text, make_document_rows(doc_id, text, annotation))
            lines.append(json.dumps(annotation_record(doc_id, text, annotation), ensure_ascii=False) + "\n")
    (folder / ANNOTATIONS).write_text("".join(lines), encoding="utf-8", newline="\n")
    failure = {"file": "=bad.txt", "code": "empty", "message": "holds nothing", "what_to_do": "leave it out"}
    write_csv(make_frame([failure], ERRORS), folder / ERRORS_CSV)
    run: dict[str, Any] = {"versions": {"trialsift": "0.0.9"}, "formats": list(formats)}
    (folder / RUN_JSON).write_text(json.dumps(run), encoding="utf-8")
    return folder
