"""The α/β ratio of a trial's tumour, by the conditions of its registry record (`patterns/alpha_beta.csv`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from trialsift.model.memory import remember_of_folders
from trialsift.rules.files import Where, read_csv
from trialsift.rules.layers import Folder

#: What is usual for tumours and for early reactions, in Gy (Joiner and van der Kogel, chapter 9).
DEFAULT = 10.0
_COLUMNS = ("site", "aliases", "not", "alpha_beta", "source")


class Ratio(NamedTuple):
    """An α/β ratio in Gy, and where it comes from, in words."""

    value: float
    source: str


class _Site(NamedTuple):
    names: re.Pattern[str]
    others: re.Pattern[str] | None
    ratio: Ratio


class AlphaBetas:
    """The ratios of a folder of patterns. Raises PatternError for a ratio that is no number above 0, or no source."""

    def __init__(self, folder: Folder) -> None:
        self._sites = [_read_site(where, row) for where, row in read_csv(folder / "alpha_beta.csv", _COLUMNS)]

    def choose(self, conditions: Iterable[str]) -> Ratio:
        """Returns the ratio of the site that the conditions name; the default for none, and for several."""
        found: dict[float, Ratio] = {}
        for condition in conditions:
            for site in self._sites:
                if site.names.search(condition) and not (site.others and site.others.search(condition)):
                    found.setdefault(site.ratio.value, site.ratio)
        if len(found) != 1 or DEFAULT in found:
            return Ratio(DEFAULT, "default")
        return next(iter(found.values()))


@remember_of_folders
def read_alpha_betas(folder: Folder) -> AlphaBetas:
    """Returns the ratios of a folder of patterns, read once in a process."""
    return AlphaBetas(folder)


def _read_site(where: Where, row: dict[str, str]) -> _Site:
    try:
        value = float(row["alpha_beta"])
    except ValueError:
        value = 0.0
    if not 0 < value < 100:
        raise where.error(f"alpha_beta {row['alpha_beta']!r}; expected a number of Gy above 0")
    if not row["source"] or not row["aliases"]:
        raise where.error("expected aliases, and the source of the ratio")
    others = _compile(row["not"]) if row["not"] else None
    return _Site(_compile(row["aliases"]), others, Ratio(value, f"condition {row['site']}: {row['source']}"))


def _compile(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(re.escape(word) for word in words.split('|') if word)})\b", re.IGNORECASE)
