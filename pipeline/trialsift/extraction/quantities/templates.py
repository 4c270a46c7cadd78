"""Phrases with slots: `{greater} {than?} {or} {equal}` is all ways of saying `greater than or equal to`.

In: a table of words, and phrases that may name its rows in braces; `{than?}` may be missing. Out: regular expressions,
and what the phrases can begin with. The words of a slot are written once, for all phrases of a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile

from trialsift.rules.trie import SPACE, trie_regex

_SLOT = re.compile(r"\{(\w+)(\?)?\}")
# White space, or nothing beside a sign: `equal/greater`
_GAP = r"\s*+(?:(?<=\W)|(?=\W))"


class Templates:
    """The words of slots. `space` is what a space within a slot's phrase matches."""

    def __init__(self, words: Mapping[str, list[str]], space: str = SPACE) -> None:
        self._words = words
        self._slots = {name: trie_regex(phrases, space) for name, phrases in words.items()}
        self._space = space

    @staticmethod
    def is_template(phrase: str) -> bool:
        """Whether a phrase has slots."""
        return "{" in phrase

    @classmethod
    def has_letters(cls, phrase: str) -> bool:
        """Whether a phrase holds words, in slots or not, and is no sign."""
        return cls.is_template(phrase) or (phrase.isascii() and any(map(str.isalpha, phrase)))

    def find_unknown(self, phrase: str) -> str | None:
        """Returns a slot of a phrase that has no words, as it is written."""
        return next((slot[0] for slot in _SLOT.finditer(phrase) if slot[1] not in self._words), None)

    def words(self, name: str) -> list[str]:
        """Returns the words of a slot."""
        return self._words[name]

    def slot(self, name: str) -> str:
        """Returns the expression for the words of a slot."""
        return f"(?:{self._slots[name]})"

    def build_regex(self, phrases: Iterable[str]) -> str:
        """Returns an expression for the longest of the phrases that have slots, and for the others.

        Those with more pieces are tried first. Raises ValueError without phrases.
        """
        plain, slotted = set[str](), set[str]()
        for phrase in phrases:
            (slotted if self.is_template(phrase) else plain).add(phrase)
        parts = [self._expand(phrase) for phrase in sorted(slotted, key=lambda p: (-len(p.split()), p))]
        return "|".join([*parts, *([trie_regex(plain, self._space)] if plain or not parts else [])])

    def _expand(self, phrase: str) -> str:
        found = ""
        for piece in phrase.split():
            slot = _SLOT.fullmatch(piece)
            inner = f"(?:{self._slots[slot[1]]})" if slot else re.escape(piece)
            joined = f"{_GAP}{inner}" if found else inner
            found += f"(?:{joined})?" if slot and slot[2] else joined
        return found

    def iter_openings(self, phrase: str) -> Iterator[str]:
        """Iterates over beginnings of a phrase: its first word, and the first character of the next where that is a
        letter; the phrase itself if it has no slots."""
        if not self.is_template(phrase):
            yield phrase
            return
        pieces = phrase.split()
        for opening in self._list_words(pieces[0]):
            word, _, rest = opening.partition(" ")
            behind = [rest] if rest else self._list_next(pieces[1:])
            for following in behind or [""]:
                yield f"{word} {following[:1]}" if following[:1].isalpha() else word

    def _list_next(self, pieces: list[str]) -> list[str]:
        optional = list(takewhile(lambda piece: piece.endswith("?}"), pieces))
        reached = pieces[: len(optional) + 1]
        ends = len(optional) == len(pieces)
        return [word for piece in reached for word in self._list_words(piece)] + ([""] if ends else [])

    def _list_words(self, piece: str) -> list[str]:
        slot = _SLOT.fullmatch(piece)
        return self._words[slot[1]] if slot else [piece]
