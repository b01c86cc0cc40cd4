"""What the documents offer for a question, before it is decided whether to answer.

Opens the best passages, has the reader score their sentences, and tells the signals
from which a refusal follows, and what the question names that is not there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from qa.answering import following, lacking, years
from qa.answering.abstention import (
    NAMELESS_THRESHOLD,
    NOTHING_FOUND,
    SILENT_THRESHOLD,
    UNTOLD_THRESHOLD,
    Calibration,
    Signals,
)
from qa.answering.lacking import Lack
from qa.answering.own_words import Uttered, uttered
from qa.answering.polarity import polarity_missing
from qa.answering.question import Kind, Question
from qa.answering.reader import CHECKED, Candidate, choose, margin, numbers_missing, read
from qa.answering.searching import Found, Searcher
from qa.answering.snapshot import Snapshot
from qa.language.names import people, same_person
from qa.language.tokens import fold
from qa.retrieval.late import nearest_words, words_by_part
from qa.retrieval.presence import Presence
from qa.types import Citation, Document, Passage, QuestionVectors, Reason, Segment, Span, Statement

MOST_READ = 3  # times as many, where one person has said much about a topic
PASSAGES_READ = 6  # of those ranked best
MOST_AHEAD = 5.0  # in the reader's score; further tells no more
FEW = 300  # passages, up to which their number does not tell


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the documents offer for a question.

    *candidates*: sentences, best first. *speaker_silent*: nobody of the name
    asked about makes any statement in the corpus; *speaker_absent*: nor does
    the name occur in it; *off_topic*: in the document of the best sentence stands no word
    of what the person's words are asked about. *lack*: what else the question names and
    the corpus does not have. *uttered*: what the person says about the topic, where their
    own words about it are asked for; that alone then decides, and the signals do not.
    *untold*: the years asked about of which the article that comes nearest does not tell;
    *elsewhere*: *candidates* are of articles that do.
    """

    candidates: list[Candidate]
    signals: Signals
    speaker_silent: bool = False
    speaker_absent: bool = False
    off_topic: bool = False
    lack: Lack | None = None
    uttered: Uttered | None = None
    untold: Lack | None = None
    elsewhere: bool = False

    def certainty(self, calibration: Calibration) -> float:
        """The chance that the candidates answer, 0 to 1."""
        if self.uttered is not None:
            return self.uttered.certainty(calibration.threshold)
        return calibration.confidence(self.signals)

    def enough(self, calibration: Calibration) -> float:
        """The certainty that an answer needs."""
        if self.uttered is not None:
            return calibration.threshold
        return max(self.least, calibration.threshold)

    def of(
        self, names: Collection[str], told_of: Callable[[Candidate], bool] = lambda candidate: False
    ) -> Evidence:
        """Those of the candidates that *names* say, if the best is one of them; else none.

        *told_of*: whether what nobody is known to say is told of them, which counts as well.
        """
        theirs = [
            c
            for c in self.candidates
            if (c.statement.speaker in names if c.statement else told_of(c))
        ]
        best = bool(theirs) and theirs[0] is self.candidates[0]
        return replace(self, candidates=theirs if best else [])

    @property
    def least(self) -> float:
        """The confidence that an answer needs whatever the threshold."""
        early = self.untold is not None and self.untold.early and not self.elsewhere
        if self.speaker_absent or early:
            return math.inf
        needed = [0.0]
        if self.speaker_silent or self.off_topic:
            needed.append(SILENT_THRESHOLD)
        if self.lack is not None and self.lack.reason is Reason.NAME_MISSING:
            needed.append(SILENT_THRESHOLD if self.lack.kind else NAMELESS_THRESHOLD)
        if self.untold is not None:
            needed.append(NAMELESS_THRESHOLD if self.elsewhere else UNTOLD_THRESHOLD)
        return max(needed)

    @property
    def reason(self) -> Reason:
        """Why there is no answer, if there is none: what is surest first."""
        if self.speaker_silent:
            return Reason.SPEAKER_SILENT
        if self.uttered is not None:
            return Reason.NOTHING_MORE if self.uttered.scores else Reason.SPEAKER_OFF_TOPIC
        return self.lack.reason if self.lack is not None else Reason.NOTHING_CLOSE


