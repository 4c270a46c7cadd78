"""Operators and limits of normal: which words bound a quantity, and how, from `patterns/comparators.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from trialsift.extraction.quantities.joints import AGE_BEGINS, AGE_WORDS
from trialsift.rules.files import Where
from trialsift.rules.layers import File, Folder
from trialsift.rules.trie import any_behind, openings, trie_regex
from trialsift.rules.validation import Phrase, Table, read_as

_SAID_AGAIN = re.compile(r"\s*[(\[][^(\[]*[)\]]$")  # `less than (<) 50`
#: What may stand between a number and a limit of normal. Each begins with two letters or is one sign: `openings`.
_FILLERS = (
    *("the", "of", "an", "a", "institution(?:al|s)?(?:['’]s?)?", "local", "laborator(?:y|ies)(?:['’]s)?", "lab"),
    *("hospital", "center", "centre", "site", "study", "central", "age", "gender", "sex", "age-?adjusted", "adjusted"),
    *("respective", "corresponding", "reference", "specific", "testing", "their", "its", "patient['’]?s"),
    *("participating", "normal", "above", "over", "than", "exceeding", "defined", "each", "investigational", "-", "–"),
)


Operators = dict[Literal["ge", "gt", "le", "lt", "eq", "between", "within"], list[Phrase]]


class ComparatorsFile(Table):
    """What `comparators.toml` holds: signs and phrases by what they mean."""

    symbols: Operators
    damaged: Operators
    before: Operators
    after: Operators
    limits: dict[Literal["ULN", "LLN", "normal", "control"], list[Phrase]]


class Comparators:
    """The compiled vocabulary of operators and limits of normal.

    Raises PatternError for an unknown operator, an unknown section, one without phrases, or a phrase under two
    operators.
    """

    def __init__(self, folder: Folder) -> None:
        path = folder / "comparators.toml"
        rules = read_as(ComparatorsFile, path)
        self._symbols = self._invert(path, "symbols", rules.symbols.items())
        damaged = self._invert(path, "damaged", rules.damaged.items())
        self._before = self._invert(path, "before", rules.before.items())
        self._after = self._invert(path, "after", rules.after.items())
        self._limits = self._invert(path, "limits", rules.limits.items())
        self._compile_operators(damaged)
        self._compile_limits()
        self._operator = lru_cache(maxsize=4096)(self._operator_of)

    def _compile_operators(self, damaged: dict[str, str]) -> None:
        """The expressions of what stands in front of a number and behind it, and what they begin with."""
        symbol = "|".join(sorted(map(re.escape, self._symbols), key=len, reverse=True))
        signs = set(self._symbols)
        self._symbols.update(damaged)
        self._symbol = re.compile(symbol + "|" + "|".join(map(re.escape, damaged)))
        # a look at the first character rules most places of a text out at once
        first, first_damaged = (
            re.escape("".join(sorted({phrase[0] for phrase in table}))) for table in (signs, damaged)
        )
        # `=/<`, `> or =`, `≥/=`, `< or equal to`: one operator made of several signs
        self.before = (
            rf"(?=[{first_damaged}])(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, damaged))})(?=\s?\d)|"
            rf"(?=[{first}])(?:(?<![-–])|"
            rf"(?![>＞]))(?:{symbol})(?:\s?(?:/|or\b)?\s?(?:{symbol})|\s+or\s+(?:{symbol})|\s?or\s+equal(?:\s+to)?)*+"
            rf"|(?i:(?<![a-z]-)\b{trie_regex(self._before)}(?![A-Za-z_]))(?:\s*[(\[]\s*(?:{symbol})+\s*[)\]])?"
        )
        #: All phrases and signs that `before` begins with.
        self.phrases = (*self._symbols, *self._before)
        # `60 or greater than 140`: the comparator of the next number
        other = r"(?!\s+than\b)(?!(?<=than)\s?\d)"
        self.after = re.compile(rf"(?i:{trie_regex(self._after)}|(?:and|or)\s+up(?!\s*to))(?![\w]){other}")
        self._after_begins = openings([*self._after, "and", "or"]) | AGE_BEGINS

    def _compile_limits(self) -> None:
        """The expressions of limits of normal and their multiples, and what they begin with."""
        limits = [phrase for phrase, kind in self._limits.items() if kind in ("ULN", "LLN")]
        named = trie_regex(limits, r"[\s-]+")
        times = trie_regex(self._limits, r"[\s-]+")
        filler = rf"(?:(?:{'|'.join(_FILLERS)})\s+)*"
        tail = r"(?![A-Za-z])"
        # `< 3N`: three times normal
        self.named_limit = re.compile(rf"\s*(?i:{filler}(?P<limit>{named}){tail})|(?<=\d)\s?(?P<norm>N)(?![\w+/-])")
        self.multiple = re.compile(
            rf"\s*(?i:(?P<times>[x×*·•✕]|times|-?\s?fold|"
            rf"-\s?times)\s*(?P<op>[<>≤≥=]=?)?\s*(?:\(|to\s+)?{filler}(?P<limit>{times}){tail})"
        )
        self._limit_begins = openings([*limits, *_FILLERS, "N"]) | any_behind("x*") | {"ti", "fo", "-t", "-f"}

    @staticmethod
    def _invert(path: File, where: str, meanings: Iterable[tuple[str, list[str]]]) -> dict[str, str]:
        phrases: dict[str, str] = {}
        here = Where(path, (where,), f"[{where}]")
        for key, values in meanings:
            for phrase in values:
                if phrases.get(phrase, key) != key and key != "within":
                    raise here.within(key, phrase).error(f"{phrase!r} stands under {phrases[phrase]} and {key}")
                phrases.setdefault(phrase, key)
        if not phrases:  # an expression can't be made of none
            raise here.error("holds no phrase; expected one at least")
        return phrases

    def operator(self, surface: str) -> str | None:
        """The operator that the surface of a comparator in front of a number states; None for contradictions."""
        return self._operator(surface)

    def _operator_of(self, surface: str) -> str | None:
        plain = " ".join(surface.lower().split())
        plain = _SAID_AGAIN.sub("", plain)
        if plain in self._before:
            return self._before[plain]
        seen = {self._symbols[m.group()] for m in self._symbol.finditer(surface)}
        equal = "eq" in seen or "equal" in plain
        more, less = bool(seen & {"gt", "ge"}), bool(seen & {"lt", "le"})
        if more and less:
            return None
        if more:
            return "ge" if equal or "ge" in seen else "gt"
        if less:
            return "le" if equal or "le" in seen else "lt"
        return "eq" if equal else None

    def limit_after(self, text: str, position: int, stop: int, opening: str) -> re.Match[str] | None:
        """A multiple of a limit of normal, or a limit, behind a number; `opening` is what `ahead` gives there."""
        if opening not in self._limit_begins and opening.isascii():
            return None
        return self.multiple.match(text, position, stop) or self.named_limit.match(text, position, stop)

    def words_after(self, text: str, position: int, stop: int, opening: str) -> re.Match[str] | None:
        """Words behind a number and its unit that bound it (`or older`), over words of age."""
        if opening not in self._after_begins and opening.isascii():
            return None
        behind = AGE_WORDS.match(text, position, stop)
        return self.after.match(text, behind.end() if behind else position, stop)

    def operator_after(self, surface: str) -> str:
        """The operator that words behind a number state (`or older`, `+`)."""
        return self._after.get(" ".join(surface.lower().split()), "ge")

    def limit(self, surface: str) -> str:
        """What a limit is a multiple of: `ULN`, `LLN` or `1` (a control or baseline value of the same test)."""
        kind = self._limits.get(" ".join(surface.lower().replace("-", " ").split()), "ULN")
        return {"ULN": "ULN", "LLN": "LLN", "normal": "ULN", "control": "1"}[kind]
