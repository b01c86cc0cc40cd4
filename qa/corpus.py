"""The facade: a corpus of documents that can be added to, searched and asked.

Wires indexing, retrieval and answering; owns none of their rules.
"""

from __future__ import annotations

import os
import secrets
import shlex
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import embeddings
from qa import soundness
from qa.adding import Added, Teller, Watch
from qa.answering import composing, filters, following, own_words, selection
from qa.answering.abstention import SILENT_THRESHOLD, Calibration
from qa.answering.evidence import PASSAGES_READ, Evidence, gather
from qa.answering.question import MAX_LENGTH, Question, interpret
from qa.answering.searching import Considered, Searcher
from qa.answering.snapshot import Snapshots
from qa.answering.verification import prove
from qa.errors import CorpusError, DocumentNotFound, QuestionTooLong
from qa.index.store import Listed, Store
from qa.indexing import Indexer, Progress
from qa.ingest import disk, passages
from qa.language.tokens import storable
from qa.retrieval.adapted import NOTHING, Adapted
from qa.retrieval.late import encode_questions
from qa.retrieval.retriever import CANDIDATES
from qa.types import (
    Answer,
    Citation,
    Coverage,
    Document,
    Embedder,
    FileVersion,
    Filter,
    FilterKey,
    FollowUp,
    Hit,
    Passage,
    Place,
    Proof,
    QuestionVectors,
    Reason,
    Statement,
    Vectors,
)

if TYPE_CHECKING:
    from qa.answering.speakers import Speaker


@dataclass(frozen=True, slots=True)
class Removal:
    """Documents that were set aside, to be brought back or forgotten."""

    name: str
    documents: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """The state of a corpus, and everything but the documents that answers depend on.

    ``generation`` is new at every change. ``threshold``: the confidence below
    which nothing is answered; ``silent_threshold``: the same for a question about
    a person who makes no statement.
    """

    generation: str
    model: str
    model_version: str
    segmentation: str
    adapted: bool
    passages_read: int
    candidates: int
    threshold: float
    silent_threshold: float


