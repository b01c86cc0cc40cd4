"""What a language model wrote, checked sentence by sentence against the sources it cites.

Knows texts, sources and the embedder; knows nothing about endpoints, prompts or
the store. A check can only find fault: that a sentence passes all of them does
not prove it. What it may still get wrong is in docs/llm.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np

from qa.ingest.dates import MONTHS, WEEKDAYS, find_dates
from qa.language import names
from qa.language.figures import MONEY, Figure, figures
from qa.language.sentences import sentence_spans
from qa.language.tokens import STOPWORDS, fold, is_acronym, stem, stems, tokens
from qa.language.translation import translations
from qa.types import Embedder, Flaw, Objection, Span, WrittenSentence

# Nearly every sentence lies above it beside its own translation, three quarters of
# halves do, and a fifth of those put beside the neighbours of their translation:
# ``benchmarks/checking.py``, docs/log.md.
SUPPORT = 0.55

LIKELY = 0.05  # a translation of this probability or more may stand for its word


@dataclass(frozen=True)
class Source:
    """What the model may cite as [n], and all that it is told of it.

    *sentences*: verbatim, in the order of the document, the citation's own
    among them. *speaker*: who says it, as Kutip found, or None.
    """

    n: int
    title: str
    speaker: str | None
    language: str
    sentences: tuple[str, ...]

    @cached_property
    def text(self) -> str:
        """The sentences as one text."""
        return " ".join(self.sentences)

    @cached_property
    def told(self) -> str:
        """Everything that a name, date or number may come from."""
        return "\n".join(filter(None, (self.title, self.speaker, self.text)))


def check(
    text: str, sources: Sequence[Source], embedder: Embedder, language: str, *, cut: bool = False
) -> tuple[WrittenSentence, ...]:
    """The sentences of *text*, each with what is wrong with it.

    *language*: the one it should be in; *cut*: it breaks off before its end.
    """
    by_number = {source.n: source for source in sources}
    written = list(_sentences(tidy(text), language))
    bare = [_MARK.sub(" ", sentence) for sentence in written]
    supports = _supports(bare, [cited(s) for s in written], by_number, embedder)
    checked = []
    for place, (sentence, plain) in enumerate(zip(written, bare, strict=True)):
        numbers = cited(sentence)
        known = [by_number[n] for n in numbers if n in by_number]
        found = [Objection(Flaw.NO_SUCH_SOURCE, f"[{n}]") for n in numbers if n not in by_number]
        if not numbers:
            found.append(Objection(Flaw.UNCITED))
        found += [Objection(Flaw.MARKUP, part) for part in _markup(plain, known)]
        if known:
            found += _unfounded(plain, known, language)
        support = supports[place]
        if support is not None and support < SUPPORT:
            found.append(Objection(Flaw.UNSUPPORTED))
        if cut and place == len(written) - 1:
            found.append(Objection(Flaw.CUT_OFF))
        checked.append(WrittenSentence(sentence, numbers, tuple(found), support))
    return tuple(checked)


# The text as written


def tidy(text: str) -> str:
    """*text* without characters that cannot be seen, which could hide a word from a check."""
    return "".join(
        c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")
    )


_MARK = re.compile(r"\s*\[\s*(\d{1,4}(?:\s*,\s*\d{1,4})*)\s*\]")
_LATE_MARKS = re.compile(r"([.!?…]+[”\"’»]?)((?:\s*\[\s*\d{1,4}(?:\s*,\s*\d{1,4})*\s*\])+)")
_BULLET = re.compile(r"^[ \t]*(?:[-*•#]+|\d{1,2}[.)])[ \t]+", re.MULTILINE)
_EMPHASIS = re.compile(r"\*\*|__")


def cited(sentence: str) -> tuple[int, ...]:
    """The numbers that *sentence* cites, each once: "[1] [2, 3]" gives 1, 2 and 3."""
    found = (int(n) for mark in _MARK.finditer(sentence) for n in mark[1].split(","))
    return tuple(dict.fromkeys(found))


def _sentences(text: str, language: str) -> Iterator[str]:
    """The sentences of *text* that hold a word, bullets and emphasis taken off.

    A mark behind a full stop belongs to the sentence before it.
    """
    plain = _EMPHASIS.sub("", _BULLET.sub("", text))
    plain = _LATE_MARKS.sub(r"\2\1", plain)
    for span in sentence_spans(plain, language):
        sentence = " ".join(span.of(plain).split())
        if any(map(str.isalnum, _MARK.sub("", sentence))):
            yield sentence


# What may not stand there at all

_MARKUP = re.compile(
    r"\w{1,20}://\S*|\bwww\.\S+|\]\s?\(\S{0,80}|</?[a-zA-Z!][^>]{0,80}>?|<<+|>>+"
    r"|\b(?:javascript|data|mailto|file):\S+|[\w.+-]{1,64}@[\w-]+\.\w+|&#?\w{1,20};|`+"
)
_DOMAIN = re.compile(r"\b(?:[\w-]{1,63}\.){1,9}[^\W\d_]{2,63}\b")


def _markup(sentence: str, sources: Sequence[Source]) -> Iterator[str]:
    """Links, addresses, tags; a site's name unless a source has it."""
    yield from (found.group() for found in _MARKUP.finditer(sentence))
    for found in _DOMAIN.finditer(_MARKUP.sub(" ", sentence)):
        if not any(found.group() in source.told for source in sources):
            yield found.group()


