"""PERFORMANCE_STATUS: the name of a scale, then a score, a list or range of scores, or a bound.

performance_score.py reads the limits; here is told which numbers are limits on a scale. The scale is named in front of
the score, behind it (`0-1 on the ECOG scale`), or in the line above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Literal, NamedTuple

from trialsift.extraction.labels.clues import Clue, of_phrases
from trialsift.extraction.labels.performance_score import Limit, ScoreReader, ScoreWords
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.parts import Quantity, Token
from trialsift.extraction.structure.lines import find_line_above
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.model.fact import Fact
from trialsift.model.scales import SCALES
from trialsift.rules.label_file import LabelFile
from trialsift.rules.layers import Folder
from trialsift.rules.trie import trie_regex
from trialsift.rules.validation import Phrase, read_as
from trialsift.rules.wording import read_wordings

LABEL = "PERFORMANCE_STATUS"
_NO_SCORE = {
    scale: f"no score of {scale}, which runs from {least} to {most}" + ("" if step == 1 else f" by {step}")
    for scale, (least, most, step) in SCALES.items()
}
_FOOTNOTE = re.compile(r"\d\s(?=\s*[(:<>≤≥=])")
_CELL = re.compile(r"\s+\d")
_BULLET = re.compile(r"[\s\-–•*·o]*(?:\(?\w{1,2}[.)]\s*)?")
_LOST_SIGNS = "=?¿"
_MOST_STRATA = 6


class PerformanceStatusFile(LabelFile, extra="forbid"):
    """What `performance_status.toml` holds: the names of each scale."""

    scales: dict[Literal["ECOG", "KPS", "Lansky", "unnamed"], list[Phrase]]


class StatusWords(NamedTuple):
    """Words around a limit (`patterns/wording/performance_status.toml`)."""

    filler: re.Pattern[str]
    other_unit: re.Pattern[str]
    reports: re.Pattern[str]
    asks: re.Pattern[str]
    versus: re.Pattern[str]
    measured: re.Pattern[str]
    exact: re.Pattern[str]
    on_scale: re.Pattern[str]
    goes_on: re.Pattern[str]
    partner: re.Pattern[str]
    not_cancer: re.Pattern[str]
    who: re.Pattern[str]
    who_other: re.Pattern[str]
    fitness: re.Pattern[str]
    stratum: re.Pattern[str]


class PerformanceStatus:
    """The PERFORMANCE_STATUS engine; scales and examples are in `patterns/entities/performance_status.toml`."""

    def __init__(self, folder: Folder, comparators: Comparators) -> None:
        self.scales = read_scales(folder)
        names = list(chain.from_iterable(self.scales.values()))
        #: The name of a scale, here or above; what opens its line may stand under a heading.
        named = of_phrases(names)
        self.clues = (Clue((named,), name="scale"), Clue((named,), _BULLET, opens="above"))
        wordings = read_wordings(folder)
        self._words = wordings.fill(StatusWords, "status")
        self._scores = ScoreReader(wordings.fill(ScoreWords, "status"), comparators)
        self._heading = re.compile(rf"{_BULLET.pattern}(?i:{trie_regex(names)})\W*(?:\([^()]*\))?\W*")

    def find(self, passage: Passage) -> list[Fact]:
        """PERFORMANCE_STATUS facts of a passage; numbers inside them are claimed."""
        names = [t for t in passage.tokens if isinstance(t.value, tuple) and t.value[0] == "scale"]
        facts = []
        for limit in self._find_limits(passage, names) if names else self._find_below_heading(passage):
            passage.note_pieces(limit.start, limit.pieces)
            passage.claimed.update(
                i for i, q in enumerate(passage.quantities) if q.start < limit.end and limit.start < q.end
            )
            facts.append(_make_fact(passage, limit))
        return facts

    def _find_limits(self, passage: Passage, names: list[Token]) -> Iterator[Limit]:
        """The limits of a sentence that names scales, in its order."""
        done = -1
        for k, name in enumerate(names):
            if name.start < done:
                continue
            limit = self._find_behind(passage, name, names[k + 1 :]) or self._find_in_front(passage, name, done)
            if limit is None:
                continue
            yield limit
            more = list(self._find_more(passage, name, limit, names[k + 1 :]))
            yield from more
            partner = self._find_partner(passage, names, k, limit)
            if partner is not None:
                yield limit._replace(name=partner, scale=_scale_of(partner))
            done = max(limit.end, *(other.end for other in more), *([partner.end] if partner else []), limit.end)

    def _find_more(self, passage: Passage, name: Token, limit: Limit, later: list[Token]) -> Iterator[Limit]:
        """The limits that go on from one: of other strata (`0-1 vs 2`) or groups (`0-2 for cohort A and 0-1 for B`)."""
        words = self._words
        for _ in range(_MOST_STRATA):
            end = limit.end
            joint = words.versus.match(passage.text, end, passage.end) or words.goes_on.match(
                passage.text, end, passage.end
            )
            found = self._scores.pattern.match(passage.text, joint.end(), passage.end) if joint else None
            named = joint is not None and any(end <= other.start < joint.end() for other in later)
            following = self._read(passage, name, found) if found and not named else None
            if following is None:
                return
            yield following
            limit = following

    def _find_partner(self, passage: Passage, names: list[Token], k: int, limit: Limit) -> Token | None:
        """The other scale of `Karnofsky/Lansky ≥ 50`, or of `≥ 50 on the Lansky or Karnofsky scale`."""
        name = names[k]
        if limit.start < name.start:
            pair = (name, names[k + 1]) if k + 1 < len(names) else None
        else:
            pair = (names[k - 1], name) if k else None
        if pair is None or {_scale_of(pair[0]), _scale_of(pair[1])} != {"KPS", "Lansky"}:
            return None
        if not self._words.partner.fullmatch(passage.text, pair[0].end, pair[1].start):
            return None
        return pair[1] if pair[0] is name else pair[0]

    def _find_behind(self, passage: Passage, name: Token, later: list[Token]) -> Limit | None:
        """`ECOG 0-1`: a score behind the name; `later` are the names of scales behind that one."""
        text = passage.text
        gap = self._words.filler.match(text, name.end, passage.end)
        found = self._scores.pattern.match(text, gap.end() if gap else name.end, passage.end)
        if found and _FOOTNOTE.match(text, found.start()) and text[found.start() - 1].isalpha():
            found = self._scores.pattern.match(text, found.start() + 2, passage.end)  # `performance status1 ≤ 2`
        if found is None:
            _decline_next(passage, name)
            return None
        if why := self._tell_no_limit(passage, name, found, later):
            _decline(passage, found.span(), "ps.scale", why)
            return None
        if _scale_of(name) == "unnamed":  # `Performance status: Lansky ≥ 50`
            name = next((t for t in later if t.start < found.start() and _scale_of(t) != "unnamed"), name)
        return self._read(passage, name, found)

    def _tell_no_limit(self, passage: Passage, name: Token, found: re.Match[str], later: list[Token]) -> str:
        """Why a number behind the name of a scale is no limit on it; empty where it is one."""
        text, words = passage.text, self._words
        if any(t.start < found.start() and not _is_same_scale(t, name) for t in later):
            return "another scale is named right before it"
        if text[name.start : name.end] == "WHO" and not self._is_who_status(passage, name):
            return "a score of WHO, which grades other things too"
        if words.other_unit.match(text, found.end(), passage.end):
            return "followed by a word of time, another unit or people: no score"
        if found["first"].isalpha() and text[name.end : found.start()].split()[-1:] == ["and"]:
            return "a number in a word behind `and`: it counts something"
        if words.not_cancer.search(passage.left(name.start, Window.CLAUSE)):
            return "the physical status of anesthesiologists, by the words in front of its name"
        if passage.polarity is not None or words.asks.search(text, passage.start, passage.end):
            return ""
        bare = found["op"] in (None, "=") and not found["rest"]
        left = passage.left(name.start, Window.CLAUSE)
        told = words.reports.search(left)
        # `patients with an ECOG status of 0 to 2` were chosen by it
        if told and (bare or not told["with"]) and not words.stratum.search(left):
            return "a reported score: the text tells of patients who had it"
        if bare and _CELL.match(text, found.end(), passage.end):
            return "a row of a table, by the number that follows"
        return ""

    def _is_who_status(self, passage: Passage, name: Token) -> bool:
        """Whether a score of WHO is one of performance status, though nothing right beside it says so."""
        text, words = passage.text, self._words
        found = words.who.match(text, name.end, passage.end)
        if found is None or words.who_other.search(text, passage.start, passage.end):
            return False
        if words.fitness.search(text, passage.start, passage.end) or passage.above_tokens:
            return True
        alone = not _BULLET.sub("", text[passage.line_start : name.start], count=1)
        return found["zero"] is not None or (alone and passage.polarity is not None)

    def _find_in_front(self, passage: Passage, name: Token, done: int) -> Limit | None:
        """`a score of 0 or 1 on the ECOG scale`, `0-1 ECOG`."""
        if passage.text[name.start : name.end] == "WHO" or self._words.not_cancer.search(
            passage.left(name.start, Window.CLAUSE)
        ):
            return None
        for _, quantity in passage.open_quantities():
            near = done <= quantity.start and 0 <= name.start - quantity.end <= Window.CLAUSE
            if quantity.kind not in ("", "percent") or not near:
                continue
            found = self._scores.pattern.match(passage.text, quantity.start, name.start)
            if found is None:
                continue
            end = _end_of(found)
            if self._words.on_scale.fullmatch(passage.text, end, name.start) or (
                self._is_whole_before(passage, found, name) and not passage.text[end : name.start].strip()
            ):
                return self._read(passage, name, found)
            why = "the scale behind it is not joined to it by `on the` or the like"
            passage.decline(quantity, LABEL, "ps.scale", why)
        return None

    @staticmethod
    def _is_whole_before(passage: Passage, found: re.Match[str], name: Token) -> bool:
        """Whether several scores or a bound stand right before a name that ends its clause: `0-2 ECOG`."""
        several = bool(found["rest"]) or found["op"] is not None
        tail = passage.text[name.end : passage.line_end].lstrip()
        return several and (not tail or tail[0] in ".,;)") and passage.polarity is not None

    def _read(self, passage: Passage, name: Token, found: re.Match[str]) -> Limit | None:
        """The limit of a match on the scale that a name stands for; it is declined where it is no score of it."""
        scale = self._scores.find_scale(_scale_of(name), found)
        lost = None
        comparator, end = self._scores.read_comparator(found, scale)
        single = not found["rest"] and found["first"].lower() not in ("0", "zero")
        if single and self._has_lost_operator(passage, name, (found.start(), end), comparator.operator):
            lost = "le" if (scale == "ECOG") is (passage.polarity != "exclusion") else "ge"
        limit = self._scores.read(found, name, scale, lost)
        if limit is None:
            _decline(passage, (found.start(), end), "ps.lost_operator" if lost else "ps.scale", _NO_SCORE[scale])
        return limit

    def _has_lost_operator(self, passage: Passage, name: Token, place: tuple[int, int], operator: str | None) -> bool:
        """Whether a score must have been a bound: an inclusion criterion of its own, or `=`, which is what scraping
        leaves of `≥` or `≤`."""
        start, end = place
        if operator == "eq":
            return passage.text[start] in _LOST_SIGNS and passage.polarity is not None
        between = passage.text[name.start : start]
        return (
            operator is None
            and self._is_whole_criterion(passage, name, end)
            and passage.polarity == "inclusion"
            and self._words.measured.search(between) is not None
            and self._words.exact.search(between) is None
        )

    @staticmethod
    def _is_whole_criterion(passage: Passage, name: Token, end: int) -> bool:
        head = passage.text[passage.line_start : name.start].strip(" -•*\t0123456789.)(")
        head = head.rpartition(";")[2].strip(" -•*\t\n0123456789.)(")
        tail = passage.text[end : passage.line_end].partition(";")[0].strip(" .,|")
        return len(head.split()) <= 2 and not tail and "\n" not in head

    def _find_below_heading(self, passage: Passage) -> Iterator[Limit]:
        """`Performance status:` above, `0-2` in the line below."""
        name = self._find_heading(passage)
        if name is None:
            return
        head = _BULLET.match(passage.text, passage.start, passage.end)
        start = head.end() if head else passage.start
        found = self._scores.pattern.match(passage.text, start, passage.end)
        if found is None or passage.text[_end_of(found) : passage.end].strip(" .%();\n"):
            after = None if found is None else self._scores.read_comparator(found, "ECOG")[1]
            if found is None or after is None or passage.text[after : passage.end].strip(" .%();\n"):
                why = "the line above names a scale, but this line holds more than a score"
                _decline(passage, (passage.start, passage.end), "ps.scale", why)
                return
        limit = self._read(passage, name, found)
        if limit is not None:
            yield limit

    def _find_heading(self, passage: Passage) -> Token | None:
        """The name of a scale in the line above, which opens this one, or which holds nothing else."""
        names = [t for t in passage.above_tokens if isinstance(t.value, tuple) and t.value[0] == "scale"]
        if names:
            return names[-1]
        text, end = passage.text, passage.line_start
        if passage.start > passage.line_start:
            return None
        line = text[find_line_above(text, end) : end].rstrip()
        found = self._heading.fullmatch(line)
        if found is None:
            return None
        start = find_line_above(text, end)
        scale = self._name_scale(line)
        return None if scale is None else Token("concept", start, start + len(line), ("scale", scale))

    def _name_scale(self, line: str) -> str | None:
        """The scale that a heading names; `unnamed` where it names none of them."""
        found = {scale for scale, names in self.scales.items() if any(n.lower() in line.lower() for n in names)}
        found -= {"unnamed"} if len(found) > 1 else set()
        return found.pop() if len(found) == 1 else None


def _scale_of(name: Token) -> str:
    """The scale that a name stands for, `unnamed` where its score tells it."""
    assert isinstance(name.value, tuple)
    return str(name.value[1])


def _is_same_scale(other: Token, name: Token) -> bool:
    scales = _scale_of(other), _scale_of(name)
    return scales[0] == scales[1] or "unnamed" in scales


def _end_of(found: re.Match[str]) -> int:
    """Where a match ends but for white space."""
    return found.start() + len(found.group().rstrip())


def _make_fact(passage: Passage, limit: Limit) -> Fact:
    passage.note(limit.start, "name", (limit.name.start, limit.name.end), limit.scale)
    return passage.fact(
        LABEL,
        limit.rule,
        limit.start,
        limit.end,
        scale=limit.scale,
        scale_as_written=_write_scale(passage.text[limit.name.start : limit.name.end]),
        low=limit.low,
        high=limit.high,
        operator_inferred=limit.rule == "ps.lost_operator",
    )


def _write_scale(surface: str) -> str:
    """The scale in the words of the text, without `performance status` behind it."""
    plain = " ".join(surface.lower().strip(" -•*:").split())
    if "eastern" in plain:
        return "ECOG"
    if plain.startswith("performance"):
        return "PS"
    words = surface.strip(" -•*:").split()
    ends = ("status", "score", "ps", "performance", "scale")
    return words[0] if plain.endswith(ends) and len(words) > 1 else surface


def _decline(passage: Passage, place: tuple[int, int], rule: str, why: str) -> None:
    """Declines the quantities in a range that no engine has claimed."""
    for _, quantity in passage.open_quantities() if passage.explaining else ():
        if quantity.start < place[1] and place[0] < quantity.end:
            passage.decline(quantity, LABEL, rule, why)


def _decline_next(passage: Passage, name: Token) -> None:
    """Declines the first quantity behind the name of a scale, from which too much separates it."""
    following: Iterator[Quantity] = (q for _, q in passage.open_quantities() if q.start >= name.end)
    quantity = next(following, None) if passage.explaining else None
    if quantity is not None:
        why = "a scale is named before it, but other words than `performance status`, `of` or the like stand between"
        passage.decline(quantity, LABEL, "ps.scale", why)


def read_scales(folder: Folder) -> dict[str, list[str]]:
    """Names of the scales by scale; `unnamed` ones are told apart by their value. Raises PatternError for a scale whose
    scores nobody knows."""
    rules = read_as(PerformanceStatusFile, folder / "entities/performance_status.toml")
    return {str(scale): names for scale, names in rules.scales.items()}
