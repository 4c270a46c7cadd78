"""What a user writes who checks types with `mypy --strict`: read by test_typing.py, never run.

Where a line has to be an error, the comment that silences it has to be needed.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, assert_type

import pandas as pd
from spacy.language import Language

import trialsift
from trialsift.checks.problems import CheckReport
from trialsift.checks.run import check
from trialsift.evaluation import Evaluation, evaluate
from trialsift.extraction.explain import Explanation, RegimenExplanation, explain, explain_regimens
from trialsift.extraction.extractor import Extractor
from trialsift.gold import GoldDocument, parse_document, read_gold
from trialsift.gold.formats.convert import Conversion, convert
from trialsift.model.fact import Annotation, Fact, Regimen, annotation_record
from trialsift.readers import ReadOptions
from trialsift.reports.plots import Plot, corpus_plots
from trialsift.rules.columns import Column
from trialsift.runs.extract.run import extract_run
from trialsift.runs.extract.summary import Summary
from trialsift.runs.read import Results
from trialsift.spacy_pipeline.component import annotation_of
from trialsift.tables.linear_quadratic import bed, eqd2
from trialsift.tables.schema import table_columns

results = trialsift.extract({"a": "Age ≥ 18 years"}, labels=["AGE"])
assert_type(results, Results)
assert_type(results.labs, pd.DataFrame)
assert_type(results.facts, pd.DataFrame)
assert_type(results["labs"], pd.DataFrame)
assert_type(results.errors, pd.DataFrame)
assert_type(results.run, Mapping[str, Any])
documents = list(results.annotations())
assert_type(documents, list[GoldDocument])
assert_type(trialsift.read_run(Path("OUT")), Results)
assert_type(extract_run(["x"], "OUT", formats=["csv", "duckdb"], read=ReadOptions(text_column="t")), Summary)

nlp = trialsift.load(labels=["AGE"])
assert_type(nlp, Language)
assert_type(annotation_of(nlp("x")), Annotation)

annotation = Extractor().annotate("x")
assert_type(annotation, Annotation)
assert_type(annotation.facts, tuple[Fact, ...])
assert_type(annotation.regimens, tuple[Regimen, ...])
assert_type(annotation.facts[0].attributes["low"], str | int | float | bool | None)
assert_type(explain(Extractor(), "x"), list[Explanation])
assert_type(explain_regimens(annotation), list[RegimenExplanation])
assert_type(table_columns(), dict[str, tuple[Column, ...]])

assert_type(parse_document(annotation_record("a", "x", annotation), "here"), GoldDocument)
assert_type(read_gold("gold.jsonl"), list[GoldDocument])
assert_type(evaluate(documents, documents), Evaluation)
assert_type(evaluate(documents, documents).micro.value.f1, float | None)
assert_type(convert(Path("gold.jsonl"), Path("gold.spacy")), Conversion)
assert_type(check([Path("gold.jsonl")]), CheckReport)

assert_type(bed(15, 2.67) + eqd2(15, 2.67, alpha_beta=3), float)
assert_type(corpus_plots(documents), list[Plot])
assert_type(trialsift.__version__, str)

_ = trialsift.lod  # type: ignore[attr-defined]
trialsift.extract(3)  # type: ignore[arg-type]
trialsift.load(label="AGE")  # type: ignore[call-arg]
extract_run(["x"], "OUT", formats=["xls"])  # type: ignore[list-item]
annotation.facts = ()  # type: ignore[misc]
