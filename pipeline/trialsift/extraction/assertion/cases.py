"""Cases: for whom a limit on age or performance status holds, where it does for some only.

`≥ 18 years (≥ 21 years in Japan)`, `men ≥ 50 and women ≥ 55 years`, `ECOG 2 is allowed if due to bone metastases`.
In: the facts of a text, with the passage of each. Out: the words of the condition, by the index of the fact. An age
keeps it where the limit has alternatives: alone it says no more than who takes part (`18 years in Berlin`).
Conditions of laboratory tests are read with their thresholds (labels/lab/condition.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from trialsift.extraction.structure.passage import Passage, Window
from trialsift.model.fact import Fact, Scalar

_LABELS = frozenset({"AGE", "PERFORMANCE_STATUS"})
_LONGEST = 200  # characters: more is no condition, but a line without punctuation
_POLARITIES = frozenset({"inclusion", "exclusion"})


class CaseWords(NamedTuple):
    """Words around a limit that say for whom it holds (`patterns/wording/cases.toml`)."""

    behind: re.Pattern[str]
    ends: re.Pattern[str]
    before: re.Pattern[str]
    everybody: re.Pattern[str]
    assent: re.Pattern[str]


def find_cases(text: str, facts: Sequence[Fact], passages: Sequence[Passage], words: CaseWords) -> dict[int, str]:
    """Returns the condition of each limit that has one, by the index of the fact."""
    found: dict[int, str] = {}
    for i, (fact, passage) in enumerate(zip(facts, passages, strict=True)):
        if fact.label not in _LABELS or fact.attributes.get("polarity") not in _POLARITIES:
            continue
        before = facts[i - 1].end if i and facts[i - 1].end <= fact.start else 0
        case = _read_case(text, fact, passage, before, words)
        if case is not None:
            found[i] = case
    return found


def _read_case(text: str, fact: Fact, passage: Passage, before: int, words: CaseWords) -> str | None:
    """Returns the condition of a limit; `before` is where the fact in front of it ends."""
    if words.assent.search(text, max(passage.start, fact.start - Window.STATEMENT), fact.start):
        return None
    found = words.behind.match(text, fact.end, passage.line_end)
    if found is not None:
        begin = found.start("text" if found["group"] is None else "group")
        if text[begin - 1] == "(":
            end = text.find(")", found.end(), passage.line_end)
        else:
            ended = words.ends.search(text, found.end() - 1, passage.line_end)
            end = passage.line_end if ended is None else ended.start()
        return text[begin:end].strip() if 0 <= end - begin <= _LONGEST else None
    start = max(passage.line_start, before, fact.start - Window.CLAUSE)
    found = words.before.search(text, start, fact.start)
    if found is None or words.everybody.search(
        text, max(passage.line_start, found.start() - Window.CLAUSE), found.end()
    ):
        return None
    return found["text"].strip()


def describe_alternatives(
    facts: Sequence[Fact], groups: Mapping[int, int], cases: Mapping[int, str]
) -> dict[int, dict[str, Scalar]]:
    """Returns the attributes that tell the group and the case of facts, by the index of the fact."""
    more: dict[int, dict[str, Scalar]] = {index: {"any_of": group} for index, group in groups.items()}
    for index, case in cases.items():
        if facts[index].label != "AGE":
            more.setdefault(index, {})["condition"] = case
        elif groups.get(index):
            more[index] |= {"condition": case, "scope": "subgroup"}
    return more
