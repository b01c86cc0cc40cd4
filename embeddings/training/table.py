"""The translation table for the lexical leg, from the same parallel text.

IBM Model 1 on stems, in both directions. The word lists count as very short
sentence pairs.
"""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from embeddings.training.alignment import ibm_model_1
from embeddings.training.data import Pair
from qa.language.tokens import STOPWORDS, stems

THRESHOLD = 0.03
SEEN = 3
MOST = 8


def translation_table(
    pairs: Sequence[Pair], words: Sequence[tuple[str, str]]
) -> dict[str, dict[str, list[tuple[str, float]]]]:
    """``{"en-id": {stem: [(stem, probability), …]}, "id-en": …}``."""
    sides = {
        "id": [stems(p.indonesian, "id") for p in pairs] + [stems(w[0], "id") for w in words],
        "en": [stems(p.english, "en") for p in pairs] + [stems(w[1], "en") for w in words],
    }
    weights = [p.weight for p in pairs] + [1.0] * len(words)
    numbers: dict[str, dict[str, int]] = {}
    coded: dict[str, list[list[int]]] = {}
    for language, rows in sides.items():
        number = numbers[language] = {}
        coded[language] = [[number.setdefault(s, len(number)) for s in row] for row in rows]
    table: dict[str, dict[str, list[tuple[str, float]]]] = {}
    for source, target in (("en", "id"), ("id", "en")):
        aligned = ibm_model_1(coded[source], coded[target], weights=weights, max_length=80)
        aligned = aligned.above(THRESHOLD)
        seen = Counter(stem for row in sides[source] for stem in set(row))
        from_words, to_words = list(numbers[source]), list(numbers[target])
        skip = {s for word in STOPWORDS[source] for s in stems(word, source)}
        entries: dict[str, list[tuple[str, float]]] = {}
        for s, t, p in zip(aligned.source, aligned.target, aligned.probability, strict=True):
            stem = from_words[s]
            if seen[stem] < SEEN or stem in skip or not any(map(str.isalpha, stem)):
                continue
            row = entries.setdefault(stem, [])
            if len(row) < MOST:
                row.append((to_words[t], round(float(p), 3)))
        table[f"{source}-{target}"] = dict(sorted(entries.items()))
    return table


def write_table(table: Mapping[str, Mapping[str, Sequence[tuple[str, float]]]], path: Path) -> None:
    """One row a word: ``en-id protect<TAB>lindung 0.867 proteksi 0.055``, compressed."""
    lines = [
        f"{direction} {stem}\t" + " ".join(f"{word} {share:g}" for word, share in row)
        for direction, rows in table.items()
        for stem, row in sorted(rows.items())
    ]
    path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode("utf-8"), 9, mtime=0))
