"""Renders `view.html`: documents with highlighted facts, sections and criterion lines, alternatives on one card, and
regimens as prescriptions.

In: annotated documents (a run's `annotations.jsonl`, or gold). Out: one HTML page. It holds the documents as JSON, and
its script draws only the current one, so that a thousand of them open at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from trialsift.evaluation.regimens import find_stated
from trialsift.extraction.structure.lines import split_lines
from trialsift.extraction.structure.sections import Structure
from trialsift.gold import GoldDocument, GoldSpan
from trialsift.model.alternatives import collect_alternatives, tag_alternatives
from trialsift.model.display import describe_labelled, describe_regimen, format_bounds, format_scalar
from trialsift.model.document import split_at_parts
from trialsift.model.fact import Fact, Regimen, Scalar
from trialsift.model.version import __version__
from trialsift.reports import MOST_SHOWN
from trialsift.reports.page import render
from trialsift.rules.labels import read_labels, shipped_labels
from trialsift.rules.layers import Folder
from trialsift.rules.plausibility import Plausibility, read_plausibility
from trialsift.tables.regimens import read_regimen_maker

if TYPE_CHECKING:
    from trialsift.reports.plots import Plot

#: What the page shows of a row of `unread`.
UNREAD_SHOWN = ("text", "label", "name", "context", "why")
#: Attributes that the value in words includes.
_IN_THE_WORDS = frozenset(
    {
        "low",
        "low_inclusive",
        "high",
        "high_inclusive",
        "unit",
        "analyte",
        "measure",
        "scale",
        "modality",
        "role",
        "any_of",
    }
)


def render_view(
    documents: Sequence[GoldDocument],
    title: str,
    *,
    patterns: Folder | str | None = None,
    plots: Sequence[Plot] | str = (),
    most: int = MOST_SHOWN,
    unread: Mapping[str, Sequence[Mapping[str, str | None]]] | None = None,
) -> str:
    """Renders the page of the first `most` documents. `plots` may be a sentence that says why there are none.

    `patterns` is the folder of rules for sections and criterion lines (default: the shipped one). `unread` has by
    doc_id the rows of the table of that name, with `UNREAD_SHOWN`. Raises PatternError for unusable patterns.
    """
    from trialsift.rules.files import find_patterns

    rules = find_patterns(patterns)
    structure = Structure(rules)
    colours = {label.label: label.colour for label in (*shipped_labels(), *read_labels(rules))}
    shown, passed = documents[:most], unread or {}
    data = [
        {**make_document_data(document, structure, rules), "unread": list(passed.get(document.doc_id, ()))}
        for document in shown
    ]
    return render(
        "view.html.j2",
        styles=("base.css", "parts.css", "view.css"),
        scripts=("base.js", "parts.js", "view.js"),
        version=__version__,
        title=title,
        total=len(documents),
        shown=len(shown),
        facts=sum(len(document.spans) for document in shown),
        regimens=sum(len(document.regimens) for document in shown),
        labels=sorted({span.label for document in shown for span in document.spans}),
        plots=() if isinstance(plots, str) else plots,
        no_plots=plots if isinstance(plots, str) else None,
        data={"colours": colours, "documents": data},
    )


def make_document_data(document: GoldDocument, structure: Structure, rules: Folder) -> dict[str, Any]:
    """Makes the data of one document for the page's script; all offsets count code points."""
    numbers = {span.id: number for number, span in enumerate(document.spans)}
    doubts, plausibility = _find_doubts(document, rules), read_plausibility(rules)
    return {
        "id": document.doc_id,
        "text": document.text,
        "sections": [[s.start, s.name, s.polarity] for s in structure.find_sections(document.text, document.parts)],
        "lines": [
            [line.start, line.end, line.indent, line.bulleted]
            for segment in split_at_parts(document.text, document.parts)
            for line in split_lines(document.text, structure.words, *segment)
        ],
        "facts": [_make_fact(span, plausibility) for span in document.spans],
        "alternatives": [
            {"number": group.number, "facts": group.members, "joint": group.joint, "meaning": group.meaning}
            for group in collect_alternatives(span.attributes for span in document.spans)
        ],
        "regimens": [
            _make_regimen(document, regimen, numbers, doubts.get(number))
            for number, regimen in enumerate(document.regimens, start=1)
        ],
    }


def _find_doubts(document: GoldDocument, rules: Folder) -> dict[Scalar, Scalar]:
    """Returns by the number of a statement why its regimen is implausible."""
    if not document.regimens:
        return {}
    annotation = document.to_annotation()
    made = read_regimen_maker(rules).make_rows("", document.text, annotation, [""] * len(annotation.facts))
    reasons = {row["regimen"]: row["implausible"] for row in made.regimens}
    return {row["mention"]: reasons[row["regimen"]] for row in made.mentions}


def _make_fact(span: GoldSpan, plausibility: Plausibility) -> dict[str, Any]:
    get = span.attributes.get
    said = {*_IN_THE_WORDS, "polarity"}
    said |= {f"{name}_as_written" for name in ("unit", "scale") if get(f"{name}_as_written") == get(name)}
    more = {n: format_scalar(v) for n, v in span.attributes.items() if n not in said and v is not None}
    if get("plausible") is False:
        doubt = plausibility.find_doubt(Fact(span.label, span.start, span.end, span.text, "", span.attributes))
        more["implausible"] = doubt or "no reason known"
        del more["plausible"]
    return {
        "label": span.label,
        "start": span.start,
        "end": span.end,
        "words": describe_labelled(span.label, span.attributes),
        "polarity": span.attributes.get("polarity"),
        "rule": span.rule,
        "alternative": tag_alternatives(span.attributes),
        "more": more,
    }


def _make_regimen(
    document: GoldDocument, regimen: Regimen, numbers: Mapping[int, int], doubt: Scalar
) -> dict[str, Any]:
    spans = [span for span in document.spans if span.id in regimen.facts]
    said = find_stated(document, regimen)
    parts = (
        ("fractions", "fractions", regimen.fractions),
        ("dose_per_fraction", "Gy per fraction", regimen.dose_per_fraction),
        ("total_dose", "Gy in total", regimen.total_dose),
    )
    flags = [flag for flag in ("boost", "historical", "negated") if any(s.attributes.get(flag) for s in spans)]
    return {
        "words": describe_regimen(regimen),
        "facts": [numbers[identifier] for identifier in regimen.facts],
        "parts": [[format_bounds(bounds) or "?", unit, name in said] for name, unit, bounds in parts],
        "flags": [*flags, *([] if doubt is None else [f"implausible: {doubt}"])],
    }
