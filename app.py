"""The chat in the browser: wires ``qa.chat`` to Gradio.

Owns the layout of the page, what happens on its events, and the server. What
is drawn comes from ``qa.chat``, which keeps the two promises: hostile text is
escaped, and a quote is drawn only where it stands. Neither knows anything about
retrieval or reading: they call ``qa.corpus.Corpus`` and draw what comes back.
"""

from __future__ import annotations

import inspect
import json
import os
import re
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from qa.answering import texts
from qa.answering.question import MAX_LENGTH
from qa.chat import DOCUMENTS, SCRIPT, STYLE, SWITCHES, UPLOAD
from qa.chat.drawing import escape, explain, panel, plain, question_bubble, view, written
from qa.chat.language import language_of as chosen_language
from qa.chat.timeline import Wanted, timeline
from qa.chat.wording import SAMPLE_QUESTIONS, TEXTS, say
from qa.errors import BadFilter, KutipError
from qa.output import answer_json
from qa.types import Answer, FilterKey, Reason

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from qa.answering.generation import Endpoint
    from qa.corpus import Corpus

# Gradio asks two hosts for news at launch unless told not to, and its Hub
# client sends usage figures; both read these once, on import.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"


@contextmanager
def _without_stub_files() -> Iterator[None]:
    """Import Gradio without its rewriting of .pyi files, a third of the start-up time.

    Gradio does that for its own developers, on every start, for 81 classes; it
    skips a class whose source file cannot be found.
    """
    getfile = inspect.getfile

    def hidden(thing: Any) -> str:
        if sys._getframe(1).f_globals.get("__name__") == "gradio.component_meta":
            raise OSError
        return getfile(thing)

    inspect.getfile = hidden  # type: ignore[assignment]
    try:
        yield
    finally:
        inspect.getfile = getfile


with _without_stub_files():
    import gradio as gr
    from gradio.components.chatbot import ExampleMessage
    from gradio.events import api
    from starlette.middleware import Middleware

    from qa.chat.corpora import Corpora
    from qa.chat.library import MAX_ARCHIVE, Library
    from qa.ingest import MAX_BYTES


TURNS = 12  # earlier answers whose sources stay in the panel
STATEMENTS = 25  # shown at once, and each time more are asked for

# The address then names the corpus, so that it can be opened again there, or sent to somebody.
REMEMBER_CORPUS = """name => {
  const here = new URL(location);
  here.searchParams.set('corpus', name);
  history.replaceState(null, '', here);
}"""

LABELS = gr.I18n(**TEXTS)  # for what the browser translates itself


def language_of(request: gr.Request | None) -> str:
    """The language of the interface; see ``qa.chat.language``."""
    return chosen_language(request.headers) if request else "en"


# ---------------------------------------------------------------- what happens on events


