"""Which of the numbers that no rule took may be facts all the same, and what was missing for each.

In: a quantity with its passage and what is known of it (declined.py, sense.py). Out: `Suspicion`, or None.
"""

from __future__ import annotations

from typing import NamedTuple

from trialsift.extraction.explain.data import Declined
from trialsift.extraction.explain.declined import Passed, measure_gap
from trialsift.extraction.explain.sense import OPEN
from trialsift.extraction.explain.words import ExplanationWords, UnreadWords
from trialsift.extraction.labels.registry import Engines
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window

#: Kinds of unit that values of tests have, and little else in criteria; those that hardly anything else has anywhere.
_OF_TESTS = frozenset(
    "mass molar enzyme count copies clearance clearance_area limit sedimentation excretion_molar mass_ratio "
    "osmolality".split()
)
_ONLY_OF_TESTS = frozenset({"copies", "clearance", "clearance_area"})
#: Of flows, such as that of oxygen.
_FLOWS = frozenset({"L/min", "L/min/m2", "L/min/{1.73_m2}"})
#: Kinds of unit of doses, and of doses where a drug is named.
_OF_DOSES = frozenset({"dose", "radiation", "activity"})
_OF_DRUGS = frozenset({"amount", "amount_arbitrary", "amount_rate", "per_mass"})
#: In characters: so far a name may stand from a number with the unit of its values, from a bound without one, and from
#: a mere number; a word for age from an age.
_WITH_UNIT, _WITHOUT_UNIT, _ADJOINING, _TO_AGE = 60, 40, 4, 15
#: Ages that stand for no limit in registries.
_NO_AGES = frozenset({0, 99, 199, 999})
#: Codes of what speaks against a fact, the likeliest fact first.
REASONS = ("no_name", "no_comparator", "outside", "no_unit", "words", "apart", "other_unit")


class Suspicion(NamedTuple):
    """What a number may be: a label, the name that it may be of, and the code of what speaks against it."""

    label: str
    name: str | None
    reason: str


