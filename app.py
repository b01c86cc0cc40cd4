"""The chat in the browser: wires ``qa.chat`` to Gradio.

Owns the layout of the page, what happens on its events, and the server. What
is drawn comes from ``qa.chat``, which keeps the two promises: hostile text is
escaped, and a quote is drawn only where it stands. Neither knows anything about
retrieval or reading: they call ``qa.corpus.Corpus`` and draw what comes back.
"""

from __future__ import annotations

import inspect
import json
import logging
import os
import re
import secrets
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.answering import texts
from qa.answering.following import Turn as Said
from qa.answering.question import MAX_LENGTH
from qa.chat import (
    DOCUMENTS,
    MEASURE_STYLE,
    STYLE,
    SWITCHES,
    TALKS,
    UPLOAD,
    export,
    head,
    talks,
    visitor,
)
from qa.chat.corner import corner
from qa.chat.drawing import View, explain, notice, panel, plain, question_bubble, view, written
from qa.chat.examples import Examples
from qa.chat.history import Exchange, History, Kept
from qa.chat.language import language_of as chosen_language
from qa.chat.timeline import Wanted, timeline
from qa.chat.wording import TEXTS, say
from qa.errors import BadFilter, HistoryError, KutipError
from qa.server import access
from qa.server.endpoints import Endpoints
from qa.server.limits import AT_ONCE, MAX_TABS, MAX_WAITING
from qa.server.spoken import Spoken
from qa.server.warming import warm_up
from qa.types import Answer, FilterKey, Reason

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from qa.answering.generation import Endpoint
    from qa.corpus import Corpus
    from qa.server.passwords import Users

# Gradio asks two hosts for news at launch unless told not to, and its Hub
# client sends usage figures; both read these once, on import.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
# After every event Gradio makes a table of the last 10,000 for a page of figures that is off.
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**12)
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
# Around every event Gradio asks matplotlib, if it is there, for its backend; it looks for a screen.
os.environ.setdefault("MPLBACKEND", "agg")


@contextmanager
def _lighter() -> Iterator[None]:
    """Import Gradio without what this page does not need, half of the start-up time.

    Gradio rewrites .pyi files for its own developers, on every start, for 81
    classes; it skips a class whose source file cannot be found. And it imports
    the MCP SDK where there is one; ``qa.server.mcp`` does, when it is asked to.
    """
    known = "mcp" in sys.modules
    if not known:
        sys.modules["mcp"] = None  # type: ignore[assignment]
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
        if not known:
            del sys.modules["mcp"]


with _lighter():
    import gradio as gr
    from gradio.components.chatbot import ExampleMessage
    from starlette.middleware import Middleware

    from qa.chat.corpora import Corpora
    from qa.chat.judging import Form
    from qa.chat.library import MAX_ARCHIVE, Library
    from qa.chat.measure_tab import MeasureTab
    from qa.ingest import MAX_BYTES
    from qa.server import sessions
    from qa.server.api import publish


log = logging.getLogger(__name__)

TURNS = 12  # answers whose sources stay in the panel, some 20 kB each
ASKING = "ask"  # the queue of the questions
PULSE = 0.25  # seconds after which an answer that is waited for can be stopped
STATEMENTS = 25  # shown at once, and each time more are asked for

# The address then names the corpus, so that it can be opened again there, or sent to somebody.
REMEMBER_CORPUS = """name => {
  const here = new URL(location);
  here.searchParams.set('corpus', name);
  history.replaceState(null, '', here);
}"""

LABELS = gr.I18n(**TEXTS)  # for what the browser translates itself


def language_of(request: gr.Request | None) -> str:
    """The language of the interface, see ``qa.chat.language``."""
    return chosen_language(request.headers) if request else "en"


