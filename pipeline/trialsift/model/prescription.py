"""A radiotherapy prescription, n × d = D: its three numbers, and which of them a fact states."""

from __future__ import annotations

from collections.abc import Mapping

from trialsift.model.fact import Scalar

#: Fields of `Regimen`, and keys of its record: n, d and D.
NUMBERS = ("fractions", "dose_per_fraction", "total_dose")
#: The number that a radiation dose states, by its attribute `role`; other roles state none.
NUMBER_OF_ROLE: Mapping[Scalar, str | None] = {
    "per_fraction": "dose_per_fraction",
    "total": "total_dose",
    "other": None,
}


def find_stated_number(label: str, attributes: Mapping[str, Scalar]) -> str | None:
    """Returns the number of a prescription that a fact states: one of `NUMBERS`, or None."""
    if label == "FRACTIONS":
        return "fractions"
    return NUMBER_OF_ROLE.get(attributes.get("role")) if label == "DOSE" else None
