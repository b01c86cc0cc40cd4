"""Whose conversations are whose: a login name, else a key that each browser is given.

The key is a random number in a cookie that scripts cannot read. It opens nothing
but the conversations asked in that browser; who may see the page at all is
decided elsewhere. A browser that takes no cookies has no history.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any

from starlette.requests import cookie_parser

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "kutip_visitor"
YEAR = 365 * 24 * 3600  # seconds; counted anew at every visit
_KEY = re.compile(r"[0-9a-f]{32}")


def owner(request: Any) -> str | None:
    """Who asks, for ``qa.chat.history``; None: cannot be told from others."""
    if name := getattr(request, "username", None):
        return f"name {name}"
    key = _key(request.headers.get("cookie", "")) if request else None
    return f"key {key}" if key else None


def _key(cookies: str) -> str | None:
    key = cookie_parser(cookies).get(COOKIE, "")
    return key if _KEY.fullmatch(key) else None


class Keys:
    """Gives a key to each browser that opens a page without one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        sent = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
        key = _key(sent.decode("latin-1")) or secrets.token_hex(16)

        async def keyed(message: Message) -> None:
            if message["type"] == "http.response.start" and any(
                name.lower() == b"content-type" and value.startswith(b"text/html")
                for name, value in message["headers"]
            ):
                # Lax, not strict: a link to the page must find the key that is there.
                cookie = f"{COOKIE}={key}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax"
                cookie += "; Secure" if scope.get("scheme") == "https" else ""
                message["headers"] = [*message["headers"], (b"set-cookie", cookie.encode())]
            await send(message)

        await self.app(scope, receive, keyed)
