"""The pieces of a value: of a quantity as it keeps them, of scores, numbers of fractions, areas under the curve."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trialsift.extraction.explain.data import Found
from trialsift.extraction.labels.dose.fractions import NUMBER
from trialsift.extraction.labels.performance_status import SCORE
from trialsift.extraction.quantities import numbers
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage
from trialsift.model.display import format_scalar
from trialsift.model.fact import Fact
from trialsift.model.interval import tidy
from trialsift.model.scales import SCALES

MEANINGS = {
    "ge": "low, inclusive",
    "gt": "low, exclusive",
    "le": "high, inclusive",
    "lt": "high, exclusive",
    "within": "high, inclusive",
    "between": "low and high",
    "eq": "exactly",
    "inclusive": "low and high, inclusive",
    "exclusive": "low and high, exclusive",
}
_COUNT = re.compile(rf"(?:(?<![A-Za-z])|(?=\d)){NUMBER}", re.I)
_ZERO = {"zero": 0.0}


def quantity_pieces(quantity: Quantity, text: str, end: int) -> Iterator[Found]:
    """The comparators, numbers, range signs and units of a quantity, in the order of the text.

    A dose ends at `end`, in front of the time of its rate (`15 cGy` of `15 cGy/min`); a unit that a neighbour says
    for it comes last.
    """
    for kind, begin, stop, value in sorted(quantity.pieces, key=lambda piece: (piece[1] < quantity.start, piece[1])):
        if isinstance(value, float):
            yield Found(kind, begin, stop, format_scalar(tidy(value)))
            continue
        meaning = MEANINGS["between"] if value is None else MEANINGS.get(value, value)
        if quantity.start <= begin < end < stop:
            stop, meaning = end, meaning.split("/")[0]
        written = text[begin:stop]
        begin += len(written) - len(written.lstrip(" \n\t\r-" if kind == "unit" else None))
        yield Found(kind, begin, begin + len(text[begin:stop].rstrip()), meaning)


def score_pieces(fact: Fact, passage: Passage, comparators: Comparators) -> Iterator[Found]:
    """The comparator and the scores of a PERFORMANCE_STATUS fact."""
    scale = str(fact.attributes["scale"])
    sign = next((t for t in passage.tokens if t.kind == "op" and t.start == fact.start and t.end <= fact.end), None)
    start = fact.start if sign is None else sign.end
    scores = list(SCORE.finditer(passage.text, start, fact.end))
    end = scores[-1].end() if scores else start
    suffix = comparators.after.search(passage.text, end, fact.end) if sign is None and len(scores) == 1 else None
    least, most, _ = SCALES[scale]
    at_most, at_least = fact.attributes["low"] == least, fact.attributes["high"] == most
    if len(scores) == 1 and at_most != at_least:
        bounding = ("le", "lt") if at_most else ("ge", "gt")
        if sign is not None:
            operator = comparators.operator(passage.text[sign.start : sign.end])
            # `no worse than 1` is at most 1 on ECOG and at least on the others: the engine knows, the word doesn't
            meaning = MEANINGS[operator if operator in bounding else bounding[0]]
            yield Found("comparator", sign.start, sign.end, meaning)
        elif suffix is not None:
            yield Found("comparator", *suffix.span(), MEANINGS[bounding[0]])
    for score in scores:
        yield Found("number", *score.span(), _words(score.group()))


def count_pieces(fact: Fact, passage: Passage) -> Iterator[Found]:
    """The numbers of a FRACTIONS fact, and the word or sign that makes them fractions."""
    ends = (fact.attributes["low"], fact.attributes["high"])
    counts = [
        m
        for m in _COUNT.finditer(passage.text, fact.start, fact.end)
        if int(numbers.value(m.group())) in ends  # the engine counts whole fractions
    ]
    for count in counts:
        yield Found("number", *count.span(), _words(count.group()))
    if not counts:
        return
    meaning = "fractions" if fact.rule == "fractions.counted" else "times a dose"
    for start, end in ((fact.start, counts[0].start()), (counts[-1].end(), fact.end)):
        words = passage.text[start:end].strip(" \n\t\r-~≈()")
        if words:
            left = passage.text.index(words, start)
            yield Found("unit", left, left + len(words), meaning)


def area_pieces(fact: Fact, passage: Passage) -> Iterator[Found]:
    """The numbers of an area under the curve, and its name."""
    ends = (fact.attributes["low"], fact.attributes["high"])
    for token in passage.tokens:
        if token.kind == "num" and fact.start <= token.start and token.end <= fact.end:
            value = tidy(numbers.value(passage.text[token.start : token.end]))
            if value in ends:
                yield Found("number", token.start, token.end, format_scalar(value))
    words = str(fact.attributes["unit_as_written"]).split()
    written = re.compile(r"\s+".join(map(re.escape, words))).match(passage.text, fact.start, fact.end)
    if written:
        yield Found("unit", *written.span(), "AUC")


def _words(surface: str) -> str:
    value = _ZERO.get(surface.lower())
    return format_scalar(tidy(numbers.value(surface) if value is None else value))