class Suspects:
    """Suspects facts in quantities that are part of none."""

    def __init__(self, engines: Engines, words: ExplanationWords, unread: UnreadWords) -> None:
        self._engines, self._words, self._unread = engines, words, unread

    def suspect(self, passed: Passed, *, criterion: bool) -> Suspicion | None:
        """What a quantity may be; `criterion` says whether it stands in a criterion."""
        passage, quantity, told = passed.passage, passed.quantity, passed.declined
        if passage is None or quantity is None:
            return None
        kind = quantity.kind
        if told.label == "DOSE" and kind in _OF_DRUGS and self._unread.doubted.search(told.why):
            found = self._suspect_dose(passage, quantity, told)
        elif told.reason not in OPEN and not (told.reason == "other_measure" and kind in _OF_TESTS):
            return None
        elif kind in _OF_TESTS:
            found = self._suspect_value(passage, quantity, criterion)
        elif kind in _OF_DOSES or kind in _OF_DRUGS:
            found = self._suspect_dose(passage, quantity, told)
        else:
            found = self._suspect_named(passage, quantity, criterion) if kind in ("", "percent", "other") else None
            if found is None and kind in ("", "time"):
                found = self._suspect_age(passage, quantity, criterion, told.why)
        return found if found is not None and found.label in self._engines.wanted else None

    def _suspect_value(self, passage: Passage, quantity: Quantity, criterion: bool) -> Suspicion | None:
        """A value of a test, by its unit."""
        before = passage.left_start(quantity.start, Window.CLAUSE)
        aimed = self._unread.aimed.search(passage.text, before, quantity.start) is not None
        if not (quantity.operator or criterion or aimed or _is_only_of_tests(quantity)):
            return None
        test = _find_nearest(passage, quantity, "analyte")
        if _is_of_other(passage, quantity, test):
            return None
        if test is None or test[0] > _WITH_UNIT:
            return Suspicion("LAB", None, "no_name" if criterion or quantity.operator else "outside")
        reason = "no_comparator" if quantity.operator is None else "apart"
        return Suspicion("LAB", passage.text[test[1] : test[2]], reason if criterion else "outside")

    def _suspect_dose(self, passage: Passage, quantity: Quantity, told: Declined) -> Suspicion | None:
        """A dose, by its unit, by the drug beside it, or where words say of it that it is something else."""
        drugs = self._engines.drugs.find(passage.text, passage.start, passage.end)
        near = min(((measure_gap(quantity, start, end), start, name) for start, end, name in drugs), default=None)
        if _is_of_other(passage, quantity, near):
            return None
        name = near[2] if near is not None and near[0] <= _WITH_UNIT else None
        if told.label == "DOSE" and self._unread.doubted.search(told.why):
            return Suspicion("DOSE", name, "words")
        if name is not None:
            return Suspicion("DOSE", name, "apart")
        return Suspicion("DOSE", None, "no_name") if quantity.kind in _OF_DOSES else None

    def _suspect_named(self, passage: Passage, quantity: Quantity, criterion: bool) -> Suspicion | None:
        """A bound in front of which a test or a scale is named, without a unit of its values."""
        if passage.text[quantity.number_start].isalpha() or (quantity.operator is None and not criterion):
            return None
        far = _WITHOUT_UNIT if quantity.operator else _ADJOINING
        for label, concept in (("PERFORMANCE_STATUS", "scale"), ("LAB", "analyte")):
            found = _find_nearest(passage, quantity, concept)
            if found is None or found[0] > far or _is_of_other(passage, quantity, found):
                continue
            if found[1] < quantity.start or quantity.kind == "percent":
                reason = "no_comparator" if quantity.operator is None else _name_lack_of_unit(quantity)
                return Suspicion(label, passage.text[found[1] : found[2]], reason if criterion else "outside")
        return None

    def _suspect_age(self, passage: Passage, quantity: Quantity, criterion: bool, why: str) -> Suspicion | None:
        """An age, by a word for it right beside it; `why` is the reason that engines gave."""
        if quantity.operator is None and quantity.unit is None:
            return None
        if not self._unread.unsettled.search(why) or any(value in _NO_AGES for value in quantity.values):
            return None
        places = [m.span() for m in self._words.age.finditer(passage.text, passage.start, passage.end)]
        gap = min((measure_gap(quantity, start, end) for start, end in places), default=None)
        before = passage.left_start(quantity.start, Window.PHRASE)
        if self._unread.averaged.search(passage.text, before, quantity.start):
            return None
        plain = quantity.operator is None and not quantity.ranged and not criterion
        if gap is None or gap > (_ADJOINING if plain else _TO_AGE):
            return None
        reason = "no_comparator" if quantity.operator is None else "apart"
        return Suspicion("AGE", None, reason if criterion else "outside")


def _find_nearest(passage: Passage, quantity: Quantity, concept: str) -> tuple[int, int, int] | None:
    """How far the nearest name of this type stands from a quantity, and its place."""
    names = (t for t in passage.tokens if isinstance(t.value, tuple) and t.value[0] == concept)
    return min(((measure_gap(quantity, t.start, t.end), t.start, t.end) for t in names), default=None)


def _is_of_other(passage: Passage, quantity: Quantity, name: tuple[int, int, object] | None) -> bool:
    """Whether a measurement is named beside a quantity, nearer than this name; behind it only if that is too."""
    other = _find_nearest(passage, quantity, "measure")
    if other is None or other[0] >= _WITHOUT_UNIT or (name is not None and other[0] >= name[0]):
        return False
    return name is None or name[1] > quantity.start or other[1] < quantity.start


def _is_only_of_tests(quantity: Quantity) -> bool:
    """Whether hardly anything but a test has a unit."""
    return quantity.kind in _ONLY_OF_TESTS and quantity.unit is not None and quantity.unit.ucum not in _FLOWS


def _name_lack_of_unit(quantity: Quantity) -> str:
    """The code for a bound behind the name of a test, in no unit of a test."""
    return "no_unit" if quantity.unit is None or quantity.kind == "percent" else "other_unit"
