"""Numbers that no rule took: those that may be facts, and how many there are of each kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trialsift.model.interval import Interval


@dataclass(frozen=True, slots=True)
class Unread:
    """A number of a criterion or a prescription that is part of no fact, although it may be one.

    `start`/`end` are code-point offsets into the document's text, end exclusive, and `context` is the range of its
    criterion line or sentence. `label` is what it may be, `name` the test, measure, scale or drug that it may be of
    (None where none is named), `interval` and `unit` (UCUM) what it was read as, None where it was not read as a
    quantity. `reason` is a code, and `why` says in words why no rule took it.
    """

    start: int
    end: int
    text: str
    context: tuple[int, int]
    polarity: str
    label: str
    name: str | None
    interval: Interval | None
    unit: str | None
    reason: str
    why: str


@dataclass(frozen=True, slots=True)
class NumberAccount:
    """Where the numbers of all criteria and prescriptions of a text went.

    `unread` may be facts, the likeliest first. `counts` has the number of numbers by reason: `fact` for those that
    are part of one, else why they are none.
    """

    unread: tuple[Unread, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    def to_record(self) -> dict[str, Any]:
        """Returns it as JSON, for `from_record`."""
        rows = [
            [n.start, n.end, n.text, n.context, n.polarity, n.label, n.name, n.interval, n.unit, n.reason, n.why]
            for n in self.unread
        ]
        return {"unread": rows, "counts": dict(self.counts)}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> NumberAccount:
        """Restores an account from `to_record`."""
        unread = (
            Unread(start, end, text, tuple(context), polarity, label, name, _read_interval(ends), unit, reason, why)
            for start, end, text, context, polarity, label, name, ends, unit, reason, why in record["unread"]
        )
        return cls(tuple(unread), dict(record["counts"]))


def _read_interval(ends: Any) -> Interval | None:
    return None if ends is None else Interval(*ends)
