"""The options of a run: the keyword arguments of `extract_run`, then the same checked and completed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from trialsift.model.errors import UserError
from trialsift.model.version import __version__
from trialsift.readers import ReadOptions
from trialsift.readers.find import STDIN
from trialsift.rules.files import find_patterns
from trialsift.rules.labels import LabelTable, chosen, select_labels
from trialsift.rules.layers import Patterns, hash_patterns
from trialsift.runs.extract.plan import Annotator, Progress
from trialsift.runs.extract.processes import count_cores
from trialsift.tables.files import Format, check_formats
from trialsift.tables.linear_quadratic import check_alpha_beta

if TYPE_CHECKING:
    from trialsift.runs.dask import Dask


class RunOptions(TypedDict, total=False):
    """The keyword arguments of `extract_run`, which explains them; `RunSettings` has their defaults."""

    formats: Sequence[Format]
    force: bool
    resume: bool
    read: ReadOptions | None
    patterns: Path | str | None
    extra_patterns: Path | str | Sequence[Path | str]
    labels: Iterable[str] | None
    alpha_beta: float | None
    unread: bool
    min_confidence: float
    view: bool
    progress: Progress | None
    argv: Sequence[str]
    extractor: Annotator | None
    jobs: int | None
    dask: Dask | None


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """The settings of one run. Raises UserError for impossible ones, PatternError for patterns that cannot be used."""

    inputs: Sequence[Path | str]
    out: Path
    formats: Sequence[Format] = ("csv",)
    force: bool = False
    resume: bool = False
    read: ReadOptions | None = None
    patterns: Path | str | None = None
    extra_patterns: Path | str | Sequence[Path | str] = ()
    labels: Iterable[str] | None = None
    alpha_beta: float | None = None
    unread: bool = False
    min_confidence: float = 0.0
    view: bool = False
    progress: Progress | None = None
    argv: Sequence[str] = ()
    extractor: Annotator | None = None
    jobs: int | None = None
    dask: Dask | None = None

    def __post_init__(self) -> None:
        check_formats(self.formats)
        try:
            if self.alpha_beta is not None:
                check_alpha_beta(self.alpha_beta)
        except ValueError as error:
            raise UserError(f"{error}; --alpha-beta takes a number of Gy above 0") from None
        if not 0 <= self.min_confidence <= 1:
            raise UserError(f"--min-confidence is {self.min_confidence}; expected a number from 0 to 1")
        if self.resume and self.force:
            raise UserError("--resume continues a run, --force starts over: choose one")
        stdin = STDIN in map(str, self.inputs)
        if self.dask is not None and stdin:
            raise UserError("the workers of --dask can't see standard input: save it to a file, and name that")
        if self.resume and stdin:
            raise UserError("standard input can't be read twice: save it to a file, and name that to be able to resume")
        if self.processes < 1:
            raise UserError(f"--jobs is {self.processes}; expected at least 1")

    @cached_property
    def processes(self) -> int:
        """The number of processes that share the work."""
        return count_cores() if self.jobs is None else self.jobs

    @cached_property
    def reading(self) -> ReadOptions:
        """How inputs are read."""
        return self.read or ReadOptions()

    @cached_property
    def rules(self) -> Patterns:
        """The rules, in all layers."""
        return find_patterns(self.patterns, self.extra_patterns)

    @cached_property
    def wanted(self) -> frozenset[str] | None:
        """The labels that are read; None: those on by default."""
        return chosen(self.labels, self.rules)

    @cached_property
    def tables(self) -> tuple[LabelTable, ...]:
        """The labels whose tables are written."""
        return select_labels(self.rules, self.wanted)

    @cached_property
    def setup(self) -> dict[str, Any]:
        """Everything that decides what is read: a run can only be resumed with the same setup."""
        reading = asdict(self.reading)
        return {
            "inputs": [escape_invalid_utf8(str(given)) for given in self.inputs],
            "reading": {key: _make_json(value) for key, value in reading.items()},
            "patterns": hash_patterns(self.rules),
            "trialsift": __version__,
            **({} if self.wanted is None else {"labels": sorted(self.wanted)}),
            **({"unread": True} if self.unread else {}),
            **({"min_confidence": self.min_confidence} if self.min_confidence else {}),
        }

    @property
    def made(self) -> dict[str, Any]:
        """Everything that decides the files of the run, as in run.json."""
        return {"setup": self.setup, "formats": list(self.formats), "alpha_beta": self.alpha_beta}


def _make_json(value: Any) -> Any:
    """Returns an option as JSON has it."""
    if isinstance(value, tuple):
        return list(map(escape_invalid_utf8, value))
    return escape_invalid_utf8(value) if isinstance(value, str) else value


def escape_invalid_utf8(argument: str) -> str:
    """Returns an argument with bytes that are not UTF-8 (lone surrogates in Python) escaped."""
    return argument.encode("utf-8", "backslashreplace").decode("utf-8")
