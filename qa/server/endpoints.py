"""What programs may ask for: an answer, passages, statements, each as the command prints it.

One set of functions under two doors, Gradio's API (``app``) and MCP
(``qa.server.mcp``), so that both say the same. They return what ``kutip ask``,
``search`` and ``quotes`` print with ``--json``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

from qa.answering.following import Turn
from qa.errors import BadRequest
from qa.ingest.dates import Period, read_period
from qa.output import Json, answer_json, hits_json, statements_json
from qa.types import Reason

if TYPE_CHECKING:
    from qa.corpus import Corpus
    from qa.types import Answer

MOST = 100  # passages, or statements, in one reply
MOST_PREVIOUS = 10  # questions, each of which is asked again


class Archive(Protocol):
    """The corpora that are served; see ``qa.chat.corpora``."""

    @property
    def names(self) -> list[str]:
        """What they are called, the first one first."""

    def named(self, name: str) -> Corpus:
        """Raises ``KutipError`` where there is none of that name."""


class Endpoints:
    """The corpora, as programs may ask them. Every method raises ``KutipError`` only.

    *corpus*: its name; "" is the first. *after*: what is done to an answer before
    it goes out, as asking a language model about it.
    """

    def __init__(
        self, archive: Archive, after: Callable[[Answer, Corpus], Answer] = lambda a, _: a
    ) -> None:
        self._archive = archive
        self._after = after

    @property
    def corpora(self) -> list[str]:
        """The names that *corpus* may have."""
        return self._archive.names

    def ask(
        self,
        question: str,
        without: Sequence[str] = (),
        previous: str | Sequence[str] = (),
        corpus: str = "",
    ) -> Json:
        """The object of ``kutip ask --json``.

        *previous*: the questions before this one as they were asked, the oldest
        first, to which it may leave its subject. They are asked again: nothing is
        remembered from call to call, and no quote is taken on trust.
        """
        asked, question, left_out = self._corpus(corpus), _text(question), _kinds(without)
        turns: list[Turn] = []
        for one in _conversation(previous):
            earlier = asked.ask(one, previous=turns)
            if earlier.reason is not Reason.EMPTY_QUESTION:
                turns.append(Turn.of(earlier))
        answer = asked.ask(question, without=left_out, previous=turns)
        return answer_json(self._after(answer, asked))

    def search(
        self, query: str, k: int = 10, without: Sequence[str] = (), corpus: str = ""
    ) -> list[Json]:
        """The list of ``kutip search --json``: the *k* best passages."""
        searched, most = self._corpus(corpus), _within_limits(k, "k")
        hits = searched.search(_text(query), most, without=_kinds(without))
        return hits_json(hits, searched)

    def quotes(
        self,
        speaker: str = "",
        about: str = "",
        since: str = "",
        until: str = "",
        limit: int = 50,
        corpus: str = "",
        outlet: str = "",
    ) -> list[Json]:
        """The list of ``kutip quotes --json``, cut at *limit*; an empty text is no filter."""
        searched = self._corpus(corpus)
        found = searched.statements(
            speaker=_text(speaker) or None,
            about=_text(about) or None,
            since=_day(since, "since", lambda period: period.first),
            until=_day(until, "until", lambda period: period.last),
            outlet=_text(outlet) or None,
        )
        return statements_json(found[: _within_limits(limit, "limit")], searched)

    def _corpus(self, name: object) -> Corpus:
        return self._archive.named(_text(name))


def _text(given: object) -> str:
    from qa.answering.question import MAX_LENGTH

    if not isinstance(given, str):
        raise BadRequest(f"{given!r} is no text; send a string")
    if len(given) > MAX_LENGTH:
        raise BadRequest(f"{len(given)} characters, more than {MAX_LENGTH}; shorten it")
    if any("\ud800" <= character <= "\udfff" for character in given):
        raise BadRequest("half a character (a lone surrogate); send whole ones")
    return given.strip()


def _conversation(given: object) -> list[str]:
    if isinstance(given, str):
        return [_text(given)]
    if not isinstance(given, (list, tuple)):
        raise BadRequest(f"previous={given!r} is no list of questions")
    if len(given) > MOST_PREVIOUS:
        raise BadRequest(
            f"previous: {len(given)} questions, more than {MOST_PREVIOUS}; send the last ones"
        )
    return [_text(one) for one in given]


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
