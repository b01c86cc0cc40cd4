"""Nobody passes without a password: sessions for browsers, basic authentication for programs.

``Gate`` stands before everything that is served, the page, its files, uploads,
the API and MCP alike; what it does not know it refuses. A browser logs in once
at ``/login`` and carries a cookie; a program sends its name and password with
each request (``curl -u``), or logs in like a browser (``gradio_client``'s
``auth``). Whoever guesses waits longer and longer.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import anyio
import anyio.to_thread
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from qa.chat.language import language_of
from qa.server import entrance
from qa.server.passwords import Users

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LASTS = 7 * 24 * 3600.0  # s, of a session
FREE = 5  # wrong passwords before the first wait
LONGEST_WAIT = 900.0  # s
MOST = 10_000  # sessions, and addresses, that are remembered
FORM = 8_192  # bytes of a login

# Gradio asks its own server for this at the start, and answers nothing of use to anybody.
OPEN = {"/gradio_api/startup-events"}
USER = "kutip.user"  # in the scope of a request that passed


class Slowdown:
    """Makes those who guess wait: 1 s after ``FREE`` wrong passwords, then twice as long each time.

    By address, so that nobody can lock another out. What is long ago is forgotten.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failed: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait(self, address: str) -> float:
        """Seconds until *address* may try again; 0: now."""
        count, last = self._failed.get(address, (0, 0.0))
        return max(0.0, last + self._pause(count) - self._now())

    def failed(self, address: str) -> None:
        count, last = self._failed.pop(address, (0, 0.0))
        if self._now() - last > 2 * LONGEST_WAIT:
            count = 0
        self._failed[address] = count + 1, self._now()
        while len(self._failed) > MOST:
            self._failed.popitem(last=False)

    def succeeded(self, address: str) -> None:
        self._failed.pop(address, None)

    @staticmethod
    def _pause(count: int) -> float:
        return 0.0 if count < FREE else min(LONGEST_WAIT, 2.0 ** min(count - FREE, 30))


