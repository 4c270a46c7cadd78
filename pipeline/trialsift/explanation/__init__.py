"""Why a fact is what it is: the rule that read it, the characters that it matched, and what was made of them.

In: an extractor and a text. Out: plain data, for `trialsift show --explain` and for tests. Nothing is extracted here:
`Extractor.read` hands out what it used, and what can't be told from that is left out. data.py says what comes out,
explain.py puts it together; quantities.py, names.py and scores.py tell the pieces of a value, and regimens.py what was
computed for a prescription.
"""

from .data import Explanation, Piece, RegimenExplanation, Step
from .explain import explain, explain_reading
from .regimens import explain_regimens

__all__ = [
    "Explanation",
    "Piece",
    "RegimenExplanation",
    "Step",
    "explain",
    "explain_reading",
    "explain_regimens",
]
