"""Small documents for the tests of formats."""

from __future__ import annotations

from pathlib import Path

from trialsift.gold import GoldDocument, GoldSpan
from trialsift.model.fact import Regimen, Scalar

TEXT = "Age ≥ 18 years\nECOG 0-2, no prior\n50 Gy in 25 fractions"


def span(
    number: int, surface: str, label: str, text: str = TEXT, rule: str | None = None, **attributes: Scalar
) -> GoldSpan:
    """A span on the first occurrence of `surface`."""
    start = text.index(surface)
    return GoldSpan(number, start, start + len(surface), label, surface, attributes, rule)


def trial(doc_id: str = "NCT99000001") -> GoldDocument:
    """A document with four spans, one of them over the end of a line, and a regimen."""
    spans = (
        span(
            0, "≥ 18 years", "AGE", low=18, low_inclusive=True, high=None, unit="a", polarity="inclusion", negated=False
        ),
        span(3, "0-2", "PERFORMANCE_STATUS", rule="ps.range", scale="ECOG", low=0, high=2.0, historical=True),
        span(4, "prior\n50 Gy", "DOSE", low=50, unit="Gy", role="total", boost=True),
        span(5, "25 fractions", "FRACTIONS", low=25, high=25),
    )
    return GoldDocument(
        doc_id, TEXT, spans, (Regimen((4, 5), (25, 25), (2, None), None),), {"source": "invented"}, {"links": [[0, 3]]}
    )


def write_folder(folder: Path, **files: str) -> Path:
    """A folder with these files; `a_txt` names `a.txt`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        stem, _, ending = name.rpartition("_")
        (folder / f"{stem}.{ending}").write_bytes(content.encode("utf-8"))
    return folder


def content_of(folder: Path) -> dict[str, bytes]:
    """All files below a folder, to compare before and after."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
