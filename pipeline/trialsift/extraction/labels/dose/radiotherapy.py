"""The radiation half of DOSE, with FRACTIONS: doses with their roles, boosts, and numbers that share a unit.

fractions.py counts fractions, radiation_role.py tells what a dose is; here they are put together.
"""

from __future__ import annotations

import re

from trialsift.extraction.labels.clues import Clue, Words
from trialsift.extraction.labels.dose.elision import claim_elided, widen
from trialsift.extraction.labels.dose.fractions import TELLING, Fractions
from trialsift.extraction.labels.dose.radiation_role import Dose, Roles, gray
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window, write_bounds
from trialsift.model.fact import Fact
from trialsift.model.interval import Interval
from trialsift.rules.guarded import find_needed, guarded, holds
from trialsift.rules.layers import Folder

_ALPHA_BETA = re.compile(
    r"(?:(?:α|Î±|alpha|\ba)\s*[/-]\s*(?:β|ß|Î²|beta|b\b)|\bratio['’]?s?\s*(?:α|alpha)|ab\s+ratio)[^.;\d]{0,50}(?:\d[\d.]*\s*(?:Gy\s*)?(?:and|or|to|,|-|–)\s*)?$|"
    r"/\s*(?:ratio|estimate)(?:(?!\bdose|Gy\s*\))[^;]){0,110}$",
    re.I,
)
_ALPHA_BETA_TWICE = re.compile(
    r"(?:α|alpha)\s*/\s*(?:β|ß|beta)[^.;]{0,30}?\d\s*Gy\s+(?:for|in)\s+(?:\w+\s+){1,5}and\s*$", re.I
)
_ALPHA_BEHIND = guarded(
    r"\s*(?:[),]\s*)?(?:(?:for|as)\s*)?(?:the\s+)?(?:α|alpha)\s*/\s*(?:β|beta)(?!\s*(?:ratio\s*)?(?:of|=|is|"
    r":)?\s*[\d.]+\s*Gy)",
    re.I,
)
_AREA_PRODUCT = re.compile(r"\s*[.·*]\s*c?m\s?[2²]", re.I)
_BOOST_BEHIND = re.compile(
    r"\s*\(\d+[\s-]*(?:frac-?\s?tions?|fx|fr)\b[^()]*\)\s*(?:\w+\s+)?boost|"
    r"\s*(?:in\s+\d+\s+\w+\s+)?as\s+(?:an?\s+)?(?:\w+\s+){0,3}boost|(?:(?!\b(?:and|with|plus|without|followed|"
    r"then|to)\b)[^.;,()\d]){0,24}\bboost",
    re.I,
)
_BOOST_BEFORE = re.compile(
    r"(?<!no )(?<!without )\b(?:boost(?:s|ed|ing)?|overboost|(?:over|sobre)impression)\b(?:\([^()]{0,20}\)|"
    r"(?!\b(?:total|included|after|no|whole|and|"
    r"alongside)\b)[^.;\d()]){0,90}"
    r"[(\d.,xX×\s-]*(?:fractions?\s+of\s*)?$|\bSIB\s+(?:to|of|at|with|up\s+to)\s*$|"
    r"\bvertices\s*(?:\w+\s+){0,4}(?:of|to|with|up to)?\s*[\d.,xX× -]*$",
    re.I,
)
_OF_BOOST = find_needed(_BOOST_BEHIND, _BOOST_BEFORE)
_CONSTRAINT_GOES_ON = re.compile(
    r"\s*(?:\(V\d+\)\s*)?(?:[;,]\s*(?:and\s+)?(?:max(?:imum|imal)?|mean|median|minimum)?\s*(?:dose\s*)?(?:of\s*)?|"
    r"(?:for\s+\w+(?:\s+\w+)?\s+)?(?:and|versus|vs\.?|or)\s+|"
    r"\s*\([^()]*\)\s*(?:and|versus|vs\.?|or)\s+|or\s+at\s+least\s+\d+\s?%\s+of\s+.{0,30}receive\s+)",
    re.I,
)
# `randomised between 10 and 26 Gy`, `rose from 15 to 17 Gy`: two doses, no range
_TWO_ENDS = re.compile(
    r"\b(?:randomi[sz]\w+[^.;]{0,40}|rose|rising|fell|dropped|declin\w+|changed|reduced|lowered)\s*$", re.I
)
_LARGEST_OF = re.compile(
    r"\bmax(?:imum|imal)?\.?\s+(?:point\s+|allowed\s+|permitted\s+)?doses?\s+(?:to|of|for|in)\s+(?:the\s+)?[^.;,\d]{1,40}$",
    re.I,
)
_IN = re.compile(r"\s*(?:given\s+|delivered\s+)?in\s+", re.I)
_SAME = re.compile(r"\s*+(?:[(\[,;/]\s*+)?(?:(?:(?:equal|equivalent)\s+to|=|i\.e\.,?|or|that\s+is,?)\s*+)?", re.I)
_TIMES_NUMBER = re.compile(r"[x×*]\s*$", re.I)
_DAILY_TOO = re.compile(
    r"\s+(?:to|for|in)\s[^.;]{1,110}?\b(?:and|or)\s+(?:of\s+)?|\s[^.;\d]{1,110}?\b(?:and|or)\s+of\s+", re.I
)
_JOINED = re.compile(r"\s*(?:to|or|versus|vs\.?|and|,)\s*", re.I)
_IN_FRACTIONS = re.compile(r"\s*(?:,\s*)?(?:\(|/|in|given\s+in|delivered\s+in|over|for|as)\s*(?:[2-9]|\d\d)\b", re.I)

