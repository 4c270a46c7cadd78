"""What holds for any criteria and any patient."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from trialsift.rules.files import patterns_dir
from trialsift.runs.match.formula import compile_formula
from trialsift.runs.match.judge import MET, NOT_MET, UNKNOWN, judge
from trialsift.runs.match.patient import PatientReader
from trialsift.runs.match.values import find_value
from trialsift.tables.schema import CRITERIA, make_trials_columns

#: Tests with units that convert into each other: the factor is that of a value in the first.
UNITS = {
    "hemoglobin": [("g/dL", 1.0), ("g/L", 10.0), ("mmol/L", 10 / 16.114)],
    "creatinine": [("mg/dL", 1.0), ("umol/L", 1e4 / 113.12)],
    "platelets": [("10*9/L", 1.0), ("/uL", 1000.0), ("10*3/uL", 1.0)],
}
FINDINGS = ("liver metastases", "gilbert")
READER = PatientReader(patterns_dir())
SETTINGS = settings(max_examples=150, deadline=None)

_numbers = st.integers(1, 40).map(lambda n: n / 2)
_intervals = st.tuples(st.none() | _numbers, st.none() | _numbers, st.booleans(), st.booleans())
_conditions = st.one_of(
    st.none(),
    st.sampled_from(["female", "male"]).map(lambda sex: {"text": f"for {sex}s", "sex": sex}),
    st.tuples(st.sampled_from(FINDINGS), st.booleans()).map(
        lambda it: {"text": f"if {it[0]}", "has": [it[0]], **({"denied": True} if it[1] else {})}
    ),
    st.just({"text": "if the investigator agrees"}),
    _numbers.map(lambda n: {"text": "", "when": [{"label": "LAB", "name": "creatinine", "unit": "mg/dL", "low": n}]}),
)


@st.composite
def _members(draw: st.DrawFn) -> dict[str, Any]:
    low, high, low_inclusive, high_inclusive = draw(_intervals)
    assume(low is None or high is None or low < high)
    name = draw(st.sampled_from([*UNITS, "AGE", "ECOG", "KPS"]))
    member: dict[str, Any] = {"span": 0, "low_inclusive": low_inclusive, "high_inclusive": high_inclusive}
    if name == "AGE":
        member |= {"label": "AGE", "unit": "a"}
    elif name in UNITS:
        unit, factor = draw(st.sampled_from([*UNITS[name], ("ULN", 0.1)]))
        member |= {"label": "LAB", "name": name, "unit": unit}
        low, high = (None if end is None else end * factor for end in (low, high))
    else:
        member |= {"label": "PERFORMANCE_STATUS", "name": name}
    member |= {key: end for key, end in (("low", low), ("high", high)) if end is not None}
    if draw(st.integers(0, 6)) == 0:
        member["open"] = "exception"
    condition = draw(_conditions)
    return member if condition is None else {**member, "condition": condition}


_criteria = st.lists(st.lists(_members(), min_size=1, max_size=3), min_size=1, max_size=4)


@st.composite
def _patients(draw: st.DrawFn, full: bool = False) -> dict[str, Any]:
    def maybe(strategy: st.SearchStrategy[Any]) -> Any:
        return draw(strategy if full else st.none() | strategy)

    labs: dict[str, Any] = {}
    for name in UNITS:
        value = maybe(_numbers)
        if value is not None:
            labs[name] = {"value": value, "unit": UNITS[name][0][0], "uln": maybe(st.just(10.0))}
    has = [one for one in FINDINGS if draw(st.booleans())]
    return {
        "age": maybe(st.integers(1, 20)),
        "ecog": maybe(st.integers(0, 5)),
        "kps": draw(st.none() | st.integers(0, 10).map(lambda n: n * 10)),
        "sex": maybe(st.sampled_from(["female", "male"])),
        "labs": labs,
        "has": has,
        "has_not": [one for one in FINDINGS if one not in has and (full or draw(st.booleans()))],
    }


def _judge(criteria: list[list[dict[str, Any]]], patient: Mapping[str, Any]) -> list[int]:
    """Returns the states of the criteria of a trial."""
    rows = [
        {"doc_id": "a", "members": "", "formula": json.dumps(members), "criterion": number}
        for number, members in enumerate(criteria, 1)
    ]
    trials = pd.DataFrame([{"doc_id": "a"}], columns=[column.name for column in make_trials_columns(())])
    formula = compile_formula(pd.DataFrame(rows, columns=[column.name for column in CRITERIA]), trials)
    read = READER.read(patient, "patient", "1")
    values = [find_value(read, category, patterns_dir()) for category in formula.categories]
    return [int(state) for state in judge(formula, read, values).criteria]


@SETTINGS
@given(_criteria, _members(), _patients(), st.data())
def test_an_alternative_never_makes_a_patient_less_eligible(
    criteria: list[list[dict[str, Any]]], more: dict[str, Any], patient: dict[str, Any], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(criteria) - 1))
    # alone, a limit with a condition asks nothing of those for whom that doesn't hold: with others it is one of several
    assume(len(criteria[at]) > 1 or "condition" not in criteria[at][0])
    # nobody judges alternatives that are all for others
    assume(any("condition" not in member for member in criteria[at]))
    before = _judge(criteria, patient)
    after = _judge([*criteria[:at], [*criteria[at], more], *criteria[at + 1 :]], patient)
    assert after[at] >= before[at]
    assert after[:at] + after[at + 1 :] == before[:at] + before[at + 1 :]


@SETTINGS
@given(st.data(), _numbers, st.sampled_from([0.98, 1.0, 1.02]), st.booleans())
def test_units_do_not_matter(data: st.DataObject, end: float, share: float, inclusive: bool) -> None:
    """A value just below, at or above a limit, each in any unit; the laboratory's own limit is in that of the value."""
    name = data.draw(st.sampled_from(sorted(UNITS)))
    (own, there), (unit, back) = (data.draw(st.sampled_from(UNITS[name])) for _ in range(2))
    assume(share != 1 or own == unit or not {own, unit} & {"mmol/L", "umol/L"})  # the molar mass is rounded here
    result = {"value": end * share * there, "unit": own, "uln": end * there}
    limit = {"span": 0, "label": "LAB", "name": name, "low_inclusive": inclusive}
    states = [[{**limit, "unit": unit, "low": end * back}], [{**limit, "unit": "ULN", "low": 1.0}]]
    met = share > 1 or (share == 1 and inclusive)
    assert _judge(states, {"labs": {name: result}}) == [MET if met else NOT_MET] * 2


