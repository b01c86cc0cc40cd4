"""What a dossier holds: answers, what proves their quotes, and where they came from.

Gathered from one ``Answer`` or the several of a conversation, and the corpus at
one moment. Knows no format. A quote that no longer stands in the corpus is
withheld, and counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import qa
from qa.answering import texts
from qa.types import Answer, Document, FileVersion, Place, Proof, Standing

if TYPE_CHECKING:
    from qa.corpus import Corpus, Edition


@dataclass(frozen=True, slots=True)
class Source:
    """A cited document. ``key`` names it in a bibliography, the same in every dossier."""

    key: str
    document: Document
    version: FileVersion | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer and what proves it.

    ``answer`` has only citations found in the corpus, and no text that leans on
    others; ``withheld`` counts those. ``proofs``: of each citation, in order.
    """

    answer: Answer
    proofs: tuple[Proof, ...]
    withheld: int


@dataclass(frozen=True, slots=True)
class Dossier:
    """Answers in the order they were asked for, at least one, and what proves them.

    ``sources``: each cited document once, in order of first mention.
    """

    entries: tuple[Entry, ...]
    sources: tuple[Source, ...]
    edition: Edition
    made: datetime
    program: str = f"kutip {qa.__version__}"

    @property
    def language(self) -> str:
        """That of the first question, for what is said of them all."""
        return self.entries[0].answer.language

    def source(self, document_id: str) -> Source:
        """The source with that id, which must be cited."""
        return next(source for source in self.sources if source.document.id == document_id)


def gather(answers: Sequence[Answer], corpus: Corpus, *, made: datetime | None = None) -> Dossier:
    """The dossier of *answers*, each citation proven again against *corpus* and the files.

    Raises ``ValueError`` without answers.
    """
    if not answers:
        raise ValueError("a dossier without an answer")
    entries = tuple(_entry(answer, corpus) for answer in answers)
    sources: dict[str, Source] = {}
    for id in (citation.document_id for entry in entries for citation in entry.answer.citations):
        if id not in sources:
            document = corpus.document(id)
            key = _key(document, {source.key for source in sources.values()})
            sources[id] = Source(key, document, corpus.version(id))
    return Dossier(
        entries=entries,
        sources=tuple(sources.values()),
        edition=corpus.edition(),
        made=made or datetime.now(UTC),
    )


def _entry(answer: Answer, corpus: Corpus) -> Entry:
    proven = []
    for citation in answer.citations:
        proof = corpus.proof(citation.quote, citation)
        if proof.corpus is Standing.FOUND:
            also = [p for p in citation.also if _stands(citation.quote, p, corpus)]
            proven.append((replace(citation, also=tuple(also)), proof))
    cited = tuple(citation for citation, _ in proven)
    withheld = len(answer.citations) - len(cited)
    text = answer.text
    if withheld:
        # What was written around a quote that fell may lean on it; the quotes do not.
        lines = [texts.quotes(cited), texts.unproven(withheld, answer.language)]
        text = "\n\n".join(line for line in lines if line)
    numbers = {citation.n for citation in cited}
    conflicts = tuple(c for c in answer.conflicts if {c.n, c.other} <= numbers)
    particulars = tuple(one for one in answer.particulars if one.n in numbers)
    return Entry(
        replace(answer, text=text, citations=cited, conflicts=conflicts, particulars=particulars),
        tuple(proof for _, proof in proven),
        withheld,
    )


def _stands(quote: str, place: Place, corpus: Corpus) -> bool:
    return corpus.proof(quote, place).corpus is Standing.FOUND


def _key(document: Document, taken: set[str]) -> str:
    """Outlet or title, year, and the beginning of the id: "kabaruji2019-3f2a9c1b"."""
    plain = unicodedata.normalize("NFKD", document.outlet or document.title)
    name = re.sub(r"[^a-z0-9]", "", plain.encode("ascii", "ignore").decode().lower())
    year = str(document.published.year) if document.published else ""
    id = re.sub(r"[^A-Za-z0-9]", "", document.id)
    key = f"{name[:20] or 'source'}{year}-{id[:8]}"
    number = 2
    while key in taken:
        key, number = f"{name[:20] or 'source'}{year}-{id[:8]}-{number}", number + 1
    return key
