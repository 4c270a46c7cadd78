"""What one quantity leaves out because its neighbour says it: a limit of normal, a unit."""

from __future__ import annotations

from trialsift.extraction.quantities import joints
from trialsift.extraction.quantities.parts import Quantity


def with_limit_of(text: str, first: Quantity, second: Quantity, stop: int) -> Quantity:
    """`≤ 2.5 x ULN (≤ 5 times if liver metastases)`: the limit of normal is not said again."""
    limited = first.unit is not None and first.unit.kind == "limit"
    if limited and second.unit is None and not second.ranged:
        times = joints.TIMES_AGAIN.match(text, second.end, stop)
        if times:
            return second._replace(unit=first.unit, end=times.end("times"))
    return second


def with_unit_of(text: str, first: Quantity, second: Quantity) -> Quantity:
    """`< 4 or > 30 x 109/L`: the unit of both stands behind the second."""
    outside = {first.operator, second.operator} in ({"lt", "gt"}, {"le", "ge"}, {"lt", "ge"}, {"le", "gt"})
    said_later = first.unit is None and second.unit is not None and second.unit.kind != "time"
    single = not first.ranged and not second.ranged
    if said_later and outside and single and joints.OR.fullmatch(text, first.end, second.start):
        return first._replace(unit=second.unit)
    return first
