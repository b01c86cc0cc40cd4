"""From a question to ranked passages.

Candidates come from both legs; every candidate gets both scores, exactly; the
fused score ranks them. A candidate's dense score has three parts: its passage's
cosine, that of its nearest sentence, and word by word (``late``): a question is
about one sentence and its very words, and the passage says whether the rest fits
(docs/log.md has the gains). State arrives as arguments, so that one retriever
serves the corpus, the evaluation and the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa.index.store import PassageTable
from qa.index.vectors import VectorIndex
from qa.retrieval import lexical
from qa.retrieval.fusion import SHIPPED, Weights, weighted_sum
from qa.retrieval.late import Words, late_interaction
from qa.types import QuestionVectors, Vectors

CANDIDATES = 100  # taken from each leg
WORD_BY_WORD = 0.6  # its share in the dense score, of a model that has vectors of words
NEAREST_SENTENCE = 0.75  # its share in the rest

SentenceVectors = Callable[[Sequence[int]], list[Vectors]]
WordVectors = Callable[[Sequence[int]], list[Words]]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The candidates for one question, best first, with what spoke for each.

    Arrays of one length: passage *numbers*, the *fused* score, the *dense*
    score (a mean of cosines), the *lexical* BM25 score, and *coverage*, the share of the
    question's words (by idf) that the passage holds. *dense_weight* is the share
    of the vectors in the fused score. *idf* has one entry for each word of the
    question.
    """

    numbers: npt.NDArray[np.int64]
    fused: npt.NDArray[np.float64]
    dense: npt.NDArray[np.float64]
    lexical: npt.NDArray[np.float64]
    coverage: npt.NDArray[np.float64]
    dense_weight: npt.NDArray[np.float64]
    idf: npt.NDArray[np.float64]

    def where(self, keep: npt.NDArray[np.bool_]) -> Ranked:
        """Only the candidates for which *keep* is true."""
        return self.at(np.flatnonzero(keep))

    def at(self, places: npt.NDArray[np.int64]) -> Ranked:
        """The candidates at *places*, in that order."""
        return Ranked(
            self.numbers[places],
            self.fused[places],
            self.dense[places],
            self.lexical[places],
            self.coverage[places],
            self.dense_weight[places],
            self.idf,
        )

    def weighed(self, dense_weight: float | npt.NDArray[np.float64]) -> Ranked:
        """The same candidates fused with another weight of the vectors, best first.

        *dense_weight*: one number, or one for each candidate.
        """
        share = np.broadcast_to(np.asarray(dense_weight, np.float64), self.dense.shape)
        fused = weighted_sum(self.dense, self.lexical, share)
        best = np.lexsort((self.numbers, -fused))
        return Ranked(
            self.numbers[best],
            fused[best],
            self.dense[best],
            self.lexical[best],
            self.coverage[best],
            share[best],
            self.idf,
        )


def rank(
    words: Sequence[lexical.QueryWord],
    vectors: QuestionVectors,
    *,
    table: PassageTable,
    index: VectorIndex,
    postings: lexical.Postings,
    sentence_vectors: SentenceVectors,
    word_vectors: WordVectors,
    language: str,
    weights: Weights = SHIPPED,
    candidates: int = CANDIDATES,
    keep: npt.NDArray[np.bool_] | None = None,
) -> Ranked:
    """Rank the passages of *table* for a question: its content *words* and its *vectors*.

    *sentence_vectors* gives, for passage numbers, each one's (sentences, dim);
    *word_vectors* each one's (words, word_dim).
    *language*: of the question; *weights* of the two legs by it and the passage's.
    *keep*: one entry a row of *table*; both legs look for candidates only where
    it is true, while idf still counts the whole corpus.
    """
    scores = lexical.score(words, table, postings)
    among = None if keep is None else table.numbers[keep]
    near, _ = index.search(vectors.whole, candidates, among=among)
    by_words = scores.scores if keep is None else np.where(keep, scores.scores, 0.0)
    order = np.argsort(-by_words, kind="stable")[:candidates]
    order = order[by_words[order] > 0]
    numbers = np.union1d(near, table.numbers[order])
    rows = table.rows(numbers)
    whole = index.cosines(vectors.whole, numbers)
    sentence = nearest_sentences(vectors.whole, sentence_vectors(numbers.tolist()), whole)
    late = late_interaction(vectors.words, word_vectors(numbers.tolist()))
    dense = dense_scores(whole, sentence, late if vectors.words.size else None)
    languages = [table.names[i] for i in table.languages[rows]]
    unfused = np.zeros(len(numbers))
    ranked = Ranked(
        numbers,
        unfused,
        dense,
        scores.scores[rows],
        scores.coverage[rows],
        unfused,
        scores.idf,
    )
    return ranked.weighed(weights.of(language, languages))


def dense_scores(
    whole: npt.NDArray[np.float32],
    sentence: npt.NDArray[np.float32],
    late: npt.NDArray[np.float32] | None,
) -> npt.NDArray[np.float64]:
    """One dense score from a passage's three; *late* None: a model without vectors of words."""
    near = (1 - NEAREST_SENTENCE) * whole + NEAREST_SENTENCE * sentence
    if late is not None:
        near = (1 - WORD_BY_WORD) * near + WORD_BY_WORD * late
    return near.astype(np.float64)


def nearest_sentences(
    vector: Vectors, sentences: Sequence[Vectors], whole: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """The highest cosine of *vector* (dim,) with a sentence of each passage, shape (passages,).

    *sentences* holds (sentences, dim) for each passage; one without any keeps
    its entry in *whole*.
    """
    counts = np.array([len(rows) for rows in sentences], np.int64)
    filled = counts > 0
    result = whole.astype(np.float32)
    if filled.any():
        cosines = np.concatenate([rows for rows in sentences if len(rows)]) @ vector
        starts = np.cumsum(counts[filled]) - counts[filled]
        result[filled] = np.maximum.reduceat(cosines, starts)
    return result
