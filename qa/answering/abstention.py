"""When to say that the documents do not say.

A logistic regression over a few plain signals gives the chance that the chosen
sentences answer the question; below a threshold Kutip abstains. The weights
were fitted by ``benchmarks/abstention.py`` on questions whose answers are in
the documents and the same kind of questions whose answers were hidden; that
program prints them, with the error rates, and they are copied here unchanged.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

WEIGHTS = (2.87, 3.01, 0.98, 0.44, -0.7, -0.48, 1.54)
BIAS = -4.16
THRESHOLD = 0.2

# Where the person asked about makes no statement that Kutip found. It misses
# some, so a very good answer is still given. Set by hand.
SILENT_THRESHOLD = 0.6


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for an answer; every field lies about in 0 to 1.

    ``passage_similarity``, ``sentence_similarity``: cosines of the question
    with the best passage and sentence. ``passage_coverage``,
    ``sentence_coverage``: share of the question's words, by idf, found there.
    ``names_missing``: share of the names in the question that the document of
    the best sentence lacks. ``kind_missing``: 1 if a number, date, person,
    place or reason is asked for and the best sentence has none. ``lead``: how
    far the best passage stands out from the other candidates, in deviations
    over ten.
    """

    passage_similarity: float
    sentence_similarity: float
    passage_coverage: float
    sentence_coverage: float
    names_missing: float
    kind_missing: float
    lead: float


def confidence(signals: Signals) -> float:
    """Estimated probability, 0 to 1, that the answer is right."""
    total = BIAS + sum(w * s for w, s in zip(WEIGHTS, astuple(signals), strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
