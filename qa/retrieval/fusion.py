"""One score from two: the z-normalised weighted sum.

Scores of the two legs have other scales for every question, so each is brought
to mean 0 and deviation 1 over the question's candidates first. docs/log.md has
the figures behind the weight.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

DENSE_WEIGHT = 0.6


def z_scores(values: Floats) -> Floats:
    """*values* with mean 0 and deviation 1; zeros if they are all the same."""
    if not len(values) or (deviation := values.std()) < 1e-9:
        return np.zeros_like(values)
    result: Floats = (values - values.mean()) / deviation
    return result


def weighted_sum(dense: Floats, lexical: Floats, dense_weight: float = DENSE_WEIGHT) -> Floats:
    """Fused scores of the same candidates, in the same order."""
    return dense_weight * z_scores(dense) + (1 - dense_weight) * z_scores(lexical)
