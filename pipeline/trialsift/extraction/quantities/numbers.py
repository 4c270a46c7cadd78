"""Surfaces of numbers and their values.

Thousands separators and decimal commas are told apart by form: a comma before three digits groups thousands (`1,500`);
before one or two digits, or after a lone zero, it is a decimal comma (`0,15`). A full stop before three digits groups
thousands only if the unit is a count of cells (`100.000/mm3`), which the caller of `value` says.
"""

from __future__ import annotations

import re
from functools import lru_cache

from trialsift.rules.trie import trie_regex

_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_COMPOUNDS = "twenty-one twenty-five twenty-eight thirty-three thirty-five forty-five sixty-five seventy-five".split()

WORDS = {**dict(zip(_ONES, range(1, 20), strict=True)), **dict(zip(_TENS, range(20, 100, 10), strict=True))}
WORDS |= {word: sum(WORDS[part] for part in word.split("-")) for word in _COMPOUNDS}
WORDS |= {"single": 1, "twice": 2, "thrice": 3}

# `l500` is a scanner's misreading of 1500; accepted after an operator and before three digits only.
DIGITS = (
    r"(?:[1-9]\d{0,2}(?:[,'’]\d{3})+(?:\.\d+)?(?![\d])|\d+(?:[.,·]\d+)?|\.\d+|"
    r"(?<=[<>≤≥=])\s*l\d{3}(?!\d)|(?<=than\s)l\d{3}(?!\d))"
)
# No letter or digit precedes a number, but a multiplication sign may (`5x5`, `x5`).
START = (
    r"(?:(?<![\w.,/])|(?<=[^\d.,]/)|(?<=\b[xX])|(?<=\d[xX])|(?<=\d\s[xX])|(?<=[^\d\s][.,])|"
    r"(?<=[a-z)]\s,)(?=[1-9]\d)|(?<=\sto)|(?<=\sthan)|"
    r"(?<=\saged)|(?<=\sabove)|(?<=[a-zG])(?=\d+(?:\.\d+)?\s?c?Gy\b)|(?<=\w/))"
)
# the first lookahead rules out most places in a text
NUMBER = r"(?=[\d.\sl])" + START + DIGITS
#: In characters; anything longer is no quantity, and may be infinite as a float.
LONGEST = 30
#: `1-2-3-4-5-6-7`: not a range.
SERIAL = r"(?<![\w.,/])\d++(?:-\d++){6,}+"
NUMBER_WORD = rf"(?i:\b{trie_regex(WORDS)}\b)"

_GROUPED = re.compile(r"\d{1,3}(?:[,'’]\d{3})+(?:\.\d+)?")
_SLIPPED = re.compile(r"[1-9]\d{0,2},\d{4,}")
_DOT_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")


@lru_cache(maxsize=4096)
def read_value(surface: str, grouping_dot: bool = False) -> float:
    """Returns the value of a number in digits or words.

    `grouping_dot` reads `100.000` as a hundred thousand. Raises ValueError if the surface is not a number.
    """
    text = surface.strip().lower()
    if text in WORDS:
        return float(WORDS[text])
    if text[:1] == "l":
        text = "1" + text[1:]
    text = text.replace("·", ".")
    if grouping_dot and _DOT_GROUPED.fullmatch(text):
        return float(text.replace(".", ""))
    if _SLIPPED.fullmatch(text):  # `1,5000/mm3`: a slip, not a decimal comma
        return float(text.replace(",", ""))
    if _GROUPED.fullmatch(text) and not text.startswith("0"):
        return float(re.sub(r"[,'’]", "", text))
    return float(text.replace(",", "."))