# ---------------------------------------------------------------- what happens on events


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the kinds of filter in it that are left out, and what alone is asked, by id.

    ``previous``: the conversation that it may lean on, which ``as_typed`` leaves out.
    """

    question: str
    without: frozenset[FilterKey] = frozenset()
    documents: tuple[str, ...] = ()
    previous: tuple[Said, ...] = ()
    as_typed: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its messages, its answer and the sources of that.

    No answer: it failed. No panel: that, or it was ``TURNS`` answers ago.
    """

    asked: Asked
    messages: tuple[gr.ChatMessage, ...]
    panel: str | None = None
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one browser tab has asked, the oldest first.

    ``id`` and ``begun`` (UTC): of the file that keeps it; there from the first turn on.
    """

    turns: tuple[Turn, ...] = ()
    id: str = ""
    begun: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def messages(self) -> list[gr.ChatMessage]:
        return [message for turn in self.turns for message in turn.messages]

    @property
    def panels(self) -> list[str]:
        """The sources that stay in the panel."""
        return [turn.panel for turn in self.turns if turn.panel is not None]

    @property
    def answers(self) -> list[Answer]:
        return [turn.answer for turn in self.turns if turn.answer is not None]

    @property
    def said(self) -> tuple[Said, ...]:
        """What the next question may lean on."""
        asked = [one for one in self.answers if one.reason is not Reason.EMPTY_QUESTION]
        return tuple(map(Said.of, asked[-TURNS:]))

    def plus(self, turn: Turn) -> Conversation:
        """The same conversation and one more turn."""
        turns = [*self.turns, turn]
        # Sources hold whole articles: a long conversation must not keep them all.
        shown = [i for i, one in enumerate(turns) if one.panel is not None]
        for i in shown[:-TURNS]:
            turns[i] = replace(turns[i], panel=None)
        return replace(self, turns=tuple(turns), id=self.id or secrets.token_hex(8))

    def up_to(self, count: int) -> Conversation:
        """The same conversation with its first *count* turns."""
        return replace(self, turns=self.turns[:count])


def chosen(answer: Answer) -> tuple[str, ...]:
    """The documents that alone were asked, by id."""
    return tuple(
        one.value for one in answer.understood if one.key is FilterKey.DOCUMENT and not one.typed
    )


class Desk:
    """Answers the events of the page; holds the corpus, and the address of a language model."""

    def __init__(self, corpus: Corpus, endpoint: Endpoint | None = None) -> None:
        self.corpus = corpus
        self.endpoint = endpoint
        self.history = History(Path(corpus.path) / "conversations")
        self.examples = Examples(corpus)

    def generated(self, answer: Answer) -> Answer:
        """*answer* with what the language model makes of its quotes, where there is a model."""
        return generated(answer, self.corpus, self.endpoint)

    def head(self, request: gr.Request) -> str:
        """The header: when the page opens, or the documents have changed."""
        return self.header(language_of(request), request.username)

    def suggest(self, request: gr.Request) -> Any:
        """The chat with questions to start with, or a word on where to add documents."""
        language = language_of(request)
        suggested: list[ExampleMessage] = [
            {"text": question} for question in self.examples.of(language)
        ]
        welcome = "welcome" if self.corpus.coverage().documents else "no_documents"
        return gr.Chatbot(examples=suggested, placeholder=say(language, welcome))

    def header(self, language: str, user: str | None = None) -> str:
        holds, line = self.corpus.coverage(), say(language, "no_documents")
        if holds.documents:
            days = [day for day in (holds.published_from, holds.published_to) if day]
            dates = " – ".join(texts.day(day, language) for day in days)
            line = say(language, "holds", n=holds.documents, dates=dates and f", {dates}")
        return (
            f'<div class="kutip-brand"><h1>Kutip</h1><span>{say(language, "tagline")}</span>'
            f'{corner(language, user)}</div><p class="kutip-coverage">{line}</p>'
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

        asked = Asked(question, documents=tuple(only or ()), previous=talk.said)
        yield from self._answer(asked, talk, language)

    def switch(
        self, talk: Conversation, event: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """A click on a switch in the chat; streams what ``respond`` does.

        On a chip: ask its question again without that kind of filter, or with
        it; as typed, or as part of the conversation. On the pencil of a question:
        put it into the box. A switch of another conversation is none.
        """
        found = re.fullmatch(r"#kutip-(\d{1,6})-(?:(edit|typed)|without-(\w+))", str(event._data))
        turn, what, key = (int(found[1]), found[2], found[3]) if found else (0, None, None)
        known = key is None or key in FilterKey.__members__.values()
        if not known or not 1 <= turn <= len(talk.turns):
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        before = talk.turns[turn - 1].asked
        if what == "edit":
            yield before.question, gr.skip(), gr.skip(), gr.skip()
            return
        if what == "typed":
            asked = replace(before, as_typed=not before.as_typed)
        else:
            asked = replace(before, without=before.without ^ {FilterKey(str(key))})
        yield from self._answer(asked, talk, language_of(request), box=gr.skip())

    def retry(self, talk: Conversation, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Answer the last question once more, in place of its last answer."""
        if not talk.turns:
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        before = talk.up_to(len(talk.turns) - 1)
        yield from self._answer(talk.turns[-1].asked, before, language_of(request), box=gr.skip())

    def _answer(
        self, asked: Asked, talk: Conversation, language: str, box: Any = ""
    ) -> Iterator[tuple[Any, ...]]:
        """Stream one answer; *box*: what the question box holds meanwhile."""
        number = len(talk.turns) + 1
        mine = user_message(asked, number, language)
        before = talk.messages
        # Where this is stopped, the conversation goes on from what it was given last.
        stopped = talk.plus(Turn(asked, (mine, halted(language))))
        try:
            known = self.corpus.coverage().documents
            doing = step(say(language, "searching", n=known))
            yield stoppable(box), [*before, mine, doing], gr.skip(), stopped
            previous = () if asked.as_typed else asked.previous
            answer = self.corpus.ask(
                asked.question,
                without=asked.without,
                documents=asked.documents,
                previous=previous,
            )
            doing = step(say(language, "checking"))
            yield gr.skip(), [*before, mine, doing], gr.skip(), gr.skip()
            seen = view(answer, self.corpus, number, asked.without, asked.as_typed)
        except Exception as error:
            failed = gr.ChatMessage(role="assistant", content=explain(error, language))
            # A filter that cannot be read is put right in the box.
            again = asked.question if isinstance(error, BadFilter) else gr.skip()
            talk = talk.plus(Turn(asked, (mine, failed)))
            yield ready(again), talk.messages, gr.skip(), talk
            return

        turn = finished(asked, answer, seen, language)
        done = talk.plus(turn)
        sources: Any = panel(done.panels, answer.language)  # long, so sent only once
        for count in range(1, len(seen.paragraphs)):
            part = gr.ChatMessage(role="assistant", content=seen.bubble(count))
            shown = [*before, *turn.messages[:-1], part]
            yield gr.skip(), shown, sources, gr.skip()
            sources = gr.skip()
        if self.endpoint is not None and not answer.abstained:
            # The quotes do not wait for the model.
            waiting = step(say(language, "writing"))
            yield gr.skip(), [*done.messages, waiting], sources, done
            sources = gr.skip()
            for made in self._generating(answer):
                if made is None:
                    yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
                else:
                    done = talk.plus(finished(asked, made, seen, language))
        yield ready(gr.skip()), done.messages, sources, done

    def _generating(self, answer: Answer) -> Iterator[Answer | None]:
        """Last what ``generated`` gives; until then None, now and again.

        Gradio can stop an answer only between two steps. What the model is asked
        then comes to nothing within the time limit of the endpoint.
        """
        waited: Future[Answer] = Future()

        def work() -> None:
            try:
                waited.set_result(self.generated(answer))
            except BaseException as error:
                waited.set_exception(error)

        threading.Thread(target=work, daemon=True).start()
        while not wait([waited], timeout=PULSE).done:
            yield None
        yield waited.result()

    def stop(self, talk: Conversation) -> tuple[Any, list[gr.ChatMessage]]:
        """What is left when an answer has been stopped: (question box, chat)."""
        # Gradio drops what is asked before it has seen the stopped answer end.
        time.sleep(2 * PULSE)
        last = talk.turns[-1] if talk.turns else None
        again = last.asked.question if last and last.answer is None else gr.skip()
        return ready(again), talk.messages

    # The conversations of a browser

    def keep(self, talk: Conversation, request: gr.Request) -> str:
        """Keep the conversation, and draw the bar over the chat as it is now."""
        language, owner = language_of(request), visitor.owner(request)
        exchanges = tuple(
            Exchange(turn.asked.question, turn.asked.without, turn.answer)
            for turn in talk.turns
            if turn.answer is not None
        )
        if owner and exchanges:
            try:
                self.history.save(owner, Kept(talk.id, talk.begun, exchanges), page_of(request))
            except HistoryError as error:
                log.warning("%s", error)
                gr.Warning(say(language, "not_kept"), title="Kutip")
        return self.bar(talk, request)

    def bar(self, talk: Conversation, request: gr.Request) -> str:
        """The bar over the chat."""
        owner = visitor.owner(request)
        listed = self.history.listed(owner) if owner else []
        return talks.bar(listed, talk.id, talk.answers, language_of(request))

    def renew(self, request: gr.Request) -> tuple[Any, ...]:
        """Begin another conversation: (question box, chat, sources, conversation, bar)."""
        talk = Conversation()
        sources = panel([], language_of(request))
        return ready(""), [], sources, talk, self.bar(talk, request)

    def turn_to(
        self, talk: Conversation, event: gr.EventData, request: gr.Request
    ) -> tuple[Any, ...]:
        """A click in the bar: begin anew, open a conversation, or delete it; as ``renew``."""
        nothing = (gr.skip(),) * 5
        verb, id = talks.wish(event._data)
        if verb == "new":
            return self.renew(request)
        owner = visitor.owner(request)
        if owner is None or verb not in ("open", "forget"):
            return nothing
        language = language_of(request)
        try:
            if verb == "forget":
                self.history.remove(owner, id)
                if id == talk.id:
                    return self.renew(request)
                return *nothing[:-1], self.bar(talk, request)
            kept = self.history.open(owner, id, page_of(request))
        except HistoryError as error:
            log.warning("%s", error)
            gr.Warning(say(language, "not_opened"), title="Kutip")
            return *nothing[:-1], self.bar(talk, request)
        talk = Conversation(id=kept.id, begun=kept.begun)
        for number, one in enumerate(kept.exchanges, start=1):
            seen = view(one.answer, self.corpus, number, one.without)
            asked = Asked(one.question, one.without, chosen(one.answer), talk.said)
            talk = talk.plus(finished(asked, one.answer, seen, language))
        sources = panel(talk.panels, language)
        return ready(""), talk.messages, sources, talk, self.bar(talk, request)

    def export(
        self, talk: Conversation, event: gr.EventData, request: gr.Request
    ) -> dict[str, str] | None:
        """A click on a form of dossier: the file for the browser to save; None: there is none."""
        verb, what = talks.wish(event._data)
        which, _, form = what.partition("-")
        turns = talk.turns if which == "all" else talk.turns[int(which or 0) - 1 :][:1]
        answers = [turn.answer for turn in turns if turn.answer is not None]
        if verb != "save" or which == "0" or not answers:
            return None
        try:
            return export.parcel(answers, self.corpus, form)
        except Exception as error:
            log.warning("cannot export", exc_info=error)
            gr.Warning(say(language_of(request), "failed"), title="Kutip")
            return None


