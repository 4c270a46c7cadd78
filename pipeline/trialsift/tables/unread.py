"""Makes the rows of `unread`: numbers that no rule took, although they may be facts."""

from __future__ import annotations

from trialsift.model.fact import Scalar
from trialsift.model.interval import Interval
from trialsift.model.unread import Unread
from trialsift.tables.context import make_context

_NONE = Interval()


def make_unread_row(doc_id: str, text: str, number: Unread) -> dict[str, Scalar]:
    """Makes the row of a number of a document."""
    low, low_inclusive, high, high_inclusive = number.interval or _NONE
    return {
        "doc_id": doc_id,
        "start": number.start,
        "end": number.end,
        "text": number.text,
        "context": make_context(text, *number.context),
        "polarity": number.polarity,
        "label": number.label,
        "name": number.name,
        "low": None if low is None else float(low),
        "low_inclusive": low_inclusive,
        "high": None if high is None else float(high),
        "high_inclusive": high_inclusive,
        "unit": number.unit,
        "reason": number.reason,
        "why": number.why,
    }
