"""The file of users and passwords: one line a user, the password hashed with scrypt.

A line reads ``NAME:$scrypt$ln=15,r=8,p=3$SALT$HASH`` (the PHC string format,
both parts in base64); empty lines and lines that start with ``#`` are skipped.
Whoever reads the file learns no password, and finding one by trying costs what
a login costs: 32 MB and about a quarter of a second each.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qa.errors import AuthFileError

# Cost, block size and parallelism: OWASP's second choice (memory of 128 * r * 2**LN bytes).
LN, R, P = 15, 8, 3
SALT, KEY = 16, 32  # bytes
SHORTEST, LONGEST = 10, 1024  # characters of a password
LONGEST_NAME = 64

_LINE = re.compile(r"([^:$\s]+):\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)")


@dataclass(frozen=True, slots=True)
class Hashed:
    """A password that cannot be read back."""

    ln: int
    r: int
    p: int
    salt: bytes
    key: bytes

    @classmethod
    def of(cls, password: str) -> Hashed:
        salt = secrets.token_bytes(SALT)
        return cls(LN, R, P, salt, _scrypt(password, salt, LN, R, P, KEY))

    def fits(self, password: str) -> bool:
        """Whether this was made from *password*; as slow for a wrong one as for the right one."""
        key = _scrypt(password, self.salt, self.ln, self.r, self.p, len(self.key))
        return hmac.compare_digest(key, self.key)

    def __str__(self) -> str:
        salt, key = (base64.b64encode(part).decode().rstrip("=") for part in (self.salt, self.key))
        return f"$scrypt$ln={self.ln},r={self.r},p={self.p}${salt}${key}"


# What a name that nobody has is checked against, so that it takes as long as any other.
_NOBODY = Hashed(LN, R, P, secrets.token_bytes(SALT), secrets.token_bytes(KEY))


@dataclass(frozen=True, slots=True)
class Users:
    """Who may enter, by name."""

    hashed: Mapping[str, Hashed]

    def accept(self, name: str, password: str) -> bool:
        """Whether *name* has this *password*."""
        if len(password) > LONGEST:
            return False
        known = self.hashed.get(name)
        fits = (known or _NOBODY).fits(password)
        return fits and known is not None


def read(path: Path) -> Users:
    """The users in the file at *path*.

    Raises ``AuthFileError``, naming the line, where there is no such file, no
    user in it, or a line that cannot be read.
    """
    hashed: dict[str, Hashed] = {}
    text = _text(path, f"make it with: kutip passwd {path} NAME")
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, found = _parse(line.strip(), f"{path}, line {number}")
        if name in hashed:
            raise AuthFileError(f"{path}, line {number}: a second line for this name; remove one")
        hashed[name] = found
    if not hashed:
        raise AuthFileError(f"{path}: nobody in it; add somebody with: kutip passwd {path} NAME")
    return Users(hashed)


def _text(path: Path, remedy: str) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise AuthFileError(f"{path}: not a text file; make one with kutip passwd") from error
    except OSError as error:
        raise AuthFileError(f"{path}: {error.strerror}; {remedy}") from error


def _parse(line: str, where: str) -> tuple[str, Hashed]:
    # A message never shows the line: it may hold a password in plain text.
    found = _LINE.fullmatch(line)
    if found is None:
        raise AuthFileError(
            f"{where}: not NAME:$scrypt$…; write it with kutip passwd, never by hand"
        )
    name, *costs, salt, key = found.groups()
    ln, r, p = map(int, costs)
    if not (10 <= ln <= 20 and 1 <= r <= 32 and 1 <= p <= 16):
        raise AuthFileError(f"{where}: a cost out of bounds; write the line with kutip passwd")
    hashed = Hashed(ln, r, p, _decoded(salt), _decoded(key))
    if len(hashed.salt) < 8 or len(hashed.key) < 16:
        raise AuthFileError(f"{where}: the hash is cut short; write the line with kutip passwd")
    return name, hashed


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        return b""


def check_name(name: str) -> None:
    """Raises ``AuthFileError`` for a name that a line could not hold."""
    fits = name.isprintable() and re.fullmatch(r"[^:$#\s][^:$\s]*", name)
    if not fits or len(name) > LONGEST_NAME:
        raise AuthFileError(
            f"{name!r}: not a name; use 1 to {LONGEST_NAME} characters without spaces, : $ or #"
        )


def check_password(password: str) -> None:
    """Raises ``AuthFileError`` for a password that is soon found, or absurdly long."""
    if len(password) < SHORTEST:
        raise AuthFileError(f"too short; a password needs {SHORTEST} characters or more")
    if len(password) > LONGEST:
        raise AuthFileError(f"too long; a password may have {LONGEST} characters at most")


def put(path: Path, name: str, password: str) -> bool:
    """Write a line for *name* into the file at *path*, making it if need be.

    True if it takes the place of an earlier line. Readable by the owner alone;
    written beside and moved into place, so that a cut leaves the old file.
    Raises ``AuthFileError`` for a bad name or password, or a file that cannot
    be read or written.
    """
    check_name(name)
    check_password(password)
    path = path.resolve()  # of a link, what it leads to
    lines: list[str] = []
    mode = 0o600
    if os.path.lexists(path):
        lines = _text(path, "choose another place").splitlines()
        if any(line.strip() and not line.startswith("#") for line in lines):
            read(path)  # a file of another kind is not written to
        mode = stat.S_IMODE(path.stat().st_mode) & 0o600
    mine = f"{name}:"
    line = f"{mine}{Hashed.of(password)}"
    at = next((i for i, old in enumerate(lines) if old.strip().startswith(mine)), len(lines))
    replaced = at < len(lines)
    lines[at : at + 1] = [line]
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise AuthFileError(f"{path}: {error.strerror}; choose another place") from error
    return replaced


def open_to_others(path: Path) -> bool:
    """Whether other users of this machine may read or change the file (never on Windows)."""
    return os.name == "posix" and bool(path.stat().st_mode & 0o077)


def _scrypt(password: str, salt: bytes, ln: int, r: int, p: int, length: int) -> bytes:
    memory = 128 * r * 2**ln
    return hashlib.scrypt(
        _bytes(password), salt=salt, n=2**ln, r=r, p=p, dklen=length, maxmem=2 * memory
    )


def _bytes(password: str) -> bytes:
    # One keyboard types an accented letter as one character, another as two.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
