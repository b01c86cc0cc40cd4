"""Promises of proof: what is said of a quote when its document or its file has changed."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.answering import texts
from qa.answering.verification import elsewhere
from qa.chat import drawing
from qa.corpus import Corpus
from qa.index import schema
from qa.types import Citation, Standing
from tests.helpers import (
    AXES,
    QUAKE,
    SHIP,
    FakeEmbedder,
    answering_from,
    article,
    make_document,
    write_articles,
)

FOUND, ALTERED, MISSING = Standing.FOUND, Standing.ALTERED, Standing.MISSING
Opener = Callable[..., Corpus]


@pytest.fixture
def news(tmp_path: Path) -> Path:
    return write_articles(tmp_path / "news", ("kapal", "gempa"))


@pytest.fixture
def corpus(open_corpus: Opener, news: Path) -> Corpus:
    corpus = open_corpus()
    corpus.add(news)
    return corpus


@pytest.fixture
def ship(corpus: Corpus) -> Citation:
    """A citation of the sentence about ships."""
    return cite(corpus, SHIP)


def cite(corpus: Corpus, quote: str) -> Citation:
    documents = [corpus.document(listed.id) for listed in corpus.documents()]
    (place,) = elsewhere(quote, documents)
    return Citation(
        1, place.document_id, place.title, place.source, place.outlet, place.published,
        place.start, place.end, quote, None,
    )  # fmt: skip


def seen(corpus: Corpus, citation: Citation, *, thorough: bool = False) -> tuple[object, ...]:
    proof = corpus.proof(citation.quote, citation, thorough=thorough)
    return proof.corpus, proof.file, proof.changed


def later(path: Path) -> None:
    """Give *path* another time of change."""
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))


# What is kept of a file


def test_the_bytes_of_a_file_are_remembered(corpus: Corpus, news: Path, ship: Citation) -> None:
    """Hash, size and time of change of the file, as it was when added."""
    file = corpus.version(ship.document_id)
    data = (news / "kapal.txt").read_bytes()
    assert file is not None
    assert file.sha256 == hashlib.sha256(data).hexdigest()
    assert file.size == len(data)
    assert file.modified == (news / "kapal.txt").stat().st_mtime_ns
    assert file.added.utcoffset() is not None


def test_indexing_again_keeps_what_is_known_of_the_file(
    open_corpus: Opener, corpus: Corpus, ship: Citation
) -> None:
    """Another model changes vectors, not where the text came from."""
    before = corpus.version(ship.document_id)
    corpus.close()
    again = open_corpus(FakeEmbedder(*AXES, version="2"))
    assert again.version(ship.document_id) == before


def test_adding_an_unchanged_file_keeps_its_version(
    corpus: Corpus, news: Path, ship: Citation
) -> None:
    """The day a version was added is the day it was first seen."""
    before = corpus.version(ship.document_id)
    assert len(corpus.add(news).unchanged) == 2
    assert corpus.version(ship.document_id) == before


def test_adding_other_bytes_of_the_same_text_notes_them(
    open_corpus: Opener, tmp_path: Path
) -> None:
    """The text is unchanged and nothing is indexed again, but the new bytes are known."""
    page = tmp_path / "kapal.html"
    html = f"<html><body><article><h1>Kapal</h1><p>{SHIP}</p><p>{QUAKE}</p></article></body></html>"
    page.write_text(html, encoding="utf-8")
    corpus = open_corpus()
    corpus.add(page)
    page.write_text(html + "<!-- iklan -->", encoding="utf-8")
    citation = cite(corpus, SHIP)
    assert seen(corpus, citation) == (FOUND, None, True)
    assert corpus.check() == []
    assert corpus.add(page).unchanged == [str(page)]
    assert seen(corpus, citation) == (FOUND, FOUND, False)


def test_a_corpus_of_before_files_were_noted(
    open_corpus: Opener, corpus: Corpus, news: Path, ship: Citation
) -> None:
    """It opens, nothing is claimed of its files, and adding them again notes them."""
    path = corpus.path
    corpus.close()
    database = sqlite3.connect(path / "kutip.db")
    database.execute("DROP TABLE file")
    database.execute(f"PRAGMA user_version = {schema.MIGRATIONS.index(schema.m004_files)}")
    database.commit()
    database.close()
    old = open_corpus()
    assert seen(old, ship) == (FOUND, None, False)
    assert seen(old, ship, thorough=True) == (FOUND, FOUND, False)
    assert texts.file_note(old.proof(SHIP, ship), "en") == ""
    assert old.check() == []
    (news / "kapal.txt").write_text(article("gempa", "Lain sekali."), encoding="utf-8")
    assert seen(old, ship, thorough=True) == (FOUND, ALTERED, False)
    assert old.check() == []
    old.add(news / "gempa.txt")
    assert old.version(cite(old, QUAKE).document_id) is not None


# At display time


def test_an_unchanged_file_costs_no_reading(
    corpus: Corpus, ship: Citation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Size and time of change are enough."""

    def refuse(*_: object) -> None:
        raise AssertionError("the file was read")

    monkeypatch.setattr(hashlib, "file_digest", refuse)
    monkeypatch.setattr("qa.ingest.read", refuse)
    assert seen(corpus, ship) == (FOUND, FOUND, False)


