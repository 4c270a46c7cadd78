"""Superscripts as plain text that is read like what was printed."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[-−–+]?\d{1,3}(?:[,–-]\d{1,3}){0,9}")
_TEN = re.compile(r"(?<![\d.,])10$")
_NO_FOOTNOTE = ("m",)  # 99mTc


def write_superscript(before: str, raised: str) -> str:
    """What to write for a superscript behind `before` (its last characters): `^9` behind a ten, `^2` behind `m`; the
    mark of a footnote stands off as ` [a]`, so that no number grows by it; all else as it is: `1st`, `177Lu`."""
    number = _NUMBER.fullmatch(raised) is not None
    mark = len(raised) == 1 and raised.islower() and raised not in _NO_FOOTNOTE
    last = before[-1:]
    footnote = mark or (number and not last.isalpha() and not _TEN.search(before))
    if footnote and (last.isalnum() or last in tuple(".,;:")):
        return f" [{raised}]"
    if number and (last.isalnum() or last == ")"):
        return f"^{raised.replace('−', '-').replace('–', '-')}"
    return raised
