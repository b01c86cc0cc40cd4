"""Promises of ``qa.index.store``: whole documents or nothing, and clear errors."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.errors import (
    CorpusBusy,
    CorpusDamaged,
    CorpusError,
    CorpusReadOnly,
    DocumentNotFound,
)
from qa.index import schema
from qa.index import store as store_module
from qa.index.store import Store
from qa.language.tokens import stems
from qa.types import Coverage, Document, Passage, Segment, Span, Statement
from tests.helpers import make_document, may_write, python, store_document

DIM = 3


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "kutip.db")
    yield store
    store.close()


def halves(document: Document) -> list[Segment]:
    """The document as two passages of one sentence each."""
    middle, end = len(document.text) // 2, len(document.text)
    return [
        Segment(Passage(document.id, a, b), (Span(a, b),)) for a, b in ((0, middle), (middle, end))
    ]


def put(
    store: Store,
    document: Document,
    *,
    origin: str | None = None,
    terms: Sequence[Sequence[str]] = (("kapal", "karam"), ("kapal", "kapal", "baru")),
) -> bool:
    """Store *document* as two passages with known vectors, terms and one statement."""
    vectors = np.arange(2 * DIM, dtype=np.float32).reshape(2, DIM)
    statement = Statement(document.id, Span(1, 5), "Ratna Wibisana", "ia", True, "kata")
    return store_document(
        store,
        document,
        origin=origin,
        segments=halves(document),
        vectors=vectors,
        stems=terms,
        statements=[statement],
    )


def rows(path: Path) -> dict[str, int]:
    """How many rows each table has, as another program sees them."""
    database = sqlite3.connect(path)
    try:
        return {
            table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("document", "passage", "term", "statement")
        }
    finally:
        database.close()


NOTHING = {"document": 0, "passage": 0, "term": 0, "statement": 0}


# What goes in comes out


@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), min_size=4),
    title=st.text(st.characters(exclude_categories=["Cs"])),
    byline=st.none() | st.just("Sari Wulan"),
    published=st.none() | st.dates(),
)
@settings(max_examples=40)
def test_a_document_comes_back_as_it_went_in(
    tmp_path_factory: pytest.TempPathFactory,
    text: str,
    title: str,
    byline: str | None,
    published: date | None,
) -> None:
    """Every field, every character: NUL, line ends and accents included."""
    document = Document(
        id="d1",
        title=title,
        text=text,
        source="berita/satu.txt",
        outlet="Kabar Uji",
        published=published,
        language="id",
        furniture=(Span(0, 2), Span(3, 4)),
        byline=byline,
        pages=(0, 3),
    )
    store = Store(tmp_path_factory.mktemp("round") / "kutip.db")
    try:
        put(store, document)
        assert store.document("d1") == document
    finally:
        store.close()


def test_statements_alone_can_be_replaced(store: Store) -> None:
    """Found again, they take the place of the old ones, with role and affiliation."""
    put(store, make_document("d1", "Kapal karam. Kapal baru."))
    before = store.generation()
    again = Statement("d1", Span(0, 4), "Sari Utami", "ia", False, "kata", "Ketua", "PMI")
    store.put_statements("d1", [again])
    assert store.statements() == [again]
    assert store.generation() != before
    store.put_statements("gone", [again])
    assert store.statements() == [again]


def test_passages_vectors_terms_and_statements_come_back(store: Store) -> None:
    """Everything derived from a document is found again, in order."""
    document = make_document("d1", "Kapal karam. Kapal baru.")
    put(store, document)
    table = store.passage_table()
    numbers = table.numbers.tolist()
    assert store.segments(numbers) == halves(document)
    assert store.segments(numbers[::-1]) == halves(document)[::-1]
    assert table.lengths.tolist() == [2, 3]
    assert [table.names[i] for i in table.languages] == ["id", "id"]
    assert store.numbers().tolist() == numbers
    assert store.vectors(numbers, DIM).tolist() == [[0, 1, 2], [3, 4, 5]]
    assert store.vectors(numbers[::-1], DIM).tolist() == [[3, 4, 5], [0, 1, 2]]
    assert store.vectors([], DIM).shape == (0, DIM)
    assert [v.tolist() for v in store.sentence_vectors(numbers, DIM)] == [[[0, 1, 2]], [[3, 4, 5]]]
    holders, counts = store.postings("kapal")
    assert (holders.tolist(), counts.tolist()) == (numbers, [1, 2])
    assert store.statements() == [Statement("d1", Span(1, 5), "Ratna Wibisana", "ia", True, "kata")]


def test_rows_of_passage_numbers(store: Store) -> None:
    """The table says at which row of its arrays a passage stands."""
    for name in ("a", "b", "c"):
        put(store, make_document(name, f"Kapal {name}."))
    store.remove("b")
    table = store.passage_table()
    assert table.rows(table.numbers[[3, 0]]).tolist() == [3, 0]


@pytest.mark.parametrize("term", ["27", "u.s", "go-jek", "c++", "rp6.5", "日", "é", "x" * 300])
def test_any_stem_is_found_as_it_is(store: Store, term: str) -> None:
    """A term is one unit to the index, whatever signs it holds."""
    put(store, make_document("d1", "Kapal karam."), terms=[[term, "kapal"], ["kapal"]])
    numbers, counts = store.postings(term)
    assert (len(numbers), counts.tolist()) == (1, [1])


@given(text=st.text(st.characters(exclude_categories=["Cs"])) | st.from_regex(r"[0-9a-zA-Z'’. -]+"))
@settings(max_examples=60)
@example("dekade 90's, Jum'at, 27/2022 dan Rp6,5")
@example("\N{MATHEMATICAL DOUBLE-STRUCK CAPITAL S}")
@example("\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}")
def test_every_term_of_any_text_is_found(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    """Whatever ``stems`` makes of a text, each of its terms is found as often as it occurs."""
    terms = stems(text, "id")
    store = Store(tmp_path_factory.mktemp("terms") / "kutip.db")
    try:
        store_document(store, make_document("d1", "Kapal."), stems=[terms])
        for term, count in Counter(terms).items():
            assert store.postings(term)[1].tolist() == [count], term
    finally:
        store.close()


@pytest.mark.parametrize("term", ["", "ka", "kapals", "kapal*", '"kapal"', "kapal OR karam", "'"])
def test_only_the_very_term_is_found(store: Store, term: str) -> None:
    """No prefix, no query language: a term is looked up as it stands."""
    put(store, make_document("d1", "Kapal karam."))
    assert len(store.postings(term)[0]) == 0


def test_coverage_counts_and_dates(store: Store) -> None:
    """Coverage gives the number of documents and passages, and the first and last date."""
    assert store.coverage() == Coverage(0, 0, None, None)
    for id, day in (("a", date(2019, 6, 10)), ("b", None), ("c", date(2017, 4, 6))):
        document = make_document(id, f"Kapal karam {id}.")
        put(store, replace(document, published=day))
    assert store.coverage() == Coverage(3, 6, date(2017, 4, 6), date(2019, 6, 10))


def test_documents_are_listed_by_source(store: Store) -> None:
    """The list is in order of source, with the number of passages."""
    for id in ("c", "a", "b"):
        put(store, make_document(id, f"Kapal karam {id}.", source=f"{id}.txt"))
    assert [(d.id, d.source, d.passages) for d in store.documents()] == [
        ("a", "a.txt", 2),
        ("b", "b.txt", 2),
        ("c", "c.txt", 2),
    ]


# Replacing and removing


def test_the_same_origin_replaces(store: Store) -> None:
    """Another text from the same path takes the place of the old one; put says so."""
    assert put(store, make_document("old", "Kapal karam."), origin="/x/a.txt") is False
    assert put(store, make_document("new", "Kapal baru."), origin="/x/a.txt") is True
    assert [d.id for d in store.documents()] == ["new"]
    assert rows(store.path) == {"document": 1, "passage": 2, "term": 2, "statement": 1}


def test_the_same_content_moves(store: Store) -> None:
    """The same text from another path is one document, at the new path."""
    put(store, make_document("d1", "Kapal karam.", source="a.txt"), origin="/x/a.txt")
    put(store, make_document("d1", "Kapal karam.", source="b.txt"), origin="/x/b.txt")
    assert [d.source for d in store.documents()] == ["b.txt"]
    assert store.origin_of("d1") == "/x/b.txt"


@pytest.mark.parametrize("name", ["d1", "berita.txt", "/x/berita.txt"])
def test_removing_leaves_nothing(store: Store, name: str) -> None:
    """By id, by source or by full path: text, passages, terms and statements go together."""
    put(store, make_document("d1", "Kapal karam.", source="berita.txt"))
    assert store.remove(name) == "d1"
    assert rows(store.path) == NOTHING
    assert len(store.postings("kapal")[0]) == 0
    assert store.statements() == []
    assert store.origin_of("d1") is None
    with pytest.raises(DocumentNotFound):
        store.document("d1")


def test_removing_what_is_not_there(store: Store) -> None:
    """The error names what was asked for and where to look."""
    with pytest.raises(DocumentNotFound, match=r"'hilang.txt'.*kutip list"):
        store.remove("hilang.txt")


def test_a_name_of_two_documents_is_not_guessed(store: Store) -> None:
    """Two documents of one name: neither is removed, and the error asks for the id."""
    put(store, make_document("a", "Kapal a.", source="berita.txt"), origin="/x/berita.txt")
    put(store, make_document("b", "Kapal b.", source="berita.txt"), origin="/y/berita.txt")
    with pytest.raises(DocumentNotFound, match=r"2 documents.*by its id"):
        store.remove("berita.txt")
    assert len(store.documents()) == 2


def test_passage_numbers_are_never_given_twice(store: Store) -> None:
    """A stale copy of the vectors may name a passage that is gone, never a wrong one."""
    put(store, make_document("a", "Kapal karam."))
    before = set(store.passage_table().numbers.tolist())
    store.remove("a")
    put(store, make_document("b", "Kapal baru."))
    assert not before & set(store.passage_table().numbers.tolist())


def test_segments_of_removed_passages_are_left_out(store: Store) -> None:
    """Asking for a passage that has gone meanwhile gives the others."""
    put(store, make_document("a", "Kapal karam."))
    put(store, make_document("b", "Kapal baru."))
    numbers = store.passage_table().numbers.tolist()
    store.remove("a")
    assert [s.passage.document_id for s in store.segments(numbers)] == ["b", "b"]


def test_every_change_makes_a_new_generation(store: Store) -> None:
    """Whoever holds a copy can tell that it is old."""
    seen = [store.generation()]
    put(store, make_document("a", "Kapal karam."))
    seen.append(store.generation())
    store.set_meta("model", "x")
    assert store.generation() == seen[-1]
    store.remove("a")
    seen.append(store.generation())
    assert len(set(seen)) == len(seen)


def test_two_databases_never_share_a_generation(tmp_path: Path) -> None:
    """A copy made for one database cannot be taken for a copy of another."""
    stores = [Store(tmp_path / "a.db"), Store(tmp_path / "b.db")]
    try:
        for store in stores:
            put(store, make_document("a", "Kapal karam."))
        assert stores[0].generation() != stores[1].generation()
    finally:
        for store in stores:
            store.close()


# Whole or not at all


class Interrupted(RuntimeError):
    pass


class Failing(Sequence[Sequence[str]]):
    """Terms of two passages, of which the second cannot be had."""

    def __len__(self) -> int:
        return 2

    def __getitem__(self, i):  # type: ignore[no-untyped-def]
        if i == 1:
            raise Interrupted
        return ["kapal"]


@pytest.mark.parametrize(("id", "origin"), [("new", "/x/old.txt"), ("old", "/x/new.txt")])
def test_a_put_that_fails_halfway_leaves_the_old_document(
    store: Store, id: str, origin: str
) -> None:
    """An error in the middle of replacing a document leaves it as it was, whole."""
    old = make_document("old", "Kapal karam.")
    put(store, old)
    generation, before = store.generation(), rows(store.path)
    with pytest.raises(Interrupted):
        put(store, make_document(id, "Kapal baru."), origin=origin, terms=Failing())
    assert store.document("old") == old
    assert rows(store.path) == before
    assert len(store.postings("karam")[0]) == 1
    assert store.generation() == generation
    assert store.check() == []
    assert put(store, make_document("next", "Kapal lain.")) is False


def test_too_few_vectors_store_nothing(store: Store) -> None:
    """A passage without its vector or terms is an error, never a half-indexed document."""
    with pytest.raises(ValueError, match="shorter"):
        put(store, make_document("a", "Kapal karam."), terms=[["kapal"]])
    assert rows(store.path) == NOTHING


CRASH = """
import os
from pathlib import Path
from tests.helpers import make_document
from tests.test_store import put
from qa.index.store import Store

