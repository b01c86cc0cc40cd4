"""The translation table for the lexical leg, from the same parallel text.

IBM Model 1 on stems, in two directions that must agree (Liang, Taskar & Klein,
"Alignment by Agreement", NAACL 2006): two stems count as translations of each
other in a sentence by the product of what each direction makes of them. That
keeps rare words from taking whatever stands beside them. The word lists count
as very short sentence pairs. Knows pairs and stems; how a probability enters a
score is in ``qa.retrieval.lexical``.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from embeddings.training.alignment import Alignment, cross
from embeddings.training.data import Pair
from qa.language.tokens import STOPWORDS, stems

ITERATIONS = 6
# After so many, links that no longer matter are dropped; what is left goes fast.
SETTLED = 2
NEGLIGIBLE = 1e-4
THRESHOLD = 0.005
MOST = 20
MAX_LENGTH = 60  # distinct stems of a sentence; the cost grows with its square

Table = dict[str, dict[str, list[tuple[str, float]]]]


def translation_table(pairs: Sequence[Pair], words: Sequence[tuple[str, str]]) -> Table:
    """``{"en-id": {stem: [(stem, probability), …]}, "id-en": …}``, likeliest first.

    Function words and what holds no letter have no row, nor has a word whose
    only translation is itself: a word without a row stands for itself anyway.
    """
    sides = {
        "id": [stems(p.indonesian, "id") for p in pairs] + [stems(w[0], "id") for w in words],
        "en": [stems(p.english, "en") for p in pairs] + [stems(w[1], "en") for w in words],
    }
    weights = [p.weight for p in pairs] + [1.0] * len(words)
    vocabulary: dict[str, list[str]] = {}
    coded: dict[str, list[list[int]]] = {}
    for language, rows in sides.items():
        number: dict[str, int] = {}
        coded[language] = [[number.setdefault(s, len(number)) for s in row] for row in rows]
        vocabulary[language] = list(number)
    table: Table = {}
    english_first = agreed(coded["en"], coded["id"], weights)
    for (source, target), aligned in zip((("en", "id"), ("id", "en")), english_first, strict=True):
        aligned = aligned.above(THRESHOLD)
        skip = {s for word in STOPWORDS[source] for s in stems(word, source)}
        entries: dict[str, list[tuple[str, float]]] = {}
        for s, t, p in zip(
            aligned.source.tolist(),
            aligned.target.tolist(),
            aligned.probability.tolist(),
            strict=True,
        ):
            stem = vocabulary[source][s]
            if stem in skip or not any(map(str.isalpha, stem)):
                continue
            row = entries.setdefault(stem, [])
            if len(row) < MOST:
                row.append((vocabulary[target][t], round(p, 3)))
        table[f"{source}-{target}"] = {
            stem: row
            for stem, row in sorted(entries.items())
            if [stem] != [word for word, _ in row]
        }
    return table


def agreed(
    sources: Sequence[Sequence[int]],
    targets: Sequence[Sequence[int]],
    weights: Sequence[float],
) -> tuple[Alignment, Alignment]:
    """t(target | source) and t(source | target), estimated so that they agree.

    Token numbers by sentence; a token counts once per sentence, and *weights*
    says how often each pair counts. The final counts are the geometric mean of
    the two directions' posteriors, which is kinder to a word with several
    translations than the product that trained them.
    """
    rows = [
        (sorted(set(s)), sorted(set(t)), weight)
        for s, t, weight in zip(sources, targets, weights, strict=True)
        if 0 < len(set(s)) <= MAX_LENGTH and 0 < len(set(t)) <= MAX_LENGTH
    ]
    ones = np.array([token for row in rows for token in row[0]], np.int64)
    others = np.array([token for row in rows for token in row[1]], np.int64)
    lengths = np.array([len(row[0]) for row in rows])
    weight = np.repeat(np.array([row[2] for row in rows], np.float32), lengths)
    # A cell is one token beside another in a pair; an entry, two tokens anywhere.
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
        # Each token of the one side is shared among those of the other, and back.
        by_other = _shares(ahead[entry], other, len(others))
        by_one = _shares(back[entry], one, len(ones))
        both = by_other * by_one
        last = iteration == ITERATIONS - 1
        mass = (np.sqrt(both) if last else both) * weight[one]
        count = np.bincount(entry, mass, minlength=len(entries)).astype(np.float64)
        ahead = _given(count, first)
        back = _given(count, second)
        if iteration == SETTLED - 1:
            keep = both > NEGLIGIBLE
            one, other, entry = one[keep], other[keep], entry[keep]
    return _sorted(first, second, ahead), _sorted(second, first, back)


def _shares(
    strength: npt.NDArray[np.float32], group: npt.NDArray[np.int32], groups: int
) -> npt.NDArray[np.float32]:
    """*strength* so that it sums to 1 in each group."""
    total = np.maximum(np.bincount(group, strength, minlength=groups), 1e-30)
    return strength / total.astype(np.float32)[group]


def _given(
    count: npt.NDArray[np.float64], condition: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    """Counts as probabilities given the token number *condition*."""
    total = np.maximum(np.bincount(condition, count), 1e-30)
    return (count / total[condition]).astype(np.float32)


def _sorted(
    source: npt.NDArray[np.int64],
    target: npt.NDArray[np.int64],
    probability: npt.NDArray[np.float32],
) -> Alignment:
    keep = probability > NEGLIGIBLE
    source, target, probability = source[keep], target[keep], probability[keep]
    order = np.lexsort((target, -probability, source))
    return Alignment(source[order], target[order], probability[order].astype(np.float64))


def write_table(table: Mapping[str, Mapping[str, Sequence[tuple[str, float]]]], path: Path) -> None:
    """One row a word: ``en-id protect<TAB>lindung 0.867 proteksi 0.055``, compressed."""
    lines = [
        f"{direction} {stem}\t" + " ".join(f"{word} {share:g}" for word, share in row)
        for direction, rows in table.items()
        for stem, row in sorted(rows.items())
    ]
    path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode("utf-8"), 9, mtime=0))