def test_a_touched_file_is_the_same(corpus: Corpus, news: Path, ship: Citation) -> None:
    """Another time of change, the same bytes: found, and nothing to say."""
    later(news / "kapal.txt")
    assert seen(corpus, ship) == (FOUND, FOUND, False)
    assert texts.file_note(corpus.proof(SHIP, ship), "en") == ""


def test_a_changed_file_is_not_converted_to_show_a_quote(
    corpus: Corpus, news: Path, ship: Citation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quote stands in the stored version; that the file has changed is said."""
    (news / "kapal.txt").write_text(article("kapal", "Satu kalimat lagi."), encoding="utf-8")
    monkeypatch.setattr("qa.ingest.read", None)
    assert seen(corpus, ship) == (FOUND, None, True)


def test_the_note_names_the_day_of_the_version(corpus: Corpus, news: Path, ship: Citation) -> None:
    """In both languages: which version it is that the quote stands in."""
    (news / "kapal.txt").write_text("Lain.", encoding="utf-8")
    proof = corpus.proof(SHIP, ship)
    assert proof.version is not None
    day = proof.version.added.astimezone().date()
    assert texts.file_note(proof, "en") == (
        "the file has changed since it was added; "
        f"the quote stands in the version of {texts.day(day, 'en')}"
    )
    assert texts.file_note(proof, "id") == (
        "berkasnya telah berubah sejak ditambahkan; "
        f"kutipan ini ada dalam versi {texts.day(day, 'id')}"
    )


@pytest.mark.parametrize("instead", ["nothing", "folder", "pipe"])
def test_a_file_that_is_gone(corpus: Corpus, news: Path, ship: Citation, instead: str) -> None:
    """Missing, and said so; a pipe in its place is not waited for."""
    (news / "kapal.txt").unlink()
    if instead == "folder":
        (news / "kapal.txt").mkdir()
    elif instead == "pipe":
        os.mkfifo(news / "kapal.txt")
    assert seen(corpus, ship) == (FOUND, MISSING, False)
    assert seen(corpus, ship, thorough=True) == (FOUND, MISSING, False)
    assert "gone" in texts.file_note(corpus.proof(SHIP, ship), "en")
    assert "tidak ada" in texts.file_note(corpus.proof(SHIP, ship), "id")


def test_a_document_that_is_gone(corpus: Corpus, ship: Citation) -> None:
    """Missing from the corpus, whatever the file says."""
    corpus.remove(ship.document_id)
    assert seen(corpus, ship)[0] is MISSING
    assert seen(corpus, ship, thorough=True)[:2] == (MISSING, FOUND)


def test_a_stored_text_that_differs(corpus: Corpus, ship: Citation) -> None:
    """One letter is enough: altered, and the file is not blamed for it."""
    database = sqlite3.connect(corpus.path / "kutip.db")
    database.execute("UPDATE document SET text = replace(text, 'dua kapal', 'dia kapal')")
    database.commit()
    database.close()
    assert seen(corpus, ship)[0] is ALTERED
    assert seen(corpus, ship, thorough=True)[:2] == (ALTERED, FOUND)


def test_a_file_name_that_is_not_text(open_corpus: Opener, tmp_path: Path) -> None:
    """A name that is not UTF-8 is found again on disk."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/kapal-\xe9.txt"))
    try:
        path.write_text(article("kapal"), encoding="utf-8")
    except (OSError, UnicodeError):
        pytest.skip("this file system wants names in UTF-8")
    corpus = open_corpus()
    corpus.add(path)
    citation = cite(corpus, SHIP)
    assert seen(corpus, citation) == (FOUND, FOUND, False)
    assert corpus.check() == []
    path.unlink()
    assert seen(corpus, citation)[1] is MISSING


