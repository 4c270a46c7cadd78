"""Which of the numbers that no rule took may be facts all the same, and what was missing for each.

In: a quantity with its passage and what is known of it (declined.py, sense.py). Out: `Suspicion`, or None.
"""

from __future__ import annotations

from typing import NamedTuple

from trialsift.extraction.explain.declined import Passed, measure_gap
from trialsift.extraction.explain.sense import OPEN
from trialsift.extraction.explain.words import ExplanationWords, UnreadWords
from trialsift.extraction.labels.registry import Engines
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage

#: Kinds of unit that values of tests have, and little else in criteria; of doses; and of doses where a drug is named.
_OF_TESTS = frozenset(
    "mass molar enzyme count copies clearance clearance_area limit sedimentation excretion_molar mass_ratio "
    "osmolality".split()
)
_OF_DOSES = frozenset({"dose", "radiation", "activity"})
_OF_DRUGS = frozenset({"amount", "amount_arbitrary", "amount_rate", "per_mass"})
#: In characters: so far a name may stand from a number with the unit of its values, from one without, and from an age.
_WITH_UNIT, _WITHOUT_UNIT, _TO_AGE = 60, 30, 15
#: Codes of what is missing, the likeliest fact first.
REASONS = ("no_name", "apart", "no_comparator", "no_unit", "other_unit", "unreadable")


class Suspicion(NamedTuple):
    """What a number may be: a label, the name that it may be of, and the code of what is missing."""

    label: str
    name: str | None
    reason: str


class Suspects:
    """Suspects facts in quantities that are part of none."""

    def __init__(self, engines: Engines, words: ExplanationWords, unread: UnreadWords) -> None:
        self._engines, self._words, self._unread = engines, words, unread

    def suspect(self, passed: Passed, *, criterion: bool) -> Suspicion | None:
        """What a quantity may be; `criterion` says whether it stands in a criterion."""
        passage, quantity = passed.passage, passed.quantity
        if passage is None or quantity is None or passed.declined.reason not in OPEN:
            return None
        kind = quantity.kind
        found = None
        if kind in _OF_TESTS:
            found = self._suspect_value(passage, quantity, criterion)
        elif kind in _OF_DOSES or kind in _OF_DRUGS:
            found = self._suspect_dose(passage, quantity)
        elif kind in ("", "percent", "other") and criterion:
            found = self._suspect_named(passage, quantity)
        if found is None and kind in ("", "time") and criterion:
            found = self._suspect_age(passage, quantity)
        return found if found is not None and found.label in self._engines.wanted else None

    def _suspect_value(self, passage: Passage, quantity: Quantity, criterion: bool) -> Suspicion | None:
        """A value of a test, by its unit."""
        if quantity.operator is None and not criterion:
            return None
        test, other = _find_nearest(passage, quantity, "analyte"), _find_nearest(passage, quantity, "measure")
        if other is not None and other[0] < _WITHOUT_UNIT and (test is None or other[0] < test[0]):
            return None
        if test is None or test[0] > _WITH_UNIT:
            return Suspicion("LAB", None, "no_name")
        reason = "no_comparator" if quantity.operator is None else "apart"
        return Suspicion("LAB", passage.text[test[1] : test[2]], reason)

    def _suspect_dose(self, passage: Passage, quantity: Quantity) -> Suspicion | None:
        """A dose, by its unit or by the drug beside it."""
        drugs = self._engines.drugs.find(passage.text, passage.start, passage.end)
        near = min(((measure_gap(quantity, start, end), name) for start, end, name in drugs), default=None)
        other = _find_nearest(passage, quantity, "measure")
        if other is not None and other[0] < _WITHOUT_UNIT and (near is None or other[0] < near[0]):
            return None
        if near is not None and near[0] <= _WITH_UNIT:
            return Suspicion("DOSE", near[1], "apart")
        return Suspicion("DOSE", None, "no_name") if quantity.kind in _OF_DOSES else None

    def _suspect_named(self, passage: Passage, quantity: Quantity) -> Suspicion | None:
        """A bound in front of which a test or a scale is named, without a unit of its values."""
        if quantity.operator is None or passage.text[quantity.number_start].isalpha():
            return None
        for label, concept in (("PERFORMANCE_STATUS", "scale"), ("LAB", "analyte")):
            found = _find_nearest(passage, quantity, concept)
            if found is None or found[2] > quantity.start or found[0] > _WITHOUT_UNIT:
                continue
            other = _find_nearest(passage, quantity, "measure")
            if other is None or other[0] > found[0]:
                reason = "no_unit" if quantity.unit is None else "other_unit"
                return Suspicion(label, passage.text[found[1] : found[2]], reason)
        return None

    def _suspect_age(self, passage: Passage, quantity: Quantity) -> Suspicion | None:
        """An age, by a word for it right beside it."""
        if quantity.kind == "" and quantity.operator is None:
            return None
        places = [m.span() for m in self._words.age.finditer(passage.text, passage.start, passage.end)]
        gap = min((measure_gap(quantity, start, end) for start, end in places), default=None)
        if gap is None or gap > _TO_AGE:
            return None
        return Suspicion("AGE", None, "no_comparator" if quantity.operator is None else "apart")


def _find_nearest(passage: Passage, quantity: Quantity, concept: str) -> tuple[int, int, int] | None:
    """How far the nearest name of this type stands from a quantity, and its place."""
    names = (t for t in passage.tokens if isinstance(t.value, tuple) and t.value[0] == concept)
    return min(((measure_gap(quantity, t.start, t.end), t.start, t.end) for t in names), default=None)
