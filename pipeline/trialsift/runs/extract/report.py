"""What a run says of itself: a summary for who called it, and `run.json`."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from trialsift.model.version import __version__
from trialsift.runs.extract.entries import Failure
from trialsift.runs.extract.write import Tally
from trialsift.runs.folder import RUN_JSON, VIEW
from trialsift.tables.files import Format


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did. `documents` counts those with results; `facts` has every label, also those with 0 facts;
    `failures` are the first of `failed`; `resumed` counts documents and failures of before a stop; `ages_agreed` are
    the age limits that registry and text both state, and those of them that agree; `left_out` counts files of folders
    and archives that have the ending of no format, by that ending; `was_complete`: there was nothing to resume."""

    out: Path
    documents: int
    facts: dict[str, int]
    regimens: int
    failures: tuple[Failure, ...]
    failed: int
    files: tuple[str, ...]
    duration_seconds: float
    resumed: int = 0
    ages_agreed: tuple[int, int] = (0, 0)
    left_out: Mapping[str, int] = field(default_factory=dict)
    was_complete: bool = False

    @property
    def exit_status(self) -> int:
        """0 when every document gave results, 1 when some failed."""
        return 1 if self.failed else 0


def complete_run(out: Path, setup: dict[str, Any], formats: Sequence[Format], alpha_beta: float) -> RunSummary | None:
    """The run that `out` holds, where it is a whole one of just this kind: nothing of it is left to resume."""
    try:
        report = json.loads((out / RUN_JSON).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    made = {"setup": setup, "formats": list(formats), "alpha_beta": alpha_beta}
    if not isinstance(report, dict) or {key: report.get(key) for key in made} != made:
        return None
    if not all((out / name).is_file() for name in report["files"] if name != VIEW):
        return None
    counts = report["counts"]
    done = counts["documents"] + counts["errors"]
    return RunSummary(
        out,
        counts["documents"],
        counts["facts"],
        counts["regimens"],
        (),
        counts["errors"],
        tuple(name for name in report["files"] if name != VIEW or (out / VIEW).is_file()),
        0,
        done,
        (counts["age_limits_in_registry_and_text"], counts["age_limits_that_agree"]),
        report["left_out"],
        was_complete=True,
    )


def run_json(asked: Mapping[str, Any], tally: Tally, summary: RunSummary) -> str:
    """The content of `run.json`: what was asked for, what it was made with, what came of it."""
    report = {
        **asked,
        "versions": _versions(),
        **_counts(tally),
        "left_out": dict(summary.left_out),
        "files": list(summary.files),
        "duration_seconds": summary.duration_seconds,
        "resumed": summary.resumed,
        "exit_status": summary.exit_status,
    }
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def utf8(argument: str) -> str:
    """An argument, with bytes that are no UTF-8 (Python holds them as lone surrogates) as escapes."""
    return argument.encode("utf-8", "backslashreplace").decode("utf-8")


def _versions() -> dict[str, str | None]:
    """Versions of what had a hand in the results, without importing any of it."""
    versions: dict[str, str | None] = {"trialsift": __version__, "python": platform.python_version()}
    for name in ("spacy", "medspacy", "scispacy", "pandas", "trafilatura", "pypdfium2", "charset-normalizer"):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = None
    return versions


def _counts(tally: Tally) -> dict[str, Any]:
    return {
        "counts": {
            "documents": tally.documents,
            "facts": dict(tally.facts),
            "regimens": tally.regimens,
            "errors": tally.failed,
            "errors_by_code": dict(sorted(tally.codes.items())),
            "encodings": dict(sorted(tally.encodings.items())),
            "age_limits_in_registry_and_text": tally.ages_stated_by_both,
            "age_limits_that_agree": tally.ages_agreed,
        }
    }
