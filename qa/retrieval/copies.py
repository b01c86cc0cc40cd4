"""Which ranked passages only repeat better ones, so that a story counts once.

Outlets print one agency's story under titles, bylines and first lines of their
own, with the end cut off. Copies are recognised among the ranked passages of a
question, by containment of shingles (Broder 1997, "On the resemblance and
containment of documents"): a passage is a copy if nearly all its runs of words
stand in passages ranked above it. Because those are shown, nothing is lost but
words read already; because nothing is stored, a removed document leaves no trace.

Knows index terms; knows nothing about scores, documents or the store.
docs/log.md has the figures behind the constants.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

SHINGLE = 4  # words
CONTAINMENT = 0.8

Ints = npt.NDArray[np.int64]

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # odd, and its bits are spread evenly

# A text that differs in one of these, or in a number, says something else.
NEGATIONS = frozenset(["tidak", "tak", "bukan", "belum", "tanpa", "not", "no", "never", "without"])


def repeated(
    passages: Sequence[Sequence[str]],
    *,
    shingle: int = SHINGLE,
    containment: float = CONTAINMENT,
) -> list[int | None]:
    """For each of *passages*, best first, the place of the one it repeats, or None.

    *passages*: the index terms of each, in order. A passage repeats the one
    above it that holds most of its text; one that says nothing new but a number
    or a negation is no copy: there the two differ.
    """
    found: list[int | None] = []
    runs, ends = _runs(passages, shingle)
    first = np.full(int(runs.max(initial=-1)) + 1, -1)  # place of the passage that holds a run
    for place, terms in enumerate(passages):
        mine = runs[ends[place] : ends[place + 1]]
        above = first[mine]
        known = above[above >= 0]
        if len(mine) and len(known) >= containment * len(mine) and not _differs(terms, above):
            found.append(int(np.bincount(known).argmax()))
            continue
        found.append(None)
        first[mine[above < 0]] = place
    return found


def _runs(passages: Sequence[Sequence[str]], shingle: int) -> tuple[Ints, Ints]:
    """The runs of *shingle* terms of all passages as numbers, those alike as one number.

    With the places where each passage's runs begin and the last one's end. By
    hash values, of which two in a question's candidates are alike by chance less
    than once in a thousand million questions.
    """
    lengths = np.array([len(terms) for terms in passages], np.int64)
    counts = np.maximum(lengths - shingle + 1, 0)
    ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    if not ends[-1]:
        return np.zeros(0, np.int64), ends
    hashed = np.fromiter((hash(t) for terms in passages for t in terms), np.int64, lengths.sum())
    terms = hashed.view(np.uint64)
    starts = np.arange(ends[-1]) + np.repeat(np.cumsum(lengths) - lengths - ends[:-1], counts)
    mixed = np.zeros(len(starts), np.uint64)
    for i in range(shingle):
        mixed = mixed * _MULTIPLIER + terms[starts + i]
    return np.unique(mixed, return_inverse=True)[1], ends


def _differs(terms: Sequence[str], above: Ints) -> bool:
    """Whether a number or a negation stands in none of the runs found *above*."""
    held = [False] * len(terms)
    width = len(terms) - len(above) + 1
    for start, home in enumerate(above):
        if home >= 0:
            held[start : start + width] = [True] * width
    return any(
        not there and (term in NEGATIONS or any(map(str.isdigit, term)))
        for term, there in zip(terms, held, strict=True)
    )
