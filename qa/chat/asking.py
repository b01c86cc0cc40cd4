"""Answers the events of the tab that asks: a question, a switch, a conversation taken up again.

One ``Desk`` for each corpus. What is drawn comes from ``drawing``; nothing here knows
anything about retrieval or reading, it calls ``Corpus`` and hands on what comes back.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import gradio as gr
from gradio.components.chatbot import ExampleMessage

from qa.answering import texts
from qa.answering.question import MAX_LENGTH
from qa.chat import export, talks, visitor
from qa.chat.conversation import (
    Asked,
    Conversation,
    Turn,
    chosen,
    finished,
    halted,
    step,
    user_message,
)
from qa.chat.corner import corner
from qa.chat.drawing import explain, panel, view
from qa.chat.examples import Examples
from qa.chat.history import Exchange, History, Kept
from qa.chat.language import language_of
from qa.chat.wording import say
from qa.errors import BadFilter, HistoryError
from qa.types import Answer, FilterKey

if TYPE_CHECKING:
    from qa.answering.generation import Endpoint
    from qa.corpus import Corpus

log = logging.getLogger(__name__)

PULSE = 0.25  # seconds after which an answer that is waited for looks whether to stop
ENDING = 5.0  # seconds that the end of an answer that is shown is waited for
# What is done when a stage of ``Corpus.ask`` is over.
NEXT = {"understand": "searching", "retrieve": "reading", "read": "checking"}

T = TypeVar("T")


class Aside(Generic[T]):
    """*work* on a thread of its own; a loop over this lasts as long, and gives what it tells.

    Or None, when ``PULSE`` seconds have brought nothing: an answer can be stopped, and Gradio
    let go of one whose page was closed, only between two steps.
    """

    def __init__(self, work: Callable[[Callable[[str], None]], T]) -> None:
        self._told: SimpleQueue[str | None] = SimpleQueue()
        self._done: Future[T] = Future()
        threading.Thread(target=self._run, args=(work,), daemon=True).start()

    def _run(self, work: Callable[[Callable[[str], None]], T]) -> None:
        try:
            self._done.set_result(work(self._told.put))
        except BaseException as error:
            self._done.set_exception(error)
        self._told.put(None)

    def __iter__(self) -> Iterator[str | None]:
        while True:
            try:
                told = self._told.get(timeout=PULSE)
            except Empty:
                yield None
                continue
            if told is None:
                return
            yield told

    def result(self) -> T:
        """What *work* came to, or the error it raised."""
        return self._done.result()


@dataclass(slots=True)
class Stop:
    """Whether an answer is to end where it is, and what the question box held at the wish;
    whether all of it is on the page, and whether its event is over too.

    ``left``: its conversation is no longer on the page, so nothing of it is shown any more.
    """

    wished: threading.Event = field(default_factory=threading.Event)
    typed: str = ""
    left: bool = False
    shown: bool = False
    over: threading.Event = field(default_factory=threading.Event)


class Desk:
    """Answers the events of the page; holds the corpus, and the address of a language model."""

    def __init__(self, corpus: Corpus, endpoint: Endpoint | None = None) -> None:
        self.corpus = corpus
        self.endpoint = endpoint
        self.history = History(Path(corpus.path) / "conversations")
        self.examples = Examples(corpus)
        self._answering: dict[str, Stop] = {}  # by page

    def generated(self, answer: Answer) -> Answer:
        """*answer* with what the language model makes of its quotes, where there is a model."""
        return generated(answer, self.corpus, self.endpoint)

    def head(self, request: gr.Request) -> str:
        """The header: when the page opens, or the documents have changed."""
        return self.header(language_of(request.headers), request.username)

    def suggest(self, request: gr.Request) -> Any:
        """The chat with questions to start with, or a word on where to add documents."""
        language = language_of(request.headers)
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
        language, typed = language_of(request.headers), question
        question = question.strip()
        if not question or len(question) > MAX_LENGTH:
            message = say(language, "empty_question")
            if question:
                message = say(language, "too_long", n=len(question), limit=MAX_LENGTH)
            if typed:  # nothing at all is what is left when Enter was pressed twice
                gr.Warning(message, title="Kutip")
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return

        asked = Asked(question, documents=tuple(only or ()), previous=talk.said)
        yield from self._answer(asked, talk, request)

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
        yield from self._answer(asked, talk, request, box=gr.skip())

    def retry(self, talk: Conversation, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Answer the last question once more, in place of its last answer."""
        if not talk.turns:
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        before = talk.up_to(len(talk.turns) - 1)
        yield from self._answer(talk.turns[-1].asked, before, request, box=gr.skip())

    def _answer(
        self, asked: Asked, talk: Conversation, request: gr.Request, box: Any = ""
    ) -> Iterator[tuple[Any, ...]]:
        """Stream one answer; *box*: what the question box holds meanwhile.

        One at a time for each page: the next one goes on from what this one leaves.
        """
        language, page = language_of(request.headers), page_of(request)
        before = self._answering.get(page)
        if before is not None and before.shown:
            # With the end of an event Gradio sends its last step again, over the next answer.
            before.over.wait(ENDING)
        if page in self._answering:
            gr.Info(say(language, "still_answering"), title="Kutip")
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        with self._stoppable(page) as stop:
            last = yield from self._steps(asked, talk, language, box, stop)
            if stop.left:
                last = (gr.skip(),) * len(last)
            stop.shown = True
            yield last  # which lets the page ask again

    @contextmanager
    def _stoppable(self, page: str) -> Iterator[Stop]:
        stop = self._answering[page] = Stop()
        try:
            yield stop
        finally:
            if self._answering.get(page) is stop:
                del self._answering[page]
            stop.over.set()

    def _steps(
        self, asked: Asked, talk: Conversation, language: str, box: Any, stop: Stop
    ) -> Generator[tuple[Any, ...], None, tuple[Any, ...]]:
        """The steps of an answer; returns the last one."""
        number = len(talk.turns) + 1
        mine = user_message(asked, number, language)
        before = talk.messages
        # Where the page is closed meanwhile, the conversation is what it was given last.
        stopped = talk.plus(Turn(asked, (mine, halted(language))))
        try:
            doing = step(say(language, "understanding"))
            yield stoppable(box), [*before, mine, doing], gr.skip(), stopped
            known = self.corpus.coverage().documents
            asking = Aside(
                lambda tell: self.corpus.ask(
                    asked.question,
                    without=asked.without,
                    documents=asked.documents,
                    previous=() if asked.as_typed else asked.previous,
                    tell=tell,
                )
            )
            for over in asking:
                if stop.wished.is_set():
                    again = gr.skip() if stop.typed.strip() else asked.question
                    return ready(again), stopped.messages, gr.skip(), stopped
                if over in NEXT:
                    doing = step(say(language, NEXT[over], n=known))
                    yield gr.skip(), [*before, mine, doing], gr.skip(), gr.skip()
                elif over is None:
                    yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            answer = asking.result()
            seen = view(answer, self.corpus, number, asked.without, asked.as_typed)
        except Exception as error:
            failed = gr.ChatMessage(role="assistant", content=explain(error, language))
            # A filter that cannot be read is put right in the box.
            again = asked.question if isinstance(error, BadFilter) else gr.skip()
            talk = talk.plus(Turn(asked, (mine, failed)))
            return ready(again), talk.messages, gr.skip(), talk

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
            # What the model is asked comes to nothing within the time limit of the endpoint.
            writing = Aside(lambda tell: self.generated(answer))
            for _ in writing:
                if stop.wished.is_set():
                    break
                yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            else:
                done = talk.plus(finished(asked, writing.result(), seen, language))
        return ready(gr.skip()), done.messages, sources, done

    def stop(self, typed: str, request: gr.Request) -> None:
        """Let the page's answer end where it is; *typed*: what the question box holds.

        The answer's own event ends it, so that nothing of it comes after its end and the
        page sees it end: Gradio's way of cancelling promises neither.
        """
        if stop := self._answering.get(page_of(request)):
            stop.typed = typed
            stop.wished.set()

    def _abandon(self, page: str) -> None:
        """The page turns to another conversation: end its answer, and draw nothing over that."""
        if stop := self._answering.get(page):
            stop.left = True
            stop.wished.set()
            stop.over.wait(ENDING)

    def leave(self, page: str) -> None:
        """The page was closed: nobody waits for its answer."""
        if stop := self._answering.pop(page, None):
            stop.wished.set()

    # The conversations of a browser

    def keep(self, talk: Conversation, request: gr.Request) -> str:
        """Keep the conversation, and draw the bar over the chat as it is now."""
        language, owner = language_of(request.headers), visitor.owner(request)
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
        return talks.bar(listed, talk.id, talk.answers, language_of(request.headers))

    def renew(self, request: gr.Request) -> tuple[Any, ...]:
        """Begin another conversation: (question box, chat, sources, conversation, bar)."""
        self._abandon(page_of(request))
        talk = Conversation()
        sources = panel([], language_of(request.headers))
        return ready(""), [], sources, talk, self.bar(talk, request)

    def resume(self, talk: Conversation, request: gr.Request) -> tuple[Any, ...]:
        """The page opens, at the conversation that its address names (``?talk=…``); as ``renew``.

        One that is not this browser's, or no longer there, is passed over, and so is any
        where something was asked already. What is in the box stays there.
        """
        owner, id = visitor.owner(request), str(request.query_params.get("talk") or "")
        asked = talk.turns or page_of(request) in self._answering
        if owner and id and not asked:
            with suppress(HistoryError):
                _, *opened = self._open(owner, id, request)
                return gr.skip(), *opened
        return gr.skip(), gr.skip(), gr.skip(), gr.skip(), self.bar(talk, request)

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
        try:
            if verb == "forget":
                self.history.remove(owner, id)
                if id == talk.id:
                    return self.renew(request)
                return *nothing[:-1], self.bar(talk, request)
            self._abandon(page_of(request))
            return self._open(owner, id, request)
        except HistoryError as error:
            log.warning("%s", error)
            gr.Warning(say(language_of(request.headers), "not_opened"), title="Kutip")
            return *nothing[:-1], self.bar(talk, request)

    def _open(self, owner: str, id: str, request: gr.Request) -> tuple[Any, ...]:
        """The conversation *id* of *owner*, as ``renew``; raises ``HistoryError``."""
        language = language_of(request.headers)
        kept = self.history.open(owner, id, page_of(request))
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
            gr.Warning(say(language_of(request.headers), "failed"), title="Kutip")
            return None


def generated(answer: Answer, corpus: Corpus, endpoint: Endpoint | None) -> Answer:
    """*answer* with what the language model at *endpoint* makes of its quotes, if there is one."""
    if endpoint is None:
        return answer
    from qa.answering.generation import generate

    return generate(answer, corpus, endpoint)


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
