"""Where in a text anything can begin that the extraction looks for: one pass, and all else starts from there.

Names, operators, number words and headings begin with few words, and most words of a document are none of them. An
expression with thousands of names is slow where it is tried at each character, and quick at the places where it can
match. So a `Vocabulary` collects what such expressions begin with, and finds those places in a text. A mark is a
necessary condition, no more: whether something begins there is for the expression to say.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from trialsift.extraction.prefilter.topics import Topics

_LETTERS = re.compile(r"[A-Za-z]+")
_DIGIT = re.compile(r"\d")
_ALL = "".join(map(chr, range(0x20, 0x2000)))
_LEXEME, _HEADING, _LIMIT, _NUMBER, _SECOND, _SLIPPED, _PAIRED, _LONE, _NEW = 1, 2, 4, 8, 16, 32, 64, 128, 256
_SPECIAL = _SECOND | _SLIPPED | _PAIRED | _LONE | _NEW
_CLASSES = 9  # bits: what is above them are the classes of a word (entities/topics.py)
#: Surfaces that a vocabulary remembers; a text of nothing but new words is to take no more memory than that.
_MOST = 100_000


class Marks(NamedTuple):
    """Offsets in rising order: where a name, an operator or a number can begin, where a heading can, where digits
    stand, where a limit can be told without a digit, and where a word stands that facts are about, with the classes
    that it belongs to."""

    lexemes: list[int]
    headings: list[int]
    digits: list[int]
    limits: list[int]
    topics: list[int]
    classes: list[int]

    def headings_within(self, text: str, start: int, end: int) -> list[int] | None:
        """The places of headings in `text[start:end]` as a text of its own; None where its ends cut a word."""
        if cuts_word(text, start) or cuts_word(text, end):
            return None
        found = self.headings
        return [at - start for at in found[bisect_left(found, start) : bisect_left(found, end)]]

    def spoken(self, start: int, end: int) -> int:
        """The classes of all words between."""
        found = 0
        for classes in self.classes[bisect_left(self.topics, start) : bisect_left(self.topics, end)]:
            found |= classes
        return found


def matches(
    pattern: re.Pattern[str],
    text: str,
    start: int,
    end: int,
    marks: list[int] | None,
    figures: re.Pattern[str] | None = None,
) -> Iterator[re.Match[str]]:
    """What `pattern.finditer(text, start, end)` gives, where matches can begin at `marks` only; None: anywhere.

    `figures` is a quicker expression for what begins with a digit: where it matches, it finds what `pattern` would.
    """
    if marks is None or cuts_word(text, end):
        yield from pattern.finditer(text, start, end)  # the range cuts a word: what is left of it may be another
        return
    match = pattern.match
    for index in range(bisect_left(marks, start), bisect_left(marks, end)):
        at = marks[index]
        if at >= start:
            found = figures.match(text, at, end) if figures is not None and text[at].isdecimal() else None
            if found is None:
                found = match(text, at, end)
            if found is not None:
                yield found
                start = found.end()


def cuts_word(text: str, at: int) -> bool:
    """Whether a range that ends or begins there cuts a word or number."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


