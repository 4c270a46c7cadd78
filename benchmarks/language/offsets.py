"""Edits of a text that carry the offsets of its gold over to the new text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from trialsift.gold import GoldDocument


class Edit(NamedTuple):
    """Text from `start` to `end` is replaced; an insertion has `start == end`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class EditedText:
    """A text after its edits, with a map of offsets."""

    text: str
    edits: tuple[Edit, ...]
    _starts: tuple[int, ...]
    _shifts: tuple[int, ...]

    def map_start(self, offset: int) -> int:
        """Maps the start of a span: inside of an edit it moves to its beginning; what is inserted stays outside."""
        place = bisect_right(self._starts, offset) - 1
        if place < 0:
            return offset
        edit = self.edits[place]
        if edit.start <= offset < edit.end:
            return edit.start + self._shifts[place]
        return offset + self._shifts[place] + len(edit.text) - (edit.end - edit.start)

    def map_end(self, offset: int) -> int:
        """Maps the end of a span: inside of an edit it moves to its end; what is inserted stays outside."""
        place = bisect_right(self._starts, offset - 1) - 1
        if place < 0:
            return offset
        edit = self.edits[place]
        behind = max(offset, edit.end)
        return behind + self._shifts[place] + len(edit.text) - (edit.end - edit.start)


def edit_text(text: str, edits: Iterable[Edit]) -> EditedText:
    """Makes all edits at once. Raises ValueError for edits that overlap."""
    ordered = tuple(sorted(edits))
    pieces: list[str] = []
    shifts: list[int] = []
    place = length = 0
    for edit in ordered:
        if edit.start < place:
            raise ValueError(f"edits overlap at {edit.start}: {edit.text!r}")
        pieces.append(text[place : edit.start])
        length += edit.start - place
        shifts.append(length - edit.start)
        pieces.append(edit.text)
        length += len(edit.text)
        place = edit.end
    pieces.append(text[place:])
    return EditedText("".join(pieces), ordered, tuple(edit.start for edit in ordered), tuple(shifts))


def edit_document(document: GoldDocument, edits: Sequence[Edit]) -> GoldDocument:
    """Returns a document with its text edited, and its spans and parts where they have moved to."""
    if not edits:
        return document
    edited = edit_text(document.text, edits)
    spans = []
    for span in document.spans:
        start, end = edited.map_start(span.start), edited.map_end(span.end)
        spans.append(replace(span, start=start, end=end, text=edited.text[start:end]))
    meta = dict(document.meta)
    if "parts" in meta:
        meta["parts"] = [[edited.map_start(a), edited.map_end(b), name] for a, b, name in meta["parts"]]
    return replace(document, text=edited.text, spans=tuple(spans), meta=meta)


def substitute(text: str, pattern: str, change: Callable[[re.Match[str]], str]) -> list[Edit]:
    """Makes an edit of each match that `change` doesn't leave as it is."""
    found = ((match, change(match)) for match in re.finditer(pattern, text))
    return [Edit(match.start(), match.end(), new) for match, new in found if new != match[0]]
