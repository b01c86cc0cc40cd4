"""The text around a quote, cut where a reader can start and stop.

Knows documents and spans; knows nothing of HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from qa.types import Document, Match, Span

CONTEXT = 400  # characters shown either side of a quote
ARTICLE = 60_000  # characters of an opened article, around the quote


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text to draw, from ``start`` on in its document.

    ``gap`` stands for text left out and has none. ``short``: the short answer
    within a quote, as offsets in ``text``.
    """

    kind: Literal["text", "quote", "furniture", "gap"]
    text: str = ""
    start: int = 0
    short: Span | None = None


_BREAK = re.compile(r"\n\s*\n|(?<=[.!?…”\"])\s+")


def _first_break(text: str) -> int:
    """Where to start reading *text*: after its first paragraph, sentence or word break."""
    found = _BREAK.search(text) or re.search(r"\s+", text)
    return found.end() if found else 0


def _last_break(text: str) -> int:
    """Where to stop reading *text*: at its last paragraph, sentence or word break."""
    breaks = [found.start() for found in _BREAK.finditer(text)]
    breaks = breaks or [found.start() for found in re.finditer(r"\s+", text)]
    return breaks[-1] if breaks else len(text)


def _pieces(document: Document, start: int, end: int) -> list[Piece]:
    """``document.text[start:end]`` split where furniture begins and ends."""
    pieces = []
    position = start
    for span in sorted(document.furniture):
        low, high = max(span.start, position), min(span.end, end)
        if low >= high:
            continue
        if position < low:
            pieces.append(Piece("text", document.text[position:low], position))
        pieces.append(Piece("furniture", document.text[low:high], low))
        position = high
    if position < end:
        pieces.append(Piece("text", document.text[position:end], position))
    return pieces


def around(
    document: Document, span: Span, width: int = CONTEXT, *, short: Span | None = None
) -> list[Piece]:
    """The quote at *span* with up to *width* characters either side, *short* marked in it.

    Cut at a paragraph, sentence or word; furniture and whatever is cut off
    become one gap each.
    """
    text = document.text
    low, high = max(0, span.start - width), min(len(text), span.end + width)
    if low > 0:
        low += _first_break(text[low : span.start])
    if high < len(text):
        high = span.end + _last_break(text[span.end : high])
    pieces = [Piece("gap")] if text[:low].strip() else []
    pieces += _pieces(document, low, span.start)
    marked = Span(short.start - span.start, short.end - span.start) if short else None
    pieces.append(Piece("quote", span.of(text), span.start, marked))
    pieces += _pieces(document, span.end, high)
    pieces += [Piece("gap")] if text[high:].strip() else []
    return _with_gaps(pieces)


def within(document: Document, span: Span) -> list[Piece]:
    """The text at *span* without furniture, and with no quote in it."""
    return _with_gaps(_pieces(document, span.start, span.end))


def _with_gaps(pieces: Sequence[Piece]) -> list[Piece]:
    """*pieces* with furniture turned into gaps, and neighbouring gaps into one."""
    shown: list[Piece] = []
    for piece in pieces:
        if piece.kind == "furniture":
            piece = Piece("gap") if piece.text.strip() else replace(piece, kind="text")
        blank = piece.kind == "text" and not piece.text.strip()
        if shown and shown[-1].kind == "gap" and (piece.kind == "gap" or blank):
            continue
        if piece.kind == "gap" and shown and shown[-1].kind == "text":
            shown[-1] = replace(shown[-1], text=shown[-1].text.rstrip())
        if piece.kind == "text" and [before.kind for before in shown] == ["gap"]:
            text = piece.text.lstrip()
            piece = Piece("text", text, piece.start + len(piece.text) - len(text))
        shown.append(piece)
    return shown


def whole(document: Document, span: Span, limit: int = ARTICLE) -> list[Piece]:
    """The whole article with the quote at *span*, furniture marked as such.

    An article longer than *limit* is cut to *limit* characters around the quote.
    """
    low = max(0, min(span.start - limit // 2, len(document.text) - limit))
    high = max(span.end, min(len(document.text), low + limit))
    return [
        *([Piece("gap")] if low else []),
        *_pieces(document, low, span.start),
        Piece("quote", span.of(document.text), span.start),
        *_pieces(document, span.end, high),
        *([Piece("gap")] if high < len(document.text) else []),
    ]


def words_in(piece: Piece, matched: Sequence[Match]) -> list[tuple[str, Match | None]]:
    """The text of *piece* in parts: words that match one of the question, and the rest."""
    parts: list[tuple[str, Match | None]] = []
    position, end = piece.start, piece.start + len(piece.text)
    for match in matched:
        if match.start < position or match.end > end or piece.kind not in ("text", "quote"):
            continue
        parts.append((piece.text[position - piece.start : match.start - piece.start], None))
        parts.append((piece.text[match.start - piece.start : match.end - piece.start], match))
        position = match.end
    return [*parts, (piece.text[position - piece.start :], None)]
