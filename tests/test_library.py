"""Promises of the documents tab, without a browser: in, chosen, out, and back again.

``tests/test_documents_browser.py`` keeps the promises that need one.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from qa.adding import Stage, Step
from qa.chat.adding import Adding, too_large
from qa.chat.asking import Desk
from qa.chat.conversation import Conversation
from qa.chat.corpora import Corpora
from qa.chat.library import HOUR, UNDOS, Library, keep_upload
from qa.corpus import Corpus
from qa.errors import BadFilter, Cancelled, CorpusError
from qa.types import FilterKey, Reason
from tests.helpers import AXES, SHIP, FakeEmbedder, article, write_articles
from tests.test_app import visible

HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(1)>.txt"


def request(visit: str = "v1", language: str = "en", **query: str) -> Any:
    return SimpleNamespace(
        headers={"accept-language": language}, session_hash=visit, query_params=query
    )


def rows_of(listed: dict[str, Any]) -> list[list[Any]]:
    """The rows of a list of documents."""
    found: list[list[Any]] = json.loads(listed["rows"])
    return found


def drop(library: Library, *paths: Path, visit: str = "v1") -> list[Any]:
    """Upload files, and what was streamed meanwhile."""
    return list(library.add([str(path) for path in paths], request(visit)))


def state(corpus: Corpus, id: str) -> tuple[Any, ...]:
    """Everything that is stored of a document."""
    store = corpus._store
    numbers = store.numbers(id).tolist()
    return (
        store.document(id),
        store.origin_of(id),
        store.file_of(id),
        numbers,
        store.segments(numbers),
        store.vectors(numbers, corpus.embedder.dim).tolist(),
        [v.tolist() for v in store.sentence_vectors(numbers, corpus.embedder.dim)],
        [v.tolist() for v in store.word_vectors(numbers, corpus.embedder.word_dim)],
        store.terms(numbers),
        store.statements(id),
    )


# Removed and brought back


def test_a_removal_is_undone_to_the_last_number(sample_copy: Path) -> None:
    """Text, passages, vectors, terms, statements, file, answers: the same; the rest untouched."""
    question = "What did Jokowi say about data protection?"
    with Corpus.open(sample_copy) as corpus:
        before = corpus.ask(question)
        ids = [d.id for d in corpus.documents()]
        kept = {id: state(corpus, id) for id in ids}
        spoken = corpus.statements()
        home = before.citations[0].document_id
        removal = corpus.set_aside([home, ids[0], "nobody"])
        assert {d.id for d in removal.documents} == {home, ids[0]}
        assert {d.id for d in corpus.documents()} == set(ids) - {home, ids[0]}
        gone = corpus.ask(question)
        assert home not in {c.document_id for c in gone.citations}
        assert not any(s.document_id == home for s in corpus.statements())
        assert set(corpus.bring_back(removal)) == {home, ids[0]}
        assert {id: state(corpus, id) for id in ids} == kept
        assert corpus.statements() == spoken
        assert dataclasses.replace(corpus.ask(question), timings={}) == dataclasses.replace(
            before, timings={}
        )
        assert corpus.check() == []
        assert corpus.bring_back(removal) == []  # once


def test_what_was_added_again_meanwhile_stays(
    open_corpus: Callable[..., Corpus], tmp_path: Path
) -> None:
    """The same file, or another text in its place: undoing changes neither."""
    folder = write_articles(tmp_path / "files", ("kapal", "beras", "gempa"))
    corpus = open_corpus()
    corpus.add(folder)
    removal = corpus.set_aside([d.id for d in corpus.documents()])
    corpus.add(folder / "kapal.txt")
    (folder / "beras.txt").write_text(article("hutan"), encoding="utf-8")
    corpus.add(folder / "beras.txt")
    back = corpus.bring_back(removal)
    assert len(back) == 1
    assert "Getaran gempa" in corpus.document(back[0]).text
    assert len(corpus.documents()) == 3
    assert "Patroli hutan" in corpus.document(_id(corpus, "beras.txt")).text
    assert corpus.check() == []


def _id(corpus: Corpus, name: str) -> str:
    return next(d.id for d in corpus.documents() if Path(d.source).name == name)


def test_a_removal_ends_with_the_process_and_leaves_nothing(
    open_corpus: Callable[..., Corpus], tmp_path: Path
) -> None:
    """What was set aside is in no file of the corpus, and another process sees it gone."""
    corpus = open_corpus()
    corpus.add(write_articles(tmp_path / "files"))
    removal = corpus.set_aside([_id(corpus, "kapal.txt")])
    with Corpus.open(corpus.path, embedder=FakeEmbedder(*AXES)) as other:
        assert len(other.documents()) == len(AXES) - 1
        assert other.bring_back(removal) == []
    corpus._store._database.execute("VACUUM")
    corpus.close()
    assert SHIP.encode() not in (tmp_path / "corpus" / "kutip.db").read_bytes()


# The documents tab


@pytest.fixture
def library(open_corpus: Callable[..., Corpus], tmp_path: Path) -> Iterator[Library]:
    write_articles(tmp_path / "in")
    library = Library(open_corpus())
    yield library
    library.close()


def uploads(library: Library) -> set[str]:
    return {path.name for path in library.uploads.iterdir()} if library.uploads.exists() else set()


def test_an_uploaded_archive_comes_goes_and_comes_back(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file in it is told of; the archive stays as long as one of its documents may be back."""
    path = tmp_path / "berita.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("2019/kapal.txt", article("kapal"))
        archive.writestr("beras.txt", article("beras"))
        archive.writestr("kosong.txt", "")
    steps = drop(library, path)
    text = visible(steps[-1][1])
    assert "Added 2, unchanged 0, failed 1." in text
    assert "berita.zip/2019/kapal.txt" in text
    assert "berita.zip/kosong.txtnot added: the file is empty; add a file with text in it" in text
    rows = rows_of(steps[-1][3])
    assert [row[6] for row in rows] == ["kapal.txt", "beras.txt"]
    assert uploads(library) == {"berita.zip"}
    ids = [row[0] for row in rows]
    before = [state(library.corpus, id) for id in ids]

    done, undo, listed = library.remove(ids, "v1", "en")
    assert "Removed: 2 documents." in visible(done)
    assert (undo.visible, rows_of(listed)) == (True, [])
    assert uploads(library) == {"berita.zip"}
    done, undo, listed = library.undo(request())
    assert "Back in the corpus: 2." in visible(done)
    assert undo.visible is False
    assert [state(library.corpus, id) for id in ids] == before
    assert library.corpus.check() == []

    library.remove(ids[:1], "v1", "en")
    library.leave("v1")  # or its connection was cut for a moment
    assert "Back in the corpus: 1." in visible(library.undo(request())[0])
    monkeypatch.setattr("qa.chat.library.HOUR", 0.0)
    library.remove(ids[:1], "v1", "en")
    library.leave("v1")  # for good
    assert "nothing left to undo" in visible(library.undo(request())[0])
    assert uploads(library) == {"berita.zip"}
    library.remove(ids[1:], "v2", "en")
    library.leave("v1")
    assert uploads(library) == {"berita.zip"}
    library.leave("v2")
    assert uploads(library) == set()
    drop(library, path)
    assert len(library.corpus.documents()) == 2


