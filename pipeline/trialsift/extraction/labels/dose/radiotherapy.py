"""The radiation half of DOSE, with FRACTIONS: doses with their roles, boosts, and numbers that share a unit.

fractions.py counts fractions, radiation_role.py tells what a dose is; here they are put together.
"""

from __future__ import annotations

import re
from functools import lru_cache

from trialsift.extraction.labels.clues import Clue, Words
from trialsift.extraction.labels.dose.elision import Elision
from trialsift.extraction.labels.dose.fractions import TELLING, Count, Fractions, Product
from trialsift.extraction.labels.dose.radiation_role import Dose, Roles, gray
from trialsift.extraction.labels.dose.wording import RadiationWords
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window, write_bounds
from trialsift.model.fact import Fact
from trialsift.model.interval import Interval
from trialsift.rules.guarded import find_needed, holds
from trialsift.rules.layers import Folder
from trialsift.rules.wording import read_wordings

#: In Gy: so much is rarely a whole course.
_SMALL = 4
_KINDS = frozenset({"radiation", "radiation_rate"})
_DOSE = re.compile(r"\d[\d.]*\s*[A-Za-z]+")
#: `9 Gy x 2` and `2 x 9 Gy`.
_TIMES_COUNT = re.compile(r"(?<![\d.])(?P<dose>\d[\d.]*\s?[A-Za-z]{1,4})\s?[x×]\s?(?P<count>\d{1,3})(?!\d)")
_COUNT_TIMES = re.compile(r"(?<![\d.])(?P<count>\d{1,3})\s?[x×]\s?(?P<dose>\d[\d.]*\s?[A-Za-z]{1,4})")