def examples(corpus: Corpus, language: str = "en", most: int = 4) -> list[str]:
    """Questions to start with: those of the sample articles, else one per newest title."""
    listed = corpus.documents()
    here = {PurePath(document.source).stem for document in listed}
    found = [question for stem, question in SAMPLE_QUESTIONS.items() if stem in here]
    if not found:
        newest = sorted(listed, key=lambda d: d.published or date.min, reverse=True)
        found = [say(language, "about", title=d.title) for d in newest if d.title]
    return found[:most]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the kinds of filter in it that are left out, and what alone is asked, by id."""

    question: str
    without: frozenset[FilterKey] = frozenset()
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its messages and the sources of its answer; None: it failed."""

    asked: Asked
    messages: tuple[gr.ChatMessage, ...]
    panel: str | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one browser tab has asked, the oldest first."""

    turns: tuple[Turn, ...] = ()

    @property
    def messages(self) -> list[gr.ChatMessage]:
        return [message for turn in self.turns for message in turn.messages]

    @property
    def panels(self) -> list[str]:
        """The sources that stay in the panel."""
        return [turn.panel for turn in self.turns if turn.panel is not None][-TURNS:]

    def plus(self, turn: Turn) -> Conversation:
        return Conversation((*self.turns, turn))


class Desk:
    """Answers the events of the page; holds the corpus, and the address of a language model."""

    def __init__(self, corpus: Corpus, endpoint: Endpoint | None = None) -> None:
        self.corpus = corpus
        self.endpoint = endpoint

    def ask_json(self, question: str) -> dict[str, Any]:
        """Answer a question with verbatim, cited quotes; the JSON of ``kutip ask --json``."""
        try:
            return answer_json(self.generated(self.corpus.ask(question)))
        except (KutipError, ValueError) as error:
            raise gr.Error(str(error), print_exception=False) from error

    def generated(self, answer: Answer) -> Answer:
        """*answer* with what the language model makes of its quotes, where there is a model."""
        if self.endpoint is None:
            return answer
        from qa.answering.generation import generate

        return generate(answer, self.corpus, self.endpoint)

    def load(self, request: gr.Request) -> tuple[str, Any]:
        """Fill the page when it opens: header, examples."""
        language = language_of(request)
        suggested: list[ExampleMessage] = [
            {"text": question} for question in examples(self.corpus, language)
        ]
        return self.header(language), gr.Chatbot(examples=suggested)

    def head(self, request: gr.Request) -> str:
        """The header, when the documents have changed."""
        return self.header(language_of(request))

    def header(self, language: str) -> str:
        holds, line = self.corpus.coverage(), say(language, "no_documents")
        if holds.documents:
            days = [day for day in (holds.published_from, holds.published_to) if day]
            dates = " – ".join(texts.day(day, language) for day in days)
            line = say(language, "holds", n=holds.documents, dates=dates and f", {dates}")
        return (
            f'<div class="kutip-brand"><h1>Kutip</h1><span>{say(language, "tagline")}</span></div>'
            f'<p class="kutip-coverage">{line}</p>'
        )

    def people(self, request: gr.Request) -> tuple[Any, Any]:
        """The table of speakers, the name first, for ``choose``; and the outlets there are."""
        language = language_of(request)
        columns = ("speaker", "statements", "role", "first", "last", "forms")
        rows = [
            [
                speaker.name,
                len(speaker.statements),
                ", ".join(filter(None, (speaker.role, speaker.affiliation))),
                speaker.first.isoformat() if speaker.first else "",
                speaker.last.isoformat() if speaker.last else "",
                "; ".join(form for form in speaker.forms if form != speaker.name),
            ]
            for speaker in self.corpus.speakers()
        ]
        headers = [say(language, f"col_{column}") for column in columns]
        outlets = [
            (say(language, "all_outlets"), ""),
            *((plain(o), o) for o in self.corpus.outlets()),
        ]
        return gr.Dataframe(value=rows, headers=headers), gr.Dropdown(choices=outlets)

    def unsay(self, request: gr.Request) -> tuple[Any, ...]:
        """Another corpus: (speaker, timeline, button for more, its speakers, its outlets)."""
        empty = f'<p class="kutip-empty">{say(language_of(request), "said_empty")}</p>'
        table, outlets = self.people(request)
        return "", empty, gr.Button(visible=False), table, gr.Dropdown(outlets.choices, value="")

    def choose(
        self,
        about: str,
        since: str,
        until: str,
        event: gr.SelectData,
        request: gr.Request,
        outlet: str = "",
    ) -> tuple[Any, ...]:
        """A click in the table: (speaker, timeline, button for more, how many are shown)."""
        speaker = str((event.row_value or [""])[0])
        return speaker, *self.look(speaker, about, since, until, request, outlet)

    def look(
        self,
        speaker: str,
        about: str,
        since: str,
        until: str,
        request: gr.Request,
        outlet: str = "",
        most: int = 0,
    ) -> tuple[str, Any, int]:
        """Statements in time order: (timeline, button for more, how many are shown)."""
        language, most = language_of(request), most or STATEMENTS
        try:
            wanted = Wanted.read(speaker, about, since, until, language, outlet or "")
            html, left = timeline(self.corpus, wanted, language, most)
        except Exception as error:
            html, left = explain(error, language), 0
        return html, gr.Button(say(language, "more", n=left), visible=left > 0), most

    def more(
        self,
        speaker: str,
        about: str,
        since: str,
        until: str,
        outlet: str,
        most: int,
        request: gr.Request,
    ) -> tuple[str, Any, int]:
        """What ``look`` shows, and as many again."""
        return self.look(speaker, about, since, until, request, outlet, most + STATEMENTS)

    def respond(
        self,
        question: str,
        talk: Conversation,
        request: gr.Request,
        only: Sequence[str] | None = None,
    ) -> Iterator[tuple[Any, ...]]:
        """Stream one answer: (question box, chat, sources, conversation).

        *only*: the ids of the documents that alone are asked; none: all are.
        """
        language = language_of(request)
        question = question.strip()
        if not question or len(question) > MAX_LENGTH:
            message = say(language, "empty_question")
            if question:
                message = say(language, "too_long", n=len(question), limit=MAX_LENGTH)
            gr.Warning(message, title="Kutip")
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return

        yield from self._answer(Asked(question, documents=tuple(only or ())), talk, language)

    def switch(
        self, talk: Conversation, event: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """A click on a switch in the chat; streams what ``respond`` does.

        On a chip: ask its question again without that kind of filter, or with
        it. On the pencil of a question: put it into the box. A switch of another
        conversation is none.
        """
        found = re.fullmatch(r"#kutip-(\d{1,6})-(?:edit|without-(\w+))", str(event._data))
        turn, key = (int(found[1]), found[2]) if found else (0, None)
        known = key is None or key in FilterKey.__members__.values()
        if not known or not 1 <= turn <= len(talk.turns):
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        before = talk.turns[turn - 1].asked
        if key is None:
            yield before.question, gr.skip(), gr.skip(), gr.skip()
            return
        asked = replace(before, without=before.without ^ {FilterKey(key)})
        yield from self._answer(asked, talk, language_of(request), box=gr.skip())

    def retry(self, talk: Conversation, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Answer the last question once more, in place of its last answer."""
        if not talk.turns:
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        before = Conversation(talk.turns[:-1])
        yield from self._answer(talk.turns[-1].asked, before, language_of(request), box=gr.skip())

    def _answer(
        self, asked: Asked, talk: Conversation, language: str, box: Any = ""
    ) -> Iterator[tuple[Any, ...]]:
        """Stream one answer; *box*: what the question box holds meanwhile."""
        turn = len(talk.turns) + 1
        bubble = question_bubble(asked.question, turn, language)
        mine = [gr.ChatMessage(role="user", content=bubble)]
        before = talk.messages
        try:
            known = self.corpus.coverage().documents
            doing = step(say(language, "searching", n=known))
            yield box, [*before, *mine, doing], gr.skip(), gr.skip()
            answer = self.corpus.ask(
                asked.question, without=asked.without, documents=asked.documents
            )
            doing = step(say(language, "checking"))
            yield gr.skip(), [*before, *mine, doing], gr.skip(), gr.skip()
            seen = view(answer, self.corpus, turn, asked.without)
        except Exception as error:
            mine.append(gr.ChatMessage(role="assistant", content=explain(error, language)))
            # A filter that cannot be read is put right in the box.
            again = asked.question if isinstance(error, BadFilter) else gr.skip()
            talk = talk.plus(Turn(asked, tuple(mine)))
            yield again, talk.messages, gr.skip(), talk
            return

        if answer.reason is not Reason.EMPTY_QUESTION:
            searched = say(answer.language, "searched", n=answer.coverage.documents)
            mine.append(step(searched, answer.timings))
        whole = gr.ChatMessage(role="assistant", content=seen.bubble())
        talk = talk.plus(Turn(asked, (*mine, whole), seen.panel))
        sources = panel(talk.panels, answer.language)
        for count in range(1, len(seen.paragraphs)):
            part = gr.ChatMessage(role="assistant", content=seen.bubble(count))
            shown = [*before, *mine, part]
            yield gr.skip(), shown, sources if count == 1 else gr.skip(), gr.skip()
        if self.endpoint is not None and not answer.abstained:
            # The quotes do not wait for the model.
            waiting = step(say(language, "writing"))
            yield gr.skip(), [*before, *mine, whole, waiting], sources, gr.skip()
            if made := self.generated(answer).generated:
                below = written(made, seen.shown, turn, answer.language)
                whole = gr.ChatMessage(role="assistant", content=seen.bubble(below=below))
                talk = Conversation(talk.turns[:-1]).plus(Turn(asked, (*mine, whole), seen.panel))
        yield gr.skip(), talk.messages, sources, talk

    def clear(self, request: gr.Request) -> tuple[str, Conversation]:
        return panel([], language_of(request)), Conversation()


