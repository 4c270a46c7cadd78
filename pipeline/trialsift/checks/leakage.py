"""Leakage between splits: documents that stand in two files, the same, nearly the same, or under the same doc_id.

In: the documents of all files. Out: problems, each at the later of the two places, naming the other. A score on a text
that rules were made on says nothing of unseen texts.

Near-duplicates: texts are compared by their shingles, all runs of SHINGLE words (A. Broder, "On the resemblance and
containment of documents", 1997), found through an inverted index. Resemblance is the share of shingles that two texts
have in common among those of both; containment, among those of the smaller one, which finds a text that the other
quotes in full.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from trialsift.checks.gold import Placed
from trialsift.checks.problems import CheckProblem, Severity

#: Words in a shingle: criteria of different trials share shorter runs (`able to give informed consent`) all the time.
SHINGLE = 6
#: Shingles that a text needs for being compared: a shorter one is near to many by chance.
SHORTEST = 30
#: From these shares on, texts are near-duplicates. Of 3,600 criteria, pairs above are arms or extensions of one trial;
#: trials of one sponsor lie below.
RESEMBLANCE, CONTAINMENT = 0.5, 0.8
# A shingle in more texts than this is a phrase of the source (`Ages Eligible for Study`): it makes no candidates.
_COMMON = 50
_WORD = re.compile(r"\w+")


def leakage(documents: Sequence[Placed]) -> list[CheckProblem]:
    """Problems between the documents of different files, and identical texts under two ids within one."""
    return sorted({*_same_id(documents), *_same_text(documents), *_near(documents)})


def normal(text: str) -> str:
    """A text for comparison: case and white space do not count."""
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
        text = normal(here.document.text)
        if not text:
            continue
        there = first.setdefault(text, here)
        if there.file != here.file:
            yield _problem(here, "error", "leak-text", f"the same text is at {_named(there)}")
        elif there.document.doc_id != here.document.doc_id:
            yield _problem(here, "warning", "text-twice", f"the same text is at {_named(there)}")


def _near(documents: Sequence[Placed]) -> Iterator[CheckProblem]:
    """Each document with the nearest of an earlier file, if that is near and not identical."""
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
        best = max((_nearness(shingles[index], shingles[other]), -other) for other in shared) if shared else None
        if best is None or best[0][0] < 1:
            continue
        (_, resemblance, containment), there = best[0], documents[-best[1]]
        if normal(there.document.text) != normal(here.document.text):
            yield _problem(
                here,
                "warning",
                "leak-near",
                f"nearly the same text is at {_named(there)}: {resemblance:.0%} of both in common, "
                f"{containment:.0%} of the smaller",
            )


def _nearness(one: frozenset[int], other: frozenset[int]) -> tuple[float, float, float]:
    """How far two texts are above a threshold (1: at it), their resemblance, and their containment."""
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
