"""Checks gold files line by line: first the format, then the annotation guidelines.

In: a JSON Lines file. Out: its documents, each with its line, and the problems. A mistake in one span does not stop the
check of the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from trialsift.checks.attributes import check_attributes
from trialsift.checks.problems import CheckProblem, Finding, Findings, error, warning
from trialsift.checks.regimens import check_regimens
from trialsift.checks.values import check_values
from trialsift.gold import GoldDocument, GoldSpan, examine_line, iterate_lines, make_doc_id_error


@dataclass(frozen=True, slots=True)
class Placed:
    """A document, and its line in the file."""

    file: str
    line: int
    document: GoldDocument


def check_gold(
    path: Path | str, labels: Set[str], analytes: Set[str] | None = None
) -> tuple[list[Placed], list[CheckProblem]]:
    """Returns the readable documents of a gold file, and the problems of all.

    `labels` are the known labels, `analytes` the known identifiers (None for any). Raises GoldError if the file cannot
    be read.
    """
    placed: list[Placed] = []
    problems: list[CheckProblem] = []
    seen: dict[str, int] = {}
    for line, content in iterate_lines(path):
        where = f"{path}:{line}"
        document, mistakes = examine_line(content, where)
        for mistake in mistakes:
            about = "" if document is None else f"{document.doc_id}: "
            message = about + str(mistake).removeprefix(f"{where}: ")
            problems.append(CheckProblem(str(path), line, "error", mistake.code, message))
        if document is None:
            continue
        first = seen.setdefault(document.doc_id, line)
        if first != line:
            twice = make_doc_id_error(document.doc_id, where, first)
            problems.append(CheckProblem(str(path), line, "error", twice.code, str(twice).removeprefix(f"{where}: ")))
        problems.extend(
            CheckProblem(str(path), line, *finding) for finding in check_document(document, labels, analytes)
        )
        placed.append(Placed(str(path), line, document))
    return placed, problems


def check_document(document: GoldDocument, labels: Set[str], analytes: Set[str] | None = None) -> Findings:
    """Iterates over violations of the guidelines in one document; messages name the document, and the span or
    regimen."""
    for span in document.spans:
        for finding in _span_findings(span, document, labels, analytes):
            yield _about(finding, f"{document.doc_id}: {show_span(span)}")
    for span, other, finding in _check_pairs(document.spans):
        yield _about(finding, f"{document.doc_id}: {show_span(span)}, {show_span(other)}")
    if document.scores_context:
        for index, finding in check_regimens(document):
            yield _about(finding, f"{document.doc_id}: regimens[{index}]")


def show_span(span: GoldSpan) -> str:
    """Returns a span as messages name it: `LAB 17–25 '≥ 9 g/dL'`."""
    text = span.text if len(span.text) <= 40 else span.text[:39] + "…"
    return f"{span.label} {span.start}–{span.end} {text!r}"


def _about(finding: Finding, what: str) -> Finding:
    return finding._replace(message=f"{what}: {finding.message}")


def _span_findings(span: GoldSpan, document: GoldDocument, labels: Set[str], analytes: Set[str] | None) -> Findings:
    if span.text != span.text.strip():
        yield error("span-space", "begins or ends with white space; expected the value expression only")
    if span.label not in document.scored_labels:
        stated = "labels" in document.meta
        why = "is not among meta.labels" if stated else "is off by default, and meta.labels doesn't name it"
        yield (error if stated else warning)("label-not-listed", f"the label {why}: it is not scored here")
    if span.label not in labels:
        yield warning("label-unknown", f"no label of the patterns; known are {', '.join(sorted(labels))}")
    if document.scores_values:
        yield from check_attributes(span, document)
        yield from check_values(span, document.text, analytes)


def _check_pairs(spans: tuple[GoldSpan, ...]) -> Iterator[tuple[GoldSpan, GoldSpan, Finding]]:
    """Iterates over spans of one label that repeat each other, or overlap with other offsets."""
    by_label: dict[str, list[GoldSpan]] = defaultdict(list)
    for span in sorted(spans, key=lambda s: (s.start, s.end, s.id)):
        for before in by_label[span.label]:
            if before.end <= span.start:
                continue
            if (before.start, before.end) != (span.start, span.end):
                yield (
                    before,
                    span,
                    warning("span-overlap", "overlap; expected one span, or two that share no character"),
                )
            elif before.attributes == span.attributes:
                yield before, span, error("span-twice", f"one value twice, with the ids {before.id} and {span.id}")
        by_label[span.label].append(span)
