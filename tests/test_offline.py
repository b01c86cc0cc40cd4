"""Promises about the network: nothing but this machine is contacted.

Two proofs: the commands run where there is no network at all (a Linux network
name space of their own), and under a guard that raises on any attempt.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import ARTICLES, ROOT, child_environment

# Loaded by every Python that starts with this folder on its path.
GUARD = """
import socket

class Refused(BaseException):
    "Not an Exception: no library may swallow it."

def guard(host):
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host not in (None, "", "localhost", "::1") and not str(host).startswith("127."):
        with open({log!r}, "a") as log:
            print(host, file=log)
        raise Refused(host)

def checked(real):
    def call(self, address, *rest):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            guard(address[0])
        return real(self, address, *rest)
    return call

for name in ("connect", "connect_ex"):
    setattr(socket.socket, name, checked(getattr(socket.socket, name)))

look_up = socket.getaddrinfo

def getaddrinfo(host, *rest, **named):
    guard(host)
    return look_up(host, *rest, **named)

socket.getaddrinfo = getaddrinfo
"""


def kutip(
    corpus: Path, *arguments: object, before: Sequence[str] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, sys.executable, "-m", "qa.cli", "--corpus", str(corpus), *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        cwd=ROOT,
        env=child_environment(**environment),
    )


def answered(corpus: Path, **options: Any) -> None:
    """Add all formats' samples and ask; the answer must be there."""
    added = kutip(corpus, "add", ARTICLES, **options)
    assert added.returncode == 0, added.stderr
    asked = kutip(corpus, "ask", "What did Jokowi say about data protection?", "--json", **options)
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)
    assert any("data pribadi" in citation["quote"] for citation in answer["citations"])


def _unshare() -> str | None:
    """The command that takes the network away, where this machine permits it."""
    program = shutil.which("unshare")
    if program is None:
        return None
    works = subprocess.run([program, "-rn", "true"], capture_output=True, check=False)
    return program if works.returncode == 0 else None


@pytest.mark.skipif(_unshare() is None, reason="unshare -rn is not permitted here")
def test_add_and_ask_with_the_network_taken_away(tmp_path: Path) -> None:
    """In a name space without any network, not even loopback, both commands do their work."""
    program = _unshare()
    assert program is not None
    gone = subprocess.run(
        [program, "-rn", sys.executable, "-c",
         "import socket; socket.create_connection(('127.0.0.1', 9), 1)"],
        capture_output=True,
        encoding="utf-8",
    )  # fmt: skip
    assert "Network is unreachable" in gone.stderr
    answered(tmp_path / "corpus", before=[program, "-rn"])


def test_add_and_ask_try_no_connection(tmp_path: Path) -> None:
    """Under a guard on sockets and look-ups, neither command tries one."""
    log = tmp_path / "attempts"
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD.format(log=str(log)))
    path = {"PYTHONPATH": f"{tmp_path / 'guard'}:{ROOT}"}
    # The guard is in force.
    probe = subprocess.run(
        [sys.executable, "-c", "import socket; socket.create_connection(('192.0.2.1', 80), 1)"],
        capture_output=True,
        encoding="utf-8",
        env=child_environment(**path),
    )
    assert "Refused" in probe.stderr
    log.unlink()
    answered(tmp_path / "corpus", **path)
    assert not log.exists()


def test_nothing_is_kept_to_be_told_to_anybody(tmp_path: Path) -> None:
    """ONNX Runtime would give this machine an id and note every process, to send it later.

    It does so in native code, which the guard does not see, and not where it takes the
    machine for one that runs tests; so no such sign is left.
    """
    home = tmp_path / "home"
    home.mkdir()
    plain = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT)}
    program = [sys.executable, "-m", "qa.cli", "--corpus", str(tmp_path / "corpus")]
    for verb in (["add", ARTICLES], ["ask", "What did Jokowi say about data protection?"]):
        done = subprocess.run(
            [*program, *map(str, verb)], env=plain, cwd=ROOT, capture_output=True, timeout=120
        )
        assert done.returncode == 0, done.stderr.decode()
    assert [path for path in home.rglob("*") if path.is_file()] == []


def test_a_language_model_elsewhere_is_not_even_looked_up(tmp_path: Path) -> None:
    """Unless its host is named, the address is an error before any attempt."""
    log = tmp_path / "attempts"
    (tmp_path / "sitecustomize.py").write_text(GUARD.format(log=str(log)))
    asked = kutip(
        tmp_path / "corpus", "ask", "Siapa?", "--llm", "https://example.org/v1",
        PYTHONPATH=f"{tmp_path}:{ROOT}",
    )  # fmt: skip
    assert asked.returncode == 2
    assert "--llm-allow-host example.org" in asked.stderr
    assert not log.exists()


@pytest.mark.tries_network
def test_the_tests_themselves_refuse_the_network(no_network: list[str]) -> None:
    """The fixture that every test runs under refuses connections and look-ups, and notes them."""
    with pytest.raises(OSError, match="refuse the network"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(OSError, match="refuse the network"):
        socket.getaddrinfo("example.org", 443)
    with socket.socket() as plain, pytest.raises(OSError, match="refuse the network"):
        plain.connect(("192.0.2.7", 80))
    assert no_network == ["192.0.2.1", "example.org", "192.0.2.7"]


def test_loopback_is_allowed() -> None:
    """A server on this machine can be reached."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=5),
    ):
        pass
