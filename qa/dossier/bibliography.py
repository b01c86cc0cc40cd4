"""The sources of a dossier for reference managers: CSL-JSON and BibTeX.

Names are given as written and never divided: an Indonesian name may be one word
and has no family name, and a byline may be initials ("Ant/SU02"). What is not
known is left out, never made up.
"""

from __future__ import annotations

import json
import re
from pathlib import PurePath
from typing import Any

from qa.dossier.contents import Dossier, Source
from qa.output import inert

_LABEL = re.compile(r"(?i)^\s*(editor|penyunting|redaktur)\s*:\s*")
_BETWEEN = re.compile(r"(?i)\s*;\s*|\s+(?:dan|and|&)\s+")
_LANGUAGES = {"id": "indonesian", "en": "english"}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def to_csl(dossier: Dossier) -> str:
    """The sources as CSL-JSON (the schema of citation-style-language), a list of items."""
    items = [_item(source) for source in dossier.sources]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _item(source: Source) -> dict[str, Any]:
    document = source.document
    role, names = _names(document.byline)
    item: dict[str, Any] = {
        "id": source.key,
        "type": "article-newspaper" if document.outlet else "document",
        "title": _plain(document.title or document.source),
        "language": document.language,
        "note": _note(source),
    }
    if document.outlet:
        item["container-title"] = _plain(document.outlet)
    if names:
        item[role] = [{"literal": name} for name in names]
    if document.published:
        day = document.published
        item["issued"] = {"date-parts": [[day.year, day.month, day.day]]}
    return item


def to_bibtex(dossier: Dossier) -> str:
    """The sources as BibTeX in UTF-8.

    ``@article`` needs author, journal and year; a source that lacks one of them
    is a ``@misc``, which needs nothing.
    """
    return "\n".join(_entry(source) for source in dossier.sources)


def _entry(source: Source) -> str:
    document = source.document
    role, names = _names(document.byline)
    whole = bool(document.outlet and document.published and names and role == "author")
    fields = {"title": f"{{{_tex(document.title or document.source)}}}"}
    if names:
        fields[role] = " and ".join(f"{{{_tex(name)}}}" for name in names)
    if document.outlet:
        fields["journal" if whole else "howpublished"] = _tex(document.outlet)
    if document.published:
        fields["year"] = str(document.published.year)
        fields["month"] = _MONTHS[document.published.month - 1]
        fields["day"] = str(document.published.day)
    if document.language in _LANGUAGES:
        fields["language"] = _LANGUAGES[document.language]
    fields["note"] = _tex(_note(source))
    rows = [
        # The name of a month is a macro, so that styles can write it in their language.
        f"  {name} = {value}" if name == "month" else f"  {name} = {{{value}}}"
        for name, value in fields.items()
    ]
    return f"@{'article' if whole else 'misc'}{{{source.key},\n" + ",\n".join(rows) + "\n}\n"


def _names(byline: str | None) -> tuple[str, list[str]]:
    """ "author" or "editor", and the names in a byline."""
    plain = _plain(byline or "")
    label = _LABEL.match(plain)
    names = _BETWEEN.split(plain[label.end() :] if label else plain)
    return "editor" if label else "author", [name for name in names if name]


def _note(source: Source) -> str:
    """The file and its hash, by which the source can be told from any other version.

    Its name alone: where it lies on one machine is nothing for a bibliography.
    """
    name = _plain(PurePath(source.document.source).name)
    return f"{name}, SHA-256 {source.version.sha256}" if source.version else name


def _plain(text: str) -> str:
    return " ".join(inert(text).split())


_TEX = {
    "\\": r"\textbackslash{}",
    # BibTeX counts braces, with or without a backslash before them.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
} | {sign: "\\" + sign for sign in "#$%&_"}


def _tex(text: str) -> str:
    """*text* as LaTeX within braces: nothing in it is a command, and its braces are even."""
    return re.sub(r"[\\{}~^<>|#$%&_]", lambda sign: _TEX[sign[0]], _plain(text))