class Radiotherapy:
    """The engine for radiation doses and fractions; its rules are in `patterns/radiation_roles.toml`."""

    def __init__(self, folder: Folder) -> None:
        self._words = read_wordings(folder).fill(RadiationWords, "radiation")
        self._needed_for_boost = find_needed(self._words.boost_behind, self._words.boost_before)
        self._elision = Elision(folder)
        self._fractions = Fractions(folder)
        self._roles = Roles(folder)

    #: A dose in Gy, or fractions.
    clues = (Clue((Words(within=TELLING, kinds=_KINDS),)),)

    def find(self, passage: Passage) -> list[Fact]:
        """Facts of a passage; the dose quantities are claimed."""
        if passage.kinds.isdisjoint(_KINDS) and not self._fractions.worth_a_look(passage):
            return []
        doses = []
        for i, quantity in enumerate(passage.quantities):
            if quantity.kind in _KINDS and i not in passage.claimed:
                whole = _narrow(passage, self._elision.widen(passage, i, spread=True), self._words)
                doses.append((i, whole, self._find_end(passage.text, whole)))
        if not doses and not self._fractions.worth_a_look(passage):
            return []
        counts = self._fractions.find(passage, [(q.start, end) for _, q, end in doses])
        products = {i: made for i, q, end in doses if (made := self._fractions.find_product(passage, q, end))}
        counts.extend(
            made.fractions for made in products.values() if made.fractions and not _overlaps(made.fractions, counts)
        )
        facts: list[Fact] = []
        before: Fact | None = None
        for index, quantity, end in doses:
            passage.claimed.add(index)
            if why := _tell_no_prescription(passage, quantity, end, self._words):
                passage.decline(quantity, "DOSE", "dose.radiation", why)
                before = None
                continue
            dose = self._read_dose(Dose(passage, quantity, end, counts, self._words), before)
            facts.extend(_split_ends(passage, quantity, dose, self._words))
            facts.extend(self._read_elided(passage, index, quantity, dose))
            facts.extend(self._read_behind(passage, index, quantity, dose))
            facts.extend(_read_unitless(passage, quantity, dose, products.get(index)))
            before = dose
        return facts + [count.make_fact(passage) for count in counts]

    def _find_end(self, text: str, quantity: Quantity) -> int:
        """Where a dose ends without the time of a rate (`1.8 Gy` of `1.8 Gy/d`)."""
        if quantity.kind != "radiation_rate":
            return quantity.end
        joint = self._words.per_time.search(text[quantity.number_start : quantity.end])
        return quantity.number_start + joint.start() if joint else quantity.end

    def _read_dose(self, dose: Dose, before: Fact | None) -> Fact:
        """The fact of a dose; `before` is that of the dose right before it."""
        passage, quantity, end = dose.passage, dose.quantity, dose.end
        role, why = self._roles.read_role(dose)
        interval = quantity.interval
        if before is not None and _restates(passage, quantity, before, self._words):
            role, why = str(before.attributes["role"]), "the same dose in another unit"
            interval = Interval.of(_read_operator(before), quantity.values[0])
        elif role == "other" and _is_largest(passage, quantity, self._words):
            interval = Interval.of("le", quantity.values[0])
        elif role == "total" and _is_fraction_elsewhere(dose):
            role, why = "per_fraction", "multiplied with the same number of fractions elsewhere in the document"
        if role == "total" and before is not None:
            role = self._carry_role(passage, quantity, passage.right(end, Window.CLAUSE), before)
            why = why if role == "total" else "goes on with the dose before"
        if role == "other" and before is not None and _keeps_bound(passage, quantity, before, self._words):
            interval = Interval.of(_read_operator(before), quantity.values[0])
        boost = None if role == "other" else self._find_boost(passage, quantity, end)
        passage.note(quantity.start, "role", None, why)
        if boost is not None:
            passage.note(quantity.start, "boost", boost, "boost")
        surface = quantity.unit.surface if quantity.unit else ""
        return passage.fact(
            "DOSE",
            "dose.radiation",
            quantity.start,
            end,
            modality="radiation",
            role=role,
            **write_bounds(interval, gray(quantity)),
            unit="Gy",
            unit_as_written=" ".join((surface.split("/")[0] if quantity.kind == "radiation_rate" else surface).split()),
            boost=boost is not None,
        )

    def _find_boost(self, passage: Passage, quantity: Quantity, end: int) -> tuple[int, int] | None:
        """The words that make a dose one of a boost, behind it or in front of it."""
        if not holds(passage.plain, self._needed_for_boost):
            return None
        behind = self._words.boost_behind.match(passage.right(end, Window.CLAUSE))
        if behind is not None:
            return end, end + behind.end()
        left = passage.left(quantity.start, Window.PRESCRIPTION)
        before = self._words.boost_before.search(left)
        return None if before is None else (quantity.start - len(left) + before.start(), quantity.start)

    def _carry_role(self, passage: Passage, quantity: Quantity, right: str, before: Fact) -> str:
        """The role of the dose before, where this one goes on with it: a constraint, `from 7.25 Gy to 6.5 Gy`."""
        gap = passage.text[before.end : quantity.start]
        if before.attributes["role"] == "other" and self._words.constraint_goes_on.fullmatch(gap):
            return "other"
        if (
            before.attributes["role"] == "per_fraction"
            and self._words.daily_too.fullmatch(gap)
            and not self._words.in_fractions.match(right)
            and max(quantity.values) * gray(quantity) <= _SMALL
        ):
            return "per_fraction"
        earlier = before.attributes["high"] if before.attributes["high"] is not None else before.attributes["low"]
        if (
            before.attributes["role"] == "per_fraction"
            and self._words.joined.fullmatch(gap)
            and not self._words.in_fractions.match(right)
            and isinstance(earlier, (int, float))
            and max(quantity.values) * gray(quantity) <= 3 * earlier
        ):
            return "per_fraction"
        return "total"

    def _read_elided(self, passage: Passage, index: int, quantity: Quantity, dose: Fact) -> list[Fact]:
        """Numbers right before that share the unit: `50 versus 60 to 66 Gy`, `10, 15 and 20 Gy`, `50/2 Gy`."""
        facts: list[Fact] = []
        for earlier, gap in self._elision.claim_elided(passage, index, quantity):
            whole = gap.strip() == "/" and earlier.values[0] > 4 * quantity.values[0]  # `50/2 Gy`: total / per fraction
            interval = write_bounds(earlier.interval, gray(quantity))
            facts.append(
                passage.fact(
                    "DOSE",
                    "dose.elided",
                    earlier.start,
                    earlier.end,
                    **{**dose.attributes, **interval, "role": "total" if whole else dose.attributes["role"]},
                )
            )
        return facts

    def _read_behind(self, passage: Passage, index: int, quantity: Quantity, dose: Fact) -> list[Fact]:
        """The number behind that shares the unit: `reduced from 60 Gy to 50`."""
        later = self._elision.claim_behind(passage, index, quantity)
        if later is None:
            return []
        bounds = write_bounds(later.interval, gray(quantity))
        return [passage.fact("DOSE", "dose.elided", later.start, later.end, **{**dose.attributes, **bounds})]


