"""How far a rate would move had other documents been drawn: the percentile bootstrap over documents.

Documents are resampled whole, since facts of one document stand and fall together. Source of the method: Efron and
Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trialsift.evaluation.counts import Tally

Interval = tuple[float, float]
Intervals = dict[str, Interval | None]
RATES = ("precision", "recall", "f1")


class Bootstrap:
    """Draws `resamples` samples of `documents` documents, with replacement, once; then serves every tally.

    The same seed gives the same intervals. Without documents or resamples every interval is None.
    """

    def __init__(self, documents: int, resamples: int = 1000, seed: int = 0) -> None:
        self._times_drawn: NDArray[np.int64] | None = None
        if documents and resamples:
            generator = np.random.default_rng(seed)
            self._times_drawn = generator.multinomial(documents, np.full(documents, 1 / documents), size=resamples)

    def intervals(self, tallies: Sequence[Tally]) -> Intervals:
        """95 % intervals of precision, recall and F1 over one tally a document.

        A resample in which a rate is 0/0 says nothing about it and is left out; None where all are.
        """
        if self._times_drawn is None:
            return dict.fromkeys(RATES)
        counts = np.array([(t.tp, t.fp, t.fn) for t in tallies], dtype=np.int64)
        tp, fp, fn = (self._times_drawn @ counts).T
        return {
            "precision": _interval(tp, tp + fp),
            "recall": _interval(tp, tp + fn),
            "f1": _interval(2 * tp, 2 * tp + fp + fn),
        }


def _interval(part: NDArray[Any], whole: NDArray[Any]) -> Interval | None:
    asked = whole > 0
    if not asked.any():
        return None
    low, high = np.percentile(part[asked] / whole[asked], [2.5, 97.5])
    return float(low), float(high)