#: In Gy: so much is rarely a whole course.
_SMALL = 4
_KINDS = frozenset({"radiation", "radiation_rate"})


class Radiotherapy:
    """The engine for radiation doses and fractions; its rules are in `patterns/radiation_roles.toml`."""

    def __init__(self, folder: Folder) -> None:
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
                whole = _narrow(passage, widen(passage, i, spread=True))
                doses.append((i, whole, self._find_end(passage.text, whole)))
        if not doses and not self._fractions.worth_a_look(passage):
            return []
        counts = self._fractions.find(passage, [(q.start, end) for _, q, end in doses])
        facts: list[Fact] = []
        before: Fact | None = None
        for index, quantity, end in doses:
            passage.claimed.add(index)
            if why := _tell_no_prescription(passage, quantity, end):
                passage.decline(quantity, "DOSE", "dose.radiation", why)
                before = None
                continue
            dose = self._read_dose(Dose(passage, quantity, end, counts), before)
            facts.extend(_split_ends(passage, quantity, dose))
            facts.extend(self._read_elided(passage, index, quantity, dose))
            before = dose
        return facts + [count.make_fact(passage) for count in counts]

    @staticmethod
    def _find_end(text: str, quantity: Quantity) -> int:
        """Where a dose ends without the time of a rate (`1.8 Gy` of `1.8 Gy/d`)."""
        if quantity.kind != "radiation_rate":
            return quantity.end
        joint = re.search(r"\s*(?:/|\b(?:per|a|each)\b)", text[quantity.number_start : quantity.end])
        return quantity.number_start + joint.start() if joint else quantity.end

    def _read_dose(self, dose: Dose, before: Fact | None) -> Fact:
        """The fact of a dose; `before` is that of the dose right before it."""
        passage, quantity, end = dose.passage, dose.quantity, dose.end
        role, why = self._roles.read_role(dose)
        interval = quantity.interval
        if before is not None and _restates(passage, quantity, before):
            role, why = str(before.attributes["role"]), "the same dose in another unit"
            interval = Interval.of(_read_operator(before), quantity.values[0])
        elif role == "other" and _is_largest(passage, quantity):
            interval = Interval.of("le", quantity.values[0])
        elif role == "total" and _is_fraction_elsewhere(dose):
            role, why = "per_fraction", "multiplied with the same number of fractions elsewhere in the document"
        if role == "total" and before is not None:
            role = self._carry_role(passage, quantity, passage.right(end, Window.CLAUSE), before)
            why = why if role == "total" else "goes on with the dose before"
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

    @staticmethod
    def _find_boost(passage: Passage, quantity: Quantity, end: int) -> tuple[int, int] | None:
        """The words that make a dose one of a boost, behind it or in front of it."""
        if not holds(passage.plain, _OF_BOOST):
            return None
        behind = _BOOST_BEHIND.match(passage.right(end, Window.CLAUSE))
        if behind is not None:
            return end, end + behind.end()
        left = passage.left(quantity.start, Window.PRESCRIPTION)
        before = _BOOST_BEFORE.search(left)
        return None if before is None else (quantity.start - len(left) + before.start(), quantity.start)

    @staticmethod
    def _carry_role(passage: Passage, quantity: Quantity, right: str, before: Fact) -> str:
        """The role of the dose before, where this one goes on with it: a constraint, `from 7.25 Gy to 6.5 Gy`."""
        gap = passage.text[before.end : quantity.start]
        if before.attributes["role"] == "other" and _CONSTRAINT_GOES_ON.fullmatch(gap):
            return "other"
        if (
            before.attributes["role"] == "per_fraction"
            and _DAILY_TOO.fullmatch(gap)
            and not _IN_FRACTIONS.match(right)
            and max(quantity.values) * gray(quantity) <= _SMALL
        ):
            return "per_fraction"
        earlier = before.attributes["high"] if before.attributes["high"] is not None else before.attributes["low"]
        if (
            before.attributes["role"] == "per_fraction"
            and _JOINED.fullmatch(gap)
            and not _IN_FRACTIONS.match(right)
            and isinstance(earlier, (int, float))
            and max(quantity.values) * gray(quantity) <= 3 * earlier
        ):
            return "per_fraction"
        return "total"

    @staticmethod
    def _read_elided(passage: Passage, index: int, quantity: Quantity, dose: Fact) -> list[Fact]:
        """Numbers right before that share the unit: `50 versus 60 to 66 Gy`, `10, 15 and 20 Gy`, `50/2 Gy`."""
        facts: list[Fact] = []
        for earlier, gap in claim_elided(passage, index, quantity):
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


