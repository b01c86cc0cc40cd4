"""Follow-up questions: what "And Retno?", "Why?" and "Kapan itu terjadi?" ask for.

A question that leans on those before it is written out in full, so that whatever reads
it needs no memory, and so that the user sees what was asked. Three things are carried
over: who speaks, what it is about, and when. What leans is told by form alone: a part
of a question ("And in 2019?"), a question word by itself, a pronoun with nothing before
it in its own question, a question of what somebody says that does not say about what.
Whatever else is asked stands by itself and is not touched: docs/log.md has how often
that errs.

Pure: the earlier turns arrive as data. Knows questions; knows nothing about documents,
but is told who speaks in them ("And Retno?" is a speaker, "And nickel?" is a topic).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answering import filters, particulars
from qa.answering.lists import ORDINAL
from qa.answering.occasion import asks_occasion
from qa.answering.question import SAYING, WHO_SAID, Kind, Question, interpret, is_common
from qa.ingest.dates import find_periods
from qa.language.names import is_place, names_person, people, same_person
from qa.language.tokens import STOPWORDS, fold, tokens, word_set
from qa.types import (
    Answer,
    Carried,
    CarriedOver,
    Citation,
    Field,
    Filter,
    FilterKey,
    FollowUp,
    Place,
    Span,
)

if TYPE_CHECKING:
    from qa.answering.reader import Candidate

REMEMBERED = 3  # turns back in which a pronoun is looked up
# Words; who writes more says what it is about.
_LONGEST = 24
_LONGEST_WITH_THING = 7

Speaks = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question as it was asked, written out in full, and the quotes shown for it."""

    question: str
    citations: tuple[Citation, ...] = ()

    @classmethod
    def of(cls, answer: Answer) -> Turn:
        """The turn that *answer* answered."""
        return cls(answer.question, answer.citations)


def resolve(
    text: str,
    previous: Sequence[Turn],
    *,
    speaks: Speaks = lambda name: False,
    outlets: Mapping[str, str] | None = None,
) -> FollowUp | None:
    """*text* written out with what it leaves to the *previous* turns; None if it stands by itself.

    *previous*: the oldest first. *speaks*: whether somebody of that name makes a
    statement in the documents; *outlets*: see ``interpret``. Raises ``BadFilter``.
    """
    typed = " ".join(text.split())
    rest, own = filters.typed(typed)
    if not previous or not tokens(rest) or len(rest.split()) > _LONGEST:
        return None
    frames = [_frame(turn, speaks, outlets or {}) for turn in reversed(previous[-REMEMBERED:])]
    lead = _LEAD.match(rest)
    body = rest[lead.end() if lead else 0 :].rstrip(" ?!.,")
    goes_on = lead is not None and _GOES_ON.search(lead.group()) is not None
    found = (
        _more(body, frames[0])
        or _of_the_article(body, frames[0])
        or _next_to(body, frames[0])
        or _replacement(body, frames, goes_on, speaks)
        or _question_word(body, frames[0])
        or _references(body, frames, goes_on, speaks)
    )
    if found is None:
        return None
    # A typed filter holds for the follow-up, unless it brings one of its kind.
    keys = {one.key for one in own}
    kept = [one for one in frames[0].typed if one.key not in keys]
    words = " ".join([one.written for one in (*own, *kept) if one.typed])
    carried = found.carried + tuple(CarriedOver(Carried.FILTER, one.written) for one in kept)
    resolved = _sentence(found.text) + (f" {words}" if words else "")
    said = next((frame for frame in frames if not frame.asked.fields), frames[0])
    meant = found.about or _words_meant(resolved, said, outlets or {}, speaks)
    if meant is None:
        return FollowUp(typed, resolved, carried, found.excludes)
    if found.about is None:
        carried = (*carried, _carried(Carried.QUOTE, _begun(meant.quote)))
    place = Place(*(getattr(meant, name) for name in Place.__slots__))
    return FollowUp(typed, resolved, carried, found.excludes, place)


def _words_meant(
    resolved: str, last: _Frame, outlets: Mapping[str, str], speaks: Speaks
) -> Citation | None:
    """The quote that "that" is in "When did she say that?": the first shown of whom it asks."""
    asked = interpret(resolved, outlets=outlets, called=_as_written(speaks))
    if not asks_occasion(asked):
        return None
    theirs = [c for c in last.citations if c.speaker and c.field is None]
    if asked.speaker is None:
        return next(iter([*theirs, *last.citations]), None)
    return next((c for c in theirs if same_person(c.speaker or "", asked.speaker)), None)


_FEW = 8  # words of a quote that tell which it is


def _begun(quote: str) -> str:
    """The first words of a quote."""
    said = quote.split()
    return " ".join(said[:_FEW]) + (" …" if len(said) > _FEW else "")


def unseen(candidates: Sequence[Candidate], shown: Sequence[Citation]) -> list[Candidate]:
    """Those of *candidates* that are not among the quotes *shown*, nor say the same elsewhere."""
    places: dict[str, list[Span]] = {}
    for citation in shown:
        everywhere: tuple[Citation | Place, ...] = (citation, *citation.also)
        for at in everywhere:
            places.setdefault(at.document_id, []).append(Span(at.start, at.end))
    said = {_words(citation.quote) for citation in shown}
    return [
        one
        for one in candidates
        if _words(one.text) not in said
        and not any(one.span.overlaps(span) for span in places.get(one.passage.document_id, ()))
    ]


def _words(text: str) -> tuple[str, ...]:
    return tuple(fold(token.text) for token in tokens(text))


# What an earlier question says


