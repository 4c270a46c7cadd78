"""Stand-ins for tests: gold annotations as an extractor gives them, and extractors that do what a test needs."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from trialsift.model.document import Part
from trialsift.model.fact import Annotation, Bounds, Fact, Regimen, Scalar


def gold_annotation(record: Mapping[str, Any]) -> Annotation:
    """A record of the gold format as an Annotation; the rule of each fact is `gold`."""
    facts = tuple(Fact(s["label"], s["start"], s["end"], s["text"], "gold", s["attributes"]) for s in record["spans"])
    regimens = tuple(
        Regimen(tuple(r["spans"]), *(_pair(r[key]) for key in ("fractions", "dose_per_fraction", "total_dose")))
        for r in record["regimens"]
    )
    return Annotation(facts, regimens)


def fact_in(text: str, surface: str, label: str, **attributes: Scalar) -> Fact:
    """A fact on the first occurrence of `surface`, an inclusion criterion unless said otherwise."""
    start = text.index(surface)
    return Fact(label, start, start + len(surface), surface, "test", {"polarity": "inclusion", **attributes})


class FakeExtractor:
    """Annotates by a function of the text; without one it finds `18` as the lower age limit wherever it stands."""

    def __init__(self, annotate: Callable[[str], Annotation] | None = None) -> None:
        self._annotate = annotate or _ages

    def annotate(self, text: str, parts: Sequence[Part] = ()) -> Annotation:
        """As an extractor does; what the parts tell makes no difference to it."""
        return self._annotate(text)

    @staticmethod
    def failing_on(word: str) -> FakeExtractor:
        """An extractor that breaks on every text with `word` in it."""

        def annotate(text: str) -> Annotation:
            if word in text:
                raise ZeroDivisionError(f"stumbled over {word}")
            return _ages(text)

        return FakeExtractor(annotate)


class Stumbling:
    """An extractor that a text can make stumble, or end the process that it runs in; pickle takes it."""

    def annotate(self, text: str, parts: Sequence[Part] = ()) -> Annotation:
        """Ages, unless `stone` or `kill` stands in the text; `slow` takes seconds in any process but the first."""
        if "slow" in text and multiprocessing.parent_process() is not None:
            time.sleep(3)
        if "stone" in text:
            raise ZeroDivisionError("stumbled over a stone")
        if "kill" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        return _ages(text)


def write_texts(folder: Path, **texts: str) -> Path:
    """A folder of documents, one a keyword."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="")
    return folder


def _ages(text: str) -> Annotation:
    if "18" not in text:
        return Annotation()
    fact = fact_in(
        text, "18", "AGE", low=18, low_inclusive=True, high=None, high_inclusive=None, unit="a", scope="trial"
    )
    return Annotation((fact,), (), ((0, len(text)),))


def _pair(value: list[float | None] | None) -> Bounds | None:
    return None if value is None else (value[0], value[1])
