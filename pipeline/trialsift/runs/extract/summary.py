"""The summary of a run: its counts, added up document by document, and its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from trialsift.runs.extract.outcome import Failure
from trialsift.runs.extract.written import Written

#: Failures that are listed outside errors.csv.
_MOST_LISTED = 100


@dataclass(slots=True)
class Summary:
    """The results of a run in numbers.

    `documents` counts those with results, `regimens` distinct ones, `implausible` those that are marked so. `doubtful`
    counts facts marked as implausible by label, `unusual` thresholds in an unusual direction. `facts`
    has every label of the run, even with 0 facts. `failures` are the first of `failed`, `codes` counts all of them by
    code. `encodings` counts texts that are not UTF-8. `ages_agreed` are the age limits that both registry and text
    state, and how many of them agree. `resumed` counts documents and failures from before a stop. `left_out` counts
    files in folders and archives whose ending belongs to no format, by ending. `cut_cells` counts cells of a workbook
    that were too long for Excel, by table and column. `numbers` counts the numbers of criteria and prescriptions
    by where they went, if that was asked for. `was_complete`: there was nothing to
    resume.
    """

    out: Path = Path()
    documents: int = 0
    facts: dict[str, int] = field(default_factory=dict)
    regimens: int = 0
    implausible: int = 0
    doubtful: Counter[str] = field(default_factory=Counter)
    unusual: int = 0
    failures: tuple[Failure, ...] = ()
    failed: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    encodings: Counter[str] = field(default_factory=Counter)
    ages_agreed: tuple[int, int] = (0, 0)
    resumed: int = 0
    cut_cells: Mapping[str, int] = field(default_factory=dict)
    numbers: Counter[str] = field(default_factory=Counter)
    left_out: dict[str, int] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    duration_seconds: float = 0
    was_complete: bool = False

    @property
    def exit_status(self) -> int:
        """0 if every document gave results, 1 if some failed."""
        return 1 if self.failed else 0

    def add(self, written: Written) -> None:
        """Counts a document or a failure."""
        if written.rows is not None:
            self.documents += 1
            for label, number in written.facts.items():
                self.facts[label] = self.facts.get(label, 0) + number
            self.regimens += written.regimens
            self.implausible += written.implausible
            self.doubtful.update(written.doubtful)
            self.unusual += written.unusual
            self.numbers.update(written.number_counts)
            both, agreed = written.ages_agreed
            self.ages_agreed = self.ages_agreed[0] + both, self.ages_agreed[1] + agreed
        if written.encoding:
            self.encodings[written.encoding] += 1
        if (failure := written.failure) is not None:
            self.failed += 1
            self.codes[failure.code] += 1
            if len(self.failures) < _MOST_LISTED:
                self.failures += (failure,)
        self.resumed += written.known


def describe_numbers(numbers: Mapping[str, int]) -> str:
    """Returns where the numbers of criteria and prescriptions went, in one line, the largest share first."""
    total = sum(numbers.values())
    shares = (f"{name} {count / total:.1%}" for name, count in Counter(numbers).most_common())
    return f"{total:,} numbers of criteria and prescriptions: {', '.join(shares)}."
