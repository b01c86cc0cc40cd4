"""Which forms a dossier can take, by the ending of a file's name, and writing one."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from qa.dossier.bibliography import to_bibtex, to_csl
from qa.dossier.contents import Dossier
from qa.dossier.markdown import to_markdown
from qa.dossier.page import to_html
from qa.dossier.record import to_json
from qa.errors import DossierError

FORMATS: Mapping[str, Callable[[Dossier], str]] = {
    ".md": to_markdown,
    ".html": to_html,
    ".csl.json": to_csl,  # before .json, which it ends with
    ".json": to_json,
    ".bib": to_bibtex,
}


def renderer(name: str | Path) -> Callable[[Dossier], str]:
    """What turns a dossier into the text of a file called *name*; raises ``DossierError``."""
    for ending, render in FORMATS.items():
        if Path(name).name.lower().endswith(ending):
            return render
    raise DossierError(f"{name}: no known kind of dossier; end it with one of {', '.join(FORMATS)}")


def writable(path: Path) -> None:
    """Raise ``DossierError`` if no dossier can be written to *path*.

    A dossier is a record: one that exists is never written over.
    """
    renderer(path)
    if not path.parent.is_dir():
        raise DossierError(f"{path}: there is no folder {path.parent}; make it first")
    if os.path.lexists(path):
        raise DossierError(f"{path}: it is there already; choose another name, or remove it")


def write(dossier: Dossier, path: Path) -> None:
    """Write *dossier* to the new file *path*; raises ``DossierError``."""
    writable(path)
    text = renderer(path)(dossier)
    try:
        # "x": not even over a file that was made this very moment.
        with path.open("x", encoding="utf-8", errors="replace", newline="\n") as file:
            try:
                file.write(text)
                file.flush()
            except OSError:
                with suppress(OSError):
                    path.unlink()  # half a record is none
                raise
    except OSError as error:
        raise DossierError(f"{path}: {error.strerror or error}; choose another place") from error
