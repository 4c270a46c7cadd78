"""Replaces typographic variants by plain characters: full-width forms, spaces of any width, hyphens, line ends, a
turned µ, and letters that match one of A to Z when case is ignored.

In: a text. Out: a text of the same length, so that offsets hold in both. Facts always quote the original document.
"""

from __future__ import annotations

import re

_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys((0xA0, *range(0x2000, 0x200C), 0x202F, 0x205F, 0x3000, 0xFEFF), " ")
_SIGNS = {
    ord("ɥ"): "µ",
    ord("ⅹ"): "x",
    ord("Ⅹ"): "X",
    0x2010: "-",  # hyphen
    0x2011: "-",  # non-breaking hyphen
    ord("。"): ".",
    ord("、"): ",",
    ord("【"): "[",
    ord("】"): "]",
    # the Symbol font's signs in the private use area, as word processors export them
    **{0xF000 + code: sign for code, sign in zip(b"<>\xa3\xb3\xb1\xb4\xb7m", "<>≤≥±×•µ", strict=True)},
    # letters that only a case-insensitive expression takes for ASCII letters
    ord("İ"): "I",
    ord("ı"): "i",
    ord("ſ"): "s",
    0x212A: "K",  # kelvin sign
}
# numbers of items in a circle, in brackets or with a full stop are bullets
_NUMBERED = dict.fromkeys((*range(0x2460, 0x249C), *range(0x24EB, 0x2500), *range(0x2776, 0x2794)), "•")
# ends of lines of other systems and word processors
_LINE_ENDS = dict.fromkeys((0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029), "\n")
_TABLE = {**_FULL_WIDTH, **_SPACES, **_SIGNS, **_NUMBERED, **_LINE_ENDS}
_ANY = re.compile("[" + re.escape("".join(map(chr, _TABLE))) + "]")

# `2、18 years`: the number of an item
_LISTED = re.compile(r"(?:(?<=\n\d)|(?<=\n\d\d)|(?<=\n \d)|(?<=^\d))、")


def fold(text: str) -> str:
    """Returns the folded text, of the same length; the same object if there is nothing to fold."""
    if _ANY.search(text) is None:
        return text
    return _LISTED.sub(")", text).translate(_TABLE) if "、" in text else text.translate(_TABLE)