# What must stand in the sources too


def _unfounded(sentence: str, sources: Sequence[Source], language: str) -> Iterator[Objection]:
    told = "\n".join(source.told for source in sources)
    for words in _misquoted(sentence, [source.text for source in sources]):
        yield Objection(Flaw.QUOTATION, words)
    for words in _new_dates(sentence, told):
        yield Objection(Flaw.DATE, words)
    for words in _new_figures(sentence, told):
        yield Objection(Flaw.NUMBER, words)
    for words in _new_names(sentence, sources, language):
        yield Objection(Flaw.NAME, words)


_QUOTED = re.compile(
    r"“([^“”]*)”|„([^„“”]*)[“”]|”([^“”]*)”|«([^«»]*)»|\"([^\"]*)\""
    r"|(?<!\w)‘(.*?)’(?!\w)|(?<!\w)'(.*?)'(?!\w)"
)
_LONE_MARK = re.compile(r"[“”„«»\"]")


def _misquoted(sentence: str, texts: Sequence[str]) -> Iterator[str]:
    """Words between quotation marks that none of *texts* has, word for word.

    A comma or full stop before the closing mark may be the writer's own.
    """
    sound = [_comparable(text) for text in texts]
    for found in _QUOTED.finditer(sentence):
        words = next(group for group in found.groups() if group is not None)
        wanted = _comparable(words).strip().rstrip(".,;:!?…").rstrip()
        whole = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
        if not wanted or not any(whole.search(text) for text in sound):
            yield found.group()
    if lone := _LONE_MARK.search(_QUOTED.sub(" ", sentence)):
        yield sentence[sentence.find(lone.group()) :]


def _comparable(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("’", "'").replace("‘", "'"))


# Dates

_MONTH = re.compile(
    r"\b(?P<name>[^\W\d_]{3,})\.?(?:\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?(?![\w%]|[.,:/-]\d))?"
    r"(?:,?\s+(?P<year>(?:19|20)\d\d)\b)?"
)
_MAY_BE_A_VERB = frozenset({"may", "march"})


@dataclass(frozen=True, slots=True)
class _Date:
    """A day, or a month without one. *loose*: "September 10", which may be an amount as well."""

    day: int | None
    month: int
    year: int | None
    span: Span
    loose: bool = False

    def told_by(self, other: _Date) -> bool:
        """True if *other* says all that this one says."""
        return (
            self.month == other.month
            and self.day in (None, other.day)
            and self.year in (None, other.year)
        )


