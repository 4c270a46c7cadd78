"""Expressions for the text between, before and after the parts of a quantity: comparator, numbers, unit, limit."""

from __future__ import annotations

import re

from trialsift.rules.trie import find_openings_behind

WORDS = (
    r"(?:of|to|a|an|the|than|is|be|being|will|would|was|at|about|approximately|approx\.?|around|circa|age|ages|aged|"
    r"years|"
    r"dose|doses|daily|total|cumulative|equivalent|single|target|average|mean|and|including|receiving|treatment|"
    r"radiation|radiotherapy|value|level|prescribed|prescription|physical|marginal|score|per|day)"
)
OP_GAP = re.compile(
    rf"(?:\s?\)(?=\s))?(?:\s|Â|&nbsp;)*(?:(?:{WORDS})(?:\s*:)?\s++)*+(?:(?:{WORDS}):\s*)?(?:~|\(|\[|\|)?\s*(?:[x×](?=\s?\d|\s*$))?\s*",
    re.I,
)
# `above a cumulative doxorubicin dose of 360 mg/m2`: a few words, the last one an amount
DOSE_GAP = re.compile(
    r"\s+(?!.*\btolerated\b)(?:[A-Za-z-]+\s+){0,4}(?:dose|activity|equivalent|exposure|dosage)s?\s+(?:of|to|is|was|"
    r"level)?\s*",
    re.I,
)
RANGE = re.compile(
    r"\s*(?:-\s*to\b-?|-{1,2}|–|—|−|‑|‐|‒|―|~|〜|～|∼|÷|\.{2,3}|…|\bto\b|\bthrough\b|\bthru\b|\buntil\b|\btill\b|"
    r"\bup to\b|\bbis\b|\ba\b|\bà\b|\bal\b|\bhasta\b|\baté\b|\btot\b|/(?=\s*[<>≤≥]))\s*~?\s*",
    re.I,
)
#: The first characters of RANGE in lower case, white space aside.
RANGE_BEGINS = frozenset("-–—−‑‐‒―~〜～∼÷.…/tubaàh")
#: `between 7 (so that blood can be drawn) and 60`
AND = re.compile(
    r"\s*(?:old|of\s+age)?\s*(?:\([^()\d]{1,60}\)\s*)?(?:and|to|[-–—&]|through|y|e|et|und)\s*(?:the age of\s|ages?\s)?",
    re.I,
)
JOIN = re.compile(
    r"\s*(?:-\s*)?(?:(?:\(?(?:of age|old)\)?|times|x\b)\s*)?(?:[,(]\s*)?(?:(?:and|but|to|&|[-–—]|,|or|/|through)\s*)?"
    r"(?:(?:is|be|age|aged)\s+)?(?:\(\s*)?",
    re.I,
)
BRACKETED_FIGURE = re.compile(r"\s*[(\[]\s*(\d{1,9}(?:\.\d{1,9})?)\s*[)\]]")
ENDS = re.compile(r"\s*\(\s*(incl|excl)[a-z]*\.?\s*\)", re.I)
INCLUSIVE = re.compile(r"\s*(?:,\s*)?(?:\(\s*)?(inclusive|exclusive)(?:ly)?\b(?:\s*\))?", re.I)
AGE_WORDS = re.compile(r"\s*(?:\((?:of age|old|y\.?/?o\.?)\)|of\s+age|-?\s?olds?\b|y\.?/?o\.?(?!\w))?\s*,?\s*", re.I)
#: What `look_ahead` returns where words after an age are worth a look: one of these, or a comma.
AGE_BEGINS = frozenset({"(o", "(y", "of", "ol", "-o", "y.", "y/", "yo"}) | find_openings_behind(",")
NORMAL = re.compile(
    r"\s*(?:the\s+)?(?:institutional\s+|laboratory\s+|local\s+|(?:age|sex|gender)-?(?:\s+and\s+(?:age|sex|gender)-?|"
    r"/(?:sex|gender))?"
    r"[\s-]*(?:matched|adjusted|specific|related)\s+)?((?:limits?\s+of\s+(?:the\s+)?)?normal\s+(?:range|limits?|"
    r"values?|levels?)|limits?\s+of\s+(?:the\s+)?normal)",
    re.I,
)
NOT = re.compile(r"\bnot?\s*$", re.I)
NAMED = re.compile(r"\s*[A-Za-z][^.;,<>≤≥=\n]{0,45}?\s*")
AGE_BEHIND = re.compile(r"\s*ages?\b", re.I)
#: The last two characters of NOT and NOT_BE, white space aside.
DENIAL_ENDS = frozenset({"no", "ot", "be", "to"})
NOT_BE = re.compile(r"\b(?:not|cannot|never)\s+be\s+(?:allowed\s+to\s+)?$", re.I)
BUT = re.compile(r"\s*(?:\((?:ULN|LLN)\)\s*)?(?:,\s*)?(?:but|and|to|-|–)\s*", re.I)
OR = re.compile(r"\s*,?\s*(?:or|and/or)\s*(?:is|are)?\s*", re.I)
TIMES_AGAIN = re.compile(r"\s*(?P<times>times|-?\s?fold|[x×])(?=\s*[),.;]|\s+(?:if|in|for|when|with|unless)\b)", re.I)
AND_BUT = re.compile(r"\s*,?\s*(?:and|but)\s*", re.I)
#: `= 18 and = 75`, `18 years and < 55`
PAIRED = re.compile(r"\s*(?:old|of\s+age)?\s*,?\s*(?:and|but|to|&|[-–—])\s*", re.I)
#: `ULN x 2.5`, `ULN + 4 seconds`
LIMIT_TIMES = re.compile(r"\s?(?P<sign>[x×*+])\s?(?P<number>\d{1,3}(?:[.,]\d{1,2})?)(?![\d.,]*\d)")
UP_TO = re.compile(r"up\s+to(?:\s+(?:and\s+)?including)?", re.I)
#: `10 ± 2 g/dL`
SPREAD = re.compile(r"\s?(?:±|\+\s?/?\s?[-−–])\s?(?=\d|\.\d)")
CLOSING = re.compile(r"\s*[)\]]")
NUMBER_BEHIND = re.compile(r"\s\d")
PLUS = re.compile(r"\+(?![\d/+])|\s\+(?=\s*(?:$|\n|[,.;]))")
_POWER_COUNTED = r"(?=\s*-?(?:IU|I\.U|U\b|UI\b|copies|copy|c/|cp/|international|genome|log|viral|CFU|PFU))"
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
#: `1.5 lakh`
INDIAN = re.compile(r"\s?(?:(?P<lakh>lakhs?|lacs?)|crores?)\b", re.I)
#: `18 (eighteen)`: said again in words
SAID_IN_WORDS = re.compile(r"\s?\(\s?([A-Za-z][A-Za-z\s-]{2,40}?)\s?\)")
#: The first character after the digits of a mantissa and any white space.
TIMES_BEGINS = "xX×*·•∙⋅✕⨯˟´"
MANTISSA_BEGINS = frozenset("^x×*")
MANTISSA = re.compile(r"\s*(?:\^|[x×*]\s*10\s*(?:\^|\*)|\*\s*1[0,])")
SPACED = re.compile(r"\d{1,3}(?:,?[ \u00a0\u2009\u202f](?!109\s?/\s?[lL]\b)\d{3}){1,5}(?![\d.,])")
