"""Makes a row for each error: its place, rule, gold and predicted value, and the text around it.

In: the pairs and the unpaired spans of a label in a document, from evaluate.py. Out: `ErrorRow`s.

    missed, spurious      a span without a counterpart on the other side
    wrong_value           the key attributes in `differs` are not equal
    wrong_offsets         the value is right, the span is not
    wrong_attribute       the value is right, the attributes in `differs` (polarity, agent …) are not
    missed_regimen, spurious_regimen
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from trialsift.evaluation.attributes import find_wrong_attributes
from trialsift.evaluation.pairing import Pair
from trialsift.evaluation.regimens import REGIMEN, RegimenScore, find_spans
from trialsift.gold import GoldDocument, GoldSpan
from trialsift.model.display import describe_value, format_regimen_equation, format_scalar
from trialsift.model.document import find_line

#: Characters of context on either side.
CONTEXT = 60
#: The longest passage around a regimen's spans that is shown whole, in characters.
LONGEST = 600


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """One error. `line` counts from 1; `start`/`end` are those of the gold span, or of the spurious one.

    `gold_id`, `predicted_id`: ids of the spans, or indices of regimens in the document's list.
    """

    doc_id: str
    label: str
    error: str
    differs: str
    rule: str
    gold_value: str
    predicted_value: str
    gold_text: str
    predicted_text: str
    start: int
    end: int
    line: int
    context: str
    gold_id: int | None
    predicted_id: int | None

    @property
    def is_regimen(self) -> bool:
        """Whether the ids are indices of regimens."""
        return self.error in ("missed_regimen", "spurious_regimen")


def list_span_errors(
    document: GoldDocument, label: str, pairs: Iterable[Pair], missed: Iterable[GoldSpan], spurious: Iterable[GoldSpan]
) -> list[ErrorRow]:
    """Lists the errors of one label in one document in the order of the text; only what is gold there is compared."""
    rows = [_make_row(document, label, "missed", span, None) for span in missed]
    rows += [_make_row(document, label, "spurious", None, span) for span in spurious]
    for pair in pairs:
        rows.extend(
            _make_row(document, label, error, pair.gold, pair.predicted, differs)
            for error, differs in _classify(document, pair)
        )
    return sorted(rows, key=lambda r: (r.start, r.end, r.error))


def _classify(document: GoldDocument, pair: Pair) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not document.scores_values:
        return
    if not pair.value_equal:
        yield "wrong_value", pair.differs
        return
    if not pair.same_offsets:
        yield "wrong_offsets", ()
    wrong = find_wrong_attributes(pair) if document.scores_context else ()
    if wrong:
        yield "wrong_attribute", wrong


def list_regimen_errors(gold: GoldDocument, predicted: GoldDocument, score: RegimenScore) -> list[ErrorRow]:
    """Lists the regimens of one document without a counterpart on the other side."""
    rows = [_make_regimen_row(gold, "missed_regimen", index) for index in score.missed]
    rows += [_make_regimen_row(predicted, "spurious_regimen", index) for index in score.spurious]
    return sorted(rows, key=lambda r: (r.start, r.end, r.error))


def _make_row(
    document: GoldDocument,
    label: str,
    error: str,
    gold: GoldSpan | None,
    predicted: GoldSpan | None,
    differs: tuple[str, ...] = (),
) -> ErrorRow:
    place = gold or predicted
    assert place is not None
    shown = differs if error == "wrong_attribute" else ()
    return ErrorRow(
        doc_id=document.doc_id,
        label=label,
        error=error,
        differs=", ".join(differs),
        rule=(predicted.rule or "") if predicted else "",
        gold_value=_describe(gold, shown),
        predicted_value=_describe(predicted, shown),
        gold_text=gold.text if gold else "",
        predicted_text=predicted.text if predicted else "",
        start=place.start,
        end=place.end,
        line=find_line(document.text, place.start),
        context=cut_context(document.text, place.start, place.end),
        gold_id=gold.id if gold else None,
        predicted_id=predicted.id if predicted else None,
    )


def _make_regimen_row(document: GoldDocument, error: str, index: int) -> ErrorRow:
    regimen = document.regimens[index]
    spans = find_spans(document, regimen)
    start, end = min(s.start for s in spans), max(s.end for s in spans)
    value, texts = format_regimen_equation(regimen), "; ".join(s.text for s in spans)
    missed = error == "missed_regimen"
    return ErrorRow(
        doc_id=document.doc_id,
        label=REGIMEN,
        error=error,
        differs="",
        rule=", ".join(sorted({s.rule for s in spans if s.rule})),
        gold_value=value if missed else "",
        predicted_value="" if missed else value,
        gold_text=texts if missed else "",
        predicted_text="" if missed else texts,
        start=start,
        end=end,
        line=find_line(document.text, start),
        context=cut_context(document.text, start, end),
        gold_id=index if missed else None,
        predicted_id=None if missed else index,
    )


def _describe(span: GoldSpan | None, names: tuple[str, ...]) -> str:
    if span is None:
        return ""
    stated = [f"{name}={format_scalar(span.attributes.get(name))}" for name in names]
    return ", ".join([describe_value(span.attributes), *stated])


def cut_context(text: str, start: int, end: int) -> str:
    """Returns the text around a range with white space collapsed; of a long range only its two ends."""
    left, right = max(0, start - CONTEXT), end + CONTEXT
    shown = text[left:right]
    if end - start > LONGEST:
        shown = f"{text[left : start + LONGEST // 2]} … {text[end - LONGEST // 2 : right]}"
    return " ".join(shown.split())
