"""The names of things that numbers measure: analytes, other measurements, performance-status scales.

A concept is a tuple: its type, then its ids (`transaminases` has two).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain

from trialsift.rules.analytes import ANALYTE_COLUMNS, Analyte, read_analytes
from trialsift.rules.files import Where, read_csv, read_rows
from trialsift.rules.layers import Folder, Patterns, locate
from trialsift.rules.trie import trie_regex

MEASURE_COLUMNS = ("measure", "aliases")
# Names that stand for several analytes together; any other duplicate name is an error.
SHARED_BY = {frozenset({"alt", "ast"}), frozenset({"bilirubin_total", "bilirubin_direct"})}

Concept = tuple[str, ...]
#: What may separate two words of a name.
SPACE = r"[\s\u2010-\u2013\u2212-]+"
_DASHES = re.compile(r"[\u2010-\u2013\u2212-]")
_LETTERS = re.compile(r"[A-Za-z]+")


def find_beginning(text: str, at: int = 0, end: int = sys.maxsize) -> str:
    """Returns the ASCII letters at `at` in lower case, else the character there: what all names have in common that can
    begin at a place of a folded text (folding.py)."""
    letters = _LETTERS.match(text, at, end)
    return (letters.group() if letters else text[at]).lower()


class Names:
    """Maps aliases to concepts. An alias in lower case matches in any case, one with a capital only as written."""

    def __init__(self) -> None:
        self._any: dict[str, Concept] = {}
        self._written: dict[str, Concept] = {}
        self._where: dict[str, Where] = {}
        self._expressions: dict[str, re.Pattern[str]] = {}

    def add(self, alias: str, concept: Concept, where: Where) -> None:
        """Adds an alias. Raises PatternError if it names something else already (SHARED_BY apart)."""
        if not isinstance(alias, str) or not alias.strip():
            raise where.error(f"{alias!r} is not a name; expected text, and no `|` at either end of the aliases")
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

    def iter_phrases(self, of: str = "") -> Iterator[str]:
        """Iterates over all names, or over those of one type of concept."""
        pairs = chain(self._any.items(), self._written.items())
        return (phrase for phrase, concept in pairs if concept[0] == of or not of)

    def build_regex(self, beginning: str = "") -> str:
        """Returns an expression for all names, or for those with one `find_beginning`.

        White space and hyphens match each other. A plural s is allowed, and so are a bullet or footnote number that
        scraping attached to the name (`oPlatelets`, `bilirubin2 (`). The longer of two names goes first: `PT INR`
        before `PT`, though only the second has to be written with capitals.
        """
        parts = []
        phrases = self._begun[beginning] if beginning else (*self._any, *self._written)
        written = [phrase for phrase in phrases if phrase in self._written]
        in_any_case = [phrase for phrase in phrases if phrase in self._any]
        opened = {phrase.lower() for phrase in written}
        longer = [p for p in in_any_case if any(p[: at.start()] in opened for at in re.finditer(" ", p))]
        if longer:
            parts.append(f"(?i:{trie_regex(longer, SPACE)}(?:'?s)?(?![A-Za-z0-9]))")
        if written:
            parts.append(trie_regex(written, SPACE))
        if in_any_case:
            parts.append(f"(?i:{trie_regex(in_any_case, SPACE)}(?:'?s)?)")
        return rf"(?:(?<![A-Za-z0-9])|(?<=\bo)(?=[A-Z]))(?:{'|'.join(parts)})(?:(?![A-Za-z0-9])|(?=\d\s*[(:<>≤≥=]))"

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled `build_regex`; first used after all names have been added."""
        return re.compile(self.build_regex())

    @cached_property
    def _begun(self) -> dict[str, list[str]]:
        """All names by their beginnings, those in any case with that of their plural too."""
        begun: dict[str, list[str]] = {}
        for phrase in dict.fromkeys((*self._any, *self._written)):
            for beginning in {find_beginning(phrase), find_beginning(phrase + "s")}:
                begun.setdefault(beginning, []).append(phrase)
        return begun

    def find_expression(self, beginning: str) -> re.Pattern[str] | None:
        """Returns an expression that matches what `pattern` would where `find_beginning` gives `beginning`; None where
        no name begins so.

        The names with one beginning are few, and their expression is compiled when it is first needed: that of all
        names takes as long to compile as a hundred documents take to read.
        """
        expression = self._expressions.get(beginning)
        if expression is None:
            if beginning not in self._begun:
                return None
            expression = re.compile(f"(?P<concept>{self.build_regex(beginning)})")
            self._expressions[beginning] = expression
        return expression

    def get(self, surface: str) -> Concept | None:
        """Returns the concept that a matched surface names."""
        plain = " ".join(_DASHES.sub(" ", surface).split())
        found = self._written.get(plain) or self._any.get(plain.lower())
        if found is None and plain[-1:] in "sS":
            found = self._any.get(plain.lower().removesuffix("s").removesuffix("'"))
        return found


class Lexicon:
    """All names in a patterns folder. `scales` are the names of scales, from the performance-status rules."""

    def __init__(self, folder: Folder, scales: Mapping[str, Iterable[str]]) -> None:
        self.names = Names()
        self.analytes: dict[str, Analyte] = read_analytes(folder)
        self.measures = frozenset(row["measure"] for _, row in read_csv(folder / "measures.csv", MEASURE_COLUMNS))
        for alias, concept, where in _read_names(folder, scales):
            # in the shipped files, an analyte's name takes precedence over a measure's
            if concept[0] == "measure" and not where.layer and self.names.get(alias) is not None:
                continue
            self.names.add(alias, concept, where)


def _read_names(folder: Folder, scales: Mapping[str, Iterable[str]]) -> list[tuple[str, Concept, Where]]:
    """Returns all aliases of analytes, measures and scales with their concepts, layer by layer."""
    found: list[tuple[str, Concept, Where]] = []
    for kind, columns in (("analyte", ANALYTE_COLUMNS), ("measure", MEASURE_COLUMNS)):
        for where, row in read_rows(folder / f"{kind}s.csv", columns):
            if row["aliases"] or not where.layer:
                found.extend((alias.strip(), (kind, row[kind]), where) for alias in row["aliases"].split("|"))
    path, several = folder / "entities/performance_status.toml", isinstance(folder, Patterns) and folder.over
    for scale, aliases in scales.items():
        for alias in aliases:
            place = ("scales", scale)
            layer = locate(path, place, alias)[0] if several else 0
            found.append((alias, ("scale", scale), Where(path, place, f"scale {scale}", alias, layer)))
    return sorted(found, key=lambda name: name[2].layer)
