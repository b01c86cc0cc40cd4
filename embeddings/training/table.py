"""The translation table for the lexical leg, from the same parallel text.

IBM Model 1 on stems, in two directions that must agree (Liang, Taskar & Klein,
"Alignment by Agreement", NAACL 2006): two stems count as translations of each
other in a sentence by the product of what each direction makes of them. That
keeps rare words from taking whatever stands beside them. The word lists count
as very short sentence pairs.

A stem may hold words of different meaning: "pertanian" (agriculture) and
"petani" (farmer), "import" and "important". A word that is translated otherwise
than its stem as a whole has a row of its own. Knows pairs, words and stems; how
a probability enters a score is in ``qa.retrieval.lexical``.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from embeddings.training.alignment import cross
from embeddings.training.data import Pair
from qa.language.tokens import STOPWORDS, fold, stems, tokens
from qa.language.translation import WORD

ITERATIONS = 6
# After so many, links that no longer matter are dropped; what is left goes fast.
SETTLED = 2
NEGLIGIBLE = 1e-4
THRESHOLD = 0.005
MOST = 20
# A word has a row if it was seen so often and half the sum of the differences between
# its probabilities and its stem's is so large, once PRIOR sightings of the stem as a
# whole are added to its own.
LEAST_SEEN = 3
PRIOR = 5.0
DIFFERENT = 0.2
MAX_LENGTH = 60  # distinct stems of a sentence; the cost grows with its square

Table = dict[str, dict[str, list[tuple[str, float]]]]


@dataclass(frozen=True, slots=True)
class Side:
    """One language's half of the pairs, in numbers.

    *rows* maps, for each text, the number of every stem to that of the word it
    was made from, as first written there, in small letters.
    """

    stems: list[str]
    words: list[str]
    rows: list[dict[int, int]]


@dataclass(frozen=True, slots=True)
class Links:
    """Which stem stands for which in which pair: parallel arrays, one entry a link.

    *source* and *target*: numbers of stems; *source_word*, *target_word*: of the
    words they were made from there; *mass*: how sure the link is, times the
    weight of its pair.
    """

    source: npt.NDArray[np.int64]
    target: npt.NDArray[np.int64]
    source_word: npt.NDArray[np.int64]
    target_word: npt.NDArray[np.int64]
    mass: npt.NDArray[np.float32]


def translation_table(pairs: Sequence[Pair], words: Sequence[tuple[str, str]]) -> Table:
    """``{"en-id": {stem: [(stem, probability), …]}, "id-en": …}``, likeliest first.

    The rows of words are headed by ``WORD`` and the word. Function words and
    what holds no letter have no row, nor has a stem whose only translation is
    itself: what has no row stands for itself anyway.
    """
    english = side([p.english for p in pairs] + [w[1] for w in words], "en")
    indonesian = side([p.indonesian for p in pairs] + [w[0] for w in words], "id")
    weights = [p.weight for p in pairs] + [1.0] * len(words)
    links = agreed(english.rows, indonesian.rows, weights)
    ahead = (links.source, links.source_word, links.target)
    back = (links.target, links.target_word, links.source)
    return {
        "en-id": _rows(english, indonesian.stems, "en", *ahead, links.mass),
        "id-en": _rows(indonesian, english.stems, "id", *back, links.mass),
    }


def side(texts: Sequence[str], language: str) -> Side:
    """Number the stems and words of *texts*. A part of a joined word is its own word."""
    stem_numbers: dict[str, int] = {}
    word_numbers: dict[str, int] = {}
    rows = []
    for text in texts:
        row: dict[int, int] = {}
        for token in tokens(text):
            made = stems(token.text, language)
            for stem in made:
                word = fold(token.text) if len(made) == 1 else stem
                number = stem_numbers.setdefault(stem, len(stem_numbers))
                row.setdefault(number, word_numbers.setdefault(word, len(word_numbers)))
        rows.append(row)
    return Side(list(stem_numbers), list(word_numbers), rows)


def _rows(
    source: Side,
    targets: Sequence[str],
    language: str,
    linked: npt.NDArray[np.int64],
    linked_word: npt.NDArray[np.int64],
    other: npt.NDArray[np.int64],
    mass: npt.NDArray[np.float32],
) -> dict[str, list[tuple[str, float]]]:
    """The rows from *language*: of stems, and of the words that differ from their stem."""
    skip = {s for word in STOPWORDS[language] for s in stems(word, language)}

    def row(found: Mapping[int, float]) -> list[tuple[str, float]]:
        best = sorted(found.items(), key=lambda entry: (-entry[1], entry[0]))[:MOST]
        return [(targets[t], round(p, 3)) for t, p in best if p >= THRESHOLD]

    of_stem, _ = given(linked, other, mass)
    of_word, count = given(linked_word, other, mass)
    stem_of = dict(zip(linked_word.tolist(), linked.tolist(), strict=True))
    rows: dict[str, list[tuple[str, float]]] = {}
    for number, found in of_stem.items():
        stem = source.stems[number]
        if stem in skip or not any(map(str.isalpha, stem)):
            continue
        made = row(found)
        if made and [stem] != [word for word, _ in made]:
            rows[stem] = made
    for number, found in of_word.items():
        stem = source.stems[stem_of[number]]
        if stem not in rows or count[number] < LEAST_SEEN:
            continue
        whole = of_stem[stem_of[number]]
        trust = count[number] / (count[number] + PRIOR)
        mixed = {t: trust * found.get(t, 0.0) + (1 - trust) * p for t, p in whole.items()}
        if sum(abs(mixed[t] - p) for t, p in whole.items()) / 2 >= DIFFERENT:
            rows[WORD + source.words[number]] = row(mixed)
    return rows


def agreed(
    sources: Sequence[Mapping[int, int]],
    targets: Sequence[Mapping[int, int]],
    weights: Sequence[float],
) -> Links:
    """Links between the stems of each pair, estimated in two directions that agree.

    *sources* and *targets* as in ``Side.rows``; *weights* says how often each
    pair counts. The final mass is the geometric mean of the two directions'
    posteriors, which is kinder to a word with several translations than the
    product that trained them.
    """
    rows = [
        (sorted(s.items()), sorted(t.items()), weight)
        for s, t, weight in zip(sources, targets, weights, strict=True)
        if 0 < len(s) <= MAX_LENGTH and 0 < len(t) <= MAX_LENGTH
    ]
    ones, one_words = np.array([both for row in rows for both in row[0]], np.int64).T
    others, other_words = np.array([both for row in rows for both in row[1]], np.int64).T
    lengths = np.array([len(row[0]) for row in rows])
    weight = np.repeat(np.array([row[2] for row in rows], np.float32), lengths)
    # A cell is one stem beside another in a pair; an entry, two stems anywhere.
    crossed = cross(lengths, np.array([len(row[1]) for row in rows]))
    one, other = (places.astype(np.int32) for places in crossed)
    del rows, crossed
    width = int(others.max()) + 1
    entries, inverse = np.unique(ones[one] * width + others[other], return_inverse=True)
    entry: npt.NDArray[np.int32] = inverse.astype(np.int32)
    del inverse
    first, second = entries // width, entries % width

    ahead, back = (np.ones(len(entries), np.float32) for _ in range(2))
    for iteration in range(ITERATIONS):
        # Each stem of the one side is shared among those of the other, and back.
        by_other = _shares(ahead[entry], other, len(others))
        by_one = _shares(back[entry], one, len(ones))
        both = by_other * by_one
        mass = (np.sqrt(both) if iteration == ITERATIONS - 1 else both) * weight[one]
        count = np.bincount(entry, mass, minlength=len(entries)).astype(np.float64)
        ahead = (count / np.maximum(np.bincount(first, count), 1e-30)[first]).astype(np.float32)
        back = (count / np.maximum(np.bincount(second, count), 1e-30)[second]).astype(np.float32)
        if iteration == SETTLED - 1:
            keep = both > NEGLIGIBLE
            one, other, entry = one[keep], other[keep], entry[keep]
    return Links(ones[one], others[other], one_words[one], other_words[other], mass)


def given(
    given: npt.NDArray[np.int64], other: npt.NDArray[np.int64], mass: npt.NDArray[np.float32]
) -> tuple[dict[int, dict[int, float]], dict[int, float]]:
    """``{given: {other: probability}}`` and the mass of each *given*, from the mass of links."""
    width = int(other.max()) + 1
    keys, inverse = np.unique(given * width + other, return_inverse=True)
    count = np.bincount(inverse, mass)
    total = np.bincount(keys // width, count)
    found: dict[int, dict[int, float]] = {}
    for key, share in zip(keys.tolist(), (count / total[keys // width]).tolist(), strict=True):
        if share > NEGLIGIBLE:
            found.setdefault(key // width, {})[key % width] = share
    return found, dict(enumerate(total.tolist()))


def _shares(
    strength: npt.NDArray[np.float32], group: npt.NDArray[np.int32], groups: int
) -> npt.NDArray[np.float32]:
    """*strength* so that it sums to 1 in each group."""
    total = np.maximum(np.bincount(group, strength, minlength=groups), 1e-30)
    return strength / total.astype(np.float32)[group]


def write_table(table: Mapping[str, Mapping[str, Sequence[tuple[str, float]]]], path: Path) -> None:
    """One row a word: ``en-id protect<TAB>lindung 0.867 proteksi 0.055``, compressed."""
    lines = [
        f"{direction} {stem}\t" + " ".join(f"{word} {share:g}" for word, share in row)
        for direction, rows in table.items()
        for stem, row in sorted(rows.items())
    ]
    path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode("utf-8"), 9, mtime=0))
