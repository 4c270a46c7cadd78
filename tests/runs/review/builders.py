"""A small run to review: something to doubt for each reason, and decisions on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import trialsift
from trialsift.gold import GoldDocument, read_gold
from trialsift.runs.review.write import find_run_key

TEXTS = {
    "labs": "Inclusion Criteria:\n- Platelets ≥ 100,000 /mL\n- Hemoglobin ≥ 9 g/dL\n- AST or ALT ≤ 2.5 x ULN\n"
    "- Creatinine ≤ 1.5 mg/dL or creatinine clearance ≥ 60 mL/min\nExclusion Criteria:\n- Bilirubin > 2 mg/dL",
    "doses": "Treatment: breast radiotherapy of 50 Gy in 25 fractions, then 75 mg/m2 docetaxel. 🏥 Age ≥ 18 years.",
    "two": "Inclusion Criteria:\n- Age ≥ 18 years\n- Participants must be at least 21 years old",
}
RECORD = {
    "protocolSection": {
        "identificationModule": {"nctId": "NCT01234567", "briefTitle": "A trial of something"},
        "conditionsModule": {"conditions": ["Glioma", "Sarcoma"]},
        "eligibilityModule": {
            "minimumAge": "18 Years",
            "maximumAge": "75 Years",
            "eligibilityCriteria": "Inclusion Criteria:\n\n* Age at least 21 years\n* Hemoglobin at least 9 g/dL",
        },
    }
}


def make_run(folder: Path, **options: Any) -> Path:
    """Extracts the texts and the record into `folder / "run"`."""
    inputs = folder / "inputs"
    inputs.mkdir()
    for name, text in TEXTS.items():
        (inputs / f"{name}.txt").write_text(text, encoding="utf-8")
    (inputs / "record.json").write_text(json.dumps(RECORD), encoding="utf-8")
    trialsift.extract_run([inputs], folder / "run", jobs=1, **options)
    return folder / "run"


def find_fact(run: Path, doc_id: str, words: str) -> dict[str, Any]:
    """What a decision says of the first fact of a document with these characters."""
    document = find_document(run / "annotations.jsonl", doc_id)
    number, span = next((n, s) for n, s in enumerate(document.spans) if s.text == words)
    place = {"start": span.start, "end": span.end, "label": span.label, "text": span.text}
    return {"doc_id": doc_id, "kind": "fact", "fact": number, **place}


def find_document(path: Path, doc_id: str) -> GoldDocument:
    return next(document for document in read_gold(path) if document.doc_id == doc_id)


def write_decisions(path: Path, run: Path, *decisions: dict[str, Any]) -> Path:
    """Writes decisions of one person, a second apart."""
    signed = [
        {"run": find_run_key(run), "by": "AB", "at": f"2026-05-04T10:30:{second:02}Z", **one}
        for second, one in enumerate(decisions)
    ]
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in signed), encoding="utf-8")
    return path
