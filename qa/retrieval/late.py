"""Late interaction: every word of a question against every word of a passage.

Each word of the question finds its nearest word in the passage, and the passage
scores by how near these are (Khattab & Zaharia, "ColBERT", SIGIR 2020). The
vectors of words are short and made in the pass that makes the passage's own, so
they cost room and no time. They find what one vector for a passage blurs: a
name, a figure, the one clause that answers. docs/log.md has the gain.

Here a word is what ``qa.language.tokens`` says, in the question as in the text.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from qa.index.store import WORD_STEPS
from qa.language.tokens import tokens
from qa.types import Embedder, QuestionVectors, Span

Words = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float32]


def words_of(text: str) -> list[Span]:
    """Where the words of *text* stand."""
    return [Span(token.start, token.end) for token in tokens(text)]


def encode_questions(embedder: Embedder, questions: Sequence[str]) -> list[QuestionVectors]:
    """What ranking needs of each question."""
    vectors, words = embedder.encode_words(questions, [words_of(text) for text in questions])
    return [QuestionVectors(whole, own) for whole, own in zip(vectors, words, strict=True)]


def nearest_words(question: Floats, passages: Sequence[Words]) -> Floats:
    """Each question word's highest cosine in each passage, times its weight, (words, passages).

    *question*: (words, word_dim); a word weighs as much as its vector is long,
    the model has learnt how long to make it, and the weights add up to 1.
    *passages*: for each (words, word_dim) as the store gives them; one without
    words gets zeros.
    """
    counts = np.array([len(rows) for rows in passages], np.int64)
    filled = counts > 0
    result = np.zeros((len(question), len(passages)), np.float32)
    if filled.any() and len(question):
        rows = np.concatenate([rows for rows in passages if len(rows)]).astype(np.float32)
        starts = np.cumsum(counts[filled]) - counts[filled]
        total = max(float(np.linalg.norm(question, axis=1).sum()), 1e-6) * WORD_STEPS
        result[:, filled] = np.maximum.reduceat(question @ rows.T, starts, axis=1) / total
    return result


def words_by_part(words: Words, text: str, parts: Sequence[Span]) -> list[Words]:
    """The rows of *words* in each of the *parts* of *text*.

    *words* ends with those of *text*; before them stand the title's.
    """
    spans = words_of(text)
    own = words[len(words) - len(spans) :]
    starts = np.array([span.start for span in spans], np.int64)
    bounds = np.searchsorted(starts, [(part.start, part.end) for part in parts])
    return [own[first:last] for first, last in bounds.reshape(-1, 2)]


def late_interaction(question: Floats, passages: Sequence[Words]) -> Floats:
    """Mean cosine of the question's words with their nearest in each passage, (passages,).

    Weighted; see ``nearest_words``.
    """
    result: Floats = nearest_words(question, passages).sum(axis=0)
    return result