class Vocabulary:
    """What names, operators, numbers, headings and words of a limit begin with; `marks` finds them in texts."""

    def __init__(self, names: Iterable[str], headings: Iterable[str], limits: re.Pattern[str], topics: Topics) -> None:
        """`names` are all phrases that a lexer knows, of which a plural s may follow the last word, `headings` those
        of sections; `limits` finds something in a word of a limit, `topics` tell what words facts are about."""
        self._begun: dict[str, int] = {}
        self._second: dict[tuple[int, str], set[str]] = {}  # what second words begin with, "" where there need be none
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
        free = {sign for sign, behind in self._signs.items() if not all(map(_plain, behind))}
        guarded = "".join(
            rf"|{re.escape(sign)}(?=[{_any_case(behind)}])" for sign, behind in self._signs.items() if sign not in free
        )
        known = _any_case(self._signs)
        signs = (f"|[{_any_case(free)}]" if free else "") + guarded
        # a word, number or sign, and what stands behind it up to the next one
        self._pattern = re.compile(rf"([A-Za-z]+|\.?(?:[0-9]+|[^\D0-9]+){signs})[^A-Za-z\d.{known}]*+")
        self._known: dict[str, int] = {}
        self._pairs: dict[tuple[str, str], int] = {}

    def _add(self, phrase: str, kind: int) -> None:
        letters = _LETTERS.match(phrase)
        if letters is not None:
            word, rest = letters.group().lower(), phrase[letters.end() :]
            self._begun[word] = self._begun.get(word, 0) | kind
            second = rest[1] if rest[:1] == " " and _plain(rest[1]) else ""
            self._second.setdefault((kind, word), set()).add(second)
        elif not _DIGIT.match(phrase):  # all digits are marked
            self._signs.setdefault(phrase[0], set()).add(phrase[1:2])

    def kind(self, surface: str) -> int:
        """What can begin with a word, a number or a sign, as flags."""
        if surface[-1].isdecimal():
            return _LEXEME | _NUMBER | (_SECOND if surface[0] == "." else 0)
        if not surface.isalpha() or not surface.isascii():
            return _LEXEME | _HEADING
        word = surface.lower()
        kind = self._begun.get(word, 0)
        classes = self._topics.of_word(surface)
        if len(surface) == 1 and self._topics.of_glued(surface):
            kind |= _LONE
        if surface[0] == "o" and surface[1:2].isupper() and self._begun.get(word[1:], 0) & _LEXEME:
            kind |= _SECOND
            classes |= self._topics.of_word(surface[1:])
        elif (_LEXEME, word) in self._second or (_HEADING, word) in self._second:
            kind |= _PAIRED
        kind |= (_SLIPPED if surface == "l" else 0) | (_LIMIT if self._limits.search(surface) else 0)
        return kind | classes << _CLASSES

    def marks(self, text: str) -> Marks:
        """All marks of a text that has been folded (folding.py), so that no letter but a to z equals one of those."""
        lexemes: list[int] = []
        headings: list[int] = []
        digits: list[int] = []
        limits: list[int] = []
        topics: list[int] = []
        classes: list[int] = []
        get = self._known.get
        for match, kind in [(m, kind) for m in self._pattern.finditer(text) if (kind := get(m[1], _NEW))]:
            at = match.start()
            if kind & _SPECIAL:
                surface = match[1]
                if kind == _NEW:
                    kind = self._remember(surface)
                about = kind >> _CLASSES
                if kind & _LONE and not text[at + 1 : at + 2].isspace():
                    about |= self._topics.of_glued(surface)
                if kind & _PAIRED:
                    behind = at + len(surface) + 1
                    pair = surface, text[behind : behind + 1]
                    kind = self._pairs.get(pair) or self._remember_pair(pair, kind)
                if kind & _SLIPPED:
                    lexemes.extend(_slipped(text, at))
                elif kind & _LEXEME:
                    lexemes.append(at)
                if kind & _NUMBER:
                    digits.append(at + 1 if kind & _SECOND else at)
                if kind & _SECOND:
                    lexemes.append(at + 1)
            else:
                about = kind >> _CLASSES
                if kind & _LEXEME:
                    lexemes.append(at)
                    if kind & _NUMBER:
                        digits.append(at)
            if about:
                topics.append(at)
                classes.append(about)
            if kind & _HEADING:
                headings.append(at)
            if kind & _LIMIT:
                limits.append(at)
        return Marks(lexemes, headings, digits, limits, topics, classes)

    def _remember_pair(self, pair: tuple[str, str], kind: int) -> int:
        """What can begin with a word of this kind that has this character as the second one behind it: nothing of which
        all names, or all headings, go on with other words."""
        surface, behind = pair
        for sort in (_LEXEME, _HEADING):
            if _plain(behind) and behind not in self._second.get((sort, surface.lower()), behind):
                kind &= ~sort
        if len(self._pairs) >= _MOST:
            self._pairs.clear()
        self._pairs[pair] = kind
        return kind

    def _remember(self, surface: str) -> int:
        if len(self._known) >= _MOST:
            self._known.clear()
        kind = self._known[surface] = self.kind(surface)
        return kind


def _slipped(text: str, at: int) -> list[int]:
    """Where `≥ l500`, 1500 misread by a scanner, begins: behind the sign, and at the letter."""
    begin = at
    while begin and text[begin - 1].isspace():
        begin -= 1
    return [begin, at] if begin < at else [at]


def _plain(behind: str) -> bool:
    return behind.isascii() and behind.isalnum()


def _any_case(signs: Iterable[str]) -> str:
    """The inside of a character class for signs, letters among them in any case."""
    same = "".join(sorted(sign for sign in signs if sign.lower() != sign.upper()))
    cased = re.findall(f"(?i:[{same}])", _ALL) if same else []
    return "".join(map(re.escape, sorted({*signs, *cased})))
