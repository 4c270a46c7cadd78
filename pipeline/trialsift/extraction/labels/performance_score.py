"""Scores of performance status: how a limit on a scale is written, and the lowest and highest score that it states.

Ends are closed on the scale: ECOG runs 0 to 5 by one, Karnofsky and Lansky 0 to 100 by ten (annotation guidelines).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.parts import QuantityPiece, Token
from trialsift.extraction.quantities.reader import OPPOSITE
from trialsift.model.scales import SCALES

_WORDS = {"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_SCORE = re.compile(r"\d{1,3}|" + "|".join(_WORDS), re.I)
_SPACE = re.compile(r"\s*")
#: Of two scales, the one whose scores run from 10 to 100 begins here.
_LEAST_OF_HUNDRED = 10


class ScoreWords(NamedTuple):
    """Words of a limit itself (`patterns/wording/performance_status.toml`)."""

    scores: re.Pattern[str]
    denied: re.Pattern[str]
    compares: re.Pattern[str]
    between: re.Pattern[str]
    worse: re.Pattern[str]
    better: re.Pattern[str]


class Comparator(NamedTuple):
    """The operator that a comparator states on a scale, None without one, and its characters."""

    operator: str | None
    start: int
    end: int


class Limit(NamedTuple):
    """A limit in the text, by rule, with the name of its scale and the scale that the name stands for. `pieces` are
    what it was read from."""

    start: int
    end: int
    rule: str
    name: Token
    scale: str
    low: int
    high: int
    pieces: tuple[QuantityPiece, ...] = ()


class ScoreReader:
    """Reads limits: a comparator, a score, a range or a list of scores, and what bounds them from behind."""

    def __init__(self, words: ScoreWords, comparators: Comparators) -> None:
        self._words, self._comparators = words, comparators
        operator = rf"{comparators.before}|(?i:{words.compares.pattern})"
        denied, between = words.denied.pattern, words.between.pattern
        self.pattern = re.compile(
            rf"(?:(?P<denied>(?i:{denied}))?(?P<op>{operator})(?i:{between}))?(?i:{words.scores.pattern})"
        )

    def find_scale(self, scale: str, found: re.Match[str]) -> str:
        """The scale that is meant, where it is named without one: 0 to 5 is ECOG, 10 to 100 Karnofsky."""
        if scale != "unnamed":
            return scale
        return "KPS" if max(map(_read_score, self._list_scores(found))) >= _LEAST_OF_HUNDRED else "ECOG"

    def read(self, found: re.Match[str], name: Token, scale: str, lost: str | None = None) -> Limit | None:
        """The limit that a match of `pattern` states on a scale; None where its numbers are no scores of it.

        `lost` is the operator of a single score that must have had one.
        """
        text, scores = found.string, self._list_scores(found)
        numbers = [_read_score(score) for score in scores]
        comparator, end = self.read_comparator(found, scale)
        start, rule, operator = found.start(), "ps.scale", comparator.operator
        if lost is not None:
            operator, rule = lost, "ps.lost_operator"
        elif operator == "eq":
            start = found.start("first")
        ends = _close(scale, operator, numbers)
        if ends is None:
            return None
        pieces = _list_pieces(scale, ends, comparator._replace(operator=operator), scores, start)
        end = start + len(text[start:end].rstrip())
        return Limit(start, end, rule, name, scale, *ends, tuple(pieces))

    def read_comparator(self, found: re.Match[str], scale: str) -> tuple[Comparator, int]:
        """The comparator in front of a score or behind it, and where the value ends. Better is lower on ECOG, higher on
        the other scales."""
        text, end, written = found.string, found.start() + len(found.group().rstrip()), found["op"]
        start = found.start("denied") if found["denied"] else found.start("op")
        if found["than"]:
            worse = self._words.worse.search(found["than"]) is not None
            turned = self._turn(scale, worse, strict=True)
            denied = found["denied"] is not None or written[:2].lower() == "no"
            return Comparator(OPPOSITE[turned] if denied else turned, start, found.end("op")), end
        operator = self._comparators.read_operator(written) if written else None
        if operator is not None and found["denied"]:
            operator = OPPOSITE.get(operator, operator)
        if written and (self._words.worse.search(written) or self._words.better.search(written)):
            # `no worse than 1`, `better than or equal to 2`
            operator = self._turn(scale, worse=False, strict=False)
        if operator is not None or found["rest"]:
            return Comparator(operator, start, found.end("op")), end
        suffix = self._comparators.after.match(text, _SPACE.match(text, end).end())  # type: ignore[union-attr]
        if suffix is None:
            return Comparator(None, end, end), end
        said = suffix.group()  # `70 or greater`, `2 or better`
        if self._words.better.search(said):
            operator = self._turn(scale, worse=False, strict=False)
        elif self._words.worse.search(said):
            operator = self._turn(scale, worse=True, strict=False)
        else:
            operator = self._comparators.read_operator_after(said)
        return Comparator(operator, *suffix.span()), suffix.end()

    @staticmethod
    def _turn(scale: str, worse: bool, strict: bool) -> str:
        """The operator that bounds a scale towards its better or worse end."""
        upwards = worse == (scale == "ECOG")
        return ("gt" if strict else "ge") if upwards else ("lt" if strict else "le")

    @staticmethod
    def _list_scores(found: re.Match[str]) -> list[re.Match[str]]:
        return list(_SCORE.finditer(found.string, found.start("first"), found.end("rest")))


def _read_score(score: re.Match[str]) -> int:
    """The number that a score is written as, in figures or as a word."""
    surface = score.group().lower()
    return _WORDS[surface] if surface.isalpha() else int(surface)


def _list_pieces(
    scale: str, ends: tuple[int, int], comparator: Comparator, scores: list[re.Match[str]], limit_start: int
) -> Iterator[QuantityPiece]:
    """The comparator, where it bounds one side of the scale, and the scores."""
    least, most, _ = SCALES[scale]
    one_sided = (ends[0] == least) != (ends[1] == most)
    operator, start, end = comparator
    if operator is not None and len(scores) == 1 and one_sided and limit_start <= start < end:
        yield "comparator", start, end, operator
    for score in scores:
        yield "number", *score.span(), float(_read_score(score))


def _close(scale: str, operator: str | None, numbers: list[int]) -> tuple[int, int] | None:
    """Both ends of a limit, closed on its scale; None where the numbers are no scores of it."""
    least, most, step = SCALES[scale]
    if step > 1:  # `70% and 1 …`: only tens are scores
        tens = [n for n in numbers if n % step == 0]
        bounded = len(numbers) == 1 and operator in ("ge", "gt", "le", "lt")  # `> 67`: the next ten is the first score
        numbers = tens if numbers[0] % step == 0 else numbers if bounded else []
    if not numbers:
        return None
    low, high = min(numbers), max(numbers)
    if high > most or (step > 1 and high < step):
        return None
    if len(numbers) == 1 and operator in ("ge", "gt", "le", "lt"):
        if operator == "gt":
            low += step - low % step
        elif operator == "ge":
            low += -low % step
        elif operator == "le":
            high -= high % step
        elif operator == "lt":
            high -= high % step or step
        low, high = (low, most) if operator in ("ge", "gt") else (least, high)
    return (low, high) if low <= high else None
