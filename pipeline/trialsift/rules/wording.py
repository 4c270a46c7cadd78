"""What is said around a value, as data: the expressions of `patterns/wording/`, with the vocabulary that they share.

    words.toml         named vocabularies: `people = ["patients?", "subjects?"]`
    wording/*.toml     [[wording]]: an expression with an id, in which `{people}` stands for that vocabulary, and with
                       examples in which [[ ]] marks what it matches

Readers declare the wordings they use as a NamedTuple of compiled expressions, which `fill` makes from the data: a
field `gap` of the group `lab` is the wording `lab.gap`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeVar, get_type_hints

from trialsift.model.memory import remember_of_folders
from trialsift.rules.files import PatternError, Where
from trialsift.rules.guarded import Guarded
from trialsift.rules.layers import WORDING, Folder, PatternFile, Patterns, wording_files
from trialsift.rules.runaway import find_runaway
from trialsift.rules.validation import Examples, Phrase, Table, read_as

#: Where an expression is tried: at the first character behind something, up to the last one before it, on all that
#: stands between two things, or anywhere.
At = Literal["behind", "before", "between", "anywhere"]
_NAME = re.compile(r"\{([a-z_]+)\}")
_MARKED = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
Filled = TypeVar("Filled", bound=tuple[re.Pattern[str] | Guarded, ...])


class WordsFile(Table):
    """The contents of `words.toml`."""

    words: dict[str, list[Phrase]]


class Entry(Table):
    """A wording as written. `case`: capital and small letters differ."""

    id: Phrase
    why: Phrase
    at: At
    expression: Phrase
    examples: Examples
    not_examples: list[str]
    case: bool = False


class WordingFile(Table):
    """The contents of a file in `wording/`."""

    wording: list[Entry]


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording with its place, compiled."""

    where: Where
    entry: Entry
    expression: re.Pattern[str]

    def judge(self, marked: str, expected: bool) -> str | None:
        """Returns what is wrong with an example, None if nothing is: whether the expression matches what [[ ]] marks,
        exactly, should be as `expected`."""
        mark = _MARKED.search(marked)
        if mark is None or _MARKED.search(marked, mark.end()):
            return "expected one place in [[ ]]"
        text = marked[: mark.start()] + mark[1] + marked[mark.end() :]
        start, end = mark.start(), mark.start() + len(mark[1])
        found = self._find(text, start, end)
        if (found == (start, end)) is expected:
            return None
        if not expected:
            return f"expected no match at {mark[1]!r}"
        return "nothing is matched" if found is None else f"expected {mark[1]!r}, matched {text[found[0] : found[1]]!r}"

    def _find(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        expression = self.expression
        match self.entry.at:
            case "behind":
                found = expression.match(text, start)
            case "between":
                found = expression.fullmatch(text, start, end)
            case "before":
                found = expression.search(text[:end])
            case _:
                found = expression.search(text)
        return None if found is None else found.span()


class Wordings:
    """All wordings of a folder, by id; each is compiled when a reader asks for it. A later layer's wording replaces one
    with the same id below it.

    Raises PatternError for an unknown key, vocabulary or id and for a duplicate id within a layer; and, when it is
    asked for, for an expression that does not compile or, where a folder is laid over the shipped one, can take
    exponential time. The shipped ones alone are checked by `compile_all`: that takes as long as compiling them.
    """

    def __init__(self, folder: Folder) -> None:
        words = read_as(WordsFile, folder / "words.toml").words
        self._vocabulary = {name: _resolve(name, words, folder) for name in words}
        self._all: dict[str, tuple[Where, Entry]] = {}
        self._compiled: dict[str, Wording] = {}
        self._layered = isinstance(folder, Patterns) and bool(folder.over)
        for file in wording_files(folder):
            for index, entry in enumerate(read_as(WordingFile, file).wording):
                self._add(file, index, entry)

    def __getitem__(self, identifier: str) -> re.Pattern[str]:
        if identifier not in self._all:
            known = ", ".join(sorted(one for one in self._all if one.split(".")[0] == identifier.split(".")[0]))
            raise PatternError(f"{WORDING}/: no wording {identifier!r}; expected one, known are {known or 'none'}")
        if identifier not in self._compiled:
            where, entry = self._all[identifier]
            self._compiled[identifier] = self._compile(where, entry, self._layered)
        return self._compiled[identifier].expression

    @property
    def unused(self) -> list[Where]:
        """The places of the wordings that nothing has asked for yet."""
        return [where for identifier, (where, _) in self._all.items() if identifier not in self._compiled]

    def compile_all(self) -> list[Wording]:
        """Returns all wordings, compiled and checked whether a reader asks for them or not."""
        return [self._compile(where, entry, checking=True) for where, entry in self._all.values()]

    def fill(self, group: type[Filled], prefix: str) -> Filled:
        """Returns a NamedTuple of compiled expressions: its field `gap` is the wording `prefix.gap`, guarded
        (rules/guarded.py) where the field is declared so."""
        fields = {}
        for name, kind in get_type_hints(group).items():
            expression = self[f"{prefix}.{name.removesuffix('_')}"]
            fields[name] = Guarded(expression) if kind is Guarded else expression
        return group(**fields)

    def _add(self, file: PatternFile, index: int, entry: Entry) -> None:
        where = Where(file, ("wording", index), f"[[wording]] {entry.id}")
        below = self._all.get(entry.id)
        if below is not None and below[0].located[0] == where.located[0]:
            raise where.error(f"this id is already in {below[0]}; ids have to differ")
        self._all[entry.id] = where, entry

    def _compile(self, where: Where, entry: Entry, checking: bool) -> Wording:
        written = _NAME.sub(lambda name: self._expand(name[1], where), entry.expression)
        try:
            expression = _compile_once(written, re.NOFLAG if entry.case else re.IGNORECASE)
        except re.error as error:
            raise where.within("expression").error(f"{error.msg} in {entry.expression!r:.80}") from None
        runaway = find_runaway(expression) if checking else ""
        if runaway:
            raise where.within("expression").error(runaway)
        return Wording(where, entry, expression)

    def _expand(self, name: str, where: Where) -> str:
        if name not in self._vocabulary:
            known = ", ".join(sorted(self._vocabulary))
            raise where.within("expression").error(f"{{{name}}} is no vocabulary of words.toml; known are {known}")
        return self._vocabulary[name]


#: The same wordings are in many folders, and `re` itself keeps 512 expressions only.
_compile_once = cache(re.compile)


def _resolve(name: str, words: Mapping[str, list[str]], folder: Folder, above: tuple[str, ...] = ()) -> str:
    """Returns a vocabulary as one alternation, with those that it uses filled in."""
    where = Where(folder / "words.toml", ("words", name), f"[words] {name}")
    if name in above:
        raise where.error(f"{name} uses itself: {' → '.join((*above, name))}")

    def expand(used: re.Match[str]) -> str:
        if used[1] not in words:
            raise where.error(f"{{{used[1]}}} is no vocabulary; known are {', '.join(sorted(words))}")
        return _resolve(used[1], words, folder, (*above, name))

    return f"(?:{'|'.join(_NAME.sub(expand, word) for word in words[name])})"


def read_vocabulary(folder: Folder, name: str) -> list[str]:
    """Returns the expressions of a vocabulary of `words.toml`, as they stand there."""
    return list(read_as(WordsFile, folder / "words.toml").words[name])


@remember_of_folders
def read_wordings(folder: Folder) -> Wordings:
    """Returns the wordings of a patterns folder; each folder is read once."""
    return Wordings(folder)
