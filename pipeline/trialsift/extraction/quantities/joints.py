"""Signs between, before and behind the parts of a quantity. The words there are data: wording/quantities.toml."""

from __future__ import annotations

import re
from typing import NamedTuple

from trialsift.rules.trie import find_openings_behind


class JointWords(NamedTuple):
    """The expressions for words around the parts of a quantity."""

    filler: re.Pattern[str]
    dose_filler: re.Pattern[str]
    range: re.Pattern[str]
    and_: re.Pattern[str]
    join: re.Pattern[str]
    paired: re.Pattern[str]
    ends: re.Pattern[str]
    inclusive: re.Pattern[str]
    age_words: re.Pattern[str]
    age_behind: re.Pattern[str]
    normal: re.Pattern[str]
    not_: re.Pattern[str]
    not_be: re.Pattern[str]
    but: re.Pattern[str]
    and_but: re.Pattern[str]
    or_: re.Pattern[str]
    counted: re.Pattern[str]
    up_to: re.Pattern[str]
    times_again: re.Pattern[str]
    indian: re.Pattern[str]
    onwards: re.Pattern[str]
    restated: re.Pattern[str]


#: The first characters of `range` in lower case, white space aside.
RANGE_BEGINS = frozenset("([-–—−‑‐‒―~〜～∼÷.…/tubaàh")
BRACKETED_FIGURE = re.compile(r"\s*[(\[]\s*(\d{1,9}(?:\.\d{1,9})?)\s*[)\]]")
#: What `look_ahead` returns where words after an age are worth a look: one of these, or a comma.
AGE_BEGINS = frozenset({"(o", "(y", "of", "ol", "-o", "y.", "y/", "yo"}) | find_openings_behind(",")
NAMED = re.compile(r"\s*[A-Za-z][^.;,<>≤≥=\n]{0,45}?\s*")
#: The last two characters of `not` and `not_be`, white space aside.
DENIAL_ENDS = frozenset({"no", "ot", "be", "to", "en", "ve"})
#: `ULN x 2.5`, `ULN + 4 seconds`
LIMIT_TIMES = re.compile(r"\s?(?P<sign>[x×*+])\s?(?P<number>\d{1,3}(?:[.,]\d{1,2})?)(?![\d.,]*\d)")
#: `10 ± 2 g/dL`
SPREAD = re.compile(r"\s?(?:±|\+\s?/?\s?[-−–])\s?(?=\d|\.\d)")
CLOSING = re.compile(r"\s*[)\]]")
NUMBER_BEHIND = re.compile(r"\s\d")
PLUS = re.compile(r"\+(?![\d/+])|\s\+(?=\s*(?:$|\n|[,.;]))")
_POWER_COUNTED = r"(?=\s*-?(?i:IU|I\.U|U\b|UI\b|copies|copy|c/|cp/|international|genome|log|viral|CFU|PFU))"
_RAISED = "[⁰¹²³⁴-⁹]{1,2}"
#: `3 x 10^5`, `10⁴`, `1 × 10(5)/mm3`, `1 x 105 copies`; powers of a thousand in front of a volume are parts of units.
POWER_OF_TEN = re.compile(
    rf"(?:(?P<mantissa>\d+(?:[.,·]\d+)?)\s*[x×*·•∙⋅✕⨯˟´]\s*)?10\s?(?:(?:\^|\*\*?|[eE])\s?[({{]?(?P<exponent>\d{{1,2}})[)}}]?|"
    rf"\((?P<bracketed>\d{{1,2}})\)|(?P<raised>{_RAISED}))(?![\d⁰¹²³⁴-⁹])|"
    rf"(?P<factor>\d+(?:\.\d+)?)\s*[x×*·]\s*10\s?(?P<bare>\d{{1,2}})\*?{_POWER_COUNTED}|"
    r"(?P<times>\d+(?:\.\d+)?)\s*[x×*·]\s*10\s?(?P<lowered>[45])(?=\s?(?:cells\s?)?/\s?(?:mm3|mm³|[µμu]?[lL]\b|mc[lL]))|"
    r"10\s?(?P<lost>9)(?=\s?/\s?[lL]\b)",
)
#: What a power of ten counts.
COUNTED = re.compile(rf"\s?(?:/|per\b|cells?\b|{_POWER_COUNTED})", re.I)
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
#: `18 (eighteen)`: said again in words
SAID_IN_WORDS = re.compile(r"\s?\(\s?([A-Za-z][A-Za-z\s-]{2,40}?)\s?\)")
#: The first character after the digits of a mantissa and any white space.
TIMES_BEGINS = "xX×*·•∙⋅✕⨯˟´"
MANTISSA_BEGINS = frozenset("^x×*")
MANTISSA = re.compile(r"\s*(?:\^|[x×*]\s*10\s*(?:\^|\*)|\*\s*1[0,])")
SPACED = re.compile(r"\d{1,3}(?:,?[ \u00a0\u2009\u202f](?!109\s?/\s?[lL]\b)\d{3}){1,5}(?!\d|[.,]\d)")
