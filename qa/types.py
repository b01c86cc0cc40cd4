"""The nouns of Kutip and the seams between its parts.

Every other module speaks in these types. Nothing here reads a file, opens a
database or runs a model. Offsets are half-open character offsets into
``Document.text``, which is stored verbatim: normalisation happens only while
matching, never in storage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters: ``text[start:end]``."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def of(self, text: str) -> str:
        """The characters of *text* that the span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """True when the two spans share at least one character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Document:
    """One article, exactly as read, with what is known about it.

    ``id`` is a hash of the content. ``furniture`` marks the spans that belong
    to the page and not to the article (menus, "Baca juga", comment forms);
    they stay in ``text`` so that every offset holds, but no passage or quote
    comes from them. ``pages`` holds the offset at which each page starts, for
    formats that have pages; it is empty otherwise.
    """

    id: str
    title: str
    text: str
    source: str
    outlet: str | None
    published: date | None
    language: str
    furniture: tuple[Span, ...] = ()
    byline: str | None = None
    pages: tuple[int, ...] = ()

    def page_of(self, offset: int) -> int | None:
        """The number (from 1) of the page that holds *offset*, if there are pages."""
        if not self.pages:
            return None
        return max(1, sum(1 for start in self.pages if start <= offset))


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one document: the unit of retrieval."""

    document_id: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Segment:
    """A passage with the sentences it is made of, in order."""

    passage: Passage
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score for one query; ``rank`` counts from 1.

    ``also``: passages of other documents that only repeat it, nearly word for word.
    """

    passage: Passage
    score: float
    rank: int
    also: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """Words attributed to somebody: who said what, and where it is written.

    ``span`` covers what was said (for a direct quote, the words between the
    quotation marks). ``speaker`` is the name resolved within the article,
    ``speaker_as_written`` the mention beside the quote ("ia", "Kepala Negara").
    ``role`` and ``affiliation`` are what the article says of the speaker, in its
    words: "Kepala" and "Dinas Kesehatan Kota Semarang".
    """

    document_id: str
    span: Span
    speaker: str | None
    speaker_as_written: str | None
    direct: bool
    cue: str | None
    role: str | None = None
    affiliation: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Some words of a document, and what is known about it."""

    document_id: str
    title: str
    source: str
    outlet: str | None
    published: date | None
    start: int
    end: int

    @classmethod
    def of(cls, document: Document, start: int, end: int) -> Place:
        """The characters from *start* to *end* of *document*."""
        return cls(
            document_id=document.id,
            title=document.title,
            source=document.source,
            outlet=document.outlet,
            published=document.published,
            start=start,
            end=end,
        )


class Field(StrEnum):
    """What is known of an article as a whole."""

    TITLE = "title"
    BYLINE = "byline"
    OUTLET = "outlet"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Particular:
    """What an article is said to be: its writer, its outlet, its date.

    ``n``: the citation that goes with it. ``in_text``: the quote is the line that says so;
    if not, only the file's own data or its name do, and the quote is the title or the
    first sentence of the article, to show which it is. ``value``: None where the
    article does not say.
    """

    n: int
    field: Field
    value: str | None
    in_text: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A word of a document, at ``text[start:end]``, that matches a word of the question.

    ``word`` is that of the question; ``strength``, 0 to 1, the cosine of the two, 1 for
    the same word. See ``qa.retrieval.attribution``.
    """

    start: int
    end: int
    word: str
    strength: float


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote and where it stands: ``document.text[start:end] == quote``.

    ``also``: where else, each proven like the citation itself, the oldest first.
    ``short``: where in the document, within the quote, the few words stand that the
    question asks for (a number, a date, a name); None where that is not sure.
    ``matched``: the words in the quote and around it that match words of the question.
    ``field``: the quote is a line that says this of the article; such lines are furniture.
    """

    n: int
    document_id: str
    title: str
    source: str
    outlet: str | None
    published: date | None
    start: int
    end: int
    quote: str
    speaker: str | None
    page: int | None = None
    also: tuple[Place, ...] = ()
    short: Span | None = None
    matched: tuple[Match, ...] = ()
    field: Field | None = None

    @classmethod
    def of(
        cls,
        n: int,
        document: Document,
        span: Span,
        *,
        speaker: str | None = None,
        also: tuple[Place, ...] = (),
        short: Span | None = None,
        matched: tuple[Match, ...] = (),
        field: Field | None = None,
    ) -> Citation:
        """The words at *span* of *document*, as citation *n*."""
        return cls(
            n=n,
            document_id=document.id,
            title=document.title,
            source=document.source,
            outlet=document.outlet,
            published=document.published,
            start=span.start,
            end=span.end,
            quote=span.of(document.text),
            speaker=speaker,
            page=document.page_of(span.start),
            also=also,
            short=short,
            matched=matched,
            field=field,
        )

    @property
    def short_text(self) -> str | None:
        """The short answer itself."""
        if self.short is None:
            return None
        return self.quote[self.short.start - self.start : self.short.end - self.start]

    def __str__(self) -> str:
        where = [self.speaker] if self.speaker else []
        where += [self.title or self.source]
        where += [self.outlet] if self.outlet else []
        where += [self.published.isoformat()] if self.published else []
        where += [f"p. {self.page}"] if self.page else []
        return f"[{self.n}] {', '.join(where)} ({self.source}:{self.start}-{self.end})"


