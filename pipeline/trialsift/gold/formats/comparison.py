"""Finds where two lists of documents differ. Stricter than `==`, for which 1, 1.0 and True are equal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from trialsift.gold import GoldDocument

_SHORT = 60


def find_first_difference(expected: Sequence[GoldDocument], found: Sequence[GoldDocument]) -> str | None:
    """Describes the first difference, naming document and field; None if there is none.

    The order of documents, spans and regimens matters, that of keys does not.
    """
    for number, (one, other) in enumerate(zip(expected, found, strict=False), start=1):
        if one.doc_id != other.doc_id:
            return f"document {number} is {other.doc_id!r}, not {one.doc_id!r}"
        difference = find_value_difference(one.to_record(), other.to_record())
        if difference is not None:
            return f"document {one.doc_id!r}: {difference}"
    if len(expected) != len(found):
        return f"{len(found)} documents, not {len(expected)}"
    return None


def find_value_difference(expected: Any, found: Any, path: str = "") -> str | None:
    """Describes the first difference of two JSON values, such as `spans[2].attributes.low is 1.0, not 1`; else None."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in [*expected, *(key for key in found if key not in expected)]:
            inner = f"{path}.{key}" if path else str(key)
            if key not in found:
                return f"{inner} is absent, not {_show(expected[key])}"
            if key not in expected:
                return f"{inner} is {_show(found[key])}, not absent"
            difference = find_value_difference(expected[key], found[key], inner)
            if difference is not None:
                return difference
        return None
    if isinstance(expected, list) and isinstance(found, list):
        for number, (one, other) in enumerate(zip(expected, found, strict=False)):
            difference = find_value_difference(one, other, f"{path}[{number}]")
            if difference is not None:
                return difference
        return None if len(expected) == len(found) else f"{path} has {len(found)} entries, not {len(expected)}"
    # repr distinguishes 0.0 from -0.0, which are equal
    if type(expected) is type(found) and repr(expected) == repr(found):
        return None
    return f"{path} is {_show(found)}, not {_show(expected)}"


def _show(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= _SHORT else shown[: _SHORT - 1] + "…"
