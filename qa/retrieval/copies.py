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

from collections import Counter
from collections.abc import Sequence

SHINGLE = 4  # words
CONTAINMENT = 0.8

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
    first: dict[tuple[str, ...], int] = {}
    found: list[int | None] = []
    for place, terms in enumerate(passages):
        runs = list(zip(*(terms[i:] for i in range(shingle)), strict=False))
        above = [first.get(run) for run in runs]
        known = Counter(home for home in above if home is not None)
        if runs and known.total() >= containment * len(runs) and not _differs(terms, above):
            found.append(known.most_common(1)[0][0])
            continue
        found.append(None)
        for run in runs:
            first.setdefault(run, place)
    return found


def _differs(terms: Sequence[str], above: Sequence[int | None]) -> bool:
    """Whether a number or a negation stands in none of the runs found *above*."""
    held = [False] * len(terms)
    width = len(terms) - len(above) + 1
    for start, home in enumerate(above):
        if home is not None:
            held[start : start + width] = [True] * width
    return any(
        not there and (term in NEGATIONS or any(map(str.isdigit, term)))
        for term, there in zip(terms, held, strict=True)
    )
