"""Fills in the values of spans of which an annotator marked only place and label, with trialsift's own parser.

Such gold is not independent of the parser, so every document says which spans were filled in (`meta.filled_in`), and
the notes count them. In order: the values of a fact of the same label at the same place; those of the only fact of that
label that overlaps; the number and unit that the characters of the span give by themselves, without what it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from trialsift.extraction.extractor import Extractor
from trialsift.extraction.mentions.lexer import Lexer
from trialsift.extraction.regimens.arithmetic import complete
from trialsift.gold import GoldDocument, GoldSpan
from trialsift.model.display import format_count
from trialsift.model.fact import Bounds, Fact, Regimen, Scalar
from trialsift.model.prescription import NUMBERS, find_stated_number
from trialsift.rules.labels import shipped_labels

#: The key of `meta` with the ids of the spans that were filled in.
FILLED = "filled_in"
_MOST_NAMED = 5


class Filler:
    """Fills in documents; `notes` says what was filled in and what could not be."""

    def __init__(self) -> None:
        self._filled = self._joined = 0
        self._failed: list[str] = []

    @property
    def notes(self) -> tuple[str, ...]:
        """What was done, in words; empty if every span had values."""
        notes = []
        if self._filled:
            notes.append(
                f"{format_count(self._filled, 'span')} without values got those that trialsift reads there "
                f"(meta.{FILLED}): check them before you score with them"
            )
        if self._joined:
            notes.append(f"{format_count(self._joined, 'regimen')} got numbers from the values of the spans")
        if self._failed:
            more = len(self._failed) - _MOST_NAMED
            named = "; ".join(self._failed[:_MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
            notes.append(f"no value could be read in {format_count(len(self._failed), 'span')}: {named}")
        return tuple(notes)

    def fill(self, document: GoldDocument) -> GoldDocument:
        """Returns the document with values; unchanged where every span has some, or values are not gold there."""
        empty = [span for span in document.spans if not set(span.attributes) - {"any_of"}]
        if empty and document.scores_values:
            document = self._fill_spans(document, empty)
        regimens = tuple(self._fill_regimen(regimen, document.spans) for regimen in document.regimens)
        return document if regimens == document.regimens else replace(document, regimens=regimens)

    def _fill_spans(self, document: GoldDocument, empty: Sequence[GoldSpan]) -> GoldDocument:
        facts = self._extractor.annotate(document.text, document.parts).facts
        found: dict[int, Mapping[str, Scalar]] = {}
        for span in empty:
            same = [fact for fact in facts if fact.label == span.label and _overlaps(fact, span)]
            taken = self._choose(span, same, [other for other in document.spans if other.label == span.label])
            values = taken.attributes if taken is not None else self._read_alone(span)
            if values:
                found[span.id] = {**values, **span.attributes}
            if taken is None:
                self._failed.append(_describe(document, span, bool(values)))
        self._filled += len(found)
        spans = tuple(replace(s, attributes=found[s.id]) if s.id in found else s for s in document.spans)
        before = document.meta.get(FILLED)
        ids = [*(before if isinstance(before, list) else []), *found]
        return replace(document, spans=spans, meta={**document.meta, FILLED: ids} if found else document.meta)

    @staticmethod
    def _choose(span: GoldSpan, facts: Sequence[Fact], spans: Sequence[GoldSpan]) -> Fact | None:
        """Returns the fact whose values a span gets: of several at its place, the one with its number among them."""
        placed = [fact for fact in facts if (fact.start, fact.end) == (span.start, span.end)]
        twins = [other.id for other in spans if (other.start, other.end) == (span.start, span.end)]
        if placed:
            return placed[twins.index(span.id)] if len(placed) == len(twins) else None
        return facts[0] if len(facts) == 1 and len(twins) == 1 else None

    def _read_alone(self, span: GoldSpan) -> dict[str, Scalar]:
        """Returns interval and unit if the span is a single quantity, of whatever."""
        tokens = self._lexer.find_tokens(span.text, 0, len(span.text))
        read = self._extractor.reader.read(span.text, tokens)
        if len(read) != 1:
            return {}
        unit = {} if read[0].unit is None else {"unit": read[0].unit.ucum}
        return {**read[0].interval._asdict(), **unit}

    def _fill_regimen(self, regimen: Regimen, spans: Iterable[GoldSpan]) -> Regimen:
        """Returns a regimen that an annotator drew, without numbers, with those of its spans."""
        if any(getattr(regimen, name) is not None for name in NUMBERS):
            return regimen
        completed = complete_regimen(regimen, spans)
        self._joined += completed != regimen
        return completed

    @cached_property
    def _extractor(self) -> Extractor:
        return Extractor(labels=[label.label for label in shipped_labels()])

    @cached_property
    def _lexer(self) -> Lexer:
        return Lexer(self._extractor.reader.comparators, self._extractor.lexicon.names)


def complete_regimen(regimen: Regimen, spans: Iterable[GoldSpan]) -> Regimen:
    """Returns a regimen without numbers with those that its spans, among `spans`, state, or that follow from them.

    A number that its spans state differently stays open.
    """
    stated: dict[str, set[Bounds]] = {}
    for span in spans:
        number = find_stated_number(span.label, span.attributes)
        if span.id in regimen.facts and number is not None:
            bounds: Any = (span.attributes.get("low"), span.attributes.get("high"))
            stated.setdefault(number, set()).add(bounds)
    single = {name: values.pop() for name, values in stated.items() if len(values) == 1}
    if not single:
        return regimen
    n, d, total = (single.get(name) for name in NUMBERS)
    if len(single) == len(stated):
        n, d, total = complete(n, d, total)
    return Regimen(regimen.facts, n, d, total)


def _overlaps(fact: Fact, span: GoldSpan) -> bool:
    return fact.start < span.end and span.start < fact.end


def _describe(document: GoldDocument, span: GoldSpan, has_value: bool) -> str:
    place = f"{document.doc_id}: {span.label} {span.start}–{span.end} {span.text!r}"
    return f"{place} (number and unit only)" if has_value else place
