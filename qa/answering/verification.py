"""Proof that a quote stands in the document, word for word.

The only gate between a chosen sentence and what a user sees. It compares
characters; nothing fuzzy is ever accepted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from qa.types import Citation, Document, Place, Span


def proven(citation: Citation, document: Document) -> bool:
    """True if the quote is exactly what stands at its offsets, outside furniture."""
    return stands(citation.quote, citation, document)


def stands(quote: str, place: Citation | Place, document: Document) -> bool:
    """True if *quote* is exactly what stands at *place*, outside furniture."""
    if place.document_id != document.id or not quote.strip():
        return False
    span = Span(place.start, place.end)
    if span.end > len(document.text) or span.of(document.text) != quote:
        return False
    return not any(span.overlaps(mark) for mark in document.furniture)


def elsewhere(quote: str, documents: Iterable[Document]) -> tuple[Place, ...]:
    """Where the very words of *quote* stand, once a document, the oldest first.

    A document that tells the same in other words, be it one letter, is left out.
    """
    found = []
    for document in documents:
        start = document.text.find(quote)
        while start >= 0:
            place = Place.of(document, start, start + len(quote))
            if stands(quote, place, document):
                found.append(place)
                break
            start = document.text.find(quote, start + 1)
    return tuple(sorted(found, key=lambda p: (p.published or date.max, p.source, p.document_id)))