class Difference(StrEnum):
    """In what two sentences contradict each other."""

    NUMBER = "number"
    DATE = "date"
    POLARITY = "polarity"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two citations, *n* and *other* by number, that cannot both be right.

    ``here`` and ``there``: the words in which they differ, as offsets in the
    document of each. See ``qa.answering.conflicts``.
    """

    n: int
    other: int
    difference: Difference
    here: Span
    there: Span


class FilterKey(StrEnum):
    """What a filter looks at."""

    SPEAKER = "speaker"
    OUTLET = "outlet"
    DATE = "date"
    FILE = "file"
    LANGUAGE = "language"
    DOCUMENT = "document"
    BYLINE = "byline"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Filter:
    """One thing understood of a question: shown, and each can be left out.

    ``value`` is the person, outlet, writer, path, language (its code), words or (by its id)
    document meant, or the date as written; ``written`` the part of the question that
    says so, or the title of a document that was chosen from a list. A date spans
    ``since`` to ``until``, days inclusive, None for an open end. ``typed``: by
    the user as ``key:value``. ``restricts``: nothing else is searched; if not,
    it was understood and at most preferred.
    """

    key: FilterKey
    value: str
    written: str
    typed: bool = False
    restricts: bool = True
    since: date | None = None
    until: date | None = None

    def __str__(self) -> str:
        """As it can be typed in a question."""
        if self.key is not FilterKey.DATE:
            return f"{self.key}:{_quoted(self.value)}"
        since = [f"after:{self.since}"] if self.since else []
        until = [f"before:{self.until + timedelta(days=1)}"] if self.until else []
        return " ".join(since + until)


def _quoted(value: str) -> str:
    return value if value.replace("-", "").isalnum() else f'"{value}"'


class Carried(StrEnum):
    """What a follow-up takes from an earlier question."""

    SPEAKER = "speaker"
    TOPIC = "topic"
    DATE = "date"
    FILTER = "filter"
    QUESTION = "question"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """One thing taken over, in the words of the earlier question."""

    key: Carried
    value: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question that leans on earlier ones: as typed, and ``resolved``, written out in full.

    ``excludes``: what has been shown in this conversation is not wanted again
    ("What else?"). ``about``: the quote that was shown and is meant ("When did she say
    that?", "Who wrote that?"). See ``qa.answering.following``.
    """

    typed: str
    resolved: str
    carried: tuple[CarriedOver, ...]
    excludes: bool = False
    about: Place | None = None


@dataclass(frozen=True, slots=True)
class FileVersion:
    """A file as it was when it was added: its bytes, told from others by their hash.

    ``sha256`` in hexadecimal, ``size`` in bytes, ``modified`` in nanoseconds since
    1970 as the file system says, ``added`` when Kutip read it (UTC).
    """

    sha256: str
    size: int
    modified: int
    added: datetime


class Standing(StrEnum):
    """What has become of a quote at one place."""

    FOUND = "found"
    ALTERED = "altered"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether a quote stands where a citation says. See ``qa.answering.verification``.

    ``corpus``: in the stored document, and only if found there is it shown as a
    quote. ``file``: in the file on disk; None if that is not known without
    reading the file again. ``changed``: the file is not, byte for byte,
    ``version``, which is None where no version was noted.
    """

    corpus: Standing
    file: Standing | None
    changed: bool
    version: FileVersion | None

    @property
    def found(self) -> bool:
        """True if the quote stands in the corpus and in the file."""
        return self.corpus is self.file is Standing.FOUND


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was searched: said with every answer, so that silence can be judged.

    ``undated`` counts documents that a date left out because they have none.
    ``outlets``: those of the documents searched, each once, by name.
    """

    documents: int
    passages: int
    published_from: date | None
    published_to: date | None
    undated: int = 0
    outlets: tuple[str, ...] = ()


