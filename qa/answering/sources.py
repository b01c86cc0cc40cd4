"""Who a question names as the source of what it asks for: "according to X", "did X say that".

Rules over the question alone.
"""

from __future__ import annotations

import re

from qa.language.names import Mention
from qa.language.tokens import STOPWORDS, fold, tokens

# What may stand before a name: "the ministry's", "juru bicara KPK".
_OFFICE = (
    r"(?:(?!(?:about|of|on|in|at|by|and|or|that|to|tentang|soal|dari|di|pada|dan|atau|yang|bahwa)\b)"
    r"[\w.'’-]+\s+){0,4}?"
)
# "According to X", "kata X", "yang dikatakan oleh X".
_BEFORE = re.compile(
    r"(?:,\s*|\byang\s+|\bas\s+)?\b(?:according\s+to|menurut|kata|ujar|ucap|tutur|ungkap"
    r"|di(?:kata|sebut|ungkap|nyata|sampai)kan(?:\s+oleh)?)"
    rf"\s+{_OFFICE}$",
    re.IGNORECASE,
)
# "Did X say that", "does X ever claim".
_DID = re.compile(rf"\b(?:did|does|do|has|have|had)\s+{_OFFICE}$", re.IGNORECASE)
_SAY = re.compile(
    r"\s+(?:ever\s+)?(?:say|said|think|thought|claim(?:ed)?|believed?|estimated?|stated?"
    r"|mention(?:ed)?|argued?|reported?|explain(?:ed)?)\b(?:\s+that\b)?",
    re.IGNORECASE,
)
# "X says that", "X pernah mengatakan bahwa".
_SAYS = re.compile(
    r"\s+(?:(?:once|also)\s+)?(?:says|said|thinks|thought|claim(?:s|ed)|believe[sd]|estimate[sd]|state[sd]"
    r"|argue[sd]|mention(?:s|ed))\b(?:\s+that\b)?"
    r"|\s+(?:(?:pernah|juga)\s+)?(?:mengatakan|menyatakan|menyebut(?:kan)?(?=\s+bahwa)|berkata|bilang"
    r"|mengungkapkan|menegaskan|menjelaskan|menuturkan|memperkirakan)\b(?:\s+(?:bahwa|kalau)\b)?",
    re.IGNORECASE,
)
# What says nothing in anybody's words: "Fermat's theorem", "hukum ketiga Newton".
_MUTE = (
    r"teori|teorema|hipotesis|sensus|tabel|data|survei|hukum|legenda|mitos|mitologi|tradisi|sejarah"
    r"|undang-undang|kurva|prinsip|persamaan|dalil|rumus|model|skala|semboyan|buku|novel|film|lagu"
    r"|kitab|theor(?:y|em)|hypothesis|census|table|survey|laws?|legends?|myths?|mythology|tradition"
    r"|history|curve|principle|equation|bible|book|constitution"
)
_TEACHINGS = (
    r"islam|kristen|katolik|protestan|hindu|budd?ha|konghucu|yahudi|alkitab|injil|al-?quran|qur['’]?an"
    r"|taurat|hadis|christianity|catholicism|hinduism|buddhism|judaism|gospels?|torah"
)
_OF_ANYBODY = re.compile(rf"\b(?:{_MUTE})\s+(?:[\w-]+\s+)?$", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s\s+(?!(?:words?|view|opinion|account|estimate)\b)[^\W\d_]")
# What only looks as if words were asked for: "the word X", "by the census"; Said is a name.
NOBODYS = re.compile(
    r"\b(?:asal(?:-usul|\s+usul)?|arti|makna|maksud|akar|suku|dari|pengertian|definisi|istilah"
    r"|etimologi|penggunaan|buah|sebuah|dalam)\s+kata(?=\s)"
    r"|\bkata(?=\s+(?:kunci|sandi|benda|kerja|sifat|ganti|dasar|serapan|sapaan|pengantar)\b)"
    r"|\b(?:menurut|according\s+to)\s+(?:(?:the|a|an|which|what|agama|ajaran|\w+['’]s)\s+)*"
    rf"(?:{_MUTE}|{_TEACHINGS})\b"
    r"|(?<=\s)(?-i:Said)\b",
    re.IGNORECASE,
)
# When, or how often, somebody said so is not what they said.
_OF_THE_SAYING = re.compile(
    r"^\W*(?:when|how\s+(?:often|many\s+times)|(?:si|se)?kapan\w*|berapa\s+kali|seberapa\s+sering"
    r"|sejak\s+kapan|in\s+(?:what|which)\s+year|(?:on\s+)?(?:what|which)\s+(?:date|day|year))\W*$",
    re.IGNORECASE,
)


def names(text: str, mention: Mention) -> bool:
    """Whether the question *text* names the one mentioned as its source."""
    return _without(text, mention.span.start, mention.span.end) is not None


def claim(text: str, name: str, language: str) -> str:
    """What *text* asks about what *name* says, where it names them as the source; else "".

    "How many people died, according to Retno?" asks how many people died.
    """
    for hit in re.finditer(rf"\b{re.escape(name)}\b", text, re.IGNORECASE):
        rest = _without(text, hit.start(), hit.end())
        if rest and any(fold(word.text) not in STOPWORDS[language] for word in tokens(rest)):
            return rest
    return ""


def _without(text: str, start: int, end: int) -> str | None:
    """*text* without the one named at *start* to *end* as its source; None if they are not."""
    before, after = text[:start], text[end:]
    if _OF_ANYBODY.search(before) or _POSSESSIVE.match(after):
        return None
    if by := _BEFORE.search(before):
        mute = NOBODYS.finditer(text)
        if any(one.start() < by.end() and by.start() < one.end() for one in mute):
            return None
        kept = before[: by.start()], after.removeprefix("'s")
    elif (did := _DID.search(before)) and (verb := _SAY.match(after)):
        kept = before[: did.start()], after[verb.end() :]
    elif verb := _SAYS.match(after):
        kept = re.sub(rf"\b(?:the|yang)\s+{_OFFICE}$", "", before, flags=re.I), after[verb.end() :]
    else:
        return None
    if by is None and _OF_THE_SAYING.match(kept[0]):
        return None
    return " ".join(" ".join(kept).split()).strip(" ,")
