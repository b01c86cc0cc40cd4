"""The tab of the documents: the box that files come in by, and the list of what is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import gradio as gr

from qa.chat import DOCUMENTS, UPLOAD
from qa.chat.library import MAX_ARCHIVE, Library
from qa.chat.parts import EACH, LABELS, QUIET, in_order
from qa.ingest import MAX_BYTES

if TYPE_CHECKING:
    from gradio.events import Dependency

    from qa.chat.corpora import Corpora


class DocumentsTab:
    """The tab; to be made where it is to stand.

    *only*: the box with the documents that alone are asked.
    """

    def __init__(self, corpora: Corpora, only: gr.Dropdown) -> None:
        self._library = corpora.followed(Library)
        self._only = only
        with gr.Tab(LABELS("documents"), id="documents"):
            self._upload = gr.File(
                label=LABELS("upload"), file_count="multiple", height=130, elem_id="upload"
            )
            self._hint = gr.HTML(elem_id="upload-hint")
            limits = json.dumps({"file": MAX_BYTES, "archive": MAX_ARCHIVE})
            self._refused = gr.HTML(
                elem_id="refused", js_on_load=UPLOAD.read_text("utf-8").replace("LIMITS", limits)
            )
            self._report = gr.HTML(elem_id="report")
            self._cancel = gr.Button(LABELS("cancel"), visible=False, elem_id="cancel")
            with gr.Row(elem_id="removal"):
                self._done = gr.HTML(elem_id="removed")
                self._undo = gr.Button(
                    LABELS("undo"), visible=False, scale=0, min_width=160, elem_id="undo"
                )
            self._list = gr.HTML(
                html_template='<div class="kutip-list"></div>',
                js_on_load=DOCUMENTS.read_text("utf-8"),
                elem_id="documents",
            )

    def wire(self) -> list[Dependency]:
        """Answer the events; those after which there may be other documents."""
        library, listed = self._library, [self._done, self._undo, self._list]
        one_by_one = in_order("documents")
        self._refused.click(library.refuse, None, self._refused, **EACH)
        self._cancel.click(library.cancel, None, None, **QUIET)
        return [
            self._upload.upload(
                library.add,
                self._upload,
                [self._upload, self._report, self._cancel, self._list],
                concurrency_limit=4,
                **QUIET,
            ),
            self._list.click(library.act, self._only, [self._only, *listed], **one_by_one),
            self._undo.click(library.undo, None, listed, **one_by_one),
        ]

    def turned(self, event: Dependency) -> Dependency:
        """Begin anew after *event*, with which the page has turned to another corpus."""
        anew = [self._only, self._refused, self._report, self._done, self._undo]
        begun: Dependency = event.then(self._library.clear, None, anew, **QUIET)
        return begun

    def entered(self, event: Dependency) -> None:
        """Show after *event* what is there."""
        event.then(self._library.show, None, [self._list, self._hint], **QUIET)
