"""The translation table of the lexical leg: stems to stems, with probabilities.

Words that mean something else than their stem as a whole ("petani", a farmer, of
the stem of "pertanian", agriculture) have rows of their own. Owns the file and the
look-up. How the table was estimated is in ``embeddings.training.table``; how its
probabilities enter a score is in ``qa.retrieval.lexical``.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from qa.language.tokens import fold

TABLE = Path(__file__).parent.parent.parent / "embeddings" / "model" / "translations.tsv.gz"

WORD = "="  # before the head of a row that is for a word, not for a stem

Translations = tuple[tuple[str, float], ...]


@lru_cache(maxsize=1)
def _rows() -> bytes:
    """The rows as stored, each after a line feed, rising by their heads.

    A question needs dozens of them. Splitting all 99,000 takes 80 ms, looking
    through them for one 2, halving them (``_find``) a hundredth of that.
    """
    return b"\n" + gzip.decompress(TABLE.read_bytes())


@lru_cache(maxsize=20_000)
def translations(stem: str, source: str, target: str) -> Translations:
    """Stems of language *target* for one of *source*, each with t(target | source).

    Likeliest first; empty for a word or a pair of languages that the table
    does not know.
    """
    fields = _find(f"{source}-{target} {stem}".encode("utf-8", "ignore")).decode("utf-8").split()
    return tuple(
        (word, float(share)) for word, share in zip(fields[::2], fields[1::2], strict=True)
    )


def word_translations(word: str, source: str, target: str) -> Translations:
    """As ``translations``, for a *word* as written; empty if it goes with its stem."""
    return translations(WORD + fold(word), source, target)


def _find(head: bytes) -> bytes:
    """What the row of this *head* says after its tab; nothing if there is no such row."""
    rows = _rows()
    low, high = 1, len(rows)  # rows start in between
    while low < high:
        start = rows.rfind(b"\n", 0, (low + high) // 2 + 1) + 1
        if start >= high or start < low:
            start = low
        end = rows.index(b"\n", start)
        found, _, rest = rows[start:end].partition(b"\t")
        if found == head:
            return rest
        if found < head:
            low = end + 1
        else:
            high = start
    return b""
