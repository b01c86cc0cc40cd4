"""How much a request may bring, how many may wait, and under which name this machine answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse

from qa.chat.language import language_of
from qa.chat.wording import say

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 4 * 2**20  # bytes of any other request: a question has 2,000 characters
AT_ONCE = 4  # questions being answered
# The queue that the page and programs share, in Gradio's terms.
QUESTIONS: Mapping[str, Any] = {"concurrency_limit": AT_ONCE, "concurrency_id": "ask"}
MAX_TABS = 500  # whose conversations are in memory, up to a megabyte each; Gradio keeps 10,000
MAX_WAITING = 100  # events in the queue; some seconds' worth of questions

_JOIN = "/gradio_api/queue/join"
_UPLOADS = ("/gradio_api/upload", "/gradio_api/component_server")


def _named(address: str) -> str:
    """The name in HOST:PORT or a URL; "" where there is none, or what is there is no address."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether *host*, a name or address, with or without brackets, is this machine alone."""
    name = host.strip("[]").lower().rstrip(".")
    return name in ("localhost", "::1") or (
        name.startswith("127.") and name.replace(".", "").isdigit()
    )


class OwnName:
    """Answers to the names of this machine alone, and to pages of this machine alone.

    A page from elsewhere can have its name lead to 127.0.0.1 and then read what
    is served there (DNS rebinding); the browser still says the name.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            # A port follows; an address of version 6 has colons of its own, in brackets.
            named = _named(f"//{headers.get('host', '')}")
            origin = headers.get("origin")
            foreign = origin is not None and not is_loopback(_named(origin))
            if not is_loopback(named) or foreign:
                response = PlainTextResponse(
                    "this server answers on its own machine only, as http://127.0.0.1; "
                    "for others start it with --auth, or with --no-auth\n",
                    421,
                )
                await response(scope, receive, send)
                return
        await self.app(scope, receive, send)


class Limits:
    """Refuses what is too large, and says in the reader's language that too many wait.

    *waiting*: how many events wait now. Gradio keeps the limit itself, but its
    page says so in English only.
    """

    def __init__(self, app: ASGIApp, waiting: Callable[[], int]) -> None:
        self.app = app
        self.waiting = waiting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        headers, path = Headers(scope=scope), scope["path"].rstrip("/")
        browser = "sec-fetch-mode" in headers
        if path == _JOIN and browser and self.waiting() >= MAX_WAITING:
            said = {"detail": say(language_of(headers), "busy")}
            # Not 503, for which Gradio's page has words of its own.
            await JSONResponse(said, 429, {"Retry-After": "2"})(scope, receive, send)
            return
        if path in _UPLOADS:
            await self.app(scope, receive, send)
            return
        declared = headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared) > MAX_BODY:
            await self._too_large()(scope, receive, send)
            return
        await self._counted(scope, receive, send)

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, unless more comes than was declared."""
        brought, started = 0, False

        async def count() -> Message:
            nonlocal brought
            message = await receive()
            brought += len(message.get("body", b""))
            if brought > MAX_BODY:
                raise _TooMuch
            return message

        async def noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, count, noting)
        except _TooMuch:
            if not started:
                await self._too_large()(scope, receive, send)

    @staticmethod
    def _too_large() -> JSONResponse:
        said = f"more than {MAX_BODY // 2**20} MB; files go to /gradio_api/upload"
        return JSONResponse({"detail": said}, 413, {"Connection": "close"})


class _TooMuch(Exception):
    pass
