"""Promises of zip archives: what is in them is read, and what cannot be is said, file by file."""

from __future__ import annotations

import ast
import io
import os
import stat
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from qa import ingest
from qa.chat.problems import INDONESIAN, in_words
from qa.corpus import Corpus
from qa.errors import EmptyFile, FileTooLarge, IngestError, UnreadableFile
from qa.ingest import archives
from qa.types import Standing
from tests.helpers import QUAKE, RICE, ROOT, SHIP, article

Files = dict[str, str | bytes]


def zipped(path: Path, files: Files, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def failed(path: Path) -> dict[str, str]:
    """What ``read`` says of each file that *path* stands for, by its path from there on."""
    told = {}
    for found in ingest.discover([path]).files:
        try:
            ingest.read(found)
        except IngestError as error:
            assert error.path == str(found)
            told[found.relative_to(path).as_posix()] = error.problem
    return told


def raw(name: bytes, flags: int, data: bytes = b"") -> bytes:
    """An archive of one stored file whose name is just these bytes."""
    data = data or article("kapal").encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("x" * len(name), data)
    bytes_ = made.getvalue().replace(b"x" * len(name), name)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = bytes_.index(signature) + at
        bytes_ = bytes_[:place] + flags.to_bytes(2, "little") + bytes_[place + 2 :]
    return bytes_


def test_an_archive_stands_for_the_documents_in_it(
    open_corpus: Callable[..., Corpus], tmp_path: Path
) -> None:
    """Each with its own path and name; as in a folder, hidden files and pictures are left out."""
    path = zipped(
        tmp_path / "berita.zip",
        {
            "2019/kapal.txt": article("kapal"),
            "beras.md": article("beras"),
            "2019/foto.png": b"\x89PNG",
            "__MACOSX/2019/._kapal.txt": b"\x00",
            ".git/x.txt": "x",
            "2019/~$kapal.docx": "x",
        },
    )
    corpus = open_corpus()
    report = corpus.add(path)
    assert (len(report.added), report.failed) == (2, [])
    assert [d.source for d in corpus.documents()] == [
        f"{path}/2019/kapal.txt",
        f"{path}/beras.md",
    ]
    assert corpus.add(path).unchanged == report.added
    answer = corpus.ask("kapal perintis file:2019/kapal.txt")
    assert answer.coverage.documents == 1
    assert corpus.check() == []
    assert corpus.remove(f"{path}/beras.md")


def test_a_quote_is_proven_against_the_file_in_the_archive(
    open_corpus: Callable[..., Corpus], tmp_path: Path
) -> None:
    """Found, then changed in the archive, then gone with it; and a copy in an archive is a copy."""
    path = zipped(tmp_path / "a.zip", {"kapal.txt": article("kapal"), "b.txt": article("beras")})
    corpus = open_corpus()
    corpus.add(path)
    (citation,) = corpus.ask("kapal perintis Miangas").citations
    assert corpus.proof(SHIP, citation).file is Standing.FOUND
    again = zipped(tmp_path / "c.zip", {"x.txt": article("kapal")})
    assert [len(x) for x in (corpus.add(again).copies, corpus.documents())] == [1, 2]
    added = path.stat().st_mtime_ns
    zipped(path, {"kapal.txt": article("gempa"), "b.txt": article("beras")})
    os.utime(path, ns=(added + 10**9,) * 2)  # later, however coarse the clock of the disk
    assert corpus.proof(SHIP, citation, thorough=True).file is Standing.ALTERED
    assert "has changed" in corpus.check()[0]
    assert corpus.add(path).replaced == [f"{path}/kapal.txt"]
    path.unlink()
    (citation,) = corpus.ask("gempa di hulu Sungai Palu").citations
    assert corpus.proof(QUAKE, citation).file is Standing.MISSING
    assert all("the file is gone" in problem for problem in corpus.check())


def test_what_cannot_be_taken_is_said_and_the_rest_is_added(tmp_path: Path) -> None:
    """Names that lead out, links, archives within, encrypted files, unusual packing, doubles."""
    path = tmp_path / "a.zip"
    inner = zipped(tmp_path / "inner.zip", {"a.txt": article("beras")}).read_bytes()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the double
        archive.writestr("baik.txt", article("kapal"))
        archive.writestr("dua.txt", "lama")
        archive.writestr("dua.txt", article("gempa"))
        for name in ("../../luar.txt", "/mutlak.txt", "C:\\disk.txt", "..\\jendela.txt"):
            archive.writestr(name, article("beras"))
        link = zipfile.ZipInfo("tautan")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("dalam.zip", inner)
        archive.writestr("bom.txt", b"a" * 10_000, zipfile.ZIP_BZIP2)
    told = failed(path)
    assert told.pop("dua.txt (2)") == "the archive has another file of this name"
    assert told.pop("tautan") == "a link and not a file"
    assert told.pop("dalam.zip") == "an archive within an archive"
    assert told.pop("bom.txt") == "packed in an unusual way"
    assert set(told) == {"luar.txt", "mutlak.txt", "disk.txt", "jendela.txt"}
    assert all(problem.startswith("its name in the archive leads out") for problem in told.values())
    assert SHIP in ingest.read(path / "baik.txt").text
    assert QUAKE in ingest.read(path / "dua.txt").text  # the last of a name, as everywhere


def test_an_encrypted_archive_is_one_message(
    open_corpus: Callable[..., Corpus], tmp_path: Path
) -> None:
    """Encrypted throughout it fails once; one encrypted file of several fails alone."""
    locked = tmp_path / "a.zip"
    locked.write_bytes(raw(b"rahasia.txt", 1))
    report = open_corpus().add(locked)
    (error,) = report.failed
    assert (error.path, error.problem) == (str(locked), "encrypted")
    with zipfile.ZipFile(locked, "a") as archive:
        archive.writestr("terbuka.txt", article("beras"))
    assert failed(locked) == {"rahasia.txt": "encrypted"}


@pytest.mark.parametrize(
    ("name", "flags", "shown"),
    [
        ("Pidato é.txt".encode(), 0, "Pidato é.txt"),  # UTF-8, not marked: macOS, Linux
        ("Pidato é.txt".encode(), 0x800, "Pidato é.txt"),
        (b"Pidato \x82.txt", 0, "Pidato é.txt"),  # code page 437, as the format has it
        (b"map\\dalam\\a.txt", 0, "map/dalam/a.txt"),  # from a Windows program
        (b"./a//b.txt", 0, "a/b.txt"),
    ],
)
def test_names_are_read_in_any_encoding(
    tmp_path: Path, name: bytes, flags: int, shown: str
) -> None:
    """With slashes, and in the letters they were written in."""
    path = tmp_path / "a.zip"
    path.write_bytes(raw(name, flags))
    assert ingest.discover([path]).files == [path / shown]
    assert SHIP in ingest.read(path / shown).text


def test_bytes_that_are_no_name_in_utf8_are_refused_plainly(tmp_path: Path) -> None:
    """The archive says its names are UTF-8, and they are not."""
    path = tmp_path / "a.zip"
    path.write_bytes(raw(b"a\xff\xfe.txt", 0x800))
    with pytest.raises(UnreadableFile, match="no zip archive, or a damaged one"):
        ingest.read(path)


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too much in all is refused before anything is read; so is one file that is too large."""
    bomb = zipped(tmp_path / "a.zip", {f"{n}.txt": b"a" * 3_000_000 for n in range(4)})
    assert bomb.stat().st_size < 20_000
    assert all("larger than the limit" in p for p in map(str, _told(bomb, max_bytes=1_000_000)))
    monkeypatch.setattr(archives, "MAX_UNPACKED", 10_000_000)
    archives._opened.cache_clear()
    monkeypatch.setattr(zipfile.ZipFile, "open", _never)
    with pytest.raises(FileTooLarge, match="unpacks to more than"):
        ingest.read(bomb)


def _told(path: Path, max_bytes: int) -> list[IngestError]:
    told = []
    for found in ingest.discover([path]).files:
        with pytest.raises(IngestError) as caught:
            ingest.read(found, max_bytes=max_bytes)
        told.append(caught.value)
    return told


def _never(*_: object, **__: object) -> None:
    raise AssertionError("unpacked")


def test_a_file_that_lies_about_its_size_is_not_unpacked_beyond_it(tmp_path: Path) -> None:
    """It says 100 bytes and holds a million: damaged."""
    path = zipped(tmp_path / "a.zip", {"a.txt": b"kapal " * 200_000, "b.txt": article("beras")})
    data = path.read_bytes()
    size = (1_200_000).to_bytes(4, "little")
    assert data.count(size) == 2
    path.write_bytes(data.replace(size, (100).to_bytes(4, "little")))
    assert failed(path) == {"a.txt": "it is damaged in the archive"}


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the list, and, where that is very long, before the list is read."""
    path = zipped(tmp_path / "a.zip", {f"{n}.txt": "x" for n in range(200)})
    monkeypatch.setattr(archives, "MAX_FILES", 100)
    with pytest.raises(FileTooLarge, match="more than 100 files; split the archive"):
        ingest.read(path)
    monkeypatch.setattr(archives, "MAX_FILES", 5)
    monkeypatch.setattr(zipfile, "ZipFile", _never)
    with pytest.raises(FileTooLarge, match="more than 5 files"):
        ingest.read(path)


@pytest.mark.parametrize("cut", [0, 10, 200, -30])
def test_a_broken_archive_is_one_clear_message(tmp_path: Path, cut: int) -> None:
    """Empty, cut off, or something else: named, with what to do."""
    path = zipped(tmp_path / "a.zip", {"a.txt": article("kapal"), "b.txt": article("beras")})
    path.write_bytes(path.read_bytes()[:cut])
    assert ingest.discover([path]).files == [path]
    with pytest.raises(UnreadableFile, match="no zip archive, or a damaged one; make the archive"):
        ingest.read(path)


def test_damaged_bytes_spoil_one_file_only(tmp_path: Path) -> None:
    """The checksum of the archive is compared."""
    path = zipped(tmp_path / "a.zip", {"a.txt": SHIP, "b.txt": RICE}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(SHIP.encode(), SHIP.encode()[::-1]))
    assert failed(path) == {"a.txt": "it is damaged in the archive"}


def test_an_archive_without_documents_says_so(tmp_path: Path) -> None:
    """And so does one named with a file that is not in it."""
    path = zipped(tmp_path / "a.zip", {"a.png": "x"})
    with pytest.raises(EmptyFile, match="no documents in the archive"):
        ingest.read(path)
    with pytest.raises(UnreadableFile, match="no such file"):
        ingest.read(path / "a.txt")


def test_a_large_archive_is_listed_once(tmp_path: Path) -> None:
    """Reading a file costs the same in an archive of two thousand."""
    path = zipped(tmp_path / "a.zip", {f"{n}.txt": article("kapal") for n in range(2_000)})
    before = archives._opened.cache_info().misses
    found = ingest.discover([path]).files
    assert len(found) == 2_000
    for one in found[:50]:
        ingest.read(one)
    assert archives._opened.cache_info().misses == before + 1


def test_every_problem_of_a_file_is_told_in_indonesian_too() -> None:
    """Whatever text ``qa.ingest`` gives an error has its Indonesian."""
    said: set[str] = set()
    for path in (ROOT / "qa" / "ingest").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS:
                for given in node.args[1:]:
                    parts = given.elts if isinstance(given, ast.Tuple) else [given]
                    said |= {_template(part) for part in parts}
    said -= {""}
    assert len(said) > 30
    for text in said:
        error = UnreadableFile("x", text, "split the file")
        assert text in INDONESIAN or in_words(error, "id") != in_words(error, "en"), text


ERRORS = {"UnreadableFile", "EmptyFile", "FileTooLarge", "UnsupportedFormat", "Entry"}


def _template(node: ast.expr) -> str:
    """A text, with something for each blank of an f-string; "" for what is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "xyz" for part in node.values
        )
    return ""
