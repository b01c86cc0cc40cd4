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
def _rows() -> dict[str, str]:
    """ "en-id protect" to its row, unread: a question needs a dozen of 40,000."""
    text = gzip.decompress(TABLE.read_bytes()).decode("utf-8")
    return dict(line.split("\t", 1) for line in text.splitlines())


@lru_cache(maxsize=20_000)
def translations(stem: str, source: str, target: str) -> Translations:
    """Stems of language *target* for one of *source*, each with t(target | source).

    Likeliest first; empty for a word or a pair of languages that the table
    does not know.
    """
    fields = _rows().get(f"{source}-{target} {stem}", "").split()
    return tuple(
        (word, float(share)) for word, share in zip(fields[::2], fields[1::2], strict=True)
    )
