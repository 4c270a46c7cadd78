"""Numbers that are no fact of the five labels: dates, counts, changes, ratios, ages of things, energies, volumes …

In a template `{2-6}` stands for a number from 2 to 6.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from benchmarks.language.registry import construct
from benchmarks.language.sentences import Sentence
from benchmarks.language.wordings import read_wordings


def _fill(draw: Random, template: str) -> str:
    parts = template.split("{")
    text = parts[0]
    for part in parts[1:]:
        span, rest = part.split("}", 1)
        low, high = (int(number) for number in span.split("-"))
        text += str(draw.randint(low, high)) + rest
    return text


def _register(kind: dict[str, Any]) -> None:
    @construct(f"no fact/{kind['name']}", kind["owner"], "counter")
    def write(draw: Random) -> Iterator[Sentence]:
        for template in kind["templates"]:
            for _ in range(3):
                yield Sentence((_fill(draw, template),), template, draw.choice(kind["sections"]))


for _kind in read_wordings("counters")["kind"]:
    _register(_kind)
