"""The reader: which sentences of the best passages answer the question.

Extractive only: it chooses sentences, it never writes any. Knows vectors,
words and statements; knows nothing about the store or the interface.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa.answering.question import Question
from qa.language.names import same_person
from qa.language.tokens import fold, stems, tokens
from qa.retrieval.lexical import QueryWord
from qa.types import Passage, Span, Statement

# Shares of a sentence's score, chosen on the development sets: see
# docs/log.md, "Choosing the answer sentence".
SIMILARITY = 1.0
COVERAGE = 0.8
PASSAGE = 0.15
SPOKEN = 0.25


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, with what speaks for it.

    *similarity*: cosine with the question. *coverage*: share of the question's
    idf mass in the sentence, 0 to 1. *statement*: what somebody says in it.
    """

    passage: Passage
    span: Span
    text: str
    similarity: float
    coverage: float
    score: float
    statement: Statement | None


def word_coverage(words: Sequence[QueryWord], weights: Sequence[float], text: str, language: str) -> float:
    """Share of the words' *weights* found in *text*, through translations, 0 to 1."""
    total = sum(weights)
    if not total:
        return 0.0
    terms = set(stems(text, language))
    found = 0.0
    for word, weight in zip(words, weights, strict=True):
        # Any one translation is enough to have found the word.
        if any(term in terms for term, _ in word.terms.get(language, ())):
            found += weight
    return found / total


def read(
    question: Question,
    *,
    passages: Sequence[Passage],
    passage_scores: Sequence[float],
    sentences: Sequence[Sequence[Span]],
    texts: Sequence[str],
    languages: Sequence[str],
    similarities: Sequence[npt.NDArray[np.float32]],
    words: Sequence[QueryWord],
    weights: Sequence[float],
    statements: Sequence[Sequence[Statement]],
) -> list[Candidate]:
    """Every sentence of *passages*, best first.

    Arguments run parallel over passages (*texts* are whole document texts);
    *similarities* holds one cosine per sentence of each passage.
    """
    found = []
    for i, passage in enumerate(passages):
        for span, cosine in zip(sentences[i], similarities[i], strict=True):
            similarity = float(cosine)
            text = span.of(texts[i])
            coverage = word_coverage(words, weights, text, languages[i])
            statement = next((s for s in statements[i] if s.span.overlaps(span)), None)
            score = SIMILARITY * similarity + COVERAGE * coverage + PASSAGE * passage_scores[i]
            if question.speaker and statement is not None and statement.speaker is not None:
                score += SPOKEN * same_person(statement.speaker, question.speaker)
            found.append(Candidate(passage, span, text, similarity, coverage, score, statement))
    return sorted(found, key=lambda c: (-c.score, c.passage.document_id, c.span.start))


def choose(candidates: Sequence[Candidate], *, most: int = 3, margin: float = 0.12) -> list[Candidate]:
    """The best sentence and up to *most* - 1 others nearly as good.

    A sentence that repeats one already chosen (a copied story) is passed over.
    """
    chosen: list[Candidate] = []
    seen: set[str] = set()
    for candidate in candidates:
        if len(chosen) == most or candidate.score < candidates[0].score - margin:
            break
        words = " ".join(fold(token.text) for token in tokens(candidate.text))
        if words not in seen:
            seen.add(words)
            chosen.append(candidate)
    return chosen
