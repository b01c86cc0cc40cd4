"""What a question asks for: its language, whose words, and what must be there.

Rules over the question alone; of the corpus it is told the outlets, no more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from qa.answering import filters
from qa.language.detection import detect
from qa.language.names import is_place, people
from qa.language.tokens import STOPWORDS, fold, is_acronym, stem, tokens
from qa.language.translation import translations
from qa.types import Filter, FilterKey

MAX_LENGTH = 2_000  # characters; longer is a pasted text, not a question

# Words that ask for somebody's words.
SAYING = re.compile(
    r"\b(?:say|said|says|state[ds]?|claim(?:ed|s)?|told|tell|think|thought|opinion|view|comment"
    r"(?:ed|s)?|respon[ds]e?d?|stress(?:ed)?|emphasi[sz]ed?|warn(?:ed)?|according\s+to|call(?:ed)?"
    r"\s+for|argue[ds]?|propose[ds]?|urge[ds]?|mention(?:ed)?|describe[ds]?|explain(?:ed)?"
    r"|kata(?:nya)?|berkata|ucap(?:an|kan)?|ujar|tutur|ungkap(?:kan)?|pendapat|tanggapan"
    r"|pernyataan|pandangan|komentar|menurut|mengatakan|menyatakan|(?:di)?katakan|disampaikan"
    r"|menyampaikan|menegaskan|menekankan|menjelaskan|mengungkapkan|menyebut(?:kan)?|bilang)\b",
    re.IGNORECASE,
)


class Kind(StrEnum):
    """The kind of answer that is asked for."""

    PERSON = "person"
    NUMBER = "number"
    DATE = "date"
    PLACE = "place"
    REASON = "reason"
    OTHER = "other"


# The first that matches decides; "how much time" asks for a number, "which
# year" for a date.
_KINDS = (
    (
        Kind.DATE,
        r"\b(?:when|what (?:year|date|day|month)|which (?:year|date|day|month)|in what year"
        r"|(?:si|se)?kapan\w*|bilamana|(?:tahun|tanggal|bulan|hari) (?:berapa|apa))\b",
    ),
    (
        Kind.NUMBER,
        r"\b(?:how (?:many|much|long|large|big|high|far|old|fast|often)|(?:se)?berapa\w*"
        r"|(?:what|which)(?: [\w'’-]+){0,4}? (?:percentage|share|number|amount|price|cost|sum"
        r"|proportion|total|length|speed|height|size|rate|ceiling|limit|target|forecast|figure)"
        r")\b",
    ),
    (
        Kind.REASON,
        r"\b(?:why|what (?:reason|caused)|for what reason|mengapa|kenapa|apa sebab\w*"
        r"|apa alasan\w*)\b",
    ),
    (Kind.PERSON, r"\b(?:who|whom|whose|siapa\w*)\b"),
    (
        Kind.PLACE,
        r"\b(?:where|(?:in )?(?:what|which) (?:city|country|place|venue|town|province)"
        r"|(?:di|ke|dari) ?mana\w*|(?:kota|negara|provinsi) (?:mana|apa)"
        r"|negara mana)\b",
    ),
)
_KIND_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)

# A word that translators leave as it is with this probability may be a name.
_STAYS = 0.1

_NAME = re.compile(r"^[^\W\d_a-z][\w'’-]*$")


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what was understood of it.

    ``kind`` is the kind of answer asked for; ``speaker`` the person whose
    words are asked for; ``names`` are the words written like names, folded;
    ``who_said``: it is asked who said something. ``filters`` are what was
    understood beyond that, and ``text`` is without the words of those that
    restrict; ``written`` is the whole question.
    """

    text: str
    language: str
    kind: Kind
    speaker: str | None
    names: tuple[str, ...]
    who_said: bool = False
    filters: tuple[Filter, ...] = ()
    written: str = ""


def understand(text: str) -> Question:
    """Analyse one question; language is "id" or "en" (English when unsure).

    Takes it word for word; see ``interpret`` for filters.
    """
    text = " ".join(text.split())
    detected = detect(text)
    language = "id" if detected in ("id", "ms", "jv", "su") else "en"
    speaker = None
    if SAYING.search(text):
        speaker = _speaker(text, language)
    kind = next((k for k, pattern in _KIND_PATTERNS if pattern.search(text)), Kind.OTHER)
    who_said = WHO_SAID.search(text) is not None
    return Question(text, language, kind, speaker, _names(text, language), who_said, (), text)