def _new_dates(sentence: str, told: str) -> Iterator[str]:
    """Dates, months and weekdays of *sentence* that *told* does not have."""
    theirs = _dates(told)
    for ours in _dates(sentence):
        if not any(ours.told_by(other) for other in theirs):
            yield ours.span.of(sentence).strip(" ,.")
    weekdays = {weekday for weekday, _ in _weekdays(told)}
    yield from (words for weekday, words in _weekdays(sentence) if weekday not in weekdays)


def _dates(text: str) -> list[_Date]:
    """The dates of *text*, whole or a month alone."""
    found = [_Date(m.day, m.month, m.year, m.span) for m in find_dates(text)]
    for word in _MONTH.finditer(text):
        name, span = word["name"], Span(*word.span())
        if fold(name) not in MONTHS or not _is_calendar(fold(name)) or not name[0].isupper():
            continue
        if any(span.overlaps(other.span) for other in found):
            continue
        day, year = (int(word[part]) if word[part] else None for part in ("day", "year"))
        if fold(name) in _MAY_BE_A_VERB and not (day or year) and not text[: span.start].strip():
            continue
        found.append(_Date(day, MONTHS[fold(name)], year, span, loose=day is not None))
    return found


def _is_calendar(folded: str) -> bool:
    """True for a name of a month or weekday that stands for one without a day beside it."""
    return len(folded) > 3 or folded in ("mei", "may")


def _weekdays(text: str) -> Iterator[tuple[int, str]]:
    for token in tokens(text):
        name = token.text.replace("’", "'").casefold()
        if name in WEEKDAYS and _is_calendar(name) and token.text[0].isupper():
            yield WEEKDAYS[name], token.text


# Figures


def _new_figures(sentence: str, told: str) -> Iterator[str]:
    """Figures of *sentence*, in digits or in words, that *told* does not have.

    The year of a date in *told* counts; its day is no amount of anything.
    """
    dates = _dates(told)
    amounts = _without(told, [date.span for date in dates if not date.loose])
    theirs = list(figures(unicodedata.normalize("NFKC", amounts)))
    theirs += [Figure(str(date.year), "", date.span) for date in dates if date.year]
    plain = _without(sentence, [date.span for date in _dates(sentence)])
    plain = unicodedata.normalize("NFKC", plain)
    for figure in figures(plain):
        if not any(figure.told_by(other) for other in theirs):
            yield figure.span.of(plain)


def _without(text: str, spans: Collection[Span]) -> str:
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


# Names


def _new_names(sentence: str, sources: Sequence[Source], language: str) -> Iterator[str]:
    """Words of *sentence* written like names that its *sources* do not have.

    The sources have a word if they hold it, another form of it, a translation
    of it, or a person also known by it ("Jokowi", "Joko Widodo"). The words of
    one person's name must stand together in them.
    """
    evidence = _Evidence(sources)
    plain = _without(sentence, [date.span for date in _dates(sentence)])
    known_people: list[Span] = []
    for mention in names.people(plain):
        words = [fold(token.text) for token in tokens(mention.name)]
        if evidence.has_person(mention.name):
            known_people.append(mention.span)
        elif len(words) > 1 and evidence.words.issuperset(words) and not evidence.together(words):
            yield mention.name
    for place, token in enumerate(tokens(plain)):
        span = Span(token.start, token.end)
        if any(span.overlaps(other) for other in known_people):
            continue
        word = re.sub(r"['’]s$", "", token.text)
        if not _like_a_name(word, first=place == 0, language=language):
            continue
        if not all(evidence.has(part, language) for part in re.split(r"[-‑]", word) if part):
            yield word


def _like_a_name(word: str, *, first: bool, language: str) -> bool:
    folded = fold(word)
    dated = folded in MONTHS or folded in WEEKDAYS
    # "Jan" and "Sun" may be people; the checks of dates leave them alone.
    if not word[0].isupper() or folded in MONEY or (dated and _is_calendar(folded)):
        return False
    if is_acronym(word) or (len(word) > 1 and word.isupper()):
        return True
    halves = {fold(part) for part in word.split("-")}  # "Hal-hal"
    if any(halves <= stop for stop in STOPWORDS.values()):
        return False
    return not (first and _ordinary(word, language))


