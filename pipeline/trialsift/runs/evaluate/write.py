"""The folder of an evaluation: `scores.json`, `errors.csv`, and the two reports made from them.

In: scores, errors, gold and predictions. Out: the files, put in place once all of them are complete.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from trialsift.evaluation.errors import ErrorRow
from trialsift.gold import GoldDocument
from trialsift.model.atomic_write import replace_texts
from trialsift.model.errors import UserError
from trialsift.runs.folder import RUN_JSON
from trialsift.tables.files.spreadsheet import make_safe

SCORES, ERRORS, REPORT, MARKDOWN = "scores.json", "errors.csv", "report.html", "report.md"
#: In the order in which they are put in place; the one that later runs compare with comes last.
FILES = (ERRORS, MARKDOWN, REPORT, SCORES)


def check_out(out: Path, force: bool) -> None:
    """Raises UserError unless an evaluation may be written to `out`: a run of `extract` has an `errors.csv` too."""
    if out.exists() and not out.is_dir():
        raise UserError(f"{out}: is a file; expected a folder for --out")
    if (out / RUN_JSON).exists():
        raise UserError(f"{out}: holds a run of `trialsift extract`; give another folder for --out")
    existing = [name for name in FILES if (out / name).exists()]
    if existing and not force:
        raise UserError(f"{out / existing[0]} exists already: give another folder for --out, or --force to overwrite")


def write_results(
    out: Path,
    scores: Mapping[str, Any],
    errors: Sequence[ErrorRow],
    gold: Sequence[GoldDocument],
    predicted: Sequence[GoldDocument],
) -> tuple[Path, ...]:
    """Writes the files into a folder, which is created if necessary; returns their paths.

    `scores` is `Evaluation.to_json()` with `run`, and with `comparison` if there is one. Raises UserError if the folder
    cannot be written. Spreadsheets cannot mistake text in the CSV for a formula.
    """
    content = {
        SCORES: json.dumps(scores, ensure_ascii=False, indent=2, allow_nan=False) + "\n",
        ERRORS: _errors_csv(errors),
        **_reports(scores, errors, gold, predicted),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        replace_texts(out, {name: content[name] for name in FILES})
    except OSError as error:
        raise UserError(f"{out}: can't be written ({error.strerror}); choose another folder for --out") from None
    return tuple(out / name for name in FILES)


def _errors_csv(errors: Sequence[ErrorRow]) -> str:
    import pandas as pd

    rows = [{k: make_safe(v) if isinstance(v, str) else v for k, v in asdict(error).items()} for error in errors]
    table = pd.DataFrame(rows, columns=[f.name for f in fields(ErrorRow)], dtype=object)  # ids may be absent
    return table.to_csv(index=False, lineterminator="\n")


def _reports(
    scores: Mapping[str, Any],
    errors: Sequence[ErrorRow],
    gold: Sequence[GoldDocument],
    predicted: Sequence[GoldDocument],
) -> dict[str, str]:
    from trialsift.reports.markdown import render_markdown
    from trialsift.reports.report import render_report
    from trialsift.reports.report_plots import make_report_plots

    return {
        MARKDOWN: render_markdown(scores, errors),
        REPORT: render_report(scores, errors, gold, predicted, make_report_plots(scores, predicted)),
    }
