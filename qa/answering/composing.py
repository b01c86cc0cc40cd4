"""From a question and what was found to an answer: what is cited, or why nothing is.

Chooses nothing by itself: the reader ranks sentences, the calibration says whether
they are enough, verification proves every quote against the stored text.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from qa.answering import conflicts, filters, particulars, texts
from qa.answering.evidence import PASSAGES_READ, Asked, Evidence, Opened, Settled, settle
from qa.answering.lacking import Lack
from qa.answering.lists import enumeration
from qa.answering.occasion import asks_occasion, occasion
from qa.answering.question import Kind, Question
from qa.answering.reader import (
    Candidate,
    Picked,
    choose,
    statement_in,
    without_stray_marks,
)
from qa.answering.searching import Found, Searcher
from qa.answering.short_answers import short_answer
from qa.answering.snapshot import Snapshot
from qa.answering.verification import elsewhere, proven
from qa.errors import DocumentNotFound
from qa.retrieval import attribution
from qa.types import (
    Answer,
    Citation,
    Conflict,
    Coverage,
    Field,
    FilterKey,
    Hit,
    Match,
    Particular,
    Place,
    QuestionVectors,
    Reason,
    Span,
)

MOST_SAID = 5  # quotes of one person about one thing
NEAREST = 3  # passages shown with an abstention
MOST_CONFLICTS = 3  # contradictions shown with an answer
MOST_ARTICLES = 10  # of which something is said; more are counted
ON_IT = 0.7  # of the best passage's score: another article on the same


class Clock:
    """Milliseconds per stage; *tell* is told of each when it is over."""

    def __init__(self, tell: Callable[[str], None] | None = None) -> None:
        self._tell = tell
        self._start = self._last = time.perf_counter()
        self.laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """Everything since the last lap was *name*."""
        now = time.perf_counter()
        before = self.laps.get(name, 0.0)  # a question may be put in two ways
        self.laps[name] = round(before + (now - self._last) * 1000, 2)
        self.laps["total"] = round((now - self._start) * 1000, 2)
        self._last = now
        if self._tell is not None:
            self._tell(name)


def answer(
    ways: Sequence[Asked],
    searcher: Searcher,
    *,
    passages_read: int,
    clock: Clock,
    seen: Sequence[Citation] = (),
    about: Place | None = None,
) -> Answer:
    """Answer a question, put in *ways*, or abstain; *seen*: quotes that are not wanted again.

    *about*: the quote that was shown before and that the question means.
    """
    now = searcher.now()
    plain = ways[-1].question
    if not now.coverage.passages:
        return abstention(plain, Reason.EMPTY_CORPUS, now.coverage, clock)
    if about is not None:
        meant = _of_quote(plain, about, ways[-1].vectors, searcher, clock)
        if meant is not None:
            return meant
    if plain.fields and not plain.searchable:
        return _of_those_left(plain, searcher, clock)
    settled = settle(ways, searcher, passages_read, seen, lap=clock.lap)
    if not settled.enough:
        return _refused(settled, searcher, clock)
    found, evidence = settled.found, settled.evidence
    certainty = evidence.certainty(now.calibration)
    nearest = tuple(searcher.hits(found, NEAREST))
    if plain.fields:
        ids = _nearest_documents(found, now)
        told = _of_articles(found.question, ids, now, clock, found.coverage, certainty, nearest)
        return _with_reports(told, settled, now)
    citations, contradictions = _cited(evidence, found, settled.opened, now, settled.asked.vectors)
    clock.lap("cite")
    if not citations:
        return abstention(
            found.question, Reason.NOTHING_CLOSE, found.coverage, clock, nearest, certainty
        )
    return _answered(found, citations, certainty, clock, nearest, contradictions)


def _answered(
    found: Found,
    citations: Sequence[Citation],
    certainty: float,
    clock: Clock,
    nearest: tuple[Hit, ...] = (),
    contradictions: tuple[Conflict, ...] = (),
) -> Answer:
    """The answer made of these quotes."""
    return Answer(
        question=found.question.written,
        language=found.question.language,
        text=texts.quotes(citations),
        citations=tuple(citations),
        confidence=round(certainty, 4),
        abstained=False,
        reason=None,
        coverage=found.coverage,
        nearest=nearest,
        timings=clock.laps,
        understood=found.question.filters,
        conflicts=contradictions,
    )


def _refused(settled: Settled, searcher: Searcher, clock: Clock) -> Answer:
    """The abstention where what was found is not enough."""
    found, evidence = settled.found, settled.evidence
    if not found.coverage.passages:
        return _nothing_left(found, settled.asked.vectors, searcher, clock)
    reason = evidence.reason
    if reason is Reason.NOTHING_CLOSE and len(found.question.limited_to) == 1:
        reason = Reason.SPEAKER_OFF_TOPIC  # somebody else may well say it
    return abstention(
        found.question,
        reason,
        found.coverage,
        clock,
        tuple(searcher.hits(found, NEAREST)),
        evidence.certainty(searcher.now().calibration),
        lack=evidence.lack,
    )


def abstention(
    question: Question,
    reason: Reason,
    coverage: Coverage,
    clock: Clock,
    nearest: tuple[Hit, ...] = (),
    certainty: float = 0.0,
    documents: int | None = None,
    lack: Lack | None = None,
    text: str = "",
) -> Answer:
    """No answer, and why.

    *documents*: how many were searched, if not those of *coverage*; *text*: what is said of
    it, if not what always is.
    """
    searched = coverage.documents if documents is None else documents
    return Answer(
        question=question.written,
        language=question.language,
        text=text
        or texts.abstention(
            reason,
            question.language,
            question.speaker,
            searched,
            question.filters,
            lack,
            on_topic=question.own_words,
        ),
        citations=(),
        confidence=round(certainty, 4),
        abstained=True,
        reason=reason,
        coverage=coverage,
        nearest=nearest,
        timings=clock.laps,
        understood=question.filters,
    )


def _nothing_left(
    found: Found, vectors: QuestionVectors, searcher: Searcher, clock: Clock
) -> Answer:
    """The abstention where no passage passes the filters."""
    asked = found.question
    others = filters.left(asked.filters, {FilterKey.SPEAKER})
    if asked.speaker is not None and len(others) < len(asked.filters):
        # Do they leave anything without the speaker? Then it is he who is silent.
        wider = searcher.distinct(searcher.rank(replace(asked, filters=others), vectors))
        if wider.coverage.passages:
            nearest = tuple(searcher.hits(wider, NEAREST))
            return abstention(asked, Reason.SPEAKER_SILENT, wider.coverage, clock, nearest)
    everything = searcher.now().coverage.documents
    return abstention(asked, Reason.FILTERED_OUT, found.coverage, clock, documents=everything)


# What is asked of articles as a whole


def _of_quote(
    asked: Question,
    about: Place,
    vectors: QuestionVectors,
    searcher: Searcher,
    clock: Clock,
) -> Answer | None:
    """The answer where the quote at *about* is meant; None if that is another question."""
    now = searcher.now()
    try:
        document = now.store.document(about.document_id)
    except DocumentNotFound:  # removed since
        return None
    if asked.fields:
        return _of_articles(asked, [document.id], now, clock, now.coverage, 1.0)
    if not asks_occasion(asked):
        return None
    spans = _sentences(document.id, now)
    shown = Span(about.start, about.end)
    said = next((span for span in spans if span.overlaps(shown)), None)
    if said is None:
        return None
    uttered = Picked(
        document.id, said, statement_in(said, now.store.statements(document.id), asked.speaker)
    )
    statements = now.store.statements(document.id)
    told = occasion(document.text, spans, spans.index(said), statements, asked.kind)
    if told is None and asked.kind is Kind.DATE and document.published is not None:
        # The day it appeared is the latest that it can be.
        dated = replace(asked, fields=(Field.PUBLISHED,))
        answer = _of_articles(dated, [document.id], now, clock, now.coverage, 1.0)
        return replace(answer, text=f"{texts.not_told_when(asked.language)}\n\n{answer.text}")
    picked = _with_occasion([uttered], asked, now)
    found = searcher.distinct(searcher.rank(asked, vectors))
    citations = tuple(cite(picked, found, Opened.of(found, now, 0), now, {}).values())
    clock.lap("cite")
    if not citations:
        return None
    return _answered(found, citations, 1.0, clock)


def _of_those_left(asked: Question, searcher: Searcher, clock: Clock) -> Answer:
    """What is asked of the articles that the filters leave, the newest first."""
    now = searcher.now()
    question, keep, coverage = searcher.left(asked)
    if not coverage.documents:
        everything = now.coverage.documents
        return abstention(question, Reason.FILTERED_OUT, coverage, clock, documents=everything)
    if keep is None and coverage.documents > 1 and asked.fields != (Field.TITLE,):
        return abstention(question, Reason.WHICH_ARTICLE, coverage, clock)
    homes = now.table.documents if keep is None else now.table.documents[keep]
    rows = np.searchsorted(now.catalogue.numbers, np.unique(homes))
    newest = rows[np.argsort(-now.catalogue.published[rows], kind="stable")]
    ids = [now.catalogue.ids[row] for row in newest]
    return _of_articles(question, ids, now, clock, coverage, 1.0)


def _nearest_documents(found: Found, now: Snapshot) -> list[str]:
    """The documents on what was asked, the nearest first, each followed by those that repeat it.

    On it is whose best passage has at least ``ON_IT`` of the best score.
    """
    numbers, fused = found.ranked.numbers.tolist(), found.ranked.fused
    enough = ON_IT * fused[0]
    near = [number for number, score in zip(numbers, fused, strict=True) if score >= enough]
    near = near[: PASSAGES_READ * 2] or numbers[:1]
    everywhere = [one for number in near for one in (number, *found.copies.get(number, ()))]
    segments = now.store.segments(everywhere)
    return list(dict.fromkeys(segment.passage.document_id for segment in segments))


def _of_articles(
    question: Question,
    ids: Sequence[str],
    now: Snapshot,
    clock: Clock,
    coverage: Coverage,
    certainty: float,
    nearest: tuple[Hit, ...] = (),
) -> Answer:
    """What the documents *ids* say of themselves, each proven by the line that says so."""
    citations: dict[tuple[str, int, int], Citation] = {}
    told: list[Particular] = []
    documents = [now.store.document(id) for id in ids[:MOST_ARTICLES]]
    known = [d for d in documents if any(particulars.value(d, f) for f in question.fields)]
    for document in known:
        for field in question.fields:
            span, says, in_text = particulars.line(document, field)
            value = particulars.value(document, field)
            citation = Citation.of(
                len(citations) + 1,
                document,
                span,
                short=particulars.within(document, field, span) if in_text else None,
                field=says,
            )
            if proven(citation, document):
                citation = citations.setdefault((document.id, span.start, span.end), citation)
                told.append(Particular(citation.n, field, value, in_text and value is not None))
    clock.lap("cite")
    if not told:
        text = texts.not_stated([d.title or d.source for d in documents], question)
        return abstention(
            question, Reason.NOT_STATED, coverage, clock, nearest, certainty, text=text
        )
    cited = tuple(citations.values())
    return Answer(
        question=question.written,
        language=question.language,
        text=texts.particulars(told, cited, question.language, len(ids) - len(documents)),
        citations=cited,
        confidence=round(certainty, 4),
        abstained=False,
        reason=None,
        coverage=coverage,
        nearest=nearest,
        timings=clock.laps,
        understood=question.filters,
        particulars=tuple(told),
    )


def _with_reports(told: Answer, settled: Settled, now: Snapshot) -> Answer:
    """*told*, and what the articles themselves tell of who reported it, where that is asked.

    "Which newspaper reported …?" may be asked of the newspaper that ran the article, or of
    one that the article names.
    """
    if Field.OUTLET not in settled.found.question.fields or told.abstained:
        return told
    chosen = [c.picked for c in choose(settled.evidence.candidates) if particulars.reports(c.text)]
    found = cite(chosen, settled.found, settled.opened, now, {}).values()
    more = [replace(one, n=n) for n, one in enumerate(found, start=len(told.citations) + 1)]
    if not more:
        return told
    text = f"{told.text}\n\n{texts.quotes(more)}"
    return replace(told, text=text, citations=(*told.citations, *more))


def _cited(
    evidence: Evidence, found: Found, opened: Opened, now: Snapshot, vectors: QuestionVectors
) -> tuple[list[Citation], tuple[Conflict, ...]]:
    """The sentences of *evidence* that answer, proven, and those that contradict them."""
    chosen = choose(evidence.candidates)
    if evidence.uttered is not None:
        # All of it is said by the one asked about, and about what was asked.
        chosen = choose(evidence.candidates, most=MOST_SAID, margin=math.inf)
    picked = [candidate.picked for candidate in chosen]
    picked = _with_lists(picked, found.question, now)
    picked = _with_occasion(picked, found.question, now)
    differing = _differing(picked, evidence.candidates, now)
    picked += dict.fromkeys(other for _, other, _ in differing if other not in picked)
    cited = cite(picked, found, opened, now, matched(picked, found, opened, now, vectors))
    contradictions = tuple(
        Conflict(
            cited[one].n,
            cited[other].n,
            how.difference,
            _within_quote(how.here, one, cited[one]),
            _within_quote(how.there, other, cited[other]),
        )
        for one, other, how in differing
        if one in cited and other in cited
    )
    return list(cited.values()), contradictions


def _with_lists(picked: list[Picked], question: Question, now: Snapshot) -> list[Picked]:
    """*picked*, and where several things are asked for, the whole list that they are from.

    Its sentences come in the order of the document, whether they were read or not;
    limited to what one person says, nothing is added.
    """
    if not question.several or not picked or question.limited_to:
        return picked
    home = picked[0].document_id
    document = now.store.document(home)
    spans = _sentences(home, now)
    anchors = [spans.index(one.span) for one in picked if one.document_id == home]
    places = enumeration(document.text, spans, anchors)
    if not places:
        return picked
    said = now.store.statements(home)
    items = [
        Picked(home, spans[place], statement_in(spans[place], said, question.speaker))
        for place in places
    ]
    return items + [one for one in picked if one.document_id != home]


def _with_occasion(picked: list[Picked], question: Question, now: Snapshot) -> list[Picked]:
    """*picked*, led by what tells when or where it was said, where that is asked.

    Limited to what one person says, or to exact words, nothing is added.
    """
    limits = {FilterKey.SPEAKER, FilterKey.EXACT}
    limited = any(one.key in limits and one.restricts for one in question.filters)
    if not picked or limited or not asks_occasion(question):
        return picked
    uttered = next((one for one in picked if one.statement is not None), picked[0])
    home, spans = uttered.document_id, _sentences(uttered.document_id, now)
    said = now.store.statements(home)
    anchor = spans.index(uttered.span)
    place = occasion(now.store.document(home).text, spans, anchor, said, question.kind)
    if place is None:
        return picked
    told = Picked(home, spans[place], statement_in(spans[place], said, question.speaker))
    return list(dict.fromkeys([told, *picked]))


def _sentences(document: str, now: Snapshot) -> list[Span]:
    """Those of all passages of a document, in order."""
    numbers = now.store.numbers(document).tolist()
    return sorted({span for one in now.store.segments(numbers) for span in one.sentences})


def _differing(
    picked: Sequence[Picked], candidates: Sequence[Candidate], now: Snapshot
) -> list[tuple[Picked, Picked, conflicts.Disagreement]]:
    """What contradicts one of *picked* among the sentences read of other documents."""
    ids = {one.document_id for one in (*picked, *(c.picked for c in candidates))}
    documents = {id: now.store.document(id) for id in ids}

    def sentence(one: Picked) -> conflicts.Sentence:
        document = documents[one.document_id]
        return conflicts.Sentence(one.span.of(document.text), document.language)

    read = [(c.picked, sentence(c.picked)) for c in candidates]
    found = []
    for place, one in enumerate(picked):
        for other, another in read:
            if other.document_id == one.document_id or other in picked[:place]:
                continue
            if how := conflicts.disagreement(sentence(one), another):
                found.append((one, other, how))
    return found[:MOST_CONFLICTS]


def cite(
    picked: Sequence[Picked],
    found: Found,
    opened: Opened,
    now: Snapshot,
    lit: dict[Picked, tuple[Match, ...]],
) -> dict[Picked, Citation]:
    """Citations of the sentences *picked* that are proven against the stored text.

    Where else a quote stands is looked up in every document read and in those
    whose passages repeat the ones read. *lit*: see ``matched``.
    """
    copies = [copy for number in opened.numbers for copy in found.copies.get(number, [])]
    segments = [*opened.segments, *now.store.segments(copies)]
    ids = dict.fromkeys(segment.passage.document_id for segment in segments)
    others = [now.store.document(id) for id in ids]
    citations: dict[Picked, Citation] = {}
    for one in picked:
        document = now.store.document(one.document_id)
        span = without_stray_marks(one.span, document.text)
        quote = span.of(document.text)
        short = short_answer(found.question, quote, document.language, found.words)
        citation = Citation.of(
            len(citations) + 1,
            document,
            span,
            speaker=one.statement.speaker if one.statement else None,
            also=elsewhere(quote, [other for other in others if other.id != document.id]),
            short=Span(span.start + short.start, span.start + short.end) if short else None,
            matched=lit.get(one, ()),
        )
        if proven(citation, document):
            citations[one] = citation
    return citations


def matched(
    picked: Sequence[Picked],
    found: Found,
    opened: Opened,
    now: Snapshot,
    vectors: QuestionVectors,
) -> dict[Picked, tuple[Match, ...]]:
    """The words that match words of the question, in the passage that each was read in."""
    result: dict[Picked, tuple[Match, ...]] = {}
    for segment, document, words in zip(
        opened.segments, opened.documents, now.word_vectors(opened.numbers), strict=True
    ):
        passage = segment.passage
        mine = [
            one
            for one in picked
            if one not in result
            and one.document_id == passage.document_id
            and one.span.overlaps(passage.span)
        ]
        if mine:
            words_lit = attribution.matches(
                found.question.text,
                found.question.language,
                vectors.words,
                passage.span.of(document.text),
                document.language,
                words,
                offset=passage.start,
                extra=now.adapted.translations,
            )
            result |= dict.fromkeys(mine, words_lit)
    return result


def _within_quote(span: Span, picked: Picked, citation: Citation) -> Span:
    """*span* of the sentence *picked* as offsets in the document, kept within the quote."""
    start, end = picked.span.start + span.start, picked.span.start + span.end
    return Span(max(start, citation.start), min(end, citation.end))
