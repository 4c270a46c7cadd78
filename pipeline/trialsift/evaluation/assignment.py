"""Finds the one-to-one assignment of the greatest total weight."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def find_best_assignment(weights: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Returns the (row, column) pairs, each row and column at most once, whose weights have the greatest sum.

    Pairs of weight 0 are never returned. The result is deterministic.
    """
    if not weights.any():
        return []
    from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]  # 0.2 s, and often not needed

    rows, columns = linear_sum_assignment(weights, maximize=True)
    return [(i, j) for i, j in zip(rows.tolist(), columns.tolist(), strict=True) if weights[i, j]]
