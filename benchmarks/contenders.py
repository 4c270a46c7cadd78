"""Who is measured: each contender reads a slice of documents, and is made in a few lines as its own documentation says.

A contender is made with `TITLES` as its names; making it imports what it needs, so that a foreign environment needs the
one library only. Making it raises ImportError where that is not installed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.corpus import Slice

Run = Callable[[Slice], None]

BASE = "tokenizer"
#: Contenders by name, with what a table calls them, in its order.
TITLES = {
    BASE: "spaCy's blank tokenizer",
    "annotate": "`Extractor.annotate`",
    "component": '`spacy.blank("en")` with `trialsift`',
    "pipeline": "`trialsift.load()`, all of it",
    "extract": "`extract_run`, one process",
    "edsnlp": "edsnlp, all quantities",
    "edsnlp-normalized": "edsnlp, the same with its normalizer",
    "quantulum3": "quantulum3",
}
#: The distributions whose versions are told.
DISTRIBUTIONS = ("trialsift", "spacy", "medspacy", "scispacy", "edsnlp", "quantulum3")


def make(name: str, scratch: Path) -> Run:
    """The contender of that name; `scratch` is a folder for what it writes. Raises ImportError, KeyError."""
    return _MAKERS[name](scratch)


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _each(step: Callable[[str], object]) -> Run:
    def run(part: Slice) -> None:
        for text in part.texts:
            step(text)

    return run


def _tokenizer(_: Path) -> Run:
    import spacy

    return _each(spacy.blank("en").make_doc)


def _annotate(_: Path) -> Run:
    from trialsift.extraction.extractor import Extractor

    return _each(Extractor().annotate)


def _component(_: Path) -> Run:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("trialsift")
    return _each(nlp)


def _pipeline(_: Path) -> Run:
    import trialsift

    return _each(trialsift.load())


def _extract(scratch: Path) -> Run:
    """All that the command does, from the file to the tables, but for its start: the rules are compiled before."""
    import inspect

    from trialsift.extraction.extractor import Extractor
    from trialsift.runs.extract.run import extract_run

    options: dict[str, Any] = {"jobs": 1} if "jobs" in inspect.signature(extract_run).parameters else {}
    extractor, out = Extractor(), scratch / "extract"

    def run(part: Slice) -> None:
        shutil.rmtree(out, ignore_errors=True)
        extract_run([part.path], out, extractor=extractor, **options)

    return run


def _edsnlp(_: Path, *before: str) -> Run:
    """The example `All quantities` of the matcher's documentation."""
    _quiet()
    import edsnlp

    nlp = edsnlp.blank("eds")
    for pipe in (*before, "eds.sentences", "eds.tables"):
        nlp.add_pipe(pipe)
    nlp.add_pipe("eds.quantities", config={"quantities": "all", "extract_ranges": True, "use_tables": True})
    return _each(nlp)


def _edsnlp_normalized(scratch: Path) -> Run:
    return _edsnlp(scratch, "eds.normalizer")


def _quantulum3(_: Path) -> Run:
    """Without its classifier, as it is installed by default. It raises on some texts: those count as read."""
    _quiet()
    from quantulum3 import classifier, parser

    classifier.USE_CLF = False  # else a scikit-learn that another package brought would be used, and may not fit

    def step(text: str) -> None:
        with contextlib.suppress(Exception):
            parser.parse(text)

    return _each(step)


def _quiet() -> None:
    warnings.filterwarnings("ignore")
    with contextlib.suppress(ImportError):
        from loguru import logger

        logger.remove()


_MAKERS: dict[str, Callable[[Path], Run]] = {
    BASE: _tokenizer,
    "annotate": _annotate,
    "component": _component,
    "pipeline": _pipeline,
    "extract": _extract,
    "edsnlp": _edsnlp,
    "edsnlp-normalized": _edsnlp_normalized,
    "quantulum3": _quantulum3,
}
