"""How units are written: the spellings of each UCUM unit, with the blank in front where one belongs there."""

from __future__ import annotations

from benchmarks.language.wordings import read_wordings

USED = tuple(read_wordings("units"))


def list_spellings(unit: str) -> list[str]:
    """Returns how a unit is written, the usual way first; a unit without a list as its code."""
    return read_wordings("units").get(unit) or [f" {unit}" if unit and unit != "1" else ""]


def choose_plain(unit: str) -> str:
    """Returns the usual spelling."""
    return list_spellings(unit)[0]
