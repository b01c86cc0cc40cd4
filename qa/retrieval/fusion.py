"""One score from two: the z-normalised weighted sum.

Scores of the two legs have other scales for every question, so each is brought
to mean 0 and deviation 1 over the question's candidates first. docs/log.md has
the figures behind the weight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

DENSE_WEIGHT = 0.7


@dataclass(frozen=True, slots=True)
class Weights:
    """How much the vectors count, by the languages of question and passage.

    *pairs* maps (question's, passage's) language to a weight from 0, words
    alone, to 1, vectors alone; every other pair has *default*.
    """

    pairs: Mapping[tuple[str, str], float] = field(default_factory=dict)
    default: float = DENSE_WEIGHT

    def of(self, question: str, passages: Sequence[str]) -> Floats:
        """The weight for each passage, given its language and the question's."""
        found = [self.pairs.get((question, passage), self.default) for passage in passages]
        return np.array(found, np.float64)

    def __str__(self) -> str:
        pairs = (f"; {asked} → {text} {weight}" for (asked, text), weight in self.pairs.items())
        return str(self.default) + "".join(pairs)


# Within Indonesian words count for more: nothing there needs translating.
SHIPPED = Weights({("id", "id"): 0.6})


def z_scores(values: Floats) -> Floats:
    """*values* with mean 0 and deviation 1; zeros if they are all the same."""
    if not len(values) or (deviation := values.std()) < 1e-9:
        return np.zeros_like(values)
    result: Floats = (values - values.mean()) / deviation
    return result


def weighted_sum(
    dense: Floats, lexical: Floats, dense_weight: float | Floats = DENSE_WEIGHT
) -> Floats:
    """Fused scores of the same candidates, in the same order.

    *dense_weight*: one number, or one for each candidate.
    """
    return dense_weight * z_scores(dense) + (1 - dense_weight) * z_scores(lexical)
