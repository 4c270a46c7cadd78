"""What is known of a prescription while facts are put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from trialsift.extraction.regimens.wording import RegimenWords
from trialsift.model.fact import Fact


@dataclass(slots=True)
class Prescription:
    """Facts of one prescription by their role, and further ones that state it. `mixed`: fractions of different doses
    (`1.2 Gy + 2 Gy a day`)."""

    members: dict[str, int] = field(default_factory=dict)
    also: list[int] = field(default_factory=list)
    start: int = 0
    end: int = 0
    mixed: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A text with its facts, and the words that tell which belong together."""

    text: str
    facts: Sequence[Fact]
    words: RegimenWords
