"""The lexical leg: BM25 over stems, across languages by a translation table.

A question word has several terms in a passage of the other language. The one
that speaks most for the passage counts, and it alone: the word's part of the
score is ``max over translations e of p(e)^0.3 * BM25(e)``, each with an idf of
its own: from the passages of its language that hold it, and those of others that
hold the word. A passage uses one of several good translations, and says no more of the
matter when it uses two; a rare translation that is there tells more than a
common one. Summing them as one word's pseudo-frequency (Darwish & Oard,
"Probabilistic Structured Query Methods", SIGIR 2003) was measured to be worse
(docs/benchmarks.md). BM25 as in Robertson & Zaragoza 2009. A word with no
translation - a name, a number - stands for itself.

Knows terms and counts; knows nothing about vectors or documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa.index.store import PassageTable
from qa.language.offices import written_out
from qa.language.tokens import STOPWORDS, fold, is_acronym, stem, stems, tokens
from qa.language.translation import Translations, translations, word_translations
from qa.retrieval.adapted import Table

K1 = 1.2
B = 0.75
# The probability of a word as itself beside its translations: names, borrowed words.
UNTRANSLATED = 0.1
LEAST_PROBABILITY = 0.005
# A translation weighs its probability to this power: passages use rarer ones more
# often than their probabilities say.
FLATTENING = 0.3
# Where only yes or no counts, a term of this probability or more stands for its word.
STANDS_FOR = 0.05

_JOINT = re.compile("[-‑/]")
_POSSESSIVE = re.compile(r"['’]s?$", re.IGNORECASE)

Floats = npt.NDArray[np.float64]
Postings = Callable[[str], tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]]


@dataclass(frozen=True, slots=True)
class QueryWord:
    """One content word of a question, and the terms that stand for it.

    *terms* maps a language to (term, probability) pairs, each probability 0 to 1.
    *share*: how much it counts, less than 1 for a part of a joined word, all of
    which count as one word together.
    """

    text: str
    terms: dict[str, tuple[tuple[str, float], ...]]
    share: float = 1.0


def query_words(
    question: str, language: str, languages: tuple[str, ...], *, extra: Table | None = None
) -> list[QueryWord]:
    """The content words of *question*, with their terms in each of *languages*.

    Function words are left out, unless there is nothing else. Each word counts
    once. *extra*: rows that take the place of those of the shipped table.
    """
    words = [token.text for token in tokens(question)]
    skip = STOPWORDS.get(language, frozenset())
    shouted = question.isupper()
    content = [
        word for word in words if fold(word) not in skip or (is_acronym(word) and not shouted)
    ] or words
    found: dict[str, QueryWord] = {}
    for word in content:
        parts = _parts(word, language, skip)
        for spellings in parts:
            key = stem(spellings[0], language)
            if key and key not in found:
                terms = {to: _terms(spellings, language, to, extra or {}) for to in languages}
                found[key] = QueryWord(word, terms, 1 / len(parts))
    return list(found.values())


def _parts(word: str, language: str, skip: frozenset[str]) -> list[tuple[str, ...]]:
    """The words that *word* joins, each with the spellings to look for.

    "Paris-Berlin" and "27/2022" are two words; so is "Go-Jek", and "Gojek" has
    both of them. A doubled word ("undang-undang") is one. A minister in one word
    ("Menkes") is each word of the office. *skip*: parts that do not count.
    """
    if office := written_out(word):
        return [(part, word) for part in office]
    terms = set(stems(word, language))
    parts = [
        part
        for part in _JOINT.split(word)
        if fold(part) not in skip and terms.issuperset(stems(part, language))
    ]
    if len(terms) < 2 or not parts:
        return [(word,)]
    joined = _JOINT.sub("", word)
    closed_up = (joined,) if terms.issuperset(stems(joined, language)) else ()
    return [(part, *closed_up) for part in parts]


def _terms(
    spellings: tuple[str, ...], source: str, target: str, extra: Table
) -> tuple[tuple[str, float], ...]:
    """Terms of language *target* that stand for a word, each with its probability.

    A word may appear as itself in the other language: without the English 's,
    and as the stem it has in its own ("phagocytes" as "phagocyt").
    """
    stemmed = [term for word in spellings for term in stems(word, source)]
    if source == target:
        return tuple(dict.fromkeys(stemmed, 1.0).items())
    bare = [_POSSESSIVE.sub("", word) if source == "en" else word for word in spellings]
    own = dict.fromkeys([*(term for word in bare for term in stems(word, target)), *stemmed], 1.0)
    translated: dict[str, float] = {}
    rows = extra.get((source, target), {})
    for word in spellings:
        for term, probability in _translations(word, source, target, rows):
            if probability >= LEAST_PROBABILITY:
                translated[term] = max(probability, translated.get(term, 0.0))
    if not translated:
        return tuple(own.items())
    for term in own:
        translated[term] = max(translated.get(term, 0.0), UNTRANSLATED)
    return tuple(translated.items())


def _translations(
    word: str, source: str, target: str, adapted: Mapping[str, Translations]
) -> Iterator[tuple[str, float]]:
    """The word's own translations where it has any, else those of its stems."""
    parts = stems(word, source)
    own = word_translations(word, source, target)
    if own and not any(part in adapted for part in parts):
        yield from own
    else:
        for part in parts:
            yield from adapted.get(part) or translations(part, source, target)


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """BM25 of every passage, and how much of the question each one holds.

    *scores* and *coverage* have one entry per row of the passage table;
    *coverage* is the share of the question's idf mass that the passage
    contains, 0 to 1. *idf* has one entry per word, a part of a joined word its
    share of it.
    """

    scores: Floats
    coverage: Floats
    idf: Floats


def score(words: Sequence[QueryWord], table: PassageTable, postings: Postings) -> LexicalScores:
    """Score every passage of *table* for the *words* of one question."""
    count = len(table.numbers)
    scores, held, idf = np.zeros(count), np.zeros(count), np.zeros(len(words))
    if not count:
        return LexicalScores(scores, held, idf)
    norm = K1 * (1 - B + B * table.lengths / max(1.0, float(table.lengths.mean())))
    for i, word in enumerate(words):
        # How sure it is that a passage has the word: the likeliest term there.
        there = np.zeros(count)
        found = []
        for language, terms in word.terms.items():
            spoken = table.names.index(language)
            for term, probability in terms:
                numbers, counts = postings(term)
                rows = table.rows(numbers)
                keep = table.languages[rows] == spoken
                rows, tf = rows[keep], counts[keep]
                there[rows] = np.maximum(there[rows], probability)
                found.append((spoken, rows, tf, probability))
        # A word that is common in one language is not rare for being said in a few
        # passages of another.
        df = np.bincount(table.languages, there, len(table.names))
        best = np.zeros(count)
        for spoken, rows, tf, probability in found:
            weight = probability**FLATTENING * _idf(len(rows) + df.sum() - df[spoken], count)
            best[rows] = np.maximum(best[rows], weight * tf * (K1 + 1) / (tf + norm[rows]))
        scores += word.share * best
        idf[i] = word.share * _idf(df.sum(), count)
        held += idf[i] * there
    return LexicalScores(scores, held / idf.sum() if len(words) else held, idf)


def _idf(df: float, count: int) -> float:
    """Of a term in *df* of *count* passages; positive even if it is in all of them."""
    return float(np.log(1 + (count - df + 0.5) / (df + 0.5)))
