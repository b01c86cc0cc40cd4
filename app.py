"""The chat in the browser: wires ``qa.chat`` to Gradio.

Owns the layout of the page, what happens on its events, and the server. What
is drawn comes from ``qa.chat``, which keeps the two promises: hostile text is
escaped, and a quote is drawn only where it stands. Neither knows anything about
retrieval or reading: they call ``qa.corpus.Corpus`` and draw what comes back.
"""

from __future__ import annotations

import inspect
import os
import re
import shutil
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from qa.answering import texts
from qa.answering.question import MAX_LENGTH
from qa.chat import MEASURE_STYLE, SCRIPT, STYLE, SWITCHES
from qa.chat.drawing import escape, explain, panel, question_bubble, view, written
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

    # These import Gradio, too.
    from qa.chat.judging import Form
    from qa.chat.measure_tab import MeasureTab


MAX_UPLOAD = "200mb"
TURNS = 12  # earlier answers whose sources stay in the panel
STATEMENTS = 25  # shown at once, and each time more are asked for

LABELS = gr.I18n(**TEXTS)  # for what the browser translates itself


def language_of(request: gr.Request | None) -> str:
    """The language of the interface: the browser's first choice, if it is one of ours."""
    header = request.headers.get("accept-language", "") if request else ""
    first = header.split(",")[0].split("-")[0].strip().lower()
    return first if first in TEXTS else "en"


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


