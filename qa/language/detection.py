"""Which language a text is written in.

Owns the decision and its evidence: function words and affixes of Indonesian,
Malay and English, and py3langid for everything else. It knows nothing of
documents or questions, only of long and short texts.

The evidence comes first because it is right more often on the texts this
project is for (a five-word question, a headline full of names) and because
py3langid takes a second to load, which a question should not wait for.
Identifiers trained on many languages take short Indonesian for Malay or
Javanese; nobody here asks in those, so a short text is never called either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from qa.language.tokens import STOPWORDS, fold, tokens, word_set

_SAMPLE = 3_000  # characters that are looked at
_LONG = 160  # characters from which a text may be Malay or Javanese
# How far, per square root of characters, another language must lead in
# py3langid's log-probability before a short text is neither id nor en.
_MARGIN = 2.0

# Words of the lists that other languages share (Spanish "para", German "die",
# Italian "di") or that names contain prove little.
_SHARED = word_set("a am an as at data di do he her i in is it kah lah me no nya on para so")
_INDONESIAN = (STOPWORDS["id"] - _SHARED) | word_set("""
    apabila berada berapa bukankah dekat diri hari jumlah kini kota nama negara orang pernahkah
    pertama pun sekarang sebutkan jelaskan tahun tempat terjadi tidakkah adakah dimanakah bisakah
    berikan tolong bung pak bu
    """)
_ENGLISH = (STOPWORDS["en"] - _SHARED) | word_set("""
    called country day describe did first happened know known list made many much name new old
    people said say says tell time used world year years
    """)
# Affixes; half the weight of a word, since names and loans can look the same.
_INDONESIAN_SHAPE = re.compile(
    r"(?:(?:me[mn]|ber|ter|pe[mn]|di|ke|se)[a-z]{3,}(?:kan|an|nya|i)"
    r"|(?:me[mn]|meng|meny|ber|peng|peny)[a-z]{4,}|[a-z]{3,}(?:nya|kah|kan)"
    r"|([a-z]{3,})-\1(?:an)?|[a-z]{3,}-[a-z]{3,}nya)$"
)
# No -ing: "penting", "asing" and "masing-masing" are Indonesian.
_ENGLISH_SHAPE = re.compile(
    r"(?:[a-z]{3,}(?:tions?|ness|ments?|ity|ally|ful|less|[^aeiou]ed|ies|ous|ly|'s)"
    r"|[a-z]+n't|wh[a-z]{2,})$"
)
# Words that one of the two spells or uses in its own way.
_MALAY_ONLY = word_set("""
    ahli aktiviti akhbar apabila bahawa beliau berkenaan bekas boleh cawangan dijangka ekoran
    hendak iaitu ialah jawatankuasa kerana kereta lapan lelaki mahkamah mahu manakala mesyuarat
    ogos pejabat pelbagai peratus perkhidmatan polis ringgit sahaja sejurus selepas semasa
    sekiranya syarikat tahap tiada wang
    """)
_INDONESIAN_ONLY = word_set("""
    agustus bahwa berbagai bisa delapan diperkirakan gubernur kantor karena kepolisian maret
    mobil mulai oktober perusahaan polisi polres rupiah saat saja sejumlah sementara setelah
    terkait ujar ujarnya uang usai yaitu pria persen tersebut wilayah
    """)

# Labels of py3langid that are dialects or neighbours of a language with a code.
_SAME_AS = {
    "ary": "ar",
    "arz": "ar",
    "bcl": "tl",
    "ext": "es",
    "nn": "no",
    "pcm": "en",
    "wuu": "zh",
    "yue": "zh",
}


def detect(text: str) -> str:
    """The ISO 639-1 code of the language of *text*; "und" if it has no letters.

    Short Latin text (under 160 characters) with any evidence of Indonesian or
    English is one of the two. Malay, Javanese and Sundanese are named only for
    longer text. Only the first 3,000 characters count. Never raises.
    """
    sample = text[:_SAMPLE]
    if not any(map(str.isalpha, sample)):
        return "und"
    words = [fold(token.text) for token in tokens(sample) if not token.text.isdigit()]
    short = len(sample) < _LONG
    indonesian = _weight(words, _INDONESIAN, _INDONESIAN_SHAPE)
    english = _weight(words, _ENGLISH, _ENGLISH_SHAPE)
    strongest = max(indonesian, english)
    if strongest >= 0.2 * len(words) and strongest >= 1.5 * min(indonesian, english):
        if english > indonesian:
            return "en"
        return "id" if short or not _is_malay(words) else "ms"
    return _identify(sample, words, short=short, lean=indonesian - english)


@lru_cache(maxsize=1)
def detected() -> frozenset[str]:
    """Every code that ``detect`` may give."""
    import py3langid  # type: ignore[import-untyped]

    return frozenset(_SAME_AS.get(code, code) for code, _ in py3langid.rank("")) | {"und"}


def _weight(words: list[str], known: frozenset[str], shape: re.Pattern[str]) -> float:
    """How many of *words* belong to a language, a likely shape counting half."""
    return sum(1.0 if word in known else 0.5 if shape.match(word) else 0.0 for word in words)


def _is_malay(words: Iterable[str]) -> bool:
    seen = list(words)
    malay = sum(word in _MALAY_ONLY for word in seen)
    return malay >= 3 and malay > 2 * sum(word in _INDONESIAN_ONLY for word in seen)


def _identify(sample: str, words: list[str], *, short: bool, lean: float) -> str:
    """Ask py3langid, and correct it where it is known to err.

    *lean* is above 0 when the words look more Indonesian than English.
    """
    # Imported here: the model takes a second to load, and most texts never need it.
    import py3langid

    ranked: list[tuple[str, float]] = py3langid.rank(sample)
    scores = dict(ranked)
    best = _SAME_AS.get(ranked[0][0], ranked[0][0])
    if best in {"id", "ms"}:
        return "ms" if not short and _is_malay(words) else "id"
    if not short or best == "en":
        return best
    if best == "jv":
        return "id"
    ours = max(("id", "en"), key=scores.__getitem__)
    if (ranked[0][1] - scores[ours]) / len(sample) ** 0.5 < _MARGIN:
        return "id" if lean > 0 else "en" if lean < 0 else ours
    return best
