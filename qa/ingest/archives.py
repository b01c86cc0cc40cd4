"""Zip archives: a path may go on inside one, as in ``articles.zip/2019/a.txt``.

Owns what is taken from an archive and under which name. Nothing is unpacked to
disk: a file inside is read straight from the archive, so a name that leads out
of it leads nowhere, and what makes a path on disk dangerous does no harm here.
Whatever cannot be taken is an ``IngestError``, for the one file where that is
possible, for the archive where it is not.
"""

from __future__ import annotations

import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO

from qa.errors import EmptyFile, FileTooLarge, IngestError, UnreadableFile
from qa.ingest.formats import SUFFIXES

SUFFIX = ".zip"
MAX_FILES = 10_000  # in one archive
MAX_UNPACKED = 1_000_000_000  # bytes of all that is taken from one archive

_ENTRY = b"PK\x01\x02"  # opens each entry of the list of files
# Others unpack a few bytes to gigabytes before anything can stop them.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in an archive; *refusal*: (problem, remedy) if it is not to be read."""

    info: zipfile.ZipInfo
    refusal: tuple[str, str] | None = None


def is_archive(path: Path) -> bool:
    """True for a file on disk that calls itself a zip archive."""
    return path.suffix.lower() == SUFFIX and os.path.isfile(path)


def split(path: Path) -> tuple[Path, str] | None:
    """The archive on disk that *path* goes into, and the name inside; None if there is none."""
    for parent in path.parents:
        if is_archive(parent):
            return parent, path.relative_to(parent).as_posix()
    return None


def names(archive: Path) -> list[str]:
    """The documents in *archive*, sorted, and what looks like one but cannot be read.

    As in a folder, hidden files and those of other formats are passed over. Raises
    ``IngestError`` for an archive that has nothing to offer.
    """
    entries = _contents(archive)[1]
    if not entries:
        known = " ".join(sorted(SUFFIXES))
        raise EmptyFile(archive, f"no documents in the archive ({known})", "add another one")
    if all(entry.info.flag_bits & _ENCRYPTED for entry in entries.values()):
        raise UnreadableFile(archive, *_LOCKED)
    return sorted(entries)


def status(archive: Path, name: str) -> tuple[int, int]:
    """Size in bytes of the file *name* inside, and when *archive* changed (ns since 1970).

    Raises ``OSError`` if either is not there, ``IngestError`` if the archive cannot be read.
    """
    return _entry(archive, name).info.file_size, os.stat(archive).st_mtime_ns


def read(archive: Path, name: str, max_bytes: int) -> bytes:
    """The file *name* inside *archive*.

    Raises ``OSError`` if either is not there, ``IngestError`` if it cannot be
    read or is larger than *max_bytes*; an entry that lies about its size is never
    unpacked beyond it.
    """
    source = archive / name
    opened, _ = _contents(archive)
    entry = _entry(archive, name)
    if entry.refusal:
        raise UnreadableFile(source, *entry.refusal)
    if entry.info.file_size > max_bytes:
        limit = f"{max_bytes / 1_000_000:g} MB"
        raise FileTooLarge(source, f"larger than the limit of {limit}", "split the file")
    try:
        with opened.open(entry.info) as file:
            return file.read(max_bytes)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise UnreadableFile(
            source, "it is damaged in the archive", "make the archive again"
        ) from error


_LOCKED = "encrypted", "make the archive again without a password"


def _entry(archive: Path, name: str) -> Entry:
    entries = _contents(archive)[1]
    if name not in entries:
        raise FileNotFoundError(f"{name} is not in {archive}")
    return entries[name]


def _contents(archive: Path) -> tuple[zipfile.ZipFile, dict[str, Entry]]:
    found = os.stat(archive)
    return _opened(archive, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=2)  # the files of an archive are read one after the other
def _opened(archive: Path, modified: int, size: int) -> tuple[zipfile.ZipFile, dict[str, Entry]]:
    """*archive* as it was then, and what is taken from it by name."""
    try:
        with archive.open("rb") as file:
            # Reading the list costs memory for each entry: look before that.
            if _count(file, _ENTRY) > 20 * MAX_FILES:  # archives inside have lists too
                raise _too_many(archive)
        opened = zipfile.ZipFile(archive)
    except IngestError:
        raise
    except PermissionError as error:
        raise UnreadableFile(
            archive, "permission denied", "allow yourself to read it and add it again"
        ) from error
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile(
            archive, "no zip archive, or a damaged one", "make the archive again"
        ) from error
    if len(opened.infolist()) > MAX_FILES:
        raise _too_many(archive)
    entries = dict(_entries(opened.infolist()))
    if sum(entry.info.file_size for entry in entries.values()) > MAX_UNPACKED:
        limit = f"{MAX_UNPACKED / 1_000_000_000:g} GB"
        raise FileTooLarge(archive, f"it unpacks to more than {limit}", "split the archive")
    return opened, entries


def _too_many(archive: Path) -> FileTooLarge:
    return FileTooLarge(archive, f"more than {MAX_FILES:,} files", "split the archive")


def _count(file: IO[bytes], what: bytes) -> int:
    count, tail = 0, b""
    while block := file.read(1 << 20):
        count += (tail + block).count(what)
        tail = block[1 - len(what) :]
    return count


def _entries(infos: list[zipfile.ZipInfo]) -> Iterator[tuple[str, Entry]]:
    taken: set[str] = set()
    # Of two files of one name the last counts, as wherever archives are unpacked.
    for info in reversed(infos):
        name, outside = _name(info)
        path = PurePosixPath(name)
        if info.is_dir() or not path.name or _hidden(path):
            continue
        link = stat.S_ISLNK(info.external_attr >> 16)
        suffix = path.suffix.lower()
        if suffix not in SUFFIXES and suffix != SUFFIX and not link:
            continue
        entry = Entry(info)
        if name in taken:
            number = 2
            while f"{name} ({number})" in taken:
                number += 1
            name = f"{name} ({number})"
            entry = Entry(info, ("the archive has another file of this name", "rename one"))
        elif outside:
            problem = f"its name in the archive leads out of it ({info.filename})"
            entry = Entry(info, (problem, "zip the folder itself"))
        elif link:
            entry = Entry(info, ("a link and not a file", "put the file itself into the archive"))
        elif info.flag_bits & _ENCRYPTED:
            entry = Entry(info, _LOCKED)
        elif suffix == SUFFIX:
            entry = Entry(info, ("an archive within an archive", "unpack it and add what is in it"))
        elif info.compress_type not in _METHODS:
            entry = Entry(info, ("packed in an unusual way", "make an ordinary zip archive"))
        taken.add(name)
        yield name, entry


def _hidden(path: PurePosixPath) -> bool:
    """As in a folder; and what macOS puts beside every file."""
    return path.name.startswith("~$") or any(
        part.startswith(".") or part == "__MACOSX" for part in path.parts
    )


def _name(info: zipfile.ZipInfo) -> tuple[str, bool]:
    """The path of an entry with slashes, never leading out; and whether it meant to."""
    written = info.filename
    if not info.flag_bits & _UTF8_NAME:
        # Python takes an unmarked name for code page 437, as the format says; most are UTF-8.
        with suppress(UnicodeError):
            written = written.encode("cp437").decode("utf-8")
    written = written.replace("\\", "/")
    drive = re.match(r"[A-Za-z]:", written)
    parts = PurePosixPath(written[2:] if drive else written).parts
    outside = drive is not None or ".." in parts or written.startswith("/")
    return "/".join(part for part in parts if part not in ("..", "/", "//")), outside
