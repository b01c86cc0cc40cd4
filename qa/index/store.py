"""The corpus on disk: one SQLite database, the only truth.

Everything about a document - text, passages, vectors, terms, statements -
comes and goes in one transaction. Knows SQL; knows nothing about models,
ranking or files. Safe to use from several threads; several processes may read
while one writes.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from qa.errors import (
    CorpusBusy,
    CorpusDamaged,
    CorpusError,
    CorpusReadOnly,
    DocumentNotFound,
)
from qa.index.schema import MIGRATIONS, migrate
from qa.types import (
    Coverage,
    Document,
    FileVersion,
    Passage,
    Segment,
    Span,
    Statement,
    Vectors,
)

WAIT_FOR_WRITER = 30.0  # seconds
# Numbers in a word's unit vector are kept in 8 bits, in steps of 1/127.
WORD_STEPS = 127

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list of documents."""

    id: str
    source: str
    title: str
    outlet: str | None
    published: date | None
    language: str
    passages: int


@dataclass(frozen=True, slots=True)
class PassageTable:
    """What ranking needs of every passage, as arrays in the order of *numbers*.

    *numbers* rise; *lengths* count terms; *languages* index into *names*;
    *documents* tells which passages belong together.
    """

    numbers: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int32]
    languages: npt.NDArray[np.int16]
    names: tuple[str, ...]
    documents: npt.NDArray[np.int64]

    def rows(self, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Positions of passage *numbers*, which must all be there."""
        return np.searchsorted(self.numbers, numbers)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What filters look at, as columns in the order of *numbers*, one row a document.

    *numbers* rise, and are those in ``PassageTable.documents``; *published*
    holds proleptic ordinals (``date.toordinal``), 0 where the date is unknown.
    """

    numbers: npt.NDArray[np.int64]
    ids: tuple[str, ...]
    titles: tuple[str, ...]
    sources: tuple[str, ...]
    outlets: tuple[str | None, ...]
    published: npt.NDArray[np.int64]
    languages: tuple[str, ...]
    bylines: tuple[str | None, ...]


def in_steps(vectors: Vectors) -> npt.NDArray[np.int8]:
    """Unit rows in 8 bits: whole numbers of steps of 1 / WORD_STEPS."""
    return np.rint(vectors * WORD_STEPS).astype(np.int8)


class Store:
    """One open database.

    Where nothing can be written, on a read-only disk or without the permission,
    it is opened to be read, and every change raises ``CorpusReadOnly``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read_only = False
        self._lock = threading.RLock()
        try:
            self._database = self._opened()
            self._database.execute(
                "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, term, row)"
            )
        except sqlite3.DatabaseError as error:
            raise self._translated(error) from error

    def _opened(self) -> sqlite3.Connection:
        database = _connected(self.path)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute("PRAGMA foreign_keys = ON")
            migrate(database)
        except sqlite3.OperationalError as error:
            database.close()
            if not (_unwritable(error) and self.path.is_file()):
                raise
            self._read_only = True
            return self._opened_to_read()
        except BaseException:
            database.close()
            raise
        return database

    def _opened_to_read(self) -> sqlite3.Connection:
        # SQLite would make a log beside the file to read it, unless told that it is at rest.
        # Where a log is left over, it is not.
        if self.path.with_name(self.path.name + "-wal").exists():
            raise CorpusReadOnly(
                f"{self.path}: it was not closed in good order, and nothing can be written here "
                "to set that right; open it once where it can be, or copy its folder"
            )
        database = _connected(f"{self.path.resolve().as_uri()}?immutable=1", uri=True)
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version != len(MIGRATIONS):
            database.close()
            raise CorpusReadOnly(
                f"{self.path}: it was made by another version of kutip, and nothing can be "
                "written here to bring it up to date; copy its folder to where you may write"
            )
        return database

    def close(self) -> None:
        """Close the database; the store is of no use afterwards."""
        with self._lock:
            self._database.close()

    # Meta data

    def meta(self, key: str) -> str | None:
        """A value noted with the corpus, or None."""
        row = self._one("SELECT value FROM meta WHERE key = ?", key)
        return None if row is None else str(row[0])

    def generation(self) -> str:
        """Changes with every change that ranking sees, to a value never seen before.

        It is random rather than counted, so that a database restored from a
        backup, or another one in its place, is never taken for this one.
        """
        return str(self.meta("generation"))

    def set_meta(self, key: str, value: str) -> None:
        """Note *value* with the corpus."""
        with self._writing() as database:
            _set_meta(database, key, value)

    def set_learned(self, key: str, value: str | None) -> None:
        """Note what the corpus has learned under *key*, or forget it (None).

        The generation changes with it, so that whoever has the corpus open notices.
        """
        with self._writing() as database:
            if value is None:
                database.execute("DELETE FROM meta WHERE key = ?", (key,))
            else:
                _set_meta(database, key, value)
            _next_generation(database)

    # Documents

    def put(
        self,
        document: Document,
        origin: str,
        segments: Sequence[Segment],
        vectors: Vectors,
        sentence_vectors: Sequence[npt.NDArray[np.float16]],
        word_vectors: Sequence[npt.NDArray[np.int8]],
        stems: Sequence[Sequence[str]],
        statements: Sequence[Statement],
        file: FileVersion | None = None,
    ) -> bool:
        """Store *document* with all that is derived from it, in one transaction.

        Whatever had the same *origin* (absolute path) or the same content
        before is replaced; True if there was such a document.
        *vectors*: shape (len(segments), dim). *sentence_vectors*: for each
        passage (its sentences, dim); they only compare sentences, so float16 will
        do. *word_vectors*: for each passage (its words, word_dim), unit rows
        ``in_steps``. *stems*: the terms of each passage. *file*: what
        *document* was read from.
        """
        with self._writing() as database:
            gone = database.execute(
                "DELETE FROM document WHERE origin = ? OR id = ?", (origin, document.id)
            ).rowcount
            number = database.execute(
                "INSERT INTO document (id, source, origin, title, text, outlet, published,"
                " language, byline, furniture, pages) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    document.id,
                    document.source,
                    origin,
                    document.title,
                    document.text,
                    document.outlet,
                    document.published.isoformat() if document.published else None,
                    document.language,
                    document.byline,
                    _dump(document.furniture),
                    json.dumps(document.pages),
                ),
            ).lastrowid
            for segment, vector, parts, words, terms in zip(
                segments, vectors, sentence_vectors, word_vectors, stems, strict=True
            ):
                row = database.execute(
                    'INSERT INTO passage (document, start, "end", length, sentences, vector,'
                    " sentence_vectors, word_vectors) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        number,
                        segment.passage.start,
                        segment.passage.end,
                        len(terms),
                        _dump(segment.sentences),
                        vector.astype(np.float32).tobytes(),
                        parts.tobytes(),
                        words.tobytes(),
                    ),
                ).lastrowid
                database.execute(
                    "INSERT INTO term (rowid, stems) VALUES (?, ?)", (row, " ".join(terms))
                )
            _insert_statements(database, number, statements)
            if file is not None:
                _set_file(database, number, file)
            _next_generation(database)
            return bool(gone)

    def put_statements(self, id: str, statements: Sequence[Statement]) -> None:
        """Put *statements* in the place of those of the document *id*."""
        with self._writing() as database:
            row = database.execute("SELECT number FROM document WHERE id = ?", (id,)).fetchone()
            if row is None:
                return  # removed meanwhile
            database.execute("DELETE FROM statement WHERE document = ?", row)
            _insert_statements(database, row[0], statements)
            _next_generation(database)

    def remove(self, id_or_source: str) -> str:
        """Remove a document and everything derived from it; returns its id.

        Raises ``DocumentNotFound``.
        """
        with self._writing() as database:
            rows = database.execute(
                "SELECT number, id FROM document WHERE id = ?1 OR source = ?1 OR origin = ?1",
                (id_or_source,),
            ).fetchall()
            if not rows:
                raise DocumentNotFound(
                    f"no document {id_or_source!r}; kutip list shows what is there"
                )
            if len(rows) > 1:
                raise DocumentNotFound(
                    f"{len(rows)} documents are called {id_or_source!r}; "
                    "name one by its id, as kutip list shows it"
                )
            ((number, id),) = rows
            database.execute("DELETE FROM document WHERE number = ?", (number,))
            _next_generation(database)
            return str(id)

    def set_aside(self, ids: Sequence[str], name: str) -> list[str]:
        """Remove these documents so that ``bring_back`` can undo it; returns those there were.

        *name*: of this removal, not used before. The rows move, as they are, into
        tables of this connection alone; they end with ``forget`` or with it.
        """
        with self._writing() as database:
            database.execute("CREATE TEMP TABLE IF NOT EXISTS aside (name TEXT, number INTEGER)")
            for table, rows in _ASIDE.items():
                database.execute(f"CREATE TEMP TABLE IF NOT EXISTS aside_{table} AS {rows} = 0")
            gone = []
            for id in dict.fromkeys(ids):
                found = database.execute("SELECT number FROM document WHERE id = ?", (id,))
                for (number,) in found.fetchall():
                    database.execute("INSERT INTO aside VALUES (?, ?)", (name, number))
                    for table, rows in _ASIDE.items():
                        database.execute(f"INSERT INTO aside_{table} {rows} = ?", (number,))
                    database.execute("DELETE FROM document WHERE number = ?", (number,))
                    gone.append(id)
            if gone:
                _next_generation(database)
            return gone

    def bring_back(self, name: str) -> list[str]:
        """Undo the removal *name*, and forget it; returns the ids of what is back.

        With the numbers, vectors, statements and version of the file that were
        there. A document that has been added again meanwhile, or another from the
        same file, stays as it is now.
        """
        with self._writing() as database:
            back = []
            for (number,) in _numbers_aside(database, name):
                free = database.execute(
                    "SELECT id FROM aside_document a WHERE number = ? AND NOT EXISTS"
                    " (SELECT 1 FROM document d WHERE d.id = a.id OR d.origin = a.origin)",
                    (number,),
                ).fetchone()
                if free is None:
                    continue
                for table in _ASIDE:
                    database.execute(_BACK[table], (number,))
                back.append(str(free[0]))
            if back:
                _next_generation(database)
            _forget(database, name)
            return back

    def forget(self, name: str) -> None:
        """The removal *name* can no longer be undone."""
        with self._writing() as database:
            _forget(database, name)

    def document(self, id: str) -> Document:
        """The whole document; raises ``DocumentNotFound``."""
        row = self._one(
            "SELECT id, title, text, source, outlet, published, language, furniture, byline,"
            " pages FROM document WHERE id = ?",
            id,
        )
        if row is None:
            raise DocumentNotFound(f"no document {id!r}; kutip list shows what is there")
        return Document(
            id=row[0],
            title=row[1],
            text=row[2],
            source=row[3],
            outlet=row[4],
            published=_date(row[5]),
            language=row[6],
            furniture=_load(row[7]),
            byline=row[8],
            pages=tuple(json.loads(row[9])),
        )

    def origin_of(self, id: str) -> str | None:
        """The absolute path of the document with that id, if it is here."""
        row = self._one("SELECT origin FROM document WHERE id = ?", id)
        return None if row is None else str(row[0])

    def all_origins(self) -> list[str]:
        """The absolute path of every document, also of those that can be brought back."""
        rows = self._all("SELECT origin FROM document")
        if self._one("SELECT 1 FROM temp.sqlite_master WHERE name = 'aside_document'"):
            rows += self._all("SELECT origin FROM aside_document")
        return [row[0] for row in rows]

    def id_of(self, origin: str) -> str | None:
        """The id of the document from that absolute path, if it is here."""
        row = self._one("SELECT id FROM document WHERE origin = ?", origin)
        return None if row is None else str(row[0])

    def set_file(self, id: str, file: FileVersion) -> None:
        """Note the version of its file that the document, if it is here, was read from."""
        with self._writing() as database:
            for (number,) in database.execute("SELECT number FROM document WHERE id = ?", (id,)):
                _set_file(database, number, file)

    def file_of(self, id: str) -> FileVersion | None:
        """The version of its file that the document was read from, if it was noted."""
        row = self._one(
            "SELECT f.sha256, f.size, f.modified, f.added FROM file f"
            " JOIN document d ON d.number = f.document WHERE d.id = ?",
            id,
        )
        if row is None:
            return None
        return FileVersion(row[0], row[1], row[2], datetime.fromisoformat(row[3]))

    def origins(self, source: str) -> list[str]:
        """The absolute paths of the documents added as *source*."""
        return [row[0] for row in self._all("SELECT origin FROM document WHERE source = ?", source)]

    def documents(self) -> list[Listed]:
        """Every document, by source."""
        rows = self._all(
            "SELECT d.id, d.source, d.title, d.outlet, d.published, d.language, count(p.number)"
            " FROM document d LEFT JOIN passage p ON p.document = d.number"
            " GROUP BY d.number ORDER BY d.source"
        )
        return [Listed(r[0], r[1], r[2], r[3], _date(r[4]), r[5], r[6]) for r in rows]

    def coverage(self) -> Coverage:
        """How much there is, from when to when, and the outlets, in every way they are written."""
        documents, first, last = self._all(
            "SELECT count(*), min(published), max(published) FROM document"
        )[0]
        ((passages,),) = self._all("SELECT count(*) FROM passage")
        outlets = self._all(
            "SELECT DISTINCT outlet FROM document WHERE outlet IS NOT NULL ORDER BY outlet"
        )
        return Coverage(
            documents, passages, _date(first), _date(last), outlets=tuple(row[0] for row in outlets)
        )

    def catalogue(self) -> Catalogue:
        """Id, title, path, outlet, date, language and byline of every document."""
        rows = self._all(
            "SELECT number, id, title, source, outlet, published, language, byline FROM document "
            "ORDER BY number"
        )
        days = [day.toordinal() if (day := _date(row[5])) else 0 for row in rows]
        return Catalogue(
            np.array([row[0] for row in rows], np.int64),
            tuple(row[1] for row in rows),
            tuple(row[2] for row in rows),
            tuple(row[3] for row in rows),
            tuple(row[4] for row in rows),
            np.array(days, np.int64),
            tuple(row[6] for row in rows),
            tuple(row[7] for row in rows),
        )

    # Passages

    def passage_table(self) -> PassageTable:
        """Arrays over every passage."""
        rows = self._all(
            "SELECT p.number, p.length, d.language, d.number FROM passage p"
            " JOIN document d ON d.number = p.document ORDER BY p.number"
        )
        names = tuple(sorted({row[2] for row in rows}))
        position = {name: i for i, name in enumerate(names)}
        return PassageTable(
            np.array([row[0] for row in rows], np.int64),
            np.array([row[1] for row in rows], np.int32),
            np.array([position[row[2]] for row in rows], np.int16),
            names,
            np.array([row[3] for row in rows], np.int64),
        )

    def segments(self, numbers: Sequence[int]) -> list[Segment]:
        """The passages with these numbers and their sentences, in that order.

        A number that another process has removed meanwhile is left out.
        """
        found: dict[int, Segment] = {}
        for some in _slices(numbers):
            marks = ",".join("?" * len(some))
            for row in self._all(
                f'SELECT p.number, d.id, p.start, p."end", p.sentences FROM passage p'
                f" JOIN document d ON d.number = p.document WHERE p.number IN ({marks})",
                *some,
            ):
                found[row[0]] = Segment(Passage(row[1], row[2], row[3]), _load(row[4]))
        return [found[number] for number in numbers if number in found]

    def sentence_vectors(self, numbers: Sequence[int], dim: int) -> list[Vectors]:
        """For each of these passages, the vectors of its sentences: (sentences, dim)."""
        found = {}
        for some in _slices(numbers):
            marks = ",".join("?" * len(some))
            for number, blob in self._all(
                f"SELECT number, sentence_vectors FROM passage WHERE number IN ({marks})", *some
            ):
                if len(blob) % (2 * dim):
                    raise self._wrong_size(dim)
                found[number] = np.frombuffer(blob, np.float16).reshape(-1, dim).astype(np.float32)
        return [found[number] for number in numbers if number in found]

    def word_vectors(self, numbers: Sequence[int], dim: int) -> list[npt.NDArray[np.int8]]:
        """For each of these passages, the vectors of its words: (words, dim).

        In steps of 1 / WORD_STEPS. *dim* 0: a model without, empty arrays.
        """
        if not dim:
            return [np.zeros((0, 0), np.int8) for _ in numbers]
        found = {}
        for some in _slices(numbers):
            marks = ",".join("?" * len(some))
            for number, blob in self._all(
                f"SELECT number, word_vectors FROM passage WHERE number IN ({marks})", *some
            ):
                if len(blob) % dim:
                    raise self._wrong_size(dim)
                found[number] = np.frombuffer(blob, np.int8).reshape(-1, dim)
        return [found[number] for number in numbers if number in found]

    def terms(self, numbers: Sequence[int]) -> list[list[str]]:
        """For each of these passages, the terms it is indexed by, in order."""
        found: dict[int, list[str]] = {}
        for some in _slices(numbers):
            marks = ",".join("?" * len(some))
            for number, stems in self._all(
                f"SELECT rowid, stems FROM term WHERE rowid IN ({marks})", *some
            ):
                found[number] = stems.split(" ")
        return [found[number] for number in numbers if number in found]

    def numbers(self, document_id: str | None = None) -> npt.NDArray[np.int64]:
        """The passage numbers of one document, or of all, rising."""
        one = "JOIN document d ON d.number = p.document WHERE d.id = ?" if document_id else ""
        rows = self._all(
            f"SELECT p.number FROM passage p {one} ORDER BY p.number",
            *([document_id] if document_id else []),
        )
        return np.fromiter((row[0] for row in rows), np.int64, len(rows))

    def vectors(self, numbers: Sequence[int], dim: int) -> Vectors:
        """The vectors of these passages, which must be there: shape (n, dim)."""
        found: dict[int, bytes] = {}
        for some in _slices(numbers):
            marks = ",".join("?" * len(some))
            found.update(
                self._all(f"SELECT number, vector FROM passage WHERE number IN ({marks})", *some)
            )
        if any(len(blob) != 4 * dim for blob in found.values()):
            raise self._wrong_size(dim)
        flat = np.frombuffer(b"".join(found[number] for number in numbers), np.float32)
        return flat.reshape(len(numbers), dim)

    def postings(self, term: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        """The passages that hold *term*, and how often each does."""
        rows = self._all("SELECT doc FROM posting WHERE term = ?", term)
        flat = np.fromiter((row[0] for row in rows), np.int64, len(rows))
        numbers, counts = np.unique(flat, return_counts=True)
        return numbers, counts.astype(np.int32)

    def vocabulary(self, letter: str) -> list[str]:
        """The terms of the index that begin with *letter*."""
        rows = self._all(
            "SELECT term FROM vocabulary WHERE term >= ? AND term < ?",
            letter,
            letter + "\U0010ffff",
        )
        return [row[0] for row in rows]

    def passages_where(
        self, numbers: Sequence[int], holds: Callable[[str], bool]
    ) -> npt.NDArray[np.int64]:
        """Those of these passages whose text *holds* something."""
        found: list[int] = []
        for some in _slices(numbers):
            marks = ",".join("?" * len(some))
            places: dict[int, list[tuple[int, int, int]]] = {}
            for document, *place in self._all(
                f'SELECT document, number, start, "end" FROM passage WHERE number IN ({marks})',
                *some,
            ):
                places.setdefault(document, []).append((place[0], place[1], place[2]))
            marks = ",".join("?" * len(places))
            for document, text in self._all(
                f"SELECT number, text FROM document WHERE number IN ({marks})", *places
            ):
                found += [n for n, start, end in places[document] if holds(text[start:end])]
        return np.array(sorted(found), np.int64)

    # Statements

    def passages_spoken(self, speakers: Sequence[str]) -> npt.NDArray[np.int64]:
        """The passages that hold, whole or in part, a statement by one of *speakers*."""
        found: set[int] = set()
        for some in _slices(list(speakers)):
            marks = ",".join("?" * len(some))
            found.update(
                row[0]
                for row in self._all(
                    "SELECT p.number FROM statement s JOIN passage p ON p.document = s.document"
                    ' AND p.start < s."end" AND s.start < p."end"'
                    f" WHERE s.speaker IN ({marks})",
                    *some,
                )
            )
        return np.array(sorted(found), np.int64)

    def statements(self, document_id: str | None = None) -> list[Statement]:
        """Who said what: in one document, or in all, in order of place."""
        one = "WHERE d.id = ?" if document_id else ""
        rows = self._all(
            'SELECT d.id, s.start, s."end", s.speaker, s.speaker_as_written, s.direct, s.cue,'
            " s.role, s.affiliation"
            " FROM statement s JOIN document d ON d.number = s.document"
            f" {one} ORDER BY d.source, s.start",
            *([document_id] if document_id else []),
        )
        return [Statement(r[0], Span(r[1], r[2]), r[3], r[4], bool(r[5]), *r[6:]) for r in rows]

    # Soundness

    def check(self) -> list[str]:
        """What is wrong with the database; nothing, normally."""
        problems = [row[0] for row in self._all("PRAGMA integrity_check") if row[0] != "ok"]
        for (count,) in self._all(
            "SELECT count(*) FROM passage p LEFT JOIN term t ON t.rowid = p.number"
            " WHERE t.rowid IS NULL"
        ):
            problems += [f"{count} passages without terms"] if count else []
        for (count,) in self._all(
            "SELECT count(*) FROM passage p JOIN document d ON d.number = p.document"
            ' WHERE p.start >= p."end" OR p."end" > length(d.text)'
        ):
            problems += [f"{count} passages outside their documents"] if count else []
        return problems

    # Plumbing

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One consistent view: nothing another thread or process writes meanwhile is seen."""
        with self._lock:
            try:
                self._database.execute("BEGIN")
            except sqlite3.DatabaseError as error:
                raise self._translated(error) from error
            try:
                yield
            finally:
                # Nothing was written; on a damaged database even this may fail,
                # and must not hide the error that says so.
                with suppress(sqlite3.DatabaseError):
                    self._database.execute("ROLLBACK")

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: all of it or nothing."""
        if self._read_only:
            raise self._not_to_write()
        with self._lock:
            try:
                self._database.execute("BEGIN IMMEDIATE")
            except sqlite3.DatabaseError as error:
                raise self._translated(error) from error
            try:
                yield self._database
                self._database.execute("COMMIT")
            except BaseException as error:
                with suppress(sqlite3.DatabaseError):
                    self._database.execute("ROLLBACK")
                if isinstance(error, sqlite3.DatabaseError):
                    raise self._translated(error) from error
                raise

    def _all(self, sql: str, *values: object) -> list[Any]:
        with self._lock:
            try:
                return self._database.execute(sql, values).fetchall()
            except sqlite3.DatabaseError as error:
                raise self._translated(error) from error

    def _one(self, sql: str, *values: object) -> Any:
        rows = self._all(sql, *values)
        return rows[0] if rows else None

    def _wrong_size(self, dim: int) -> CorpusDamaged:
        return CorpusDamaged(
            f"{self.path}: vectors of another size than {dim}; restore it from a backup, "
            "or move it away and add your files again"
        )

    def _not_to_write(self) -> CorpusReadOnly:
        return CorpusReadOnly(
            f"{self.path}: nothing can be written there (a read-only disk, or no permission); "
            "copy the folder to where you may write, or name another one with --corpus"
        )

    def _translated(self, error: sqlite3.DatabaseError) -> Exception:
        message = str(error)
        if "locked" in message or "busy" in message:
            return CorpusBusy(
                f"{self.path}: another process has been writing for "
                f"{WAIT_FOR_WRITER:.0f} seconds; wait for it, or stop it"
            )
        if isinstance(error, sqlite3.ProgrammingError) and "closed" in message:
            return CorpusError(f"{self.path}: this corpus has been closed; open it again")
        if "disk is full" in message:
            return CorpusError(
                f"{self.path}: the disk is full; what was stored before is kept, free some space "
                "and do the rest again"
            )
        if isinstance(error, sqlite3.OperationalError) and _unwritable(error):
            return self._not_to_write()
        return CorpusDamaged(
            f"{self.path}: {message}; restore it from a backup, or move it away "
            "and add your files again"
        )


def _connected(path: Path | str, *, uri: bool = False) -> sqlite3.Connection:
    return sqlite3.connect(
        path, timeout=WAIT_FOR_WRITER, isolation_level=None, check_same_thread=False, uri=uri
    )


def _unwritable(error: sqlite3.OperationalError) -> bool:
    return "readonly" in str(error) or "unable to open" in str(error)


# What belongs to a document: how its rows are found, and put back as they were.
_ASIDE = {
    "document": "SELECT * FROM document WHERE number",
    "file": "SELECT * FROM file WHERE document",
    "statement": "SELECT * FROM statement WHERE document",
    "passage": "SELECT * FROM passage WHERE document",
    "term": "SELECT p.document, p.number AS passage, t.stems FROM passage p"
    " JOIN term t ON t.rowid = p.number WHERE p.document",
}
_BACK = {
    "document": "INSERT INTO document SELECT * FROM aside_document WHERE number = ?",
    "file": "INSERT INTO file SELECT * FROM aside_file WHERE document = ?",
    "statement": "INSERT INTO statement SELECT * FROM aside_statement WHERE document = ?",
    "passage": "INSERT INTO passage SELECT * FROM aside_passage WHERE document = ?",
    "term": "INSERT INTO term (rowid, stems) SELECT passage, stems FROM aside_term"
    " WHERE document = ?",
}


def _numbers_aside(database: sqlite3.Connection, name: str) -> list[tuple[int]]:
    """The numbers of the documents set aside under *name*."""
    if not database.execute("SELECT 1 FROM temp.sqlite_master WHERE name = 'aside'").fetchone():
        return []
    return database.execute("SELECT number FROM aside WHERE name = ?", (name,)).fetchall()


def _forget(database: sqlite3.Connection, name: str) -> None:
    for number in _numbers_aside(database, name):
        for table in _ASIDE:
            column = "number" if table == "document" else "document"
            database.execute(f"DELETE FROM aside_{table} WHERE {column} = ?", number)
        database.execute("DELETE FROM aside WHERE number = ?", number)


def _set_meta(database: sqlite3.Connection, key: str, value: str) -> None:
    database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def _insert_statements(
    database: sqlite3.Connection, number: int | None, statements: Sequence[Statement]
) -> None:
    """Store the statements of the document with that number."""
    database.executemany(
        'INSERT INTO statement (document, start, "end", speaker, speaker_as_written, direct, cue,'
        " role, affiliation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                number,
                s.span.start,
                s.span.end,
                s.speaker,
                s.speaker_as_written,
                s.direct,
                s.cue,
                s.role,
                s.affiliation,
            )
            for s in statements
        ],
    )


def _set_file(database: sqlite3.Connection, number: int | None, file: FileVersion) -> None:
    database.execute(
        "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?)",
        (number, file.sha256, file.size, file.modified, file.added.isoformat()),
    )


def _next_generation(database: sqlite3.Connection) -> None:
    database.execute("UPDATE meta SET value = lower(hex(randomblob(16))) WHERE key = 'generation'")


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _dump(spans: Sequence[Span]) -> str:
    return json.dumps([(span.start, span.end) for span in spans])


def _load(text: str) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in json.loads(text))


def _slices(values: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
