"""Token attribution: which words of a passage match which words of a question.

Lit up beside a quote, they show why it was found, also across languages. Two kinds of
evidence are joined, those that ranking goes by. A word that stands for one of the
question, as itself or as a translation (``qa.retrieval.lexical``), matches for certain;
and so does the nearest by the vectors of words (``qa.retrieval.late``), if it is near
enough. docs/log.md has what that finds, and what the exact shares of mean pooling find.

Knows words and vectors; knows nothing about documents.
"""

from __future__ import annotations

import numpy as np

from qa.language.tokens import STOPWORDS, fold, is_acronym, stems, tokens
from qa.retrieval import lexical
from qa.retrieval.adapted import Table
from qa.retrieval.late import Floats, Words
from qa.types import Match

# The least cosine of two words that match; chosen on half of the pairs of
# benchmarks/attribution.py.
NEAR = 0.55


def matches(
    question: str,
    language: str,
    vectors: Floats,
    passage: str,
    spoken: str,
    words: Words,
    *,
    offset: int = 0,
    extra: Table | None = None,
) -> tuple[Match, ...]:
    """The words of *passage* that match one of *question*, in order.

    *language*: of the question, *spoken*: of the passage. *vectors*: those of the
    question's words, (words, word_dim); *words*: those of the passage's, which
    ends *words* (before them stand the title's); either may be empty. *offset*:
    where the passage begins in its document. *extra*: see ``lexical.query_words``.

    A word of the passage is given once, with the word of the question that it
    matches best. Function words match nothing.
    """
    asked = tokens(question)
    there = tokens(passage)
    rows = words[len(words) - len(there) :]
    near = np.zeros((len(asked), len(there)), np.float32)
    if len(vectors) == len(asked) and len(rows) == len(there) and near.size:
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        units = rows.astype(np.float32)
        units /= np.maximum(np.linalg.norm(units, axis=1, keepdims=True), 1e-6)
        near = (vectors / np.maximum(lengths, 1e-6)) @ units.T
    skip = STOPWORDS.get(language, frozenset())
    content = [i for i, w in enumerate(asked) if fold(w.text) not in skip or is_acronym(w.text)]
    terms = [set(stems(token.text, spoken)) for token in there]
    able = np.array([not _function(token.text, spoken) for token in there], bool)
    best: dict[int, tuple[int, float, str]] = {}

    def light(column: int, certainty: int, row: int) -> None:
        found = (certainty, float(near[row, column]), asked[row].text)
        best[column] = max(best.get(column, found), found)

    for row in content:
        word = asked[row].text
        stand = _terms(word, language, spoken, extra)
        for column in np.flatnonzero(able).tolist():
            if fold(there[column].text) == fold(word):
                light(column, 2, row)
            elif not terms[column].isdisjoint(stand):
                light(column, 1, row)
        if able.any():
            column = int(np.argmax(np.where(able, near[row], -1)))
            if near[row, column] >= NEAR:
                light(column, 0, row)
    return tuple(
        Match(
            offset + there[column].start,
            offset + there[column].end,
            word,
            1.0 if certainty == 2 else round(min(1.0, max(0.0, cosine)), 3),
        )
        for column, (certainty, cosine, word) in sorted(best.items())
    )


def _terms(word: str, source: str, target: str, extra: Table | None) -> set[str]:
    """The terms of language *target* that stand for *word*."""
    return {
        term
        for found in lexical.query_words(word, source, (target,), extra=extra)
        for term, probability in found.terms[target]
        if probability >= lexical.STANDS_FOR
    }


def _function(word: str, language: str) -> bool:
    return fold(word) in STOPWORDS.get(language, frozenset()) and not is_acronym(word)
