"""Whether a corpus is sound: its database, its vectors, and the files it was read from."""

from __future__ import annotations

from qa import ingest
from qa.answering import texts
from qa.answering.snapshot import Snapshots
from qa.answering.verification import same
from qa.errors import IngestError
from qa.index.store import Store
from qa.ingest import disk
from qa.types import Document


def problems(store: Store, snapshots: Snapshots) -> list[str]:
    """What is wrong, each with its remedy; nothing, normally. Every file is hashed."""
    found = store.check()
    for listed in store.documents():
        document = store.document(listed.id)
        for statement in store.statements(listed.id):
            if statement.span.end > len(document.text):
                found.append(f"{listed.source}: a statement lies outside its text")
        found += _of_file(document, store)
    with store.reading():
        now = snapshots.current()
    if len(now.index) != len(now.table.numbers):
        found.append("the vector index and the database differ in size")
    return found + snapshots.unused()


def _of_file(document: Document, store: Store) -> list[str]:
    """What is wrong with the file that *document* was read from."""
    file = store.file_of(document.id)
    path = disk.path_of(store.origin_of(document.id) or document.source)
    if file is None or same(path, file, thorough=True):
        return []  # with no version noted, there is nothing to hold the file against
    if not disk.exists(path):
        return [f"{document.source}: the file is gone; put it back, or kutip remove {document.id}"]
    try:
        says_the_same = ingest.read(path).text == document.text
    except IngestError as error:
        return [f"{error.path}: {error.problem}; {error.remedy}, and add it again"]
    if says_the_same:
        return []
    day = texts.day(file.added.astimezone().date(), "en")
    return [f"{document.source}: the file has changed since {day}; add it again"]
