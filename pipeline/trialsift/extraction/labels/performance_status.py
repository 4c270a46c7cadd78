"""PERFORMANCE_STATUS: the name of a scale, then a score, a list or range of scores, or a bound.

Ends are closed on the scale: ECOG runs 0 to 5 by one, Karnofsky and Lansky 0 to 100 by ten (annotation guidelines).
"""

from __future__ import annotations

import re
from itertools import chain

from trialsift.extraction.labels.clues import Clue, of_phrases
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.parts import Token
from trialsift.extraction.structure.passage import Note, Passage
from trialsift.model.fact import Fact
from trialsift.model.scales import SCALES
from trialsift.rules.files import check_keys, read_toml
from trialsift.rules.labels import LABEL_KEYS
from trialsift.rules.layers import Folder

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
SCORE = re.compile(r"\d{1,3}|zero|one|two|three", re.I)


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
        facts: list[Fact] = []
        if "scale" not in passage.named:
            return facts
        names = [t for t in passage.tokens if isinstance(t.value, tuple) and t.value[0] == "scale"]
        done = -1
        for k, name in enumerate(names):
            if name.start < done:
                continue
            fact = self._at(passage, name, names[k + 1 :]) or self._in_front(passage, name)
            if fact is None:
                continue
            facts.append(fact)
            also = self._partner(passage, names[:k], name)
            group = _OTHER_GROUP.match(passage.text, fact.end, passage.end)
            other = self._value.match(passage.text, group.end(), passage.end) if group else None
            second = self._fact(passage, name, other) if other else None
            if second is not None:
                facts.append(second)
            if also:
                scale, written = also.value[1], passage.text[also.start : also.end]  # type: ignore[index]
                facts.append(fact.with_attributes(scale=scale, scale_as_written=written))
                passage.notes.append(Note(fact.start, "name", (also.start, also.end), scale))
            done = fact.end
            for i, quantity in enumerate(passage.quantities):
                if quantity.start < fact.end and fact.start < quantity.end:
                    passage.claimed.add(i)
        if not names and passage.above is not None:
            facts.extend(self._below_heading(passage))
        return facts

    @staticmethod
    def _partner(passage: Passage, earlier: list[Token], name: Token) -> Token | None:
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

    def _at(self, passage: Passage, name: Token, later: list[Token]) -> Fact | None:
        text = passage.text
        gap = _FILLER.match(text, name.end, passage.end)
        found = self._value.match(text, gap.end() if gap else name.end, passage.end)
        if found is None:
            return None
        if _FOOTNOTE.match(text, found.start()) and text[found.start() - 1].isalpha():  # `performance status1 ≤ 2`
            found = self._value.match(text, found.start() + 2, passage.end)
            if found is None:
                return None
        if any(t.start < found.start() and not self._same_scale(t, name) for t in later):
            return None
        if isinstance(name.value, tuple) and name.value[1] == "unnamed":  # `Performance status: Lansky ≥ 50`
            name = next((t for t in later if t.start < found.start() and t.value[1] != "unnamed"), name)  # type: ignore[index]
        if _TIME.match(text, found.end(), passage.end):
            return None
        if _STRATUM.match(text, found.end(), passage.end) or _STRATUM_LEFT.search(passage.left(found.start(), 12)):
            return None
        if passage.polarity is None and _REPORTED.search(passage.left(name.start, 60)):
            return None
        return self._fact(passage, name, found)

    def _in_front(self, passage: Passage, name: Token) -> Fact | None:
        """`a score of 0 or 1 on the ECOG scale`."""
        for _, quantity in passage.open_quantities():
            if quantity.kind not in ("", "percent") or not 0 < name.start - quantity.end <= 60:
                continue
            found = self._value.match(passage.text, quantity.start, name.start)
            if found and _ON_SCALE.fullmatch(passage.text, found.start() + len(found.group().rstrip()), name.start):
                return self._fact(passage, name, found)
        return None

    @staticmethod
    def _same_scale(other: Token, name: Token) -> bool:
        return (
            isinstance(other.value, tuple)
            and isinstance(name.value, tuple)
            and (other.value[1] == name.value[1] or "unnamed" in (other.value[1], name.value[1]))
        )

    def _fact(self, passage: Passage, name: Token, found: re.Match[str]) -> Fact | None:
        assert isinstance(name.value, tuple)
        text = passage.text
        numbers = [_WORDS[m.lower()] if m.isalpha() else int(m) for m in SCORE.findall(found["first"] + found["rest"])]
        operator = self._comparators.operator(found["op"]) if found["op"] else None
        if found["op"] and _WORSE.search(found["op"]):  # `no worse than 1`: at most 1 on ECOG, at least on the others
            operator = "le"
        start, end = found.start(), found.start() + len(found.group().rstrip())
        if operator is None and len(numbers) == 1:  # `70 or greater`
            suffix = self._comparators.after.match(text, _SPACE.match(text, end).end())  # type: ignore[union-attr]
            if suffix:
                operator, end = self._comparators.operator_after(suffix.group()), suffix.end()
                if _WORSE.search(suffix.group()):
                    operator = "ge" if name.value[1] in ("ECOG", "unnamed") and numbers[0] < 10 else "le"
                if _BETTER.search(suffix.group()):  # better is lower on ECOG, higher on the others
                    operator = "le" if name.value[1] in ("ECOG", "unnamed") and numbers[0] < 10 else "ge"
        scale = name.value[1]
        if scale == "unnamed":
            scale = "KPS" if max(numbers) >= 10 else "ECOG"
        if found["op"] and _WORSE.search(found["op"]) and scale != "ECOG":
            operator = "ge"
        rule, inferred = "ps.scale", False
        between = text[name.start : start]
        lost = (
            operator is None
            and self._whole_criterion(passage, name, end)
            and passage.polarity == "inclusion"
            and _MEASURE.search(between)
            and not _OF.search(between)
        ) or (operator == "eq" and text[start] == "=")
        if lost and len(numbers) == 1 and numbers[0] > 0:
            operator, inferred, rule = ("le" if scale == "ECOG" else "ge"), True, "ps.lost_operator"
        if operator == "eq":
            start = found.start("first")
        if scale != "ECOG":  # `70% and 1 …`: only tens are scores
            numbers = [n for n in numbers if n % 10 == 0] if numbers[0] % 10 == 0 else []
            if not numbers:
                return None
        ends = _closed(scale, operator, numbers)
        if ends is None:
            return None
        passage.notes.append(Note(start, "name", (name.start, name.end), scale))
        return passage.fact(
            "PERFORMANCE_STATUS",
            rule,
            start,
            end,
            scale=scale,
            scale_as_written=self._written(passage, name),
            low=ends[0],
            high=ends[1],
            operator_inferred=inferred,
        )

    @staticmethod
    def _written(passage: Passage, name: Token) -> str:
        surface = passage.text[name.start : name.end]
        if "eastern" in surface.lower():
            return "ECOG"
        head = (
            surface.split()[0]
            if surface.lower().endswith(("status", "score", "ps", "performance", "scale")) and " " in surface
            else surface
        )
        return "PS" if surface.lower().startswith("performance") else head

    @staticmethod
    def _whole_criterion(passage: Passage, name: Token, end: int) -> bool:
        head = passage.text[passage.line_start : name.start].strip(" -•*\t0123456789.)(")
        tail = passage.text[end : passage.line_end].strip(" .;,|")
        return len(head.split()) <= 2 and not tail and "\n" not in head

    def _below_heading(self, passage: Passage) -> list[Fact]:
        """`Performance status:` above, `0-2` in the line below."""
        names = [t for t in passage.above_tokens if isinstance(t.value, tuple) and t.value[0] == "scale"]
        if not names:
            return []
        head = re.match(r"[\s\-•*]*", passage.text[passage.start : passage.end])
        found = self._value.match(passage.text, passage.start + (head.end() if head else 0), passage.end)
        if found is None or passage.text[found.end() : passage.end].strip(" .%()") != "":
            return []
        fact = self._fact(passage, names[-1], found)
        if fact is None:
            return []
        passage.claimed.update(i for i, q in enumerate(passage.quantities) if q.start < fact.end and fact.start < q.end)
        return [fact]


def _closed(scale: str, operator: str | None, numbers: list[int]) -> tuple[int, int] | None:
    """Both ends of a limit, closed on its scale; None where the numbers are no scores of it."""
    least, most, step = SCALES[scale]
    low, high = min(numbers), max(numbers)
    if high > most or (step == 10 and high < 10):
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
    path = folder / "entities/performance_status.toml"
    table = read_toml(path)
    check_keys(path, "top level", table, {*LABEL_KEYS, "scales"}, set())
    check_keys(path, "[scales]", table["scales"], set(), {*map(str, SCALES), "unnamed"}, ("scales",))
    return {scale: list(names) for scale, names in table["scales"].items()}
