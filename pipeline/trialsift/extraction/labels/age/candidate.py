"""A quantity that may limit an age, and how it stands in its criterion line."""

from __future__ import annotations

import re
from typing import NamedTuple

from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window

OF_AGE = re.compile(
    r"\s*(?:\)\s*(?=of\b|old\b))?(?:[-–]\s*)?(?:\(\s*)?(?:of[-\s]+ages?\b|ages\b|(?:post-?natal|chronologic(?:al)?|calendar)\s+age\b|of\s+life\b(?!\s+expect)|old\b|olds\b|aged\b|in\s+age\b|-?old\b|age\b)",
    re.I,
)
REPORTED_OLD = re.compile(
    r"\s*-?\s*(?:old\s+)?(?:male|female|man|woman|boy|girl|patient|caucasian|white|black|asian|gentleman|lady|infant|"
    r"child)\b",
    re.I,
)
_OTHER_HEADING = re.compile(r"\b(?:expectancy|survival|duration|follow-?up|interval|time|remission|history)\b", re.I)
EVENT = re.compile(
    r"['’]?\s*(?:gestation|of\s+gestation|pregnan|since|after|prior|before|from\b|post|ago|duration|surviv|history|free|earlier|previous|of\s+(?!age)|"
    r"in\s+(?:remission|duration)|experience)",
    re.I,
)
_BRACKET_OPENS = re.compile(r"\((?:for\s+)?$", re.I)
_IN_PLACE = re.compile(r"\s*(?:in|for|as|where|if)\b", re.I)
_AND_YEARS = re.compile(r"^\s*(?:and|to)\s+\d+\s*(?:years?|yrs?)", re.I)
_GOES_ON = re.compile(r"\s*(?:,|and\b|at\b)", re.I)
_OF_AGE_SPACED = re.compile(r"\s*of\s+age\b", re.I)
_MUST_BE = re.compile(r"\b(?:must|should|has to|have to)\s+be\s*$", re.I)
_A_YEAR = {"d": 365, "wk": 52}
GROWN = 16  # years: so old, a person is none of those that a time is counted of
_ONLY_AGE = re.compile(r"^[\W\d]*ages?[\s:]*$", re.I)
_BULLET = r"(?:[-–•*·o]|\(?\d{1,2}[.)]|[a-z][.)])"
_BE = r"(?:are|be|is|must be|has to be|have to be|gender|both genders|both sexes)"
_OPENING = re.compile(rf"^\s*{_BULLET}?\s*{_BE}?\s*", re.I)
#: The number of a list, which is none of years.
LISTED = re.compile(r"\d{1,2}[.)](?!\d)")
#: All that may stand in front of an age that opens or fills its line.
OPENING = re.compile(rf"\s*{_BULLET}?\s*{_BE}?(?:[ \-–•*·\t\n.)(]|{LISTED.pattern})*", re.I)
_CLOSING = re.compile(r"\((?:adult|older adult|child|inclusive|,|\s)+\)|inclusive|[.;,|\s]", re.I)
NO_AGE = "no word for age stands right beside it, nor people right before it"


class Verdict(NamedTuple):
    """What was found of a quantity: the rule by which it limits an age; with `why`, what speaks against it, and the
    rule that it would have had, empty where none came into question."""

    rule: str
    why: str = ""


class Candidate(NamedTuple):
    """A quantity that may limit an age, with the words on either side of it and the words that it consists of.

    `named` says that `age` stands right in front of it, `of_age` that a word for age is in it or behind it, `following`
    that it goes on from an age before it, `named_before` that there is one. `unit` is a UCUM code of time.
    """

    passage: Passage
    quantity: Quantity
    unit: str | None
    left: str
    right: str
    span: str
    named: bool
    of_age: bool
    following: bool
    named_before: bool

    def opens_criterion(self) -> bool:
        """A limit in years with which its criterion opens, or that fills a bracket."""
        passage, quantity, right = self.passage, self.quantity, self.right
        if passage.polarity is None or self.unit != "a" or EVENT.match(right):
            return False
        if not passage.text[passage.line_start : quantity.start].strip(" -–•*·\t\n0123456789.)(") and (
            min(quantity.values) >= GROWN or quantity.ranged or right.startswith(":")
        ):
            return True
        closes = right.startswith(")") or (self.named_before and _IN_PLACE.match(right) is not None)
        return closes and min(quantity.values) >= 12 and _BRACKET_OPENS.search(self.left) is not None

    def fills_line(self) -> bool:
        """The line holds this quantity and nothing else."""
        passage, quantity = self.passage, self.quantity
        text, start, end = passage.text, passage.line_start, passage.line_end
        if passage.polarity is not None and min(quantity.values) >= GROWN:  # a page that was joined to one line
            start = max(start, text.rfind("\n", start, quantity.start) + 1)
            newline = text.find("\n", quantity.end, end)
            end = end if newline < 0 else newline
        if (
            not (self.unit == "a" or (quantity.ranged and (self.unit == "mo" or self._reaches_a_year())))
            or quantity.start - start > Window.PHRASE
            or end - quantity.end > Window.CLAUSE
            or max(quantity.values) < 2
        ):
            return False
        return (
            not _OPENING.sub("", text[start : quantity.start]).strip()
            and not _CLOSING.sub("", text[quantity.end : end])
            and not (passage.above is not None and _OTHER_HEADING.search(text[passage.above[0] : passage.above[1]]))
        )

    def _reaches_a_year(self) -> bool:
        """`28 days to 23 months`: treatments and intervals seldom take so long."""
        return self.unit in _A_YEAR and max(self.quantity.values) >= _A_YEAR[self.unit]

    def judge_bare(self) -> Verdict:
        """A number without a bound is a limit only as a criterion of its own."""
        passage, quantity, right = self.passage, self.quantity, self.right
        if not (self.named or self.of_age):
            return Verdict("", NO_AGE)
        if REPORTED_OLD.match(right):
            return Verdict("", "followed by the person of that age: a reported age")
        if (
            passage.polarity == "inclusion"
            and _OF_AGE_SPACED.match(right)
            and _MUST_BE.search(passage.left(quantity.start, Window.ADJOINING))
        ):
            return Verdict("age.lost_operator")
        head = passage.text[passage.line_start : quantity.start].strip(" -•*\t0123456789.)(")
        age_words = OF_AGE.match(passage.text, quantity.end, passage.line_end)
        behind = passage.text[age_words.end() if age_words else quantity.end : passage.line_end]
        tail = _AND_YEARS.sub("", behind).strip(" .;,|()")
        alone = len(tail.split(None, 1)) <= 1 or _GOES_ON.match(behind) is not None
        if alone and len(head.split()) <= 4 and "\n" not in head:
            return Verdict("age.lost_operator")
        return Verdict("age.lost_operator", "no bound, and it is no criterion of its own: the line says more")

    def says_more(self) -> bool:
        """Whether the criterion line, or the line of the page, says more than `age` and the number."""
        passage, quantity = self.passage, self.quantity
        head = passage.text[passage.line_start : quantity.start]
        tail = passage.text[quantity.end : passage.line_end]
        head, tail = head.rpartition("\n")[2], tail.partition("\n")[0]
        return bool(_ONLY_AGE.sub("", head) + tail.strip(" .;,|()"))


def may_be_bare(passage: Passage, quantity: Quantity) -> bool:
    """Whether a number without a bound and a unit can be a limit: as an age of adults among inclusions only."""
    return passage.polarity == "inclusion" and 12 <= quantity.values[0] <= 100
