"""How sure a fact or regimen is: the probability that it is right, from signs that a reader would look at too.

In: a text and its annotation. Out: a number between 0 and 1 for each fact and regimen, and what each sign adds to it.
`signs.py` finds the signs, `rate.py` weighs them; their weights are data (`patterns/confidence.toml`), learnt from
annotated texts by benchmarks/confidence.py. Right means: interval, unit, name and polarity are. Nothing here changes a
fact.
"""

from trialsift.extraction.confidence.rate import Rater, Rating, Ratings, read_rater
from trialsift.extraction.confidence.sure import SureAnnotator, check_confidence, drop_doubtful

__all__ = ["Rater", "Rating", "Ratings", "SureAnnotator", "check_confidence", "drop_doubtful", "read_rater"]