def _overlaps(count: Count, counts: list[Count]) -> bool:
    """Whether characters of a number of fractions are those of another already."""
    return any(count.start < other.end and other.start < count.end for other in counts)


def _read_unitless(passage: Passage, quantity: Quantity, dose: Fact, product: Product | None) -> list[Fact]:
    """The dose per fraction without a unit in a product behind a total: `18 Gy (10 × 1.8)`."""
    if product is None or dose.attributes["role"] != "total":
        return []
    start, end, value = product.dose
    bounds = write_bounds(Interval(value, True, value, True), gray(quantity))
    return [passage.fact("DOSE", "dose.elided", start, end, **{**dose.attributes, **bounds, "role": "per_fraction"})]


def _is_largest(passage: Passage, quantity: Quantity, words: RadiationWords) -> bool:
    """Whether an organ's dose is the largest one allowed: `maximum dose to the spinal cord 45 Gy`."""
    exact = quantity.operator is None and not quantity.ranged
    return exact and words.largest_of.search(passage.left(quantity.start, Window.LINE)) is not None


def _keeps_bound(passage: Passage, quantity: Quantity, before: Fact, words: RadiationWords) -> bool:
    """Whether the upper bound of an organ holds for the dose behind it too: `not more than 26 Gy (A), 40 Gy (B)`."""
    bounded = before.attributes["role"] == "other" and _read_operator(before) in ("le", "lt")
    exact = quantity.operator is None and not quantity.ranged
    return bounded and exact and words.same_bound.fullmatch(passage.text, before.end, quantity.start) is not None


def _is_fraction_elsewhere(dose: Dose) -> bool:
    """Whether a dose in so many fractions is that of each: the document has it as a product (`9 Gy x 2`) too."""
    text, end = dose.passage.text, dose.end
    count = next((c for c in dose.counts if c.start >= end and dose.words.given_in.fullmatch(text, end, c.start)), None)
    if count is None or count.low is None or count.low != count.high or count.low == 1 or dose.quantity.ranged:
        return False
    each = _DOSE.match(text, dose.quantity.number_start, end)
    return each is not None and (_squeeze(each[0]), count.low) in _find_products(text)


@lru_cache(maxsize=1)
def _find_products(text: str) -> frozenset[tuple[str, int]]:
    """The doses of a document that it multiplies by a number of fractions, with that number: found once for all."""
    behind = {(_squeeze(found["dose"]), int(found["count"])) for found in _TIMES_COUNT.finditer(text)}
    return frozenset(behind | {(_squeeze(found["dose"]), int(found["count"])) for found in _COUNT_TIMES.finditer(text)})


def _squeeze(written: str) -> str:
    return "".join(written.split()).lower()


def _restates(passage: Passage, quantity: Quantity, before: Fact, words: RadiationWords) -> bool:
    """Whether a dose is the one before it in another unit: `8 Gy (equal to 800 rad)`."""
    gap = passage.text[before.end : quantity.start]
    ends = {before.attributes["low"], before.attributes["high"]} - {None}
    unit = " ".join(quantity.unit.surface.split()) if quantity.unit else ""
    return (
        len(ends) == 1
        and quantity.operator in (None, "eq")
        and unit != before.attributes["unit_as_written"]
        and abs(quantity.values[0] * gray(quantity) - float(next(iter(ends)) or 0)) < 1e-6
        and words.same.fullmatch(gap) is not None
    )


