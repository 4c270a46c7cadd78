"""Prints a document on a terminal: its lines with the facts marked and tagged, its sections, alternatives and regimens.

Without colours a fact is enclosed in `⟦ ⟧`, its tag in `{ }`. Facts that share characters are marked together.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import attrgetter
from pathlib import Path

from rich.style import Style
from rich.text import Text

from trialsift.cli.explanation_view import print_alternatives, print_declined, print_explanations, print_regimens
from trialsift.cli.terminal import BOLD, DIM, Printer, escape
from trialsift.extraction.confidence import read_rater
from trialsift.extraction.explain import explain_reading, find_declined
from trialsift.extraction.extractor import Extractor, Reading
from trialsift.extraction.structure.section import Section, find_section
from trialsift.model.alternatives import tag_alternatives
from trialsift.model.display import describe_fact, format_count
from trialsift.model.document import Document
from trialsift.model.fact import Fact
from trialsift.readers.find import STDIN

_start, _end = attrgetter("start"), attrgetter("end")
_POLARITIES = {"inclusion": Style(color="green", bold=True), "exclusion": Style(color="red", bold=True)}


def show_document(printer: Printer, extractor: Extractor, document: Document, explained: bool) -> None:
    """Prints one document under its name.

    With `explained` it explains every fact, and every number of a criterion or prescription that is part of none.
    """
    text = document.text
    reading = extractor.read(text, document.parts, explaining=explained)
    facts, prescribed = reading.annotation.facts, reading.annotation.regimens
    counts = f"  {format_count(len(facts), 'fact')}, {format_count(len(prescribed), 'regimen')}"
    printer.line(Text.assemble((f"═══ {escape(_describe_source(document))}", BOLD), counts))
    _DocumentPrinter(printer, text, reading, numbered=explained).show()
    ratings, of_regimens = read_rater(extractor.patterns).explain(text, reading.annotation) if explained else ((), ())
    if explained:
        print_explanations(printer, text, explain_reading(extractor, reading), ratings)
    print_alternatives(printer, text, facts, explained)
    print_regimens(printer, text, reading.annotation, of_regimens, explained)
    if explained:
        print_declined(printer, text, find_declined(extractor, reading))
    printer.line(Text())


def _describe_source(document: Document) -> str:
    """Names the file, and the document in it if it has several."""
    if document.source == STDIN:
        return "standard input"
    alone = Path(document.source).name.startswith(document.doc_id)
    return document.source if alone else f"{document.source}: {document.doc_id}"


class _DocumentPrinter:
    """Prints the lines of a document with their numbers, facts and sections. `numbered`: tags include fact numbers."""

    def __init__(self, printer: Printer, text: str, reading: Reading, numbered: bool) -> None:
        self._printer, self._text, self._reading, self._numbered = printer, text, reading, numbered
        self._facts = reading.annotation.facts

    def show(self) -> None:
        text, marks, sections = self._text, _find_marks(self._facts), self._locate_sections()
        gutter = len(str(text.count("\n") + 1)) + 1
        start = 0
        for number, line in enumerate(text.split("\n"), start=1):
            end = start + len(line)
            body = end - line.endswith("\r")  # the \r of a Windows line end is not shown
            inside = sections[bisect_left(sections, start, key=_start) : bisect_left(sections, end + 1, key=_start)]
            inline = [section for section in inside if text[start : section.start].strip()]
            for section in inside:
                if section not in inline:
                    self._printer.line(self._describe_section(section), " " * gutter)
            here = marks[bisect_right(marks, start, key=_end) : bisect_left(marks, body, key=_start)]
            self._printer.line(self._mark_line(start, body, here, inline), f"{number:>{gutter}}", hanging=True)
            start = end + 1

    def _locate_sections(self) -> list[Section]:
        """The changes of section where they stand in the document itself."""
        copy = self._reading.copy
        changes = _find_changes(self._reading.sections)
        return [replace(section, start=copy.locate(section.start, section.start)[0]) for section in changes]

    @staticmethod
    def _describe_section(section: Section) -> Text:
        polarity = section.polarity or "none"
        return Text(f"§ {section.name} → polarity {polarity}", _POLARITIES.get(polarity, DIM))

    def _mark_line(self, start: int, end: int, marks: list[_Mark], inline: list[Section]) -> Text:
        """Returns the line from `start` to `end`, with its facts and the sections that begin inside it."""
        line, done = Text(), start
        stops: list[_Mark | Section] = sorted([*marks, *inline], key=lambda stop: stop.start)
        for stop in stops:
            place = max(done, stop.start)
            line.append(escape(self._text[done:place]))
            done = place
            if isinstance(stop, Section):
                line.append("⟪").append_text(self._describe_section(stop)).append("⟫ ")
                continue
            done = min(stop.end, end)
            opens, closes = stop.start >= start, stop.end <= end
            shown = escape(self._text[place:done])
            if self._printer.coloured:
                line.append(shown, self._printer.facts[self._facts[stop.facts[0]].label])
            else:
                line.append(("⟦" if opens else "") + shown + ("⟧" if closes else ""))
            if closes:
                self._add_tags(line, stop)
        return line.append(escape(self._text[done:end]))

    def _add_tags(self, line: Text, mark: _Mark) -> None:
        """Adds the tags of a mark: each fact in words, its polarity where its section says another, its group."""
        words = []
        for i in mark.facts:
            fact, passage = self._facts[i], self._reading.passages[i]
            polarity = fact.attributes.get("polarity")
            said = find_section(self._reading.sections, passage.start).polarity or "none"
            more = [str(polarity)] if polarity != said else []
            if tag := tag_alternatives(fact.attributes):
                more.append(tag)
            told = escape("; ".join([describe_fact(fact), *more]))
            words.append((f"{i + 1}: {told}" if self._numbered else told, self._printer.tags[fact.label]))
        if not self._printer.coloured:
            line.append("{" + " | ".join(told for told, _ in words) + "}")
            return
        for told, style in words:
            line.append(f" {told} ", style)


@dataclass(frozen=True, slots=True)
class _Mark:
    """Characters of one fact, or of several that overlap."""

    start: int
    end: int
    facts: tuple[int, ...]


def _find_marks(facts: tuple[Fact, ...]) -> list[_Mark]:
    """Finds the places to mark, in order; overlapping facts are marked together."""
    marks: list[_Mark] = []
    for i, fact in sorted(enumerate(facts), key=lambda pair: (pair[1].start, pair[1].end)):
        if marks and fact.start < marks[-1].end:
            last = marks.pop()
            marks.append(_Mark(last.start, max(last.end, fact.end), (*last.facts, i)))
        else:
            marks.append(_Mark(fact.start, fact.end, (i,)))
    return marks


def _find_changes(sections: tuple[Section, ...]) -> list[Section]:
    """Returns the sections whose name or polarity differs from the section before."""
    return [section for before, section in pairwise(sections) if section != replace(before, start=section.start)]
