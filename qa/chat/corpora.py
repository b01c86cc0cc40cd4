"""Several corpora behind one page: every visit looks at one of them, all its tabs at the same.

A visit is one page open in a browser. Knows nothing about what is shown: what
answers events is made once for each corpus (``followed``), and each event goes
to the one of the corpus that its visit looks at.
"""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import gradio as gr

from qa.chat.drawing import escape
from qa.errors import CorpusError, KutipError

if TYPE_CHECKING:
    from qa.corpus import Corpus

MOST_VISITS = 10_000  # that turned to another corpus, and are remembered

T = TypeVar("T")


def found_below(paths: Sequence[Path]) -> list[Path]:
    """The corpora that *paths* stand for: each a corpus, or a folder with corpora in it.

    Raises ``CorpusError`` for one that is neither: nothing is made here.
    """
    found = []
    for path in paths:
        folders = [path] if _is_corpus(path) else sorted(filter(_is_corpus, _folders(path)))
        if not folders:
            raise CorpusError(
                f"{path}: no corpus there; name the folder of a corpus, or a folder of such folders"
            )
        found += folders
    return found


def _folders(path: Path) -> list[Path]:
    try:
        return [entry for entry in path.iterdir() if entry.is_dir()]
    except OSError:
        return []


def _is_corpus(path: Path) -> bool:
    return (path / "kutip.db").is_file()


class Corpora:
    """The corpus that is served, and others that are opened when somebody turns to them."""

    def __init__(self, first: Corpus, also: Sequence[Path] = ()) -> None:
        """*also*: see ``found_below``, whose error it raises."""
        paths = list(dict.fromkeys(p.resolve() for p in [Path(first.path), *found_below(also)]))
        self._paths = dict(zip(_names(paths), paths, strict=True))
        self._opened = {self.names[0]: first}
        self._chosen: dict[str, str] = {}
        self._followed: list[_Followed] = []
        self._lock = threading.Lock()

    @property
    def names(self) -> list[str]:
        """What the corpora are called, the first one first."""
        return list(self._paths)

    def name(self, visit: str | None) -> str:
        """What the corpus is called that *visit* looks at; the first, until it turns to another."""
        return self._chosen.get(visit or "", self.names[0])

    def corpus(self, visit: str | None) -> Corpus:
        """The corpus that *visit* looks at."""
        return self._open(self.name(visit))

    def named(self, name: str = "") -> Corpus:
        """The corpus of that name, opened if need be; the first, if none is named.

        Raises ``KutipError`` if there is none, or if it cannot be opened.
        """
        name = name or self.names[0]
        if name not in self._paths:
            raise CorpusError(f"{name}: no such corpus; there are {', '.join(self.names)}")
        return self._open(name)

    def here(self) -> Corpus:
        """The corpus of the visit whose event is being answered."""
        return self.corpus(visit_of_event())

    def choose(self, visit: str | None, name: str) -> None:
        """Let *visit* look at the corpus *name*, which is opened if need be.

        Raises ``KutipError`` if it cannot be; the visit then stays where it was.
        """
        self.named(name)
        if visit:
            self._chosen[visit] = name
        while len(self._chosen) > MOST_VISITS:
            del self._chosen[next(iter(self._chosen))]

    def enter(self, request: gr.Request) -> Any:
        """The page opens, at the corpus that its address names (``?corpus=…``): the switcher."""
        visit = request.session_hash
        wanted = str(request.query_params.get("corpus") or "")
        if wanted in self._paths:
            with suppress(KutipError):
                self.choose(visit, wanted)
        return self._switcher(visit)

    def turn(self, name: str, request: gr.Request) -> Any:
        """The visit turns to another corpus: the switcher, which says where it is now."""
        try:
            self.choose(request.session_hash, name)
        except KutipError as error:
            gr.Warning(escape(str(error)), title="Kutip")
        return self._switcher(request.session_hash)

    def _switcher(self, visit: str | None) -> Any:
        # Gradio takes a choice that is called like a key of its texts ("corpus") for that text.
        choices = [(f"{name}\u2060", name) for name in self.names]
        return gr.Dropdown(choices=choices, value=self.name(visit), visible=len(self.names) > 1)

    def end(self, request: gr.Request) -> None:
        """The page was closed, or loaded again."""
        self.leave(request.session_hash)

    def leave(self, visit: str | None) -> None:
        """*visit* is over, or seems to be: what was ``followed`` is told, if it has such a method.

        Which corpus it looks at stays known: a page whose connection was cut for a
        moment must not be answered from another.
        """
        for followed in self._followed:
            followed._tell("leave", visit or "")

    def close(self) -> None:
        """Tell what was ``followed``, and close the corpora; but the first is not ours to close."""
        for followed in self._followed:
            followed._tell("close")
        for name, corpus in self._opened.items():
            if name != self.names[0]:
                corpus.close()

    def _open(self, name: str) -> Corpus:
        if name in self._opened:  # those who look at it do not wait for another to open
            return self._opened[name]
        with self._lock:  # two visits may turn to it at once
            if name not in self._opened:
                self._opened[name] = self._load(self._paths[name])
            return self._opened[name]

    def _load(self, path: Path) -> Corpus:
        from qa.corpus import Corpus

        return Corpus.open(path, make=False)

    def followed(self, make: Callable[[Corpus], T]) -> T:
        """What *make* makes of a corpus, made once for each.

        What is returned has the methods of one of them; each call goes to the one
        of the corpus that the visit of the event looks at.
        """
        self._followed.append(_Followed(self, make))
        return cast(T, self._followed[-1])


