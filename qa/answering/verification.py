"""Proof that a quote stands in the document, word for word.

The only gate between a chosen sentence and what a user sees. It compares
characters; nothing fuzzy is ever accepted.
"""

from __future__ import annotations

from qa.types import Citation, Document, Span


def proven(citation: Citation, document: Document) -> bool:
    """True if the quote is exactly what stands at its offsets, outside furniture."""
    if citation.document_id != document.id or not citation.quote.strip():
        return False
    span = Span(citation.start, citation.end)
    if span.end > len(document.text) or span.of(document.text) != citation.quote:
        return False
    return not any(span.overlaps(mark) for mark in document.furniture)