def step(title: str, timings: Mapping[str, float] | None = None) -> gr.ChatMessage:
    """A line that says what is being done, or (with *timings*, in ms) what was."""
    if timings is None:
        return gr.ChatMessage(content="", metadata={"title": title, "status": "pending"})
    stages = " · ".join(
        f"{escape(stage)} {spent:.0f} ms" for stage, spent in timings.items() if stage != "total"
    )
    return gr.ChatMessage(
        content=f"<div>{stages}</div>",
        metadata={
            "title": title,
            "status": "done",
            "duration": round(timings.get("total", 0.0) / 1000, 2),
        },
    )


# ---------------------------------------------------------------- the page


def build(corpora: Corpora, endpoint: Endpoint | None = None) -> gr.Blocks:
    """The page over *corpora*; ``serve`` starts it."""
    desk = corpora.followed(lambda corpus: Desk(corpus, endpoint))
    library = corpora.followed(Library)
    private: Any = {"api_visibility": "private"}
    page: gr.Blocks = gr.Blocks(title="Kutip", fill_width=True, delete_cache=(3600, 3600))
    with page:
        # Being there from the start, it hears the chips in the chat too.
        with gr.Row(elem_id="top"):
            header = gr.HTML(elem_id="header", js_on_load=SWITCHES.read_text("utf-8"))
            switcher = gr.Dropdown(
                label=LABELS("corpus"),
                show_label=False,
                container=False,
                visible=False,
                scale=0,
                min_width=220,
                elem_id="corpus",
            )
        talk = gr.State(Conversation())
        with gr.Tab(LABELS("chat")), gr.Row(elem_id="desk"):
            with gr.Column(scale=3, min_width=320):
                chat = gr.Chatbot(
                    elem_id="chat",
                    show_label=False,
                    label=LABELS("chat"),
                    placeholder=str(LABELS("welcome")),  # the browser translates it
                    height="calc(100dvh - 270px)",
                    buttons=[],
                    layout="bubble",
                    latex_delimiters=[],
                    allow_tags=False,
                    sanitize_html=True,
                    feedback_options=None,
                )
                question = gr.Textbox(
                    elem_id="question",
                    label=LABELS("question"),
                    show_label=False,
                    placeholder=LABELS("placeholder"),
                    submit_btn=True,
                    lines=1,
                    max_lines=5,
                    autofocus=True,
                )
                only = gr.Dropdown(
                    label=LABELS("only"), multiselect=True, visible=False, elem_id="only"
                )
            with gr.Column(scale=2, min_width=320, elem_id="sources-column"):
                gr.HTML(
                    html_template="<h2>${value}</h2>",
                    value=LABELS("sources"),
                    elem_id="sources-title",
                )
                sources = gr.HTML(value=LABELS("sources_empty"), elem_id="sources")
        with gr.Tab(LABELS("said")) as said:
            with gr.Row(elem_id="wanted"):
                speaker = gr.Textbox(
                    label=LABELS("speaker"), placeholder=LABELS("speaker_hint"), min_width=180
                )
                topic = gr.Textbox(
                    label=LABELS("about_topic"),
                    placeholder=LABELS("topic_hint"),
                    scale=2,
                    min_width=180,
                )
                since = gr.Textbox(
                    label=LABELS("since"), placeholder=LABELS("date_hint"), min_width=150
                )
                until = gr.Textbox(
                    label=LABELS("until"), placeholder=LABELS("date_hint"), min_width=150
                )
                outlet = gr.Dropdown(
                    choices=[("", "")], value="", label=LABELS("col_outlet"), min_width=150
                )
                show = gr.Button(LABELS("show"), variant="primary", scale=0, min_width=120)
            with gr.Row(elem_id="voices"):
                with gr.Column(min_width=320):
                    people = gr.Dataframe(
                        label=LABELS("people"),
                        interactive=False,
                        datatype="str",
                        show_search="search",
                        max_height=560,
                        column_widths=["175px", "125px", "170px", "105px", "105px", "200px"],
                        elem_id="people",
                        buttons=[],
                    )
                with gr.Column(min_width=320):
                    strip = gr.HTML(value=LABELS("said_empty"), elem_id="timeline")
                    more = gr.Button(visible=False, elem_id="more")
            shown = gr.State(STATEMENTS)
        with gr.Tab(LABELS("documents")):
            upload = gr.File(
                label=LABELS("upload"), file_count="multiple", height=130, elem_id="upload"
            )
            hint = gr.HTML(elem_id="upload-hint")
            limits = json.dumps({"file": MAX_BYTES, "archive": MAX_ARCHIVE})
            refused = gr.HTML(
                elem_id="refused", js_on_load=UPLOAD.read_text("utf-8").replace("LIMITS", limits)
            )
            report = gr.HTML(elem_id="report")
            cancel = gr.Button(LABELS("cancel"), visible=False, elem_id="cancel")
            with gr.Row(elem_id="removal"):
                done = gr.HTML(elem_id="removed")
                undo = gr.Button(
                    LABELS("undo"), visible=False, scale=0, min_width=160, elem_id="undo"
                )
            documents = gr.HTML(
                html_template='<div class="kutip-list"></div>',
                js_on_load=DOCUMENTS.read_text("utf-8"),
                elem_id="documents",
            )

        asking: Any = {
            "outputs": [question, chat, sources, talk],
            "show_progress": "hidden",
            "concurrency_limit": 4,
            "concurrency_id": "ask",
        }
        quiet: Any = {"show_progress": "hidden", **private}
        # A page is filled when it is known which corpus it looks at.
        for entered in (
            page.load(corpora.enter, None, switcher, **quiet),
            switcher.input(corpora.turn, switcher, switcher, show_progress="minimal", **private)
            .then(None, switcher, None, js=REMEMBER_CORPUS, **quiet)
            .then(desk.clear, None, [sources, talk], **quiet)
            .then(lambda: None, None, chat, **quiet)
            .then(library.clear, None, [only, refused, report, done, undo], **quiet)
            .then(desk.unsay, None, [speaker, strip, more, people, outlet], **quiet),
        ):
            entered.then(desk.load, None, [header, chat], **quiet)
            entered.then(library.show, None, [documents, hint], **quiet)
        page.unload(corpora.end)
        ask: Any = {"fn": desk.respond, "inputs": [question, talk, only], **asking}
        question.submit(**ask, **private)
        header.click(desk.switch, talk, **asking, **private)
        chat.retry(desk.retry, talk, **asking, **private)
        chat.example_select(_example_text, None, question, show_progress="hidden", **private).then(
            **ask, **private
        )
        chat.clear(desk.clear, None, [sources, talk], show_progress="hidden", **private)
        wanted, found = [speaker, topic, since, until, outlet], [strip, more, shown]
        said.select(desk.people, None, [people, outlet], show_progress="hidden", **private)
        # On a phone the timeline stands below the table.
        bring: Any = {"fn": None, "js": "() => window.kutipBring('timeline')", **private}
        people.select(
            desk.choose,
            wanted[1:],
            [speaker, *found],
            show_progress="hidden",
            trigger_mode="always_last",
            **private,
        ).then(**bring)
        gr.on(
            [show.click, outlet.input, *(box.submit for box in (speaker, topic, since, until))],
            desk.look,
            wanted,
            found,
            show_progress="minimal",
            trigger_mode="always_last",
            **private,
        ).then(**bring)
        more.click(desk.more, [*wanted, shown], found, show_progress="hidden", **private)
        upload.upload(
            library.add,
            upload,
            [upload, report, cancel, documents],
            concurrency_limit=4,
            **quiet,
        ).then(desk.head, None, header, **quiet)
        refused.click(library.refuse, None, refused, **quiet)
        cancel.click(library.cancel, None, None, **quiet)
        only.change(
            lambda ids: gr.skip() if ids else gr.Dropdown(visible=False), only, only, **quiet
        )
        changed = [done, undo, documents]
        documents.click(library.act, only, [only, *changed], **quiet).then(
            desk.head, None, header, **quiet
        )
        undo.click(library.undo, None, changed, **quiet).then(desk.head, None, header, **quiet)
        api(desk.ask_json, api_name="ask", concurrency_limit=4, concurrency_id="ask")
    return page


