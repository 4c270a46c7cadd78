"""Names of things that numbers are about: analytes, other measurements, performance-status scales, drugs.

`Lexicon` reads the CSV files under `patterns/` and compiles them; `Lexer` finds operators, numbers and concepts of a
range of text in one pass. A concept's value is a tuple: its type, then its ids (`transaminases` has two).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from .layers import Folder, Patterns, located
from .marks import Marks, matches
from .quantity import numbers
from .quantity.comparators import Comparators
from .quantity.parts import Token
from .quantity.trie import trie_regex
from .resources import Where, read_csv, read_rows

ANALYTE_COLUMNS = (
    "analyte",
    "aliases",
    "loinc",
    "usual_unit",
    "kinds",
    "molar_mass",
    "plausible_low",
    "plausible_high",
)
MEASURE_COLUMNS = ("measure", "aliases")
KINDS = {
    "count",
    "mass",
    "molar",
    "enzyme",
    "iu",
    "percent",
    "ratio",
    "time",
    "clearance",
    "clearance_area",
    "excretion",
    "excretion_molar",
    "mass_ratio",
    "pressure",
    "copies",
    "titer",
    "ph",
    "sedimentation",
    "index",
    "osmolality",
}
# Collective names that stand for several analytes; any other name twice is an error.
SHARED_BY = {frozenset({"alt", "ast"}), frozenset({"bilirubin_total", "bilirubin_direct"})}


@dataclass(frozen=True, slots=True)
class Analyte:
    """A laboratory test: the kinds of unit its thresholds come in, its usual UCUM unit, LOINC code and molar mass
    (g/mol) where known, and the plausible bounds of a threshold in the usual unit."""

    id: str
    kinds: frozenset[str]
    usual_unit: str
    loinc: str | None = None
    molar_mass: float | None = None
    plausible: tuple[float, float] | None = None


Concept = tuple[str, ...]
_SPACE = r"[\s\u00ad-]+"
_NUMBER_FIRST = re.compile(r"\d+\s*(\D)")


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
            parts.append(trie_regex(self._written, _SPACE))
        if self._any:
            parts.append(f"(?i:{trie_regex(self._any, _SPACE)}(?:'?s)?)")
        return rf"(?:(?<![A-Za-z0-9])|(?<=\bo)(?=[A-Z]))(?:{'|'.join(parts)})(?:(?![A-Za-z0-9])|(?=\d\s*[(:<>≤≥=]))"

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
        self.analytes: dict[str, Analyte] = {}
        for where, row in read_csv(folder / "analytes.csv", ANALYTE_COLUMNS):
            kinds = frozenset(k for k in row["kinds"].split("|") if k)
            if not kinds or kinds - KINDS:
                raise where.error(f"kinds {row['kinds']!r}; known are {', '.join(sorted(KINDS))}")
            if row["analyte"] in self.analytes:
                raise where.error(f"the analyte {row['analyte']!r} stands twice")
            self.analytes[row["analyte"]] = _analyte(row, kinds, where)
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


def _analyte(row: Mapping[str, str], kinds: frozenset[str], where: Where) -> Analyte:
    """A row of analytes.csv; PatternError where a figure is none, or the bounds stand the wrong way round."""
    figures: dict[str, float | None] = {}
    for column in ("molar_mass", "plausible_low", "plausible_high"):
        try:
            figures[column] = float(row[column]) if row[column] else None
        except ValueError:
            raise where.error(f"{column} {row[column]!r}; expected a number, or nothing") from None
    low, high = figures["plausible_low"], figures["plausible_high"]
    if (low is None) != (high is None) or (low is not None and high is not None and low >= high):
        raise where.error(f"plausible bounds {low} to {high}; expected two numbers, the lower first, or none")
    bounds = None if low is None or high is None else (low, high)
    return Analyte(row["analyte"], kinds, row["usual_unit"], row["loinc"] or None, figures["molar_mass"], bounds)


class Lexer:
    """Operators, numbers and concepts of a range of text, in order."""

    def __init__(self, comparators: Comparators, names: Names) -> None:
        self.names = names
        self._pattern = re.compile(
            rf"(?P<concept>{names.regex()})|(?P<op>{comparators.before})|(?P<serial>{numbers.SERIAL})|"
            rf"(?P<num>{numbers.NUMBER}|{numbers.NUMBER_WORD})"
        )
        # Most numbers are no name, and few names begin with one: `24 hour urine protein`.
        behind = {re.escape(match[1]) for phrase in names.phrases() if (match := _NUMBER_FIRST.match(phrase))}
        named = rf"\d+{_SPACE[:-1]}*(?i:{'|'.join(sorted(behind))})" if behind else "(?!)"
        self._figures = re.compile(rf"(?!{named})(?:(?P<serial>{numbers.SERIAL})|(?P<num>{numbers.NUMBER}))")
        #: What its tokens begin with, but for numbers in digits (see marks.py).
        self.phrases = (*names.phrases(), *comparators.phrases, *numbers.WORDS)

    def tokens(
        self,
        text: str,
        start: int,
        end: int,
        defined: Mapping[str, Concept] | None = None,
        marks: Marks | None = None,
    ) -> list[Token]:
        """Tokens of `text[start:end]`. `defined` holds the abbreviations that the document itself defines, `marks`
        where tokens can begin: they make it quick, and change nothing."""
        found = []
        for match in matches(self._pattern, text, start, end, marks and marks.lexemes, self._figures):
            kind = match.lastgroup
            if kind == "concept":
                found.append(Token("concept", *match.span(), self.names.get(match.group())))
            elif kind == "op" or (kind == "num" and match.end() - match.start() <= numbers.LONGEST):
                found.append(Token(kind, *match.span()))
        if defined:
            found = self._with_defined(text, start, end, found, defined)
        return found

    @staticmethod
    def _with_defined(
        text: str, start: int, end: int, tokens: list[Token], defined: Mapping[str, Concept]
    ) -> list[Token]:
        pattern = re.compile(
            r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(defined, key=len, reverse=True))) + r")(?!\w)"
        )
        extra = [Token("concept", m.start(), m.end(), defined[m.group()]) for m in pattern.finditer(text, start, end)]
        kept = [t for t in tokens if not any(e.start < t.end and t.start < e.end for e in extra)]
        return sorted([*kept, *extra], key=lambda t: t.start)


class Drugs:
    """Names of drugs by lexicon and by stem, from `patterns/drugs.csv`."""

    def __init__(self, folder: Folder) -> None:
        path = folder / "drugs.csv"
        any_case: set[str] = set()
        self._classes: set[str] = set()
        as_written: set[str] = set()
        stems: set[str] = set()
        self._not: set[str] = set()
        for where, row in read_csv(path, ("drug", "kind")):
            name, kind = row["drug"], row["kind"]
            if kind in ("name", "class"):
                any_case.add(name.lower())
                if kind == "class":
                    self._classes.add(name.lower())
            elif kind == "abbreviation":
                as_written.add(name)
            elif kind == "stem":
                stems.add(name.lstrip("-"))
            elif kind == "not_drug":
                self._not.add(name)
            else:
                raise where.error(f"kind {kind!r}; expected name, class, abbreviation, stem or not_drug")
        salt = (
            r"(?:[\s]+(?:di)?(?:hydrochloride|mesylate|maleate|tartrate|acetate|citrate|tosylate|succinate|besylate|"
            r"fumarate|"
            r"phosphate|sulfate|sulphate|pivoxil|disoproxil|alafenamide|medoxomil|etexilate|sodium|calcium)\b)?"
        )
        names = (
            rf"(?<![A-Za-z0-9])(?:{trie_regex(as_written)}(?![A-Za-z0-9])|"
            rf"(?i:{trie_regex(any_case)})(?:s)?(?![A-Za-z]){salt}"
        )
        self._any_letters = re.compile(rf"{names}|(?i:[a-z]{{3,}}(?:{'|'.join(sorted(stems))}))(?![A-Za-z]){salt})")
        # the same for plain letters: a word is read to its end, and then its stem is looked for, once for each length
        lengths = sorted({len(stem) for stem in stems})
        of_length = ["|".join(sorted(stem for stem in stems if len(stem) == length)) for length in lengths]
        ends = "|".join(rf"(?<=[a-z]{{3}}(?:{alternatives}))" for alternatives in of_length)
        plain = bool(stems) and all(stem.isascii() and stem.isalpha() for stem in stems)
        self._pattern = re.compile(rf"{names}|[A-Za-z]{{4,}}+(?i:{ends}){salt})") if plain else self._any_letters

    def is_class(self, name: str) -> bool:
        """True for the name of a class (`corticosteroids`), not of a drug."""
        return name in self._classes or name.removesuffix("s") in self._classes

    def find(self, text: str, start: int, end: int) -> list[tuple[int, int, str]]:
        """Drugs named in a range: start, end, name in lower case."""
        found = []
        # `re.I` takes these for letters, though they end a word
        strange = any(letter in text for letter in "ıİſ\u212a")
        for match in (self._any_letters if strange else self._pattern).finditer(text, start, end):
            name = " ".join(match.group().lower().split())
            if name not in self._not:
                found.append((match.start(), match.end(), name))
        return found
