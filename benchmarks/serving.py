"""A real ``kutip serve`` in a process of its own, for what is measured from outside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ARTICLES = ROOT / "seeds" / "articles"


@dataclass(frozen=True, slots=True)
class Served:
    """*seconds*: from the start of the process to the first whole page."""

    url: str
    process: subprocess.Popen[bytes]
    seconds: float

    def resident(self) -> float:
        """Memory of the process in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024

    def worked(self) -> float:
        """Seconds of processor time that the process has used, whatever else ran."""
        line = Path(f"/proc/{self.process.pid}/stat").read_text("ascii")
        fields = line.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(corpus: Path, *options: str, patience: float = 60.0) -> Iterator[Served]:
    """Start ``kutip serve`` on *corpus*, wait for the page, and stop it at the end."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KUTIP_")}
    environment = kept | {"PYTHONPATH": os.pathsep.join([str(ROOT), kept.get("PYTHONPATH", "")])}
    command = [sys.executable, "-m", "qa.cli", "--corpus", str(corpus)]
    command += ["serve", "--port", str(port), *options]
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        while not _answers(url):
            if process.poll() is not None or time.perf_counter() - started > patience:
                raise RuntimeError(f"no page at {url}; exit status {process.poll()}")
            time.sleep(0.01)
        yield Served(url, process, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as reply:
            return b"Kutip" in reply.read()
    except urllib.error.HTTPError as error:
        return error.code == 401  # the login
    except OSError:
        return False


def fill(corpus: Path) -> None:
    """Add the sample articles."""
    from qa.corpus import Corpus

    with Corpus.open(corpus) as opened:
        opened.add(ARTICLES)
