"""Alternatives: which limits of eligibility criteria need not all be met, since one of a group is enough (`any_of`).

In: the facts of a text with their polarity and conditions, and the passage of each. Out: the number of its group for
each fact that is in one, from 1 in the order of the text, and 0 for alternatives of another kind (`at least two of`).
A group comes about where two limits are

- the same one in another unit, or on another scale: `≥ 9 g/dL (5.6 mmol/L)`, `ECOG ≤ 2 (Karnofsky ≥ 60 %)`
- a rule and its exception, or limits of the same test for different people: `≤ 5 x ULN if liver metastases`
- joined by `or` in an inclusion criterion, joined by `and` in an exclusion criterion
- under `at least one of`

Limits of a group have one polarity. A limit that stands in a condition is in no group.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from trialsift.extraction.quantities.parts import Token
from trialsift.extraction.structure.passage import Passage
from trialsift.model.fact import Fact, Scalar
from trialsift.rules.guarded import Guarded, plain

#: The labels whose limits can be alternatives.
_LIMITS = frozenset({"AGE", "PERFORMANCE_STATUS", "LAB", "MEASUREMENT"})
_NEAR = 8  # facts: so many before it one is compared with
_FAR = 250  # characters: so far from each other two limits of one criterion may stand
_SHORT = 60  # characters: so short is what stands between two limits of one kind for different people
_LEAD = 160  # characters: so far before a value the names stand that `or` joins
_LONGEST_LIST = 1500  # characters: so far behind its opening words a list is still about them
_DIGIT = re.compile(r"\d")
_AND = re.compile(r"\sand\s", re.I)
# The end of a sentence, where no number of an item stands, or a heading in front of words.
_SENTENCE_END = re.compile(r"(?<![\s(]\w)(?<![\s(]\d\d)\.\s+(?=[A-Z])|\n[^\S\n]*[A-Z][^\n:;.]{2,60}:\s+(?=[A-Za-z])")
_BETWEEN_ITEMS = re.compile(r"[\s;.,)\]]*+(?:\W{0,3}|\(?\w{1,3}[.)])\s*")
#: Another kind of alternatives than those of which one is enough.
OTHER_KIND = 0


class AlternativeWords(NamedTuple):
    """Words that join limits (`patterns/wording/alternatives.toml`)."""

    restated: re.Pattern[str]
    or_else: re.Pattern[str]
    ends_with_or: re.Pattern[str]
    begins_with_or: re.Pattern[str]
    or_name: re.Pattern[str]
    all_names: re.Pattern[str]
    together: re.Pattern[str]
    one_of: Guarded
    some_of: Guarded
    all_of: Guarded
    joined_or: re.Pattern[str]
    other_people: re.Pattern[str]
    signing: re.Pattern[str]
    or_others: re.Pattern[str]


class Limit(NamedTuple):
    """A fact that limits who is eligible: its number among all facts, where it was read, and its case (cases.py)."""

    number: int
    fact: Fact
    passage: Passage
    case: str | None = None

    @property
    def concept(self) -> tuple[str, Scalar]:
        """What is limited."""
        return _find_concept(self.fact)

    @property
    def included(self) -> bool:
        return self.fact.attributes.get("polarity") == "inclusion"

    @property
    def condition(self) -> Scalar:
        """In which case it holds; None where in all."""
        return self.fact.attributes.get("condition", self.case)


def find_alternatives(
    text: str,
    facts: Sequence[Fact],
    passages: Sequence[Passage],
    cases: Mapping[int, str],
    words: AlternativeWords,
) -> dict[int, int]:
    """Returns the group of each fact that has alternatives, by the index of the fact, as `cases` are."""
    limits = [
        Limit(i, fact, passage, cases.get(i))
        for i, (fact, passage) in enumerate(zip(facts, passages, strict=True))
        if fact.label in _LIMITS and _may_have_alternatives(fact)
    ]
    joined, triggers = _Joined(len(limits)), _find_triggers(facts, passages)
    for later in range(len(limits)):
        for earlier in range(max(0, later - _NEAR), later):
            alone = joined.sizes[joined.find(earlier)] == 1
            asked = triggers.get(limits[later].passage.start, ())
            if _are_alternatives(text, limits, earlier, later, words, alone) or (
                asked and _is_instead(text, limits, earlier, later, asked)
            ):
                joined.join(earlier, later)
    others: set[int] = set()
    for members, single in _find_lists(text, limits, words):
        if single and len(members) > 1:
            joined.join(*members)
        else:  # its other alternatives have no number, or several are asked
            others.update(members)
    return _number_groups(limits, joined, {joined.find(position) for position in others})


def _find_triggers(facts: Sequence[Fact], passages: Sequence[Passage]) -> dict[int, list[Fact]]:
    """The thresholds that stand in a condition, by the start of their sentence: `if creatinine > ULN, CrCl ≥ 60`."""
    found: dict[int, list[Fact]] = {}
    for fact, passage in zip(facts, passages, strict=True):
        if fact.attributes.get("conditional"):
            found.setdefault(passage.start, []).append(fact)
    return found


def _is_instead(text: str, limits: Sequence[Limit], earlier: int, later: int, triggers: Sequence[Fact]) -> bool:
    """Whether the second limit is asked of those who don't meet the first, as a condition in its sentence tells."""
    one, other = limits[earlier], limits[later]
    if (
        not one.included
        or not other.included
        or one.concept == other.concept
        or not _is_adjacent(limits, earlier, later)
    ):
        return False
    if not any(_find_concept(fact) == one.concept and _is_opposite(fact, one.fact) for fact in triggers):
        return False
    if other.passage.line_start <= one.fact.start:
        return other.fact.start - one.fact.end <= _FAR
    return _is_next_item(text, one, other)


