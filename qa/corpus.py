"""The facade: a corpus of documents that can be added to, searched and asked.

Wires ingest, index, retrieval and answering; owns none of their rules.
"""

from __future__ import annotations

import math
import os
import re
import secrets
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

import embeddings
from qa.adding import Added, Stage, Step, Teller, Watch
from qa.answering import conflicts, filters, following, lacking, texts
from qa.answering.abstention import (
    NAMELESS_THRESHOLD,
    NOTHING_FOUND,
    SHIPPED,
    SILENT_THRESHOLD,
    Calibration,
    Signals,
)
from qa.answering.lacking import Lack
from qa.answering.lists import enumeration
from qa.answering.occasion import asks_occasion, occasion
from qa.answering.polarity import polarity_missing
from qa.answering.question import MAX_LENGTH, Kind, Question, interpret, understand
from qa.answering.reader import (
    CHECKED,
    Candidate,
    Picked,
    choose,
    margin,
    numbers_missing,
    read,
    statement_in,
    without_stray_marks,
)
from qa.answering.short_answers import short_answer
from qa.answering.verification import elsewhere, prove, proven, same
from qa.errors import Cancelled, CorpusError, DocumentNotFound, IngestError, QuestionTooLong
from qa.index.store import Catalogue, Listed, PassageTable, Store, in_steps
from qa.index.vectors import VectorIndex
from qa.language.tokens import fold, stems, tokens
from qa.retrieval import attribution, copies, lexical
from qa.retrieval.adapted import NOTHING, Adapted
from qa.retrieval.late import encode_questions, nearest_words, words_by_part, words_of
from qa.retrieval.presence import Presence
from qa.retrieval.restriction import Mask, is_outlet, outlet_key, restrict
from qa.retrieval.retriever import CANDIDATES, Ranked, rank
from qa.types import (
    Answer,
    Citation,
    Conflict,
    Coverage,
    Document,
    Embedder,
    FileVersion,
    Filter,
    FilterKey,
    FollowUp,
    Hit,
    Match,
    Passage,
    Place,
    Proof,
    QuestionVectors,
    Reason,
    Span,
    Statement,
    Vectors,
)

if TYPE_CHECKING:
    from qa.answering.speakers import Speaker, Speakers

MOST_AHEAD = 5.0  # in the reader's score; further tells no more
FEW = 300  # passages, up to which their number does not tell
NEAREST = 3  # passages shown with an abstention
MOST_CONFLICTS = 3  # contradictions shown with an answer
CANDIDATES_ABOUT = 1_000  # passages of each leg in which a topic is looked for
ENCODED_AT_ONCE = 64  # passages; between them, adding says how far it is and can be cancelled


@dataclass(frozen=True, slots=True)
class Removal:
    """Documents that were set aside, to be brought back or forgotten."""

    name: str
    documents: tuple[Listed, ...]


