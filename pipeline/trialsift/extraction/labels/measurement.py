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
from typing import Annotated

from pydantic import Field

from trialsift.extraction.labels.clues import Clue, of_phrases
from trialsift.extraction.labels.named_bounds import (
    NO_BOUND,
    Name,
    find_above,
    find_before,
    find_behind,
    find_in_front,
    find_inside,
    is_bounded,
    list_joined,
    opens_line,
    read_limit,
)
from trialsift.extraction.mentions.lexicon import Lexicon
from trialsift.extraction.quantities.parts import Quantity, Token
from trialsift.extraction.structure.passage import Passage, Window, write_bounds
from trialsift.model.fact import Fact, Scalar
from trialsift.model.interval import Interval
from trialsift.rules.files import Where
from trialsift.rules.label_file import LabelFile
from trialsift.rules.labels import LabelTable
from trialsift.rules.validation import Phrase, Table, read_as

PRESSURES = ("systolic_bp", "diastolic_bp")
_PRESSURE = "blood_pressure"
#: Units that few other things have: words may stand between them and their name.
_TELLING = frozenset({"ms", "kg/m2", "mm[Hg]", "/min", "Cel"})
_WORDS = re.compile(r"(?:[^\d;.•]|\.(?=\S)){0,60}")
_CHANGE = re.compile(
    r"\b(?:chang|increas|decreas|reduc|ris(?:e|ing)|drop|fall|loss|lost|gain|differen|declin|variab|variation|prolong\w*\s+by|"
    r"gradient|ratio|medication|dos(?:e|ing)|mean\s+arterial|venous|portal|intraocular|pulmonary\s+(?:arter|capill|vasc|vein)|ideal|birth|tumou?r)",
    re.I,
)
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
#: `≥ 1.5 x the donor's weight`, `> 95th percentile` are no thresholds on the measure itself.
_RELATIVE = re.compile(r"\s*(?:[x×]|times|-?\s?fold|(?:th|st|nd|rd)?[\s-]*(?:per)?centile)(?![A-Za-z])", re.I)
#: `less than one pound weight loss` is no weight.
_LOSS = re.compile(r"[\s-]*(?:loss|gain|change|reduction|increase|decrease)", re.I)
_CHANGE_IN = re.compile(r"\b(?:increase|decrease|change|decline|reduction|rise|drop|fall) in (?:[\w%-]+ ){0,3}$", re.I)
_RESPECTIVELY = re.compile(r"[^;.•]{0,60}\brespectively\b", re.I)
_OVER = re.compile(r"\s*/\s*")
_STATED = re.compile(r"\s*(?:[,;.)]|(?:or|and|by|on|within)\b|$)", re.M)
_UNIT_ABOVE = re.compile(r"[\s)]*(?:and/or|or|and)?[^\d;.]{0,60}")
_NOT_NAMED = "no measure that its unit and value fit is named right beside it"


@dataclass(frozen=True, slots=True)
class _Measure:
    """The UCUM units of a measure, the usual one first, and the values it can have in that one. `default`: it is in
    that one where none is written. `enough`: too little of it is what keeps somebody out."""

    units: tuple[str, ...]
    values: tuple[float, float]
    default: bool = False
    enough: bool = False


class Bounds(Table):
    """What a threshold can be."""

    low: float
    high: float


class MeasureEntry(Table):
    """A `[measures.…]`: see the beginning of `measurement.toml`."""

    units: Annotated[list[Phrase], Field(min_length=1)]
    values: Bounds
    default: bool = False
    enough: bool = False


class MeasurementFile(LabelFile, extra="forbid"):
    """What the file of a label holds that names this engine."""

    measures: dict[str, MeasureEntry]


