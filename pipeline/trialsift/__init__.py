"""trialsift reads trial documents and writes down what they say in numbers.

The folders are the map, from what a user calls down to plain data; each imports only those below it:

    cli/             a file a command: parse, call, print
    runs/            what the commands do: extract, evaluate, view, diff; folders, processes, Dask
    reports/         pages and plots
    evaluation/      gold × predictions → scores
    checks/          what is wrong in gold files and in patterns
    gold/            the annotation format, and brat, DocBin and CSV
    tables/          Annotation → typed rows → files
    spacy_pipeline/  the components, load()
    extraction/      text → Annotation; begin with extractor.py
    readers/         files → documents
    rules/           strict reading of patterns/
    model/           facts, intervals, documents, units, errors

All public names are attributes of this package (docs/reference/api.md lists them); module paths below are private.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from trialsift.model.version import __version__

if TYPE_CHECKING:  # a function is imported from its own module: the documentation would take a namesake's module for it
    from trialsift.checks.problems import CheckProblem, CheckReport
    from trialsift.checks.run import check
    from trialsift.evaluation import Evaluation
    from trialsift.evaluation.counts import LabelCounts, ScoreCounts
    from trialsift.evaluation.evaluate import evaluate
    from trialsift.extraction.explain import (
        Declined,
        Explanation,
        Piece,
        RegimenExplanation,
        Step,
        explain_declined,
        explain_regimens,
    )
    from trialsift.extraction.explain.explain import explain
    from trialsift.extraction.extractor import Extractor
    from trialsift.gold import GoldDocument, GoldError, GoldSpan, parse_document, read_gold, write_gold
    from trialsift.gold.formats.convert import Conversion, convert
    from trialsift.model.document import Part
    from trialsift.model.errors import UserError
    from trialsift.model.fact import Annotation, Fact, Regimen, annotation_record
    from trialsift.model.interval import Interval
    from trialsift.readers import ReadOptions
    from trialsift.reports.plots import Plot, PlotTable, corpus_plots
    from trialsift.rules.columns import Column
    from trialsift.rules.files import PatternError
    from trialsift.rules.labels import LabelTable
    from trialsift.runs.dask import Dask
    from trialsift.runs.diff import Diff, Difference, diff
    from trialsift.runs.extract.outcome import Failure
    from trialsift.runs.extract.plan import Annotator
    from trialsift.runs.extract.run import extract_run
    from trialsift.runs.extract.summary import Summary
    from trialsift.runs.match.match import judge_criteria, match_patients
    from trialsift.runs.read import Results, read_run
    from trialsift.runs.texts import extract
    from trialsift.spacy_pipeline.component import ComponentError, annotation_of, register_extensions
    from trialsift.spacy_pipeline.load import load
    from trialsift.tables.linear_quadratic import bed, eqd2, total_dose_at_eqd2
    from trialsift.tables.schema import table_columns

#: Where each public name is defined; it is imported when it is asked for.
_HOMES = {
    "runs.texts": "extract",
    "spacy_pipeline.load": "load",
    "runs.read": "read_run Results",
    "runs.match.match": "match_patients judge_criteria",
    "runs.extract.run": "extract_run",
    "runs.extract.summary": "Summary",
    "runs.extract.outcome": "Failure",
    "runs.extract.plan": "Annotator",
    "readers": "ReadOptions",
    "runs.dask": "Dask",
    "runs.diff": "diff Diff Difference",
    "model.fact": "Fact Regimen Annotation annotation_record",
    "model.interval": "Interval",
    "extraction.extractor": "Extractor",
    "model.document": "Part",
    "rules.columns": "Column",
    "rules.labels": "LabelTable",
    "tables.schema": "table_columns",
    "spacy_pipeline.component": "annotation_of register_extensions ComponentError",
    "extraction.explain": (
        "explain Explanation Piece Step explain_declined Declined explain_regimens RegimenExplanation"
    ),
    "gold": "read_gold write_gold parse_document GoldDocument GoldSpan GoldError",
    "evaluation": "evaluate Evaluation",
    "evaluation.counts": "LabelCounts ScoreCounts",
    "gold.formats.convert": "convert Conversion",
    "checks.run": "check",
    "checks.problems": "CheckReport CheckProblem",
    "tables.linear_quadratic": "bed eqd2 total_dose_at_eqd2",
    "reports.plots": "corpus_plots Plot PlotTable",
    "model.errors": "UserError",
    "rules.files": "PatternError",
}
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names.split()}
__all__ = [
    "Annotation",
    "Annotator",
    "CheckProblem",
    "CheckReport",
    "Column",
    "ComponentError",
    "Conversion",
    "Dask",
    "Declined",
    "Diff",
    "Difference",
    "Evaluation",
    "Explanation",
    "Extractor",
    "Fact",
    "Failure",
    "GoldDocument",
    "GoldError",
    "GoldSpan",
    "Interval",
    "LabelCounts",
    "LabelTable",
    "Part",
    "PatternError",
    "Piece",
    "Plot",
    "PlotTable",
    "ReadOptions",
    "Regimen",
    "RegimenExplanation",
    "Results",
    "ScoreCounts",
    "Step",
    "Summary",
    "UserError",
    "__version__",
    "annotation_of",
    "annotation_record",
    "bed",
    "check",
    "convert",
    "corpus_plots",
    "diff",
    "eqd2",
    "evaluate",
    "explain",
    "explain_declined",
    "explain_regimens",
    "extract",
    "extract_run",
    "judge_criteria",
    "load",
    "match_patients",
    "parse_document",
    "read_gold",
    "read_run",
    "register_extensions",
    "table_columns",
    "total_dose_at_eqd2",
    "write_gold",
]


if not TYPE_CHECKING:  # else a type checker would take every name for one of ours

    def __getattr__(name: str) -> Any:
        """A public name, imported when asked for: `import trialsift` imports neither spaCy nor pandas."""
        if name in _MODULE_OF:
            return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
