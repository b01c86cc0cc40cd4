"""In which language the page speaks to whom."""

from __future__ import annotations

from collections.abc import Mapping

from qa.chat.wording import TEXTS


def language_of(headers: Mapping[str, str]) -> str:
    """The browser's first choice, if it is one of ours; *headers* of a request, in lower case."""
    first = headers.get("accept-language", "").split(",")[0].split(";")[0].split("-")[0]
    return first.strip().lower() if first.strip().lower() in TEXTS else "en"
