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
    r"(?:,\s*|\byang\s+|\bas\s+)?\b(?:according\s+to|menurut"
    r"|(?<!arti )(?<!makna )(?<!maksud )(?<!asal )(?<!dari )(?<!istilah )kata"
    r"|ujar|ucap|tutur|ungkap|di(?:kata|sebut|ungkap|nyata|sampai)kan(?:\s+oleh)?)"
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
# What is called after somebody says nothing of theirs: "Fermat's theorem", "hukum ketiga Newton".
_THEIRS = re.compile(
    r"\b(?:teorema|hipotesis|hukum|teori|kurva|prinsip|persamaan|dalil|rumus|model|skala|semboyan"
    r"|buku|novel|film|lagu|kitab|undang-undang|theor(?:em|y)|hypothesis|law|curve|principle|equation"
    r"|bible|book|constitution)\s+(?:[\w-]+\s+)?$",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"['’]s\s+(?!(?:words?|view|opinion|account|estimate)\b)[^\W\d_]")
# What is so according to a teaching is nobody's words.
TEACHING = re.compile(
    r"\b(?:menurut|according to)\s+(?:the\s+|agama\s+|ajaran\s+)?(?:islam|kristen|katolik|protestan"
    r"|hindu|budd?ha|konghucu|yahudi|alkitab|injil|al-?quran|qur['’]?an|taurat|hadis|christianity"
    r"|catholicism|hinduism|buddhism|judaism|bible|gospels?|torah)\b",
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
    if TEACHING.search(text):
        return ""
    for hit in re.finditer(rf"\b{re.escape(name)}\b", text, re.IGNORECASE):
        rest = _without(text, hit.start(), hit.end())
        if rest and any(fold(word.text) not in STOPWORDS[language] for word in tokens(rest)):
            return rest
    return ""


def _without(text: str, start: int, end: int) -> str | None:
    """*text* without the one named at *start* to *end* as its source; None if they are not."""
    before, after = text[:start], text[end:]
    if _THEIRS.search(before) or _POSSESSIVE.match(after):
        return None
    if by := _BEFORE.search(before):
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