class Crash(list):
    def __iter__(self):
        yield ["kapal"]
        os._exit(9)

store = Store(Path({path!r}))
put(store, make_document("old", "Kapal karam."), origin="/x/a.txt")
put(store, make_document("new", "Kapal baru."), origin="/x/a.txt", terms=Crash())
"""


def test_a_process_that_dies_halfway_leaves_the_old_document(tmp_path: Path) -> None:
    """The power goes in the middle of replacing a document: the old one is there, whole."""
    path = tmp_path / "kutip.db"
    program = CRASH.format(path=str(path))
    result = python("-c", program)
    assert result.returncode == 9, result.stderr
    store = Store(path)
    try:
        assert store.document("old").text == "Kapal karam."
        assert [d.id for d in store.documents()] == ["old"]
        assert rows(path) == {"document": 1, "passage": 2, "term": 2, "statement": 1}
        assert store.check() == []
    finally:
        store.close()


def test_foreign_keys_hold_in_the_database_itself(store: Store) -> None:
    """Deleting the row of a document takes its passages, terms and statements with it."""
    put(store, make_document("a", "Kapal karam."))
    with store._writing() as database:
        database.execute("DELETE FROM document")
    assert rows(store.path) == NOTHING


# Several users


def test_a_second_writer_waits_then_says_who_is_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another process writes, a write waits its time and raises CorpusBusy."""
    monkeypatch.setattr(store_module, "WAIT_FOR_WRITER", 0.05)
    path = tmp_path / "kutip.db"
    store, other = Store(path), sqlite3.connect(path, isolation_level=None)
    try:
        put(store, make_document("a", "Kapal karam."))
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CorpusBusy, match="another process"):
            put(store, make_document("b", "Kapal baru."))
        # Readers are not kept waiting.
        assert [d.id for d in store.documents()] == ["a"]
        other.execute("ROLLBACK")
        put(store, make_document("b", "Kapal baru."))
        assert len(store.documents()) == 2
    finally:
        other.close()
        store.close()