def test_a_removed_upload_can_be_added_again_before_it_is_undone(
    library: Library, tmp_path: Path
) -> None:
    """The file is there, the document once, and what is forgotten takes nothing with it."""
    path = tmp_path / "in" / "kapal.txt"
    drop(library, path)
    (row,) = rows_of(library.listed("en"))
    library.remove([row[0]], "v1", "en")
    drop(library, path)
    done, _, listed = library.undo(request())
    assert "Added again meanwhile" in visible(done)
    assert [r[0] for r in rows_of(listed)] == [row[0]]
    library.remove([row[0]], "v1", "en")
    drop(library, path)
    library.close()
    assert uploads(library) == {"kapal.txt"}
    assert library.corpus.check() == []


def test_what_one_visit_removed_another_does_not_bring_back(
    library: Library, tmp_path: Path
) -> None:
    """Undo is one's own; of many removals the last are kept, newest first."""
    drop(library, *sorted((tmp_path / "in").iterdir()))
    ids = [row[0] for row in rows_of(library.listed("en"))]
    library.remove(ids[:1], "v1", "en")
    assert "nothing left to undo" in visible(library.undo(request("v2"))[0])
    library.remove(ids[1:2], "v1", "en")
    assert [row[0] for row in rows_of(library.undo(request())[2])] == ids[1:]
    for _ in range(UNDOS + 5):
        library.remove([ids[2]], "v1", "en")
        library.corpus.add(*library.uploads.iterdir())
    assert len(library._removals["v1"]) == UNDOS


