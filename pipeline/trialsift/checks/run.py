"""What is checked for what: gold files each by itself and among each other, and a folder of patterns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from trialsift.checks.attributes import SCHEMAS
from trialsift.checks.gold import Placed, check_gold
from trialsift.checks.leakage import leakage
from trialsift.checks.problems import CheckProblem, CheckReport
from trialsift.rules.files import PatternError, patterns_of, read_csv
from trialsift.rules.layers import Folder


def check(
    gold: Sequence[Path] = (), patterns: Path | None = None, extra_patterns: Path | str | Sequence[Path | str] = ()
) -> CheckReport:
    """All problems of gold files, and of a folder of patterns, with those of `extra_patterns`
    laid over it; of the patterns in force where none is given.

    Raises GoldError for a gold file, PatternError for a folder, that is not there.
    """
    folder = patterns_of(patterns, extra_patterns)
    problems: list[CheckProblem] = []
    documents: list[Placed] = []
    labels, analytes = _known(folder)
    for path in gold:
        placed, found = check_gold(path, labels, analytes)
        problems.extend(found)
        documents.extend(placed)
        if not placed and not found:
            problems.append(
                CheckProblem(str(path), 0, "warning", "empty", "no document; expected one JSON object a line")
            )
    problems.extend(leakage(documents))
    pattern_files = examples = 0
    if patterns is not None or folder.over or not gold:
        from trialsift.checks.patterns import check_patterns  # the engines: not for gold alone

        found, pattern_files, examples = check_patterns(folder)
        problems.extend(found)
    return CheckReport(tuple(sorted(problems)), len(gold), len(documents), pattern_files, examples)


def _known(folder: Folder) -> tuple[frozenset[str], frozenset[str] | None]:
    """The labels and analytes of a folder of patterns. None for any where its table can't be read."""
    from trialsift.rules.analytes import ANALYTE_COLUMNS
    from trialsift.rules.labels import read_labels

    labels = frozenset(name.split()[0] for name in SCHEMAS)
    try:
        labels |= {label.label for label in read_labels(folder)}
        return labels, frozenset(row["analyte"] for _, row in read_csv(folder / "analytes.csv", ANALYTE_COLUMNS))
    except (PatternError, KeyError, TypeError):  # a check of the folder says what is wrong with it
        return labels, None
