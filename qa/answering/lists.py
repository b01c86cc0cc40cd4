"""Enumerations: all the sentences of a list, where a question asks for several things.

"Pertama, … Kedua, …", numbered lines, bullets: writers mark lists, and the marks
are what is gone by. Knows a document's sentences in order; knows nothing about
scores, vectors or the store.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.types import Span

MOST = 12  # sentences of one list that are cited
_BETWEEN = 4  # sentences from one item spelt out ("Kedua, …") to the next, at most
_FAR = 10  # the same to one that says of what it is the next: "Langkah kedua …"


@dataclass(frozen=True, slots=True)
class _Mark:
    """How a sentence says that it is an item: a *style*, and its *number*, 0 for any.

    *near*: within how many sentences of the item before it stands.
    """

    style: str
    number: int
    near: int = _BETWEEN


_ORDINALS = {
    word: number
    for listing in (
        "pertama kedua ketiga keempat kelima keenam ketujuh kedelapan kesembilan kesepuluh",
        "first second third fourth fifth sixth seventh eighth ninth tenth",
        "firstly secondly thirdly fourthly fifthly sixthly seventhly eighthly ninthly tenthly",
    )
    for number, word in enumerate(listing.split(), start=1)
}
ORDINAL = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_NOUN = (
    r"langkah|hal|poin|butir|alasan|syarat|faktor|usul(?:an)?|tuntutan|tahap(?:an)?|prinsip|pilar"
    r"|prioritas|kunci|cara|tujuan|unsur|masalah|persoalan|tantangan|upaya|rekomendasi|manfaat"
    r"|dampak|penyebab|sebab|bagian|jenis|kriteria|strategi|agenda|program|isu|aspek|solusi"
    r"|step|point|reason|condition|factor|proposal|demand|stage|phase|principle|pillar|priority"
    r"|key|way|goal|aim|element|problem|challenge|measure|recommendation|benefit|effect|cause"
    r"|part|type|kind|criterion|strategy|issue|aspect|solution|thing|task|requirement"
)
# "Kedua negara" is "both countries", "Second quarter" no item: a bare ordinal needs
# a comma, one with a noun or an article does not.
_SPELT = re.compile(
    rf"[\"“”'‘’(\[–—-]*\s?(?:(?:adapun|sementara|sedangkan|lalu|dan|and|while|meanwhile)\s+)?"
    rf"(?:(?P<bare>{ORDINAL})\s?[,:;–—]"
    rf"|(?:{_NOUN}|yang)\s+(?P<after>{ORDINAL})\b"
    rf"|(?:the|his|her|their|its|a|my|our)\s+(?P<before>{ORDINAL})"
    rf"(?:\s+(?:[\w-]+\s+)?(?:{_NOUN}))?\s+(?:is|was|would|will|are|were|concerns?|calls?)\b)",
    re.IGNORECASE,
)
_OF_NOUN = re.compile(rf"\b(?:{_NOUN})\b", re.IGNORECASE)
_NUMBERED = re.compile(r"\(?(?P<digits>\d{1,2})[.)]\s|\(?(?P<letter>[a-l])[.)]\s")
_BULLET = re.compile(r"[-–—*•·▪◦‣●○■□➢✓]\s")
_LAST = re.compile(
    r"[\"“”]?(?:(?:dan|and|adapun)\s+)?(?:(?:yang\s+)?(?:terakhir|finally|lastly|last)\s?,"
    rf"|(?P<noun>(?:{_NOUN})\s+(?:yang\s+)?terakhir\b|the\s+(?:last|final)\s+(?:{_NOUN})\b))",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"[\"“”]?(?:selanjutnya|berikutnya|kemudian|next|then)\s?,|(?:langkah|hal|tahap|poin) "
    r"(?:selanjutnya|berikutnya)\b",
    re.IGNORECASE,
)
# What goes on adding to the sentence before, without being counted.
_ADDING = re.compile(
    r"[\"“”]?(?:selain itu|di samping itu|tak hanya itu|tidak hanya itu"
    r"|(?:ia|dia|beliau|mereka) juga|in addition|besides|moreover|furthermore"
    r"|(?:he|she|they|it) also|another)\b",
    re.IGNORECASE,
)
_COUNT = {
    word: number
    for listing in (
        "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh",
        "one two three four five six seven eight nine ten",
    )
    for number, word in enumerate(listing.split(), start=1)
}
_COUNTS = re.compile(rf"\b(?:{'|'.join(_COUNT)}|[2-9]|1[0-2])\b", re.IGNORECASE)


def _mark(sentence: str) -> _Mark | None:
    sentence = sentence.lstrip()
    if found := _NUMBERED.match(sentence):
        if found["digits"]:
            return _Mark("digits", int(found["digits"]))
        return _Mark("letters", ord(found["letter"]) - ord("a") + 1)
    if _BULLET.match(sentence):
        return _Mark("bullet", 0)
    if found := _SPELT.match(sentence):
        word = found["bare"] or found["after"] or found["before"]
        near = _FAR if _OF_NOUN.search(found.group()) else _BETWEEN
        return _Mark("spelt", _ORDINALS[word.casefold()], near)
    if found := _LAST.match(sentence):
        return _Mark("last", 0, _FAR if found["noun"] else _BETWEEN)
    if _NEXT.match(sentence):
        return _Mark("next", 0)
    return None


def _lists(text: str, sentences: Sequence[Span]) -> list[list[int]]:
    """The lists of a document, each as the places of its items among *sentences*."""
    found: list[list[int]] = []
    open_list: list[int] = []
    style, number = "", 0
    for place, span in enumerate(sentences):
        mark = _mark(span.of(text))
        if mark is None:
            continue
        away = place - open_list[-1] if open_list else 0
        goes_on = bool(open_list) and (
            (mark.style == style == "bullet" and away == 1)
            or (mark.style == style and mark.number == number + 1 and away <= mark.near)
            or (style == "spelt" and mark.style in ("last", "next") and away <= mark.near)
        )
        if goes_on:
            open_list.append(place)
            number = mark.number or number + 1
            style = "" if mark.style == "last" else style
        elif mark.style == "bullet" or mark.number == 1:
            open_list, style, number = [place], mark.style, mark.number
            found.append(open_list)
    return [items for items in found if len(items) > 1]


def enumeration(text: str, sentences: Sequence[Span], anchors: Sequence[int]) -> list[int]:
    """Places of the sentences of the list that one of *anchors* belongs to, in order.

    *sentences*: all of the document, in order; *anchors*: places among them of
    sentences that were found to answer, best first. An anchor belongs to a list that
    it stands in or leads up to, or whose items it counts ("tiga langkah"). What
    leads up to a list is cited with it. Without a list, the best anchor and the sentence
    after it that names as many things as it counts ("Ada tiga sasaran."), else those that
    go on adding to it ("Selain itu, …"). Empty if there is nothing of the kind.
    """
    lists = _lists(text, sentences)
    for anchor in anchors:
        for items in lists:
            if items[0] - 1 <= anchor <= items[-1]:
                return _with_lead(text, sentences, items, anchor)
        counts = _counted(sentences[anchor].of(text))
        for items in lists:
            if len(items) in counts:
                return _with_lead(text, sentences, items, anchor)
    for anchor in anchors[:1]:
        if _counts_next(text, sentences, anchor):
            return [anchor, anchor + 1]
        places = [anchor]
        while (
            places[-1] + 1 < len(sentences)
            and len(places) < MOST // 2
            and _ADDING.match(sentences[places[-1] + 1].of(text))
        ):
            places.append(places[-1] + 1)
        if len(places) > 1:
            return places
    return []


# "A; B; dan C", "A, B, and C": what parts the things that one sentence names.
_SEMICOLON = re.compile(r";\s")
_COMMA = re.compile(r",\s(?!(?:yang|which|who|where)\b)|(?<!,)\s(?:dan|serta|and)\s")
_CLOSED_BY_AND = re.compile(r",\s.+?,?\s(?:dan|serta|and)\s", re.DOTALL)


def _counts_next(text: str, sentences: Sequence[Span], place: int) -> bool:
    """Whether the sentence at *place* counts what the next one, in the same paragraph, names."""
    if place + 1 >= len(sentences):
        return False
    here, after = sentences[place], sentences[place + 1]
    if "\n" in text[here.end : after.start]:
        return False
    named = after.of(text)
    if _SEMICOLON.search(named):
        count = len(_SEMICOLON.findall(named)) + 1
    elif _CLOSED_BY_AND.search(named):
        count = len(_COMMA.findall(named)) + 1
    else:
        return False
    return count > 1 and count in _counted(here.of(text))


def _counted(sentence: str) -> set[int]:
    """The numbers, of two to twelve, that *sentence* counts something with."""
    return {_count(found.group()) for found in _COUNTS.finditer(sentence)} - {1}


def _count(word: str) -> int:
    return int(word) if word.isdecimal() else _COUNT[word.casefold()]


def _with_lead(text: str, sentences: Sequence[Span], items: list[int], anchor: int) -> list[int]:
    """The *items*, the anchor, and what leads up to them in a line that ends in a colon."""
    places = {*items[:MOST], anchor}
    before = items[0] - 1
    if before >= 0 and sentences[before].of(text).rstrip().endswith(":"):
        places.add(before)
    return sorted(places)
