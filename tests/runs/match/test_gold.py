"""Verdicts on what is extracted against those of an evaluator of its own on what is annotated."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import trialsift
from tests.runs.match.gold_judge import Person, State, judge_document
from trialsift.extraction.extractor import Extractor
from trialsift.gold import GoldDocument, read_gold
from trialsift.runs.match.match import NOT_ELIGIBLE
from trialsift.tables.rows import make_frames

SETS = ("seeds", "criteria-dev", "papers-dev", "registries-dev", "radiotherapy-dev", "cases-dev")
#: Tests with a usual result, its unit, and the normal limits.
TESTS = {
    "hemoglobin": (13.0, "g/dL", 12.0, 16.0),
    "platelets": (220.0, "10*9/L", 150.0, 400.0),
    "neutrophils": (3.5, "10*9/L", 1.8, 7.5),
    "leukocytes": (6.0, "10*9/L", 4.0, 10.0),
    "lymphocytes": (1.8, "10*9/L", 1.0, 3.0),
    "creatinine": (0.9, "mg/dL", 0.6, 1.2),
    "creatinine_clearance": (85.0, "mL/min", 80.0, 130.0),
    "egfr": (85.0, "mL/min/{1.73_m2}", 60.0, 120.0),
    "bilirubin_total": (0.7, "mg/dL", 0.2, 1.2),
    "bilirubin_direct": (0.1, "mg/dL", 0.0001, 0.3),
    "alt": (30.0, "U/L", 7.0, 40.0),
    "ast": (28.0, "U/L", 8.0, 40.0),
    "alp": (80.0, "U/L", 40.0, 120.0),
    "albumin": (4.0, "g/dL", 3.5, 5.0),
    "inr": (1.0, "1", 0.8, 1.2),
    "glucose": (95.0, "mg/dL", 70.0, 110.0),
    "hba1c": (5.5, "%", 4.0, 6.0),
    "potassium": (4.2, "mmol/L", 3.5, 5.0),
    "calcium": (9.4, "mg/dL", 8.5, 10.5),
    "psa": (2.0, "ng/mL", 0.1, 4.0),
}


def make_people(count: int = 30) -> list[Person]:
    """Makes healthy and ill people, of all ages; some lack results, scores or limits of the laboratory."""
    random = np.random.default_rng(18)
    people = []
    for number in range(count):
        spread = (0.05, 0.25, 0.7)[number % 3]
        labs = {}
        for test, (middle, unit, lln, uln) in TESTS.items():
            if number % 5 != 4 or random.random() < 0.5:
                ends = (None, None) if number % 7 == 6 else (uln, lln)
                labs[test] = (round(middle * float(random.lognormal(0, spread)), 3), unit, *ends)
        ecog = int(random.integers(0, 5 if number % 3 else 2))
        people.append(
            Person(
                age=int(random.integers(18, 75) if number % 4 else random.integers(1, 90)),
                sex=(None, "female", "male")[number % 3],
                ecog=None if number % 6 == 5 else ecog,
                kps=int(random.integers(1, 11)) * 10 if number % 6 == 5 else None,
                labs=labs,
                liver=(True, False, None)[number % 3],
            )
        )
    return people


def match_extracted(documents: list[GoldDocument], people: list[Person]) -> dict[tuple[str, int], State]:
    """Matches the people with what is extracted from the texts."""
    extractor = Extractor()
    read = [(d.doc_id, d.text, extractor.annotate(d.text, d.parts)) for d in documents]
    frame = trialsift.match_patients(make_frames(read), [one.to_record(str(n)) for n, one in enumerate(people)])
    return {
        (doc_id, int(name)): False if verdict == NOT_ELIGIBLE else None if undecided else True
        for doc_id, name, verdict, undecided in zip(
            frame["doc_id"], frame["patient"], frame["verdict"], frame["n_unknown"] + frame["n_open"], strict=True
        )
    }


@pytest.mark.slow
def test_agreement_with_gold(shared_corpora: Path) -> None:
    people = make_people()
    agreed: Counter[str] = Counter()
    for name in SETS:
        documents = read_gold(shared_corpora / f"{name}.jsonl")
        matched = match_extracted(documents, people)
        for document in documents:
            for number, person in enumerate(people):
                expected, found = judge_document(document, person), matched[document.doc_id, number]
                agreed["pairs"] += 1
                agreed["equal states"] += expected is found
                agreed["equal verdicts"] += (expected is False) == (found is False)
                agreed["wrongly refused"] += found is False and expected is not False
    shares = {name: count / agreed["pairs"] for name, count in agreed.items()}
    assert agreed["pairs"] > 10_000
    assert shares["equal verdicts"] >= 0.99, shares
    assert shares["equal states"] >= 0.98, shares
    assert shares["wrongly refused"] <= 0.005, shares
