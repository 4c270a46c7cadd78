"""What workers receive: partitions, each with a few inputs or a range of one, in the order of the run."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, cast

from trialsift.readers import Input, ReadFailure, ReadOptions
from trialsift.tables.files import Format


@dataclass(frozen=True, slots=True)
class Piece:
    """An input, or a range of it.

    `number` is that of the input in the run. `place`, `name` and `stem` are as in `Input`; `where` is its absolute path
    or URL, `size` and `changed` its state when the run was planned. An input that cannot be read because of its name or
    kind is a `failure`.

    `groups` are row groups of Parquet, `span` bytes of JSON Lines, `before` the rows or lines before them. `outcomes`
    is the range of its documents and failures that count. `killed` replaces the reading of a piece that no worker has
    survived.
    """

    number: int
    place: str
    name: str = ""
    stem: str = ""
    where: str = ""
    size: int | None = None
    changed: str | None = None
    failure: tuple[str, str, str, str] | None = None
    groups: tuple[int, int] | None = None
    span: tuple[int, int] | None = None
    before: int = 0
    outcomes: tuple[int, int | None] = (0, None)
    killed: bool = False

    def range(self, first: int, last: int | None) -> Piece:
        """Returns the piece limited to some of its outcomes, counted from its first."""
        start, stop = self.outcomes
        return replace(self, outcomes=(start + first, stop if last is None else start + last))

    def item(self, left_out: Counter[str]) -> Input | ReadFailure:
        """Returns the input as readers need it; `left_out` counts archive members whose ending belongs to no format."""
        if self.failure is not None:
            return ReadFailure(self.place, *self.failure)
        if is_url(self.where):
            return Input(self.place, self.name, self.stem, lambda: open_url(self.where), left_out=left_out)
        path = Path(self.where)
        if path.is_dir():  # AACT: its reader opens the tables itself
            return Input(self.place, self.name, self.stem, lambda: (path / "eligibilities.txt").open("rb"), path)
        return Input(self.place, self.name, self.stem, lambda: path.open("rb"), path, left_out=left_out)


@dataclass(frozen=True, slots=True)
class Partition:
    """Pieces that one task reads. `number` names its folder and gives its position: `00007`, or after a cut, `00007-0`
    and `00007-1`."""

    number: str
    pieces: tuple[Piece, ...]

    def record(self) -> dict[str, Any]:
        """Returns it as JSON, without default values."""
        return {"number": self.number, "pieces": [_stated(piece) for piece in self.pieces]}

    def digest(self) -> str:
        """Returns the SHA-256 of everything that determines its contents, including the state of its inputs."""
        return hashlib.sha256(json.dumps(self.record(), sort_keys=True).encode()).hexdigest()

    def parts(self, *pieces: Sequence[Piece]) -> list[Partition]:
        """Returns partitions of these pieces, without empty ones, to replace it."""
        return [Partition(f"{self.number}-{n}", tuple(some)) for n, some in enumerate(filter(None, pieces))]


@dataclass(frozen=True, slots=True)
class Job:
    """What all partitions of a run share: where their folders go (a path or URL), the size of a partition in bytes of
    its inputs, how inputs are read, the hash of the patterns, the formats of tables, the α/β ratio in Gy, the versions
    that workers must have too, the wanted labels (None: those on by default), whether
    numbers that no rule took are told, and the least confidence of what is written."""

    folder: str
    size: int
    read: ReadOptions
    patterns: str
    formats: tuple[Format, ...]
    alpha_beta: float | None
    versions: Mapping[str, str | None]
    labels: tuple[str, ...] | None = None
    unread: bool = False
    min_confidence: float = 0.0


def read_partition(record: Mapping[str, Any]) -> Partition:
    """Returns the partition that a `record()` describes."""
    return Partition(record["number"], tuple(Piece(**{k: _tuple(v) for k, v in p.items()}) for p in record["pieces"]))


def is_url(name: str) -> bool:
    """Whether an input is named by a URL that fsspec opens, such as `s3://…`, or by a chain of them
    (`zip://…::s3://…`)."""
    scheme, found, _ = name.partition("://")
    return bool(found) and scheme.isascii() and scheme.replace("+", "").replace("-", "").isalnum() and len(scheme) > 1


def open_url(url: str) -> BinaryIO:
    """Returns a stream of the contents of a URL. Raises OSError as the file system does."""
    import fsspec

    filesystem, path = fsspec.url_to_fs(url)
    return cast(BinaryIO, filesystem.open(path, "rb"))


def _stated(piece: Piece) -> dict[str, Any]:
    plain = Piece(piece.number, piece.place)
    of_plain = asdict(plain)
    return {k: v for k, v in asdict(piece).items() if k in ("number", "place") or v != of_plain[k]}


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
