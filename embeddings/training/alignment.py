"""Stage 2: which English token an Indonesian token stands for.

IBM Model 1 (Brown, Della Pietra, Della Pietra & Mercer, "The Mathematics of
Statistical Machine Translation", 1993), vectorised: every co-occurrence of a
target and a source token in a sentence pair is one array entry, and an EM
iteration is three weighted ``bincount`` calls over them. It knows token numbers
only; the same code aligns word pieces (for the model) and stems (for the
lexical leg's translation table).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Alignment:
    """t(target | source) for every pair that survived, as parallel arrays.

    Sorted by source, then by falling probability.
    """

    source: Ints
    target: Ints
    probability: Floats

    def above(self, threshold: float) -> Alignment:
        """Only the entries with a probability of at least *threshold*."""
        keep = self.probability >= threshold
        return Alignment(self.source[keep], self.target[keep], self.probability[keep])


def cross(lengths_a: Ints, lengths_b: Ints) -> tuple[Ints, Ints]:
    """Flat positions (a, b) of all pairs within each row of two ragged arrays."""
    starts_b = np.cumsum(lengths_b) - lengths_b
    # Each a-position repeats once for every b in the same row.
    repeats = np.repeat(lengths_b, lengths_a)
    a = np.repeat(np.arange(lengths_a.sum()), repeats)
    offset = np.arange(len(a)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    b = np.repeat(np.repeat(starts_b, lengths_a), repeats) + offset
    return a, b


def ibm_model_1(
    sources: Sequence[Sequence[int]],
    targets: Sequence[Sequence[int]],
    *,
    iterations: int = 6,
    weights: Sequence[float] | None = None,
    max_length: int = 60,
) -> Alignment:
    """Estimate t(target | source) from aligned sentences of token numbers.

    A token counts once per sentence; pairs with a side above *max_length*
    distinct tokens are left out (their cross product costs most and tells
    least). *weights* says how often each pair counts.
    """
    rows = [
        (np.unique(s), np.unique(t), 1.0 if weights is None else weights[i])
        for i, (s, t) in enumerate(zip(sources, targets, strict=True))
        if s and t
    ]
    rows = [row for row in rows if len(row[0]) <= max_length and len(row[1]) <= max_length]
    flat_source = np.concatenate([row[0] for row in rows]).astype(np.int64)
    flat_target = np.concatenate([row[1] for row in rows]).astype(np.int64)
    length_source = np.array([len(row[0]) for row in rows])
    length_target = np.array([len(row[1]) for row in rows])
    row_weight = np.array([row[2] for row in rows])
    target_weight = np.repeat(row_weight, length_target)
    del rows

    # `group` is one occurrence of a target token; its mass is shared among the
    # source tokens of its sentence.
    group, position = cross(length_target, length_source)
    width = int(flat_target.max()) + 1
    key = flat_source[position] * width + flat_target[group]
    del position
    unique, entry = np.unique(key, return_inverse=True)
    del key
    group = group.astype(np.int32)
    entry = entry.astype(np.int32)
    source, target = unique // width, unique % width

    t = np.ones(len(unique))
    for _ in range(iterations):
        share = t[entry]
        total = np.bincount(group, share, minlength=len(flat_target))
        share *= (target_weight / total)[group]
        count = np.bincount(entry, share, minlength=len(unique))
        t = count / np.bincount(source, count)[source]
    order = np.lexsort((-t, source))
    return Alignment(source[order], target[order], t[order])
