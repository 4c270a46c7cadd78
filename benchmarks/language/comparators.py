"""What English says for at least, more than, at most and less than, before and after a number.

The wordings in wordings/comparators.toml are written down from the language, not from the patterns of the extractor,
which they test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from benchmarks.language.wordings import read_wordings


@dataclass(frozen=True, slots=True)
class Comparator:
    """A wording, and the relation that it states: `ge`, `gt`, `le` or `lt`."""

    text: str
    relation: str


#: Words of a demand, which only inclusion criteria make.
_DEMANDS = re.compile(r"minim|maxim|must|should|shall|has to|needs|is required|may not|cannot|allowed|is not to|better")


def is_demand(comparator: Comparator) -> bool:
    """Whether a wording demands something: nobody is excluded for what must not be."""
    return bool(_DEMANDS.search(comparator.text))


def _list(group: str) -> list[Comparator]:
    wordings = read_wordings("comparators")[group]
    return [Comparator(text, relation) for relation, texts in wordings.items() for text in texts]


SYMBOLS = _list("symbols")
#: Words in front of a number, which follow a name with or without `of`.
WORDS = _list("words")
#: They stand where a sentence has its verb: `Hemoglobin must not fall below 9 g/dL`.
VERBS = _list("verbs")
#: Behind a number and its unit: `9 g/dL or more`.
AFTER = _list("after")
PLAIN = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
