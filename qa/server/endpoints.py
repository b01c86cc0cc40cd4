"""What programs may ask for: an answer, passages, statements, each as the command prints it.

One set of functions under two doors, Gradio's API (``app``) and MCP
(``qa.server.mcp``), so that both say the same. They return what ``kutip ask``,
``search`` and ``quotes`` print with ``--json``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from qa.errors import BadRequest
from qa.ingest.dates import Period, read_period
from qa.output import Json, answer_json, hits_json, statements_json

if TYPE_CHECKING:
    from qa.corpus import Corpus
    from qa.types import Answer

MOST = 100  # passages, or statements, in one reply


class Endpoints:
    """The corpus, as programs may ask it. Every method raises ``KutipError`` only.

    *after*: what is done to an answer before it goes out, as asking a language
    model about it.
    """

    def __init__(self, corpus: Corpus, after: Callable[[Answer], Answer] = lambda a: a) -> None:
        self._corpus = corpus
        self._after = after

    def ask(self, question: str, without: Sequence[str] = ()) -> Json:
        """The object of ``kutip ask --json``."""
        answer = self._corpus.ask(_text(question), without=_kinds(without))
        return answer_json(self._after(answer))

    def search(self, query: str, k: int = 10, without: Sequence[str] = ()) -> list[Json]:
        """The list of ``kutip search --json``: the *k* best passages."""
        most = _within_limits(k, "k")
        hits = self._corpus.search(_text(query), most, without=_kinds(without))
        return hits_json(hits, self._corpus)

    def quotes(
        self,
        speaker: str = "",
        about: str = "",
        since: str = "",
        until: str = "",
        limit: int = 50,
    ) -> list[Json]:
        """The list of ``kutip quotes --json``, cut at *limit*; an empty text is no filter."""
        found = self._corpus.statements(
            speaker=_text(speaker) or None,
            about=_text(about) or None,
            since=_day(since, "since", lambda period: period.first),
            until=_day(until, "until", lambda period: period.last),
        )
        return statements_json(found[: _within_limits(limit, "limit")], self._corpus)


def _text(given: object) -> str:
    from qa.answering.question import MAX_LENGTH

    if not isinstance(given, str):
        raise BadRequest(f"{given!r} is no text; send a string")
    if len(given) > MAX_LENGTH:
        raise BadRequest(f"{len(given)} characters, more than {MAX_LENGTH}; shorten it")
    if any("\ud800" <= character <= "\udfff" for character in given):
        raise BadRequest("half a character (a lone surrogate); send whole ones")
    return given.strip()


def _kinds(given: object) -> list[str]:
    if not isinstance(given, (list, tuple)):
        raise BadRequest(f"without={given!r} is no list of kinds of filter")
    return [_text(kind) for kind in given]


def _within_limits(number: object, name: str) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= MOST:
        raise BadRequest(f"{name}={number!r} is not a whole number from 1 to {MOST}")
    return number


def _day(given: object, name: str, side: Callable[[Period], date]) -> date | None:
    written = _text(given)
    if not written:
        return None
    if period := read_period(written):
        return side(period)
    raise BadRequest(f"{name}={written!r} is no date; write 2019, 2019-09 or 2019-09-10")
