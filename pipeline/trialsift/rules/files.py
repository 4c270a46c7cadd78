"""Finds the patterns and reads them strictly: every mistake is a PatternError with file and line."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from trialsift.model.errors import UserError
from trialsift.rules.layers import FILES, FOLDERS, File, Folder, Patterns, find_paths, hash_patterns, locate
from trialsift.rules.positions import Place, find_line

__all__ = ["Patterns", "hash_patterns"]
_ANY_NAME = ", ".join(f"{folder}/*.toml" for folder in FOLDERS)


class PatternError(UserError, ValueError):
    """A file under `patterns/` that cannot be used; the message names the file, the line and what was expected.

    `path` and `line` locate the mistake, if known. `reason` is the message without them.
    """

    def __init__(self, message: str, path: Path | None = None, line: int | None = None, reason: str = "") -> None:
        super().__init__(message)
        self.path = path
        self.line = line
        self.reason = reason or message


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file of patterns: the number of a line, or the keys and indices of a TOML file.

    `name` is how a person would call it (`[[heading]] number 2`), `text_there` a text in a list that spans several
    lines. Lines are counted in the file of `layer`; keys and indices refer to the combination of all layers.
    """

    path: File
    place: int | Place = ()
    name: str = ""
    text_there: str = ""
    layer: int = 0

    @property
    def located(self) -> tuple[int, Path, int | None]:
        """The layer, the file there, and the line (None for the whole file)."""
        if isinstance(self.place, int):
            return self.layer, dict(find_paths(self.path))[0 if isinstance(self.path, Path) else self.layer], self.place
        if isinstance(self.path, Path):
            return self.layer, self.path, find_line(self.path, self.place, self.text_there)
        layer, path, place = locate(self.path, self.place, self.text_there)
        return layer, path, find_line(path, place, self.text_there)

    @property
    def file(self) -> Path:
        """The file in the layer that has this place."""
        return self.located[1]

    @property
    def line(self) -> int | None:
        """The number of the line; None for the whole file."""
        return self.located[2]

    def __str__(self) -> str:
        """File and line, with the folder for upper layers: `sections.toml:12`, `my-rules/units.csv:3`."""
        layer, path, line = self.located
        return f"{path if layer else path.name}{'' if line is None else f':{line}'}"

    def error(self, reason: str) -> PatternError:
        """Returns a PatternError for this place: `sections.toml:12: [[heading]] number 2: …`."""
        _, path, line = self.located
        reason = f"{self.name}: {reason}" if self.name else reason
        return PatternError(f"{self}: {reason}", path, line, reason)

    def within(self, key: str, text_there: str = "") -> Where:
        """Returns the place of a key in this table, or of a text in the list under that key."""
        place = (*self.place, key) if isinstance(self.place, tuple) else self.place
        return Where(self.path, place, self.name, text_there, self.layer)


def patterns_dir(explicit: Path | str | None = None) -> Path:
    """Returns the folder of rules and lexicons: `explicit`, else the installed package's, else the checkout's
    `patterns/`.

    Raises PatternError if there is none.
    """
    if explicit is not None:
        folder = Path(explicit)
        if not folder.is_dir():
            raise PatternError(f"{folder}: no such folder of patterns")
        return folder
    here = Path(__file__).resolve().parents[1]
    for folder in (here / "patterns", here.parent.parent / "patterns"):
        if (folder / "units.csv").is_file():
            return folder
    raise PatternError(f"no patterns/ beside {here} nor in a checkout: reinstall trialsift")


def find_patterns(explicit: Folder | str | None = None, extra: Path | str | Sequence[Path | str] = ()) -> Patterns:
    """Returns the rules in `patterns_dir`, with the folders `extra` laid over them in this order.

    Raises PatternError for a folder that is missing or empty, or has a file with an unknown name.
    """
    below = explicit if isinstance(explicit, Patterns) else Patterns(patterns_dir(explicit))
    over = [Path(extra)] if isinstance(extra, Path | str) else list(map(Path, extra))
    for folder in over:
        _check_overlay(folder)
    rules = Patterns(below.base, (*below.over, *over))
    return replace(rules, contents=hash_patterns(rules))


@contextmanager
def raising_pattern_errors(patterns: Patterns) -> Iterator[None]:
    """Turns any exception that malformed rules cause in their readers into a PatternError."""
    try:
        yield
    except PatternError:
        raise
    except (TypeError, ValueError, AttributeError, LookupError, re.error) as error:
        folders = " or ".join(map(str, patterns.over or patterns.layers))
        what = f"{type(error).__name__}: {error}"
        raise PatternError(
            f"{folders}: a value has the wrong type for its file ({what}); `trialsift check --patterns` says which file"
        ) from error


def _check_overlay(folder: Path) -> None:
    if not folder.is_dir():
        raise PatternError(f"{folder}: no such folder of patterns")
    names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
    names = [name for name in names if not any(part.startswith((".", "README")) for part in name.split("/"))]
    if not names:
        raise PatternError(f"{folder}: holds no rules; expected some of {', '.join(FILES)}, {_ANY_NAME}")
    for name in names:
        parent, _, file = name.rpartition("/")
        if name not in FILES and not (parent in FOLDERS and file.endswith(".toml")):
            reason = f"no file of rules has this name; known are {', '.join(FILES)}, and {_ANY_NAME}"
            raise PatternError(f"{folder / name}: {reason}", folder / name, None, reason)
    if set(FILES) <= set(names):
        raise PatternError(
            f"{folder}: is a complete folder of rules and would be laid over the shipped ones; keep only what is "
            "added or changed, or replace them in Python with `patterns=`"
        )


