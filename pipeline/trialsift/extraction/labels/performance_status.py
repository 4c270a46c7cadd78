"""PERFORMANCE_STATUS: the name of a scale, then a score, a list or range of scores, or a bound.

Ends are closed on the scale: ECOG runs 0 to 5 by one, Karnofsky and Lansky 0 to 100 by ten (annotation guidelines).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Literal, NamedTuple

from trialsift.extraction.labels.clues import Clue, of_phrases
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.parts import QuantityPiece, Token
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.model.fact import Fact
from trialsift.model.scales import SCALES
from trialsift.rules.label_file import LabelFile
from trialsift.rules.layers import Folder
from trialsift.rules.validation import Phrase, read_as

LABEL = "PERFORMANCE_STATUS"
_NO_SCORE = {
    scale: f"no score of {scale}, which runs from {least} to {most}" + ("" if step == 1 else f" by {step}")
    for scale, (least, most, step) in SCALES.items()
}
_FILLER = re.compile(
    r"(?:[\s:：,|-]|\([^()0-9]{1,60}\)|\([^()]{0,40}\b(?:years?|yrs?)\b[^()]{0,20}\)|\[[^\[\]0-9]{1,60}\]|[()\[\]/]|"
    r"\b(?:performance|perfomance|perform(?:ed)?|"
    r"status|scores?|scoring|scale|PS|P\.S\.|grades?|index|of|is|are|be|being|was|must|should|have|has|"
    r"having|with|a|an|the|level|levels|rating|at(?!\s+(?:least|most|the\s+most))|screening|baseline|study|entry|"
    r"enrollment|and|zubrod|WHO|ECOG|SWOG|SWOG/|KPS|either|class|functional|in|range|ranging|"
    r"from|between|patients?|subjects?|for|all|state|world|health|organi[sz]ation|eastern|cooperative|oncology|group|"
    r"defined|as|by|points?|scored|play|karnofsky|lansky|criteria|assessment|value|capacity)\b)*",
    re.I,
)
_INTS = (
    r"(?P<first>\d{1,3}|zero|one|two|three)(?!\.\d)(?:\s+%|%)?(?P<rest>(?:\s*(?:,\s*(?:and|or)?|/|-|–|—|−|~|to|"
    r"through|or|"
    r"and|and/or|&)\s*(?:ECOG\s*|PS\s*|grade\s*|equal to\s*)?(?:\d{1,3}|zero|one|two|three)(?![\d.]\d|\s*(?:week|"
    r"month|year|day|prior|cm|mm|mg|x\b))(?!\))?\s*%?|(?<=[01])\s(?=[1-4](?:\s*(?:$|[.,;)\n])|\s+(?:at|within|"
    r"for)\b))[1-4])*)"
)
_TIME = re.compile(r"\s*-?\s*(?:weeks?|months?|years?|yrs?|y\.?o|days?|patients|mg|cm|prior|previous)\b", re.I)
_REPORTED = re.compile(
    r"(?:\d\s*%|\bpatients)[^.;]{0,25}\b(?:had|have had|with|were|was)\s+(?:an?\s+)?$|\b(?:median|mean)\s+$", re.I
)
_WORDS = {"zero": 0, "one": 1, "two": 2, "three": 3}
# levels of a stratification factor are no limits
_STRATUM = re.compile(r"\s*(?:%|\))?\s*(?:vs\b|versus\b)", re.I)
_STRATUM_LEFT = re.compile(r"(?:vs\.?|versus)\s*$", re.I)
_MEASURE = re.compile(r"status|score|performance|index|scale", re.I)
_OF = re.compile(r"\bof\s*$", re.I)
_SPACE = re.compile(r"\s*")
_FOOTNOTE = re.compile(r"\d\s(?=\s*[(:<>≤≥=])")
_WORSE = re.compile(r"worse", re.I)
# `at least 50 on the Karnofsky scale`
_ON_SCALE = re.compile(r"\s*(?:%|points?)?\s*(?:on|by|according\s+to|using)\s+(?:the\s+|an?\s+)?", re.I)
# `0-2 for cohort A and 0-1 for cohort B`
_OTHER_GROUP = re.compile(
    r"\s+(?:for|in)\s+[^.;]{2,40}?(?:\b(?:and|or)\b|[,;])\s*(?=\d[^.;]{0,8}?\s(?:for|in)\b)|"
    r"\s*\(\s*(?:or\s+)?(?=[<>≤≥]=?\s*\d{1,3}\s*%?\s+(?:if|for|in)\b)",
    re.I,
)
_BETTER = re.compile(r"better", re.I)
_SCORE = re.compile(r"\d{1,3}|zero|one|two|three", re.I)


class PerformanceStatusFile(LabelFile, extra="forbid"):
    """What `performance_status.toml` holds: the names of each scale."""

    scales: dict[Literal["ECOG", "KPS", "Lansky", "unnamed"], list[Phrase]]


class _Comparator(NamedTuple):
    """The operator of a score, None without one, and the words that say it: in front of the score or behind it."""

    operator: str | None
    start: int
    end: int


class _Limit(NamedTuple):
    """What the numbers between `start` and `end` state on the scale that a name stands for."""

    start: int
    end: int
    rule: str
    name: Token
    scale: str
    low: int
    high: int


class PerformanceStatus:
    """The PERFORMANCE_STATUS engine; scales and examples are in `patterns/entities/performance_status.toml`."""

    def __init__(self, folder: Folder, comparators: Comparators) -> None:
        self.scales = read_scales(folder)
        #: The name of a scale, here or above.
        self.clues = (Clue((of_phrases(chain.from_iterable(self.scales.values())),), name="scale"),)
        self._comparators = comparators
        self._value = re.compile(
            rf"(?:(?P<op>{comparators.before})\s*(?:(?:of|to|a|score|grade|than|or equal to)\s+)*)?(?i:{_INTS})"
        )

    def find(self, passage: Passage) -> list[Fact]:
        """PERFORMANCE_STATUS facts of a passage; numbers inside them are claimed."""
        if "scale" not in passage.named:
            return []
        names = [t for t in passage.tokens if isinstance(t.value, tuple) and t.value[0] == "scale"]
        if not names:
            return self._find_below_heading(passage) if passage.above is not None else []
        facts: list[Fact] = []
        done = -1
        for k, name in enumerate(names):
            if name.start < done:
                continue
            limit = self._find_behind(passage, name, names[k + 1 :]) or self._find_in_front(passage, name)
            if limit is None:
                continue
            facts.append(_make_fact(passage, limit, _write_scale(passage, limit.name)))
            second = self._find_other_group(passage, name, limit.end)
            if second is not None:
                facts.append(_make_fact(passage, second, _write_scale(passage, name)))
            partner = self._find_partner(passage, names[:k], name)
            if partner is not None:
                limit = limit._replace(name=partner, scale=partner.value[1])  # type: ignore[index]
                facts.append(_make_fact(passage, limit, passage.text[partner.start : partner.end]))
            done = limit.end
            _claim(passage, limit)
        return facts

    def _find_other_group(self, passage: Passage, name: Token, end: int) -> _Limit | None:
        """The second of `0-2 for cohort A and 0-1 for cohort B`, behind the end of the first."""
        group = _OTHER_GROUP.match(passage.text, end, passage.end)
        found = self._value.match(passage.text, group.end(), passage.end) if group else None
        return self._read_limit(passage, name, found) if found else None

    @staticmethod
    def _find_partner(passage: Passage, earlier: list[Token], name: Token) -> Token | None:
        """The other scale of `Karnofsky/Lansky ≥ 50`."""
        if not earlier or not isinstance(earlier[-1].value, tuple) or not isinstance(name.value, tuple):
            return None
        before = earlier[-1]
        scales = (before.value[1], name.value[1])  # type: ignore[index]
        if set(scales) == {"KPS", "Lansky"} and re.fullmatch(
            r"\s*(?:\([^()]*\)\s*)?(?:performance\s+(?:status|score|scale)?\s*)?(?:score\s*)?(?:/|-|or|"
            r"and)\s*(?:the\s+)?",
            passage.text[before.end : name.start],
            re.I,
        ):
            return before
        return None

    def _find_behind(self, passage: Passage, name: Token, later: list[Token]) -> _Limit | None:
        """`ECOG 0-1`: a score behind the name; `later` are the names of scales behind that one."""
        text = passage.text
        gap = _FILLER.match(text, name.end, passage.end)
        found = self._value.match(text, gap.end() if gap else name.end, passage.end)
        if found and _FOOTNOTE.match(text, found.start()) and text[found.start() - 1].isalpha():
            found = self._value.match(text, found.start() + 2, passage.end)  # `performance status1 ≤ 2`
        if found is None:
            _decline_next(passage, name)
            return None
        if why := self._tell_no_limit(passage, name, found, later):
            _decline(passage, found.span(), "ps.scale", why)
            return None
        if isinstance(name.value, tuple) and name.value[1] == "unnamed":  # `Performance status: Lansky ≥ 50`
            name = next((t for t in later if t.start < found.start() and t.value[1] != "unnamed"), name)  # type: ignore[index]
        return self._read_limit(passage, name, found)

    def _tell_no_limit(self, passage: Passage, name: Token, found: re.Match[str], later: list[Token]) -> str:
        """Why a number behind the name of a scale is no limit on it; empty where it is one."""
        text = passage.text
        if any(t.start < found.start() and not self._is_same_scale(t, name) for t in later):
            return "another scale is named right before it"
        if _TIME.match(text, found.end(), passage.end):
            return "followed by a word of time, another unit or people: no score"
        before = passage.left(found.start(), Window.ADJOINING)
        if _STRATUM.match(text, found.end(), passage.end) or _STRATUM_LEFT.search(before):
            return "a level of a stratification factor (`0 vs 1`), no limit"
        if passage.polarity is None and _REPORTED.search(passage.left(name.start, Window.CLAUSE)):
            return "a reported score: the text tells of patients who had it"
        return ""

    def _find_in_front(self, passage: Passage, name: Token) -> _Limit | None:
        """`a score of 0 or 1 on the ECOG scale`."""
        for _, quantity in passage.open_quantities():
            if quantity.kind not in ("", "percent") or not 0 < name.start - quantity.end <= Window.CLAUSE:
                continue
            found = self._value.match(passage.text, quantity.start, name.start)
            if found and _ON_SCALE.fullmatch(passage.text, found.start() + len(found.group().rstrip()), name.start):
                return self._read_limit(passage, name, found)
            passage.decline(
                quantity, LABEL, "ps.scale", "the scale behind it is not joined to it by `on the` or the like"
            )
        return None

    @staticmethod
    def _is_same_scale(other: Token, name: Token) -> bool:
        return (
            isinstance(other.value, tuple)
            and isinstance(name.value, tuple)
            and (other.value[1] == name.value[1] or "unnamed" in (other.value[1], name.value[1]))
        )

    def _read_limit(self, passage: Passage, name: Token, found: re.Match[str]) -> _Limit | None:
        """The limit that the numbers of a match of `_value` state on a scale; None where they are no scores of it."""
        assert isinstance(name.value, tuple)
        scores = list(_SCORE.finditer(passage.text, found.start("first"), found.end("rest")))
        numbers = [_read_score(score) for score in scores]
        scale = name.value[1]
        if scale == "unnamed":
            scale = "KPS" if max(numbers) >= 10 else "ECOG"
        comparator, end = self._read_comparator(passage.text, found, scale, numbers)
        start, rule, operator = found.start(), "ps.scale", comparator.operator
        if len(numbers) == 1 and numbers[0] > 0 and self._has_lost_operator(passage, name, (start, end), operator):
            operator, rule = ("le" if scale == "ECOG" else "ge"), "ps.lost_operator"
        elif operator == "eq":
            start = found.start("first")
        ends = _close(scale, operator, numbers)
        if ends is None:
            _decline(passage, (start, end), rule, _NO_SCORE[scale])
            return None
        limit = _Limit(start, end, rule, name, scale, *ends)
        if passage.explaining:
            passage.note_pieces(start, _list_pieces(limit, comparator._replace(operator=operator), scores))
        return limit

    def _read_comparator(
        self, text: str, found: re.Match[str], scale: str, numbers: list[int]
    ) -> tuple[_Comparator, int]:
        """The comparator in front of a score or behind it, and where the value ends. Better is lower on ECOG, higher on
        the other scales."""
        down, up = ("le", "ge") if scale == "ECOG" else ("ge", "le")
        end, written = found.start() + len(found.group().rstrip()), found["op"]
        if written and _WORSE.search(written):  # `no worse than 1`
            return _Comparator(down, *found.span("op")), end
        operator = self._comparators.operator(written) if written else None
        if operator is not None or len(numbers) > 1:
            return _Comparator(operator, *found.span("op")), end
        suffix = self._comparators.after.match(text, _SPACE.match(text, end).end())  # type: ignore[union-attr]
        if suffix is None:
            return _Comparator(None, end, end), end
        said = suffix.group()  # `70 or greater`, `2 or better`
        if _BETTER.search(said):
            operator = down
        else:
            operator = up if _WORSE.search(said) else self._comparators.operator_after(said)
        return _Comparator(operator, *suffix.span()), suffix.end()

    def _has_lost_operator(self, passage: Passage, name: Token, place: tuple[int, int], operator: str | None) -> bool:
        """Whether a score must have been a bound: an inclusion criterion of its own, or `=`, which is what scraping
        leaves of `≥` or `≤`."""
        start, end = place
        if operator == "eq":
            return passage.text[start] == "="
        between = passage.text[name.start : start]
        return (
            operator is None
            and self._is_whole_criterion(passage, name, end)
            and passage.polarity == "inclusion"
            and _MEASURE.search(between) is not None
            and _OF.search(between) is None
        )

    @staticmethod
    def _is_whole_criterion(passage: Passage, name: Token, end: int) -> bool:
        head = passage.text[passage.line_start : name.start].strip(" -•*\t0123456789.)(")
        tail = passage.text[end : passage.line_end].strip(" .;,|")
        return len(head.split()) <= 2 and not tail and "\n" not in head

    def _find_below_heading(self, passage: Passage) -> list[Fact]:
        """`Performance status:` above, `0-2` in the line below."""
        names = [t for t in passage.above_tokens if isinstance(t.value, tuple) and t.value[0] == "scale"]
        if not names:
            return []
        head = re.match(r"[\s\-•*]*", passage.text[passage.start : passage.end])
        found = self._value.match(passage.text, passage.start + (head.end() if head else 0), passage.end)
        if found is None or passage.text[found.end() : passage.end].strip(" .%()") != "":
            why = "the line above names a scale, but this line holds more than a score"
            _decline(passage, (passage.start, passage.end), "ps.scale", why)
            return []
        limit = self._read_limit(passage, names[-1], found)
        if limit is None:
            return []
        _claim(passage, limit)
        return [_make_fact(passage, limit, _write_scale(passage, names[-1]))]


def _make_fact(passage: Passage, limit: _Limit, scale_as_written: str) -> Fact:
    passage.note(limit.start, "name", (limit.name.start, limit.name.end), limit.scale)
    return passage.fact(
        LABEL,
        limit.rule,
        limit.start,
        limit.end,
        scale=limit.scale,
        scale_as_written=scale_as_written,
        low=limit.low,
        high=limit.high,
        operator_inferred=limit.rule == "ps.lost_operator",
    )


def _write_scale(passage: Passage, name: Token) -> str:
    surface = passage.text[name.start : name.end]
    if "eastern" in surface.lower():
        return "ECOG"
    head = (
        surface.split()[0]
        if surface.lower().endswith(("status", "score", "ps", "performance", "scale")) and " " in surface
        else surface
    )
    return "PS" if surface.lower().startswith("performance") else head


def _read_score(score: re.Match[str]) -> int:
    """The number that a score is written as, in figures or as a word."""
    surface = score.group().lower()
    return _WORDS[surface] if surface.isalpha() else int(surface)


def _list_pieces(limit: _Limit, comparator: _Comparator, scores: list[re.Match[str]]) -> Iterator[QuantityPiece]:
    """The comparator, where it bounds one side of the scale, and the scores."""
    least, most, _ = SCALES[limit.scale]
    one_sided = (limit.low == least) != (limit.high == most)
    operator, start, end = comparator
    if operator is not None and len(scores) == 1 and one_sided and limit.start <= start < end:
        yield "comparator", start, end, operator
    for score in scores:
        yield "number", *score.span(), float(_read_score(score))


def _claim(passage: Passage, limit: _Limit) -> None:
    """Claims the quantities that a limit has characters of."""
    passage.claimed.update(i for i, q in enumerate(passage.quantities) if q.start < limit.end and limit.start < q.end)


def _decline(passage: Passage, place: tuple[int, int], rule: str, why: str) -> None:
    """Declines the quantities in a range that no engine has claimed."""
    for _, quantity in passage.open_quantities() if passage.explaining else ():
        if quantity.start < place[1] and place[0] < quantity.end:
            passage.decline(quantity, LABEL, rule, why)


def _decline_next(passage: Passage, name: Token) -> None:
    """Declines the first quantity behind the name of a scale, from which too much separates it."""
    following = (q for _, q in passage.open_quantities() if q.start >= name.end) if passage.explaining else iter(())
    quantity = next(following, None)
    if quantity is not None:
        why = "a scale is named before it, but other words than `performance status`, `of` or the like stand between"
        passage.decline(quantity, LABEL, "ps.scale", why)


def _close(scale: str, operator: str | None, numbers: list[int]) -> tuple[int, int] | None:
    """Both ends of a limit, closed on its scale; None where the numbers are no scores of it."""
    least, most, step = SCALES[scale]
    if step == 10:  # `70% and 1 …`: only tens are scores
        numbers = [n for n in numbers if n % step == 0] if numbers[0] % step == 0 else []
    if not numbers:
        return None
    low, high = min(numbers), max(numbers)
    if high > most or (step == 10 and high < step):
        return None
    if len(numbers) == 1 and operator in ("ge", "gt", "le", "lt"):
        if operator == "gt":
            low += step - low % step
        elif operator == "lt":
            high -= high % step or step
        low, high = (low, most) if operator in ("ge", "gt") else (least, high)
    return (low, high) if low <= high else None


def read_scales(folder: Folder) -> dict[str, list[str]]:
    """Names of the scales by scale; `unnamed` ones are told apart by their value. Raises PatternError for a scale whose
    scores nobody knows."""
    rules = read_as(PerformanceStatusFile, folder / "entities/performance_status.toml")
    return {str(scale): names for scale, names in rules.scales.items()}
