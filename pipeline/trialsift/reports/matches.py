"""Renders a page of patients × trials: verdicts, and each criterion with its text, its state and what was compared.

In: the rows of `matches` and `judgements`, patient by patient. Out: one HTML page. It holds the best trials of each
verdict as JSON, and its script draws them as they are asked for. What is left out is counted and said.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from trialsift.model.display import format_count
from trialsift.model.version import __version__
from trialsift.reports.page import render
from trialsift.tables.files.csv_files import iterate_rows

if TYPE_CHECKING:
    import pandas as pd

#: Patients × trials of a verdict on a page, unless a limit is given: at least so many trials of each for a patient.
_SHOWN, _LEAST = 2_000, 20
_VERDICTS = ("eligible so far", "not eligible")
_STATES = {"met": "m", "not met": "n", "unknown": "u", "open": "o"}
_ABBREVIATIONS = (
    "alt ast alp ggt ldh psa inr afp cea crp esr bnp tsh pth hcg hbv hcv hiv dna rna ldl hdl ck aptt upcr cd4"
)
_OF_TRIAL = ("criterion", "polarity", "members", "context", "start", "end")
_OF_PATIENT = ("patient_value", "compared", "reason", "converted")
_WRITTEN = {word: word.upper() for word in _ABBREVIATIONS.split()} | {"egfr": "eGFR", "hba1c": "HbA1c", "ph": "pH"}
_OPEN = re.compile(
    r"\((?:alternatives of another kind|exception|outside|implausible|subgroup|measurement|contradiction)\)"
)
_POWER = re.compile(r"\b10\*(\d+)")
_MULTIPLE = re.compile(r"(?<=\d) (?=[UL]LN\b)")
_MICRO = re.compile(r"(?<![A-Za-z])u(?=(?:g|L|mol|m)\b)")
_BRACKETS = re.compile(r"\[(IU|Hg)\]|\{([^{}]+)\}")
_WORD = re.compile(rf"\b(?:{'|'.join(_WRITTEN)})\b")
_NAME = re.compile(r"(?<=[a-z\d])_(?=[a-z\d])")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class MatchPage:
    """Collects patients with their trials, and renders the page.

    `notice` is what every reader has to know; `most` limits the trials of each verdict that are shown for a patient.
    """

    def __init__(self, title: str, notice: str, most: int | None = None) -> None:
        self._title, self._notice, self._most = title, notice, most
        self._trials: dict[str, tuple[int, list[Any]]] = {}
        self._words: dict[str | None, int] = {None: 0}
        self._patients: list[dict[str, Any]] = []
        self._n_trials = 0

    def add(self, name: str, known: str, rows: pd.DataFrame, judgements: pd.DataFrame, n_patients: int) -> None:
        """Adds one of `n_patients` patients, with what is known in words, and the rows of both tables."""
        most = max(_LEAST, _SHOWN // n_patients) if self._most is None else self._most
        verdicts = [rows[rows["verdict"] == verdict] for verdict in _VERDICTS]
        chosen = {doc_id: kind for kind, one in enumerate(verdicts) for doc_id in one["doc_id"].head(most)}
        needed = judgements[judgements["doc_id"].isin(list(chosen))]
        columns = (needed[["doc_id", *_OF_TRIAL]], needed[["state", *_OF_PATIENT]])
        by_trial = groupby(zip(*map(iterate_rows, columns), strict=True), lambda row: row[0][0])
        judged = {doc_id: [*found] for doc_id, found in by_trial}
        nct_ids = dict(iterate_rows(rows[["doc_id", "nct_id"]]))
        pairs = [
            self._make_pair(doc_id, nct_ids[doc_id], kind, judged.get(doc_id, [])) for doc_id, kind in chosen.items()
        ]
        totals = [len(one) for one in verdicts]
        self._patients.append({"name": name, "known": _say(known), "totals": totals, "pairs": pairs})
        self._n_trials = len(rows)

    def _make_pair(self, doc_id: str, nct_id: str | None, kind: int, judged: list[Any]) -> list[Any]:
        """Returns number of the trial, of the verdict, the states of criteria, and the numbers of their words."""
        if doc_id not in self._trials:
            criteria = [
                [number, polarity, _say(members), *place] for (_, number, polarity, members, *place), _ in judged
            ]
            self._trials[doc_id] = len(self._trials), [doc_id, nct_id, criteria]
        states = "".join(_STATES[told[0]] for _, told in judged)
        words = [[self._number(text) for text in told[1:]] for _, told in judged]
        return [self._trials[doc_id][0], kind, states, words]

    def _number(self, text: str | None) -> int:
        return self._words.setdefault(text if text is None else _say(text), len(self._words))

    def render(self) -> str:
        """Returns the page."""
        return render(
            "matches.html.j2",
            styles=("base.css", "parts.css", "matches.css"),
            scripts=("base.js", "parts.js", "matches.js"),
            version=__version__,
            format_count=format_count,
            title=self._title,
            notice=self._notice,
            verdicts=_VERDICTS,
            patients=self._patients,
            n_trials=self._n_trials,
            left_out=self._count_left_out(),
            data={
                "trials": [trial for _, trial in self._trials.values()],
                "words": [text or "" for text in self._words],
                "patients": self._patients,
            },
        )

    def _count_left_out(self) -> list[int]:
        """Returns by verdict how many patients × trials aren't on the page."""
        shown = [
            sum(pair[1] == kind for one in self._patients for pair in one["pairs"]) for kind in range(len(_VERDICTS))
        ]
        return [sum(one["totals"][kind] for one in self._patients) - shown[kind] for kind in range(len(_VERDICTS))]


def _say(words: str) -> str:
    """Returns words of the tables as a clinician writes them: `creatinine clearance`, `10⁹/L`, `ALT 2.5 × ULN`."""
    words = _POWER.sub(lambda found: f"10{found[1].translate(_RAISED)}", words)
    words = _OPEN.sub("(can't be judged)", words)
    words = _MICRO.sub("µ", _BRACKETS.sub(lambda found: found[1] or found[2], words))
    words = _NAME.sub(" ", _MULTIPLE.sub(" × ", words))
    return _WORD.sub(lambda found: _WRITTEN[found[0]], words)
