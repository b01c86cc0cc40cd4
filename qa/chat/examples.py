"""Questions to start with, made from the documents: who speaks, when, and of what titles tell.

What Indonesian titles tell of is asked about in English too, and the other way round.

Every one of them has been asked, and is offered only if it was answered by the
person it is about. Made once for each state of the corpus.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from math import log
from typing import TYPE_CHECKING

from qa.chat.translating import Words
from qa.chat.wording import say
from qa.errors import DocumentNotFound, KutipError
from qa.language.figures import is_number_word
from qa.language.names import is_place, same_person
from qa.language.tokens import STOPWORDS, fold, tokens
from qa.types import Document

if TYPE_CHECKING:
    from qa.answering.speakers import Speaker
    from qa.corpus import Corpus
    from qa.index.store import Listed

MOST = 4  # questions offered
TRIES = 16  # questions asked to find them
WORDS = 4  # of a topic
LOOKED = 60  # articles read for topics
VOICES = 24  # speakers who are asked about in words that are translated
READ = 8  # articles of each that are read for them
COMMON = 0.005  # share of titles that hold a word, over which it tells little
ROUNDS = 3  # translations tried of each

# After one of these stands the name of a thing.
_BEFORE = {
    "en": "the of on for in about an with by from over its their",
    "id": "soal tentang mengenai terkait perihal dalam untuk dari oleh atas terhadap bagi dengan",
}
# What is translated into which, by ``Words``.
_OTHER = {"en": ("id", "ms"), "id": ("en",)}


class Examples:
    """The questions for *corpus*. Safe to use from several threads."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._lock = threading.Lock()
        self._made: dict[str, list[str]] = {}
        self._generation = ""

    def of(self, language: str) -> list[str]:
        """At most ``MOST`` questions in *language* that the corpus answers, as it is now."""
        generation = self._corpus.edition().generation
        # Whoever comes meanwhile waits for them, rather than making them too.
        with self._lock:
            if generation != self._generation:
                self._generation, self._made = generation, {}
            if language not in self._made:
                self._made[language] = made(self._corpus, language)
            return self._made[language]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A question that may be offered; whose words it asks for (None: anybody's), and about what."""

    question: str
    speaker: str | None = None
    topic: str = ""


def made(corpus: Corpus, language: str) -> list[str]:
    """Questions that *corpus* answers: by as many people and on as many articles as there are.

    Of what somebody says about a topic, and one of what somebody has said lately; then others.
    """
    found: list[str] = []
    tries = 0
    listed = {one.id: one for one in corpus.documents()}
    speakers = corpus.speakers()

    def take(candidates: Iterator[_Candidate], most: int) -> None:
        nonlocal tries
        while len(found) < most and tries < TRIES and (candidate := next(candidates, None)):
            if candidate.question in found:
                continue
            tries += 1
            if _answers(corpus, candidate, language):
                found.append(candidate.question)

    take(_late(speakers, language), 1)
    others = [voice for voice in speakers if not _is_in(voice, found)]
    words = Words(corpus.embedder)
    for some in (others, speakers):
        take(_topical(corpus, some, listed, language), MOST)
        take(_translated(corpus, some, listed, words, language), MOST)
    take(_topical(corpus, speakers, listed, language, foreign=True), MOST)
    take(_general(speakers, listed, found, language), MOST)
    return [*found[1:], *found[:1]]


def _answers(corpus: Corpus, candidate: _Candidate, language: str) -> bool:
    """Whether the answer begins with words of the one asked about, and on what was asked.

    That stands in the quote itself, in whichever language, or in the title over it.
    """
    try:
        answer = corpus.ask(candidate.question)
    except KutipError:  # a title may be no question: too long, or with a colon like a filter's
        return False
    if answer.abstained or answer.language != language:
        return False
    first = answer.citations[0]
    if candidate.speaker is not None and not (
        first.speaker and same_person(first.speaker, candidate.speaker)
    ):
        return False
    topic = _words(candidate.topic)
    lit = {fold(match.word) for match in first.matched if first.start <= match.start < first.end}
    return topic <= lit or topic <= _words(first.title)


def _translated(
    corpus: Corpus,
    speakers: Sequence[Speaker],
    listed: Mapping[str, Listed],
    words: Words,
    language: str,
) -> Iterator[_Candidate]:
    """What a speaker says about a thing that articles of the other language name in theirs.

    Each of those who speak most about what their articles tell of most, then each about the next.
    """
    named = _names(speakers)
    common = Counter(word for one in listed.values() for word in _words(one.title))

    def things(voice: Speaker) -> Iterator[str]:
        told: Counter[str] = Counter()
        homes = Counter(one.document_id for one in voice.statements)
        for id, _ in homes.most_common(READ):
            if id not in listed or (source := listed[id].language) not in _OTHER.get(language, ()):
                continue
            with suppress(DocumentNotFound):  # removed since
                for thing, count in _things(corpus.document(id)).items():
                    often = max(common[fold(word)] for word in thing)
                    if often > max(3, COMMON * len(listed)):  # "case", "year"
                        continue
                    if (name := words.translated(thing, source, language)) is not None:
                        told[name] += round(100 * count * log(len(listed) / often))
        for name in sorted(told, key=lambda one: (-len(one.split()), -told[one], one)):
            if named.isdisjoint(_words(name)):
                yield name

    asked: list[set[str]] = []
    each = [(voice, things(voice)) for voice in speakers[:VOICES]]
    for _ in range(ROUNDS):
        for voice, names in each:
            for name in names:
                if all(_words(name).isdisjoint(other) for other in asked):
                    asked.append(_words(name))
                    question = say(language, "said_about", speaker=voice.name, topic=name)
                    yield _Candidate(question, voice.name, name)
                    break


def _things(document: Document) -> Counter[tuple[str, ...]]:
    """One or two words of the title that name a thing of which the article tells, and how often.

    Of a single word that it names a thing shows where it stands: after "about", "of", and so on.
    """
    body, skip = _body(document).lower(), STOPWORDS.get(document.language, frozenset())
    before = _BEFORE.get(document.language, _BEFORE["en"]).replace(" ", "|")
    words = [token.text.lower() for token in tokens(document.title)]
    found: Counter[tuple[str, ...]] = Counter()
    for start, word in enumerate(words):
        for thing in ((word,), tuple(words[start : start + 2])):
            written = re.escape(" ".join(thing))
            if any(len(one) < 4 or _tells_nothing(fold(one), skip) for one in thing):
                continue
            if len(thing) == 1 and not re.search(rf"\b(?:{before}) {written}\b", body):
                continue
            if (count := len(re.findall(rf"\b{written}\b", body))) >= (5 if len(thing) == 1 else 2):
                found[thing] = count
    return found


def _topical(
    corpus: Corpus,
    speakers: Sequence[Speaker],
    listed: Collection[str],
    language: str,
    *,
    foreign: bool = False,
) -> Iterator[_Candidate]:
    """What a speaker says about a topic: a question for each, then another.

    Those who speak most come first, on the article in which they say most; no topic
    and no article comes twice. *foreign*: topics of another language, as they are written there
    and in quotation marks.
    """
    named = _names(speakers)
    rounds: list[tuple[int, int, str]] = []
    for place, voice in enumerate(speakers):
        homes = Counter(one.document_id for one in voice.statements).most_common()
        # What was added a moment ago is not listed.
        rounds += [(nth, place, id) for nth, (id, _) in enumerate(homes) if id in listed]
    used: set[str] = set()
    asked: list[set[str]] = []  # the words of each topic
    for _, place, id in sorted(rounds)[:LOOKED]:
        if id in used:
            continue
        voice = speakers[place]
        # Nobody is asked about people who speak here, or about their own office.
        known = named | _words(f"{voice.role or ''} {voice.affiliation or ''}")
        try:
            document = corpus.document(id)
        except DocumentNotFound:  # removed since
            continue
        for topic, written in _asked_of(document, language, foreign=foreign):
            words = _words(topic)
            if known.isdisjoint(words) and not any(words <= o or words >= o for o in asked):
                used.add(id)
                asked.append(words)
                question = say(language, "said_about", speaker=voice.name, topic=written)
                yield _Candidate(question, voice.name, topic)
                break


def _names(speakers: Sequence[Speaker]) -> set[str]:
    """The words of the names of those who speak."""
    return {word for one in speakers for form in one.forms for word in _words(form)}


def _asked_of(document: Document, language: str, *, foreign: bool) -> Iterator[tuple[str, str]]:
    """Topics, each with how it is written in a question; *foreign*: phrases of other languages."""
    if foreign:
        if document.language != language:
            for topic in topics(document, document.language):
                if " " in topic:
                    yield topic, f"“{topic}”"
        return
    body = _body(document)
    for topic in topics(document, language):
        # "the GDPR", where the article says so more often than not.
        led = len(re.findall(rf"\b[Tt]he {re.escape(topic)}\b", body))
        article = "the " if language == "en" and 2 * led > body.count(topic) else ""
        yield topic, article + topic


def _late(speakers: Sequence[Speaker], language: str) -> Iterator[_Candidate]:
    """What somebody who speaks in several years has said since the last.

    Of those who speak most, the least first: of the others more is asked.
    """
    for voice in reversed(speakers[:MOST]):
        if voice.first and voice.last and voice.first.year < voice.last.year:
            question = say(language, "said_since", speaker=voice.name, year=str(voice.last.year))
            yield _Candidate(question, voice.name)


def _general(
    speakers: Sequence[Speaker],
    listed: Mapping[str, Listed],
    found: Sequence[str],
    language: str,
) -> Iterator[_Candidate]:
    """Whatever those say of whom nothing is *found*; and the newest articles by their titles."""
    for voice in speakers[:MOST]:
        if not _is_in(voice, found):
            yield _Candidate(say(language, "said_any", speaker=voice.name), voice.name)
    for one in sorted(listed.values(), key=lambda one: one.published or date.min, reverse=True):
        if one.title:
            yield _Candidate(say(language, "about", title=one.title))


def _is_in(voice: Speaker, found: Sequence[str]) -> bool:
    return any(voice.name in question for question in found)


def topics(document: Document, language: str) -> list[str]:
    """What the title tells of, in words that fit a question in *language*, best first.

    Runs of its words, without function words, that the article uses too: as a
    phrase in small letters where it is in *language*, or as a name, but no place, in any.
    """
    body, skip = _body(document), STOPWORDS.get(document.language, frozenset())
    words = tokens(document.title)
    before = _BEFORE.get(document.language, _BEFORE["en"]).replace(" ", "|")
    found: list[str] = []
    for size in range(min(WORDS, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            run = words[start : start + size]
            written = document.title[run[0].start : run[-1].end]
            apart = len(written.split()) != size  # by more than spaces
            if apart or any(_tells_nothing(fold(w.text), skip) for w in run):
                continue
            if any(written.casefold() in longer.casefold() for longer in found):
                continue
            phrase = written.lower()
            if document.language == language and size > 1 and _stands(phrase, body):
                found.append(phrase)
            elif (
                all(w.text[0].isupper() for w in run)
                and not is_place(written)
                and _is_whole(written, before, body)
                and not _stands(phrase, body)
            ):
                found.append(written)
    return found


# Indonesian verbs with an object; a noun lost for looking like one is no great loss.
_VERB = re.compile(r"me[lmnrwy]\w{4,}")


def _tells_nothing(word: str, skip: Collection[str]) -> bool:
    """For a folded word: function words, numbers and verbs are no part of a topic."""
    if not word or word in skip or word[0].isdigit():
        return True
    return is_number_word(word) or _VERB.match(word) is not None


def _is_whole(name: str, before: str, body: str) -> bool:
    """Whether *body* has *name* somewhere with no other word with a capital beside it.

    After one of the words of *before*; for an abbreviation, any word will do.
    """
    if name.isupper() and len(name) > 2:
        before = r"[a-z][\w-]*"
    return re.search(rf"\b(?:{before}) {re.escape(name)}(?! [A-Z])(?!\w|-)", body) is not None


def _words(text: str) -> set[str]:
    return {fold(token.text) for token in tokens(text)}


def _stands(phrase: str, body: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(phrase)}(?![\w-])", body) is not None


def _body(document: Document) -> str:
    """The article's own words in one line, without its furniture and the title over it."""
    text, position = "", 0
    for span in sorted(document.furniture):
        text += document.text[position : span.start] + "\n"
        position = max(position, span.end)
    text += document.text[position:]
    return " ".join(text.replace(document.title, "\n", 1).split())
