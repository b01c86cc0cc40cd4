"""Which statements of a corpus are asked for: by whom, of when, where, and about what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.answering import topics
from qa.answering.own_words import about
from qa.answering.question import understand
from qa.answering.searching import Searcher
from qa.errors import BadRequest
from qa.index.store import Store
from qa.retrieval.late import encode_questions
from qa.retrieval.restriction import is_outlet
from qa.types import Statement

CANDIDATES_ABOUT = 1_000  # passages of each leg in which a topic is looked for


def select(
    store: Store,
    searcher: Searcher,
    *,
    speaker: str | None = None,
    about: str | None = None,
    since: date | None = None,
    until: date | None = None,
    outlet: str | None = None,
) -> list[Statement]:
    """See ``Corpus.statements``; to be used within ``Store.reading``."""
    if since and until and since > until:
        raise BadRequest(f"nothing is since {since} and until {until}; exchange the two days")
    found = store.statements()
    if speaker is not None:
        called = searcher.now().speakers().called(speaker)
        theirs = {statement for one in called for statement in one.statements}
        found = [statement for statement in found if statement in theirs]
    if since is not None or until is not None or outlet is not None:
        listed = {one.id: one for one in store.documents()}
        if since is not None or until is not None:
            found = [s for s in found if _within(listed[s.document_id].published, since, until)]
        if outlet is not None:
            of_it = {d.id for d in listed.values() if d.outlet and is_outlet(outlet, d.outlet)}
            found = [s for s in found if s.document_id in of_it]
    return found if about is None else _about(about, found, searcher)


def _within(day: date | None, since: date | None, until: date | None) -> bool:
    return day is not None and (since is None or day >= since) and (until is None or day <= until)


def _about(topic: str, statements: Sequence[Statement], searcher: Searcher) -> list[Statement]:
    """Those of *statements* that are about *topic*, best first."""
    question = understand(topic)  # a topic holds no filters
    if not question.askable or not statements:
        return []
    now = searcher.now()
    (vectors,) = encode_questions(now.embedder, [question.text])
    found = searcher.rank(question, vectors, CANDIDATES_ABOUT)
    scores = about(statements, found, vectors, now)
    least = topics.weights_for(found.words).least
    kept = [s for s in statements if s in scores and scores[s] >= least]
    return sorted(kept, key=lambda statement: -scores[statement])
