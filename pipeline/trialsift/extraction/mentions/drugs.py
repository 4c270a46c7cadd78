"""Names of drugs, from `patterns/drugs.csv`."""

from __future__ import annotations

import re
from functools import cached_property

from trialsift.rules.files import read_csv
from trialsift.rules.layers import Folder
from trialsift.rules.trie import trie_regex


class Drugs:
    """The names of drugs: listed names, and words that end in a listed stem, with a listed salt behind them."""

    def __init__(self, folder: Folder) -> None:
        path = folder / "drugs.csv"
        any_case: set[str] = set()
        self._classes: set[str] = set()
        as_written: set[str] = set()
        stems: set[str] = set()
        salts: list[str] = []
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
            elif kind == "salt":
                salts.append(name)
            elif kind == "not_drug":
                self._not.add(name)
            else:
                raise where.error(f"kind {kind!r}; expected name, class, abbreviation, stem, salt or not_drug")
        # of the drug's name: `doxorubicin hydrochloride`
        salt = rf"(?:[\s]+(?:{'|'.join(salts)})\b)?" if salts else ""
        names = (
            rf"(?<![A-Za-z0-9])(?:{trie_regex(as_written)}(?![A-Za-z0-9])|"
            rf"(?i:{trie_regex(any_case)})(?:s)?(?![A-Za-z]){salt}"
        )
        self._spelt = rf"{names}|(?i:[a-z]{{3,}}(?:{'|'.join(sorted(stems))}))(?![A-Za-z]){salt})"
        # The same for ASCII letters, but quicker: reads a word to its end, then looks back for a stem, once per length.
        lengths = sorted({len(stem) for stem in stems})
        of_length = ["|".join(sorted(stem for stem in stems if len(stem) == length)) for length in lengths]
        ends = "|".join(rf"(?<=[a-z]{{3}}(?:{alternatives}))" for alternatives in of_length)
        plain = bool(stems) and all(stem.isascii() and stem.isalpha() for stem in stems)
        self._pattern = re.compile(rf"{names}|[A-Za-z]{{4,}}+(?i:{ends}){salt})") if plain else self._any_letters

    @cached_property
    def _any_letters(self) -> re.Pattern[str]:
        """For texts with letters that `re.I` takes for ASCII ones; compiled when one of them comes."""
        return re.compile(self._spelt)

    def is_class(self, name: str) -> bool:
        """Whether a name is that of a class (`corticosteroids`), not of a drug."""
        return name in self._classes or name.removesuffix("s") in self._classes

    def find(self, text: str, start: int, end: int) -> list[tuple[int, int, str]]:
        """Returns the drugs named in a range, as (start, end, name in lower case)."""
        found = []
        # `re.I` takes these for ASCII letters, but `[A-Za-z]` does not
        strange = any(letter in text for letter in "ıİſ\u212a")
        for match in (self._any_letters if strange else self._pattern).finditer(text, start, end):
            name = " ".join(match.group().lower().split())
            if name not in self._not:
                found.append((match.start(), match.end(), name))
        return found