def generated(answer: Answer, corpus: Corpus, endpoint: Endpoint | None) -> Answer:
    """*answer* with what the language model at *endpoint* makes of its quotes, if there is one."""
    if endpoint is None:
        return answer
    from qa.answering.generation import generate

    return generate(answer, corpus, endpoint)


def user_message(asked: Asked, number: int, language: str) -> gr.ChatMessage:
    """The bubble of question *number*."""
    bubble = question_bubble(asked.question, number, language)
    return gr.ChatMessage(role="user", content=bubble)


def finished(asked: Asked, answer: Answer, seen: View, language: str) -> Turn:
    """The turn of an *answer* that is there, *seen* as what holds of it."""
    below = ""
    # What was written around a quote that fell may lean on it.
    if answer.generated and len(seen.shown) == len(answer.citations):
        below = written(answer.generated, seen.shown, seen.turn, answer.language)
    if answer.reason not in (Reason.EMPTY_QUESTION, Reason.EMPTY_CORPUS):
        below += export.links(str(seen.turn), answer.language, sources=bool(answer.citations))
    reply = gr.ChatMessage(role="assistant", content=seen.bubble(below=below))
    return Turn(asked, (user_message(asked, seen.turn, language), reply), seen.panel, answer)


def halted(language: str) -> gr.ChatMessage:
    """What stands in the place of an answer that was stopped."""
    text = notice(say(language, "stopped_note"), language, heading="stopped")
    return gr.ChatMessage(role="assistant", content=text)


