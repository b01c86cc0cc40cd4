"""A corpus as one question sees it: what ranking and reading need, of one generation.

Made from the store when first asked for, and again only when the store has changed.
What is costly and seldom wanted is found out when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from qa.answering.abstention import SHIPPED, Calibration
from qa.errors import CorpusError
from qa.index.store import Catalogue, PassageTable, Store
from qa.index.vectors import VectorIndex
from qa.ingest import passages
from qa.language.names import same_person
from qa.language.tokens import fold, stems, tokens
from qa.retrieval.adapted import NOTHING, Adapted
from qa.retrieval.late import Words
from qa.retrieval.lexical import Postings
from qa.retrieval.restriction import in_order, is_writer, outlets_of
from qa.types import Coverage, Embedder, Vectors

if TYPE_CHECKING:
    from qa.answering.speakers import Speakers


FAR_MORE = 3  # times as many statements: the minister of this country, not of another


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One generation of a corpus; to be used within the ``Store.reading`` it was made in.

    *outlets*: see ``outlets_of``; *vocabulary*: the terms of the
    index that begin with a letter; *titles*: the folded words of all titles and outlets;
    *years*: those in which documents were published.
    """

    store: Store
    embedder: Embedder
    generation: str
    table: PassageTable
    index: VectorIndex
    postings: Postings
    speakers: Callable[[], Speakers]
    coverage: Coverage
    adapted: Adapted
    catalogue: Catalogue
    outlets: dict[str, str]
    calibration: Calibration
    vocabulary: Callable[[str], Sequence[str]]
    titles: Callable[[], frozenset[str]]
    years: Callable[[], frozenset[int]]

    def wrote(self, name: str) -> bool:
        """Whether a byline has that name."""
        bylines = {byline for byline in self.catalogue.bylines if byline}
        return any(is_writer(name, byline) for byline in bylines)

    def called(self, name: str) -> list[str]:
        """Who speaks and can be meant by *name*, by the usual form; see ``Speakers.called``.

        Of several who hold an office, one who says three times as much as any other is meant.
        If nobody can be, the only one whose name is nearly that.
        """
        speakers = self.speakers()
        if found := speakers.called(name):
            said = [len(one.statements) for one in found]
            office = not any(same_person(form, name) for one in found for form in one.forms)
            if office and len(found) > 1 and said[0] >= FAR_MORE * said[1]:
                return [found[0].name]
            return [one.name for one in found]
        near = speakers.misspelt(name, self._unknown)
        return [one.name for one in near] if len(near) == 1 else []

    def _unknown(self, word: str) -> bool:
        """Whether no document has *word*, folded."""
        terms = {term for language in self.table.names for term in stems(word, language)}
        return word not in self.titles() and not any(len(self.postings(t)[0]) for t in terms)

    def names_of(self, name: str) -> list[str]:
        """Every name under which those called *name* make statements."""
        return [form for one in self.speakers().called(name) for form in one.forms]

    def languages_of(self, numbers: npt.NDArray[np.int64]) -> list[str]:
        """The language of each of these passages."""
        return [self.table.names[i] for i in self.table.languages[self.table.rows(numbers)]]

    def sentence_vectors(self, numbers: Sequence[int]) -> list[Vectors]:
        """The vectors of the sentences of each passage, (sentences, dim)."""
        return self.store.sentence_vectors(numbers, self.embedder.dim)

    def word_vectors(self, numbers: Sequence[int]) -> list[Words]:
        """The vectors of the words of each passage, (words, word_dim)."""
        return self.store.word_vectors(numbers, self.embedder.word_dim)


class Snapshots:
    """Gives the snapshot of now.

    *pipeline*: the model and the way of cutting passages, under which vectors and
    what was learned can be used.
    """

    def __init__(self, store: Store, embedder: Embedder, folder: Path) -> None:
        self.pipeline = f"{embedder.name} {embedder.version} {passages.SEGMENTATION_VERSION}"
        self._store = store
        self._embedder = embedder
        self._folder = folder
        self._vectors = folder / "vectors.faiss"
        self._last: Snapshot | None = None

    def current(self) -> Snapshot:
        """What ranking needs, as of the view that ``Store.reading`` holds.

        Raises ``CorpusError`` where another process has indexed the corpus otherwise.
        """
        generation = self._store.generation()
        if self._store.meta("pipeline") != self.pipeline:
            raise CorpusError(
                f"{self._folder}: another process has indexed it with another model; open it again"
            )
        if self._last is None or self._last.generation != generation:
            if self._last is None:
                index = VectorIndex.open(self._vectors, self._store, self._embedder.dim)
            else:
                index = self._last.index
                index.update(self._store)
            self._last = self._made(generation, index)
        return self._last

    def _made(self, generation: str, index: VectorIndex) -> Snapshot:
        catalogue = self._store.catalogue()
        outlets = outlets_of(name for name in catalogue.outlets if name)
        days = {day for day in catalogue.published.tolist() if day}
        return Snapshot(
            store=self._store,
            embedder=self._embedder,
            generation=generation,
            table=self._store.passage_table(),
            index=index,
            postings=lru_cache(maxsize=20_000)(self._store.postings),
            speakers=lru_cache(maxsize=1)(self._speakers),
            coverage=replace(self._store.coverage(), outlets=in_order(outlets)),
            adapted=self._adapted(),
            catalogue=catalogue,
            outlets=outlets,
            calibration=self._calibration(),
            vocabulary=lru_cache(maxsize=64)(self._store.vocabulary),
            titles=lru_cache(maxsize=1)(self._titles),
            years=lru_cache(maxsize=1)(
                lambda: frozenset(date.fromordinal(day).year for day in days)
            ),
        )

    def save(self) -> None:
        """Keep the vectors for the next start, if there was any need of them."""
        if self._last is not None:
            with self._store.reading():
                now = self.current()
            now.index.save(self._vectors, now.generation)

    def published(self) -> dict[str, date | None]:
        """The date of every document, by id."""
        return {listed.id: listed.published for listed in self._store.documents()}

    def _speakers(self) -> Speakers:
        from qa.answering.speakers import Speakers, fold_speakers

        return Speakers(fold_speakers(self._store.statements(), self.published()))

    def _titles(self) -> frozenset[str]:
        named = (part for one in self._store.documents() for part in (one.title, one.outlet or ""))
        return frozenset(fold(token.text) for name in named for token in tokens(name))

    # What the corpus has learned. Under another model it was not measured, and is not used.

    def _adapted(self) -> Adapted:
        text = self._store.meta("adaptation")
        adapted = NOTHING if text is None else Adapted.load(text)
        return adapted if adapted.pipeline == self.pipeline else NOTHING

    def _calibration(self) -> Calibration:
        text = self._store.meta("calibration")
        calibration = SHIPPED if text is None else Calibration.load(text)
        return calibration if calibration.pipeline == self.pipeline else SHIPPED

    def unused(self) -> list[str]:
        """What the corpus has learned that is not used, and what to do about it."""
        problems = []
        text = self._store.meta("adaptation")
        if text is not None and Adapted.load(text).pipeline != self.pipeline:
            problems.append(
                "what kutip adapt learned was measured with another model and is not used; "
                "run it again, or forget it with kutip adapt --reset"
            )
        text = self._store.meta("calibration")
        if text is not None and Calibration.load(text).pipeline != self.pipeline:
            problems.append(
                "the refusal was calibrated with another model or version of kutip and is as "
                "shipped; calibrate again, or forget it with kutip eval --calibrate --reset"
            )
        return problems
