"""Signs that stand for plainer ones, read as those: full-width forms, spaces of all widths, a µ that was turned over,
letters that equal one of A to Z in any case.

In: a text. Out: a text of the same length to read in its place, so that every offset holds in both. What a fact quotes
is always taken from the document itself.
"""

from __future__ import annotations

import re

_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys((0xA0, *range(0x2000, 0x200C), 0x202F, 0x205F, 0x3000, 0xFEFF), " ")
_SIGNS = {
    ord("ɥ"): "µ",
    ord("ⅹ"): "x",
    ord("Ⅹ"): "X",
    ord("‑"): "-",
    ord("。"): ".",
    ord("、"): ",",
    ord("【"): "[",
    ord("】"): "]",
    # what an expression in any case takes for a plain letter, and nothing else does
    ord("İ"): "I",
    ord("ı"): "i",
    ord("ſ"): "s",
    0x212A: "K",  # the sign of kelvin
}
_TABLE = {**_FULL_WIDTH, **_SPACES, **_SIGNS}
_ANY = re.compile("[" + re.escape("".join(map(chr, _TABLE))) + "]")


def fold(text: str) -> str:
    """The text to read, of the same length; the text itself where it holds no such sign."""
    return text.translate(_TABLE) if not text.isascii() and _ANY.search(text) else text
