"""From files to what the store holds: passages, vectors, stems and statements.

Owns when a file is added, replaced or left alone, and when everything is derived
again. How files are read, cut and encoded is known to those that do it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa import ingest
from qa.adding import Added, Stage, Step, Teller, Watch
from qa.errors import Cancelled, IngestError
from qa.index.store import Store, in_steps
from qa.ingest import disk, passages
from qa.language.tokens import stems
from qa.retrieval.late import words_of
from qa.types import Document, Embedder, FileVersion, Segment, Span, Vectors

ENCODED_AT_ONCE = 64  # passages; between them, adding says how far it is and can be cancelled

# Called with how many files are done, how many there are, and the one at hand.
Progress = Callable[[int, int, str], None]

_Copy = tuple[Document, str, FileVersion]


class Indexer:
    """Puts documents into a store, with everything that is derived from them."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder

    def add(self, paths: Sequence[Path], watch: Watch | None = None) -> Added:
        """Add files, folders and zip archives; see ``Corpus.add``."""
        report = Added()
        copies: list[_Copy] = []
        files, others = ingest.discover(paths)
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
        try:
            document, file = ingest.read_version(path)
        except IngestError as error:
            report.failed.append(error)
            return Stage.FAILED, error
        origin = disk.origin(path)
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
        """Derive everything from *document* and store it; see ``Corpus.put``."""
        from qa.answering.statements import find_statements

        cut = passages.segments(document, self._embedder.count_tokens)
        vectors, sentence_vectors, word_vectors = self._encoded(document, cut, tell)
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
            [stems(segment.passage.span.of(document.text), document.language) for segment in cut],
            statements,
            file,
        )

    def _encoded(
        self, document: Document, cut: Sequence[Segment], tell: Teller | None
    ) -> tuple[Vectors, list[npt.NDArray[np.float16]], list[npt.NDArray[np.int8]]]:
        """The vectors of the passages, (passages, dim), of their sentences and their words.

        In the form in which they are stored: of a whole book, float32 would take gigabytes.
        """
        # The title is context for the vector only; it is never quoted.
        title = f"{document.title}\n" if document.title else ""
        shifts = [len(title) - segment.passage.start for segment in cut]
        texts = [title + segment.passage.span.of(document.text) for segment in cut]
        sentences = [
            [Span(span.start + shift, span.end + shift) for span in segment.sentences]
            for segment, shift in zip(cut, shifts, strict=True)
        ]
        vectors = np.zeros((len(texts), self._embedder.dim), np.float32)
        sentence_vectors: list[npt.NDArray[np.float16]] = []
        word_vectors: list[npt.NDArray[np.int8]] = []
        for start in range(0, len(texts), ENCODED_AT_ONCE):
            if tell:
                tell(Stage.ENCODING, start / len(texts))
            some = slice(start, start + ENCODED_AT_ONCE)
            vectors[some], of_sentences, of_words = self._embedder.encode_passages(
                texts[some], sentences[some], [words_of(text) for text in texts[some]]
            )
            sentence_vectors += [rows.astype(np.float16) for rows in of_sentences]
            word_vectors += [in_steps(rows) for rows in of_words]
        return vectors, sentence_vectors, word_vectors

    def bring_up_to_date(self, pipeline: str, progress: Progress | None) -> None:
        """Derive again what was derived in another way than the running program's.

        Everything if the corpus was filled under another *pipeline*, see ``Snapshots``;
        statements alone if only their rules differ.
        """
        if self._store.meta("pipeline") != pipeline:
            # Until every document is done the vectors are of two models: cut off
            # half-way, the corpus fits neither and is indexed again.
            self._store.set_meta("pipeline", "")
            self._for_each(self._put_again, progress)
            self._store.set_meta("statements", passages.STATEMENTS_VERSION)
            self._store.set_meta("pipeline", pipeline)
        elif self._store.meta("statements") != passages.STATEMENTS_VERSION:
            self._for_each(self._find_statements_again, progress)
            self._store.set_meta("statements", passages.STATEMENTS_VERSION)

    def _for_each(self, again: Callable[[Document], None], progress: Progress | None) -> None:
        listed = self._store.documents()
        for done, document in enumerate(listed):
            if progress:
                progress(done, len(listed), document.source)
            again(self._store.document(document.id))
        if progress and listed:
            progress(len(listed), len(listed), "")

    def _put_again(self, document: Document) -> None:
        origin = self._store.origin_of(document.id) or document.source
        self.put(document, origin, self._store.file_of(document.id))

    def _find_statements_again(self, document: Document) -> None:
        from qa.answering.statements import find_statements

        self._store.put_statements(document.id, find_statements(document))
