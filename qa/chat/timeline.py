"""Who said what, in the order of time: the statements asked for, each with its source card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Self

from qa.answering import texts
from qa.answering.question import MAX_LENGTH
from qa.answering.verification import proven
from qa.chat.drawing import card, escape
from qa.chat.wording import say
from qa.errors import DocumentNotFound, KutipError
from qa.ingest.dates import read_period
from qa.types import Citation, Document, Statement

if TYPE_CHECKING:
    from qa.corpus import Corpus


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose statements, about what, and published when (days, inclusive); None: any.

    ``exactly``: of the one who goes by this name in the table, and of nobody else whom it can mean.
    """

    speaker: str | None = None
    about: str | None = None
    since: date | None = None
    until: date | None = None
    outlet: str | None = None
    exactly: bool = False

    @classmethod
    def read(
        cls,
        speaker: str,
        about: str,
        since: str,
        until: str,
        language: str,
        outlet: str = "",
        chosen: str = "",
    ) -> Self:
        """What was typed, or *chosen* in the table.

        Raises ``KutipError`` in *language* for what is no date, or too long.
        """
        name, topic = " ".join(speaker.split()), " ".join(about.split())
        longest = max(len(name), len(topic))
        if longest > MAX_LENGTH:
            raise KutipError(say(language, "too_long", n=longest, limit=MAX_LENGTH))
        first, last = (_days(written, language) for written in (since, until))
        if first and last and first[0] > last[1]:
            raise KutipError(say(language, "dates_crossed"))
        return cls(
            name or None,
            topic or None,
            first and first[0],
            last and last[1],
            outlet or None,
            exactly=bool(name) and speaker == chosen,
        )


def _days(written: str, language: str) -> tuple[date, date] | None:
    """The first and the last day of a day, month or year; None where nothing was typed."""
    written = " ".join(written.split())
    if not written:
        return None
    period = read_period(written)
    if period is None:
        raise KutipError(say(language, "bad_date", written=written))
    return period.first, period.last


def timeline(corpus: Corpus, wanted: Wanted, language: str, most: int) -> tuple[str, int]:
    """The *most* oldest statements that are *wanted*, drawn, and how many more there are."""
    if wanted == Wanted():
        return f'<p class="kutip-empty">{say(language, "said_empty")}</p>', 0
    found = corpus.statements(
        speaker=wanted.speaker,
        about=wanted.about,
        since=wanted.since,
        until=wanted.until,
        outlet=wanted.outlet,
    )
    if wanted.exactly:
        namesakes = (one for one in corpus.speakers() if one.name == wanted.speaker)
        theirs = {statement for one in namesakes for statement in one.statements}
        found = [statement for statement in found if statement in theirs]
    listed = {one.id: one for one in corpus.documents()}
    undated = sum(one.published is None for one in listed.values())
    limited = wanted.since is not None or wanted.until is not None
    note = " " + say(language, "said_undated", n=undated) if limited and undated else ""
    if not found:
        line = say(language, "said_nothing", n=len(listed)) + note
        return f'<p class="kutip-empty" role="status">{line}</p>', 0

    def when(statement: Statement) -> tuple[date, str, int]:
        home = listed.get(statement.document_id)  # None: removed since
        day = home.published if home else None
        return day or date.max, home.source if home else "", statement.span.start

    shown = sorted(found, key=when)[:most]
    left = len(found) - len(shown)
    line = say(language, "said_found", n=len(found)) + note
    return (
        f"<h2>{say(language, 'said_title')}</h2>"
        f'<p class="kutip-found" role="status">{line}</p>'
        f'<ol class="kutip-timeline">{_items(corpus, shown, language)}</ol>',
        left,
    )


def _items(corpus: Corpus, statements: Sequence[Statement], language: str) -> str:
    documents: dict[str, Document] = {}
    items = []
    for n, statement in enumerate(statements, start=1):
        if statement.document_id not in documents:
            try:
                documents[statement.document_id] = corpus.document(statement.document_id)
            except DocumentNotFound:  # removed since
                continue
        document = documents[statement.document_id]
        citation = Citation.of(n, document, statement.span, speaker=statement.speaker)
        if proven(citation, document):
            note = texts.file_note(corpus.proof(citation.quote, citation), language)
            items.append(_item(citation, statement.direct, document, language, note))
    return "".join(items)


def _item(citation: Citation, direct: bool, document: Document, language: str, note: str) -> str:
    """One line of the list, which opens to its source card; *note*: of its file."""
    day = citation.published
    when = texts.day(day, language) if day else say(language, "undated")
    speaker = escape(citation.speaker) if citation.speaker else say(language, "unnamed")
    quote = escape(" ".join(citation.quote.split()))
    said = f"“{quote}”" if direct else quote
    outlet = f" · {escape(citation.outlet)}" if citation.outlet else ""
    return (
        f'<li><details class="kutip-statement"><summary>'
        f'<span class="kutip-when">{when}{outlet}</span> <b>{speaker}</b> '
        f'<span class="kutip-said" lang="{escape(document.language)}">{said}</span></summary>'
        f"{card(citation, document, turn=None, language=language, note=note)}</details></li>"
    )
