"""MEASUREMENT: thresholds on what is measured of a patient and is no laboratory test, such as `QTcF > 470 ms`.

Names are those of `patterns/measures.csv`; the label's file says which of them are read, in which units, and what
values they can have. In: a passage with its tokens and quantities. Out: facts. Beside what generic.py does with a name
and a bound it reads the two numbers of a blood pressure (`> 160/100 mmHg`), a bound that several names share (`FEV1 and
DLCO ≥ 50 %`), and limits that lost their operator where too little is what excludes (`Ejection fraction 50%`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, NamedTuple

from pydantic import Field

from trialsift.extraction.labels.clues import Clue, of_phrases
from trialsift.extraction.labels.named_bounds import NO_BOUND, Name, NamedBounds, find_inside, is_bounded, opens_line
from trialsift.extraction.mentions.lexicon import Lexicon
from trialsift.extraction.quantities.parts import Quantity, Token
from trialsift.extraction.structure.passage import Passage, Window, write_bounds
from trialsift.model.fact import Fact
from trialsift.model.interval import Interval
from trialsift.rules.files import Where
from trialsift.rules.label_file import LabelFile
from trialsift.rules.labels import LabelTable
from trialsift.rules.layers import Folder
from trialsift.rules.validation import Phrase, Table, read_as
from trialsift.rules.wording import read_wordings

PRESSURES = ("systolic_bp", "diastolic_bp")
_PRESSURE = "blood_pressure"
#: Units that few other things have: words may stand between them and their name.
_TELLING = frozenset({"ms", "kg/m2", "mm[Hg]", "/min", "Cel", "kg"})
_NEXT = re.compile(r"\s*[(\[]?\s*")
_BRACKET = re.compile(r"\s*[(\[]\s*")
_BESIDE = re.compile(r"\s*\)?\s*/\s*")
#: Names that are one: `systolic BP`, `FEV1/forced vital capacity (FVC)`.
_WHOLES = {
    ("systolic_bp", "blood_pressure"): ("systolic_bp", _NEXT),
    ("diastolic_bp", "blood_pressure"): ("diastolic_bp", _NEXT),
    ("fev1", "fvc"): ("fev1_fvc", _BESIDE),
    ("fev1_fvc", "fvc"): ("fev1_fvc", _BRACKET),
}
_OVER = re.compile(r"\s*/\s*")
_NOT_NAMED = "no measure that its unit and value fit is named right beside it"


class MeasureWords(NamedTuple):
    """Words around a threshold (`patterns/wording/measurement.toml`)."""

    change: re.Pattern[str]
    loss: re.Pattern[str]
    change_in: re.Pattern[str]
    relative: re.Pattern[str]
    respectively: re.Pattern[str]
    stated: re.Pattern[str]
    unit_later: re.Pattern[str]
    far: re.Pattern[str]
    restated: re.Pattern[str]
    both: re.Pattern[str]
    too_low: re.Pattern[str]
    too_high: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Measure:
    """The UCUM units of a measure, the usual one first, and the values it can have in that one. `default`: it is in
    that one where none is written. `enough`: whether too little of it is what keeps somebody out, or too much; None
    where either may. `middle`: an exclusion that lost its sign excludes what lies beyond, as seen from here."""

    units: tuple[str, ...]
    values: tuple[float, float]
    default: bool = False
    enough: bool | None = None
    middle: float | None = None


class Bounds(Table):
    """What a threshold can be."""

    low: float
    high: float


class MeasureEntry(Table):
    """A `[measures.…]`: see the beginning of `measurement.toml`."""

    units: Annotated[list[Phrase], Field(min_length=1)]
    values: Bounds
    default: bool = False
    enough: bool | None = None
    middle: float | None = None


class MeasurementFile(LabelFile, extra="forbid"):
    """What the file of a label holds that names this engine."""

    measures: dict[str, MeasureEntry]


class Measurements:
    """The engine. Raises PatternError for a measure that measures.csv doesn't name, and for what is no table of it."""

    def __init__(self, label: LabelTable, lexicon: Lexicon, folder: Folder) -> None:
        self._bounds, self._words = NamedBounds(folder), read_wordings(folder).fill(MeasureWords, "measurement")
        rules = read_as(MeasurementFile, label.path)
        self._label = label.label
        self._rule, self._pair, self._inferred = (f"measurement.{name}" for name in ("named", "pair", "inferred"))
        self._measures: dict[str, _Measure] = {}
        for identifier, entry in rules.measures.items():
            if identifier not in lexicon.measures:
                place = ("measures", identifier)
                raise Where(label.path, place).error(f"unknown measure {identifier!r} (not in measures.csv)")
            values = entry.values.low, entry.values.high
            self._measures[identifier] = _Measure(tuple(entry.units), values, entry.default, entry.enough, entry.middle)
        self.clues = (Clue((of_phrases(lexicon.names.iter_phrases("measure")),), name="measure"),)

    def find(self, passage: Passage) -> list[Fact]:
        """Facts of the label; their quantities are claimed."""
        names = list(self._find_names(passage.text, passage.tokens))
        above = None
        if passage.above_tokens:
            above = self._bounds.find_above(passage, self._find_names(passage.text, passage.above_tokens))
        facts: list[Fact] = []
        if not names and above is None:
            return facts
        before: tuple[int, Name] | None = None
        open_ones = dict(passage.open_quantities())
        for index, quantity in open_ones.items():
            if index in passage.claimed:
                continue
            if quantity.unit is None and self._words.relative.match(passage.text, quantity.end):
                passage.decline(quantity, self._label, self._rule, "a multiple of something else, or a percentile")
                continue
            name = self._find_name(passage, quantity, names, before, above)
            if name is None:
                passage.decline(quantity, self._label, self._rule, _NOT_NAMED)
                continue
            following = open_ones.get(index + 1)
            if following is not None and self._is_pressure(passage, quantity, following, name):
                facts.extend(self._make_pair(passage, quantity, following, name))
                passage.claimed |= {index, index + 1}
                before = following.end, Name(name.start, name.end, _PRESSURE)
                continue
            joined = self._join_lost(passage, quantity, following)
            if joined is not None and following is not None:
                passage.claimed.add(index + 1)
            found = list(self._make_facts(passage, joined or quantity, names, name, following))
            if found:
                facts.extend(found)
                passage.claimed.add(index)
                before = (joined or quantity).end, name
        return facts

    def _list_mentions(self, tokens: list[Token]) -> Iterator[tuple[int, int, str]]:
        for token in tokens:
            value = token.value
            if isinstance(value, tuple) and value[0] == "measure" and value[1] in self._measures:
                yield token.start, token.end, value[1]

    def _find_names(self, text: str, tokens: list[Token]) -> Iterator[Name]:
        last: Name | None = None
        for start, end, identifier in self._list_mentions(tokens):
            name = Name(start, end, identifier)
            if last is not None:
                same = (identifier, _BRACKET) if last.identifier == identifier else ("", _NEXT)
                whole, between = _WHOLES.get((last.identifier, identifier), same)
                if whole and between.fullmatch(text, last.end, start):  # of two names, one
                    name = Name(last.start, end, whole)
                else:
                    yield last
            last = name
        if last is not None:
            yield last

    def _find_name(
        self,
        passage: Passage,
        quantity: Quantity,
        names: list[Name],
        before: tuple[int, Name] | None,
        above: Name | None,
    ) -> Name | None:
        """The name that a quantity belongs to; None where none stands beside it, or its unit or value fits none."""
        after = self._bounds.find_behind(passage, quantity, names)
        if after is not None and after.identifier in PRESSURES and self._fits(after.identifier, quantity):
            return after
        tries = (
            find_inside(quantity, names),
            self._bounds.find_in_front(passage, quantity, names),
            self._bounds.find_before(passage, quantity, before),
            self._far_in_front(passage, quantity, names),
            after,
            above if opens_line(passage, quantity) else None,
        )
        return next((name for name in tries if name is not None and self._fits(name.identifier, quantity)), None)

    def _far_in_front(self, passage: Passage, quantity: Quantity, names: list[Name]) -> Name | None:
        """The last name in front of a quantity in a unit that tells it, over some words."""
        if quantity.unit is None or quantity.unit.ucum not in _TELLING:
            return None
        if quantity.unit.ucum == "kg" and passage.polarity is None:
            return None  # doses and results have it too
        fitting = (name for name in reversed(names) if name.end <= quantity.start)
        name = next((name for name in fitting if self._fits(name.identifier, quantity)), None)
        if name is None:
            return None
        between = passage.text[name.end : quantity.start]
        return name if self._words.far.fullmatch(between) and not self._words.change.search(between) else None

    def _fits(self, identifier: str, quantity: Quantity) -> bool:
        measure = self._measures[identifier]
        unit = None if quantity.unit is None else quantity.unit.ucum
        if unit is not None and unit not in measure.units:
            return False
        low, high = measure.values
        return unit not in (None, measure.units[0]) or all(low <= value <= high for value in quantity.values)

    def _make_facts(
        self, passage: Passage, quantity: Quantity, names: list[Name], name: Name, following: Quantity | None
    ) -> Iterator[Fact]:
        """A fact for each name that shares the quantity; none where it states no bound, or one on a change."""
        if self._tells_change(passage, name):
            why = "a change of the measure or something like it, not its value, by the words beside its name"
            passage.decline(quantity, self._label, self._rule, why)
            return
        interval, rule = self._bounds.read_limit(passage, quantity, name), self._rule
        interval = interval or self._read_again(passage, quantity, name)
        inferred = interval is None or (quantity.ranged and quantity.operator == "eq")
        if inferred:
            interval, rule = interval or self._infer_limit(passage, quantity, name), self._inferred
        if interval is None:
            passage.decline(quantity, self._label, rule, NO_BOUND)
            return
        for one in self._list_sharing(passage, quantity, names, name):
            unit = self._read_unit(passage, quantity, one.identifier, following)
            passage.note(quantity.start, "name", (one.start, one.end), one.identifier)
            yield passage.fact(
                self._label,
                rule,
                quantity.start,
                quantity.end,
                measure=one.identifier,
                **write_bounds(interval),
                unit=unit,
                operator_inferred=inferred,
            )

    def _tells_change(self, passage: Passage, name: Name) -> bool:
        """Whether the words beside a name say that a change of the measure is meant, or something like it."""
        words, named = self._words, passage.text[name.start : name.end]
        if words.change.search(passage.left(name.start, Window.ADJOINING)) and not words.change.search(named):
            return True
        clause = passage.left(name.start, Window.CLAUSE)
        return bool(words.loss.match(passage.text, name.end) or words.change_in.search(clause))

    def _list_sharing(self, passage: Passage, quantity: Quantity, names: list[Name], name: Name) -> Iterator[Name]:
        """The names that share a quantity, each measure once; of those that are told one value each `respectively`, the
        one in the place of the quantity."""
        shared = (
            self._bounds.list_joined(passage, names, name) if name in names and name.end <= quantity.start else [name]
        )
        if len(shared) > 1 and self._words.respectively.match(passage.text, quantity.end):
            place = sum(name.end <= other.start < quantity.start for other in passage.quantities)
            shared = shared[place : place + 1]
        done: set[str] = set()
        for one in shared:
            if one.identifier in done or not self._fits(one.identifier, quantity):
                continue
            if one is not name and (quantity.unit is None or one.identifier == _PRESSURE):
                continue
            done.add(one.identifier)
            yield one

    def _read_unit(
        self, passage: Passage, quantity: Quantity, identifier: str, following: Quantity | None
    ) -> str | None:
        """The unit as written, the one that always goes without saying, or that of the quantity which follows."""
        measure = self._measures[identifier]
        if quantity.unit is not None:
            return quantity.unit.ucum
        if measure.default:
            return measure.units[0]
        unit = None if following is None or following.unit is None else following.unit.ucum
        elided = following is not None and self._words.unit_later.fullmatch(passage.text, quantity.end, following.start)
        return unit if elided and unit in measure.units else None

    def _join_lost(self, passage: Passage, quantity: Quantity, following: Quantity | None) -> Quantity | None:
        """Both ends of a range of which both signs were lost: `QTc = 350 ms and = 450 ms`."""
        if following is None or passage.polarity != "inclusion" or not quantity.operator == following.operator == "eq":
            return None
        units = {q.unit.ucum for q in (quantity, following) if q.unit is not None}
        low, high = quantity.values[0], following.values[0]
        if len(units) > 1 or low >= high or not self._words.both.fullmatch(passage.text, quantity.end, following.start):
            return None
        return quantity._replace(
            end=following.end,
            interval=Interval(low, True, high, True),
            unit=following.unit or quantity.unit,
            values=(low, high),
            ranged=True,
            pieces=(*quantity.pieces, *following.pieces),
        )

    def _read_again(self, passage: Passage, quantity: Quantity, name: Name) -> Interval | None:
        """The bound of a value that is only said again in another unit: `> 50 kg (110 lbs)`."""
        if quantity.unit is None or quantity.operator is not None:
            return None
        before = next((other for other in reversed(passage.quantities) if other.end <= quantity.start), None)
        if before is None or not is_bounded(before) or before.ranged or before.start < name.end:
            return None
        if before.unit is None or before.unit.ucum == quantity.unit.ucum or not self._fits(name.identifier, before):
            return None
        again = self._words.restated.fullmatch(passage.text, before.end, quantity.start)
        return _move(before.interval, quantity.values[0]) if again else None

    def _infer_limit(self, passage: Passage, quantity: Quantity, name: Name) -> Interval | None:
        """The limit that a number among criteria must have been: what the words in front of the name tell of it, else
        enough of it among inclusion criteria, too little among exclusion criteria, or the other way round.

        A number behind what is left of a sign had one; any other must be a statement of its own.
        """
        measure, value = self._measures[name.identifier], quantity.values[0]
        unit = quantity.unit is not None or (measure.default and quantity.operator == "eq")
        if not unit or passage.polarity is None or name.end > quantity.start:
            return None
        if quantity.operator is None:
            alone = name.start - passage.line_start <= Window.PHRASE
            stated = self._words.stated.match(passage.text, quantity.end)
            if passage.text[name.end : quantity.start].strip(" :=") or not (alone and stated) or measure.enough is None:
                return None
        low = self._find_side(passage, name, measure, value)
        if low is None:
            return None
        return Interval(value, True, None, None) if low else Interval(None, None, value, True)

    def _find_side(self, passage: Passage, name: Name, measure: _Measure, value: float) -> bool | None:
        """Whether a lost sign made a lowest value of a number; None where nothing tells."""
        before = passage.left(name.start, Window.STATEMENT)
        if self._words.too_low.search(before):
            return False
        if self._words.too_high.search(before):
            return True
        if measure.enough is not None:
            return measure.enough is (passage.polarity == "inclusion")
        if measure.middle is not None and passage.polarity == "exclusion":
            return value > measure.middle
        return None

    def _is_pressure(self, passage: Passage, first: Quantity, second: Quantity, name: Name) -> bool:
        """Whether two quantities are the two numbers of a blood pressure, and a limit."""
        if name.identifier not in (_PRESSURE, *PRESSURES):
            return False
        stated = is_bounded(first) or is_bounded(second)
        unit = second.unit is None or second.unit.ucum == "mm[Hg]"
        slashed = _OVER.fullmatch(passage.text, first.end, second.start) is not None
        return stated and unit and first.unit is None and slashed and self._fits(_PRESSURE, second)

    def _make_pair(self, passage: Passage, first: Quantity, second: Quantity, name: Name) -> Iterator[Fact]:
        operator = first if is_bounded(first) else second
        unit = None if second.unit is None else second.unit.ucum
        for measure, quantity in zip(PRESSURES, (first, second), strict=True):
            interval = quantity.interval
            if not quantity.ranged and quantity is not operator:
                interval = _move(operator.interval, quantity.values[0])
            passage.note(quantity.start, "name", (name.start, name.end), measure)
            yield passage.fact(
                self._label,
                self._pair,
                quantity.start,
                quantity.end,
                measure=measure,
                **write_bounds(interval),
                unit=unit,
            )


def _move(interval: Interval, value: float) -> Interval:
    """The same bound at another value."""
    return Interval(
        None if interval.low is None else value,
        interval.low_inclusive,
        None if interval.high is None else value,
        interval.high_inclusive,
    )
