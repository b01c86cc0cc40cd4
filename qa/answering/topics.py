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

LEAD = 400  # characters of an article that say, with its title, what it is about


@dataclass(frozen=True, slots=True)
class Weights:
    """What it adds to a cosine when all words of the topic stand there, and the *least* score.

    A statement is about a topic when its score reaches that; docs/log.md has the figures.
    """

    in_statement: float
    in_passage: float
    in_lead: float
    least: float


# One word is near no sentence, and the sentences beside a quotation need not repeat it.
_ONE_WORD = Weights(0.15, 0.2, 0.35, 0.5)
_MORE = Weights(0.15, 0.3, 0.0, 0.44)


def weights_for(words: Sequence[QueryWord]) -> Weights:
    """How to judge a topic of these content words."""
    return _ONE_WORD if len(words) == 1 else _MORE


@dataclass(frozen=True, slots=True)
class Stretch:
    """The sentences of one passage: where they are, what they say, their vectors (n, dim).

    *title* and *text*: of its document.
    """

    document_id: str
    title: str
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
    """How much each statement is about the topic; those outside *stretches* are left out.

    A quotation seldom says what it is about, the sentences around it do. So the
    score is the mean of two cosines with *vector* (dim,), the nearest sentence of
    the statement and the nearest of its passage, plus the shares of the topic's idf
    mass that the two and the head of the article hold, as such or translated, by
    ``weights_for`` the topic. *idf*: one entry
    a word of *words*.
    """
    by_document: dict[str, list[Statement]] = {}
    for statement in statements:
        by_document.setdefault(statement.document_id, []).append(statement)
    best: dict[Statement, float] = {}
    mass = float(idf.sum()) or 1.0
    leads: dict[str, float] = {}
    weights = weights_for(words)
    for stretch in stretches:
        said = by_document.get(stretch.document_id)
        if not said or not stretch.sentences:
            continue
        starts = [span.start for span in stretch.sentences]
        ends = [span.end for span in stretch.sentences]
        held = found_words(words, stretch.text[starts[0] : ends[-1]], stretch.language)
        around = weights.in_passage * float(idf[held].sum()) / mass
        if stretch.document_id not in leads:
            lead = f"{stretch.title}\n{stretch.text[:LEAD]}"
            held = found_words(words, lead, stretch.language)
            leads[stretch.document_id] = weights.in_lead * float(idf[held].sum()) / mass
        around += leads[stretch.document_id]
        cosines = stretch.vectors @ vector
        for statement in said:
            low = bisect_right(ends, statement.span.start)
            high = bisect_left(starts, statement.span.end)
            if low < high:
                itself = stretch.text[starts[low] : ends[high - 1]]
                held = found_words(words, itself, stretch.language)
                score = float(cosines[low:high].max() + cosines.max()) / 2 + around
                score += weights.in_statement * float(idf[held].sum()) / mass
                best[statement] = max(score, best.get(statement, score))
    return best
