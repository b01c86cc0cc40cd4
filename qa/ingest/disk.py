"""A file on disk or inside a zip archive, by its path. See ``qa.ingest.archives``."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from pathlib import Path

from qa.errors import FileTooLarge, IngestError, UnreadableFile
from qa.ingest import archives


def status(path: Path) -> tuple[int, int]:
    """Size in bytes and time of change (ns since 1970; that of the archive).

    Raises ``OSError``, or ``IngestError`` for what is in an archive that cannot be read.
    """
    if inside := archives.split(path):
        return archives.status(*inside)
    found = os.stat(path)
    if not stat.S_ISREG(found.st_mode):
        what = "not a regular file"
        if stat.S_ISDIR(found.st_mode):
            os.scandir(path).close()  # permission denied says more, where it is
            what = "a folder"
        raise UnreadableFile(path, f"it is {what}", "add the files themselves")
    return found.st_size, found.st_mtime_ns


def exists(path: Path) -> bool:
    """Whether there is a file."""
    try:
        return status(path)[0] >= 0
    except (OSError, ValueError, IngestError):
        return False


def read(path: Path, max_bytes: int) -> bytes:
    """What is in the file; raises as ``status`` does, or ``FileTooLarge``."""
    if inside := archives.split(path):
        return archives.read(*inside, max_bytes)
    size, _ = status(path)
    # One byte more than allowed tells a file that grew since from one that fits.
    with path.open("rb") as file:
        data = file.read(max_bytes + 1) if size <= max_bytes else None
    if data is None or len(data) > max_bytes:
        limit = f"{max_bytes / 1_000_000:g} MB"
        raise FileTooLarge(path, f"larger than the limit of {limit}", "split the file")
    return data


def digest(path: Path) -> str:
    """The SHA-256 of the file in hexadecimal; raises as ``read`` does."""
    if inside := archives.split(path):
        return hashlib.sha256(archives.read(*inside, archives.MAX_UNPACKED)).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def origin(path: Path) -> str:
    """The absolute path as text; a file name need not be UTF-8, the database's text must."""
    return str(path.resolve()).encode("utf-8", "backslashreplace").decode()


def shown(path: str) -> str:
    """*path* as documents name it: without the surrogates of a file name that is not UTF-8."""
    return path.encode("utf-8", errors="replace").decode("utf-8")


def path_of(origin: str) -> Path:
    """The path of which ``origin`` made this text."""
    if os.path.exists(origin):
        return Path(origin)
    return Path(re.sub(r"\\udc([89a-f][0-9a-f])", lambda x: chr(0xDC00 + int(x[1], 16)), origin))