@dataclass(frozen=True, slots=True)
class Opened:
    """The best passages, opened to be read; *documents* and *segments* run parallel to *numbers*.

    *statements*: by document, those that may be quoted: where filters limit the
    answer to what somebody says, theirs alone.
    """

    numbers: list[int]
    segments: list[Segment]
    documents: list[Document]
    statements: Mapping[str, Sequence[Statement]]

    @classmethod
    def of(cls, found: Found, now: Snapshot, count: int) -> Self:
        """The *count* best passages of *found*."""
        numbers = found.ranked.numbers[:count].tolist()
        segments = now.store.segments(numbers)
        ids = dict.fromkeys(segment.passage.document_id for segment in segments)
        whole = {id: now.store.document(id) for id in ids}
        said = {id: now.store.statements(id) for id in ids}
        if only := found.question.limited_to:
            theirs = {name for one in only for name in now.names_of(one)}
            said = {id: [s for s in made if s.speaker in theirs] for id, made in said.items()}
        documents = [whole[segment.passage.document_id] for segment in segments]
        return cls(numbers, segments, documents, said)

    def naming(self, speaker: str, names: Collection[str]) -> Callable[[Candidate], bool]:
        """Whether a sentence stands in a passage that names *speaker*, or where *names* speak."""
        named = {
            segment.passage
            for segment, text in zip(self.segments, self.texts(), strict=True)
            if fold(speaker) in fold(text)
            or any(
                said.speaker in names and said.span.overlaps(segment.passage.span)
                for said in self.statements[segment.passage.document_id]
            )
            or any(same_person(mention.name, speaker) for mention in people(text))
        }
        return lambda candidate: candidate.passage in named

    def texts(self) -> list[str]:
        """The text of each passage."""
        return [
            segment.passage.span.of(document.text)
            for segment, document in zip(self.segments, self.documents, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is put, and its vectors."""

    question: Question
    vectors: QuestionVectors


@dataclass(frozen=True, slots=True)
class Settled:
    """What was found and read for a question as it was put; *enough*: to answer from."""

    asked: Asked
    found: Found
    opened: Opened
    evidence: Evidence
    enough: bool


def settle(
    ways: Sequence[Asked],
    searcher: Searcher,
    count: int,
    seen: Sequence[Citation] = (),
    hidden: Callable[[Passage], bool] | None = None,
    lap: Callable[[str], None] = lambda stage: None,
) -> Settled:
    """The first of the *ways* to put a question that is answered, else the first of all.

    See ``own_words.readings``. Reads *count* passages; *seen*: quotes that are not wanted
    again; passages *hidden* count as not there; *lap* is told of each stage that is over.
    """
    now = searcher.now()
    first: Settled | None = None
    for asked in ways:
        found = searcher.rank(asked.question, asked.vectors)
        if hidden is not None:
            found = searcher.without(found, hidden, asked.vectors, count)
        found = searcher.distinct(found)
        lap("retrieve")
        found, opened, evidence = gather(found, now, asked.vectors, count, seen)
        lap("read")
        if first is not None and (speaker := asked.question.speaker) is not None:
            theirs = now.names_of(speaker)
            if first.asked.question.own_words:
                evidence = evidence.of(theirs)
            else:  # a writer need not say again whose account it is
                evidence = evidence.of(theirs, opened.naming(speaker, theirs))
        enough = evidence.certainty(now.calibration) >= evidence.enough(now.calibration)
        if len(ways) > 1 and asked is ways[0] and not asked.question.own_words:
            # Of the little that one person says something is always nearest.
            enough = enough and not _tells_none(asked.question, evidence.candidates[:1])
        settled = Settled(asked, found, opened, evidence, enough and bool(evidence.candidates))
        quoted = evidence.uttered is not None and evidence.uttered.scores
        if settled.enough or quoted:  # quoted before, all of it: there is nothing else
            return settled
        first = first or settled
    assert first is not None, "no way to put the question"
    return first


def gather(
    found: Found,
    now: Snapshot,
    vectors: QuestionVectors,
    count: int,
    seen: Sequence[Citation] = (),
) -> tuple[Found, Opened, Evidence]:
    """Read the *count* best passages of *found*; *seen*: quotes that are not wanted again.

    *found* comes back in the order in which its passages were read.
    """
    own = None
    if found.question.own_words:
        found, own = uttered(found, vectors, now)
        # All of it is about the topic, and more may be asked for.
        count = max(count, min(own.passages, MOST_READ * count))
    opened = Opened.of(found, now, count)
    return found, opened, _evidence(found, opened, now, vectors, seen, own)


def _evidence(
    found: Found,
    opened: Opened,
    now: Snapshot,
    vectors: QuestionVectors,
    seen: Sequence[Citation],
    own: Uttered | None,
) -> Evidence:
    question = found.question
    candidates = _read(found, opened, now, vectors)
    if own is not None:
        candidates = [candidate for candidate in candidates if candidate.statement in own.scores]
    elif question.limited_to:
        candidates = [candidate for candidate in candidates if candidate.statement]
    nearest = following.unseen(candidates, seen)
    untold = {
        one.id: years.untold(question.text, question.language, one) for one in opened.documents
    }
    telling = [one for one in nearest if untold[one.passage.document_id] is None]
    candidates = telling or nearest
    if not candidates:
        return Evidence([], NOTHING_FOUND, uttered=own)
    place = next(i for i, s in enumerate(opened.segments) if s.passage == candidates[0].passage)
    home = int(now.table.documents[now.table.rows(found.ranked.numbers[place : place + 1])][0])
    there = _presence(found, now)
    figures = lacking.numbers_missing(question.text, there, now.years())
    speaks = question.speaker is not None and _speaks(question.speaker, found, now)
    silent = (
        question.speaker is not None
        and not speaks
        and not any(candidate.features.spoken for candidate in candidates)
    )
    topic = there.words(question.topic) if question.topic else []
    otherwise = untold[nearest[0].passage.document_id]
    elsewhere = otherwise is not None and bool(telling)
    quotes = choose(candidates)
    otherwise = otherwise or years.told_of_others(
        question.text, [one.text for one in quotes], opened.documents[place]
    )
    return Evidence(
        candidates,
        _signals(candidates[0], nearest, place, home, found, opened, now, there, bool(figures)),
        speaker_silent=silent,
        speaker_absent=silent and _named_nowhere(found, there),
        off_topic=bool(topic)
        and not any(np.any(now.table.documents[there.alike(word)] == home) for word in topic),
        lack=_lack(
            question,
            lacking.names_missing(question, found.words, there, opened.texts()),
            figures,
            lacking.names_untold(question, found.words, there, home, opened.documents[place]),
            otherwise,
            candidates,
        ),
        uttered=own,
        untold=otherwise,
        elsewhere=elsewhere,
    )


def _read(found: Found, opened: Opened, now: Snapshot, vectors: QuestionVectors) -> list[Candidate]:
    """Every sentence of the passages *opened*, best first."""
    similarities = [rows @ vectors.whole for rows in now.sentence_vectors(opened.numbers)]
    if vectors.words.size:
        late = [
            nearest_words(
                vectors.words,
                words_by_part(
                    rows,
                    text,
                    [
                        Span(span.start - segment.passage.start, span.end - segment.passage.start)
                        for span in segment.sentences
                    ],
                ),
            )
            for rows, segment, text in zip(
                now.word_vectors(opened.numbers), opened.segments, opened.texts(), strict=True
            )
        ]
        worth = np.linalg.norm(vectors.words, axis=1)
        worth /= max(1e-6, float(worth.sum()))
    else:  # a model without vectors of words: the sentences' instead
        late, worth = [row[None, :] for row in similarities], np.ones(1, np.float32)
    return read(
        found.question,
        passages=[segment.passage for segment in opened.segments],
        passage_scores=found.ranked.fused[: len(opened.segments)].tolist(),
        sentences=[segment.sentences for segment in opened.segments],
        texts=[document.text for document in opened.documents],
        languages=[document.language for document in opened.documents],
        similarities=similarities,
        late=late,
        worth=worth,
        words=found.words,
        weights=found.ranked.idf,
        statements=[opened.statements[document.id] for document in opened.documents],
    )


def _signals(
    best: Candidate,
    others: Sequence[Candidate],
    place: int,
    home: int,
    found: Found,
    opened: Opened,
    now: Snapshot,
    there: Presence,
    figure_missing: bool,
) -> Signals:
    """*place*, *home*: the passage of *best*, among those opened, and its document."""
    question, ranked = found.question, found.ranked
    document = opened.documents[place]
    # An article of 2019 need not say that what it tells happened in 2019.
    dated = f" {document.published.year}" if document.published else ""
    rest = ranked.fused[1:] if len(ranked.fused) > 1 else np.zeros(1)
    searched = len(now.table.numbers) if found.keep is None else int(found.keep.sum())
    return Signals(
        passage_similarity=float(ranked.dense[: len(opened.segments)].max()),
        sentence_similarity=best.features.similarity,
        passage_coverage=float(ranked.coverage[place]),
        sentence_coverage=best.features.coverage,
        names_missing=_names_missing(home, document.id, found, opened, now, there),
        kind_missing=float(question.kind in CHECKED and not best.features.kind),
        number_missing=numbers_missing(question.text, best.text + dated),
        figure_missing=float(figure_missing),
        polarity_missing=polarity_missing(
            question.text, question.language, best.text, document.language
        ),
        lead=float(ranked.fused[0] - rest.mean()) / 10,
        margin=max(-MOST_AHEAD, min(MOST_AHEAD, margin(best, others))) / 10,
        fewness=1 - math.log10(max(1, searched / FEW)) / 2,
    )


def _names_missing(
    home: int, id: str, found: Found, opened: Opened, now: Snapshot, there: Presence
) -> float:
    """The share of the names in the question that the document *id*, *home*, lacks."""
    question = found.question
    theirs = set(now.names_of(question.speaker)) if question.speaker is not None else set()
    # Where they speak they need not be named as in the question: "Jokowi".
    own = (
        question.speaker.split()
        if question.speaker and any(s.speaker in theirs for s in opened.statements[id])
        else []
    )
    names = [
        word for word in found.words if fold(word.text) in question.names and word.text not in own
    ]
    missing = sum(not np.any(now.table.documents[there.rows(name)] == home) for name in names)
    return missing / len(names) if names else 0.0


def _speaks(name: str, found: Found, now: Snapshot) -> bool:
    """Whether the person makes any statement in what was searched."""
    names = now.names_of(name)
    if found.keep is None:
        return bool(names)
    spoken = now.store.passages_spoken(names)
    return bool(np.isin(now.table.numbers[found.keep], spoken).any())


def _named_nowhere(found: Found, there: Presence) -> bool:
    """Whether no word of the name of the person asked about stands in what was searched."""
    words = [w for w in found.words if w.text in (found.question.speaker or "").split()]
    return bool(words) and not any(len(there.rows(word)) for word in words)


def _presence(found: Found, now: Snapshot) -> Presence:
    within = found.keep
    if len(found.hidden):
        within = np.ones(len(now.table.numbers), bool) if within is None else within.copy()
        within[now.table.rows(found.hidden)] = False
    return Presence(
        now.table,
        now.postings,
        within,
        found.question.language,
        now.adapted.translations,
        now.vocabulary,
        now.titles,
    )


def _tells_none(question: Question, candidates: Sequence[Candidate]) -> bool:
    """Whether a number or a date is asked for, and none of *candidates* has one."""
    asked = question.kind in (Kind.NUMBER, Kind.DATE)
    return asked and not any(candidate.features.kind for candidate in candidates)


def _lack(
    question: Question,
    named: tuple[str, ...],
    figures: tuple[str, ...],
    unnamed: tuple[str, ...],
    untold: Lack | None,
    candidates: Sequence[Candidate],
) -> Lack | None:
    """What *question* names that is nowhere, or wants told and what comes nearest lacks."""
    if named:
        return Lack(Reason.NAME_MISSING, named)
    if figures:
        return Lack(Reason.NUMBER_MISSING, figures)
    if untold is not None:
        return untold
    if unnamed:
        return Lack(Reason.NAME_MISSING, unnamed, nowhere=False)
    if _tells_none(question, candidates):
        return Lack(Reason.NUMBER_MISSING, nowhere=False, kind=question.kind)
    if question.kind is Kind.PERSON and not any(one.features.kind for one in choose(candidates)):
        return Lack(Reason.NAME_MISSING, nowhere=False, kind=question.kind)
    return None
