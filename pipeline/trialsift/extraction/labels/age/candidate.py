"""A quantity that may limit an age, and how it stands in its criterion line."""

from __future__ import annotations

import re
from typing import NamedTuple

from trialsift.extraction.labels.age.words import AgeExpressions
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window

_A_YEAR = {"d": 365, "wk": 52}
GROWN = 16  # years: so old, a person is none of those that a time is counted of
#: The number of a list, which is none of years.
LISTED = re.compile(r"\d{1,2}[.)](?!\d)")
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
    words: AgeExpressions

    def opens_criterion(self) -> bool:
        """A limit in years with which its criterion opens, or that fills a bracket."""
        passage, quantity, right = self.passage, self.quantity, self.right
        if passage.polarity is None or self.unit != "a" or self.words.event.match(right):
            return False
        if not passage.text[passage.line_start : quantity.start].strip(" -–—•*·▪►♦●□■◦\t\n0123456789.)(") and (
            min(quantity.values) >= GROWN
            or quantity.ranged
            or right.startswith(":")
            or (quantity.operator in ("ge", "gt") and self.words.weighs.match(right) is not None)
        ):
            return True
        closes = right.startswith(")") or (self.named_before and self.words.in_place.match(right) is not None)
        return closes and min(quantity.values) >= 12 and self.words.bracket.search(self.left) is not None

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
            not self.words.opening.sub("", text[start : quantity.start]).strip()
            and not self.words.closing.sub("", text[quantity.end : end])
            and not (passage.above is not None and self.words.other_heading.search(text, *passage.above))
        )

    def _reaches_a_year(self) -> bool:
        """`28 days to 23 months`: treatments and intervals seldom take so long."""
        return self.unit in _A_YEAR and max(self.quantity.values) >= _A_YEAR[self.unit]

    def judge_bare(self) -> Verdict:
        """A number without a bound is a limit only as a criterion of its own."""
        passage, quantity, right = self.passage, self.quantity, self.right
        if not (self.named or self.of_age) or self.words.first.search(self.left):
            return Verdict("", NO_AGE)
        if self.words.person.match(right):
            return Verdict("", "followed by the person of that age: a reported age")
        if (
            passage.polarity == "inclusion"
            and self.words.of_age_only.match(right)
            and self.words.must_be.search(passage.left(quantity.start, Window.ADJOINING))
        ):
            return Verdict("age.lost_operator")
        told = passage.text[passage.start : passage.end]
        if self.words.if_.search(self.left) and self.words.consent.search(
            told
        ):  # `consent of parents (if 12 years old)`
            return Verdict("age.lost_operator")
        head = passage.text[passage.line_start : quantity.start].strip(" -•*·▪►♦●□■◦\t0123456789.)(")
        age_words = self.words.of_age.match(passage.text, quantity.end, passage.line_end)
        behind = passage.text[age_words.end() if age_words else quantity.end : passage.line_end]
        other_end = self.words.and_years.match(behind)
        tail = behind[other_end.end() if other_end else 0 :].strip(" .;,|()")
        alone = len(tail.split(None, 1)) <= 1 or self.words.sentence_goes_on.match(behind) is not None
        if alone and len(head.split()) <= 4 and "\n" not in head:
            return Verdict("age.lost_operator")
        return Verdict("age.lost_operator", "no bound, and it is no criterion of its own: the line says more")

    def says_more(self) -> bool:
        """Whether the criterion line, or the line of the page, says more than `age` and the number."""
        passage, quantity = self.passage, self.quantity
        head = passage.text[passage.line_start : quantity.start]
        tail = passage.text[quantity.end : passage.line_end]
        head, tail = head.rpartition("\n")[2], tail.partition("\n")[0]
        return bool(self.words.only_age.sub("", head) + tail.strip(" .;,|()"))


def may_be_bare(passage: Passage, quantity: Quantity) -> bool:
    """Whether a number without a bound and a unit can be a limit: as an age of adults among inclusions only."""
    return passage.polarity == "inclusion" and 12 <= quantity.values[0] <= 100
