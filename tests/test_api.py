"""What `import trialsift` offers."""

from __future__ import annotations

import pandas as pd
import pytest

import trialsift
from trialsift.component import annotation_of


def test_surface() -> None:
    assert trialsift.__all__ == ["__version__", "extract", "load"]
    assert set(trialsift.__all__) <= set(dir(trialsift))
    with pytest.raises(AttributeError, match="no attribute 'lod'"):
        _ = trialsift.lod


def test_extract_gives_one_row_a_fact() -> None:
    frame = trialsift.extract({"a": "ECOG 0. 50 Gy in 25 fractions", "b": "nothing", "c": "Age ≥ 18 years"})
    assert frame["doc_id"].tolist() == ["a", "a", "a", "c"]
    assert frame["label"].tolist() == ["PERFORMANCE_STATUS", "DOSE", "FRACTIONS", "AGE"]
    assert frame["low"].tolist() == [0, 50, 25, 18]
    assert frame["text"].tolist() == ["0", "50 Gy", "25 fractions", "≥ 18 years"]
    assert frame["historical"].tolist() == [False] * 4
    assert pd.isna(frame["analyte"]).all()
    assert {name: str(frame[name].dtype) for name in ("low", "start", "negated", "label")} == {
        "low": "Float64",
        "start": "Int64",
        "negated": "boolean",
        "label": "string",
    }
    assert list(frame)[:2] == ["doc_id", "label"]
    assert list(frame)[-5:] == ["start", "end", "text", "context", "rule"]


def test_extract_numbers_texts_without_a_name() -> None:
    assert trialsift.extract(text for text in ["x", "Age ≥ 18 years"])["doc_id"].tolist() == ["1"]


def test_extract_of_nothing_has_the_same_columns() -> None:
    empty, some = trialsift.extract([]), trialsift.extract(["Age ≥ 18 years"])
    assert empty.empty
    assert empty.dtypes.equals(some.dtypes)


def test_extract_takes_no_single_text() -> None:
    with pytest.raises(TypeError, match="put a single text into a list"):
        trialsift.extract("Age ≥ 18 years")


def test_labels() -> None:
    text = "Age ≥ 18 years, ECOG 0"
    assert trialsift.extract([text], labels=["AGE"])["label"].tolist() == ["AGE"]
    assert [fact.label for fact in annotation_of(trialsift.load(labels=["AGE"])(text)).facts] == ["AGE"]
