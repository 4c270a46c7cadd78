"""Places that an age fills by where it stands, without a word for age beside it: between two commas behind people, in
brackets behind a dose, behind the name of those who are old, and behind an age that it goes on from."""

from __future__ import annotations

from trialsift.extraction.labels.age.candidate import Candidate
from trialsift.extraction.labels.age.words import AgeExpressions
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window

_BOUNDS = ("ge", "gt", "le", "lt")
_YOUNGEST = 12  # years: a lower end may be how long something lasted, but for children
_GROWN = 16
_OLD = 50  # years, from which on people are called old


def fills_slot(candidate: Candidate) -> bool:
    """Whether a bound or range in a unit of time stands where only an age is told."""
    quantity = candidate.quantity
    if candidate.unit not in ("a", "mo") or not (quantity.ranged or quantity.operator in _BOUNDS):
        return False
    return _stands_in_apposition(candidate) or explains_dose(candidate) or explains_old(candidate)


def _stands_in_apposition(candidate: Candidate) -> bool:
    """`patients with proven pneumonia, 18 to 89 y, who`"""
    words, left, around, quantity = candidate.words, candidate.left, candidate.passage.plain, candidate.quantity
    if candidate.unit != "a" or words.ends_slot.match(candidate.right) is None:
        return False
    found = words.apposition.search(left, around)
    if found is None or words.not_in_life.search(found.group()):
        return False
    young = words.young.search(left, around) is not None
    if quantity.ranged:
        return max(quantity.values) >= _GROWN and min(quantity.values) >= (1 if young else _YOUNGEST)
    return min(quantity.values) >= (_GROWN if quantity.operator in ("ge", "gt") else _OLD)


def explains_dose(candidate: Candidate) -> bool:
    """`4 mg (<6 years) or 5 mg (6-14 years)`: a dose by itself may be given for so long."""
    words = candidate.words
    if not candidate.right.lstrip().startswith(")"):
        return False
    if words.dose_bracket.search(candidate.left, candidate.passage.plain) is None:
        return False
    return candidate.following or words.dose_goes_on.match(candidate.right) is not None


def explains_old(candidate: Candidate) -> bool:
    """`elderly = 65 or more`, `older adults (65 and over)`"""
    words, quantity = candidate.words, candidate.quantity
    old = quantity.operator in ("ge", "gt") and not quantity.ranged and _OLD <= quantity.values[0] <= 100
    told = old and words.grown_word.search(candidate.left, candidate.passage.plain) is not None
    return told and words.ends_slot.match(candidate.right) is not None


def goes_on_from(passage: Passage, before: Quantity, quantity: Quantity, words: AgeExpressions) -> bool:
    """Whether a quantity is another age by the one before it: the group that begins where that one ends, how it is for
    some (`over 40 (over 30 for the heel)`), and some of those people (`those of under seven days`)."""
    text, right = passage.text, passage.right(quantity.end, Window.PHRASE)
    if not (quantity.ranged or quantity.operator in _BOUNDS) or words.event.match(right):
        return False
    between = text[before.end : quantity.start]
    bracketed = words.opens_bracket.fullmatch(between) is not None and words.bracket_behind.match(right) is not None
    if bracketed and (quantity.unit is None or quantity.kind == "time"):
        return True
    if quantity.unit is None or quantity.kind != "time" or (before.unit or quantity.unit).ucum != quantity.unit.ucum:
        return False
    left = passage.left(quantity.start, Window.PHRASE)
    if quantity.operator in ("lt", "le") and words.those.search(left, passage.plain):
        return True
    above = quantity.values[0] - max(before.values)
    return 0 <= above <= 1 and quantity.operator not in ("lt", "le") and words.chained.search(left) is not None
