"""Operators and limits of normal: which words bound a quantity, and how, from `patterns/comparators.toml`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Literal

from pydantic import Field

from trialsift.extraction.quantities.joints import AGE_BEGINS, JointWords
from trialsift.extraction.quantities.templates import Templates
from trialsift.model.memory import remember
from trialsift.rules.files import Where
from trialsift.rules.layers import File, Folder
from trialsift.rules.trie import find_openings, find_openings_behind
from trialsift.rules.validation import Phrase, Table, read_as
from trialsift.rules.wording import read_wordings

_SAID_AGAIN = re.compile(r"\s*[(\[][^(\[]*[)\]]$")  # `less than (<) 50`
_EQUAL = "{equal}"  # in front of `or` and a sign
Operators = dict[Literal["ge", "gt", "le", "lt", "eq", "between", "within"], list[Phrase]]


class ComparatorsFile(Table):
    """The contents of `comparators.toml`: signs and phrases by meaning, and the words that phrases have in common."""

    words: dict[str, Annotated[list[Phrase], Field(min_length=1)]]
    symbols: Operators
    damaged: Operators
    before: Operators
    after: Operators
    limits: dict[Literal["ULN", "LLN", "normal", "control"], list[Phrase]]


class Comparators:
    """The compiled vocabulary of operators and limits of normal.

    Raises PatternError for an unknown operator, an unknown section, one without phrases, a slot without words, or a
    phrase under two operators.
    """

    def __init__(self, folder: Folder) -> None:
        path = folder / "comparators.toml"
        rules = read_as(ComparatorsFile, path)
        self._words = Templates(rules.words)
        #: What stands between, before and behind the parts of a quantity.
        self.words = read_wordings(folder).fill(JointWords, "quantities")
        tables = {
            where: self._invert(path, where, getattr(rules, where))
            for where in ("symbols", "damaged", "before", "after", "limits")
        }
        self._symbols, damaged, self._before, self._after, self._limits = tables.values()
        self._compile_operators(damaged)
        for where, phrases in (("before", self._before), ("after", self._after)):
            self._check_agreement(path, where, phrases)
        self._compile_limits(Templates(rules.words, r"[\s-]+"))
        self._operator = remember(self._operator_of)

    def _compile_operators(self, damaged: dict[str, str]) -> None:
        """Compiles the expressions for operators before and after a number."""
        build, words = self._words.build_regex, self._words
        symbol = "|".join(sorted(map(re.escape, self._symbols), key=len, reverse=True))
        first = _list_first(self._symbols)
        signs = {phrase: operator for phrase, operator in damaged.items() if not words.has_letters(phrase)}
        self._symbols.update(signs)
        self._symbol = re.compile(symbol + "|" + "|".join(map(re.escape, signs)))
        equal, or_ = words.slot("equal"), words.slot("or")
        self._damaged, self._sign, said = set(damaged) - set(signs), symbol, build(self._before)
        # testing the first character first rules out most places in a text
        # `=/<`, `> or =`, `≥/=`, `< or equal to`: one operator written with several signs
        self.before = (
            rf"(?=[{_list_first(signs)}])(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, signs))})"
            r"(?=\s?(?:\d|I?U[LN]+\b|(?i:institutional|upper|the upper)\s))|"
            rf"(?=[{first}])(?:(?<![-–])|(?![>＞]))(?:{symbol})"
            rf"(?:\s?(?i:{or_})?\s?(?:{symbol})|\s?(?i:{or_})\s?(?i:{equal}\b)|\s?(?i:\bou)\s(?i:igual a))*+"
            rf"(?:\s?[(\[]\s?(?i:{said})\s?[)\]])?|"
            rf"{self._write_worded((_EQUAL, *self._before), self._damaged)}"
        )
        openings = {o for phrase in {*self._before, *damaged, _EQUAL} for o in words.iter_openings(phrase)}
        #: All phrases and signs that `before` begins with.
        self.phrases = (*self._symbols, *openings)
        # `60 or greater than 140`: the comparator belongs to the next number
        other = r"(?!\s+than\b)(?!(?:(?<=than)|(?<=[<>]))\s?[\d=])"
        after = rf"(?:{build(self._after)}|(?:and|or)\s+up(?!\s*to))(?![\w])"
        self.after = re.compile(rf"(?i:{after}{other}|[(\[]\s?{after}\s?[)\]])")
        behind = {o for phrase in self._after for o in words.iter_openings(phrase)}
        self._after_begins = find_openings([*behind, "and", "or"]) | {f"({phrase[0]}" for phrase in behind} | AGE_BEGINS
        self._readings = {
            table: [(re.compile(f"(?i:{build([phrase])})"), kind) for phrase, kind in meanings.items() if "{" in phrase]
            for table, meanings in (("before", {**self._before, **damaged}), ("after", self._after))
        }

    def write_before(self, word: str) -> str:
        """Returns an expression that matches what `before` does where a word of ASCII letters stands, in lower case;
        an empty string where no operator begins with it."""
        begins = re.compile(rf"{word}(?![a-z])", re.I)
        before, damaged = (
            [phrase for phrase in phrases if any(map(begins.match, self._words.iter_openings(phrase)))]
            for phrases in ((_EQUAL, *self._before), self._damaged)
        )
        return self._write_worded(before, damaged)

    def _write_worded(self, before: Collection[str], damaged: Collection[str]) -> str:
        """An expression for operators in words: for some that `before` may match, and for some that are damaged."""
        equal_or = rf"{self._words.slot('equal')}\s?{self._words.slot('or')}(?=\s?(?:{self._sign}))"
        said = [phrase for phrase in before if phrase != _EQUAL]
        written = [*([equal_or] if _EQUAL in before else []), *([self._words.build_regex(said)] if said else [])]
        worded = (
            rf"(?<![a-z]-)\b(?i:{'|'.join(written)})(?![A-Za-z_])"
            rf"(?:\s*(?:[(\[]\s*(?:{self._sign})+\s*[)\]]|(?i:(?<=or)|(?<=/))\s?(?:{self._sign})+))?"
        )
        slipped = rf"(?<![a-z]-)\b(?i:{self._words.build_regex(damaged)})(?=\s*\d)" if damaged else ""
        return "|".join([*([worded] if written else []), *([slipped] if slipped else [])])

    def _check_agreement(self, path: File, where: str, phrases: Mapping[str, str]) -> None:
        """Raises PatternError for a phrase that one with slots states under another operator."""
        for phrase, kind in phrases.items():
            other = self._read_template(where, phrase)
            if other not in (None, kind):
                here = Where(path, (where,), f"[{where}]").within(kind, phrase)
                raise here.error(f"{phrase!r} is listed under {other} and {kind}")

    def _compile_limits(self, words: Templates) -> None:
        """Compiles the expressions for limits of normal and their multiples."""
        limits = [phrase for phrase, kind in self._limits.items() if kind in ("ULN", "LLN")]
        named = words.build_regex(limits)
        times = words.build_regex(self._limits)
        filler = rf"(?:{words.slot('filler')}\s+)*"
        tail = rf"(?![A-Za-z])(?:\s+{words.slot('at_whose')}(?![A-Za-z]))?"
        # `< 3N`: three times normal
        self.named_limit = re.compile(rf"\s*(?i:{filler}(?P<limit>{named}){tail})|(?<=\d)\s?(?P<norm>N)(?![\w+/-])")
        # `five or more times the ULN`, `three times or less the ULN`, `twice or more the ULN`
        bound = rf"(?:or|and)\s+(?:{words.slot('up')}|{words.slot('down')})(?:\s+than)?(?=\s)"
        self.bounded = re.compile(
            rf"\s*(?i:(?P<op>{bound})\s+(?:(?:times|x|×|-?\s?folds?)\s+)?{filler}(?P<limit>{times}){tail})"
        )
        multiple = (
            rf"(?i:(?P<times>[x×*·•✕]|times|-?\s?folds?|"
            rf"-\s?times)\s*(?P<op>[<>≤≥=]=?|{words.slot('greater')}\s+than\b|{words.slot('above')}(?=\s)|{bound})?\s*(?:\(|to\s+)?"
            rf"{filler}(?P<limit>{times}){tail})"
        )
        self.multiple = re.compile(rf"\s*{multiple}")
        self.bracketed = re.compile(rf"\s*\({multiple}\s?\)")
        # `twice normal`, `threefold the normal value`
        self.doubled = re.compile(
            rf"(?i:(?:(?<=twice)|(?<=double)|(?<=triple)|(?<=fold))\s+{filler}(?P<limit>{times}){tail})"
        )
        openings = {o for phrase in limits for o in words.iter_openings(phrase)}
        signs = find_openings_behind("x*") | {"ti", "fo", "-t", "-f", "(x", "(*", "or", "an"}
        self._limit_begins = find_openings([*openings, *words.words("filler"), "N"]) | signs
        self._lower = re.compile(f"(?i:{words.build_regex(p for p in limits if self._limits[p] == 'LLN')})")

    def _invert(self, path: File, where: str, meanings: Mapping[str, list[str]]) -> dict[str, str]:
        phrases: dict[str, str] = {}
        here = Where(path, (where,), f"[{where}]")
        for key, values in meanings.items():
            for phrase in values:
                if phrases.get(phrase, key) != key and key != "within":
                    raise here.within(key, phrase).error(f"{phrase!r} is listed under {phrases[phrase]} and {key}")
                unknown = self._words.find_unknown(phrase)
                if unknown is not None:
                    raise here.within(key, phrase).error(f"{unknown!r} names no row of [words]")
                phrases.setdefault(phrase, key)
        if not phrases:  # an expression can't be made of none
            raise here.error("holds no phrase; expected one at least")
        return phrases

    def read_operator(self, surface: str) -> str | None:
        """Returns the operator that a comparator before a number states; None if it contradicts itself."""
        return self._operator(surface)

    def _operator_of(self, surface: str) -> str | None:
        plain = " ".join(surface.lower().split())
        plain = _SAID_AGAIN.sub("", plain)
        said = self._before.get(plain) or self._read_template("before", plain)
        if said is not None:
            return said
        seen = {self._symbols[m.group()] for m in self._symbol.finditer(surface)}
        equal = "eq" in seen or "equal" in plain or "igual" in plain
        more, less = bool(seen & {"gt", "ge"}), bool(seen & {"lt", "le"})
        if more and less:
            return None
        if more:
            return "ge" if equal or "ge" in seen else "gt"
        if less:
            return "le" if equal or "le" in seen else "lt"
        return "eq" if equal else None

    def _read_template(self, table: str, plain: str) -> str | None:
        """Returns the operator of the phrase with slots that all of this text matches."""
        return next((kind for regex, kind in self._readings[table] if regex.fullmatch(plain)), None)

    def match_limit(self, text: str, position: int, stop: int, opening: str) -> re.Match[str] | None:
        """Matches a limit of normal, or a multiple, after a number; `opening` is the result of `look_ahead` there."""
        if opening not in self._limit_begins and opening.isascii():
            return None
        if opening in ("or", "an"):
            return self.bounded.match(text, position, stop)
        multiple = self.multiple.match(text, position, stop) or self.bracketed.match(text, position, stop)
        return multiple or self.named_limit.match(text, position, stop) or self.doubled.match(text, position, stop)

    def match_words_after(self, text: str, position: int, stop: int, opening: str) -> re.Match[str] | None:
        """Matches words that bound a number and follow its unit (`or older`), skipping words about age."""
        if opening not in self._after_begins and opening.isascii():
            return None
        behind = self.words.age_words.match(text, position, stop)
        return self.after.match(text, behind.end() if behind else position, stop)

    def read_operator_after(self, surface: str) -> str:
        """Returns the operator that words after a number state (`or older`, `+`)."""
        plain = " ".join(surface.lower().strip("()[]").split())
        return self._after.get(plain) or self._read_template("after", plain) or "ge"

    def read_limit(self, surface: str) -> str:
        """Returns what a limit is a multiple of: `ULN`, `LLN`, or `1` for a control or baseline value of the test."""
        kind = self._limits.get(" ".join(surface.lower().replace("-", " ").split()))
        if kind is None:
            return "LLN" if self._lower.fullmatch(surface) else "ULN"
        return {"ULN": "ULN", "LLN": "LLN", "normal": "ULN", "control": "1"}[kind]


def _list_first(phrases: Iterable[str]) -> str:
    """Returns the first characters of phrases as the inside of a character class."""
    return re.escape("".join(sorted({phrase[0] for phrase in phrases})))
