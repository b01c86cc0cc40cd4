"""Translations that the user's own text shows and the shipped table lacks.

IBM Model 1 on the stems of paired texts, with the shipped table as its prior:
what the table knows explains the known words of a pair and leaves the unknown
ones to each other. Knows pairs of texts; where they come from is in ``pairs``.
"""

from __future__ import annotations

from collections.abc import Sequence

from embeddings.training.alignment import ibm_model_1
from qa.adaptation.pairs import Pair
from qa.language.tokens import STOPWORDS, stems
from qa.language.translation import Translations, translations

PRIOR = 3.0  # occurrences that a row of the shipped table counts for
ITERATIONS = 8
LEAST_SHARE = 0.05  # t(target | source) of a translation worth keeping
TOGETHER = 2  # pairs that hold both words, at least
DICE = 0.3  # 2 * together / (pairs with the one + pairs with the other), at least
MOST = 8  # translations of one word
MOST_STEMS = 120  # in a sentence; a compound makes more of them than one

Table = dict[tuple[str, str], dict[str, Translations]]


def learn(pairs: Sequence[Pair]) -> Table:
    """``{("en", "id"): {stem: ((stem, probability), …)}, …}``, both ways.

    A row is meant to take the place of the shipped one. Words for which the
    pairs show nothing new have none.
    """
    sides: dict[tuple[str, str], tuple[list[list[str]], list[list[str]]]] = {}
    for pair in pairs:
        one, other = sorted(pair, key=lambda sentence: sentence.language)
        rows = sides.setdefault((one.language, other.language), ([], []))
        for side, sentence in zip(rows, (one, other), strict=True):
            side.append(list(dict.fromkeys(stems(sentence.text, sentence.language))))
    table: Table = {}
    for (one_name, other_name), (ones, others) in sorted(sides.items()):
        for source, target, sources, targets in (
            (one_name, other_name, ones, others),
            (other_name, one_name, others, ones),
        ):
            if found := _direction(sources, targets, source, target):
                table[source, target] = found
    return table


def _direction(
    sources: Sequence[Sequence[str]], targets: Sequence[Sequence[str]], source: str, target: str
) -> dict[str, Translations]:
    """The rows from *source* to *target* in which the pairs show something new."""
    with_word, with_other = _rows_with(sources), _rows_with(targets)

    def shown(word: str, translation: str) -> bool:
        one, other = with_word[word], with_other.get(translation, set())
        together = len(one & other)
        dice = 2 * together / (len(one) + len(other))
        return together >= TOGETHER and dice >= DICE and translation not in skip_target

    skip_source, skip_target = _function_stems(source), _function_stems(target)
    rows: dict[str, list[tuple[str, float]]] = {}
    new: set[str] = set()
    for word, translation, share in _aligned(sources, targets, source, target):
        if word in skip_source or not any(map(str.isalpha, word)):
            continue
        known = {term for term, _ in translations(word, source, target)}
        if translation not in known:
            if not shown(word, translation):
                continue
            # A word that stands for itself is a name; that needs no row.
            if known or translation not in stems(word, target):
                new.add(word)
        row = rows.setdefault(word, [])
        if len(row) < MOST:
            row.append((translation, round(share, 3)))
    return {word: tuple(rows[word]) for word in sorted(new)}


def _aligned(
    sources: Sequence[Sequence[str]], targets: Sequence[Sequence[str]], source: str, target: str
) -> list[tuple[str, str, float]]:
    """(word, translation, t(translation | word)), by word, likeliest first."""
    from_number: dict[str, int] = {"": 0}  # Model 1's empty word
    to_number: dict[str, int] = {}
    coded_from = [[0, *(from_number.setdefault(w, len(from_number)) for w in r)] for r in sources]
    coded_to = [[to_number.setdefault(w, len(to_number)) for w in r] for r in targets]
    weights = [1.0] * len(coded_from)
    # A pair of single words adds exactly its weight to the count behind
    # t(target | source): so the shipped table enters as a Dirichlet prior.
    for word in list(from_number)[1:]:
        for translation, share in translations(word, source, target):
            coded_from.append([from_number[word]])
            coded_to.append([to_number.setdefault(translation, len(to_number))])
            weights.append(PRIOR * share)
    found = ibm_model_1(
        coded_from, coded_to, iterations=ITERATIONS, weights=weights, max_length=MOST_STEMS
    ).above(LEAST_SHARE)
    from_words, to_words = list(from_number), list(to_number)
    return [
        (from_words[s], to_words[t], float(share))
        for s, t, share in zip(found.source, found.target, found.probability, strict=True)
    ]


def _rows_with(rows: Sequence[Sequence[str]]) -> dict[str, set[int]]:
    """The numbers of the rows that hold each word."""
    found: dict[str, set[int]] = {}
    for number, words in enumerate(rows):
        for word in words:
            found.setdefault(word, set()).add(number)
    return found


def _function_stems(language: str) -> set[str]:
    return {term for word in STOPWORDS.get(language, frozenset()) for term in stems(word, language)}