def test_files_that_became_no_document_are_not_kept(library: Library, tmp_path: Path) -> None:
    """Broken files and copies go; what an ended server left goes when it is an hour old."""
    bad = tmp_path / "buruk.pdf"
    bad.write_bytes(b"\x00")
    drop(library, bad, tmp_path / "in" / "kapal.txt")
    copy = shutil.copy(tmp_path / "in" / "kapal.txt", tmp_path / "salinan.txt")
    steps = drop(library, Path(copy))
    assert "salinan.txtsame text as another document" in visible(steps[-1][1])
    assert uploads(library) == {"kapal.txt"}
    for name, age in (("lama.txt", 2 * HOUR), ("baru.txt", 0.0)):
        left = library.uploads / name
        left.write_text("x")
        os.utime(left, (time.time() - age,) * 2)
    Library(library.corpus)
    assert uploads(library) == {"kapal.txt", "baru.txt"}


def test_cancelling_leaves_what_was_finished(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file at hand and those after it are not added, and it is said how many they are."""
    files = sorted((tmp_path / "in").iterdir())
    reached, go_on = threading.Event(), threading.Event()
    encode = library.corpus.embedder.encode_passages

    def slow(texts: Any, *rest: Any) -> Any:
        if any("jembatan kayu" in text for text in texts):
            reached.set()
            assert go_on.wait(30)
        return encode(texts, *rest)

    monkeypatch.setattr(library.corpus.embedder, "encode_passages", slow)
    stream = library.add([str(path) for path in files], request())
    first = next(stream)
    assert (first[0].visible, first[2].visible) == (False, True)
    assert reached.wait(30)
    # The second file may have been reached before the first was drawn, or later.
    shown = first[1]
    while "gempa.txtencoding 0%" not in visible(shown):
        shown = next(stream)[1]
    assert "File 2 of 6" in visible(shown)
    library.cancel(request("v2"))  # another visit cannot
    assert not library._adding["v1"].seen().cancelled
    library.cancel(request())
    go_on.set()
    last = list(stream)[-1]
    assert "Added 1, unchanged 0, failed 0. Cancelled; not added: 5." in visible(last[1])
    assert "encoding" not in last[1]
    assert [row[6] for row in rows_of(last[3])] == ["beras.txt"]
    assert uploads(library) == {"beras.txt"}
    assert library.corpus.check() == []
    monkeypatch.undo()
    assert "Added 5, unchanged 1" in visible(drop(library, *files)[-1][1])


def test_adding_tells_every_stage(open_corpus: Callable[..., Corpus], tmp_path: Path) -> None:
    """Reading, encoding, storing, and what became of it; a cancelled file leaves no trace."""
    told: list[tuple[Stage, int, int]] = []
    corpus = open_corpus()
    path = write_articles(tmp_path / "in", ("kapal",)) / "kapal.txt"

    def watch(step: Step) -> None:
        told.append((step.stage, step.number, step.total))

    def stop(step: Step) -> None:
        if step.stage is Stage.STORING:
            raise Cancelled("enough")

    assert corpus.add(path, watch=stop).left == [str(path)]
    assert corpus.documents() == []
    corpus.add(path, watch=watch)
    assert told == [
        (stage, 1, 1) for stage in (Stage.READING, Stage.ENCODING, Stage.STORING, Stage.ADDED)
    ]
    told.clear()
    corpus.add(path, watch=watch)
    assert [stage for stage, *_ in told] == [Stage.READING, Stage.UNCHANGED]


def test_an_error_while_adding_is_told(library: Library, tmp_path: Path) -> None:
    """A corpus that fails does not look like one that is busy for ever."""
    library.corpus.add = lambda *_, **__: (_ for _ in ()).throw(  # type: ignore[method-assign]
        CorpusError("kutip.db: disk full; make room")
    )
    last = drop(library, tmp_path / "in" / "kapal.txt")[-1]
    assert "kutip.db: disk full; make room" in visible(last[1])
    assert last[0].visible is True
    assert uploads(library) == set()


def test_names_of_files_are_escaped(library: Library, tmp_path: Path) -> None:
    """In the report, in what is refused, and in what was removed."""
    bad = tmp_path / HOSTILE.replace("/", "∕")
    bad.write_text("", encoding="utf-8")
    good = tmp_path / ("x" + bad.name)
    good.write_text(f"Judul \u202emaret\n\n{article('kapal')}", encoding="utf-8")
    last = drop(library, bad, good)[-1]
    assert "<img" not in last[1]
    assert bad.name in visible(last[1])
    refused = too_large([HOSTILE], "id", file=50_000_000, archive=200_000_000)
    assert "<img" not in refused
    assert "50 MB per berkas, 200 MB per arsip zip" in visible(refused)
    assert "\u202e" not in str(rows_of(last[3]))
    assert "\ufffdmaret" in str(rows_of(last[3]))
    done, *_ = library.remove([rows_of(last[3])[0][0]], "v1", "en")
    assert "<img" not in done
    assert too_large([], "id", file=1, archive=1) == ""


def test_a_long_list_of_files_shows_what_failed(open_corpus: Callable[..., Corpus]) -> None:
    """Of very many files those that failed, and the last; and how many are not shown."""
    adding = Adding(open_corpus(), [], Path("/x"))
    assert adding.wait(30)
    steps = [
        Step(f"/x/{n}.txt", n + 1, 1_000, Stage.FAILED if n < 3 else Stage.ADDED)
        for n in range(1_000)
    ]
    drawn = adding._rows(steps, "en")
    assert drawn.count("<li") == 200
    assert drawn.count("kutip-file-failed") == 3
    assert "999.txt" in visible(drawn)
    assert "Not listed here: 800 more." in visible(drawn)
    assert "There was nothing to add." in visible(adding.draw("en"))


@pytest.mark.parametrize(
    "sent",
    [None, [], {"action": "burn", "documents": ["x"]}, {"action": "remove", "documents": [{}]}],
)
def test_what_a_browser_sends_is_not_trusted(library: Library, sent: object) -> None:
    """Anything but a list of known documents does nothing."""
    library.corpus.add(*sorted(Path(library.corpus.path).parent.glob("in/*")))
    library.act([], gr.EventData(None, sent), request())
    assert len(library.corpus.documents()) == len(AXES)
    assert library.refuse(gr.EventData(None, sent), request()) == ""


def test_an_upload_never_overwrites_another(tmp_path: Path) -> None:
    """Two different files of one name are both kept; the same file twice is kept once."""
    one, two = tmp_path / "1" / "a.txt", tmp_path / "2" / "a.txt"
    for path, text in ((one, "satu"), (two, "dua")):
        path.parent.mkdir()
        path.write_text(text)
    kept = [keep_upload(path, tmp_path / "uploads") for path in (one, two, one, two)]
    assert [path.name for path in kept] == ["a.txt", "a-2.txt", "a.txt", "a-2.txt"]
    assert [path.read_text() for path in kept[:2]] == ["satu", "dua"]


def test_an_upload_at_the_same_moment_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However late the other visitor's file of that name appears."""
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "a.txt").write_text("satu")
    mine = tmp_path / "a.txt"
    mine.write_text("dua")
    monkeypatch.setattr(Path, "exists", lambda path: False)  # as it was a moment ago
    assert keep_upload(mine, tmp_path / "uploads").read_text() == "dua"
    assert (tmp_path / "uploads" / "a.txt").read_text() == "satu"


