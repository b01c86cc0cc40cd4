"""From a question and what was found to an answer: what is cited, or why nothing is.

Chooses nothing by itself: the reader ranks sentences, the calibration says whether
they are enough, verification proves every quote against the stored text.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from qa.answering import conflicts, filters, texts
from qa.answering.evidence import Evidence, Opened, gather
from qa.answering.lacking import Lack
from qa.answering.lists import enumeration
from qa.answering.occasion import asks_occasion, occasion
from qa.answering.question import Question
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
from qa.retrieval import attribution
from qa.types import (
    Answer,
    Citation,
    Conflict,
    Coverage,
    FilterKey,
    Hit,
    Match,
    QuestionVectors,
    Reason,
    Span,
)

NEAREST = 3  # passages shown with an abstention
MOST_CONFLICTS = 3  # contradictions shown with an answer


class Clock:
    """Milliseconds per stage; *tell* is told of each when it is over."""

    def __init__(self, tell: Callable[[str], None] | None = None) -> None:
        self._tell = tell
        self._start = self._last = time.perf_counter()
        self.laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """Everything since the last lap was *name*."""
        now = time.perf_counter()
        self.laps[name] = round((now - self._last) * 1000, 2)
        self.laps["total"] = round((now - self._start) * 1000, 2)
        self._last = now
        if self._tell is not None:
            self._tell(name)


def answer(
    asked: Question,
    vectors: QuestionVectors,
    searcher: Searcher,
    *,
    passages_read: int,
    clock: Clock,
    seen: Sequence[Citation] = (),
) -> Answer:
    """Answer *asked* or abstain; *seen*: quotes that are not wanted again."""
    now = searcher.now()
    if not now.coverage.passages:
        return abstention(asked, Reason.EMPTY_CORPUS, now.coverage, clock)
    found = searcher.distinct(searcher.rank(asked, vectors))
    clock.lap("retrieve")
    if not found.coverage.passages:
        return _nothing_left(found, vectors, searcher, clock)
    found, opened, evidence = gather(found, now, vectors, passages_read, seen)
    nearest = tuple(searcher.hits(found, NEAREST))
    clock.lap("read")
    certainty = evidence.certainty(now.calibration)
    if certainty < evidence.enough(now.calibration) or not evidence.candidates:
        if evidence.reason is Reason.SPEAKER_OFF_TOPIC:
            nearest = tuple(searcher.hits(searcher.spoken(found), NEAREST))
        return abstention(
            found.question,
            evidence.reason,
            found.coverage,
            clock,
            nearest,
            certainty,
            lack=evidence.lack,
        )
    citations, contradictions = _cited(evidence, found, opened, now, vectors)
    clock.lap("cite")
    if not citations:
        return abstention(
            found.question, Reason.NOTHING_CLOSE, found.coverage, clock, nearest, certainty
        )
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


def abstention(
    question: Question,
    reason: Reason,
    coverage: Coverage,
    clock: Clock,
    nearest: tuple[Hit, ...] = (),
    certainty: float = 0.0,
    documents: int | None = None,
    lack: Lack | None = None,
) -> Answer:
    """No answer, and why; *documents*: how many were searched, if not those of *coverage*."""
    searched = coverage.documents if documents is None else documents
    return Answer(
        question=question.written,
        language=question.language,
        text=texts.abstention(
            reason, question.language, question.speaker, searched, question.filters, lack
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


def _cited(
    evidence: Evidence, found: Found, opened: Opened, now: Snapshot, vectors: QuestionVectors
) -> tuple[list[Citation], tuple[Conflict, ...]]:
    """The sentences of *evidence* that answer, proven, and those that contradict them."""
    picked = [candidate.picked for candidate in choose(evidence.candidates)]
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
        citation = Citation(
            n=len(citations) + 1,
            document_id=document.id,
            title=document.title,
            source=document.source,
            outlet=document.outlet,
            published=document.published,
            start=span.start,
            end=span.end,
            quote=quote,
            speaker=one.statement.speaker if one.statement else None,
            page=document.page_of(span.start),
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