@dataclass(frozen=True, slots=True)
class _Frame:
    """An earlier question taken apart; spans are those of ``text``, which has no "?".

    *topic*: what words are about; *clause*: that is a whole sentence ("... is too
    thin"). *when*: a date with its preposition. *subject*: what is left without the
    question word. *typed*: filters typed in it.
    """

    text: str
    asked: Question
    saying: bool
    speaker: str | None
    topic: Span | None
    clause: bool
    when: Span | None
    subject: str
    typed: tuple[Filter, ...]
    citations: tuple[Citation, ...]

    @property
    def language(self) -> str:
        return self.asked.language

    @property
    def about(self) -> str:
        """What it is about, in its own words."""
        return self.topic.of(self.text) if self.topic else self.subject

    @property
    def entity(self) -> str:
        """The one thing named in what it is about, or all of it."""
        named = _named(self.about)
        return named[0].of(self.about) if not self.topic and len(named) == 1 else self.about


@dataclass(frozen=True, slots=True)
class _Resolved:
    text: str
    carried: tuple[CarriedOver, ...]
    excludes: bool = False
    about: Citation | None = None


_ABOUT = re.compile(
    r"\b(?:about|regarding|concerning|(?<=say )on|(?<=said )on|tentang|soal|mengenai|terkait"
    r"|perihal|ihwal|terhadap)\s+",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"^(?:menurut|according to)\s[^,]{2,60},\s*", re.IGNORECASE)
_SOURCE_AFTER = re.compile(r",?\s+(?:menurut|according to)\s[^,]{2,60}$", re.IGNORECASE)

_AUXILIARY = (
    r"(?:is|are|was|were|did|does|do|has|have|had|can|could|will|would|should|may|might|must)"
)
_WH = (
    r"(?:(?:(?:in|at|on|by|since|until|to|from|for|with|under|of)\s+)?(?:what|which|whom|whose|who"
    r"|when|where|why|how(?:\s+(?:many|much|long|large|big|high|far|old|fast|often|come))?)"
    r"|(?:(?:sejak|sampai|hingga|mulai|oleh|kepada|dengan|untuk|dari|di|ke|pada|ada|tahun|bulan"
    r"|tanggal)\s+)?(?:apakah|apa|siapakah|siapa|kapankah|kapan|mengapa|kenapa|bagaimana"
    r"|(?:se)?berapa(?:kah)?(?:\s+(?:lama|banyak|besar|kali|jauh|luas))?"
    r"|(?:di|ke|dari) ?mana(?:kah)?|mana(?:kah)?))"
)
_QUESTION_WORD = re.compile(rf"\b{_WH}\b(?:\s+(?:saja|isi|sih|itu|yang)\b)*", re.IGNORECASE)
_ASKS = re.compile(
    rf"^(?P<asked>{_WH}\b[^,]{{0,50}}?)\s+(?P<verb>{_AUXILIARY})\b\s+", re.IGNORECASE
)


def _frame(turn: Turn, speaks: Speaks, outlets: Mapping[str, str]) -> _Frame:
    rest, typed = filters.typed(turn.question)
    text = _ELSE_ASKED.sub(r"\1", rest.rstrip(" ?!.,"))
    asked = interpret(text, outlets=outlets, called=_as_written(speaks))
    typed = tuple(one for one in typed if one.typed)
    named = [one.value for one in typed if one.key is FilterKey.SPEAKER]
    when = next((one.written for one in asked.filters if one.key is FilterKey.DATE), None)
    dated = _span(text, when) if when else None
    # To take a side may be a deed: "Siapa yang mendukung usul itu?"
    saying = asked.speaker is not None or (asked.who_said and asked.side is None)
    end = dated.start if dated and dated.end == len(text) else len(text)
    topic, clause = None, False
    if asked.fields:
        topic = _span(text, asked.text) if asked.text else None
    elif saying:
        if about := _ABOUT.search(text):
            topic = _trimmed(text, about.end(), end)
        elif said := WHO_SAID.search(text):
            that = re.compile(r"\s*(?:that|bahwa)?\s*", re.IGNORECASE).match(text, said.end())
            topic, clause = _trimmed(text, that.end() if that else said.end(), end), True
    return _Frame(
        text=text,
        asked=asked,
        saying=saying,
        # "Who said that the Pandemic Fund ..." asks for the speaker; it names none.
        speaker=(None if asked.who_said else asked.speaker) or (named[0] if named else None),
        topic=topic,
        clause=clause,
        when=dated,
        subject=_subject(text[:end]),
        typed=typed,
        citations=turn.citations,
    )


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """The span without blanks, commas and "according to ..." at its end; None if that is empty."""
    kept = _SOURCE_AFTER.sub("", text[start:end]).rstrip(" ,")
    return Span(start, start + len(kept)) if kept else None


# "Tell me about the nickel ban": a topic, asked for without a question word.
_TOLD = re.compile(
    r"^(?:(?:please|tolong|coba)\s+)?(?:tell\s+me(?:\s+more)?|explain|describe|jelaskan|ceritakan"
    r"|terangkan|bahas)(?:\s+(?:about|tentang|soal|mengenai|apa\s+itu))?\s+",
    re.IGNORECASE,
)


def _subject(text: str) -> str:
    """What a question is about: all but the question word, the verb that helps it, the source."""
    bare = _SOURCE_AFTER.sub("", _SOURCE.sub("", text))
    bare = _TOLD.sub("", _LEAD.sub("", bare))
    if asks := _ASKS.match(bare):
        noun = _QUESTION_WORD.sub("", asks["asked"]).strip()
        verb = asks["verb"] if noun and asks["verb"].lower() not in ("do", "does", "did") else ""
        return f"{noun} {verb} {bare[asks.end() :]}".strip() or bare
    return _QUESTION_WORD.sub("", bare, count=1).strip(" ,") or bare


def _span(text: str, part: str) -> Span | None:
    at = text.find(part)
    return Span(at, at + len(part)) if at >= 0 else None


