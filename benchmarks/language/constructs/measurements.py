"""The labels that are off by default: clinical measurements that are no laboratory test, and life expectancy."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from benchmarks.language.comparators import AFTER, SYMBOLS, WORDS
from benchmarks.language.numbers import show
from benchmarks.language.registry import construct
from benchmarks.language.sentences import Ends, Mark, Sentence, between, bound, compose, mark
from benchmarks.language.wordings import read_wordings

_WORDINGS = read_wordings("measurements")
_MEASURED = ("MEASUREMENT",)
_EXPECTED = ("LIFE_EXPECTANCY",)
#: Comparators that suit a heart rate as well as a weight.
_PLAIN_WORDS = _WORDINGS["plain_words"]


def mark_measure(text: str, measure: str, ends: Ends, unit: str) -> Mark:
    """Marks a limit on a clinical measurement."""
    return mark(text, "MEASUREMENT", ends, measure=measure, unit=unit)


@construct("measurement/name and unit", "ages")
def write_names(draw: Random) -> Iterator[Sentence]:
    for entry in _WORDINGS["measure"]:
        for name in entry["names"]:
            for spelling in entry["units"]:
                comparator, relation = draw.choice((("≥", "ge"), (">", "gt"), ("<", "lt"), ("≤", "le")))
                number = draw.choice(entry["numbers"])
                text = f"{comparator} {show(number)}{spelling.removesuffix(' on room air')}"
                made = mark_measure(text, entry["name"], bound(relation, number), entry["unit"])
                tail = " on room air" if spelling.endswith(" on room air") else ""
                pieces = (name, " ", made, tail) if tail else (name, " ", made)
                yield Sentence(
                    pieces, f"{name} × {spelling}", draw.choice(("inclusion", "exclusion")), labels=_MEASURED
                )


@construct("measurement/comparator", "ages")
def write_comparators(draw: Random) -> Iterator[Sentence]:
    chosen = [c for c in SYMBOLS + WORDS if c in SYMBOLS or c.text in _PLAIN_WORDS] + AFTER[:8]
    for comparator in chosen:
        for _ in range(3):
            entry = draw.choice(_WORDINGS["measure"][:8])
            number = draw.choice(entry["numbers"])
            value = f"{show(number)}{entry['units'][0]}"
            text = f"{value} {comparator.text}" if comparator in AFTER else f"{comparator.text} {value}"
            made = mark_measure(text, entry["name"], bound(comparator.relation, number), entry["unit"])
            pieces = (draw.choice(entry["names"]), draw.choice((" ", " of ", ": ")), made)
            yield Sentence(pieces, comparator.text, labels=_MEASURED)


@construct("measurement/range", "ages")
def write_ranges(draw: Random) -> Iterator[Sentence]:
    for template in _WORDINGS["range_templates"]:
        for entry in _WORDINGS["measure"]:
            low, high = entry["range"]
            text = template.format(a=show(low), b=show(high), u=entry["units"][0])
            made = mark_measure(text, entry["name"], between(low, high), entry["unit"])
            yield Sentence((draw.choice(entry["names"]), " ", made), template, labels=_MEASURED)


@construct("measurement/blood pressure in two numbers", "ages")
def write_pressures(draw: Random) -> Iterator[Sentence]:
    """One comparator for both numbers, each a fact of its own."""
    for lead in _WORDINGS["pressure_leads"]:
        for comparator, relation in (("> ", "gt"), ("≥ ", "ge"), ("above ", "gt"), ("greater than ", "gt")):
            high, low = draw.choice(((140, 90), (150, 100), (160, 100), (180, 110)))
            one = mark_measure(f"{comparator}{high}", "systolic_bp", bound(relation, high), "mm[Hg]")
            two = mark_measure(f"{low} mmHg", "diastolic_bp", bound(relation, low), "mm[Hg]")
            tail = (")",) if lead.endswith("(") else ()
            yield Sentence((lead, one, "/", two, *tail), lead, "exclusion", labels=_MEASURED)
    for template in _WORDINGS["pressure_templates"]:
        for high, low in ((140, 90), (160, 100), (180, 110)):
            one = mark_measure(f"> {high} mmHg", "systolic_bp", bound("gt", high), "mm[Hg]")
            two = mark_measure(f"> {low} mmHg", "diastolic_bp", bound("gt", low), "mm[Hg]")
            yield Sentence(compose(template, one, two), template, "exclusion", labels=_MEASURED)


@construct("life expectancy/limit", "ages")
def write_life(draw: Random) -> Iterator[Sentence]:
    for text, interval, unit in _WORDINGS["life"]["values"]:
        for name in draw.sample(_WORDINGS["life"]["names"], 4):
            name = name.removesuffix(" of") if text.startswith("of ") or text[0] in "<>≥" else name
            name = name.removesuffix(" estimated at") if text.startswith("of ") else name
            head = "of " if text.startswith("of ") else ""
            made = mark(text.removeprefix("of "), "LIFE_EXPECTANCY", interval, unit=unit)
            section = "exclusion" if interval.startswith("(,") else "inclusion"
            yield Sentence((name, " " + head, made), text, section, labels=_EXPECTED)