def _is_opposite(one: Fact, other: Fact) -> bool:
    """Whether one has a lower limit where the other has an upper one, or the other way round."""
    sides = _find_sides(one)
    return sides[0] is not sides[1] and _find_sides(other) == sides[::-1]


def _find_sides(fact: Fact) -> tuple[bool, bool]:
    """Whether a fact limits its quantity from below, and from above."""
    return fact.attributes.get("low") is not None, fact.attributes.get("high") is not None


def _find_concept(fact: Fact) -> tuple[str, Scalar]:
    """What a fact limits: the test, the scale, the measure, or age."""
    get = fact.attributes.get
    return fact.label, get("analyte") or get("scale") or get("measure")


def _may_have_alternatives(fact: Fact) -> bool:
    """Whether it says who is eligible, and is no condition of another limit."""
    return fact.attributes.get("polarity") in ("inclusion", "exclusion") and not fact.attributes.get("conditional")


def _number_groups(limits: Sequence[Limit], joined: _Joined, others: set[int]) -> dict[int, int]:
    """Numbers the groups of several members in the order of the text; those of another kind, `others` by their first
    members, are 0."""
    numbers: dict[int, int] = {}
    found: dict[int, int] = {}
    for position, limit in enumerate(limits):
        root = joined.find(position)
        if root in others:
            found[limit.number] = OTHER_KIND
        elif joined.sizes[root] > 1:
            found[limit.number] = numbers.setdefault(root, len(numbers) + 1)
    return found


class _Joined:
    """Groups of positions that grow together."""

    def __init__(self, count: int) -> None:
        self._parents = list(range(count))
        self.sizes = [1] * count

    def find(self, position: int) -> int:
        """Returns the first member of its group."""
        while self._parents[position] != position:
            self._parents[position] = position = self._parents[self._parents[position]]
        return position

    def join(self, *positions: int) -> None:
        """Makes the groups of these positions one."""
        for one, other in pairwise(positions):
            first, second = sorted((self.find(one), self.find(other)))
            if first != second:
                self._parents[second] = first
                self.sizes[first] += self.sizes[second]


