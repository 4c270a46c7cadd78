"""Surfaces of numbers and their values.

Thousands separators and decimal commas are told apart by form: a comma before three digits groups thousands (`1,500`);
before one or two digits, or after a lone zero, it is a decimal comma (`0,15`). A full stop before three digits groups
thousands only if the unit is a count of cells (`100.000/mm3`), which the caller of `value` says.
"""

from __future__ import annotations

import re
from itertools import product

from trialsift.model.memory import remember
from trialsift.rules.trie import trie_regex

_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SIMPLE = {**dict(zip(_ONES, range(1, 20), strict=True)), **dict(zip(_TENS, range(20, 100, 10), strict=True))}
_SIMPLE |= {"fourty": 40, "ninty": 90, "single": 1, "twice": 2, "thrice": 3}
_SCALES = {"hundred": 100, "thousand": 1000}
#: Numbers in one word, or two with a hyphen.
WORDS = {**_SIMPLE, "hundred": 100}
WORDS |= {f"{ten}-{one}": _SIMPLE[ten] + _SIMPLE[one] for ten, one in product(_TENS, _ONES[:9])}
#: `double the ULN`
TIMES_WORDS = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4, "twofold": 2, "threefold": 3, "fourfold": 4}
TIMES_WORDS |= {
    "two-fold": 2,
    "three-fold": 3,
    "four-fold": 4,
    "fivefold": 5,
    "five-fold": 5,
    "tenfold": 10,
    "ten-fold": 10,
}
FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 0.125}

#: All that a number that isn't written in digits can begin with.
BEGINNINGS = (*WORDS, "fourty", "ninty", *TIMES_WORDS, *FRACTIONS)
_DOT = r"[.,·∙⋅•]"
_FRACTION = r"(?:1\s?[/⁄]\s?[234]|2\s?[/⁄]\s?3|3\s?[/⁄]\s?4)(?![\d/.,]?\d)"
# `l500` is a scanner's misreading of 1500; accepted after an operator and before three digits only.
DIGITS = (
    # `1,00,000`, `1,500`, `1'500`, `1.000.000`
    r"(?:[1-9]\d?(?:,\d{2})+,\d{3}(?!\d)|[1-9]\d{0,2}(?:[,'’´`ʼ]\d{3})+(?:\.\d+)?(?![\d])|"
    r"[1-9]\d{0,2}(?:\.\d{3}){2,}(?:,\d+)?(?![\d])|[1-9]\d{0,2}(?:\.\d{3})+,\d+(?![\d])|"
    # `1½`, `1 1/2`, `2-1/2`, `1 and 1/2`, `2 and a half`
    rf"[1-9]\d{{0,2}}(?:\s?[{''.join(FRACTIONS)}]|(?:\s?[-–]\s?|\s|\s+and\s+){_FRACTION}|"
    r"\s+and\s+(?:a|one)[\s-]half\b)|"
    rf"[{''.join(FRACTIONS)}]|"
    # `1.5`, `1.5E9`; a dot before a power of ten multiplies
    rf"\d+(?:{_DOT}(?!10\s?(?:\^|\*|[eE(\[]|[⁰¹²³⁴-⁹]|9\s?/|9\s[lL]\b|[369]\s?/))\d+)?"
    r"(?:(?<=\d)[eE]\+?(?:1[0-2]|\d)(?![\w.]))?|\.\d+|"
    r"(?<=[<>≤≥=])\s*l\d{3}(?!\d)|(?<=than\s)l\d{3}(?!\d))"
)
# No letter or digit precedes a number, but a multiplication sign may (`5x5`, `x5`).
START = (
    r"(?:(?<![\w.,/])|(?<=[^\d.,]/)|(?<=\b[xX])|(?<=\d[xX])|(?<=\d\s[xX])|(?<=[^\d\s][.,])|"
    r"(?<=[a-z)]\s,)(?=[1-9]\d)|(?<=\sto)|(?<=\sthan)|(?<=[<>]_)|"
    r"(?<=\saged)|(?<=\b[Aa]ge)|(?<=\b[Aa]ges)|(?<=\bAGE)|(?<=\bAged)|(?<=\sstatus)|(?<=\bAUC)|(?<=\sabove)|(?<=[a-zG])(?=\d+(?:\.\d+)?\s?(?:c?Gy\b|m?g/(?:m|kg)))|(?<=\w/))"
)
# the first lookahead rules out most places in a text
NUMBER = rf"(?=[\d.\sl{''.join(FRACTIONS)}])" + START + DIGITS
#: In characters, of digits and of words; anything longer is no quantity, and may be infinite as a float.
LONGEST, LONGEST_WORDS = 30, 40
#: `1-2-3-4-5-6-7`: not a range.
SERIAL = r"(?<![\w.,/])\d++(?:-\d++){6,}+"
_GAP = r"(?:\s|-)\s?"
_TENS_ONES = rf"(?:{trie_regex(_TENS)}|fourty|ninty)(?:{_GAP}{trie_regex(_ONES[:9])}\b)?|{trie_regex(_ONES)}"
_HUNDREDS = rf"(?:(?:(?:{trie_regex(_ONES[:9])}){_GAP})?hundred(?:(?:\s+and)?{_GAP}(?:{_TENS_ONES})\b)?|{_TENS_ONES})"
_HALF = r"(?:\s+and\s+(?:a|one)[\s-]half\b)?"
#: `eighteen`, `fifty four`, `one hundred and twenty-five`, `two and a half`, `double` in front of a limit of normal.
NUMBER_WORD = (
    rf"(?i:\b(?:(?:{_HUNDREDS}(?:{_GAP}thousand(?:(?:\s+and)?{_GAP}{_HUNDREDS})?)?|single|twice|thrice)\b{_HALF}|"
    rf"(?:{trie_regex(TIMES_WORDS)})(?=\s+(?:of\s+)?(?:the\s+)?(?:I?ULN|UNL|upper|institution|normal|local|laborat|reference|elevat)\w*|"
    rf"(?<=fold)\s*(?:[,;)]|\.?\s*$|\.\s))))"
)