def _read_operator(before: Fact) -> str | None:
    """The operator of a fact with one number."""
    attributes = before.attributes
    if attributes["low"] is None:
        return "le" if attributes["high_inclusive"] else "lt"
    if attributes["high"] is None:
        return "ge" if attributes["low_inclusive"] else "gt"
    return None


def _narrow(passage: Passage, quantity: Quantity, words: RadiationWords) -> Quantity:
    """A quantity without what is no part of it: the number of fractions of `3 Gy x 10-30 Gy`, the bound of `up to a
    total dose of 68-70 Gy`, which a range leaves nothing to."""
    if not quantity.ranged:
        return quantity
    low, high = quantity.values[0], quantity.values[-1]
    if words.times_number.search(passage.left(quantity.start, Window.ADJOINING)) and low < high:
        start = _find_second_number(quantity)
        return quantity._replace(
            start=start,
            number_start=start,
            interval=Interval(high, True, high, True),
            values=(high,),
            ranged=False,
            pieces=tuple(piece for piece in quantity.pieces if piece[1] >= start),
        )
    if quantity.operator == "le" and "dose" in passage.text[quantity.start : quantity.number_start].lower():
        return quantity._replace(
            start=quantity.number_start,
            interval=Interval(low, True, high, True),
            operator=None,
            pieces=tuple(piece for piece in quantity.pieces if piece[0] != "comparator"),
        )
    return quantity


def _find_second_number(quantity: Quantity) -> int:
    """Where the second number of a range begins."""
    return [piece[1] for piece in quantity.pieces if piece[0] == "number"][-1]


def _split_ends(passage: Passage, quantity: Quantity, dose: Fact, words: RadiationWords) -> list[Fact]:
    """The facts of a dose: two where its ends are two doses, `randomised between 10 and 26 Gy`."""
    left = passage.left(quantity.start, Window.CLAUSE)
    if quantity.operator != "between" or not quantity.ranged or not words.two_ends.search(left):
        return [dose]
    numbers = [piece for piece in quantity.pieces if piece[0] == "number"]
    unit = [piece for piece in quantity.pieces if piece[0] == "unit"]
    facts = []
    ends = (numbers[0][2], dose.end)
    for number, end, value in zip((numbers[0], numbers[-1]), ends, quantity.values, strict=False):
        start = number[1]
        bounds = write_bounds(Interval(value, True, value, True), gray(quantity))
        passage.note_pieces(start, [number, *unit])
        facts.append(passage.fact("DOSE", "dose.radiation", start, end, **{**dose.attributes, **bounds}))
    return facts


def _tell_no_prescription(passage: Passage, quantity: Quantity, end: int, words: RadiationWords) -> str:
    """Why a number in gray is no dose to a patient's target or organ; empty where it is one."""
    left, right = passage.left(quantity.number_start, Window.PRESCRIPTION), passage.right(end, Window.CLAUSE)
    if (
        words.alpha_beta.search(left)
        or words.alpha_behind.match(right, passage.plain)
        or words.alpha_beta_twice.search(left)
    ):
        return "an α/β ratio, which is given in Gy too"
    if not any(quantity.values) and sum(q.kind in _KINDS for q in passage.quantities) == 1:
        return "no dose at all, and no other one that it is compared to"
    if words.in_vitro.search(left, passage.plain):
        return "given to cells in a laboratory, not to a patient"
    if words.area_product.match(right) or words.of_imaging.search(left):
        return "a dose-area product or the like, as it is measured in imaging"
    if quantity.unit is not None and quantity.unit.ucum.startswith("mGy"):
        return "in mGy, as doses of imaging are"
    return ""
