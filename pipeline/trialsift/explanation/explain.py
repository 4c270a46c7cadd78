"""From a reading to an explanation of each of its facts."""

from __future__ import annotations

from collections.abc import Iterator

from ..context import CONTEXT
from ..entities.lab_plausibility import plausible_bounds
from ..entities.performance_status import SCALES
from ..entities.radiation_role import gray
from ..extraction import Extractor, Reading, polarity
from ..facts import Fact
from ..quantity.numbers import tidy
from ..quantity.parts import Quantity
from ..sections import section_at
from ..words import interval_words, scalar_words
from .data import Explanation, Found, Piece, Step
from .names import name_of
from .quantities import QuantityPieces
from .scores import area_pieces, count_pieces, score_pieces

NOT_WRITTEN = "(none written)"
_TRUE = "true"


def explain(extractor: Extractor, text: str) -> list[Explanation]:
    """An explanation of each fact that `extractor.annotate(text)` gives, in the same order."""
    return explain_reading(extractor, text, extractor.read(text))


def explain_reading(extractor: Extractor, text: str, reading: Reading) -> list[Explanation]:
    """The same for a text that `extractor.read` has read already."""
    rules = {rule.id: rule.description for label in extractor.engines.labels for rule in label.rules}
    explained = []
    for index, fact in enumerate(reading.annotation.facts):
        told = _Fact(extractor, text, reading, index)
        pieces = {Piece(p.kind, p.start, p.end, text[p.start : p.end], p.meaning) for p in told.found}
        ordered = tuple(sorted(pieces, key=lambda piece: (piece.start, piece.end, piece.kind)))
        explained.append(Explanation(fact, rules.get(fact.rule, ""), ordered, tuple(told.steps)))
    return explained