# Only these


def test_chosen_documents_alone_are_asked_and_it_is_said(
    open_corpus: Callable[..., Corpus], tmp_path: Path
) -> None:
    """By id and exactly, whatever the files are called; a filter like any other."""
    corpus = open_corpus()
    for topic, folder in (("kapal", "a"), ("beras", "b"), ("gempa", "b/a")):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "x.txt").write_text(article(topic), encoding="utf-8")
    corpus.add(tmp_path / "a", tmp_path / "b")
    ids = [d.id for d in corpus.documents()]
    chosen = [d.id for d in corpus.documents() if "kapal" in corpus.document(d.id).text]
    answer = corpus.ask("kapal perintis", documents=chosen)
    assert answer.coverage.documents == 1
    (one,) = (f for f in answer.understood if f.key is FilterKey.DOCUMENT)
    assert (one.value, one.restricts, one.typed) == (chosen[0], True, False)
    assert str(one) == f"document:{chosen[0]}"
    typed = corpus.ask(f"kapal perintis document:{chosen[0]}")
    assert typed.coverage == answer.coverage
    assert corpus.ask("kapal", documents=chosen, without=["document"]).coverage.documents == 3
    assert corpus.ask("kapal", documents=ids).coverage.documents == 3
    assert {h.passage.document_id for h in corpus.search("kapal", documents=chosen)} == set(chosen)
    gone = corpus.ask("kapal perintis", documents=["0" * 16])
    assert gone.reason is Reason.FILTERED_OUT
    with pytest.raises(BadFilter, match="document:3f2a"):
        corpus.ask("kapal document:")