def test_readers_see_whole_documents_while_another_writes(tmp_path: Path) -> None:
    """From another connection a document is there with all its passages, or not at all."""
    path = tmp_path / "kutip.db"
    writer, reader = Store(path), Store(path)
    try:
        inside, go_on = threading.Event(), threading.Event()

        class Slow(list[list[str]]):
            def __iter__(self):  # type: ignore[no-untyped-def]
                yield ["kapal"]
                inside.set()
                go_on.wait(10)
                yield ["kapal"]

        thread = threading.Thread(
            target=put, args=(writer, make_document("a", "Kapal karam.")), kwargs={"terms": Slow()}
        )
        thread.start()
        assert inside.wait(10)
        assert reader.documents() == []
        assert len(reader.passage_table().numbers) == 0
        go_on.set()
        thread.join(10)
        assert [d.passages for d in reader.documents()] == [2]
    finally:
        writer.close()
        reader.close()


def test_reading_is_one_view(tmp_path: Path) -> None:
    """Within ``reading()`` nothing that another process writes meanwhile is seen; then it is."""
    writer, reader = Store(tmp_path / "kutip.db"), Store(tmp_path / "kutip.db")
    try:
        put(writer, make_document("a", "Kapal karam."))
        with reader.reading():
            before = reader.generation()
            put(writer, make_document("b", "Kapal baru."))
            writer.remove("a")
            assert reader.generation() == before
            assert [d.id for d in reader.documents()] == ["a"]
            assert len(reader.postings("karam")[0]) == 1
            assert reader.document("a").text == "Kapal karam."
        assert [d.id for d in reader.documents()] == ["b"]
        assert reader.generation() != before
    finally:
        writer.close()
        reader.close()


