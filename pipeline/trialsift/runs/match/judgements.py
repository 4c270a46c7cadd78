"""The criteria one by one: a row for each patient and criterion, with the state, the patient's value, and why.

The words of a row depend on few things: what its members are about, under which conditions, and how each came out. So
they are made once a patient for each such combination, and criteria that share one share the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from trialsift.runs.match.formula import Flags, Formula, Ints
from trialsift.runs.match.judge import MET, NOT_MET, UNKNOWN, Judged
from trialsift.runs.match.patient import Patient
from trialsift.runs.match.values import Value, describe_converted, explain_missing
from trialsift.tables.criteria import (
    CONTRADICTION,
    IMPLAUSIBLE,
    MEASUREMENT,
    OTHER_KIND,
    SUBGROUP,
)
from trialsift.tables.eligibility import EXCEPTION, OUTSIDE
from trialsift.tables.schema import JUDGEMENTS

OPEN = "open"
_STATES = np.array(["not met", "unknown", "met"], dtype=object)  # in the order of judge.py
#: Why a criterion can't be judged for anybody, as a reader of a verdict understands it.
_REASONS = {
    OTHER_KIND: "one of several of which a number has to be met, which isn't judged",
    EXCEPTION: "the words around it leave open what it asks, or of whom",
    OUTSIDE: "lets in who lies below or above a range, which isn't judged",
    IMPLAUSIBLE: "the number, as it was read, can't be what the document means",
    SUBGROUP: "asked of some patients only; of whom isn't clear",
    MEASUREMENT: "a measurement that isn't compared",
    CONTRADICTION: "nobody can meet it together with another criterion of the document",
}
_WORDS = ("patient_value", "compared", "reason", "converted")
_PLACES = ("criterion", "polarity", "start", "end", "context")


class JudgementMaker:
    """Makes the rows of `judgements` for a patient; `criteria` is the table that the formula was made from."""

    def __init__(self, formula: Formula, criteria: pd.DataFrame, is_open: Flags) -> None:
        self._formula, self._open = formula, is_open
        self._bounds = [*formula.first.tolist(), len(formula.open)]
        members = [*zip(formula.limits.category.tolist(), formula.condition.tolist(), formula.said, strict=False)]
        numbers: dict[object, int] = {}
        self._kinds = [numbers.setdefault(tuple(members[a:b]), len(numbers)) for a, b in pairwise(self._bounds)]
        trials = pd.DataFrame({"doc_id": formula.doc_ids, "nct_id": formula.nct_ids}, dtype="string")
        self._given: dict[str, Any] = {
            **{str(name): pd.array(cells).take(formula.trial) for name, cells in trials.items()},
            **{name: _take(criteria[name], formula.source) for name in _PLACES},
            "members": pd.array(formula.words, dtype="string"),
        }

    def make(self, patient: Patient, values: Sequence[Value | None], judged: Judged, order: Ints) -> pd.DataFrame:
        """Returns the rows of a patient; `order` are the trials in the order of the rows."""
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        rows = np.argsort(rank[self._formula.trial], kind="stable")
        states = np.where(self._open & (judged.criteria == UNKNOWN), OPEN, _STATES[judged.criteria])
        words, number = self._describe(patient, values, judged)
        columns = {
            **{name: array.take(rows) for name, array in self._given.items()},
            "patient": pd.array([patient.name] * len(rows), dtype="string"),
            "state": states[rows],
            **{name: pd.array(texts, dtype="string").take(number[rows]) for name, texts in words.items()},
        }
        return pd.DataFrame({one.name: pd.array(columns[one.name], dtype=one.dtype) for one in JUDGEMENTS})

    def _describe(
        self, patient: Patient, values: Sequence[Value | None], judged: Judged
    ) -> tuple[dict[str, list[str | None]], Ints]:
        """Returns the words of the rows, each combination once, and the number of its words for each criterion."""
        outcomes = (judged.compared * 6 + judged.holds * 2 + judged.converted).astype(np.uint8).tobytes()
        numbers: dict[tuple[int, bytes], int] = {}
        told: list[tuple[str | None, ...]] = []
        found = []
        for criterion, (kind, a, b) in enumerate(zip(self._kinds, self._bounds, self._bounds[1:], strict=False)):
            key = kind, outcomes[a:b]
            if key not in numbers:
                numbers[key] = len(told)
                told.append(self._describe_one(criterion, patient, values, judged))
            found.append(numbers[key])
        columns = [list(texts) for texts in zip(*told, strict=True)] if told else [[] for _ in _WORDS]
        return dict(zip(_WORDS, columns, strict=True)), np.array(found, dtype=np.int64)

    def _describe_one(
        self, criterion: int, patient: Patient, values: Sequence[Value | None], judged: Judged
    ) -> tuple[str | None, ...]:
        """Returns `_WORDS` of a criterion."""
        formula, state = self._formula, int(judged.criteria[criterion])
        given, compared, converted = [], [], []
        reasons: list[str] = []
        members = range(*self._bounds[criterion : criterion + 2])
        for member in members:
            number = formula.limits.category[member]
            value = values[number]
            lost = len(members) > 1 and judged.compared[member] == NOT_MET  # whatever its condition
            reasons += self._explain(member, state, patient, value, judged, lost)
            if value is not None:
                given.append(value.written)
                compared.append(describe_converted(patient, formula.categories[number], value))
                converted.append(value.converted if judged.converted[member] else None)
        return tuple(map(_join, (given, compared, reasons, converted)))

    def _explain(
        self, member: int, state: int, patient: Patient, value: Value | None, judged: Judged, lost: bool
    ) -> Iterator[str]:
        """Yields what stands between a member's value and the state of its criterion: conditions, what isn't known."""
        formula, (condition, why_open) = self._formula, self._formula.said[member]
        compared, holds = judged.compared[member], judged.holds[member]
        if condition is not None and holds == NOT_MET:
            yield f"doesn't apply to this patient: {condition}"
            return
        if state != UNKNOWN:
            if condition is not None and holds == MET and compared == state:
                yield f"applies to this patient: {condition}"
            return
        if condition is not None and holds == UNKNOWN and not lost:
            clear = formula.conditions[formula.condition[member]].clear
            yield f"{'not known whether it applies' if clear else 'whether it applies is not judged'}: {condition}"
        if why_open is not None:
            yield _REASONS.get(why_open, why_open)
        elif compared == UNKNOWN and value is None:
            yield explain_missing(patient, formula.categories[formula.limits.category[member]])
        elif compared == UNKNOWN and value is not None:
            yield f"{value.converted or value.written}: may lie on either side of the limit"


def _take(column: pd.Series[Any], rows: Ints) -> Any:
    """Returns the cells of rows, missing for the row -1."""
    return pd.array(column).take(rows, allow_fill=True)


def _join(words: Sequence[str | None]) -> str | None:
    return "; ".join(dict.fromkeys(filter(None, words))) or None
