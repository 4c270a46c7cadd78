"""`run.json`: the settings, versions and results of a run; and the summary read back from it."""

from __future__ import annotations

import json
import platform
from collections import Counter
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from trialsift.model.version import __version__
from trialsift.runs.extract.options import RunSettings, escape_invalid_utf8
from trialsift.runs.extract.summary import Summary
from trialsift.runs.folder import RUN_JSON, VIEW


def make_run_json(settings: RunSettings, started: str, summary: Summary) -> str:
    """Returns the contents of `run.json`; `started` is the time at which the run began, even if it was resumed."""
    rules = settings.rules
    used: dict[str, Any] = {"folder": escape_invalid_utf8(str(rules.base)), "sha256": settings.setup["patterns"]}
    if rules.over:
        used["over"] = [escape_invalid_utf8(str(folder)) for folder in rules.over]
    both, agreed = summary.ages_agreed
    report = {
        **settings.made,
        "started": started,
        "arguments": list(map(escape_invalid_utf8, settings.argv)),
        "out": escape_invalid_utf8(str(settings.out)),
        "patterns": used,
        "jobs": settings.processes,
        "versions": _find_versions(),
        "counts": {
            "documents": summary.documents,
            "facts": summary.facts,
            "regimens": summary.regimens,
            "implausible_regimens": summary.implausible,
            "implausible_facts": dict(sorted(summary.doubtful.items())),
            "unusual_directions": summary.unusual,
            "errors": summary.failed,
            "errors_by_code": dict(sorted(summary.codes.items())),
            "encodings": dict(sorted(summary.encodings.items())),
            "age_limits_in_registry_and_text": both,
            "age_limits_that_agree": agreed,
            "cut_cells": dict(summary.cut_cells),
            **({"numbers": dict(summary.numbers.most_common())} if settings.unread else {}),
        },
        "left_out": summary.left_out,
        "files": list(summary.files),
        "duration_seconds": summary.duration_seconds,
        "resumed": summary.resumed,
        "exit_status": summary.exit_status,
    }
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def find_complete_run(settings: RunSettings) -> Summary | None:
    """Returns the complete run in the folder, if it has these settings, so that nothing is left to resume."""
    out = settings.out
    try:
        report = json.loads((out / RUN_JSON).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(report, dict) or {key: report.get(key) for key in settings.made} != settings.made:
        return None
    if not all((out / name).is_file() for name in report["files"] if name != VIEW):
        return None
    counts = report["counts"]
    return Summary(
        out,
        counts["documents"],
        counts["facts"],
        counts["regimens"],
        counts.get("implausible_regimens", 0),
        Counter(counts.get("implausible_facts", {})),
        counts.get("unusual_directions", 0),
        failed=counts["errors"],
        ages_agreed=(counts["age_limits_in_registry_and_text"], counts["age_limits_that_agree"]),
        resumed=counts["documents"] + counts["errors"],
        left_out=report["left_out"],
        cut_cells=counts.get("cut_cells", {}),
        numbers=Counter(counts.get("numbers", {})),
        files=tuple(name for name in report["files"] if name != VIEW or (out / VIEW).is_file()),
        was_complete=True,
    )


def _find_versions() -> dict[str, str | None]:
    """Returns the versions of everything that influences the results, without importing it."""
    versions: dict[str, str | None] = {"trialsift": __version__, "python": platform.python_version()}
    for name in ("spacy", "medspacy", "scispacy", "pandas", "trafilatura", "pypdfium2", "charset-normalizer"):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = None
    return versions
