"""The translation table of the lexical leg: stems to stems, with probabilities.

Owns the file and the look-up. How the table was estimated is in
``embeddings.training.table``; how its probabilities enter a score is in
``qa.retrieval.lexical``.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).parent.parent.parent / "embeddings" / "model" / "translations.tsv.gz"

Translations = tuple[tuple[str, float], ...]


@lru_cache(maxsize=1)
def _rows() -> bytes:
    """The rows as stored, each after a line feed.

    A question needs a dozen of them. Splitting all of them takes 80 ms, finding
    one less than 1.
    """
    return b"\n" + gzip.decompress(TABLE.read_bytes())


@lru_cache(maxsize=20_000)
def translations(stem: str, source: str, target: str) -> Translations:
    """Stems of language *target* for one of *source*, each with t(target | source).

    Likeliest first; empty for a word or a pair of languages that the table
    does not know.
    """
    rows = _rows()
    head = f"\n{source}-{target} {stem}\t".encode("utf-8", "ignore")
    start = rows.find(head)
    if start < 0:
        return ()
    start += len(head)
    fields = rows[start : rows.index(b"\n", start)].decode("utf-8").split()
    return tuple(
        (word, float(share)) for word, share in zip(fields[::2], fields[1::2], strict=True)
    )