class Sessions:
    """Who is logged in, in memory: a restart ends every session."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._open: OrderedDict[bytes, tuple[str, float]] = OrderedDict()

    def start(self, user: str) -> str:
        """A new session; returns what its cookie holds."""
        token = secrets.token_urlsafe(32)
        self._open[self._key(token)] = user, self._now() + LASTS
        while len(self._open) > MOST:
            self._open.popitem(last=False)
        return token

    def user(self, token: str) -> str | None:
        user, ends = self._open.get(self._key(token), (None, 0.0))
        return user if ends > self._now() else None

    def end(self, token: str) -> None:
        self._open.pop(self._key(token), None)

    @staticmethod
    def _key(token: str) -> bytes:
        # Looked up by its hash: how long that takes tells nothing about a token.
        return hashlib.sha256(token.encode()).digest()


class Gate:
    """Lets through who is among *users*; the rest see the login and nothing else."""

    def __init__(
        self, app: ASGIApp, users: Users, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.app = app
        self.users = users
        self.sessions = Sessions(now)
        self.slowdown = Slowdown(now)
        # Programs send their password each time, which is too slow to check each time.
        self._secret = secrets.token_bytes(32)
        self._passed: OrderedDict[bytes, str] = OrderedDict()
        # One check at a time and the memory of one: whoever guesses cannot take the machine.
        self._room = anyio.CapacityLimiter(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers, path = Headers(scope=scope), scope["path"]
        token = cookie_parser(headers.get("cookie", "")).get(cookie(scope))
        user = self.sessions.user(token) if token else None
        if path.rstrip("/") == "/login":
            await self._login(scope, receive, send)
        elif path.rstrip("/") == "/logout":
            self.sessions.end(token or "")
            response: Response = RedirectResponse("/login", 303)
            response.delete_cookie(cookie(scope))
            await response(scope, receive, send)
        elif user is not None or path in OPEN:
            await self.app({**scope, USER: user}, receive, send)
        elif (given := _basic(headers)) is not None:
            await self._program(given, scope, receive, send)
        else:
            await self._refuse(scope, receive, send)

    async def _login(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers, language = Headers(scope=scope), language_of(Headers(scope=scope))
        page = "text/html" in headers.get("accept", "")
        if scope["method"] != "POST":
            response: Response = HTMLResponse(entrance.page(language))
            await response(scope, receive, send)
            return
        name, password = _fields(await _body(receive))
        wait = await self._check(name, password, _address(scope))
        if wait is None:
            response = RedirectResponse("/", 303) if page else JSONResponse({"success": True})
            response.set_cookie(
                cookie(scope),
                self.sessions.start(name),
                max_age=int(LASTS),
                httponly=True,
                samesite="lax",
                secure=scope["scheme"] == "https",
            )
        elif page:
            html = entrance.page(language, name=name, wait=math.ceil(wait), wrong=True)
            response = HTMLResponse(html, 429 if wait else 401)
        else:
            response = _refusal(wait)
        if wait:
            response.headers["Retry-After"] = str(math.ceil(wait))
        await response(scope, receive, send)

    async def _program(
        self, given: tuple[str, str], scope: Scope, receive: Receive, send: Send
    ) -> None:
        name, password = given
        seen = hmac.digest(self._secret, f"{name}:{password}".encode("utf-8", "replace"), "sha256")
        if seen not in self._passed:
            wait = await self._check(name, password, _address(scope))
            if wait is not None:
                response = _refusal(wait)
                if wait:
                    response.headers["Retry-After"] = str(math.ceil(wait))
                await response(scope, receive, send)
                return
            self._passed[seen] = name
            while len(self._passed) > MOST:
                self._passed.popitem(last=False)
        await self.app({**scope, USER: name}, receive, send)

    async def _check(self, name: str, password: str, address: str) -> float | None:
        """None: the password is right. Else the seconds to wait before another try."""
        if (wait := self.slowdown.wait(address)) > 0:
            return wait  # even the right password: or guessing could go on
        # Counted before it is checked: many at once are no way round the wait.
        self.slowdown.failed(address)
        accept = self.users.accept
        if await anyio.to_thread.run_sync(accept, name, password, limiter=self._room):
            self.slowdown.succeeded(address)
            return None
        return self.slowdown.wait(address)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if scope["method"] in ("GET", "HEAD") and "text/html" in headers.get("accept", ""):
            response: Response = HTMLResponse(entrance.page(language_of(headers)), 401)
        else:
            response = JSONResponse({"detail": "log in first, or send a name and password"}, 401)
            if "sec-fetch-mode" not in headers:
                # To a page that runs in a browser this would open a window of its own.
                response.headers["WWW-Authenticate"] = 'Basic realm="Kutip", charset="UTF-8"'
        await response(scope, receive, send)


def cookie(scope: Scope) -> str:
    """The name of the cookie: with the port, for browsers do not tell those of one host apart."""
    server = scope.get("server")
    return f"kutip-session-{server[1] if server else 0}"


def _refusal(wait: float) -> Response:
    if wait:
        said = f"too many wrong passwords; try again in {math.ceil(wait)} s"
        return JSONResponse({"detail": said}, 429)
    return JSONResponse({"detail": "wrong name or password"}, 401)


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _basic(headers: Headers) -> tuple[str, str] | None:
    """The name and password of basic authentication (RFC 7617), if there are any."""
    kind, _, value = headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, colon, password = (
            base64.b64decode(value.strip(), validate=True).decode().partition(":")
        )
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, password) if colon else None


def _fields(body: bytes) -> tuple[str, str]:
    """Name and password of a form, or of a JSON object."""
    try:
        if body.lstrip().startswith(b"{"):
            given = json.loads(body)
            name, password = str(given.get("username", "")), str(given.get("password", ""))
            name.encode()  # the page shows it again, and can show no lone surrogate
            return name.strip(), password
    except (ValueError, RecursionError):
        return "", ""
    form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return form.get("username", [""])[0].strip(), form.get("password", [""])[0]


async def _body(receive: Receive) -> bytes:
    """What was sent, as far as a login can be long."""
    body = b""
    while True:
        message: Message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > FORM:
            return b""
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return body
