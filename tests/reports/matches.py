"""Patients and trials for the tests of their page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import trialsift
from tests.reports.documents import HOSTILE
from trialsift.reports.matches import MatchPage
from trialsift.runs.match.match import iterate_matches
from trialsift.runs.match.write import write_matches
from trialsift.tables.rows import make_frame
from trialsift.tables.schema import JUDGEMENTS, MATCHES

TRIALS = {
    "NCT01234567": "Inclusion Criteria:\n- Age 18-75 years\n- ECOG 0-1\n"
    "- AST ≤ 2 x ULN (≤ 5 x ULN if liver metastases)\n- Creatinine ≤ 1.5 mg/dL or creatinine clearance ≥ 60 mL/min\n"
    "Exclusion Criteria:\n- Hemoglobin < 9 g/dL",
    "young": "Inclusion Criteria:\n- Age 18 to 65 years\n- Karnofsky performance status of at least 80",
    "two-of": "Inclusion Criteria:\n- Age ≥ 60 years\n- At least two of: LDH > 250 U/L, CRP > 10 mg/L",
    "nothing": "A trial without numbers.",
}
LABS = {"Hb": "92 g/L", "ast": "150 U/L;uln=40"}
PATIENTS = [
    {"patient": "A", "age": 71, "ecog": 1, "labs": LABS, "has": "liver metastases"},
    {"patient": "B", "age": 40, "kps": 60},
]


@cache
def _extract() -> trialsift.Results:
    return trialsift.extract(TRIALS)


def write_page(path: Path, most: int | None = None) -> Path:
    """Writes the page of two patients and four trials."""
    write_matches(iterate_matches(_extract(), PATIENTS), [path], title="A run", most=most)
    return path


def render_hostile() -> str:
    """Renders a page with hostile text wherever text comes from outside."""
    page = MatchPage("<b>", "A notice")
    for number, text in enumerate(HOSTILE):
        name, doc_id = f"{text} {number}", f"{text} trial"
        row = {"patient": name, "doc_id": doc_id, "nct_id": text, "verdict": "not eligible"}
        told = dict.fromkeys(("members", "patient_value", "compared", "reason", "converted", "context"), text)
        judged = {**row, **told, "criterion": 1, "polarity": "inclusion", "state": "not met", "start": 0, "end": 9}
        page.add(name, text, make_frame([row], MATCHES), make_frame([judged], JUDGEMENTS), len(HOSTILE))
    return page.render()
