"""The tables of a corpus, as numbered changes.

A corpus made by an older version is brought up to date when it is opened; each
``m…`` function runs once, in order, in the transaction that records it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from qa.errors import CorpusDamaged


def m001_documents(database: sqlite3.Connection) -> None:
    """Documents, their passages, vectors, terms and statements."""
    database.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
    database.execute("INSERT INTO meta VALUES ('generation', lower(hex(randomblob(16))))")
    database.execute(
        """
        CREATE TABLE document (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            source TEXT NOT NULL,
            origin TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            outlet TEXT,
            published TEXT,
            language TEXT NOT NULL,
            byline TEXT,
            furniture TEXT NOT NULL,
            pages TEXT NOT NULL,
            text TEXT NOT NULL
        )
        """
    )
    # `source` is the path as the user gave it; `origin` the absolute one, so that
    # two files called news.txt in two folders stay two documents.
    # The text comes last, so that a query over the other columns need not read it.
    # AUTOINCREMENT: a number is never given twice, so a stale copy of the
    # vectors can name a passage that is gone but never a wrong one.
    database.execute(
        """
        CREATE TABLE passage (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
            start INTEGER NOT NULL,
            "end" INTEGER NOT NULL,
            length INTEGER NOT NULL,
            sentences TEXT NOT NULL,
            vector BLOB NOT NULL,
            sentence_vectors BLOB NOT NULL
        )
        """
    )
    database.execute("CREATE INDEX passage_document ON passage (document)")
    # Terms are stems joined by spaces; nothing but a space may separate them.
    database.execute(
        """
        CREATE VIRTUAL TABLE term USING fts5 (
            stems,
            tokenize = "ascii tokenchars '!#$%&()*+,-./:;<=>?@[\\]^_`{|}~'''"
        )
        """
    )
    database.execute("CREATE VIRTUAL TABLE posting USING fts5vocab (term, instance)")
    database.execute(
        """
        CREATE TRIGGER passage_gone AFTER DELETE ON passage BEGIN
            DELETE FROM term WHERE rowid = old.number;
        END
        """
    )
    database.execute(
        """
        CREATE TABLE statement (
            document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
            start INTEGER NOT NULL,
            "end" INTEGER NOT NULL,
            speaker TEXT,
            speaker_as_written TEXT,
            direct INTEGER NOT NULL,
            cue TEXT
        )
        """
    )
    database.execute("CREATE INDEX statement_document ON statement (document)")


def m002_offices(database: sqlite3.Connection) -> None:
    """What an article says its speakers are. Filled when the statements are derived again."""
    database.execute("ALTER TABLE statement ADD COLUMN role TEXT")
    database.execute("ALTER TABLE statement ADD COLUMN affiliation TEXT")


def m003_word_vectors(database: sqlite3.Connection) -> None:
    """Vectors of single words. Filled when the passages are indexed with a model that has them."""
    database.execute("ALTER TABLE passage ADD COLUMN word_vectors BLOB NOT NULL DEFAULT x''")


def m004_files(database: sqlite3.Connection) -> None:
    """The version of the file that a document was read from.

    No row: the document came from elsewhere, or was added before this was noted.
    """
    database.execute(
        """
        CREATE TABLE file (
            document INTEGER PRIMARY KEY REFERENCES document ON DELETE CASCADE,
            sha256 TEXT NOT NULL,
            size INTEGER NOT NULL,
            modified INTEGER NOT NULL,
            added TEXT NOT NULL
        )
        """
    )


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    m001_documents,
    m002_offices,
    m003_word_vectors,
    m004_files,
)


def migrate(database: sqlite3.Connection) -> None:
    """Apply every change that *database* lacks.

    Raises ``CorpusDamaged`` for a corpus of a newer version than this program.
    """
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise CorpusDamaged(
            f"the corpus has layout {version}, this program knows {len(MIGRATIONS)}; "
            "use a newer version of kutip"
        )
    for number in range(version, len(MIGRATIONS)):
        database.execute("BEGIN IMMEDIATE")
        # Another process may have done it while this one waited.
        (current,) = database.execute("PRAGMA user_version").fetchone()
        if current == number:
            MIGRATIONS[number](database)
            database.execute(f"PRAGMA user_version = {number + 1}")
        database.execute("COMMIT")