class Measurements:
    """The engine. Raises PatternError for a measure that measures.csv doesn't name, and for what is no table of it."""

    def __init__(self, label: LabelTable, lexicon: Lexicon) -> None:
        rules = read_as(MeasurementFile, label.path)
        self._label = label.label
        self._rule, self._pair, self._inferred = (f"measurement.{name}" for name in ("named", "pair", "inferred"))
        self._measures: dict[str, _Measure] = {}
        for identifier, entry in rules.measures.items():
            if identifier not in lexicon.measures:
                place = ("measures", identifier)
                raise Where(label.path, place).error(f"unknown measure {identifier!r} (not in measures.csv)")
            values = entry.values.low, entry.values.high
            self._measures[identifier] = _Measure(tuple(entry.units), values, entry.default, entry.enough)
        self.clues = (Clue((of_phrases(lexicon.names.phrases("measure")),), name="measure"),)

    def find(self, passage: Passage) -> list[Fact]:
        """Facts of the label; their quantities are claimed."""
        names = list(self._find_names(passage.text, passage.tokens))
        above = None
        if passage.above_tokens:
            above = find_above(passage, self._find_names(passage.text, passage.above_tokens))
        facts: list[Fact] = []
        if not names and above is None:
            return facts
        before: tuple[int, Name] | None = None
        open_ones = dict(passage.open_quantities())
        for index, quantity in open_ones.items():
            if index in passage.claimed:
                continue
            if quantity.unit is None and _RELATIVE.match(passage.text, quantity.end):
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
            found = list(self._make_facts(passage, quantity, names, name, following))
            if found:
                facts.extend(found)
                passage.claimed.add(index)
                before = quantity.end, name
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
        after = find_behind(passage, quantity, names)
        if after is not None and after.identifier in PRESSURES and self._fits(after.identifier, quantity):
            return after
        tries = (
            find_inside(quantity, names),
            find_in_front(passage, quantity, names),
            find_before(passage, quantity, before),
            self._far_in_front(passage, quantity, names),
            after,
            above if opens_line(passage, quantity) else None,
        )
        return next((name for name in tries if name is not None and self._fits(name.identifier, quantity)), None)

    def _far_in_front(self, passage: Passage, quantity: Quantity, names: list[Name]) -> Name | None:
        """The last name in front of a quantity in a unit that tells it, over some words."""
        name = next((name for name in reversed(names) if name.end <= quantity.start), None)
        if name is None or quantity.unit is None or quantity.unit.ucum not in _TELLING:
            return None
        between = passage.text[name.end : quantity.start]
        return name if _WORDS.fullmatch(between) and not _CHANGE.search(between) else None

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
        if _tells_change(passage, name):
            why = "a change of the measure or something like it, not its value, by the words beside its name"
            passage.decline(quantity, self._label, self._rule, why)
            return
        interval, rule, extra = read_limit(passage, quantity, name), self._rule, dict[str, Scalar]()
        if interval is None:
            interval = self._infer_limit(passage, quantity, name)
            rule, extra = self._inferred, {"operator_inferred": True}
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
                **extra,
            )

    def _list_sharing(self, passage: Passage, quantity: Quantity, names: list[Name], name: Name) -> Iterator[Name]:
        """The names that share a quantity, each measure once; of those that are told one value each `respectively`, the
        one in the place of the quantity."""
        shared = list_joined(passage, names, name) if name in names and name.end <= quantity.start else [name]
        if len(shared) > 1 and _RESPECTIVELY.match(passage.text, quantity.end):
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
        elided = following is not None and _UNIT_ABOVE.fullmatch(passage.text, quantity.end, following.start)
        return unit if elided and unit in measure.units else None

    def _infer_limit(self, passage: Passage, quantity: Quantity, name: Name) -> Interval | None:
        """The limit that a bare number among criteria must have been: enough of it among inclusion criteria, too little
        among exclusion criteria."""
        if not self._measures[name.identifier].enough or quantity.unit is None or passage.polarity is None:
            return None
        alone = name.start - passage.line_start <= Window.PHRASE and _STATED.match(passage.text, quantity.end)
        if passage.text[name.end : quantity.start].strip(" :=") or not alone:
            return None
        value = quantity.values[0]
        if passage.polarity == "inclusion":
            return Interval(value, True, None, None)
        return Interval(None, None, value, True) if passage.polarity == "exclusion" else None

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


def _tells_change(passage: Passage, name: Name) -> bool:
    """Whether the words beside a name say that a change of the measure is meant, or something like it."""
    named = passage.text[name.start : name.end]
    if _CHANGE.search(passage.left(name.start, Window.ADJOINING)) and not _CHANGE.search(named):
        return True
    return bool(_LOSS.match(passage.text, name.end) or _CHANGE_IN.search(passage.left(name.start, Window.CLAUSE)))