def stoppable(value: Any) -> Any:
    """The question box with *value* in it, while its button stops an answer."""
    return _box(value, submit_btn=False, stop_btn=True)


def ready(value: Any) -> Any:
    """The question box with *value* in it, ready for a question."""
    return _box(value, submit_btn=True, stop_btn=False)


def _box(value: Any, **named: Any) -> Any:
    return gr.Textbox(value, **named) if isinstance(value, str) else gr.Textbox(**named)


def page_of(request: gr.Request) -> str:
    """Tells one open page from another."""
    return str(getattr(request, "session_hash", "") or "")


def step(title: str) -> gr.ChatMessage:
    """A line that says what is being done."""
    return gr.ChatMessage(content="", metadata={"title": title, "status": "pending"})


# ---------------------------------------------------------------- the page


def build(corpora: Corpora, endpoint: Endpoint | None = None) -> gr.Blocks:
    """The page over *corpora*; ``serve`` starts it."""
    desk = corpora.followed(lambda corpus: Desk(corpus, endpoint))
    library = corpora.followed(Library)
    private: Any = {"api_visibility": "private"}
    page: gr.Blocks = gr.Blocks(title="Kutip", fill_width=True, delete_cache=(3600, 3600))
    page.queue(max_size=MAX_WAITING)
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
            with gr.Column(scale=3, min_width=320, elem_id="chat-column"):
                bar = gr.HTML(elem_id="bar", js_on_load=TALKS.read_text("utf-8"))
                chat = gr.Chatbot(
                    elem_id="chat",
                    show_label=False,
                    label=LABELS("chat"),
                    placeholder=str(LABELS("welcome")),  # the browser translates it
                    height="calc(100dvh - 318px)",
                    buttons=[],
                    layout="bubble",
                    latex_delimiters=[],
                    allow_tags=False,
                    sanitize_html=True,
                    feedback_options=None,
                )
                judging = Form(corpora.here, LABELS, language_of)
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
                    min_width=260,
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
                        column_widths=["155px", "108px", "135px", "98px", "100px", "200px"],
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

        with gr.Tab(LABELS("measure")) as measure:
            measuring = MeasureTab(corpora.here, LABELS, language_of)

        asking: Any = {
            "outputs": [question, chat, sources, talk],
            "show_progress": "hidden",
            "concurrency_limit": AT_ONCE,
            "concurrency_id": ASKING,
        }
        quiet: Any = {"show_progress": "hidden", **private}
        turned: Any = {"outputs": [question, chat, sources, talk, bar], **quiet}
        # A page is filled when it is known which corpus it looks at.
        for entered in (
            page.load(corpora.enter, None, switcher, **quiet),
            switcher.input(corpora.turn, switcher, switcher, show_progress="minimal", **private)
            .then(None, switcher, None, js=REMEMBER_CORPUS, **quiet)
            .then(desk.renew, None, **turned)
            .then(library.clear, None, [only, refused, report, done, undo], **quiet)
            .then(desk.unsay, None, [speaker, strip, more, people, outlet], **quiet),
        ):
            entered.then(desk.head, None, header, **quiet)
            entered.then(desk.suggest, None, chat, **quiet)
            entered.then(desk.bar, talk, bar, **quiet)
            entered.then(library.show, None, [documents, hint], **quiet)
        page.unload(corpora.end)
        ask: Any = {"fn": desk.respond, "inputs": [question, talk, only], **asking}
        asked = [
            question.submit(**ask, **private),
            header.click(desk.switch, talk, **asking, **private),
            chat.retry(desk.retry, talk, **asking, **private),
            chat.example_select(_example_text, None, question, **quiet).then(**ask, **private),
        ]
        for event in asked:
            event.then(desk.keep, talk, bar, **quiet)
        question.stop(desk.stop, talk, [question, chat], cancels=asked, **quiet)
        chat.clear(desk.renew, None, **turned)
        bar.turn(desk.turn_to, talk, **turned)
        parcel = gr.JSON(visible=False)
        bar.save(desk.export, talk, parcel, **quiet).then(
            None, parcel, js="file => window.kutipSave(file)", **quiet
        )
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
        ).then(desk.head, None, header, **quiet).then(desk.suggest, None, chat, **quiet)
        refused.click(library.refuse, None, refused, **quiet)
        cancel.click(library.cancel, None, None, **quiet)
        only.change(
            lambda ids: gr.skip() if ids else gr.Dropdown(visible=False), only, only, **quiet
        )
        judging.wire(talk)
        measuring.wire(page, measure)
        changed = [done, undo, documents]
        documents.click(library.act, only, [only, *changed], **quiet).then(
            desk.head, None, header, **quiet
        )
        undo.click(library.undo, None, changed, **quiet).then(desk.head, None, header, **quiet)
        publish(page, _endpoints(corpora, endpoint), ASKING)
    return page


