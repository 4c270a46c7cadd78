"""What is imported when: a library that takes long is imported where it is needed first, and not before.

Each case is a process of its own. spaCy imports Typer and NumPy itself, so what `import spacy` brings is allowed where
spaCy is.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

LIBRARIES = (
    "duckdb",
    "jinja2",
    "lark",
    "lxml",
    "matplotlib",
    "medspacy",
    "numpy",
    "pandas",
    "pint",
    "pyarrow",
    "rich",
    "scipy",
    "scispacy",
    "spacy",
    "typer",
    "ucumvert",
)


def imported(code: str, folder: Path) -> set[str]:
    """Those of the libraries that are loaded when a program has run, in a process of its own."""
    script = f"{code}\nimport json, sys\nprint(json.dumps([name for name in {LIBRARIES!r} if name in sys.modules]))"
    ended = subprocess.run([sys.executable, "-c", script], check=True, cwd=folder, capture_output=True, text=True)
    return set(json.loads(ended.stdout.splitlines()[-1]))


@cache
def imported_by_spacy() -> set[str]:
    return imported("import spacy", Path.cwd())


def test_the_package_imports_no_library(tmp_path: Path) -> None:
    assert imported("import trialsift", tmp_path) == set()


def test_help_imports_what_prints_it(tmp_path: Path) -> None:
    call = "from trialsift.cli import main\ntry: main()\nexcept SystemExit: pass"
    code = f"import sys\nsys.argv = ['trialsift', '--help']\n{call}"
    assert imported(code, tmp_path) <= {"typer", "rich"}


@pytest.mark.parametrize(
    "code",
    [
        "spacy.blank('en')",
        "from spacy.util import registry; registry.factories.get_all()",
        "import trialsift.spacy_pipeline.component",
    ],
)
def test_beside_spacy_nothing_is_imported(code: str, tmp_path: Path) -> None:
    plain = imported_by_spacy()
    assert imported(f"import spacy; {code}", tmp_path) == plain
    assert not plain & {"pandas", "medspacy", "scispacy"}


def test_the_component_alone_needs_no_context(tmp_path: Path) -> None:
    code = "import spacy; nlp = spacy.blank('en'); nlp.add_pipe('trialsift'); nlp('No prior dose above 50 Gy')"
    assert imported(code, tmp_path) == imported_by_spacy()


def test_extraction_imports_what_a_text_needs(tmp_path: Path) -> None:
    read = "from trialsift.extraction.extractor import Extractor\nassert Extractor().annotate({!r}).facts"
    assert imported(read.format("Age 18 to 75 years, ECOG 0-1, 50 Gy in 25 fractions"), tmp_path) == set()
    assert imported(read.format("Platelets > 100,000/mm3, creatinine < 1.5 mg/dL, GFR > 60 mL/min"), tmp_path) == set()
    assert imported(read.format("No prior radiotherapy of more than 50 Gy"), tmp_path) == set()


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_run_imports_what_its_texts_and_formats_need(form: str, tmp_path: Path) -> None:
    (tmp_path / "trial.txt").write_text("Age 18 to 75 years", encoding="utf-8")
    run = f"extract_run(['trial.txt'], 'out', formats=[{form!r}])"
    code = f"from trialsift.runs.extract.run import extract_run\nassert sum({run}.facts.values()) == 1"
    assert imported(code, tmp_path) == set()
