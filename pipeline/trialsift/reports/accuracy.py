"""How accurate trialsift is on texts that nobody looked at, in words: for `trialsift --about` and `report.html`.

The figures are data, in accuracy.toml beside this module; docs/explanation/accuracy.md has the same, and says how they
came about.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

_FILE = Path(__file__).with_name("accuracy.toml")


class TextAccuracy(NamedTuple):
    """The scores of a kind of text: value F1 with its 95 % interval, precision and recall, from 0 to 1."""

    kind: str
    documents: int
    facts: int
    f1: float
    interval: tuple[float, float]
    precision: float
    recall: float


class LevelAccuracy(NamedTuple):
    """Of the facts with a confidence of at least `least`: their share of all, and the share that is right."""

    least: float
    share: float
    right: float


class Accuracy(NamedTuple):
    """The statement of accuracy; `measured` is the day, as YYYY-MM-DD."""

    measured: str
    about: str
    texts: tuple[TextAccuracy, ...]
    levels: tuple[LevelAccuracy, ...]
    not_for: tuple[str, ...]


@cache
def read_accuracy() -> Accuracy:
    """Returns the statement."""
    contents = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    texts = (TextAccuracy(**{**text, "interval": tuple(text["interval"])}) for text in contents["texts"])
    return Accuracy(
        contents["measured"].isoformat(),
        contents["about"],
        tuple(texts),
        tuple(LevelAccuracy(**level) for level in contents["levels"]),
        tuple(contents["limits"]["not_for"]),
    )


def describe_accuracy() -> str:
    """Returns the statement as lines of plain text."""
    accuracy = read_accuracy()
    lines = [f"Accuracy on texts that nobody looked at, measured {accuracy.measured}", "", *_wrap(accuracy.about), ""]
    lines.append(f"{'texts':22} {'documents':>9} {'facts':>6}  {'value F1':>8}  {'95 %':11}  precision  recall")
    for one in accuracy.texts:
        interval = "–".join(f"{end:.3f}" for end in one.interval)
        lines.append(
            f"{one.kind:22} {one.documents:9,} {one.facts:6,}  {one.f1:8.3f}  {interval}  {one.precision:9.3f}  "
            f"{one.recall:6.3f}"
        )
    lines += ["", f"{'confidence at least':22} {'share of facts':>14}  right (value and polarity)"]
    lines += [f"{one.least:<22} {one.share:14.3f}  {one.right:.3f}" for one in accuracy.levels]
    return "\n".join([*lines, "", *(line for words in accuracy.not_for for line in _wrap(f"- {words}"))])


def _wrap(words: str) -> list[str]:
    from textwrap import wrap

    return wrap(words, 90, subsequent_indent="  " if words.startswith("- ") else "")
