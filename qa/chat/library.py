"""The documents tab: files come in, are listed, asked alone, removed and brought back.

One ``Library`` for each corpus; what a visit (a page open in a browser) has done
is kept under its name until it leaves. Answers events with what Gradio is to show.
"""

from __future__ import annotations

import filecmp
import itertools
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.chat.adding import Adding, too_large
from qa.chat.drawing import escape, explain, plain
from qa.chat.language import language_of
from qa.chat.parts import as_text
from qa.chat.wording import say
from qa.ingest import MAX_BYTES

if TYPE_CHECKING:
    from qa.corpus import Corpus, Removal
    from qa.index.store import Listed

MAX_ARCHIVE = 200_000_000  # bytes of one zip archive that is uploaded
UNDOS = 20  # removals of one visit that can be undone
# Seconds that uploads nobody asked for any more, and what a visit removed, are kept after it: a
# page whose connection was cut for a moment looks just like one that was closed.
HOUR = 3600.0
EVERY = 0.25  # seconds between two pictures of the same progress


def keep_upload(path: Path, folder: Path) -> Path:
    """A copy of an uploaded file in *folder*, never over another file of that name."""
    folder.mkdir(parents=True, exist_ok=True)
    target, number = folder / path.name, 1
    while True:
        try:
            # "x": two visitors may upload files of one name at the same moment.
            with path.open("rb") as old, target.open("xb") as new:
                try:
                    shutil.copyfileobj(old, new)
                except OSError:
                    target.unlink()
                    raise
            return target
        except FileExistsError:
            if filecmp.cmp(path, target, shallow=False):
                return target
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"


# From now on, in milliseconds: a page may have a list of the server that ran before this one.
_NUMBERS, _LISTING = itertools.count(int(time.time() * 1000)), threading.Lock()
NAMED = ("en", "id", "ms")  # languages of documents that are called by their name