def test_many_chosen_documents_are_counted() -> None:
    """Up to three are named, more are counted, in both languages."""
    from qa.answering import texts
    from qa.types import Filter

    some = [Filter(FilterKey.DOCUMENT, str(n), f"Judul {n}") for n in range(4)]
    assert texts.labels(some[:2], "en") == "the document “Judul 0”; the document “Judul 1”"
    assert texts.labels(some, "id") == "4 dokumen pilihan"
    assert texts.understood(some, "en") == "Searched only: 4 chosen documents."


def test_the_chat_asks_only_what_was_chosen(
    open_corpus: Callable[..., Corpus], tmp_path: Path
) -> None:
    """The answer, and each one made again of it, until the chip is taken away."""
    corpus = open_corpus()
    corpus.add(write_articles(tmp_path / "in"))
    library, desk = Library(corpus), Desk(corpus)
    ids = [_id(corpus, "kapal.txt")]
    box, note, *_ = library.act(
        [], gr.EventData(None, {"action": "ask_only", "documents": [*ids, "gone"]}), request()
    )
    assert (box.value, box.visible, note) == (ids, True, "")
    last = list(desk.respond("kapal perintis", Conversation(), request(), ids))[-1]
    assert "Hanya ditelusuri: dokumen “" in visible(last[1][-1].content)
    assert "1 dokumen" in visible(last[1][-1].content)
    again = list(desk.retry(last[3], request()))[-1]
    assert "Hanya ditelusuri" in visible(again[1][-1].content)
    event = gr.EventData(None, "#kutip-1-without-document")
    freed = list(desk.switch(last[3], event, request()))[-1]
    assert "Tidak dipakai: dokumen pilihan" in visible(freed[1][-1].content)
    assert "6 dokumen" in visible(freed[1][-1].content)
    box, *_ = library.act(
        ids, gr.EventData(None, {"action": "remove", "documents": ids}), request()
    )
    assert (box.value, box.visible) == ([], False)


# Several corpora


@pytest.fixture
def corpora(open_corpus: Callable[..., Corpus], tmp_path: Path) -> Iterator[Corpora]:
    """One corpus open, and a folder with two more."""
    for name, topics in (("a", ("kapal", "beras")), ("b", ("gempa",))):
        with Corpus.open(tmp_path / "others" / name, embedder=FakeEmbedder(*AXES)) as other:
            other.add(write_articles(tmp_path / name, topics))
    made = Corpora(open_corpus(), [tmp_path / "others"])
    made._load = lambda path: Corpus.open(path, embedder=FakeEmbedder(*AXES))  # type: ignore[method-assign]
    yield made
    made.close()


def test_each_visit_looks_at_its_own_corpus(corpora: Corpora) -> None:
    """Opened when somebody turns to it, and by nobody else's doing."""
    assert corpora.names == ["corpus", "a", "b"]
    assert len(corpora._opened) == 1
    assert corpora.turn("a", request("v1")).value == "a"
    assert [len(corpora.corpus(v).documents()) for v in ("v1", "v2", None)] == [2, 0, 0]
    assert set(corpora._opened) == {"corpus", "a"}
    assert corpora.enter(request("v3", corpus="b")).value == "b"
    assert corpora.enter(request("v4", corpus="../etc")).value == "corpus"
    assert len(corpora.corpus("v3").documents()) == 1
    corpora.leave("v1")  # or its connection was cut for a moment
    assert corpora.name("v1") == "a"


