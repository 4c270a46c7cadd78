"""Reads mutated pieces of real texts, and looks for results that can't be right whatever the text says.

    python -m benchmarks.mutate FILE.jsonl.gz … --runs 1000000
    python -m benchmarks.mutate corpus/dev.jsonl --runs 2000 --seed 7

FILE is JSON Lines with a `text` in each object, gzipped or not. An input is a piece of such a text in which characters,
words and lines were deleted, doubled, moved, replaced by those of another text or by fragments of trial language. For
each of them `BROKEN` lists what has to hold. Broken invariants are printed with their input, shortened as far as
they stay broken; the exit status is then 1. A nightly run reads a million inputs, in about half an hour on one core.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tests.extraction.test_properties import FRAGMENTS
from tests.extraction.test_properties import check as check_facts

from benchmarks.corpus import read_texts
from trialsift.extraction.extractor import Extractor
from trialsift.gold import parse_document
from trialsift.model.fact import Annotation, annotation_record, make_sort_key

LONGEST = 600  # characters of a piece: a criterion with its neighbours
MOST_MUTATIONS = 8
SHOWN = 20  # inputs that are printed
_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


class Mutator:
    """Pieces of texts with a few changes, the same for a seed."""

    def __init__(self, texts: Sequence[str], seed: int) -> None:
        self._texts, self._random = texts, random.Random(seed)
        self._ways: tuple[Callable[[list[str]], None], ...] = (
            self._delete,
            self._double,
            self._swap,
            self._transplant,
            self._insert,
            self._renumber,
            self._break,
            self._case,
        )

    def __iter__(self) -> Iterator[str]:
        while True:
            words = _WORD.findall(self._cut())
            for _ in range(self._random.randint(0, MOST_MUTATIONS)):
                if words:
                    self._random.choice(self._ways)(words)
            yield "".join(words)

    def _cut(self) -> str:
        text = self._random.choice(self._texts)
        start = self._random.randrange(max(1, len(text) - LONGEST // 2))
        return text[start : start + self._random.randint(20, LONGEST)]

    def _at(self, words: list[str]) -> int:
        return self._random.randrange(len(words))

    def _delete(self, words: list[str]) -> None:
        at = self._at(words)
        del words[at : at + self._random.randint(1, 4)]

    def _double(self, words: list[str]) -> None:
        at = self._at(words)
        words[at:at] = words[at : at + self._random.randint(1, 8)]

    def _swap(self, words: list[str]) -> None:
        one, other = self._at(words), self._at(words)
        words[one], words[other] = words[other], words[one]

    def _transplant(self, words: list[str]) -> None:
        other = _WORD.findall(self._cut())
        start = self._random.randrange(len(other) + 1)
        at = self._at(words)
        words[at:at] = other[start : start + self._random.randint(1, 12)]

    def _insert(self, words: list[str]) -> None:
        words.insert(self._at(words), self._random.choice(FRAGMENTS))

    def _renumber(self, words: list[str]) -> None:
        numbers = [index for index, word in enumerate(words) if _NUMBER.fullmatch(word)]
        if numbers:
            drawn = self._random.choice(
                ("0", "1", "18", "1.5", "75", "100", "2,000", "109", "0.5", "999999999999", "½")
            )
            words[self._random.choice(numbers)] = drawn

    def _break(self, words: list[str]) -> None:
        spaces = [index for index, word in enumerate(words) if word.isspace()]
        if spaces:
            words[self._random.choice(spaces)] = self._random.choice(("\n", "\n\n", "", "  ", "\u00a0", "\n- ", " | "))

    def _case(self, words: list[str]) -> None:
        at = self._at(words)
        words[at] = self._random.choice((str.upper, str.lower, str.title))(words[at])


class Invariants:
    """What holds for any text. Each method returns what is wrong, in words, or None."""

    def __init__(self) -> None:
        self._extractor = Extractor()
        self._other = Extractor()  # which has read other texts

    def judge(self, text: str) -> str | None:
        """Returns the first invariant that an input breaks, None if it breaks none."""
        try:
            annotation = self._extractor.annotate(text)
        except Exception as error:  # whatever it is, it would be a traceback of a user's
            return f"raised {type(error).__name__}"
        for name in ("formed", "read_back", "remembered", "explained", "moved"):
            broken = getattr(self, f"_is_{name}")(text, annotation)
            if broken is not None:
                return f"{name}: {broken}"
        return None

    def _is_formed(self, text: str, annotation: Annotation) -> str | None:
        try:
            check_facts(text, annotation)
        except AssertionError as error:
            return f"a fact is not well formed ({str(error).splitlines()[0]:.80})" if str(error) else "not well formed"
        if list(annotation.facts) != sorted(annotation.facts, key=make_sort_key):
            return "facts are out of order"
        held = zip(annotation.facts, annotation.contexts, strict=True)
        if not all(start <= fact.start and fact.end <= end for fact, (start, end) in held):
            return "a context does not hold its fact"
        return None

    def _is_read_back(self, text: str, annotation: Annotation) -> str | None:
        if not text.strip():
            return None
        record = annotation_record("a document", text, annotation)
        again = parse_document(json.loads(json.dumps(record, allow_nan=False)), "mutated:1").to_record()
        return None if again == record else "the record is read back otherwise"

    def _is_remembered(self, text: str, annotation: Annotation) -> str | None:
        return None if self._other.annotate(text) == annotation else "what was read before matters"

    def _is_explained(self, text: str, annotation: Annotation) -> str | None:
        same = self._extractor.read(text, explaining=True).annotation == annotation
        return None if same else "facts differ where they are explained"

    def _is_moved(self, text: str, annotation: Annotation) -> str | None:
        """Empty lines in front and behind move facts, and change none."""
        moved = self._other.annotate(f"\n\n{text}\n\n").facts
        back = tuple(replace(fact, start=fact.start - 2, end=fact.end - 2) for fact in moved)
        strip = [(f.label, f.start, f.end, f.attributes.get("low"), f.attributes.get("high")) for f in annotation.facts]
        if strip == [(f.label, f.start, f.end, f.attributes.get("low"), f.attributes.get("high")) for f in back]:
            return None
        return "empty lines around it change facts"


def shorten(text: str, broken: str, judge: Callable[[str], str | None]) -> str:
    """Returns a shorter text that breaks the same invariant: words are taken out as long as it does."""
    words, size = _WORD.findall(text), 64
    while size:
        at = 0
        while at < len(words):
            shorter = words[:at] + words[at + size :]
            if judge("".join(shorter)) == broken:
                words = shorter
            else:
                at += size
        size //= 2
    return "".join(words)


def read_mutated(texts: Sequence[str], runs: int, seed: int) -> tuple[Counter[str], list[tuple[str, str]]]:
    """Returns how often each invariant was broken, and the first inputs of each, shortened."""
    invariants, counts, shown = Invariants(), Counter[str](), []
    for _, text in zip(range(runs), Mutator(texts, seed), strict=False):
        broken = invariants.judge(text)
        if broken is None:
            continue
        counts[broken] += 1
        if counts[broken] <= 3 and len(shown) < SHOWN:
            shown.append((broken, shorten(text, broken, invariants.judge)))
    return counts, shown


def main() -> None:
    """Prints what was broken, and by what."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    texts = [text for file in options.files for text in read_texts(file) if len(text) > 40]
    started = time.process_time()
    counts, shown = read_mutated(texts, options.runs, options.seed)
    for broken, text in shown:
        print(f"{broken}\n    {text!r}")
    seconds = time.process_time() - started
    print(f"{options.runs:,} inputs of {len(texts):,} texts in {seconds:,.0f} CPU seconds: {counts.total():,} broken")
    for broken, count in counts.most_common():
        print(f"{count:8,}  {broken}")
    sys.exit(bool(counts))


if __name__ == "__main__":
    main()
