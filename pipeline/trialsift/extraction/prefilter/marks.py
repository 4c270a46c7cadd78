"""Marks: the places in a text where something that the extraction looks for can begin, found in one pass.

Names, operators, number words and headings begin with few words, and most words of a document are none of them. An
expression with thousands of names is slow when tried at every character, and quick when tried only where it can match.
A `Vocabulary` collects the beginnings of all such phrases and finds them in a text. A mark is a necessary condition
only: the expression itself decides.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate, islice, repeat
from typing import NamedTuple, TypeVar

from trialsift.extraction.prefilter.topics import Topics
from trialsift.model import memory

_LETTERS = re.compile(r"[A-Za-z]+")
_DIGIT = re.compile(r"\d")
_ALL = "".join(map(chr, range(0x20, 0x2000)))
_LEXEME, _HEADING, _LIMIT, _NUMBER, _SECOND, _SLIPPED, _PAIRED, _LONE, _NEW = 1, 2, 4, 8, 16, 32, 64, 128, 256
_PAIRED_OR_NEW, _SPECIAL = _PAIRED | _NEW, _SECOND | _SLIPPED | _LONE
_CLASSES = 9  # number of bits; the bits above are the classes of a word (topics.py)
#: Vocabularies remember ten times as many surfaces as others remember results, and no longer ones.
_TIMES, _LONGEST = 10, 60
_Key = TypeVar("_Key")


class Marks(NamedTuple):
    """Offsets in ascending order.

    `lexemes`: a name, operator or number can begin, with a word or sign of `surfaces`. `headings`: a heading can begin.
    `digits`: digits stand there. `limits`: a limit without digits can be stated. `topics`: words that facts are about,
    with their `classes`.
    """

    lexemes: list[int]
    surfaces: list[str]
    headings: list[int]
    digits: list[int]
    limits: list[int]
    topics: list[int]
    classes: list[int]

    def find_headings_in(self, text: str, start: int, end: int) -> list[int] | None:
        """Returns the marks of headings in `text[start:end]`, taken as a text of its own; None if a word is cut."""
        if cuts_word(text, start) or cuts_word(text, end):
            return None
        found = self.headings
        return [at - start for at in found[bisect_left(found, start) : bisect_left(found, end)]]

    def find_classes(self, start: int, end: int) -> int:
        """Returns the classes of all words in a range."""
        found = 0
        for classes in self.classes[bisect_left(self.topics, start) : bisect_left(self.topics, end)]:
            found |= classes
        return found


def cuts_word(text: str, at: int) -> bool:
    """Whether this offset lies inside a word or number."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


