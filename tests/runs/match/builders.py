"""Runs and patients for tests."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd

import trialsift

INCLUDED, EXCLUDED = "Inclusion Criteria:\n", "Exclusion Criteria:\n"


@cache
def read_criteria(text: str) -> trialsift.Results:
    """Extracts the criteria of one trial."""
    return trialsift.extract({"trial": text})


def match_one(text: str, **patient: Any) -> Mapping[str, Any]:
    """Matches one patient with one trial."""
    row = trialsift.match_patients(read_criteria(text), patient).iloc[0]
    return {str(key): None if value is pd.NA else value for key, value in row.items()}


def judge_one(text: str, **patient: Any) -> str:
    """Returns `met`, `not met` or `unknown` for a trial with a single criterion."""
    row = match_one(text, **patient)
    assert row["n_criteria"] == 1
    return "met" if row["n_met"] else "not met" if row["n_not_met"] else "unknown"
