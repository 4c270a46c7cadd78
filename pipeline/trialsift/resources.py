"""Where the patterns are, and strict reading of them: every mistake is a PatternError with file and line."""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .pattern_lines import Place, line_of


class PatternError(ValueError):
    """A file under `patterns/` that can't be used; the message names the file, the line and what was expected.

    `path` and `line` say where, None where that can't be told; `reason` is the message without them.
    """

    def __init__(self, message: str, path: Path | None = None, line: int | None = None, reason: str = "") -> None:
        super().__init__(message)
        self.path = path
        self.line = line
        self.reason = reason or message


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file of patterns: the number of a line, or keys and indices of a TOML file; `name` is what a person
    calls it (`[[heading]] number 2`), `text_there` a text in a list that goes over several lines."""

    path: Path
    place: int | Place = ()
    name: str = ""
    text_there: str = ""

    @property
    def line(self) -> int | None:
        """The number of the line; None for a whole file."""
        return self.place if isinstance(self.place, int) else line_of(self.path, self.place, self.text_there)

    def error(self, reason: str) -> PatternError:
        """A PatternError with this place: `sections.toml:12: [[heading]] number 2: …`."""
        line = self.line
        reason = f"{self.name}: {reason}" if self.name else reason
        return PatternError(f"{self.path.name}{'' if line is None else f':{line}'}: {reason}", self.path, line, reason)

    def within(self, key: str, text_there: str = "") -> Where:
        """The place of a key of this table, or of a text in the list that it holds."""
        place = (*self.place, key) if isinstance(self.place, tuple) else self.place
        return Where(self.path, place, self.name, text_there)


def patterns_dir(explicit: Path | str | None = None) -> Path:
    """The folder of rules and lexicons: `explicit`, else the installed package's, else the checkout's `patterns/`.

    Raises PatternError when there is none.
    """
    if explicit is not None:
        folder = Path(explicit)
        if not folder.is_dir():
            raise PatternError(f"{folder}: no such folder of patterns")
        return folder
    here = Path(__file__).resolve().parent
    for folder in (here / "patterns", here.parent.parent / "patterns"):
        if (folder / "units.csv").is_file():
            return folder
    raise PatternError(f"no patterns/ beside {here} nor in a checkout: reinstall trialsift")


def read_pattern(path: Path) -> str:
    """The text of a file of patterns. Raises PatternError when it is missing or can't be read as UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        reason = "is missing; a folder of patterns needs every file that the built-in one has"
        raise PatternError(f"{path}: {reason}", path, None, reason) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = f"cannot be read: {error}"
        raise PatternError(f"{path}: {reason}", path, None, reason) from None


def check_words(path: Path, words: dict[str, list[str]]) -> None:
    """Raises PatternError, with the line, when something in the table `[words]` of a file is no expression."""
    for key, expressions in words.items():
        if not isinstance(expressions, list):
            raise Where(path, ("words", key), "[words]").error(f"{key} is {expressions!r:.60}; expected a list")
        for expression in expressions:
            try:
                re.compile(expression)
            except re.error as error:
                raise Where(path, ("words", key), "[words]", expression).error(
                    f"{key}: {error.msg} in {expression!r}"
                ) from None


def compile_words(path: Path, where: str, expression: str) -> re.Pattern[str]:
    """An expression made of a file's words, in any case. Raises PatternError when one of them is no expression."""
    try:
        return re.compile(expression, re.I)
    except re.error as error:
        raise Where(path, (), where).error(f"{error.msg} in {error.pattern!r:.80}") from None


def read_csv(path: Path, columns: Iterable[str]) -> list[tuple[int, dict[str, str]]]:
    """Rows of a CSV lexicon as (line number, {column: cell}), cells stripped; `#` lines are comments.

    Raises PatternError unless the header is exactly `columns` and each row has as many cells.
    """
    wanted = list(columns)
    lines = read_pattern(path).splitlines()
    kept = [(n, line) for n, line in enumerate(lines, start=1) if line.strip() and not line.startswith("#")]
    rows: list[tuple[int, dict[str, str]]] = []
    for number, line in kept:
        try:
            cells = next(csv.reader([line], strict=True))
        except csv.Error as error:
            raise Where(path, number).error(f"{error}; a cell with a comma or quote stands in quotes") from None
        if not rows and [c.strip() for c in cells] == wanted:
            rows.append((number, {}))
            continue
        if not rows:
            raise Where(path, number).error(f"expected the header {','.join(wanted)}")
        if len(cells) != len(wanted):
            raise Where(path, number).error(f"expected {len(wanted)} cells, found {len(cells)}")
        rows.append((number, dict(zip(wanted, (c.strip() for c in cells), strict=True))))
    if not rows:
        raise Where(path).error(f"empty; expected the header {','.join(wanted)}")
    return rows[1:]


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file. Raises PatternError with the place of a syntax error."""
    try:
        return tomllib.loads(read_pattern(path))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise Where(path, int(line[1]) if line else ()).error(str(error)) from None


def check_keys(
    path: Path, where: str, table: dict[str, Any], required: set[str], optional: set[str], place: Place = ()
) -> None:
    """Raises PatternError, with the line, when a table of a TOML file has an unknown key or lacks a required one.

    `where` is what a person calls the table, `place` are the keys and indices that lead to it.
    """
    here = Where(path, place, where)
    unknown, missing = set(table) - required - optional, required - set(table)
    if unknown:
        key = sorted(unknown)[0]
        raise here.within(key).error(f"unknown key {key!r}; known are {', '.join(sorted(required | optional))}")
    if missing:
        raise here.error(f"the key {sorted(missing)[0]!r} is missing")


@cache
def patterns_hash(folder: Path) -> str:
    """SHA-256 over names and contents of all files of a patterns folder: what a run was made with."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