def _ordinary(word: str, language: str) -> bool:
    """True for a word that the translation table turns into another: no name, then."""
    source, target = ("en", "id") if language == "en" else ("id", "en")
    return any(
        stem(word, target) != other
        for other, _ in translations(stem(word, source), source, target)[:1]
    )


# Short forms whose letters do not lead from one language to the other.
_WRITTEN_OUT: Mapping[str, str] = MappingProxyType(
    {
        "AS": "Amerika Serikat", "US": "United States", "USA": "United States of America",
        "PBB": "Perserikatan Bangsa-Bangsa", "UN": "United Nations",
        "UE": "Uni Eropa", "EU": "European Union", "UK": "United Kingdom",
        "RI": "Republik Indonesia", "DPR": "Dewan Perwakilan Rakyat",
    }
)  # fmt: skip


def _written_out(text: str) -> str:
    """*text*, and after it the offices and bodies in it that are written short."""
    more = []
    for token in tokens(text):
        office = " ".join(names.fold_role(token.text))
        more.append(_WRITTEN_OUT.get(token.text.replace(".", ""), ""))
        more.append(office if office != fold(token.text) else "")
    return " ".join([text, *filter(None, more)])


class _Evidence:
    """The words of some sources, for looking up names."""

    def __init__(self, sources: Sequence[Source]) -> None:
        told = [(source.language, _written_out(source.told)) for source in sources]
        self._order = [fold(token.text) for _, text in told for token in tokens(text)]
        self.words = set(self._order)
        for word in self._order:
            self.words.update(part for part in re.split("[-‑]", word) if part)
        self._stems: dict[str, set[str]] = {}
        for language, text in told:
            self._stems.setdefault(language, set()).update(stems(text, language))
        self._people = [
            set(names.fold(mention.name).split())
            for source in sources
            for mention in names.people(source.told)
        ]
        self._people += [set(names.fold(s.speaker).split()) for s in sources if s.speaker]

    def has(self, word: str, language: str) -> bool:
        """True if the sources hold *word*, a form or a translation of it."""
        if fold(word) in self.words:
            return True
        if long := _WRITTEN_OUT.get(word.replace(".", "")):
            return all(self.has(part, language) for part in re.findall(r"[A-Z]\w+", long))
        for other, held in self._stems.items():
            if stem(word, other) in held or stem(word, language) in held:
                return True
            if other != language:
                likely = translations(stem(word, language), language, other)
                if any(one in held and share >= LIKELY for one, share in likely):
                    return True
        return False

    def has_person(self, name: str) -> bool:
        """True if one person in the sources bears all of *name*, aliases folded."""
        wanted = set(names.fold(name).split())
        return any(wanted <= person for person in self._people)

    def together(self, words: Sequence[str]) -> bool:
        """True if *words* stand within a few words of each other."""
        wanted, width = set(words), len(words) + 2
        return any(
            wanted <= set(self._order[i : i + width])
            for i, word in enumerate(self._order)
            if word in wanted
        )


# Support


def _supports(
    sentences: Sequence[str],
    citations: Sequence[Sequence[int]],
    sources: Mapping[int, Source],
    embedder: Embedder,
) -> list[float | None]:
    """For each sentence the cosine with what is nearest to it in the sources it cites."""
    wanted = {n for numbers in citations for n in numbers if n in sources}
    if not wanted:
        return [None] * len(sentences)
    texts = [text for n in sorted(wanted) for text in parts(sources[n])]
    owners = [n for n in sorted(wanted) for _ in parts(sources[n])]
    vectors = embedder.encode_document([*sentences, *texts])
    cosines = vectors[: len(sentences)] @ vectors[len(sentences) :].T
    return [
        float(row[np.isin(owners, list(numbers))].max()) if wanted & set(numbers) else None
        for row, numbers in zip(cosines, citations, strict=True)
    ]


def parts(source: Source) -> list[str]:
    """What a sentence may lean on: one sentence of *source*, or two in a row."""
    pairs = (" ".join(pair) for pair in zip(source.sentences, source.sentences[1:], strict=False))
    return [*source.sentences, *pairs]
