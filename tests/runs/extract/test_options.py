"""What a run can be asked for, before anything is read."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from trialsift.model.errors import UserError
from trialsift.runs.extract.options import RunOptions, RunSettings


def test_the_keywords_of_a_run_are_its_settings() -> None:
    assert {*RunOptions.__annotations__, "inputs", "out"} == {field.name for field in fields(RunSettings)}


@pytest.mark.parametrize(
    ("inputs", "options", "says"),
    [
        (["in"], {"formats": ["xls"]}, "xls: no format of tables"),
        (["in"], {"alpha_beta": 0}, "--alpha-beta takes a number of Gy above 0"),
        (["in"], {"resume": True, "force": True}, "choose one"),
        (["-"], {"resume": True}, "standard input can't be read twice"),
        (["in"], {"jobs": 0}, "--jobs is 0; expected at least 1"),
    ],
)
def test_what_cannot_be(inputs: list[str], options: dict[str, Any], says: str) -> None:
    with pytest.raises(UserError, match=says):
        RunSettings(inputs=inputs, out=Path("out"), **options)
