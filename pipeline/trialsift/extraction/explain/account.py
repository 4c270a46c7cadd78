"""What is told of one fact, piece by piece and step by step, while it is put together."""

from __future__ import annotations

from dataclasses import dataclass, field

from trialsift.extraction.explain.data import Found, Piece, Step
from trialsift.extraction.structure.passage import Note, Passage
from trialsift.extraction.structure.reading_copy import ReadingCopy
from trialsift.model.fact import Fact


@dataclass(slots=True)
class Account:
    """A fact with the copy of its text that was read and its passage, and all that was told of it so far.

    All places are those of the copy; `steps` and `pieces` turn them into those of the document.
    """

    copy: ReadingCopy
    fact: Fact
    passage: Passage
    found: list[Found] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def piece(self, piece: Found, name: str = "", before: str = "", after: str = "") -> None:
        """Tells a piece, and the step from its characters to their meaning, in other words where some are given."""
        self.found.append(piece)
        written = before or self.written(piece.start, piece.end)
        place = self.copy.locate(piece.start, piece.end)
        self.steps.append(Step(name or piece.kind, written, after or piece.meaning, place))

    def step(self, name: str, before: str, after: str) -> None:
        """Tells a step that begins from no characters of its own."""
        self.steps.append(Step(name, before, after))

    def has(self, kind: str) -> bool:
        """Whether a piece of this kind was told."""
        return any(piece.kind == kind for piece in self.found)

    def notes(self, about: str) -> list[Note]:
        """What an engine noted of the fact."""
        return [n for n in self.passage.notes if n.fact == self.fact.start and n.about == about]

    def written(self, start: int, end: int) -> str:
        """Characters of the document, white space collapsed."""
        first, last = self.copy.locate(start, end)
        return " ".join(self.copy.original[first:last].split())

    def pieces(self) -> tuple[Piece, ...]:
        """The pieces in the order of the text, each once."""
        located = [(p, *self.copy.locate(p.start, p.end)) for p in self.found]
        pieces = {Piece(p.kind, start, end, self.copy.original[start:end], p.meaning) for p, start, end in located}
        return tuple(sorted(pieces, key=lambda piece: (piece.start, piece.end, piece.kind, piece.meaning)))