class Reason(StrEnum):
    """Why an answer was withheld."""

    EMPTY_CORPUS = "empty_corpus"
    EMPTY_QUESTION = "empty_question"
    FILTERED_OUT = "filtered_out"
    NOTHING_CLOSE = "nothing_close"
    SPEAKER_SILENT = "speaker_silent"
    SPEAKER_OFF_TOPIC = "speaker_off_topic"
    NOTHING_MORE = "nothing_more"
    NAME_MISSING = "name_missing"
    NUMBER_MISSING = "number_missing"
    NOT_STATED = "not_stated"
    WHICH_ARTICLE = "which_article"


class Flaw(StrEnum):
    """Why a sentence that a language model wrote is struck out."""

    UNCITED = "uncited"
    NO_SUCH_SOURCE = "no_such_source"
    MARKUP = "markup"
    QUOTATION = "quotation"
    DATE = "date"
    NUMBER = "number"
    NAME = "name"
    UNSUPPORTED = "unsupported"
    CUT_OFF = "cut_off"


@dataclass(frozen=True, slots=True)
class Objection:
    """What is wrong with a sentence; ``words``: the part of it at fault, if it is a part."""

    flaw: Flaw
    words: str = ""


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """A sentence that a language model wrote, and what checking it against its sources found.

    ``citations``: the numbers it cites, those of ``Answer.citations``.
    ``support``: the cosine with the nearest sentence of its sources; None
    without a source.
    """

    text: str
    citations: tuple[int, ...]
    objections: tuple[Objection, ...]
    support: float | None = None

    @property
    def struck(self) -> bool:
        """True when it must not be shown as if it were sound."""
        return bool(self.objections)


class Failure(StrEnum):
    """Why a language model gave nothing to show."""

    NO_CONNECTION = "no_connection"
    BROKEN_OFF = "broken_off"
    TOO_SLOW = "too_slow"
    TOO_LONG = "too_long"
    REDIRECT = "redirect"
    ERROR = "error"
    GARBLED = "garbled"
    UNNAMED = "unnamed"
    EMPTY = "empty"
    THOUGHTS = "thoughts"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class Generated:
    """What a language model made of the quotes: checked sentences, or why there are none."""

    model: str
    sentences: tuple[WrittenSentence, ...] = ()
    failure: Failure | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question, or an abstention that says why.

    An abstention has no citations; ``nearest`` then holds the closest
    passages, to be shown as such and never as an answer. ``confidence`` is
    the estimated probability, 0 to 1, that the citations answer the question.
    ``understood`` says what the question was taken to ask for, and what of it
    narrowed the search that ``coverage`` counts.
    ``conflicts``: citations that contradict each other.
    ``generated``: see ``qa.answering.generation``; None unless it was asked for.
    ``followed``: how ``question`` was made of a follow-up; None for one that stands by
    itself. ``particulars``: what was asked of articles as a whole, who wrote them, where
    and when they appeared.
    """

    question: str
    language: str
    text: str
    citations: tuple[Citation, ...]
    confidence: float
    abstained: bool
    reason: Reason | None
    coverage: Coverage
    nearest: tuple[Hit, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    understood: tuple[Filter, ...] = ()
    generated: Generated | None = None
    conflicts: tuple[Conflict, ...] = ()
    followed: FollowUp | None = None
    particulars: tuple[Particular, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionVectors:
    """A question as ranking sees it.

    ``whole``: its unit vector, shape (dim,). ``words``: one row for each of its
    words, (words, word_dim), as long as the word matters.
    """

    whole: Vectors
    words: Vectors


class Embedder(Protocol):
    """Turns text into unit vectors. See ``embeddings.load``.

    ``version`` changes whenever the same text would get another vector or be
    cut at another length; an index remembers the version that filled it.
    ``word_dim`` is 0 for a model that has no vectors of single words.
    """

    name: str
    version: str
    dim: int
    word_dim: int
    max_tokens: int

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dim), float32, rows of length 1."""
        ...

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dim), float32, rows of length 1."""
        ...

    def encode_words(
        self, texts: Sequence[str], words: Sequence[Sequence[Span]]
    ) -> tuple[Vectors, list[Vectors]]:
        """Like ``encode_query``, and a vector for each of the *words* of each text.

        Returns (len(texts), dim), and for each text (words, word_dim): a row is
        as long as its word matters in the question.
        """
        ...

    def encode_passages(
        self,
        texts: Sequence[str],
        parts: Sequence[Sequence[Span]],
        words: Sequence[Sequence[Span]],
    ) -> tuple[Vectors, list[Vectors], list[Vectors]]:
        """Like ``encode_document``, and vectors of the *parts* (sentences) and *words* of each.

        Returns (len(texts), dim), and for each text (parts, dim) and (words,
        word_dim), unit rows all; a word that was cut off has zeros. Spans rise
        and do not overlap.
        """
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Length of each text in the model's own tokens, without special tokens."""
        ...