class Vocabulary:
    """The beginnings of names, operators, numbers, headings and words of limits; `find_marks` finds them in a text."""

    def __init__(self, names: Iterable[str], headings: Iterable[str], limits: re.Pattern[str], topics: Topics) -> None:
        """`names` are all phrases that a lexer knows, without the plural s of the last word, `headings` those of
        sections. `limits` matches in words of a limit; `topics` classifies words."""
        self._begun: dict[str, int] = {}
        self._second: dict[tuple[int, str], set[str]] = {}  # first characters of second words, "" if there may be none
        self._signs: dict[str, set[str]] = {}
        self._limits, self._topics = limits, topics
        for phrase in names:
            self._add(phrase, _LEXEME)
            if _LETTERS.fullmatch(phrase):
                self._add(phrase + "s", _LEXEME)
        for phrase in headings:
            self._add(phrase, _HEADING)
        paired = {key: {c.lower() for c in found} for key, found in self._second.items() if "" not in found}
        self._second = {**paired, **{key: {c.upper() for c in found} | found for key, found in paired.items()}}
        free = {sign for sign, behind in self._signs.items() if not all(map(_is_plain, behind))}
        guarded = "".join(
            rf"|[{_spell_any_case(sign)}](?=[{_spell_any_case(behind)}])"
            for sign, behind in self._signs.items()
            if sign not in free
        )
        signs = (f"|[{_spell_any_case(free)}]" if free else "") + guarded
        # a look at the first character rules out most of what is no letter
        first = rf"(?=[.\d{_spell_any_case(self._signs)}])"
        self._pattern = re.compile(rf"([A-Za-z]+|{first}(?:\.?(?:[0-9]+|[^\D0-9]+){signs}))")
        self._known: dict[str, int] = {}
        self._pairs: dict[tuple[str, str], int] = {}
        self._most = _TIMES * memory.MOST

    def _add(self, phrase: str, kind: int) -> None:
        letters = _LETTERS.match(phrase)
        if letters is not None:
            word, rest = letters.group().lower(), phrase[letters.end() :]
            self._begun[word] = self._begun.get(word, 0) | kind
            second = rest[1] if rest[:1] == " " and _is_plain(rest[1]) else ""
            self._second.setdefault((kind, word), set()).add(second)
        elif not _DIGIT.match(phrase):  # digits are always marked
            self._signs.setdefault(phrase[0], set()).add(phrase[1:2])

    def classify(self, surface: str) -> int:
        """Returns what can begin with a word, number or sign, as flags."""
        if surface[-1].isdecimal():
            return _LEXEME | _NUMBER | (_SECOND if surface[0] == "." else 0)
        if not surface.isalpha() or not surface.isascii():
            return _LEXEME | _HEADING
        word = surface.lower()
        kind = self._begun.get(word, 0)
        classes = self._topics.classify_word(surface)
        if len(surface) == 1 and self._topics.classify_glued(surface):
            kind |= _LONE
        if surface[0] == "o" and surface[1:2].isupper() and self._begun.get(word[1:], 0) & _LEXEME:
            kind |= _SECOND
            classes |= self._topics.classify_word(surface[1:])
        elif (_LEXEME, word) in self._second or (_HEADING, word) in self._second:
            kind |= _PAIRED
        kind |= (_SLIPPED if surface == "l" else 0) | (_LIMIT if self._limits.search(surface) else 0)
        return kind | classes << _CLASSES

    def find_marks(self, text: str) -> Marks:
        """Returns the marks of a folded text, in which no letter but a to z matches one of those (folding.py)."""
        marks = Marks([], [], [], [], [], [], [])
        lexemes, begun, headings, digits, limits, topics, classes = marks
        pieces = self._pattern.split(text)  # what stands between, then a word, number or sign, and so on
        ends = accumulate(map(len, pieces))
        surfaces = pieces[1::2]
        kinds, pairs = map(self._known.get, surfaces, repeat(_NEW)), self._pairs
        for kind, surface, at in zip(kinds, surfaces, islice(ends, 0, None, 2), strict=False):
            if not kind:
                continue
            if kind & _PAIRED_OR_NEW:
                if kind == _NEW:
                    kind = self._remember(surface)
                if kind & _PAIRED:
                    behind = at + len(surface) + 1
                    pair = surface, text[behind : behind + 1]
                    paired = pairs.get(pair)
                    kind = self._remember_pair(pair, kind) if paired is None else paired
            if kind & _SPECIAL:
                kind = self._mark_special(text, at, surface, kind, marks)
            elif kind & _LEXEME:
                lexemes.append(at)
                begun.append(surface)
                if kind & _NUMBER:
                    digits.append(at)
            if kind >> _CLASSES:
                topics.append(at)
                classes.append(kind >> _CLASSES)
            if kind & _HEADING:
                headings.append(at)
            if kind & _LIMIT:
                limits.append(at)
        return marks

    def _mark_special(self, text: str, at: int, surface: str, kind: int, marks: Marks) -> int:
        """Marks lexemes and digits where what follows the surface decides; returns the kind that it makes of it."""
        if kind & _LONE and not text[at + 1 : at + 2].isspace():
            kind |= self._topics.classify_glued(surface) << _CLASSES
        if kind & _SLIPPED:
            places = [(place, text[place]) for place in _find_slipped(text, at)]
        else:
            places = [(at, surface)] if kind & _LEXEME else []
        if kind & _SECOND:
            places.append((at + 1, surface[1:]))
        marks.lexemes.extend(place for place, _ in places)
        marks.surfaces.extend(begun for _, begun in places)
        if kind & _NUMBER:
            marks.digits.append(at + 1 if kind & _SECOND else at)
        return kind

    def _remember_pair(self, pair: tuple[str, str], kind: int) -> int:
        """What can begin with a word of this kind, given the second character behind it, as flags.

        A kind is ruled out when all its phrases that begin with the word go on with other words.
        """
        surface, behind = pair
        kind &= ~_PAIRED
        for sort in (_LEXEME, _HEADING):
            if _is_plain(behind) and behind not in self._second.get((sort, surface.lower()), behind):
                kind &= ~sort
        _keep(self._pairs, pair, kind, self._most)
        return kind

    def _remember(self, surface: str) -> int:
        kind = self.classify(surface)
        if len(surface) <= _LONGEST:
            _keep(self._known, surface, kind, self._most)
        return kind


def _keep(known: dict[_Key, int], key: _Key, kind: int, most: int) -> None:
    """Adds what was found out to what is known, of which there are `most` pieces: beyond them all begins anew. Dropping
    it is safe at any time, since who looks for a piece works it out where it's missing."""
    if len(known) >= most:
        known.clear()
    known[key] = kind


def _find_slipped(text: str, at: int) -> list[int]:
    """Where `≥ l500`, a scanner's misreading of 1500, can begin: after the sign, and at the letter."""
    begin = at
    while begin and text[begin - 1].isspace():
        begin -= 1
    return [begin, at] if begin < at else [at]


def _is_plain(behind: str) -> bool:
    return behind.isascii() and behind.isalnum()


def _spell_any_case(signs: Iterable[str]) -> str:
    """Returns the inside of a character class for signs; letters match in any case."""
    same = "".join(sorted(sign for sign in signs if sign.lower() != sign.upper()))
    cased = re.findall(f"(?i:[{same}])", _ALL) if same else []
    return "".join(map(re.escape, sorted({*signs, *cased})))
