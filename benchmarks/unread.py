"""Whether the account of numbers is whole, and what the table `unread` finds of the facts that are missed.

python -m benchmarks.unread coverage TEXTS… [--documents 1000]   every number of criteria has a place
python -m benchmarks.unread missed GOLD…                         missed facts in `unread`, and rows that are none
python -m benchmarks.unread sample TEXTS… [--number 200]         numbers with a reason, drawn at random, to be read
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.corpus import Document, read_documents
from trialsift.extraction.explain import NumberAnnotator, count_numbers
from trialsift.extraction.extractor import Extractor
from trialsift.gold import GoldDocument, read_gold
from trialsift.model.document import Part
from trialsift.model.fact import Annotation
from trialsift.model.unread import Unread

app = typer.Typer(help=__doc__, add_completion=False)
#: No expression of the package: digits, and where criteria begin.
_DIGITS = re.compile(r"[0-9]+")
_CRITERIA = re.compile(r"^\W*(?:inclusion|exclusion|eligibility)\s+criteria\b", re.I | re.M)
_OPTIONAL = frozenset({"MEASUREMENT", "LIFE_EXPECTANCY"})
_Files = Annotated[list[Path], typer.Argument(help="JSON Lines with a text in each object, gzipped or not.")]
_Seed = Annotated[int, typer.Option(help="Of the draw.")]


@app.command()
def coverage(files: _Files, documents: int = 1000, seed: _Seed = 0) -> None:
    """Fails unless every number of the eligibility sections of some documents has exactly one place."""
    extractor, counts, lost, total = Extractor(), Counter[str](), 0, 0
    for document in _draw(files, documents, seed):
        places = count_numbers(extractor, document.text)
        counts.update(place.reason for place in places)
        ranges = [*_find_sections(extractor, document.text), *_find_criteria(document.text)]
        for number in _DIGITS.finditer(document.text):
            if not any(start <= number.start() < end for start, end in ranges):
                continue
            total += 1
            holding = [p for p in places if p.start < number.end() and number.start() < p.end]
            if len(holding) != 1 or not holding[0].reason:
                lost += 1
                context = document.text[max(0, number.start() - 40) : number.end() + 40]
                typer.echo(f"{document.doc_id}: {' '.join(context.split())!r} has {len(holding)} places")
    _print_shares(counts)
    typer.echo(f"{total:,} runs of digits in eligibility sections, {lost:,} of them without a place or with several")
    raise typer.Exit(1 if lost else 0)


@app.command()
def missed(files: _Files, listed: bool = False) -> None:
    """How many of the missed facts are rows of `unread`, and how many rows are missed facts.

    A fact is missed where no fact with its label shares a character with it; a row is one where it does.
    """
    annotator = NumberAnnotator(Extractor())
    by_reason: dict[tuple[str, str], list[int]] = {}
    documents = gold = found = any_label = rows = right = 0
    for path in files:
        for document in read_gold(path):
            annotation = annotator.annotate(document.text, _read_parts(document))
            unread = annotation.numbers.unread if annotation.numbers else ()
            lacking = list(_find_missed(document, annotation))
            documents, rows, gold = documents + 1, rows + len(unread), gold + len(lacking)
            found += sum(any(_meets(row, span) and row.label == span.label for row in unread) for span in lacking)
            any_label += sum(any(_meets(row, span) for row in unread) for span in lacking)
            for row in unread:
                is_right = any(_meets(row, span) for span in lacking)
                right += is_right
                tally = by_reason.setdefault((row.label, row.reason), [0, 0])
                tally[0], tally[1] = tally[0] + 1, tally[1] + is_right
                if listed:
                    _print_row(document, row, is_right)
    for (label, reason), (count, good) in sorted(by_reason.items()):
        typer.echo(f"  {label:<20} {reason:<14} {count:>5} rows, {good:>4} missed facts")
    typer.echo(
        f"{documents:,} documents: {found} of {gold} missed facts in `unread` ({any_label} under any label); "
        f"{rows} rows ({rows / max(documents, 1):.2f} a document), {right} of them missed facts"
    )


@app.command()
def sample(files: _Files, number: int = 200, documents: int = 1000, seed: _Seed = 0) -> None:
    """Draws numbers of criteria and prescriptions that are part of no fact, each with its reason and its text."""
    extractor, found = Extractor(), []
    for document in _draw(files, documents, seed):
        found += [(document, p) for p in count_numbers(extractor, document.text) if p.reason != "fact"]
    for index, (document, place) in enumerate(random.Random(seed).sample(found, min(number, len(found))), 1):
        text = document.text
        before, behind = text[max(0, place.start - 110) : place.start], text[place.end : place.end + 70]
        marked = " ".join(f"{before}[[{text[place.start : place.end]}]]{behind}".split())
        typer.echo(f"{index:>3} {place.reason:<14} {document.doc_id} {place.start}: {marked}")


def _draw(files: Sequence[Path], number: int, seed: int) -> list[Document]:
    """Draws as many documents of each file."""
    drawn = []
    for file in files:
        documents = read_documents([file])
        drawn += random.Random(seed).sample(documents, min(len(documents), -(-number // len(files))))
    return drawn


def _find_sections(extractor: Extractor, text: str) -> Iterator[tuple[int, int]]:
    """The eligibility sections that the extractor finds."""
    reading = extractor.read(text)
    starts = [reading.copy.locate(section.start, section.start)[0] for section in reading.sections]
    for section, start, end in zip(reading.sections, starts, [*starts[1:], len(text)], strict=True):
        if section.polarity is not None:
            yield start, end


def _find_criteria(text: str) -> Iterator[tuple[int, int]]:
    """All of a text that holds nothing but criteria: one that begins with their heading."""
    heading = _CRITERIA.search(text)
    if heading is not None and not text[: heading.start()].strip():
        yield heading.start(), len(text)


def _read_parts(document: GoldDocument) -> tuple[Part, ...]:
    return tuple(Part(*part) for part in document.meta.get("parts", ()))


def _find_missed(document: GoldDocument, annotation: Annotation) -> Iterator[Any]:
    """The gold facts of the labels that are on by default with which no fact of their label overlaps."""
    for span in document.spans:
        same = (fact for fact in annotation.facts if fact.label == span.label)
        if span.label not in _OPTIONAL and not any(_meets(fact, span) for fact in same):
            yield span


def _meets(one: Any, other: Any) -> bool:
    return bool(one.start < other.end and other.start < one.end)


def _print_row(document: GoldDocument, row: Unread, is_right: bool) -> None:
    before = document.text[max(0, row.start - 80) : row.start]
    marked = " ".join(f"{before}[[{row.text}]]{document.text[row.end : row.end + 50]}".split())
    typer.echo(
        f"{'+' if is_right else ' '} {row.label} {row.name} {row.reason} {document.doc_id}: {marked} | {row.why}"
    )


def _print_shares(counts: Counter[str]) -> None:
    total = sum(counts.values())
    for reason, count in counts.most_common():
        typer.echo(f"  {reason:<14} {count:>7,} {count / total:>7.2%}")


if __name__ == "__main__":
    app()
