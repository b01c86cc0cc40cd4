"""Conversations kept on disk, to be opened again after a reload or a restart.

One JSON file a conversation, in a folder for each owner (``qa.chat.visitor``
says who that is). What is kept is data: the question, the filters left out, the
answer. Whoever draws it proves every quote again; no HTML is ever kept. Knows
nothing of the page.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from qa.errors import HistoryError
from qa.types import Answer, FilterKey

TITLE = 120  # characters
MAX_BYTES = 20_000_000  # of one conversation
_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, the kinds of filter it was asked without, and its answer."""

    question: str
    without: frozenset[FilterKey]
    answer: Answer


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation as it is kept: 16 hexadecimal digits, when it began (UTC), what was said."""

    id: str
    begun: datetime
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list of conversations; *title*: its first question, cut."""

    id: str
    title: str
    changed: datetime
    questions: int


@dataclass(frozen=True, slots=True)
class _File:
    kutip_conversation: Literal[1]
    begun: datetime
    changed: datetime
    exchanges: tuple[Exchange, ...]


@cache
def _form() -> TypeAdapter[_File]:
    return TypeAdapter(_File)


class History:
    """The conversations in *folder*. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._lines: dict[Path, tuple[int, int, Listed | None]] = {}
        self._writers: dict[tuple[str, str], str] = {}

    def listed(self, owner: str) -> list[Listed]:
        """The conversations of *owner*, the last changed first; a broken file is left out."""
        with self._lock:
            try:
                paths = [p for p in self._home(owner).glob("*.json") if _ID.fullmatch(p.stem)]
            except OSError:
                return []
            lines = [line for path in paths if (line := self._line(path))]
        return sorted(lines, key=lambda line: (line.changed, line.id), reverse=True)

    def open(self, owner: str, id: str, writer: str = "") -> Kept:
        """A conversation of *owner*; what *writer* adds from now on goes into its file.

        Raises ``HistoryError``.
        """
        path = self._path(owner, id)
        with self._lock:
            found = _read(path)
            self._writers[owner, id] = writer
        return Kept(id, found.begun, found.exchanges)

    def save(self, owner: str, kept: Kept, writer: str = "") -> None:
        """Keep a conversation in the place of its old self, whole or not at all.

        *writer*: the page it is in. One that has been opened in another page since
        goes on under another id there: neither page overwrites the other. Raises
        ``HistoryError``.
        """
        self._path(owner, kept.id)
        with self._lock:
            id = kept.id
            if self._writers.setdefault((owner, id), writer) != writer:
                id = hashlib.sha256(f"{id} {writer}".encode()).hexdigest()[:16]
            file = _File(1, kept.begun, datetime.now(UTC), kept.exchanges)
            # ASCII: a question may hold half a surrogate pair, which UTF-8 cannot.
            data = json.dumps(_form().dump_python(file, mode="json")).encode("ascii")
            path = self._path(owner, id)
            if len(data) > MAX_BYTES:
                raise HistoryError(f"{path}: too long to be kept; start a new conversation")
            try:
                _replace(path, data)
            except OSError as error:
                raise HistoryError(
                    f"{path}: {error.strerror or error}; the conversation is not kept"
                ) from error

    def remove(self, owner: str, id: str) -> None:
        """Delete a conversation for good; one that is gone already is no error.

        Raises ``HistoryError``.
        """
        path = self._path(owner, id)
        with self._lock:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise HistoryError(f"{path}: {error.strerror or error}; delete the file") from error
            self._lines.pop(path, None)
            self._writers.pop((owner, id), None)

    def _home(self, owner: str) -> Path:
        # Hashed, so that no name leads anywhere else, and no key can be read off a folder.
        return self._folder / hashlib.sha256(owner.encode("utf-8", "replace")).hexdigest()[:32]

    def _path(self, owner: str, id: str) -> Path:
        if not _ID.fullmatch(id):
            raise HistoryError(f"{id[:80]!r}: no such conversation; choose one of the list")
        return self._home(owner) / f"{id}.json"

    def _line(self, path: Path) -> Listed | None:
        """The line of a file; read only if the file has changed since it was read last."""
        try:
            state = path.stat()
            size, time = state.st_size, state.st_mtime_ns
            if self._lines.get(path, (0, 0, None))[:2] != (size, time):
                self._lines[path] = (size, time, _summary(path.stem, _read(path)))
        except (OSError, HistoryError):
            return None
        return self._lines[path][2]


def _summary(id: str, found: _File) -> Listed | None:
    if not found.exchanges:
        return None
    title = " ".join(found.exchanges[0].question.split())
    if len(title) > TITLE:
        title = title[: TITLE - 1].rstrip() + "…"
    return Listed(id, title, found.changed, len(found.exchanges))


def _read(path: Path) -> _File:
    remedy = "delete it, or choose another conversation"
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise HistoryError(f"{path}: larger than any conversation; {remedy}")
        return _form().validate_python(json.loads(data))
    except FileNotFoundError as error:
        raise HistoryError(f"{path}: there is no such conversation any more") from error
    except OSError as error:
        raise HistoryError(f"{path}: {error.strerror or error}; {remedy}") from error
    except (ValueError, RecursionError, ValidationError) as error:
        raise HistoryError(f"{path}: not a conversation; {remedy}") from error


def _replace(path: Path, data: bytes) -> None:
    """Put *data* into the file *path*, for its owner's eyes only; raises ``OSError``."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