def interpret(
    text: str,
    *,
    outlets: Mapping[str, str],
    speaks: Callable[[str], bool] = lambda name: False,
    without: Collection[FilterKey] = (),
    today: date | None = None,
) -> Question:
    """Analyse one question with its filters, typed and in plain words, but those *without*.

    *outlets*: names of those that there are, by ``outlet_key``; *speaks*: whether
    somebody of that name makes a statement, for a name in small letters. *today*
    is what "last year" counts from. Raises ``BadFilter``.
    """
    written = " ".join(text.split())
    rest, found = filters.typed(written)
    understood = list(filters.left(found, without))
    if outlet := filters.said_outlet(rest, outlets):
        # Left out, it is no speaker either: "menurut Kompas" goes with it.
        rest = outlet.rest
        if FilterKey.OUTLET not in without:
            understood.append(outlet.filter)
    plain = understand(rest)
    if plain.speaker is None and (name := _small_name(rest, speaks)):
        plain = replace(plain, speaker=name)
    if FilterKey.DATE not in without:
        asked = plain.speaker is not None and FilterKey.SPEAKER not in without
        said = filters.said_date(rest, speaker=asked, today=today or date.today())
        if said is not None:
            understood.append(said.filter)
            plain = replace(understand(said.rest), speaker=plain.speaker)
    named = [one.value for one in understood if one.key is FilterKey.SPEAKER]
    if FilterKey.SPEAKER in without:
        plain = replace(plain, speaker=None)
    elif named:
        plain = replace(plain, speaker=named[0])
    elif plain.speaker is not None:
        one = Filter(FilterKey.SPEAKER, plain.speaker, plain.speaker, restricts=False)
        understood.insert(0, one)
    # What is left of a question may be too short to tell its language.
    language = plain.language if _tells(plain.text) else understand(written).language
    return replace(plain, language=language, filters=tuple(understood), written=written)


# "apa kata jokowi soal data", "what did sri mulyani say".
_SMALL_NAME = re.compile(
    r"\b(?:kata|menurut|pendapat|tanggapan|komentar|pernyataan|according to|did|does|has)\s+"
    r"(\w+(?:\s+\w+){0,3}?)"
    r"(?=\s+(?:tentang|soal|mengenai|terkait|say|said|think|call|propose|warn)\b|\s*(?:[,?]|$))",
    re.IGNORECASE,
)


def _small_name(text: str, speaks: Callable[[str], bool]) -> str | None:
    hit = _SMALL_NAME.search(text)
    return hit[1] if hit and not is_place(hit[1]) and speaks(hit[1]) else None


def _tells(text: str) -> bool:
    return len(text.split()) > 2


# Somebody's name is asked for by what he said: that of the subject, not of the one told.
WHO_SAID = re.compile(
    r"\b(?:who|which \w+)\s+(?:else\s+)?(?:(?:has|have|had|once|also|first|publicly)\s+)?"
    r"(?:sa(?:id|ys)|stated?s?|claim(?:ed|s)|told|tells|thinks|thought|argue[ds]|warn(?:ed|s)"
    r"|stress(?:ed|es)|emphasi[sz]e[ds]|propose[ds]|urge[ds]|mention(?:ed|s)|describe[ds]"
    r"|explain(?:ed|s)|call(?:ed|s) for|criticis?z?e[ds]|believe[ds]|liken(?:ed|s)|admit(?:s|ted)"
    r"|predict(?:ed|s)|remark(?:ed|s)|complain(?:ed|s))\b"
    r"|\bsiapa(?:kah)?(?:\s+(?:saja|lagi))?(?:\s+tokoh)?\s+(?:yang\s+)?(?:pernah\s+|juga\s+)?"
    r"(?:mengatakan|menyatakan|berkata|bilang|berpendapat|menyebut(?:kan)?|menegaskan|menilai"
    r"|menjelaskan|mengungkapkan|menekankan|memperingatkan|mengingatkan|mengusulkan|menuturkan"
    r"|mengaku|mengeluhkan|mengkritik|menyampaikan|menyerukan|meyakini|meramalkan)\b",
    re.IGNORECASE,
)


# What follows is the topic: its names are spoken about.
_TOPIC = re.compile(
    r"\b(?:about|regarding|concerning|on|tentang|soal|mengenai|terkait|perihal|terhadap|atas"
    r"|kepada)\s+(?:the\s+)?(?:[\w-]+\s+)?$",
    re.IGNORECASE,
)


def _speaker(text: str, language: str) -> str | None:
    """The first person named who is not what the words are about."""
    for mention in people(text):
        start = mention.span.start
        if is_place(mention.name) or (start == 0 and _common(mention.name, language)):
            continue
        before = text[: start - len(mention.role or "") - 1] if mention.role else text[:start]
        if _TOPIC.search(before):
            continue
        name = re.sub(r"['’]s$", "", mention.name)
        # "Did Jokowi say ...": a capital letter makes the first word look like a name.
        first, _, rest = name.partition(" ")
        return rest if rest and start == 0 and fold(first) in STOPWORDS[language] else name
    return None


def _common(word: str, language: str) -> bool:
    """True for an ordinary word: one that translations seldom leave as it is.

    The first word of a question has a capital letter whether it is a name or not.
    The table may have other words for a name as well ("Mark", "Jokowi").
    """
    if fold(word) in STOPWORDS[language]:
        return True
    source, target = ("en", "id") if language == "en" else ("id", "en")
    found = dict(translations(stem(word, source), source, target))
    return bool(found) and found.get(stem(word, target), 0.0) < _STAYS


def _names(text: str, language: str) -> tuple[str, ...]:
    """Capitalised words after the first, which every question capitalises."""
    words = tokens(text)
    skip = STOPWORDS[language]
    found = [
        fold(word.text)
        for i, word in enumerate(words)
        if (i > 0 or word.text.isupper())
        and _NAME.match(word.text)
        and (fold(word.text) not in skip or is_acronym(word.text))
    ]
    return tuple(dict.fromkeys(found))
