"""Scores predicted annotations against gold ones. Imports no spaCy: anybody's predictions can be scored.

In: two lists of `trialsift.gold.GoldDocument`. Out: an `Evaluation` with counts, rates, intervals and a list of errors.
What counts as right is the section "Scoring" of the annotation guidelines. Read in this order:

    equality.py    which attributes of a label are its value, and when two are equal
    pairing.py     which prediction answers which gold span (assignment.py does the arithmetic)
    counts.py      right, wrong, missed and spurious: addable; rates come last
    attributes.py  polarity, condition, agent …, over the pairs whose value is right
    regimens.py    radiotherapy prescriptions
    rules.py       how each rule does
    confusion.py   what was taken for what
    errors.py      each error as a row that a person can check
    bootstrap.py   how far a rate would move with other documents
    evaluate.py    all of these over documents
    comparison.py  this run against an earlier one
    thresholds.py  `--fail-under`: a score by its name
"""

from trialsift.evaluation.evaluate import Evaluation, evaluate

__all__ = ["Evaluation", "evaluate"]