# Damage


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """The error names the file and says how to get out of it."""
    path = tmp_path / "kutip.db"
    path.write_bytes(b"this was never a database " * 400)
    with pytest.raises(CorpusDamaged, match=r"kutip.db.*(backup|add your files again)"):
        Store(path)


def test_a_damaged_database_is_an_error_of_ours(tmp_path: Path) -> None:
    """Pages overwritten in the middle: CorpusDamaged or a reported problem, nothing else."""
    path = tmp_path / "kutip.db"
    store = Store(path)
    for i in range(40):
        put(store, make_document(f"d{i}", f"Kapal karam nomor {i}. " * 40))
    store.close()
    data = bytearray(path.read_bytes())
    data[4096 * 3 : len(data) - 4096] = b"\x5a" * (len(data) - 4096 * 4)
    path.write_bytes(data)

    def read_everything() -> None:
        store = Store(path)
        try:
            store.documents()
            store.vectors(store.numbers().tolist(), DIM)
            store.postings("kapal")
            store.document("d1")
        finally:
            store.close()

    with pytest.raises(CorpusDamaged, match=r"kutip\.db"):
        read_everything()


def test_vectors_of_another_size_are_damage(store: Store) -> None:
    """Vectors that do not fit the model are never read as if they did."""
    put(store, make_document("a", "Kapal karam."))
    numbers = store.numbers().tolist()
    with pytest.raises(CorpusDamaged, match=f"another size than {DIM + 1}"):
        store.vectors(numbers, DIM + 1)
    with store._writing() as database:
        database.execute("UPDATE passage SET vector = substr(vector, 1, 11)")
    with pytest.raises(CorpusDamaged):
        store.vectors(numbers, DIM)


