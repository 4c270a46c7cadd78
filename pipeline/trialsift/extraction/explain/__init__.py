"""Why a fact is what it is: the rule that read it, the characters that it matched, and what was made of them.

In: an extractor and a text. Out: plain data, for `trialsift show --explain` and for tests. Nothing is extracted here:
`Extractor.read` hands out what it used, and what can't be told from that is left out. Read data.py first, which says
what comes out, then explain.py; values.py (with quantities.py, names.py, scores.py) and surroundings.py tell of a fact,
regimens.py of a prescription.
"""

from trialsift.extraction.explain.data import Explanation, Piece, RegimenExplanation, Step
from trialsift.extraction.explain.explain import explain, explain_reading
from trialsift.extraction.explain.regimens import explain_regimens

__all__ = [
    "Explanation",
    "Piece",
    "RegimenExplanation",
    "Step",
    "explain",
    "explain_reading",
    "explain_regimens",
]
