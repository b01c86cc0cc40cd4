"""The bar over the chat: earlier conversations, and saving the one at hand.

Draws what ``qa.chat.history`` keeps. Its links are heard by ``talks.js``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering import texts
from qa.chat import export
from qa.chat.drawing import escape
from qa.chat.history import Listed
from qa.chat.wording import say
from qa.types import Answer


def bar(listed: Sequence[Listed], current: str, answers: Sequence[Answer], language: str) -> str:
    """The menus; *current*: the id of the conversation at hand, *answers*: those in it."""
    menus = ""
    if current:
        menus += (
            '<a class="kutip-do kutip-new" role="button" href="#kutip-new">'
            f"{say(language, 'new_talk')}</a>"
        )
    if listed:
        items = "".join(_item(one, one.id == current, language) for one in listed)
        hint, title = say(language, "talks_hint"), say(language, "talks", n=len(listed))
        menus += (
            f'<details class="kutip-menu" id="kutip-talks"><summary title="{hint}">{title}'
            f'</summary><ul class="kutip-talks">{items}</ul></details>'
        )
    if answers:
        sources = any(answer.citations for answer in answers)
        menus += export.links("all", language, sources=sources)
    return f'<div class="kutip-bar">{menus}</div>'


def _item(one: Listed, current: bool, language: str) -> str:
    day = texts.day(one.changed.astimezone().date(), language)
    line = say(language, "talk_line", day=day, n=one.questions)
    title = escape(one.title)
    here = ' aria-current="true"' if current else ""
    forget = say(language, "forget", title=title)
    return (
        f'<li><a class="kutip-do" role="button" href="#kutip-open-{one.id}"{here}>{title}'
        f"<small>{line}</small></a>"
        f'<details class="kutip-forget"><summary title="{forget}"><span>{forget}</span></summary>'
        f'<a class="kutip-do" role="button" href="#kutip-forget-{one.id}">'
        f"{say(language, 'forget_sure')}</a></details></li>"
    )


def wish(link: object) -> tuple[str, str]:
    """What a link asks for: ("new", ""), ("open" or "forget", id), ("save", what) or ("", "").

    What a browser sends is not trusted.
    """
    for form in (
        r"#kutip-(new)()",
        r"#kutip-(open|forget)-([0-9a-f]{16})",
        r"#kutip-(save)-((?:all|\d{1,6})-[a-z.]{2,8})",
    ):
        if found := re.fullmatch(form, str(link)):
            return found[1], found[2]
    return "", ""