def _is_largest(passage: Passage, quantity: Quantity) -> bool:
    """Whether an organ's dose is the largest one allowed: `maximum dose to the spinal cord 45 Gy`."""
    exact = quantity.operator is None and not quantity.ranged
    return exact and _LARGEST_OF.search(passage.left(quantity.start, Window.STATEMENT)) is not None


def _is_fraction_elsewhere(dose: Dose) -> bool:
    """Whether a dose in so many fractions is that of each: the document has it as a product (`9 Gy x 2`) too."""
    text, end = dose.passage.text, dose.end
    count = next((c for c in dose.counts if c.start >= end and _IN.fullmatch(text, end, c.start)), None)
    if count is None or count.low != count.high or count.low == 1 or dose.quantity.ranged:
        return False
    gy = rf"{re.escape(text[dose.quantity.number_start : end].strip())}"
    product = rf"(?<![\d.]){gy}\s*[x×]\s*{count.low}(?!\d)|(?<![\d.]){count.low}\s*[x×]\s*{gy}"
    return re.search(product, text, re.I) is not None


def _restates(passage: Passage, quantity: Quantity, before: Fact) -> bool:
    """Whether a dose is the one before it in another unit: `8 Gy (equal to 800 rad)`."""
    gap = passage.text[before.end : quantity.start]
    ends = {before.attributes["low"], before.attributes["high"]} - {None}
    unit = " ".join(quantity.unit.surface.split()) if quantity.unit else ""
    return (
        len(ends) == 1
        and quantity.operator in (None, "eq")
        and unit != before.attributes["unit_as_written"]
        and abs(quantity.values[0] * gray(quantity) - float(next(iter(ends)) or 0)) < 1e-6
        and _SAME.fullmatch(gap) is not None
    )


def _read_operator(before: Fact) -> str | None:
    """The operator of a fact with one number."""
    attributes = before.attributes
    if attributes["low"] is None:
        return "le" if attributes["high_inclusive"] else "lt"
    if attributes["high"] is None:
        return "ge" if attributes["low_inclusive"] else "gt"
    return None


def _narrow(passage: Passage, quantity: Quantity) -> Quantity:
    """A quantity without what is no part of it: the number of fractions of `3 Gy x 10-30 Gy`, the bound of `up to a
    total dose of 68-70 Gy`, which a range leaves nothing to."""
    if not quantity.ranged:
        return quantity
    low, high = quantity.values[0], quantity.values[-1]
    if _TIMES_NUMBER.search(passage.left(quantity.start, Window.ADJOINING)) and low < high:
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


def _split_ends(passage: Passage, quantity: Quantity, dose: Fact) -> list[Fact]:
    """The facts of a dose: two where its ends are two doses, `randomised between 10 and 26 Gy`."""
    left = passage.left(quantity.start, Window.CLAUSE)
    if quantity.operator != "between" or not quantity.ranged or not _TWO_ENDS.search(left):
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


def _tell_no_prescription(passage: Passage, quantity: Quantity, end: int) -> str:
    """Why a number in gray is no dose to a patient's target or organ; empty where it is one."""
    left, right = passage.left(quantity.number_start, Window.PRESCRIPTION), passage.right(end, Window.CLAUSE)
    if _ALPHA_BETA.search(left) or _ALPHA_BEHIND.match(right, passage.plain) or _ALPHA_BETA_TWICE.search(left):
        return "an α/β ratio, which is given in Gy too"
    if _AREA_PRODUCT.match(right):
        return "a dose-area product"
    if quantity.unit is not None and quantity.unit.ucum.startswith("mGy"):
        return "in mGy, as doses of imaging are"
    return ""
