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
#: Numbers and signs in front of the words of a sentence or line.
_MARKS = r"[\s#*_\d.)-]*+"
_MARKED = re.compile(_MARKS)
_COLON = re.compile(":")
#: A list is opened in at least and at most so many characters.
_SHORTEST, _FARTHEST = 15, 250
_SENTENCE_END = re.compile(r"[.?!][)\"”’]?\s+(?=[A-Z(])")
_LINE_END = re.compile(r"[^\S\n]*(?:\n|$)")
_SPACE = re.compile(r"\s*+")
_LONGEST = 1500  # characters: no sentence that tells criteria is longer


class Prose:
    """Finds criteria in prose; compiled from the words of structure.toml."""

    def __init__(self, words: StructureWords) -> None:
        self._words = words
        self._leads = {"exclusion": words.opens_exclusion, "inclusion": words.opens_inclusion}
        self._paths = re.compile(rf"\n(?P<path>{words.path.pattern})")
        self._narration = re.compile(rf"[\n.;?!](?:(?<=\n)|\s){_MARKS}(?P<told>{words.narrates.pattern})", re.I)

    def read_ends(self, text: str) -> Ends:
        """Returns where sections in the running text end."""
        return Ends(text, self._narration, self._words.abbreviation)

    def add_sections(self, text: str, found: Sequence[Section]) -> list[Section]:
        """Returns the sections with those that sentences and the headings of papers open.

        A sentence that says who is left out opens a list also among criteria for inclusion, where it is a line by
        itself; other sentences count outside of criteria only.
        """
        sections = [*found]
        for path in self._find_paths(text):
            insort(sections, self._read_path(text, path), key=_start)
        ends, opened = self.read_ends(text), set[int]()
        for place, polarity in self._find_leads(text):
            before = find_section(sections, place[0])
            free = before.polarity is None or before.start in opened
            if before.polarity == polarity or not (free or (polarity == "exclusion" and _is_line(text, place))):
                continue
            opened.add(place[0])
            insort(sections, Section(place[0], polarity, polarity, place), key=_start)
            end = ends.find(_skip(_SPACE, text, place[1])) if before.polarity is None else None
            if end is not None and find_section(sections, end).start == place[0]:
                insort(sections, replace(before, start=end), key=_start)
        return sections

    def _find_paths(self, text: str) -> Iterator[tuple[int, int]]:
        first = self._words.path.match(text)
        if first is not None:
            yield first.span()
        yield from (match.span("path") for match in self._paths.finditer(text))

    def _find_leads(self, text: str) -> Iterator[tuple[tuple[int, int], str]]:
        """Iterates over the sentences that open a list, up to their colon, with the polarity of what is listed."""
        for colon in _COLON.finditer(text):
            far = max(0, colon.start() - _FARTHEST)
            begin = max([text.rfind(sign, far, colon.start()) for sign in "\n.;?!"]) + 1
            if colon.start() - begin < _SHORTEST or begin < far:
                continue
            start = _skip(_MARKED, text, begin)
            for polarity, lead in self._leads.items():
                if lead.fullmatch(text, start, colon.end()):
                    yield (start, colon.end()), polarity
                    break

    def _read_path(self, text: str, path: tuple[int, int]) -> Section:
        """The section under a path of headings; `INCLUSION AND EXCLUSION CRITERIA` are criteria of either kind."""
        words = text[slice(*path)]
        includes = self._words.path_inclusion.search(words) is not None
        if self._words.path_exclusion.search(words) is not None:
            if includes:
                return Section(path[0], CRITERIA, "inclusion")
            return Section(path[0], "exclusion", "exclusion", path)
        polarity = "inclusion" if includes else None
        return Section(path[0], polarity or "document", polarity, path)


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


def _skip(blank: re.Pattern[str], text: str, start: int) -> int:
    found = blank.match(text, start)
    return start if found is None else found.end()


def _is_line(text: str, place: tuple[int, int]) -> bool:
    """Whether words are a line by themselves, and no item of a list."""
    begin = text.rfind("\n", max(0, place[0] - 40), place[0]) + 1
    return BULLET.match(text[begin : place[0]].strip() + " x") is None and _LINE_END.match(text, place[1]) is not None


def _find_paragraph_end(text: str, start: int) -> int | None:
    """The end of the first blank line after `start` that does not continue a list."""
    ends = (blank.end() for blank in _BLANK_LINE.finditer(text, start))
    return next((end for end in ends if not _BULLET_BEHIND.match(text, end)), None)
