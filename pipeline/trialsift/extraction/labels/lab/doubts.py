"""LAB: what looks like a threshold and is none: a change of a test, a ratio of two, a number of events, a reference
range."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from trialsift.extraction.quantities.parts import Quantity, Token
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.rules.guarded import Guarded

# of a test strip: `4+`
_HIGHEST_GRADE = 4


class DoubtWords(NamedTuple):
    """Words that tell so (`patterns/wording/lab.toml`)."""

    changed: Guarded
    changes: re.Pattern[str]
    change_of: Guarded
    to_a_level: re.Pattern[str]
    over_baseline: re.Pattern[str]
    events: re.Pattern[str]
    by_so_much: re.Pattern[str]
    ranged: re.Pattern[str]
    ranged_on: Guarded
    range_in_brackets: re.Pattern[str]
    before_result: re.Pattern[str]
    numbered: re.Pattern[str]
    counted_in: re.Pattern[str]
    ratio_of: re.Pattern[str]
    ratio: re.Pattern[str]
    ratio_before: re.Pattern[str]
    reference: Guarded
    share: re.Pattern[str]
    share_of_people: re.Pattern[str]
    other_number: re.Pattern[str]
    product: Guarded


# `LDL ≥ 10034.230.932`: the columns of a table
_RUN_TOGETHER = re.compile(r"\d++\.\d++\.\d")


class Doubts:
    """Tells why a quantity behind a name is no value of it."""

    def __init__(self, words: DoubtWords) -> None:
        self._words = words

    def tell_why(self, passage: Passage, names: Sequence[Token], quantity: Quantity) -> str:
        """Why a quantity is none, empty where nothing speaks against it; `names` are those since the one before it, the
        nearest last."""
        if self._is_of_ratio(passage, names):
            return "a ratio of two tests"
        if self._is_change(passage, names, quantity):
            return "a change of the test, not a value of it"
        if self.counts(passage, quantity):
            return "followed by what it counts, or is a share of"
        if quantity.kind == "" and quantity.ranged and len(set(quantity.values)) == 1:
            return "a name such as that of an allele (`2-2`), not a range"
        if quantity.kind == "" and self._words.numbered.search(passage.text[quantity.start : quantity.number_start]):
            return "the number of a day, a visit or the like"
        if quantity.kind == "limit" and self._words.counted_in.search(passage.left(quantity.start, Window.PHRASE)):
            return "it tells in what the test is counted (`the number of times above the ULN`)"
        if quantity.ranged and self._is_found(passage, names[-1], quantity):
            return "what was found, not what is asked for"
        return self._tell_reported(passage, names[-1], quantity)

    def _is_found(self, passage: Passage, name: Token, quantity: Quantity) -> bool:
        """`ALT ranged from 2 to 105 U/L and AST from 3 to 90 U/L`"""
        if self._words.ranged.match(passage.text, name.end, quantity.number_start):
            return True
        if passage.polarity is not None or not passage.text.startswith("from ", quantity.start):
            return False
        return self._words.ranged_on.search(passage.left(quantity.start, Window.STATEMENT), passage.plain) is not None

    def is_other_number(self, passage: Passage, quantity: Quantity) -> bool:
        """Whether a number without a unit is none of a test, whatever is named: one in a word (`at least one marker`),
        a p value, a price, a number of years (`in the past 5 y`)."""
        if quantity.kind != "":
            return False
        text, start = passage.text, quantity.number_start
        if text[start].isalpha():
            return True
        if passage.polarity is None and text[quantity.end - 1] == "+" and quantity.values[0] > _HIGHEST_GRADE:
            return True  # `(Analyzer 201+)`
        if _RUN_TOGETHER.match(text, start):
            return True
        found = self._words.other_number.search(passage.left(start, Window.ADJOINING))
        return found is not None and (found["money"] is None or passage.polarity is None)

    def counts(self, passage: Passage, quantity: Quantity) -> bool:
        """Whether a number without a unit counts what follows it (`2 episodes`), or a percentage is a share of people
        (`20 % of participants`)."""
        words = {"": self._words.events, "percent": self._words.share_of_people}.get(quantity.kind)
        return words is not None and words.match(passage.text, quantity.end, passage.end) is not None

    def is_from_baseline(self, passage: Passage, quantity: Quantity) -> bool:
        """Whether words behind a quantity say that it is counted from an earlier value (`30 % above baseline`)."""
        return self._words.over_baseline.match(passage.text, quantity.end, passage.end) is not None

    def is_change_of(self, passage: Passage, quantity: Quantity) -> bool:
        """Whether words right in front of a quantity say that it is a change (`with a rise of at least 44 µmol/L`)."""
        return (
            quantity.kind != "limit"
            and self._words.change_of.search(passage.left(quantity.start, Window.PHRASE), passage.plain) is not None
        )

    def is_share(self, passage: Passage, quantity: Quantity) -> bool:
        """Whether a percentage is one of an earlier value of the test (`≥ 50 % of baseline`)."""
        return (
            quantity.kind == "percent" and self._words.share.match(passage.text, quantity.end, passage.end) is not None
        )

    def _is_of_ratio(self, passage: Passage, names: Sequence[Token]) -> bool:
        if len(names) < 2 or names[-1].start - names[-2].end > Window.ADJOINING:
            return False
        text, (first, second) = passage.text, names[-2:]
        if not self._words.ratio_of.fullmatch(text, first.end, second.start):
            return False
        told = self._words.ratio.match(text, second.end, passage.end) or self._words.ratio_before.search(
            passage.left(first.start, Window.ADJOINING)
        )
        return first.value != second.value and told is not None

    def _is_change(self, passage: Passage, names: Sequence[Token], quantity: Quantity) -> bool:
        text, nearest = passage.text, names[-1]
        if quantity.kind == "limit":  # `increase in ALT > 3 x ULN` ends there
            return False
        if self.is_from_baseline(passage, quantity) or self.is_change_of(passage, quantity):
            return True
        behind = self._words.changes.match(text, nearest.end, passage.end)
        if behind is not None and behind.end() <= quantity.start:
            return True
        if self._words.by_so_much.fullmatch(text, nearest.end, quantity.start):
            return True
        told = self._words.changed.search(passage.left(nearest.start, Window.CLAUSE), passage.plain)
        if told is None or self._words.to_a_level.match(text, nearest.end, quantity.number_start):
            return False
        falls = told["up"] is None and told["either"] is None
        return not (falls and quantity.operator in ("lt", "le"))  # `decrease of platelets < 50`

    def _tell_reported(self, passage: Passage, name: Token, quantity: Quantity) -> str:
        """Why a quantity outside of criteria is no limit."""
        if passage.polarity is not None:
            return ""
        text, words = passage.text, self._words
        reference = words.reference.search(passage.left(quantity.start, Window.PHRASE), passage.plain)
        if reference is not None and (quantity.operator is None or reference["column"]):
            return "a reference range"
        if quantity.ranged and words.range_in_brackets.fullmatch(text, name.end, quantity.number_start):
            return "the range of what was found"
        given = quantity.kind == "count_bare" and words.product.search(text[passage.start : passage.end], passage.plain)
        if given:
            return "a number of cells that are given"
        between = text[name.end : quantity.start].strip()
        if between in ("(", "[") and words.before_result.match(text, quantity.end, passage.end):
            return "a reference range in front of a result"
        bracketed = between == "[" and text[quantity.end : quantity.end + 1] == "]"
        if quantity.kind == "" and quantity.operator is None and bracketed:
            return "a reference to the literature"
        return ""
