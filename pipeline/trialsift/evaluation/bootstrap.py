"""Computes confidence intervals of rates with the percentile bootstrap over documents.

Documents are resampled whole, since errors within a document are correlated. Source of the method: Efron and
Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trialsift.evaluation.counts import ScoreCounts

RateInterval = tuple[float, float]
Intervals = dict[str, RateInterval | None]
RATES = ("precision", "recall", "f1")


class Bootstrap:
    """Draws `resamples` samples of `documents` documents with replacement, once for all scores.

    The same seed gives the same intervals. With fewer than two documents, or without resamples, every interval is None.
    """

    def __init__(self, documents: int, resamples: int = 1000, seed: int = 0) -> None:
        self._times_drawn: NDArray[np.int64] | None = None
        if documents > 1 and resamples:  # all resamples of one document are equal
            generator = np.random.default_rng(seed)
            self._times_drawn = generator.multinomial(documents, np.full(documents, 1 / documents), size=resamples)

    def compute_intervals(self, counts: Sequence[ScoreCounts]) -> Intervals:
        """Returns 95 % intervals of precision, recall and F1 from the counts of each document.

        Resamples in which a rate is 0/0 are left out; None if no other is left.
        """
        if self._times_drawn is None:
            return dict.fromkeys(RATES)
        return {rate: _find_interval(values[~np.isnan(values)]) for rate, values in self._compute_rates(counts).items()}

    def compute_differences(
        self, before: Sequence[ScoreCounts], after: Sequence[ScoreCounts]
    ) -> dict[str, tuple[RateInterval, float] | None]:
        """Compares precision, recall and F1 of two runs, given the counts of the same documents in the same order.

        Returns for each rate the 95 % interval of the difference, and the share of resamples in which `after` is
        higher, ties counted half; None if a rate is 0/0 in every resample of a side. Both sides share the resamples.
        """
        if self._times_drawn is None:
            return dict.fromkeys(RATES)
        one, other = self._compute_rates(before), self._compute_rates(after)
        result: dict[str, tuple[RateInterval, float] | None] = {}
        for rate in RATES:
            moved = (other[rate] - one[rate])[~(np.isnan(one[rate]) | np.isnan(other[rate]))]
            interval = _find_interval(moved)
            if interval is None:
                result[rate] = None
                continue
            ahead = np.mean(moved > 0) + np.mean(moved == 0) / 2
            result[rate] = (interval, float(ahead))
        return result

    def _compute_rates(self, documents: Sequence[ScoreCounts]) -> dict[str, NDArray[np.float64]]:
        """Computes precision, recall and F1 of each resample; NaN for 0/0."""
        assert self._times_drawn is not None
        counts = np.array([(t.tp, t.fp, t.fn) for t in documents], dtype=np.int64)
        tp, fp, fn = (self._times_drawn @ counts).T
        with np.errstate(invalid="ignore"):
            return {"precision": tp / (tp + fp), "recall": tp / (tp + fn), "f1": 2 * tp / (2 * tp + fp + fn)}


def _find_interval(values: NDArray[np.float64]) -> RateInterval | None:
    if not values.size:
        return None
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