# A thorough check


def test_a_quote_that_moved_within_its_file_is_found(
    corpus: Corpus, news: Path, ship: Citation
) -> None:
    """Other words before it: the file has changed and still says this."""
    (news / "kapal.txt").write_text(QUAKE + "\n\n" + article("kapal"), encoding="utf-8")
    assert seen(corpus, ship, thorough=True) == (FOUND, FOUND, True)
    proof = corpus.proof(SHIP, ship, thorough=True)
    assert proof.found
    assert texts.file_note(proof, "en").endswith("still says this")


@pytest.mark.parametrize(
    "now",
    [
        article("kapal").replace("dua kapal", "tiga kapal"),
        article("gempa", "Baca juga: " + SHIP),  # page furniture is nobody's statement
        "",
        "\x89PNG\r\n\x1a\n\0\0\0",
    ],
    ids=["a letter", "furniture", "empty", "binary"],
)
def test_a_file_that_no_longer_says_it(
    corpus: Corpus, news: Path, ship: Citation, now: str
) -> None:
    """Altered: other words, or only page furniture, or nothing that can be read."""
    (news / "kapal.txt").write_bytes(now.encode("latin-1", "replace"))
    assert seen(corpus, ship, thorough=True) == (FOUND, ALTERED, True)
    assert "no longer says this" in texts.file_note(corpus.proof(SHIP, ship, thorough=True), "en")


def test_a_change_that_size_and_time_hide(corpus: Corpus, news: Path, ship: Citation) -> None:
    """The same size and time, other bytes: a thorough check hashes and is not fooled."""
    path = news / "kapal.txt"
    status = path.stat()
    path.write_text(article("kapal").replace("dua kapal", "dia kapal"), encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert seen(corpus, ship, thorough=True) == (FOUND, ALTERED, True)
    (problem,) = corpus.check()
    assert str(path) in problem


def test_the_check_of_a_corpus_names_files_that_differ(corpus: Corpus, news: Path) -> None:
    """One line a file, with what to do."""
    assert corpus.check() == []
    (news / "kapal.txt").write_text(article("kapal", "Lebih banyak."), encoding="utf-8")
    (news / "gempa.txt").unlink()
    gone, changed = corpus.check()
    assert "gempa.txt: the file is gone" in gone
    assert "kapal.txt: the file has changed since" in changed and "add it again" in changed
    corpus.add(news)
    assert len(corpus.check()) == 1


def test_a_document_that_never_was_a_file_is_not_missed(open_corpus: Opener) -> None:
    """What a program put in has no file to compare with."""
    corpus = open_corpus()
    corpus.put(make_document("d1", SHIP), "d1")
    assert corpus.check() == []
    assert seen(corpus, cite(corpus, SHIP)) == (FOUND, None, False)


# On the page


def test_the_card_says_that_the_file_has_changed(
    corpus: Corpus, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quote is still shown, from the stored version, with the note beside it."""
    monkeypatch.setattr("qa.answering.snapshot.SHIPPED", answering_from(0.0))
    answer = corpus.ask("Di mana kapal perintis berlayar?")
    assert "telah berubah" not in drawing.view(answer, corpus, 1).panel
    (news / "kapal.txt").write_text("Lain.", encoding="utf-8")
    view = drawing.view(answer, corpus, 1)
    assert "berkasnya telah berubah sejak ditambahkan" in view.panel
    assert drawing.escape("kapal perintis") in view.panel
