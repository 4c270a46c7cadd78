"""Where the patterns are, and strict reading of them: every mistake is a PatternError with file and line."""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any


class PatternError(ValueError):
    """A file under `patterns/` that can't be used; the message names the file, the line and what was expected."""


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
        raise PatternError(
            f"{path}: is missing; a folder of patterns needs every file that the built-in one has"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise PatternError(f"{path}: cannot be read: {error}") from None


def compile_words(path: Path, where: str, expression: str) -> re.Pattern[str]:
    """An expression made of a file's words, in any case. Raises PatternError when one of them is no expression."""
    try:
        return re.compile(expression, re.I)
    except re.error as error:
        raise PatternError(f"{path.name}: {where}: {error.msg} in {error.pattern!r:.80}") from None


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
            raise PatternError(
                f"{path.name}:{number}: {error}; a cell with a comma or quote stands in quotes"
            ) from None
        if not rows and [c.strip() for c in cells] == wanted:
            rows.append((number, {}))
            continue
        if not rows:
            raise PatternError(f"{path.name}:{number}: expected the header {','.join(wanted)}")
        if len(cells) != len(wanted):
            raise PatternError(f"{path.name}:{number}: expected {len(wanted)} cells, found {len(cells)}")
        rows.append((number, dict(zip(wanted, (c.strip() for c in cells), strict=True))))
    if not rows:
        raise PatternError(f"{path.name}: empty; expected the header {','.join(wanted)}")
    return rows[1:]


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file. Raises PatternError with the place of a syntax error."""
    try:
        return tomllib.loads(read_pattern(path))
    except tomllib.TOMLDecodeError as error:
        raise PatternError(f"{path.name}: {error}") from None


def check_keys(path: Path, where: str, table: dict[str, Any], required: set[str], optional: set[str]) -> None:
    """Raises PatternError when a table of a TOML file has an unknown key or lacks a required one."""
    unknown, missing = set(table) - required - optional, required - set(table)
    if unknown:
        raise PatternError(
            f"{path.name}: {where}: unknown key {sorted(unknown)[0]!r}; "
            f"known are {', '.join(sorted(required | optional))}"
        )
    if missing:
        raise PatternError(f"{path.name}: {where}: the key {sorted(missing)[0]!r} is missing")


@cache
def patterns_hash(folder: Path) -> str:
    """SHA-256 over names and contents of all files of a patterns folder: what a run was made with."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
