"""What `import trialsift` offers, and what is public in all."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import trialsift
from tests.support.paths import ROOT
from trialsift import annotation_of, table_columns

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "docs").glob("*.ipynb"))]
API = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
NAMES = [name for name in trialsift.__all__ if name != "__version__"]


def test_the_reference_lists_what_is_public() -> None:
    """A name that comes or goes is a change for users, see docs/reference/stability.md."""
    documented = re.findall(r"^::: trialsift\.(\S+)$", API, re.MULTILINE)
    assert sorted(documented) == sorted(NAMES)
    assert "`trialsift.__version__`" in API


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_is_there_and_says_what_it_is(name: str) -> None:
    found = getattr(trialsift, name)
    assert inspect.getdoc(found)
    assert found.__doc__, "a docstring of its own"


def test_a_type_checker_knows_all_that_is_public() -> None:
    """What is imported for type checkers, which the reference is made from too, is what is public."""
    tree = ast.parse(Path(trialsift.__file__).read_text(encoding="utf-8"))
    checked = next(node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    imported = [name.name for node in checked.body if isinstance(node, ast.ImportFrom) for name in node.names]
    assert sorted(imported) == sorted(NAMES)


def test_surface() -> None:
    assert trialsift.__all__ == sorted(trialsift.__all__)
    assert set(trialsift.__all__) <= set(dir(trialsift))
    with pytest.raises(AttributeError, match="no attribute 'lod'"):
        _ = trialsift.lod


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_documentation_imports_public_names_only(page: Path) -> None:
    """Users copy what they read: no module below `trialsift` stands in an example."""
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"(?:from|import) trialsift\.[\w.]+", text) == []
    imported = re.findall(r"from trialsift import ([\w, ]+)", text)
    assert {name.strip() for names in imported for name in names.split(",")} <= set(trialsift.__all__)


def test_facts_are_one_row_a_fact() -> None:
    frame = trialsift.extract({"a": "ECOG 0. 50 Gy in 25 fractions", "b": "nothing", "c": "Age ≥ 18 years"}).facts
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
    assert list(frame)[-6:] == ["start", "end", "text", "context", "rule", "confidence"]


def test_extract_gives_the_tables_of_a_run() -> None:
    results = trialsift.extract({"a": "Inclusion Criteria:\n- Hemoglobin >= 9 g/dL", "b": "50 Gy in 25 fractions"})
    assert list(results) == list(table_columns())
    for name, columns in table_columns().items():
        assert {c: str(t) for c, t in results[name].dtypes.items()} == {c.name: c.dtype for c in columns}
    assert results.labs[["doc_id", "analyte", "low"]].to_numpy().tolist() == [["a", "hemoglobin", 9.0]]
    assert results.regimens["description"].tolist() == ["25 × 2 Gy = 50 Gy"]
    assert results.trials["doc_id"].tolist() == ["a", "b"]
    assert [document.text for document in results.annotations()][1] == "50 Gy in 25 fractions"
    assert (len(results.errors), results.run) == (0, {})


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        ((text for text in ["x", "Age ≥ 18 years"]), ["0", "1"]),
        ({"x": "x", 7: "Age ≥ 18 years"}, ["x", "7"]),
        (pd.Series(["x", "Age ≥ 18 years"], index=["n", "m"]), ["n", "m"]),
        (pd.Series(["x", "Age ≥ 18 years"]), ["0", "1"]),
        ([], []),
    ],
    ids=["iterable", "mapping", "series", "series without names", "nothing"],
)
def test_names_of_texts(texts: Any, names: list[str]) -> None:
    results = trialsift.extract(texts)
    assert results.trials["doc_id"].tolist() == names
    assert results.ages["doc_id"].tolist() == names[1:]
    assert results.facts["doc_id"].tolist() == names[1:]


def test_extract_of_nothing_has_the_same_columns() -> None:
    empty, some = trialsift.extract([]), trialsift.extract(["Age ≥ 18 years"])
    assert empty.facts.empty
    assert empty.facts.dtypes.equals(some.facts.dtypes)
    assert all(empty[name].dtypes.equals(some[name].dtypes) for name in some)


@pytest.mark.parametrize(
    ("texts", "error", "message"),
    [
        ("Age ≥ 18 years", TypeError, "put a single text into a list"),
        (pd.DataFrame({"text": ["x"]}), TypeError, "name the column"),
        (b"Age", TypeError, "the text of '0' is 65; expected a str"),
        (["x", None], TypeError, "the text of '1' is None; expected a str"),
        (pd.Series(["x", float("nan")], index=["a", "b"]), TypeError, "the text of 'b' is nan"),
        (pd.Series(["x", "y"], index=["a", "a"]), ValueError, "two texts have the name 'a'"),
        ({1: "x", "1": "y"}, ValueError, "two texts have the name '1'"),
    ],
)
def test_what_extract_does_not_take(texts: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        trialsift.extract(texts)


def test_labels() -> None:
    text = "Age ≥ 18 years, ECOG 0"
    assert trialsift.extract([text], labels=["AGE"]).facts["label"].tolist() == ["AGE"]
    assert [fact.label for fact in annotation_of(trialsift.load(labels=["AGE"])(text)).facts] == ["AGE"]