_Copy = tuple[Document, str, FileVersion]


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


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the documents offer for a question, before deciding whether to answer.

    *candidates*: sentences, best first. *speaker_silent*: nobody of the name
    asked about makes any statement in the corpus; *speaker_absent*: nor does
    the name occur in it; *speaker_speaks*: somebody of the name does; *off_topic*:
    in the document of the best sentence stands no word of what the person's words
    are asked about. *lack*: what else the question names and the corpus does not
    have.
    """

    candidates: list[Candidate]
    signals: Signals
    speaker_silent: bool = False
    speaker_absent: bool = False
    speaker_speaks: bool = False
    off_topic: bool = False
    lack: Lack | None = None

    @property
    def least(self) -> float:
        """The confidence that an answer needs whatever the threshold."""
        if self.speaker_absent:
            return math.inf
        needed = [0.0]
        if self.speaker_silent or self.off_topic:
            needed.append(SILENT_THRESHOLD)
        if self.lack is not None and self.lack.reason is Reason.NAME_MISSING:
            needed.append(NAMELESS_THRESHOLD)
        return max(needed)

    @property
    def reason(self) -> Reason:
        """Why there is no answer, if there is none: what is surest first."""
        if self.speaker_silent:
            return Reason.SPEAKER_SILENT
        if self.lack is not None and self.lack.nowhere:
            return self.lack.reason
        if self.speaker_speaks:
            return Reason.SPEAKER_OFF_TOPIC
        return self.lack.reason if self.lack is not None else Reason.NOTHING_CLOSE


@dataclass(frozen=True, slots=True)
class Considered:
    """The candidates for a question, best first, the passage of each and its language."""

    ranked: Ranked
    passages: list[Passage]
    languages: list[str]


# Called with how many files are done, how many there are, and the one at hand.
Progress = Callable[[int, int, str], None]


class Corpus:
    """A folder with a database and its vectors. Safe to use from several threads."""

    passages_read = 6  # by the reader, of those ranked best

    def __init__(self, path: Path, store: Store, embedder: Embedder) -> None:
        self.path = path
        self.embedder = embedder
        self._store = store
        self._vectors = path / "vectors.faiss"
        self._state: _State | None = None
        self._pipeline = ""
        self._closed = False

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        model: str | None = None,
        embedder: Embedder | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """Open the corpus in the folder *path*, making it if need be.

        *model*: see ``embeddings.load``; by default the model the corpus was
        made with. A corpus filled by another model or another way of cutting
        passages is indexed again first, and *progress* told.
        """
        folder = Path(path).expanduser()
        if folder.exists() and not folder.is_dir():
            raise CorpusError(f"{folder}: not a folder; name a folder for the corpus")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CorpusError(
                f"{folder}: {error.strerror}; choose another folder with --corpus"
            ) from error
        store = Store(folder / "kutip.db")
        try:
            corpus = cls(folder, store, embedder or embeddings.load(model or store.meta("model")))
            corpus._bring_up_to_date(model, progress)
        except BaseException:
            store.close()
            raise
        return corpus

    def close(self) -> None:
        """Save the vectors for the next start and close the database.

        Closing twice does nothing; using a closed corpus is an error.
        """
        if self._closed:
            return
        self._closed = True
        if self._state is not None:
            with self._store.reading():
                state = self._current()
            state.index.save(self._vectors, state.generation)
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
        from qa import ingest

        # Load the vectors as they are now: what is added is then added to them.
        with self._store.reading():
            self._current()
        report = Added()
        copies: list[_Copy] = []
        files, others = ingest.discover([Path(path) for path in paths])
        report.passed_over.extend(map(str, others))
        settled = 0
        for done, path in enumerate(files):
            step = Step(str(path), done + 1, len(files), Stage.READING)
            tell = Teller(watch, step)
            try:
                tell(Stage.READING)
                outcome, problem = self._add_file(path, report, copies, tell)
                settled += 1
                tell(outcome, problem=problem)
            except Cancelled:
                report.left.extend(map(str, files[settled:]))
                break
        # Only now is it known whether the other file still says the same.
        for document, origin, file in copies:
            here = self._store.origin_of(document.id)
            if here is None:
                self._put(document, origin, file, report)
                continue
            # What this file said before, it says no longer.
            if old := self._store.id_of(origin):
                self._store.remove(old)
            report.copies.append((document.source, here))
        return report

    def _add_file(
        self, path: Path, report: Added, copies: list[_Copy], tell: Teller
    ) -> tuple[Stage, IngestError | None]:
        """Add one file; what became of it is noted in *report*, or in *copies* for later."""
        from qa import ingest
        from qa.ingest import disk

        try:
            document, file = ingest.read_version(path)
        except IngestError as error:
            report.failed.append(error)
            return Stage.FAILED, error
        origin = _origin(path)
        here = self._store.origin_of(document.id)
        if here is not None and here != origin and disk.exists(Path(here)):
            copies.append((document, origin, file))
            return Stage.COPY, None
        if here == origin and self._same(document):
            self._note(document.id, file)
            report.unchanged.append(document.source)
            return Stage.UNCHANGED, None
        return self._put(document, origin, file, report, tell), None

    def _note(self, id: str, file: FileVersion) -> None:
        """Other bytes, or another time of change, but the same text as stored."""
        if (known := self._store.file_of(id)) is None or replace(known, added=file.added) != file:
            self._store.set_file(id, file)

    def _put(
        self,
        document: Document,
        origin: str,
        file: FileVersion,
        report: Added,
        tell: Teller | None = None,
    ) -> Stage:
        replaced = self.put(document, origin, file, tell=tell)
        (report.replaced if replaced else report.added).append(document.source)
        return Stage.REPLACED if replaced else Stage.ADDED

    def _same(self, document: Document) -> bool:
        """True if the stored document differs from this one in nothing but its spelt path."""
        return replace(self._store.document(document.id), source=document.source) == document

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
        from qa.answering.statements import find_statements
        from qa.ingest.passages import segments

        cut = segments(document, self.embedder.count_tokens)
        bodies = [segment.passage.span.of(document.text) for segment in cut]
        # The title is context for the vector only; it is never quoted.
        title = f"{document.title}\n" if document.title else ""
        shifts = [len(title) - segment.passage.start for segment in cut]
        texts = [title + body for body in bodies]
        sentences = [
            [Span(span.start + shift, span.end + shift) for span in segment.sentences]
            for segment, shift in zip(cut, shifts, strict=True)
        ]
        vectors = np.zeros((len(texts), self.embedder.dim), np.float32)
        # In the form in which they are stored: of a whole book, float32 would take gigabytes.
        sentence_vectors: list[npt.NDArray[np.float16]] = []
        word_vectors: list[npt.NDArray[np.int8]] = []
        for start in range(0, len(texts), ENCODED_AT_ONCE):
            if tell:
                tell(Stage.ENCODING, start / len(texts))
            some = slice(start, start + ENCODED_AT_ONCE)
            vectors[some], of_sentences, of_words = self.embedder.encode_passages(
                texts[some], sentences[some], [words_of(text) for text in texts[some]]
            )
            sentence_vectors += [rows.astype(np.float16) for rows in of_sentences]
            word_vectors += [in_steps(rows) for rows in of_words]
        statements = find_statements(document)
        if tell:
            tell(Stage.STORING)
        return self._store.put(
            document,
            origin,
            cut,
            vectors,
            sentence_vectors,
            word_vectors,
            [stems(body, document.language) for body in bodies],
            statements,
            file,
        )

    def remove(self, id_or_source: str) -> str:
        """Remove a document by id or path; returns its id.

        Its passages, vectors and statements are gone from every answer at
        once. Raises ``DocumentNotFound``.
        """
        try:
            return self._store.remove(id_or_source)
        except DocumentNotFound:
            if self._store.id_of(_origin(Path(id_or_source))) is None:
                raise
            return self._store.remove(_origin(Path(id_or_source)))

    def below(self, folder: str | Path) -> list[Listed]:
        """The documents from files in *folder*, a zip archive among them, whether or not it
        is there any more."""
        prefix = _origin(Path(folder)) + os.sep
        return [one for one in self.documents() if self._origin_of(one).startswith(prefix)]

    def gone(self, *folders: str | Path) -> list[Listed]:
        """The documents whose file was deleted or moved away.

        *folders*: only those from files in these, which must be there. Without,
        the folder that the file was in must be: it may be on a disk that is not at hand.
        """
        from qa.ingest import disk

        below = {
            one.id for folder in folders if os.path.exists(folder) for one in self.below(folder)
        }
        lost = []
        for one in self.documents():
            path = _path(self._origin_of(one))
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
        filter ``outlet:``.
        """
        with self._store.reading():
            found = self._store.statements()
            if speaker is not None:
                called = self._current().speakers().called(speaker)
                theirs = {statement for one in called for statement in one.statements}
                found = [statement for statement in found if statement in theirs]
            if since is not None or until is not None:
                day = self._published()
                found = [s for s in found if _within(day[s.document_id], since, until)]
            if outlet is not None:
                listed = self._store.documents()
                theirs_only = {d.id for d in listed if d.outlet and is_outlet(outlet, d.outlet)}
                found = [s for s in found if s.document_id in theirs_only]
            return found if about is None else self._about(found, about)

    def outlets(self) -> list[str]:
        """Every outlet once, however its name is written, in the order of the alphabet."""
        with self._store.reading():
            return sorted(self._current().outlets.values(), key=str.casefold)

    def speakers(self, statements: Sequence[Statement] | None = None) -> list[Speaker]:
        """Who says *statements* (default: all there are), most often first, under one name each."""
        from qa.answering.speakers import fold_speakers

        with self._store.reading():
            if statements is None:
                return list(self._current().speakers().everybody)
            return fold_speakers(statements, self._published())

    def _everybody(self) -> Speakers:
        from qa.answering.speakers import Speakers, fold_speakers

        return Speakers(fold_speakers(self._store.statements(), self._published()))

    def _published(self) -> dict[str, date | None]:
        return {listed.id: listed.published for listed in self._store.documents()}

    def _about(self, statements: list[Statement], topic: str) -> list[Statement]:
        """Those of *statements* that are about *topic*, best first."""
        from qa.answering import topics

        question = understand(topic)  # a topic holds no filters
        if not _askable(question) or not statements:
            return []
        (vectors,) = encode_questions(self.embedder, [question.text])
        found = self._rank(question, vectors, CANDIDATES_ABOUT)
        numbers = found.ranked.numbers.tolist()
        segments = self._store.segments(numbers)
        document = lru_cache(maxsize=64)(self._store.document)
        scores = topics.scores(
            statements,
            [
                topics.Stretch(
                    segment.passage.document_id,
                    document(segment.passage.document_id).title,
                    document(segment.passage.document_id).text,
                    document(segment.passage.document_id).language,
                    segment.sentences,
                    rows,
                )
                for segment, rows in zip(
                    segments,
                    self._store.sentence_vectors(numbers, self.embedder.dim),
                    strict=True,
                )
            ],
            words=found.words,
            idf=found.ranked.idf,
            vector=vectors.whole,
        )
        kept = [statement for statement in statements if statement in scores]
        kept = [s for s in kept if scores[s] >= topics.weights_for(found.words).least]
        return sorted(kept, key=lambda s: -scores[s])

    def coverage(self) -> Coverage:
        """How much there is to search."""
        return self._store.coverage()

    def check(self) -> list[str]:
        """What is wrong with the corpus; nothing, normally."""
        problems = self._store.check()
        for listed in self._store.documents():
            document = self._store.document(listed.id)
            for statement in self._store.statements(listed.id):
                if statement.span.end > len(document.text):
                    problems.append(f"{listed.source}: a statement lies outside its text")
            problems += self._check_file(document)
        with self._store.reading():
            state = self._current()
        if len(state.index) != len(state.table.numbers):
            problems.append("the vector index and the database differ in size")
        text = self._store.meta("adaptation")
        if text is not None and Adapted.load(text).pipeline != self._pipeline:
            problems.append(
                "what kutip adapt learned was measured with another model and is not used; "
                "run it again, or forget it with kutip adapt --reset"
            )
        text = self._store.meta("calibration")
        if text is not None and Calibration.load(text).pipeline != self._pipeline:
            problems.append(
                "the refusal was calibrated with another model or version of kutip and is as "
                "shipped; calibrate again, or forget it with kutip eval --calibrate --reset"
            )
        return problems

    def _check_file(self, document: Document) -> list[str]:
        """What is wrong with the file that *document* was read from; it is hashed."""
        from qa import ingest
        from qa.ingest import disk

        file = self._store.file_of(document.id)
        path = _path(self._store.origin_of(document.id) or document.source)
        if file is None or same(path, file, thorough=True):
            return []  # with no version noted, there is nothing to hold the file against
        if not disk.exists(path):
            return [
                f"{document.source}: the file is gone; put it back, or kutip remove {document.id}"
            ]
        try:
            says_the_same = ingest.read(path).text == document.text
        except IngestError as error:
            return [f"{error.path}: {error.problem}; {error.remedy}, and add it again"]
        if says_the_same:
            return []
        day = texts.day(file.added.astimezone().date(), "en")
        return [f"{document.source}: the file has changed since {day}; add it again"]

    def edition(self) -> Edition:
        """What tells this state of the corpus, and this way of answering, from any other."""
        from qa.ingest.passages import SEGMENTATION_VERSION

        return Edition(
            generation=self._store.generation(),
            model=self.embedder.name,
            model_version=self.embedder.version,
            segmentation=str(SEGMENTATION_VERSION),
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
        path = next((_path(origin) for origin in origins if origin), Path(place.source))
        return prove(quote, place, document, path, version, thorough=thorough)

    # What the corpus has learned

    def adapted(self) -> Adapted:
        """What was learned about this corpus and is in use; nothing, at first."""
        with self._store.reading():
            return self._current().adapted

    def adapt_to(self, adapted: Adapted | None) -> None:
        """Rank by *adapted* from now on; None: as shipped, exactly as before any adaptation.

        Kept with the corpus, in one transaction. See ``qa.adaptation``.
        """
        if adapted is None:
            self._store.set_learned("adaptation", None)
        else:
            stamped = replace(adapted, pipeline=self._pipeline)
            self._store.set_learned("adaptation", stamped.dump())

    def calibration(self) -> Calibration:
        """When this corpus refuses to answer; the shipped one, at first."""
        with self._store.reading():
            return self._current().calibration

    def calibrate_to(self, calibration: Calibration | None) -> None:
        """Refuse by *calibration* from now on; None: as shipped.

        Kept with the corpus, in one transaction. See ``qa.evaluation.calibration``.
        """
        if calibration is None:
            self._store.set_learned("calibration", None)
        else:
            stamped = replace(calibration, pipeline=self._pipeline)
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
            state = self._current()
            asked = interpret(
                question,
                outlets=state.outlets,
                called=lambda name: [one.name for one in state.speakers().called(name)],
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
        if not _askable(question):
            return []
        (vectors,) = encode_questions(self.embedder, [question.text])
        with self._store.reading():
            return self._hits(self._distinct(self._rank(question, vectors, max(k, CANDIDATES))), k)

    def follow(self, question: str, previous: Sequence[following.Turn]) -> FollowUp | None:
        """*question* written out with what it leaves to *previous*; None if it stands by itself.

        Raises ``BadFilter``.
        """
        if not previous:
            return None
        with self._store.reading():
            state = self._current()
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
    ) -> Answer:
        """Answer *question* with verbatim quotes, or abstain and say why.

        The answer's ``understood`` says which filters were found in the
        question; *without* names kinds of them to leave out ("date").
        *documents*, by id, are the only ones searched; they are filters too. *previous*:
        the conversation so far, the oldest first, to which the question may leave
        its subject; the answer's ``followed`` then says how it was read.
        Raises ``QuestionTooLong`` and ``BadFilter``.
        """
        if len(question) > MAX_LENGTH:
            raise QuestionTooLong(
                f"the question has {len(question)} characters, more than {MAX_LENGTH}; shorten it"
            )
        clock = _Clock()
        followed = self.follow(question, previous)
        whole = followed.resolved if followed else question
        asked = self.understand(whole, without=without, documents=documents)
        if not _askable(asked):
            return _abstention(asked, Reason.EMPTY_QUESTION, self.coverage(), clock)
        clock.lap("understand")
        (vectors,) = encode_questions(self.embedder, [asked.text])
        clock.lap("encode")
        excludes = followed is not None and followed.excludes
        seen = [c for turn in previous for c in turn.citations] if excludes else []
        with self._store.reading():
            return replace(self._answer(asked, vectors, clock, seen), followed=followed)

    def _answer(
        self,
        asked: Question,
        vectors: QuestionVectors,
        clock: _Clock,
        seen: Sequence[Citation] = (),
    ) -> Answer:
        """*seen*: quotes that are not wanted again."""
        everything = self._current().coverage
        if not everything.passages:
            return _abstention(asked, Reason.EMPTY_CORPUS, everything, clock)
        found = self._distinct(self._rank(asked, vectors))
        clock.lap("retrieve")
        asked, coverage = found.question, found.coverage
        if not coverage.passages:
            return self._nothing_left(asked, vectors, coverage, clock)
        evidence = self._read(asked, found, vectors, seen)
        nearest = tuple(self._hits(found, NEAREST))
        clock.lap("read")
        calibration = self._current().calibration
        certainty = calibration.confidence(evidence.signals)
        if certainty < max(evidence.least, calibration.threshold):
            if evidence.reason is Reason.SPEAKER_OFF_TOPIC:
                nearest = tuple(self._hits(self._spoken(found), NEAREST))
            return _abstention(
                asked, evidence.reason, coverage, clock, nearest, certainty, lack=evidence.lack
            )
        picked = self._with_lists([c.picked for c in choose(evidence.candidates)], asked)
        picked = self._with_occasion(picked, asked)
        differing = self._differing(picked, evidence.candidates)
        picked += dict.fromkeys(other for _, other, _ in differing if other not in picked)
        cited = self._cite(picked, asked, found, vectors)
        citations = list(cited.values())
        clock.lap("cite")
        if not citations:
            return _abstention(asked, Reason.NOTHING_CLOSE, coverage, clock, nearest, certainty)
        return Answer(
            question=asked.written,
            language=asked.language,
            text=texts.quotes(citations),
            citations=tuple(citations),
            confidence=round(certainty, 4),
            abstained=False,
            reason=None,
            coverage=coverage,
            nearest=nearest,
            timings=clock.laps,
            understood=asked.filters,
            conflicts=tuple(
                Conflict(
                    cited[one].n,
                    cited[other].n,
                    how.difference,
                    _within_quote(how.here, one, cited[one]),
                    _within_quote(how.there, other, cited[other]),
                )
                for one, other, how in differing
                if one in cited and other in cited
            ),
        )

    def _spoken(self, found: _Found) -> _Found:
        """*found* with those passages alone in which the person asked about speaks, if any."""
        names = self._current().names_of(found.question.speaker or "")
        theirs = np.isin(found.ranked.numbers, self._store.passages_spoken(names))
        return replace(found, ranked=found.ranked.where(theirs)) if theirs.any() else found

    def _nothing_left(
        self, asked: Question, vectors: QuestionVectors, coverage: Coverage, clock: _Clock
    ) -> Answer:
        """The abstention where no passage passes the filters."""
        others = filters.left(asked.filters, {FilterKey.SPEAKER})
        if asked.speaker is not None and len(others) < len(asked.filters):
            # Do they leave anything without the speaker? Then it is he who is silent.
            found = self._distinct(self._rank(replace(asked, filters=others), vectors))
            if found.coverage.passages:
                nearest = tuple(self._hits(found, NEAREST))
                return _abstention(asked, Reason.SPEAKER_SILENT, found.coverage, clock, nearest)
        everything = self._current().coverage.documents
        return _abstention(asked, Reason.FILTERED_OUT, coverage, clock, documents=everything)

    def evidence(
        self, question: Question, *, hidden: Callable[[Passage], bool] | None = None
    ) -> Evidence:
        """What there is for *question*, as if the passages *hidden* were not here.

        For measuring: hiding what answers makes a question unanswerable.
        """
        (vectors,) = encode_questions(self.embedder, [question.text])
        with self._store.reading():
            found = self._rank(question, vectors)
            if hidden is not None:
                found = self._without(hidden, question, vectors, found)
            return self._read(found.question, self._distinct(found), vectors)

    def _without(
        self,
        hidden: Callable[[Passage], bool],
        question: Question,
        vectors: QuestionVectors,
        found: _Found,
    ) -> _Found:
        """*found* as if the passages *hidden* were not candidates."""
        state = self._current()
        candidates = CANDIDATES
        while True:
            segments = self._store.segments(found.ranked.numbers.tolist())
            keep = np.array([not hidden(segment.passage) for segment in segments], bool)
            if keep.sum() >= self.passages_read or candidates >= len(state.table.numbers):
                break
            # A long document can fill the candidates by itself.
            candidates *= 10
            found = self._rank(question, vectors, candidates)
        rest = found.ranked.where(keep)
        out = found.ranked.numbers[~keep]
        # Fused scores are relative to the candidates, so the hidden ones must not count.
        return replace(found, ranked=rest.weighed(rest.dense_weight), hidden=out)

    def considered(
        self, question: Question, vectors: QuestionVectors, adapted: Adapted
    ) -> Considered:
        """The candidates for *question*, as if the corpus had learned *adapted*.

        For measuring.
        """
        with self._store.reading():
            ranked = self._rank(question, vectors, adapted=adapted).ranked
            segments = self._store.segments(ranked.numbers.tolist())
            return Considered(
                ranked,
                [segment.passage for segment in segments],
                self._current().languages_of(ranked.numbers),
            )

    def by_words(
        self, text: str, language: str, target: str, adapted: Adapted, k: int = 10
    ) -> list[Passage]:
        """The passages in the language *target* that hold most of *text*, best first.

        By words alone, and with what *adapted* learned. For measuring.
        """
        with self._store.reading():
            state = self._current()
            words = lexical.query_words(text, language, (target,), extra=adapted.translations)
            scores = lexical.score(words, state.table, state.postings).scores
            best = np.argsort(-scores, kind="stable")[:k]
            numbers = state.table.numbers[best[scores[best] > 0]]
            return [segment.passage for segment in self._store.segments(numbers.tolist())]

    def _rank(
        self,
        question: Question,
        vectors: QuestionVectors,
        candidates: int = CANDIDATES,
        *,
        adapted: Adapted | None = None,
    ) -> _Found:
        state = self._current()
        learned = state.adapted if adapted is None else adapted
        keep, coverage = None, state.coverage
        if any(one.restricts for one in question.filters):
            left = restrict(
                question.filters,
                table=state.table,
                catalogue=state.catalogue,
                called=state.names_of,
                postings=state.postings,
                store=self._store,
            )
            question = replace(question, filters=left.filters)
            keep, coverage = left.keep, left.coverage
        words = lexical.query_words(
            question.text, question.language, state.table.names, extra=learned.translations
        )
        ranked = rank(
            words,
            vectors,
            table=state.table,
            index=state.index,
            postings=state.postings,
            sentence_vectors=lambda numbers: self._store.sentence_vectors(
                numbers, self.embedder.dim
            ),
            word_vectors=lambda numbers: self._store.word_vectors(numbers, self.embedder.word_dim),
            language=question.language,
            weights=learned.weights,
            candidates=candidates,
            keep=keep,
        )
        return _Found(question, ranked, words, coverage, keep)

    def _distinct(self, found: _Found) -> _Found:
        """*found* without the passages that only repeat better ones, fused as if never there.

        So copies spoil neither the ranking nor the signals of a refusal. The one
        ranked best stands for all: dates have no hours and are often unknown.
        """
        numbers = found.ranked.numbers.tolist()
        homes = copies.repeated(self._store.terms(numbers))
        held: dict[int, list[int]] = {}
        for number, home in zip(numbers, homes, strict=True):
            if home is not None:
                held.setdefault(numbers[home], []).append(number)
        if not held:
            return found
        ranked = found.ranked.where(np.array([home is None for home in homes], bool))
        return replace(found, ranked=ranked.weighed(ranked.dense_weight), copies=held)

    def _hits(self, found: _Found, k: int) -> list[Hit]:
        ranked = found.ranked
        numbers = ranked.numbers[:k].tolist()
        return [
            Hit(segment.passage, float(score), place, self._also(segment.passage, number, found))
            for place, (segment, number, score) in enumerate(
                zip(self._store.segments(numbers), numbers, ranked.fused, strict=False), start=1
            )
        ]

    def _also(self, passage: Passage, number: int, found: _Found) -> tuple[Passage, ...]:
        """The passages of other documents that repeat *passage*."""
        passages = (s.passage for s in self._store.segments(found.copies.get(number, [])))
        return tuple(p for p in passages if p.document_id != passage.document_id)

    def _read(
        self,
        question: Question,
        found: _Found,
        vectors: QuestionVectors,
        seen: Sequence[Citation] = (),
    ) -> Evidence:
        ranked = found.ranked
        numbers = ranked.numbers[: self.passages_read].tolist()
        cut = self._store.segments(numbers)
        documents = {s.passage.document_id: None for s in cut}
        whole = {id: self._store.document(id) for id in documents}
        said = {id: self._store.statements(id) for id in documents}
        only = [
            one.value for one in question.filters if one.key is FilterKey.SPEAKER and one.restricts
        ]
        if only:
            theirs = {name for one in only for name in self._current().names_of(one)}
            said = {id: [s for s in made if s.speaker in theirs] for id, made in said.items()}
        of = [whole[s.passage.document_id] for s in cut]
        sentence_vectors = self._store.sentence_vectors(numbers, self.embedder.dim)
        late = [
            nearest_words(
                vectors.words,
                words_by_part(
                    rows,
                    segment.passage.span.of(document.text),
                    [
                        Span(span.start - segment.passage.start, span.end - segment.passage.start)
                        for span in segment.sentences
                    ],
                ),
            )
            for rows, segment, document in zip(
                self._store.word_vectors(numbers, self.embedder.word_dim), cut, of, strict=True
            )
        ]
        similarities = [rows @ vectors.whole for rows in sentence_vectors]
        worth = np.linalg.norm(vectors.words, axis=1)
        worth /= max(1e-6, float(worth.sum()))
        if not vectors.words.size:  # a model without vectors of words: the sentences' instead
            late, worth = [row[None, :] for row in similarities], np.ones(1, np.float32)
        candidates = read(
            question,
            passages=[s.passage for s in cut],
            passage_scores=ranked.fused[: len(cut)].tolist(),
            sentences=[s.sentences for s in cut],
            texts=[document.text for document in of],
            languages=[document.language for document in of],
            similarities=similarities,
            late=late,
            worth=worth,
            words=found.words,
            weights=ranked.idf,
            statements=[said[s.passage.document_id] for s in cut],
        )
        if only:
            candidates = [candidate for candidate in candidates if candidate.statement]
        candidates = following.unseen(candidates, seen)
        if not candidates:
            return Evidence([], NOTHING_FOUND)
        best = candidates[0]
        place = next(i for i, s in enumerate(cut) if s.passage == best.passage)
        state = self._current()
        home = state.table.documents[state.table.rows(ranked.numbers[place : place + 1])][0]
        there = self._presence(found)
        asked = question.speaker
        theirs = set(state.names_of(asked)) if asked is not None else set()
        # Where they speak they need not be named as in the question: "Jokowi".
        own = (
            asked.split()
            if asked and any(s.speaker in theirs for s in said[best.passage.document_id])
            else []
        )
        names = [
            word
            for word in found.words
            if fold(word.text) in question.names and word.text not in own
        ]
        missing = sum(not np.any(state.table.documents[there.rows(name)] == home) for name in names)
        # An article of 2019 need not say that what it tells happened in 2019.
        day = of[place].published
        dated = f" {day.year}" if day else ""
        rest = ranked.fused[1:] if len(ranked.fused) > 1 else np.zeros(1)
        figures = lacking.numbers_missing(question.text, there, state.years())
        searched = len(state.table.numbers) if found.keep is None else int(found.keep.sum())
        signals = Signals(
            passage_similarity=float(ranked.dense[: len(cut)].max()),
            sentence_similarity=best.features.similarity,
            passage_coverage=float(ranked.coverage[place]),
            sentence_coverage=best.features.coverage,
            names_missing=missing / len(names) if names else 0.0,
            kind_missing=float(question.kind in CHECKED and not best.features.kind),
            number_missing=numbers_missing(question.text, best.text + dated),
            figure_missing=float(bool(figures)),
            polarity_missing=polarity_missing(
                question.text, question.language, best.text, of[place].language
            ),
            lead=float(ranked.fused[0] - rest.mean()) / 10,
            margin=min(MOST_AHEAD, margin(candidates)) / 10,
            fewness=1 - math.log10(max(1, searched / FEW)) / 2,
        )
        speaks = asked is not None and self._speaks(asked, found.keep)
        silent = (
            asked is not None
            and not speaks
            and not any(candidate.features.spoken for candidate in candidates)
        )
        words = [w for w in found.words if w.text in (asked or "").split()]
        absent = silent and bool(words) and not any(len(there.rows(w)) for w in words)
        topic = lacking.topic_words(question, there)
        off_topic = bool(topic) and not any(
            np.any(state.table.documents[there.alike(word)] == home) for word in topic
        )
        read_texts = [s.passage.span.of(d.text) for s, d in zip(cut, of, strict=True)]
        named = lacking.names_missing(question, found.words, there, read_texts)
        lack = _lack(question, named, figures, candidates)
        return Evidence(candidates, signals, silent, absent, speaks, off_topic, lack)

    def _presence(self, found: _Found) -> Presence:
        state = self._current()
        within = found.keep
        if len(found.hidden):
            within = np.ones(len(state.table.numbers), bool) if within is None else within.copy()
            within[state.table.rows(found.hidden)] = False
        return Presence(
            state.table,
            state.postings,
            within,
            found.question.language,
            state.adapted.translations,
            state.vocabulary,
            state.titles,
        )

    def _titles(self) -> frozenset[str]:
        """The folded words of all titles and outlets."""
        named = (part for one in self._store.documents() for part in (one.title, one.outlet or ""))
        return frozenset(fold(token.text) for name in named for token in tokens(name))

    def _years(self) -> frozenset[int]:
        """The years in which documents were published."""
        days = {day for day in self._current().catalogue.published.tolist() if day}
        return frozenset(date.fromordinal(day).year for day in days)

    def _speaks(self, name: str, keep: Mask | None) -> bool:
        """Whether the person makes any statement in the passages of *keep* (None: in any)."""
        state = self._current()
        names = state.names_of(name)
        if keep is None:
            return bool(names)
        return bool(np.isin(state.table.numbers[keep], self._store.passages_spoken(names)).any())

    def _with_lists(self, picked: list[Picked], question: Question) -> list[Picked]:
        """*picked*, and where several things are asked for, the whole list that they are from.

        Its sentences come in the order of the document, whether they were read or not;
        limited to what one person says, nothing is added.
        """
        limited = any(one.key is FilterKey.SPEAKER and one.restricts for one in question.filters)
        if not question.several or not picked or limited:
            return picked
        home = picked[0].document_id
        document = self._store.document(home)
        spans = self._sentences(home)
        anchors = [spans.index(one.span) for one in picked if one.document_id == home]
        places = enumeration(document.text, spans, anchors)
        if not places:
            return picked
        said = self._store.statements(home)
        items = [
            Picked(home, spans[place], statement_in(spans[place], said, question.speaker))
            for place in places
        ]
        return items + [one for one in picked if one.document_id != home]

    def _with_occasion(self, picked: list[Picked], question: Question) -> list[Picked]:
        """*picked*, led by what tells when or where it was said, where that is asked.

        Limited to what one person says, or to exact words, nothing is added.
        """
        limits = {FilterKey.SPEAKER, FilterKey.EXACT}
        limited = any(one.key in limits and one.restricts for one in question.filters)
        if not picked or limited or not asks_occasion(question):
            return picked
        uttered = next((one for one in picked if one.statement is not None), picked[0])
        home, spans = uttered.document_id, self._sentences(uttered.document_id)
        said = self._store.statements(home)
        anchor = spans.index(uttered.span)
        place = occasion(self._store.document(home).text, spans, anchor, said, question.kind)
        if place is None:
            return picked
        told = Picked(home, spans[place], statement_in(spans[place], said, question.speaker))
        return list(dict.fromkeys([told, *picked]))

    def _sentences(self, document: str) -> list[Span]:
        """Those of all passages of a document, in order."""
        numbers = self._store.numbers(document).tolist()
        return sorted({span for one in self._store.segments(numbers) for span in one.sentences})

    def _differing(
        self, picked: Sequence[Picked], candidates: Sequence[Candidate]
    ) -> list[tuple[Picked, Picked, conflicts.Disagreement]]:
        """What contradicts one of *picked* among the sentences read of other documents."""
        language = {
            id: self._store.document(id).language
            for id in {one.document_id for one in (*picked, *(c.picked for c in candidates))}
        }
        read = [
            (c.picked, conflicts.Sentence(c.text, language[c.passage.document_id]))
            for c in candidates
        ]
        mine = [
            (
                one,
                conflicts.Sentence(
                    one.span.of(self._store.document(one.document_id).text),
                    language[one.document_id],
                ),
            )
            for one in picked
        ]
        found = []
        for place, (one, sentence) in enumerate(mine):
            before = {other for other, _ in mine[:place]}
            for other, another in read:
                if other.document_id == one.document_id or other in before:
                    continue
                if how := conflicts.disagreement(sentence, another):
                    found.append((one, other, how))
        return found[:MOST_CONFLICTS]

    def _cite(
        self,
        picked: Sequence[Picked],
        question: Question,
        found: _Found,
        vectors: QuestionVectors,
    ) -> dict[Picked, Citation]:
        """Citations of the sentences *picked* that are proven against the stored text.

        Where else a quote stands is looked up in every document read and in those
        whose passages repeat the ones read.
        """
        citations: dict[Picked, Citation] = {}
        read = found.ranked.numbers[: self.passages_read].tolist()
        read += [copy for number in read for copy in found.copies.get(number, [])]
        ids = dict.fromkeys(s.passage.document_id for s in self._store.segments(read))
        others = [self._store.document(id) for id in ids]
        matched = self._matched(picked, found, vectors)
        for one in picked:
            document = self._store.document(one.document_id)
            span = without_stray_marks(one.span, document.text)
            quote = span.of(document.text)
            short = short_answer(question, quote, document.language, found.words)
            citation = Citation(
                n=len(citations) + 1,
                document_id=document.id,
                title=document.title,
                source=document.source,
                outlet=document.outlet,
                published=document.published,
                start=span.start,
                end=span.end,
                quote=quote,
                speaker=one.statement.speaker if one.statement else None,
                page=document.page_of(span.start),
                also=elsewhere(quote, [other for other in others if other.id != document.id]),
                short=Span(span.start + short.start, span.start + short.end) if short else None,
                matched=matched.get(one, ()),
            )
            if proven(citation, document):
                citations[one] = citation
        return citations

    def _matched(
        self, picked: Sequence[Picked], found: _Found, vectors: QuestionVectors
    ) -> dict[Picked, tuple[Match, ...]]:
        """The words that match words of the question, in the passage that each was read in."""
        numbers = found.ranked.numbers[: self.passages_read].tolist()
        cut = self._store.segments(numbers)
        rows = self._store.word_vectors(numbers, self.embedder.word_dim)
        matched: dict[Picked, tuple[Match, ...]] = {}
        for segment, words in zip(cut, rows, strict=True):
            passage = segment.passage
            mine = [
                one
                for one in picked
                if one not in matched
                and one.document_id == passage.document_id
                and one.span.overlaps(passage.span)
            ]
            if mine:
                document = self._store.document(passage.document_id)
                lit = attribution.matches(
                    found.question.text,
                    found.question.language,
                    vectors.words,
                    passage.span.of(document.text),
                    document.language,
                    words,
                    offset=passage.start,
                    extra=self._current().adapted.translations,
                )
                matched |= dict.fromkeys(mine, lit)
        return matched

    # State

    def _current(self) -> _State:
        """What ranking needs, as of the view that ``Store.reading`` holds."""
        generation = self._store.generation()
        if self._store.meta("pipeline") != self._pipeline:
            raise CorpusError(
                f"{self.path}: another process has indexed it with another model; open it again"
            )
        if self._state is None or self._state.generation != generation:
            if self._state is None:
                index = VectorIndex.open(self._vectors, self._store, self.embedder.dim)
            else:
                index = self._state.index
                index.update(self._store)
            catalogue = self._store.catalogue()
            self._state = _State(
                generation,
                self._store.passage_table(),
                index,
                lru_cache(maxsize=20_000)(self._store.postings),
                lru_cache(maxsize=1)(self._everybody),
                self._store.coverage(),
                self._adaptation(),
                catalogue,
                {outlet_key(name): name for name in catalogue.outlets if name},
                self._calibration(),
                lru_cache(maxsize=64)(self._store.vocabulary),
                lru_cache(maxsize=1)(self._titles),
                lru_cache(maxsize=1)(self._years),
            )
        return self._state

    def _adaptation(self) -> Adapted:
        text = self._store.meta("adaptation")
        if text is None:
            return NOTHING
        adapted = Adapted.load(text)
        # Under another model it was not measured; ``check`` says so.
        return adapted if adapted.pipeline == self._pipeline else NOTHING

    def _calibration(self) -> Calibration:
        text = self._store.meta("calibration")
        if text is None:
            return SHIPPED
        calibration = Calibration.load(text)
        return calibration if calibration.pipeline == self._pipeline else SHIPPED

    def _bring_up_to_date(self, model: str | None, progress: Progress | None) -> None:
        """Index every document again if the model or the segmentation changed."""
        from qa.ingest.passages import SEGMENTATION_VERSION, STATEMENTS_VERSION

        self._pipeline = f"{self.embedder.name} {self.embedder.version} {SEGMENTATION_VERSION}"
        if model and Path(model).expanduser().is_dir():
            model = str(Path(model).expanduser().resolve())  # found from any working directory
        if model and model != self._store.meta("model"):
            self._store.set_meta("model", model)
        if self._store.meta("pipeline") == self._pipeline:
            self._find_statements_again(STATEMENTS_VERSION, progress)
            return
        # Until every document is done the vectors are of two models: cut off
        # half-way, the corpus fits neither and is indexed again.
        self._store.set_meta("pipeline", "")
        listed = self._store.documents()
        for done, document in enumerate(listed):
            if progress:
                progress(done, len(listed), document.source)
            origin = self._store.origin_of(document.id) or document.source
            self.put(self._store.document(document.id), origin, self._store.file_of(document.id))
        if progress and listed:
            progress(len(listed), len(listed), "")
        self._store.set_meta("statements", STATEMENTS_VERSION)
        self._store.set_meta("pipeline", self._pipeline)

    def _find_statements_again(self, version: str, progress: Progress | None) -> None:
        """Read every document again for who said what, if that is found in another way now."""
        if self._store.meta("statements") == version:
            return
        from qa.answering.statements import find_statements

        listed = self._store.documents()
        for done, document in enumerate(listed):
            if progress:
                progress(done, len(listed), document.source)
            found = find_statements(self._store.document(document.id))
            self._store.put_statements(document.id, found)
        if progress and listed:
            progress(len(listed), len(listed), "")
        self._store.set_meta("statements", version)


@dataclass(frozen=True, slots=True)
class _Found:
    """Ranked passages.

    *question*: with the filters as they were applied; *coverage*: of what they
    leave; *copies*: by passage number, those that only repeat it; *hidden*: passage
    numbers, see ``evidence``.
    """

    question: Question
    ranked: Ranked
    words: list[lexical.QueryWord]
    coverage: Coverage
    keep: Mask | None
    copies: Mapping[int, Sequence[int]] = field(default_factory=dict)
    hidden: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True)
