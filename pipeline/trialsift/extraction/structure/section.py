"""A section of a document: a stretch of its text, and the polarity of the facts in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the text from `start` to the next section. Its facts have this polarity, None outside eligibility
    criteria.

    `heading` is the place of the words that say so, None at the beginning of a document.
    """

    start: int
    name: str
    polarity: str | None
    heading: tuple[int, int] | None = field(default=None, compare=False)

    def shifted(self, by: int) -> Section:
        """Returns the section moved by this many characters."""
        heading = None if self.heading is None else (self.heading[0] + by, self.heading[1] + by)
        return replace(self, start=self.start + by, heading=heading)


def find_section(sections: Sequence[Section], offset: int) -> Section:
    """Returns the section that contains an offset."""
    return sections[bisect_right(sections, offset, key=lambda s: s.start) - 1]