class Corpus:
    """A folder with a database and its vectors. Safe to use from several threads."""

    passages_read = PASSAGES_READ  # of those ranked best

    def __init__(self, path: Path, store: Store, embedder: Embedder) -> None:
        self.path = path
        self.embedder = embedder
        self._store = store
        self._snapshots = Snapshots(store, embedder, path)
        self._searcher = Searcher(self._snapshots)
        self._indexer = Indexer(store, embedder)
        self._closed = False

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        model: str | None = None,
        embedder: Embedder | None = None,
        progress: Progress | None = None,
        make: bool = True,
    ) -> Self:
        """Open the corpus in the folder *path*, making it if need be and *make* allows it.

        *model*: see ``embeddings.load``; by default the model the corpus was
        made with. A corpus filled by another model or another way of cutting
        passages is indexed again first, and *progress* told.
        """
        folder = Path(path).expanduser()
        if folder.exists() and not folder.is_dir():
            raise CorpusError(f"{folder}: not a folder; name a folder for the corpus")
        if not make and not (folder / "kutip.db").exists():
            raise CorpusError(
                f"{folder}: no corpus there; name one with --corpus, or make it: "
                f"kutip --corpus {shlex.quote(str(folder))} add FILE_OR_FOLDER"
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CorpusError(
                f"{folder}: {error.strerror}; choose another folder with --corpus"
            ) from error
        store = Store(folder / "kutip.db")
        try:
            corpus = cls(folder, store, embedder or embeddings.load(model or store.meta("model")))
            corpus._remember(model)
            corpus._indexer.bring_up_to_date(corpus._snapshots.pipeline, progress)
        except BaseException:
            store.close()
            raise
        return corpus

    def _remember(self, model: str | None) -> None:
        """Note by which *model* the corpus is to be opened from now on."""
        if model and Path(model).expanduser().is_dir():
            model = str(Path(model).expanduser().resolve())  # found from any working directory
        if model and model != self._store.meta("model"):
            self._store.set_meta("model", model)

    def close(self) -> None:
        """Save the vectors for the next start and close the database.

        Closing twice does nothing; using a closed corpus is an error.
        """
        if self._closed:
            return
        self._closed = True
        self._snapshots.save()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Documents

    def add(self, *paths: str | Path, watch: Watch | None = None) -> Added:
        """Add files, folders (recursively) and zip archives.

        A file whose text is here already is left alone; a changed file
        replaces its old self. A file that cannot be read is reported and the
        rest still added. *watch* is told of every step; if it raises ``Cancelled``,
        what is done stays and the rest is ``left``.
        """
        # Load the vectors as they are now: what is added is then added to them.
        with self._store.reading():
            self._snapshots.current()
        return self._indexer.add([Path(path) for path in paths], watch)

    def put(
        self,
        document: Document,
        origin: str,
        file: FileVersion | None = None,
        *,
        tell: Teller | None = None,
    ) -> bool:
        """Derive everything from *document* and store it in one transaction.

        *origin* is where it came from, an absolute path for a file, and *file*
        the version of that file. *tell* is told of each stage. True if it replaced
        another of the same origin or the same content.
        """
        return self._indexer.put(document, origin, file, tell=tell)

    def remove(self, id_or_source: str) -> str:
        """Remove a document by id or path; returns its id.

        Its passages, vectors and statements are gone from every answer at
        once. Raises ``DocumentNotFound``.
        """
        try:
            return self._store.remove(disk.shown(id_or_source))
        except DocumentNotFound:
            if self._store.id_of(disk.origin(Path(id_or_source))) is None:
                raise
            return self._store.remove(disk.origin(Path(id_or_source)))

    def below(self, folder: str | Path) -> list[Listed]:
        """The documents from files in *folder*, a zip archive among them, whether or not it
        is there any more."""
        prefix = disk.origin(Path(folder)) + os.sep
        return [one for one in self.documents() if self._origin_of(one).startswith(prefix)]

    def gone(self, *folders: str | Path) -> list[Listed]:
        """The documents whose file was deleted or moved away.

        *folders*: only those from files in these, which must be there. Without,
        the folder that the file was in must be: it may be on a disk that is not at hand.
        """
        below = {
            one.id for folder in folders if os.path.exists(folder) for one in self.below(folder)
        }
        lost = []
        for one in self.documents():
            path = disk.path_of(self._origin_of(one))
            looked_at = one.id in below if folders else os.path.exists(path.parent)
            if looked_at and self._store.file_of(one.id) is not None and not disk.exists(path):
                lost.append(one)
        return lost

    def _origin_of(self, listed: Listed) -> str:
        return self._store.origin_of(listed.id) or listed.source

    def set_aside(self, ids: Sequence[str]) -> Removal:
        """Remove documents as ``remove`` does, in a way that can be undone until this is closed.

        What there is no longer is passed over.
        """
        name = secrets.token_hex(8)
        held = {listed.id: listed for listed in self._store.documents()}
        gone = self._store.set_aside(ids, name)
        return Removal(name, tuple(held[id] for id in gone if id in held))

    def bring_back(self, removal: Removal) -> list[str]:
        """Undo a removal, once: the ids of what is back, with all that was derived from it.

        A document that has been added again meanwhile, or another from the same
        file, stays as it is now.
        """
        return self._store.bring_back(removal.name)

    def forget(self, removal: Removal) -> None:
        """Keep nothing more of what a removal took."""
        self._store.forget(removal.name)

    def origins(self) -> list[str]:
        """The absolute path of every document, also of those that can be brought back."""
        return self._store.all_origins()

    def documents(self) -> list[Listed]:
        """Every document, by source."""
        return self._store.documents()

    def document(self, id: str) -> Document:
        """One document, whole; raises ``DocumentNotFound``."""
        return self._store.document(id)

    def sentence_vectors(self, id: str) -> dict[int, Vectors]:
        """The vector of each sentence of a document, by the offset where the sentence starts.

        Raises ``DocumentNotFound``.
        """
        with self._store.reading():
            self._store.document(id)
            numbers = self._store.numbers(id).tolist()
            cut = self._store.segments(numbers)
            vectors = self._store.sentence_vectors(numbers, self.embedder.dim)
        return {
            span.start: vector
            for segment, rows in zip(cut, vectors, strict=True)
            for span, vector in zip(segment.sentences, rows, strict=True)
        }

    def statements(
        self,
        *,
        speaker: str | None = None,
        about: str | None = None,
        since: date | None = None,
        until: date | None = None,
        outlet: str | None = None,
    ) -> list[Statement]:
        """Who said what, in order of source and place.

        *speaker*: by this person, body or office, in any form of the name;
        *about*: on this topic, in whichever language it is written, most to the
        point first; *since*, *until*: from documents of these days, which leaves
        out those without a date; *outlet*: from documents of it, named as for the
        filter ``outlet:``. Raises ``BadRequest`` for days in the wrong order.
        """
        with self._store.reading():
            return selection.select(
                self._store,
                self._searcher,
                speaker=speaker,
                about=about,
                since=since,
                until=until,
                outlet=outlet,
            )

    def outlets(self) -> list[str]:
        """Every outlet once, however its name is written, in the order of the alphabet."""
        return list(self.coverage().outlets)

    def speakers(self, statements: Sequence[Statement] | None = None) -> list[Speaker]:
        """Who says *statements* (default: all there are), most often first, under one name each."""
        from qa.answering.speakers import fold_speakers

        with self._store.reading():
            if statements is None:
                return list(self._snapshots.current().speakers().everybody)
            return fold_speakers(statements, self._snapshots.published())

    def coverage(self) -> Coverage:
        """How much there is to search."""
        with self._store.reading():
            return self._snapshots.current().coverage

    def check(self) -> list[str]:
        """What is wrong with the corpus; nothing, normally."""
        return soundness.problems(self._store, self._snapshots)

    def edition(self) -> Edition:
        """What tells this state of the corpus, and this way of answering, from any other."""
        return Edition(
            generation=self._store.generation(),
            model=self.embedder.name,
            model_version=self.embedder.version,
            segmentation=passages.SEGMENTATION_VERSION,
            adapted=self.adapted() is not NOTHING,
            passages_read=self.passages_read,
            candidates=CANDIDATES,
            threshold=self.calibration().threshold,
            silent_threshold=SILENT_THRESHOLD,
        )

    def version(self, id: str) -> FileVersion | None:
        """The file of a document as it was when added, if that was noted."""
        return self._store.file_of(id)

    def proof(
        self,
        quote: str,
        place: Citation | Place,
        *,
        thorough: bool = False,
        version: FileVersion | None = None,
    ) -> Proof:
        """Whether *quote* stands at *place*, in the stored document and in the file, now.

        Costs a look at the file's status, and reads the file only if its time of
        change differs. *thorough*: read the file, and convert it if it has
        changed. *version*: of the file that held the quote, if it is not the one
        noted here.
        """
        with self._store.reading():
            try:
                document = self._store.document(place.document_id)
            except DocumentNotFound:
                document = None
            version = version or self._store.file_of(place.document_id)
            origins = [self._store.origin_of(place.document_id)]
            # Gone from the corpus; a later version of the file may be here.
            origins += self._store.origins(place.source) if document is None else []
        path = next((disk.path_of(origin) for origin in origins if origin), Path(place.source))
        return prove(quote, place, document, path, version, thorough=thorough)

    # What the corpus has learned

    def adapted(self) -> Adapted:
        """What was learned about this corpus and is in use; nothing, at first."""
        with self._store.reading():
            return self._snapshots.current().adapted

    def adapt_to(self, adapted: Adapted | None) -> None:
        """Rank by *adapted* from now on; None: as shipped, exactly as before any adaptation.

        Kept with the corpus, in one transaction. See ``qa.adaptation``.
        """
        if adapted is None:
            self._store.set_learned("adaptation", None)
        else:
            stamped = replace(adapted, pipeline=self._snapshots.pipeline)
            self._store.set_learned("adaptation", stamped.dump())

    def calibration(self) -> Calibration:
        """When this corpus refuses to answer; the shipped one, at first."""
        with self._store.reading():
            return self._snapshots.current().calibration

    def calibrate_to(self, calibration: Calibration | None) -> None:
        """Refuse by *calibration* from now on; None: as shipped.

        Kept with the corpus, in one transaction. See ``qa.evaluation.calibration``.
        """
        if calibration is None:
            self._store.set_learned("calibration", None)
        else:
            stamped = replace(calibration, pipeline=self._snapshots.pipeline)
            self._store.set_learned("calibration", stamped.dump())

    # Questions

    def understand(
        self, question: str, *, without: Collection[str] = (), documents: Collection[str] = ()
    ) -> Question:
        """What *question* asks for, its filters included (docs/questions.md).

        *without*: kinds of filter to leave out, by name ("date"). *documents*: ids
        of those that alone are to be searched. Raises ``BadFilter``.
        """
        with self._store.reading():
            state = self._snapshots.current()
            asked = interpret(
                question,
                outlets=state.outlets,
                called=state.called,
                wrote=state.wrote,
                without=filters.keys(without),
            )
        if not documents or FilterKey.DOCUMENT in filters.keys(without):
            return asked
        titles = dict(zip(state.catalogue.ids, state.catalogue.titles, strict=True))
        chosen = (Filter(FilterKey.DOCUMENT, id, titles.get(id) or id) for id in documents)
        return replace(asked, filters=(*chosen, *asked.filters))

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        without: Collection[str] = (),
        documents: Collection[str] = (),
    ) -> list[Hit]:
        """The *k* best passages for *query*, best first; filters as in ``ask``.

        Raises ``BadFilter``.
        """
        question = self.understand(query, without=without, documents=documents)
        if not question.searchable:
            return []
        (vectors,) = encode_questions(self.embedder, [question.text])
        with self._store.reading():
            ranked = self._searcher.rank(question, vectors, max(k, CANDIDATES))
            return self._searcher.hits(self._searcher.distinct(ranked), k)

    def follow(self, question: str, previous: Sequence[following.Turn]) -> FollowUp | None:
        """*question* written out with what it leaves to *previous*; None if it stands by itself.

        Raises ``BadFilter``.
        """
        if not previous:
            return None
        with self._store.reading():
            state = self._snapshots.current()
        return following.resolve(
            question,
            previous,
            speaks=lambda name: bool(state.speakers().called(name)),
            outlets=state.outlets,
        )

    def ask(
        self,
        question: str,
        *,
        without: Collection[str] = (),
        documents: Collection[str] = (),
        previous: Sequence[following.Turn] = (),
        tell: Callable[[str], None] | None = None,
    ) -> Answer:
        """Answer *question* with verbatim quotes, or abstain and say why.

        The answer's ``understood`` says which filters were found in the
        question; *without* names kinds of them to leave out ("date").
        *documents*, by id, are the only ones searched; they are filters too. *previous*:
        the conversation so far, the oldest first, to which the question may leave
        its subject; the answer's ``followed`` then says how it was read. *tell* is told
        the name of each stage that is over, as in ``timings``.
        Raises ``QuestionTooLong`` and ``BadFilter``.
        """
        if len(question) > MAX_LENGTH:
            raise QuestionTooLong(
                f"the question has {len(question)} characters, more than {MAX_LENGTH}; shorten it"
            )
        clock = composing.Clock(tell)
        question = storable(question)
        followed = self.follow(question, previous)
        whole = followed.resolved if followed else question
        asked = self.understand(whole, without=without, documents=documents)
        if not asked.askable:
            return composing.abstention(asked, Reason.EMPTY_QUESTION, self.coverage(), clock)
        asked = self._sought(asked)
        clock.lap("understand")
        (vectors,) = encode_questions(self.embedder, [asked.text])
        clock.lap("encode")
        excludes = followed is not None and followed.excludes
        seen = [c for turn in previous for c in turn.citations] if excludes else []
        with self._store.reading():
            answer = composing.answer(
                asked,
                vectors,
                self._searcher,
                passages_read=self.passages_read,
                clock=clock,
                seen=seen,
                about=followed.about if followed else None,
            )
        return replace(answer, followed=followed)

    def _sought(self, question: Question) -> Question:
        with self._store.reading():
            return own_words.sought(question, self._snapshots.current())

    def evidence(
        self, question: Question, *, hidden: Callable[[Passage], bool] | None = None
    ) -> Evidence:
        """What there is for *question*, as if the passages *hidden* were not here.

        For measuring: hiding what answers makes a question unanswerable.
        """
        question = self._sought(question)
        (vectors,) = encode_questions(self.embedder, [question.text])
        with self._store.reading():
            found = self._searcher.rank(question, vectors)
            if hidden is not None:
                found = self._searcher.without(found, hidden, vectors, self.passages_read)
            found = self._searcher.distinct(found)
            *_, evidence = gather(found, self._snapshots.current(), vectors, self.passages_read)
            return evidence

    def considered(
        self, question: Question, vectors: QuestionVectors, adapted: Adapted
    ) -> Considered:
        """The candidates for *question*, as if the corpus had learned *adapted*.

        For measuring.
        """
        with self._store.reading():
            return self._searcher.considered(question, vectors, adapted)

    def by_words(
        self, text: str, language: str, target: str, adapted: Adapted, k: int = 10
    ) -> list[Passage]:
        """The passages in the language *target* that hold most of *text*, best first.

        By words alone, and with what *adapted* learned. For measuring.
        """
        with self._store.reading():
            return self._searcher.by_words(text, language, target, adapted, k)