def _are_alternatives(
    text: str, limits: Sequence[Limit], earlier: int, later: int, words: AlternativeWords, alone: bool
) -> bool:
    """Whether two limits, one behind the other in the text, are alternatives of one another.

    `alone`: the earlier one has no alternatives in front of it.
    """
    one, other = limits[earlier], limits[later]
    if one.included != other.included:
        return False
    if (one.fact.start, one.fact.end) == (other.fact.start, other.fact.end):
        return alone and one.included and one.concept != other.concept and _is_either_name(text, limits, earlier, words)
    if one.fact.end > other.fact.start:  # `≥ 8.4 mg/dL (2.10 mmol/L) to ≤ 10.2 mg/dL (2.55 mmol/L)`
        return one.concept == other.concept and _has_other_unit(one, other)
    if other.passage.line_start > one.fact.start:
        return _goes_on(text, limits, earlier, later, words) and _is_next_item(text, one, other)
    if other.fact.start - one.fact.end > _FAR:
        return False
    if one.concept == other.concept:
        return _is_same_limit_again(text, limits, earlier, later, words)
    if one.fact.label != other.fact.label or not _is_adjacent(limits, earlier, later, one.fact.label):
        return False
    if _share_names(limits, earlier, later):
        return False
    gap = one.fact.end, other.fact.start
    if one.fact.label == "PERFORMANCE_STATUS":
        if one.included:
            return words.all_names.search(text, *gap) is None and text.find(". ", *gap) < 0
        return words.restated.fullmatch(text, *gap) is not None
    if one.included:
        if one.condition is not None and words.or_others.search(text, *gap) is not None:
            return False
        return words.or_else.fullmatch(text, *gap) is not None and _is_joined_by_or(text, one, other, words)
    named = any(gap[0] <= token.start < other.fact.end + 2 for token in _find_names(other))
    return named and words.together.fullmatch(text, *gap) is not None and _is_alone(text, limits, earlier, later, words)


def _is_same_limit_again(text: str, limits: Sequence[Limit], earlier: int, later: int, words: AlternativeWords) -> bool:
    """Whether two limits on one test are one in two units, a rule and its exception, or for different people."""
    one, other = limits[earlier], limits[later]
    gap, adjacent = (one.fact.end, other.fact.start), _is_adjacent(limits, earlier, later)
    if adjacent and _is_restated(text, one, other, words):
        return True
    if one.condition != other.condition and one.fact.label != "AGE":
        return _has_same_direction(one, other)
    if not one.included or "\n\n" in text[gap[0] : gap[1]] or text.find(". ", *gap) >= 0:
        return False
    both = None not in (one.condition, other.condition) and _is_adjacent(limits, earlier, later, "LAB")
    if one.condition != other.condition and (both or adjacent):
        return _has_same_direction(one, other) or _is_or(text, gap, words)
    if one.fact.label == "AGE" and words.other_people.fullmatch(text, *gap):
        return _has_same_direction(one, other)
    if not adjacent and one.fact.label not in ("AGE", "PERFORMANCE_STATUS"):
        return False
    return _is_or(text, gap, words)


def _is_or(text: str, gap: tuple[int, int], words: AlternativeWords) -> bool:
    """Whether `or` joins what stands beside a gap: nothing about who consents at what age, and no further number behind
    `and` (`fasting < 126 and, 2 hours later, 140 or > 200`)."""
    found = words.joined_or.search(text, *gap)
    if found is None or words.signing.search(text, *gap) is not None:
        return False
    joined = _AND.search(text, gap[0], found.start())
    return joined is None or _DIGIT.search(text, joined.end(), found.start()) is None


def _is_restated(text: str, one: Limit, other: Limit, words: AlternativeWords) -> bool:
    """Whether the second limit says the first in another unit, or bounds the same side in brackets for some people."""
    if _has_other_unit(one, other):
        # a sign of equality may have been read as a part of the second
        found = words.restated.match(text, one.fact.end, other.fact.start + 1)
        return found is not None and found.end() >= other.fact.start
    bracketed = text[one.fact.end : other.fact.start].strip() == "("
    return bracketed and text[other.fact.end : other.fact.end + 1] != ")" and _has_same_direction(one, other)


