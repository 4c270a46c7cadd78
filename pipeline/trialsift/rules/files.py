"""Where the patterns are, and strict reading of them: every mistake is a PatternError with file and line."""

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
from trialsift.rules.layers import ENTITIES, FILES, File, Folder, Patterns, located, paths_of, patterns_hash
from trialsift.rules.positions import Place, line_of

__all__ = ["Patterns", "patterns_hash"]


class PatternError(UserError, ValueError):
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
    calls it (`[[heading]] number 2`), `text_there` a text in a list that goes over several lines. A line is that of the
    file in `layer`, keys and indices are those of the whole that all layers make."""

    path: File
    place: int | Place = ()
    name: str = ""
    text_there: str = ""
    layer: int = 0

    @property
    def located(self) -> tuple[int, Path, int | None]:
        """Layer, file there, and line (None for a whole file)."""
        if isinstance(self.place, int):
            return self.layer, dict(paths_of(self.path))[0 if isinstance(self.path, Path) else self.layer], self.place
        if isinstance(self.path, Path):
            return self.layer, self.path, line_of(self.path, self.place, self.text_there)
        layer, path, place = located(self.path, self.place, self.text_there)
        return layer, path, line_of(path, place, self.text_there)

    @property
    def file(self) -> Path:
        """The file in the layer that has this place."""
        return self.located[1]

    @property
    def line(self) -> int | None:
        """The number of the line; None for a whole file."""
        return self.located[2]

    def __str__(self) -> str:
        """File and line, a file of a layer on top with the folder: `sections.toml:12`, `my-rules/units.csv:3`."""
        layer, path, line = self.located
        return f"{path if layer else path.name}{'' if line is None else f':{line}'}"

    def error(self, reason: str) -> PatternError:
        """A PatternError with this place: `sections.toml:12: [[heading]] number 2: …`."""
        _, path, line = self.located
        reason = f"{self.name}: {reason}" if self.name else reason
        return PatternError(f"{self}: {reason}", path, line, reason)

    def within(self, key: str, text_there: str = "") -> Where:
        """The place of a key of this table, or of a text in the list that it holds."""
        place = (*self.place, key) if isinstance(self.place, tuple) else self.place
        return Where(self.path, place, self.name, text_there, self.layer)


def patterns_dir(explicit: Path | str | None = None) -> Path:
    """The folder of rules and lexicons: `explicit`, else the installed package's, else the checkout's `patterns/`.

    Raises PatternError when there is none.
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


def patterns_of(explicit: Folder | str | None = None, extra: Path | str | Sequence[Path | str] = ()) -> Patterns:
    """The rules of `patterns_dir`, with the folders `extra` laid over them in this order.

    Raises PatternError for a folder that is not there, that is empty, or has a file whose name no reader knows.
    """
    below = explicit if isinstance(explicit, Patterns) else Patterns(patterns_dir(explicit))
    over = [Path(extra)] if isinstance(extra, Path | str) else list(map(Path, extra))
    for folder in over:
        _check_overlay(folder)
    rules = Patterns(below.base, (*below.over, *over))
    return replace(rules, contents=patterns_hash(rules))


@contextmanager
def told_as_patterns(patterns: Patterns) -> Iterator[None]:
    """Tells whatever rules of another shape than their readers expect end in as a PatternError."""
    try:
        yield
    except PatternError:
        raise
    except (TypeError, ValueError, AttributeError, LookupError, re.error) as error:
        folders = " or ".join(map(str, patterns.over or patterns.layers))
        what = f"{type(error).__name__}: {error}"
        raise PatternError(
            f"{folders}: a value is of another kind than its file asks for ({what}); "
            "`trialsift check --patterns` tells in which file"
        ) from error


def _check_overlay(folder: Path) -> None:
    if not folder.is_dir():
        raise PatternError(f"{folder}: no such folder of patterns")
    names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
    names = [name for name in names if not any(part.startswith((".", "README")) for part in name.split("/"))]
    if not names:
        raise PatternError(f"{folder}: holds no rules; expected some of {', '.join(FILES)}, {ENTITIES}/*.toml")
    for name in names:
        parent, _, file = name.rpartition("/")
        if name not in FILES and not (parent == ENTITIES and file.endswith(".toml")):
            reason = f"no file of rules has this name; known are {', '.join(FILES)}, and {ENTITIES}/*.toml for labels"
            raise PatternError(f"{folder / name}: {reason}", folder / name, None, reason)
    if set(FILES) <= set(names):
        raise PatternError(
            f"{folder}: is a whole folder of rules, and would be laid over the shipped ones: keep in it only what is "
            "added or changed, or name it as `patterns=` in Python, in place of them"
        )


def read_pattern(path: Path) -> str:
    """The text of a file of patterns. Raises PatternError when it is missing or can't be read as UTF-8."""
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
    """An expression made of a file's words, in any case. Raises PatternError when one of them is no expression."""
    try:
        return re.compile(expression, re.I)
    except re.error as error:
        raise Where(path, (), where).error(f"{error.msg} in {error.pattern!r:.80}") from None


def read_rows(path: File, columns: Iterable[str]) -> list[tuple[Where, dict[str, str]]]:
    """Rows of a CSV lexicon as (place, {column: cell}), cells stripped; `#` lines are comments. Those of all layers,
    one behind the other, as they stand there.

    Raises PatternError unless the header is exactly `columns` (in a layer on top: some of them, the first one too) and
    each row has as many cells.
    """
    wanted = list(columns)
    return [row for layer, at in paths_of(path) for row in _rows(path, layer, at, wanted)]


def _rows(file: File, layer: int, path: Path, wanted: list[str]) -> Iterator[tuple[Where, dict[str, str]]]:
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
    """The rows of `read_rows` as one table: where the first cell of a row stands in a layer below already, its aliases
    are added there, and its other cells, unless empty, replace those. Raises PatternError as `read_rows` does, and for
    a first cell that stands twice in a layer on top."""
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
            raise where.error(f"{row[key]!r} stands twice; {before} has it already: put all into one row")
        changed = {column: row[column] for column in others if row[column]}
        if changed.get("aliases") and there["aliases"]:
            changed["aliases"] = f"{there['aliases']}|{changed['aliases']}"
        table[below] = where, {**there, **changed}
    return table


def read_toml(path: File) -> dict[str, Any]:
    """A TOML file, all its layers as one. Raises PatternError with the place of a syntax error, and where a layer has a
    value of another kind than the one below."""
    whole: dict[str, Any] = {}
    for layer, at in paths_of(path):
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
    """A JSON object, all layers of its file as one. Raises PatternError as `read_toml` does."""
    whole: dict[str, Any] = {}
    for layer, at in paths_of(path):
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
    """Puts a layer's table over what is below it."""
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
