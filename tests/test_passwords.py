"""Promises of the file of users: no password can be read from it, and no mistake passes."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from qa import cli
from qa.errors import AuthFileError
from qa.server import passwords
from tests.helpers import ROOT, child_environment

GOOD = "kapal-perintis-7"
# RFC 7914, section 12: scrypt("pleaseletmein", "SodiumChloride", N=16384, r=8, p=1).
VECTOR = (
    "rfc:$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$"
    "cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw"
)


def test_a_password_opens_and_no_other(tmp_path: Path) -> None:
    """What was set is accepted; another password, another name and nothing at all are not."""
    file = tmp_path / "users"
    assert not passwords.put(file, "ana", GOOD)
    users = passwords.read(file)
    assert users.accept("ana", GOOD)
    for name, password in [("ana", GOOD + "x"), ("ana", ""), ("budi", GOOD), ("", "")]:
        assert not users.accept(name, password)
    assert not users.accept("ana", "x" * 5000)


def test_the_file_holds_no_password(tmp_path: Path) -> None:
    """Neither the password nor the same line twice for one password: every line has its salt."""
    file = tmp_path / "users"
    passwords.put(file, "ana", GOOD)
    passwords.put(file, "budi", GOOD)
    text = file.read_text("utf-8")
    assert GOOD not in text
    first, second = (line.split(":")[1] for line in text.splitlines())
    assert first != second
    assert first.startswith("$scrypt$ln=15,r=8,p=3$")


def test_the_hash_is_scrypt(tmp_path: Path) -> None:
    """A line made from the test vector of RFC 7914 opens with its password."""
    file = tmp_path / "users"
    file.write_text(VECTOR + "\n", "utf-8")
    assert passwords.read(file).accept("rfc", "pleaseletmein")


def test_an_accented_letter_is_itself_however_typed(tmp_path: Path) -> None:
    """One character or two: the same password."""
    file = tmp_path / "users"
    passwords.put(file, "ana", "sandi-rahasiá")
    assert passwords.read(file).accept("ana", "sandi-rahasia\u0301")


def test_changing_a_password_leaves_the_others(tmp_path: Path) -> None:
    """A second line never stands beside the first; comments and other users stay as they were."""
    file = tmp_path / "users"
    passwords.put(file, "ana", GOOD)
    passwords.put(file, "budi", GOOD)
    file.write_text("# desk\n" + file.read_text("utf-8"), "utf-8")
    before = file.read_text("utf-8").splitlines()
    assert passwords.put(file, "ana", "another-password")
    after = file.read_text("utf-8").splitlines()
    assert [after[0], after[2]] == [before[0], before[2]]
    users = passwords.read(file)
    assert users.accept("ana", "another-password")
    assert not users.accept("ana", GOOD)


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_only_its_owner_reads_the_file(tmp_path: Path) -> None:
    """Made for the owner alone, and closed again when it is written to; open ones are noticed."""
    file = tmp_path / "users"
    passwords.put(file, "ana", GOOD)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not passwords.open_to_others(file)
    file.chmod(0o644)
    assert passwords.open_to_others(file)
    passwords.put(file, "budi", GOOD)
    assert not passwords.open_to_others(file)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("budi:secret-in-plain-text", "line 3: not NAME:$scrypt$"),
        ("budi", "line 3: not NAME:$scrypt$"),
        ("budi:$scrypt$ln=15,r=8,p=1$c2FsdHNhbHQ$", "line 3: not NAME:$scrypt$"),
        ("budi:$scrypt$ln=40,r=8,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA", "a cost out of bounds"),
        ("budi:$scrypt$ln=15,r=8,p=1$c2E$aGFzaGhhc2hoYXNoaGFzaA", "the hash is cut short"),
        (VECTOR, "line 3: a second line for this name"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: str, said: str) -> None:
    """By its number, and never shown: it may hold a password."""
    file = tmp_path / "users"
    file.write_text(f"# users\n{VECTOR}\n{line}\n", "utf-8")
    with pytest.raises(AuthFileError) as caught:
        passwords.read(file)
    assert said in str(caught.value)
    assert "secret-in-plain-text" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "\n\n", "# nobody\n"])
def test_a_file_without_users_lets_nobody_in_by_mistake(tmp_path: Path, text: str) -> None:
    """An empty file is an error, not an open door."""
    file = tmp_path / "users"
    file.write_text(text, "utf-8")
    with pytest.raises(AuthFileError, match="nobody in it"):
        passwords.read(file)


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    """The message names the file and the command that makes one."""
    with pytest.raises(AuthFileError, match="kutip passwd"):
        passwords.read(tmp_path / "none")
    (tmp_path / "picture").write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(AuthFileError, match="not a text file"):
        passwords.read(tmp_path / "picture")


@pytest.mark.parametrize(
    "name", ["", "a b", "a:b", "$a", "#a", "x" * 65, "a\nb", "a\x1b[31m", "a\udcff"]
)
def test_impossible_names(tmp_path: Path, name: str) -> None:
    """A name that a line could not hold is refused, and no file is made."""
    with pytest.raises(AuthFileError, match="not a name"):
        passwords.put(tmp_path / "users", name, GOOD)
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_list_of_users_is_said(tmp_path: Path) -> None:
    """A folder or a picture named by mistake is an error with a remedy, and stays as it is."""
    picture = tmp_path / "foto.png"
    picture.write_bytes(b"\x89PNG\xff")
    with pytest.raises(AuthFileError, match=r"foto\.png: not a text file"):
        passwords.put(picture, "ana", GOOD)
    with pytest.raises(AuthFileError, match="choose another place"):
        passwords.put(tmp_path, "ana", GOOD)
    assert [one.name for one in tmp_path.iterdir()] == ["foto.png"]


def test_a_file_of_another_kind_is_not_written_to(tmp_path: Path) -> None:
    """Naming an article by mistake leaves it as it is."""
    file = tmp_path / "berita.txt"
    file.write_text("Kapal berlayar.\n", "utf-8")
    with pytest.raises(AuthFileError, match="line 1"):
        passwords.put(file, "ana", GOOD)
    assert file.read_text("utf-8") == "Kapal berlayar.\n"


# The command


def passwd(file: Path, name: str, password: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qa.cli", "passwd", str(file), name],
        input=password + "\n",
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env=child_environment(),
        timeout=120,
    )


def test_passwd_reads_the_password_from_a_pipe(tmp_path: Path) -> None:
    """The password comes from the input, never from an argument that others can list."""
    file = tmp_path / "users"
    done = passwd(file, "ana", GOOD)
    assert (done.returncode, done.stdout) == (0, f"added ana in {file}\n")
    assert passwords.read(file).accept("ana", GOOD)
    assert "changed ana" in passwd(file, "ana", "another-password").stdout


def test_passwd_refuses_a_short_password(tmp_path: Path) -> None:
    """It says how long one must be, and writes nothing."""
    done = passwd(tmp_path / "users", "ana", "short")
    assert done.returncode == 2
    assert "10 characters or more" in done.stderr
    assert not (tmp_path / "users").exists()


def test_two_different_passwords_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At a terminal it is asked for twice."""
    typed = iter([GOOD, GOOD + "x"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    assert cli.main(["passwd", str(tmp_path / "users"), "ana"]) == 2
    assert "differ" in capsys.readouterr().err
    assert not (tmp_path / "users").exists()


# Serving


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "kutip.example"])
def test_others_are_not_let_in_by_oversight(
    tmp_path: Path, host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An address that others reach needs --auth, or --no-auth in so many words."""
    assert cli.main(["--corpus", str(tmp_path / "corpus"), "serve", "--host", host]) == 2
    said = capsys.readouterr().err
    assert re.search(r"--auth FILE .*--no-auth", said)
    assert not (tmp_path / "corpus").exists()


def test_a_bad_file_of_users_stops_the_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything listens."""
    (tmp_path / "users").write_text("ana:plain\n", "utf-8")
    arguments = ["--corpus", str(tmp_path / "corpus"), "serve", "--auth", str(tmp_path / "users")]
    assert cli.main(arguments) == 2
    assert "line 1" in capsys.readouterr().err
