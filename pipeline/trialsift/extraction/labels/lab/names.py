"""LAB: which tests a threshold is on, from where their names stand.

A quantity belongs to the tests right before it (all that are joined by commas, slashes, and/or); else to those of the
quantity before, when it is an alternative of it; else to a test right behind it; else to one named in the line above.
The kind of its unit must fit the test.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import NamedTuple

from trialsift.extraction.labels.lab.doubts import Doubts
from trialsift.extraction.labels.lab.units import (
    UNITLESS,
    is_specific,
    is_testable,
    select_fitting,
    tell_misfit,
)
from trialsift.extraction.quantities.parts import Quantity, Token
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.rules.analytes import Analyte
from trialsift.rules.guarded import Guarded, holds

NOWHERE = "no test is named right before it, right behind it or in the line above"
_ABOVE = "no test is named beside it; one is in the line above, but "


def is_analyte(token: Token) -> bool:
    """True for the name of a laboratory test."""
    return isinstance(token.value, tuple) and token.value[0] == "analyte"


def _ids(token: Token) -> tuple[str, ...]:
    """The tests that a name stands for."""
    return tuple(token.value[1:]) if isinstance(token.value, tuple) else ()


def _is_state(text: str, name: Token) -> bool:
    """Whether a name is that of a finding (`neutropenia`, `hypokalemia`), and of no test."""
    written = text[name.start : name.end].lower()
    return written.endswith("penia") or written.startswith(("hypo", "hyper"))


class Tests(NamedTuple):
    """The tests of a quantity, and the operator that carries over to them; without tests, why those whose names were
    looked at are none of it."""

    tests: list[Analyte]
    why: str = ""
    carried: str | None = None


class NameWords(NamedTuple):
    """Words between names and values (`patterns/wording/lab.toml`)."""

    gap: re.Pattern[str]
    joiner: re.Pattern[str]
    hard_break: re.Pattern[str]
    only_bracket: re.Pattern[str]
    right_gap: re.Pattern[str]
    occasions: re.Pattern[str]
    per_volume: re.Pattern[str]
    sign_next: re.Pattern[str]
    absent: Guarded
    plain_ratio: re.Pattern[str]
    assay: Guarded
    tests_counted: re.Pattern[str]
    share_of: re.Pattern[str]
    listed: Guarded
    ends: re.Pattern[str]
    bracketed: re.Pattern[str]
    treatment: re.Pattern[str]
    described: Guarded
    closed: re.Pattern[str]
    or_described: re.Pattern[str]
    to_bare: re.Pattern[str]
    bare_end: re.Pattern[str]
    method: re.Pattern[str]
    by_method: re.Pattern[str]
    virus: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class NameRules:
    """What `lab.toml` tells of names. `qualified`: a name that only says of what kind the test right before it is
    (`LDL) cholesterol`). `introduces`: one that only introduces the test right behind it, where the number has no unit
    (`PT/INR ≤ 1.5`). `by_unit`: the test that is meant by another name where the unit is of this kind (`urine albumin <
    30 mg/g`). `kinds_of`: names that only say of what kind a test is that was named before (`M-protein (IgA)`).
    `needs_unit`: names that mean other things too, so that a number without a unit is no value of theirs."""

    qualified: Mapping[str, frozenset[str]]
    introduces: Mapping[str, frozenset[str]]
    by_unit: Mapping[str, Mapping[str, str]]
    needs_unit: frozenset[str]
    kinds_of: Mapping[str, frozenset[str]]


class LabNames:
    """Tests of a quantity, from words around it and from what `lab.toml` tells of names."""

    def __init__(self, analytes: Mapping[str, Analyte], rules: NameRules, words: NameWords, doubts: Doubts) -> None:
        self._analytes = analytes
        self._rules = rules
        self._words = words
        self._doubts = doubts

    def list_fitting(self, names: Sequence[Token], quantity: Quantity) -> list[Analyte]:
        """The tests that these names mean and that the quantity's unit fits, each once."""
        tests = self.list_tests(names)
        renamed = self._rules.by_unit.get(quantity.kind)
        if renamed:
            tests = [self._analytes[renamed.get(test.id, test.id)] for test in tests]
        return select_fitting(tests, quantity)

    def list_tests(self, names: Sequence[Token]) -> list[Analyte]:
        """The tests that these names mean, each once."""
        ids = dict.fromkeys(name for token in names if is_analyte(token) for name in _ids(token))
        return [self._analytes[name] for name in ids]

    def find_before(self, passage: Passage, between: list[Token], quantity: Quantity) -> Tests:
        """The tests named right before a quantity; `between` are the names since the quantity before."""
        between = self._leave_out_glosses(passage.text, between, quantity)
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
            if _ids(earlier) == _ids(later):
                joined = joined.replace(";", ",")  # `(ALT; SGPT)`
            if not is_analyte(earlier) or not self._words.joiner.fullmatch(joined) or ";" in joined:
                break
            if self._introduces(earlier, later, joined, quantity):
                break
            if set(_ids(later)) < set(_ids(earlier)) and not joined.strip(" :(["):
                continue  # `transaminase aspartate aminotransferase`
            if self._words.absent.search(passage.left(earlier.start, Window.CLAUSE), passage.plain):
                break  # `in the absence of detectable M-protein, serum FLC > 100 mg/L`
            if _is_state(text, earlier) and not _is_state(text, later):
                break  # `after neutropenia, or platelets < 25,000`
            if self._words.only_bracket.fullmatch(joined) and not set(_ids(earlier)) & set(_ids(later)):
                break  # `lymphopenia (ANC > 1,500`, `prothrombin time (INR)`: the test is the one in the bracket
            names.insert(0, earlier)
        tests = self.list_fitting(names, quantity)
        if not tests and self._doubts.is_share(passage, quantity):
            tests = self.list_tests(names)
        if [test.id for test in tests] == ["hiv_rna"]:
            tests = [self._analytes[self._tell_virus(passage, names[-1])]]
        return Tests(tests, "" if tests else self.tell_misfit(passage, names[-1], quantity))

    def _tell_virus(self, passage: Passage, name: Token) -> str:
        """The analyte of a `viral load`, by the virus that is named last in front of it: HIV where none is."""
        text = passage.text
        for start, end in ((passage.start, name.end), passage.above or (0, 0)):
            found = deque(self._words.virus.finditer(text, start, end), 1)
            if found:
                return found.pop().lastgroup or "hiv_rna"
        return "hiv_rna"

    def _leave_out_glosses(self, text: str, names: list[Token], quantity: Quantity) -> list[Token]:
        """These names without those at their end that only say more of the one in front of them: in a bracket of the
        same test (`HbA1c (glycohemoglobin by NGSP) ≥ 7 %`), or the formula by which a clearance is estimated."""
        while len(names) > 1:
            earlier, later = names[-2:]
            between, behind = text[earlier.end : later.start], text[later.end : quantity.start]
            same = is_analyte(earlier) and set(_ids(earlier)) & set(_ids(later))
            opened = between.rfind("(") > between.rfind(")")
            glossed = same and opened and len(behind.split(")")[0].split()) > 1 and ")" in behind
            if not glossed and not (
                is_analyte(earlier)
                and self._is_method(text, later)
                and (
                    self._words.by_method.fullmatch(text, earlier.end, later.start)
                    or (len(names) > 2 and len(between) < Window.ADJOINING and self._is_method(text, earlier))
                )
            ):
                break
            names = names[:-1]
        return names

    def _is_method(self, text: str, name: Token) -> bool:
        """Whether a name is that of a formula."""
        return self._words.method.match(text, name.start, name.end) is not None

    def _tell_apart(self, passage: Passage, between: list[Token], quantity: Quantity) -> str:
        """What parts a quantity from the test that is named before it; empty where nothing does."""
        text, nearest = passage.text, between[-1]
        gap = text[nearest.end : quantity.start]
        soft = gap == " " or self._words.gap.fullmatch(gap) is not None
        if not soft and self._words.hard_break.search(gap):
            return "a sentence or an item ends between the test's name and it"
        if quantity.kind == "" and "," in gap:
            return "without a unit, and a comma stands between the test's name and it"
        if quantity.kind == "" and self._words.occasions.match(text, quantity.end):
            return "without a unit, and followed by what it counts (`2 occasions`)"
        if self._words.plain_ratio.match(gap) and not any(
            test.kinds & {"ratio", "mass_ratio"} for test in self.list_tests([nearest])
        ):
            return "a ratio"
        bare = quantity.kind == "" and quantity.operator is None and passage.polarity is None
        if bare and not any(test.kinds & {"ratio", "ph"} for test in self.list_tests([nearest])):
            return "without a unit and an operator, outside of criteria"
        if self._is_vague(passage, nearest, quantity):
            return "without a unit, and the name before it means other things too"
        if why := self._doubts.tell_why(passage, between, quantity):
            return why
        if not soft:
            width = Window.STATEMENT if quantity.operator is not None else Window.PHRASE if quantity.ranged else -1
            if len(gap) > width or not is_specific(quantity, self.list_fitting([nearest], quantity)):
                words = shorten(gap, 40, placeholder=" …") if passage.explaining else gap
                return f"`{words}` between the test's name and it may lead to something else"
        return "what the assay can see" if self._words.assay.search(gap, passage.plain) else ""

    def tell_misfit(self, passage: Passage, name: Token, quantity: Quantity) -> str:
        """Why a quantity is no value of the test named before it, by its unit; empty where nobody asks."""
        if not passage.explaining:
            return ""
        written = passage.text[quantity.start : quantity.end].strip()
        return tell_misfit(passage.text[name.start : name.end], self.list_tests([name]), written, quantity)

    def _qualifies(self, text: str, earlier: Token, later: Token) -> bool:
        """The earlier name says which kind of the later one is meant (`LDL) cholesterol`)."""
        if not (is_analyte(earlier) and is_analyte(later)):
            return False
        wanted = self._rules.qualified.get(_ids(later)[0], frozenset())
        return bool(wanted & set(_ids(earlier))) and not text[earlier.end : later.start].strip(" )]-\n")

    def name_whole(self, concepts: Sequence[Token], quantity: Quantity, tests: list[Analyte]) -> list[Analyte]:
        """The tests, or the one named earlier of which they only say the kind (`M-protein ≥ 0.5 (IgA: ≥ 0.25)`)."""
        for whole, kinds in self._rules.kinds_of.items():
            named = any(whole in _ids(c) for c in concepts if c.end <= quantity.start)
            if named and tests and all(test.id in kinds for test in tests):
                return select_fitting([self._analytes[whole]], quantity)
        return tests

    def _introduces(self, earlier: Token, later: Token, joined: str, quantity: Quantity) -> bool:
        """The earlier name only introduces the later (`PT/INR`)."""
        meant = self._rules.introduces.get(_ids(earlier)[0], frozenset())
        return quantity.kind == "" and bool(meant & set(_ids(later))) and not joined.strip(" -/(")

    def _is_vague(self, passage: Passage, name: Token, quantity: Quantity) -> bool:
        """A name that means other things too, and a number without a unit."""
        return quantity.kind == "" and passage.text[name.start : name.end] in self._rules.needs_unit

    def is_bare(self, passage: Passage, names: Sequence[Token], quantity: Quantity) -> bool:
        """Whether a number without a unit can be a value of the last of these names by its size and by what stands
        around it."""
        tests = self.list_tests(names[-1:])
        units = {test.find_bare_unit(quantity.values[0]) for test in tests}
        if len(units) != 1 or None in units:
            return False
        between = passage.text[names[-1].end : quantity.start]
        return (
            self._words.to_bare.fullmatch(between) is not None
            and self._words.bare_end.match(passage.text, quantity.end, passage.end) is not None
        )

    def find_behind(self, passage: Passage, concepts: list[Token], quantity: Quantity, index: int) -> list[Token]:
        """The names right behind a quantity, unless they have a threshold of their own."""
        text, end = passage.text, self._find_end(passage, quantity, index)
        behind = [c for c in concepts if c.start >= end]
        if not behind or not is_analyte(behind[0]) or (quantity.operator is None and not quantity.ranged):
            return []
        if self._doubts.is_change_of(passage, quantity):
            return []
        led = self._words.right_gap.fullmatch(text, end, behind[0].start)
        if not led and not self._describes(passage, quantity, end, behind[0].start):
            return []
        if quantity.kind == "" and self._counts(passage, quantity, behind[0]):
            return []
        if (
            quantity.kind == ""
            and led
            and not led.group().strip()
            and not self._is_bare_value(passage, behind, quantity)
        ):
            return []  # `4.7 < 0.01 HbA1c (%) 7.1`: the last column of the row before
        if quantity.kind == "percent" and self._words.share_of.search(passage.left(quantity.start, Window.CLAUSE)):
            return []
        names = self._take_list(text, behind) if not led or led.group().strip() else behind[:1]
        nxt = next(
            (q for q in passage.quantities[index + 1 :] if q.start >= names[0].end or q.number_start > names[0].end),
            None,
        )
        if nxt is not None and nxt.start < names[-1].end:
            names = [name for name in names if name.end <= nxt.start]
        if nxt is not None and names and self._has_own_threshold(passage, concepts, names[-1], nxt):
            names.pop()
        return names if self.list_fitting(names, quantity) else []

    def _is_bare_value(self, passage: Passage, behind: Sequence[Token], quantity: Quantity) -> bool:
        """Whether a number without a unit can be a value of the test behind it that no word leads to: a grade on a test
        strip, or a value in criteria, by its size."""
        if passage.text[quantity.end - 1] == "+" or self._words.per_volume.match(passage.text, behind[0].end):
            return True
        tests = self.list_tests(behind[:1])
        sized = all(test.kinds & UNITLESS or test.find_bare_unit(quantity.values[0]) for test in tests)
        return passage.polarity is not None and sized

    def _counts(self, passage: Passage, quantity: Quantity, name: Token) -> bool:
        """Whether a number without a unit counts what is named behind it."""
        if self._words.tests_counted.match(passage.text, name.end) or self._words.occasions.match(
            passage.text, quantity.end
        ):
            return True
        return self._doubts.counts(passage, quantity) or self._is_vague(passage, name, quantity)

    def _describes(self, passage: Passage, quantity: Quantity, end: int, name_start: int) -> bool:
        """Whether a threshold stands in brackets between what it says of a test and its name: `elevated (> 3 x ULN)
        transaminases`."""
        stops = (name_start, passage.end)  # the words behind may begin the name, or be looked at beyond it
        matches = [self._words.closed.match(passage.text, end, stop) for stop in stops]
        if not any(match is not None and match.end() == name_start for match in matches):
            return False
        return self._words.described.search(passage.left(quantity.start, Window.PHRASE), passage.plain) is not None

    def find_described(self, passage: Passage, concepts: list[Token], quantity: Quantity, index: int) -> list[Token]:
        """The names behind a quantity in brackets that a word for the state of a test stands in front of: `elevated
        (> 3 x ULN) transaminases`."""
        if passage.text[quantity.start - 1 : quantity.start] not in ("(", "["):
            return []
        if not self._words.described.search(passage.left(quantity.start, Window.PHRASE), passage.plain):
            return []
        names = self.find_behind(passage, concepts, quantity, index)
        return names if names and passage.text[quantity.end : names[0].start].strip()[:1] in (")", "]", "(") else []

    def _find_end(self, passage: Passage, quantity: Quantity, index: int) -> int:
        """Where a quantity ends, with the same in another unit behind it in brackets, or a further one on another
        state of the test (`mildly (1-2 x ULN) or clearly elevated (> 2 x ULN) ALT`)."""
        nxt = passage.quantities[index + 1] if index + 1 < len(passage.quantities) else None
        if nxt is None or nxt.unit is None or quantity.unit is None or nxt.kind == "time":
            return quantity.end
        if nxt.unit.ucum != quantity.unit.ucum and nxt.kind not in ("", "limit"):
            again = self._words.only_bracket.fullmatch(passage.text, quantity.end, nxt.start)
        else:
            again = self._words.or_described.fullmatch(passage.text, quantity.end, nxt.start)
        return nxt.end if again else quantity.end

    def _take_list(self, text: str, names: Sequence[Token]) -> list[Token]:
        """The first of these names with those that are joined to it."""
        taken = [names[0]]
        for name in names[1:]:
            if not is_analyte(name) or not self._words.joiner.fullmatch(text, taken[-1].end, name.start):
                break
            taken.append(name)
        return taken

    def _has_own_threshold(self, passage: Passage, concepts: list[Token], name: Token, following: Quantity) -> bool:
        """Whether the quantity behind a name is a threshold on what it names."""
        if not is_testable(following) or not self.list_fitting([name], following):
            return False
        between = passage.text[name.end : following.start]
        return (
            self._words.gap.fullmatch(between) is not None
            and following.operator is not None
            and not between.strip().startswith(",")
            and not any(self._names_it(passage.text, following, c) for c in concepts)  # it has a name of its own
        )

    def _names_it(self, text: str, quantity: Quantity, name: Token) -> bool:
        """Whether a name stands inside a quantity, or right behind it with no threshold of its own."""
        inside = quantity.number_start < name.start and name.end <= quantity.end
        return inside or (
            quantity.end <= name.start <= quantity.end + 1 and not self._words.sign_next.match(text, name.end)
        )

    def find_listed(
        self, passage: Passage, concepts: list[Token], quantity: Quantity, heads: list[Analyte]
    ) -> list[Token]:
        """The names of a list behind a quantity: `in any of the following: AST, ALT`; and in a bracket, where they
        spell out the tests found so far (`liver enzymes > 5 ULN (ALT, AST, GGT)`)."""
        text = passage.text
        if quantity.kind == "":
            return []  # `at least one of the following: AST > …`
        opening, listed = None, self._words.listed
        if holds(passage.plain, listed.strings):
            opening = listed.expression.match(text, quantity.end, passage.end)
        if opening is None and heads:
            opening = self._words.bracketed.match(text, quantity.end, passage.end)
        names = [c for c in concepts if opening is not None and c.start >= opening.end()]
        if opening is None or not names or names[0].start != opening.end():
            return []
        taken = self._take_list(text, names)
        if not is_analyte(taken[0]):
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
        if quantity.kind == "" and not self._words.ends.match(passage.text, quantity.end, passage.end):
            return Tests([], _ABOVE + "it counts what follows it")  # `three or more hormone deficiencies`
        if quantity.kind == "time":
            return Tests([], _ABOVE + "it is a time")
        if quantity.operator is None and (quantity.kind in ("", "percent") or passage.polarity is None):
            return Tests([], _ABOVE + "it has no operator")
        if self._words.treatment.search(head):
            return Tests([], _ABOVE + "a treatment is named before it")
        taken = names[-1:]
        for name in reversed(names[:-1]):
            if not self._words.joiner.fullmatch(passage.text, name.end, taken[0].start):
                break
            taken.insert(0, name)
        tests = self.list_fitting(taken, quantity)
        return Tests(tests, _ABOVE + "its unit is none of that test")
