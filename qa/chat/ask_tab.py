"""The tab that asks: the conversation, the question box, and the sources beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.chat import TALKS
from qa.chat.asking import Desk
from qa.chat.conversation import Conversation
from qa.chat.judging import Form
from qa.chat.language import language_of
from qa.chat.parts import EACH, LABELS, QUIET
from qa.chat.wording import say

if TYPE_CHECKING:
    from gradio.events import Dependency

    from qa.answering.generation import Endpoint
    from qa.chat.corpora import Corpora

# The address then names the conversation, so that a page loaded again goes on with it.
REMEMBER_TALK = """bar => {
  const [, id] = /#kutip-open-([0-9a-f]{16})" aria-current/.exec(bar) || [];
  window.kutipRemember('talk', id);
}"""


class AskTab:
    """The tab and the *header* over all tabs; to be made where it is to stand.

    ``only`` is the box with the documents that alone are asked.
    """

    def __init__(self, corpora: Corpora, header: gr.HTML, endpoint: Endpoint | None) -> None:
        self._desk = corpora.followed(lambda corpus: Desk(corpus, endpoint))
        self._header = header
        with gr.Tab(LABELS("chat"), id="ask"), gr.Row(elem_id="desk"):
            self._talk = gr.State(Conversation())
            with gr.Column(scale=3, min_width=320, elem_id="chat-column"):
                self._bar = gr.HTML(elem_id="bar", js_on_load=TALKS.read_text("utf-8"))
                self._chat = gr.Chatbot(
                    elem_id="chat",
                    show_label=False,
                    label=LABELS("chat"),
                    placeholder=str(LABELS("welcome")),  # the browser translates it
                    height="calc(100dvh - 318px)",
                    buttons=[],
                    layout="bubble",
                    latex_delimiters=[],
                    allow_tags=False,
                    autoscroll=False,  # page.js does
                    sanitize_html=True,
                    feedback_options=None,
                )
                self._judging = Form(corpora.here)
                self._question = gr.Textbox(
                    elem_id="question",
                    label=LABELS("question"),
                    show_label=False,
                    placeholder=LABELS("placeholder"),
                    submit_btn=True,
                    lines=1,
                    max_lines=5,
                    autofocus=True,
                )
                self.only = gr.Dropdown(
                    label=LABELS("only"), multiselect=True, visible=False, elem_id="only"
                )
            with gr.Column(scale=2, min_width=320, elem_id="sources-column"):
                gr.HTML(
                    html_template="<h2>${value}</h2>",
                    value=LABELS("sources"),
                    elem_id="sources-title",
                )
                self._sources = gr.HTML(value=LABELS("sources_empty"), elem_id="sources")
        self._anew: dict[str, Any] = {
            "outputs": [self._question, self._chat, self._sources, self._talk, self._bar],
            **QUIET,
        }

    def wire(self, queue: Mapping[str, Any]) -> None:
        """Answer the events; *queue*: what the questions wait in, in Gradio's terms."""
        desk, talk, question, chat = self._desk, self._talk, self._question, self._chat
        streamed: dict[str, Any] = {
            "outputs": [question, chat, self._sources, talk],
            **queue,
            **EACH,
        }
        ask: dict[str, Any] = {
            "fn": desk.respond,
            "inputs": [question, talk, self.only],
            **streamed,
        }
        asked = [
            # What is asked while an answer comes is asked when it is there, not dropped.
            question.submit(**ask | {"trigger_mode": "always_last"}),
            self._header.click(desk.switch, talk, **streamed),
            chat.retry(desk.retry, talk, **streamed),
            chat.example_select(_example_text, None, question, **QUIET).then(**ask),
        ]
        for event in asked:
            event.then(desk.keep, talk, self._bar, **QUIET)
        question.stop(desk.stop, question, None, **QUIET)
        chat.clear(desk.renew, None, **self._anew)
        self._bar.turn(desk.turn_to, talk, **self._anew | EACH)
        parcel = gr.JSON(visible=False)
        self._bar.change(None, self._bar, None, js=REMEMBER_TALK, **QUIET)
        self._bar.save(desk.export, talk, parcel, **EACH).then(
            None, parcel, js="file => window.kutipSave(file)", **QUIET
        )
        self.only.change(_counted, self.only, self.only, **QUIET)
        self._judging.wire(talk)

    def turned(self, event: Dependency) -> Dependency:
        """Begin anew after *event*, with which the page has turned to another corpus."""
        begun: Dependency = event.then(self._desk.renew, None, **self._anew)
        return begun

    def opened(self, event: Dependency) -> None:
        """Show after *event* what the corpus holds, and the conversation where it was left."""
        self.changed(event)
        event.then(self._desk.resume, self._talk, **self._anew)

    def changed(self, event: Dependency) -> None:
        """Show after *event* what the corpus holds by now."""
        event.then(self._desk.head, None, self._header, **QUIET)
        event.then(self._desk.suggest, None, self._chat, **QUIET)


def _example_text(event: gr.SelectData) -> str:
    return str(event.value["text"])


def _counted(ids: list[str], request: gr.Request) -> Any:
    """The box with the documents that alone are asked, when some were let go."""
    if not ids:
        return gr.Dropdown(visible=False)
    return gr.Dropdown(label=say(language_of(request.headers), "only_these", n=len(ids)))
