"""Scores predicted annotations against gold ones, without spaCy: predictions may come from any program.

In: two lists of `trialsift.gold.GoldDocument`. Out: an `Evaluation` with counts, rates, intervals and a list of errors.
"Scoring" in the annotation guidelines defines what counts as right. Read in this order:

    equality.py    which attributes of a label are its value, and when two are equal
    pairing.py     which prediction answers which gold span (assignment.py does the arithmetic)
    counts.py      counts of right, wrong, missed and spurious spans, which add up; rates are derived last
    attributes.py  polarity, condition, agent …, over the pairs with the right value
    regimens.py    radiotherapy prescriptions
    rules.py       the counts of each rule
    confusion.py   gold classes against predicted ones
    errors.py      each error as a row that a person can check
    bootstrap.py   confidence intervals by resampling documents
    evaluate.py    the whole evaluation
    comparison.py  compares a run with an earlier one
    thresholds.py  `--fail-under`: looks up a score by its name
"""

from trialsift.evaluation.evaluate import Evaluation, evaluate

__all__ = ["Evaluation", "evaluate"]