def test_a_corpus_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    """A newer layout is an error that says so, and the file is not touched."""
    path = tmp_path / "kutip.db"
    Store(path).close()
    database = sqlite3.connect(path)
    database.execute(f"PRAGMA user_version = {len(schema.MIGRATIONS) + 1}")
    database.close()
    with pytest.raises(CorpusDamaged, match="newer version"):
        Store(path)
    database = sqlite3.connect(path)
    assert database.execute("PRAGMA user_version").fetchone() == (len(schema.MIGRATIONS) + 1,)
    database.close()


def test_a_database_in_a_place_that_is_not_there(tmp_path: Path) -> None:
    """No folder, no database: an error of ours that names the path."""
    with pytest.raises(CorpusError, match="missing"):
        Store(tmp_path / "missing" / "kutip.db")


@pytest.fixture
def readable() -> Iterator[Path]:
    """A folder with a database that holds one document, and in which nothing can be written."""
    with tempfile.TemporaryDirectory() as name:
        store = Store(Path(name) / "kutip.db")
        put(store, make_document("a", "Kapal karam di Tahuna."))
        store.close()
        may_write(Path(name), False)
        try:
            yield Path(name)
        finally:
            may_write(Path(name), True)


def test_where_nothing_can_be_written_a_corpus_is_read(readable: Path) -> None:
    """All of it is there; a change is an error that says what to do; no trace is left."""
    store = Store(readable / "kutip.db")
    (listed,) = store.documents()
    with store.reading():
        assert list(store.postings("kapal")[1]) == [1, 2]
    with pytest.raises(CorpusReadOnly, match=r"kutip\.db.*copy the folder"):
        store.remove(listed.id)
    assert store.documents() == [listed]
    store.close()
    assert [file.name for file in readable.iterdir()] == ["kutip.db"]