def _endpoints(corpora: Corpora, endpoint: Endpoint | None) -> Endpoints:
    return Endpoints(corpora, lambda answer, corpus: generated(answer, corpus, endpoint))


def _example_text(event: gr.SelectData) -> str:
    return str(event.value["text"])


def serve(
    corpus: Corpus,
    also: Sequence[Path] = (),
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = False,
    endpoint: Endpoint | None = None,
    users: Users | None = None,
    anyone: bool = False,
    mcp: bool = False,
) -> None:
    """Show the chat on ``http://host:port`` until interrupted. Nothing is shared or fetched.

    *also*: folders of other corpora that a visit can turn to; see ``qa.chat.corpora``.
    The other options are those of ``start``.
    """
    with closing(Corpora(corpus, also)) as corpora:
        page = start(
            corpora,
            host=host,
            port=port,
            open_browser=open_browser,
            endpoint=endpoint,
            users=users,
            anyone=anyone,
            mcp=mcp,
        )
        print(f"Kutip: {page.local_url} (Ctrl+C stops it)", flush=True)
        page.block_thread()


def start(
    corpus: Corpus | Corpora,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = False,
    endpoint: Endpoint | None = None,
    users: Users | None = None,
    anyone: bool = False,
    mcp: bool = False,
) -> gr.Blocks:
    """Start the page in the background; ``close()`` on what is returned stops it.

    *endpoint*: a language model to ask about every answer; see
    ``qa.answering.generation``. *users*: who may enter; without them everybody on
    this machine may, and on others only if *anyone* says so. *mcp*: serve tools
    for assistants too. Raises ``KutipError`` where *port* is taken, or *host* open
    to others by oversight.
    """
    access.check(host, users, anyone=anyone)
    try:
        # Gradio would say this too, but leave a trail of half-opened things.
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise KutipError(f"{host}:{port}: cannot listen there; choose another port") from error
    corpora = corpus if isinstance(corpus, Corpora) else Corpora(corpus)
    page = build(corpora, endpoint)
    guards, named = access.guards(users, anyone=anyone, waiting=lambda: len(page._queue))
    keyed = Middleware(visitor.Keys)
    served: dict[str, Any] = {
        "middleware": [Middleware(LocalOnly), *guards, keyed, Middleware(Spoken)]
    }
    if mcp:
        from qa.server.mcp import mounted

        served |= mounted(_endpoints(corpora, endpoint))
    served["lifespan"] = sessions.kept(served.get("lifespan"))
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
        state_session_capacity=MAX_TABS,
        footer_links=["api", "settings"],
        prevent_thread_lock=True,
        theme=_theme(),
        css_paths=[STYLE, MEASURE_STYLE],
        head=head(),
        i18n=LABELS,
        app_kwargs=served,
        auth_dependency=named,
    )
    warm_up(corpora.named())
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
        link_text_color="*primary_700",
        link_text_color_dark="*primary_400",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_hover_dark="*primary_800",
        input_placeholder_color_dark="*neutral_400",
        input_placeholder_color="*neutral_500",
        button_cancel_background_fill="#b91c1c",
        button_cancel_background_fill_dark="#b91c1c",
        button_cancel_background_fill_hover="#991b1b",
        button_cancel_background_fill_hover_dark="#991b1b",
        button_cancel_text_color="white",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        block_label_text_color="*neutral_600",
        block_label_text_color_dark="*neutral_300",
    )


if __name__ == "__main__":
    from qa.cli import main

    sys.exit(main(["serve", *sys.argv[1:]]))
