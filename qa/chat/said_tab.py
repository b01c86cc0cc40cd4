"""The tab of who said what: a table of speakers, and their statements in the order of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.chat.drawing import explain, plain
from qa.chat.language import language_of
from qa.chat.parts import EACH, LABELS, PRIVATE, QUIET
from qa.chat.timeline import Wanted, timeline
from qa.chat.wording import say

if TYPE_CHECKING:
    from datetime import date

    from gradio.events import Dependency

    from qa.answering.speakers import Speaker
    from qa.chat.corpora import Corpora
    from qa.corpus import Corpus

STATEMENTS = 25  # shown at once, and each time more are asked for


class Voices:
    """Answers the events of the tab over one corpus."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus

    def show(self, request: gr.Request) -> tuple[Any, Any, Any]:
        """What ``people`` shows; and what is said where there is none, before any is chosen."""
        said = gr.skip()
        if not self.corpus.speakers():
            said = self._hint(language_of(request.headers))
        return *self.people(request), said

    def _hint(self, language: str) -> str:
        """In the place of statements, how to come by some."""
        key = "said_empty" if self.corpus.speakers() else "said_nobody"
        if not self.corpus.coverage().documents:
            key = "no_documents"
        return f'<p class="kutip-empty">{say(language, key)}</p>'

    def people(self, request: gr.Request) -> tuple[Any, Any]:
        """The table of speakers, the name first, for ``choose``; and the outlets there are."""
        language = language_of(request.headers)
        columns = ("speaker", "statements", "role", "dates", "forms")
        rows = [
            [
                speaker.name,
                len(speaker.statements),
                ", ".join(filter(None, (speaker.role, speaker.affiliation))),
                " – ".join(day.isoformat() for day in dict.fromkeys(_dates(speaker))),
                "; ".join(form for form in speaker.forms if form != speaker.name),
            ]
            for speaker in self.corpus.speakers()
        ]
        headers = [say(language, f"col_{column}") for column in columns]
        outlets = [
            (say(language, "all_outlets"), ""),
            *((plain(o), o) for o in self.corpus.outlets()),
        ]
        table = gr.Dataframe(value=rows, headers=headers, visible=bool(rows))
        return table, gr.Dropdown(choices=outlets)

    def unsay(self, request: gr.Request) -> tuple[Any, ...]:
        """Another corpus: (speaker, timeline, button for more, its speakers, its outlets)."""
        empty = self._hint(language_of(request.headers))
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
        language, most = language_of(request.headers), most or STATEMENTS
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


def _dates(speaker: Speaker) -> list[date]:
    """The first and the last day on which *speaker* was quoted, as far as they are known."""
    return [day for day in (speaker.first, speaker.last) if day]


class SaidTab:
    """The tab; to be made where it is to stand."""

    def __init__(self, corpora: Corpora) -> None:
        self._voices = corpora.followed(Voices)
        with gr.Tab(LABELS("said"), id="said") as self._tab:
            with gr.Row(elem_id="wanted"):
                self._speaker = gr.Textbox(
                    label=LABELS("speaker"), placeholder=LABELS("speaker_hint"), min_width=180
                )
                self._topic = gr.Textbox(
                    label=LABELS("about_topic"),
                    placeholder=LABELS("topic_hint"),
                    scale=2,
                    min_width=260,
                )
                self._since, self._until = (
                    gr.Textbox(label=LABELS(end), placeholder=LABELS("date_hint"), min_width=150)
                    for end in ("since", "until")
                )
                self._outlet = gr.Dropdown(
                    choices=[("", "")], value="", label=LABELS("col_outlet"), min_width=150
                )
                self._show = gr.Button(LABELS("show"), variant="primary", scale=0, min_width=120)
            with gr.Row(elem_id="voices"):
                # Room for all columns of the table from 1,280 px on (page.css: and for no more).
                with gr.Column(scale=3, min_width=320):
                    self._people = gr.Dataframe(
                        label=LABELS("people"),
                        interactive=False,
                        datatype="str",
                        show_search="search",
                        max_height=560,
                        column_widths=["146px", "112px", "178px", "122px", "160px"],
                        wrap=True,
                        elem_id="people",
                        buttons=[],
                    )
                with gr.Column(scale=2, min_width=320):
                    self._strip = gr.HTML(value=LABELS("said_empty"), elem_id="timeline")
                    self._more = gr.Button(visible=False, elem_id="more")
            self._shown = gr.State(STATEMENTS)

    def wire(self) -> None:
        """Answer the events."""
        voices = self._voices
        wanted = [self._speaker, self._topic, self._since, self._until, self._outlet]
        found = [self._strip, self._more, self._shown]
        # On a phone the timeline stands below the table.
        bring: dict[str, Any] = {"js": "() => window.kutipBring('timeline')", **PRIVATE}
        self._tab.select(voices.show, None, [self._people, self._outlet, self._strip], **QUIET)
        self._people.select(
            voices.choose,
            wanted[1:],
            [self._speaker, *found],
            **EACH,
        ).then(None, **bring)
        typed = (self._speaker, self._topic, self._since, self._until)
        gr.on(
            [self._show.click, self._outlet.input, *(box.submit for box in typed)],
            voices.look,
            wanted,
            found,
            show_progress="minimal",
            trigger_mode="always_last",
            **PRIVATE,
        ).then(None, **bring)
        self._more.click(voices.more, [*wanted, self._shown], found, **QUIET)

    def turned(self, event: Dependency) -> Dependency:
        """Begin anew after *event*, with which the page has turned to another corpus."""
        anew = [self._speaker, self._strip, self._more, self._people, self._outlet]
        begun: Dependency = event.then(self._voices.unsay, None, anew, **QUIET)
        return begun
