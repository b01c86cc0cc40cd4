"""What every test runs under, and the corpora they share.

``FakeEmbedder`` (in ``helpers``) is for logic: its cosines can be worked out by
hand. The bundled model is for meaning. Every test runs with the network refused.
"""

from __future__ import annotations

import asyncio
import gc
import shutil
import socket
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from qa.corpus import Corpus
from qa.types import Embedder
from tests.helpers import ARTICLES, AXES, FakeEmbedder

# A time limit a test would pass or fail with the load of the machine.
settings.register_profile(
    "kutip", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("kutip")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "tries_network: the code under test may try the network; it is refused"
    )


@pytest.fixture(autouse=True, scope="session")
def own_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Corpora that the evaluation keeps go into a temporary folder, not the user's cache.

    And the user's language model is not asked.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("KUTIP_LLM_URL", raising=False)
        patch.setenv("KUTIP_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


# Nothing leaves the machine


class NetworkRefused(OSError):
    """A test reached for another machine."""


def _is_loopback(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host in ("", "localhost", "0.0.0.0", "::", "::1"):
        return True
    return isinstance(host, str) and host.startswith("127.")


@pytest.fixture(autouse=True)
def no_network(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[str]]:
    """Refuses every connection and look-up beyond loopback, and says if one was tried.

    A library may swallow the error, so an attempt fails the test at its end as
    well, unless the test is marked ``tries_network``.
    """
    attempts: list[str] = []

    def guard(host: object) -> None:
        if not _is_loopback(host):
            attempts.append(str(host))
            raise NetworkRefused(f"the tests refuse the network: {host}")

    def checked(name: str) -> Callable[..., Any]:
        real = getattr(socket.socket, name)

        def call(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                guard(address[0])
            return real(self, address)

        return call

    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
        guard(host)
        return look_up(host, *rest, **named)

    monkeypatch.setattr(socket.socket, "connect", checked("connect"))
    monkeypatch.setattr(socket.socket, "connect_ex", checked("connect_ex"))
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield attempts
    if not request.node.get_closest_marker("tries_network"):
        assert not attempts, f"tried to reach {attempts}"


# Corpora


@pytest.fixture
def open_corpus(tmp_path: Path) -> Iterator[Callable[..., Corpus]]:
    """Opens a corpus in ``tmp_path / "corpus"`` (or a named folder), and closes it afterwards."""
    opened: list[Corpus] = []

    def open_one(embedder: Embedder | None = None, folder: str = "corpus", **named: Any) -> Corpus:
        corpus = Corpus.open(tmp_path / folder, embedder=embedder or FakeEmbedder(*AXES), **named)
        opened.append(corpus)
        return corpus

    yield open_one
    for corpus in opened:
        corpus.close()


# The real thing


@pytest.fixture(scope="module")
def collected() -> Iterator[None]:
    """What Gradio leaves to the collector goes with its module, not into another's test."""
    yield
    # A page puts a loop of its own there and leaves it open: the next ``asyncio.run`` of another
    # module would let go of it.
    asyncio.set_event_loop(None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


@pytest.fixture(scope="session")
def sample_corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """The sample articles under the bundled model. Read only: shared by every test."""
    with Corpus.open(tmp_path_factory.mktemp("sample") / "corpus") as corpus:
        report = corpus.add(ARTICLES)
        assert not report.failed
        # It now remembers the refusal as it ships, whatever the first test puts in its place.
        corpus.calibration()
        yield corpus


@pytest.fixture
def sample_copy(sample_corpus: Corpus, tmp_path: Path) -> Path:
    """A folder with a copy of the sample corpus, to be changed at will."""
    target = tmp_path / "sample"
    target.mkdir()
    for file in sample_corpus.path.iterdir():
        shutil.copy(file, target / file.name)
    return target
