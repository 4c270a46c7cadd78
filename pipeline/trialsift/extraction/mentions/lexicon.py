"""Names of things that numbers are about: analytes, other measurements, performance-status scales.

A concept's value is a tuple: its type, then its ids (`transaminases` has two).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain

from trialsift.rules.analytes import ANALYTE_COLUMNS, Analyte, read_analytes
from trialsift.rules.files import Where, read_csv, read_rows
from trialsift.rules.layers import Folder, Patterns, located
from trialsift.rules.trie import trie_regex

MEASURE_COLUMNS = ("measure", "aliases")
# Collective names that stand for several analytes; any other name twice is an error.
SHARED_BY = {frozenset({"alt", "ast"}), frozenset({"bilirubin_total", "bilirubin_direct"})}

Concept = tuple[str, ...]
#: What may stand between two words of a name.
SPACE = r"[\s\u00ad-]+"


class Names:
    """Aliases to concepts: an alias in lower case matches in any case, one with a capital letter as written."""

    def __init__(self) -> None:
        self._any: dict[str, Concept] = {}
        self._written: dict[str, Concept] = {}
        self._where: dict[str, Where] = {}

    def add(self, alias: str, concept: Concept, where: Where) -> None:
        """Raises PatternError when the alias names something else already (but for SHARED_BY)."""
        if not isinstance(alias, str) or not alias.strip():
            raise where.error(f"{alias!r} is no name; expected a text, and no `|` at an end of the aliases")
        target = self._any if alias == alias.lower() else self._written
        plain = " ".join(alias.replace("-", " ").split())
        before = target.get(plain)
        if before is not None and before != concept:
            ids = frozenset((*before[1:], *concept[1:]))
            if before[0] != concept[0] or ids not in SHARED_BY:
                told = f" ({self._where[plain]}): take another alias for it" if where.layer else ""
                raise where.error(f"{alias!r} names {', '.join(before[1:])} already{told}")
            concept = (concept[0], *sorted(ids))
        target[plain] = concept
        self._where.setdefault(plain, where)

    def phrases(self, of: str = "") -> Iterator[str]:
        """All names, or those of one type of concept."""
        pairs = chain(self._any.items(), self._written.items())
        return (phrase for phrase, concept in pairs if concept[0] == of or not of)

    def regex(self) -> str:
        """An expression for all names; white space and hyphens match each other, a plural s is allowed, and so are a
        bullet and a footnote's number that scraping glued on (`oPlatelets`, `bilirubin2 (`)."""
        parts = []
        if self._written:
            parts.append(trie_regex(self._written, SPACE))
        if self._any:
            parts.append(f"(?i:{trie_regex(self._any, SPACE)}(?:'?s)?)")
        return rf"(?:(?<![A-Za-z0-9])|(?<=\bo)(?=[A-Z]))(?:{'|'.join(parts)})(?:(?![A-Za-z0-9])|(?=\d\s*[(:<>≤≥=]))"

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """`regex`, compiled when it is first asked for: all names have been added by then."""
        return re.compile(self.regex())

    def get(self, surface: str) -> Concept | None:
        """What a matched surface names."""
        plain = " ".join(surface.replace("-", " ").split())
        found = self._written.get(plain) or self._any.get(plain.lower())
        if found is None and plain[-1:] in "sS":
            found = self._any.get(plain.lower().removesuffix("s").removesuffix("'"))
        return found


class Lexicon:
    """All names under a patterns folder. `scales` comes from the performance-status rules."""

    def __init__(self, folder: Folder, scales: Mapping[str, Iterable[str]]) -> None:
        self.names = Names()
        self.analytes: dict[str, Analyte] = read_analytes(folder)
        self.measures = frozenset(row["measure"] for _, row in read_csv(folder / "measures.csv", MEASURE_COLUMNS))
        for alias, concept, where in _names(folder, scales):
            # among the shipped names an analyte's goes before a measure's
            if concept[0] == "measure" and not where.layer and self.names.get(alias) is not None:
                continue
            self.names.add(alias, concept, where)


def _names(folder: Folder, scales: Mapping[str, Iterable[str]]) -> list[tuple[str, Concept, Where]]:
    """All aliases with what they name: those of analytes, measures and scales, layer by layer."""
    found: list[tuple[str, Concept, Where]] = []
    for kind, columns in (("analyte", ANALYTE_COLUMNS), ("measure", MEASURE_COLUMNS)):
        for where, row in read_rows(folder / f"{kind}s.csv", columns):
            if row["aliases"] or not where.layer:
                found.extend((alias.strip(), (kind, row[kind]), where) for alias in row["aliases"].split("|"))
    path, several = folder / "entities/performance_status.toml", isinstance(folder, Patterns) and folder.over
    for scale, aliases in scales.items():
        for alias in aliases:
            place = ("scales", scale)
            layer = located(path, place, alias)[0] if several else 0
            found.append((alias, ("scale", scale), Where(path, place, f"scale {scale}", alias, layer)))
    return sorted(found, key=lambda name: name[2].layer)
