"""The factory `trialsift_abbreviations`: what scispaCy's `abbreviation_detector` writes, at a fraction of its cost.

    doc._.abbreviations   a list of dicts with the text and the tokens of a short form and of its long form
    span._.long_form      the long form's text, on each short form

The algorithm is that of Schwartz and Hearst (2003), and every condition is the one that scispaCy's detector sets with
`make_serializable=True`. That detector runs two token matchers over each Doc and compares characters one by one; here
brackets and short forms are looked for in the text, and then among the tokens. One thing differs: the mentions of a
short form come in the order of the text, where scispaCy's order changes from one run to the next.
"""

# No `from __future__ import annotations` here: spaCy reads the types of a factory's arguments at run time.
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from trialsift.spacy_pipeline.doc_annotation import ComponentError, extension_owner
from trialsift.spacy_pipeline.doc_text import text_of
from trialsift.spacy_pipeline.requirements import require_trialsift

ABBREVIATIONS, LONG_FORM = "abbreviations", "long_form"  # the names of scispaCy's extensions
#: Tokens: the longest content of brackets that is looked at, and the longest of those that can be a short form.
_LONGEST, _SHORT_FORM = 8, 3
#: Characters of a word in a short form, the second number not included.
_LENGTHS = range(2, 10)

_Range = tuple[int, int]  # of tokens, the second not included


def _register_extensions() -> None:
    """As scispaCy does, but not in place of others of the same names: scispaCy's own serve both. Raises ComponentError
    for one that can't be written to."""
    for owner, name, default in ((Doc, ABBREVIATIONS, []), (Span, LONG_FORM, None)):
        if not owner.has_extension(name):
            owner.set_extension(name, default=default)
            continue
        _, method, getter, setter = owner.get_extension(name)
        if method is not None or (getter is not None and setter is None):
            raise ComponentError(
                f"{owner.__name__}._.{name} belongs to {extension_owner(owner, name)} already, and "
                f"trialsift_abbreviations writes there: leave this component out, or remove the extension with "
                f"{owner.__name__}.remove_extension({name!r})"
            )


@Language.factory(
    "trialsift_abbreviations", assigns=[f"doc._.{ABBREVIATIONS}", f"span._.{LONG_FORM}"], default_config={}
)
class AbbreviationComponent:
    """Finds the abbreviations that a text defines, and where it uses them."""

    def __init__(self, nlp: Language, name: str = "trialsift_abbreviations") -> None:
        require_trialsift(nlp)
        self.name = name
        _register_extensions()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        _register_extensions()  # a process that is spawned has none

    def __call__(self, doc: Doc) -> Doc:
        """Writes what it finds; what was found before is replaced."""
        text = text_of(doc)
        doc._.abbreviations = [] if "(" not in text else list(_Tokens(doc, text).abbreviations())
        return doc