def _example_text(event: gr.SelectData) -> str:
    return str(event.value["text"])


def serve(
    corpus: Corpus,
    also: Sequence[Path] = (),
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = False,
    endpoint: Endpoint | None = None,
) -> None:
    """Show the chat on ``http://host:port`` until interrupted. Nothing is shared or fetched.

    *also*: folders of other corpora that a visit can turn to; see ``qa.chat.corpora``.
    *endpoint*: a language model to ask about every answer; see ``qa.answering.generation``.
    """
    with closing(Corpora(corpus, also)) as corpora:
        page = start(corpora, host=host, port=port, open_browser=open_browser, endpoint=endpoint)
        print(f"Kutip: {page.local_url} (Ctrl+C stops it)", flush=True)
        page.block_thread()


def start(
    corpus: Corpus | Corpora,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = False,
    endpoint: Endpoint | None = None,
) -> gr.Blocks:
    """Start the page in the background; ``close()`` on what is returned stops it.

    Raises ``KutipError`` where *port* is taken.
    """
    try:
        # Gradio would say this too, but leave a trail of half-opened things.
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise KutipError(f"{host}:{port}: cannot listen there; choose another port") from error
    corpora = corpus if isinstance(corpus, Corpora) else Corpora(corpus)
    page = build(corpora, endpoint)
    page.launch(
        server_name=host,
        server_port=port,
        inbrowser=open_browser,
        share=False,
        ssr_mode=False,  # would start a Node server where there is one
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        run_history=False,
        quiet=True,
        show_error=False,
        max_file_size=MAX_ARCHIVE,
        footer_links=["api", "settings"],
        prevent_thread_lock=True,
        theme=_theme(),
        css_paths=STYLE,
        head=f"<script>{SCRIPT.read_text('utf-8')}</script>",
        i18n=LABELS,
        app_kwargs={"middleware": [Middleware(LocalOnly)]},
    )
    return page


