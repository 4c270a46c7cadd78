"""The scorer `trialsift.scorer.v1`: `nlp.evaluate` and `spacy evaluate` with the measures of `trialsift evaluate`.

In: spaCy's Examples. Out, under the component's spans key, here `trialsift`; levels and rates are those of evaluation/:

    trialsift_value_p, _r, _f      precision, recall and F1 over all labels, None for 0/0; likewise `detection`, `exact`
    trialsift_value_per_type       the three by label
    trialsift_regimens_p, _r, _f   of radiotherapy prescriptions; trialsift_own_regimens_p … of the trial's own

Gold is in the reference Doc, as `trialsift convert gold.jsonl gold.spacy` writes it: under the component's own spans
key, else under `trialsift`. References without gold are left out; without any, every score is None.
"""

# No `from __future__ import annotations`: spaCy imports this with every pipeline.
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from spacy.training import Example
from spacy.util import registry

from trialsift.spacy_pipeline.doc_annotation import SPANS_KEY, annotation_of
from trialsift.spacy_pipeline.scores import LEVELS, SCORER, Scores

if TYPE_CHECKING:
    from trialsift.evaluation import Evaluation
    from trialsift.evaluation.counts import ScoreCounts


@registry.scorers(SCORER)  # type: ignore[untyped-decorator]
def make_scorer() -> Callable[..., Scores]:
    """Returns `score_examples`, for the config of a pipeline."""
    return score_examples


def score_examples(
    examples: Iterable[Example], *, spans_key: str = SPANS_KEY, labels: Collection[str] | None = None, **kwargs: Any
) -> Scores:
    """Scores the predicted Docs against their references, by default for all labels.

    Raises GoldError for a reference whose spans were edited after its facts were written, and UserError if the texts of
    an Example's Docs differ.
    """
    from trialsift.evaluation import evaluate
    from trialsift.gold import parse_document
    from trialsift.gold.formats.docbin import read_doc
    from trialsift.model.fact import annotation_record

    gold, predicted = [], []
    for number, example in enumerate(examples, start=1):
        where = f"Example {number}"
        document = read_doc(example.reference, where, spans_key) or read_doc(example.reference, where)
        if document is None:
            continue
        if labels is not None:
            scored = [label for label in document.scored_labels if label in labels]
            document = replace(document, meta={**document.meta, "labels": scored})
        name = f"{number}: {document.doc_id}"  # several Docs may have the same doc_id, or none
        gold.append(replace(document, doc_id=name))
        record = annotation_record(name, example.predicted.text, annotation_of(example.predicted, spans_key))
        predicted.append(parse_document(record, where))
    return _make_scores(evaluate(gold, predicted), spans_key)


def _make_scores(evaluation: "Evaluation", spans_key: str) -> Scores:
    scores: Scores = {}
    micro, by_label = evaluation.micro, evaluation.labels
    for level in LEVELS:
        scores |= {f"{spans_key}_{level}_{rate}": value for rate, value in _list_rates(micro.level(level)).items()}
        per_type = {label: _list_rates(counts.level(level)) for label, counts in by_label.items()}
        scores[f"{spans_key}_{level}_per_type"] = per_type or None
    for name, counts in evaluation.groups.items():
        scores |= {f"{spans_key}_{name}_{rate}": value for rate, value in _list_rates(counts).items()}
    return scores


def _list_rates(counts: "ScoreCounts") -> dict[str, float | None]:
    return {"p": counts.precision, "r": counts.recall, "f": counts.f1}