_NAMED = re.compile(
    r"\b[^\W\d_a-z][\w'’-]*(?:\s+(?:(?:of|the|dan|and|de)\s+)*[^\W\d_a-z][\w'’-]*)*"
)


def _named(text: str) -> list[Span]:
    """Runs of words with a capital letter, but not the question word that opens *text*."""
    found = []
    for run in _NAMED.finditer(text):
        start = run.start()
        first = run.group().split()[0]
        if start == 0 and _function(first):
            start = run.end() if first == run.group() else run.start() + len(first) + 1
        if start < run.end():
            found.append(Span(start, run.end()))
    return found


def _function(word: str) -> bool:
    return fold(word) in STOPWORDS["en"] or fold(word) in STOPWORDS["id"]


# How a follow-up begins

_LEAD = re.compile(
    r"^(?:(?:and|but|so|then|ok|okay|well|also|thanks|thank you|dan|lalu|terus|trus|kemudian|nah"
    r"|oke|baik|baiklah|tapi|tetapi|terima kasih|makasih|sedangkan|sementara)\b[\s,;:!.…–-]*)+",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\b(?:and|but|so|then|dan|lalu|terus|trus|kemudian|tapi|tetapi)\b", re.I)


# "What else?"

_MORE = re.compile(
    r"(?:(?:what|anything|something)\s+(?:else|more)|(?:is there |tell me )?(?:any )?more|go on"
    r"|is there anything (?:else|more)|what other (?:things|statements)"
    r"|(?:apa|ada) lagi(?: yang lain)?|ada yang lain|apa yang lain|selain itu(?: apa(?: lagi)?)?"
    r"|lainnya|yang lain|lanjutkan|masih ada lagi|apa lagi katanya)",
    re.IGNORECASE,
)
_WHO_ELSE = re.compile(
    r"(?:who else|anyone else|anybody else|siapa lagi|siapa yang lain|selain (?:dia|ia|beliau)"
    r" siapa(?: lagi)?|ada yang lain lagi)",
    re.IGNORECASE,
)
_ELSE = re.compile(
    r"\b(?:(?:what|anything|something|who|where)\s+(?:else|more)|apa lagi|siapa lagi)\b", re.I
)


_ELSE_ASKED = re.compile(r"^(what|who|apa|siapa)\s+(?:else|lagi)\b", re.IGNORECASE)


def _more(body: str, last: _Frame) -> _Resolved | None:
    """The last question once more, for what has not been shown yet."""
    if _WHO_ELSE.fullmatch(body) and last.saying:
        what = "Siapa lagi yang mengatakan sesuatu tentang"
        what = what if last.language == "id" else "Who else said something about"
        return _Resolved(f"{what} {last.about}", (_carried(Carried.TOPIC, last.about),), True)
    if body and not _MORE.fullmatch(body) and not _WHO_ELSE.fullmatch(body):
        return None  # "Terus?" is a lead and nothing else
    text = re.sub(r"^(what)(?= (?:did|does|do|has) )", r"\1 else", last.text, count=1, flags=re.I)
    text = re.sub(
        r"^(apa)(?= (?:kata|pendapat|tanggapan|komentar|saja) )", r"\1 lagi", text, flags=re.I
    )
    return _Resolved(text, (_carried(Carried.QUESTION, last.text),), True)


# "Who wrote it?", "When was the article published?"

_ASKED_OF = {
    "en": {
        Field.BYLINE: "who wrote the article {}",
        Field.OUTLET: "which outlet was the article {} in",
        Field.PUBLISHED: "when was the article {} published",
    },
    "id": {
        Field.BYLINE: "siapa penulis artikel {}",
        Field.OUTLET: "di media apa artikel {} terbit",
        Field.PUBLISHED: "kapan artikel {} terbit",
    },
}
_AND_ALSO = {
    "en": {
        Field.BYLINE: " and who wrote it",
        Field.OUTLET: " and in which outlet",
        Field.PUBLISHED: " and when was it published",
    },
    "id": {
        Field.BYLINE: " dan siapa penulisnya",
        Field.OUTLET: " dan di media apa",
        Field.PUBLISHED: " dan kapan terbit",
    },
}
# "When was it published?" is asked of these themselves.
_PUBLISHABLE = re.compile(
    r"\b(?:reports?|law|act|books?|stud(?:y|ies)|surveys?|declaration|statement|regulation|decree|list"
    r"|laporan|uu|undang-undang|peraturan|buku|survei|studi|riset|deklarasi|perpres|perppu|daftar"
    r"|majalah|jurnal|putusan)\b",
    re.IGNORECASE,
)
_NAMED_ARTICLE = re.compile(
    r"\b(?:article|story|news|artikel|berita|tulisan|liputan)", re.IGNORECASE
)


def _of_the_article(body: str, last: _Frame) -> _Resolved | None:
    """What is asked of the article that was quoted, by a question that does not name it."""
    wanted = particulars.asked(body)
    if wanted is None or wanted.matter or wanted.writer or not last.citations:
        return None
    if wanted.fields[0] not in _ASKED_OF["en"]:
        return None
    dated = wanted.fields[0] is Field.PUBLISHED and not _NAMED_ARTICLE.search(body)
    if dated and not last.asked.fields and _PUBLISHABLE.search(last.about):
        return None
    shown = last.citations[0]
    title = shown.title.rstrip(" ?!.…")
    language = _language(body, last)
    text = _ASKED_OF[language][wanted.fields[0]].format(title)
    text += "".join(_AND_ALSO[language].get(field, "") for field in wanted.fields[1:])
    return _Resolved(text, (_carried(Carried.QUOTE, shown.title),), about=shown)


# "And the third?", "The year before?"

_ORDINAL_ALONE = re.compile(
    rf"(?:(?:what|how)\s+about\s+)?(?:the\s+|yang\s+|(?P<noun>[a-z]+)\s+)?(?P<which>{ORDINAL}"
    r"|last|final|terakhir)(?:\s+(?:one|apa))?",
    re.IGNORECASE,
)
_ORDINALS = re.compile(rf"\b(?:{ORDINAL}|last|final|terakhir)\b", re.IGNORECASE)
_YEAR_NEAR = re.compile(
    r"(?:(?:in|pada|di)\s+)?(?:(?:the\s+)?(?:(?P<next>next|following)|(?P<previous>previous))\s+year"
    r"|the\s+year\s+(?:(?P<after>after)|(?P<before>before))(?:\s+that)?"
    r"|tahun\s+(?:(?P<berikut>berikut|berikutnya|setelahnya|sesudahnya)"
    r"|(?P<sebelum>sebelum|sebelumnya))(?:\s+itu)?)",
    re.IGNORECASE,
)
_YEARS = re.compile(r"\b(?:1[5-9]|20)\d\d\b")


_SEVERAL = re.compile(
    r"(?:\bthe\s+)?\b(?:two|three|four|five|six|seven|eight|nine|ten|dua|tiga|empat|lima|enam|tujuh"
    r"|delapan|sembilan|sepuluh|[2-9])\s+(?=[a-z]{3,})",
    re.IGNORECASE,
)


def _next_to(body: str, last: _Frame) -> _Resolved | None:
    """The last question with another ordinal, or with the year before or after its year."""
    kept = (_carried(Carried.QUESTION, last.text),)
    if (near := _YEAR_NEAR.fullmatch(body)) and len(years := _YEARS.findall(last.text)) == 1:
        forward = near["next"] or near["after"] or near["berikut"]
        year = str(int(years[0]) + (1 if forward else -1))
        return _Resolved(_YEARS.sub(year, last.text), kept)
    other = _ORDINAL_ALONE.fullmatch(body)
    held = _ORDINALS.findall(last.text)
    if other and not held and not other["noun"] and (several := _SEVERAL.search(last.text)):
        which = _ordinal(other["which"], last.language)
        of = f"yang {which} dari " if last.language == "id" else f"the {which} of "
        at = several.start()
        return _Resolved(last.text[:at] + of + last.text[at:], kept)
    if other is None or len(held) != 1:
        return None
    if other["noun"] and other["noun"].casefold() not in last.text.casefold():
        return None
    which = _ordinal(other["which"], last.language)
    return _Resolved(_ORDINALS.sub(which, last.text), kept)


_ORDINAL_WORDS = (
    ("first", "pertama"),
    ("second", "kedua"),
    ("third", "ketiga"),
    ("fourth", "keempat"),
    ("fifth", "kelima"),
    ("last", "terakhir"),
)


def _ordinal(word: str, language: str) -> str:
    """An ordinal in *language*, where it is one of the usual ones."""
    return next(
        (pair[language == "id"] for pair in _ORDINAL_WORDS if word.casefold() in pair), word
    )


# "And what about Retno?"

_PART = re.compile(
    r"(?:(?:what|how)\s+about|(?:bagaimana|gimana)\s+(?:dengan|kalau|halnya dengan)"
    r"|kalau(?:\s+begitu)?)\s+(?P<part>.+?)(?:\s+(?:bagaimana|gimana))?",
    re.IGNORECASE,
)
_PART_LAST = re.compile(r"(?P<part>.+?)\s+(?:bagaimana|gimana)", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"(?:(?P<topic>about|on|regarding|concerning|tentang|soal|mengenai|terkait|perihal)"
    r"|(?P<speaker>according to|menurut|kata|pendapat)"
    r"|(?P<place>of|for|in|at|by|from|with|dari|untuk|pada|di|dalam|oleh|bagi))\s+",
    re.IGNORECASE,
)
_LONGEST_PART = 7  # words
_VIEW = re.compile(
    r"^the\s+|^(?:pendapat|pandangan|tanggapan|sikap)\s+"
    r"|['’]s\s+(?:view|opinion|position|take|response|reaction)s?$",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"(?:(?:in|on|since|after|before|until|during|from|pada|di|dalam|sejak|semenjak|mulai|setelah"
    r"|sesudah|sebelum|hingga|sampai|tahun|bulan)\s+)*",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\b(how many|berapa(?: banyak)?)\s+(\w+)", re.IGNORECASE)


def _replacement(
    body: str, frames: Sequence[_Frame], goes_on: bool, speaks: Speaks
) -> _Resolved | None:
    """The last question with one of its parts replaced: its speaker, topic, date or a name."""
    last = frames[0]
    framed = _PART.fullmatch(body) or _PART_LAST.fullmatch(body)
    part = framed["part"] if framed else body
    if len(part.split()) > _LONGEST_PART or _asks(part):
        return None
    dated = _DATED.match(part)
    periods = find_periods(part)
    if dated and periods and periods[0].span == Span(dated.end(), len(part)):
        return _at_another_time(part if dated.group() else f"{_IN[last.language]} {part}", last)
    preposition = _PREPOSITION.match(part)
    bare = part[preposition.end() :] if preposition else part
    if not tokens(bare):
        return None
    kind = preposition.lastgroup if preposition else None
    name = _VIEW.sub("", bare)
    another = kind == "speaker" or (kind is None and speaks(name))
    part_of_it = another or kind == "topic"
    brief = len(part.split()) < 5 and not any(map(str.isdigit, part))
    if not framed and not goes_on and not (part_of_it and brief):
        return None
    if another:
        return _by_another(name, last)
    if preposition and kind == "place":
        return _elsewhere(preposition.group().strip(), bare, last)
    if last.topic is not None:
        text = last.text[: last.topic.start] + bare + last.text[last.topic.end :]
        return _Resolved(text, _kept(last, Carried.SPEAKER, Carried.DATE))
    if kind == "topic" and last.saying:
        return _Resolved(f"{last.text} {part}", _kept(last, Carried.SPEAKER, Carried.DATE))
    return _of_another(bare, last)


_IN = {"en": "in", "id": "pada"}


def _asks(part: str) -> bool:
    """Whether *part* is a question of its own, or leans on the last one by a pronoun."""
    return bool(
        re.match(rf"(?:{_AUXILIARY}|sudahkah|adakah|benarkah)\b", part, re.I)
        or re.search(rf"\b{_WH}\b|\b(?:dia|ia|beliau|he|she|him|her|his)\b", part, re.I)
    )


def _at_another_time(when: str, last: _Frame) -> _Resolved:
    if last.when is None:
        text = f"{last.text} {when}"
    else:
        text = last.text[: last.when.start] + when + last.text[last.when.end :]
    return _Resolved(text, _kept(last, Carried.SPEAKER, Carried.TOPIC))


def _by_another(name: str, last: _Frame) -> _Resolved:
    """What *name* says of the same."""
    kept = _kept(last, Carried.TOPIC, Carried.DATE)
    if last.asked.who_said is False and (before := _person_in(last)):
        ahead = _THE.sub("", last.text[: before.start])
        return _Resolved(ahead + name + last.text[before.end :], kept)
    about = last.text[last.topic.start :] if last.topic else last.subject
    kept = kept or (_carried(Carried.TOPIC, about),)
    if last.language == "id":
        return _Resolved(f"Apa kata {name} tentang {about}", kept)
    return _Resolved(f"What did {name} say about {about}", kept)


_THE = re.compile(r"\bthe\s+$", re.IGNORECASE)


def _person_in(frame: _Frame) -> Span | None:
    """Where the question names the person whose words or deeds it asks for."""
    if frame.asked.speaker:
        return _span(frame.text, frame.asked.speaker)
    mentions = [m for m in people(frame.text) if names_person(m.name) and not is_place(m.name)]
    return mentions[0].span if mentions and not _function(mentions[0].name) else None


def _of_another(name: str, last: _Frame) -> _Resolved:
    """The same of *name*: in place of what the last question names, or of what it counts."""
    counted = _COUNTED.search(last.text)
    kept = (_carried(Carried.QUESTION, last.text),)
    if counted and name.islower() and len(name.split()) < 3:
        return _Resolved(last.text[: counted.start(2)] + name + last.text[counted.end(2) :], kept)
    named = _named(last.text)
    alike = [span for span in named if is_place(span.of(last.text)) == is_place(name)] or named
    if alike:
        span = alike[0]
        return _Resolved(last.text[: span.start] + name + last.text[span.end :], kept)
    return _Resolved(f"{last.text} ({name})", kept)


def _elsewhere(preposition: str, name: str, last: _Frame) -> _Resolved:
    """The same "of" or "in" another: in place of what stands after that word, or beside it all."""
    kept = (_carried(Carried.QUESTION, last.text),)
    after = re.search(rf"\b(?i:{preposition}\s+(?:the\s+)?)(?=[^\W\d_a-z])", last.text)
    if after and (run := _NAMED.match(last.text, after.end())):
        return _Resolved(last.text[: run.start()] + name + last.text[run.end() :], kept)
    if preposition.lower() in _PLACING:
        return _Resolved(f"{last.text} {preposition} {name}", kept)
    return _of_another(name, last)


_PLACING = frozenset({"in", "at", "from", "by", "di", "pada", "dalam", "dari", "oleh"})


# "Why?"

_WORDS = {
    "why": ("why", "mengapa"),
    "when": ("when", "kapan"),
    "where": ("where", "di mana"),
    "who": ("who", "siapa"),
    "how": ("how", "bagaimana"),
    "how many": ("how many", "berapa"),
    "how much": ("how much", "berapa"),
    "how long": ("how long", "berapa lama"),
    "since when": ("since when", "sejak kapan"),
    "by whom": ("by whom", "oleh siapa"),
}
_SAME = {"kenapa": "mengapa", "dimana": "di mana", "siapa saja": "siapa"}
# "Kata siapa?" after a question of something else than somebody's words.
_WHO_SAYS = re.compile(
    r"(?:kata|menurut|oleh) siapa(?: itu)?|siapa(?: yang)? (?:bilang|mengatakan|berkata|menyebut)"
    r"(?:nya| (?:itu|begitu|demikian|hal itu))?|says who|according to whom"
    r"|who says(?: so| that| it)?|who said(?: so| it)"
    r"|who (?:named|listed|mentioned|proposed|suggested) (?:them|it|that|those)",
    re.IGNORECASE,
)
_REASONS = re.compile(
    r"(?:alasan|sebab|penyebab)nya|(?:for\s+)?what\s+(?:reason|for)|(?:what\s+is\s+)?the"
    r"\s+reasons?|reasons?",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"(?P<word>why|when|where|how|who|since when|until when|by when|by whom|to whom|for whom"
    r"|with whom|how (?:many|much|long|often|far|big|large|old)"
    r"|(?:in )?(?:which|what) (?:year|city|country|month|place)|from where"
    r"|mengapa|kenapa|kapan|di ?mana|ke ?mana|dari ?mana|bagaimana|siapa"
    r"(?: saja)?|(?:oleh|kepada|dengan|untuk) siapa|(?:sejak|sampai|mulai) kapan|berapa"
    r"(?: lama| banyak| kali)?|(?:pada )?tahun berapa|di (?:kota|negara) mana|kok bisa)"
    r"(?:\s+(?:is that|was that|so|not|exactly|begitu|demikian|persisnya|tepatnya|ya|caranya))?",
    re.IGNORECASE,
)


def _question_word(body: str, last: _Frame) -> _Resolved | None:
    """The last question with another question word."""
    kept = (_carried(Carried.QUESTION, last.text),)
    if _WHO_SAYS.fullmatch(body) and not last.saying:
        who = "Siapa yang mengatakan itu" if last.language == "id" else "Who said that"
        return _Resolved(f"{who} ({last.subject})", kept)
    alone = _ALONE.fullmatch(body)
    if _REASONS.fullmatch(body):
        word = _WORDS["why"][last.language == "id"]
    elif alone is None:
        return None
    else:
        word = _translated(alone["word"], last.language)
        word += " not" if alone.group().lower().endswith(" not") and last.language == "en" else ""
    if (first := _ALONE_FIRST.match(last.text)) and fold(word) in _ASKS_OF_SAYING:
        # "Kapan?", "Di mana?": of the same once more.
        return _Resolved(f"{word}{last.text[first.end() :]}", kept)
    if last.saying:
        return _of_saying(word, last)
    if _WHO_DID.match(last.text) and fold(word) in _ASKS_OF_SAYING:
        that = "itu" if last.language == "id" else "was that"
        return _Resolved(f"{word} {that} ({last.text[:1].lower()}{last.text[1:]})", kept)
    if last.language == "en":
        asks = _ASKS.match(last.text)
        if asks and not _COUNTED.match(last.text):
            return _Resolved(f"{word} {asks['verb']} {last.text[asks.end() :]}", kept)
        if _YES_OR_NO.match(last.text) and not word.endswith("not"):
            return _Resolved(f"{word} {last.text[:1].lower()}{last.text[1:]}", kept)
    elif asked := _QUESTION_WORD.search(last.text):
        text = f"{last.text[: asked.start()]}{word} {last.text[asked.end() :].lstrip()}"
        return _Resolved(text, kept)
    else:
        noun = last.subject.split()[0]
        plain = is_common(noun, "id") and not noun.isupper()
        subject = last.subject[:1].lower() + last.subject[1:] if plain else last.subject
        return _Resolved(f"{word} {subject}", kept)
    return _Resolved(f"{word} ({last.subject})", kept)


# A question that begins with one of the words that can stand alone, and goes on.
_ALONE_FIRST = re.compile(r"(?:why|when|where|mengapa|kenapa|kapan|di ?mana)\b", re.IGNORECASE)
# "Who attended?", "Siapa yang hadir?": another question word takes the place of no part of it.
_WHO_DID = re.compile(rf"who\s+(?!{_AUXILIARY}\b)|siapa(?:kah)?\s+yang\b", re.IGNORECASE)


def _of_saying(word: str, last: _Frame) -> _Resolved:
    """When, where or why the words that the last question asks for were said."""
    kept = _kept(last, Carried.SPEAKER, Carried.TOPIC, Carried.DATE)
    if fold(word) not in _ASKS_OF_SAYING:
        again = (_carried(Carried.QUESTION, last.text),)
        return _Resolved(f"{word}: {last.text[:1].lower()}{last.text[1:]}", again)
    speaker = last.speaker or next((c.speaker for c in last.citations if c.speaker), None)
    what = ""
    asks = _ASKS.match(last.text) if last.language == "en" and last.speaker else None
    if asks and last.topic is None:  # "What did Retno propose?"
        return _Resolved(f"{word} {asks['verb']} {last.text[asks.end() :]} that", kept)
    if last.topic is not None and not last.clause:
        what = f" {_OF[last.language]} {last.text[last.topic.start :]}"
    elif last.clause:
        what = f" ({last.about})"
    elif last.subject.casefold() != f"kata {speaker}".casefold():
        what = f" ({last.subject})"
    said = _SAID_THAT[last.language] if speaker else _THAT_SAID[last.language]
    return _Resolved(said.format(word=word, speaker=speaker) + what, kept)


_YES_OR_NO = re.compile(rf"{_AUXILIARY}\s", re.IGNORECASE)
_ASKS_OF_SAYING = frozenset({"why", "when", "where", "mengapa", "kenapa", "kapan", "di mana"})
_SAID_THAT = {
    "en": "{word} did {speaker} say that",
    "id": "{word} {speaker} mengatakan itu",
}
_THAT_SAID = {"en": "{word} was that said", "id": "{word} itu dikatakan"}


def _translated(word: str, language: str) -> str:
    """A question word in *language*."""
    plain = " ".join(word.lower().split())
    plain = _SAME.get(plain, plain) if language == "en" else plain
    for english, indonesian in _WORDS.values():
        if plain in (english, indonesian):
            return (
                indonesian
                if language == "id" and plain == english
                else (english if language == "en" else plain)
            )
    return plain


# "What did he say?", "When was that?"

_PERSON = re.compile(
    r"\b(?:(?P<whose>his|her(?=\s+[a-z]{3,}))|he|she|him|her|dia|ia|beliau"
    r"|(?P<held>kata|pendapat|menurut|tanggapan|pernyataan|komentar|pandangan|ucapan|usul|usulan"
    r"|pesan|dikatakan|disampaikan|diucapkan|diusulkan|disebutkan|diminta)nya)\b",
    re.IGNORECASE,
)
_SAID_IT = re.compile(
    r"\b(?:say|said|claim|announce|stress|mention|explain|mengatakan|menyatakan|menyampaikan"
    r"|mengucapkan|menjelaskan|menyebutkan|bilang|berkata)(?P<it>nya|\s+(?:that|this|it|so|itu|ini"
    r"|demikian|begitu|hal itu))$",
    re.IGNORECASE,
)
_THAT = re.compile(
    r"\b(?:that|this|hal (?:itu|ini|tersebut)|itu|ini)(?=$|\s+(?:happen\w*|written|said|mean|true"
    r"|possible|so|important|decided|announced|changed?|occur\w*|take place|necessary|done|made"
    r"|terjadi|berlangsung|dimulai|diumumkan|diresmikan|diadakan|dilakukan|ditulis|tertulis|dikatakan"
    r"|penting|diputuskan|berakhir|disampaikan|bisa terjadi|dapat terjadi|perlu|benar)\b)",
    re.IGNORECASE,
)
_THE_SAID = re.compile(
    r"(?:(?<=\s)(?!(?:saat|hari|selama|sampai|kini|tahun|bahwa) )[a-z][\w-]+\s+(?:itu|ini|tersebut)"
    rf"|\b(?:{_AUXILIARY}|in|at|of|about|on|for|to|by)"
    r"\s+(?:that|this|those|these)\s+(?!(?:the|a|an|is|was|with|who|which)\b)[a-z]+)(?![\w-])"
)
_DEFINES = re.compile(
    r"(?:apa|siapa)(?:kah)?\s+(?:itu|ini)\s", re.IGNORECASE
)  # "Apa itu likuefaksi?"
# Not "it" that stands for what comes later: "How long does it take to ...".
_IT = re.compile(r"\bit(?=(?:\s+(?!(?:that|when|how|to|if|for)\b)[\w'’-]+){0,3}$)", re.IGNORECASE)
_THEY = re.compile(r"\b(?:they|them|their|mereka)\b(?!\s+(?:call|say|speak)\b)", re.IGNORECASE)
_ABOUT_IT = re.compile(r"\b(?:about|with|against)\s+(?P<it>it|that|this)$", re.I)
_OF_IT = re.compile(r"\b(?P<word>[a-z]{3,})nya$", re.IGNORECASE)
# Words that end in -nya and lean on nothing.
_LEXICAL = word_set(
    "biasanya sebenarnya akhirnya misalnya umumnya sebaiknya seharusnya artinya khususnya"
    " sebelumnya selanjutnya satunya semuanya lainnya setidaknya kenyataannya rupanya tampaknya"
    " hanya punya tanya bertanya lamanya sesudahnya sekitarnya seluruhnya sepenuhnya selamanya"
    " selebihnya"
)
# Words before a pronoun that name nothing it could stand for.
_EMPTY = word_set(
    "according else year date day month city country place time way reason many much long often"
    " kind tahun tanggal bulan kota negara alasan lama kali banyak besar cara lagi sih tadi"
    " dikatakan katakan disampaikan anything something first pertama"
    " instead too then exactly juga sendiri"
)


def _references(
    body: str, frames: Sequence[_Frame], goes_on: bool, speaks: Speaks
) -> _Resolved | None:
    """The question with its pronouns and what it leaves unsaid written out."""
    last = frames[0]
    text = body
    carried: tuple[CarriedOver, ...] = ()
    excludes = _ELSE.search(body) is not None
    bare = _BARE_THING.fullmatch(body) is not None
    thing = _with_thing(text, last)
    text = thing or text
    if pronoun := _unbound(_PERSON, text):
        text, carried = _with_person(text, pronoun, frames, speaks)
    if thing is not None:
        carried = (*carried, _carried(Carried.TOPIC, last.about))
    elif (saying := _says_nothing_of(text, speaks)) and last.about:
        carried = (*carried, _carried(Carried.TOPIC, last.about))
        text = f"{text} {_regarding(last, saying)}"
    elif (
        not carried
        and (goes_on or excludes or _NO_SUBJECT.fullmatch(body) or bare)
        and not _named(text[:1].lower() + text[1:] if bare else text)
        and not any(map(str.isdigit, text))
    ):
        text, carried = f"{text} ({last.entity})", (_carried(Carried.TOPIC, last.entity),)
    if not carried:
        more = excludes and last.speaker is not None and last.speaker in text
        return _Resolved(text, (), True) if more else None
    when = last.when.of(last.text) if last.when else ""
    if when and SAYING.search(text) and _restricted(last) and not find_periods(text):
        text, carried = f"{text} {when}", (*carried, _carried(Carried.DATE, when))
    return _Resolved(text, carried, excludes)


# "Kapan dihitung?", "Siapa yang menentang?": a question word and a verb, and nothing else.
_NO_SUBJECT = re.compile(
    r"(?:kapan|di ?mana|mengapa|kenapa|bagaimana|siapa|oleh siapa|sejak kapan)(?:\s+(?:yang|mulai"
    r"|akan|sudah|telah|pernah|bisa|dapat))*\s+(?:di|ber|ter|me|memper)[a-z]{3,}"
    r"(?:\s+(?:begitu|demikian|seperti itu))?",
    re.IGNORECASE,
)
# "How many users?", "Ada korban?": a thing, and nothing to say of what.
_BARE_THING = re.compile(
    r"(?:how many|how much|any|berapa(?: banyak| jumlah)?|ada|adakah)\s+(?!of\b)[a-z]{3,}"
    r"(?:\s+(?:yang\s+)?(?:took part|take part|attended|participated|came|joined|agreed|died"
    r"|survived|hadir|ikut(?: serta)?|datang|setuju|tewas|selamat))?"
    r"|(?:which|what)\s+(?!(?:is|are|was|were|did|does|do|else|about)\b)[a-z]{4,}"
    r"|(?!(?:di|ke|dari)\b)[a-z]{4,}\s+(?:mana|apa)(?:\s+saja)?",
    re.IGNORECASE,
)
_OF = {"en": "about", "id": "tentang"}


def _unbound(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """A pronoun with nothing before it in *text* that it could stand for."""
    found = pattern.search(text)
    said = WHO_SAID.search(text)
    if found is None or (said and pattern is _PERSON and said.start() < found.start()):
        return None
    after = _QUESTION_WORD.search(text, found.end())
    if after and not re.match(r"menurut|according", text, re.IGNORECASE):
        return None  # "Other than his achievements what was Tesla famous for?"
    before = [token.text for token in tokens(text[: found.start()])]
    # "Who disagreed with him?", "Apa jabatan beliau?"
    if pattern is _PERSON and _LAST.search(text) and not _named(text[:1].lower() + text[1:]):
        return found
    empty = all(
        _function(word) or fold(word) in _EMPTY or SAYING.fullmatch(word) for word in before
    )
    return found if empty else None


_LAST = re.compile(
    r"^(?:\w+\s+){1,3}(?:with|to|about|against|for|from)\s+(?:him|her)$"
    r"|^(?:apa|siapa|berapa|kapan|di mana)\s+\w+\s+(?:dia|beliau)$",
    re.IGNORECASE,
)


def _with_person(
    text: str, pronoun: re.Match[str], frames: Sequence[_Frame], speaks: Speaks
) -> tuple[str, tuple[CarriedOver, ...]]:
    """*text* with the name of whoever was spoken of last, if anybody was."""
    for frame in frames:
        if name := _who(frame, speaks):
            said = f"{pronoun['held']} {name}" if pronoun["held"] else name
            said += "'s" if pronoun["whose"] else ""
            carried = _carried(Carried.SPEAKER, name)
            return text[: pronoun.start()] + said + text[pronoun.end() :], (carried,)
        if frame.asked.kind is Kind.PERSON and not frame.saying:
            gloss = f"{pronoun.group()} ({frame.subject})"
            carried = _carried(Carried.TOPIC, frame.subject)
            return text[: pronoun.start()] + gloss + text[pronoun.end() :], (carried,)
    return text, ()


def _who(frame: _Frame, speaks: Speaks) -> str | None:
    """The person an earlier turn is about: whose words were asked for, or were shown."""
    if frame.speaker:
        return frame.speaker
    if frame.asked.who_said:
        return next((c.speaker for c in frame.citations if c.speaker), None)
    if frame.asked.kind is Kind.PERSON:
        return None
    named = (m.name for m in people(frame.text) if not is_place(m.name))
    return next((name for name in named if speaks(name)), None)


def _with_thing(text: str, last: _Frame) -> str | None:
    """*text* with what "that", "it" or "-nya" stands for; None if there is no such word."""
    about, entity = last.about, last.entity
    if said := _SAID_IT.search(text):
        that = " itu" if said["it"].lower() == "nya" else said["it"]
        return f"{text[: said.start('it')]}{that} {_regarding(last, _language(text, last))}"
    if (it := _ABOUT_IT.search(text)) and not _named(text[: it.start()])[1:]:
        return f"{text[: it.start('it')]}{entity}"
    if (that := _unbound(_THAT, text)) and not _DEFINES.match(text):
        return f"{text[: that.end()]} ({about}){text[that.end() :]}"
    few = len(_SOURCE.sub("", text).split())
    if (
        _named(text[:1].lower() + text[1:])
        or any(map(str.isdigit, text))
        or few > _LONGEST_WITH_THING
    ):
        return None
    of = _OF_IT.search(text) if few < 5 else None
    if of and of.group().lower() not in _LEXICAL and not _PERSON.fullmatch(of.group()):
        return f"{text[: of.end('word')]} {entity}"
    if it := _unbound(_IT, text):
        return f"{text[: it.start()]}{entity}{text[it.end() :]}"
    if few < 6 and (they := _unbound(_THEY, text)):
        return f"{text[: they.end()]} ({about}){text[they.end() :]}"
    if (noun := _THE_SAID.search(text)) and not _DEFINES.match(text):
        return f"{text[: noun.end()]} ({about}){text[noun.end() :]}"
    return None


def _regarding(last: _Frame, language: str) -> str:
    """What the last question is about, to follow a verb of saying."""
    if last.topic is None or last.clause:
        return f"({last.about})"
    return f"{_OF[language]} {last.about}"


def _says_nothing_of(text: str, speaks: Speaks) -> str | None:
    """The language of a question that asks what somebody says and not about what, else None."""
    asked = interpret(text, outlets={}, called=_as_written(speaks))
    asks = re.match(rf"(?:{_WH}|{_AUXILIARY}|menurut|according to)\b", text, re.IGNORECASE)
    if asked.speaker is None or not SAYING.search(text) or not asks:
        return None
    name = {fold(token.text) for token in tokens(asked.speaker)}
    for token in tokens(text):
        word = fold(token.text)
        known = word in name or _function(word) or word in _EMPTY or SAYING.fullmatch(word)
        if not known:
            return None
    return asked.language


def _as_written(speaks: Speaks) -> Callable[[str], Sequence[str]]:
    """For ``interpret``: whoever speaks keeps the name that stands in the question."""
    return lambda name: [name] if speaks(name) else []


def _language(text: str, last: _Frame) -> str:
    asked = interpret(text, outlets={})
    return asked.language if len(text.split()) > 2 else last.language


def _restricted(frame: _Frame) -> bool:
    return any(one.key is FilterKey.DATE and one.restricts for one in frame.asked.filters)


def _kept(frame: _Frame, *keys: Carried) -> tuple[CarriedOver, ...]:
    """Those of speaker, topic and date that the frame has."""
    held = {
        Carried.SPEAKER: frame.speaker,
        Carried.TOPIC: frame.about,
        Carried.DATE: frame.when.of(frame.text) if frame.when else None,
    }
    return tuple(CarriedOver(key, value) for key in keys if (value := held[key]))


def _carried(key: Carried, value: str) -> CarriedOver:
    return CarriedOver(key, value)


def _sentence(text: str) -> str:
    """*text* as a question: a capital letter, no double blanks, a question mark."""
    text = re.sub(r"\s+([,?])", r"\1", " ".join(text.split())).strip(" ,")
    return f"{text[:1].upper()}{text[1:]}?"
