"""The limits that the numbers of an age state, once rule.py has told that they are one."""

from __future__ import annotations

import re

from trialsift.extraction.labels.age.scope import read_scope
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window, write_bounds
from trialsift.model.fact import Fact
from trialsift.model.interval import Interval

_FROM_BIRTH = re.compile(r"\b(?:from\s+)?birth\s*(?:to|through|until|up\s+to|and|-|–)\s*$", re.I)


def state_limit(passage: Passage, quantity: Quantity, unit: str, rule: str) -> Fact | None:
    """The limit a quantity states in `unit`, or None where it bounds nothing.

    A number alone admits the ages above it where it is below 40, else those below it; as an exclusion it bars the
    ages on the other side. `operator_inferred` says so.
    """
    interval = quantity.interval
    inferred = False
    if quantity.operator is None and not quantity.ranged:
        value = quantity.values[0]
        if passage.polarity == "exclusion":
            interval = Interval.of("lt" if value < 40 else "gt", value)
        else:
            interval = Interval.of("ge" if value < 40 else "le", value)
        inferred = True
    if quantity.operator == "eq":
        interval, inferred = (
            Interval.of("ge" if passage.polarity != "exclusion" else "lt", quantity.values[0]),
            True,
        )
    left = passage.left(quantity.start, Window.PHRASE)
    birth = _FROM_BIRTH.search(left)
    if birth and not quantity.ranged:
        begin = quantity.start - len(left) + birth.start()
        passage.note(quantity.start, "birth", (begin, begin + len(birth.group().rstrip())), "0")
        interval, inferred = Interval(0, True, quantity.values[0], quantity.operator != "lt"), False
    if interval.low is None and interval.high is None:
        return None
    end = quantity.end
    return passage.fact(
        "AGE",
        rule,
        quantity.start,
        end,
        **write_bounds(interval),
        unit=unit,
        scope=read_scope(passage, quantity),
        operator_inferred=inferred,
    )


def join_lost_range(passage: Passage, index: int) -> Fact | None:
    """`Age 18 years and 75 years`: both signs were lost."""
    first = passage.quantities[index]
    if index + 1 >= len(passage.quantities):
        return None
    second = passage.quantities[index + 1]
    if (
        second.operator
        or second.ranged
        or second.values <= first.values
        or second.kind != "time"
        or second.unit is None
        or not re.fullmatch(r"\s*(?:and|,|to)\s*", passage.text[first.end : second.start])
    ):
        return None
    return passage.fact(
        "AGE",
        "age.lost_operator",
        first.start,
        second.end,
        **write_bounds(Interval(first.values[0], True, second.values[0], True)),
        unit=second.unit.ucum,
        scope="trial",
        operator_inferred=True,
    )
