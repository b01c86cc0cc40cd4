"""The form under the chat that keeps a question with its right passage.

Owns what is offered as right and what is kept of the choice; the file is
``qa.evaluation.saved``'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Protocol

import gradio as gr

from qa.chat.drawing import escape, explain
from qa.chat.language import language_of
from qa.chat.parts import EACH, LABELS, PRIVATE, QUIET
from qa.chat.wording import say
from qa.errors import KutipError
from qa.output import inert
from qa.types import Answer, Span

if TYPE_CHECKING:
    from qa.corpus import Corpus

SCRIPT = Path(__file__).with_name("judging.js")
FOUND = 6  # passages that are looked through for others to offer
MOST = 3  # others that are offered
SHOWN = 140  # characters of a passage in the form
NOTHING, OTHER, UNKNOWN = "nothing", "other", "unknown"

# Who goes by keyboard is taken along; a form that was refused stays where it is.
_INTO_THE_FORM = """() => {
  const form = document.getElementById('judge');
  if (!form) return;
  form.scrollIntoView({block: 'nearest'});
  form.querySelector('input').focus();
}"""
_BACK_TO_THE_CHAT = """() => setTimeout(() => {
  if (!document.getElementById('judge')) document.querySelector('#question textarea').focus();
}, 100)"""


@dataclass(frozen=True, slots=True)
class Offer:
    """A passage that may be the right one; *copies* of it stand in other documents."""

    label: str
    text: str
    document_id: str
    copies: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """A question whose answer is being judged. *wrong*: what it quoted, if that is wrong."""

    question: str
    offers: tuple[Offer, ...]
    wrong: str | None = None


class _Turn(Protocol):
    @property
    def answer(self) -> Answer | None: ...


class _Talk(Protocol):
    @property
    def turns(self) -> Sequence[_Turn]: ...


def offers(answer: Answer, corpus: Corpus, language: str) -> tuple[Offer, ...]:
    """The quotes of *answer*, then what else was found for its question, best first."""
    found = [
        Offer(
            say(language, "judge_quoted", n=c.n, text=_start(c.quote), title=_line(c.title)),
            c.quote,
            c.document_id,
            len(c.also),
        )
        for c in answer.citations
    ]
    quoted = len(found)
    for hit in answer.nearest or corpus.search(answer.question, FOUND):
        passage = hit.passage
        if len(found) - quoted == MOST:
            break
        if any(
            c.document_id == passage.document_id and Span(c.start, c.end).overlaps(passage.span)
            for c in answer.citations
        ):
            continue
        document = corpus.document(passage.document_id)
        text = passage.span.of(document.text)
        label = say(language, "judge_near", text=_start(text), title=_line(document.title))
        found.append(Offer(label, text, document.id, len(hit.also)))
    return tuple(found)


def _line(text: str) -> str:
    return " ".join(inert(text).split())


def _start(text: str) -> str:
    line = _line(text)
    return line if len(line) <= SHOWN else line[: SHOWN - 1].rstrip() + "…"


class Form:
    """The form, its handlers and what is said about it; to be made where it is to stand.

    *corpus* gives the one that an event is about.
    """

    def __init__(self, corpus: Callable[[], Corpus]) -> None:
        self._corpus = corpus
        self._said = gr.HTML(elem_id="judged", js_on_load=SCRIPT.read_text("utf-8"))
        self._judged = gr.State(None)
        with gr.Column(visible=False, elem_id="judge") as self._form:
            self._title = gr.HTML(elem_id="judge-title")
            self._right = gr.Radio(label=LABELS("judge_passages"), elem_id="judge-right")
            self._pasted = gr.Textbox(
                label=LABELS("judge_paste"),
                placeholder=LABELS("judge_paste_hint"),
                lines=2,
                max_lines=6,
                visible=False,
                elem_id="judge-pasted",
            )
            with gr.Row():
                self._cancel = gr.Button(LABELS("judge_cancel"), elem_id="judge-cancel")
                self._keep = gr.Button(
                    LABELS("judge_keep"), variant="primary", elem_id="judge-keep"
                )

    def wire(self, talk: gr.State) -> None:
        """Answer the events; *talk* holds the conversation."""
        form = [self._form, self._title, self._right, self._pasted, self._judged, self._said]
        self._said.click(self.open, talk, form, **EACH).then(None, js=_INTO_THE_FORM, **PRIVATE)
        self._right.change(_paste, self._right, self._pasted, **QUIET)
        self._keep.click(
            self.keep,
            [self._right, self._pasted, self._judged],
            [self._form, self._said],
            concurrency_limit=4,
            **QUIET,
        ).then(None, js=_BACK_TO_THE_CHAT, **PRIVATE)
        self._cancel.click(_close, None, [self._form, self._said], **QUIET).then(
            None, js=_BACK_TO_THE_CHAT, **PRIVATE
        )

    def open(self, talk: _Talk, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """A click under an answer: (form, title, passages, pasted, what is judged, what is said).

        One of another conversation opens nothing.
        """
        language = language_of(request.headers)
        found = re.fullmatch(r"#kutip-(\d{1,6})-(save|wrong)", str(event._data))
        turn = int(found[1]) if found else 0
        answer = talk.turns[turn - 1].answer if 1 <= turn <= len(talk.turns) else None
        if found is None or answer is None:
            return (*[gr.skip()] * 5, f"<p>{say(language, 'judge_gone')}</p>")
        wrong = found[2] == "wrong"
        try:
            offered = offers(answer, self._corpus(), language)
        except Exception as error:
            return (*[gr.skip()] * 5, explain(error, language))
        choices = [(offer.label, str(i)) for i, offer in enumerate(offered)]
        choices += [
            (say(language, "judge_other"), OTHER),
            (say(language, "judge_nothing"), NOTHING),
        ]
        if wrong:
            choices.append((say(language, "judge_unknown"), UNKNOWN))
        alone = not wrong and len(answer.citations) == 1
        quoted = answer.citations[0].quote if answer.citations else ""
        title = say(language, "judge_which", question=escape(answer.question))
        return (
            gr.Column(visible=True),
            f'<p class="kutip-judge-title">{title}</p>',
            gr.Radio(choices=choices, value="0" if alone else None),
            gr.Textbox(value="", visible=False),
            Judged(answer.question, offered, quoted if wrong else None),
            "",
        )

    def keep(
        self, right: str | None, pasted: str, judged: Judged | None, request: gr.Request
    ) -> tuple[Any, str]:
        """Save the question: (form, what became of it)."""
        language = language_of(request.headers)
        try:
            if judged is None:
                raise KutipError(say(language, "judge_gone"))
            said = self._keep_it(right, pasted, judged, language)
        except Exception as error:
            return gr.skip(), explain(error, language)
        return gr.Column(visible=False), f'<p class="kutip-kept" role="status">{said}</p>'

    def _keep_it(self, right: str | None, pasted: str, judged: Judged, language: str) -> str:
        from qa.evaluation.saved import Kept, Saved, SavedQuestions, shortened

        wrong, day = shortened(judged.wrong or ""), date.today().isoformat()
        if right == UNKNOWN and judged.wrong is not None:
            new = Saved(judged.question, answerable=None, wrong=wrong, day=day)
        elif right == NOTHING:
            new = Saved(judged.question, answerable=False, wrong=wrong, day=day)
        elif right == OTHER:
            text, source = self._pasted_passage(judged.question, pasted, language)
            new = Saved(judged.question, text, source, True, wrong, day)
        elif right is not None and right in {str(i) for i in range(len(judged.offers))}:
            offer = judged.offers[int(right)]
            source = self._source(offer.document_id, offer.copies)
            new = Saved(judged.question, shortened(offer.text), source, True, wrong, day)
        else:
            raise KutipError(say(language, "judge_choose"))
        questions = SavedQuestions(self._corpus().path)
        key = {
            Kept.ADDED: "judge_added",
            Kept.COMPLETED: "judge_completed",
            Kept.KNOWN: "judge_known",
            Kept.DIFFERS: "judge_differs",
        }[questions.add(new)]
        return say(language, key, n=len(questions.all()))

    def _pasted_passage(self, question: str, pasted: str, language: str) -> tuple[str, str]:
        """The words pasted, and the document that alone holds them; they must stand somewhere."""
        from qa.evaluation.datasets import Expected, Row
        from qa.evaluation.gold import of_rows
        from qa.evaluation.saved import LONGEST

        text = pasted.strip()
        if not text:
            raise KutipError(say(language, "judge_empty"))
        if len(text) > LONGEST:
            raise KutipError(say(language, "judge_long", limit=LONGEST))
        row = Row(0, "pasted", question, None, Expected(True, (text,)))
        items = of_rows(Path("pasted"), [row], self._corpus()).items
        if not items:
            raise KutipError(say(language, "judge_nowhere"))
        homes = list(items[0].places)
        return text, self._source(homes[0], len(homes) - 1)

    def _source(self, document_id: str, copies: int) -> str:
        """What to call the document that the right passage is from; empty for any.

        A passage that other documents have too is as right there.
        """
        from qa.evaluation.gold import MANY, Names

        if 0 < copies < MANY:
            return ""
        listed = self._corpus().documents()
        source = next((one.source for one in listed if one.id == document_id), "")
        name = PurePath(source).name
        return name if len(Names(listed).called(name)) == 1 else source


def _paste(right: str | None) -> Any:
    return gr.Textbox(visible=right == OTHER)


def _close() -> tuple[Any, str]:
    return gr.Column(visible=False), ""