_GROUPED = re.compile(r"\d{1,3}(?:[,'’´`ʼ]\d{3})+(?:\.\d+)?|\d{1,2}(?:,\d{2})+,\d{3}")
_SLIPPED = re.compile(r"[1-9]\d{0,2},\d{4,}")
_DOT_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_DOTS_GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3}){2,}(?:,\d+)?|(?:\.\d{3})+,\d+)")
_MIXED = re.compile(rf"(\d*)(?:\s|-|–|and|a|one)*({'|'.join(FRACTIONS)}|(\d)\s?[/⁄]\s?(\d)|half)")


def is_short(surface: str) -> bool:
    """Whether a number is short enough for one of a quantity."""
    return len(surface) <= (LONGEST_WORDS if surface[:1].isalpha() else LONGEST)


@remember
def read_value(surface: str, grouping_dot: bool = False) -> float:
    """Returns the value of a number in digits or words.

    `grouping_dot` reads `100.000` as a hundred thousand. Raises ValueError if the surface is not a number.
    """
    text = surface.strip().lower()
    if text[:1].isalpha() and text[:1] != "l":
        return _read_words(text)
    mixed = _MIXED.fullmatch(text)
    if mixed:
        whole, sign, above, below = mixed.groups()
        part = int(above) / int(below) if above else FRACTIONS.get(sign, 0.5)
        return int(whole or 0) + part
    if text[:1] == "l":
        text = "1" + text[1:]
    text = re.sub("[·∙⋅•]", ".", text)
    if (grouping_dot and _DOT_GROUPED.fullmatch(text)) or _DOTS_GROUPED.fullmatch(text):
        return float(text.replace(".", "").replace(",", "."))
    if _SLIPPED.fullmatch(text):  # `1,5000/mm3`: a slip, not a decimal comma
        return float(text.replace(",", ""))
    if _GROUPED.fullmatch(text) and not text.startswith("0"):
        return float(re.sub(r"[,'’´`ʼ]", "", text))
    return float(text.replace(",", "."))


def _read_words(text: str) -> float:
    """Returns the value of a number in words. Raises ValueError if it is none."""
    if text in TIMES_WORDS:
        return float(TIMES_WORDS[text])
    total = current = 0.0
    words = re.split(r"[\s-]+", text)
    for word in words:
        if word in _SIMPLE and not (word == "one" and words[-1] == "half" and current):
            current += _SIMPLE[word]
        elif word == "hundred":
            current = (current or 1) * 100
        elif word == "thousand":
            total, current = total + (current or 1) * 1000, 0.0
        elif word == "half":
            current += 0.5
        elif word not in ("and", "a", "one"):
            raise ValueError(f"{text!r} is no number")
    return total + current


def is_said(words: str, figure: str) -> bool:
    """Whether words say the number that a figure is: `18 (eighteen)`."""
    if not re.fullmatch(NUMBER_WORD, words):
        return False
    return _read_words(words.lower()) == read_value(figure)
