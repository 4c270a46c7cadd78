"""The unit of reading: one sentence of a criterion line, with its tokens and quantities."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ..facts import UNSAID, Fact, Scalar
from ..quantity.comparators import Interval
from ..quantity.numbers import tidy
from ..quantity.parts import Quantity, Token


class Note(NamedTuple):
    """What told an engine something of a fact, for those who ask why; no step of the extraction looks at it.

    `fact` is where the fact begins, `about` what was told (`name`, `role`, `boost`, `birth`), `place` the words that
    told it as offsets, or None where no words did, and `meaning` what it was.
    """

    fact: int
    about: str
    place: tuple[int, int] | None
    meaning: str


@dataclass(slots=True)
class Passage:
    """`text` is the whole document; `start`/`end` bound the sentence, `line_start`/`line_end` the criterion line.

    `above` is the line above where it opens this one (a heading, a bullet with sub-bullets), else None. `polarity` is
    that of the named section, None outside eligibility criteria. `unsectioned_bullet` marks a
    bullet of a document that names no section of eligibility criteria. `unheaded` marks criteria that the source's
    structure tells, in front of any heading; `limits_nobody` a part of the source that holds no criteria.
    """

    text: str
    start: int
    end: int
    line_start: int
    line_end: int
    polarity: str | None
    tokens: list[Token]
    quantities: list[Quantity]
    above: tuple[int, int] | None = None
    above_tokens: list[Token] = field(default_factory=list)
    unsectioned_bullet: bool = False
    unheaded: bool = False
    limits_nobody: bool = False
    claimed: set[int] = field(default_factory=set)
    notes: list[Note] = field(default_factory=list)

    def left(self, position: int, width: int) -> str:
        """Up to `width` characters in front of a place, within the sentence."""
        return self.text[max(self.start, position - width) : position]

    def right(self, position: int, width: int) -> str:
        """Up to `width` characters behind a place, within the sentence."""
        return self.text[position : min(self.end, position + width)]

    def open_quantities(self) -> list[tuple[int, Quantity]]:
        """Quantities that no engine has claimed yet, with their indices."""
        return [(i, q) for i, q in enumerate(self.quantities) if i not in self.claimed]

    def fact(self, label: str, rule: str, start: int, end: int, **attributes: Scalar) -> Fact:
        """A fact on these characters, less white space at their end (`10^9 ` where no unit follows); flags that say
        what their absence says are left out, as in gold."""
        end = start + len(self.text[start:end].rstrip())
        kept = {k: v for k, v in attributes.items() if v is None or v is not UNSAID.get(k)}
        return Fact(label, start, end, self.text[start:end], rule, kept)


def bounds(interval: Interval, scale: float = 1.0) -> dict[str, Scalar]:
    """The four attributes of an interval, ends multiplied by `scale`, whole numbers as int."""

    def end(value: float | None) -> float | int | None:
        return None if value is None else tidy(value * scale)

    return {
        "low": end(interval.low),
        "low_inclusive": interval.low_inclusive if interval.low is not None else None,
        "high": end(interval.high),
        "high_inclusive": interval.high_inclusive if interval.high is not None else None,
    }