def _of_some(limit: Limit) -> bool:
    return limit.fact.attributes.get("scope") == "subgroup"


def _is_next_item(text: str, one: Limit, other: Limit) -> bool:
    """Whether the second limit stands in the criterion line that follows that of the first."""
    return _BETWEEN_ITEMS.fullmatch(text, one.passage.line_end, other.passage.line_start) is not None


def _goes_on(text: str, limits: Sequence[Limit], earlier: int, later: int, words: AlternativeWords) -> bool:
    """Whether a limit in the item behind that of another is an exception to it, or `or` joins their items."""
    one, other = limits[earlier], limits[later]
    if one.fact.label == "AGE":
        differ = None not in (one.condition, other.condition) and one.condition != other.condition
        return differ and one.included and _has_same_direction(one, other)
    if one.concept == other.concept:
        if other.condition is not None and one.condition != other.condition and _has_same_direction(one, other):
            return one.included or not _excludes_more(other, one)
        above = other.passage.above
        if above is not None and above == one.passage.above and not (_find_names(one) or _find_names(other)):
            return one.included and _has_same_direction(one, other)
    if not one.included or not _is_adjacent(limits, earlier, later):
        return False
    return one.fact.label == other.fact.label and _begins_item(text, one, other, words)


def _is_adjacent(limits: Sequence[Limit], earlier: int, later: int, label: str | None = None) -> bool:
    """Whether no third limit stands between two, or none of a label."""
    one, other = limits[earlier].fact, limits[later].fact
    between = [limits[i].fact for i in range(earlier + 1, later)]
    return all(fact.start in (one.start, other.start) for fact in between if label in (None, fact.label))


def _is_alone(text: str, limits: Sequence[Limit], earlier: int, later: int, words: AlternativeWords) -> bool:
    """Whether two limits are no part of a longer list: no third stands beside them in their criterion, but behind `or`
    or in brackets."""
    line = limits[later].passage
    if earlier > 0 and line.line_start <= (before := limits[earlier - 1].fact).start:
        gap = before.end, limits[earlier].fact.start
        if words.joined_or.search(text, *gap) is None and words.together.fullmatch(text, *gap) is None:
            return False
    if later + 1 < len(limits) and (behind := limits[later + 1].fact).start < line.line_end:
        rest = text[limits[later].fact.end : behind.start]
        return rest.lstrip().startswith("(") or words.joined_or.search(rest) is not None
    return True


def _share_names(limits: Sequence[Limit], earlier: int, later: int) -> bool:
    """Whether two limits are both on the tests of either: `AST and ALT ≤ 2.5 x ULN, or AST and ALT ≤ 5 x ULN if …` has
    a group for each test."""
    one, other = limits[earlier], limits[later]
    near = limits[max(0, earlier - _NEAR) : later + _NEAR]
    beside_one = {limit.concept for limit in near if limit.fact.start == one.fact.start}
    return other.concept in beside_one and any(
        limit.fact.start == other.fact.start and limit.concept == one.concept for limit in near
    )


def _find_names(limit: Limit) -> list[Token]:
    """Returns the names of tests and scales in the sentence of a limit."""
    return [token for token in limit.passage.tokens if token.kind == "concept"]


def _is_joined_by_or(text: str, one: Limit, other: Limit, words: AlternativeWords) -> bool:
    """Whether the `or` between two limits stands in front of all names of the second, and behind those of the first."""
    gap = one.fact.end, other.fact.start
    found = words.joined_or.search(text, *gap)
    if found is None:
        return "/" in text[gap[0] : gap[1]]
    named = [token.start for token in _find_names(other) if gap[0] <= token.start]
    own = [start for start in named if found.end() < start < gap[1]]
    if own:
        return own[0] == named[0]
    return any(not text[other.fact.end : start].strip() for start in named if start >= other.fact.end)


