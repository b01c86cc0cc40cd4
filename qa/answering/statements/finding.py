"""One article from beginning to end: each sentence, direct speech first."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from qa.answering.statements.attribution import Attribution
from qa.answering.statements.cues import ENGLISH_WORDS
from qa.answering.statements.direct import (
    alone,
    attribution_after,
    attribution_before,
    direct_statement,
    is_term,
    is_whole,
    resumes,
)
from qa.answering.statements.indirect import added_statement, indirect_statement
from qa.answering.statements.quotations import (
    Quotation,
    answers,
    blanked,
    datelines,
    headings,
    masked_text,
    quotations,
    with_answers,
)
from qa.answering.statements.resolution import (
    SMALL_WORD,
    Reader,
    addressed,
    interviewee,
    names_of_bodies,
    names_of_clubs,
    nicknames,
    note_subject,
    offices,
    spoken_names,
)
from qa.language.names import (
    Cast,
    is_role_word,
    people,
    split_office,
    with_appositions,
    without_bodies,
)
from qa.language.pronouns import pronouns
from qa.language.sentences import sentence_spans
from qa.types import Document, Span, Statement


def find_statements(document: Document) -> list[Statement]:
    """Every statement of *document*, in order, with its speaker; none touches furniture."""
    text = blanked(document.text.translate(_UNSEEN), document.furniture)
    text = blanked(text, headings(text))
    text = blanked(text, datelines(text))
    quotes = with_answers(quotations(text), answers(text))
    masked = masked_text(text, quotes)
    mentions = with_appositions(masked, people(masked))
    bodies = names_of_bodies(masked, mentions)
    spoken = spoken_names(masked)
    alone = without_bodies(mentions, names_of_clubs(masked, mentions), spoken)
    cut = {m.name: k.name for m, k in zip(mentions, alone, strict=True) if m.name != k.name}
    cast = Cast(alone, spoken, cut | nicknames(masked, alone))
    evident = {cast.full_name(name) for name in spoken}
    evident |= {cast.full_name(m.name) for m in cast.mentions if addressed(masked, m)}
    starts_of = [m.span.start for m in cast.mentions]
    small = frozenset(SMALL_WORD.findall(masked))
    reader = Reader(
        text,
        masked,
        cast,
        starts_of,
        evident,
        small,
        bodies,
        english=not ENGLISH_WORDS.isdisjoint(small),
        interviewee=interviewee(masked, cast),
    )
    if reader.english:
        reader.called = pronouns(masked, cast.mentions, cast.full_name)
    found: list[Statement] = []
    starts = [q.inner.start for q in quotes]
    memory = _Memory()
    for sentence in sentence_spans(masked, document.language):
        low = bisect_left(starts, sentence.start)
        high = bisect_left(starts, sentence.end)
        inside = [q for q in quotes[low:high] if q.outer.end <= sentence.end + 1]
        found += _read_sentence(reader, document.id, sentence, inside, memory)
        note_subject(reader, sentence)
    kept = _handed_back(_disjoint(found, document.furniture), masked, quotes)
    kept = _of_one_who_answers(kept, {q.inner.start for q in quotes if q.answer})
    return _with_offices(kept, reader)


# Marks of direction and width, which stand between a quotation and its cue: blanks, one for one.
_UNSEEN = dict.fromkeys([*range(0x200B, 0x2010), 0x2060, 0xFEFF, 0x00AD], " ")


@dataclass(slots=True)
class _Memory:
    """What one sentence leaves for the next: the attribution of a quotation that may go on.

    *end*: where the quotation and its sentence ended; *pending*: paragraphs of a
    quotation whose speaker is yet to come.
    """

    end: int = 0
    attribution: Attribution | None = None
    speaker: str | None = None
    pending: list[Quotation] = field(default_factory=list)


def _read_sentence(
    reader: Reader,
    document_id: str,
    sentence: Span,
    quotes: Sequence[Quotation],
    memory: _Memory,
) -> list[Statement]:
    """The statements of one sentence."""
    masked = reader.masked
    statements: list[Statement] = []
    spoken = False
    for place, quote in enumerate(quotes):
        stop = quotes[place + 1].outer.start if place + 1 < len(quotes) else sentence.end
        begin = quotes[place - 1].outer.end if place else sentence.start
        found = attribution_after(reader, quote, stop)
        if found is None and (is_whole(reader, quote) or not is_term(reader, quote)):
            found = attribution_before(reader, quote, begin)
        if found is not None:
            speaker = reader.resolve(found, sentence.start)
        elif quote.continues:
            memory.pending.append(quote)
            spoken = True
            continue
        elif memory.attribution is not None and (
            (statements and resumes(reader, quotes[place - 1], quote))
            or (
                (is_whole(reader, quote) or alone(masked, sentence, quote))
                and not is_term(reader, quote)
                and _nothing_between(masked, memory.end, quote)
            )
        ):
            found, speaker = memory.attribution, memory.speaker
        elif is_whole(reader, quote) and alone(masked, sentence, quote):
            # Words without a cue are those of who speaks all along, if somebody does.
            likely = reader.last if reader.last in reader.heard else reader.interviewee
            statements.append(direct_statement(document_id, quote, likely, None, None))
            spoken = True
            continue
        else:
            continue
        spoken = True
        for said in (*memory.pending, quote):
            statements.append(
                direct_statement(document_id, said, speaker, found.written, found.cue)
            )
        memory.pending.clear()
        if speaker is not None and found.kind not in {"group", "plural"}:
            reader.last = speaker
            reader.heard.add(speaker)
        memory.end = max(quote.outer.end, sentence.end)
        memory.attribution, memory.speaker = found, speaker
    if spoken:
        added = added_statement(reader, document_id, sentence, memory.attribution, memory.speaker)
        return [*statements, added] if added and not overlapping(added, statements) else statements
    memory.pending.clear()
    memory.attribution = None
    indirect = indirect_statement(reader, document_id, sentence)
    return [indirect] if indirect else []


def overlapping(one: Statement, others: Sequence[Statement]) -> bool:
    """Whether *one* shares a character with any of *others*."""
    return any(one.span.overlaps(other.span) for other in others)


def _nothing_between(masked: str, end: int, quote: Quotation) -> bool:
    return not masked[end : quote.outer.start].strip(" \n.,")


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


def _handed_back(
    found: Sequence[Statement], masked: str, quotes: Sequence[Quotation]
) -> list[Statement]:
    """Words of nobody yet, with nothing but a new paragraph before somebody's, are that person's."""
    outer = {quote.inner.start: quote.outer for quote in quotes}
    finished: list[Statement] = []
    after: Statement | None = None
    for statement in reversed(found):
        here = outer.get(statement.span.start)
        there = outer.get(after.span.start) if after else None
        nobody = statement.speaker is None and statement.cue is None
        if nobody and after and after.direct and here and there:
            between = masked[here.end : there.start].strip()
            statement = statement if between else replace(statement, speaker=after.speaker)
        finished.append(statement)
        after = statement
    return finished[::-1]


def _of_one_who_answers(found: Sequence[Statement], answers: set[int]) -> list[Statement]:
    """Answers of nobody yet are those of the only one who is quoted in the article."""
    named = {s.speaker for s in found if s.direct and s.speaker}
    if len(named) != 1:
        return list(found)
    (speaker,) = named
    return [
        replace(s, speaker=speaker) if s.speaker is None and s.span.start in answers else s
        for s in found
    ]


def _with_offices(found: Sequence[Statement], reader: Reader) -> list[Statement]:
    """Each statement with the role and affiliation that the article gives its speaker."""
    written = offices(reader, {s.speaker for s in found if s.speaker})
    finished: list[Statement] = []
    for statement in found:
        speaker = statement.speaker or ""
        office = written[speaker].of(reader.text) if speaker in written else None
        if office is None and speaker and is_role_word(speaker.split()[0]):
            office = speaker  # "juru bicara kementerian itu": nothing else is known
        if office is not None:
            role, affiliation = split_office(office)
            statement = replace(statement, role=role, affiliation=affiliation)
        finished.append(statement)
    return finished
