"""Whether a sentence takes the side that a question asks about: a denial, one of two opposites.

"Which was not used" and "who was last" come as near to a sentence on what was used, and
on who was first, as if they asked for it: a vector hardly tells the two apart. Knows
one question and one sentence, and decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from qa.answering.conflicts import NO_DENIAL, Sentence
from qa.language.tokens import fold, stem, tokens
from qa.language.translation import translations
from qa.retrieval.lexical import STANDS_FOR

# Only pairs of which a word nearly always stands for its side: not "more" and "less", since
# "kurang lebih" is about, nor "menang" and "kalah", since who "mengalahkan" wins.
_PAIRS: Mapping[str, str] = MappingProxyType(
    {
        "en": """
            first/last largest/smallest biggest/smallest highest/lowest
            longest/shortest oldest/youngest oldest/newest earliest/latest fastest/slowest
            most/least north/south northern/southern east/west eastern/western upper/lower
            increase/decrease increased/decreased born/died birth/death begin/end began/ended
            start/end started/ended early/late positive/negative import/export buy/sell
            bought/sold maximum/minimum male/female father/mother son/daughter king/queen
            husband/wife brother/sister support/oppose supported/opposed allow/forbid
            legal/illegal rich/poor hot/cold strong/weak
            """,
        "id": """
            pertama/terakhir terbesar/terkecil
            tertinggi/terendah terpanjang/terpendek tertua/termuda tercepat/terlambat
            utara/selatan timur/barat naik/turun meningkat/menurun kenaikan/penurunan
            lahir/meninggal lahir/wafat kelahiran/kematian mulai/berakhir awal/akhir
            positif/negatif impor/ekspor membeli/menjual maksimum/minimum pria/wanita
            laki-laki/perempuan ayah/ibu raja/ratu suami/istri mendukung/menolak
            mendukung/menentang kaya/miskin panas/dingin kuat/lemah terbanyak/tersedikit
            """,
    }
)
# "No. 5" and "no Hanayome" deny nothing.
_DENIES = {
    "en": re.compile(
        r"\b(?:not|never|without|cannot|neither|nor|\w+n['’]t|no(?!\.?\s*\d|\.))\b", re.IGNORECASE
    ),
    "id": re.compile(r"\b(?:tidak(?:lah)?|tak|bukan(?:lah)?|belum|tanpa|jangan)\b", re.IGNORECASE),
}
# Words that say no in another way, in a sentence that may answer.
_DENIES_TOO = re.compile(
    r"\b(?:gagal|(?:di)?tolak\w*|menolak|enggan|\w*larang\w*|kecuali|selain|kurang|hanya|mustahil"
    r"|fail\w*|refus\w*|reject\w*|except|other than|lack\w*|unable|only|little|few|hardly"
    r"|unlike)\b",
    re.IGNORECASE,
)


def _opposites(listing: str) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in listing.split():
        one, other = pair.split("/")
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return MappingProxyType({word: frozenset(others) for word, others in found.items()})


_OPPOSITES = {language: _opposites(listing) for language, listing in _PAIRS.items()}


def polarity_missing(question: str, asked_in: str, sentence: str, language: str) -> float:
    """1 if *sentence* does not deny what *question* does, or has the opposite of a word of it.

    Else 0. *asked_in* and *language* are those of question and sentence.
    """
    return float(
        _undenied(question, asked_in, sentence, language)
        or _opposed(question, asked_in, sentence, language)
    )


def _undenied(question: str, asked_in: str, sentence: str, language: str) -> bool:
    denies = _DENIES.get(asked_in)
    if denies is None or not denies.search(NO_DENIAL.sub(" ", question)):
        return False
    return not Sentence(sentence, language).denied and not _DENIES_TOO.search(sentence)


def _opposed(question: str, asked_in: str, sentence: str, language: str) -> bool:
    asked = {fold(token.text) for token in tokens(question)}
    told = {stem(token.text, language) for token in tokens(sentence)}
    for word, others in _OPPOSITES.get(asked_in, {}).items():
        # "the first and the last": what has both has the one that is asked for.
        if word not in asked or others & asked or _forms([word], asked_in, language) & told:
            continue
        if _forms(others, asked_in, language) & told:
            return True
    return False


def _forms(words: Iterable[str], source: str, target: str) -> set[str]:
    """The stems of *words* in *target*, translated where that is another language."""
    return {form for word in words for form in _translated(word, source, target)}


def _translated(word: str, source: str, target: str) -> Iterator[str]:
    if source == target:
        yield stem(word, target)
        return
    for term, probability in translations(stem(word, source), source, target):
        if probability >= STANDS_FOR:
            yield term
