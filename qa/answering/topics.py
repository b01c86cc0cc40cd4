"""Which statements are about a topic, in either language, and how much.

Pure functions over what the index holds: the vector of each sentence and the
words of the topic with their translations.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa.answering.reader import found_words
from qa.retrieval.lexical import QueryWord
from qa.types import Span, Statement, Vectors

# A statement is about a topic when its score reaches this; docs/log.md has the figures.
LEAST_SCORE = 0.5
WORDS_SHARE = 0.4  # of the score; the rest is the cosine


@dataclass(frozen=True, slots=True)
class Stretch:
    """The sentences of one passage: where they are, what they say, their vectors (n, dim)."""

    document_id: str
    text: str
    language: str
    sentences: Sequence[Span]
    vectors: Vectors


def scores(
    statements: Sequence[Statement],
    stretches: Sequence[Stretch],
    *,
    words: Sequence[QueryWord],
    idf: npt.NDArray[np.float64],
    vector: npt.NDArray[np.float32],
) -> dict[Statement, float]:
    """How much each statement is about the topic, 0 to 1; those outside *stretches* are left out.

    The score weighs the share of the topic's idf mass that the sentences of the
    statement hold, as such or translated, and the highest cosine of one of them
    with *vector* (dim,). *idf*: one entry a word of *words*.
    """
    by_document: dict[str, list[Statement]] = {}
    for statement in statements:
        by_document.setdefault(statement.document_id, []).append(statement)
    for found in by_document.values():
        found.sort(key=lambda s: s.span)
    best: dict[Statement, float] = {}
    mass = float(idf.sum())
    for stretch in stretches:
        starts = [span.start for span in stretch.sentences]
        ends = [span.end for span in stretch.sentences]
        cosines = stretch.vectors @ vector
        for statement in by_document.get(stretch.document_id, ()):
            low = bisect_right(ends, statement.span.start)
            high = bisect_left(starts, statement.span.end)
            if low >= high:
                continue
            said = stretch.text[starts[low] : ends[high - 1]]
            held = found_words(words, said, stretch.language)
            share = float(idf[held].sum()) / mass if mass else 0.0
            score = WORDS_SHARE * share + (1 - WORDS_SHARE) * float(cosines[low:high].max())
            best[statement] = max(score, best.get(statement, 0.0))
    return best