class Library:
    """Answers the events of the documents tab over one corpus."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        # A browser uploads to a folder that Gradio empties; the corpus must
        # name a file that stays.
        self.uploads = Path(corpus.path).resolve() / "uploads"
        self._adding: dict[str, Adding] = {}
        self._removals: dict[str, list[Removal]] = {}
        self._left: dict[str, float] = {}
        # Left over from a server that did not end in good order.
        self.sweep(older_than=HOUR)

    # What is there

    def show(self, request: gr.Request) -> tuple[dict[str, Any], str]:
        """When the page opens or turns to this corpus: (list, what can be added)."""
        language = language_of(request.headers)
        file, archive = round(MAX_BYTES / 1e6), round(MAX_ARCHIVE / 1e6)
        line = say(language, "upload_zip", file=file, archive=archive)
        return self.listed(language), f'<p class="kutip-coverage">{line}</p>'

    def listed(self, language: str) -> dict[str, Any]:
        """Every document, for ``documents.js``."""
        columns = ("title", "outlet", "date", "language", "passages", "source")
        with _LISTING:  # so that of two lists the one with the higher number is the later one
            number, documents = next(_NUMBERS), self.corpus.documents()
        rows = [
            [
                d.id,
                _title(d),
                plain(d.outlet or ""),
                d.published.isoformat() if d.published else "",
                say(language, f"value_{d.language}") if d.language in NAMED else d.language,
                d.passages,
                plain(PurePath(d.source).name),
            ]
            for d in documents
        ]
        labels = {
            **{column: say(language, f"col_{column}") for column in columns},
            **{name: say(language, name) for name in ("ask_only", "remove", "untick")},
            "caption": say(language, "search_documents"),
            "none": say(language, "list_none"),
            "search": say(language, "list_search"),
            "all": say(language, "list_all"),
            "hint": say(language, "pick"),
            # These blanks are filled in the browser.
            "found": say(language, "list_found", n="{n}", total="{total}"),
            "ticked": say(language, "picked", n="{n}"),
        }
        return {
            "number": number,
            "labels": labels,
            "rows": as_text(rows),
            "of": id(self.corpus),
        }

    # Files come in

    def add(
        self, files: list[str] | None, request: gr.Request
    ) -> Iterator[tuple[Any, str, Any, Any]]:
        """Stream the adding of uploaded files: (upload box, report, cancel button, list)."""
        visit, language = visit_of(request), language_of(request.headers)
        try:
            kept = [keep_upload(Path(file), self.uploads) for file in files or []]
        except OSError as error:
            yield gr.File(value=None), explain(error, language), gr.skip(), gr.skip()
            return
        adding = self._adding[visit] = Adding(self.corpus, kept, self.uploads)
        drawn = adding.draw(language)
        yield gr.File(value=None, visible=False), drawn, gr.Button(visible=True), gr.skip()
        while not adding.wait(EVERY):
            if (now := adding.draw(language)) != drawn:
                drawn = now
                yield gr.skip(), drawn, gr.skip(), gr.skip()
        self._adding.pop(visit, None)
        # What did not become a document of its own is not kept.
        self.sweep(kept)
        shown = adding.draw(language)
        yield gr.File(visible=True), shown, gr.Button(visible=False), self.listed(language)

    def cancel(self, request: gr.Request) -> None:
        """Take in nothing more of what the visit is adding; what is finished stays."""
        if adding := self._adding.get(visit_of(request)):
            adding.cancel()

    def refuse(self, event: gr.EventData, request: gr.Request) -> str:
        """What the browser did not send because it is too large; see ``upload.js``."""
        names = event._data if isinstance(event._data, list) else []
        language = language_of(request.headers)
        return too_large(
            [str(name) for name in names], language, file=MAX_BYTES, archive=MAX_ARCHIVE
        )

    def sweep(self, kept: Sequence[Path] | None = None, *, older_than: float = 0.0) -> None:
        """Delete those of *kept* (None: all uploads) that no document comes from, or came from
        before a removal that can be undone; *older_than*: seconds ago."""
        if not self.uploads.is_dir():
            return
        used = {
            Path(origin).relative_to(self.uploads).parts[0]
            for origin in self.corpus.origins()
            if Path(origin).is_relative_to(self.uploads)
        }
        for path in kept if kept is not None else self.uploads.iterdir():
            if path.name in used or not path.is_file():
                continue
            if time.time() - path.stat().st_mtime >= older_than:
                path.unlink(missing_ok=True)

    # Documents are chosen, go, and come back

    def clear(self) -> tuple[Any, str, str, str, Any]:
        """Another corpus: (only these, what was refused, report, what was done, undo button)."""
        return (
            gr.Dropdown(choices=[], value=[], multiselect=True, visible=False),
            "",
            "",
            "",
            gr.Button(visible=False),
        )

    def act(
        self, only: Sequence[str], event: gr.EventData, request: gr.Request
    ) -> tuple[Any, str, Any, Any]:
        """What a button under the list asks for: (only these, what was done, undo button, list)."""
        language = language_of(request.headers)
        asked = event._data if isinstance(event._data, dict) else {}
        ids = [id for id in asked.get("documents", ()) if isinstance(id, str)]
        if asked.get("action") == "remove":
            done = self.remove(ids, visit_of(request), language)
            return self.chosen(only or (), language), *done
        if asked.get("action") == "ask_only":
            return self.chosen(ids, language), "", gr.skip(), gr.skip()
        return gr.skip(), gr.skip(), gr.skip(), gr.skip()

    def chosen(self, ids: Sequence[str], language: str) -> Any:
        """The box with the documents that alone are asked; not there if there are none."""
        held = {d.id: _title(d) for d in self.corpus.documents()}
        here = [id for id in ids if id in held]
        choices = [(held[id], id) for id in here]
        return gr.Dropdown(
            label=say(language, "only_these", n=len(here)),
            choices=choices,
            value=here,
            multiselect=True,
            visible=bool(here),
        )

    def remove(self, ids: Sequence[str], visit: str, language: str) -> tuple[str, Any, Any]:
        """Remove documents: (what was done, undo button, list)."""
        try:
            removal = self.corpus.set_aside(ids)
        except Exception as error:
            return explain(error, language), gr.skip(), gr.skip()
        if not removal.documents:
            return "", gr.skip(), self.listed(language)
        self._left.pop(visit, None)
        self._forget_the_gone()
        mine = self._removals.setdefault(visit, [])
        mine.append(removal)
        while len(mine) > UNDOS:
            self._forget(mine.pop(0))
        one = removal.documents[0]
        line = say(language, "removed", title=escape(_title(one)))
        if len(removal.documents) > 1:
            line = say(language, "removed_many", n=len(removal.documents))
        return _done(line), gr.Button(visible=True), self.listed(language)

    def undo(self, request: gr.Request) -> tuple[str, Any, Any]:
        """Bring back what the visit removed last: (what was done, undo button, list)."""
        language = language_of(request.headers)
        mine = self._removals.get(visit_of(request), [])
        if not mine:
            return _done(say(language, "undo_none")), gr.Button(visible=False), gr.skip()
        removal = mine.pop()
        try:
            back = self.corpus.bring_back(removal)
        except Exception as error:
            mine.append(removal)
            return explain(error, language), gr.skip(), gr.skip()
        line = say(language, "undone", n=len(back))
        if len(back) < len(removal.documents):
            line += " " + say(language, "undone_less", n=len(removal.documents) - len(back))
        return _done(line), gr.Button(visible=bool(mine)), self.listed(language)

    def leave(self, visit: str) -> None:
        """The visit is over, or seems to be: in an hour what it removed is gone for good."""
        if visit in self._removals:
            self._left[visit] = time.time()
        self._forget_the_gone()

    def close(self) -> None:
        """The server ends; the corpus is still open."""
        for adding in list(self._adding.values()):
            adding.cancel()
            adding.wait(5.0)
        self._left = dict.fromkeys(self._removals, 0.0)
        self._forget_the_gone()

    def _forget_the_gone(self) -> None:
        for visit, left in list(self._left.items()):
            if time.time() - left >= HOUR:
                del self._left[visit]
                for removal in self._removals.pop(visit, []):
                    self._forget(removal)

    def _forget(self, removal: Removal) -> None:
        self.corpus.forget(removal)
        self.sweep([self.uploads / name for name in self._files(removal)])

    def _files(self, removal: Removal) -> set[str]:
        """The uploads that the documents of a removal come from."""
        sources = [Path(document.source) for document in removal.documents]
        return {
            source.relative_to(self.uploads).parts[0]
            for source in sources
            if source.is_relative_to(self.uploads)
        }


def visit_of(request: gr.Request) -> str:
    """The name of a visit."""
    return str(getattr(request, "session_hash", None) or "")


def _title(document: Listed) -> str:
    return plain(document.title or PurePath(document.source).name)


def _done(line: str) -> str:
    return f'<p class="kutip-picked" role="status">{line}</p>'