@SETTINGS
@given(_patients(full=True), st.lists(st.sampled_from([*UNITS, "AGE", "ECOG"]), min_size=1, max_size=6), st.data())
def test_a_patient_in_the_middle_is_never_refused(
    patient: dict[str, Any], names: list[str], data: st.DataObject
) -> None:
    criteria = []
    for name in names:
        if name in UNITS:
            unit, factor = data.draw(st.sampled_from(UNITS[name]))
            middle = patient["labs"][name]["value"] * factor
            member = {"span": 0, "label": "LAB", "name": name, "unit": unit}
        else:
            middle = patient[name.lower()]
            member = {"span": 0, "label": "AGE", "unit": "a"} if name == "AGE" else {"span": 0, "name": name}
            member.setdefault("label", "PERFORMANCE_STATUS")
        spread = middle * data.draw(st.floats(0.01, 2)) + 0.01
        condition = data.draw(_conditions)
        member |= {"low": middle - spread, "high": middle + spread, "low_inclusive": False, "high_inclusive": False}
        criteria.append([member if condition is None else {**member, "condition": condition}])
    assert set(_judge(criteria, patient)) == {MET}


@SETTINGS
@given(_criteria, _patients(full=True), st.data())
def test_unknown_is_never_taken_for_not_met(
    criteria: list[list[dict[str, Any]]], patient: dict[str, Any], data: st.DataObject
) -> None:
    """What is not met without some of the data is not met, or unknown, with all of them."""
    known = {key: value for key, value in patient.items() if data.draw(st.booleans())}
    if "kps" in patient and "ecog" in patient and patient["kps"] is not None:
        known |= {"kps": patient["kps"], "ecog": patient["ecog"]}  # one stands for the other where it is alone
    if "labs" in known:
        known["labs"] = {name: result for name, result in known["labs"].items() if data.draw(st.booleans())}
    for less, all_known in zip(_judge(criteria, known), _judge(criteria, patient), strict=True):
        assert less != NOT_MET or all_known != MET
        assert less != MET or all_known != NOT_MET


@SETTINGS
@given(_criteria)
def test_nothing_is_known_of_nobody(criteria: list[list[dict[str, Any]]]) -> None:
    assert set(_judge(criteria, {})) == {UNKNOWN}


def test_states_are_in_order() -> None:
    assert np.array_equal(np.sort([MET, NOT_MET, UNKNOWN]), [NOT_MET, UNKNOWN, MET])
