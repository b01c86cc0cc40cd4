"""From a question to ranked passages.

Candidates come from both legs; every candidate gets both scores, exactly; the
fused score ranks them. State arrives as arguments, so that one retriever
serves the corpus, the evaluation and the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa.index.store import PassageTable
from qa.index.vectors import VectorIndex
from qa.retrieval import lexical
from qa.retrieval.fusion import DENSE_WEIGHT, weighted_sum
from qa.types import Vectors

CANDIDATES = 100  # taken from each leg


@dataclass(frozen=True, slots=True)
class Ranked:
    """The candidates for one question, best first, with what spoke for each.

    Arrays of one length: passage *numbers*, the *fused* score, the *dense*
    cosine, the *lexical* BM25 score, and *coverage*, the share of the
    question's words (by idf) that the passage holds. *idf* has one entry for
    each word of the question.
    """

    numbers: npt.NDArray[np.int64]
    fused: npt.NDArray[np.float64]
    dense: npt.NDArray[np.float64]
    lexical: npt.NDArray[np.float64]
    coverage: npt.NDArray[np.float64]
    idf: npt.NDArray[np.float64]

    def where(self, keep: npt.NDArray[np.bool_]) -> Ranked:
        """Only the candidates for which *keep* is true."""
        return Ranked(
            self.numbers[keep],
            self.fused[keep],
            self.dense[keep],
            self.lexical[keep],
            self.coverage[keep],
            self.idf,
        )


def rank(
    words: Sequence[lexical.QueryWord],
    vector: Vectors,
    *,
    table: PassageTable,
    index: VectorIndex,
    postings: lexical.Postings,
    dense_weight: float = DENSE_WEIGHT,
    candidates: int = CANDIDATES,
) -> Ranked:
    """Rank the passages of *table* for a question: its content *words* and its *vector* (dim,).

    *dense_weight* 1 ranks by vectors alone, 0 by words alone.
    """
    scores = lexical.score(words, table, postings)
    near, _ = index.search(vector, candidates)
    order = np.argsort(-scores.scores, kind="stable")[:candidates]
    order = order[scores.scores[order] > 0]
    numbers = np.union1d(near, table.numbers[order])
    rows = table.rows(numbers)
    dense = index.cosines(vector, numbers).astype(np.float64)
    words_score = scores.scores[rows]
    fused = weighted_sum(dense, words_score, dense_weight)
    best = np.lexsort((numbers, -fused))
    return Ranked(
        numbers[best],
        fused[best],
        dense[best],
        words_score[best],
        scores.coverage[rows][best],
        scores.idf,
    )
