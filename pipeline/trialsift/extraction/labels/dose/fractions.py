"""FRACTIONS: numbers of radiotherapy fractions, told from frequencies, ordinals and other fractions.

A number counts fractions when a word for fraction follows (`25 fractions`, `3 stereotactic treatments`), when it
multiplies a dose (`25 x 2 Gy`, `2 Gy x 25`), or when it stands right behind a total (`50 Gy/25`, `40 Gy in 15`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from trialsift.extraction.quantities import numbers
from trialsift.extraction.quantities.parts import Quantity, QuantityPiece
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.model.fact import Fact, Scalar
from trialsift.rules.files import compile_words
from trialsift.rules.guarded import find_needed, holds
from trialsift.rules.label_file import LabelFile
from trialsift.rules.layers import Folder
from trialsift.rules.validation import Expression, Table, read_as

_TENS = "|".join(word for word, value in numbers.WORDS.items() if value >= 20 and value % 10 == 0)
_NUMBER_WORDS = (
    rf"(?:\d{{1,3}}(?:\.\d)?|(?:{_TENS})(?:[-\s](?:one|two|three|four|five|six|seven|eight|nine)\b)?|"
    + "|".join(sorted((w for w in numbers.WORDS if w not in ("twice", "thrice")), key=len, reverse=True))
    + ")"
)
_NUMBER = re.compile(_NUMBER_WORDS, re.I)
_RANGE = (
    rf"{_NUMBER_WORDS}(?:\s*\(\s*\d+\s*\))?(?:\s*(?:-|–|—|‐|‑|−|\\?~|to|or|and|/|versus|vs\.?)\s*{_NUMBER_WORDS}"
    r"(?:\s*\(\s*\d+\s*\))?)?"
)
_LIST = rf"(?:{_NUMBER_WORDS}\s*,\s*){{1,5}}{_NUMBER_WORDS}\s*,?\s*(?:or|and|versus|vs\.?)\s*{_NUMBER_WORDS}"
# `20 or 25 fractions` are two numbers, `20 to 25` is one
_ALTERNATIVE = re.compile(r"(?:\s*\(\s*\d+\s*\))?\s*(?:,\s*(?:or|and)?|or|and|versus|vs\.?)\s*", re.I)
_PERIOD = r"(?:weeks?|wks?|days?|d\b|months?)"
_IN_BARE = re.compile(
    r"\s+in\s+(?P<n>\d{1,2}|fifteen|twenty|ten|five|three|thirty)(?:(?P<word>\s?(?:f\b|fr\b|#))|"
    r"(?=\s*(?:over\b|[.,;)](?!\d)|or\b|and\b|is\b|to\b|$)))"
    rf"(?!\s*(?:to|or|and)\s+\d+\s*{_PERIOD})",
    re.I,
)
_CELL = re.compile(r"\s*\|\s*(?P<n>\d{1,2}(?:\s*[-–]\s*\d{1,2})?)\s*\|")
_COLUMN = re.compile(r"\|\s*(?:no\.?\s+of\s+|number\s+of\s+)?(?:fractions|fx|fr\b)", re.I)
_BEFORE_TIMES = re.compile(
    rf"(?<![\w.])(?P<n>{_NUMBER_WORDS}(?:\s*(?:-|–|to)\s*{_NUMBER_WORDS})?)\s*(?:[x×*·✕]|times)\s*\(?\s*$", re.I
)
_TWICE_A_DAY = re.compile(
    r"\b(?:(?:twice|thrice|(?:two|three|[23])(?:\s*(?:x|times|fractions|treatments|sessions))?)[\s-]*(?:daily|(?:per|a|each|"
    r"every|/)\s*day)|[bt]\.?i\.?d\b)",
    re.I,
)
_DOSE_A_DAY = re.compile(r"\b(?:dose\s+(?:per|a|each)\s+day|daily\s+(?:\w+\s+)?dose)\b[^.;\d]{0,30}$", re.I)
_SINGLE_LEFT = re.compile(r"\b(?P<n>single|one)[\s-]+$", re.I)
_SINGLE = re.compile(
    r"\b(?P<n>single|one)[\s-]+(?:(?:high|large|stereotactic|treatment|radiation|radiotherapy|ablative)[\s-]+)*(?:dose|"
    r"session|treatment|exposure)\b"
    r"(?=\W*(?:$|of\b|to\b|on\b|with\b|at\b|versus\b|vs\b|or\b|and\b|[,.;)]))",
    re.I,
)
_OF_SINGLE = find_needed(_SINGLE)
_NOT_SINGLE = re.compile(
    r"(?:target|highest|maximum|per|(?:fractions?|sessions?|treatments?|fx)\s+(?:of|at|with)(?:\s+an?)?)\s*$", re.I
)
# `single-fraction doses can be raised`: of one fraction, whatever their number
_DOSE_OF_FRACTION = re.compile(r"\s+doses?\s+(?:and|or|can|may|could|is|are|was|were|will|should|must)\b", re.I)

_TOLD = re.compile(
    r"\b(?:delivered|given|divided|administered|accomplished|over|in|for|as|total\s+of|receive|undergo)\s+(?:in|over|"
    r"into|as)?\s*(?:an?\s+)?(?:total\s+of\s+)?(?:approximately\s+|about\s+)?$",
    re.I,
)
_RADIATION = re.compile(r"Gy\b|radiotherap|radiation|irradiat|stereotactic|side effects|SBRT|radiosurg|brachy", re.I)
_OTHER_TREATMENT = re.compile(r"interleukin|TACE|injection|chemotherapy\s*$|infusion", re.I)
_OF_DOSE = re.compile(r"\s*(?:of\s+\d[\d.,-]*\s*c?Gy|(?:delivered|given)?\s*(?:over|in)\s+[\w.-]+\s+weeks)", re.I)
_DRUG_AMOUNT = re.compile(r"\d\s*(?:mg|mcg|g/m|IU)", re.I)
_ADJOINS = re.compile(r"\s*(?:,|\(|in|over)?\s*", re.I)
_MOST = 120
# without a dose, other words for fractions count other things
#: Words without which a passage that holds no dose says nothing of fractions.
TELLING = ("fraction", "fx", "session", "treatments", "stereotactic", "sitting")

_A_WEEK = re.compile(r"\s*(?:per\s+week|/\s*(?:week|d\b))", re.I)
# `number of fractions: 20`
_LABELLED = re.compile(
    r"\b(?:(?:number|no\.?)\s+of\s+(?:fractions|fx|sessions)\s*(?:\([^()]{1,12}\)\s*)?(?:[:=,]|is|was|of|will\s+be|stays\s+at|remains)?|"
    r"(?:fractions|fx)\s*[:=])\s*(?P<n>\d{1,3}(?:\s*(?:-|–|to)\s*\d{1,3})?)(?![\w%]|[.,]\d|\s*(?:c?Gy|%|x|×|/|fractions?)\b)",
    re.I,
)
_OF_LABELLED = find_needed(_LABELLED)
# `in three 20 Gy fractions`
_SEVERAL_LEFT = re.compile(
    rf"\b(?:in|as|of|into|with|by|using|receive|over)\s+(?P<n>{_NUMBER_WORDS})\s+(?:(?:daily|weekly|equal|consecutive)\s+)?$",
    re.I,
)
_FRACTIONS_RIGHT = re.compile(r"\s*-?\s*(?:(?:daily|weekly|equal)\s+)?(?:fractions|fx|treatments|sessions)\b", re.I)
_FRACTION_RIGHT = re.compile(r"\s*-?\s*(?:fraction\b|(?:delivered|given|to|[,.;)])(?!\s*\d))", re.I)
_IN_LEFT = re.compile(r"\b(?:in|as|with)\s*$", re.I)
_ONE_OF = re.compile(
    r"\s*(?:is|will|was|of\s+the|to|daily|every|(?:a|per|each)\s+(?:day|week))\b|,\s*(?:five|5|\w+\s+days)|"
    r"\s*of\s+[\d.]+\s*c?Gy\s+(?:(?:will\s+be|is|was)\s+)?(?:given\s+|delivered\s+|administered\s+)?(?:once\s+)?daily\b"
)
_TIMES_LEFT = re.compile(r"[x×]\s*$")
_TOTAL_LEFT = re.compile(r"\btotal\s+of\s*$", re.I)
_TREATMENTS = re.compile(
    r"^\s*(?:\([^()]{1,20}\)\s*)?(?:over|in|during|within)\s+(?:the\s+course\s+of\s+)?(?:\w+\s+)?(?:\d+|\w+)\s+(?:weeks?|days?)\b",
    re.I,
)
_BETWEEN = re.compile(r"\bbetween\s+$", re.I)
_RADIATION_KIND = re.compile(r"stereotactic|radi|SBRT|RT", re.I)
_OF_NUMBER = re.compile(r"\s*of\s+\d")
_NUMBERED = re.compile(r"\s*(?:1|2|one)\s*$")
_OF_GRAY = re.compile(
    r"s?\s+(?:[\w()-]+\s+){0,4}?(?:of|at)\s+(?:about\s+|~\s*)?\d[\d.,–-]*\s*c?Gy\b(?!\s*(?:,|and|or|vs\.?|versus)\s*\d)",
    re.I,
)


class FractionWords(Table):
    """The words for fractions, and around them."""

    fraction: list[Expression]
    applicator: list[Expression]
    weak: list[Expression]
    kinds: list[Expression]
    frequency: list[Expression]
    not_before: list[Expression]


class FractionsFile(LabelFile, extra="forbid"):
    """What `fractions.toml` holds."""

    words: FractionWords


class Count(NamedTuple):
    """A number of fractions, or a range. `dose` is where the dose begins that it multiplies, None without one. `pieces`
    are the comparator and the numbers that it was read from. An end is None where the text leaves it open, `inclusive`
    then says whether the other belongs to it."""

    start: int
    end: int
    low: int | None
    high: int | None
    dose: int | None
    pieces: tuple[QuantityPiece, ...] = ()
    inclusive: bool = True

    def make_fact(self, passage: Passage) -> Fact:
        """Its fact."""
        rule = "fractions.counted" if self.dose is None else "fractions.times"
        if passage.explaining:
            passage.note_pieces(self.start, self._list_pieces(passage.text))
        low, high = self.low, self.high
        ends: dict[str, Scalar] = {
            "low": low,
            "low_inclusive": None if low is None else self.inclusive,
            "high": high,
            "high_inclusive": None if high is None else self.inclusive,
        }
        return passage.fact("FRACTIONS", rule, self.start, self.end, **ends)

    def _list_pieces(self, text: str) -> Iterator[QuantityPiece]:
        """The numbers, then the words or the sign in front of them or behind that make them fractions."""
        written = [piece for piece in self.pieces if piece[0] != "number" or piece[3] in (self.low, self.high)]
        yield from written
        meaning = "fractions" if self.dose is None else "times a dose"
        for start, end in ((self.start, written[0][1]), (written[-1][2], self.end)):
            words = text[start:end].strip(" \n\t\r-~≈()")
            if words:
                begin = text.index(words, start)
                yield "unit", begin, begin + len(words), meaning


class _Place(NamedTuple):
    """Where a number of fractions stands with its words, the place of the number itself, and the dose that it
    multiplies."""

    start: int
    end: int
    number: tuple[int, int]
    dose: int | None = None


class Fractions:
    """The FRACTIONS half of the dose engine. Words and examples are in `patterns/entities/fractions.toml`."""

    def __init__(self, folder: Folder) -> None:
        path = folder / "entities/fractions.toml"
        words = dict(read_as(FractionsFile, path).words)
        compiled = partial(compile_words, path, "[words]")
        noun, weak, kinds = ("|".join(words[key]) for key in ("fraction", "weak", "kinds"))
        applicator = "|".join(words["applicator"])
        frequency = "|".join(words["frequency"])
        self._counted = compiled(
            rf"(?:(?<![\w.])|(?<=\Win))(?<!\d[,.])(?P<approx>[~≈]\s*)?(?P<n>{_LIST}|{_RANGE})(?P<kind>(?:[\s-]*(?:{kinds})\b){{0,4}})[\s-]*"
            rf"(?P<word>(?P<noun>{noun})(?!\w)|(?P<applicator>{applicator})\b|(?P<weak>{weak})\b)",
        )
        self._slashed = compiled(
            rf"\s*/\s*(?P<n>\d{{1,3}}(?:\s*(?:[-–—~]|\\~)\s*\d{{1,3}})?)\s*(?P<word>fs?|fx|frx?|fractions?|x|#)?"
            rf"(?![\w/]|[.-]\d|\s*(?:Gy|cGy|%)|\s*-?\s*(?:{_PERIOD}|times|per|Me?V)\b|\s*(?:{frequency}))",
        )
        self._after_times = compiled(
            rf"(?:\s*(?:\)|(?:per|/|a|each)\s*-?\s*(?:{noun}|f|dose)(?!\w)|-?fractions?|daily|each|per\s+day|/d(?:ay)?\b|"
            rf"(?:once|twice|two\s+times)[\s-]+(?:daily|(?:per|a)\s+day)|b\.?i\.?d\.?|q\.?d\.?|\(\s*rads?\s*\)))*\s*,?\s*"
            rf"(?P<x>[x×*✕](?:\s*[~≈])?|times\b)\s*(?P<n>{_NUMBER_WORDS}(?:\s*(?:-|–|to)\s*{_NUMBER_WORDS})?)"
            rf"(?![\w.]*\s*(?:c?Gy|cm|mm)\b)(?!\s*/\s*d)(?!\s*-?\s*(?:weeks?|wks?|months?|years?|hours?|hrs?|min)\b)"
            rf"(?P<word>\s*-?\s*(?:(?:{noun})(?!\w)|treatments?\b|times\b|doses\b|days\b|f\b))?"
            rf"(?!(?:\s*-?\s*(?:{noun}|treatments?|times|doses|days))?\s*(?:every|per|a|/|each)\s*(?:week|wk)\b)",
        )
        self._frequency = compiled(rf"\s*(?:{frequency})")
        self._not_before = compiled(rf"\b(?:{'|'.join(words['not_before'])})\s*$")
        self._words = find_needed(self._counted)

    @staticmethod
    def worth_a_look(passage: Passage) -> bool:
        """Whether a passage without a dose can speak of fractions."""
        return holds(passage.plain, TELLING)

    def find(self, passage: Passage, doses: list[tuple[int, int]]) -> list[Count]:
        """The numbers of fractions of a passage; `doses` are the places of its radiation doses."""
        found: list[_Place] = []
        for start, end in doses:
            found.extend(self._find_beside(passage, start, end))
        counted = self._counted.finditer(passage.text, passage.start, passage.end)
        for match in counted if holds(passage.plain, self._words) else ():
            if why := self._tell_no_count(passage, match, doses):
                _decline(passage, match.span("n"), why)
                continue
            begin = match.start("approx") if match["approx"] else match.start("n")
            found.append(_Place(begin, match.end("word"), match.span("n")))
        if holds(passage.plain, _OF_LABELLED):
            for match in _LABELLED.finditer(passage.text, passage.start, passage.end):
                found.append(_Place(*match.span("n"), match.span("n")))
        single = _SINGLE.finditer(passage.text, passage.start, passage.end)
        for match in single if doses and holds(passage.plain, _OF_SINGLE) else ():
            near = any(0 <= start - match.end() <= 6 or -1 <= match.start() - end <= 22 for start, end in doses)
            if near and not _NOT_SINGLE.search(passage.left(match.start(), Window.ADJOINING)):
                found.append(_Place(*match.span(), match.span("n")))
        return _read_counts(passage, found)

    def _find_beside(self, passage: Passage, start: int, end: int) -> Iterator[_Place]:
        """Numbers of fractions right before or behind a dose."""
        text = passage.text
        before = _BEFORE_TIMES.search(text, passage.left_start(start, Window.ADJOINING), start)
        if before and not _A_WEEK.match(text[end : end + 12]):
            yield _Place(before.start("n"), len(text[:start].rstrip(" (")), before.span("n"), start)
        after = self._after_times.match(text, end, passage.end)
        if after and not _counts_days(text[end : after.start("x")], after["word"] or ""):
            yield _Place(after.start("n") if after["word"] else after.start("x"), after.end(), after.span("n"), start)
        slashed = self._slashed.match(text, end, passage.end)
        if slashed:
            yield _Place(slashed.start("n"), slashed.end("word" if slashed["word"] else "n"), slashed.span("n"))
        bare = _IN_BARE.match(text, end, passage.end) or (
            self._is_tabulated(passage) and _CELL.match(text, end, passage.end)
        )
        if bare:
            yield _Place(bare.start("n"), max(bare.end(name) for name in bare.groupdict()), bare.span("n"))
        several = _SEVERAL_LEFT.search(text, passage.left_start(start, Window.PHRASE), start)
        if several and _FRACTIONS_RIGHT.match(text, end, passage.end):
            yield _Place(*several.span("n"), several.span("n"))
        single = _SINGLE_LEFT.search(text, passage.left_start(start, Window.ADJOINING), start)
        if single and _FRACTION_RIGHT.match(text[end : end + 12]):
            yield _Place(*single.span("n"), single.span("n"))

    @staticmethod
    def _is_tabulated(passage: Passage) -> bool:
        """A flattened table with a column of fractions above."""
        return (
            "|" in passage.text[passage.start : passage.end]
            and _COLUMN.search(passage.text, max(0, passage.start - Window.TABLE), passage.end) is not None
        )

    def _tell_no_count(self, passage: Passage, match: re.Match[str], doses: list[tuple[int, int]]) -> str:
        """Why a counted word is no number of fractions: a frequency, an ordinal or something else's number. Empty where
        it is one."""
        left, right = passage.left(match.start(), Window.PHRASE), passage.right(match.end(), Window.PHRASE)
        if self._frequency.match(right):
            return "a frequency: it tells how often"
        if _DOSE_A_DAY.search(left) and match["n"].lower() in ("2", "3", "two", "three"):
            return "a frequency: into so many the dose of a day is divided"
        if _DOSE_OF_FRACTION.match(right) and match["n"].lower() == "single":
            return "a dose of one fraction, whatever the number of fractions is"
        if self._not_before.search(left):
            return "a number of something else, by the word before it"
        if "." in match["n"]:
            return "no whole number"
        if match["n"].lower() in ("one", "1") and not _IN_LEFT.search(left):
            if _ONE_OF.match(right):
                return "one fraction of several, no number of them"
            if match["noun"] is None:
                return "one treatment, session or dose, and nothing says that there is no other"
        times = _TIMES_LEFT.search(left) is not None
        if match["weak"]:
            told = self._tells_fractions(passage, match, doses, times)
            return "" if told else f"a number of {match['weak']}, and nothing beside it says that they are fractions"
        if match["applicator"]:
            behind = any(_ADJOINS.fullmatch(passage.text, end, match.start()) for _, end in doses)
            told = bool(doses) and (times or behind or _OF_NUMBER.match(right) is not None)
            return "" if told else "a number of applicators, by which no dose is multiplied"
        if "session" in match["word"].lower() or "sitting" in match["word"].lower():
            told = bool(doses) or _RADIATION.search(match.group()) is not None
            return "" if told else "a number of sessions, and nothing says that they are of radiotherapy"
        return "a fraction with a number, no number of fractions" if _NUMBERED.match(right) else ""

    @staticmethod
    def _tells_fractions(passage: Passage, match: re.Match[str], doses: list[tuple[int, int]], times: bool) -> bool:
        """Whether a word that counts other things too (treatments, doses, times) counts fractions here. `times` says
        that a sign of multiplication stands in front of it."""
        text, word = passage.text, match["weak"].lower().rstrip("s")
        left, right = passage.left(match.start(), Window.PHRASE), passage.right(match.end(), Window.PHRASE)
        ends = [end for _, end in doses if end <= match.start()]
        if times:
            return not _counts_days(left, word) and any(
                match.start() - end <= Window.CLAUSE and not _DRUG_AMOUNT.search(text, end, match.start())
                for end in ends
            )
        if word == "dose" and match["n"].lower() != "single" and _OF_GRAY.match(text, match.end()):
            return True  # `three daily doses of 8 Gy`
        if word == "time":
            return bool(doses) and _TOTAL_LEFT.search(left) is not None
        if word != "treatment" or _OTHER_TREATMENT.search(match["kind"] + left):
            return False
        return bool(
            _RADIATION_KIND.search(match["kind"] or "")
            or _OF_DOSE.match(right)
            or any(_ADJOINS.fullmatch(text, end, match.start()) for end in ends)
            or (_TREATMENTS.search(right) and _RADIATION.search(passage.text[passage.line_start : passage.line_end]))
            or (_TOLD.search(left) and _RADIATION.search(text[passage.line_start : passage.line_end]))
        )


def _counts_days(before: str, word: str) -> bool:
    """Whether a number behind a dose that is given several times a day counts days: `1.5 Gy bid x 15 days`."""
    return "day" in word and _TWICE_A_DAY.search(before) is not None


def _read_number(surface: str) -> int:
    """The value of a number in figures or words, `twenty-seven` included."""
    return sum(int(numbers.read_value(part)) for part in re.split(r"[-\s]+", surface))


def _split_alternatives(text: str, place: _Place) -> list[_Place]:
    """`20 or 25 fractions`: two numbers of fractions, where `20 to 25` is one."""
    written = list(_NUMBER.finditer(text, *place.number))
    if _BETWEEN.search(text[max(0, place.start - Window.ADJOINING) : place.start]):
        return [place]  # `between 3 and 5 fractions`
    parts = [place]
    for one, other in pairwise(written):
        if _ALTERNATIVE.fullmatch(text, one.end(), other.start()):
            whole = parts.pop()
            parts.append(whole._replace(end=one.end(), number=(whole.number[0], one.end())))
            parts.append(whole._replace(start=other.start(), number=(other.start(), whole.number[1])))
    return parts


def _find_bound(passage: Passage, place: _Place) -> Quantity | None:
    """The quantity of a number of fractions that the text bounds on one side: `more than 1 fraction`."""
    for quantity in passage.quantities:
        if quantity.number_start == place.number[0] and quantity.operator in ("ge", "gt", "le", "lt"):
            written = passage.text[quantity.start : quantity.number_start].lower()
            # `over 5 fractions`: in the course of
            return None if quantity.ranged or written.startswith("over") else quantity
    return None


def _read_counts(passage: Passage, found: list[_Place]) -> list[Count]:
    """The numbers at these places, the longest of those that overlap."""
    counts: list[Count] = []
    last = -1
    places = [part for place in found for part in _split_alternatives(passage.text, place)]
    for place in sorted(places, key=lambda p: (p.start, -p.end, p.dose is None)):
        written = list(_NUMBER.finditer(passage.text, *place.number))
        values = [_read_number(number.group()) for number in written]
        if place.start < last or not values:
            continue
        if not 1 <= min(values) <= max(values) <= _MOST:
            _decline(passage, (place.start, place.end), f"no treatment has so many fractions, but 1 to {_MOST}")
            continue
        last = place.end
        pieces: list[QuantityPiece] = [
            ("number", *number.span(), value) for number, value in zip(written, values, strict=True)
        ]
        count = Count(place.start, place.end, min(values), max(values), place.dose, tuple(pieces))
        bound = _find_bound(passage, place) if place.dose is None else None
        counts.append(count if bound is None else _open_end(count, bound))
    return counts


def _open_end(count: Count, bound: Quantity) -> Count:
    """A count with the comparator of a quantity, which leaves an end open."""
    above = bound.operator in ("ge", "gt")
    return count._replace(
        start=min(count.start, bound.start),
        low=count.low if above else None,
        high=None if above else count.high,
        inclusive=bound.operator in ("ge", "le"),
        pieces=tuple(sorted((*[p for p in bound.pieces if p[0] == "comparator"], *count.pieces), key=lambda p: p[1])),
    )


def _decline(passage: Passage, place: tuple[int, int], why: str) -> None:
    """Declines the quantity that has characters of a number at a place."""
    for quantity in passage.quantities if passage.explaining else ():
        if quantity.start < place[1] and place[0] < quantity.end:
            passage.decline(quantity, "FRACTIONS", "fractions.counted", why)
