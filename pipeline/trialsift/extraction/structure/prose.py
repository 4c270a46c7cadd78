"""Criteria in prose: sentences that open a list of them, the headings of papers, and where such sections end.

In: a text and the sections that its headings open (sections.py). Out: the same, with more of them.
"""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import replace

from trialsift.extraction.structure.lines import BULLET
from trialsift.extraction.structure.section import Section, find_section
from trialsift.extraction.structure.words import StructureWords
from trialsift.model.document import CRITERIA

_BLANK_LINE = re.compile(r"\n\s*\n")
_BULLET_BEHIND = re.compile(r"[^\S\n]*(?:[-–•*·]|\d{1,2}[.)])\s")
#: Where a sentence or line begins, with the numbers and signs in front of its words.
_BEGINS = r"[\n.;?!](?:(?<=\n)|\s)[\s#*_\d.)-]*+"
_SENTENCE_END = re.compile(r"[.?!][)\"”’]?\s+(?=[A-Z(])")
_LINE_END = re.compile(r"[^\S\n]*(?:\n|$)")
_SPACE = re.compile(r"\s*+")
_LONGEST = 1500  # characters: no sentence that tells criteria is longer


class Prose:
    """Finds criteria in prose; compiled from the words of structure.toml."""

    def __init__(self, words: StructureWords) -> None:
        self._words = words
        leads = {"exclusion": words.opens_exclusion, "inclusion": words.opens_inclusion}
        self._leads = {
            polarity: (lead, re.compile(rf"{_BEGINS}(?P<lead>{lead.pattern})", re.I))
            for polarity, lead in leads.items()
        }
        self._paths = re.compile(rf"\n(?P<path>{words.path.pattern})")
        self._narration = re.compile(rf"{_BEGINS}(?P<told>{words.narrates.pattern})", re.I)

    def read_ends(self, text: str) -> Ends:
        """Returns where sections in the running text end."""
        return Ends(text, self._narration, self._words.abbreviation)

    def add_sections(self, text: str, found: Sequence[Section]) -> list[Section]:
        """Returns the sections with those that sentences and the headings of papers open.

        A sentence that says who is left out opens a list also among criteria for inclusion, where it is a line by
        itself; other sentences count outside of criteria only.
        """
        sections = [*found]
        for path in self._find(text, self._words.path, self._paths, "path"):
            insort(sections, self._read_path(text, path), key=_start)
        leads = [
            (place, polarity)
            for polarity, (lead, begun) in self._leads.items()
            for place in self._find(text, lead, begun, "lead")
        ]
        ends, opened = self.read_ends(text), set[int]()
        for place, polarity in sorted(leads):
            before = find_section(sections, place[0])
            free = before.polarity is None or before.start in opened
            if before.polarity == polarity or not (free or (polarity == "exclusion" and _is_line(text, place))):
                continue
            opened.add(place[0])
            insort(sections, Section(place[0], polarity, polarity, place), key=_start)
            end = ends.find(_skip_space(text, place[1])) if before.polarity is None else None
            if end is not None and find_section(sections, end).start == place[0]:
                insort(sections, replace(before, start=end), key=_start)
        return sections

    @staticmethod
    def _find(text: str, first: re.Pattern[str], others: re.Pattern[str], group: str) -> Iterator[tuple[int, int]]:
        """Iterates over the places of what may begin a sentence, at the beginning of the text and elsewhere."""
        begun = first.match(text, _skip_space(text, 0))
        if begun is not None:
            yield begun.span()
        yield from (match.span(group) for match in others.finditer(text))

    def _read_path(self, text: str, path: tuple[int, int]) -> Section:
        """The section under a path of headings; `INCLUSION AND EXCLUSION CRITERIA` are criteria of either kind."""
        words = text[slice(*path)]
        includes = self._words.path_inclusion.search(words) is not None
        if self._words.path_exclusion.search(words) is not None:
            if includes:
                return Section(path[0], CRITERIA, "inclusion")
            return Section(path[0], "exclusion", "exclusion", path)
        return (
            Section(path[0], "inclusion", "inclusion", path) if includes else Section(path[0], "document", None, path)
        )


class Ends:
    """Where sections that open in running text end. Asked for in the order of the text."""

    def __init__(self, text: str, narration: re.Pattern[str], abbreviation: re.Pattern[str]) -> None:
        self._text, self._narrating, self._abbreviation = text, narration, abbreviation
        self._blank: int | None = 0
        self._narration: int | None = 0

    def find(self, start: int) -> int | None:
        """The end of the paragraph that holds `start`, or a sentence behind it that tells what was done, whatever comes
        first; None where nothing does."""
        if self._blank is not None and self._blank <= start:
            self._blank = _find_paragraph_end(self._text, start)
        if self._narration is not None and self._narration <= start:
            told = self._narrating.search(self._text, start)
            self._narration = None if told is None else told.start("told")
        return min((end for end in (self._blank, self._narration) if end is not None), default=None)

    def find_sentence_end(self, start: int) -> int | None:
        """The end of the sentence that holds `start`; that of its paragraph, if that comes first."""
        text, limit = self._text, self.find(start)
        for end in _SENTENCE_END.finditer(text, start, min(start + _LONGEST, len(text) if limit is None else limit)):
            if not self._abbreviation.search(text, max(start, end.start() - 8), end.start() + 1):
                return end.end()
        return limit


def _start(section: Section) -> int:
    return section.start


def _skip_space(text: str, start: int) -> int:
    found = _SPACE.match(text, start)
    return start if found is None else found.end()


def _is_line(text: str, place: tuple[int, int]) -> bool:
    """Whether words are a line by themselves, and no item of a list."""
    begin = text.rfind("\n", max(0, place[0] - 40), place[0]) + 1
    return BULLET.match(text[begin : place[0]].strip() + " x") is None and _LINE_END.match(text, place[1]) is not None


def _find_paragraph_end(text: str, start: int) -> int | None:
    """The end of the first blank line after `start` that does not continue a list."""
    ends = (blank.end() for blank in _BLANK_LINE.finditer(text, start))
    return next((end for end in ends if not _BULLET_BEHIND.match(text, end)), None)