class _State:
    generation: str
    table: PassageTable
    index: VectorIndex
    postings: lexical.Postings
    speakers: Callable[[], Speakers]  # found out when first asked for
    coverage: Coverage
    adapted: Adapted
    catalogue: Catalogue
    outlets: dict[str, str]
    calibration: Calibration
    vocabulary: Callable[[str], Sequence[str]]
    titles: Callable[[], frozenset[str]]
    years: Callable[[], frozenset[int]]

    def names_of(self, name: str) -> list[str]:
        """Every name under which those called *name* make statements."""
        return [form for one in self.speakers().called(name) for form in one.forms]

    def languages_of(self, numbers: npt.NDArray[np.int64]) -> list[str]:
        """The language of each of these passages."""
        return [self.table.names[i] for i in self.table.languages[self.table.rows(numbers)]]


class _Clock:
    """Milliseconds per stage."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self.laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round((now - self._last) * 1000, 2)
        self.laps["total"] = round((now - self._start) * 1000, 2)
        self._last = now


def _within_quote(span: Span, picked: Picked, citation: Citation) -> Span:
    """*span* of the sentence *picked* as offsets in the document, kept within the quote."""
    start, end = picked.span.start + span.start, picked.span.start + span.end
    return Span(max(start, citation.start), min(end, citation.end))


def _origin(path: Path) -> str:
    """The absolute path as text; a file name need not be UTF-8, the database's text must."""
    return str(path.resolve()).encode("utf-8", "backslashreplace").decode()


