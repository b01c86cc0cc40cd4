"""In which language the page speaks to whom."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import cookie_parser

from qa.chat.wording import TEXTS

# Set by the switch in the page (language.js); lasts as long as the browser keeps it.
COOKIE = "kutip-language"


def language_of(headers: Mapping[str, str]) -> str:
    """The language chosen with the switch, else the browser's first choice, if it is one of ours.

    *headers*: of a request, names in lower case.
    """
    chosen = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
    if chosen in TEXTS:
        return chosen
    first = headers.get("accept-language", "").split(",")[0].split(";")[0].split("-")[0]
    return first.strip().lower() if first.strip().lower() in TEXTS else "en"
