"""Proof that a quote stands in the document, word for word.

The only gate between a chosen sentence and what a user sees. It compares
characters; nothing fuzzy is ever accepted.

Two places are looked at. The stored document decides what is shown as a quote:
it is the version that was added, whatever happens to the file. The file on disk
decides what is said beside it. *Found* in the file means: the file is byte for
byte the version in which the quote was proven, or it was read again and still
holds the very words, wherever they now stand.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from qa.errors import IngestError
from qa.types import Citation, Document, FileVersion, Place, Proof, Span, Standing


def proven(citation: Citation, document: Document) -> bool:
    """True if the quote is exactly what stands at its offsets; see ``stands``."""
    return stands(citation.quote, citation, document)


def stands(quote: str, place: Citation | Place, document: Document) -> bool:
    """True if *quote* is exactly what stands at *place*, outside furniture.

    A line that tells something of the article itself, a byline, is furniture and may be.
    """
    if place.document_id != document.id or not quote.strip():
        return False
    span = Span(place.start, place.end)
    if span.end > len(document.text) or span.of(document.text) != quote:
        return False
    return _of_article(place) or not any(span.overlaps(mark) for mark in document.furniture)


def _of_article(place: Citation | Place) -> bool:
    return isinstance(place, Citation) and place.field is not None


def standing(quote: str, place: Citation | Place, document: Document | None) -> Standing:
    """What has become of *quote* in the stored *document*; None: it is no longer there."""
    if document is None:
        return Standing.MISSING
    return Standing.FOUND if stands(quote, place, document) else Standing.ALTERED


def elsewhere(
    quote: str, documents: Iterable[Document], *, furniture: bool = False
) -> tuple[Place, ...]:
    """Where the very words of *quote* stand, once a document, the oldest first.

    A document that tells the same in other words, be it one letter, is left out; so is
    what stands in *furniture*, unless that is to count.
    """
    found = []
    for document in documents:
        start = document.text.find(quote)
        while start >= 0:
            place = Place.of(document, start, start + len(quote))
            if furniture or stands(quote, place, document):
                found.append(place)
                break
            start = document.text.find(quote, start + 1)
    return tuple(sorted(found, key=lambda p: (p.published or date.max, p.source, p.document_id)))


def prove(
    quote: str,
    place: Citation | Place,
    document: Document | None,
    path: Path,
    version: FileVersion | None,
    *,
    thorough: bool = False,
) -> Proof:
    """What has become of *quote* in the stored *document* and in the file at *path*.

    *version*: of the file, as it was added. A file that has changed since is read
    again only if *thorough*; so is one of which no version was noted.
    """
    stored = standing(quote, place, document)
    unchanged = None if version is None else same(path, version, thorough=thorough)
    file: Standing | None = None
    if version is not None and unchanged is None:
        file = Standing.MISSING
    elif unchanged and stored is Standing.FOUND:
        file = Standing.FOUND
    elif thorough:
        file = in_file(quote, path, furniture=_of_article(place))
    return Proof(stored, file, unchanged is False, version)


def same(path: Path, version: FileVersion, *, thorough: bool = False) -> bool | None:
    """True if the file at *path* is *version*, byte for byte; None if it cannot be read.

    Size and time of change decide where they can: another size is another
    version, and what has the same size and time is taken for the same. The bytes
    are hashed when only the time differs, or always if *thorough*.
    """
    from qa.ingest import archives, disk

    try:
        size, modified = disk.status(path)
        if not os.access((archives.split(path) or (path,))[0], os.R_OK):
            return None
        if size != version.size:
            return False
        if modified == version.modified and not thorough:
            return True
        return disk.digest(path) == version.sha256
    except (OSError, ValueError, IngestError):
        return None


def in_file(quote: str, path: Path, *, furniture: bool = False) -> Standing:
    """What has become of *quote* in the file at *path*, which is read and converted again.

    A file that is there but cannot be converted any more does not hold it. *furniture*:
    what stands there counts.
    """
    from qa import ingest
    from qa.ingest import disk

    try:
        document = ingest.read(path)
    except IngestError:
        return Standing.ALTERED if disk.exists(path) else Standing.MISSING
    found = elsewhere(quote, [document], furniture=furniture)
    return Standing.FOUND if found else Standing.ALTERED