def test_nothing_of_one_corpus_is_shown_over_another(
    corpora: Corpora, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a visit began in the corpus that it has left since leaves the page as it is."""

    class Answering:
        def __init__(self, corpus: Corpus) -> None:
            self.name = corpus.path.name

        def one(self) -> tuple[str, str]:
            corpora.choose("v1", "b")
            return self.name, self.name

        def many(self) -> Iterator[str]:
            yield self.name
            corpora.choose("v1", "b")
            yield self.name

    followed = corpora.followed(Answering)
    monkeypatch.setattr("qa.chat.corpora.visit_of_event", lambda: "v1")
    corpora.choose("v1", "a")
    assert followed.one() == (gr.skip(), gr.skip())
    corpora.choose("v1", "a")
    assert list(followed.many()) == ["a", gr.skip(), gr.skip()]
    assert (followed.one(), list(followed.many())) == (("b", "b"), ["b", "b"])


def test_a_corpus_that_cannot_be_opened_is_told(
    corpora: Corpora, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The visit stays where it was."""
    told: list[str] = []
    monkeypatch.setattr("gradio.Warning", lambda message, **_: told.append(message))
    (tmp_path / "others" / "b" / "kutip.db").write_bytes(b"no database" * 1000)
    corpora.turn("a", request())
    assert corpora.turn("b", request()).value == "a"
    assert "kutip.db" in visible(told[0])
    assert corpora.turn("nowhere", request()).value == "a"


def test_what_answers_events_is_made_once_for_each_corpus(
    corpora: Corpora, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each event goes to the corpus of its visit; when a visit ends, all are told."""
    made: list[Path] = []
    left: list[tuple[Path, str]] = []

    class Answering:
        def __init__(self, corpus: Corpus) -> None:
            self.path = corpus.path
            made.append(corpus.path)

        def one(self, question: str) -> str:
            return f"{question} {self.path.name}"

        def many(self) -> Iterator[str]:
            yield self.path.name
            yield self.path.name

        def leave(self, visit: str) -> None:
            left.append((self.path, visit))

    followed = corpora.followed(Answering)
    here = "v1"
    monkeypatch.setattr("qa.chat.corpora.visit_of_event", lambda: here)
    one, many = followed.one, followed.many
    assert (one("x"), list(many())) == ("x corpus", ["corpus", "corpus"])
    corpora.turn("a", request("v1"))
    assert (one("x"), list(many())) == ("x a", ["a", "a"])
    here = "v2"
    assert one("x") == "x corpus"
    assert len(made) == 2
    corpora.leave("v1")
    assert {visit for _, visit in left} == {"v1"}
    assert len(left) == 2


def test_what_is_no_corpus_is_refused_and_not_made(
    open_corpus: Callable[..., Corpus], tmp_path: Path
) -> None:
    """``--also`` of a folder without a corpus, or of nothing."""
    corpus = open_corpus()
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "empty", tmp_path / "none"):
        with pytest.raises(CorpusError, match="no corpus there"):
            Corpora(corpus, [path])
    assert not (tmp_path / "none").exists()
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_corpus_deleted_since_the_start_is_not_made_again(
    open_corpus: Callable[..., Corpus], tmp_path: Path
) -> None:
    """Turning to it says that it is gone; no empty one takes its place."""
    Corpus.open(tmp_path / "others" / "x", embedder=FakeEmbedder(*AXES)).close()
    corpora = Corpora(open_corpus(), [tmp_path / "others"])
    shutil.rmtree(tmp_path / "others" / "x")
    with pytest.raises(CorpusError, match="no corpus there"):
        corpora.named("x")
    assert not (tmp_path / "others" / "x").exists()


def test_corpora_of_one_name_are_told_apart(
    open_corpus: Callable[..., Corpus], tmp_path: Path
) -> None:
    """By the folders above them; a corpus named twice is there once."""
    corpus = open_corpus()
    for name in ("x/corpus", "y/corpus"):
        Corpus.open(tmp_path / name, embedder=FakeEmbedder(*AXES)).close()
    names = Corpora(corpus, [tmp_path / "x", tmp_path / "y" / "corpus", corpus.path]).names
    assert names[1:] == ["x/corpus", "y/corpus"]
    assert names[0].endswith("/corpus")
