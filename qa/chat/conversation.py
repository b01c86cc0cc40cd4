"""What one open page has asked: its questions, answers and messages.

Owns what of a conversation stays while it goes on, and the messages it is drawn with.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import gradio as gr

from qa.answering.following import Turn as Said
from qa.chat import export
from qa.chat.drawing import View, copy_answer, judge_links, notice, question_bubble, written
from qa.chat.wording import say
from qa.types import Answer, FilterKey, Reason

TURNS = 12  # answers whose sources stay in the panel, some 20 kB each


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
        save = export.links(str(seen.turn), answer.language, sources=bool(answer.citations))
        copy = ""
        if seen.references:
            copy = copy_answer([answer.question, *seen.references], answer.language)
        judge = judge_links(seen.turn, answer.language)
        below += f'<div class="kutip-tools">{copy}{save}{judge}</div>'
    reply = gr.ChatMessage(role="assistant", content=seen.bubble(below=below))
    return Turn(asked, (user_message(asked, seen.turn, language), reply), seen.panel, answer)


def halted(language: str) -> gr.ChatMessage:
    """What stands in the place of an answer that was stopped."""
    text = notice(say(language, "stopped_note"), language, heading="stopped")
    return gr.ChatMessage(role="assistant", content=text)


def step(title: str) -> gr.ChatMessage:
    """A line that says what is being done."""
    return gr.ChatMessage(content="", metadata={"title": title, "status": "pending"})