def test_what_others_write_is_read_where_one_may_not(readable: Path) -> None:
    """Somebody who may write has the corpus open: what stands in the log beside it counts."""
    may_write(readable, True)
    other = Store(readable / "kutip.db")
    put(other, make_document("b", "Gempa di Palu."), origin="/gempa.txt")
    may_write(readable, False)
    store = Store(readable / "kutip.db")
    assert len(store.documents()) == 2
    with pytest.raises(CorpusReadOnly, match="copy the folder"):
        store.remove("a")
    put(other, make_document("c", "Banjir di Demak."), origin="/banjir.txt")
    assert len(store.documents()) == 3
    store.close()
    may_write(readable, True)
    other.close()


def test_a_log_left_over_where_nothing_can_be_written(readable: Path) -> None:
    """What it holds is not passed over: the error says how to get at it."""
    may_write(readable, True)
    (readable / "kutip.db-wal").write_bytes(b"what a process left that was killed")
    may_write(readable, False)
    with pytest.raises(CorpusReadOnly, match="not closed in good order"):
        Store(readable / "kutip.db")


def test_an_older_corpus_that_can_only_be_read(readable: Path) -> None:
    """It cannot be brought up to date there, and the error says so."""
    may_write(readable, True)
    database = sqlite3.connect(readable / "kutip.db")
    database.execute("PRAGMA user_version = 1")
    database.close()
    may_write(readable, False)
    with pytest.raises(CorpusReadOnly, match="another version"):
        Store(readable / "kutip.db")


def test_migrations_are_numbered_and_run_once(tmp_path: Path) -> None:
    """Each change is m001, m002, …; opening again changes nothing."""
    for i, change in enumerate(schema.MIGRATIONS, start=1):
        assert change.__name__.startswith(f"m{i:03d}_")
    path = tmp_path / "kutip.db"
    store = Store(path)
    put(store, make_document("a", "Kapal karam."))
    store.close()
    again = Store(path)
    try:
        assert [d.id for d in again.documents()] == ["a"]
    finally:
        again.close()


def test_a_failed_migration_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change of layout that fails halfway is undone; the corpus opens as before."""
    path = tmp_path / "kutip.db"
    store = Store(path)
    put(store, make_document("a", "Kapal karam."))
    store.close()

    def broken(database: sqlite3.Connection) -> None:
        database.execute("DROP TABLE statement")
        database.execute("this is no statement")

    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, broken))
        with pytest.raises(CorpusError):
            Store(path)
    again = Store(path)
    try:
        assert len(again.statements()) == 1
    finally:
        again.close()


def test_check_finds_nothing_wrong_with_a_sound_corpus(store: Store) -> None:
    """No news is good news."""
    put(store, make_document("a", "Kapal karam."))
    assert store.check() == []


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        ("DELETE FROM term", "2 passages without terms"),
        ('UPDATE passage SET "end" = 9999', "2 passages outside"),
        ("UPDATE document SET text = 'x'", "passages outside"),
    ],
)
def test_check_says_what_is_wrong(store: Store, damage: str, finding: str) -> None:
    """Each kind of unsoundness gets its line."""
    put(store, make_document("a", "Kapal karam."))
    with store._writing() as database:
        database.execute(damage)
    assert any(finding in problem for problem in store.check())
