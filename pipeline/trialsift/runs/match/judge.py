"""Judges one patient by the criteria of all trials at once, in three values.

`NOT_MET < UNKNOWN < MET`, so that `and` is the minimum, `or` the maximum, and `not` the mirror image (Kleene's logic).
A limit with a condition that stands alone asks nothing of those for whom the condition doesn't hold. Among alternatives
such a limit is none for them; where all of them have conditions and none holds, the criterion is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trialsift.runs.match.formula import Condition, Flags, Floats, Formula, Limits
from trialsift.runs.match.patient import Patient
from trialsift.runs.match.values import Value

NOT_MET, UNKNOWN, MET = 0, 1, 2
#: Numbers are equal if they differ by less: conversion leaves traces in the last digits.
_EQUAL = 1e-9
States = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Judged:
    """The states of criteria; by member, whether the value lies in its interval, whether its condition holds, and
    whether it was compared with a converted value."""

    criteria: States
    compared: States
    holds: States
    converted: Flags


def judge(formula: Formula, patient: Patient, values: Sequence[Value | None]) -> Judged:
    """Returns the state of each criterion; `values` are the patient's by category."""
    limits, count = formula.limits, len(formula.open)
    compared = compare(
        limits,
        np.array([np.nan if value is None else value.low for value in values], dtype=np.float64)[limits.category],
        np.array([np.nan if value is None else value.high for value in values], dtype=np.float64)[limits.category],
    )
    members = np.where(formula.open, UNKNOWN, compared[:count]).astype(np.int8)
    by_table = np.array([value is not None and value.converted is not None for value in values], dtype=bool)
    known = members != UNKNOWN
    converted = by_table[limits.category[:count]] & known
    if not count:
        return Judged(members, members, members, converted)
    answers = np.array([*(answer(one, patient, compared) for one in formula.conditions), MET], dtype=np.int8)
    holds = answers[formula.condition]  # -1, no condition, is the last
    sizes = np.diff(np.append(formula.first, count))
    alone = np.repeat(sizes == 1, sizes)
    as_written = np.logical_or.reduceat(known & ~converted, formula.first)
    converted &= ~np.repeat(as_written, sizes)  # `ECOG 0-1 or KPS ≥ 70` asks for one of them
    states = np.where(alone, np.maximum(MET - holds, members), np.minimum(holds, members))
    criteria = np.maximum.reduceat(states, formula.first)
    nobody = np.maximum.reduceat(holds, formula.first) == NOT_MET
    criteria[nobody & (sizes > 1)] = UNKNOWN
    return Judged(criteria.astype(np.int8), members, holds, converted)


def compare(limits: Limits, low: Floats, high: Floats) -> States:
    """Returns for each limit whether a value from `low` to `high` lies in it; NaN is unknown."""
    least, most = _is_above(low, limits), _is_below(high, limits)
    fails = ~_is_above(high, limits) | ~_is_below(low, limits)
    states = np.where(fails, NOT_MET, np.where(least & most, MET, UNKNOWN))
    return np.where(np.isnan(low), UNKNOWN, states).astype(np.int8)


def _is_above(value: Floats, limits: Limits) -> Flags:
    equal = _is_equal(value, limits.low)
    return np.where(equal, limits.low_inclusive, value > limits.low)


def _is_below(value: Floats, limits: Limits) -> Flags:
    equal = _is_equal(value, limits.high)
    return np.where(equal, limits.high_inclusive, value < limits.high)


def _is_equal(value: Floats, end: Floats) -> Flags:
    finite = np.isfinite(end)
    bound = np.where(finite, end, 0.0)
    near: Flags = np.abs(value - bound) <= _EQUAL * np.maximum(np.abs(value), np.abs(bound))
    return finite & near


def answer(condition: Condition, patient: Patient, compared: States) -> int:
    """Returns whether a condition holds for a patient."""
    if not condition.clear:
        return UNKNOWN
    states = []
    if condition.when:
        found = {int(compared[row]) for row in condition.when}
        states.append(found.pop() if len(found) == 1 else UNKNOWN)  # the words don't tell `and` from `or`
    if condition.sex is not None:
        states.append(UNKNOWN if patient.sex is None else MET if patient.sex == condition.sex else NOT_MET)
    if condition.has:
        states.append(max(_find_finding(name, patient) for name in condition.has))
    state = min(states)
    return MET - state if condition.denied else state


def _find_finding(name: str, patient: Patient) -> int:
    if name in patient.has:
        return MET
    return NOT_MET if name in patient.has_not else UNKNOWN
