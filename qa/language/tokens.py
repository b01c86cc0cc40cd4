"""Words: where they stand in a text, and the terms they become in the index.

Owns the definition of a word, the stems, and the lists of function words.
It does not know sentences, documents or the store; a text is a plain string
and offsets are half-open character offsets into it.

Two views of one text, on purpose:

* ``tokens`` says where the words are. It never alters or drops a character of
  a word: "negara-negara", "Rp" + "6,5", "27/2022" and "U.S" come out as written.
* ``stems`` says what to look up. It may turn one token into several terms or
  fold two spellings into one, so that a question meets the text: "Go-Jek"
  also yields "gojek", "27/2022" yields "27" and "2022", "1,000" and "1.000"
  are the same number.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import Stemmer  # type: ignore[import-not-found]


@dataclass(frozen=True, slots=True)
class Token:
    """One word as written: ``text_of_document[start:end] == text``."""

    text: str
    start: int
    end: int


# Python's \w leaves out combining marks, which would cut decomposed accents,
# Thai, Arabic and Indic words apart; the ranges below put them back.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u0900-\u0903\u093a-\u094f\u0980-\u0983\u09bc-\u09cd\u0a00-\u0a03\u0a3c-\u0a4d"
    "\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c4d\u0c80-\u0c83\u0cbc-\u0ccd"
    "\u0d00-\u0d03\u0d3e-\u0d4d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
    "\u102b-\u103e\u17b4-\u17d3\u200c\u200d\u3099\u309a"
)
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CHAR = rf"(?:[^\W_{_IDEOGRAPHS}]|[{_MARKS}])"

# Order matters: currency before a number, then dotted capitals, then words.
# Chinese and Japanese have no spaces; one character is one token there.
_WORD = re.compile(
    rf"""
      (?:Rp|RP|rp|IDR|USD)(?=\d)            # Rp1,16: the amount must be found without the Rp
    | [^\W\d_](?:\.[^\W\d_])+(?!{_CHAR})    # U.S, J.K, a.n
    | \d+(?:[.,:/]\d+)+(?!{_CHAR})          # 6,5  1.000.000  15.35  27/2022
    | {_CHAR}+(?:['’‑-]{_CHAR}+)*           # kata, negara-negara, COVID-19, Jum'at
    | [{_IDEOGRAPHS}][\u3099\u309a]?
    """,
    re.VERBOSE,
)


def tokens(text: str) -> list[Token]:
    """The words of *text* in order, each with its offsets.

    A number with its separators is one token ("6,5", "10/6/2019"), and so is
    a word joined by hyphens, reduplication included ("negara-negara"): it is
    one word to a reader, and ``stems`` decides what to look up. Punctuation,
    symbols and underscores are never part of a token.
    """
    return [Token(m.group(), m.start(), m.end()) for m in _WORD.finditer(text)]


_ALGORITHMS: Mapping[str, str] = MappingProxyType(
    {
        "id": "indonesian",
        # Malay shares most affixes with Indonesian, and the two mix in practice.
        "ms": "indonesian",
        "ar": "arabic",
        "da": "danish",
        "de": "german",
        "en": "english",
        "es": "spanish",
        "fi": "finnish",
        "fr": "french",
        "hi": "hindi",
        "hu": "hungarian",
        "it": "italian",
        "nl": "dutch",
        "no": "norwegian",
        "pt": "portuguese",
        "ro": "romanian",
        "ru": "russian",
        "sv": "swedish",
        "ta": "tamil",
        "tr": "turkish",
    }
)

# A Stemmer object keeps buffers of its own and must not be shared by threads.
_local = threading.local()


def _stemmer(language: str) -> Stemmer.Stemmer | None:
    made: dict[str, Stemmer.Stemmer] | None = getattr(_local, "stemmers", None)
    if made is None:
        made = _local.stemmers = {}
    if language not in made:
        name = _ALGORITHMS.get(language)
        # 0: no cache inside the stemmer, the caches below serve every thread.
        made[language] = Stemmer.Stemmer(name, 0) if name else None
    return made[language]


def storable(text: str) -> str:
    """*text* with a mark for each half of a character (a lone surrogate).

    A terminal of another encoding or a program sends them; no model, database or
    reply can hold one.
    """
    return re.sub("[\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text)


def fold(word: str) -> str:
    """*word* without case, compatibility forms and Latin accents ("Café" gives "cafe")."""
    word = word.casefold()
    if word.isascii():
        return word
    # The round trip drops lone surrogates, which no stemmer or database takes.
    word = word.encode("utf-8", "ignore").decode()
    bare = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", word))
    plain = unicodedata.normalize("NFKC", bare).replace("’", "'").replace("‑", "-")
    # A compatibility form may hide a capital (the mathematical S) or a space (the
    # Arabic ligature of four words), which a term cannot hold.
    return "".join(plain.casefold().split())


@lru_cache(maxsize=200_000)
def _stem_plain(folded: str, language: str) -> str:
    stemmer = _stemmer(language)
    stemmed: str = stemmer.stemWord(folded) if stemmer else folded
    # "Jum'at" and "Jumat" are one word; English 's is gone by now.
    return stemmed.replace("'", "") or folded


@lru_cache(maxsize=200_000)
def _terms(word: str, language: str) -> tuple[str, ...]:
    """The index terms of one token; none if nothing is left of it."""
    folded = fold(word)
    if not folded:
        return ()  # a mark or a lone surrogate with no letter to carry it
    if is_acronym(undotted := word.replace(".", "")):
        return (f"^{fold(undotted)}",)
    if folded[0].isdigit() and not folded.isalnum() and "-" not in folded:
        # Indonesian writes 1.000,5 where English writes 1,000.5, and 15.35 for
        # 15:35: one separator makes them meet. A slash joins separate numbers.
        return tuple(re.sub("[,:]", ".", part) for part in folded.split("/") if part)
    if "." in folded:
        return (folded.replace(".", ""),)
    if "-" not in folded:
        return (_stem_plain(folded, language),)

    parts = folded.split("-")
    stemmed = [_stem_plain(part, language) for part in parts]
    if (half := _doubled_half(parts, stemmed)) is not None:
        return (stemmed[half],)
    whole = [stem for stem in stemmed if len(stem) > 1]
    joined = "".join(parts)
    # A short part is often written closed up elsewhere: Gojek, ecommerce,
    # nonkonvensional, COVID19. Ranges such as 2019-2023 are not.
    if min(map(len, parts)) <= 4 and not joined.isdigit():
        whole.append(_stem_plain(joined, language))
    return tuple(whole) or (joined,)


def is_acronym(word: str) -> bool:
    """True for a name in capitals that is a function word in small letters: ITU, DI, WHO.

    It gets a term of its own, lest "Siapa Sekjen ITU?" meet every "itu".
    """
    return len(word) > 1 and word.isupper() and fold(word) in _FUNCTION_WORDS


def is_function_word(word: str) -> bool:
    """True for a word of ``STOPWORDS`` of any language, in small letters or capitals."""
    return fold(word.replace(".", "")) in _FUNCTION_WORDS


def _doubled_half(parts: list[str], stemmed: list[str]) -> int | None:
    """Which half of a reduplication carries its stem; None if it is not one.

    Affixes settle on one half each: a prefix before the first
    ("sehari-harinya"), a suffix after the second ("risiko-risikonya").
    """
    if len(parts) != 2 or not all(part.isalpha() for part in parts):
        return None
    first, second = parts
    if first == second or (len(first) > 2 and second.startswith(first)):
        return 0
    if stemmed[0] == stemmed[1] or (len(stemmed[1]) > 2 and first.endswith(stemmed[1])):
        return 1
    return None


def stem(word: str, language: str) -> str:
    """One search term for *word* in *language* (ISO 639-1).

    Case, compatibility forms and Latin accents are folded, then the Snowball
    stemmer of the language is applied where there is one. Reduplication gives
    the stem of its half; any other hyphen compound is closed up
    ("kerja-sama" gives the stem of "kerjasama"). The empty string if nothing
    is left of *word*.

    Snowball does not restore the k or t that "mengirim" and "menulis" lose. A
    table of a hundred such roots was tried: nDCG@10 of BM25 moved by at most 0.002,
    up and down, so it was left out.
    """
    terms = _terms(word, language)
    if len(terms) < 2:
        return "".join(terms)
    if fold(word)[0].isdigit() and "/" in word:
        return "/".join(terms)
    return _stem_plain(fold(word).replace("-", ""), language)


def stems(text: str, language: str) -> list[str]:
    """The index terms of *text*, in order; function words are kept.

    A document is indexed by its own language and a question by its own, so
    "organisations" in an English question will not meet an Indonesian text
    here; the translation table does that.
    """
    terms: list[str] = []
    for word in _WORD.findall(text):
        terms.extend(_terms(word, language))
    return terms


def word_set(listing: str) -> frozenset[str]:
    """The words of *listing*, which are separated by white space."""
    return frozenset(listing.split())


STOPWORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "id": word_set("""
            ada adalah adapun agar akan aku anda antara apa apakah apalagi atas atau awalnya
            bagaimana bagaimanakah bagi bahkan bahwa beberapa belum berapa berapakah bersama
            bila bisa bukan dalam dan dapat dari daripada demi demikian dengan di dia dimana
            guna hal hanya harus hingga ia ialah ini itu jadi jangan jika juga kah kalau kami
            kamu kapan kapankah karena kata katanya ke kemudian kenapa kepada ketika kita lah
            lagi lain lalu lebih maka manakah mana masih melainkan melalui mengapa mengatakan
            mengenai menjadi menurut mereka meski meskipun namun nya oleh pada padahal para paling
            pernah pula pun saat saja sama sambil sampai sang saya sebagai sebab sebelum
            sebuah sedang sedangkan sehingga sejak selain selama seluruh semua sementara
            seorang seperti serta sesudah setelah setiap siapa siapakah soal suatu sudah supaya
            tapi telah tentang terhadap tersebut tetapi tidak untuk walau walaupun yaitu yakni
            yang
            """),
        "en": word_set("""
            a about above after again against all also although am an and any are as at be
            because been before being between both but by can could did do does doing down
            during each either for from further had has have having he her here hers him his
            how however i if in into is it its itself just me meanwhile might more most must my
            nor not now of off on once only or other our out over own said same say says shall
            she should
            since so some such than that the their them then there these they this those
            though through to too under until up upon us very was we were what when where
            whether which while who whom whose why will with within without would you your
            """),
    }
)
"""Function and question words by language, casefolded and unstemmed."""

_FUNCTION_WORDS = frozenset().union(*STOPWORDS.values())
