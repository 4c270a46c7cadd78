"""Paragraphs that report other work: what they tell of is historical, though their sentences have no word for it.

In: a text and a fact's place in it. Out: whether the fact lies between a report of other work (`Smith et al.`, `the
Nordic trial showed`) and the turn to this trial (`in this study`, `we`, `will`). `patterns/background.toml` has both.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from .resources import Where, check_keys, read_toml

_BLANK_LINE = re.compile(r"\n\s*\n")
# Characters: a paragraph further away than this has turned to something else.
_REACH = 3000


class Background:
    """The rules, compiled. Raises PatternError for an unknown key or a faulty expression."""

    def __init__(self, folder: Path) -> None:
        path = folder / "background.toml"
        table = read_toml(path)
        check_keys(path, "top level", table, {"reports", "turns"}, set())
        self._reports = self._compiled(path, "reports", table["reports"])
        self._turns = self._compiled(path, "turns", table["turns"])

    @staticmethod
    def _compiled(path: Path, kind: str, rules: list[dict[str, Any]]) -> re.Pattern[str]:
        for number, rule in enumerate(rules, start=1):
            where = Where(path, (kind, number - 1), f"[[{kind}]] number {number}")
            check_keys(path, where.name, rule, {"why", "expression", "examples"}, {"not_examples"}, (kind, number - 1))
            try:
                empty = re.search(rule["expression"], "") is not None
            except re.error as error:
                raise where.within("expression").error(str(error)) from None
            if empty or not rule["examples"]:
                raise where.error("matches nothing at all, or has no example")
        return re.compile("|".join(f"(?:{rule['expression']})" for rule in rules), re.I)

    def report(self, text: str, start: int, sentence: tuple[int, int]) -> re.Match[str] | None:
        """The report of other work that what begins at `start`, in this sentence, is told by; None where it isn't."""
        opening = max(0, sentence[0] - _REACH)
        for blank in _BLANK_LINE.finditer(text, opening, start):
            opening = blank.end()
        last = None
        for last in self._reports.finditer(text, opening, sentence[1]):  # noqa: B007 - the last one counts
            pass
        if last is None or self._turns.search(text, min(last.start(), start), sentence[1]) is not None:
            return None
        return last
