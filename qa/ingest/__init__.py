"""From a file to a ``Document``.

Owns the way in: which files are taken, how large they may be, and how text,
metadata and furniture marks come together. Knows nothing about passages, the
index or the corpus. Every failure is an ``IngestError`` that names the file
and the remedy, so that the files beside it can still be added.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from qa.errors import EmptyFile, IngestError, UnreadableFile
from qa.ingest import archives, disk
from qa.ingest.formats import SUFFIXES, extract
from qa.ingest.furniture import marks, merged, paragraphs
from qa.ingest.metadata import read_metadata
from qa.language.detection import detect
from qa.types import Document, FileVersion

__all__ = ["MAX_BYTES", "SUFFIXES", "discover", "read", "read_version"]

MAX_BYTES = 50_000_000


def read(path: Path, *, source: str | None = None, max_bytes: int = MAX_BYTES) -> Document:
    """Read one file.

    *source* is the path to show, as the user gave it; *path* itself by default.
    Raises ``UnsupportedFormat``, ``UnreadableFile``, ``EmptyFile`` or
    ``FileTooLarge`` (more than *max_bytes*), and nothing else.
    """
    return read_version(path, source=source, max_bytes=max_bytes)[0]


def read_version(
    path: Path, *, source: str | None = None, max_bytes: int = MAX_BYTES
) -> tuple[Document, FileVersion]:
    """Read one file as ``read`` does, and say what tells its bytes from any other version."""
    source = disk.shown(source if source is not None else str(path))
    data, modified = _bytes(path, source, max_bytes)
    version = FileVersion(hashlib.sha256(data).hexdigest(), len(data), modified, datetime.now(UTC))
    return _document(path, source, data), version


def _document(path: Path, source: str, data: bytes) -> Document:
    extracted = extract(data, path.suffix, source)
    text = extracted.text
    found = marks(text, extracted.stated.title, extracted.furniture)
    furniture = merged(text, [*extracted.furniture, *(mark.span for mark in found)])
    body = paragraphs(text, furniture)
    if not any(character.isalnum() for span in body for character in span.of(text)):
        raise EmptyFile(source, "only page furniture, no article", "add the article itself")
    metadata = read_metadata(text, found, body, extracted.stated, fallback=disk.shown(path.stem))
    return Document(
        id=hashlib.sha256(text.encode("utf-8")).hexdigest()[:16],
        title=metadata.title,
        text=text,
        source=source,
        outlet=metadata.outlet,
        published=metadata.published,
        language=detect("\n".join(span.of(text) for span in body[:50])[:20_000]),
        furniture=furniture,
        byline=metadata.byline,
        pages=extracted.pages,
    )


class Discovered(NamedTuple):
    """*files* to be read, and *others* that are in the same folders; both sorted."""

    files: list[Path]
    others: list[Path]


def discover(paths: Iterable[Path]) -> Discovered:
    """The files that *paths* stand for: sorted, each once.

    A file is taken as it is, whatever its suffix: ``read`` says what is wrong
    with it. A zip archive stands for the documents in it, as
    ``articles.zip/2019/a.txt``; or for itself if there are none to be had. Of a
    folder, every file below it with a suffix in ``SUFFIXES`` is taken, except
    hidden files and folders and the lock files of Word; files with another suffix
    are the *others*. A folder that cannot be
    listed stands in the result itself, so that ``read`` reports it. Links are
    followed where they stay below the folder, in circles only once: a link to
    elsewhere must not bring in a disk that nobody named.
    """
    found: set[Path] = set()
    others: set[Path] = set()
    for path in paths:
        if os.path.isdir(path):
            for file, taken in _files_below(path):
                (found if taken else others).add(file)
        elif archives.is_archive(path):
            try:
                found.update(path / name for name in archives.names(path))
            except IngestError:
                found.add(path)
        else:
            found.add(path)
    return Discovered(sorted(found), sorted(others - found))


def _files_below(folder: Path) -> Iterable[tuple[Path, bool]]:
    """Each file, and whether it is of a kind that is read."""
    home = folder.resolve()
    seen: set[tuple[int, int]] = set()
    refused: list[Path] = []
    walk = os.walk(
        folder, followlinks=True, onerror=lambda error: refused.append(Path(error.filename))
    )
    for directory, folders, files in walk:
        status = os.stat(directory)
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and _below(Path(directory, name), home)
        )
        for name in files:
            path = Path(directory, name)
            if not name.startswith((".", "~$")) and os.path.isfile(path):
                yield path, path.suffix.lower() in SUFFIXES
    yield from ((path, True) for path in refused)


def _below(folder: Path, home: Path) -> bool:
    try:
        return not folder.is_symlink() or folder.resolve().is_relative_to(home)
    except (OSError, RuntimeError):
        return False


def _bytes(path: Path, source: str, max_bytes: int) -> tuple[bytes, int]:
    """What is in the file, and its time of change from before it was read.

    A write meanwhile then leaves a time that the file no longer has.
    """
    try:
        if archives.is_archive(path):
            archives.names(path)  # says what is wrong with it
            raise UnreadableFile(path, "an archive", "add what is in it")
        _, modified = disk.status(path)
        return disk.read(path, max_bytes), modified
    except IngestError as error:
        raise type(error)(source, error.problem, error.remedy) from error
    except FileNotFoundError as error:
        raise UnreadableFile(source, "no such file", "check the path") from error
    except PermissionError as error:
        raise UnreadableFile(
            source, "permission denied", "allow yourself to read it and add it again"
        ) from error
    except (OSError, ValueError) as error:
        raise UnreadableFile(source, f"it cannot be opened ({error})", "check the path") from error