class _Followed:
    def __init__(self, corpora: Corpora, make: Callable[[Corpus], Any]) -> None:
        self._corpora = corpora
        self._make = make
        self._made: dict[str, Any] = {}
        self._making = threading.Lock()

    def _of(self, name: str) -> Any:
        corpus = self._corpora._open(name)
        with self._making:
            if name not in self._made:
                self._made[name] = self._make(corpus)
            return self._made[name]

    def _tell(self, name: str, *values: Any) -> None:
        for made in list(self._made.values()):
            if hasattr(made, name):
                getattr(made, name)(*values)

    def __getattr__(self, name: str) -> Any:
        # Gradio looks at the signature, and whether it yields.
        pattern = getattr(self._of(self._corpora.names[0]), name)

        # What comes when the visit has turned to another corpus meanwhile is not shown over that.
        if inspect.isgeneratorfunction(pattern):

            @functools.wraps(pattern)
            def stream(*values: Any, **named: Any) -> Iterator[Any]:
                at = self._corpora.name(visit := visit_of_event())
                step = None
                for step in getattr(self._of(at), name)(*values, **named):
                    yield step if self._corpora.name(visit) == at else _nothing_of(step)
                if self._corpora.name(visit) != at:  # Gradio shows the last step twice
                    yield _nothing_of(step)

            return stream

        @functools.wraps(pattern)
        def call(*values: Any, **named: Any) -> Any:
            at = self._corpora.name(visit := visit_of_event())
            result = getattr(self._of(at), name)(*values, **named)
            return result if self._corpora.name(visit) == at else _nothing_of(result)

        return call


def _nothing_of(result: Any) -> Any:
    """What leaves every output as it is that *result* was meant for."""
    return tuple(gr.skip() for _ in result) if isinstance(result, tuple) else gr.skip()


def visit_of_event() -> str | None:
    """The visit whose event is being answered on this thread; None outside of one."""
    from gradio.context import LocalContext

    request = LocalContext.request.get(None)
    return getattr(request, "session_hash", None)


def _names(paths: Sequence[Path]) -> list[str]:
    """The name of each folder, with as many of those above it as tell it from the others."""
    names = []
    for path in paths:
        depth = 1
        while depth < len(path.parts) and any(
            other.parts[-depth:] == path.parts[-depth:] for other in paths if other != path
        ):
            depth += 1
        names.append("/".join(path.parts[-depth:]))
    return names