def read_pattern(path: Path) -> str:
    """Returns the text of a file of patterns. Raises PatternError if it is missing or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        reason = "is missing; a folder of patterns needs every file that the built-in one has"
        raise PatternError(f"{path}: {reason}", path, None, reason) from None
    except OSError as error:
        reason = f"cannot be read: {error}"
        raise PatternError(f"{path}: {reason}", path, None, reason) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        reason = f"byte 0x{error.object[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise PatternError(f"{path}:{line}: {reason}", path, line, reason) from None


def compile_words(path: File, where: str, expression: str) -> re.Pattern[str]:
    """Compiles an expression built from a file's words, in any case. Raises PatternError if a word is not a valid
    expression."""
    try:
        return re.compile(expression, re.I)
    except re.error as error:
        raise Where(path, (), where).error(f"{error.msg} in {error.pattern!r:.80}") from None


def read_rows(path: File, columns: Iterable[str]) -> list[tuple[Where, dict[str, str]]]:
    """Returns the rows of a CSV lexicon as (place, {column: cell}), with cells stripped, layer by layer. Lines that
    begin with `#` are comments.

    Raises PatternError unless the header is exactly `columns` (in upper layers: the first and any others of them) and
    each row has as many cells.
    """
    wanted = list(columns)
    return [row for layer, at in find_paths(path) for row in _read_rows(path, layer, at, wanted)]


def _read_rows(file: File, layer: int, path: Path, wanted: list[str]) -> Iterator[tuple[Where, dict[str, str]]]:
    header: list[str] | None = None
    for number, line in enumerate(read_pattern(path).splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        where = Where(file, number, layer=layer)
        try:
            cells = [cell.strip() for cell in next(csv.reader([line], strict=True))]
        except csv.Error as error:
            raise where.error(f"{error}; a cell with a comma or quote stands in quotes") from None
        if header is None:
            some = layer > 0 and wanted[0] in cells and set(cells) <= set(wanted) and len(set(cells)) == len(cells)
            if cells != wanted and not some:
                expected = f"expected the header {','.join(wanted)}"
                expected = f"{expected}, or {wanted[0]} and some of the others" if layer else expected
                raise where.error(f"{expected}, with commas between cells")
            header = cells
            continue
        if len(cells) != len(header):
            raise where.error(f"expected {len(header)} cells, found {len(cells)}")
        yield where, {**dict.fromkeys(wanted, ""), **dict(zip(header, cells, strict=True))}
    if header is None:
        raise Where(path, layer=layer).error(f"empty; expected the header {','.join(wanted)}")


def read_csv(path: File, columns: Iterable[str]) -> list[tuple[Where, dict[str, str]]]:
    """Returns the rows of `read_rows` as one table.

    A row of an upper layer whose first cell exists below adds its aliases there, and its other non-empty cells replace
    the ones below. Raises PatternError as `read_rows` does, and for a duplicate first cell in an upper layer.
    """
    table: list[tuple[Where, dict[str, str]]] = []
    at: dict[str, int] = {}
    key, *others = columns
    for where, row in read_rows(path, (key, *others)):
        below = at.get(row[key]) if where.layer else None
        if below is None:
            at.setdefault(row[key], len(table))
            table.append((where, row))
            continue
        before, there = table[below]
        if before.layer == where.layer:
            raise where.error(f"{row[key]!r} is already in {before}; put everything into one row")
        changed = {column: row[column] for column in others if row[column]}
        if changed.get("aliases") and there["aliases"]:
            changed["aliases"] = f"{there['aliases']}|{changed['aliases']}"
        table[below] = where, {**there, **changed}
    return table


def read_toml(path: File) -> dict[str, Any]:
    """Returns the contents of a TOML file, all layers combined. Raises PatternError for a syntax error, with its place,
    and for a value of another type than in the layer below."""
    whole: dict[str, Any] = {}
    for layer, at in find_paths(path):
        try:
            table = tomllib.loads(read_pattern(at))
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"at line (\d+)", str(error))
            raise Where(at, int(line[1]) if line else (), layer=layer).error(str(error)) from None
        except RecursionError:
            raise _nested_too_deeply(at) from None
        _lay_over(whole, table, Where(at, layer=layer))
    return whole


def read_json(path: File) -> dict[str, Any]:
    """Returns the contents of a JSON object, all layers combined. Raises PatternError as `read_toml` does."""
    whole: dict[str, Any] = {}
    for layer, at in find_paths(path):
        try:
            table = json.loads(read_pattern(at))
        except json.JSONDecodeError as error:
            raise Where(at, error.lineno, layer=layer).error(error.msg) from None
        except RecursionError:
            raise _nested_too_deeply(at) from None
        if not isinstance(table, dict):
            raise Where(at, 1, layer=layer).error(f"{table!r:.60}; expected an object in {{ }}")
        _lay_over(whole, table, Where(at, layer=layer))
    return whole


def _nested_too_deeply(path: Path) -> PatternError:
    reason = "brackets are nested too deeply; no file of rules has more than a few levels"
    return PatternError(f"{path}: {reason}", path, None, reason)


def _lay_over(whole: dict[str, Any], table: dict[str, Any], where: Where) -> None:
    """Merges a layer's table into the combination of the layers below."""
    for key, value in table.items():
        below = whole.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            _lay_over(below, value, where.within(key))
        elif isinstance(below, list) and isinstance(value, list):
            whole[key] = [*below, *value]
        elif isinstance(below, dict | list):
            kind = "table" if isinstance(below, dict) else "list"
            raise where.within(key).error(f"{key} is {value!r:.60}; expected a {kind}, as in the rules below")
        else:
            whole[key] = value
