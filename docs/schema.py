"""Makes the JSON Schema of annotations.jsonl, in the package and beside its page: python docs/schema.py"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import trialsift
from trialsift.model.document import PART_NAMES
from trialsift.model.fact import FLAGS, UNSAID
from trialsift.model.listed_values import LISTED_VALUES
from trialsift.model.prescription import NUMBERS
from trialsift.rules.labels import shipped_labels

NAME = "annotations.schema.json"
#: In the package, and on the site.
FILES = (Path(trialsift.__file__).parent / "gold" / NAME, Path(__file__).parent / "reference" / NAME)
_ID, _OFFSET = {"type": "integer"}, {"type": "integer", "minimum": 0}
_NAME, _TEXT = {"type": "string", "minLength": 1}, {"type": "string"}
_NUMBER, _FLAG = {"type": ["number", "null"]}, {"type": ["boolean", "null"]}
_SCALAR = {"type": ["string", "number", "boolean", "null"]}
_TYPES = {"string": ["string", "null"], "boolean": ["boolean", "null"], "Int64": ["number", "null"]}
_ENDS = {"low": _NUMBER, "low_inclusive": _FLAG, "high": _NUMBER, "high_inclusive": _FLAG}


def make_schema() -> dict[str, Any]:
    """Returns the schema of a line (JSON Schema, draft 2020-12). What a schema can't say is in its descriptions."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of annotations.jsonl of trialsift: a document with its facts, gold or predicted",
        "description": "Keys that are not listed are kept, except in criteria. Each span.text is text[start:end], in "
        "Unicode code points; ids of spans are unique in a document, doc_id in a file.",
        **_object({"doc_id": _NAME, "text": _TEXT, "spans": _list("span")}, _make_optional()),
        "$defs": {
            "span": _object(
                {"id": _ID, "start": _OFFSET, "end": _OFFSET, "label": _NAME, "text": _NAME},
                {"attributes": {"$ref": "#/$defs/attributes"}, "rule": {"type": ["string", "null"]}},
            ),
            "attributes": {
                "type": "object",
                "description": "What the text says; docs/columns.md has them by label. Own labels may have others.",
                "properties": _make_attributes(),
                "additionalProperties": _SCALAR,
            },
            "regimen": _object(
                {"spans": {"type": "array", "items": _ID, "minItems": 1}},
                {name: {"$ref": "#/$defs/bounds"} for name in NUMBERS},
            ),
            "bounds": {
                "description": "[low, high], in Gy or a count; null where unknown",
                **{"type": ["array", "null"], "items": _NUMBER, "minItems": 2, "maxItems": 2},
            },
            "criterion": _object(
                {
                    **{"criterion": {"type": "integer", "minimum": 1}, "start": _OFFSET, "end": _OFFSET},
                    "polarity": {"enum": ["inclusion", "exclusion"]},
                    "any_of": {**_list("member"), "minItems": 1},
                },
                {},
                closed=True,
            ),
            "member": _object(
                {"span": _OFFSET, "label": _NAME},
                {**_LIMIT, "open": _TEXT, "condition": {"$ref": "#/$defs/condition"}},
                closed=True,
            ),
            "condition": _object(
                {"text": _TEXT},
                {
                    "when": {"type": "array", "items": _object({"label": _NAME}, _LIMIT, closed=True)},
                    "sex": {"enum": ["female", "male"]},
                    **{"has": {"type": "array", "items": _TEXT}, "denied": {"const": True}},
                },
                closed=True,
            ),
        },
    }


_LIMIT = {"name": _TEXT, **_ENDS, "unit": _TEXT}


def _make_optional() -> dict[str, Any]:
    places = [_OFFSET, _OFFSET, {"enum": list(PART_NAMES)}]
    part = {"type": "array", "prefixItems": places, "minItems": 3, "maxItems": 3}
    meta = {
        "labels": {"type": "array", "items": _TEXT, "uniqueItems": True},
        "complete_attributes": {"enum": [True, False, "value_without_role"]},
        "parts": {"type": "array", "items": part},
    }
    confidences = {"type": "array", "items": {"type": "number", "minimum": 0, "maximum": 1}}
    return {
        "meta": _object({}, meta),
        "regimens": _list("regimen"),
        "criteria": _list("criterion"),
        "confidence": {
            "description": "of predictions: how sure each span and each regimen is, in their order",
            **_object({"spans": confidences, "regimens": confidences}, {}),
        },
    }


def _make_attributes() -> dict[str, Any]:
    """Returns the types of attributes: of the labels' columns, where all labels agree, and of those listed."""
    columns = [column for label in shipped_labels() for column in label.columns]
    typed: dict[str, Any] = {
        column.name: {"type": _TYPES.get(column.dtype, ["number", "null"]), "description": column.description}
        for column in columns
    }
    listed = {name: {"enum": [*values, None]} for name, values in LISTED_VALUES.items()}
    flags = {name: {"type": "boolean"} for name in sorted({*FLAGS, *UNSAID})}
    return {name: {**typed.get(name, {}), **kind} for name, kind in {**typed, **listed, **flags, **_ENDS}.items()}


def _object(required: Mapping[str, Any], optional: Mapping[str, Any], closed: bool = False) -> dict[str, Any]:
    made = {"type": "object", "required": list(required), "properties": {**required, **optional}}
    return {**made, "additionalProperties": False} if closed else made


def _list(name: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}


def format_schema() -> str:
    """Returns the schema as its files hold it."""
    return json.dumps(make_schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for path in FILES:
        path.write_text(format_schema(), encoding="utf-8", newline="\n")
