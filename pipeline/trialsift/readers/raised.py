"""Writes superscripts as plain text that reads as printed."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[-−–+]?\d{1,3}(?:[,–-]\d{1,3}){0,9}")
_TEN = re.compile(r"(?<![\d.,])10$")
_NO_FOOTNOTE = ("m",)  # 99mTc


def write_superscript(before: str, raised: str) -> str:
    """Returns the plain text for a superscript after `before` (the last characters): `^9` after a ten, `^2` after `m`.
    Footnote marks are set apart as ` [a]`, so that they extend no number; everything else stays as it is: `1st`,
    `177Lu`."""
    number = _NUMBER.fullmatch(raised) is not None
    mark = len(raised) == 1 and raised.islower() and raised not in _NO_FOOTNOTE
    last = before[-1:]
    footnote = mark or (number and not last.isalpha() and not _TEN.search(before))
    if footnote and (last.isalnum() or last in tuple(".,;:")):
        return f" [{raised}]"
    if number and (last.isalnum() or last == ")"):
        return f"^{raised.replace('−', '-').replace('–', '-')}"
    return raised
