"""Offices and bodies under one name: short or written out, in English or Indonesian.

"Menlu", "Menteri Luar Negeri RI" and "the foreign minister" are one office,
"Kemenkes", "Kementerian Kesehatan" and "the Health Ministry" one body. Knows
words only; who holds an office is for the articles to say (``qa.answering.speakers``).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from qa.language.names import ROLE_HEADS, fold_role
from qa.language.tokens import word_set

MINISTER, MINISTRY = "menteri", "kementerian"

# What a ministry is called when only its task is named ("Kominfo"), and other bodies
# that are spoken of by their letters.
_SHORT: Mapping[str, str] = MappingProxyType(
    {
        "kemenag": "kementerian agama",
        "kemendag": "kementerian perdagangan",
        "kemendagri": "kementerian dalam negeri",
        "kemendikbud": "kementerian pendidikan kebudayaan",
        "kemendikbudristek": "kementerian pendidikan kebudayaan riset teknologi",
        "kemenhan": "kementerian pertahanan",
        "kemenhub": "kementerian perhubungan",
        "kemenkes": "kementerian kesehatan",
        "kemenkeu": "kementerian keuangan",
        "kemenkominfo": "kementerian komunikasi informatika",
        "kominfo": "kementerian komunikasi informatika",
        "kemenkumham": "kementerian hukum ham",
        "kemenlu": "kementerian luar negeri",
        "kemlu": "kementerian luar negeri",
        "kemenaker": "kementerian ketenagakerjaan",
        "kemnaker": "kementerian ketenagakerjaan",
        "kemenparekraf": "kementerian pariwisata ekonomi kreatif",
        "kemenperin": "kementerian perindustrian",
        "kemenpora": "kementerian pemuda olahraga",
        "kemensos": "kementerian sosial",
        "kementan": "kementerian pertanian",
        "klhk": "kementerian lingkungan hidup kehutanan",
        "kkp": "kementerian kelautan perikanan",
        "pupr": "kementerian pekerjaan umum perumahan rakyat",
        "esdm": "kementerian energi sumber daya mineral",
        "bi": "bank indonesia",
        "bnpb": "badan nasional penanggulangan bencana",
        "bpom": "badan pengawas obat makanan",
        "bps": "badan pusat statistik",
        "bssn": "badan siber sandi negara",
        "dpr": "dewan perwakilan rakyat",
        "kpk": "komisi pemberantasan korupsi",
        "kpu": "komisi pemilihan umum",
        "mk": "mahkamah konstitusi",
        "ojk": "otoritas jasa keuangan",
        "pbb": "perserikatan bangsa-bangsa",
        "un": "perserikatan bangsa-bangsa",
        "menparekraf": "menteri pariwisata ekonomi kreatif",
        "menristekdikti": "menteri riset teknologi pendidikan tinggi",
        "mendikbudristek": "menteri pendidikan kebudayaan riset teknologi",
    }
)

# English words of offices and bodies. A head moves to the front, where Indonesian has it.
_HEADS: Mapping[str, str] = MappingProxyType(
    {
        "minister": "menteri",
        "ministry": "kementerian",
        "kementrian": "kementerian",
        "president": "presiden",
        "vice-president": "wakil-presiden",
        "prime-minister": "perdana menteri",
        "governor": "gubernur",
        "mayor": "wali kota",
        "regent": "bupati",
        "ambassador": "duta besar",
        "secretary-general": "sekretaris-jenderal",
        "spokesperson": "juru bicara",
        "spokesman": "juru bicara",
        "spokeswoman": "juru bicara",
        "chair": "ketua",
        "chairman": "ketua",
        "chairwoman": "ketua",
        "chairperson": "ketua",
        "court": "mahkamah",
    }
)
_PARTS: Mapping[str, str] = MappingProxyType(
    {
        "affairs": "",
        "agriculture": "pertanian",
        "communication": "komunikasi",
        "communications": "komunikasi",
        "constitutional": "konstitusi",
        "coordinating": "koordinator",
        "culture": "kebudayaan",
        "defence": "pertahanan",
        "defense": "pertahanan",
        "economic": "perekonomian",
        "education": "pendidikan",
        "energy": "energi",
        "environment": "lingkungan hidup",
        "finance": "keuangan",
        "fisheries": "perikanan",
        "foreign": "luar negeri",
        "forestry": "kehutanan",
        "health": "kesehatan",
        "home": "dalam negeri",
        "industry": "perindustrian",
        "informatics": "informatika",
        "information": "informatika",
        "interior": "dalam negeri",
        "investment": "investasi",
        "labor": "tenaga kerja",
        "labour": "tenaga kerja",
        "law": "hukum",
        "manpower": "tenaga kerja",
        "maritime": "kemaritiman",
        "nations": "bangsa-bangsa",
        "religious": "agama",
        "research": "riset",
        "social": "sosial",
        "sports": "olahraga",
        "tourism": "pariwisata",
        "trade": "perdagangan",
        "transport": "perhubungan",
        "transportation": "perhubungan",
        "united": "perserikatan",
        "youth": "pemuda",
    }
)
_FILLERS = frozenset({"for", "republic", "republik", "rights"})
LEGAL_FORMS = word_set("pt cv ud tbk persero")
# A company is the same with and without: "PT Sagita Tbk", "kelompok Sagita", "Sagita Group".
_KINDS_OF_BODY = LEGAL_FORMS | word_set(
    "grup group kelompok perusahaan company corp corporation inc ltd"
)


@lru_cache(maxsize=16384)
def office_key(phrase: str) -> tuple[str, ...]:
    """An office or body for matching: the words of its Indonesian name, the head first.

    >>> office_key("the foreign minister"), office_key("Menlu RI")
    (('menteri', 'luar', 'negeri'), ('menteri', 'luar', 'negeri'))
    >>> office_key("Kominfo") == office_key("Ministry of Communications and Informatics")
    True
    """
    heads: list[str] = []
    rest: list[str] = []
    for word in fold_role(phrase):
        if word in _FILLERS:
            continue
        if word in _HEADS and not heads:
            heads += _HEADS[word].split()
        else:
            rest += _SHORT.get(word, _PARTS.get(word, word)).split()
    plain = [word for word in rest if word not in _KINDS_OF_BODY]
    # The head of some group is not the head of all.
    found = [*heads, *(rest if ROLE_HEADS.issuperset(plain) else plain)]
    # A minister or a spokesman of a ministry: "Menteri Kominfo", "Juru Bicara Kemenkes".
    return tuple(dict.fromkeys(word for i, word in enumerate(found) if not i or word != MINISTRY))


def written_out(word: str) -> tuple[str, ...]:
    """The words of a minister's office or a ministry that is written as one: "Menkes"."""
    key = office_key(word)
    return key if len(key) > 1 and key[0] in {MINISTER, MINISTRY} else ()


def is_short_body(name: str) -> bool:
    """True for a body by its short name alone, which may look like a person's: "Kominfo"."""
    return " ".join(fold_role(name)) in _SHORT
