"""Tells Gradio's own script which language was chosen.

It takes the browser's and nothing else, and before any script of the page's
head has run; so the page as served says it in its first line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

from qa.chat.language import language_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_CHOSEN = """<head><script>for (const [name, said] of [["language", "%s"], ["languages", ["%s"]]])
Object.defineProperty(navigator, name, {get: () => said});</script>"""


class Spoken:
    """Sets the language of every page: its ``lang``, and what scripts take for the browser's."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        language = language_of(Headers(scope=scope))
        start: Message | None = None
        page = b""

        async def changing(message: Message) -> None:
            nonlocal start, page
            if message["type"] == "http.response.start":
                headers = Headers(raw=message["headers"])
                if headers.get("content-type", "").startswith("text/html"):
                    start = message
                    return
            if start is None or message["type"] != "http.response.body":
                await send(message)
                return
            page += message.get("body", b"")
            if message.get("more_body"):
                return
            whole = _in(page, language)
            MutableHeaders(raw=start["headers"])["content-length"] = str(len(whole))
            await send(start)
            await send({"type": "http.response.body", "body": whole})

        await self.app(scope, receive, changing)


def _in(page: bytes, language: str) -> bytes:
    page = re.sub(rb'(<html\b[^>]*?\blang=")[^"]*', rb"\g<1>" + language.encode(), page, count=1)
    return page.replace(b"<head>", (_CHOSEN % (language, language)).encode(), 1)
