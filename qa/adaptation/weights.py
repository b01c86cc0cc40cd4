"""Fusion weights by language pair, fitted on questions whose answers are known.

Knows the two scores of each candidate and which candidates answer; knows
neither texts nor the corpus. One question counts by the rank of the first
passage that answers it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

import numpy as np
import numpy.typing as npt

from qa.evaluation.statistics import FOLDS, folds
from qa.retrieval.fusion import SHIPPED, Weights, z_scores

Floats = npt.NDArray[np.float64]

GRID = tuple(round(0.1 * step, 1) for step in range(11))
LEAST = 10  # questions of a pair of languages
HALFWAY = 50  # questions that carry a weight half of the way from the shipped one
SWEEPS = 2


@dataclass(frozen=True, slots=True)
class Case:
    """The candidates of one question: arrays of one length, scores z-normalised.

    *language*: of the question. *home* indexes into *languages*, those of the
    candidates; *right* marks the candidates that answer.
    """

    language: str
    languages: tuple[str, ...]
    home: npt.NDArray[np.int64]
    dense: Floats
    lexical: Floats
    right: npt.NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        language: str,
        passages: Sequence[str],
        dense: Floats,
        lexical: Floats,
        right: Sequence[bool],
    ) -> Case:
        """From raw scores; *passages* holds the language of each candidate."""
        languages = tuple(sorted(set(passages)))
        return cls(
            language,
            languages,
            np.array([languages.index(one) for one in passages], np.int64),
            z_scores(dense),
            z_scores(lexical),
            np.array(right, bool),
        )

    def rank(self, weights: Weights) -> int:
        """The rank, from 1, of the first passage that answers; 0 if none is a candidate.

        Of passages with the same score, one that answers is thought to come last.
        """
        if not self.right.any():
            return 0
        weight = weights.of(self.language, self.languages)[self.home]
        fused = weight * self.dense + (1 - weight) * self.lexical
        best = fused[self.right].max()
        return 1 + int((fused[~self.right] >= best - 1e-12).sum())

    @property
    def answered_in(self) -> str | None:
        """The language of the best passage that answers, by both scores alike."""
        if not self.right.any():
            return None
        both = np.where(self.right, self.dense + self.lexical, -np.inf)
        return self.languages[int(self.home[int(np.argmax(both))])]


def gain(rank: int) -> float:
    """nDCG@10 of a question whose one right passage has this *rank* (0: not found)."""
    return 1 / log2(1 + rank) if 0 < rank <= 10 else 0.0


def fit(cases: Sequence[Case], start: Weights = SHIPPED) -> Weights:
    """The weights with the best mean ``gain`` on *cases*, drawn back towards *start*.

    One pair of languages after the other over ``GRID``, twice. A pair with
    fewer than ``LEAST`` questions keeps its weight; one with n questions goes
    n / (n + ``HALFWAY``) of the way to its best weight.
    """
    found = dict(start.pairs)
    counts = Counter((case.language, case.answered_in) for case in cases)
    for language in sorted({case.language for case in cases}):
        mine = [case for case in cases if case.language == language]
        pairs = sorted(
            (asked, said)
            for (asked, said), count in counts.items()
            if asked == language and said is not None and count >= LEAST
        )
        best = {pair: start.pairs.get(pair, start.default) for pair in pairs}
        for _ in range(SWEEPS if len(pairs) > 1 else 1):
            for pair in pairs:
                best[pair] = max(
                    GRID,
                    key=lambda weight: (
                        round(_mean(mine, found | best | {pair: weight}, start), 9),
                        -abs(weight - start.pairs.get(pair, start.default)),
                    ),
                )
        for pair, weight in best.items():
            before = start.pairs.get(pair, start.default)
            way = counts[pair] / (counts[pair] + HALFWAY)
            found[pair] = round(before + way * (weight - before), 3)
    return Weights(
        {
            pair: weight
            for pair, weight in found.items()
            if pair in start.pairs or weight != start.default
        },
        start.default,
    )


def _mean(cases: Sequence[Case], pairs: Mapping[tuple[str, str], float], start: Weights) -> float:
    weights = Weights(pairs, start.default)
    return sum(gain(case.rank(weights)) for case in cases) / len(cases)


def cross_validated(cases: Sequence[Case], start: Weights = SHIPPED) -> list[int]:
    """The rank of each question's answer under weights fitted without its fold."""
    fold = folds([f"{case.language} {case.answered_in}" for case in cases])
    ranks = [0] * len(cases)
    for number in range(FOLDS):
        fitted = fit([case for row, case in enumerate(cases) if fold[row] != number], start)
        for row in np.flatnonzero(fold == number).tolist():
            ranks[row] = cases[row].rank(fitted)
    return ranks
