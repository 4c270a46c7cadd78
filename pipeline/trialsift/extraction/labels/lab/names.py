"""LAB: which tests a threshold is on, from where their names stand.

A quantity belongs to the tests right before it (all that are joined by commas, slashes, and/or); else to those of the
quantity before, when it is an alternative of it; else to a test right behind it; else to one named in the line above.
The kind of its unit must fit the test.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import NamedTuple

from trialsift.extraction.labels.lab.units import (
    is_specific,
    select_converted,
    select_fitting,
    select_same,
    tell_misfit,
)
from trialsift.extraction.quantities.parts import Quantity, Token
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.rules.analytes import Analyte
from trialsift.rules.guarded import guarded, holds, needed

_SOFT = (
    r"(?:serum|plasma|blood|urine|urinary|total|absolute|the|a|an|of|is|are|was|were|be|being|must|should|has|have|to|"
    r"in|at|on|with|for|and|"
    r"levels?|counts?|concentrations?|values?|results?|tests?|measurements?|ratio|index|score|cells?|number|"
    r"screening|baseline|entry|visit|"
    r"rate|load|calculated|measured|estimated|corrected|adjusted|fasting|random|peripheral|venous|arterial|"
    r"either|both|any|as|by|than|that|which|"
    r"range|ranging|between|from|defined|documented|known|adequate|elevated|increased|decreased|reduced|abnormal|"
    r"low|high|severe|"
    r"greater|since|time|patients?|subjects?|current|confirmed|up|cut-?off|threshold|limit|upper|central|"
    r"laborator(?:y|ies)|local|"
    r"institutional|respectively|all|each|following|transfusion|independent|without|males?|females?|women|men|"
    r"day|week|activity|method|formula)"
)
# Each of these goes forward only: what is in brackets could be read as words between signs too, in ever so many ways.
_PARENTHESIS = r"(?>\((?:[^()]|\([^()]{0,60}\)){0,200}+\)|\[[^\[\]]{0,120}\])"
_SOFT_GAP = re.compile(rf"(?:{_PARENTHESIS}|i\.e\.|e\.g\.|[\s,:;=|*~†‡®™_\-–—(\[\)\]\"'/]|{_SOFT}\b)*+", re.I)
JOINER = re.compile(
    rf"(?:{_PARENTHESIS}|[\s,/&+()\[\]|*-]|\b(?:and/or|and|or|et|und|as well as|plus|both|either|serum|plasma|"
    rf"blood|total|"
    rf"the|levels?|counts?|values?|"
    rf"concentrations?|also|including|urine|cells?|tests?|enzymes?|combined|of)\b)*+",
    re.I,
)
_HARD_BREAK = re.compile(r"(?<!\bi\.e)(?<!\be\.g)[.;](?=\s)|\n\s*\n|\n\s*[-•*]\s")
_ALTERNATIVE = re.compile(
    r"(?:\((?:men|women|males?|females?|ULN|LLN|(?:both\s+)?inclusive)\)|"
    r"[(\[][A-Za-zµμ]{1,8}(?:/[A-Za-zµμ0-9.^]{1,8}){1,2}[)\]]|[\s,;:=/()\[\]~≈]|"
    r"\b(?:or|and|and/or|i\.?e\.?|equivalent|corresponding|to|equal|resp|approximately|about|"
    r"which|is|for|in|if|but|wom[ae]n|m[ae]n|females?|"
    r"males?|boys|girls|adults?|children|respectively)\b)*+",
    re.I,
)
_EXCEPTION = re.compile(
    r"[\s,;()\[\]]*(?:(?:or|and|but|to|unless|except|without|no|absent|absence|are|is|allowed|permitted|"
    r"acceptable|may be|if|in|for|with|"
    r"patients?|subjects?|those|wom[ae]n|m[ae]n|fe?males?|the|case|of|presence|known|documented|"
    r"who|have|has|liver|hepatic|bone|metast[a-z]+|involvement|disease|present|attributable|due|when|which|"
    r"attributed|by|"
    r"malignancy|tumou?r|cancer|leukemi[ac]|where|secondary|"
    r"gilbert['’]?s?|syndrome|elevations?|whom|there|participants?|children|boys|girls|age|years|old|history|"
    r"considered|related|type|grade|higher|also|up|a|an|as|be|must|should|will|otherwise|underlying|caused|on|not|"
    r"receiving|dipstick|urinalysis|then|therapy|anticoagulants?|anticoagulation|f)\b[\s,;:()\[\]'’-]*)*",
    re.I,
)
ONLY_BRACKET = re.compile(r"\s*[)\]]?\s*[(\[]\s*")
_RIGHT_GAP = re.compile(
    r"\s*[(\[]?\s*(?:(?:of|for|in|on|the|serum|plasma|blood|total|circulating|peripheral|absolute)\s+)*", re.I
)
_OCCASIONS = re.compile(
    r"\s*(?:of\s+the|of\s+(?:these|those|which)|other|more\s+\w+|additional|positive|documented|documentation|"
    r"measurements?|occasions?|values?|consecutive|(?:[a-z]+\s+){1,2}(?:counts|levels|values|measurements|results|"
    r"tests|samples)\b|separate|RBC|WBC|red\b|white\b|/\s*HPF|per\s+(?:high|HPF)|drinks|"
    r"prior|previous|times\b(?!\s+(?:the|ULN|upper|normal|institution)))",
    re.I,
)
_SIGN_NEXT = re.compile(r"[\s:(]*(?:[<>≤≥=]|\d)")
_ABSENT = guarded(r"\b(?:absence\s+of|without)\s+(?:\w+\s+){0,3}$", re.I)
# words that name something else right in front of a number: `(or ≤ 3 on warfarin), Liver function teats ≤ 2.5 x ULN`
_NEW_NAME = re.compile(r"[,;)]\s*[A-Z][a-z]{3,}(?:\s+[a-z]{3,}){1,4}\s*$")
_RATIO = re.compile(r"\s*ratio\b")
_ASSAY = guarded(r"\blimit\s+of\s+(?:detection|quanti\w+)\s+(?:is|was|being)\s*$", re.I)
# `at least 3 viral load measurements`: a number of tests
_COUNTED = re.compile(
    r"\s*(?:measurements?|tests?|determinations?|assessments?|samples?|examinations?|checks?)\b", re.I
)
# `CD33 expression in ≥ 20% of blasts` is no number of blasts
_SHARE_OF = re.compile(
    r"\b(?:expression|expressed|express(?:es|ing)?|positiv\w*|staining|involvement)\b[^.;,]{0,20}$", re.I
)
# `≥ 3 x ULN in three or more of the following: AST, ALT`
_LISTED = re.compile(
    r"\s*(?:\([A-Z]{2,5}\)\s*)?(?:[a-z]+\s+){0,3}?(?:in|for|of|"
    r"on)\s+(?:[\w-]+\s+){0,5}?(?:the\s+)?following\s*(?:\w++\s*){0,3}[:(]\s*",
    re.I,
)
_OF_LISTED = needed(_LISTED)
_ENDS = re.compile(r"\s*(?:$|[).,;:\[(/]|(?:or|and|for|if|in|at|on|within|unless|to|x|times)\b)")
# `≤ 1.7 mg/dL; for females 16 years and over ≤ 1.4 mg/dL`: the semicolon separates groups of people
_GROUP_AHEAD = re.compile(r"^[^;]{0,40};\s*(?=(?:for|in|if|females?|males?|wom[ae]n|m[ae]n|children|adults?)\b)", re.I)
_BRACKETED = re.compile(r"\s*(?:\([A-Z]{2,5}\)\s*)?\(\s*")
_TREATMENT = re.compile(r"\b(?:dose|doses|mg|receive|therapy|treatment)\b", re.I)


# characters between two thresholds on the same test: at most, and where words stand between that say nothing of it
_FARTHEST, _FAR = 220, 120
_NOT_AGAIN = "it isn't the threshold before it in another unit, nor another one on the same test"
NOWHERE = "no test is named right before it, right behind it or in the line above"
_ABOVE = "no test is named beside it; one is in the line above, but "


def is_analyte(token: Token) -> bool:
    """True for the name of a laboratory test."""
    return isinstance(token.value, tuple) and token.value[0] == "analyte"


def _ids(token: Token) -> tuple[str, ...]:
    """The tests that a name stands for."""
    return tuple(token.value[1:]) if isinstance(token.value, tuple) else ()


class Tests(NamedTuple):
    """The tests of a quantity, and the operator that carries over to them; without tests, why those whose names were
    looked at are none of it."""

    tests: list[Analyte]
    why: str = ""
    carried: str | None = None


class LabNames:
    """Tests of a quantity. `qualified` tells which name only says of what kind another is (`LDL) cholesterol`)."""

    def __init__(self, analytes: Mapping[str, Analyte], qualified: Mapping[str, set[str]]) -> None:
        self._analytes = analytes
        self._qualified = qualified

    def list_fitting(self, names: Sequence[Token], quantity: Quantity) -> list[Analyte]:
        """The tests that these names mean and that the quantity's unit fits, each once."""
        return select_fitting(self._list_tests(names), quantity)

    def _list_tests(self, names: Sequence[Token]) -> list[Analyte]:
        """The tests that these names mean, each once."""
        ids = dict.fromkeys(name for token in names if is_analyte(token) for name in _ids(token))
        return [self._analytes[name] for name in ids]

    def find_before(self, passage: Passage, between: list[Token], quantity: Quantity) -> Tests:
        """The tests named right before a quantity; `between` are the names since the quantity before."""
        text, nearest = passage.text, between[-1]
        if not is_analyte(nearest):
            return Tests([], "the name before it is none of a laboratory test")
        if why := self._tell_apart(passage, between, quantity):
            return Tests([], why)
        names = [nearest]
        for earlier, later in zip(reversed(between[:-1]), reversed(between[1:]), strict=True):
            joined = text[earlier.end : later.start]
            if self._qualifies(text, earlier, later):
                names = [earlier]
                break
            if not is_analyte(earlier) or not JOINER.fullmatch(joined) or ";" in joined:
                break
            if _ABSENT.search(passage.left(earlier.start, Window.CLAUSE), passage.plain):
                break  # `in the absence of detectable M-protein, serum FLC > 100 mg/L`
            if ONLY_BRACKET.fullmatch(joined) and not set(_ids(earlier)) & set(_ids(later)):
                break  # `lymphopenia (ANC > 1,500`, `prothrombin time (INR)`: the test is the one in the bracket
            names.insert(0, earlier)
        tests = self.list_fitting(names, quantity)
        return Tests(tests, "" if tests else self.tell_misfit(passage, names[-1], quantity))

    def _tell_apart(self, passage: Passage, between: list[Token], quantity: Quantity) -> str:
        """What parts a quantity from the test that is named before it; empty where nothing does."""
        text, nearest = passage.text, between[-1]
        gap = text[nearest.end : quantity.start]
        soft = gap == " " or _SOFT_GAP.fullmatch(gap) is not None
        if not soft and _HARD_BREAK.search(gap):
            return "a sentence or an item ends between the test's name and it"
        if quantity.kind == "" and "," in gap:
            return "without a unit, and a comma stands between the test's name and it"
        if quantity.kind == "" and _OCCASIONS.match(text, quantity.end):
            return "without a unit, and followed by what it counts (`2 occasions`)"
        if len(between) > 1 and _RATIO.match(gap) and "/" in text[between[-2].end : nearest.start]:
            return "a ratio of two tests"  # `pleural LDH/serum LDH ratio`
        if not soft:
            width = Window.STATEMENT if quantity.operator is not None else Window.PHRASE if quantity.ranged else -1
            if len(gap) > width or not is_specific(quantity, self.list_fitting([nearest], quantity)):
                words = shorten(gap, 40, placeholder=" …") if passage.explaining else gap
                return f"`{words}` between the test's name and it may lead to something else"
        return "what the assay can see" if _ASSAY.search(gap, passage.plain) else ""

    def tell_misfit(self, passage: Passage, name: Token, quantity: Quantity) -> str:
        """Why a quantity is no value of the test named before it, by its unit; empty where nobody asks."""
        if not passage.explaining:
            return ""
        written = passage.text[quantity.start : quantity.end].strip()
        return tell_misfit(passage.text[name.start : name.end], self._list_tests([name]), written, quantity)

    def _qualifies(self, text: str, earlier: Token, later: Token) -> bool:
        """The earlier name says which kind of the later one is meant (`LDL) cholesterol`)."""
        if not (is_analyte(earlier) and is_analyte(later)):
            return False
        wanted = self._qualified.get(_ids(later)[0], set())
        return bool(wanted & set(_ids(earlier))) and not text[earlier.end : later.start].strip(" )]-\n")

    def find_same(
        self, passage: Passage, group: list[Analyte], last: Quantity, quantity: Quantity, operator: str | None
    ) -> Tests:
        """The tests of the threshold before, where this quantity is an alternative to it, and the operator to carry."""
        gap = passage.text[last.end : quantity.start]
        if len(gap) > _FARTHEST:
            return Tests([], "too far from the threshold before it to be one on the same test")
        if quantity.kind == "" and _OCCASIONS.match(passage.text, quantity.end):
            return Tests([], "without a unit, and followed by what it counts (`2 occasions`)")
        strict = _ALTERNATIVE.fullmatch(gap) is not None
        loose = strict or _EXCEPTION.fullmatch(gap) is not None
        specific = is_specific(quantity, group)
        if quantity.operator == "eq":  # `> 25 umol/L = 1.4 mg/dL`
            if strict and specific:
                return Tests(select_converted(group, quantity), _NOT_AGAIN, operator)
            return Tests([], _NOT_AGAIN)
        if quantity.operator is None:
            same_unit = last.unit is not None and quantity.unit is not None and last.unit.ucum == quantity.unit.ucum
            if not ((strict and (specific or same_unit)) or (loose and same_unit)):
                return Tests([], "no operator, and it doesn't go on from the threshold before it")
        elif not loose and (
            _NEW_NAME.search(gap)
            or not (specific and len(gap) <= _FAR and not _HARD_BREAK.search(_GROUP_AHEAD.sub("", gap)))
        ):
            return Tests([], "words between the threshold before it and this number may name something else")
        tests = select_same(group, quantity)
        return Tests(tests, _NOT_AGAIN, operator if quantity.operator is None and not quantity.ranged else None)

    def find_behind(self, passage: Passage, concepts: list[Token], quantity: Quantity, index: int) -> Token | None:
        """The name right behind a quantity, unless it has a threshold of its own."""
        following = next((c for c in concepts if c.start >= quantity.end), None)
        if following is None or not is_analyte(following):
            return None
        if not _RIGHT_GAP.fullmatch(passage.text[quantity.end : following.start]):
            return None
        if quantity.operator is None and not quantity.ranged:
            return None
        if quantity.kind == "" and (
            _COUNTED.match(passage.text, following.end) or _OCCASIONS.match(passage.text, quantity.end)
        ):
            return None
        if quantity.kind == "percent" and _SHARE_OF.search(passage.left(quantity.start, Window.CLAUSE)):
            return None
        nxt = passage.quantities[index + 1] if index + 1 < len(passage.quantities) else None
        if nxt is not None and self._has_own_threshold(passage, concepts, following, nxt):
            return None
        return following if self.list_fitting([following], quantity) else None

    def _has_own_threshold(self, passage: Passage, concepts: list[Token], name: Token, following: Quantity) -> bool:
        """Whether the quantity behind a name is a threshold on what it names."""
        between = passage.text[name.end : following.start]
        return (
            _SOFT_GAP.fullmatch(between) is not None
            and following.operator is not None
            and not between.strip().startswith(",")
            and not any(self._names_it(passage.text, following, c) for c in concepts)  # it has a name of its own
        )

    @staticmethod
    def _names_it(text: str, quantity: Quantity, name: Token) -> bool:
        """Whether a name stands inside a quantity, or right behind it with no threshold of its own."""
        inside = quantity.number_start < name.start and name.end <= quantity.end
        return inside or (quantity.end <= name.start <= quantity.end + 1 and not _SIGN_NEXT.match(text, name.end))

    def find_listed(
        self, passage: Passage, concepts: list[Token], quantity: Quantity, heads: list[Analyte]
    ) -> list[Token]:
        """The names of a list behind a quantity: `in any of the following: AST, ALT`; and in a bracket, where they
        spell out the tests found so far (`liver enzymes > 5 ULN (ALT, AST, GGT)`)."""
        text = passage.text
        if quantity.kind == "":
            return []  # `at least one of the following: AST > …`
        opening = _LISTED.match(text, quantity.end, passage.end) if holds(passage.plain, _OF_LISTED) else None
        if opening is None and heads:
            opening = _BRACKETED.match(text, quantity.end, passage.end)
        names = [c for c in concepts if opening is not None and c.start >= opening.end()]
        if opening is None or not names or names[0].start != opening.end():
            return []
        taken = [names[0]]
        for name in names[1:]:
            if not JOINER.fullmatch(text, taken[-1].end, name.start):
                break
            taken.append(name)
        if not all(is_analyte(name) for name in taken):
            return []
        if not heads:
            return taken
        closed = text[taken[-1].end : taken[-1].end + 2].lstrip().startswith(")")
        named = {name for token in taken for name in _ids(token)}
        return taken if closed and {test.id for test in heads} < named else []

    def find_above(self, passage: Passage, quantity: Quantity) -> Tests:
        """The test named last in the line above, for a quantity that opens its own line."""
        names = [t for t in passage.above_tokens if is_analyte(t)]
        if not names:
            return Tests([], NOWHERE)
        head = passage.text[passage.start : quantity.start]
        if len(head) > Window.PHRASE and quantity.kind in ("", "percent"):
            return Tests([], _ABOVE + "too much stands before it in its own line")
        if quantity.kind == "" and not _ENDS.match(passage.text, quantity.end, passage.end):
            return Tests([], _ABOVE + "it counts what follows it")  # `three or more hormone deficiencies`
        if quantity.kind == "time":
            return Tests([], _ABOVE + "it is a time")
        if quantity.operator is None and (quantity.kind in ("", "percent") or passage.polarity is None):
            return Tests([], _ABOVE + "it has no operator")
        if _TREATMENT.search(head):
            return Tests([], _ABOVE + "a treatment is named before it")
        taken = names[-1:]
        for name in reversed(names[:-1]):
            if not JOINER.fullmatch(passage.text, name.end, taken[0].start):
                break
            taken.insert(0, name)
        tests = self.list_fitting(taken, quantity)
        return Tests(tests, _ABOVE + "its unit is none of that test")
