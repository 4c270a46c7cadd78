"""FRACTIONS: numbers of radiotherapy fractions, told from frequencies, ordinals and other fractions.

A number counts fractions when a word for fraction follows (`25 fractions`, `3 stereotactic treatments`), when it
multiplies a dose (`25 x 2 Gy`, `2 Gy x 25`), or when it stands right behind a total (`50 Gy/25`, `40 Gy in 15`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from trialsift.extraction.labels.dose.wording import FractionWords
from trialsift.extraction.quantities import numbers
from trialsift.extraction.quantities.parts import Quantity, QuantityPiece
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.model.fact import Fact, Scalar
from trialsift.rules.guarded import find_needed, holds
from trialsift.rules.layers import Folder
from trialsift.rules.wording import read_wordings

_MOST = 120
#: In Gy, of one fraction; and fewer fractions than most courses have: which of two numbers is the dose.
_LARGEST, _FEW = 24, 6
#: Words without which a passage that holds no dose says nothing of fractions.
TELLING = ("fraction", "fx", "session", "treatments", "stereotactic", "sitting", "radiations")


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


class Product(NamedTuple):
    """What makes a total, without a unit of its own (`18 Gy (10 × 1.8)`): the number of fractions, None where it is not
    told, and the place of the dose per fraction with its value in the unit of the total."""

    fractions: Count | None
    dose: tuple[int, int, float]


class _Place(NamedTuple):
    """Where a number of fractions stands with its words, the place of the number itself, and the dose that it
    multiplies."""

    start: int
    end: int
    number: tuple[int, int]
    dose: int | None = None


class Fractions:
    """The FRACTIONS half of the dose engine. Words are in `patterns/wording/fractions.toml`."""

    def __init__(self, folder: Folder) -> None:
        self._words = words = read_wordings(folder).fill(FractionWords, "fractions")
        self._needed = find_needed(words.counted)
        self._needed_for_labelled = find_needed(words.labelled)
        self._needed_for_single = find_needed(words.single)

    @staticmethod
    def worth_a_look(passage: Passage) -> bool:
        """Whether a passage without a dose can speak of fractions."""
        return holds(passage.plain, TELLING)

    def find(self, passage: Passage, doses: list[tuple[int, int]]) -> list[Count]:
        """The numbers of fractions of a passage; `doses` are the places of its radiation doses."""
        found: list[_Place] = []
        for start, end in doses:
            found.extend(self._find_beside(passage, start, end))
        counted = self._words.counted.finditer(passage.text, passage.start, passage.end)
        for match in counted if holds(passage.plain, self._needed) else ():
            own = self._words.own_number.fullmatch(match["n"])
            if own and self._words.not_before.search(passage.left(match.start(), Window.PHRASE)):
                begin = match.start("n") + own.start("n")  # `Level 1 - 5 fractions`
                found.append(_Place(begin, match.end("word"), (begin, match.end("n"))))
                continue
            if why := self._tell_no_count(passage, match, doses):
                _decline(passage, match.span("n"), why)
                continue
            begin = match.start("approx") if match["approx"] else match.start("n")
            found.append(_Place(begin, match.end("word"), match.span("n")))
        if holds(passage.plain, self._needed_for_labelled):
            for match in self._words.labelled.finditer(passage.text, passage.start, passage.end):
                found.append(_Place(*match.span("n"), match.span("n")))
        single = self._words.single.finditer(passage.text, passage.start, passage.end)
        for match in single if doses and holds(passage.plain, self._needed_for_single) else ():
            near = any(
                0 <= start - match.end() <= 6
                or -1 <= match.start() - end <= 22
                or self._words.of_irradiation.fullmatch(passage.text, match.end(), start)
                for start, end in doses
            )
            near = near and not self._words.one_of.match(passage.right(match.end(), Window.PHRASE))
            if near and not self._words.not_single.search(passage.left(match.start(), Window.ADJOINING)):
                found.append(_Place(*match.span(), match.span("n")))
        return _read_counts(passage, found, self._words)

    def _find_beside(self, passage: Passage, start: int, end: int) -> Iterator[_Place]:
        """Numbers of fractions right before or behind a dose."""
        text = passage.text
        before = self._words.before_times.search(text, passage.left_start(start, Window.ADJOINING), start)
        if before and not self._words.a_week.match(text[end : end + 12]):
            yield _Place(before.start("n"), len(text[:start].rstrip(" (")), before.span("n"), start)
        after = self._words.after_times.match(text, end, passage.end)
        if after and not _counts_days(text[end : after.start("x")], after["word"] or "", self._words):
            yield _Place(after.start("n") if after["word"] else after.start("x"), after.end(), after.span("n"), start)
        slashed = self._words.slashed.match(text, end, passage.end)
        if slashed:
            yield _Place(slashed.start("n"), slashed.end("word" if slashed["word"] else "n"), slashed.span("n"))
        bare = self._words.in_bare.match(text, end, passage.end) or (
            self._is_tabulated(passage) and self._words.cell.match(text, end, passage.end)
        )
        if bare:
            yield _Place(bare.start("n"), max(bare.end(name) for name in bare.groupdict()), bare.span("n"))
        told = self._words.in_all.match(text, end, passage.end)
        if told:
            yield _Place(*told.span("n"), told.span("n"))
        several = self._words.several_before.search(text, passage.left_start(start, Window.PHRASE), start)
        if several and self._words.several_behind.match(text, end, passage.end):
            yield _Place(*several.span("n"), several.span("n"))
        single = self._words.single_before.search(text, passage.left_start(start, Window.ADJOINING), start)
        if single and self._words.single_behind.match(text[end : end + 12]):
            yield _Place(*single.span("n"), single.span("n"))

    def find_product(self, passage: Passage, total: Quantity, end: int) -> Product | None:
        """Returns the product right behind a total whose numbers have no unit: `45 Gy (25 × 1.8)`, `at 1.8 in 25`."""
        found = None if total.ranged else self._words.product.match(passage.text, end, passage.end)
        if found is None:
            return None
        one, other = next(pair for pair in (("a", "b"), ("n", "d"), ("n", "e")) if found[pair[1]])
        if found["a"] and ("." in found["a"] or (float(found["b"]) > _LARGEST and float(found["a"]) < _FEW)):
            one, other = other, one  # `(1.8 x 25)`, `(2 x 30)`
        each = float(found[other])
        number = float(found[one]) if found[one] else round(total.values[0] / (each or 1))
        if not 2 <= number <= _MOST or number % 1 or abs(number * each - total.values[0]) > 0.01 * total.values[0]:
            return None
        dose = (*found.span(other), each)
        if not found[one]:
            return Product(None, dose)
        start, stop = found.span(one)
        piece: QuantityPiece = ("number", start, stop, number)
        if found["a"]:
            sign = found.span("x")
            start, stop = min(start, sign[0] if sign[0] < start else start), max(stop, sign[1] if sign[1] > stop else 0)
        return Product(Count(start, stop, int(number), int(number), dose[0] if found["a"] else None, (piece,)), dose)

    def _is_tabulated(self, passage: Passage) -> bool:
        """A flattened table with a column of fractions above."""
        return (
            "|" in passage.text[passage.start : passage.end]
            and self._words.column.search(passage.text, max(0, passage.start - Window.TABLE), passage.end) is not None
        )

    def _tell_no_count(self, passage: Passage, match: re.Match[str], doses: list[tuple[int, int]]) -> str:
        """Why a counted word is no number of fractions: a frequency, an ordinal or something else's number. Empty where
        it is one."""
        left, right = passage.left(match.start(), Window.PHRASE), passage.right(match.end(), Window.PHRASE)
        if self._words.frequency.match(right):
            return "a frequency: it tells how often"
        few = match["n"].lower() in ("2", "3", "two", "three")
        if few and (self._words.dose_a_day.search(left) or self._words.divides_day.match(right)):
            return "a frequency: into so many the dose of a day is divided"
        behind = any(self._words.adjoins.fullmatch(passage.text, end, match.start()) for _, end in doses)
        if match["n"].lower() == "single" and not behind and self._words.dose_of_fraction.match(right):
            return "a dose of one fraction, whatever the number of fractions is"
        if match["n"].lower() != "single" and self._words.not_before.search(left):
            return "a number of something else, by the word before it"
        if "." in match["n"]:
            return "no whole number"
        if match["n"].lower() in ("one", "1") and not self._words.in_before.search(left):
            if self._words.one_of.match(right):
                return "one fraction of several, no number of them"
            if match["noun"] is None:
                return "one treatment, session or dose, and nothing says that there is no other"
        times = self._words.times_before.search(left) is not None
        if match["weak"]:
            told = self._tells_fractions(passage, match, doses, times)
            return "" if told else f"a number of {match['weak']}, and nothing beside it says that they are fractions"
        if match["applicator"]:
            told = bool(doses) and (times or behind or self._words.of_number.match(right) is not None)
            return "" if told else "a number of applicators, by which no dose is multiplied"
        if "session" in match["word"].lower() or "sitting" in match["word"].lower():
            told = bool(doses) or self._words.radiation.search(match.group()) is not None
            return "" if told else "a number of sessions, and nothing says that they are of radiotherapy"
        if match["word"].lower().endswith("radiations") and not doses and self._words.light.search(passage.text):
            return "a number of irradiations, and not of radiotherapy"
        return "a fraction with a number, no number of fractions" if self._words.numbered.match(right) else ""

    def _tells_fractions(
        self, passage: Passage, match: re.Match[str], doses: list[tuple[int, int]], times: bool
    ) -> bool:
        """Whether a word that counts other things too (treatments, doses, times) counts fractions here. `times` says
        that a sign of multiplication stands in front of it."""
        text, word = passage.text, match["weak"].lower().rstrip("s")
        left, right = passage.left(match.start(), Window.PHRASE), passage.right(match.end(), Window.PHRASE)
        ends = [end for _, end in doses if end <= match.start()]
        if times:
            return not _counts_days(left, word, self._words) and any(
                match.start() - end <= Window.CLAUSE and not self._words.drug_amount.search(text, end, match.start())
                for end in ends
            )
        if self._words.thing.match(right):
            return False
        if word == "dose" and doses and self._words.of_each.search(left):
            return True  # `1.8 Gy/d for 28 doses`
        if word == "dose" and match["n"].lower() != "single" and self._words.of_gray.match(text, match.end()):
            return True  # `three daily doses of 8 Gy`
        if word == "time":
            return bool(doses) and self._words.total_before.search(left) is not None
        if word != "treatment" or self._words.other_treatment.search(match["kind"] + left):
            return False
        return bool(
            self._words.radiation_kind.search(match["kind"] or "")
            or self._words.of_dose.match(right)
            or any(self._words.adjoins.fullmatch(text, end, match.start()) for end in ends)
            or (
                self._words.treatments.match(right)
                and self._words.radiation.search(passage.text[passage.line_start : passage.line_end])
            )
            or (
                self._words.told.search(left)
                and self._words.radiation.search(text, max(0, passage.line_start - Window.LINE), passage.line_end)
            )
        )


def _counts_days(before: str, word: str, words: FractionWords) -> bool:
    """Whether a number behind a dose that is given several times a day counts days: `1.5 Gy bid x 15 days`."""
    return "day" in word and words.twice_a_day.search(before) is not None


def _read_number(surface: str) -> int:
    """The value of a number in figures or words, `twenty-seven` included."""
    return sum(int(numbers.read_value(part)) for part in re.split(r"[-\s]+", surface))


def _split_alternatives(text: str, place: _Place, words: FractionWords) -> list[_Place]:
    """`20 or 25 fractions`: two numbers of fractions, where `20 to 25` is one."""
    written = list(words.number.finditer(text, *place.number))
    if words.between.search(text[max(0, place.start - Window.ADJOINING) : place.start]):
        return [place]  # `between 3 and 5 fractions`
    parts = [place]
    for one, other in pairwise(written):
        if words.alternative.fullmatch(text, one.end(), other.start()):
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


def _read_counts(passage: Passage, found: list[_Place], words: FractionWords) -> list[Count]:
    """The numbers at these places, the longest of those that overlap."""
    counts: list[Count] = []
    last = -1
    places = [part for place in found for part in _split_alternatives(passage.text, place, words)]
    for place in sorted(places, key=lambda p: (p.start, -p.end, p.dose is None)):
        written = list(words.number.finditer(passage.text, *place.number))
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