class _Tokens:
    """The tokens of a Doc, by where they start and end in its text."""

    def __init__(self, doc: Doc, text: str) -> None:
        self.doc, self.text = doc, text
        places = doc.to_array(["IDX", "LENGTH"])
        self.starts: list[int] = places[:, 0].tolist()
        self.ends: list[int] = (places[:, 0] + places[:, 1]).tolist()

    def words(self, tokens: _Range) -> list[str]:
        """The texts of these tokens."""
        return [self.text[start : self.ends[i]] for i, start in enumerate(self.starts[slice(*tokens)], tokens[0])]

    def between(self, tokens: _Range) -> str:
        """The text from the first of these tokens to the last."""
        return self.text[self.starts[tokens[0]] : self.ends[tokens[1] - 1]]

    def places(self, words: list[str]) -> list[int]:
        """Where tokens with these texts stand one after the other, by the first of them."""
        text, starts, first, found = self.text, self.starts, words[0], []
        at = text.find(first)
        while at >= 0:
            i = bisect_right(starts, at) - 1
            if (
                starts[i] == at
                and self.ends[i] == at + len(first)
                and (len(words) == 1 or self.words((i, i + len(words))) == words)
            ):
                found.append(i)
            at = text.find(first, at + 1)
        return found

    def abbreviations(self) -> Iterator[dict[str, str | int]]:
        """Each short form that the text defines, at each place, with its long form, which it is given."""
        for short, long in self._definitions():
            long_text = self.between(long)
            for start in self.places(self.words(short)):
                end = start + short[1] - short[0]
                span = self.doc[start:end]
                span._.long_form = long_text
                yield {
                    "short_text": self.between((start, end)),
                    "short_start": start,
                    "short_end": end,
                    "long_text": long_text,
                    "long_start": long[0],
                    "long_end": long[1],
                }

    def _definitions(self) -> list[tuple[_Range, _Range]]:
        """Short forms and long forms; of two with the same short form, or the same long form, the first."""
        found: list[tuple[_Range, _Range]] = []
        seen_short: set[str] = set()
        seen_long: set[str] = set()
        for short, long in self._candidates():
            begin = self._begin(short, long)
            if begin is None:
                continue
            short_text, long_text = self.between(short), self.between((begin, long[1]))
            if short_text not in seen_short and long_text not in seen_long:
                seen_short.add(short_text)
                seen_long.add(long_text)
                found.append((short, (begin, long[1])))
        return found

    def _candidates(self) -> Iterator[tuple[_Range, _Range]]:
        """Brackets whose content may be a short form of the words before it, or a long form of the word before it."""
        closing = set(self.places([")"]))
        brackets = [
            (end, -left)  # in the order of scispaCy's matcher
            for left in self.places(["("])
            if left  # a bracket at the start has nothing before it
            for end in range(left + 2, left + 2 + _LONGEST)
            if end in closing
        ]
        for end, left in sorted(brackets):
            start = 1 - left
            if end - start > _SHORT_FORM:
                if self._is_short_form((start - 2, start - 1)) and _balanced(self.words((start, end))):
                    yield (start - 2, start - 1), (start, end)
            elif self._is_short_form((start, end)):
                size = sum(self.ends[start:end]) - sum(self.starts[start:end])
                yield (start, end), (max(start - min(size + 5, size * 2) - 1, 0), start - 1)

    def _is_short_form(self, tokens: _Range) -> bool:
        """Its words are neither long nor single letters, it begins with a letter, and half of it are letters."""
        for i in range(*tokens):
            if self.ends[i] - self.starts[i] not in _LENGTHS:
                return False
        text = self.between(tokens)
        return text.isalpha() or (text[0].isalpha() and 2 * sum(map(str.isalpha, text)) >= len(text))

    def _begin(self, short: _Range, long: _Range) -> int | None:
        """The token that the long form of a short form begins with; None where the words don't hold its characters."""
        place = _aligned(" ".join(self.words(short)), " ".join(self.words(long)))
        if place is None:
            return None
        # scispaCy takes `place`, for which there is a blank between any two words, for one of the text
        starts = self.starts[long[0] : long[1] + 1]
        place += starts[0]
        return long[0] + bisect_right(starts, place) - 1 if place < starts[-1] else long[0]


def _balanced(words: list[str]) -> bool:
    """Whether each bracket among these words has its counterpart."""
    depth = 0
    for word in words:
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth < 0:
            return False
    return depth == 0


def _aligned(short: str, long: str) -> int | None:
    """Where in `long` the first character of `short` is found, when from the last one on each is taken at the next
    place to the left; the first has to begin a word. None where one isn't found."""
    # character by character: the small sigma at the end of a word is another letter
    lower = long.lower() if long.isascii() else "".join(c.lower() if len(c.lower()) == 1 else " " for c in long)
    place = len(long)
    for index in range(len(short) - 1, -1, -1):
        char = short[index].lower()
        if not char.isalnum():
            continue
        place = lower.rfind(char, 0, place)
        while index == 0 and place > 0 and long[place - 1].isalnum():
            place = lower.rfind(char, 0, place)
        if place < 0:
            return None
    return place
