"""The constructs of the grammar; importing this package registers them all, in the order of the table."""

from benchmarks.language.constructs import lab_names  # noqa: I001  the order is that of the table
from benchmarks.language.constructs import lab_values, lab_lists, lab_conditions
from benchmarks.language.constructs import ages, performance_status, measurements, radiation, radiation_prose, doses
from benchmarks.language.constructs import combined, changes, counters

__all__ = [
    "ages",
    "changes",
    "combined",
    "counters",
    "doses",
    "lab_conditions",
    "lab_lists",
    "lab_names",
    "lab_values",
    "measurements",
    "performance_status",
    "radiation",
    "radiation_prose",
]