class LocalOnly:
    """Tells the browser to load from and send to this server alone.

    A second wall behind ``escape``: Gradio's page needs inline scripts, but
    nothing on it may reach another host.
    """

    POLICY = (
        b"default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
        b"base-uri 'self'; form-action 'self'; frame-ancestors 'self'; object-src 'none'"
    )
    HEADERS = (
        (b"content-security-policy", POLICY),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
    )

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self.HEADERS]
            await send(message)

        await self.app(scope, receive, guarded)


def _theme() -> gr.themes.Base:
    """Gradio's default look in the fonts the system has."""
    theme = gr.themes.Default(
        primary_hue="teal",
        neutral_hue="slate",
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "Liberation Sans", "sans-serif"],
        font_mono=["ui-monospace", "Consolas", "Liberation Mono", "monospace"],
    )
    # Gradio's grey on white is too pale for small text, as is white on its buttons (WCAG AA
    # asks for 4.5 to 1).
    return theme.set(
        color_accent="*primary_700",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_hover_dark="*primary_800",
        input_placeholder_color_dark="*neutral_400",
        input_placeholder_color="*neutral_500",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        block_label_text_color="*neutral_600",
        block_label_text_color_dark="*neutral_300",
    )


if __name__ == "__main__":
    from qa.cli import main

    sys.exit(main(["serve", *sys.argv[1:]]))
