"""The endpoints for programs among Gradio's: ``/ask``, ``/search`` and ``/quotes``.

Documented in docs/server.md. Queued with the questions of the page, under the
same limit.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import gradio as gr
from gradio.events import api
from gradio.route_utils import FnIndexInferError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from qa.errors import KutipError
from qa.server.endpoints import Endpoints

NAMES = ("ask", "search", "quotes")


_CALL = re.compile(r"/gradio_api/call/(?:v2/)?([^/]+)/?")


async def misnamed(request: Request, error: Exception) -> Response:
    """Answer a call whose names are wrong: an endpoint that is not there, a value that is none.

    For FastAPI, of the errors in ``MISNAMED``: Gradio lets them pass for
    failures of its own. Any other is raised again.
    """
    called = _CALL.fullmatch(request.url.path)
    if request.method != "POST" or called is None:
        raise error
    known = called[1] in NAMES
    if not isinstance(error, TypeError) and not known:
        there = ", ".join(f"/{one}" for one in NAMES)
        return JSONResponse({"detail": f"no endpoint /{called[1]}; there are {there}"}, 404)
    if isinstance(error, TypeError) and known:
        said = str(error).partition(". Please click")[0]  # there is no page to click on
        return JSONResponse({"detail": f"{said}; docs/server.md lists the values"}, 400)
    raise error


MISNAMED: Mapping[Any, Any] = dict.fromkeys((KeyError, TypeError, FnIndexInferError), misnamed)


def publish(page: gr.Blocks, endpoints: Endpoints, queue: Mapping[str, Any]) -> None:
    """Add the endpoints to *page*, which is being built; *queue*: that of the questions."""

    @contextmanager
    def answering(request: gr.Request) -> Iterator[None]:
        # A call without a session of its own gets one, which nobody will come back to.
        sessions, name = page.state_holder, str(request.session_hash)
        known = sessions.session_data.get(name)
        if known is not None and not known.state_data:
            sessions.drop(name)  # type: ignore[attr-defined]  # see qa.server.sessions
        try:
            yield
        except KutipError as error:
            # What was wrong reaches the program as the message of the event ``error``.
            raise gr.Error(str(error), print_exception=False) from error

    def ask(
        question: str,
        request: gr.Request,
        without: list[str] | None = None,
        previous: list[str] | None = None,
        corpus: str = "",
    ) -> dict[str, Any]:
        """Answer a question with verbatim quotes, or abstain; the JSON of kutip ask --json."""
        with answering(request):
            return endpoints.ask(question, without or [], previous or [], corpus)

    def search(
        query: str,
        request: gr.Request,
        k: int = 10,
        without: list[str] | None = None,
        corpus: str = "",
    ) -> list[dict[str, Any]]:
        """The k best passages for a query; the JSON of kutip search --json."""
        with answering(request):
            return endpoints.search(query, k, without or [], corpus)

    def quotes(
        request: gr.Request,
        speaker: str = "",
        about: str = "",
        since: str = "",
        until: str = "",
        limit: int = 50,
        corpus: str = "",
        outlet: str = "",
    ) -> list[dict[str, Any]]:
        """Who said what; the JSON of kutip quotes --json, cut at limit."""
        with answering(request):
            return endpoints.quotes(speaker, about, since, until, limit, corpus, outlet)

    for function in (ask, search, quotes):
        api(
            function,
            api_name=function.__name__,
            **queue,
        )
    _fill_in(page, (ask, search, quotes))


def _fill_in(page: gr.Blocks, functions: Sequence[Callable[..., Any]]) -> None:
    """Let calls leave out the last values also where values have no names.

    Gradio knows the defaults but uses them for named values only; ``{"data":
    [question]}`` is all that most programs send.
    """
    defaults = {
        function.__name__: [
            None if parameter.default is parameter.empty else parameter.default
            for name, parameter in inspect.signature(function).parameters.items()
            if name != "request"
        ]
        for function in functions
    }
    check = page.validate_inputs

    def filled(function: Any, inputs: list[Any]) -> None:
        if function.api_name in defaults:
            if not inputs:
                raise gr.Error("no values; docs/server.md lists them", print_exception=False)
            inputs += defaults[function.api_name][len(inputs) :]
        check(function, inputs)

    page.validate_inputs = filled  # type: ignore[assignment]
