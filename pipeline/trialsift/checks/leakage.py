"""Leakage between splits: documents that occur in two files, identical, nearly so, or under the same doc_id.

In: the documents of all files. Out: problems, each at the later of the two places, naming the other. A score on a text
that rules were developed on says nothing about unseen texts.

Near-duplicates are found by comparing shingles, all runs of SHINGLE words (A. Broder, "On the resemblance and
containment of documents", 1997), through an inverted index. Resemblance is the share of common shingles among those of
both texts; containment is their share among those of the smaller text, which finds a text that another quotes in full.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from trialsift.checks.gold import Placed
from trialsift.checks.problems import CheckProblem, Severity

#: Words per shingle. Criteria of different trials often share shorter runs (`able to give informed consent`).
SHINGLE = 6
#: The fewest shingles of a text that is compared; shorter texts resemble many by chance.
SHORTEST = 30
#: Texts with at least these shares are near-duplicates. Among 3,600 criteria, pairs above are arms or extensions of one
#: trial; different trials of one sponsor lie below.
RESEMBLANCE, CONTAINMENT = 0.5, 0.8
# A shingle in more texts than this is a phrase of the source (`Ages Eligible for Study`), and suggests no pair.
_COMMON = 50
_WORD = re.compile(r"\w+")


def find_leakage(documents: Sequence[Placed]) -> list[CheckProblem]:
    """Returns the problems between documents of different files, and identical texts under two ids in one file."""
    return sorted({*_same_id(documents), *_same_text(documents), *_find_near(documents)})


def normalise(text: str) -> str:
    """Returns a text for comparison, without case and white space."""
    return " ".join(text.casefold().split())


def _same_id(documents: Iterable[Placed]) -> Iterator[CheckProblem]:
    first: dict[str, Placed] = {}
    for here in documents:
        there = first.setdefault(here.document.doc_id, here)
        if there.file != here.file:
            yield _problem(here, "error", "leak-doc-id", f"the same doc_id is at {_place(there)}")


def _same_text(documents: Iterable[Placed]) -> Iterator[CheckProblem]:
    first: dict[str, Placed] = {}
    for here in documents:
        text = normalise(here.document.text)
        if not text:
            continue
        there = first.setdefault(text, here)
        if there.file != here.file:
            yield _problem(here, "error", "leak-text", f"the same text is at {_named(there)}")
        elif there.document.doc_id != here.document.doc_id:
            yield _problem(here, "warning", "text-twice", f"the same text is at {_named(there)}")


def _find_near(documents: Sequence[Placed]) -> Iterator[CheckProblem]:
    """Iterates over documents that are near, but not identical, to one in an earlier file; the nearest is reported."""
    shingles = [_shingles(placed.document.text) for placed in documents]
    with_shingle: dict[int, list[int]] = defaultdict(list)
    for index, here in enumerate(documents):
        if len(shingles[index]) < SHORTEST:
            continue
        shared: Counter[int] = Counter()
        for shingle in shingles[index]:
            others = with_shingle[shingle]
            if len(others) <= _COMMON:
                shared.update(other for other in others if documents[other].file != here.file)
            others.append(index)
        mine = shingles[index]
        best = max(((_measure_nearness(mine, shingles[other]), -other) for other in shared), default=None)
        if best is None or best[0][0] < 1:
            continue
        (_, resemblance, containment), there = best[0], documents[-best[1]]
        if normalise(there.document.text) != normalise(here.document.text):
            yield _problem(
                here,
                "warning",
                "leak-near",
                f"nearly the same text is at {_named(there)}: {resemblance:.0%} of both in common, "
                f"{containment:.0%} of the smaller",
            )


def _measure_nearness(one: frozenset[int], other: frozenset[int]) -> tuple[float, float, float]:
    """Returns how far two texts exceed a threshold (1: they just reach it), their resemblance, and their
    containment."""
    common = len(one & other)
    resemblance, containment = common / len(one | other), common / min(len(one), len(other))
    return max(resemblance / RESEMBLANCE, containment / CONTAINMENT), resemblance, containment


def _shingles(text: str) -> frozenset[int]:
    words = _WORD.findall(text.casefold())
    return frozenset(hash(tuple(words[i : i + SHINGLE])) for i in range(len(words) - SHINGLE + 1))


def _problem(here: Placed, severity: Severity, code: str, message: str) -> CheckProblem:
    return CheckProblem(here.file, here.line, severity, code, f"{here.document.doc_id}: {message}")


def _place(placed: Placed) -> str:
    return f"{placed.file}:{placed.line}"


def _named(placed: Placed) -> str:
    return f"{_place(placed)} ({placed.document.doc_id})"
