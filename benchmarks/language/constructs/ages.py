"""Limits on age: one end, two ends, months and days, numbers in words, and ages without the word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from benchmarks.language.numbers import spell
from benchmarks.language.registry import construct
from benchmarks.language.sentences import Ends, Mark, Sentence, between, bound, compose, mark
from benchmarks.language.wordings import read_wordings

_WORDINGS = read_wordings("ages")

_DAYS = {"a": 365.25, "mo": 30.4375, "wk": 7.0, "d": 1.0, "h": 1 / 24}
#: A, B, N, M and U in a template stand for numbers and a unit.
_GAP = re.compile(r"(?<![A-Za-z])[ABNMU](?![a-z])")
_VALUE = re.compile(r"\[([^\]]+)\]")
_WORDS = {"a": "years", "mo": "months", "wk": "weeks", "d": "days", "h": "hours"}


def mark_age(text: str, ends: Ends | str, unit: str = "a", scope: str = "trial", **attributes: object) -> Mark:
    """Marks a limit on age."""
    return mark(text, "AGE", ends, unit=unit, scope=scope, **attributes)


#: `[…]` is the value, `N` the number.
_LOWER = _WORDINGS["lower"]
_UPPER = _WORDINGS["upper"]


def _replace_gaps(template: str, **words: object) -> str:
    return _GAP.sub(lambda match: str(words[match[0]]), template)


def _fill(
    template: str, ends: Ends | str, unit: str, section: str = "inclusion", form: str = "", **words: object
) -> Sentence:
    head, value, tail = re.split(r"[\[\]]", _replace_gaps(template, **words), maxsplit=2)
    return Sentence(tuple(p for p in (head, mark_age(value, ends, unit), tail) if p), form or template, section)


@construct("age/lower limit", "ages")
def write_lower(draw: Random) -> Iterator[Sentence]:
    for relation, templates in _LOWER.items():
        for template in templates:
            for _ in range(3):
                number = draw.choice((18, 20, 21, 40, 50, 65, 60, 16))
                section = (
                    "inclusion" if "ust" in template or "Eligible" in template or draw.random() < 0.85 else "exclusion"
                )
                yield _fill(template, bound(relation, number), "a", section, N=number)


@construct("age/upper limit", "ages")
def write_upper(draw: Random) -> Iterator[Sentence]:
    for relation, templates in _UPPER.items():
        for template in templates:
            for _ in range(3):
                number = draw.choice((70, 75, 80, 65, 85)) if relation == "le" else draw.choice((18, 16, 75, 12))
                section = draw.choice(("inclusion", "exclusion")) if relation == "lt" else "inclusion"
                yield _fill(template, bound(relation, number), "a", section, N=number)


_RANGES = _WORDINGS["ranges"]


@construct("age/two ends", "ages")
def write_ranges(draw: Random) -> Iterator[Sentence]:
    for template, low_in, high_in in _RANGES:
        for _ in range(3):
            low, high = draw.choice((18, 20, 40, 50)), draw.choice((65, 70, 75, 80))
            yield _fill(template, between(low, high, low_in, high_in), "a", "inclusion", A=low, B=high)


@construct("age/two ends excluded", "ages")
def write_outside(draw: Random) -> Iterator[Sentence]:
    """An exclusion criterion names both ends: two facts."""
    templates = _WORDINGS["outside"]
    for template in templates:
        for _ in range(3):
            low, high = draw.choice((18, 20, 21)), draw.choice((65, 70, 75, 80))
            filled = _replace_gaps(template, A=low, B=high)
            first, second = _VALUE.findall(filled)
            marks = [mark_age(first, bound("lt", low)), mark_age(second, bound("gt", high))]
            yield Sentence(compose(_VALUE.sub("{}", filled), *marks), template, "exclusion")


@construct("age/number in words", "ages")
def write_words(draw: Random) -> Iterator[Sentence]:
    templates = _WORDINGS["words_templates"]
    for template, relation in templates:
        for _ in range(6):
            number = draw.choice((12, 18, 21, 40, 64, 54, 75, 16, 65, 25))
            said = spell(number, draw.choice(("-", "-", " ")))
            said = said + (f" ({number})" if draw.random() < 0.25 else "")
            yield _fill(template, bound(relation, number), "a", "inclusion", N=said)
    for template in _WORDINGS["words_range_templates"]:
        for _ in range(5):
            low, high = draw.choice((18, 21, 40)), draw.choice((65, 70, 75, 85))
            yield _fill(template, between(low, high), "a", "inclusion", N=spell(low), M=spell(high))
    for text, number in _WORDINGS["fractions_of_years"]:
        for template, relation in _WORDINGS["fraction_templates"]:
            if "≥" in template and "half" in text:
                continue
            yield _fill(template, bound(relation, number), "a", "inclusion", form=f"{template} {text}", N=text)


@construct("age/months, weeks, days", "ages")
def write_small_units(draw: Random) -> Iterator[Sentence]:
    lower = _WORDINGS["small_units_lower"]
    for template, relation in lower:
        for unit, numbers in (("mo", (6, 12, 18)), ("wk", (6, 8, 12)), ("d", (7, 28, 14))):
            if "Neonates" in template and unit == "mo":
                continue
            number = draw.choice(numbers)
            yield _fill(template, bound(relation, number), unit, "inclusion", N=number, U=_WORDS[unit])
    for template in _WORDINGS["small_units_templates"]:
        for unit, low, high in (("mo", 6, 59), ("wk", 6, 12), ("d", 7, 27)):
            if "month" in template and unit != "mo":
                continue
            yield _fill(template, between(low, high), unit, "inclusion", A=low, B=high, U=_WORDS[unit])


@construct("age/mixed units", "ages")
def write_mixed(draw: Random) -> Iterator[Sentence]:
    """Two ends in different units, written in the smaller one."""
    templates = _WORDINGS["mixed_templates"]
    pairs = _WORDINGS["mixed_pairs"]
    for template in templates:
        for low, low_unit, high, high_unit in draw.sample(pairs, 4):
            ends = between(
                low,
                high * _DAYS[high_unit] / _DAYS[low_unit],
                "> A" not in template,
                "<" not in template and "less" not in template,
            )
            said = [f"{n} {_WORDS[u] if n != 1 else _WORDS[u][:-1]}" for n, u in ((low, low_unit), (high, high_unit))]
            head, value, tail = re.split(r"[\[\]]", _replace_gaps(template, A=said[0], B=said[1]))
            yield Sentence(tuple(p for p in (head, mark_age(value, ends, low_unit), tail) if p), template)


@construct("age/registry field", "ages")
def write_fields(draw: Random) -> Iterator[Sentence]:
    """Fields as registries export them, where the heading of criteria may be missing."""
    lower = _WORDINGS["fields_lower"]
    upper = _WORDINGS["fields_upper"]
    for templates, relation, numbers in ((lower, "ge", (18, 20)), (upper, "le", (65, 75, 80))):
        for template in templates:
            for _ in range(3):
                number = draw.choice(numbers)
                yield _fill(template, bound(relation, number), "a", "inclusion", N=number)
    for template in _WORDINGS["fields_both"]:
        for _ in range(3):
            low, high = draw.choice((18, 20)), draw.choice((65, 75, 80))
            yield _fill(template, between(low, high), "a", "inclusion", A=low, B=high)


@construct("age/subgroup", "ages")
def write_subgroups(draw: Random) -> Iterator[Sentence]:
    """A limit for some of the participants only."""
    templates = _WORDINGS["subgroups_templates"]
    for template, value, relation in templates:
        for _ in range(3):
            number = draw.choice((18, 16)) if relation == "lt" else draw.choice((65, 70, 50))
            yield Sentence(
                compose(template, mark_age(value.replace("N", str(number)), bound(relation, number), scope="subgroup")),
                template,
            )
    for template, low, high in _WORDINGS["stratum_templates"]:
        for number in (60, 65, 70):
            relation = "lt" if "<" in low else "le"
            marks = [
                mark_age(low.replace("N", str(number)), bound(relation, number), scope="subgroup"),
                mark_age(
                    high.replace("N", str(number)), bound("gt" if relation == "le" else "ge", number), scope="subgroup"
                ),
            ]
            yield Sentence(compose(template, *marks), template, "none")


@construct("age/English of registries", "ages")
def write_abroad(draw: Random) -> Iterator[Sentence]:
    for template, interval in _WORDINGS["abroad"]:
        for _ in range(3):
            low, high = draw.choice((18, 20, 40)), draw.choice((60, 65, 70, 75))
            yield _fill(template, _replace_gaps(interval, A=low, B=high), "a", A=low, B=high)


@construct("age/prose", "ages")
def write_prose(draw: Random) -> Iterator[Sentence]:
    """Sentences of papers."""
    templates = _WORDINGS["prose_templates"]
    values = _WORDINGS["prose_values"]
    for template in templates:
        for text, ends in draw.sample(values, 5):
            polarity = "exclusion" if "excluded" in template else "inclusion"
            yield Sentence(compose(template, mark_age(text, ends, polarity=polarity)), template, "none")
