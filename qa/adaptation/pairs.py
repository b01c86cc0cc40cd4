"""Sentences of the user's own text that say the same in two languages.

Those whose vectors are each other's nearest across languages (Artetxe &
Schwenk, "Margin-based Parallel Corpus Mining with Multilingual Sentence
Embeddings", ACL 2019). Knows texts and vectors; knows neither the corpus nor
what is learned from the pairs. docs/log.md has the figures behind the
thresholds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import faiss
import numpy as np
import numpy.typing as npt

from qa.language.tokens import fold, tokens
from qa.types import Vectors

NEIGHBOURS = 4
LEAST_COSINE = 0.5
LEAST_MARGIN = 1.05
WORDS = range(3, 61)  # in a sentence worth pairing: a heading says little, a table too much
LONGER = 2.5  # at most so many times as many words as its mate
ALIKE = 0.6  # at most that share of words in common: a copy teaches no translation

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the document with the id *document*, where it starts at *start*."""

    text: str
    language: str
    document: str
    start: int


Pair = tuple[Sentence, Sentence]


@dataclass(frozen=True, slots=True)
class Mate:
    """Row *a* of one language and row *b* of another; *cosine* and ratio *margin*."""

    a: int
    b: int
    cosine: float
    margin: float


def worth_pairing(text: str) -> bool:
    """True for a sentence, rather than a heading, a number or a table."""
    return len(tokens(text)) in WORDS


def sentence_pairs(
    one: Sequence[Sentence], other: Sequence[Sentence], vectors: tuple[Vectors, Vectors]
) -> list[Pair]:
    """Sentences that are mates, close enough and of like length.

    *vectors*: of *one* and of *other*, rows of length 1.
    """
    return [
        (one[mate.a], other[mate.b])
        for mate in mates(*vectors)
        if mate.cosine >= LEAST_COSINE
        and mate.margin >= LEAST_MARGIN
        and _could_be_mates(one[mate.a].text, other[mate.b].text)
    ]


def mates(a: Vectors, b: Vectors) -> list[Mate]:
    """Rows of *a* and of *b*, unit vectors, that are nearest to each other.

    The ratio margin divides the cosine of two rows by the mean cosine of both
    with their ``NEIGHBOURS`` nearest: a sentence that is near to everything
    has no mate.
    """
    k = min(NEIGHBOURS, len(a), len(b))
    if not k:
        return []
    cosines_a, nearest_a = _nearest(a, b, k)
    cosines_b, nearest_b = _nearest(b, a, k)
    mean_a, mean_b = cosines_a.mean(axis=1), cosines_b.mean(axis=1)
    margin_a = 2 * cosines_a / np.maximum(mean_a[:, None] + mean_b[nearest_a], 1e-6)
    margin_b = 2 * cosines_b / np.maximum(mean_b[:, None] + mean_a[nearest_b], 1e-6)
    best_a, best_b = margin_a.argmax(axis=1), margin_b.argmax(axis=1)
    chosen_b = nearest_b[np.arange(len(b)), best_b]
    found = []
    for row, place in enumerate(best_a):
        mate = int(nearest_a[row, place])
        if chosen_b[mate] == row:
            found.append(Mate(row, mate, float(cosines_a[row, place]), float(margin_a[row, place])))
    return found


def _nearest(queries: Vectors, rows: Vectors, k: int) -> tuple[Vectors, Ints]:
    index = faiss.IndexFlatIP(rows.shape[1])
    index.add(rows)
    cosines, numbers = index.search(queries, k)
    return cosines, numbers


def _could_be_mates(a: str, b: str) -> bool:
    """True if neither is much longer than the other nor a copy of it."""
    words, others = tokens(a), tokens(b)
    short, long = sorted((len(words), len(others)))
    common = {fold(token.text) for token in words} & {fold(token.text) for token in others}
    return long <= LONGER * short and len(common) <= ALIKE * short
