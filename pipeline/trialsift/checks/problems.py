"""A problem in a file, and the report of a check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

from trialsift.model.display import format_count

Severity = Literal["error", "warning"]


class Finding(NamedTuple):
    """A problem before its place is known."""

    severity: Severity
    code: str
    message: str


Findings = Iterator[Finding]


@dataclass(frozen=True, slots=True, order=True)
class CheckProblem:
    """A problem at a line of a file; line 0 stands for the whole file. `code` names the kind of problem."""

    file: str
    line: int
    severity: Severity
    code: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.severity}: {self.message} [{self.code}]"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The problems by file and line, and the numbers of things checked."""

    problems: tuple[CheckProblem, ...] = ()
    gold_files: int = 0
    documents: int = 0
    pattern_files: int = 0
    examples: int = 0

    @property
    def errors(self) -> int:
        """The number of errors."""
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def warnings(self) -> int:
        """The number of warnings."""
        return len(self.problems) - self.errors

    def summary(self) -> str:
        """One line: `3 errors, 2 warnings in 48 documents of 2 files`."""
        looked_at = []
        if self.gold_files:
            looked_at.append(f"{format_count(self.documents, 'document')} of {format_count(self.gold_files, 'file')}")
        if self.pattern_files:
            looked_at.append(
                f"{format_count(self.pattern_files, 'pattern file')} with {format_count(self.examples, 'example')}"
            )
        found = f"{format_count(self.errors, 'error')}, {format_count(self.warnings, 'warning')}"
        return f"{found} in {' and '.join(looked_at)}"

    def to_json(self) -> dict[str, Any]:
        """Returns what `--format json` prints."""
        return {
            "errors": self.errors,
            "warnings": self.warnings,
            "gold_files": self.gold_files,
            "documents": self.documents,
            "pattern_files": self.pattern_files,
            "examples": self.examples,
            "problems": [asdict(problem) for problem in self.problems],
        }


def error(code: str, message: str) -> Finding:
    """Returns a violation of the format or the guidelines."""
    return Finding("error", code, message)


def warning(code: str, message: str) -> Finding:
    """Returns something that may be right, but should be looked at."""
    return Finding("warning", code, message)
