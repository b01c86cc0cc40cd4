"""One article from beginning to end: each sentence, direct speech first."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from qa.answering.statements.attribution import Attribution
from qa.answering.statements.direct import (
    alone,
    attribution_after,
    attribution_before,
    direct_statement,
    is_term,
    is_whole,
)
from qa.answering.statements.indirect import indirect_statement
from qa.answering.statements.quotations import (
    Quotation,
    blanked,
    datelines,
    masked_text,
    quotations,
)
from qa.answering.statements.resolution import (
    SMALL_WORD,
    Reader,
    names_of_bodies,
    note_subject,
    spoken_names,
)
from qa.language.names import Cast, people, with_appositions
from qa.language.sentences import sentence_spans
from qa.types import Document, Span, Statement


def find_statements(document: Document) -> list[Statement]:
    """Every statement of *document*, in order, with its speaker; none touches furniture."""
    text = blanked(document.text, document.furniture)
    text = blanked(text, datelines(text))
    quotes = quotations(text)
    masked = masked_text(text, quotes)
    mentions = with_appositions(masked, people(masked))
    spoken = spoken_names(masked)
    cast = Cast(mentions, spoken)
    evident = {cast.full_name(name) for name in spoken}
    starts_of = [m.span.start for m in cast.mentions]
    small = frozenset(SMALL_WORD.findall(masked))
    reader = Reader(
        text, masked, cast, starts_of, evident, small, names_of_bodies(masked, mentions)
    )
    found: list[Statement] = []
    starts = [q.inner.start for q in quotes]
    previous: tuple[int, Attribution | None, str | None] | None = None
    pending: list[Quotation] = []
    for sentence in sentence_spans(masked, document.language):
        low = bisect_left(starts, sentence.start)
        high = bisect_left(starts, sentence.end)
        inside = [q for q in quotes[low:high] if q.outer.end <= sentence.end + 1]
        done, previous = _read_sentence(reader, document.id, sentence, inside, previous, pending)
        found += done
        note_subject(reader, sentence)
    return _disjoint(found, document.furniture)


def _read_sentence(
    reader: Reader,
    document_id: str,
    sentence: Span,
    quotes: Sequence[Quotation],
    previous: tuple[int, Attribution | None, str | None] | None,
    pending: list[Quotation],
) -> tuple[list[Statement], tuple[int, Attribution | None, str | None] | None]:
    """The statements of one sentence, and the attribution that a next quotation may continue."""
    masked = reader.masked
    statements: list[Statement] = []
    carried = previous
    spoken = False
    for place, quote in enumerate(quotes):
        stop = quotes[place + 1].outer.start if place + 1 < len(quotes) else sentence.end
        begin = quotes[place - 1].outer.end if place else sentence.start
        found = attribution_after(reader, quote, stop)
        if found is None and (is_whole(reader, quote) or not is_term(reader, quote)):
            found = attribution_before(reader, quote, begin)
        if found is None and quote.continues:
            pending.append(quote)
            spoken = True
            continue
        if found is None and is_whole(reader, quote):
            near = carried is not None and not masked[carried[0] : quote.outer.start].strip(" \n.,")
            if near and carried is not None and carried[1] is not None:
                found = carried[1]
                speaker = carried[2]
            elif alone(masked, sentence, quote):
                statements.append(direct_statement(document_id, quote, reader.last, None, None))
                spoken = True
                continue
        else:
            speaker = reader.resolve(found, sentence.start)
        if found is None:
            continue
        spoken = True
        for earlier in pending:
            statements.append(
                direct_statement(document_id, earlier, speaker, found.written, found.cue)
            )
        pending.clear()
        statements.append(direct_statement(document_id, quote, speaker, found.written, found.cue))
        if speaker is not None and found.kind != "group":
            reader.last = speaker
        carried = (max(quote.outer.end, sentence.end), found, speaker)
    if spoken:
        return statements, carried
    pending.clear()
    indirect = indirect_statement(reader, document_id, sentence)
    return ([indirect] if indirect else []), None


def _disjoint(found: Iterable[Statement], furniture: Sequence[Span]) -> list[Statement]:
    """In order, without overlaps among themselves or with *furniture*."""
    blocked = sorted(furniture)
    kept: list[Statement] = []
    at = 0
    place = 0
    for statement in sorted(found, key=lambda s: (s.span.start, s.span.end)):
        span = statement.span
        if span.start < at or span.end <= span.start:
            continue
        while place < len(blocked) and blocked[place].end <= span.start:
            place += 1
        if place < len(blocked) and blocked[place].overlaps(span):
            continue
        kept.append(statement)
        at = span.end
    return kept