def _within(day: date | None, since: date | None, until: date | None) -> bool:
    return day is not None and (since is None or day >= since) and (until is None or day <= until)


def _path(origin: str) -> Path:
    """The path of which ``_origin`` made *origin*."""
    if os.path.exists(origin):
        return Path(origin)
    return Path(re.sub(r"\\udc([89a-f][0-9a-f])", lambda x: chr(0xDC00 + int(x[1], 16)), origin))


def _askable(question: Question) -> bool:
    return any(map(str.isalnum, question.text))


def _lack(
    question: Question,
    named: tuple[str, ...],
    figures: tuple[str, ...],
    candidates: Sequence[Candidate],
) -> Lack | None:
    """What *question* names that is nowhere, or wants told and what comes nearest lacks."""
    if named:
        return Lack(Reason.NAME_MISSING, named)
    if figures:
        return Lack(Reason.NUMBER_MISSING, figures)
    if question.kind in (Kind.NUMBER, Kind.DATE) and not any(
        candidate.features.kind for candidate in candidates
    ):
        return Lack(Reason.NUMBER_MISSING, nowhere=False, kind=question.kind)
    return None


def _abstention(
    question: Question,
    reason: Reason,
    coverage: Coverage,
    clock: _Clock,
    nearest: tuple[Hit, ...] = (),
    certainty: float = 0.0,
    documents: int | None = None,
    lack: Lack | None = None,
) -> Answer:
    searched = coverage.documents if documents is None else documents
    return Answer(
        question=question.written,
        language=question.language,
        text=texts.abstention(
            reason, question.language, question.speaker, searched, question.filters, lack
        ),
        citations=(),
        confidence=round(certainty, 4),
        abstained=True,
        reason=reason,
        coverage=coverage,
        nearest=nearest,
        timings=clock.laps,
        understood=question.filters,
    )