def keep_upload(path: Path, folder: Path) -> Path:
    """A copy of an uploaded file in *folder*, never over another file of that name."""
    folder.mkdir(parents=True, exist_ok=True)
    target, number = folder / path.name, 1
    while target.exists() and target.read_bytes() != path.read_bytes():
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    shutil.copyfile(path, target)
    return target


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the kinds of filter in it that are left out."""

    question: str
    without: frozenset[FilterKey] = frozenset()


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its messages, its answer and the sources of that; None: it failed."""

    asked: Asked
    messages: tuple[gr.ChatMessage, ...]
    panel: str | None = None
    answer: Answer | None = None


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
        # A browser uploads to a folder that Gradio empties; the corpus must
        # name a file that stays.
        self.uploads = Path(corpus.path) / "uploads"

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

    def load(self, request: gr.Request) -> tuple[str, Any, Any]:
        """Fill the page when it opens: header, examples, table."""
        language = language_of(request)
        suggested: list[ExampleMessage] = [
            {"text": question} for question in examples(self.corpus, language)
        ]
        return self.header(language), gr.Chatbot(examples=suggested), self.table(language)

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

    def table(self, language: str) -> Any:
        """The list of documents; the id comes last, for ``select``."""
        columns = ("title", "outlet", "date", "language", "passages", "source")
        rows = [
            [
                d.title,
                d.outlet or "",
                d.published.isoformat() if d.published else "",
                d.language,
                d.passages,
                PurePath(d.source).name,
                d.id,
            ]
            for d in self.corpus.documents()
        ]
        headers = [*(say(language, f"col_{column}") for column in columns), "ID"]
        return gr.Dataframe(value=rows, headers=headers)

    def people(self, request: gr.Request) -> Any:
        """The table of speakers; the name comes first, for ``choose``."""
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
        return gr.Dataframe(value=rows, headers=headers)

    def choose(
        self, about: str, since: str, until: str, event: gr.SelectData, request: gr.Request
    ) -> tuple[Any, ...]:
        """A click in the table: (speaker, timeline, button for more, how many are shown)."""
        speaker = str((event.row_value or [""])[0])
        return speaker, *self.look(speaker, about, since, until, request)

    def look(
        self, speaker: str, about: str, since: str, until: str, request: gr.Request, most: int = 0
    ) -> tuple[str, Any, int]:
        """Statements in time order: (timeline, button for more, how many are shown)."""
        language, most = language_of(request), most or STATEMENTS
        try:
            wanted = Wanted.read(speaker, about, since, until, language)
            html, left = timeline(self.corpus, wanted, language, most)
        except Exception as error:
            html, left = explain(error, language), 0
        return html, gr.Button(say(language, "more", n=left), visible=left > 0), most

    def more(
        self, speaker: str, about: str, since: str, until: str, most: int, request: gr.Request
    ) -> tuple[str, Any, int]:
        """What ``look`` shows, and as many again."""
        return self.look(speaker, about, since, until, request, most + STATEMENTS)

    def respond(
        self, question: str, talk: Conversation, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """Stream one answer: (question box, chat, sources, conversation)."""
        language = language_of(request)
        question = question.strip()
        if not question or len(question) > MAX_LENGTH:
            message = say(language, "empty_question")
            if question:
                message = say(language, "too_long", n=len(question), limit=MAX_LENGTH)
            gr.Warning(message, title="Kutip")
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return

        yield from self._answer(Asked(question), talk, language)

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
            answer = self.corpus.ask(asked.question, without=asked.without)
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
        talk = talk.plus(Turn(asked, (*mine, whole), seen.panel, answer))
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
                last = Turn(asked, (*mine, whole), seen.panel, answer)
                talk = Conversation(talk.turns[:-1]).plus(last)
        yield gr.skip(), talk.messages, sources, talk

    def clear(self, request: gr.Request) -> tuple[str, Conversation]:
        return panel([], language_of(request)), Conversation()

    def add(
        self,
        files: list[str] | None,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - Gradio's own convention
    ) -> tuple[Any, str, Any, str]:
        """Add uploaded files: (upload box, report, table, header)."""
        language = language_of(request)
        try:
            kept = [keep_upload(Path(file), self.uploads) for file in files or []]
            report = self.corpus.add(
                *kept,
                progress=lambda done, total, name: progress(
                    (done, total), desc=say(language, "adding", name=PurePath(name).name)
                ),
            )
        except Exception as error:
            return None, explain(error, language), gr.skip(), gr.skip()
        counts = say(
            language,
            "add_report",
            added=len(report.added) + len(report.replaced),
            unchanged=len(report.unchanged) + len(report.copies),
            failed=len(report.failed),
        )
        problems = "".join(
            f"<li><b>{escape(PurePath(e.path).name)}</b>: {escape(e.problem)}; "
            f"{escape(e.remedy)}</li>"
            for e in report.failed
        )
        # What did not become a document of its own is not kept.
        for useless in [*(e.path for e in report.failed), *(source for source, _ in report.copies)]:
            self._discard(useless)
        html = f'<div class="kutip-report" role="status"><p>{counts}</p><ul>{problems}</ul></div>'
        return None, html, self.table(language), self.header(language)

    def _discard(self, source: str) -> None:
        """Delete *source* if it is a copy that ``add`` made."""
        path = Path(source).resolve()
        if path.parent == self.uploads.resolve():
            path.unlink(missing_ok=True)

    def select(self, event: gr.SelectData, request: gr.Request) -> tuple[str, str, Any]:
        """A click in the table: (chosen id, what was chosen, remove button)."""
        language = language_of(request)
        row = event.row_value or [""]
        chosen = (
            f'<p class="kutip-picked">{say(language, "picked")} <b>{escape(str(row[0]))}</b></p>'
        )
        return str(row[-1]), chosen, gr.Button(interactive=True)

    def remove(self, chosen: str, request: gr.Request) -> tuple[str, str, Any, Any, str]:
        """Remove the chosen document: (chosen id, report, remove button, table, header)."""
        language = language_of(request)
        try:
            document = self.corpus.document(chosen)
            self.corpus.remove(chosen)
        except Exception as error:
            return "", explain(error, language), gr.Button(interactive=False), gr.skip(), gr.skip()
        self._discard(document.source)
        done = escape(document.title or document.source)
        return (
            "",
            f'<p class="kutip-picked" role="status">{say(language, "removed", title=done)}</p>',
            gr.Button(interactive=False),
            self.table(language),
            self.header(language),
        )


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


def build(corpus: Corpus, endpoint: Endpoint | None = None) -> gr.Blocks:
    """The page over *corpus*; ``serve`` starts it."""
    from qa.ingest import SUFFIXES

    desk = Desk(corpus, endpoint)
    private: Any = {"api_visibility": "private"}
    page: gr.Blocks = gr.Blocks(title="Kutip", fill_width=True, delete_cache=(3600, 3600))
    with page:
        # Being there from the start, it hears the chips in the chat too.
        header = gr.HTML(elem_id="header", js_on_load=SWITCHES.read_text("utf-8"))
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
                judging = Form(corpus, LABELS, language_of)
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
                    label=LABELS("about_topic"), placeholder=LABELS("topic_hint"), min_width=180
                )
                since = gr.Textbox(
                    label=LABELS("since"), placeholder=LABELS("date_hint"), min_width=150
                )
                until = gr.Textbox(
                    label=LABELS("until"), placeholder=LABELS("date_hint"), min_width=150
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
                label=LABELS("upload"),
                file_count="multiple",
                file_types=sorted(SUFFIXES),
                height=130,
                elem_id="upload",
            )
            report = gr.HTML(elem_id="report")
            table = gr.Dataframe(
                label=LABELS("search_documents"),
                interactive=False,
                datatype="str",
                show_search="search",
                max_height=420,
                column_widths=["410px", "190px", "105px", "110px", "105px", "285px", "160px"],
                elem_id="documents",
                buttons=[],
            )
            chosen = gr.State("")
            with gr.Row(elem_id="removal"):
                picked = gr.HTML(value=LABELS("pick"), elem_id="picked")
                remove = gr.Button(
                    LABELS("remove"), variant="stop", interactive=False, scale=0, min_width=260
                )

        with gr.Tab(LABELS("measure")) as measure:
            measuring = MeasureTab(corpus, LABELS, language_of)

        asking: Any = {
            "outputs": [question, chat, sources, talk],
            "show_progress": "hidden",
            "concurrency_limit": 4,
            "concurrency_id": "ask",
        }
        page.load(desk.load, None, [header, chat, table], show_progress="hidden", **private)
        ask: Any = {"fn": desk.respond, "inputs": [question, talk], **asking}
        question.submit(**ask, **private)
        header.click(desk.switch, talk, **asking, **private)
        chat.retry(desk.retry, talk, **asking, **private)
        chat.example_select(_example_text, None, question, show_progress="hidden", **private).then(
            **ask, **private
        )
        chat.clear(desk.clear, None, [sources, talk], show_progress="hidden", **private)
        wanted, found = [speaker, topic, since, until], [strip, more, shown]
        said.select(desk.people, None, people, show_progress="hidden", **private)
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
            [show.click, *(box.submit for box in wanted)],
            desk.look,
            wanted,
            found,
            show_progress="minimal",
            trigger_mode="always_last",
            **private,
        ).then(**bring)
        more.click(desk.more, [*wanted, shown], found, show_progress="hidden", **private)
        upload.upload(desk.add, upload, [upload, report, table, header], **private)
        table.select(desk.select, None, [chosen, picked, remove], show_progress="hidden", **private)
        remove.click(
            desk.remove,
            chosen,
            [chosen, picked, remove, table, header],
            show_progress="hidden",
            **private,
        )
        judging.wire(talk)
        measuring.wire(page, measure)
        api(desk.ask_json, api_name="ask", concurrency_limit=4, concurrency_id="ask")
    return page


def _example_text(event: gr.SelectData) -> str:
    return str(event.value["text"])


def serve(
    corpus: Corpus,
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = False,
    endpoint: Endpoint | None = None,
) -> None:
    """Show the chat on ``http://host:port`` until interrupted. Nothing is shared or fetched.

    *endpoint*: a language model to ask about every answer; see ``qa.answering.generation``.
    """
    page = start(corpus, host=host, port=port, open_browser=open_browser, endpoint=endpoint)
    print(f"Kutip: {page.local_url} (Ctrl+C stops it)", flush=True)
    page.block_thread()


def start(
    corpus: Corpus,
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
    page = build(corpus, endpoint)
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
        max_file_size=MAX_UPLOAD,
        footer_links=["api", "settings"],
        prevent_thread_lock=True,
        theme=_theme(),
        css_paths=[STYLE, MEASURE_STYLE],
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
