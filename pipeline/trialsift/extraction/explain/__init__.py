"""Why a fact is what it is, and why a number is none.

In: an extractor and a text. Out: plain data, for `trialsift show --explain` and for tests. Nothing is extracted here:
`Extractor.read` hands out what it used, and what can't be told from that is left out. Read data.py first, which says
what comes out, then explain.py; values.py (with pieces.py, names.py) and surroundings.py tell of a fact, regimens.py of
a prescription, declined.py (with forms.py, sense.py) of numbers that are part of no fact, suspects.py of
those among them that may be one, and numbers.py counts them all.
"""

from trialsift.extraction.explain.data import Declined, Explanation, Piece, RegimenExplanation, Step
from trialsift.extraction.explain.declined import explain_declined, find_declined
from trialsift.extraction.explain.explain import explain, explain_reading
from trialsift.extraction.explain.numbers import CountedNumber, NumberAnnotator, account_for_numbers, count_numbers
from trialsift.extraction.explain.regimens import explain_regimens

__all__ = [
    "CountedNumber",
    "Declined",
    "Explanation",
    "NumberAnnotator",
    "Piece",
    "RegimenExplanation",
    "Step",
    "account_for_numbers",
    "count_numbers",
    "explain",
    "explain_declined",
    "explain_reading",
    "explain_regimens",
    "find_declined",
]
