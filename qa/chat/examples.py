"""Questions to start with, made from the documents: who speaks, and of what their titles tell.

Every one of them has been asked, and is offered only if it was answered by the
person it is about. Made once for each state of the corpus.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING

from qa.chat.wording import say
from qa.errors import DocumentNotFound, KutipError
from qa.language.figures import is_number_word
from qa.language.names import is_place, same_person
from qa.language.tokens import STOPWORDS, fold, tokens
from qa.types import Document

if TYPE_CHECKING:
    from qa.corpus import Corpus

MOST = 4  # questions offered
TRIES = 16  # questions asked to find them
WORDS = 4  # of a topic
LOOKED = 60  # articles read for topics

# After one of these stands the name of a thing.
_BEFORE = {
    "en": "the of on for in about an with by from over its their",
    "id": "soal tentang mengenai terkait perihal dalam untuk dari oleh atas terhadap bagi dengan",
}


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


def made(corpus: Corpus, language: str) -> list[str]:
    """Questions that *corpus* answers: by as many people and on as many articles as there are."""
    found: list[str] = []
    for tries, (question, speaker) in enumerate(_candidates(corpus, language)):
        if len(found) == MOST or tries == TRIES:
            break
        if _answers(corpus, question, speaker, language):
            found.append(question)
    return found


def _answers(corpus: Corpus, question: str, speaker: str | None, language: str) -> bool:
    try:
        answer = corpus.ask(question)
    except KutipError:  # a title may be no question: too long, or with a colon like a filter's
        return False
    if answer.abstained or answer.language != language:
        return False
    first = answer.citations[0].speaker
    return speaker is None or (first is not None and same_person(first, speaker))


def _candidates(corpus: Corpus, language: str) -> Iterator[tuple[str, str | None]]:
    """Questions, and whose words they ask for: a question for each speaker, then another.

    Those who speak most come first, on the article in which they say most; no topic
    and no article comes twice. Then whatever those say for whom there is no topic, and
    the newest articles by their titles.
    """
    listed = {one.id: one for one in corpus.documents()}
    speakers = corpus.speakers()
    named = {word for one in speakers for form in one.forms for word in _words(form)}
    rounds: list[tuple[int, int, str]] = []
    for place, voice in enumerate(speakers):
        homes = Counter(one.document_id for one in voice.statements).most_common()
        # What was added a moment ago is not listed.
        rounds += [(nth, place, id) for nth, (id, _) in enumerate(homes) if id in listed]
    used: set[str] = set()
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
        for topic in topics(document, language):
            if topic not in used and known.isdisjoint(_words(topic)):
                used |= {id, topic, voice.name}
                yield say(language, "said_about", speaker=voice.name, topic=topic), voice.name
                break
    for voice in speakers[:MOST]:
        if voice.name not in used:
            yield say(language, "said_any", speaker=voice.name), voice.name
    for one in sorted(listed.values(), key=lambda one: one.published or date.min, reverse=True):
        if one.title and one.id not in used:
            yield say(language, "about", title=one.title), None


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