class _Fact:
    """Collects the pieces and steps of one fact."""

    def __init__(self, extractor: Extractor, text: str, reading: Reading, index: int) -> None:
        self._extractor, self._text, self._reading, self._index = extractor, text, reading, index
        self._fact, self._passage = reading.annotation.facts[index], reading.passages[index]
        self.found: list[Found] = []
        self.steps: list[Step] = []
        quantities = self._quantities()
        name = name_of(self._fact, self._passage, extractor.engines.drugs)
        self._add(*([name] if name else []))
        self._add(*self._value(quantities))
        self.steps.extend(self._inferred(quantities))
        self._roles()
        self._case()
        self._polarity()
        self._context()

    def _add(self, *found: Found) -> None:
        for piece in found:
            self.found.append(piece)
            self.steps.append(self._step(piece.kind, piece, piece.meaning))

    def _step(self, name: str, piece: Found, after: str) -> Step:
        return Step(name, self._written(piece.start, piece.end), after, (piece.start, piece.end))

    def _written(self, start: int, end: int) -> str:
        return " ".join(self._text[start:end].split())

    def _quantities(self) -> list[Quantity]:
        """The quantities that a fact was read from; an age may join two, and a dose leaves out the time of a rate."""
        fact = self._fact
        if fact.label in ("PERFORMANCE_STATUS", "FRACTIONS") or fact.attributes.get("unit") == "AUC":
            return []
        return [
            q
            for q in self._passage.quantities
            if fact.start <= q.start < fact.end and (q.end <= fact.end or q.kind == "radiation_rate")
        ]

    # -- the value --------------------------------------------------------------------------------------------

    def _value(self, quantities: list[Quantity]) -> Iterator[Found]:
        fact, passage, reader = self._fact, self._passage, self._extractor.reader
        for note in passage.notes:
            if note.fact == fact.start and note.about == "birth" and note.place and fact.label == "AGE":
                yield Found("number", *note.place, note.meaning)
        if fact.label == "PERFORMANCE_STATUS":
            yield from score_pieces(fact, passage, reader.comparators)
        elif fact.label == "FRACTIONS":
            yield from count_pieces(fact, passage)
        elif fact.attributes.get("unit") == "AUC":
            yield from area_pieces(fact, passage)
        for quantity in quantities:
            found = QuantityPieces(reader, passage, quantity, fact.end).found()
            yield from found
            if quantity.unit is not None and not any(piece.kind == "unit" for piece in found):
                yield from self._units_of(quantity)
        later = self._later()
        if later is not None:
            found = QuantityPieces(reader, passage, later, later.end).found()
            yield from [piece for piece in found if piece.kind == "unit"][:1]

    def _later(self) -> Quantity | None:
        """The quantity behind an elided one, whose unit it takes."""
        if self._fact.rule != "dose.elided":
            return None
        behind = (q for q in self._passage.quantities if q.start >= self._fact.end and q.unit is not None)
        return next(behind, None)

    def _units_of(self, quantity: Quantity) -> Iterator[Found]:
        """The unit of a quantity that leaves out what its neighbour says."""
        for other in self._passage.quantities:
            if other.unit is quantity.unit and other is not quantity:
                found = QuantityPieces(self._extractor.reader, self._passage, other, other.end).found()
                yield from [piece for piece in found if piece.kind == "unit"][:1]
                return

    def _inferred(self, quantities: list[Quantity]) -> Iterator[Step]:
        """What follows from the pieces, or stands in place of one that is not written."""
        fact, attributes = self._fact, self._fact.attributes
        kinds = {piece.kind for piece in self.found}
        if attributes.get("operator_inferred"):
            yield Step("lost operator", "(no ≥ or ≤ written)", f"{_sides(fact)}; inferred from what is asked for")
        elif quantities and "comparator" not in kinds and _sides(fact) in _ONE_SIDED:
            yield from self._carried()
        if fact.label == "FRACTIONS" and "unit" not in kinds:
            yield Step("unit", NOT_WRITTEN, "fractions: the number stands beside a dose")
        one = any(piece.kind == "number" and piece.meaning == "1" for piece in self.found)
        if not one and any(q.kind == "limit" and 1 in q.values for q in quantities):  # `≤ ULN`
            yield Step("number", NOT_WRITTEN, "1")
        if quantities:
            yield from self._units(quantities)
        if fact.label == "PERFORMANCE_STATUS":
            least, most, step = SCALES[str(attributes["scale"])]
            if "comparator" in kinds or attributes.get("operator_inferred"):
                by = "" if step == 1 else f" by {step}"
                scale = f"{attributes['scale']}, which runs {least} to {most}{by}"
                yield Step("scale", scale, interval_words(attributes))
        if attributes.get("plausible") is False:
            yield self._implausible()

    def _carried(self) -> Iterator[Step]:
        """A comparator that stands in front of another value, or of the drug's name."""
        fact, passage = self._fact, self._passage
        name = next((piece for piece in self.found if piece.kind == "name"), None)
        if fact.label == "DOSE" and name is not None and name.end <= fact.start:
            comparators = self._extractor.reader.comparators
            for token in reversed(passage.tokens):
                sign = token.kind == "op" and token.end <= name.start
                if sign and comparators.operator(passage.text[token.start : token.end]) in _OPERATORS[_sides(fact)]:
                    piece = Found("comparator", token.start, token.end, _sides(fact))
                    self.found.append(piece)
                    yield self._step("comparator", piece, piece.meaning)
                    return
        before = self._before()
        if fact.label in ("LAB", "DOSE") and before is not fact and _sides(before) == _sides(fact):
            yield Step("comparator", NOT_WRITTEN, f"{_sides(fact)}, as in `{self._written(before.start, before.end)}`")

    def _before(self) -> Fact:
        """The fact of the same label in front of this one in the sentence; itself where there is none."""
        found = self._fact
        for other, passage in zip(self._reading.annotation.facts, self._reading.passages, strict=True):
            if passage is self._passage and other.label == found.label and other.start < self._fact.start:
                found = other
        return found

    def _units(self, quantities: list[Quantity]) -> Iterator[Step]:
        fact, attributes = self._fact, self._fact.attributes
        quantity = quantities[-1]
        unit = attributes.get("unit")
        read = (self._later() or quantity).unit
        radiation = attributes.get("modality") == "radiation"
        scale = gray(self._later() or quantity) if radiation else 1.0
        if scale != 1 and read is not None:
            written = "–".join(scalar_words(tidy(value)) for value in quantity.values)
            yield Step("conversion", f"{written} {read.ucum.split('/')[0]}", f"{interval_words(attributes)} {unit}")
        elif read is None and unit is not None:
            yield Step("unit", NOT_WRITTEN, str(unit))
        elif read is not None and unit != read.ucum and not radiation:
            yield Step("unit", f"{read.ucum} of this {_THING.get(fact.label, 'value')}", scalar_words(unit))
        for value, other in self._other_times(quantity):
            yield Step(
                "conversion", f"{scalar_words(tidy(value))} {other}", f"{scalar_words(attributes['high'])} {unit}"
            )
        ends = {attributes.get("low"), attributes.get("high")} - {None}
        if fact.label == "LAB" and len(quantities) == 1 and not ends & {tidy(v) for v in quantity.values}:
            written = ", ".join(scalar_words(tidy(value)) for value in quantity.values)
            yield Step("lost exponent", written, interval_words(attributes))

    def _other_times(self, quantity: Quantity) -> Iterator[tuple[float, str]]:
        """The second end of a range where it is in another unit of time."""
        units = [p for p in self.found if p.kind == "unit" and quantity.start <= p.start < quantity.end]
        numbers = [p for p in self.found if p.kind == "number" and quantity.start <= p.start < quantity.end]
        if quantity.kind == "time" and len(units) == len(numbers) == 2 and units[0].meaning != units[1].meaning:
            yield float(numbers[1].meaning), units[1].meaning

    def _implausible(self) -> Step:
        attributes = self._fact.attributes
        analyte = self._extractor.lexicon.analytes[str(attributes["analyte"])]
        bounds = plausible_bounds(analyte, str(attributes["unit"]))
        written = f"{interval_words(attributes)} {attributes['unit']}"
        expected = f": expected {bounds[0]:.4g} to {bounds[1]:.4g} {attributes['unit']}" if bounds else ""
        return Step("plausible", written, f"false{expected}")

    # -- what the words around the value say ------------------------------------------------------------------

    def _roles(self) -> None:
        attributes, notes = self._fact.attributes, self._passage.notes
        if self._fact.label == "DOSE":
            here = [note for note in notes if note.fact == self._fact.start]
            role = next((note.meaning for note in here if note.about == "role"), None)
            if "role" in attributes:
                why = "as the number behind it" if role is None else role
                self.steps.append(Step("role", why, str(attributes["role"])))
            words = next((note.place for note in here if note.about == "boost" and note.place), None)
            if words is not None:
                text = self._text[slice(*words)]
                left = words[0] + len(text) - len(text.lstrip())
                self._add(Found("boost", left, left + len(text.strip()), _TRUE))
            elif attributes.get("boost"):
                stated = self._reading.stated[self._index].attributes.get("boost")
                why = "as the number behind it" if stated else "another dose of its regimen is a boost"
                self.steps.append(Step("boost", why, _TRUE))
        if attributes.get("scope") == "subgroup":
            self.steps.append(Step("scope", "the words around it tell of some participants", "subgroup"))

    def _case(self) -> None:
        if self._fact.attributes.get("conditional"):
            self.steps.append(Step("conditional", "stands in the condition of something else", _TRUE))
        condition = self._fact.attributes.get("condition")
        if condition is None:
            return
        passage, words = self._passage, str(condition)
        behind = passage.text.find(words, self._fact.end, passage.end)
        before = passage.text.rfind(words, passage.start, self._fact.start)
        above = passage.text.rfind(words, *passage.above) if passage.above else -1
        place = next((p for p in (behind, before, above) if p >= 0), None)
        if place is None:
            self.steps.append(Step("condition", words, "holds in this case only"))
        else:
            self._add(Found("condition", place, place + len(words), "holds in this case only"))

    def _polarity(self) -> None:
        fact, passage = self._fact, self._passage
        section = section_at(self._reading.sections, passage.start)
        told, cue = polarity(fact, passage)
        if cue is not None:
            piece = Found("cue", cue.start(), cue.end(), f"polarity {told}")
            written = f"`{self._written(cue.start(), cue.end())}`, in no named section"
        elif section.heading is not None and (passage.polarity is not None or told == "none"):
            piece = Found("section", *section.heading, f"polarity {told}")
            line = self._text.count("\n", 0, section.heading[0]) + 1
            written = f"section `{self._written(*section.heading)}` (line {line})"
        else:
            self.steps.append(Step("polarity", self._unsectioned(told), told))
            return
        self.found.append(piece)
        self.steps.append(Step("polarity", written, told, (piece.start, piece.end)))

    def _unsectioned(self, told: str) -> str:
        """What told a polarity where no heading and no words did."""
        if told == "none":
            return "no section of eligibility criteria"
        if self._fact.label == "LAB":
            return "a bullet of a document that names no section"
        return "in no named section, but a limit on participants"

    def _context(self) -> None:
        for assertion in self._reading.assertions:
            if assertion.fact != self._index:
                continue
            place = (assertion.start, assertion.end)
            self.found.append(Found("cue", *place, assertion.attribute))
            by = "ConText" if assertion.source == CONTEXT else "the paragraph tells of other work"
            self.steps.append(Step(assertion.attribute, f"`{self._written(*place)}` ({by})", _TRUE, place))


_THING = {"LAB": "test", "DOSE": "drug"}
_OPERATORS = {
    "low, inclusive": ("ge",),
    "low, exclusive": ("gt",),
    "high, inclusive": ("le",),
    "high, exclusive": ("lt",),
}
_ONE_SIDED = frozenset(_OPERATORS)


def _sides(fact: Fact) -> str:
    """Which ends of its interval a fact states, in the words that comparators are told in."""
    if fact.label == "PERFORMANCE_STATUS":
        least = SCALES[str(fact.attributes["scale"])][0]
        return "high, inclusive" if fact.attributes["low"] == least else "low, inclusive"
    low, high = fact.attributes.get("low"), fact.attributes.get("high")
    if (low is None) == (high is None):
        return "low and high"
    side = "low" if high is None else "high"
    return f"{side}, {'inclusive' if fact.attributes.get(f'{side}_inclusive') else 'exclusive'}"
