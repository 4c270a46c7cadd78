"""How a regimen is given: fractions a day and a week, and the overall time, where words beside a statement say so."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter

from trialsift.extraction.quantities.numbers import read_value
from trialsift.model.fact import Fact, Scalar
from trialsift.tables.regimens.mentions import Mention
from trialsift.tables.regimens.wording import CourseWords

#: Characters before and behind a statement in which its schedule may stand.
_BEFORE, _BEHIND = 40, 80
#: No fact is longer; those before a statement are looked for from there on.
_LONGEST = 200
_get_start = attrgetter("start")
_TIMES = {"once": 1.0, "twice": 2.0, "thrice": 3.0}


def find_schedule(
    text: str, mentions: Sequence[Mention], facts: Sequence[Fact], words: CourseWords
) -> dict[str, Scalar]:
    """Returns the columns of the schedule by the first of the statements that tells each; `facts` are all those of
    the document, at whose places the words beside a statement end."""
    found: dict[str, Scalar] = {}
    for mention in mentions:
        start, end = find_surroundings(text, mention, facts)
        behind = (mention.start, end)
        told = {
            "fractions_per_day": _find_per_day(text, start, end, words),
            "fractions_per_week": _find_per_week(text, start, end, words.per_week),
            "overall_days": next(_find_overall(text, behind, words.overall), None),
        }
        for name, value in told.items():
            if value is not None:
                found.setdefault(name, value)
    return found


def find_surroundings(text: str, mention: Mention, facts: Sequence[Fact]) -> tuple[int, int]:
    """Returns the range of the words beside a statement: those of its sentence, up to its neighbours and to a
    semicolon."""
    low, high = mention.context or (text.rfind("\n", 0, mention.start) + 1, len(text))
    high = max(high, mention.end)
    low_at = bisect_left(facts, mention.start - _BEFORE - _LONGEST, key=_get_start)
    near = facts[low_at : bisect_right(facts, mention.end + _BEHIND, key=_get_start)]
    before = [fact.end for fact in near if fact.end <= mention.start]
    behind = [fact.start for fact in near if fact.start >= mention.end]
    behind += [stop] if (stop := text.find(";", mention.end, mention.end + _BEHIND)) >= 0 else []
    start = max([low, mention.start - _BEFORE, *before])
    end = min([high, mention.end + _BEHIND, *behind])
    return min(start, mention.start), max(end, mention.end)


def _find_per_day(text: str, start: int, end: int, words: CourseWords) -> float | None:
    for number, expression in ((3.0, words.thrice_daily), (2.0, words.twice_daily), (1.0, words.once_daily)):
        if expression.search(text, start, end):
            return number
    return None


def _find_per_week(text: str, start: int, end: int, expression: re.Pattern[str]) -> float | None:
    told = expression.search(text, start, end)
    if told is None:
        return None
    word = (told["n"] or told["name"]).lower()
    return _TIMES.get(word) or read_value(word)


def _find_overall(text: str, place: tuple[int, int], expression: re.Pattern[str]) -> Iterator[float]:
    """Iterates over overall times in days; a range of them (`5-7 days`) is none."""
    for told in expression.finditer(text, *place):
        if told["to"] is None:
            days = read_value(told["n"].replace("½", ".5")) * (1 if told["unit"].lower().startswith("d") else 7)
            yield float(days)
