"""Times `match_patients`: 10,000 trials × 100 patients, on one core; with `--out`, also what writes a file of them.

    python -m benchmarks.match [--trials N] [--patients N] [--out FILE ...]

The trials are those of corpus/dev.jsonl, as often as needed, each time under another name.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import trialsift
from trialsift.runs.match.match import iterate_matches
from trialsift.runs.match.write import write_matches

ROOT = Path(__file__).parent.parent
#: Tests of the patients, with the middle of their values and their unit.
_TESTS = {
    "hemoglobin": (11, "g/dL"),
    "platelets": (180, "10*9/L"),
    "neutrophils": (3, "10*9/L"),
    "creatinine": (1.1, "mg/dL"),
    "bilirubin_total": (0.9, "mg/dL"),
    "alt": (45, "U/L"),
    "ast": (40, "U/L"),
}


def make_run(count: int) -> dict[str, pd.DataFrame]:
    """Makes the tables of a run with so many trials."""
    texts = {document.doc_id: document.text for document in trialsift.read_gold(ROOT / "corpus" / "dev.jsonl")}
    results = trialsift.extract(texts)
    by_doc = {str(doc_id): rows for doc_id, rows in results["criteria"].groupby("doc_id")}
    trials = results["trials"].set_index("doc_id", drop=False)
    chosen = [(f"{doc_id} {number}", doc_id) for number, doc_id in enumerate(islice(cycle(texts), count))]
    rows = [by_doc[doc_id].assign(doc_id=name) for name, doc_id in chosen if doc_id in by_doc]
    copies = trials.loc[[doc_id for _, doc_id in chosen]].assign(doc_id=[name for name, _ in chosen])
    return {"criteria": pd.concat(rows, ignore_index=True), "trials": copies.reset_index(drop=True)}


def make_patients(count: int) -> list[dict[str, Any]]:
    """Makes patients with values around the middle of each test; every third has no results."""
    random = np.random.default_rng(1)
    patients: list[dict[str, Any]] = []
    for number in range(count):
        labs = {
            name: {"value": round(middle * random.lognormal(0, 0.5), 2), "unit": unit, "uln": middle, "lln": middle / 2}
            for name, (middle, unit) in _TESTS.items()
        }
        patient = {"patient": str(number), "age": int(random.integers(1, 90)), "ecog": int(random.integers(0, 5))}
        patient |= {"sex": ("female", "male")[number % 2], "has_not": ["liver metastases"]}
        patients.append(patient | ({} if number % 3 == 0 else {"labs": labs}))
    return patients


@contextmanager
def print_time() -> Iterator[None]:
    """Prints how long a block takes."""
    began, used = time.perf_counter(), time.process_time()
    yield
    print(f"{time.perf_counter() - began:.1f} s, {time.process_time() - used:.1f} s of CPU")


def main() -> None:
    """Prints how long it takes, and the verdicts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=10_000)
    parser.add_argument("--patients", type=int, default=100)
    parser.add_argument("--out", type=Path, action="append", default=[])
    given = parser.parse_args()
    run, patients = make_run(given.trials), make_patients(given.patients)
    print(f"{given.trials:,} trials with {len(run['criteria']):,} criteria × {given.patients:,} patients")
    with print_time():
        frame = trialsift.match_patients(run, patients)
    print(frame["verdict"].value_counts().to_string())
    for path in given.out:
        with print_time():
            write_matches(iterate_matches(run, patients), [path])
        print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
