"""Answers as a file that the browser saves: a dossier, in any of its forms.

The text goes to the browser within the reply; the server writes no file of it,
which another visitor might ask for.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from qa.chat.wording import say
from qa.dossier import gather, renderer
from qa.errors import DossierError
from qa.types import Answer

if TYPE_CHECKING:
    from qa.corpus import Corpus

# By how links name them (an ending without its first dot); the type is for the browser.
FORMS: Mapping[str, str] = {
    "md": "text/markdown",
    "html": "text/html",
    "json": "application/json",
    "bib": "application/x-bibtex",
    "csl.json": "application/vnd.citationstyles.csl+json",
}
SOURCES_ALONE = ("bib", "csl.json")


def parcel(answers: Sequence[Answer], corpus: Corpus, form: str) -> dict[str, str]:
    """The dossier of *answers* for ``page.js``: its file name, type, and bytes in base 64.

    Base 64, so that nothing on the way takes the text for anything but text.
    Raises ``DossierError``.
    """
    if form not in FORMS:
        raise DossierError(f"{form}: no known kind of dossier; choose one of {', '.join(FORMS)}")
    dossier = gather(answers, corpus)
    name = f"{_slug(answers[0].question)}.{form}"
    text = renderer(name)(dossier)
    data = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
    return {"name": name, "type": FORMS[form], "data": data}


def _slug(question: str) -> str:
    """*question* as a short file name that every system takes."""
    plain = unicodedata.normalize("NFKD", question).encode("ascii", "ignore").decode().lower()
    words = re.findall("[a-z0-9]+", plain)
    name = ""
    for word in words:
        if name and len(name) + len(word) > 48:
            break
        name += f"-{word}"
    return "kutip" + name[:64]


def links(what: str, language: str, *, sources: bool) -> str:
    """A menu of forms; *what* names the answers in its links: a turn's number, or "all".

    *sources*: whether there are any, for a bibliography.
    """
    items = "".join(
        f'<li><a class="kutip-do" role="button" href="#kutip-save-{what}-{form}">'
        f"{say(language, f'form_{form}')}</a></li>"
        for form in FORMS
        if sources or form not in SOURCES_ALONE
    )
    title = "save_all" if what == "all" else "save_one"
    return (
        f'<details class="kutip-menu"><summary title="{say(language, f"{title}_hint")}">'
        f"{say(language, title)}</summary><ul>{items}</ul></details>"
    )
