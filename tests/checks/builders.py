"""A document that follows the guidelines in all labels, to be spoilt, and what is found in it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from trialsift.checks.gold import check_gold

Record = dict[str, Any]
LABELS = {"AGE", "PERFORMANCE_STATUS", "LAB", "DOSE", "FRACTIONS", "MEASUREMENT", "LIFE_EXPECTANCY"}
ANALYTES = {"hemoglobin", "alt"}

TEXT = (
    "Inclusion: age ≥ 18 years, ECOG 0-1, hemoglobin > 9 g/dL; ALT ≤ 2.5 x ULN if the liver is involved. "
    "50 Gy in 25 fractions of 2 Gy with cisplatin 40 mg/m2."
)
AGE, ECOG, LAB, ALT, TOTAL, COUNT, FRACTION, DRUG = range(8)


def _interval(low: float | None, high: float | None, closed: bool = True) -> Record:
    return {
        "low": low,
        "low_inclusive": None if low is None else closed,
        "high": high,
        "high_inclusive": None if high is None else closed,
    }


_SPANS: list[tuple[str, str, Record]] = [
    ("AGE", "≥ 18 years", {**_interval(18, None), "unit": "a", "scope": "trial", "polarity": "inclusion"}),
    ("PERFORMANCE_STATUS", "0-1", {"low": 0, "high": 1, "scale": "ECOG", "polarity": "inclusion"}),
    (
        "LAB",
        "> 9 g/dL",
        {**_interval(9, None, False), "unit": "g/dL", "analyte": "hemoglobin", "polarity": "inclusion"},
    ),
    (
        "LAB",
        "≤ 2.5 x ULN",
        {
            **_interval(None, 2.5),
            "unit": "ULN",
            "analyte": "alt",
            "polarity": "inclusion",
            "condition": "if the liver is involved",
        },
    ),
    (
        "DOSE",
        "50 Gy",
        {**_interval(50, 50), "unit": "Gy", "modality": "radiation", "role": "total", "polarity": "none"},
    ),
    ("FRACTIONS", "25 fractions", {"low": 25, "high": 25, "polarity": "none"}),
    (
        "DOSE",
        "2 Gy",
        {**_interval(2, 2), "unit": "Gy", "modality": "radiation", "role": "per_fraction", "polarity": "none"},
    ),
    (
        "DOSE",
        "40 mg/m2",
        {**_interval(40, 40), "unit": "mg/m2", "modality": "drug", "agent": "cisplatin", "polarity": "none"},
    ),
]


def record(doc_id: str = "d1") -> Record:
    """A fresh copy of the document."""
    spans = []
    for number, (label, surface, attributes) in enumerate(_SPANS):
        start = TEXT.index(surface)
        spans.append(
            {
                "id": number,
                "start": start,
                "end": start + len(surface),
                "label": label,
                "text": surface,
                "attributes": copy.deepcopy(attributes),
            }
        )
    regimens = [
        {
            "spans": [TOTAL, COUNT, FRACTION],
            "fractions": [25, 25],
            "dose_per_fraction": [2, 2],
            "total_dose": [50, 50],
        }
    ]
    return {"doc_id": doc_id, "text": TEXT, "meta": {}, "spans": spans, "regimens": regimens}


def write(path: Path, *records: Record | str) -> Path:
    """A gold file; a string is a line as it stands."""
    lines = [r if isinstance(r, str) else json.dumps(r) for r in records]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def found(path: Path) -> list[tuple[int, str, str]]:
    """Line, severity and code of the problems of a gold file."""
    return [(p.line, p.severity, p.code) for p in sorted(check_gold(path, LABELS, ANALYTES)[1])]


def change(target: Record, path: str, value: Any = ...) -> Record:
    """The document with the value at `spans.0.low` and the like; without a value that key is dropped."""
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    inner: Any = target
    for key in parents:
        inner = inner[key]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return target
