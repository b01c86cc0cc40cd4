"""The corner of the page: the switch of languages, and the way out."""

from __future__ import annotations

from qa.chat.drawing import escape
from qa.chat.wording import TEXTS, say


def corner(language: str, user: str | None = None) -> str:
    """A button for each other language (language.js hears it); *user*: who may log out."""
    kind = 'type="button" class="kutip-language"'
    switches = "".join(
        f'<button {kind} lang="{other}">{say(other, "named")}</button>'
        for other in TEXTS
        if other != language
    )
    out = ""
    if user is not None:
        text = say(language, "logout", name=escape(user))
        out = f'<form method="post" action="logout"><button>{text}</button></form>'
    return f'<div class="kutip-corner">{switches}{out}</div>'