def _is_either_name(text: str, limits: Sequence[Limit], position: int, words: AlternativeWords) -> bool:
    """Whether `or` joins the names that share a value: `ALT or AST ≤ 2.5 x ULN`, `≥ 50 on Lansky or Karnofsky`."""
    fact, passage = limits[position].fact, limits[position].passage
    ends = [limits[i].fact.end for i in range(max(0, position - _NEAR), position) if limits[i].fact.end <= fact.start]
    start = max(passage.start, fact.start - _LEAD, *ends)
    names = _find_names(limits[position])
    before = [token for token in names if start <= token.start < fact.start]
    behind = [token for token in names if fact.end <= token.start < fact.end + _SHORT]
    listed = before or behind
    if len(listed) < 2 or words.all_names.search(text, listed[0].end, max(fact.start, listed[-1].end)):
        return False
    return any(
        words.or_name.search(text, one.end, other.start) is not None and not _DIGIT.search(text, one.end, other.start)
        for one, other in pairwise(listed)
    )


def _begins_item(text: str, one: Limit, other: Limit, words: AlternativeWords) -> bool:
    """Whether the item of a list that the second limit stands in is an alternative to the item before."""
    end, start = one.passage.line_end, other.passage.line_start
    return (
        words.ends_with_or.search(text, max(one.fact.end, end - _LEAD), end) is not None
        or words.begins_with_or.match(text, start, other.fact.start) is not None
    )


def _has_other_unit(one: Limit, other: Limit) -> bool:
    return one.fact.attributes.get("unit") != other.fact.attributes.get("unit")


def _has_same_direction(one: Limit, other: Limit) -> bool:
    """Whether both bound the same side: a lower and an upper limit are one range, and no alternatives."""
    return _find_sides(one.fact) == _find_sides(other.fact)


def _excludes_more(one: Limit, other: Limit) -> bool:
    """Whether one exclusion shuts out more than another in the same unit: it adds to it, and is no exception."""
    if _has_other_unit(one, other):
        return False
    a, b = one.fact.attributes, other.fact.attributes
    if a.get("low") is not None and b.get("low") is not None:
        return float(a["low"] or 0) < float(b["low"] or 0)
    return a.get("high") is not None and b.get("high") is not None and float(a["high"] or 0) > float(b["high"] or 0)


def _find_lists(text: str, limits: Sequence[Limit], words: AlternativeWords) -> Iterator[tuple[list[int], bool]]:
    """Iterates over the limits that stand under words such as `at least one of`, and whether one of them is enough.

    The words stand in front of them in their sentence, or in the line that opens theirs.
    """
    opened: dict[tuple[int, bool], list[int]] = {}
    for position, limit in enumerate(limits):
        lead = None if _of_some(limit) else _find_lead(text, limit, words)
        if lead is not None:
            opened.setdefault((lead.start(), lead.re is not words.some_of.expression), []).append(position)
    for (_, single), members in opened.items():
        yield members, single


def _find_lead(text: str, limit: Limit, words: AlternativeWords) -> re.Match[str] | None:
    passage, end = limit.passage, limit.fact.start
    places = [(passage.plain, (passage.start, end))]
    near = passage.above is not None and end - passage.above[1] <= _LONGEST_LIST
    if passage.above is not None and near and not _is_behind_list(text, passage, end):
        places.append((plain(text[slice(*passage.above)]), passage.above))
    for around, place in places:
        for expression in (words.some_of, words.one_of if limit.included else words.all_of):
            found = expression.search(text, around, *place)
            if found and (place == passage.above or not _SENTENCE_END.search(text, found.end(), end)):
                return found
    return None


def _is_behind_list(text: str, passage: Passage, end: int) -> bool:
    """Whether a sentence ends in front of a limit in the last item of a list within a paragraph: `3) PSA > 10. PSA must
    be < 20`."""
    inline = text[text.rfind("\n", 0, passage.line_start) + 1 : passage.line_start].strip()
    return bool(inline) and _SENTENCE_END.search(text, passage.line_start, end) is not None
