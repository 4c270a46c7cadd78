"""How a fact came to its value: what was written, what stands elsewhere, what was inferred and converted."""

from __future__ import annotations

from collections.abc import Iterator

from trialsift.extraction.explain.account import Account
from trialsift.extraction.explain.data import Found
from trialsift.extraction.explain.names import name_of
from trialsift.extraction.explain.pieces import MEANINGS, noted_pieces, quantity_pieces
from trialsift.extraction.extractor import Extractor, Reading
from trialsift.extraction.labels.dose.radiation_role import gray
from trialsift.extraction.quantities.parts import Quantity
from trialsift.model.display import describe_interval, format_scalar
from trialsift.model.fact import Fact
from trialsift.model.interval import tidy
from trialsift.model.scales import SCALES
from trialsift.rules.plausibility import read_plausibility

NOT_WRITTEN = "(none written)"
_THING = {"LAB": "test", "DOSE": "drug"}
_ONE_SIDED = frozenset(MEANINGS[operator] for operator in ("ge", "gt", "le", "lt"))


class Value:
    """Tells the value of one fact."""

    def __init__(self, account: Account, extractor: Extractor, reading: Reading) -> None:
        self._account, self._extractor, self._reading = account, extractor, reading
        self._fact, self._passage = account.fact, account.passage
        self._quantities = self._read_from()
        self._later = self._unit_giver()

    def tell(self) -> None:
        """The name, the pieces of the value, then what follows from them or stands in place of one."""
        name = name_of(self._fact, self._passage)
        for piece in [*([name] if name else []), *self._pieces()]:
            self._account.piece(piece)
        self._tell_comparator()
        self._tell_unit()
        self._tell_numbers()
        if self._fact.label == "PERFORMANCE_STATUS":
            self._tell_scale()
        if self._fact.attributes.get("plausible") is False:
            self._tell_implausible()

    # -- what is written --------------------------------------------------------------------------------------

    def _read_from(self) -> list[Quantity]:
        """The quantities that a fact was read from; an age may join two, and a dose leaves out the time of a rate."""
        fact = self._fact
        if fact.start in self._passage.pieces:
            return []
        return [
            q
            for q in self._passage.quantities
            if fact.start <= q.start < fact.end and (q.end <= fact.end or q.kind == "radiation_rate")
        ]

    def _unit_giver(self) -> Quantity | None:
        """The quantity behind an elided one, whose unit it takes."""
        if self._fact.rule != "dose.elided":
            return None
        return next((q for q in self._passage.quantities if q.start >= self._fact.end and q.unit is not None), None)

    def _pieces(self) -> Iterator[Found]:
        fact, passage = self._fact, self._passage
        for note in self._account.notes("birth") if fact.label == "AGE" else ():
            if note.place is not None:
                yield Found("number", *note.place, note.meaning)
        yield from noted_pieces(passage.pieces.get(fact.start, ()))
        for quantity in self._quantities:
            yield from quantity_pieces(quantity, passage.text, fact.end)
        if self._later is not None:
            units = quantity_pieces(self._later, passage.text, self._later.end)
            yield from [piece for piece in units if piece.kind == "unit"][:1]

    # -- comparators that are not written, or elsewhere -------------------------------------------------------

    def _tell_comparator(self) -> None:
        sides = sides_of(self._fact)
        if self._fact.attributes.get("operator_inferred"):
            self._account.step("lost operator", "(no ≥ or ≤ written)", f"{sides}; inferred from what is asked for")
            return
        if not self._quantities or self._account.has("comparator") or sides not in _ONE_SIDED:
            return
        before = self._fact_before()
        noted = next((note.place for note in self._account.notes("comparator") if note.place), None)
        if noted is not None:
            self._account.piece(Found("comparator", *noted, sides))
        elif before is not None and self._fact.label in ("LAB", "DOSE") and sides_of(before) == sides:
            written = self._account.written(before.start, before.end)
            self._account.step("comparator", NOT_WRITTEN, f"{sides}, as in `{written}`")

    def _fact_before(self) -> Fact | None:
        """The fact of the same label in front of this one in the sentence."""
        before = None
        for other, passage in zip(self._reading.facts, self._reading.passages, strict=True):
            if passage is self._passage and other.label == self._fact.label and other.start < self._fact.start:
                before = other
        return before

    # -- units and numbers ------------------------------------------------------------------------------------

    def _tell_unit(self) -> None:
        fact, unit = self._fact, self._fact.attributes.get("unit")
        if fact.label == "FRACTIONS" and not self._account.has("unit"):
            self._account.step("unit", NOT_WRITTEN, "fractions: the number stands beside a dose")
        if not self._quantities:
            return
        read = (self._later or self._quantities[-1]).unit
        if read is None and unit is not None:
            self._account.step("unit", NOT_WRITTEN, str(unit))
        elif read is not None and unit != read.ucum and fact.attributes.get("modality") != "radiation":
            self._account.step("unit", f"{read.ucum} of this {_THING.get(fact.label, 'value')}", format_scalar(unit))

    def _tell_numbers(self) -> None:
        attributes = self._fact.attributes
        one = any(piece.kind == "number" and piece.meaning == "1" for piece in self._account.found)
        if not one and any(q.kind == "limit" and 1 in q.values for q in self._quantities):  # `≤ ULN`
            self._account.step("number", NOT_WRITTEN, "1")
        for quantity in self._quantities:
            values = [format_scalar(tidy(value)) for value in quantity.values]
            giver = self._later or quantity
            if attributes.get("modality") == "radiation" and gray(giver) != 1 and giver.unit is not None:
                written = f"{'–'.join(values)} {giver.unit.ucum.split('/')[0]}"
                self._account.step("conversion", written, f"{describe_interval(attributes)} Gy")
            self._tell_second_time(quantity)
            ends = {attributes.get("low"), attributes.get("high")} - {None}
            if self._fact.label == "LAB" and not ends & {tidy(value) for value in quantity.values}:
                self._account.step("lost exponent", ", ".join(values), describe_interval(attributes))

    def _tell_second_time(self, quantity: Quantity) -> None:
        """`6 weeks to 17 years`: the second end is converted to the unit of the first."""
        inside = [piece for piece in self._account.found if quantity.start <= piece.start < quantity.end]
        units = [piece.meaning for piece in inside if piece.kind == "unit"]
        numbers = [piece.meaning for piece in inside if piece.kind == "number"]
        if quantity.kind == "time" and len(units) == len(numbers) == 2 and units[0] != units[1]:
            high = format_scalar(self._fact.attributes.get("high"))
            self._account.step("conversion", f"{numbers[1]} {units[1]}", f"{high} {units[0]}")

    def _tell_scale(self) -> None:
        scale = str(self._fact.attributes["scale"])
        least, most, step = SCALES[scale]
        if self._account.has("comparator") or self._fact.attributes.get("operator_inferred"):
            by = "" if step == 1 else f" by {step}"
            words = describe_interval(self._fact.attributes)
            self._account.step("scale", f"{scale}, which runs {least} to {most}{by}", words)

    def _tell_implausible(self) -> None:
        attributes = self._fact.attributes
        unit = "" if attributes.get("unit") is None else f" {attributes['unit']}"
        why = read_plausibility(self._extractor.patterns).find_doubt(self._fact)
        self._account.step("plausible", f"{describe_interval(attributes)}{unit}", f"false: {why}" if why else "false")


def sides_of(fact: Fact) -> str:
    """Which ends of its interval a fact states, in the words that comparators are told in."""
    if fact.label == "PERFORMANCE_STATUS":
        least = SCALES[fact.attributes["scale"]].lowest
        return MEANINGS["le" if fact.attributes["low"] == least else "ge"]
    low, high = fact.attributes.get("low"), fact.attributes.get("high")
    if (low is None) == (high is None):
        return MEANINGS["between"]
    side = "low" if high is None else "high"
    return f"{side}, {'inclusive' if fact.attributes.get(f'{side}_inclusive') else 'exclusive'}"
